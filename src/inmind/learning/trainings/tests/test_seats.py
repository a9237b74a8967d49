"""Who has a seat, who waits, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.errors import BadInput, NotNow
from inmind.learning.trainings.seats import (
    MOST_SEATS,
    Seats,
    State,
    adds,
    answer_by,
    check_seats,
    offers,
    price,
    takes,
    walks_in,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOON = NOW + timedelta(days=7)

TAKES = {
    "nobody counts them": (Seats(True, SOON), State.REGISTERED),
    "some are left": (Seats(True, SOON, 10, 9), State.REGISTERED),
    "none is left": (Seats(True, SOON, 10, 10), State.WAITING),
    "one is free, and somebody waits for it": (Seats(True, SOON, 10, 9, waiting=1), State.WAITING),
    "there are fewer than are held": (Seats(True, SOON, 5, 9), State.WAITING),
}


@pytest.mark.parametrize(("there", "to"), TAKES.values(), ids=TAKES.keys())
def test_who_asks_has_a_seat_or_waits(there: Seats, to: State) -> None:
    assert takes(there, NOW) is to


REFUSED = {
    "called off": (Seats(False, SOON, is_called_off=True), "will not take place"),
    "closed": (Seats(False, SOON), "closed"),
    "without a day": (Seats(True, None), "closed"),
    "begun at this moment": (Seats(True, NOW), "has begun"),
}


@pytest.mark.parametrize(("there", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_where_seats_are_not_given_out_it_is_said_why(there: Seats, words: str) -> None:
    with pytest.raises(NotNow) as refusal:
        takes(there, NOW)
    assert words in refusal.value.in_english()


ADDS = {
    "before it begins": (Seats(True, SOON, 10, 9), SOON, State.REGISTERED),
    "before it begins, with none left": (Seats(True, SOON, 10, 10), SOON, State.WAITING),
    "a meeting is left": (Seats(True, NOW, 10, 9, waiting=3), SOON, State.REGISTERED),
    "a meeting is left, and nobody counts": (Seats(True, NOW), SOON, State.REGISTERED),
    "called off": (Seats(False, SOON, is_called_off=True), SOON, "will not take place"),
    "closed": (Seats(False, SOON), SOON, "Open it first"),
    "over": (Seats(True, NOW), NOW, "is over"),
    "a meeting is left, and no seat": (Seats(True, NOW, 10, 10), SOON, "more seats"),
}


@pytest.mark.parametrize(("there", "ends_at", "to"), ADDS.values(), ids=ADDS.keys())
def test_the_association_registers_somebody_until_it_is_over(there: Seats, ends_at: datetime, to: State | str) -> None:
    if isinstance(to, State):
        assert adds(there, ends_at, NOW) is to
        return
    with pytest.raises(NotNow) as refusal:
        adds(there, ends_at, NOW)
    assert to in refusal.value.in_english()


OFFERED = {
    "one was given up": (Seats(True, SOON, 10, 9, waiting=3), 1),
    "registration has closed, and the list is still served": (Seats(False, SOON, 10, 8, waiting=3), 2),
    "more are free than wait": (Seats(True, SOON, 10, 2, waiting=3), 3),
    "nobody counts them any more": (Seats(True, SOON, None, 9, waiting=3), 3),
    "none is free": (Seats(True, SOON, 10, 10, waiting=3), 0),
    "it has begun": (Seats(True, NOW, 10, 2, waiting=3), 0),
    "it is called off": (Seats(False, SOON, 10, 2, waiting=3, is_called_off=True), 0),
    "it has no day": (Seats(True, None, 10, 2, waiting=3), 0),
}


@pytest.mark.parametrize(("there", "number"), OFFERED.values(), ids=OFFERED.keys())
def test_so_many_who_wait_are_offered_a_seat(there: Seats, number: int) -> None:
    assert offers(there, NOW) == number


@given(seats=st.none() | st.integers(1, 50), held=st.integers(0, 60), waiting=st.integers(0, 60), is_open=st.booleans())
def test_no_more_seats_are_held_than_there_are(seats: int | None, held: int, waiting: int, is_open: bool) -> None:
    there = Seats(is_open, SOON, seats, held, waiting)
    given_out = offers(there, NOW)
    assert 0 <= given_out <= waiting
    if seats is not None and given_out:
        assert held + given_out <= seats
    if is_open and takes(there, NOW) is State.REGISTERED and seats is not None:
        assert held + waiting < seats, "whoever waits comes first"


def test_an_offer_never_runs_past_the_beginning() -> None:
    assert answer_by(NOW, SOON, 48) == NOW + timedelta(hours=48)
    assert answer_by(NOW, NOW + timedelta(hours=3), 48) == NOW + timedelta(hours=3)


@pytest.mark.parametrize("seats", [0, -1, MOST_SEATS + 1, 9])
def test_seats_that_cannot_be_are_refused(seats: int) -> None:
    """None at all, too many to mean it, and fewer than are held (ten)."""
    with pytest.raises(BadInput):
        check_seats(seats, 10)


def test_as_many_as_are_held_are_enough() -> None:
    check_seats(10, 10)
    check_seats(None, 10)


def test_a_member_pays_the_members_price() -> None:
    assert (price(1000, 2500, is_member=True), price(1000, 2500, is_member=False)) == (1000, 2500)


@pytest.mark.parametrize(
    ("there", "words"),
    [
        pytest.param(Seats(False, SOON, is_called_off=True), "will not take place", id="called off"),
        pytest.param(Seats(True, SOON), "not begun", id="before it begins"),
        pytest.param(Seats(True, None), "not begun", id="without a day"),
    ],
)
def test_nobody_walks_in_before_it_begins(there: Seats, words: str) -> None:
    """From its first minute on somebody may be there who was not registered, also where every seat is taken."""
    walks_in(Seats(False, NOW, 1, 1), NOW)
    with pytest.raises(NotNow, match=words):
        walks_in(there, NOW)
