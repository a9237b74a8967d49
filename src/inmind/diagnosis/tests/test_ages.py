"""Age beside a diagnosis: on the day of the assessment, and no surer than its source."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.diagnosis import ages
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.ages import NotOfThisAge, Weight
from inmind.diagnosis.manual import Bound
from inmind.diagnosis.tests.invented import ADHD, AUTISM, BORN
from inmind.foundation.values import Age, Period


def weight(disorder: str, months: int) -> Weight:
    return ages.fit(manual().disorder(disorder), Age(months, 0)).weight


@pytest.mark.parametrize(
    ("disorder", "months", "expected"),
    [
        (AUTISM, 8, Weight.STOPS),  # high confidence: 9 to 36 months
        (AUTISM, 9, Weight.FITS),
        (AUTISM, 35, Weight.FITS),
        (AUTISM, 36, Weight.ASKS),  # no source says whether the month of 36 still counts
        (AUTISM, 37, Weight.STOPS),
        ("overeating-disorder", 23, Weight.WARNS),  # medium confidence: 24 months
        ("overeating-disorder", 24, Weight.ASKS),  # its end is not known
        ("sensory-over-responsivity-disorder", 5, Weight.ASKS),  # low confidence hints, and its end is not known
    ],
)
def test_a_bound_does_no_more_than_its_source_allows(disorder, months, expected):
    assert weight(disorder, months) is expected


def test_a_weak_number_hints_and_stops_nobody():
    found = ages.fit(manual().disorder(ADHD), Age(20, 0)).findings
    assert [(one.bound, one.weight) for one in found] == [
        (Bound.FROM_MONTH, Weight.HINTS),
        (Bound.TO_MONTH, Weight.ASKS),
    ]
    assert not ages.fit(manual().disorder(ADHD), Age(20, 0)).needs_a_reason


def test_unknown_is_asked_and_never_any_age():
    for months in (0, 35, 71):
        found = ages.fit(manual().disorder("selective-mutism"), Age(months, 0))
        assert [one.weight for one in found.findings] == [Weight.ASKS, Weight.ASKS]
        assert all(one.known is None for one in found.findings)


def test_age_is_that_of_the_assessment_and_not_of_the_writing():
    """Seen at 35 months, written down at 37: the diagnosis was within its window when the child was seen."""
    seen, written = date(2027, 3, 1), date(2027, 4, 20)
    fits = [ages.fit(manual().disorder(AUTISM), ages.age_on(manual(), BORN, day)).weight for day in (seen, written)]
    assert fits == [Weight.FITS, Weight.STOPS]


def test_a_six_year_old_is_not_of_this_manual():
    birthday = date(2030, 3, 15)
    assert ages.age_on(manual(), BORN, birthday - timedelta(days=1)).months == 71
    with pytest.raises(NotOfThisAge, match="72 months old.*sixth birthday.*stays"):
        ages.age_on(manual(), BORN, birthday)


def test_nobody_is_assessed_before_the_birth():
    with pytest.raises(NotOfThisAge, match="lies before the birth"):
        ages.age_on(manual(), BORN, BORN - timedelta(days=1))


def test_a_window_that_closes_dates_the_next_assessment():
    assert ages.closes_on(manual().disorder(AUTISM), BORN) == date(2027, 3, 15)
    assert ages.window(manual().disorder(AUTISM), BORN) == Period(date(2024, 12, 15), date(2027, 3, 15))
    for other in (ADHD, "overeating-disorder"):
        assert ages.closes_on(manual().disorder(other), BORN) is None
        assert ages.window(manual().disorder(other), BORN) is None


@given(st.sampled_from(sorted(manual().disorders)), st.integers(0, 71))
def test_only_what_is_well_known_stops(disorder, months):
    for one in ages.fit(manual().disorder(disorder), Age(months, 0)).findings:
        if one.weight is Weight.STOPS:
            assert one.known is not None and one.known.confidence == "high"
        if one.known is None:
            assert one.weight is Weight.ASKS
