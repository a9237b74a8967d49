"""A referral's states, and what it owes until it is closed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.errors import BadInput, NotNow
from inmind.services.referrals.referral import (
    MOVES,
    NEEDS_REASON,
    By,
    FollowUp,
    State,
    Step,
    Why,
    check_move,
    diagram,
    follow_ups,
    waited,
)

DAY = date(2026, 11, 2)
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def went(*ways: tuple[State, int], why: Why | None = None) -> list[Step]:
    return [Step(state, DAY + timedelta(after), NOON + timedelta(after), By.SENDER, why) for state, after in ways]


def move(
    now: State, to: State, by: By = By.PROGRAM, why: Why | None = None, *, on: date = DAY, since: date | None = None
) -> None:
    check_move(now, to, by, why, on=on, today=DAY, since=since)


def test_pending_is_never_connected() -> None:
    connected = {state for state in State if state.is_connected}
    assert connected == {State.CONTACTED, State.STARTED, State.ENDED}


def test_every_state_is_reached_and_only_what_is_over_has_no_way_on() -> None:
    reached = {State.DRAFTED} | {to for ways in MOVES.values() for to in ways}
    assert reached == set(State) == set(MOVES)
    assert {state for state, ways in MOVES.items() if not ways} == {state for state in State if state.is_over}


@pytest.mark.parametrize("to", sorted(NEEDS_REASON))
def test_why_a_family_was_not_served_is_always_recorded(to: State) -> None:
    now = State.STARTED if to is State.ENDED else State.SENT
    by = By.SENDER
    with pytest.raises(BadInput, match="reason"):
        move(now, to, by)
    allowed = NEEDS_REASON[to]
    for why in Why:
        if why in allowed:
            move(now, to, by, why)
        else:
            with pytest.raises(BadInput):
                move(now, to, by, why)


def test_waiting_and_no_place_are_the_systems() -> None:
    assert {why for why in Why if why.is_the_systems} == {Why.NO_FUNDS, Why.NO_PLACE, Why.PROGRAM_ENDED}


def test_a_program_answers_and_does_not_close() -> None:
    move(State.SENT, State.ACCEPTED)
    with pytest.raises(NotNow, match="sent the referral"):
        move(State.SENT, State.CLOSED, By.PROGRAM, Why.NOT_REACHED)
    with pytest.raises(NotNow):
        move(State.DRAFTED, State.SENT, By.PROGRAM)


def test_what_is_over_stays_over() -> None:
    with pytest.raises(NotNow, match="cannot go there"):
        move(State.DECLINED, State.ACCEPTED)


def test_days_are_those_on_which_it_happened() -> None:
    with pytest.raises(BadInput, match="future"):
        move(State.SENT, State.ACCEPTED, on=DAY + timedelta(1))
    with pytest.raises(BadInput, match="before"):
        move(State.SENT, State.ACCEPTED, since=DAY + timedelta(1))
    with pytest.raises(BadInput, match="nothing ends"):
        move(State.SENT, State.ACCEPTED, why=Why.NO_PLACE)


def test_somebody_looks_after_it_at_7_30_and_60_days_until_the_family_is_connected() -> None:
    assert follow_ups([]) == ()
    assert follow_ups(went((State.DRAFTED, 0))) == ()
    sent = went((State.DRAFTED, 0), (State.SENT, 2), (State.WAITLISTED, 5))
    assert follow_ups(sent) == tuple(FollowUp(days, DAY + timedelta(2 + days)) for days in (7, 30, 60))
    assert follow_ups([*sent, *went((State.CONTACTED, 9))]) == ()
    assert follow_ups([*sent, *went((State.DECLINED, 9))]) == ()


def test_how_long_it_stood_where() -> None:
    steps = went((State.SENT, 0), (State.WAITLISTED, 3))
    assert list(waited(steps, DAY + timedelta(40))) == [(State.SENT, 3), (State.WAITLISTED, 37)]
    over = [*steps, *went((State.DECLINED, 30))]
    assert list(waited(over, DAY + timedelta(40))) == [(State.SENT, 3), (State.WAITLISTED, 27), (State.DECLINED, 0)]


def test_the_diagram_is_drawn_from_the_table() -> None:
    drawn = diagram()
    assert "[*] --> drafted" in drawn
    assert drawn.count("-->") == 1 + sum(len(ways) or 1 for ways in MOVES.values())
    assert "started --> ended: program or sender" in drawn


@given(st.lists(st.sampled_from(State), max_size=8))
def test_whoever_follows_the_table_never_comes_back_from_what_is_over(wanted: list[State]) -> None:
    now = State.DRAFTED
    for to in wanted:
        was_over = now.is_over
        if to in MOVES[now]:
            now = to
        assert not was_over or now.is_over
