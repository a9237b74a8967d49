"""Edges hold by the house's own day, ages and visits by the agency's local one: at every hour, in every zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from inmind.foundation import clock
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "America/Chicago", "America/New_York", "Pacific/Guam"])
@pytest.mark.parametrize("hour", [0, 4, 5, 6, 11, 16, 23])
def test_a_family_is_whole_in_the_minute_it_is_registered(zone: str, hour: int) -> None:
    """Wherever the agency's midnight falls, the page shows child, adult and team at once, and a visit of today is kept."""
    with clock.at(datetime(2026, 3, 1, hour, 30, tzinfo=UTC)):
        agency = make.make_network("One Agency", zone=zone).agencies[0]
        visitor = make.make_worker(at=agency)
        family = make.make_family(visitor, child="Mateo Peña", adults=("Rosa Peña",))
        page = visitor.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk})).content.decode()
        make.make_screen(family)
        sent = {"key": "one", "on": clock.today(zone).isoformat(), "place": "home", "minutes": "60"}
        visit = visitor.client.post(reverse("family_visit", kwargs={"dyad": family.dyad.pk}), sent)
    assert "Mateo" in page
    assert "Rosa" in page
    assert visit.status_code == 302
