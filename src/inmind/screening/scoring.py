"""Scores a screen: answers in; points, band, cut-offs and flags out, or what may still become of it. Pure.

An instrument's rules are one expression tree (`rules`): `score` runs it for one screen, `adapters/duck.py` runs the
same tree as SQL for a file of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from inmind.foundation.values import N_
from inmind.screening.errors import OutOfRange
from inmind.screening.expression import (
    AtLeast,
    Blank,
    Case,
    Column,
    Count,
    Expression,
    Filled,
    Joined,
    Layers,
    Nothing,
    Row,
    Same,
    Sum,
    Text,
    Value,
    run,
)
from inmind.screening.instruments import BlankRule, CriticalItem, Cutoff, Instrument, Subscale

# The columns that `rules` find.
POINTS, LOWEST, HIGHEST, BLANKS, BAND, FLAGS = "points", "lowest", "highest", "blanks", "band", "flags"


@dataclass(frozen=True, slots=True)
class Flag:
    """An answer that needs a person, whatever the total and whatever is blank.

    reason: a sentence marked for translation; `facts` fill its named places. It never says which answer was given.
    """

    key: str
    item: str
    reason: str
    facts: Mapping[str, str]
    is_crisis: bool
    source: str

    def in_english(self) -> str:
        return self.reason % self.facts


@dataclass(frozen=True, slots=True)
class Scored:
    """A finished screen. band: its code, None where the instrument has none. cutoffs: those reached, lowest first."""

    points: int
    band: str | None
    cutoffs: tuple[Cutoff, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A screen with blanks: the lowest and highest total it can still reach, and what needs a person already.

    band: the code that every completion shares, where the instrument's own rule allows one; else None.
    ask_again: the blank items that the instrument says to ask about again in the visit.
    """

    lowest: int
    highest: int
    blanks: tuple[str, ...]
    band: str | None
    flags: tuple[Flag, ...]
    ask_again: tuple[str, ...]


def score(instrument: Instrument, answers: Mapping[str, int | None]) -> Scored | Incomplete:
    """Score one screen, finished or not.

    answers: item key -> points within that item's range; None, or not there, where blank.
    Returns Scored (points, no unit; band; cut-offs reached; flags with reasons) or, where an item is blank, Incomplete
    (lowest and highest possible points; flags). An answer about self-harm is flagged in either case.

    Raises OutOfRange or UnknownItem for what cannot be an answer; never for a blank.
    Source: the instrument's catalog file, which names one for each number.
    """
    row = _checked(instrument, answers)
    found = _ready(instrument)(row)
    flags = tuple(_flag(instrument, each) for each in instrument.critical if found[_flag_column(each)])
    band = cast(str | None, found[BAND])
    blanks = tuple(key for key, points in row.items() if points is None)
    if not blanks:
        reached = (each for each in instrument.cutoffs if each.by_default and found[_cutoff_column(each)])
        by_value = sorted(reached, key=lambda cutoff: cutoff.value)
        return Scored(points=cast(int, found[POINTS]), band=band, cutoffs=tuple(by_value), flags=flags)
    return Incomplete(
        lowest=cast(int, found[LOWEST]),
        highest=cast(int, found[HIGHEST]),
        blanks=blanks,
        band=band,
        flags=flags,
        ask_again=tuple(each.item for each in instrument.critical if each.ask_again_if_blank and each.item in blanks),
    )


@dataclass(frozen=True, slots=True)
class PartScore:
    """A subscale's own total, or its lowest and highest while answers are blank.

    reaches: whether it reaches the cut-off that is applied; None where that is open, or none is applied.
    """

    subscale: Subscale
    lowest: int
    highest: int
    reaches: bool | None


def parts(instrument: Instrument, answers: Mapping[str, int | None]) -> tuple[PartScore, ...]:
    """Each subscale of one screen. Raises as `score` does."""
    found = _ready(instrument)(_checked(instrument, answers))
    return tuple(
        _part(each, cast(int, found[lowest_of(each)]), cast(int, found[highest_of(each)]))
        for each in instrument.subscales
    )


def _part(subscale: Subscale, lowest: int, highest: int) -> PartScore:
    if subscale.applied is None:
        return PartScore(subscale, lowest, highest, None)
    return PartScore(subscale, lowest, highest, _reaches(subscale.applied, lowest, highest))


def is_positive(instrument: Instrument, result: Scored | Incomplete) -> bool | None:
    """Whether a screen counts as positive: its lowest default cut-off is reached. None where that is open.

    A screen with blanks is positive or negative only where the instrument's own rule lets all completions speak, and
    all of them agree; None too for an instrument without a default cut-off.
    """
    defaults = [cutoff for cutoff in instrument.cutoffs if cutoff.by_default]
    if not defaults or (isinstance(result, Incomplete) and instrument.blank_rule is BlankRule.NEVER):
        return None
    return _reaches(min(defaults, key=lambda cutoff: cutoff.value), *bounds(result))


def _reaches(cutoff: Cutoff, lowest: int, highest: int) -> bool | None:
    if lowest >= cutoff.value:
        return True
    return False if highest < cutoff.value else None


def lowest_of(subscale: Subscale) -> str:
    """The column in which `rules` find a subscale's lowest total."""
    return f"lowest {subscale.key}"


def highest_of(subscale: Subscale) -> str:
    return f"highest {subscale.key}"


def bounds(result: Scored | Incomplete) -> tuple[int, int]:
    """The lowest and the highest total that a result stands for; the same twice when it is scored."""
    if isinstance(result, Scored):
        return result.points, result.points
    return result.lowest, result.highest


def _ready(instrument: Instrument) -> Callable[[Row], dict[str, Value]]:
    """The rules as a function, made once for each instrument and kept beside what it is made of."""
    kept = vars(instrument)
    if "_rules" not in kept:
        kept["_rules"] = run(rules(instrument))
    return cast(Callable[[Row], dict[str, Value]], kept["_rules"])


def rules(instrument: Instrument) -> Layers:
    """The instrument's rules over a row that holds its items' points by their keys, blank where not answered.

    They find POINTS (blank while an item is), LOWEST, HIGHEST, BLANKS (how many), BAND and FLAGS (keys parted by `;`),
    each subscale's lowest and highest total, and a test for each critical answer and each cut-off.
    """
    items = [(item, Column(item.key)) for item in instrument.items]
    totals: dict[str, Expression] = {
        POINTS: instrument.total,
        LOWEST: Sum(tuple(Filled(points, item.values[0]) for item, points in items)),
        HIGHEST: Sum(tuple(Filled(points, item.values[-1]) for item, points in items)),
        BLANKS: Count(tuple(Blank(points) for _, points in items)),
    }
    for each in instrument.subscales:
        part = [(item, points) for item, points in items if item.key in each.items]
        totals[lowest_of(each)] = Sum(tuple(Filled(points, item.values[0]) for item, points in part))
        totals[highest_of(each)] = Sum(tuple(Filled(points, item.values[-1]) for item, points in part))
    alarms = {_flag_column(each): AtLeast(Column(each.item), each.at_least) for each in instrument.critical}
    reached = {_cutoff_column(each): AtLeast(Column(POINTS), each.value) for each in instrument.cutoffs}
    if_lowest, if_highest = _band_of(instrument, LOWEST), _band_of(instrument, HIGHEST)
    if instrument.blank_rule is BlankRule.WHEN_ALL_AGREE:
        # A total only rises with its answers, so that all completions agree when the lowest and the highest do.
        band: Expression = Case(((Same(if_lowest, if_highest), if_lowest),))
    else:
        band = _band_of(instrument, POINTS)
    raised = tuple(Case(((alarms[_flag_column(each)], Text(each.flag)),)) for each in instrument.critical)
    return ({**totals, **alarms}, {**reached, BAND: band, FLAGS: Joined(raised, by=";") if raised else Text("")})


def _band_of(instrument: Instrument, total: str) -> Expression:
    """The band of a total: from the highest down, the first whose lower edge is reached."""
    highest_first = sorted(instrument.bands, key=lambda band: -band.low)
    if not highest_first:
        return Nothing()
    return Case(tuple((AtLeast(Column(total), band.low), Text(band.code)) for band in highest_first))


def new_crises(
    instrument: Instrument, before: Mapping[str, int | None], now: Mapping[str, int | None]
) -> tuple[Flag, ...]:
    """The answers that need a person now and did not before, or are worse than before: each is said anew."""
    known = {flag.item for flag in score(instrument, before).flags if flag.is_crisis}
    return tuple(
        flag
        for flag in score(instrument, now).flags
        if flag.is_crisis and (flag.item not in known or (now[flag.item] or 0) > (before[flag.item] or 0))
    )


def _checked(instrument: Instrument, answers: Mapping[str, int | None]) -> dict[str, int | None]:
    """Every item's points, None where blank. A yes or a fraction is none, even where Python finds it equal."""
    for key, points in answers.items():
        item = instrument.item(key)
        if points is not None and (type(points) is not int or points not in item.values):
            raise OutOfRange(key, points, item.values, instrument.sources[instrument.source_of["item_values"]])
    return {item.key: answers.get(item.key) for item in instrument.items}


def _flag(instrument: Instrument, critical: CriticalItem) -> Flag:
    item = instrument.item(critical.item)
    return Flag(
        key=critical.flag,
        item=item.key,
        reason=N_("Item %(number)s (%(label)s) has %(at_least)s or more; this is looked at whatever the total."),
        facts={"number": str(item.number), "label": item.label, "at_least": str(critical.at_least)},
        is_crisis=critical.is_crisis,
        source=instrument.sources[critical.source],
    )


def _flag_column(critical: CriticalItem) -> str:
    return f"flag {critical.flag} by {critical.item}"


def _cutoff_column(cutoff: Cutoff) -> str:
    return f"cutoff {cutoff.label}"
