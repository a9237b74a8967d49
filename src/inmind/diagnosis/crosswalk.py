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
class Table:
    """A crosswalk that was loaded. payers: whose claims it is for, all of them where none is named. working_may_be_billed:
    whether its publisher takes a working diagnosis; None: nobody has said, and it is asked."""

    publisher: str
    edition: str
    period: Period
    rows: tuple[Mapped, ...]
    payers: frozenset[str] = frozenset()
    working_may_be_billed: bool | None = None

    def is_for(self, payer: str) -> bool:
        """Whether it is for claims to this payer; capitals and spaces make no other payer."""
        return not self.payers or _payer(payer) in {_payer(one) for one in self.payers}

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
            N_("Load the table, or ask the payer for it."),
            field="payer",
            facts={"payer": payer, "day": day},
        )


class TwoTables(BadInput):
    """Two tables for one payer on one day."""


def table_for(tables: Iterable[Table], payer: str, day: date) -> Table:
    """The table in force for a payer: its own before one for all. Raises NoTable, and TwoTables where two say the same."""
    here = [one for one in tables if one.period.holds_on(day) and one.is_for(payer)]
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


def beside(tables: Iterable[Table], new: Table) -> tuple[Table, ...]:
    """Those of some tables that end on the first day of a new one: an earlier edition of its publisher, for the same payers, of
    which nobody knew how long it is in force. Raises TwoTables where the new one and another would both decide."""
    ended = []
    for one in tables:
        if not _same_payers(one, new) or not meet(one.period, new.period):
            continue
        if one.publisher == new.publisher and one.period.until is None and one.period.since < new.period.since:
            ended.append(one)
            continue
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
    return tuple(ended)


def _same_payers(one: Table, other: Table) -> bool:
    """Whether both decide for some payer: both for all, or both for one that each names."""
    first, second = ({_payer(name) for name in table.payers} for table in (one, other))
    return bool(first & second) or first == second


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
    return unnamed(table.rows, disorders)


def unnamed(rows: Iterable[Mapped], disorders: Mapping[str, object]) -> tuple[str, ...]:
    """The diagnoses that some rows do not name."""
    named = {one.disorder for one in rows}
    return tuple(one for one in disorders if one not in named)
