"""Ages, periods and verdicts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.values import Age, Period, Verdict

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("born", "on", "months", "left"),
    [
        (date(2025, 3, 10), date(2025, 3, 10), 0, 0),
        (date(2025, 3, 10), date(2025, 4, 9), 0, 30),
        (date(2025, 3, 10), date(2025, 4, 10), 1, 0),
        (date(2025, 3, 10), date(2026, 3, 9), 11, 27),
        (date(2025, 3, 10), date(2026, 3, 10), 12, 0),
        (date(2025, 1, 31), date(2025, 2, 28), 0, 28),
        (date(2025, 1, 31), date(2025, 3, 1), 1, 0),
        (date(2025, 12, 31), date(2026, 3, 1), 2, 0),
        (date(2024, 2, 29), date(2025, 2, 28), 11, 30),
        (date(2024, 2, 29), date(2025, 3, 1), 12, 0),
    ],
    ids=[
        "the day of birth",
        "the day before a month",
        "a month",
        "the day before a year",
        "a year",
        "the last day of a shorter month",
        "a month whose day does not exist",
        "two months over the new year",
        "born on a leap day, the day before",
        "born on a leap day, a year",
    ],
)
def test_age_is_told_in_completed_calendar_months(born: date, on: date, months: int, left: int) -> None:
    """And in the days beyond them."""
    assert Age.between(born, on) == Age(months, left)
    assert Age.between(born, on).years == months // 12


def test_nobody_has_an_age_before_birth() -> None:
    """A day before the birth is refused, with both dates."""
    with pytest.raises(ValueError, match="2025-03-09 lies before the birth on 2025-03-10"):
        Age.between(date(2025, 3, 10), date(2025, 3, 9))


@given(born=days, older=st.integers(0, 4000))
def test_nobody_grows_younger(born: date, older: int) -> None:
    """From one day to the next the months stay or rise by one; the days beyond them are fewer than a month's."""
    today = born + timedelta(days=older)
    age, tomorrow = Age.between(born, today), Age.between(born, today + timedelta(days=1))
    assert tomorrow in (Age(age.months, age.days + 1), Age(age.months + 1, 0))
    assert 0 <= age.days <= 30


@pytest.mark.parametrize(
    ("since", "until", "day", "holds"),
    [
        (date(2025, 3, 1), None, date(2025, 2, 28), False),
        (date(2025, 3, 1), None, date(2025, 3, 1), True),
        (date(2025, 3, 1), date(2025, 3, 5), date(2025, 3, 4), True),
        (date(2025, 3, 1), date(2025, 3, 5), date(2025, 3, 5), False),
        (date(2025, 3, 1), date(2025, 3, 1), date(2025, 3, 1), False),
    ],
    ids=["before", "its first day", "its last day", "the day it ends", "ended on the day it began"],
)
def test_a_period_holds_from_its_first_day_up_to_its_end(
    since: date, until: date | None, day: date, holds: bool
) -> None:
    """The day of the end is no part of it, so that one period can follow another."""
    assert Period(since, until).holds_on(day) is holds


def test_a_period_cannot_end_before_it_begins() -> None:
    """What cannot be is never built."""
    with pytest.raises(ValueError, match="cannot end on 2025-02-28, before it begins on 2025-03-01"):
        Period(date(2025, 3, 1), date(2025, 2, 28))


def test_a_verdict_is_a_yes_or_a_no() -> None:
    """It can be asked like one, and carries its sentence."""
    assert Verdict(allowed=True, sentence="You are on the care team.")
    assert not Verdict(allowed=False, sentence="Only the care team sees this.")
