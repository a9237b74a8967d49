"""Minutes of a training shared among its competency areas."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.learning.attendance.hours import Part, added, in_hours, parts, share

areas = st.dictionaries(st.sampled_from(["thinking", "reflection", "communicating"]), st.integers(1, 300))


def test_who_was_there_for_all_of_it_has_all_of_each_area() -> None:
    """As the training says."""
    assert share({"reflection": 90, "thinking": 60}, 150, 150) == {"reflection": 90, "thinking": 60}


def test_who_missed_a_part_misses_the_same_part_of_each_area() -> None:
    """Two of two and a half hours."""
    assert share({"reflection": 90, "thinking": 60}, 120, 150) == {"reflection": 72, "thinking": 48}


def test_minutes_stay_whole_and_none_is_lost() -> None:
    """The area that lost most by rounding has the minute that is left."""
    assert share({"communicating": 50, "reflection": 50, "thinking": 50}, 100, 150) == {
        "communicating": 34,
        "reflection": 33,
        "thinking": 33,
    }
    assert share({"reflection": 10}, 1, 150) == {}


@pytest.mark.parametrize(("attended", "whole"), [(151, 150), (-1, 150), (0, 0)])
def test_nobody_attends_more_than_there_is(attended: int, whole: int) -> None:
    """Nor of nothing."""
    with pytest.raises(ValueError, match="minutes"):
        share({"reflection": 10}, attended, whole)


@given(areas, st.integers(0, 600), st.integers(1, 600))
def test_together_they_are_the_same_share(of: dict[str, int], attended: int, whole: int) -> None:
    """To the minute, and no area has more than it has."""
    attended = min(attended, whole)
    given_minutes = share(of, attended, whole)
    assert sum(given_minutes.values()) == sum(of.values()) * attended // whole
    assert all(0 < minutes <= of[key] for key, minutes in given_minutes.items())


def test_days_are_added() -> None:
    """Area by area."""
    assert added([{"reflection": 10}, {"reflection": 5, "thinking": 1}]) == {"reflection": 15, "thinking": 1}


@pytest.mark.parametrize(
    ("minutes", "said"), [(120, "2"), (150, "2.5"), (105, "1.75"), (85, "1.41"), (0, "0"), (600, "10"), (6, "0.1")]
)
def test_minutes_are_said_as_hours(minutes: int, said: str) -> None:
    """Rounded down where they are no quarter."""
    assert in_hours(minutes) == said


def test_minutes_are_cut_by_what_they_are_about() -> None:
    """So that hours about equity, or about giving supervision, are not all of a training that is so in part."""
    whole = parts(150, {"giving_rsc": 60, "equity": 30}, {"reflection": 100, "thinking": 50})
    assert [(one.minutes, sorted(one.tags)) for one in whole] == [(60, ["giving_rsc"]), (30, ["equity"]), (60, [])]
    assert added([dict(one.domains) for one in whole]) == {"reflection": 100, "thinking": 50}
    assert parts(150, {"equity": 150}, {}) == [Part(150, frozenset({"equity"}), {})]
    assert parts(10, {}, {"thinking": 10}) == [Part(10, frozenset(), {"thinking": 10})]


def test_two_tags_share_minutes_where_there_are_not_enough_for_both() -> None:
    """A training about equity in giving supervision is about both."""
    assert parts(60, {"giving_rsc": 60, "equity": 20}, {}) == [
        Part(20, frozenset({"giving_rsc", "equity"}), {}),
        Part(40, frozenset({"giving_rsc"}), {}),
    ]


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), areas)
def test_a_cut_loses_no_minute(minutes: int, first: int, second: int, of: dict[str, int]) -> None:
    """Neither of the whole, nor of a tag, nor of an area."""
    tagged = {"giving_rsc": min(first, minutes), "equity": min(second, minutes)}
    cut = parts(minutes, tagged, of if minutes else {})
    assert sum(one.minutes for one in cut) == minutes
    assert {tag: sum(one.minutes for one in cut if tag in one.tags) for tag in tagged} == tagged
    assert added([dict(one.domains) for one in cut]) == (of if minutes else {})
