"""Reads of families: who cares for a child, who serves it, whom a name may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.access.models import RoleAssignment
from inmind.families.intake import PARTS
from inmind.families.models import Assignment, Dyad, Episode, OnCall, Participation
from inmind.foundation import clock, text
from inmind.foundation.models import in_force
from inmind.foundation.values import Age
from inmind.people.models import NameToken, Organization, Person, Relationship

FOUND_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult as the dyad page shows her: her name, and how she cares for the child (a word to translate)."""

    person: Person
    part: str


def adults(episode: Episode, on: date) -> list[Adult]:
    """The adults who take part in an episode, in the order in which they came."""
    parts = dict(
        Relationship.objects.filter(
            in_force(on), kind=Relationship.Kind.CARES_FOR, to_person=episode.dyad.child_id
        ).values_list("from_person", "part")
    )
    taking_part = (
        episode.participations.filter(part=Participation.Part.ADULT)
        .select_related("person")
        .order_by("created_at", "pk")
    )
    return [
        Adult(row.person, PARTS.get(parts.get(row.person_id, ""), "")) for row in taking_part if row.person_id in parts
    ]


def team(episode: Episode, on: date) -> models.QuerySet:
    """The care team today."""
    return Assignment.in_force(on).filter(episode=episode).select_related("worker").order_by("since", "pk")


def who_holds(workers: list[Any], on: date) -> models.QuerySet:
    """Who holds these workers in reflective supervision today. A gap is never told (`protect.md` 10, 13)."""
    return (
        Relationship.objects.filter(in_force(on), kind=Relationship.Kind.HOLDS, to_person__in=workers)
        .select_related("from_person", "to_person")
        .order_by("since", "pk")
    )


def age(dyad: Dyad, on: date) -> Age | None:
    """The child's age, None before birth."""
    return Age.between(dyad.birth_date, on) if dyad.birth_date and dyad.birth_date <= on else None


def open_episode(actor: Actor, dyad: Dyad, verb: str = "families.see") -> Episode | None:
    """The episode through which this actor may see a dyad."""
    return policy.visible(actor, dyad.episodes.select_related("organization", "dyad__child"), verb).first()


def caseload(actor: Actor) -> models.QuerySet:
    """The episodes of the families that this actor serves, newest first."""
    mine = Episode.objects.filter(
        assignments__in=Assignment.in_force(clock.today(settings.INSTALLATION.zone)).filter(worker=actor.person)
    )
    return (
        policy.visible(actor, mine, "families.see")
        .select_related("dyad__child", "organization")
        .order_by("-created_at")
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A person whom a search found, with the dyad to open and what she is in it."""

    person: Person
    dyad: Dyad
    is_child: bool


def find(actor: Actor, words: str) -> list[Found]:
    """People whose names hold words that begin so, accents or not, among those this actor may see.

    The longest word drives the index; the others are checked on what it finds. At most `FOUND_AT_MOST`.
    """
    tokens = sorted(set(text.tokens(words)), key=len, reverse=True)
    if not tokens:
        return []
    people = Person.objects.filter(merged_into__isnull=True)
    allowed = policy.visible(actor, people, "families.find")
    for token in tokens[1:]:
        allowed = allowed.filter(
            models.Exists(NameToken.objects.filter(person=models.OuterRef("pk"), token__starts=token))
        )
    hits = (
        NameToken.objects.filter(token__starts=tokens[0])
        .filter(models.Exists(allowed.filter(pk=models.OuterRef("person_id"))))
        .order_by("token", "person_id")
        .values_list("person_id", flat=True)[: FOUND_AT_MOST * 3]
    )
    ids = list(dict.fromkeys(hits))[:FOUND_AT_MOST]
    return _with_dyads(actor, ids)


def _with_dyads(actor: Actor, ids: list[Any]) -> list[Found]:
    rows = (
        Participation.objects.filter(
            person__in=ids, episode__in=policy.visible(actor, Episode.objects.all(), "families.find")
        )
        .select_related("person", "episode__dyad__child")
        .order_by("-episode__created_at")
    )
    by_person: dict[Any, Found] = {}
    for row in rows:
        by_person.setdefault(row.person_id, Found(row.person, row.episode.dyad, row.part == Participation.Part.CHILD))
    return [by_person[pk] for pk in ids if pk in by_person]


def on_call(organization: Organization) -> Person | None:
    """Who answers for an agency now; None when nobody is named, or the one who was named is no clinician there any more."""
    named = OnCall.objects.filter(organization=organization, until__isnull=True).select_related("person").first()
    if named is None:
        return None
    still_there = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(
        account__person=named.person, account__is_active=True, organization=organization, role="clinician"
    )
    return named.person if still_there.exists() else None


def serving_agencies() -> models.QuerySet:
    """The agencies with an episode that runs today."""
    running = Episode.objects.filter(in_force(clock.today(settings.INSTALLATION.zone)))
    return Organization.objects.filter(pk__in=running.values("organization")).order_by("name")


def holding_role(organization: Organization, *roles: str) -> models.QuerySet:
    """The people who hold one of these roles at an organization today."""
    held = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(
        organization=organization, account__is_active=True
    )
    if roles:
        held = held.filter(role__in=roles)
    return Person.objects.filter(account__roles__in=held).distinct().order_by("given_name", "family_name")
