"""Where a letter is, how long it is tried, and what its sender tells. No database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inmind.messages.errors import NotTaken, Stopped, TryLater
from inmind.messages.outcomes import (
    LEFT_BY,
    PATIENT_TRIES,
    PROBLEMS,
    SAYS,
    TRIES,
    Problem,
    State,
    next_try,
    state_of,
    telling_words,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Fate:
    sent_at: datetime | None = None
    stayed: bool = False
    taken_back_at: datetime | None = None
    failed_at: datetime | None = None
    problem: str = ""
    waits_until: datetime | None = None


@pytest.mark.parametrize(
    ("fate", "state", "moment"),
    [
        ({}, State.QUEUED, None),
        ({"waits_until": NOON}, State.WAITS, NOON),
        ({"waits_until": NOON, "problem": "later"}, State.HELD_UP, NOON),
        ({"failed_at": NOON, "problem": "not_taken"}, State.FAILED, NOON),
        ({"taken_back_at": NOON}, State.TAKEN_BACK, NOON),
        ({"sent_at": NOON}, State.LEFT, NOON),
        ({"sent_at": NOON, "stayed": True}, State.STAYED, NOON),
        ({"sent_at": NOON, "taken_back_at": NOON - timedelta(seconds=1)}, State.LEFT, NOON),
    ],
    ids=lambda one: str(one) if isinstance(one, State) else None,
)
def test_where_a_letter_is(fate: dict[str, Any], state: State, moment: datetime | None) -> None:
    """What left in the moment in which somebody took it back has left: that is what is said."""
    assert state_of(Fate(**fate)) == (state, moment)


def test_every_state_and_every_problem_has_its_words() -> None:
    assert set(SAYS) == set(State) and set(PROBLEMS) == set(Problem) and set(LEFT_BY) == {"mail", "text"}
    assert Stopped(Problem.UNSAFE).found == PROBLEMS[Problem.UNSAFE][0]
    assert NotTaken().problem is Problem.NOT_TAKEN and TryLater("HTTP 503").why == "HTTP 503"


@pytest.mark.parametrize(
    ("is_patient", "tries", "hours"), [(False, TRIES, (0.2, 0.6)), (True, PATIENT_TRIES, (20, 25))]
)
def test_how_long_a_carrier_is_asked_again(is_patient: bool, tries: int, hours: tuple[float, float]) -> None:
    """A worker's letter gives up within the half hour, so that it climbs; a caregiver's goes on for most of a day."""
    pauses = [next_try(number, is_patient=is_patient) for number in range(1, tries)]
    assert pauses[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert all(pause and pause <= timedelta(hours=1) for pause in pauses)
    assert hours[0] <= sum((pause for pause in pauses if pause), timedelta()) / timedelta(hours=1) <= hours[1]
    assert next_try(tries, is_patient=is_patient) is None


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (("Notes <notes@example.org>", "pages.example.org"), []),
        (("Harbor <notes@example.org>", "pages.example.org"), ["harbor"]),
        (("Notes <a@harborfamily.example>", "bebé.example.org"), ["bebe", "family", "harbor"]),
        (("Notes <a@b.example>", "infantmentalhealth.example.org"), ["health", "infant", "mental"]),
    ],
)
def test_protect_4_what_a_sender_and_an_address_tell(shown: tuple[str, ...], told: list[str]) -> None:
    """Whoever finds a letter reads these first. Short words of a name stand in many addresses, and are passed over."""
    assert telling_words(shown, ["Harbor Home of Ann"]) == told
