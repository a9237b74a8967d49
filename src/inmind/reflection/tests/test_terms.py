"""What an agreement can say, who is found by what is looked for, and where people stand in the picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from inmind.foundation.errors import BadInput
from inmind.reflection import finding, picture, terms
from inmind.reflection.finding import Format, Meets, Offer, Wish
from inmind.reflection.sessions import OUTSIDE, About

SINCE = date(2026, 1, 10)


def check(
    format: Format = Format.GROUP, provider: str | None = "mira", people: Any = ("luz", "sam"), **said: Any
) -> None:
    terms.check(format, provider, people, **{"since": SINCE, "until": None, "seats": None, "cents": None} | said)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"people": ("luz", "mira")}, "held by themselves"),
        ({"provider": None}, "not said who gives"),
        ({"format": Format.PEER}, "not said who gives"),
        ({"format": Format.INDIVIDUAL}, "for one person"),
        ({"until": SINCE}, "not after the beginning"),
        ({"seats": 1}, "fewer places than people"),
        ({"seats": 201}, "or too many"),
        ({"people": (), "seats": 0}, "fewer places than people"),
        ({"cents": -1}, "price cannot be right"),
        ({"cents": 10_000_001}, "price cannot be right"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused(said: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        check(**said)


def test_an_agreement_that_can_be_is_kept() -> None:
    """No cap on a group: no source names one. A provider who is the line manager may hold: it is recorded, not refused."""
    check()
    check(Format.INDIVIDUAL, people=("luz",), until=date(2026, 1, 11), cents=0)
    check(Format.PEER, None, seats=2)
    check(people=tuple(map(str, range(60))), seats=60, cents=4500)


def test_codes_are_kept_sorted_and_nothing_else_is_taken_for_one() -> None:
    assert terms.codes({"MHM-C", "ERS_emerging"}) == "ERS_emerging MHM-C"
    assert terms.codes(frozenset()) == ""
    for wrong in ("two words", "", "a" * 25, "<b>"):
        with pytest.raises(ValueError, match="no code of a category"):
            terms.codes({wrong})


OFFER = Offer(Format.GROUP, Meets.VIDEO, frozenset({"en", "es"}), "America/Chicago", 4500, 2, frozenset({"MHM-C"}))


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (Wish(), True),
        (Wish(format=Format.GROUP, meets=Meets.VIDEO, language="es", zone="America/Chicago"), True),
        (Wish(most_cents=4500, holds="MHM-C", is_open=True), True),
        (Wish(format=Format.INDIVIDUAL), False),
        (Wish(meets=Meets.PHONE), False),
        (Wish(language="fr"), False),
        (Wish(zone="America/Denver"), False),
        (Wish(most_cents=4400), False),
        (Wish(holds="MHS"), False),
    ],
)
def test_each_wish_is_asked_by_itself(wish: Wish, found: bool) -> None:
    assert finding.fits(OFFER, wish) is found


def test_what_is_not_known_leaves_nobody_out_but_for_the_category() -> None:
    unknown = replace(OFFER, cents=None, free=None, holds=None)
    assert finding.fits(unknown, Wish(most_cents=0, is_open=True))
    assert not finding.fits(unknown, Wish(holds="MHM-C"))
    assert not finding.fits(replace(OFFER, free=0), Wish(is_open=True))


def test_those_who_hold_stand_above_and_those_who_are_held_below() -> None:
    drawn = picture.drawn(["Mira Vogel", "Ana Ruiz", "Noor Haddad-Fernández"], ["Sam Whitehorse-Castellanos"])
    above, below = [one for one in drawn.marks if one.holds_me], [one for one in drawn.marks if not one.holds_me]
    assert all(one.y < drawn.me for one in above)
    assert all(one.y > drawn.me for one in below)
    assert (above[2].name, below[0].name) == (
        "Noor Haddad-…",
        "Sam Whitehorse-Castellanos",
    )  # whoever stands alone has room
    assert all(one.y < drawn.height for one in drawn.marks)
    assert drawn.left_out == 0


def test_a_large_group_is_drawn_as_far_as_there_is_room() -> None:
    """The rest stands in the list."""
    drawn = picture.drawn([], [f"Person {number}" for number in range(12)])
    assert len(drawn.marks) == 9
    assert drawn.left_out == 3
    assert len({(one.x, one.y) for one in drawn.marks}) == 9
    assert picture.drawn([], []).marks == ()


TERMS = terms.Terms(until=None, minutes=60, weeks=2, cents=4500, about=About.DIRECT)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"until": SINCE}, "not after the beginning"),
        ({"until": date(2026, 3, 1)}, "You met since"),
        ({"minutes": 0}, "minutes cannot be right"),
        ({"minutes": 1441}, "minutes cannot be right"),
        ({"weeks": 3}, "not one of the choices"),
        ({"cents": -1}, "price cannot be right"),
    ],
)
def test_terms_that_cannot_be_said_anew_are_refused(said: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        terms.check_terms(replace(TERMS, **said), since=SINCE, last=date(2026, 3, 1))


def test_terms_that_can_be_said_anew_are_kept() -> None:
    terms.check_terms(TERMS, since=SINCE, last=date(2026, 3, 1))
    terms.check_terms(
        replace(TERMS, until=date(2026, 3, 2), weeks=None, cents=None), since=SINCE, last=date(2026, 3, 1)
    )
    terms.check_terms(replace(TERMS, until=date(2026, 1, 11)), since=SINCE, last=None)


@pytest.mark.parametrize(
    ("format", "provider", "by", "may"),
    [
        (Format.INDIVIDUAL, "mira", "luz", True),
        (Format.INDIVIDUAL, "mira", "mira", True),
        (Format.GROUP, "mira", "luz", False),
        (Format.GROUP, "mira", "mira", True),
        (Format.GROUP, OUTSIDE, "luz", True),
        (Format.PEER, None, "luz", True),
    ],
)
def test_who_says_the_terms_of_an_agreement(format: Format, provider: str | None, by: str, may: bool) -> None:
    assert terms.may_say(format, provider, by) is may


def test_the_month_with_most_hours_is_the_tallest_bar_and_what_waits_stands_on_what_was_confirmed() -> None:
    """A month without a session is drawn as nothing, and no month as missing."""
    first, quiet, last = picture.bars([(60, 0), (0, 0), (120, 60)])
    assert last.stands + last.waits == picture.TALLEST
    assert (quiet.stands, quiet.waits, quiet.stands_y) == (0, 0, picture.GROUND)
    assert first.stands < last.stands and last.waits_y + last.waits == last.stands_y
    assert picture.bars([(0, 0)])[0].stands == 0 and picture.bars([]) == ()
