"""The clocks of early intervention, each beside a count of days on a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.values import Period
from inmind.services.adapters.catalog import early_intervention
from inmind.services.early.clocks import Way, days, must_be_referred, refer_by, transition, way

RECEIVED = date(2026, 1, 5)
CLOCKS = early_intervention()


def day(number: int) -> date:
    return RECEIVED + timedelta(number)


def test_seven_days_to_refer() -> None:
    assert refer_by(CLOCKS, RECEIVED) == day(7)


def test_a_pause_of_14_days_moves_the_countable_deadline_from_day_45_to_day_59_while_elapsed_days_run_on() -> None:
    assert days(CLOCKS, RECEIVED, day(30)).due == day(45)
    there = days(CLOCKS, RECEIVED, day(30), [Period(day(10), day(24))])
    assert (there.elapsed, there.countable, there.due, there.stands_still) == (30, 16, day(59), False)
    assert not there.is_late(day(59))
    assert there.is_late(day(60))


def test_while_the_family_holds_it_up_the_count_stands_still() -> None:
    there = [days(CLOCKS, RECEIVED, day(on), [Period(day(10))]) for on in (20, 21)]
    assert [one.countable for one in there] == [9, 9]
    assert [one.due for one in there] == [day(56), day(57)]
    assert all(one.stands_still for one in there)


def test_a_pause_after_the_deadline_moves_nothing() -> None:
    assert days(CLOCKS, RECEIVED, day(70), [Period(day(50), day(60))]).due == day(45)


def naive(pauses: list[Period]) -> tuple[date, list[int]]:
    """A calendar with the days crossed out: the day on which 45 count, and how many count by each day."""
    counted, found, due = 0, [0], None
    for ahead in range(1, 400):
        counted += not any(one.holds_on(day(ahead)) for one in pauses)
        found.append(counted)
        if counted == 45 and due is None:
            due = day(ahead)
    assert due is not None
    return due, found


PAUSES = st.lists(
    st.tuples(st.integers(-20, 90), st.integers(1, 40)).map(lambda pair: Period(day(pair[0]), day(sum(pair)))),
    max_size=5,
)


@given(pauses=PAUSES, on=st.integers(0, 399))
def test_the_days_are_those_of_a_calendar_with_the_pauses_crossed_out(pauses: list[Period], on: int) -> None:
    due, counted = naive(pauses)
    there = days(CLOCKS, RECEIVED, day(on), pauses)
    assert (there.elapsed, there.countable, there.due) == (on, counted[on], due)


BORN = date(2023, 6, 10)
THIRD = date(2026, 6, 10)


@pytest.mark.parametrize(
    ("before", "goes"),
    [(46, Way.EARLY_INTERVENTION), (45, Way.EARLY_INTERVENTION), (44, Way.DISTRICT), (1, Way.DISTRICT)],
)
def test_fewer_than_45_days_before_the_third_birthday_a_child_goes_to_the_district(before: int, goes: Way) -> None:
    assert way(CLOCKS, BORN, THIRD - timedelta(before)) is goes
    assert way(CLOCKS, BORN, THIRD) is Way.TOO_OLD


def test_transition_opens_nine_months_before_and_is_due_90_days_before() -> None:
    there = transition(CLOCKS, BORN)
    assert (there.opens, there.due, there.ends) == (date(2025, 9, 10), date(2026, 3, 12), THIRD)


def test_a_substantiated_case_asks_for_the_subject_child_only_while_it_is_under_three() -> None:
    assert must_be_referred(CLOCKS, BORN, THIRD - timedelta(1), is_subject=True)
    assert not must_be_referred(CLOCKS, BORN, THIRD - timedelta(1), is_subject=False)
    assert not must_be_referred(CLOCKS, BORN, THIRD, is_subject=True)
