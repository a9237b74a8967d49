"""The story, told once for all tests of this folder, and the people in it at the moment at which it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from inmind.access.models import Account
from inmind.demo import story
from inmind.families.models import Dyad, Episode
from inmind.foundation import clock
from inmind.screening.models import Screen
from tests import make


class Told:
    """Pages of the story by address, as somebody who has just signed in sees them, at its moment or so long after it."""

    def get(self, username: str, path: str, after: timedelta = timedelta(0)) -> Any:
        with clock.at(story.told_at() + after):
            return make.signed_in(Account.objects.get(username=username)).get(path)

    def page(self, username: str, path: str, after: timedelta = timedelta(0)) -> str:
        answer = self.get(username, path, after)
        assert answer.status_code == 200, f"{username} at {path}: {answer.status_code}"
        return str(answer.content.decode())


def episode(child: str, adult: str = "") -> Episode:
    """The episode of a child by its first name, and by the first name of an adult where there are several."""
    found = Episode.objects.filter(dyad__child__given_name=child)
    if adult:
        found = found.filter(participations__person__given_name=adult)
    return found.select_related("dyad", "organization").get()


def family(child: str) -> str:
    """The address of a child's page."""
    return f"/families/{Dyad.objects.get(child__given_name=child).pk}/"


def own_page(child: str, adult: str) -> str:
    there = episode(child, adult)
    return f"/episodes/{there.pk}/people/{there.participations.get(person__given_name=adult).person_id}/"


def screen(child: str, key: str) -> Screen:
    """The first screen of this kind in a child's family."""
    return Screen.objects.filter(episode__dyad__child__given_name=child, instrument=key).earliest("on")


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[Told]:
    """In a house of its own name, and in a transaction that is undone, as a test's own is."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        house = replace(settings.INSTALLATION, name="Coastal Network", zone=make.ZONE)
        patch.setattr(settings, "INSTALLATION", house)
        story.tell(lambda *_: None)
        yield Told()
        transaction.set_rollback(True)
