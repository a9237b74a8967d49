"""Axis IV along a child's age: what is not known looks like it, and nothing is weighed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.diagnosis.formulation import Stressor
from inmind.diagnosis.life_line import LEFT, RIGHT, WIDTH, LifeLine, life_line

END = f"{WIDTH - RIGHT:.1f}"


def one(**said: object) -> Stressor:
    return Stressor("", "moved", **{"from_month": None, **said})  # type: ignore[arg-type]


def drawn(stressor: Stressor, months: int = 24) -> list[tuple[str, str, bool]]:
    (stretch,) = life_line([stressor], months).stretches
    return [(bar.x, bar.width, bar.is_sure) for bar in stretch.bars]


@pytest.mark.parametrize(
    ("stressor", "bars"),
    [
        (one(from_month=0, until_month=24), [("6.0", "336.0", True)]),
        (one(from_month=12, goes_on=True), [("174.0", "168.0", True)]),
        (one(from_month=12), [("174.0", "4.0", True), ("174.0", "168.0", False)]),
        (one(until_month=12), [("6.0", "168.0", False), ("174.0", "4.0", True)]),
        (one(goes_on=True), [("6.0", "336.0", False), ("338.0", "4.0", True)]),
        (one(), [("6.0", "336.0", False)]),
        (one(from_month=6, until_month=6), [("90.0", "4.0", True)]),
        (one(from_month=24, goes_on=True), [("338.0", "4.0", True)]),
        (one(from_month=30, until_month=40), [("338.0", "4.0", True)]),
    ],
    ids=[
        *("known", "goes on", "nobody knows until when", "nobody knows since when", "goes on since nobody knows"),
        *("nobody knows when", "within one month", "it began just now", "beyond the day of the assessment"),
    ],
)
def test_a_stressor_is_drawn_as_far_as_it_is_known(stressor: Stressor, bars: list[tuple[str, str, bool]]) -> None:
    """Known months are whole; what can have been is drawn as that, and never as a month."""
    assert drawn(stressor) == bars


def test_what_goes_on_has_a_tip_and_what_is_over_has_none() -> None:
    """The tip stands at the day of the assessment."""
    line = life_line([one(from_month=1, goes_on=True), one(from_month=2, until_month=3), one(from_month=4)], 24)
    assert [stretch.tip for stretch in line.stretches] == [END, "", ""]


def test_the_order_is_that_of_the_child_s_life_and_not_of_severity() -> None:
    """What began first stands first; what nobody knows stands last, as it was written down."""
    some = [
        Stressor("", "unknown", None, severity="severe"),
        Stressor("", "late", 20, severity="severe"),
        Stressor("", "early", 2, severity="mild"),
        Stressor("", "unknown, too", None),
    ]
    assert [each.stressor.words for each in life_line(some, 24).stretches] == [
        *("early", "late", "unknown", "unknown, too")
    ]


@pytest.mark.parametrize(
    ("months", "ticks"),
    [
        (0, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (14, [0, 3, 6, 9, 12]),
        (36, [0, 6, 12, 18, 24, 30, 36]),
        (71, [0, 12, 24, 36, 48, 60]),
        (200, list(range(0, 193, 12))),
    ],
)
def test_the_line_is_marked_in_months_that_people_count_in(months: int, ticks: list[int]) -> None:
    """A newborn's line is a month long, so that something can be seen."""
    line = life_line([], months)
    assert [month for month, _x in line.ticks] == ticks
    assert (line.months, line.end) == (months, END)


@given(
    months=st.integers(0, 71),
    some=st.lists(
        st.builds(
            Stressor,
            st.just("k"),
            st.just(""),
            st.none() | st.integers(0, 90),
            st.none() | st.integers(0, 90),
            st.booleans(),
        ),
        max_size=5,
    ),
)
def test_nothing_is_drawn_outside_the_child_s_life(months: int, some: list[Stressor]) -> None:
    """From the birth to the day of the assessment, whatever was written down; every entry has its line."""
    line: LifeLine = life_line(some, months)
    assert len(line.stretches) == len(some)
    for bar in (bar for stretch in line.stretches for bar in stretch.bars):
        assert float(bar.x) >= LEFT
        assert float(bar.x) + float(bar.width) <= WIDTH - RIGHT + 0.11
    assert all(first < second for (_m, first), (_n, second) in pairwise([(m, float(x)) for m, x in line.ticks]))
