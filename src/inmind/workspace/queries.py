"""The list of families: which of those this actor may find, and what its reader may see of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from inmind.access import grants, policy
from inmind.access.actors import Actor
from inmind.access.models import RoleAssignment
from inmind.families import queries as families
from inmind.families.actions import SERVING_ROLES
from inmind.families.models import Assignment, Episode, Participation, Visit
from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.people.models import Organization, Person
from inmind.tasks import queries as tasks
from inmind.tasks.models import Task

NOBODY = "nobody"  # in an address: families whose care team has nobody


def found_by(actor: Actor) -> models.QuerySet:
    """The episodes of the families that this actor may find, the newest first."""
    episodes = policy.visible(actor, Episode.objects.all(), "families.find")
    return episodes.select_related("dyad__child", "organization").order_by("-created_at", "-pk")


def with_people(episodes: models.QuerySet) -> models.QuerySet:
    """The same with their adults (`grown`), those on the care team who serve today (`team`), and the day of the last visit."""
    grown = Participation.objects.filter(part=Participation.Part.ADULT).select_related("person")
    latest = Visit.objects.filter(episode=models.OuterRef("pk")).order_by("-on").values("on")[:1]
    return episodes.annotate(last_visit=models.Subquery(latest)).prefetch_related(
        models.Prefetch("participations", grown.order_by("created_at", "pk"), to_attr="grown"),
        models.Prefetch("assignments", serving().select_related("worker").order_by("since", "pk"), to_attr="team"),
    )


def serving() -> models.QuerySet:
    """Who is on a care team and holds a serving role at its agency today; somebody who has left serves no more."""
    on = clock.today(settings.INSTALLATION.zone)
    held = RoleAssignment.today(on).filter(
        account__person=models.OuterRef("worker"),
        account__is_active=True,
        organization=models.OuterRef("episode__organization"),
        role__in=SERVING_ROLES,
    )
    return Assignment.in_force(on).filter(models.Exists(held))


def served_by(episodes: models.QuerySet, worker: UUID) -> models.QuerySet:
    return episodes.filter(pk__in=serving().filter(worker=worker).values("episode"))


def served_by_nobody(episodes: models.QuerySet) -> models.QuerySet:
    return episodes.exclude(models.Exists(serving().filter(episode=models.OuterRef("pk"))))


def arranges(actor: Actor) -> list[Organization]:
    """The agencies whose care teams this actor arranges, and whose workers a list may therefore be parted by."""
    ids = [one.organization for one in actor.standings if any(grants.of_role(one.role, "families.join_team"))]
    return list(Organization.objects.filter(pk__in=[pk for pk in ids if pk]).order_by("name"))


def workers(organizations: list[Organization]) -> list[Person]:
    """Those who can be on a care team there, by name."""
    return list(dict.fromkeys(one for place in organizations for one in families.holding_role(place, *SERVING_ROLES)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A family of which a red task is open, for somebody who may read what it is about."""

    episode: Any
    known: tasks.Known


def waiting(actor: Actor) -> list[Waiting]:
    """Where an answer still waits for a person, among the caregivers whose answers this actor may read: the care team.

    That a red task stands tells that a caregiver was asked. The agency outside the care team is not told (`protect.md` 1).
    """
    at = {standing.organization for standing in actor.standings if standing.organization}
    open_ones = Task.objects.filter(organization__in=at, red=True, closed_at__isnull=True)
    return [
        Waiting(getattr(one.about, f"{reach.prefix}_id"), one)
        for one in tasks.known(actor, open_ones)
        if (reach := house.reaches.get((one.task.about_kind, Episode._meta.label))) is not None
    ]
