"""What tests of visits without a signal do as a device does it."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from django.urls import reverse

from inmind.foundation import clock
from inmind.foundation.identity import new_id
from tests import make

JSON = "application/json"


def known(client: Client, name: str = "Work phone", device: str = "") -> str:
    """A browser that was made known as a device; its id."""
    device = device or str(new_id())
    answer = client.post(reverse("away_devices"), {"id": device, "name": name}, content_type=JSON)
    assert answer.status_code == 200, answer.content
    return device


def parcel(client: Client, device: str) -> dict[str, Any]:
    answer = client.get(reverse("away_parcel"), {"device": device})
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def sent(client: Client, device: str, *entries: dict[str, Any]) -> dict[str, Any]:
    """What the server says to entries of a device."""
    answer = client.post(reverse("away_entries"), {"device": device, "entries": list(entries)}, content_type=JSON)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def verdicts(said: dict[str, Any]) -> list[str]:
    return [one["verdict"] for one in said["answers"]]


class Phone:
    """A worker's device: numbers its entries as it writes them down."""

    def __init__(self, worker: make.Worker, family: make.Family) -> None:
        self.worker, self.family, self.client = worker, family, worker.client
        self.device, self.last = known(self.client), 0

    def entry(self, kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        self.last += 1
        said = {"at": clock.now().isoformat(), "episode": str(self.family.episode.pk), "base": None}
        return {"id": str(new_id()), "number": self.last, "kind": kind, "body": body, **said, **more}

    def visit(self, **said: Any) -> dict[str, Any]:
        on = clock.today(self.family.episode.organization.zone).isoformat()
        return self.entry("visit", {"id": str(new_id()), "on": on, "minutes": 45, "place": "home", **said})

    def begun(self, instrument: str = "epds", **said: Any) -> dict[str, Any]:
        on = clock.today(self.family.episode.organization.zone).isoformat()
        asked = {"instrument": instrument, "edition": "2026", "subject": str(self.family.adult.pk), "on": on}
        return self.entry("screen_begin", {"id": str(new_id()), **asked, **said})

    def send(self, *entries: dict[str, Any]) -> dict[str, Any]:
        return sent(self.client, self.device, *entries)
