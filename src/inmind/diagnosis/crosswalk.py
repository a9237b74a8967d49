"""From a diagnosis of DC:0-5 to codes of ICD-10-CM, as somebody published it. Pure.

A table is a state's, a payer's or a publisher's. Only one that a network has loaded says what a claim may carry; what ships
are suggestions to read. Nothing leads back from a code to a diagnosis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inmind.diagnosis.releases import Release
from inmind.foundation.catalogs import Confidence
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_, Period


class Standing(StrEnum):
    """What a row of the shipped crosswalk is. None of them codes a claim."""

    PUBLISHED = "published"  # read on a publisher's own page
    CANDIDATE = "candidate"  # ours, from titles and terms of ICD-10-CM
    TRAP = "trap"  # a code that looks right and cannot be billed


class KindOfParent(StrEnum):
    """Who the caregiver is to the child, where a code asks."""

    BIOLOGICAL = "biological"
    ADOPTIVE = "adoptive"
    FOSTER = "foster"
    STEP = "step"
    OTHER = "other"  # a grandparent, kin, somebody close: no parent by any of these


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A row that ships: for reading, never for a claim."""

    disorder: str
    code: str
    title: str
    standing: Standing
    dsm5: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Mapped:
    """One row of a loaded table. kind: the kind of the diagnosis it is for (pica); parent: who the caregiver is; both empty:
    for all. when: what decides between this code and another, in the table's own words."""

    disorder: str
    code: str
    dsm5: str = ""
    kind: str = ""
    parent: KindOfParent | None = None
    when: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a payer said of working diagnoses after a table was loaded: whether it takes them, from a day on. payer empty: it is
    so for each payer of the table."""

    since: date
    takes: bool
    payer: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A crosswalk that was loaded. payers: whose claims it is for, all of them where none is named. working_may_be_billed:
    whether its publisher takes a working diagnosis; None: nobody has said, and it is asked. answers: what was said later, the
    newest last. ended: payers for which another edition holds from a day on. left_out: diagnoses that it names by a heading
    alone, whose rows were not taken."""

    publisher: str
    edition: str
    period: Period
    rows: tuple[Mapped, ...]
    payers: frozenset[str] = frozenset()
    working_may_be_billed: bool | None = None
    answers: tuple[Answer, ...] = ()
    ended: tuple[tuple[str, date], ...] = ()
    left_out: frozenset[str] = frozenset()

    def is_for(self, payer: str) -> bool:
        """Whether it is for claims to this payer; capitals and spaces make no other payer."""
        return not self.payers or _payer(payer) in {_payer(one) for one in self.payers}

    def until_for(self, payer: str) -> date | None:
        """The first day on which it does not hold any more for a payer; None while nobody knows."""
        ends = [day for name, day in self.ended if _payer(name) == _payer(payer)]
        return min([*ends, *([self.period.until] if self.period.until else [])], default=None)

    def decides(self, payer: str, day: date) -> bool:
        """Whether a claim to this payer goes by it on a day."""
        return self.is_for(payer) and Period(self.period.since, self.until_for(payer)).holds_on(day)

    def payers_on(self, day: date) -> tuple[str, ...]:
        """The payers that it names and still is for on a day."""
        return tuple(one for one in sorted(self.payers) if (end := self.until_for(one)) is None or day < end)

    def is_read_on(self, day: date) -> bool:
        """Whether it holds on a day for somebody."""
        return self.period.holds_on(day) and (not self.payers or bool(self.payers_on(day)))

    def takes_working(self, payer: str, day: date) -> bool | None:
        """Whether a working diagnosis may be billed: what this payer answered, else what was answered for all, else its own word."""
        said = [
            one for one in self.answers if one.since <= day and (not one.payer or _payer(one.payer) == _payer(payer))
        ]
        if not said:
            return self.working_may_be_billed
        return sorted(said, key=lambda one: (bool(one.payer), one.since))[-1].takes

    def rows_of(self, disorder: str) -> tuple[Mapped, ...]:
        return tuple(one for one in self.rows if one.disorder == disorder)


class NoTable(BadInput):
    """No table says what a claim to this payer may carry on this day."""

    def __init__(self, payer: str, day: date) -> None:
        super().__init__(
            N_("No crosswalk for %(payer)s is loaded that is in force on %(day)s.")
            if payer
            else N_("No crosswalk for all payers is loaded that is in force on %(day)s."),
            N_("A claim carries a code only by a table of the state or the payer; our suggestions are no such table."),
            N_("Ask the data steward of this house to load the payer’s table, or ask the payer whether there is one."),
            field="payer",
            facts={"payer": payer, "day": day},
        )


class TwoTables(BadInput):
    """Two tables for one payer on one day."""


def table_for(tables: Iterable[Table], payer: str, day: date) -> Table:
    """The table in force for a payer: its own before one for all. Raises NoTable, and TwoTables where two say the same."""
    here = [one for one in tables if one.decides(payer, day)]
    own = [one for one in here if one.payers] or here
    if not own:
        raise NoTable(payer, day)
    if len(own) > 1:
        raise TwoTables(
            N_("%(one)s and %(other)s are both in force for %(payer)s on %(day)s."),
            N_("One table decides."),
            N_("Say on which day the earlier one ended."),
            field="payer",
            facts={"one": _named(own[0]), "other": _named(own[1]), "payer": payer, "day": day},
        )
    return own[0]


def _named(table: Table) -> str:
    return f"{table.publisher} {table.edition}"


def _payer(name: str) -> str:
    return " ".join(name.casefold().split())


@dataclass(frozen=True, slots=True)
class Ending:
    """A table that ends with a new one. payers: for these alone, and the others keep it; none: for all."""

    table: Table
    payers: tuple[str, ...] = ()


def beside(tables: Iterable[Table], new: Table) -> tuple[Ending, ...]:
    """Those of some tables that end on the first day of a new one, for the payers of both: an earlier edition of its publisher of
    which nobody knew how long it is in force. Raises TwoTables where the new one and another would both decide."""
    ended = []
    for one in tables:
        both = [name for name in _both(one, new) if meet(Period(one.period.since, one.until_for(name)), new.period)]
        if not both:
            continue
        goes_on = one.publisher == new.publisher and one.period.since < new.period.since
        if not goes_on or any(one.until_for(name) is not None for name in both):
            raise TwoTables(
                N_("%(one)s and %(other)s would both be in force on %(day)s, for the same payers."),
                N_("One table decides."),
                N_("Say from which day to which day the new one holds, or withdraw the other one first."),
                field="since",
                facts={
                    "one": _named(one),
                    "other": _named(new),
                    "day": max(one.period.since, new.period.since),
                },
            )
        others = set(one.payers_on(new.period.since)) - set(both)
        ended.append(Ending(one, tuple(both) if others else ()))
    return tuple(ended)


def _both(one: Table, new: Table) -> list[str]:
    """The payers, as the first calls them, for which both decide; an empty name where both are for all."""
    if not one.payers or not new.payers:
        return [""] if one.payers == new.payers else []
    return [name for name in sorted(one.payers) if new.is_for(name)]


def meet(one: Period, other: Period) -> bool:
    """Whether there is a day on which both are in force."""
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)


class Fault(StrEnum):
    """What is wrong with a row beside a release."""

    NOT_THERE = N_("This code is not in the release.")
    NOT_BILLABLE = N_("This code cannot be billed; more exact ones stand below it.")
    NO_TRAP = N_("This code was a heading, and can be billed now.")


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that a release breaks. leaves: the codes below, of which one has to be chosen."""

    row: Mapped
    fault: Fault
    leaves: tuple[str, ...] = ()


def broken_by(release: Release, rows: Iterable[Mapped]) -> tuple[Broken, ...]:
    """Every row whose code the release does not have, or has as a heading only."""
    found = ((row, fault_of(release, row.code)) for row in rows)
    return tuple(Broken(row, fault, release.leaves(row.code)) for row, fault in found if fault is not None)


def fault_of(release: Release, code: str) -> Fault | None:
    """What keeps a code off a claim in a release; None: nothing does."""
    if release.entry(code) is None:
        return Fault.NOT_THERE
    return None if release.is_billable(code) else Fault.NOT_BILLABLE


@dataclass(frozen=True, slots=True)
class Outdated:
    """A suggestion that a release does not bear out any more. fault: of its code; None: its title is another now."""

    suggestion: Suggestion
    fault: Fault | None
    title: str = ""


def outdated(release: Release, suggestions: Iterable[Suggestion]) -> tuple[Outdated, ...]:
    """Every suggestion that a release breaks: its code is gone or a heading, a trap that is none any more, another title."""
    found = []
    for one in suggestions:
        now = fault_of(release, one.code)
        if one.standing is Standing.TRAP and now is Fault.NOT_BILLABLE:
            now = None
        elif one.standing is Standing.TRAP and now is None:
            now = Fault.NO_TRAP
        if now is not None:
            found.append(Outdated(one, now))
        elif release.title(one.code).casefold() != one.title.casefold():
            found.append(Outdated(one, None, release.title(one.code)))
    return tuple(found)


def unmapped(table: Table, disorders: Mapping[str, object]) -> tuple[str, ...]:
    """The diagnoses that a table does not name; a claim for one of them carries no code."""
    return tuple(one for one in unnamed(table.rows, disorders) if one not in table.left_out)


def unnamed(rows: Iterable[Mapped], disorders: Mapping[str, object]) -> tuple[str, ...]:
    """The diagnoses that some rows do not name."""
    named = {one.disorder for one in rows}
    return tuple(one for one in disorders if one not in named)
