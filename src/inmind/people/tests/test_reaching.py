"""Whether somebody may be reached by a way, at an hour, with these words. What nobody asked is not safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest

from inmind.foundation.errors import BadInput
from inmind.people.reaching import (
    SAYINGS,
    Choice,
    Saying,
    Shut,
    Way,
    check_mail,
    check_number,
    choose,
    may_reach,
    next_time,
    open_ways,
    spaced,
    text_number,
)

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


MAIL = Way("mail", "rosa@example.org", True)
TEXT = Way("text", "+12025550142", True)
NINE_TO_THREE = {"after": time(9), "before": time(15)}
TOMORROW_AT_NINE = datetime(2026, 11, 22, 9)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("ways", "channels", "moment", "tells", "chosen"),
    [
        ([MAIL, TEXT], ("text", "mail"), at(12), 0, Choice((TEXT, MAIL))),
        ([MAIL, TEXT], ("mail", "text"), at(12), 0, Choice((MAIL, TEXT))),
        ([MAIL, TEXT], ("mail",), at(12), 0, Choice((MAIL,))),
        ([MAIL, replace(TEXT, **NINE_TO_THREE)], ("text", "mail"), at(20), 0, Choice((MAIL,))),
        ([replace(MAIL, after=time(22)), replace(TEXT, **NINE_TO_THREE)], ("text", "mail"), at(20), 0, Choice(opens=at(22))),
        ([replace(MAIL, safe=False), replace(TEXT, **NINE_TO_THREE)], ("text", "mail"), at(20), 0, Choice(opens=TOMORROW_AT_NINE)),
        ([MAIL, replace(TEXT, may_say=Saying.AGENCY)], ("text", "mail"), at(12), 1, Choice((replace(TEXT, may_say=Saying.AGENCY),))),
        ([MAIL, TEXT], ("text", "mail"), at(12), 2, Choice(shut=Shut.NEVER)),
        ([replace(TEXT, after=time(9), before=time(9))], ("text",), at(12), 0, Choice(shut=Shut.NEVER)),
        ([PHONE], ("text", "mail"), at(12), 0, Choice(shut=Shut.NONE)),
        ([MAIL], ("text",), at(12), 0, Choice(shut=Shut.NONE)),
        ([replace(MAIL, safe=None), replace(TEXT, safe=False)], ("text", "mail"), at(12), 0, Choice(shut=Shut.UNASKED)),
        ([replace(MAIL, safe=False), replace(TEXT, safe=False)], ("text", "mail"), at(12), 0, Choice(shut=Shut.UNSAFE)),
        ([], ("text", "mail"), at(12), 0, Choice(shut=Shut.NONE)),
    ],
    ids=[
        "both: the first that is named",
        "both, the other way round",
        "one channel alone",
        "a text is not safe at night, mail is",
        "neither now: the sooner",
        "never by mail: the text tomorrow",
        "only where so much may be said",
        "too much for any of them",
        "an hour that never comes",
        "a call is no letter",
        "asked for by text, and there is none",
        "nobody has asked",
        "never safe",
        "nothing is known",
    ],
)  # fmt: skip
def test_protect_4_which_way_a_letter_takes(
    ways: list[Way], channels: tuple[str, ...], moment: datetime, tells: int, chosen: Choice
) -> None:
    """Of what is safe, then, for so much: those that are open; else the hour at which the first opens; else why none does."""
    assert choose(ways, channels, at=moment, tells=Saying(tells)) == chosen


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("(202) 555-0142", "+12025550142"),
        ("202.555.0142", "+12025550142"),
        (" 1 202 555 0142 ", "+12025550142"),
        ("+1 (202) 555\u20110142", "+12025550142"),
        ("+52 55 5555 0142", "+525555550142"),
        ("011 52 55 5555 0142", "+525555550142"),
        ("00 44 20 7946 0142", "+442079460142"),
    ],
)
def test_a_number_for_texts_is_read_as_it_is_written(typed: str, dialled: str) -> None:
    """E.164, whatever stands between the digits."""
    assert text_number(typed) == dialled


@pytest.mark.parametrize(
    "typed",
    [
        *("", "555-0142", "(102) 555-0142", "(202) 155-0142", "+1 202 555 014", "+1 102 555 0142", "22 555 0142 123"),
        *("202 555 0142 x3", "call 202 555 0142", "+52 555", "+5255555501421234", "２０２５５５０１４２", "+12025550142\n+12025550143"),
        *("2025550142;2025550143", "9" * 10_000),
    ],
)  # fmt: skip
def test_a_number_that_is_none_is_refused_with_what_is_expected(typed: str) -> None:
    """What was found, cut short; what is expected."""
    with pytest.raises(BadInput, match="ten digits of a number with its area") as refusal:
        text_number(typed, field="address")
    assert refusal.value.field == "address" and len(str(refusal.value)) < 300


def test_a_number_is_shown_as_it_is_read_aloud() -> None:
    assert [spaced(one) for one in ("+12025550142", "+525555550142", "555-0142")] == [
        "+1 202 555 0142",
        "+525555550142",
        "555-0142",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        *("", "rosa", "rosa@home", "a@b.org, c@d.org", "a@b.org;c@d.org", "Rosa <rosa@example.org>", "a b@example.org"),
        *("a@example.org\nBcc: b@example.org", "a@@example.org", '"a@b"@example.org', "x" * 65 + "@example.org", "josé@example.org"),
    ],
)  # fmt: skip
def test_an_address_that_is_none_or_two_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="It is one address"):
        check_mail(typed)


@pytest.mark.parametrize("typed", ["rosa@example.org", " o'brien+baby@mail.example.org ", "ana@correo-niño.example"])
def test_one_address_is_one(typed: str) -> None:
    check_mail(typed)
