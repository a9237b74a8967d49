"""Hours added up by month, by kind and by what they were about."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.reflection import hours
from inmind.reflection.hours import Hour, Sum
from inmind.reflection.sessions import About, Kind

DIRECT, GIVEN = About.DIRECT, About.RSC_GIVEN
ROWS = (
    Hour(date(2026, 9, 5), 90, Kind.GROUP, DIRECT, True),
    Hour(date(2026, 9, 19), 60, Kind.INDIVIDUAL, GIVEN, True),
    Hour(date(2026, 10, 3), 90, Kind.GROUP, DIRECT, False),
    Hour(date(2026, 10, 17), 30, Kind.ADMINISTRATIVE, DIRECT, True),
)


def test_a_mentors_hours_are_split_by_purpose() -> None:
    """Of 180 minutes that stand, 120 were about work with families and 60 about supervision given; 90 wait."""
    assert hours.added(ROWS) == Sum(minutes=180, direct=120, rsc_given=60, waiting=90)
    assert hours.split(ROWS) == {DIRECT: 120, GIVEN: 60}


def test_minutes_by_kind_leave_out_what_is_none() -> None:
    assert hours.by_kind(ROWS) == {Kind.INDIVIDUAL: 60, Kind.GROUP: 90, Kind.ADMINISTRATIVE: 30}


def test_minutes_by_month_the_newest_first() -> None:
    assert hours.by_month(ROWS) == {
        date(2026, 10, 1): Sum(30, 30, 0, 90),
        date(2026, 9, 1): Sum(150, 90, 60, 0),
    }


def test_the_last_months_are_twelve_the_quiet_ones_among_them() -> None:
    found = hours.last_months(hours.by_month(ROWS), date(2026, 11, 20))
    assert len(found) == 12
    assert [(first.month, one.minutes, one.waiting) for first, one in found[-3:]] == [
        (9, 150, 0),
        (10, 30, 90),
        (11, 0, 0),
    ]


some = st.builds(
    Hour,
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.integers(1, 1440),
    st.sampled_from(Kind),
    st.sampled_from(About),
    st.booleans(),
)


@given(st.lists(some))
def test_however_they_are_split_the_parts_make_the_whole(rows: list[Hour]) -> None:
    whole = hours.added(rows)
    months = hours.by_month(rows).values()
    assert whole.minutes == sum(hours.by_kind(rows).values()) == whole.direct + whole.rsc_given
    assert whole.minutes == sum(one.minutes for one in months)
    assert whole.waiting == sum(one.waiting for one in months)


def test_regularity_is_twelve_months_each_with_how_often_they_met() -> None:
    """A month before the beginning, or after the end, is not counted; a quiet one is a number, and nothing more."""
    days = [date(2026, 9, 5), date(2026, 9, 19), date(2026, 11, 7)]
    found = hours.regularity(days, date(2026, 8, 20), date(2026, 11, 1), date(2026, 11, 20))
    assert len(found) == 12
    assert [(one.first.month, one.met, one.counts) for one in found[-5:]] == [
        (7, 0, False),
        (8, 0, True),
        (9, 2, True),
        (10, 0, True),
        (11, 1, False),
    ]
    assert found[0].first == date(2025, 12, 1)
    assert hours.regularity([], date(2026, 1, 1), None, date(2026, 1, 5))[-1].counts


@pytest.mark.parametrize(
    ("last", "may"),
    [(None, True), (date(2026, 10, 20), True), (date(2026, 10, 21), False), (date(2026, 11, 20), False)],
)
def test_a_letter_about_what_waits_comes_once_a_month_at_most(last: date | None, may: bool) -> None:
    assert hours.may_write(last, date(2026, 11, 20)) is may
