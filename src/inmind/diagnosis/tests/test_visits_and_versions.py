"""Visits against an allowance."""

from __future__ import annotations

from datetime import date

import pytest

from inmind.diagnosis.tests.invented import MOTHER
from inmind.diagnosis.visits import Allowance, Place, Visit, minutes, places, used
from inmind.foundation.errors import BadInput

VISITS = (
    Visit(date(2025, 12, 30), 60, Place.OFFICE),
    Visit(date(2026, 1, 8), 90, Place.HOME, frozenset((MOTHER,))),
    Visit(date(2026, 2, 2), 45, Place.CHILD_CARE),
)


def test_sessions_are_counted_by_child_and_calendar_year():
    counted = used(VISITS, Allowance("Medicaid", 5, "the state's own rule"), date(2026, 3, 1))
    assert (counted.sessions, counted.left, counted.is_over) == (2, 3, False)
    over = used(VISITS, Allowance("Medicaid", 1), date(2026, 3, 1))
    assert (over.left, over.is_over) == (0, True)


def test_an_allowance_that_nobody_has_said_counts_nothing_down():
    counted = used(VISITS, Allowance("Medicaid", None), date(2026, 3, 1))
    assert (counted.sessions, counted.left, counted.is_over) == (2, None, False)


def test_minutes_and_places():
    assert minutes(VISITS) == 195
    assert places(VISITS) == {Place.OFFICE, Place.HOME, Place.CHILD_CARE}


@pytest.mark.parametrize("length", [0, -5, 721])
def test_minutes_that_cannot_be_are_refused(length):
    with pytest.raises(BadInput, match="cannot be"):
        Visit(date(2026, 1, 8), length, Place.HOME)


def test_two_versions_that_say_the_same_differ_in_nothing():
    one = whole(manual(), diagnosis(AUTISM))
    assert changes(one, replace(one, strengths="curious")) == ()


def test_two_ratings_of_one_adult_are_both_compared():
    """Two caregivers who turned out to be one: what was said of either stands side by side, whatever the order of rows."""
    twice = [diagnosis(RELATIONSHIP, sure, caregiver=MOTHER) for sure in (Certainty.CONFIRMED, Certainty.WORKING)]
    before = whole(manual(), *twice, relationships=(Relationship(MOTHER, 2), Relationship(MOTHER, 2)))
    after = replace(before, relationships=(Relationship(MOTHER, 4), Relationship(MOTHER, 2)))
    found = {(one.axis, one.about): (one.before, one.after) for one in changes(before, after)}
    assert found == {(Axis.TWO, str(MOTHER)): ((2, 2), (2, 4))}
    assert changes(after, replace(after, relationships=(Relationship(MOTHER, 2), Relationship(MOTHER, 4)))) == ()


def test_what_came_went_and_changed_stands_side_by_side():
    before = whole(
        manual(),
        diagnosis(AUTISM, Certainty.WORKING),
        stressors=(Stressor("neglect", "", 2, 14), Stressor("", "moved twice", None)),
    )
    after = replace(
        before,
        edition="dc-0-5",
        diagnoses=(diagnosis(AUTISM), diagnosis(RELATIONSHIP, caregiver=MOTHER)),
        relationships=(Relationship(MOTHER, 2), Relationship(FOSTER, 1)),
        environments=(Environment("with the mother", frozenset((MOTHER,)), 3),),
        health=(Health("ear infections", HealthSource.RECORD),),
        stressors=(Stressor("neglect", "", 2, 14, severity="less by far"),),
        competence=replace(before.competence, ratings={**before.competence.ratings, "emotional": "not-meeting"}),
    )
    found = {(one.axis, one.about): (one.before, one.after) for one in changes(before, after)}
    assert found == {
        (Axis.HEAD, ""): ("dc-0-5-2", "dc-0-5"),
        (Axis.ONE, AUTISM): (Certainty.WORKING, Certainty.CONFIRMED),
        (Axis.ONE, f"{RELATIONSHIP} {MOTHER}"): (None, Certainty.CONFIRMED),
        (Axis.TWO, str(MOTHER)): (3, 2),
        (Axis.TWO, "foster home"): (2, None),
        (Axis.TWO, "with the mother"): (None, 3),
        (Axis.THREE, "ear infections"): (None, HealthSource.RECORD),
        (Axis.FOUR, "neglect"): ((2, 14, False, ""), (2, 14, False, "less by far")),
        (Axis.FOUR, "moved twice"): ((None, None, False, ""), None),
        (Axis.FIVE, "emotional"): ("age-appropriate", "not-meeting"),
    }
