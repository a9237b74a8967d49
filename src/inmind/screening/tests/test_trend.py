"""Repeated results as a picture: everything inside its frame, in the order of days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.screening.trend import FOOT, HEIGHT, LEFT, TOP, WIDTH, Point, Trend

FIRST = date(2028, 2, 28)


def points(*values: int, every: int = 1) -> tuple[Point, ...]:
    return tuple(Point(FIRST + timedelta(days=every * n), value, value) for n, value in enumerate(values))


@st.composite
def trends(draw: st.DrawFn) -> Trend:
    highest = draw(st.integers(1, 40))
    days = draw(st.lists(st.integers(0, 900), min_size=1, max_size=8))
    some = []
    for day in days:
        low = draw(st.integers(0, highest))
        some.append(Point(FIRST + timedelta(days=day), low, draw(st.integers(low, highest))))
    return Trend(0, highest, tuple(some), tuple(sorted(draw(st.sets(st.integers(0, highest), max_size=2)))))


@given(trends())
def test_every_mark_lies_within_the_frame_in_the_order_of_days(trend: Trend) -> None:
    """Also on one day alone, and across 29 February."""
    placed = trend.placed
    assert [each.point.on for each in placed] == sorted(each.on for each in trend.points)
    assert [float(each.x) for each in placed] == sorted(float(each.x) for each in placed)
    for each in placed:
        assert LEFT <= float(each.x) <= WIDTH
        assert TOP <= float(each.y) <= HEIGHT - FOOT
        assert bool(each.height) != each.point.is_finished
    assert all(TOP <= float(y) <= HEIGHT - FOOT for y, _ in [*trend.levels, *trend.ends])


def test_more_points_stand_higher() -> None:
    """The highest total is at the top of the picture, the lowest at its foot."""
    low, high = Trend(0, 30, points(0, 30)).placed
    assert (float(low.y), float(high.y)) == (HEIGHT - FOOT, TOP)


def test_a_line_joins_finished_results_alone() -> None:
    """An unfinished one is a stretch beside the line, never a point of it; one result makes no line."""
    unfinished = Point(FIRST + timedelta(days=9), 2, 12)
    trend = Trend(0, 30, (*points(4, 8), unfinished))
    assert len(trend.line.split()) == 2
    assert [each.height for each in trend.placed][:2] == ["", ""]
    assert float(trend.placed[2].height) > 0
    assert Trend(0, 30, points(4)).line == ""


def test_the_day_on_which_something_began_stands_among_the_results_and_nowhere_else() -> None:
    """Half of the way between two days is half of the way across; before the first and after the last there is no line."""
    shown = points(9, 4, every=10)
    drawn = Trend(0, 30, shown, began=FIRST + timedelta(days=5))
    low, high = (float(each.x) for each in drawn.placed)
    assert float(drawn.began_at) == pytest.approx((low + high) / 2, abs=0.1)
    outside = (FIRST - timedelta(days=1), FIRST + timedelta(days=11), None)
    assert [Trend(0, 30, shown, began=day).began_at for day in outside] == ["", "", ""]


def test_numbers_that_would_touch_are_left_out() -> None:
    """A cut-off beside the scale's end keeps its number; the end gives way."""
    assert [value for _, value in Trend(0, 30, points(4), (1,)).ends] == [30]
    assert [value for _, value in Trend(0, 30, points(4), (10,)).ends] == [0, 30]


@pytest.mark.parametrize(
    ("low", "high", "some"),
    [
        pytest.param(0, 0, points(0), id="a scale without length"),
        pytest.param(0, 30, (), id="no result"),
        pytest.param(0, 30, points(31), id="a result beyond its scale"),
        pytest.param(0, 30, (Point(FIRST, 9, 3),), id="a range turned round"),
    ],
)
def test_what_cannot_be_drawn_is_refused(low: int, high: int, some: tuple[Point, ...]) -> None:
    """What cannot be valid cannot be built."""
    with pytest.raises(ValueError, match=r"scale|result"):
        Trend(low, high, some)


@pytest.mark.parametrize(("after", "side"), [(0, "start"), (5, "middle"), (10, "end")])
def test_the_words_of_that_day_stay_within_the_picture(after: int, side: str) -> None:
    shown = (Point(FIRST, 12, 12), Point(FIRST + timedelta(days=10), 6, 6))
    assert Trend(0, 30, shown, began=FIRST + timedelta(days=after)).began_from == side
    assert Trend(0, 30, shown).began_at == ""
