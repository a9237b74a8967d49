"""A table of cut-offs by age form and scale, brought by a site for the forms of a licensed tool that are not known here. Pure.

As `steward_table.py`, whose rows these are: a verdict for each, and what is new laid over what is unknown or less sure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from inmind.foundation.catalogs import Confidence
from inmind.foundation.values import N_
from inmind.screening.errors import NoTable
from inmind.screening.recorded import FormCutoff, RecordedTool, Scale
from inmind.screening.steward_table import (
    EMPTY,
    KNOWN,
    LONGEST,
    Beside,
    TableRow,
    beside,
    check_edition,
    cleaned,
    is_empty,
    judged,
    sources_of,
    whence,
)

COLUMNS = ("form", "scale", "cut_off", "source", "licence")

NEW = N_("New: form %(form)s, %(scale)s, below %(cut_off)s.")
NO_FORM = N_("%(instrument)s has no form %(found)s. Each row is for one age form; a stretch of ages is not taken.")
NO_SCALE = N_("%(instrument)s has no cut-offs of a scale called %(found)s. It has them of: %(scales)s.")
TWICE = N_("Form %(form)s, %(scale)s, stands in more than one row. None of them is taken.")
NO_CUTOFF = N_(
    "%(found)s is not a number of points such as 15.64. A cut-off that was worked out between two forms is not taken."
)
OUT_OF_RANGE = N_("A cut-off of %(cut_off)s lies outside what %(scale)s can be, from %(lowest)s to %(highest)s.")
TOO_LOW = N_("A cut-off of %(cut_off)s lies outside what %(scale)s can be: nobody is below it.")
REPLACES = N_(
    "For form %(form)s, %(scale)s, this table says %(cut_off)s. Known here is %(known)s (%(source)s), with medium confidence "
    "only: the official table wins, and results made with it say both."
)
OTHER_NUMBER = N_(
    "For form %(form)s, %(scale)s, %(known)s is known here (%(source)s), not %(cut_off)s. Compare both with the licensed "
    "table; to use another number, lay an edition of your own over ours."
)
_BESIDE = {Beside.NEW: NEW, Beside.SAME: KNOWN, Beside.WINS: REPLACES, Beside.REFUSED: OTHER_NUMBER}


def takes_a_table(tool: RecordedTool) -> bool:
    """Whether a tool has cut-offs by age form at all."""
    return bool(tool.forms) and any(scale.needs_table for scale in tool.scales)


def read(tool: RecordedTool, rows: Iterable[Mapping[str, str]]) -> tuple[TableRow, ...]:
    """Look at each row; nothing is changed by it, so that this is the dry run. rows: by the names of COLUMNS.

    Raises NoTable for a tool without cut-offs by age form.
    """
    if not takes_a_table(tool):
        raise NoTable(tool.short_name)
    said = cleaned(rows, COLUMNS)
    places = Counter((row["form"], row["scale"]) for row in said)
    return tuple(
        _row(tool, line, row, is_twice=places[row["form"], row["scale"]] > 1) for line, row in enumerate(said, start=1)
    )


def laid_over(tool: RecordedTool, rows: Iterable[TableRow], *, edition: str, dated: date) -> RecordedTool:
    """The tool with the new rows in place of what is unknown, or less sure. Raises NoTable, or TableNeedsEdition."""
    if not takes_a_table(tool):
        raise NoTable(tool.short_name)
    check_edition(tool.known_by, tool.edition, edition)
    new = [row for row in rows if row.is_new]
    keys, sources = sources_of(new)
    numbers: dict[str, dict[str, FormCutoff]] = {}
    for row in new:
        source = keys[row.cells["source"], row.cells["licence"]]
        cutoff = FormCutoff(Decimal(row.cells["cut_off"]), tool.below, tool.beyond, source, Confidence.MEDIUM)
        numbers.setdefault(row.cells["scale"], {})[row.cells["form"]] = cutoff
    scales = tuple(_with(each, numbers.get(each.key, {})) for each in tool.scales)
    before = {unknown for scale in tool.scales for unknown in scale.unknown(tool.forms)}
    still = (unknown for scale in scales for unknown in scale.unknown(tool.forms))
    return replace(
        tool,
        edition=edition,
        dated=dated,
        scales=scales,
        sources={**tool.sources, **sources},
        unknowns=(*(each for each in tool.unknowns if each not in before), *still),
    )


def _with(scale: Scale, numbers: Mapping[str, FormCutoff]) -> Scale:
    replaced = {form: ours for form, ours in scale.cutoffs.items() if form in numbers}
    return replace(scale, cutoffs={**scale.cutoffs, **numbers}, replaced=replaced)


def _row(tool: RecordedTool, line: int, said: Mapping[str, str], *, is_twice: bool) -> TableRow:
    scale = next((each for each in tool.scales if each.key == said["scale"] and each.needs_table), None)
    cutoff = Decimal(said["cut_off"]) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", said["cut_off"], re.ASCII) else None
    sentence = _refusal(tool, said, scale, cutoff, is_twice=is_twice)
    known = scale.cutoffs.get(said["form"]) if scale else None
    stands = beside(known.value if known else None, known.confidence if known else "", cutoff)
    found = {NO_FORM: said["form"], NO_SCALE: said["scale"]}.get(sentence, said["cut_off"])
    facts = {
        "instrument": tool.short_name,
        "form": said["form"][:40],
        "scale": said["scale"][:40],
        "scales": ", ".join(each.key for each in tool.scales if each.needs_table),
        "cut_off": said["cut_off"],
        "found": repr(found)[:40],
        "lowest": str(_lowest(scale)),
        "highest": str(scale.high if scale else ""),
        "longest": str(LONGEST),
        "known": str(known.value) if known else "",
        "source": tool.sources[known.source] if known else "",
    }
    return judged(line, said, sentence, stands, _BESIDE[stands], facts)


def _refusal(
    tool: RecordedTool, said: Mapping[str, str], scale: Scale | None, cutoff: Decimal | None, *, is_twice: bool
) -> str:
    """Why a row cannot be taken; empty where it can."""
    highest = scale.high if scale else None
    checks = (
        (said["form"] not in tool.forms, NO_FORM),
        (scale is None, NO_SCALE),
        (is_twice, TWICE),
        (is_empty(said), EMPTY),
        (cutoff is None, NO_CUTOFF),
        (cutoff is not None and cutoff <= _lowest(scale), TOO_LOW),
        (cutoff is not None and highest is not None and cutoff > highest, OUT_OF_RANGE),
        *whence(said),
    )
    return next((sentence for is_so, sentence in checks if is_so), "")


def _lowest(scale: Scale | None) -> int:
    return (scale.low if scale else None) or 0
