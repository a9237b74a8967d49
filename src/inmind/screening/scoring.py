"""Scores a screen: answers in; points, band, cut-offs and flags out, or what may still become of it. Pure.

The library of screening: `from inmind.screening import scoring` needs neither Django nor a database. Its rules are those
of `scoring_rules`, its results those of `results`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from operator import getitem, itemgetter
from typing import Any, cast

from inmind.families.ages import Ages
from inmind.foundation.values import N_
from inmind.screening.errors import AgeNeeded, NoCountAlone, OutOfRange
from inmind.screening.expression import Value, compiled
from inmind.screening.instruments import CriticalItem, Instrument, Subscale
from inmind.screening.quick import Measured, folded
from inmind.screening.results import Facts, Flag, Incomplete, Note, PartScore, Scored
from inmind.screening.scoring_rules import (
    BAND,
    BLANKS,
    FINDING,
    FLAGS,
    HIGHEST,
    IS_SCORED,
    LOWEST,
    MONTHS,
    NO,
    NOT_BANDED,
    NOT_STUDIED,
    NOTE_SENTENCES,
    NOTES,
    POINTS,
    POSITIVE,
    READ_BY_HAND,
    TOO_MANY_BLANKS,
    UNKNOWN_CUTOFF,
    YES,
    band_of,
    by_age,
    cutoff_column,
    flag_column,
    highest_of,
    lowest_of,
    note_facts,
    note_test,
    reach_column,
    rules,
)

__all__ = [
    "BAND",
    "BLANKS",
    "FINDING",
    "FLAGS",
    "HIGHEST",
    "IS_SCORED",
    "LOWEST",
    "MONTHS",
    "NO",
    "NOTES",
    "NOTE_SENTENCES",
    "NOT_BANDED",
    "NOT_STUDIED",
    "POINTS",
    "POSITIVE",
    "READ_BY_HAND",
    "TOO_MANY_BLANKS",
    "UNKNOWN_CUTOFF",
    "YES",
    "Flag",
    "Incomplete",
    "Note",
    "PartScore",
    "Scored",
    "by_age",
    "flags",
    "highest_of",
    "lowest_of",
    "new_crises",
    "note_facts",
    "note_test",
    "rules",
    "score",
    "score_count",
]


def score(instrument: Instrument, answers: Mapping[str, int | None], ages: Ages | None = None) -> Scored | Incomplete:
    """Score one screen, finished or not.

    answers: item key -> points within that item's range; None, or not there, where blank. ages: both ages of the child on
    the day it was answered (`families.ages`), needed where rules differ by age; the corrected one counts only by the
    instrument's own rule.
    Returns Scored (points, no unit; band; cut-offs reached; flags with reasons) or, where blanks matter, Incomplete
    (lowest and highest possible points; flags). An answer about self-harm is flagged in either case.

    Raises OutOfRange or UnknownItem for what cannot be an answer, never for a blank; AgeNeeded or NoRuleForAge where the
    age is missing or beyond the rules.
    Source: the instrument's catalog file, which names one for each number.
    """
    ready = _ready(instrument)
    if ages is None and not instrument.needs_age and (measures := ready.measures(answers)) is not None:
        return ready.whole.of(measures)
    row = _checked(instrument, answers)
    counted = _counted(instrument, ages)
    return _result(instrument, ready.found(row, counted), row, counted)


def score_count(instrument: Instrument, count: int) -> Scored:
    """A form that returns its count alone, without saying which answers were given. Raises NoCountAlone, OutOfRange."""
    if not instrument.takes_a_count:
        raise NoCountAlone(instrument.short_name)
    possible = range(instrument.minimum, instrument.maximum + 1)
    if type(count) is not int or count not in possible:
        raise OutOfRange(instrument.key, count, possible, instrument.sources[instrument.source_of["total.max"]])
    return Scored(
        points=count,
        lowest=count,
        highest=count,
        band=cast(str | None, compiled(band_of(instrument, POINTS))({POINTS: count})),
        cutoffs=(),
        blanks=(),
        flags=(),
        ask_again=(),
        parts=(),
        is_positive=None,
        finding=None,
        notes=(),
        ages=None,
    )


def flags(instrument: Instrument, answers: Mapping[str, int | None]) -> tuple[Flag, ...]:
    """The answers that need a person: the same at every age, so that none is needed. Raises as `score` does."""
    return _raised(instrument, _ready(instrument).found(_checked(instrument, answers), None))


def new_crises(
    instrument: Instrument, before: Mapping[str, int | None], now: Mapping[str, int | None]
) -> tuple[Flag, ...]:
    """The answers that need a person now and did not before, or are worse than before: each is said anew."""
    known = {flag.item for flag in flags(instrument, before) if flag.is_crisis}
    return tuple(
        flag
        for flag in flags(instrument, now)
        if flag.is_crisis and (flag.item not in known or (now[flag.item] or 0) > (before[flag.item] or 0))
    )


# What is said of it


def _result(
    instrument: Instrument, found: Mapping[str, Value], answers: Mapping[str, Value], ages: Ages | None
) -> Scored | Incomplete:
    """What the rules found, in the words of a result."""
    months = cast(int | None, found.get(MONTHS))
    here = instrument if months is None else _ready(instrument).at(months)
    blanks = tuple(item.key for item in here.items if answers[item.key] is None)
    shared: dict[str, Any] = {
        "lowest": cast(int | None, found[LOWEST]),
        "highest": cast(int | None, found[HIGHEST]),
        "blanks": blanks,
        "band": cast(str | None, found[BAND]),
        "flags": _raised(instrument, found),
        "ask_again": tuple(one.item for one in here.critical if one.ask_again_if_blank and one.item in blanks),
        "parts": tuple(_part(each, found) for each in here.subscales),
        "is_positive": {YES: True, NO: False}.get(str(found[POSITIVE])),
        "finding": cast(str | None, found[FINDING]),
        "notes": tuple(_note(here, key, months) for key in str(found[NOTES]).split(";") if key),
        "ages": ages,
    }
    if not found[IS_SCORED]:
        return Incomplete(**shared)
    reached = (each for each in here.cutoffs if each.by_default and found[cutoff_column(each)])
    by_value = tuple(sorted(reached, key=lambda cutoff: cutoff.value))
    return Scored(points=cast(int | None, found[POINTS]), cutoffs=by_value, **shared)


def _note(here: Instrument, key: str, months: int | None) -> Note:
    return Note(key, NOTE_SENTENCES[key], Facts(note_facts(here, key, str(months))))


def _raised(instrument: Instrument, found: Mapping[str, Value]) -> tuple[Flag, ...]:
    return tuple(_flag(instrument, each) for each in instrument.critical if found[flag_column(each)])


def _flag(instrument: Instrument, critical: CriticalItem) -> Flag:
    item = instrument.item(critical.item)
    reason = N_("Item %(number)s (%(label)s) has %(at_least)s or more; this is looked at whatever the total.")
    if not critical.is_crisis:
        reason = N_("Item %(number)s (%(label)s) was answered so that it should be talked about.")
    return Flag(
        key=critical.flag,
        item=item.key,
        reason=reason,
        facts=Facts({"number": str(item.number), "label": item.label, "at_least": str(critical.at_least)}),
        is_crisis=critical.is_crisis,
        source=instrument.sources[critical.source],
    )


def _part(subscale: Subscale, found: Mapping[str, Value]) -> PartScore:
    return PartScore(
        subscale,
        cast(int, found[lowest_of(subscale)]),
        cast(int, found[highest_of(subscale)]),
        {YES: True, NO: False}.get(str(found[reach_column(subscale)])),
    )


# What comes in


def _checked(instrument: Instrument, answers: Mapping[str, int | None]) -> dict[str, int | None]:
    """Every item's points, None where blank. A yes or a fraction is none, even where Python finds it equal."""
    for key, points in answers.items():
        item = instrument.item(key)
        if points is not None and (type(points) is not int or points not in item.values):
            raise OutOfRange(key, points, item.values, instrument.sources[instrument.source_of["item_values"]])
    return {item.key: answers.get(item.key) for item in instrument.items}


def _counted(instrument: Instrument, ages: Ages | None) -> Ages | None:
    """Both ages as this instrument counts them: corrected only by its own rule, and only while that holds."""
    if ages is None:
        if instrument.needs_age:
            raise AgeNeeded(instrument.short_name)
        return None
    rule = instrument.prematurity
    if rule is None or ages.chronological.months >= rule.below_months:
        return Ages(ages.chronological)
    return ages


class _Ready:
    """What scoring a screen needs of its instrument, made once: the rules, and the rules where nothing is blank.

    whole: the result of a screen without blanks and ages, shared by all that come to the same.
    """

    def __init__(self, instrument: Instrument) -> None:
        keys, layers = [item.key for item in instrument.items], rules(instrument)
        no_blanks = dict.fromkeys(keys, 0)
        self.at = cache(instrument.at)
        self._months = [MONTHS] * instrument.needs_age
        self._any = Measured(layers, {item.key: (*item.values, None) for item in instrument.items}, self._months, dict)
        self.whole = Measured(
            folded(layers, keys, {}),
            {item.key: item.values for item in instrument.items},
            self._months,
            lambda found: _result(instrument, found, no_blanks, None),
        )
        self._points = itemgetter(*keys, *keys[:1])  # one more, so that there are several

    def found(self, row: Mapping[str, int | None], ages: Ages | None) -> Mapping[str, Value]:
        """What the rules find in a row that was looked at closely."""
        measures = sum(table[points] for table, points in zip(self._any.tables, row.values(), strict=True))
        return self._any.of(measures, tuple(ages.used.months if ages else None for _ in self._months))

    def measures(self, answers: Mapping[str, int | None]) -> int | None:
        """Of a screen without blanks; None unless each item has an answer that it can have, and nothing else is there."""
        try:
            points = self._points(answers)[:-1]
            if len(answers) != len(points) or {*map(type, points)} != {int}:
                return None
            return sum(map(getitem, self.whole.tables, points))
        except (KeyError, TypeError):
            return None


def _ready(instrument: Instrument) -> _Ready:
    """Kept beside what it is made of."""
    kept = vars(instrument)
    if "_ready" not in kept:
        kept["_ready"] = _Ready(instrument)
    return cast(_Ready, kept["_ready"])
