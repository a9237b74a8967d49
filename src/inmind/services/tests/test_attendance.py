"""A service that runs is read truly: who cancelled, whose a gap is, and when a call is worth it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from inmind.foundation.catalogs import Confidence, Sourced
from inmind.foundation.errors import BadInput
from inmind.services.running import attendance, dosage
from inmind.services.running.attendance import Because, Gap, Session, State, Whose

MONDAY = date(2026, 9, 7)
WEEK = timedelta(7)
CAME, FAMILY, PROGRAM, OTHER, NOBODY, PLANNED = (
    State.ATTENDED,
    State.BY_FAMILY,
    State.BY_PROGRAM,
    State.OTHER,
    State.NO_ONE_CAME,
    State.PLANNED,
)


def weekly(*states: State) -> list[Session]:
    """One session a week from the first Monday on."""
    return [Session(MONDAY + place * WEEK, state) for place, state in enumerate(states)]


def signal(*states: State) -> tuple[int, int] | None:
    found = attendance.worth_a_call(weekly(*states), first=6, last=3, missed=2)
    return (found.missed, found.by_program) if found else None


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param((), None, id="nothing yet"),
        pytest.param((FAMILY,), None, id="one alone"),
        pytest.param((CAME, FAMILY, NOBODY), (2, 0), id="two of the last three"),
        pytest.param((FAMILY, NOBODY), (2, 0), id="two of two"),
        pytest.param((FAMILY, CAME, PROGRAM), (2, 1), id="one of them by the program, and it says so"),
        pytest.param((FAMILY, NOBODY, CAME), None, id="the last one took place"),
        pytest.param((CAME, CAME, CAME, CAME, FAMILY, OTHER), (2, 0), id="the sixth session counts still"),
        pytest.param((CAME, CAME, CAME, CAME, CAME, FAMILY, NOBODY), None, id="after the first six no more"),
        pytest.param((CAME, FAMILY, NOBODY, PLANNED), (2, 0), id="what is only planned says nothing yet"),
    ],
)
def test_a_call_is_worth_it_when_the_beginning_is_hard(
    states: tuple[State, ...], expected: tuple[int, int] | None
) -> None:
    assert signal(*states) == expected


@pytest.mark.parametrize(
    ("states", "whose"),
    [
        pytest.param((), Whose.SYSTEM, id="nothing was planned"),
        pytest.param((PROGRAM, PROGRAM), Whose.SYSTEM, id="the program cancelled"),
        pytest.param((FAMILY, NOBODY), Whose.FAMILY, id="the family could not"),
        pytest.param((OTHER, OTHER), Whose.NOBODYS, id="nobody chose it"),
        pytest.param((FAMILY, PROGRAM), Whose.SEVERAL, id="never one alone where several had a part"),
        pytest.param((FAMILY, OTHER), Whose.SEVERAL, id="weather and the family"),
    ],
)
def test_a_gap_is_named_by_who_cancelled_and_waiting_is_the_systems(states: tuple[State, ...], whose: Whose) -> None:
    sessions = [Session(MONDAY, CAME)] + [Session(MONDAY + (place + 1) * WEEK, one) for place, one in enumerate(states)]
    (gap,) = attendance.gaps(sessions, began=MONDAY, until=MONDAY + 6 * WEEK, longer_than=timedelta(28))
    assert (gap.days, gap.whose) == (42, whose)


def test_a_gap_reaches_from_the_beginning_and_to_the_end_and_a_short_one_is_none() -> None:
    sessions = [Session(MONDAY + 5 * WEEK, CAME), Session(MONDAY + 9 * WEEK, CAME)]
    found = list(attendance.gaps(sessions, began=MONDAY, until=MONDAY + 20 * WEEK, longer_than=timedelta(28)))
    assert [(one.since, one.until) for one in found] == [
        (MONDAY, MONDAY + 5 * WEEK),
        (MONDAY + 9 * WEEK, MONDAY + 20 * WEEK),
    ]
    assert found[0] == Gap(MONDAY, MONDAY + 5 * WEEK, {})


def test_the_strip_has_every_week_also_those_without_a_session() -> None:
    sessions = [
        Session(MONDAY + timedelta(3), FAMILY),
        Session(MONDAY, CAME),
        Session(MONDAY + 3 * WEEK, PLANNED),
    ]
    found = attendance.weeks(sessions, today=MONDAY + WEEK)
    assert [(one.monday, one.states) for one in found] == [
        (MONDAY, (CAME, FAMILY)),
        (MONDAY + WEEK, ()),
        (MONDAY + 2 * WEEK, ()),
        (MONDAY + 3 * WEEK, (PLANNED,)),
    ]
    assert attendance.weeks([], today=MONDAY) == []
    assert len(attendance.weeks(sessions, today=MONDAY + 90 * WEEK, most=26)) == 26


def test_several_sessions_are_planned_at_one_distance() -> None:
    planned = partial(attendance.repeated, today=MONDAY, ahead=366)
    assert planned(MONDAY, 14, 3) == [MONDAY, MONDAY + 2 * WEEK, MONDAY + 4 * WEEK]
    for first, every, times in (
        *((MONDAY, 7, 0), (MONDAY, 7, 61), (MONDAY, 0, 2), (MONDAY, 93, 2)),
        *((MONDAY, 92, 5), (date(2999, 1, 1), 7, 1), (date.max, 7, 5)),  # days that nobody means
    ):
        with pytest.raises(BadInput):
            planned(first, every, times)


@pytest.mark.parametrize(
    ("state", "day", "minutes", "because", "field"),
    [
        pytest.param(CAME, 1, 60, None, "state", id="not before it is over"),
        pytest.param(CAME, 0, None, None, "minutes", id="what took place has minutes"),
        pytest.param(CAME, 0, 721, None, "minutes", id="and not a whole day of them"),
        pytest.param(FAMILY, 0, 60, None, "minutes", id="what did not has none"),
        pytest.param(CAME, 0, 60, Because.STRAIN, "because", id="no reason for what took place"),
        pytest.param(PLANNED, 1, None, Because.ILL, "because", id="nor for what is planned"),
    ],
)
def test_what_cannot_be_of_a_session(
    state: State, day: int, minutes: int | None, because: Because | None, field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        attendance.check(state, MONDAY + timedelta(day), minutes, because, today=MONDAY)
    assert refusal.value.field == field


def test_a_move_of_the_child_and_strain_are_reasons_before_all_others() -> None:
    assert list(attendance.REASONS)[:2] == [Because.PLACEMENT, Because.STRAIN]
    attendance.check(FAMILY, MONDAY, None, Because.PLACEMENT, today=MONDAY)
    attendance.check(CAME, MONDAY, 60, None, today=MONDAY)


# How often a model means to come


def fact(value: object, confidence: Confidence = Confidence.HIGH) -> Sourced[object]:
    return Sourced(value, "a_page", confidence)


NURSES = {
    "visits_first_4_weeks_of_prenatal_enrollment": fact("every 7 days"),
    "visits_until_birth": fact("every 14 days"),
    "visits_first_6_weeks_postpartum": fact("every 7 days"),
    "visits_until_21_months": fact("every 14 days"),
}


@pytest.mark.parametrize(
    ("began", "born", "on", "expected"),
    [
        pytest.param(MONDAY, None, MONDAY + 3 * WEEK, (MONDAY, 7, 3), id="the first weeks of a pregnancy"),
        pytest.param(MONDAY, None, MONDAY + 8 * WEEK, (MONDAY + 4 * WEEK, 14, 2), id="until the birth"),
        pytest.param(
            MONDAY, MONDAY + 2 * WEEK, MONDAY + 3 * WEEK, (MONDAY + 2 * WEEK, 7, 1), id="born in the first weeks"
        ),
        pytest.param(
            MONDAY,
            MONDAY + 9 * WEEK,
            MONDAY + 19 * WEEK,
            (MONDAY + 15 * WEEK, 14, 2),
            id="after six weeks with the baby",
        ),
        pytest.param(MONDAY, MONDAY - WEEK, MONDAY + WEEK, (MONDAY, 7, 1), id="enrolled after the birth"),
        pytest.param(MONDAY, date(2024, 1, 1), MONDAY + WEEK, None, id="past the last phase"),
    ],
)
def test_the_schedule_of_a_model_is_read_by_its_phase(
    began: date, born: date | None, on: date, expected: tuple[date, int, int] | None
) -> None:
    found = dosage.dose(NURSES, [], began=began, on=on, born=born)
    assert (found and (found.phase.since, found.phase.every_days, found.meant)) == expected


def test_what_took_place_is_counted_in_the_phase_alone() -> None:
    came = [MONDAY + place * WEEK for place in (0, 5, 7, 30)]
    found = dosage.dose(NURSES, came, began=MONDAY, on=MONDAY + 8 * WEEK)
    assert found is not None and found.came == 2


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({}, id="a model without a schedule"),
        pytest.param({"visits_per_year_min_low_stress": fact(12)}, id="by what nobody wrote down"),
        pytest.param({"frequency_days": fact(7, Confidence.LOW)}, id="hardly known"),
        pytest.param({"frequency_days": fact("weekly")}, id="in words that are no number"),
        pytest.param({"frequency_days": fact((7.0, 14.0))}, id="from one to another"),
    ],
)
def test_an_unknown_schedule_is_compared_with_nothing(facts: dict[str, Sourced[object]]) -> None:
    assert dosage.dose(facts, [], began=MONDAY, on=MONDAY + WEEK) is None


def test_a_schedule_that_never_changes_holds_as_long_as_it_runs() -> None:
    found = dosage.dose({"frequency_days": fact(7.0)}, [], began=MONDAY, on=MONDAY + 10 * WEEK)
    assert found is not None and (found.meant, found.phase.until) == (10, None)
