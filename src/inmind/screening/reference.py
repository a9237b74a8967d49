"""The pages of `docs/reference` that say how InMind scores: the rules with their sources, and real answers scored."""

from __future__ import annotations

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inmind.foundation.catalogs import Sourced
from inmind.screening import words
from inmind.screening.adapters.catalog import catalog, mapping, recorded
from inmind.screening.adapters.score_file import Form, Summary, score_file
from inmind.screening.answer_rows import RESULTS, Status
from inmind.screening.examples import EXAMPLES, Example
from inmind.screening.file_mapping import FileMapping
from inmind.screening.instruments import Band, BlankRule, Cutoff, Instrument, Item, Stratum, Subscale, Unbanded
from inmind.screening.recorded import RecordedTool, Scale

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
        *(part for instrument in catalog().values() for part in _instrument(instrument)),
        "## Licensed tools: the result alone",
        "Items, norms and most cut-offs are the publisher's. What stands on the licensed form is entered, held against the "
        "range of its scale, and read by public numbers alone.",
        *(part for tool in recorded().values() for part in _tool(tool)),
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
    return [
        f"## {of.name}",
        _table(("", ""), _facts(of)),
        _table(("item", "label", "points", "printed", "LOINC"), map(_item, of.items)),
        *_told(
            "An answer that is looked at alone, whatever the total and whatever is blank:",
            ("item", "from", "flag", "source", "note"),
            ((each.item, str(each.at_least), each.flag, each.source, each.note) for each in of.critical),
        ),
        *_by_age(of),
        *_told(
            "Bands of the total:",
            ("band", "from", "to", "next, by the publisher's rule", "source"),
            ((each.code, str(each.low), str(each.high), _next_step(each), each.source) for each in of.bands),
        ),
        *(_subscale(of, each) for each in of.subscales),
        *_told(
            "Cut-offs; those not counted in results are for reports that name them:",
            ("cut-off", "from", "in results", "sensitivity", "specificity", "source", "note"),
            (_cutoff(of, each) for each in of.cutoffs),
        ),
        "Not known, or not well enough to be used:",
        "\n".join(f"- {each.what}: {each.note}" for each in of.unknowns),
        "Sources:",
        "\n".join(f"- `{key}`: {source}" for key, source in of.sources.items()),
    ]


def _told(title: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table under its title; nothing where it has no rows."""
    found = list(rows)
    return [title, _table(heading, found)] if found else []


def _tool(tool: RecordedTool) -> list[str]:
    facts = [("edition", f"`{tool.known_by}`, {tool.dated.isoformat()}"), ("answered by", tool.informant)]
    if tool.forms:
        facts.append(("forms", ", ".join(tool.forms)))
    if tool.ages:
        facts.append(("child's age", f"{tool.ages.low} to {tool.ages.high} completed months ({tool.ages.source})"))
    for form, window in tool.windows.items():
        ends = f"{window.opens.months} months {window.opens.days} days to {window.last.months} months {window.last.days} days"
        facts.append((f"the {form}-month form", f"{ends} ({window.source})"))
    if rule := tool.prematurity:
        early = (
            f"for a child born at least {rule.early_weeks_min} weeks early and younger than {rule.below_months} months"
        )
        facts.append(("corrected age", f"{early} ({rule.source})"))
    facts.append(("licence", f"{tool.licence.holder}. {tool.licence.terms} ({tool.licence.source})"))
    facts.append(("to be loaded", tool.guide))
    return [
        f"### {tool.name} ({tool.short_name})",
        _table(("", ""), facts),
        _table(("scale", "label", "number", "range", "what it says"), map(_scale, tool.scales)),
        "Not known, or not well enough to be used:",
        "\n".join(f"- {each.what}: {each.note}" for each in tool.unknowns),
        "Sources:",
        "\n".join(f"- `{key}`: {source}" for key, source in tool.sources.items()),
    ]


def _scale(scale: Scale) -> Sequence[str]:
    ends = [*("?" if end is None else str(end) for end in (scale.low, scale.high))]
    said = [
        f"form {form}: below {one.value} `{one.below}`, else `{one.beyond}` ({one.confidence}: {one.source})"
        for form, one in scale.cutoffs.items()
    ]
    said += [
        f"`{one.code}` {'' if one.low is None else f'from {one.low}'}{'' if one.high is None else f' to {one.high}'} "
        f"({one.confidence}: {one.source})"
        for one in scale.bands
    ]
    return scale.key, scale.label, scale.kind, " to ".join(ends), "; ".join(said) or "nothing here"


def _facts(of: Instrument) -> Iterable[tuple[str, str]]:
    yield "edition", f"`{of.known_by}`, {of.dated.isoformat()}"
    yield "answered by", of.informant
    if of.period:
        yield "used in", of.period
    yield "about the last", "not known" if of.recall_days is None else f"{of.recall_days} days"
    if of.has_total:
        summed = "its items" if len(of.summed) == len(of.items) else f"the first {len(of.summed)} items"
        yield "total", f"the sum of {summed}, {of.minimum} to {of.maximum} ({of.source_of['total.max']})"
    else:
        yield "total", "none: its publisher has none, and none is made up"
    if total := of.published_total:
        yield "published as", f"the total x {total.times} / {total.over}, of {total.maximum} ({total.source})"
    if of.ages:
        counted = "" if of.prematurity else ", from birth"
        yield "child's age", f"{of.ages.low} to {of.ages.high} completed months{counted} ({of.ages.source})"
    if stage := of.follows:
        asked = "for its at-risk answers alone"
        yield "given after", f"{stage.instrument}, total {stage.low} to {stage.high}, {asked} ({stage.source})"
    if of.full_length:
        yield "a positive one is followed by", f"{' or '.join(of.full_length)} ({of.source_of['full_length']})"
    yield "asks about self-harm", "yes" if of.asks_about_safety else "no: its result says nothing about safety"
    yield "blanks", _blanks(of)
    yield from _more_facts(of)
    yield "codes", _codes(of)
    yield "wording", f"{of.licence.holder}. {of.licence.terms} ({of.licence.source})"
    yield "studied in", ", ".join(f"{each} ({source})" for each, source in of.studied_in.items()) or "not known"


def _more_facts(of: Instrument) -> Iterable[tuple[str, str]]:
    if of.parent:
        yield "a part of", of.parent
    if rule := of.prematurity:
        early = f"from the due day, where born {rule.early_weeks_min} weeks early or more and under {rule.below_months} months"
        yield "age is counted", f"{early} ({rule.source})"
    if any(item.takes_several for item in of.items):
        yield "several marks at one item", "the one of most points counts"
    if found := of.finding:
        least = ", ".join(f"{key} from {points}" for key, points in found.thresholds.items())
        codes = ", ".join(f"`{code}` from {number} such answers on" for number, code in found.findings)
        one = " or ".join(found.one_of)
        yield "a finding beside the total", f"{codes}, one of them {one}; else `{found.none}`. {least} ({found.source})"
    if of.read_by_hand:
        yield "read by hand", f"{', '.join(of.read_by_hand)}: from which answer on they count is not known"
    if of.is_off_by_default:
        yield "switched off", "until `INMIND_INSTRUMENTS_ON` names it; never shown per person in a list"
    if of.takes_a_count:
        yield "a form without its answers", "its count alone is taken"
    if not of.fits_a_page:
        yield "on today's pages", f"not yet: {of.fits_a_page.sentence}"


def _by_age(of: Instrument) -> list[str]:
    """What differs by completed months, where something does."""
    return _told(
        "By completed month, never worked out from a neighbour:",
        ("completed months", "items left out", "cut-off", "bands", "source"),
        (
            (
                f"{each.low} to {each.high}" if each.high > each.low else str(each.low),
                ", ".join(str(of.item(key).number) for key in each.ignored),
                ", ".join(f"{one.op} {one.value} ({one.label}, {one.confidence})" for one in each.cutoffs),
                _unbanded(of, each) or ", ".join(f"{band.code} {band.low} to {band.high}" for band in each.bands),
                ", ".join(dict.fromkeys(one.source for one in each.cutoffs)),
            )
            for each in of.strata
        ),
    )


def _unbanded(of: Instrument, each: Stratum) -> str:
    guide = of.monthly.guide if of.monthly else ""
    said = {Unbanded.UNKNOWN: f"not known: load {guide}", Unbanded.BY_PUBLISHER: "none, by the publisher"}
    return said.get(each.unbanded, "")


def _item(item: Item) -> Sequence[str]:
    printed = {True: "worst first", False: "worst last", None: "not known"}[item.printed_worst_first]
    if item.words:
        printed = ", ".join(f"{word} {points}" for word, points in zip(item.words, item.from_first, strict=True))
    return item.key, item.label, " ".join(map(str, item.values)), printed, item.loinc


def _next_step(band: Band) -> str:
    return words.NEXT_STEPS.get(band.next_step, band.next_step)


def _subscale(of: Instrument, each: Subscale) -> str:
    numbers = ", ".join(str(of.item(key).number) for key in each.items)
    known = "; ".join(
        f"{cutoff.value} ({cutoff.label}, {cutoff.confidence}: {of.sources[cutoff.source]})" for cutoff in each.cutoffs
    )
    applied = f"{each.applied.value} is applied, by our own choice" if each.applied else "none is applied"
    how = "Shown beside it, banding and flagging nothing"
    if each.counts and each.applied:
        how, applied = "Decides with the others", f"from {each.applied.value} on the screen is positive"
    return (
        f"{how}: {each.name}, the sum of items {numbers}, 0 to {each.maximum} "
        f"({of.sources[each.source]}). Published cut-offs: {known or 'none'}; {applied}: {each.note}."
    )


def _cutoff(of: Instrument, cutoff: Cutoff) -> Sequence[str]:
    known_by = f"{cutoff.source} ({cutoff.confidence})"
    counted = "yes" if cutoff.by_default else "no"
    return cutoff.label, str(cutoff.value), counted, *_accuracy(of, cutoff.value), known_by, cutoff.note


def _blanks(of: Instrument) -> str:
    if of.blank_rule is BlankRule.COUNT_LOWEST:
        most = "" if of.most_blanks is None else f"; from {of.most_blanks + 1} on the form is not valid"
        return (
            f"they count as the lowest answer, by the publisher's rule, with the possible range beside the total{most}"
        )
    shown = "its band only if all completions share it" if of.blank_rule is BlankRule.WHEN_ALL_AGREE else "no band"
    return f"the screen is incomplete, with its lowest and highest total and {shown}"


def _codes(of: Instrument) -> str:
    known = {"LOINC panel": of.codes.panel, "LOINC total": of.codes.total, "SNOMED score": of.codes.snomed_score}
    return ", ".join(f"{what} {code}" for what, code in known.items() if code)


def _accuracy(of: Instrument, cutoff: int) -> tuple[str, str]:
    for each in of.accuracy:
        if each.cutoff == cutoff:
            return _share(each.sensitivity), _share(each.specificity)
    return "", ""


def _share(share: Sourced[float]) -> str:
    return f"{share.value} ({share.source})" if share.is_usable else "not known"


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
    instrument = catalog()[file.instrument]
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
