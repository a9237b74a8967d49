"""What fits somebody who says little, at every child that they could have meant; counties and wonders as their files say them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.loading import ours, parse
from inmind.foundation.values import Age
from inmind.services.adapters.catalog import asked, known_counties, not_at_once, programs, wondered
from inmind.services.finder import wonders
from inmind.services.finder.finding import Findings, Fit, Said, could_be, find
from inmind.services.fitting.eligibility import State
from inmind.services.listings import counties
from inmind.services.listings.listing import Listing, Offers, Opening

TODAY = date(2026, 11, 21)
ONE = UUID(int=1)


def listed(program: str = "", number: int = 1, **said: object) -> Listing:
    offers = Offers.PROGRAM if program else Offers.FOOD
    return Listing(UUID(int=number), program or "food", said.pop("offers", offers), TODAY, program=program, **said)  # type: ignore[arg-type]


def found(said: Said, *listings: Listing, on: date = TODAY) -> Findings:
    known = {"programs": programs(), "questions": asked(), "wonders": wondered(), "table": not_at_once()}
    return find(said, listings, on, **known)  # type: ignore[arg-type]


def only(said: Said, program: str, **listing: object) -> Fit:
    there = found(said, listed(program, **listing))
    (fit,) = (*there.now, *there.later, *there.too_late, *(one for right in there.rights for one in right.fits))
    return fit


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 5), st.none() | st.integers(0, 11))
def test_every_child_of_the_age_that_was_said_lies_between_the_two(on: date, years: int, months: int | None) -> None:
    young, old = could_be(Said(years=years, months=months), on)
    assert young.born is not None
    assert old.born is not None
    low, high = 12 * years + (months or 0), 12 * years + (11 if months is None else months)
    assert Age.between(young.born, on).months == low
    assert Age.between(old.born, on).months == high
    day = timedelta(days=1)
    assert young.born == on or young.born + day > on or Age.between(young.born + day, on).months < low
    assert Age.between(old.born - day, on).months > high


def test_a_child_that_is_expected_comes_in_its_month_and_never_before_today() -> None:
    late, early = could_be(Said(expecting=True, due=date(2026, 11, 1)), TODAY)
    assert (early.expected, late.expected) == (TODAY, date(2026, 11, 30))
    late, early = could_be(Said(expecting=True), TODAY)
    assert (early.expected, late.expected) == (TODAY, TODAY + timedelta(days=280))


def test_it_says_until_which_age_and_in_how_many_months() -> None:
    closes = only(Said(years=1, months=8), "pcit_t").closes
    assert closes is not None
    assert (closes.months, closes.left) == (24, (3, 4))
    a_year = only(Said(years=1), "pcit_t").closes
    assert a_year is not None
    assert a_year.left == (0, 12)
    school = only(Said(years=1, months=8), "pat").closes
    assert school is not None
    assert (school.months, school.left) == (None, (27, 28))


def test_what_depends_on_the_day_of_birth_is_asked_and_never_a_no() -> None:
    """A child of a year, some months unknown, and a program that begins at six months or ends within the year."""
    fit = only(Said(years=0), "abc_infant")
    assert (fit.state, fit.by_age) == (State.ASK, True)
    known = only(Said(years=0, months=7), "abc_infant")
    assert (known.state, known.by_age) == (State.ASK, False)
    assert [one.key for group in known.asks for one in group.questions] == ["early_adversity"]


def test_by_the_28th_week_and_before_the_birth_are_said_as_such() -> None:
    week = only(Said(expecting=True, due=date(2027, 2, 1)), "nfp").closes
    assert week is not None
    assert (week.week, week.at_birth) == (28, False)
    birth = only(Said(expecting=True, due=date(2027, 2, 1)), "mtb").closes
    assert birth is not None
    assert (birth.week, birth.at_birth) == (None, True)


def test_what_opens_later_says_when_and_what_is_far_off_is_left_out() -> None:
    fit = only(Said(years=1, months=8), "pcit")
    assert (fit.state, fit.opens) == (State.LATER, (3, 4))
    assert not found(Said(years=0, months=1), listed("pcit")).later


def test_a_list_that_outlasts_the_window_is_said_and_not_hidden() -> None:
    said, waits = Said(years=1, months=10), Opening(TODAY, free=0, waits_days=150)
    assert only(said, "pcit_t", opening=waits).too_late
    gone = found(Said(years=3), listed("pcit_t", opening=waits))
    assert gone == replace(gone, now=(), later=(), too_late=())


def test_a_wonder_answers_what_it_says_and_opens_its_own_shelves() -> None:
    by_mark = wondered().by_mark
    crying = Said(years=0, months=3, wonders=(by_mark["3"],))
    assert only(crying, "fussy_baby").state is State.NOW
    assert only(replace(crying, wonders=()), "fussy_baby").asks[0].one_is_enough
    assert not found(crying, listed("triple_p_4")).now
    assert not found(crying, listed()).now
    assert found(Said(wonders=(by_mark["8"],)), listed()).now
    assert not found(crying, listed("no_such_program")).now
    assert found(Said(), listed("no_such_program")).now[0].state is State.ASK


def test_who_says_nothing_sees_everything_as_something_to_ask_about() -> None:
    there = found(Said(), *(listed(key, number) for number, key in enumerate(programs())), listed(number=99))
    assert {one.state for one in there.now if one.listing.program} == {State.ASK}
    assert len(there.now) == len(programs()) + 1 - 2
    assert [one.right.program for one in there.rights] == ["part_c", "part_b_619"]


@pytest.mark.parametrize(
    ("said", "rights"),
    [
        (Said(years=2, months=11), ["part_c"]),
        (Said(years=3, months=0), ["part_b_619"]),
        (Said(years=2), ["part_c"]),
        (Said(expecting=True), []),
    ],
    ids=["under three", "three", "two, months not known", "expected"],
)
def test_a_right_stands_by_itself_at_its_age_whatever_was_wondered_about(said: Said, rights: list[str]) -> None:
    said = replace(said, wonders=(wondered().by_mark["9"],))
    there = found(said, listed("part_c"))
    assert [one.right.program for one in there.rights] == rights
    assert not there.now
    assert [len(one.fits) for one in there.rights if one.right.program == "part_c"] == [1] * ("part_c" in rights)


def test_a_safe_house_stands_first_only_where_it_was_asked_for() -> None:
    both = listed(offers=Offers.SAFETY_AT_HOME), listed(number=2, offers=Offers.HOUSING)
    assert [one.listing.offers for one in found(Said(), *both).now] == [Offers.HOUSING, Offers.SAFETY_AT_HOME]
    asked_for = found(Said(wonders=(wondered().by_mark["7"],)), *both).now
    assert asked_for[0].listing.offers is Offers.SAFETY_AT_HOME


def test_a_county_narrows_and_none_does_not() -> None:
    there = listed(reaches=frozenset({"17031"}))
    assert found(Said(county="17031"), there).now
    assert not found(Said(county="17097"), there).now
    assert found(Said(), there).now
    somewhere, food = listed(says_where=False), listed(number=2)
    both = found(Said(county="17031"), somewhere, food).now
    assert [(one.listing, one.state) for one in both] == [(food, State.NOW), (somewhere, State.ASK)]


def test_two_that_offer_one_program_fit_alike_and_each_is_told() -> None:
    there = found(Said(years=1, months=8), listed("pat"), listed("pat", number=2))
    fits = [fit for fit in (*there.now, *there.later) if fit.listing.program == "pat"]
    assert {fit.listing.id for fit in fits} == {ONE, UUID(int=2)}
    assert len({fit.state for fit in fits}) == 1


# The files


def test_counties_are_those_of_the_state_and_those_that_are_listed_besides() -> None:
    known = known_counties()
    assert known["17031"] == counties.County("17031", "Cook County", "IL")
    offered = counties.offered(known, "DE", ["17031", "10001", "00000"])
    assert [one.name for one in offered] == ["Kent County", "New Castle County", "Sussex County", "Cook County"]
    assert counties.offered(known, "", []) == []


def test_a_county_without_a_code_and_one_that_stands_twice_are_refused() -> None:
    head = (
        "title: t\nedition: '1'\ndate: 2026-11-21\nkey: counties\nlicence: ours\nsources: {a: {what: b, read: true}}\n"
    )
    for rows in ("[Cook County]", "['17031 Cook County', '17031 Cook']"):
        with pytest.raises(BadCatalog):
            counties.load(parse(f"{head}states: {{IL: {rows}}}\n", "a file"))


CATEGORIES = {key: one.category for key, one in programs().items()}


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("categories: [early_education, home_visiting]", "categories: [no_such]"),
        ("answers: [crying_concern]", "answers: [no_such]"),
        ("mark: '9'", "mark: '8'"),
        ("offers: [food, diapers, housing]", "offers: []"),
        ("offers: [food, diapers, housing]", "offers: [gold]"),
        ("  diapers: {says", "  nappies: {says"),
        ("- program: part_c", "- program: no_such"),
        ("when_source: c303_310", "when_source: nowhere"),
    ],
)
def test_a_wonder_that_leads_to_what_is_not_there_is_refused(text: str, other: str) -> None:
    (ours_,) = (one for one in ours("services", "catalog/rules") if one.file.endswith("wonders.yaml"))
    whole = (resources.files("inmind") / ours_.file).read_text(encoding="utf-8")
    assert text in whole
    with pytest.raises(BadCatalog):
        wonders.load(parse(whole.replace(text, other), "a file"), CATEGORIES, frozenset(asked()))


def test_each_wonder_is_said_in_both_languages_and_leads_somewhere() -> None:
    all_of = wondered()
    assert len(all_of.by_mark) == 9
    assert Said(wonders=tuple(all_of.by_mark.values())).helps_first
    assert not Said().helps_first
    assert Said(wonders=(all_of.by_mark["7"],)).is_about(Offers.SAFETY_AT_HOME)
    assert not Said(wonders=(all_of.by_mark["9"],)).is_about(Offers.SAFETY_AT_HOME)
    assert {one.key for one in all_of.by_mark.values() if one.help} == {"mood", "safety"}
    assert all_of.plain["food"].said("es") != all_of.plain["food"].said("en")


def test_who_speaks_another_language_comes_after_who_speaks_the_one_that_was_chosen() -> None:
    """Also where it fits better."""
    child = Said(years=1, months=2)
    listings = (listed(program, number) for number, program in enumerate(programs(), 1))
    asked_for = [fit for fit in found(child, *listings).now if fit.state is State.ASK]
    better, other = (next(fit.listing.program for fit in asked_for if fit.by_age is age) for age in (False, True))
    english = listed(better, 1, languages=frozenset({"en"}))
    both = listed(other, 2, languages=frozenset({"en", "es"}))
    assert [fit.listing for fit in found(child, english, both).now] == [english, both]
    there = found(replace(child, language="es"), english, both).now
    assert [(fit.listing, fit.found.speaks) for fit in there] == [(both, True), (english, False)]
