"""From a flag to support that started: every family is counted once, and nobody vanishes between two stages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.registries import Worry
from inmind.services.referrals.funnel import STAGES, Case, Stage, Way, apart, funnel, joined, quarters
from inmind.services.referrals.referral import NOT_SERVED, By, State, Step, Why

DAY = date(2026, 3, 2)


def case(*ways: tuple[Stage, int], lost: Why | None = None) -> Case:
    return Case({stage: DAY + timedelta(after) for stage, after in ways}, lost)


def test_how_many_came_how_far_how_long_it_took_and_why_some_were_lost() -> None:
    there = funnel(
        [
            case((Stage.FLAGGED, 0), (Stage.TALKED, 1), (Stage.REFERRED, 3), (Stage.STARTED, 30)),
            case((Stage.FLAGGED, 0), (Stage.TALKED, 4), lost=Why.FAMILY_CHOSE_OTHERWISE),
            case((Stage.FLAGGED, 0)),
            Case({}),
        ]
    )
    assert [(one.stage, one.reached, one.on_the_way) for one in there] == [
        (Stage.FLAGGED, 3, 1),
        (Stage.TALKED, 2, 0),
        (Stage.REFERRED, 1, 0),
        (Stage.RECEIVED, 1, 0),
        (Stage.CONTACTED, 1, 0),
        (Stage.STARTED, 1, 1),
    ]
    talked, received = there[1], there[3]
    assert (talked.days, talked.days_of) == (2.5, 2)
    assert talked.lost == {Why.FAMILY_CHOSE_OTHERWISE: 1}
    assert (received.days, received.days_of) == (None, 0)


CASES = st.lists(
    st.builds(
        Case,
        st.dictionaries(st.sampled_from(STAGES), st.integers(0, 90).map(lambda after: DAY + timedelta(after))),
        st.none() | st.sampled_from(sorted(NOT_SERVED)),
    ),
    max_size=12,
)


@given(CASES)
def test_nobody_vanishes_between_two_stages(cases: list[Case]) -> None:
    """Who came to a stage and not to the next is on the way, or lost with a reason."""
    there = funnel(cases)
    for one, following in zip(there, [*there[1:], None], strict=True):
        farther = following.reached if following is not None else 0
        assert one.reached == farther + one.on_the_way + sum(one.lost.values())
    assert there[0].reached == sum(bool(one.days) for one in cases)


def worry(after: int, talked: int | None = None, subject: str = "Ana") -> Worry:
    return Worry(subject, "episode", DAY + timedelta(after), None if talked is None else DAY + timedelta(talked))


def way(*steps: tuple[State, int], why: Why | None = None, subject: str = "Ana") -> Way:
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    made = [Step(state, DAY + timedelta(after), moment, By.SENDER) for state, after in steps]
    if why is not None:
        made[-1] = Step(made[-1].state, made[-1].on, moment, By.PROGRAM, why)
    return Way(subject, "episode", DAY + timedelta(steps[0][1]), tuple(made))


def test_a_worry_goes_with_the_referral_that_led_farthest_from_it() -> None:
    no = way((State.DRAFTED, 2), (State.SENT, 3), (State.DECLINED, 9), why=Why.NO_PLACE)
    yes = way((State.DRAFTED, 9), (State.SENT, 9), (State.ACCEPTED, 12), (State.CONTACTED, 13), (State.STARTED, 20))
    (case,) = joined([worry(0), worry(5)], [yes, no])
    days = {stage: (on - DAY).days for stage, on in case.days.items()}
    assert days == {"flagged": 0, "talked": 2, "referred": 9, "received": 12, "contacted": 13, "started": 20}
    assert case.lost is None


def test_what_was_declined_was_received_and_is_lost_with_its_reason() -> None:
    (case,) = joined(
        [worry(0, talked=1)], [way((State.DRAFTED, 2), (State.SENT, 3), (State.DECLINED, 9), why=Why.NO_FUNDS)]
    )
    assert (case.reached, case.lost) == (Stage.RECEIVED, Why.NO_FUNDS)
    assert case.days[Stage.TALKED] == DAY + timedelta(1)


def test_what_comes_up_again_once_a_way_is_over_is_a_case_of_its_own() -> None:
    over = way((State.DRAFTED, 1), (State.CLOSED, 4), why=Why.FAMILY_CHOSE_OTHERWISE)
    first, second = joined([worry(0), worry(8)], [over])
    assert (first.reached, first.lost) == (Stage.TALKED, Why.FAMILY_CHOSE_OTHERWISE)
    assert (second.reached, second.lost) == (Stage.FLAGGED, None)


def test_a_referral_that_no_worry_came_before_stands_by_itself_and_another_person_is_another_case() -> None:
    cases = joined(
        [worry(0, subject="Mateo")], [way((State.DRAFTED, 1), (State.SENT, 1)), Way("Ben", "episode", DAY, ())]
    )
    assert [case.reached for case in cases] == [Stage.FLAGGED, None, Stage.REFERRED]
    assert [one.reached for one in funnel(cases)] == [2, 1, 1, 0, 0, 0]


def test_only_whole_quarters_that_are_over_are_counted_for_who_is_on_no_care_team() -> None:
    found = list(quarters(date(2025, 11, 2), date(2026, 12, 31), today=date(2026, 11, 22)))
    assert found == [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 9, 30)),
    ]
    [(autumn, _last)] = quarters(date(2025, 10, 1), date(2025, 12, 31), today=date(2026, 1, 1))
    assert autumn == date(2025, 10, 1)
    assert list(quarters(date(2026, 1, 1), date(2026, 3, 30), today=date(2026, 11, 22))) == []
    assert list(quarters(date(2026, 2, 1), date(2026, 6, 29), today=date(2026, 11, 22))) == []


def test_protect_1_no_two_stretches_of_days_differ_by_less_than_five_families_with_a_worry() -> None:
    """Six families had a worry in a quarter, Ana's on its last day, and Ana was referred in the next, where two had one."""
    spans = [(date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))]
    firsts = [Worry(number, number, DAY, None) for number in range(5)]
    late = Worry("Ana", "Ana", date(2026, 3, 31), None)
    seconds = [Worry(number, number, date(2026, 5, 4), None) for number in range(2)]
    moved = Step(State.SENT, date(2026, 5, 5), datetime(2026, 5, 5, tzinfo=UTC), By.SENDER)
    sent = Way("Ana", "Ana", moved.on, (moved,))

    def counted(worries: list[Worry], ways: list[Way], some: list[tuple[date, date]]) -> tuple[int, bool]:
        cases, is_all = apart(worries, ways, some, 5)
        return len(cases), is_all

    assert counted([*firsts, late], [], spans[:1]) == (6, True)
    assert counted(firsts, [], []) == (0, False), "without its last day it is no whole quarter"
    assert counted([*firsts, late, *seconds], [sent], spans) == (7, False), (
        "her referral, and nothing of whence it came"
    )
    assert counted(seconds, [sent], spans[1:]) == (1, False)
    assert counted([*firsts, late], [Way("Ana", "Ana", DAY, ())], spans) == (6, True), "in one quarter it is one case"


def test_days_between_stages_are_told_of_five_or_more_where_so_many_are_asked_for() -> None:
    cases = [case((Stage.FLAGGED, 0), (Stage.TALKED, 1))] * 4
    assert [one.days for one in funnel(cases, 5)][1] is None
    assert [one.days for one in funnel(cases + cases[:1], 5)][1] == 1
