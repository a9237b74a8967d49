"""Only a database that is marked as a demonstration sets the clock, and only on this machine alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from inmind.access import telling
from inmind.access.actors import operator
from inmind.access.founding import found
from inmind.access.models import InstallationMark
from inmind.foundation import clock
from inmind.jobs import runner

pytestmark = pytest.mark.django_db
TOLD = datetime(2041, 3, 3, 13, 30, tzinfo=UTC)
SOON = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _the_machines_time_again() -> Iterator[None]:
    yield
    clock.go_on_from(None)


def begin(*, demo: bool, told_at: datetime | None) -> None:
    found(
        operator("tests"),
        name="Coastal Network",
        zone="America/Chicago",
        username="admin",
        given_name="Robin",
        family_name="Vance",
        address="robin@example.org",
        demo=demo,
        told_at=told_at,
    )


def test_a_story_begins_at_its_moment_and_goes_on() -> None:
    """Whatever the machine's clock says."""
    begin(demo=True, told_at=TOLD)
    telling.follow()
    assert clock.is_told()
    assert TOLD <= clock.now() < TOLD + SOON


def test_a_story_stands_still_while_nobody_serves_it() -> None:
    """It goes on from the last that was seen of it: an entry of the trail, or a heartbeat of the machine."""
    begin(demo=True, told_at=TOLD)
    with clock.at(TOLD + timedelta(hours=2)):
        runner.beat("jobs")
    telling.follow()
    assert TOLD + timedelta(hours=2) <= clock.now() < TOLD + timedelta(hours=2) + SOON


@pytest.mark.parametrize("demo", [False, True], ids=["a house with families", "a demonstration without a story"])
def test_any_other_house_keeps_the_machines_time(demo: bool) -> None:
    begin(demo=demo, told_at=None)
    telling.follow()
    assert not clock.is_told()
    assert abs(clock.now() - datetime.now(UTC)) < SOON


def test_a_story_that_others_can_reach_keeps_the_machines_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links and sessions of a public address never live by an invented clock."""
    begin(demo=True, told_at=TOLD)
    monkeypatch.setattr(settings, "ON_LOOPBACK", False)
    telling.follow()
    assert not clock.is_told()


def test_the_database_refuses_a_story_in_a_house_with_families() -> None:
    """Neither from the beginning nor later."""
    with pytest.raises(DatabaseError), transaction.atomic():
        begin(demo=False, told_at=TOLD)
    begin(demo=False, told_at=None)
    assert InstallationMark.objects.get().told_at is None


def test_the_clock_is_set_in_one_place() -> None:
    """No room, no page and no setting moves it but this module."""
    from tests.architecture import house

    callers = [
        house.key_of(path)
        for path in house.modules()
        if not house.is_test(path) and "go_on_from(" in path.read_text(encoding="utf-8")
    ]
    assert callers == ["access/telling", "foundation/clock"]
