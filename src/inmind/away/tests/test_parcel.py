"""What a worker takes along: her families, in a few questions, without an answer of anybody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from inmind.families.models import Visit
from inmind.foundation import clock
from inmind.foundation.identity import new_id
from inmind.screening.models import Screen
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


def known(client: Any, name: str = "Work phone") -> str:
    """A browser that was made known as a device; its id."""
    device = str(new_id())
    sent = client.post(reverse("away_devices"), {"id": device, "name": name}, content_type="application/json")
    assert sent.status_code == 200, sent.content
    return device


def parcel(client: Any, device: str) -> dict[str, Any]:
    answer = client.get(reverse("away_parcel"), {"device": device})
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def sent(client: Any, device: str, *entries: dict[str, Any]) -> dict[str, Any]:
    """What the server says to entries of a device."""
    answer = client.post(
        reverse("away_entries"), {"device": device, "entries": list(entries)}, content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def entry(number: int, family: make.Family, kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = {"at": clock.now().isoformat(), "episode": str(family.episode.pk), "base": None}
    return {"id": str(new_id()), "number": number, "kind": kind, "body": body, **said, **more}


def test_a_morning_without_a_signal_arrives_once() -> None:
    """A visit, a note, a screen with a crisis answer, in order; sent again, it is had already."""
    family = make.make_family()
    make.make_on_call(family.episode.organization)
    client, today = family.by.client, clock.today(make.ZONE).isoformat()
    device = known(client)
    got = parcel(client, device)
    form = got["forms"]["epds@2026"]
    visit, screen, mother = str(new_id()), str(new_id()), str(family.adult.pk)
    asked = {"id": screen, "instrument": "epds", "edition": form["edition"], "subject": mother, "on": today}
    day = [
        entry(1, family, "visit", {"id": visit, "on": today, "minutes": 45, "present": [mother]}),
        entry(2, family, "note", {"visit": visit, "text": "We walked to the lake."}),
        entry(3, family, "screen_begin", asked),
        entry(4, family, "screen_answers", {"screen": screen, "answers": {"epds_10": 2}}),
        entry(5, family, "screen_finish", {"screen": screen}),
    ]
    first, again = sent(client, device, *day), sent(client, device, *day)
    assert form["crisis"] == [{"item": "epds_10", "at_least": 1}]
    assert [one["verdict"] for one in first["answers"]] == ["kept"] * 5
    assert [one["help"] for one in first["answers"]] == [False, False, False, True, False]
    assert [one["verdict"] for one in again["answers"]] == ["had_already"] * 5
    assert Visit.objects.get().note == "We walked to the lake."
    assert Screen.objects.get().answers == {"epds_10": 2}
    assert Task.objects.get().red
