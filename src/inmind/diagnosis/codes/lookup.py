"""What can be read of a diagnosis on a day: by loaded tables, and what we suggest. Nothing of it is a claim's. Pure.

It begins with a diagnosis. A code leads nowhere: two diagnoses share codes, and a code says less than a diagnosis does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from inmind.diagnosis.crosswalk import Fault, Mapped, Suggestion, Table, fault_of
from inmind.diagnosis.manual import Disorder, Manual
from inmind.diagnosis.releases import Release
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

_A_CODE = re.compile(r"[A-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?", re.IGNORECASE)
OURS = N_("our suggestion from ICD-10-CM titles, not a published policy")
READ = N_("read on a publisher’s page, not loaded as a table of a state or a payer")
A_TRAP = N_("a heading that looks right and cannot be billed")


class NotFromACode(BadInput):
    """Somebody asked with a code for a diagnosis."""


def disorder_named(said: str, manual: Manual) -> Disorder:
    """A diagnosis by its key or its name. Raises UnknownDisorder, and NotFromACode for a code."""
    if _A_CODE.fullmatch(said.strip()):
        raise NotFromACode(
            N_("%(found)s is a code."),
            N_("Nothing here leads from a code back to a diagnosis: one code can stand for several."),
            N_("Look the diagnosis up by its name."),
            field="disorder",
            facts={"found": said.strip().upper()[:10]},
        )
    word = " ".join(said.split()).casefold()
    by_name = (one for one in manual.disorders.values() if one.name.casefold() == word)
    return next(by_name, None) or manual.disorder(word)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a loaded table as it stands on the day. title: in the release of that day. fault: what keeps the code off a claim."""

    mapped: Mapped
    title: str
    fault: Fault | None
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfTable:
    """What one table says of the diagnosis; nothing, where it does not name it. payers: for whom it is on that day; none: for all.
    is_left_out: it names it by a heading alone, whose row was not taken."""

    table: Table
    rows: tuple[Row, ...]
    payers: tuple[str, ...] = ()
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Suggested:
    """A row of ours, to be read. fault: None also where no release is loaded to look at it."""

    suggestion: Suggestion
    fault: Fault | None
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found. release: None where none is loaded that is in force on the day."""

    disorder: Disorder
    day: date
    release: Release | None
    tables: tuple[OfTable, ...]
    suggestions: tuple[Suggested, ...]

    @property
    def codes_a_claim(self) -> bool:
        """Whether a table and a release of that day stand behind it; else all of it is to be read alone."""
        return self.release is not None and any(row.fault is None for one in self.tables for row in one.rows)


def look_up(
    disorder: Disorder,
    day: date,
    *,
    tables: Iterable[Table],
    release: Release | None,
    suggestions: Sequence[Suggestion],
    publisher: str = "",
) -> Looked:
    """publisher: one alone, as it calls itself; empty: each whose table is in force."""
    named = publisher.strip().casefold()
    found = (one for one in tables if one.is_read_on(day) and (not named or one.publisher.casefold() == named))
    return Looked(
        disorder,
        day,
        release,
        tuple(
            OfTable(
                one,
                tuple(_row(row, release) for row in one.rows_of(disorder.key)),
                one.payers_on(day),
                disorder.key in one.left_out,
            )
            for one in sorted(found, key=lambda one: (one.publisher, one.edition))
        ),
        tuple(_suggested(one, release) for one in suggestions if one.disorder == disorder.key),
    )


def _row(row: Mapped, release: Release | None) -> Row:
    if release is None:
        return Row(row, "", None, ())
    fault = fault_of(release, row.code)
    return Row(row, release.title(row.code), fault, release.leaves(row.code) if fault else ())


def _suggested(suggestion: Suggestion, release: Release | None) -> Suggested:
    fault = fault_of(release, suggestion.code) if release is not None else None
    return Suggested(suggestion, fault, release.leaves(suggestion.code) if release is not None and fault else ())
