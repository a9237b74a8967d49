"""How long a membership lasts that is bought on a day, what follows it, and what counts. Pure.

Days are whole; a period ends before its `until` (as `foundation.values.Period`). Rules seen in the field, with their
sources: `docs/reference` prints the worked examples of `tests/test_periods.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from inmind.foundation.values import Period, month_reached

MOST_YEARS, MOST_GRACE_DAYS = 10, 366
# Ours: a membership that was kept elsewhere begins and ends within these. What lies beyond is a program's word for "never".
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


class Kind(StrEnum):
    """When a membership ends: with the association's year, so many years after it was bought, or with a fixed term that is
    the same for everybody."""

    CALENDAR = "calendar"
    ANNIVERSARY = "anniversary"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of any year. The 29th of February is none: most years lack it."""

    month: int
    day: int

    def __post_init__(self) -> None:
        date(2025, self.month, self.day)  # raises ValueError for a day that no year has, or not every one

    def of(self, year: int) -> date:
        return date(year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Rule:
    """A level's rule.

    years: how long it lasts (calendar: 1 is to the end of the membership year). begins: the first day of the membership year.
    cut_off: bought after this day of the membership year (of a fixed term: of its last year) it runs a year (a
    term) longer; None: it never does. first: a day
    on which a fixed term began, from which the others are counted. grace_days: how long it goes on counting after its end,
    so that whoever renews late has lost nothing.
    """

    kind: Kind
    years: int = 1
    begins: MonthDay = MonthDay(1, 1)
    cut_off: MonthDay | None = None
    first: date | None = None
    grace_days: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.years <= MOST_YEARS:
            raise ValueError(f"a membership lasts from 1 to {MOST_YEARS} years, not {self.years}")
        if not 0 <= self.grace_days <= MOST_GRACE_DAYS:
            raise ValueError(f"grace lasts from 0 to {MOST_GRACE_DAYS} days, not {self.grace_days}")
        if (self.first is not None) != (self.kind is Kind.FIXED):
            raise ValueError("a fixed term, and nothing else, has a first day")
        if self.cut_off is not None and self.kind is Kind.ANNIVERSARY:
            raise ValueError("a membership that runs from the day it was bought has no cut-off")


def term(rule: Rule, on: date) -> Period:
    """The stretch in which a day lies: the membership year with those after it, or the fixed term; for an anniversary the
    stretch that begins on that day."""
    if rule.kind is Kind.ANNIVERSARY:
        since = on
    elif rule.kind is Kind.CALENDAR:
        since = rule.begins.of(on.year)
        since = since if since <= on else rule.begins.of(on.year - 1)
    else:
        assert rule.first is not None  # a fixed term has one
        gone = (on.year - rule.first.year) // rule.years * rule.years
        since = _later(rule.first, gone)
        since = since if since <= on else _later(rule.first, gone - rule.years)
    return Period(since, _later(since, rule.years))


def bought(rule: Rule, on: date) -> Period:
    """What somebody has who buys on a day: to the end of the stretch, or after its cut-off to the end of the next one."""
    there = term(rule, on)
    assert there.until is not None  # a term ends
    if rule.cut_off is None:
        return Period(on, there.until)
    # A membership year is cut off in itself, a fixed term in its last year.
    year_ends = _later(there.since, 1) if rule.kind is Kind.CALENDAR else there.until
    cut_off = rule.cut_off.of(year_ends.year)
    cut_off = cut_off if cut_off < year_ends else rule.cut_off.of(year_ends.year - 1)
    if on <= cut_off:
        return Period(on, there.until)
    return Period(on, _later(there.until, 1 if rule.kind is Kind.CALENDAR else rule.years))


def renewed(rule: Rule, last: Period, on: date, counts_until: date | None = None) -> Period:
    """What follows a period that was paid: from its end, while it runs or within grace; else as bought on that day.

    counts_until: to when the last one counts, by the grace that was bought with it; left out, by the rule's own. Never ends
    before what it follows, whatever the rule has become since.
    """
    assert last.until is not None  # what is renewed ends
    if on < (counts_until or last.until + timedelta(days=rule.grace_days)):
        return bought(rule, last.until)
    return bought(rule, max(on, last.until))


def counted(paid: Iterable[tuple[Period, int]]) -> tuple[Period, ...]:
    """The stretches in which somebody counts as a member: each paid period with its days of grace, put together where one
    leads into the next."""
    found: list[Period] = []
    for period, grace_days in sorted(paid, key=lambda one: (one[0].since, one[0].until or date.max)):
        until = period.until and period.until + timedelta(days=grace_days)
        before = found[-1] if found else None
        if before is not None and (before.until is None or period.since <= before.until):
            later = None if before.until is None or until is None else max(before.until, until)
            found[-1] = Period(before.since, later)
        else:
            found.append(Period(period.since, until))
    return tuple(found)


def _later(on: date, years: int) -> date:
    return month_reached(on, 12 * years)
