"""A child's way through early intervention, reckoned: what comes next, by when, whose it is; and the clock as it is drawn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.errors import BadInput
from inmind.foundation.values import Period
from inmind.services.adapters.catalog import early_intervention
from inmind.services.early.case import (
    PAUSES,
    Case,
    Day,
    Next,
    Step,
    What,
    check_days,
    check_stretch,
    next_steps,
)
from inmind.services.early.clocks import cited, transition
from inmind.services.early.picture import LEFT, RIGHT, WIDTH, picture
from inmind.services.early.plainly import DUE, LATE, SOON, sentences

CLOCKS = early_intervention()
BORN = date(2024, 5, 10)
THIRD = date(2027, 5, 10)
SEEN = date(2026, 1, 5)


def day(number: int) -> date:
    return SEEN + timedelta(number)


def coming(on: date, born: date = BORN, **said: object) -> list[Next]:
    days = {Day(name): value for name, value in said.pop("days", {}).items()}  # type: ignore[attr-defined]
    return list(next_steps(CLOCKS, Case(born, days, **said), on))  # type: ignore[arg-type]


def test_whoever_sees_something_has_seven_days_to_refer() -> None:
    seen = {"identified_on": SEEN}
    assert coming(day(3), days=seen) == [Next(What.REFER, day(7), ours=True)]
    assert not coming(day(7), days=seen)[0].is_late(day(7))
    assert coming(day(8), days=seen)[0].is_late(day(8))


def test_once_it_is_referred_they_say_that_they_have_it_and_no_number_is_made_up_for_that() -> None:
    referred = {"identified_on": SEEN, "referred_on": day(2)}
    assert coming(day(30), days=referred) == [Next(What.HEAR, None, ours=False)]
    assert not coming(day(30), days=referred)[0].is_late(day(300))


@pytest.mark.parametrize(("before", "what"), [(45, What.REFER), (44, What.REFER_TO_DISTRICT)])
def test_fewer_than_45_days_before_the_third_birthday_it_is_the_district_with_consent(before: int, what: What) -> None:
    on = THIRD - timedelta(before)
    assert [one.what for one in coming(on, days={"identified_on": on})] == [what]
    assert coming(on, days={"identified_on": on, "district_on": on}) == []
    assert coming(THIRD, days={"identified_on": on}) == []


def test_no_last_day_lies_after_the_third_birthday() -> None:
    """Seen or received so late that seven or 45 days would end behind it: the eve is the last day, as long as any is left."""
    eve = THIRD - timedelta(1)
    assert [one.due for one in coming(THIRD - timedelta(30), days={"received_on": THIRD - timedelta(44)})][:1] == [eve]
    assert coming(eve, days={"identified_on": eve})[0].due == eve
    assert coming(THIRD - timedelta(50), days={"received_on": THIRD - timedelta(46)})[0].due == eve
    assert coming(THIRD - timedelta(50), days={"received_on": THIRD - timedelta(50)})[0].due == THIRD - timedelta(5)


def test_a_case_begun_by_a_referral_alone_names_no_day_to_refer() -> None:
    """Referred, and taken back before anybody had it; when somebody saw the child first is not known."""
    assert coming(day(3), days={}) == [Next(What.REFER, None, ours=True)]


def test_the_plan_meeting_is_due_by_the_days_that_count_and_is_theirs_unless_we_are_they() -> None:
    has = {"received_on": SEEN}
    assert coming(day(30), days=has) == [Next(What.PLAN, day(45), ours=False)]
    paused = coming(day(30), days=has, is_lead=True, pauses=(Period(day(10), day(24)),))
    assert paused == [Next(What.PLAN, day(59), ours=True)]


def test_while_a_pause_goes_on_nothing_is_owed_and_two_that_overlap_count_once() -> None:
    has = {"received_on": SEEN}
    going_on = coming(day(30), days=has, pauses=(Period(day(20)),))
    assert (going_on[0].waits, going_on[0].due) == (True, day(56))
    both = (Period(day(10), day(20)), Period(day(15), day(24)))
    assert coming(day(30), days=has, pauses=both)[0].due == day(59)


def test_the_clock_stops_with_the_meeting_or_when_the_child_is_not_eligible() -> None:
    has = {"received_on": SEEN, "evaluated_on": day(20)}
    assert coming(day(30), days={**has, "plan_met_on": day(28)}) == []
    assert coming(day(30), days=has, eligible=False) == []
    assert coming(day(30), days=has, is_closed=True) == []
    assert Case(BORN, {Day.PLAN_MET: day(28)}).clock_stops_on == day(28)
    assert Case(BORN, {Day.EVALUATED: day(20)}, eligible=False).clock_stops_on == day(20)
    assert Case(BORN, {Day.EVALUATED: day(20)}).clock_stops_on is None


def test_the_steps_before_the_third_birthday_open_nine_months_before_and_are_due_90_days_before() -> None:
    in_time = {"received_on": SEEN, "plan_met_on": day(30)}
    opens = transition(CLOCKS, BORN).opens
    assert coming(opens - timedelta(1), days=in_time) == []
    steps = coming(opens, days=in_time)
    assert steps == [Next(What.STEPS, THIRD - timedelta(90), ours=False)]
    assert coming(opens, days=in_time, steps=frozenset({Step.PLAN})) == steps
    assert coming(opens, days=in_time, steps=frozenset(Step)) == []


def test_a_child_that_came_within_the_90_days_has_no_day_that_lies_behind_it() -> None:
    came = THIRD - timedelta(60)
    found = coming(came, days={"received_on": came})
    assert found == [Next(What.PLAN, came + timedelta(45), ours=False), Next(What.STEPS, None, ours=False)]


def test_a_child_of_a_leap_day_turns_three_on_the_first_of_march() -> None:
    """The law's days are reckoned from the day on which the months are complete."""
    born = date(2024, 2, 29)
    assert transition(CLOCKS, born).ends == date(2027, 3, 1)
    assert coming(date(2027, 2, 28), born, days={"identified_on": date(2027, 2, 20)}) != []
    assert coming(date(2027, 3, 1), born, days={"identified_on": date(2027, 2, 20)}) == []


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"identified_on": day(5)}, "identified_on"),
        ({"identified_on": BORN - timedelta(1)}, "identified_on"),
        ({"identified_on": day(2), "referred_on": day(1)}, "referred_on"),
        ({"received_on": day(2), "plan_met_on": day(1)}, "plan_met_on"),
        ({"evaluated_on": day(1)}, "received_on"),
    ],
    ids=["to come", "before the birth", "referred before it was seen", "met before it came", "nothing to count from"],
)
def test_days_that_cannot_be_are_refused_where_they_stand(days: dict[str, date], field: str) -> None:
    check_days({Day.IDENTIFIED: day(1), Day.REFERRED: day(1)}, BORN, day(4))
    with pytest.raises(BadInput) as refusal:
        check_days({Day(name): value for name, value in days.items()}, BORN, day(4))
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("since", "until", "received"),
    [(1, 3, None), (-5, 0, 0), (9, None, 0), (1, 9, 0), ((date.min - SEEN).days, 3, 0)],
    ids=["nothing to hold up", "before it came", "begins tomorrow", "ends tomorrow", "before the birth"],
)
def test_what_was_held_up_lies_between_the_day_it_came_and_today(
    since: int, until: int | None, received: int | None
) -> None:
    check_stretch(Period(day(1)), day(0), BORN, day(8))
    period = Period(day(since), None if until is None else day(until))
    with pytest.raises(BadInput):
        check_stretch(period, None if received is None else day(received), BORN, day(8))


def test_every_pause_of_the_catalog_has_words_and_every_number_its_document() -> None:
    assert CLOCKS.pauses.keys() == PAUSES.keys()
    assert "303.310" in cited(CLOCKS, CLOCKS.plan_within)


PAUSED = st.lists(
    st.tuples(st.integers(-10, 80), st.integers(1, 30) | st.none()).map(
        lambda one: Period(day(one[0]), None if one[1] is None else day(sum(one)))
    ),
    max_size=4,
)


@given(pauses=PAUSED, on=st.integers(0, 120))
def test_the_picture_stays_within_itself_and_draws_only_days_that_have_been(pauses: list[Period], on: int) -> None:
    drawn = picture(CLOCKS, SEEN, day(on), pauses)
    places = [float(drawn.due), float(drawn.today), *([float(drawn.without)] if drawn.without else [])]
    for bar in [drawn.run, *drawn.count]:
        places += [float(bar.x), float(bar.x) + float(bar.width) - 1]
    assert all(LEFT - 0.1 <= place <= WIDTH - RIGHT + 0.1 for place in places)
    assert (drawn.without == "") is (drawn.there.due == day(45))


def test_the_family_reads_by_when_and_who_coordinates_and_late_is_never_its_own() -> None:
    def read(step: Next, *, who: str = "Inés", is_lead: bool = True) -> list[str]:
        return [one.words for one in sentences([step], day(9), name="Mateo", who=who, is_lead=is_lead)]

    for what in What:
        assert read(Next(what, None, ours=False), who="") == [SOON[what]]
        if what in DUE:
            assert read(Next(what, day(10), ours=True))[0] == DUE[what]
            assert read(Next(what, day(8), ours=True))[0] == LATE[what]
            assert read(Next(what, day(8), ours=True, waits=True))[0] == SOON[what]
    elsewhere = read(Next(What.HEAR, None, ours=False), is_lead=False)
    assert elsewhere[1] == "%(who)s asks there for you. Ask for anything."
    assert not any(words in one for one in LATE.values() for words in ("you did", "yours to"))
