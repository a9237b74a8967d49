"""An association that one person begins: its founder keeps it, and Today shows the first steps until each is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as of_house
from django.urls import reverse

from inmind.access.actors import operator
from inmind.access.founding import found
from inmind.access.models import Account
from inmind.access.tests.coming_in import enrolled, with_password
from inmind.association import actions
from inmind.association.directory import Audience
from inmind.association.tests.test_membership import spring, typed
from inmind.foundation import clock
from inmind.messages.adapters import mail
from inmind.people.models import Organization
from tests import make

pytestmark = pytest.mark.django_db
__all__ = ("spring",)
TITLES = ("Add a level of membership", "Let letters leave", "Move your members in", "Add your first training")


def test_whoever_founds_an_association_keeps_it_from_the_first_minute(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The administrator's Today leads through the first steps; the first level is added at once."""
    monkeypatch.setattr(mail, "leaves", lambda: False)
    page = reverse("level_add")  # the routes are those of the house that the tests run in
    settings.INSTALLATION = replace(of_house.INSTALLATION, profile="association")
    said = {"name": "Plains Association", "zone": make.ZONE, "username": "robin", "address": "robin@example.org"}
    found(operator("init"), given_name="Robin", family_name="Vance", **said)
    robin = Account.objects.get()
    assert sorted(robin.roles.values_list("role", flat=True)) == ["administrator", "association_coordinator"]
    client = enrolled(with_password(robin))
    today = client.get("/today/").content.decode()
    assert "Nothing waits for you" not in today
    for title in (*TITLES, "Tell members of the directory"):
        assert title in today, title
    level = {"name": "Individual", "fee": "60", "rule": "calendar", "years": "1", "begins_month": "1"}
    more = {"begins_day": "1", "grace_days": "30", "is_open": "on", "seats": "1"}
    assert client.post(page, typed(client, page, **level, **more)).status_code == 302
    assert TITLES[0] not in client.get("/today/").content.decode()
    assert client.get(reverse("members")).status_code == 200


def test_each_first_step_is_gone_when_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """And after some months nothing is a first step any more."""
    ana = make.make_worker("association_coordinator")
    member = make.make_member(ana)
    make.make_training(ana.agency)
    today = ana.client.get("/today/").content.decode()
    assert [title for title in TITLES if title in today] == ["Let letters leave"]
    monkeypatch.setattr(mail, "leaves", lambda: True)
    said = {"shows": [], "city": "", "languages": [], "offers": ""}
    assert "Tell members of the directory" in ana.client.get("/today/").content.decode()
    actions.keep_entry(make.actor_of(member.person), member=member, audience=Audience.PUBLIC, **said)
    assert "First steps" not in ana.client.get("/today/").content.decode()
    monkeypatch.setattr(mail, "leaves", lambda: False)
    assert "First steps" in ana.client.get("/today/").content.decode()
    with clock.at(clock.now() + timedelta(days=91)):
        assert "First steps" not in make.signed_in(ana.account).get("/today/").content.decode()
    assert Organization.objects.filter(kind="association").count() == 1


def test_the_first_steps_are_shown_to_whoever_keeps_the_association_alone() -> None:
    ana = make.make_worker("association_coordinator")
    member = make.make_worker("practitioner", ana.agency)
    admin = make.make_network().admin
    for worker in (member, admin):
        assert "First steps" not in worker.client.get("/today/").content.decode()
