"""The stressors of Axis IV along a child's age, placed for a picture. Pure.

Months of the child's life, from the birth to the day of the assessment. What nobody knows is drawn as not known, and never
as a month. How severe something was is said in words beside it: nothing here weighs, adds or orders by it.
Positions are text, not numbers, so that no language turns a decimal point into a comma.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inmind.diagnosis.formulation import Stressor

WIDTH, LEFT, RIGHT = 360, 6, 18  # in units of the drawing; on the right there is room for the tip of what goes on
SHORTEST = 4.0  # so wide is a single month at the least, or it would not be seen
STEPS, MOST_TICKS = (1, 3, 6, 12), 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a line. is_sure False: that it was then is not known, only that it can have been."""

    x: str
    width: str
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stressor: its bars from left to right, and where its tip is, if it goes on; empty else."""

    stressor: Stressor
    bars: tuple[Bar, ...]
    tip: str


@dataclass(frozen=True, slots=True)
class LifeLine:
    """All of them on one line of time. months: the child's age on the day of the assessment; ticks: months with their places."""

    months: int
    stretches: tuple[Stretch, ...]
    ticks: tuple[tuple[int, str], ...]
    end: str


def life_line(stressors: Iterable[Stressor], months: int) -> LifeLine:
    """The stressors in the order in which they began; those of which nobody knows stand last, in the order of the writing."""
    some = sorted(stressors, key=lambda one: (one.from_month is None, one.from_month or 0))
    whole = max(1, months)
    step = next((one for one in STEPS if whole // one < MOST_TICKS), STEPS[-1])
    ticks = tuple((month, _text(_x(month, whole))) for month in range(0, whole + 1, step))
    return LifeLine(months, tuple(_stretch(one, whole) for one in some), ticks, _text(_x(whole, whole)))


def _stretch(one: Stressor, whole: int) -> Stretch:
    first = None if one.from_month is None else min(one.from_month, whole)
    last = whole if one.goes_on else None if one.until_month is None else min(one.until_month, whole)
    tip = _text(_x(whole, whole)) if one.goes_on else ""
    return Stretch(one, tuple(_bars(first, last, whole)), tip)


def _bars(first: int | None, last: int | None, whole: int) -> Iterator[Bar]:
    """What is known as it is; what can have been from the birth on, or until now, as not known."""
    if first is not None and last is not None:
        yield _bar(first, last, whole)
    elif first is not None:  # nobody knows until when, nor whether it is over
        yield _bar(first, first, whole)
        yield _bar(first, whole, whole, is_sure=False)
    elif last is not None:  # nobody knows how long it was there before
        yield _bar(0, last, whole, is_sure=False)
        yield _bar(last, last, whole)
    else:
        yield _bar(0, whole, whole, is_sure=False)


def _bar(first: int, last: int, whole: int, *, is_sure: bool = True) -> Bar:
    width = max(SHORTEST, _x(last, whole) - _x(first, whole))
    return Bar(_text(min(_x(first, whole), _x(whole, whole) - width)), _text(width), is_sure)


def _x(month: int, whole: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * month / whole


def _text(number: float) -> str:
    return f"{number:.1f}"
