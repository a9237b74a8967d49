"""Chronological and corrected age: completed calendar months, 29 February, midnight, and only where a tool has a rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.families.ages import (
    FEWEST_WEEKS,
    MOST_WEEKS,
    PrematurityRule,
    ages,
    check_gestation,
    weeks_at_birth,
    weeks_early,
)
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.values import Age

RULE = PrematurityRule(early_weeks_min=3, below_months=24, source="an invented tool")
BORN = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("weeks", "on", "rule", "used"),
    [
        (32, date(2026, 6, 25), RULE, (1, 30)),
        (32, date(2026, 6, 26), RULE, (2, 0)),
        (32, date(2026, 6, 26), None, (3, 25)),
        (38, date(2026, 6, 26), RULE, (3, 25)),
        (37, date(2026, 3, 22), RULE, (0, 0)),
        (37, date(2026, 4, 22), RULE, (1, 0)),
        (None, date(2026, 6, 26), RULE, (3, 25)),
        (41, date(2026, 6, 26), RULE, (3, 25)),
        (32, date(2028, 2, 29), RULE, (22, 3)),
        (32, date(2028, 3, 1), RULE, (24, 0)),
        (32, date(2026, 3, 10), RULE, (0, 0)),
    ],
    ids=[
        "the day before two corrected months",
        "two corrected months",
        "the same day, by a tool without a rule",
        "two weeks early are below this rule",
        "the due day itself",
        "a month after the due day",
        "nobody knows the weeks",
        "after term",
        "the last day below two years",
        "two years old: from the birth again",
        "before the due day",
    ],
)
def test_a_tool_goes_by_its_rule(
    weeks: int | None, on: date, rule: PrematurityRule | None, used: tuple[int, int]
) -> None:
    """Both sides of each boundary day."""
    found = ages(BORN, weeks, on, rule)
    assert (found.used.months, found.used.days) == used
    assert found.chronological == Age.between(BORN, on)


def test_born_on_29_february_and_early() -> None:
    """A year is complete on 1 March; the corrected one, eight weeks later."""
    born = date(2028, 2, 29)
    assert ages(born, 40, date(2029, 2, 28), RULE).used.months == 11
    assert ages(born, 40, date(2029, 3, 1), RULE).used.months == 12
    assert ages(born, 32, date(2029, 4, 25), RULE).used.months == 12
    assert ages(born, 32, date(2029, 4, 24), RULE).used.months == 11


@pytest.mark.parametrize(
    ("zone", "months"),
    [("America/New_York", 2), ("America/Chicago", 1), ("Pacific/Honolulu", 1)],
)
def test_at_midnight_the_wall_clock_of_the_place_decides(zone: str, months: int) -> None:
    """Half past midnight in New York on the day on which two corrected months are complete; further west it is yesterday."""
    with clock.at(datetime(2026, 6, 26, 4, 30, tzinfo=UTC)):
        assert ages(BORN, 32, clock.today(zone), RULE).used.months == months


@given(st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.integers(0, 2200), st.none() | st.integers(20, 45))
def test_corrected_age_is_never_above_the_other_and_never_there_without_a_rule(
    born: date, days: int, weeks: int | None
) -> None:
    """Whatever the birthday and the weeks."""
    on = born + timedelta(days=days)
    assert ages(born, weeks, on).corrected is None
    corrected = ages(born, weeks, on, RULE).corrected
    if corrected is not None:
        assert weeks is not None and weeks_early(weeks) >= 3
        assert (corrected.months, corrected.days) <= (Age.between(born, on).months, 31)


@pytest.mark.parametrize("weeks", [10, FEWEST_WEEKS - 1, MOST_WEEKS + 1, 50])
def test_weeks_that_no_birth_has_are_refused(weeks: int) -> None:
    """With what was typed, and what can be."""
    with pytest.raises(BadInput, match=f"{weeks} weeks cannot be right") as refusal:
        check_gestation(weeks)
    assert refusal.value.field == "gestation_weeks"


@pytest.mark.parametrize("weeks", [None, FEWEST_WEEKS, 32, 40, MOST_WEEKS])
def test_weeks_that_can_be_are_kept(weeks: int | None) -> None:
    """Nobody has to know them."""
    check_gestation(weeks)


@pytest.mark.parametrize(
    ("born", "weeks"),
    [
        (date(2026, 3, 1), 40),
        (date(2026, 2, 28), 39),
        (date(2026, 2, 22), 39),
        (date(2026, 2, 21), 38),
        (date(2026, 3, 7), 40),
        (date(2026, 3, 8), 41),
    ],
    ids=["on its day", "a day before", "a week before", "eight days before", "six days after", "a week after"],
)
def test_two_dates_tell_the_completed_weeks_at_birth(born: date, weeks: int) -> None:
    """A child expected on 1 March: forty weeks on that day, thirty-nine completed ones on each day of the week before."""
    assert weeks_at_birth(born, date(2026, 3, 1)) == weeks
