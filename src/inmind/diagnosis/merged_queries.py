"""Reads of a draft in which two ratings are of one adult, since two records were put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from inmind.diagnosis import writing
from inmind.diagnosis.formulation import Relationship
from inmind.diagnosis.models import DraftRelationship
from inmind.foundation.registries import house

Rating = tuple[DraftRelationship, Relationship]


def ratings(rows: Mapping[str, Any]) -> dict[UUID, list[Rating]]:
    """Part A of a draft by whom it rates, as the records stand now. The rating that counts stands first: the one under the
    record that stays, or where nothing is said there the next that says something. Raises Damaged."""
    from inmind.diagnosis.queries import as_now

    mine = [row for name, row in rows.items() if name.startswith("with:")]
    moved = house.forwarded({row.caregiver_id for row in mine}) if mine else {}
    found: dict[UUID, list[Rating]] = {}
    for row in mine:
        person = moved.get(row.caregiver_id, row.caregiver_id)
        found.setdefault(person, []).append((row, writing.relationship(as_now(row.content), person)))
    for person, some in found.items():
        some.sort(key=lambda one: (not writing.has_words(one[1]), one[0].caregiver_id != person))
    return found


def counting(rows: Mapping[str, Any]) -> tuple[Relationship, ...]:
    """One rating of each adult, in the order in which they were begun."""
    return tuple(some[0][1] for some in ratings(rows).values())


def beside(rows: Mapping[str, Any], person: UUID) -> list[Rating]:
    """What was rated under another record of this adult before the two were put together."""
    return [one for one in ratings(rows).get(person, []) if one[0].caregiver_id != person and writing.has_words(one[1])]
