"""What is due: both sides of each boundary day, corrected age only where a tool has a rule, catch-up, the brief and the full."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.values import Age
from inmind.screening.adapters.catalog import schedule
from inmind.screening.follow_on import Finished, FollowOn, follow_on
from inmind.screening.schedule import (
    Child,
    Due,
    Moment,
    State,
    Taken,
    Tool,
    Whom,
    age_on,
    for_adult,
    for_child,
    is_positive,
    reached,
)

BORN = date(2024, 1, 10)  # at term, unless a test says otherwise
RULE = next(one.counted_by for one in schedule().asked if one.key == "developmental")
TWO_MONTHS = date(2024, 3, 20)


def child_due(key: str, on: date, *taken: Taken, born: date = BORN, weeks: int | None = None) -> Due:
    return {one.asked.key: one for one in for_child(schedule(), Child(born, None, weeks), on, taken)}[key]


def adult_due(on: date, *taken: Taken, part: str = "mother", born: date | None = BORN) -> Due | None:
    found = for_adult(schedule(), Child(born, date(2024, 1, 12)), part, on, taken)
    return found[0] if found else None


# The screen, the last day before, the day itself, and what each shows. Born 10 January 2024 at term.
BOUNDARIES = [
    ("developmental", date(2024, 10, 9), State.NOT_YET, State.DUE),
    ("developmental", date(2025, 1, 9), State.DUE, State.OVERDUE),
    ("developmental", date(2025, 7, 9), State.OVERDUE, State.DUE),
    ("developmental", date(2025, 12, 9), State.DUE, State.OVERDUE),
    ("developmental", date(2026, 6, 9), State.OVERDUE, State.DUE),
    ("developmental", date(2026, 12, 9), State.DUE, State.OVERDUE),
    ("developmental", date(2029, 7, 9), State.OVERDUE, State.NOT_ASKED),
    ("autism", date(2025, 5, 9), State.NOT_YET, State.DUE),
    ("autism", date(2026, 8, 9), State.DUE, State.NOT_ASKED),
]


@pytest.mark.parametrize(("key", "before", "then", "now"), BOUNDARIES, ids=lambda value: str(value))
def test_a_childs_list_turns_on_the_boundary_day(key: str, before: date, then: State, now: State) -> None:
    """The day before and the day itself, for a child born at term."""
    assert child_due(key, before).state is then
    assert child_due(key, before + timedelta(days=1)).state is now


ADULT_BOUNDARIES = [
    (date(2024, 1, 24), State.NOT_YET, State.DUE),  # 15 days after the birth
    (date(2024, 10, 9), State.DUE, State.OVERDUE),
    (date(2025, 1, 9), State.OVERDUE, State.NOT_ASKED),  # a year after the birth
]


@pytest.mark.parametrize(("before", "then", "now"), ADULT_BOUNDARIES)
def test_a_mothers_list_turns_on_the_boundary_day(before: date, then: State, now: State) -> None:
    for on, state in ((before, then), (before + timedelta(days=1), now)):
        found = adult_due(on)
        assert found is not None and found.state is state


def test_one_window_follows_the_next_without_a_gap() -> None:
    """At each turn of the months after the birth the next age is asked for."""
    asked = {}
    for day in range(15, 270):
        found = adult_due(BORN + timedelta(days=day))
        assert found is not None and found.state is State.DUE and found.window is not None
        asked.setdefault(found.window.age, BORN + timedelta(days=day))
    assert asked == {1: date(2024, 1, 25), 2: date(2024, 3, 10), 4: date(2024, 5, 10), 6: date(2024, 7, 10)}


# Born 6 weeks early, on 10 January 2024; the corrected birth is 21 February. Chronological 24 months: 10 January 2026.
PREMATURE = [
    (date(2024, 11, 20), State.NOT_YET, 8, True),
    (date(2024, 11, 21), State.DUE, 9, True),
    (date(2025, 2, 20), State.DUE, 11, True),
    (date(2025, 2, 21), State.OVERDUE, 12, True),
    (date(2025, 8, 20), State.OVERDUE, 17, True),
    (date(2025, 8, 21), State.DUE, 18, True),
    (date(2026, 1, 9), State.DUE, 22, True),
    (date(2026, 1, 10), State.OVERDUE, 24, False),  # the rule ends, and with it the window
]


@pytest.mark.parametrize(("on", "state", "months", "is_corrected"), PREMATURE)
def test_a_premature_childs_list_is_counted_by_the_tools_own_rule(
    on: date, state: State, months: int, is_corrected: bool
) -> None:
    found = child_due("developmental", on, weeks=34)
    assert (found.state, found.age.months if found.age else None, found.is_corrected) == (state, months, is_corrected)


def test_only_a_tool_with_a_rule_corrects_the_age() -> None:
    """On one day: the SWYC counts from the corrected birth, the M-CHAT-R from the birth; so does a mother's list."""
    on = date(2025, 5, 10)
    assert child_due("developmental", on, weeks=34).is_corrected
    autism = child_due("autism", on, weeks=34)
    assert (autism.state, autism.is_corrected) == (State.DUE, False)


@pytest.mark.parametrize(("weeks", "is_corrected"), [(None, False), (40, False), (41, False), (38, False), (37, True)])
def test_three_weeks_early_is_early_and_two_are_not(weeks: int | None, is_corrected: bool) -> None:
    """On both sides of the publisher's own boundary; not known is not corrected."""
    assert child_due("developmental", date(2024, 11, 1), weeks=weeks).is_corrected is is_corrected


FORMS = [(date(2024, 10, 9), "6"), (date(2024, 10, 10), "9"), (date(2025, 1, 9), "9"), (date(2025, 1, 10), "12")]


@pytest.mark.parametrize(("on", "form"), FORMS)
def test_the_form_changes_with_the_month(on: date, form: str) -> None:
    """The SWYC's form for the day, whatever stands about the windows; with a child born early, by the corrected age."""
    assert child_due("social_emotional", on).form == form
    assert child_due("social_emotional", on + timedelta(weeks=6), weeks=34).form == form


def test_before_its_first_form_a_tool_offers_none() -> None:
    assert child_due("social_emotional", date(2024, 2, 9)).form == ""
    assert child_due("social_emotional", date(2024, 2, 10)).form == "2"


def test_before_the_corrected_birth_the_age_is_nought() -> None:
    assert age_on(Child(BORN, None, 34), RULE, date(2024, 1, 20)) == (Age(0, 0), True)


def test_a_child_of_29_february() -> None:
    """A month of somebody born on the 29th is complete on 29 March; a year on 1 March; and the list turns with them."""
    born = date(2024, 2, 29)
    assert child_due("developmental", date(2024, 11, 28), born=born).state is State.NOT_YET
    assert child_due("developmental", date(2024, 11, 29), born=born).state is State.DUE
    assert child_due("developmental", date(2025, 2, 28), born=born).state is State.DUE
    assert child_due("developmental", date(2025, 3, 1), born=born).state is State.OVERDUE


def test_what_was_missed_is_done_at_the_earliest_possible_time() -> None:
    """The source's own words stand in the reason, and catching up counts."""
    late = child_due("developmental", date(2025, 2, 1))
    assert "earliest possible time" in late.reason and schedule().catch_up.source == "aap_sched"
    assert late.order == late.facts["last"] == date(2025, 1, 9), "by which lists put the longest overdue first"
    caught_up = child_due("developmental", date(2025, 2, 1), Taken("swyc", date(2025, 1, 20)))
    assert caught_up.state is State.DONE
    assert caught_up.facts == {"done": date(2025, 1, 20), "opens": date(2025, 7, 10)}


def test_a_screen_of_an_earlier_age_does_not_count_for_the_next() -> None:
    taken = Taken("swyc", date(2025, 7, 9))
    assert child_due("developmental", date(2025, 7, 9), taken).state is State.DONE
    assert child_due("developmental", date(2025, 7, 10), taken).state is State.DUE


def test_the_last_one_is_not_asked_for_again() -> None:
    found = child_due("autism", date(2026, 3, 1), Taken("mchatr", date(2026, 2, 1)))
    assert (found.state, dict(found.facts)) == (State.DONE, {"done": date(2026, 2, 1)})


def test_another_tool_and_a_later_day_do_not_count() -> None:
    """Neither a screen with a tool that the schedule does not name, nor one after the day that is asked about."""
    assert child_due("autism", date(2025, 6, 1), Taken("swyc", date(2025, 5, 20))).state is State.DUE
    assert child_due("autism", date(2025, 6, 1), Taken("mchatr", date(2025, 6, 2))).state is State.DUE


def test_surveillance_stands_where_no_formal_screen_is_due() -> None:
    def keys(on: date) -> set[str]:
        return {one.asked.key for one in for_child(schedule(), Child(BORN), on)}

    assert "surveillance" in keys(date(2024, 6, 1))
    assert "surveillance" not in keys(date(2024, 11, 1))


def test_a_brief_positive_is_closed_by_a_full_negative_on_the_same_day() -> None:
    """Alone it asks for the full one; with it on the same day nothing is open."""
    brief = Taken("phq2", TWO_MONTHS, 3)
    alone = adult_due(TWO_MONTHS, brief)
    assert alone is not None and (alone.state, alone.facts) == (State.DUE, {"done": TWO_MONTHS})
    closed = adult_due(TWO_MONTHS, brief, Taken("phq9", TWO_MONTHS, 4))
    assert closed is not None and closed.state is State.DONE
    positive = Finished("phq2", TWO_MONTHS, True)
    assert follow_on(positive, [Finished("phq9", TWO_MONTHS, False)], {"phq9"}) is FollowOn.CLOSED
    assert follow_on(positive, [Finished("phq9", TWO_MONTHS + timedelta(days=1), False)], {"phq9"}) is FollowOn.OFFER


def test_a_brief_negative_is_enough_and_an_old_full_one_closes_nothing() -> None:
    negative = adult_due(TWO_MONTHS, Taken("phq2", TWO_MONTHS, 2))
    assert negative is not None and negative.state is State.DONE
    before = adult_due(TWO_MONTHS, Taken("phq9", date(2024, 3, 12), 4), Taken("phq2", TWO_MONTHS, 3))
    assert before is not None and before.state is State.DUE


def test_a_screen_with_blanks_is_done_for_every_item_may_be_skipped() -> None:
    """`protect.md` 2: help and the list go on without it."""
    found = adult_due(TWO_MONTHS, Taken("epds", TWO_MONTHS, 0, is_complete=False))
    assert found is not None and found.state is State.DONE


POSITIVE = [(3, True, True), (2, True, False), (3, False, True), (2, False, None), (None, True, None)]


@pytest.mark.parametrize(("points", "is_complete", "expected"), POSITIVE)
def test_positive_is_only_said_where_it_is_certain(
    points: int | None, is_complete: bool, expected: bool | None
) -> None:
    """A PHQ-2, at the source's own number; blanks may leave it open, and never make it negative."""
    tool = next(one for asked in schedule().asked for one in asked.tools if one.key == "phq2")
    assert is_positive(tool, Taken("phq2", TWO_MONTHS, points, is_complete)) is expected
    assert is_positive(Tool("x", "X"), Taken("x", TWO_MONTHS, 30)) is None


def test_a_tool_is_offered_within_its_ages_alone() -> None:
    """Of a toddler's mother a short screen was positive: the full one is the first that is used then, not the EPDS."""
    waits = adult_due(date(2025, 9, 10), Taken("phq2", date(2025, 9, 10), 5))
    assert waits is not None and (waits.state, waits.age) == (State.DUE, Age(20, 0))
    assert [tool.key for tool in waits.asked.tools if tool.fits(waits.age)] == ["phq9", "phq2"]
    assert [tool.key for tool in waits.asked.tools if tool.fits(None)] == ["epds", "phq9", "phq2"]
    mchatr = child_due("autism", date(2025, 9, 10)).asked.tools[0]
    assert [mchatr.fits(Age(months, 0)) for months in (15, 16, 30, 31)] == [False, True, True, False]


def test_what_was_done_at_a_visit_is_settled_for_its_day() -> None:
    """Asked for at each visit: done on this day it rests, and the day after it is asked for again."""
    done = Taken("swyc", date(2024, 6, 1))
    assert child_due("social_emotional", date(2024, 6, 1), done).state is State.DONE
    assert child_due("social_emotional", date(2024, 6, 2), done).state is State.EACH_VISIT


def test_in_pregnancy_once_and_after_the_birth_no_more() -> None:
    """Nothing but the prenatal one before the birth, and nothing for the child."""
    expecting = adult_due(date(2023, 12, 1), part="expecting", born=None)
    assert expecting is not None and (expecting.asked.key, expecting.state) == ("prenatal_depression", State.DUE)
    assert expecting.order == date.max, "it has no last day"
    done = adult_due(date(2023, 12, 1), Taken("epds", date(2023, 11, 1), 4), part="expecting", born=None)
    assert done is not None and done.state is State.DONE
    waits = adult_due(date(2023, 12, 1), Taken("phq2", date(2023, 11, 1), 4), part="expecting", born=None)
    assert waits is not None and waits.facts == {"done": waits.order} == {"done": date(2023, 11, 1)}
    born = adult_due(BORN, part="expecting")
    assert born is not None and born.asked.key == "maternal_depression"
    assert for_child(schedule(), Child(None, date(2024, 1, 12)), date(2023, 12, 1)) == []


def test_nothing_is_asked_of_an_adult_whom_the_schedule_does_not_name() -> None:
    """The source speaks of mothers. A network may name others; and anyone may be asked without being on the list."""
    assert adult_due(TWO_MONTHS, part="grandmother") is None


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 70 * 30), st.none() | st.integers(24, 42))
def test_a_list_is_made_for_every_child_and_every_day(born: date, days: int, weeks: int | None) -> None:
    """Whatever the birth, the day and the weeks: each screen stands once, and a day named in a reason is on its side."""
    on = born + timedelta(days=days)
    found = for_child(schedule(), Child(born, None, weeks), on)
    assert len({one.asked.key for one in found}) == len(found)
    for one in found:
        if one.state is State.NOT_YET:
            assert one.facts["opens"] > on  # type: ignore[operator]
        if one.state is State.DUE:
            assert one.facts["last"] >= on  # type: ignore[operator]
        if one.state is State.OVERDUE:
            assert one.facts["last"] < on  # type: ignore[operator]


def test_labels_are_ours_in_both_languages() -> None:
    asked = schedule().asked[0]
    assert (asked.label_in("en"), asked.label_in("es-us")) == ("Development", "Desarrollo")


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(24, 42), st.integers(0, 60), st.integers(0, 27))
def test_the_day_an_age_is_reached_is_the_first_with_that_age(born: date, weeks: int, months: int, days: int) -> None:
    """For every child and every boundary: the day has the age, the day before has not."""
    child, moment = Child(born, None, weeks), Moment(months, days)

    def has_it(on: date) -> bool:
        age, _ = age_on(child, RULE, on)
        return (age.months, age.days) >= (months, days)

    day = reached(child, RULE, moment)
    assert has_it(day)
    assert day == born or not has_it(day - timedelta(days=1))


def test_a_childs_list_takes_no_adults_screens() -> None:
    """`protect.md` 1: an adult's tools do not occur among the child's, so nothing she answered can change it."""
    tools = {tool.key for asked in schedule().of(Whom.CHILD) for tool in asked.tools}
    assert not tools & {tool.key for asked in schedule().of(Whom.CAREGIVER) for tool in asked.tools}
    on = date(2024, 11, 1)
    plain = for_child(schedule(), Child(BORN), on)
    assert for_child(schedule(), Child(BORN), on, [Taken("epds", on, 30), Taken("phq2", on, 6)]) == plain
