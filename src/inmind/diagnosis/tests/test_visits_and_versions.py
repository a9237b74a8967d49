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
