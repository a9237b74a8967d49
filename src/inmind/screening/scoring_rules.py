"""An instrument's rules as one expression tree. Pure.

`scoring.score` runs it for one screen, `adapters/duck.py` runs the same tree as SQL for a file of them. Where rules
differ by age, the tree holds those of every age, chosen by MONTHS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from inmind.foundation.values import N_
from inmind.screening.expression import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Blank,
    Case,
    Column,
    Count,
    Expression,
    Filled,
    Joined,
    Layers,
    Nothing,
    Same,
    Sum,
    Test,
    Text,
)
from inmind.screening.instruments import BlankRule, CriticalItem, Cutoff, Instrument, Item, Subscale, Unbanded

# The column that `rules` need beside the items where an instrument's rules differ by age: its completed months.
MONTHS = "months"
# The columns that `rules` find.
POINTS, LOWEST, HIGHEST, BLANKS, BAND, FLAGS = "points", "lowest", "highest", "blanks", "band", "flags"
POSITIVE, FINDING, NOTES, IS_SCORED = "positive", "finding", "notes", "is scored"
YES, NO = "yes", "no"

# What always stands beside a result where it holds, in the words of both executions.
TOO_MANY_BLANKS = "too_many_blanks"
UNKNOWN_CUTOFF = "unknown_cutoff"
NOT_BANDED = "not_banded"
READ_BY_HAND = "read_by_hand"
NOT_STUDIED = "not_studied"
NOTE_SENTENCES = {
    TOO_MANY_BLANKS: N_(
        "%(count)s or more answers are blank: by the publisher's rule this form is not valid. No total, no band."
    ),
    UNKNOWN_CUTOFF: N_(
        "At %(months)s months no cut-off is known well here, and none is made from its neighbors. To have a band, load: "
        "%(guide)s."
    ),
    NOT_BANDED: N_("At %(months)s months the publisher gives no band. A worry is reason enough to act."),
    NOT_STUDIED: N_(
        "The language of the answers: %(language)s. No cut-off from a study in it is known here, and another language's is "
        "never taken over: points, no band."
    ),
    READ_BY_HAND: N_("From which answer on %(items)s count is not known here. Read them yourself."),
}


def lowest_of(subscale: Subscale) -> str:
    """The column in which `rules` find a subscale's lowest total."""
    return f"lowest {subscale.key}"


def highest_of(subscale: Subscale) -> str:
    return f"highest {subscale.key}"


def rules(instrument: Instrument) -> Layers:
    """The instrument's rules over a row that holds its items' points by their keys, blank where not answered, and MONTHS.

    They find LOWEST, HIGHEST, BLANKS (how many), IS_SCORED (1 or 0), POINTS (blank while it is not), BAND, POSITIVE
    (YES, NO or blank), FINDING, FLAGS and NOTES (keys parted by `;`), each subscale's lowest and highest total and
    whether it reaches its cut-off, and a test for each critical answer and each cut-off.
    """
    found: dict[str, Expression | Test] = {
        LOWEST: by_age(instrument, lambda here: _range(here, here.summed)[0]),
        HIGHEST: by_age(instrument, lambda here: _range(here, here.summed)[1]),
        BLANKS: by_age(instrument, lambda here: Count(tuple(Blank(Column(item.key)) for item in here.items))),
    }
    for each in instrument.subscales:
        found[lowest_of(each)], found[highest_of(each)] = _range(instrument, each.items)
    found |= _hits(instrument)
    found |= {flag_column(each): AtLeast(Column(each.item), each.at_least) for each in instrument.critical}
    is_scored = by_age(instrument, lambda here: Count((AtMost(Column(BLANKS), here.blanks_that_count),)))
    points: dict[str, Expression] = {
        IS_SCORED: is_scored,
        POINTS: by_age(instrument, _points),
    }
    for total in (LOWEST, HIGHEST):
        points[f"{BAND} at {total}"] = by_age(instrument, partial(_band_if_all_agree, total))
        points[f"{FINDING} at {total}"] = _found(instrument, total)
    raised = tuple(
        Case(((AtLeast(Column(each.item), each.at_least), Text(each.flag)),)) for each in instrument.critical
    )
    labels = {cutoff.label for here in _each_age(instrument) for cutoff in here.cutoffs}
    decided = {
        **{f"cutoff {label}": by_age(instrument, partial(_reached, label)) for label in labels},
        **{reach_column(each): _reach_of(instrument, each) for each in instrument.subscales},
        BAND: by_age(instrument, _band),
        POSITIVE: by_age(instrument, _positive),
        FINDING: _finding(instrument),
        FLAGS: Joined(raised, by=";") if raised else Text(""),
        NOTES: by_age(instrument, _notes),
    }
    return (found, points, decided)


def by_age(instrument: Instrument, build: Callable[[Instrument], Expression]) -> Expression:
    """What `build` makes of an instrument, for each age at which its rules differ; blank at an age beyond all of them."""
    if not instrument.needs_age:
        return build(instrument)
    at: dict[Expression, list[Test]] = {}
    for each in instrument.strata:
        within = AllOf((AtLeast(Column(MONTHS), each.low), AtMost(Column(MONTHS), each.high)))
        at.setdefault(build(instrument.at(each.low)), []).append(within)
    if len(at) == 1:
        return next(iter(at))
    return Case(tuple((AnyOf(tuple(within)), tree) for tree, within in at.items() if tree != Nothing()))


def _each_age(instrument: Instrument) -> Sequence[Instrument]:
    return [instrument.at(each.low) for each in instrument.strata] or [instrument]


def _range(here: Instrument, keys: Sequence[str]) -> tuple[Expression, Expression]:
    """The lowest and the highest sum of some items, whatever their blanks come to."""
    items = [item for item in here.items if item.key in keys]
    if not items:
        return Nothing(), Nothing()
    lowest = Sum(tuple(Filled(Column(item.key), item.values[0]) for item in items))
    return lowest, Sum(tuple(Filled(Column(item.key), item.values[-1]) for item in items))


def _points(here: Instrument) -> Expression:
    if not here.has_total:
        return Nothing()
    if here.blank_rule is BlankRule.COUNT_LOWEST or len(here.summed) < len(here.items):
        return Case(((AtMost(Column(BLANKS), here.blanks_that_count), Column(LOWEST)),))
    return Sum(tuple(Column(key) for key in here.summed))


def _is_scored() -> Test:
    return AtLeast(Column(IS_SCORED), 1)


def _band(here: Instrument) -> Expression:
    if here.blank_rule is BlankRule.WHEN_ALL_AGREE:
        # A total only rises with its answers, so that all completions agree when the lowest and the highest do.
        return _where_both_agree(BAND)
    return band_of(here, POINTS)


def _band_if_all_agree(total: str, here: Instrument) -> Expression:
    return band_of(here, total) if here.blank_rule is BlankRule.WHEN_ALL_AGREE else Nothing()


def _where_both_agree(what: str) -> Expression:
    lowest, highest = Column(f"{what} at {LOWEST}"), Column(f"{what} at {HIGHEST}")
    return Case(((Same(lowest, highest), lowest),))


def band_of(here: Instrument, total: str) -> Expression:
    """The band of a total: from the highest down, the first whose lower edge is reached."""
    highest_first = sorted(here.bands, key=lambda band: -band.low)
    if not highest_first:
        return Nothing()
    return Case(tuple((AtLeast(Column(total), band.low), Text(band.code)) for band in highest_first))


def _reached(label: str, here: Instrument) -> Expression:
    """1 where a cut-off is reached by the points, else 0."""
    for each in here.cutoffs:
        if each.label == label:
            return Count((_is_reached(each, POINTS, POINTS),))
    return Nothing()


def _is_reached(cutoff: Cutoff, lowest: str, highest: str) -> Test:
    """Whether every total between two reaches a cut-off."""
    return AtMost(Column(highest), cutoff.value) if cutoff.at_or_below else AtLeast(Column(lowest), cutoff.value)


def _is_missed(cutoff: Cutoff, lowest: str, highest: str) -> Test:
    """Whether no total between two reaches a cut-off."""
    if cutoff.at_or_below:
        return AtLeast(Column(lowest), cutoff.value + 1)
    return AtMost(Column(highest), cutoff.value - 1)


def _reach_of(instrument: Instrument, each: Subscale) -> Expression:
    """YES, NO, or blank while blanks leave it open."""
    if each.applied is None:
        return Nothing()
    yes, no = _both_ways(instrument, each.applied, lowest_of(each), highest_of(each))
    return Case(((yes, Text(YES)), (no, Text(NO))))


def _both_ways(instrument: Instrument, cutoff: Cutoff, lowest: str, highest: str) -> tuple[Test, Test]:
    """That a cut-off is reached, and that it is not; where blanks count as the lowest answer, that one decides."""
    if instrument.blank_rule is BlankRule.COUNT_LOWEST:
        is_scored = _is_scored()
        reached, missed = _is_reached(cutoff, lowest, lowest), _is_missed(cutoff, lowest, lowest)
        return AllOf((is_scored, reached)), AllOf((is_scored, missed))
    return _is_reached(cutoff, lowest, highest), _is_missed(cutoff, lowest, highest)


def _positive(here: Instrument) -> Expression:
    """YES where one thing that counts is reached, NO where none is. Blank while open, and where nothing counts."""
    if here.not_studied_in:
        return Nothing()
    counting = [
        _both_ways(here, each.applied, lowest_of(each), highest_of(each))
        for each in here.subscales
        if each.counts and each.applied is not None
    ]
    defaults = sorted((each for each in here.cutoffs if each.by_default), key=lambda cutoff: cutoff.value)
    if defaults:
        first = defaults[-1] if defaults[0].at_or_below else defaults[0]
        counting.append(_both_ways(here, first, LOWEST, HIGHEST))
    for each in here.critical:
        if not each.is_crisis:
            most = here.item(each.item).values[-1]
            answer = Column(each.item)
            counting.append((AtLeast(answer, each.at_least), AtMost(Filled(answer, most), each.at_least - 1)))
    if not counting:
        return Nothing()
    yes, no = AnyOf(tuple(pair[0] for pair in counting)), AllOf(tuple(pair[1] for pair in counting))
    if here.blank_rule is BlankRule.NEVER and here.has_total:
        yes_now: Test = AllOf((_is_scored(), yes))
        no = AllOf((_is_scored(), no))
    else:
        yes_now = yes
    # An answer that is read by hand may count too: then nobody here says no.
    answers = ((yes_now, Text(YES)),) if here.read_by_hand else ((yes_now, Text(YES)), (no, Text(NO)))
    return Case(answers)


def _finding(instrument: Instrument) -> Expression:
    """What the counting rule finds; while answers are blank, what all completions share where the rule allows a band."""
    if instrument.finding is None:
        return Nothing()
    if instrument.blank_rule is BlankRule.WHEN_ALL_AGREE:
        return _where_both_agree(FINDING)
    return Case(((_is_scored(), Column(f"{FINDING} at {LOWEST}")),))


def _hits(instrument: Instrument) -> dict[str, Expression]:
    """How many answers reach their threshold in the counting rule, at the lowest and at the highest; blank without one."""
    rule = instrument.finding
    if rule is None:
        return {}

    def reaches(item: Item, end: int) -> Test:
        return AtLeast(Filled(Column(item.key), item.values[end]), rule.thresholds[item.key])

    found: dict[str, Expression] = {}
    for total, end in ((LOWEST, 0), (HIGHEST, -1)):
        found[f"hits at {total}"] = Count(tuple(reaches(item, end) for item in instrument.items))
        first = [item for item in instrument.items if item.key in rule.one_of]
        found[f"first hits at {total}"] = Count(tuple(reaches(item, end) for item in first))
    return found


def _found(instrument: Instrument, total: str) -> Expression:
    rule = instrument.finding
    if rule is None:
        return Nothing()
    number, has_one = Column(f"hits at {total}"), AtLeast(Column(f"first hits at {total}"), 1)
    found = tuple((AllOf((has_one, AtLeast(number, least))), Text(code)) for least, code in rule.findings)
    return Case((*found, (AtLeast(number, 0), Text(rule.none))))


def note_test(here: Instrument, key: str) -> Test | None:
    """When a sentence stands beside a result of this age; None: never."""
    if key == TOO_MANY_BLANKS:
        return None if here.most_blanks is None else AtLeast(Column(BLANKS), here.most_blanks + 1)
    stands = {
        UNKNOWN_CUTOFF: here.unbanded is Unbanded.UNKNOWN,
        NOT_BANDED: here.unbanded is Unbanded.BY_PUBLISHER,
        READ_BY_HAND: bool(here.read_by_hand),
        NOT_STUDIED: bool(here.not_studied_in),
    }
    return AtLeast(Column(BLANKS), 0) if stands[key] else None


def _notes(here: Instrument) -> Expression:
    """The keys of the sentences that stand beside a result."""
    tests = {key: note_test(here, key) for key in NOTE_SENTENCES}
    said = tuple(Case(((test, Text(key)),)) for key, test in tests.items() if test is not None)
    return Joined(said, by=";") if said else Text("")


def note_facts(here: Instrument, key: str, months: str) -> Mapping[str, str]:
    """What fills a note's named places; also for rows of a file, where `months` may stand for those of the row."""
    if key == TOO_MANY_BLANKS:
        return {"count": str((here.most_blanks or 0) + 1)}
    if key == READ_BY_HAND:
        return {"items": ", ".join(f"{here.item(item).number} ({here.item(item).label})" for item in here.read_by_hand)}
    if key == NOT_STUDIED:
        return {"language": here.not_studied_in}
    return {"months": months, "guide": here.guide}


def flag_column(critical: CriticalItem) -> str:
    return f"flag {critical.flag} by {critical.item}"


def cutoff_column(cutoff: Cutoff) -> str:
    return f"cutoff {cutoff.label}"


def reach_column(subscale: Subscale) -> str:
    return f"reach {subscale.key}"
