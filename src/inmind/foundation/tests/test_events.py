"""Announcements as they are stored and read again."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any
from uuid import UUID

import pytest

from inmind.foundation import events
from inmind.foundation.events import Event

AN_ID = UUID("01990000-0000-7000-8000-000000000001")


def example(kind: type[Event]) -> Event:
    """One of each, filled by the kind of its fields."""
    values: dict[str, Any] = {"UUID": AN_ID, "str": "words", "int": 2}
    return kind(**{field.name: values[str(field.type)] for field in fields(kind)})


@pytest.mark.parametrize("kind", events.EVENTS.values(), ids=events.EVENTS)
def test_an_announcement_survives_being_stored(kind: type[Event]) -> None:
    """As JSON and back; ids are ids again."""
    event = example(kind)
    assert events.read(kind.__name__, json.loads(json.dumps(event.as_data()))) == event
    assert kind.edition >= 1


def test_every_announcement_can_be_read_again() -> None:
    """A class that is not in the list would be stored and never delivered."""
    assert {kind.__name__ for kind in Event.__subclasses__()} == set(events.EVENTS)


def test_an_announcement_of_an_unknown_class_is_refused() -> None:
    """By a later edition's name, for one."""
    with pytest.raises(KeyError):
        events.read("SomethingLater", {})


def test_a_caregivers_flag_names_no_child() -> None:
    """The caregiver and the episode that asked; protect.md 1."""
    assert {field.name for field in fields(events.FlagRaised)} == {"subject", "episode", "screen", "flag"}
