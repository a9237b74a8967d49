"""When meetings are: the clock on the wall, through its changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.errors import BadInput
from inmind.learning.trainings.times import Said, held, is_moved, moment, repeated, timed, zone_of

CHICAGO, DAY = "America/Chicago", date(2026, 3, 5)
MORNING = Said(DAY, time(9), time(12, 30), break_minutes=30)


def test_a_meeting_has_its_moments_and_its_minutes_without_breaks() -> None:
    (one,) = timed([MORNING], CHICAGO, earliest=DAY)
    assert one.starts_at == datetime(2026, 3, 5, 15, tzinfo=UTC)
    assert one.minutes == 180


def test_a_cohort_keeps_its_hour_on_the_wall_when_the_clocks_go_forward() -> None:
    """In Chicago they do on 8 March 2026: nine o'clock is an hour earlier in the world from then on."""
    before, after = timed(repeated(MORNING, 2, 1), CHICAGO, earliest=DAY)
    assert (before.begins, after.begins) == (time(9), time(9))
    assert (before.starts_at.hour, after.starts_at.hour) == (15, 14)
    assert before.minutes == after.minutes


def test_a_meeting_through_the_change_of_clocks_is_as_long_as_it_is() -> None:
    """From midnight to four on the night when an hour is skipped are three hours; when it comes twice, five."""
    (spring,) = timed([Said(date(2026, 3, 8), time(0), time(4))], CHICAGO, earliest=DAY)
    (autumn,) = timed([Said(date(2026, 11, 1), time(0), time(4))], CHICAGO, earliest=DAY)
    assert (spring.minutes, autumn.minutes) == (180, 300)


def test_an_hour_that_comes_twice_is_the_first_one() -> None:
    assert moment(date(2026, 11, 1), time(1, 30), CHICAGO) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


REFUSED = {
    "ends before it begins": ([Said(DAY, time(12), time(9))], CHICAGO, "ends before"),
    "ends as it begins, which would be a day of 24 hours": ([Said(DAY, time(9), time(9))], CHICAGO, "ends before"),
    "breaks all the time": ([Said(DAY, time(9), time(10), 60)], CHICAGO, "breaks"),
    "breaks of less than nothing": ([Said(DAY, time(9), time(10), -1)], CHICAGO, "breaks"),
    "two at once": ([MORNING, Said(DAY, time(12), time(13))], CHICAGO, "overlap"),
    "the same twice": ([MORNING, MORNING], CHICAGO, "overlap"),
    "an hour that is skipped": ([Said(date(2026, 3, 8), time(2, 30), time(5))], CHICAGO, "skip"),
    "yesterday": ([Said(date(2026, 3, 4), time(9), time(10))], CHICAGO, "cannot be"),
    "in ten years": ([Said(date(2036, 3, 4), time(9), time(10))], CHICAGO, "cannot be"),
    "a zone that nobody knows": ([MORNING], "America/Springfield", "No time zone"),
    "a zone that is a folder": ([MORNING], "America", "No time zone"),
    "more than a year of weeks": (repeated(MORNING, 61, 1), CHICAGO, "61 meetings"),
}


@pytest.mark.parametrize(("said", "zone", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_is_refused_with_what_was_found(said: list[Said], zone: str, words: str) -> None:
    with pytest.raises(BadInput) as refusal:
        timed(said, zone, earliest=DAY)
    assert words in refusal.value.in_english()


def test_what_was_held_is_over_and_not_from_another_age() -> None:
    now = datetime(2026, 3, 5, 18, 30, tzinfo=UTC)
    assert held([MORNING], CHICAGO, now=now) == timed([MORNING], CHICAGO, earliest=DAY)
    with pytest.raises(BadInput, match="not over yet"):
        held([MORNING], CHICAGO, now=now - timedelta(minutes=31))
    with pytest.raises(BadInput, match="last 20 years"):
        held([Said(date(2006, 2, 28), time(9), time(10))], CHICAGO, now=now)
    assert held([Said(date(2006, 3, 1), time(9), time(10))], CHICAGO, now=now)


def test_meetings_that_touch_are_two() -> None:
    assert len(timed([MORNING, Said(DAY, time(12, 30), time(13))], CHICAGO, earliest=DAY)) == 2


def test_only_another_hour_is_told_to_those_who_come() -> None:
    now = timed([MORNING], CHICAGO, earliest=DAY)
    shorter_breaks = timed([Said(DAY, time(9), time(12, 30), 15)], CHICAGO, earliest=DAY)
    later = timed([Said(DAY, time(9, 15), time(12, 30))], CHICAGO, earliest=DAY)
    assert not is_moved(now, shorter_breaks)
    assert is_moved(now, later)


@given(
    on=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    at=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    zone=st.sampled_from([CHICAGO, "America/Phoenix", "Pacific/Honolulu", "America/St_Johns", "Europe/Madrid"]),
)
def test_the_wall_shows_what_was_said_or_it_was_refused(on: date, at: time, zone: str) -> None:
    """There and back is the same, for every hour that there is."""
    found = _moment(on, at, zone)
    if found is not None:
        there = found.astimezone(zone_of(zone))
        assert (there.date(), there.time().replace(tzinfo=None)) == (on, at)
    else:
        assert on.month in (3, 4), "clocks go forward in spring alone"


def _moment(on: date, at: time, zone: str) -> datetime | None:
    """The moment, or None for an hour that the clocks skip."""
    try:
        return moment(on, at, zone)
    except BadInput:
        return None


def test_a_cohort_from_the_last_day_of_the_calendar_is_refused_as_one_meeting_is() -> None:
    """A year typed with a figure too many: the rule of the day answers, and nothing before it."""
    last = Said(date.max, time(9), time(12))
    assert repeated(last, 3, 2) == (last,)
    assert len(repeated(Said(date.max - timedelta(weeks=4), time(9), time(12)), 60, 2)) == 3
    with pytest.raises(BadInput, match="cannot be"):
        timed(repeated(last, 3, 2), CHICAGO, earliest=DAY)
