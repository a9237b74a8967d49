"""Listings beside a family: what is shown, in which order, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.services.adapters.catalog import asked, not_at_once, programs
from inmind.services.fitting.eligibility import Family, State
from inmind.services.fitting.matching import Found, Terms, Wish, matches
from inmind.services.listings.listing import Listing, Offers, Opening, Place, Standing

TODAY = date(2026, 11, 21)
YES = Family(born=date(2025, 1, 21), answers=dict.fromkeys(asked(), True))
HOME = Place(47.60, -122.33)
WISH = Wish(languages=frozenset({"es"}), county="53033", place=HOME)


def listing(number: int, program: str = "cpp", **said: object) -> Listing:
    kept = {"confirmed_on": TODAY, "offers": Offers.PROGRAM if program else Offers.FOOD, **said}
    return Listing(UUID(int=number), f"Listing {number}", program=program, **kept)  # type: ignore[arg-type]


def found(*listings: Listing, wish: Wish = WISH, family: Family = YES, on: date = TODAY) -> list[Found]:
    return matches(family, wish, listings, on, programs=programs(), questions=asked(), table=not_at_once())


def order(*listings: Listing, wish: Wish = WISH) -> list[int]:
    return [one.listing.id.int for one in found(*listings, wish=wish)]


def said(one: Found) -> dict[str, bool | None]:
    return {reason.rule: reason.holds for reason in one.why}


def test_a_place_that_comes_too_late_is_a_no_and_the_next_that_fits_stands_before_it() -> None:
    late = listing(1, "pcit_t", opening=Opening(TODAY, waits_days=92))
    there = found(late, listing(2, "cpp"))
    assert [(one.listing.id.int, one.state) for one in there] == [(2, State.NOW), (1, State.NO)]
    assert "too late" in there[1].why[0].says


def test_what_fits_now_stands_before_what_must_be_asked_before_what_opens_later() -> None:
    family = replace(YES, answers={**YES.answers, "caregiver_participates": None})
    there = found(listing(1, "abc_ec"), listing(2, "cpp"), listing(3, "pfr"), family=family)
    assert [(one.listing.id.int, one.state) for one in there] == [(3, State.NOW), (2, State.ASK), (1, State.LATER)]


def test_what_closes_soon_is_said_first() -> None:
    on = date(2027, 1, 1)  # twenty days before the second birthday
    there = found(listing(1, "cpp"), listing(2, "pcit_t"), on=on)
    assert [one.listing.id.int for one in there] == [2, 1]
    assert any(reason.rule == "time_left" and reason.facts["days"] == "20" for reason in there[0].why)


def test_then_the_language_then_the_opening_then_the_way() -> None:
    assert order(
        listing(1, languages=frozenset({"en"})), listing(2), listing(3, languages=frozenset({"es", "en"}))
    ) == [3, 2, 1]
    assert order(
        listing(1),
        listing(2, opening=Opening(TODAY, waits_days=10)),
        listing(3, opening=Opening(TODAY, free=1)),
        listing(4, opening=Opening(TODAY, opens_on=TODAY + timedelta(5))),
    ) == [3, 4, 2, 1]
    assert order(listing(1), listing(2, place=Place(47.9, -122.3)), listing(3, place=HOME)) == [3, 2, 1]


def test_two_long_models_at_once_are_a_no_that_says_so() -> None:
    expecting = Family(expected=TODAY + timedelta(98), answers=YES.answers)
    there = found(listing(1, "hfa"), wish=replace(WISH, enrolled=(programs()["nfp"],)), family=expecting)
    assert there[0].state is State.NO
    assert there[0].why[0].rule == "beside"


@pytest.mark.parametrize(
    ("age", "stands"),
    [(179, Standing.CONFIRMED), (180, Standing.ASKED), (209, Standing.ASKED), (210, Standing.EXPIRED)],
)
def test_a_listing_expires_unless_somebody_confirms_it(age: int, stands: Standing) -> None:
    one = listing(1, confirmed_on=TODAY - timedelta(age))
    assert one.stands(TODAY, Terms().term, Terms().grace) is stands
    there = found(one)
    assert bool(there) is (stands is not Standing.EXPIRED)
    assert not there or ("confirmed" in said(there[0])) is (stands is Standing.ASKED)


def test_what_is_closed_elsewhere_or_something_else_is_left_out() -> None:
    gone, elsewhere, food = listing(1, closed_on=TODAY), listing(2, reaches=frozenset({"53035"})), listing(3, "")
    assert order(gone, elsewhere, food) == []
    wish = replace(WISH, needs=frozenset({Offers.FOOD}), county="53035")
    assert order(gone, elsewhere, food, wish=wish) == [3]


def test_where_nobody_has_said_what_it_serves_it_is_asked_about_and_stands_behind_what_is_open() -> None:
    unknown, known = listing(1, "cpp", says_where=False), listing(2, "cpp", reaches=frozenset({"53033"}))
    there = found(unknown, known, listing(3, "abc_ec", says_where=False))
    assert [(one.listing.id.int, one.state) for one in there] == [(2, State.NOW), (1, State.ASK), (3, State.LATER)]
    assert (said(there[0]).get("where", True), said(there[1])["where"], there[1].reaches) == (True, None, None)


def test_what_nobody_has_said_is_said() -> None:
    there = found(listing(1), wish=Wish())[0]
    assert (there.starts, there.km, there.speaks) == (None, None, None)
    assert said(there)["opening"] is None
    assert said(found(listing(1, languages=frozenset({"en"})))[0])["language"] is False
    assert said(found(listing(1, opening=Opening(TODAY)))[0])["opening"] is None


def test_the_way_is_that_along_the_earth() -> None:
    """Seattle to Portland is about 234 km, as a bird goes; a degree of latitude 111.2."""
    assert Place(47.6062, -122.3321).km_to(Place(45.5152, -122.6784)) == pytest.approx(234, abs=1)
    assert Place(0, 0).km_to(Place(1, 0)) == pytest.approx(111.195, abs=0.001)


@given(st.permutations(range(8)))
def test_the_row_does_not_depend_on_the_order_in_which_listings_come(numbers: list[int]) -> None:
    keys = sorted(programs())
    rows = [listing(number, keys[number]) for number in numbers]
    assert order(*rows) == order(*sorted(rows, key=lambda one: one.id.int))
