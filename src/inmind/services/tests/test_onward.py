"""What the adult whom a referral concerns reads of it: who calls when, and that waiting is never hers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inmind.services.referrals.onward import STILL_TOLD, Told, is_told, sentences
from inmind.services.referrals.referral import State, Why

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)


def told(state: State, **said: object) -> Told:
    return Told(**{"program": "Nurses at home", "state": state, "on": TODAY - 3 * DAY, "sent": TODAY - 9 * DAY} | said)  # type: ignore[arg-type]


def words(one: Told) -> str:
    return " ".join(sentence.words % sentence.facts for sentence in sentences(one, TODAY))


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (told(State.SENT), "That is theirs to do, not yours"),
        (told(State.SENT, by_family=True), "You take this to Nurses at home yourself"),
        (told(State.RECEIVED), "has not decided yet. That is theirs to do"),
        (told(State.ACCEPTED, caller="Rosa"), "said yes. Rosa will call you"),
        (told(State.ACCEPTED, caller="Rosa", calls_on=TODAY), "Rosa will call on 2026-11-21"),
        (told(State.ACCEPTED, caller="Rosa", calls_on=TODAY - DAY), "If nobody did, that is theirs: tell us"),
        (told(State.ACCEPTED, caller="Rosa", calls_said="A nurse."), "Rosa says: “A nurse.”"),
        (told(State.RECEIVED, is_read=False), "Nothing of it is told to Nurses at home now."),
        (told(State.ACCEPTED), "Nurses at home said yes, and will call you."),
        (told(State.ACCEPTED, calls_on=TODAY), "Nurses at home said yes, and will call on 2026-11-21."),
        (told(State.ACCEPTED, calls_on=TODAY - DAY, calls_said="Hi."), "Nurses at home was to call on 2026-11-20."),
        (told(State.WAITLISTED), "It is they who have none"),
        (told(State.WAITLISTED), "a court too, is that they had no place"),
        (told(State.WAITLISTED, waits_until=TODAY + DAY), "They named 2026-11-22"),
        (told(State.CONTACTED), "You have heard from Nurses at home"),
        (told(State.STARTED), "It has begun with Nurses at home"),
        (told(State.ENDED, why=Why.COMPLETED), "It ended with Nurses at home"),
        (told(State.DECLINED, why=Why.NO_FUNDS), "That is not yours"),
        (told(State.CLOSED, why=Why.NOT_REACHED), "That is not yours"),
        (told(State.CLOSED, why=Why.FAMILY_CHOSE_OTHERWISE), "You chose not to go on"),
        (told(State.CLOSED, why=Why.CONSENT_WITHDRAWN), "You took back what may be told"),
        (told(State.RECEIVED, met="Rosa", met_on=TODAY), "You met Rosa of Nurses at home"),
    ],
    ids=lambda one: one.state if isinstance(one, Told) else "",
)
def test_each_state_says_what_happens_next_and_whose_it_is(one: Told, says: str) -> None:
    assert says in words(one)


def test_nothing_is_said_of_a_draft_and_what_is_over_is_said_for_a_month() -> None:
    assert not is_told(told(State.DRAFTED, sent=None), TODAY)
    assert is_told(told(State.STARTED, on=TODAY - 400 * DAY), TODAY)
    over = told(State.ENDED, why=Why.COMPLETED)
    assert is_told(over, over.on + STILL_TOLD)
    assert not is_told(over, over.on + STILL_TOLD + DAY)
    assert "You met" not in words(told(State.ENDED, why=Why.COMPLETED, met="Rosa", met_on=TODAY))
