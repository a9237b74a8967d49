"""A site's table as a file: read, judged row by row, laid over, and printed empty to be filled in. Pure.

One for instruments with cut-offs by month and for licensed tools with cut-offs by age form, whichever it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from inmind.foundation.catalogs import Sourced
from inmind.foundation.values import N_, Verdict
from inmind.records import sheets
from inmind.screening import delimited, form_table, steward_table
from inmind.screening.delimited import Damage
from inmind.screening.errors import BadTable, NoTable, UnknownInstrument
from inmind.screening.instruments import Instrument
from inmind.screening.recorded import FormCutoff, RecordedTool
from inmind.screening.steward_table import TableRow

Ruled = Instrument | RecordedTool  # whose cut-offs a table holds

MOST_ROWS = 1_000  # ours; no tool has as many forms and scales
MOST_BYTES = 500_000  # ours
EDITION_LENGTH = 24  # with the edition below it, it fits where a screen keeps its edition
_EDITION = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{EDITION_LENGTH - 1}}}\Z")
_OVER = "+"


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = N_("new")
    WINS = N_("in place of a number of ours")
    KNOWN = N_("known already")
    EMPTY = N_("left empty")
    REFUSED = N_("not taken")


DAMAGED = N_("This row has other columns than the heading. Look for a comma or a quotation mark too many.")
USED = N_(
    "Read by edition %(edition)s with the table %(table)s over it. That table was loaded by this house; it is not part of "
    "the edition that InMind ships."
)

# The words for a place where a table's number stands in place of one that is known here with medium confidence.
IN_PLACE = N_(
    "This house's table says %(cut_off)s (%(table)s) where InMind knows %(known)s (%(source)s) with medium confidence only. "
    "The official table is used."
)


def ruled_by(key: str, instruments: Mapping[str, Instrument], tools: Mapping[str, RecordedTool]) -> Ruled:
    """What a table for this key is laid over. Raises NoTable for one that takes none, else UnknownInstrument."""
    found: Ruled | None = instruments.get(key) or tools.get(key)
    if found is None:
        raise UnknownInstrument(key, [each.key for each in waiting(instruments, tools)])
    if not takes_a_table(found):
        raise NoTable(found.short_name)
    return found


def waiting(instruments: Mapping[str, Instrument], tools: Mapping[str, RecordedTool]) -> list[Ruled]:
    """All that take a table, instruments first."""
    every: list[Ruled] = [*instruments.values(), *tools.values()]
    return [each for each in every if takes_a_table(each)]


def takes_a_table(ruled: Ruled) -> bool:
    return ruled.monthly is not None if isinstance(ruled, Instrument) else form_table.takes_a_table(ruled)


def guide_of(ruled: Ruled, language: str = "en") -> str:
    """The official table that would fill what is unknown; in a language, where its file says it so."""
    if isinstance(ruled, RecordedTool):
        return ruled.guide_in(language)
    return ruled.monthly.guide if ruled.monthly else ""


def columns_of(ruled: Ruled) -> tuple[str, ...]:
    return steward_table.COLUMNS if isinstance(ruled, Instrument) else form_table.COLUMNS


def unknown_places(ruled: Ruled) -> list[tuple[str, ...]]:
    """Each place whose cut-off is not known: (month,), or (form, scale)."""
    if isinstance(ruled, Instrument):
        return [(str(month),) for month in ruled.monthly.unknown_months] if ruled.monthly else []
    scales = [scale for scale in ruled.scales if scale.needs_table]
    return [(form, scale.key) for form in ruled.forms for scale in scales if form not in scale.cutoffs]


def unknown_said(ruled: Ruled) -> str:
    """The months, or the age forms, whose cut-off is not known, or not of every scale: `4–17, 23–28`, or `2, 4`."""
    if isinstance(ruled, RecordedTool):
        return ", ".join(dict.fromkeys(form for form, _scale in unknown_places(ruled)))
    stretches: list[list[int]] = []
    for (said,) in unknown_places(ruled):
        month = int(said)
        if stretches and stretches[-1][-1] == month - 1:
            stretches[-1].append(month)
        else:
            stretches.append([month])
    return ", ".join(str(one[0]) if len(one) == 1 else f"{one[0]}\u2013{one[-1]}" for one in stretches)


def template(ruled: Ruled) -> str:
    """An example to be filled in: a row for each unknown place, and no number."""
    columns = columns_of(ruled)
    rows = [[*place, *[""] * (len(columns) - len(place))] for place in unknown_places(ruled)]
    return written(columns, rows)


def written(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as text, its columns parted by commas."""
    return "".join(",".join(map(_cell, row)) + "\r\n" for row in (columns, *rows))


def _cell(said: str) -> str:
    doubled = said.replace('"', '""')
    return f'"{doubled}"' if any(sign in said for sign in ',;\t|"\r\n') else said


def text_of(data: bytes, name: str = "") -> str:
    """The text of a file. Raises BadInput with what to do: it is empty, too large, a spreadsheet, or in a wrong encoding."""
    if delimited.is_a_spreadsheet(name, data):
        raise BadTable(
            N_("%(name)s is a spreadsheet, not a text file."),
            N_("A table is CSV, with the names of the columns in its first line."),
            N_("In the spreadsheet, save it as CSV UTF-8, and try again."),
            field="file",
            facts={"name": name[:80] or "It"},
        )
    if len(data) > MOST_BYTES:
        raise BadTable(
            N_("The file is larger than 500 kilobytes."),
            N_("A table of cut-offs is a page or two."),
            N_("Look whether it is the right file."),
            field="file",
        )
    return sheets.decoded(data)


def judged(ruled: Ruled, text: str) -> tuple[TableRow, ...]:
    """The verdict of each row of a table. Raises BadTable where its columns are not there, or no row, or too many."""
    lines = [line + "\n" for line in text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    above = 0  # lines
    while lines and not lines[0].strip():
        del lines[0]
        above += 1
    wanted = columns_of(ruled)
    heading = delimited.heading(lines, wanted)
    names = [name.casefold() for name in heading.names]
    if missing := [name for name in wanted if name not in names]:
        raise BadTable(
            N_("The file has no column %(missing)s."),
            N_("Its heading names %(wanted)s."),
            N_("Name the columns so in the first row; `inmind tables template` prints an example."),
            field="file",
            facts={"missing": ", ".join(missing), "wanted": ", ".join(wanted)},
        )
    if twice := [name for name in wanted if names.count(name) > 1]:
        raise BadTable(
            N_("Two columns are called %(twice)s."),
            "",
            N_("Give each column a name of its own."),
            field="file",
            facts={"twice": ", ".join(twice)},
        )
    above += heading.lines
    records = delimited.numbered(lines[heading.lines :], heading.delimiter, len(names))
    found = [(at, one) for at, one in records if isinstance(one, Damage) or any(cell.strip() for cell in one)]
    if not found or len(found) > MOST_ROWS:
        raise BadTable(
            N_("There are %(count)s rows below the heading."),
            N_("A table has a row for each month, or for each form and scale: from 1 to %(most)s."),
            N_("Look whether it is the right file."),
            field="file",
            facts={"count": str(len(found)), "most": str(MOST_ROWS)},
        )
    said = [{} if isinstance(one, Damage) else dict(zip(names, one, strict=True)) for _at, one in found]
    read = steward_table.read(ruled, said) if isinstance(ruled, Instrument) else form_table.read(ruled, said)
    return tuple(
        replace(row, line=above + at, verdict=Verdict(False, DAMAGED), is_new=False, replaces=False)
        if isinstance(one, Damage)
        else replace(row, line=above + at)
        for row, (at, one) in zip(read, found, strict=True)
    )


def outcome(row: TableRow) -> Outcome:
    if row.verdict:
        if row.replaces:
            return Outcome.WINS
        return Outcome.NEW if row.is_new else Outcome.KNOWN
    return Outcome.EMPTY if row.verdict.sentence == steward_table.EMPTY else Outcome.REFUSED


def new_rows(ruled: Ruled, text: str) -> tuple[TableRow, ...]:
    """What a table holds that can be laid over. Raises BadTable where nothing of it can, or as `judged` does."""
    rows = tuple(row for row in judged(ruled, text) if row.is_new)
    if not rows:
        raise BadTable(
            N_("Nothing in this table is new."),
            N_("Only what is not known here yet, or with medium confidence only, is taken."),
            N_("See what is said of each row."),
            field="file",
        )
    return rows


@dataclass(frozen=True, slots=True)
class Against:
    """What a table that takes another's place would change. gone: places that would be unknown again. other: those with
    another number, as `24: 9 → 11`."""

    gone: tuple[str, ...]
    other: tuple[str, ...]


def against(used: Iterable[Mapping[str, str]], new: Iterable[TableRow]) -> Against:
    """used: the rows of the table that is in use, as they were kept."""
    before = dict(map(_placed, used))
    after = dict(_placed(row.cells) for row in new)
    other = (place for place in before if place in after and Decimal(before[place]) != Decimal(after[place]))
    return Against(
        tuple(place for place in before if place not in after),
        tuple(f"{place}: {before[place]} → {after[place]}" for place in other),
    )


def _placed(cells: Mapping[str, str]) -> tuple[str, str]:
    """Where a number stands, and the number."""
    place = [said for name, said in cells.items() if name in ("month", "form", "scale")]
    return " ".join([place[0].lstrip("0") or "0", *place[1:]]), cells["cut_off"]


def check_edition(edition: str) -> None:
    """Raises BadTable for a name that a record could not keep."""
    if not _EDITION.match(edition):
        raise BadTable(
            N_("%(found)s cannot name a table."),
            N_("A name is of letters, digits, dots and dashes, at most %(most)s."),
            N_("Name it so that you find it again, such as teamup-2026."),
            field="edition",
            facts={"found": repr(edition)[:40], "most": str(EDITION_LENGTH)},
        )


def laid_over(ruled: Ruled, rows: Sequence[TableRow], *, edition: str, dated: date) -> Ruled:
    """With the table over it, under an edition that names both: `2026+teamup-2026`."""
    both = f"{ruled.edition}{_OVER}{edition}"
    if isinstance(ruled, Instrument):
        return steward_table.laid_over(ruled, rows, edition=both, dated=dated)
    return form_table.laid_over(ruled, rows, edition=both, dated=dated)


def said_of(ruled: Ruled) -> tuple[str, Mapping[str, str]]:
    """Which table a result was made with, marked for translation, with its facts; empty where none lies over its rules."""
    edition, over, table = ruled.edition.rpartition(_OVER)
    return (USED, {"edition": edition, "table": table}) if over else ("", {})


def replaced_at(ruled: Ruled, place: str, scales: Iterable[str] = ()) -> list[Mapping[str, str]]:
    """The facts of IN_PLACE for a month, or for an age form: of these scales."""
    pairs: list[tuple[Sourced[int] | FormCutoff, Sourced[int] | FormCutoff]] = []
    if isinstance(ruled, RecordedTool):
        found = (scale for scale in ruled.scales if scale.key in scales and place in scale.replaced)
        pairs += [(scale.cutoffs[place], scale.replaced[place]) for scale in found]
    elif ruled.monthly is not None and int(place) in ruled.monthly.replaced:
        pairs.append((ruled.monthly.months[int(place)], ruled.monthly.replaced[int(place)]))
    return [
        {
            "cut_off": str(now.value),
            "table": ruled.sources[now.source],
            "known": str(ours.value),
            "source": ruled.sources[ours.source],
        }
        for now, ours in pairs
    ]
