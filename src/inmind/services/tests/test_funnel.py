"""From a flag to support that started: every family is counted once, and nobody vanishes between two stages."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inmind.services.funnel import STAGES, Case, Stage, funnel
from inmind.services.referral import NOT_SERVED, Why

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
