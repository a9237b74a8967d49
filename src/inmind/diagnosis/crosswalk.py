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

    def rows_of(self, disorder: str) -> tuple[Mapped, ...]:
        return tuple(one for one in self.rows if one.disorder == disorder)


class NoTable(BadInput):
    """No table says what a claim to this payer may carry on this day."""

    def __init__(self, payer: str, day: date) -> None:
        super().__init__(
            N_("No crosswalk for %(payer)s is loaded that is in force on %(day)s."),
            N_("A claim carries a code only by a table of the state or the payer; our suggestions are no such table."),
            N_("Load the table, or ask the payer for it."),
            field="payer",
            facts={"payer": payer or "?", "day": day},
        )


class TwoTables(BadInput):
    """Two tables for one payer on one day."""


def table_for(tables: Iterable[Table], payer: str, day: date) -> Table:
    """The table in force for a payer: its own before one for all. Raises NoTable, and TwoTables where two say the same."""
    here = [one for one in tables if one.period.holds_on(day) and (not one.payers or payer in one.payers)]
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


class Fault(StrEnum):
    """What is wrong with a row beside a release."""

    NOT_THERE = N_("This code is not in the release.")
    NOT_BILLABLE = N_("This code cannot be billed; more exact ones stand below it.")


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that a release breaks. leaves: the codes below, of which one has to be chosen."""

    row: Mapped
    fault: Fault
    leaves: tuple[str, ...] = ()


def broken_by(release: Release, rows: Iterable[Mapped]) -> tuple[Broken, ...]:
    """Every row whose code the release does not have, or has as a heading only."""
    found = []
    for row in rows:
        if release.entry(row.code) is None:
            found.append(Broken(row, Fault.NOT_THERE))
        elif not release.is_billable(row.code):
            found.append(Broken(row, Fault.NOT_BILLABLE, release.leaves(row.code)))
    return tuple(found)


def unmapped(table: Table, disorders: Mapping[str, object]) -> tuple[str, ...]:
    """The diagnoses that a table does not name; a claim for one of them carries no code."""
    named = {one.disorder for one in table.rows}
    return tuple(one for one in disorders if one not in named)
