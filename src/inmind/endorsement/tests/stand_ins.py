"""What lower rooms know of people, given by a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from inmind.endorsement import queries
from inmind.endorsement.queries import Sources
from inmind.foundation.identity import new_id
from inmind.foundation.values import Period

MENTOR = frozenset({"MHM-C"})
LAW = "law_regulation_agency_policy"
REST = ("theoretical_foundations", "systems_expertise", "direct_service_skills", "communicating")


@dataclass(frozen=True)
class Learned:
    """As `learning.queries.Learned`."""

    on: date
    minutes: int
    tags: frozenset[str] = frozenset()
    domains: Mapping[str, int] = field(default_factory=dict)
    title: str = "A day together"
    association: str = "Plains Association"
    certificate: str = ""
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True)
class Held:
    """As `reflection.queries.Held`."""

    on: date
    minutes: int
    provider: str = "outside:1"
    provider_name: str = "Ana Ruiz"
    provider_holds: frozenset[str] | None = MENTOR
    kind: str = "group"
    about_rsc_given: bool | None = False
    confirmed: bool = True
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True)
class Ahead:
    """As `learning.queries.Ahead`."""

    title: str
    on: date
    minutes: int
    domains: Mapping[str, int]
    tags: frozenset[str] = frozenset()
    seats: int | None = 12
    address: str = "/trainings/law/"
    association: str = ""
    id: UUID = field(default_factory=new_id)


@dataclass
class Known:
    """What is known, to be changed by the test while it goes on."""

    learned: dict[UUID, list[Learned]] = field(default_factory=dict)
    held: dict[UUID, list[Held]] = field(default_factory=dict)
    members: dict[UUID, tuple[Period, ...]] = field(default_factory=dict)
    ahead: list[Ahead] = field(default_factory=list)
    places: list[Any] = field(default_factory=list)


@contextmanager
def known(monkeypatch: Any) -> Iterator[Known]:
    """Let the room read stand-ins instead of the rooms below."""
    here = Known()

    def of(rows: Mapping[UUID, Any]) -> Any:
        return lambda ids: {one: tuple(rows.get(one, ())) for one in ids}

    sources = Sources(
        learned=of(here.learned),
        held=of(here.held),
        memberships=of(here.members),
        ahead=lambda on: tuple(one for one in here.ahead if one.on > on),
        places=lambda person, on: tuple(here.places),
    )
    with monkeypatch.context() as patch:
        patch.setattr(queries, "SOURCES", sources)
        yield here
