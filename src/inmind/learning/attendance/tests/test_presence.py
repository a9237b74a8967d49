"""How long somebody was there: what counts, how it is rounded, and the sentence that says why."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.learning.attendance.presence import STEPS, Rule, Sitting, Span, Why, counted, joined, rounding, sitting_of

TEN = datetime(2026, 5, 16, 15, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def span(since: float, until: float) -> Span:
    return Span(at(since), at(until))


WHOLE = Sitting(span(0, 150), 150)


@pytest.mark.parametrize(
    ("stays", "present", "minutes"),
    [
        pytest.param([span(31, 150)], 119, 120, id="came at 10:31, so 2.0 of 2.5 hours"),
        pytest.param([span(-20, 170)], 150, 150, id="before the start and after the end do not count"),
        pytest.param([span(3, 150)], 147, 150, id="three minutes late are within the leeway"),
        pytest.param([span(0, 60), span(75, 150)], 135, 135, id="away for a quarter of an hour"),
        pytest.param([span(0, 100), span(20, 150)], 150, 150, id="two devices at once are one person"),
        pytest.param([span(0, 9)], 9, 0, id="nine minutes are less than a step"),
        pytest.param([span(-60, -5)], 0, 0, id="left before it began"),
        pytest.param([], 0, 0, id="was not there"),
        pytest.param([span(40, 40)], 0, 0, id="joined and left at once"),
    ],
)
def test_presence_counts(stays: list[Span], present: int, minutes: int) -> None:
    """Of a meeting of 2.5 hours, in steps of a quarter of an hour with five minutes of leeway."""
    found = counted(WHOLE, stays, Rule())
    assert (found.present, found.minutes, found.of) == (present, minutes, 150)


def test_a_break_counts_for_nobody() -> None:
    """Whoever stayed through the break has no more than whoever left for it."""
    day = Sitting(span(0, 180), 150, (span(60, 90),))
    assert counted(day, [span(0, 180)], Rule()).minutes == 150
    assert counted(day, [span(0, 60), span(90, 180)], Rule()).minutes == 150
    assert counted(day, [span(60, 90)], Rule()).minutes == 0


def test_breaks_may_lie_together_and_at_the_end() -> None:
    """Two breaks that overlap are one; one that lasts to the end leaves nothing after it."""
    day = Sitting(span(0, 180), 60, (span(60, 100), span(90, 200)))
    assert counted(day, [span(0, 180)], Rule()).minutes == 60


def test_a_break_before_the_meeting_takes_nothing() -> None:
    """Nor one that begins with it, twice."""
    day = Sitting(span(0, 60), 50, (span(-10, 5), span(0, 10)))
    assert counted(day, [span(0, 60)], Rule()).minutes == 50


def test_where_nobody_said_when_the_break_was_missed_minutes_are_missed() -> None:
    """Six hours that count of seven: an hour away is an hour less, until somebody says when the break was."""
    day = Sitting(span(0, 420), 360)
    assert counted(day, [span(0, 420)], Rule()).minutes == 360
    assert counted(day, [span(0, 200), span(260, 420)], Rule()).minutes == 300


def test_a_meeting_counts_for_no_more_than_it_lasts() -> None:
    """Nor for nothing."""
    for minutes in (0, 151):
        with pytest.raises(ValueError, match="no more minutes"):
            Sitting(span(0, 150), minutes)


def test_nobody_leaves_before_they_joined() -> None:
    """And a moment without a zone is none."""
    with pytest.raises(ValueError, match="before they joined"):
        span(10, 5)
    with pytest.raises(ValueError, match="zone"):
        Span(datetime(2026, 5, 16), TEN)  # noqa: DTZ001


@pytest.mark.parametrize(("step", "leeway"), [(7, 0), (15, 16), (15, -1), (1, 5), (30, 20)])
def test_a_rule_that_gives_more_than_a_step_is_none(step: int, leeway: int) -> None:
    """The leeway never makes a step out of nothing."""
    with pytest.raises(ValueError, match="not counted"):
        Rule(step, leeway)


def texts(stays: list[Span], sitting: Sitting = WHOLE, rule: Rule = Rule()) -> list[str]:  # noqa: B008
    return [one.text for one in counted(sitting, stays, rule).why]


def test_the_page_says_why_two_and_not_two_and_a_half() -> None:
    """Each sentence holds what it speaks of."""
    found = counted(WHOLE, [span(31, 150)], Rule()).why
    assert found == (
        Why("Joined at %(time)s, after the beginning.", {"time": at(31)}),
        Why("That is %(present)s of %(of)s minutes.", {"present": 119, "of": 150}),
        Why(
            "This training counts in steps of %(step)s minutes, and gives %(leeway)s minutes of leeway.",
            {"step": 15, "leeway": 5},
        ),
    )


def test_being_away_and_leaving_early_are_said() -> None:
    """With their hours; a break is not being away."""
    assert texts([span(0, 60), span(80, 120)])[:2] == [
        "Was away from %(time)s to %(until)s, and came back.",
        "Left at %(time)s, before the end.",
    ]
    assert texts([span(0, 60), span(90, 180)], Sitting(span(0, 180), 150, (span(60, 90),))) == [
        "Was there from the beginning to the end."
    ]


def test_who_was_there_for_all_of_it_reads_so() -> None:
    """Also where some seconds are missing, and without a sentence about rounding where none was needed."""
    assert texts([span(0, 150)]) == ["Was there from the beginning to the end."]
    assert texts([span(0.5, 149.8)])[0] == "Was there from the beginning to the end."


def test_who_was_not_there_reads_so() -> None:
    """A stay before the beginning is none."""
    assert texts([span(-30, -1)]) == ["Nothing says that they were there during the meeting."]


def test_every_minute_may_count() -> None:
    """Then the sentence says so."""
    assert counted(WHOLE, [span(31, 150)], Rule(1, 0)).minutes == 119
    assert rounding(Rule(1, 1)).text.startswith("This training counts every minute")


moments = st.integers(-100, 300)
stays_of = st.lists(st.tuples(moments, moments).map(lambda two: span(min(two), max(two))), max_size=6)
rules = st.sampled_from(STEPS).flatmap(lambda step: st.builds(Rule, st.just(step), st.integers(0, min(15, step))))
sittings = st.integers(0, 60).map(lambda rest: Sitting(span(0, 150), 150 - rest, (span(50, 50 + rest),)))
unsaid = st.integers(1, 150).map(lambda minutes: Sitting(span(0, 150), minutes))


@given(sittings | unsaid, stays_of, rules)
def test_nobody_is_there_for_more_than_the_meeting(sitting: Sitting, stays: list[Span], rule: Rule) -> None:
    """Whatever a log says."""
    found = counted(sitting, stays, rule)
    assert 0 <= found.minutes <= sitting.minutes
    assert 0 <= found.present <= sitting.minutes


@given(sittings | unsaid, stays_of, rules, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(sitting: Sitting, stays: list[Span], rule: Rule, chance: object) -> None:
    """A log may be sorted by anything."""
    mixed = list(stays)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert counted(sitting, mixed, rule) == counted(sitting, stays, rule)


@given(sittings | unsaid, stays_of, rules)
def test_a_second_device_adds_nothing(sitting: Sitting, stays: list[Span], rule: Rule) -> None:
    """The same stays once more are the same stays."""
    assert counted(sitting, stays + stays, rule) == counted(sitting, stays, rule)


@given(sittings | unsaid, stays_of, rules, moments, moments)
def test_a_stay_more_never_makes_it_less(sitting: Sitting, stays: list[Span], rule: Rule, one: int, other: int) -> None:
    """What is added adds, or changes nothing."""
    more = [*stays, span(min(one, other), max(one, other))]
    assert counted(sitting, more, rule).minutes >= counted(sitting, stays, rule).minutes


@given(stays_of)
def test_joined_stays_lie_apart_and_in_order(stays: list[Span]) -> None:
    """None touches the next."""
    whole = joined(stays)
    assert all(one.until < other.since for one, other in itertools.pairwise(whole))


def test_a_meeting_that_was_moved_leaves_its_break_behind() -> None:
    """It counts for no more than it lasts, and is never a page that fails."""
    assert sitting_of(span(0, 150), 150, [span(0, 60)]) == WHOLE
    assert sitting_of(span(0, 150), 200) == WHOLE
    assert sitting_of(span(0, 150), 120, [span(60, 90)]).breaks == (span(60, 90),)
