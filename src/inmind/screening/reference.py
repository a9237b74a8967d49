"""The pages of `docs/reference` that say how InMind scores: the rules with their sources, and real answers scored."""

from __future__ import annotations

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inmind.screening import explaining
from inmind.screening.adapters.catalog import catalog, language_of, mapping, recorded
from inmind.screening.adapters.file_form import Form
from inmind.screening.adapters.score_file import Summary, score_file
from inmind.screening.answer_rows import RESULTS, Status
from inmind.screening.examples import EXAMPLES, Example
from inmind.screening.explaining import Part
from inmind.screening.file_mapping import FileMapping
from inmind.screening.instruments import Instrument
from inmind.screening.recorded import RecordedTool

# Real public answers are no part of the project; where they are at hand they stand in a folder beside it.
BESIDE = Path(__file__).parents[4] / "shared" / "data"

_LOINC_NOTICE = (
    "This material contains content from LOINC. LOINC is copyright (c) Regenstrief Institute, Inc. and the LOINC "
    "Committee and is available at no cost under the LOINC licence."
)
_ITEM = re.compile(r"[a-z0-9]+_[0-9]+ (?P<why>[a-z-]+)")
_FIELDS = {
    "id": "the row's id; its number where it has none",
    "row": "its number in the file, from 1",
    "points": "the total; empty unless the row is scored",
    "lowest": "the lowest total it can still reach",
    "highest": "the highest",
    "band": "the band of the total, or the one that every completion shares where the instrument allows it",
    "flags": "answers that need a person, whatever the total and whatever is blank; parted by `;`",
    "status": "what became of it, see below",
    "reason": "why, in words",
    "instrument": "whose rules, and in which edition",
    "positive": "`yes` or `no` by the cut-offs that count; empty while that is open, and where there is none",
    "finding": "what a counting rule finds beside the total, where the instrument has one",
    "subscales": "each subscale and its total, or its lowest and highest while items are blank; parted by `;`",
}
_STATUSES = {
    Status.SCORED: "Every item has points, or its publisher counts a blank as the lowest answer.",
    Status.INCOMPLETE: "Some item has none: it was blank, not known, or refused; or too many have none.",
    Status.REFUSED: "The person declined, and no item has points.",
    Status.UNREADABLE: "Something in the row is neither an answer, nor an explained code, nor blank.",
}


@dataclass(frozen=True, slots=True)
class _File:
    """A file of real answers, and what may be said of it."""

    path: str
    title: str
    instrument: str
    mapping: str
    credit: str
    caution: str


_FILES = (
    _File(
        "nhanes_dpq_2017_2018/dpq_j.csv",
        "NHANES 2017-2018, PHQ-9",
        "phq9",
        "nhanes",
        "CDC / National Center for Health Statistics, public-use file DPQ_J, public domain.",
        "Adults of all ages and both sexes, not perinatal, not weighted: the counts show how files are read, and say "
        "nothing about how common anything is.",
    ),
    _File(
        "epds_lausanne_2020/epds_items.csv",
        "Lausanne 2020, EPDS",
        "epds",
        "lausanne",
        "V. Sandoz, A. Horsch and colleagues, University of Lausanne; Diagnostics 2022;12(7):1625.",
        "A part of a self-selected sample during the pandemic: never to be quoted as how common anything is. The file "
        "holds points already; nothing is turned round.",
    ),
    _File(
        "fhir_phq9/QuestionnaireResponse-phq9.ndjson",
        "FHIR QuestionnaireResponse, PHQ-9",
        "phq9",
        "fhir-phq9",
        "Responses built from NHANES rows; the form is the US National Library of Medicine's (LHC-Forms).",
        "Chosen so that partly answered forms and self-harm answers are many.",
    ),
)


def pages(beside: Path = BESIDE) -> Mapping[str, str | None]:
    """File names below `docs/reference` and their texts; None where the real answers are not at hand."""
    return {"scoring.md": _scoring(), "real-input.md": _real_input(beside) if beside.is_dir() else None}


# How screens are scored


def _scoring() -> str:
    parts = [
        "# How screens are scored",
        "Each number below comes from the instrument's catalog file (`src/inmind/screening/catalog/`), which names its "
        "source. The labels of the items are InMind's own short tags; an instrument's wording is its publisher's. What "
        "is not known is said to be not known, and nothing rests on a number of low confidence. A screen is no "
        "diagnosis.",
        *(said for one in catalog().values() for said in _instrument(one)),
        "## Licensed tools: the result alone",
        "Items, norms and most cut-offs are the publisher's. What stands on the licensed form is entered, held against the "
        "range of its scale, and read by public numbers alone.",
        *(said for one in recorded().values() for said in _tool(one)),
        "## Worked examples",
        "Reckoned by hand; the tests hold the code to them. `-` is a blank.",
        _table(
            (
                "screen",
                "answers",
                "total",
                "band",
                "cut-offs",
                "flags",
                "ask again",
                "subscales",
                "beside it",
                "months",
            ),
            map(_example, EXAMPLES),
        ),
        *_files(),
        _LOINC_NOTICE,
    ]
    return "\n\n".join(parts)


def _instrument(of: Instrument) -> list[str]:
    return [f"## {of.name}", *_written(explaining.instrument(of, catalog().versions(of.key)))]


def _tool(of: RecordedTool) -> list[str]:
    return [f"### {of.name} ({of.short_name})", *_written(explaining.tool(of))]


def _written(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        below = _table(part.heading, part.rows) if part.heading else "\n".join(f"- {row[0]}" for row in part.rows)
        yield from filter(None, (part.says, below))


def _example(example: Example) -> Sequence[str]:
    beside = (*example.notes, *filter(None, [example.finding]))
    lists = (example.cutoffs, example.flags, example.ask_again, example.parts, beside)
    months = "" if example.months is None else str(example.months)
    return example.says, example.answers, example.result, example.band, *(", ".join(each) for each in lists), months


def _files() -> list[str]:
    return [
        "## A file of answers",
        "`inmind score FILE --instrument phq9 --out RESULT` scores CSV, Parquet, and FHIR QuestionnaireResponse (one "
        "to a line) by the same rules. Each row of the result has:",
        _table(("column", "what it holds"), ((f"`{name}`", _FIELDS[name]) for name in RESULTS)),
        _table(("status", "when"), ((f"`{status}`", _STATUSES[status]) for status in Status)),
        "A whole number counts as one however it is written (`2`, `2.0`, `2.00`); a LOINC answer code counts for its "
        "points. Everything else needs `--code VALUE=refused|unknown|blank` or a mapping file, and is unreadable "
        "without. Flags are raised for every answer that can be read, also in a row that cannot be scored. A wrong row "
        "never stops the file, and the result stands under its name only when it is whole. An id is written as it "
        "came: look at a file from elsewhere as text before a spreadsheet opens it.",
    ]


# Real answers


def _real_input(beside: Path) -> str:
    parts = [
        "# Real answers, scored",
        "What `inmind score` makes of public files of real answers. The files are no part of the project. The tests "
        "score each again by a plain loop of their own and compare every row.",
        "A band is counted also where an incomplete row has one, because every way to complete it shares that band.",
        *(part for file in _FILES for part in _real_file(file, beside / file.path)),
        _LOINC_NOTICE,
    ]
    return "\n\n".join(parts)


def _real_file(file: _File, path: Path) -> list[str]:
    instrument, language = catalog()[file.instrument], language_of(file.mapping)
    if language:
        instrument = catalog().in_language(file.instrument, language)
    columns = mapping(file.mapping, instrument)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "scored.csv"
        summary = score_file(instrument, path, out, mapping=lambda form: _for_form(columns, form))
        with out.open(encoding="utf-8", newline="") as result:
            reasons = Counter(_without_items(row["reason"]) for row in csv.DictReader(result))
    return [
        f"## {file.title}",
        f"{file.credit} {file.caution}",
        f"`inmind score {path.name} --instrument {file.instrument} --mapping {file.mapping} --out scored.csv`: "
        f"{summary.rows} rows, read as {summary.form}.",
        *_counts(summary),
        _table(("reason", "rows"), ((reason, str(rows)) for reason, rows in sorted(reasons.items(), key=_most_first))),
    ]


def _for_form(columns: FileMapping, form: Form) -> FileMapping:
    return columns.for_fhir() if form is Form.FHIR else columns


def _counts(summary: Summary) -> list[str]:
    return [
        _table((what, "rows"), ((name, str(rows)) for name, rows in counts.items()))
        for what, counts in (("status", summary.by_status), ("band", summary.by_band), ("flag", summary.by_flags))
        if counts
    ]


def _without_items(reason: str) -> str:
    """The reason with its items counted instead of named: which item one person left out is nobody's need."""
    whys = Counter(found["why"] for found in _ITEM.finditer(reason))
    if not whys:
        return reason
    counted = ", ".join(f"{number} {why}" for why, number in sorted(whys.items()))
    return f"{reason.partition(':')[0]}: {counted}."


def _most_first(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
