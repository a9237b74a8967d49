"""What a claim may carry for a formulation, on the day of a service. Pure.

The table is the payer's and the release that of the day. What is not decided is asked, with what decides it; nothing is
chosen silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from inmind.diagnosis.crosswalk import Mapped, Table, table_for
from inmind.diagnosis.formulation import Certainty, Diagnosis
from inmind.diagnosis.releases import Release, Releases
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_


class Why(StrEnum):
    """Why there is no code for a diagnosis, or not yet."""

    RULED_OUT = N_("It was ruled out. What was ruled out is not put on a claim.")
    NOT_IN_TABLE = N_("The table does not name this diagnosis.")
    NO_CAREGIVER = N_("It is about one relationship, and no caregiver is named.")
    KIND_OF_PARENT = N_("The code depends on who the caregiver is to the child. Say it in the formulation.")
    KIND = N_("The code depends on the kind of this diagnosis. Say it in the formulation.")
    WHICH = N_("The table names more than one code. Choose one, and say why.")
    LEFT_OUT = N_(
        "The table has only a heading for it, which cannot be billed, so that row was not taken. Ask the payer."
    )
    NOT_THERE = N_("The table’s code is not in the ICD-10-CM release of that day.")
    NOT_BILLABLE = N_("The table’s code cannot be billed on that day. More exact ones stand below it.")
    WORKING = N_(
        "This is a working diagnosis, and nobody has said whether this payer takes one. Ask the payer; the data steward writes "
        "its answer down with the table."
    )
    WORKING_NOT_TAKEN = N_("This is a working diagnosis, and this payer does not take one.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which code somebody chose for a diagnosis, and why. caregiver: whom the diagnosis is about, where it is of a relationship."""

    disorder: str
    code: str
    why: str
    caregiver: UUID | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several codes. when: what decides for it, in the table's words."""

    code: str
    title: str
    when: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A diagnosis with the code that a claim may carry, and the label by which it is counted. dsm5: as the table says.

    why_chosen, choices: where the table named several. may_be_refused_first: a code for a symptom or for circumstances (R, Z), which
    may be refused as the first on a claim.
    """

    diagnosis: Diagnosis
    code: str
    title: str
    dsm5: str
    why_chosen: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def may_be_refused_first(self) -> bool:
        return self.code[0] in "RZ"


@dataclass(frozen=True, slots=True)
class Open:
    """A diagnosis without a code, and why; with what there is to choose from."""

    diagnosis: Diagnosis
    why: Why
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """Two codes that one claim may not carry together, and the note that says so."""

    one: str
    other: str
    note: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a formulation gives for a claim. release, publisher, edition: by what it was looked up."""

    day: date
    release: str
    publisher: str
    edition: str
    coded: tuple[Coded, ...]
    open: tuple[Open, ...]
    clashes: tuple[Clash, ...]

    @property
    def answers(self) -> tuple[Coded | Open, ...]:
        """What each diagnosis has, its code or why there is none."""
        return (*self.coded, *self.open)

    @property
    def codes(self) -> tuple[str, ...]:
        """Each code once, in the order of the diagnoses, those that may be refused as the first behind the others."""
        ordered = sorted(self.coded, key=lambda one: one.may_be_refused_first)
        return tuple(dict.fromkeys(one.code for one in ordered))

    @property
    def first_may_be_refused(self) -> bool:
        """Whether all that could come first are codes that a payer may refuse there."""
        return bool(self.coded) and all(one.may_be_refused_first for one in self.coded)

    @property
    def is_ready(self) -> bool:
        """Whether it can leave: there is a code, nothing that has to be decided is open, and no two codes clash."""
        undecided = [one for one in self.open if one.why is not Why.RULED_OUT]
        return bool(self.coded) and not undecided and not self.clashes


class NoDay(BadInput):
    """A day on which this child can have had no service, or not yet."""


def check_day(day: date, *, born: date | None, today: date) -> None:
    """Raises NoDay for a service before the child was born, or after today."""
    if born is not None and day < born:
        raise NoDay(
            N_("%(day)s is before this child was born."),
            N_("A claim for a formulation is for a service with the child, who was born on %(born)s."),
            N_("Look at the day of the service again."),
            field="on",
            facts={"day": day, "born": born},
        )
    if day > today:
        raise NoDay(
            N_("%(day)s has not come yet."),
            N_("A claim is for a service that took place."),
            N_("Ask again on that day: the list of codes and the table may be others by then."),
            field="on",
            facts={"day": day},
        )


def billable(
    diagnoses: Sequence[Diagnosis],
    payer: str,
    day: date,
    *,
    tables: Iterable[Table],
    releases: Releases,
    chosen: Iterable[Chosen] = (),
) -> Claim:
    """The codes for the diagnoses of a signed formulation, on the day of the service.

    chosen: what somebody chose where a table names several, the newest last: of those that this table names, the last one
    holds; one without a reason is not heard. Raises NoTable, TwoTables and NoRelease: without a table of the payer or a
    release of that day no code leaves.
    """
    table, release = table_for(tables, payer, day), releases.on(day)
    said = [one for one in chosen if one.why.strip()]
    takes_working = table.takes_working(payer, day)
    found = [_looked_up(one, table, release, said, takes_working) for one in diagnoses]
    coded = tuple(one for one in found if isinstance(one, Coded))
    return Claim(
        day=day,
        release=release.name,
        publisher=table.publisher,
        edition=table.edition,
        coded=coded,
        open=tuple(one for one in found if isinstance(one, Open)),
        clashes=tuple(_clashes(release, dict.fromkeys(one.code for one in coded))),
    )


def _looked_up(
    diagnosis: Diagnosis, table: Table, release: Release, said: Sequence[Chosen], takes_working: bool | None
) -> Coded | Open:
    if diagnosis.certainty is Certainty.RULED_OUT:
        return Open(diagnosis, Why.RULED_OUT)
    if diagnosis.certainty is Certainty.WORKING and not takes_working:
        return Open(diagnosis, Why.WORKING if takes_working is None else Why.WORKING_NOT_TAKEN)
    rows = table.rows_of(diagnosis.disorder)
    if not rows:
        return Open(diagnosis, Why.LEFT_OUT if diagnosis.disorder in table.left_out else Why.NOT_IN_TABLE)
    if any(one.parent for one in rows):
        if diagnosis.caregiver is None:
            return Open(diagnosis, Why.NO_CAREGIVER)
        if diagnosis.parent is None:
            return Open(diagnosis, Why.KIND_OF_PARENT, _choices(rows, release))
        rows = tuple(one for one in rows if one.parent in (None, diagnosis.parent))
    if any(one.kind for one in rows):
        if not diagnosis.kind:
            return Open(diagnosis, Why.KIND, _choices(rows, release))
        rows = tuple(one for one in rows if one.kind in ("", diagnosis.kind))
    if not rows:
        return Open(diagnosis, Why.NOT_IN_TABLE)
    codes = {one.code: one for one in reversed(rows)}
    mine = [one for one in said if (one.disorder, one.caregiver) == (diagnosis.disorder, diagnosis.caregiver)]
    picked = [one for one in mine if one.code in codes]
    if len(codes) > 1 and not picked:
        return Open(diagnosis, Why.WHICH, _choices(rows, release))
    row = codes[picked[-1].code] if picked else rows[0]
    if release.entry(row.code) is None:
        return Open(diagnosis, Why.NOT_THERE)
    if not release.is_billable(row.code):
        return Open(
            diagnosis,
            Why.NOT_BILLABLE,
            tuple(Choice(leaf, release.title(leaf), "") for leaf in release.leaves(row.code)),
        )
    coded = Coded(diagnosis, row.code, release.title(row.code), row.dsm5)
    if len(codes) == 1:
        return coded
    return replace(coded, why_chosen=picked[-1].why.strip(), choices=_choices(rows, release))


def _choices(rows: Iterable[Mapped], release: Release) -> tuple[Choice, ...]:
    return tuple(
        Choice(one.code, release.title(one.code), one.when or (one.parent.value if one.parent else one.kind))
        for one in rows
    )


def _clashes(release: Release, codes: Iterable[str]) -> Iterable[Clash]:
    for one, other in combinations(codes, 2):
        if note := release.excluded(one, other):
            yield Clash(one, other, note)
