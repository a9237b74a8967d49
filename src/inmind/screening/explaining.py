"""Explains an instrument in words: its rules, their sources, its licence, and what is not known. Never its wording. Pure.

`reference.py` prints these parts as pages, `inmind instruments` on a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inmind.families.ages import PrematurityRule
from inmind.foundation.catalogs import Sourced
from inmind.screening import words
from inmind.screening.instruments import (
    AgeRange,
    Band,
    BlankRule,
    Cutoff,
    Instrument,
    Item,
    Licence,
    Stratum,
    Subscale,
    Unbanded,
)
from inmind.screening.recorded import RecordedTool, Scale
from inmind.screening.scoring import MONTHS


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an explanation: a sentence, and below it a table, or a list where the rows have no heading.

    A heading of empty names is that of facts: what, and what is known of it.
    """

    says: str = ""
    heading: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A file of one row that could be scored, as its heading and its row, and what is typed to score it, line by line."""

    heading: tuple[str, ...]
    row: tuple[str, ...]
    typed: tuple[str, ...]


def instrument(of: Instrument, versions: Sequence[Instrument] = ()) -> list[Part]:
    """versions: those in other languages, each with cut-offs and a licence of its own."""
    return [
        _facts([*_of_instrument(of), *_in_other_languages(of, versions)]),
        Part(heading=("item", "label", "points", "printed", "LOINC"), rows=tuple(map(_item, of.items))),
        *_table(
            "An answer that is looked at alone, whatever the total and whatever is blank:",
            ("item", "from", "flag", "source", "note"),
            ((each.item, str(each.at_least), each.flag, each.source, each.note) for each in of.critical),
        ),
        *_by_age(of),
        *_table(
            "Bands of the total:",
            ("band", "from", "to", "next, by the publisher's rule", "source"),
            ((each.code, str(each.low), str(each.high), _next_step(each), each.source) for each in of.bands),
        ),
        *(Part(_subscale(of, each)) for each in of.subscales),
        *_table(
            "Cut-offs; those not counted in results are for reports that name them:",
            ("cut-off", "from", "in results", "sensitivity", "specificity", "source", "note"),
            (_cutoff(of, each) for each in of.cutoffs),
        ),
        *_table(
            "Versions in other languages, each with cut-offs of its own or none; another language's are never taken over:",
            ("language", "instrument", "cut-offs", "wording"),
            map(_version, versions),
        ),
        *_known_and_not(of),
    ]


def tool(of: RecordedTool) -> list[Part]:
    facts = [("edition", f"`{of.known_by}`, {of.dated.isoformat()}"), ("answered by", of.informant)]
    if of.forms:
        facts.append(("forms", ", ".join(of.forms)))
    if of.ages:
        facts.append(("child's age", f"{_months(of.ages)} ({of.ages.source})"))
    for form, window in of.windows.items():
        first, last = window.opens, window.last
        ends = f"{first.months} months {first.days} days to {last.months} months {last.days} days"
        facts.append((f"the {form}-month form", f"{ends} ({window.source})"))
    facts += _counted(of.prematurity)
    facts.append(("in a file", "its answers are not scored: the result that stands on the licensed form is recorded"))
    facts.append(("license", _licence(of.licence)))
    facts.append(("to be loaded", of.guide))
    return [
        _facts(facts),
        Part(heading=("scale", "label", "number", "range", "what it says"), rows=tuple(map(_scale, of.scales))),
        *_known_and_not(of),
    ]


def listed(of: Instrument | RecordedTool) -> str:
    """One line for a list: for whom, at which ages, how long, how it comes in, on or off, whose its wording is."""
    if isinstance(of, RecordedTool):
        length, comes_in = _many(len(of.scales), "number"), "result recorded"
    else:
        length = _many(len(of.items), "item")
        comes_in = "on a page and by file" if of.fits_a_page else "by file"
        if of.takes_a_count:
            comes_in += ", also as a count"
        if of.is_off_by_default:
            comes_in += "; off until INMIND_INSTRUMENTS_ON names it"
    window = [_months(of.ages)] if of.ages else [of.period] if isinstance(of, Instrument) and of.period else []
    return "; ".join((f"of a {of.subject}", *window, length, comes_in, _whose(of.licence)))


def example(of: Instrument) -> Example:
    """Answers of the least points, as a file writes them."""
    first = {item.key: next(said for said, points in item.written_as.items() if not points) for item in of.items}
    heading, row = ["id", *first], ["a", *first.values()]
    if of.needs_age:
        heading, row = [*heading, MONTHS], [*row, str(of.strata[0].low)]
    switched = [f"export INMIND_INSTRUMENTS_ON={of.key}"] if of.is_off_by_default else []
    call = f"inmind score answers.csv --instrument {of.key} --out scores.csv"
    return Example(tuple(heading), tuple(row), (*switched, call))


def _known_and_not(of: Instrument | RecordedTool) -> tuple[Part, Part]:
    return (
        Part(
            "Not known, or not well enough to be used:", rows=tuple((f"{one.what}: {one.note}",) for one in of.unknowns)
        ),
        Part("Sources:", rows=tuple((f"`{key}`: {source}",) for key, source in of.sources.items())),
    )


def _facts(pairs: Iterable[tuple[str, str]]) -> Part:
    return Part(heading=("", ""), rows=tuple(pairs))


def _table(says: str, heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[Part]:
    """A table under its sentence; nothing where it has no rows."""
    found = tuple(rows)
    return [Part(says, heading, found)] if found else []


def _of_instrument(of: Instrument) -> Iterable[tuple[str, str]]:
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
        yield "child's age", f"{_months(of.ages)}{counted} ({of.ages.source})"
    if stage := of.follows:
        asked = "for its at-risk answers alone"
        yield "given after", f"{stage.instrument}, total {stage.low} to {stage.high}, {asked} ({stage.source})"
    if of.full_length:
        yield "a positive one is followed by", f"{' or '.join(of.full_length)} ({of.source_of['full_length']})"
    yield "asks about self-harm", "yes" if of.asks_about_safety else "no: its result says nothing about safety"
    yield "blanks", _blanks(of)
    yield from _more_facts(of)
    yield "codes", _codes(of) or "none is confirmed"
    yield "in a file", _in_a_file(of)
    yield "wording", _licence(of.licence)
    yield "studied in", ", ".join(f"{each} ({source})" for each, source in of.studied_in.items()) or "not known"


def _in_other_languages(of: Instrument, versions: Sequence[Instrument]) -> Iterable[tuple[str, str]]:
    if (known := of.translations) is not None:
        yield "translations", f"{known.value} ({known.source}); {known.note}"
    if of.version:
        yield "a version of", f"`{of.version.of}`, in the language {of.version.language}"
    elif not versions:
        yield "in other languages", "no version is here, and no cut-off is taken over from another language"


def _counted(rule: PrematurityRule | None) -> Iterable[tuple[str, str]]:
    """When a tool counts from the due day, where it has such a rule."""
    if rule is not None:
        early = f"from the due day, where born {rule.early_weeks_min} weeks early or more and under {rule.below_months} months"
        yield "age is counted", f"{early} ({rule.source})"


def _more_facts(of: Instrument) -> Iterable[tuple[str, str]]:
    if of.parent:
        yield "a part of", of.parent
    yield from _counted(of.prematurity)
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
        yield "a form without its answers", "its count alone is taken, in a file by `--count COLUMN`"
    if not of.fits_a_page:
        yield "on today's pages", f"not yet: {of.fits_a_page.sentence}"


def _in_a_file(of: Instrument) -> str:
    said = ["an answer is its points"]
    if any(item.words for item in of.items):
        said.append("where the column `printed` shows words it is the word, in small or capital letters")
    if any(item.takes_several for item in of.items):
        said.append("several marks at one item are parted by `|`")
    said += dict.fromkeys(f'"{item.not_given}" says that an item was not asked' for item in of.items if item.not_given)
    if of.points_of_code:
        said.append("a LOINC answer code counts for its points")
    if of.needs_age:
        said.append(f"beside the items `{MONTHS}` holds the child's completed months, counted as above")
    return "; ".join(said)


def _by_age(of: Instrument) -> list[Part]:
    """What differs by completed months, where something does."""
    return _table(
        "By completed month, never worked out from a neighbor:",
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


def _item(item: Item) -> tuple[str, ...]:
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


def _cutoff(of: Instrument, cutoff: Cutoff) -> tuple[str, ...]:
    known_by = f"{cutoff.source} ({cutoff.confidence})"
    counted = "yes" if cutoff.by_default else "no"
    return cutoff.label, str(cutoff.value), counted, *_accuracy(of, cutoff.value), known_by, cutoff.note


def _version(of: Instrument) -> tuple[str, ...]:
    cutoffs = ", ".join(f"{one.op} {one.value} ({one.label}, {one.confidence})" for one in of.cutoffs)
    return of.version.language if of.version else "", of.key, cutoffs or "none is known", _whose(of.licence)


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


def _scale(scale: Scale) -> tuple[str, ...]:
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


def _licence(of: Licence) -> str:
    return f"{of.holder}. {of.terms}{f' ({of.source})' if of.source else ''}"


def _whose(of: Licence) -> str:
    return "wording may ship" if of.wording_may_ship else "wording does not ship"


def _months(ages: AgeRange) -> str:
    return f"{ages.low} to {ages.high} completed months"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
