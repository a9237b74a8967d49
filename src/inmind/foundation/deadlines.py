"""How near a deadline is, as a person says it: in 50 minutes, today by 14:30, tomorrow, 2 hours late. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Nearness(StrEnum):
    """The ways of saying it. Those that count carry a number in `Deadline.count`."""

    IN_MINUTES = "in minutes"
    NOW = "now"
    TODAY = "today"
    TOMORROW = "tomorrow"
    LATER = "later"
    MINUTES_LATE = "minutes late"
    HOURS_LATE = "hours late"
    DAYS_LATE = "days late"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as it stands at one moment. `at`: on the clock of its place; `count`: whole minutes, hours or days."""

    nearness: Nearness
    at: datetime
    count: int = 0

    @property
    def is_late(self) -> bool:
        return self.nearness in {Nearness.MINUTES_LATE, Nearness.HOURS_LATE, Nearness.DAYS_LATE}


def deadline(due: datetime, now: datetime, zone: str) -> Deadline:
    """How near `due` is at `now`, both with their time zone, for somebody who looks at the clock of `zone`.

    Minutes and hours are those that really pass, also in a night when the clock is changed; today and tomorrow are days
    on the wall. Counts are rounded down, so that nobody is promised more time than there is; under a minute is now.
    """
    at, left = due.astimezone(ZoneInfo(zone)), due - now
    if left < timedelta(0):
        return _late(at, -left)
    if left < HOUR:
        minutes = left // MINUTE
        return Deadline(Nearness.IN_MINUTES if minutes else Nearness.NOW, at, minutes)
    days = (at.date() - now.astimezone(ZoneInfo(zone)).date()).days
    return Deadline({0: Nearness.TODAY, 1: Nearness.TOMORROW}.get(days, Nearness.LATER), at)


def _late(at: datetime, late: timedelta) -> Deadline:
    if late < MINUTE:
        return Deadline(Nearness.NOW, at)
    if late < HOUR:
        return Deadline(Nearness.MINUTES_LATE, at, late // MINUTE)
    if late < DAY:
        return Deadline(Nearness.HOURS_LATE, at, late // HOUR)
    return Deadline(Nearness.DAYS_LATE, at, late // DAY)
