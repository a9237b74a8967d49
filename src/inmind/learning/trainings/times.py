"""When the meetings of a training are: from the clock on the wall to the moments of the world, and back. Pure.

A meeting is said as its reader sees it: a day, two times, a place's zone. A training of many meetings keeps its hour on the
wall through a change of the clocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

MOST_MEETINGS = 60  # ours: a cohort over more than a year of weeks is two
YEARS_AHEAD = 3  # ours: a later day is a typing error
YEARS_BACK = 20  # ours: an earlier one too


@dataclass(frozen=True, slots=True)
class Said:
    """One meeting as it is said: the day, from when to when, and how many minutes of it are no training (breaks)."""

    on: date
    begins: time
    ends: time
    break_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Timed:
    """The same with its moments in UTC, and its minutes of training."""

    on: date
    begins: time
    ends: time
    starts_at: datetime
    ends_at: datetime
    minutes: int


def repeated(first: Said, times: int, weeks: int) -> tuple[Said, ...]:
    """The meetings of a cohort: at the same hour on the wall, every so many weeks. None past the end of the calendar, where its
    first day cannot be either."""
    times = min(times, 1 + (date.max - first.on).days // (7 * weeks))
    return tuple(
        Said(first.on + timedelta(weeks=weeks * number), first.begins, first.ends, first.break_minutes)
        for number in range(times)
    )


def timed(said: Iterable[Said], zone: str, *, earliest: date) -> tuple[Timed, ...]:
    """The meetings of one training in their order. Raises BadInput for what cannot be: see `moment` and `_one`."""
    said = tuple(said)
    latest = earliest.replace(year=earliest.year + YEARS_AHEAD, day=1)
    for one in said:
        if not earliest <= one.on <= latest:
            raise BadInput(
                N_("The day %(day)s cannot be."),
                N_("A meeting is today or later, and within %(years)s years."),
                field="on",
                facts={"day": one.on.isoformat(), "years": YEARS_AHEAD},
            )
    return _in_order(said, zone)


def held(said: Iterable[Said], zone: str, *, now: datetime) -> tuple[Timed, ...]:
    """The same of a training that was held already. Raises BadInput also for a meeting that is not over."""
    said = tuple(said)
    today = now.astimezone(zone_of(zone)).date()
    earliest = today.replace(year=today.year - YEARS_BACK, day=1)
    for one in said:
        if one.on < earliest:
            raise BadInput(
                N_("The day %(day)s cannot be."),
                N_("What was held is written down for the last %(years)s years."),
                field="on",
                facts={"day": one.on.isoformat(), "years": YEARS_BACK},
            )
    found = _in_order(said, zone)
    for there in found:
        if there.ends_at > now:
            raise BadInput(
                N_("The meeting on %(day)s is not over yet."),
                N_("What was held already is over."),
                N_("Take the mark away if it is still to be held."),
                field="was_held",
                facts={"day": there.on.isoformat()},
            )
    return found


def _in_order(said: Iterable[Said], zone: str) -> tuple[Timed, ...]:
    found = tuple(sorted((_one(one, zone) for one in said), key=lambda one: one.starts_at))
    if len(found) > MOST_MEETINGS:
        raise BadInput(
            N_("There are %(count)s meetings."),
            N_("A training has %(most)s at most."),
            N_("Make a second training of the later ones, in the same series."),
            facts={"count": len(found), "most": MOST_MEETINGS},
        )
    for one, after in pairwise(found):
        if after.starts_at < one.ends_at:
            raise BadInput(
                N_("Two meetings overlap on %(day)s."),
                N_("One ends before the next one begins."),
                N_("Change the time of one of them."),
                facts={"day": after.on.isoformat()},
            )
    return found


def _one(said: Said, zone: str) -> Timed:
    if said.ends <= said.begins:
        raise BadInput(
            N_("The meeting on %(day)s ends before it begins."),
            N_("It ends later on the same day. What goes on the next day is a meeting of its own."),
            field="ends",
            facts={"day": said.on.isoformat()},
        )
    starts_at, ends_at = moment(said.on, said.begins, zone), moment(said.on, said.ends, zone)
    minutes = int((ends_at - starts_at).total_seconds()) // 60 - said.break_minutes
    if said.break_minutes < 0 or minutes < 1:
        raise BadInput(
            N_("The breaks on %(day)s are as long as the meeting."),
            N_("Some minutes of it are training."),
            field="break_minutes",
            facts={"day": said.on.isoformat()},
        )
    return Timed(said.on, said.begins, said.ends, starts_at, ends_at, minutes)


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name. Raises BadInput for one that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder such as America
        raise BadInput(
            N_("No time zone is known by the name “%(zone)s”."),
            N_("It is a name such as America/Chicago."),
            field="zone",
            facts={"zone": name},
        ) from None


def moment(on: date, at: time, zone: str) -> datetime:
    """The moment in UTC at which the clock on a wall shows this. Where it shows it twice, because clocks go back, the first.

    Raises BadInput for an hour that the clock skips, because clocks go forward, and for an unknown zone.
    """
    there = datetime.combine(on, at, zone_of(zone))
    found = there.astimezone(UTC)
    if found.astimezone(there.tzinfo).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise BadInput(
            N_("On %(day)s the clocks in %(zone)s go forward, and skip %(time)s."),
            N_("A meeting begins and ends at an hour that there is."),
            N_("Choose an hour before or after."),
            field="begins",
            facts={"day": on.isoformat(), "zone": zone, "time": at.strftime("%H:%M")},
        )
    return found


def is_moved(before: Sequence[Timed], now: Sequence[Timed]) -> bool:
    """Whether somebody who planned to come has to know of it: a day or an hour is another one."""
    return [(one.starts_at, one.ends_at) for one in before] != [(one.starts_at, one.ends_at) for one in now]
