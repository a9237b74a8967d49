"""Which program a family can enter: the places where a toy goes wrong, and what holds for every family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.catalogs import Confidence, Sourced
from inmind.foundation.values import Age
from inmind.services.adapters.catalog import asked, programs
from inmind.services.fitting.eligibility import AIM, SCHOOL, WEEK, Family, Match, Readings, State, eligible
from inmind.services.fitting.program import Criteria, Criterion, Program, Reading, Until, WiderBound, Window

TODAY = date(2026, 11, 21)
YES: Mapping[str, bool | None] = dict.fromkeys(asked(), True)
FIRST = Family(answers=YES)


def match(key: str, family: Family, on: date = TODAY, starts: date | None = None, **readings: object) -> Match:
    return eligible(programs()[key], family, on, questions=asked(), starts=starts, readings=Readings(**readings))  # type: ignore[arg-type]


def pregnant(weeks: int, days: int = 0, **family: object) -> Family:
    """A pregnancy of so many weeks and days today, about whose family every question is answered with yes."""
    return replace(FIRST, expected=TODAY + timedelta(280 - 7 * weeks - days), **family)  # type: ignore[arg-type]


def born(months: int, days: int = 0) -> Family:
    """A child whose age today is so many completed months and days."""
    there = next(
        day for ago in range(4000) if Age.between(day := TODAY - timedelta(ago), TODAY) == Age(months=months, days=days)
    )
    return replace(FIRST, born=there)


@pytest.mark.parametrize(
    ("reading", "last"), [(Reading.BEFORE, (27, 6)), (Reading.ON, (28, 0)), (Reading.THROUGH, (28, 6))]
)
def test_three_readings_of_week_28(reading: Reading, last: tuple[int, int]) -> None:
    week = {"nfp": reading}
    found = match("nfp", pregnant(*last), week=week)
    assert found.state is State.NOW
    assert found.days_left == 1
    after = pregnant(last[0], last[1] + 1)
    assert match("nfp", after, week=week).state is State.NO


def test_the_week_between_the_readings_is_asked_about_until_somebody_says() -> None:
    assert match("nfp", pregnant(27, 6)).state is State.NOW
    for day in range(7):
        found = match("nfp", pregnant(28, day))
        assert (found.state, found.asks) == (State.ASK, (WEEK,))
    assert match("nfp", pregnant(29)).state is State.NO


def test_a_child_of_22_months_on_a_list_of_three_months_has_left_a_program_that_ends_at_24() -> None:
    family = born(22)
    for key in ("pcit_t", "abc_infant"):
        assert match(key, family).state is State.NOW
        found = match(key, family, starts=TODAY + timedelta(92))
        assert found.state is State.NO
        assert "too late" in found.reasons[0].says


def test_five_years_and_eleven_months_is_still_five() -> None:
    assert match("child_first", born(71)).state is State.NOW
    assert match("child_first", born(72)).state is State.NO


def test_ages_2_to_7_end_at_the_seventh_birthday_or_later_and_the_program_says_which() -> None:
    assert match("pcit", born(23)).state is State.LATER
    assert match("pcit", born(83)).state is State.NOW
    assert match("pcit", born(84)).state is State.ASK
    assert match("pcit", born(84), wider=frozenset({"pcit"})).state is State.NOW
    assert match("pcit", born(96), wider=frozenset({"pcit"})).state is State.NO
    assert match("pcit", born(96)).state is State.NO


def test_what_a_program_aims_at_refuses_nobody() -> None:
    assert match("hfa", replace(born(2), answers={})).state is State.NOW
    late = match("hfa", replace(born(5), answers={}))
    assert (late.state, late.asks) == (State.ASK, (AIM,))
    assert match("hfa", replace(born(20), answers={"child_welfare_referral": True})).state is State.NOW
    assert match("hfa", replace(born(60), answers={})).state is State.NO


def test_a_program_that_begins_in_pregnancy_closes_with_the_birth() -> None:
    assert match("nfp", born(0)).state is State.NO
    assert match("mtb", born(0)).state is State.NO
    found = match("mtb", pregnant(26))
    assert (found.state, found.asks) == (State.ASK, ("before_birth",))
    assert found.closes == pregnant(26).expected


def test_before_the_birth_ages_are_counted_from_the_day_it_is_expected_on() -> None:
    found = match("abc_infant", pregnant(26))
    assert found.state is State.LATER
    assert found.opens == date(2027, 8, 27)
    assert match("fussy_baby", pregnant(26)).opens == pregnant(26).expected


def test_where_no_source_says_the_program_is_asked() -> None:
    assert match("cosp", pregnant(26)).asks == ("before_birth",)
    assert match("rose", born(3)).asks == ("after_birth",)
    assert match("ipt_perinatal", pregnant(26)).asks == ("criteria",)


def test_nothing_known_of_a_child_is_asked_and_is_no_no() -> None:
    found = match("pat", FIRST)
    assert (found.state, found.asks) == (State.ASK, ("born_or_expected",))


def test_kindergarten_is_asked_about_only_where_it_could_be() -> None:
    assert match("pat", born(30)).state is State.NOW
    assert match("pat", born(50)).asks == (SCHOOL,)
    assert match("pat", replace(born(50), school=TODAY + timedelta(1))).state is State.NOW
    assert match("pat", replace(born(50), school=TODAY)).state is State.NO
    assert match("part_b_619", born(70)).asks == (SCHOOL,)
    assert match("part_b_619", born(72)).state is State.NO
    assert match("pat", born(50), school_not_before=60).state is State.NOW


def test_no_to_one_of_all_is_a_no_and_a_waiver_makes_it_a_question() -> None:
    answers = {**YES, "externalizing_behavior": False}
    assert match("pcit", replace(born(40), answers=answers)).state is State.NO
    second = {**YES, "first_birth": False}
    found = match("nfp", replace(pregnant(20), answers=second))
    assert (found.state, found.asks) == (State.ASK, ("first_birth",))


def test_one_of_several_is_enough_and_none_is_a_no_where_the_program_may_not_decide() -> None:
    none = dict.fromkeys(asked(), False)
    assert match("fussy_baby", replace(born(3), answers=none)).state is State.NO
    assert match("fussy_baby", replace(born(3), answers={**none, "crying_concern": True})).state is State.NOW
    assert match("fussy_baby", replace(born(3), answers={**none, "crying_concern": None})).asks == ("crying_concern",)
    assert match("ehs", replace(born(3), answers=none)).asks == ("criteria",)


def test_a_condition_of_some_states_is_asked_about_where_it_holds() -> None:
    at_risk = {**dict.fromkeys(asked(), False), "at_risk": True}
    found = match("part_c", replace(born(20), answers=at_risk))
    assert (found.state, found.asks) == (State.ASK, ("at_risk",))


def test_each_reason_names_its_rule_and_where_it_was_read() -> None:
    found = match("nfp", replace(pregnant(26), answers={"first_birth": True}))
    assert [(one.rule, one.holds) for one in found.reasons] == [
        ("window", True),
        ("first_birth", True),
        ("low_income_or_low_resource", None),
        ("voluntary_free", True),
    ]
    assert {one.source for one in found.reasons} == {"homvee_nfp", "nhvrc_nfp", "mo_nfp"}


def number(value: int) -> Sourced[int]:
    return Sourced(value, "a source", Confidence.HIGH)


def optional(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Sourced[int] | None]:
    return st.none() | numbers.map(number)


@st.composite
def any_program(draw: st.DrawFn) -> Program:
    low, length, more = draw(st.integers(0, 40)), draw(st.integers(1, 40)), draw(st.integers(1, 20))
    closes = draw(st.booleans())
    window = Window(
        before_birth=draw(st.sampled_from([True, False, None])),
        after_birth=draw(st.sampled_from([True, False, None])),
        to_week=draw(optional(st.integers(10, 40))),
        from_month=number(low),
        to_month=number(low + length) if closes else None,
        to_month_for_some=number(low + length + more) if closes and draw(st.booleans()) else None,
        aims_at_month=draw(optional(st.integers(low + 1, 40 + low))),
        until=draw(st.sampled_from([None, *Until])),
        exceptions=(WiderBound("foster_care", number(low + length + 40)),),
    )
    keys = draw(st.lists(st.sampled_from(sorted(asked())), max_size=4, unique=True))
    rows = [Criterion(key, "a source", "high", may_be_waived=draw(st.booleans())) for key in keys]
    part = draw(st.integers(0, len(rows)))
    criteria = Criteria(tuple(rows[:part]), tuple(rows[part:]), program_may_decide=draw(st.booleans()))
    some = programs()["pat"]
    return replace(some, window=window, criteria=criteria, serves_to_month=draw(optional(st.integers(60, 90))))


@st.composite
def any_family(draw: st.DrawFn) -> Family:
    day = TODAY + timedelta(draw(st.integers(-2000, 280)))
    answers = draw(st.dictionaries(st.sampled_from(sorted(asked())), st.sampled_from([True, False, None])))
    school = draw(st.none() | st.integers(-100, 900).map(lambda days: TODAY + timedelta(days)))
    return Family(born=day, answers=answers, school=school) if day <= TODAY else Family(None, day, answers, school)


@given(program=any_program(), family=any_family(), later=st.integers(0, 600))
def test_what_nobody_knows_is_never_a_no(program: Program, family: Family, later: int) -> None:
    """To forget an answer never closes a door, and to ask for nothing more never leaves a question."""
    day = TODAY + timedelta(later)
    before = eligible(program, family, TODAY, questions=asked(), starts=day)
    forgotten = eligible(program, replace(family, answers={}), TODAY, questions=asked(), starts=day)
    if before.state is not State.NO:
        assert forgotten.state is not State.NO
    assert (before.state is State.ASK) <= bool(before.asks)
    assert before.state is not State.NOW or not before.asks


@given(program=any_program(), family=any_family(), days=st.lists(st.integers(0, 900), min_size=2, max_size=6))
def test_a_window_that_has_closed_stays_closed_and_opens_on_the_day_it_says(
    program: Program, family: Family, days: list[int]
) -> None:
    found = [eligible(program, family, TODAY, questions=asked(), starts=TODAY + timedelta(day)) for day in sorted(days)]
    closed = [one.reasons[0].holds is False for one in found]
    assert closed == sorted(closed)
    for one in found:
        if one.opens is not None:
            there = eligible(program, family, TODAY, questions=asked(), starts=one.opens)
            before = eligible(program, family, TODAY, questions=asked(), starts=one.opens - timedelta(1))
            assert there.state is not State.LATER
            assert before.state is not State.NOW


@given(program=any_program(), family=any_family(), ahead=st.integers(0, 900))
def test_it_is_the_day_of_service_that_counts(program: Program, family: Family, ahead: int) -> None:
    """Asked today for a day ahead, or asked on that day: the same, but for how a lateness is told."""
    day = TODAY + timedelta(ahead)
    one = eligible(program, family, TODAY, questions=asked(), starts=day)
    other = eligible(program, family, day, questions=asked())
    assert (one.state, one.opens, one.closes, one.asks) == (other.state, other.opens, other.closes, other.asks)
