"""Whether somebody may be reached by a way, at an hour, with these words. What nobody asked is not safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest

from inmind.foundation.errors import BadInput
from inmind.people.reaching import SAYINGS, Saying, Way, check_number, may_reach, next_time, open_ways

SATURDAY_NOON = datetime(2026, 11, 21, 12, 0)  # noqa: DTZ001 - a moment on the person's own clock
PHONE = Way("phone", "555-0142", True)


def at(hour: int, minute: int = 0) -> datetime:
    return SATURDAY_NOON.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("way", "moment", "tells", "may", "says"),
    [
        (PHONE, at(12), Saying.NOTHING, True, "is safe, at this time"),
        (replace(PHONE, safe=None), at(12), Saying.NOTHING, False, "Nobody has asked yet"),
        (replace(PHONE, safe=False), at(12), Saying.NOTHING, False, "this way is not safe"),
        (PHONE, at(12), Saying.AGENCY, False, "tell more than"),
        (replace(PHONE, may_say=Saying.AGENCY), at(12), Saying.AGENCY, True, "is safe"),
        (replace(PHONE, may_say=Saying.AGENCY), at(12), Saying.ANYTHING, False, "tell more than"),
        (replace(PHONE, may_say=Saying.ANYTHING), at(12), Saying.ANYTHING, True, "is safe"),
        (replace(PHONE, after=time(9), before=time(15)), at(8, 59), Saying.NOTHING, False, "at other times"),
        (replace(PHONE, after=time(9), before=time(15)), at(9), Saying.NOTHING, True, "is safe"),
        (replace(PHONE, after=time(9), before=time(15)), at(15), Saying.NOTHING, False, "at other times"),
        (replace(PHONE, after=time(9)), at(23), Saying.NOTHING, True, "is safe"),
        (replace(PHONE, before=time(9)), at(8), Saying.NOTHING, True, "is safe"),
        (replace(PHONE, before=time(9)), at(9), Saying.NOTHING, False, "at other times"),
        (replace(PHONE, after=time(21), before=time(5)), at(23), Saying.NOTHING, True, "is safe"),
        (replace(PHONE, after=time(21), before=time(5)), at(4), Saying.NOTHING, True, "is safe"),
        (replace(PHONE, after=time(21), before=time(5)), at(12), Saying.NOTHING, False, "at other times"),
        (replace(PHONE, weekdays="12345"), at(12), Saying.NOTHING, False, "at other times"),
        (replace(PHONE, weekdays="6"), at(12), Saying.NOTHING, True, "is safe"),
    ],
    ids=[
        "safe at any time",
        "not asked",
        "not safe",
        "neutral words only",
        "may say who calls",
        "may not say what about",
        "may say all",
        "a minute too early",
        "on the hour",
        "too late",
        "from nine, no end",
        "until nine",
        "nine is too late",
        "at night, before midnight",
        "at night, after midnight",
        "not at noon",
        "weekdays only",
        "Saturdays",
    ],
)
def test_a_way(way: Way, moment: datetime, tells: Saying, may: bool, says: str) -> None:
    """Safe, then, so much: each with its sentence."""
    verdict = may_reach(way, at=moment, tells=tells)
    assert bool(verdict) is may
    assert says in verdict.sentence


def test_each_channel_stands_for_itself() -> None:
    """One number: a call is safe, a text message is not."""
    ways = [
        PHONE,
        replace(PHONE, channel="text", safe=False),
        replace(PHONE, channel="mail", address="rosa@example.org"),
    ]
    assert list(open_ways(ways, "phone", at=SATURDAY_NOON)) == [PHONE]
    assert list(open_ways(ways, "text", at=SATURDAY_NOON)) == []
    assert [way.address for way in open_ways(ways, "mail", at=SATURDAY_NOON)] == ["rosa@example.org"]


def test_every_saying_has_its_words() -> None:
    """A new one does not slip by."""
    assert set(SAYINGS) == set(Saying)


@pytest.mark.parametrize(
    ("way", "moment", "when"),
    [
        (replace(PHONE, after=time(9), before=time(15)), at(16), datetime(2026, 11, 22, 9)),  # noqa: DTZ001
        (replace(PHONE, after=time(9), before=time(15)), at(8), at(9)),
        (replace(PHONE, weekdays="1"), at(12), datetime(2026, 11, 23)),  # noqa: DTZ001
        (replace(PHONE, before=time(9)), at(10), datetime(2026, 11, 22)),  # noqa: DTZ001
        (replace(PHONE, safe=None), at(10), None),
    ],
    ids=["tomorrow at nine", "today at nine", "on Monday", "after midnight", "never, before somebody has asked"],
)
def test_the_next_time_at_which_it_is_safe(way: Way, moment: datetime, when: datetime | None) -> None:
    """What cannot leave now waits for this."""
    assert next_time([way], "phone", at=moment) == when


@pytest.mark.parametrize(
    "number", ["555-0142", "(555) 014-2000", "+1 555 014 2000", "555.014.2000 ext. 12", "5550142x3"]
)
def test_a_number_that_can_be_dialled_is_one(number: str) -> None:
    check_number(number, field="phone")


@pytest.mark.parametrize(
    "number", ["call after 6", "555-01", "555-0142 call after 6", "call 555-0142", "911 ext 5550142"]
)
def test_words_and_too_few_digits_are_no_number(number: str) -> None:
    """The refusal stands at the field that was given."""
    with pytest.raises(BadInput, match="at least 7 digits and no words") as refusal:
        check_number(number, field="address")
    assert refusal.value.field == "address"
