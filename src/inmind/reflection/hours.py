"""Hours of reflective supervision added up: by month, by kind, by what they were about; and how regularly two people met. Pure.

Minutes are whole clock minutes. Only what both sides have said counts as standing; the rest waits, and is shown apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from inmind.foundation.values import month_reached
from inmind.reflection.sessions import About, Kind

MONTHS_SHOWN = 12  # ours: so many months stand in the picture of how regularly two people met
BETWEEN_LETTERS = 1  # months; ours: nobody is written to about waiting sessions more often


@dataclass(frozen=True, slots=True)
class Hour:
    """What one session is to one person."""

    on: date
    minutes: int
    kind: Kind
    about: About
    stands: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """Minutes that stand, in all and by what they were about, and those that still wait for somebody's word."""

    minutes: int
    direct: int
    rsc_given: int
    waiting: int


def added(hours: Iterable[Hour]) -> Sum:
    """All of these as one sum."""
    rows = tuple(hours)
    by_about = split(rows)
    return Sum(
        minutes=sum(by_about.values()),
        direct=by_about[About.DIRECT],
        rsc_given=by_about[About.RSC_GIVEN],
        waiting=sum(one.minutes for one in rows if not one.stands),
    )


def split(hours: Iterable[Hour]) -> Mapping[About, int]:
    """The minutes that stand, by what they were about; each of the two is named, also where it is none."""
    found = dict.fromkeys(About, 0)
    for one in hours:
        found[one.about] += one.minutes if one.stands else 0
    return found


def by_kind(hours: Iterable[Hour]) -> Mapping[Kind, int]:
    """The minutes that stand, by kind; a kind of which there are none is left out."""
    found: dict[Kind, int] = {}
    for one in hours:
        if one.stands:
            found[one.kind] = found.get(one.kind, 0) + one.minutes
    return {kind: found[kind] for kind in Kind if kind in found}


def by_month(hours: Iterable[Hour]) -> Mapping[date, Sum]:
    """The sum of each month in which there was a session, by its first day, the newest first."""
    months: dict[date, list[Hour]] = {}
    for one in hours:
        months.setdefault(one.on.replace(day=1), []).append(one)
    return {month: added(months[month]) for month in sorted(months, reverse=True)}


@dataclass(frozen=True, slots=True)
class Month:
    """One month of two people: how often they met. counts: whether their agreement ran at all in it."""

    first: date
    met: int
    counts: bool = True


def regularity(days: Iterable[date], since: date, until: date | None, today: date) -> tuple[Month, ...]:
    """How often two people met in each of the last months, the oldest first. For these two alone; no month is late or missed."""
    met = [one.replace(day=1) for one in days]
    last = today.replace(day=1)
    firsts = [_months_before(last, back) for back in range(MONTHS_SHOWN - 1, -1, -1)]
    return tuple(
        Month(first, met.count(first), counts=since < _months_before(first, -1) and (until is None or until > first))
        for first in firsts
    )


def last_months(months: Mapping[date, Sum], today: date) -> tuple[tuple[date, Sum], ...]:
    """Each of the last months with its sum, the oldest first, those without a session among them."""
    last = today.replace(day=1)
    firsts = [_months_before(last, back) for back in range(MONTHS_SHOWN - 1, -1, -1)]
    return tuple((first, months.get(first) or added(())) for first in firsts)


def _months_before(first: date, months: int) -> date:
    month = first.year * 12 + first.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def may_write(last: date | None, today: date) -> bool:
    """Whether somebody for whom sessions wait may be written to again."""
    return last is None or month_reached(last, BETWEEN_LETTERS) <= today
