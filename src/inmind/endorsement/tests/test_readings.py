"""Where a source leaves something open, the reading is ours, is said as such, and is what the engine does on both sides of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.endorsement import renewal_file, standard_file
from inmind.endorsement.portfolio import Portfolio, Rating, Session
from inmind.endorsement.readiness import Standing, counts, look
from inmind.endorsement.readings import READINGS
from inmind.endorsement.standards import Edition, Ratings, RscHours, Tag, TrainingHours
from inmind.foundation import loading
from tests import make

EDITIONS = [one for sheet in loading.ours("endorsement", "catalog/standards") for one in standard_file.load(sheet)]
MENTOR = frozenset({"MHM-C"})


def of(category: str, edition: str, key: str) -> Any:
    [found] = [one for one in EDITIONS if (one.category, one.edition) == (category, edition)]
    assert isinstance(found, Edition)
    return next(line.any_of[0] for line in found.requirements if line.key == key)


def rsc_window() -> tuple[bool, bool]:
    needs = of("FS", "2017", "rsc")
    assert isinstance(needs, RscHours)
    first = date(2024, 3, 10)

    def met(last: date) -> bool:
        rows = (Session(first, 12 * 60, "a", MENTOR), Session(last, 12 * 60, "a", MENTOR))
        return look(needs, Portfolio(sessions=rows), date(2026, 6, 1)).standing is Standing.MET

    assert met(date(2025, 3, 9)) and not met(date(2025, 3, 8)), "12 months at least"
    return met(date(2026, 3, 9)), met(date(2026, 3, 10))


def triennial_training() -> tuple[bool, bool]:
    [sheet] = [one for one in loading.ours("endorsement", "catalog/renewals") if renewal_file.load(one).years == 3]
    [needs] = [one.line.any_of[0] for one in renewal_file.load(sheet).clauses if one.line.key == "training"]
    assert isinstance(needs, TrainingHours)
    return needs.least.value == 45, needs.least.value == 135


def about_rsc_given() -> tuple[bool, bool]:
    [line] = [
        one
        for edition in EDITIONS
        if edition.category == "MHM-C"
        for one in edition.requirements
        if one.key == "rsc" and one.since is None
    ]
    needs = line.any_of[0]
    assert isinstance(needs, RscHours) and needs.within[Tag.ABOUT_RSC_GIVEN] == 25
    days = [date(2025, 1, 1) + timedelta(days=30 * place) for place in range(14)]

    def met(about: bool) -> bool:
        rows = tuple(Session(day, 4 * 60, "a", MENTOR, about_rsc_given=about) for day in days)
        return look(needs, Portfolio(sessions=rows), date(2026, 6, 1)).standing is Standing.MET

    return met(True), met(False)


def provider_until() -> tuple[bool, bool]:
    needs = of("FS", "2022 changes", "rsc")

    def met(day: date) -> bool:
        return bool(counts(Session(day, 60, "a", frozenset({"MHS"})), needs, Portfolio()).counts)

    return met(date(2024, 3, 31)), met(date(2024, 4, 1))


def rating_months() -> tuple[bool, bool]:
    needs = of("FS", "2017", "ratings")
    assert isinstance(needs, Ratings)
    rated = tuple(Rating(date(2025, 3, 10), frozenset(needs.of_role)) for _ in range(3))

    def met(day: date) -> bool:
        return look(needs, Portfolio(ratings=rated), day).standing is Standing.MET

    return met(date(2026, 3, 9)), met(date(2026, 3, 10))


HELD: dict[str, Callable[[], tuple[bool, bool]]] = {
    "rsc_window": rsc_window,
    "triennial_training": triennial_training,
    "about_rsc_given": about_rsc_given,
    "provider_until": provider_until,
    "rating_months": rating_months,
}


@pytest.mark.parametrize("key", [one.key for one in READINGS])
def test_each_reading_is_what_the_engine_does(key: str) -> None:
    """On the last day it holds, and on the next it does not; read the other way it would."""
    assert HELD[key]() == (True, False)


@pytest.mark.django_db
def test_a_coordinator_reads_which_readings_are_ours() -> None:
    keeper = make.make_worker("association_coordinator")
    assert keeper.agency is not None
    page = keeper.client.get(reverse("endorsement_rules", kwargs={"association": keeper.agency.pk})).content.decode()
    assert "These readings are ours." in page
    assert all(one.source in page for one in READINGS)
