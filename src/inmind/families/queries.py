"""Reads of families: who cares for a child, who serves it, whom a name may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.access.models import Account, RoleAssignment
from inmind.families.intake import PARTS, AdultFacts, ChildFacts
from inmind.families.models import Assignment, Dyad, Episode, OnCall, Participation
from inmind.foundation import clock, text
from inmind.foundation.models import in_force
from inmind.foundation.values import Age
from inmind.people.models import NameToken, Organization, Person, Relationship
from inmind.records import finding
from inmind.records.likeness import Plain

FOUND_AT_MOST = 20
FEW = 300  # families: up to here a search begins with them, beyond it with the words


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
    """The episodes of the families that this actor serves, newest first.

    The policy is asked about her assignments, not about the episodes: who reaches a whole agency's would otherwise lead
    SQLite through all of them.
    """
    mine = Assignment.in_force(clock.today(settings.INSTALLATION.zone)).filter(worker=actor.person)
    served = policy.visible(actor, mine, "families.see").values("episode")
    return Episode.objects.filter(pk__in=served).select_related("dyad__child", "organization").order_by("-created_at")


@dataclass(frozen=True, slots=True)
class Found:
    """A person whom a search found, with the dyad to open and what she is in it."""

    person: Person
    dyad: Dyad
    is_child: bool


def find(actor: Actor, words: str) -> list[Found]:
    """People whose names hold words that begin so, accents or not, among those this actor may see; `FOUND_AT_MOST`.

    Who serves few families is searched from those; who reaches a whole agency's, from the words listed there. Either
    way the time does not grow with the number of people that others keep.
    """
    tokens = sorted({token[:80] for token in text.tokens(words)}, key=len, reverse=True)
    if not tokens:
        return []
    episodes = policy.visible(actor, Episode.objects.all(), "families.find")
    few = list(episodes.order_by("-created_at", "-pk").values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        taking_part = Participation.objects.filter(episode__in=few)
        near = NameToken.objects.filter(person__in=list(taking_part.values_list("person_id", flat=True)))
        return _first(_named(near, tokens), lambda people: _together(taking_part, people))
    agencies = {standing.organization for standing in actor.standings if standing.organization}
    near = NameToken.objects.filter(organization__in=agencies)
    return _first(_named(near, tokens), lambda people: _allowed(actor, people))


def alike(actor: Actor, child: ChildFacts, adult: AdultFacts) -> list[Found]:
    """People who may be this child or this adult, among those that this actor may find; nobody learns of anybody else."""
    plains = (
        Plain(child.given_name, child.family_name, child.birth_date),
        Plain(adult.given_name, adult.family_name, None, frozenset({adult.phone} - {""})),
    )
    ids = [person.pk for plain in plains for person in finding.like_and_seen(actor, plain)]
    rows = {row.person_id: row for row in _allowed(actor, ids)}
    return [Found(row.person, row.episode.dyad, row.part == Participation.Part.CHILD) for row in rows.values()]


def _named(near: models.QuerySet, tokens: list[str]) -> models.QuerySet:
    """The ids of those with all these words among some name tokens, the longest word leading, in its order."""
    for token in tokens[1:]:
        other = NameToken.objects.filter(person=models.OuterRef("person_id"), token__starts=token)
        near = near.filter(models.Exists(other))
    return near.filter(token__starts=tokens[0]).order_by("token", "person_id").values_list("person_id", flat=True)


def _first(ids: models.QuerySet, rows_of: Callable[[list[UUID]], Iterable[Participation]]) -> list[Found]:
    """The first people found, read in stretches of growing length until there are enough."""
    found: dict[UUID, Found] = {}
    start, length = 0, FOUND_AT_MOST * 3
    while len(found) < FOUND_AT_MOST:
        some = list(ids[start : start + length])
        by_person: dict[UUID, Found] = {}
        for row in rows_of(some):
            if row.person.merged_into_id is None:
                found_there = Found(row.person, row.episode.dyad, row.part == Participation.Part.CHILD)
                by_person.setdefault(row.person_id, found_there)
        found |= {pk: by_person[pk] for pk in some if pk in by_person}
        if len(some) < length:
            break
        start, length = start + length, length * 4
    return list(found.values())[:FOUND_AT_MOST]


def _together(taking_part: models.QuerySet, people: list[UUID]) -> models.QuerySet:
    rows = taking_part.filter(person__in=people).select_related("person", "episode__dyad__child")
    return rows.order_by("-episode__created_at")


def _allowed(actor: Actor, people: list[UUID]) -> Iterator[Participation]:
    """Asked row by row: as a condition of the query, SQLite would begin with all the agency's episodes."""
    rows = _together(Participation.objects.all(), people)
    return (row for row in rows if policy.can(actor, "families.find", row))


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


def agencies() -> list[Organization]:
    """Every agency, also one that serves no family yet."""
    return list(Organization.objects.filter(kind=Organization.Kind.AGENCY).order_by("name"))


def never_signed_in(people: Iterable[UUID]) -> set[UUID]:
    """Those of them who have not signed in once."""
    wanted = Account.objects.filter(person__in=list(people), last_login__isnull=True)
    return set(wanted.values_list("person_id", flat=True))


def holding_role(organization: Organization, *roles: str) -> models.QuerySet:
    """The people who hold one of these roles at an organization today."""
    held = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(
        organization=organization, account__is_active=True
    )
    if roles:
        held = held.filter(role__in=roles)
    return Person.objects.filter(account__roles__in=held).distinct().order_by("given_name", "family_name")
