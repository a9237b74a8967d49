"""Axis V across versions: four bands of words for each of five domains, and no number made of them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from inmind.diagnosis import course as module
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.course import Rated, course
from inmind.diagnosis.manual import Manual


@pytest.fixture
def dc() -> Manual:
    return manual()


def rated(number: int, **ratings: str) -> Rated:
    return Rated(number, date(2026, number, 1), {key.replace("_", "-"): value for key, value in ratings.items()})


def test_a_domain_is_drawn_from_version_to_version(dc: Manual) -> None:
    """The first version stands on the left, whatever order they come in; the line joins what was rated."""
    found = course(dc, [rated(2, emotional="exceeds"), rated(1, emotional="not-meeting")])
    assert found is not None
    lane = found.lanes[0]
    assert [column.number for column in lane.columns] == [1, 2]
    assert lane.line == "20.0,68 130.0,14"
    assert [ring.is_it for ring in lane.columns[0].rings] == [False, False, False, True]
    assert lane.last.rating == dc.ratings[0]
    assert [one.domain for one in found.lanes] == list(dc.domains)


def test_a_domain_that_was_not_rated_is_not_guessed(dc: Manual) -> None:
    """Four empty rings, no words, and the line goes past it without a point."""
    versions = [rated(1, movement_physical="exceeds"), rated(2), rated(3, movement_physical="age-appropriate")]
    found = course(dc, versions)
    assert found is not None
    lane = found.lanes[-1]
    assert lane.columns[1].rating is None
    assert not any(ring.is_it for ring in lane.columns[1].rings)
    assert lane.line.count(",") == 2


def test_one_version_is_a_column_without_a_line(dc: Manual) -> None:
    """There is nothing to join; and where nothing was signed, there is no picture."""
    found = course(dc, [rated(1, emotional="exceeds")])
    assert found is not None
    assert found.lanes[0].line == ""
    assert found.lanes[0].columns[0].x == "20.0"
    assert found.foot < found.height
    assert course(dc, []) is None


def test_many_versions_stay_within_the_picture(dc: Manual) -> None:
    """However often a child was assessed."""
    found = course(dc, [Rated(number, date(2026, 1, 1), {}) for number in range(1, 30)])
    assert found is not None
    assert float(found.lanes[0].last.x) <= module.WIDTH - module.LEFT


def test_nothing_in_the_picture_is_an_average_or_a_score() -> None:
    """What is handed on are ratings and places; a sum has nowhere to stand."""
    named = {one.name for each in (module.Course, module.Lane, module.Column) for one in fields(each)}
    assert named == {"lanes", "height", "foot", "domain", "columns", "line", "number", "on", "rating", "x", "rings"}
