"""Which episodes an actor may open: the sides of a child, a caseload, brothers and sisters, what has ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import models

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.families.models import Assignment, Dyad, Episode, Participation
from inmind.foundation import clock
from inmind.foundation.models import asked_again
from inmind.people.models import Person

LOOKED_AT = 60  # families of one worker that Today looks at


def ended(actor: Actor) -> models.QuerySet:
    """The episodes that have ended and that this actor may open again, the latest first."""
    rows = policy.visible(actor, Episode.objects.all(), "families.reopen")
    return rows.select_related("dyad__child", "organization").prefetch_related("ends").order_by("-until", "-pk")


def sides_said(ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """For whom each of these episodes is, where an agency serves two sides of a family apart."""
    return dict(Episode.objects.filter(pk__in=list(ids)).exclude(side="").values_list("pk", "side"))


def other_children(actor: Actor, person: Person, dyad: UUID) -> list[Episode]:
    """The families of other children for whom an adult cares, of those that this actor may see."""
    taking_part = Participation.objects.filter(person=person, part=Participation.Part.ADULT)
    theirs = Episode.objects.filter(pk__in=taking_part.values("episode")).exclude(dyad=dyad)
    rows = policy.visible(actor, theirs.select_related("dyad__child"), "families.see")
    return list(rows.order_by("since", "created_at", "pk"))


def of_the_same_adults(actor: Actor, episode: Episode) -> list[Episode]:
    """The families of other children for whom this side's adults care, one for each child, of those this actor may see."""
    grown = Participation.objects.filter(part=Participation.Part.ADULT)
    theirs = grown.filter(person__in=grown.filter(episode=episode).values("person")).values("episode")
    rows = Episode.objects.filter(pk__in=theirs).exclude(dyad=episode.dyad_id).select_related("dyad__child")
    seen = policy.visible(actor, rows, "families.see").order_by("since", "created_at", "pk")
    return list({one.dyad_id: one for one in reversed(seen)}.values())[::-1]


def sides(actor: Actor, dyad: Dyad, verb: str = "families.see") -> list[Episode]:
    """The episodes of a dyad that this actor may see, or reach for another verb, the first one first."""
    return policy.once(("sides", actor, dyad.pk, verb), lambda: _sides(actor, verb, dyad=dyad.pk))


@policy.visible_again
def _sides(seen: policy.Seen, *, dyad: UUID) -> models.QuerySet:
    of_dyad = seen(Episode.objects.filter(dyad=dyad)).select_related("organization", "dyad__child")
    return of_dyad.order_by("since", "created_at", "pk")


def open_episode(actor: Actor, dyad: Dyad, verb: str = "families.see", chosen: str = "") -> Episode | None:
    """The episode through which this actor may see a dyad: the one whose id was chosen, and no other; nothing chosen, the
    first. What is written asks for a choice where there are several (`views.episode_of`)."""
    episodes = sides(actor, dyad, verb)
    return next((one for one in episodes if chosen in ("", str(one.pk))), None)


def caseload(actor: Actor) -> models.QuerySet:
    """The episodes of the families that this actor serves, newest first.

    The policy is asked about her assignments, not about the episodes: who reaches a whole agency's would otherwise lead
    SQLite through all of them.
    """
    mine = Assignment.in_force(clock.today(settings.INSTALLATION.zone)).filter(worker=actor.person)
    served = Episode.objects.filter(pk__in=policy.visible(actor, mine, "families.see").values("episode"))
    return served.select_related("dyad__child", "organization").order_by("-created_at")


def newest(actor: Actor) -> dict[UUID, str]:
    """The ids of the newest of these, at most `LOOKED_AT`, each with its agency's zone."""
    on = clock.today(settings.INSTALLATION.zone)
    return policy.once(("newest", actor), lambda: dict(_newest(actor, "families.see", worker=actor.person, on=on)))


@policy.visible_again
def _newest(seen: policy.Seen, *, worker: UUID, on: date) -> models.QuerySet:
    served = seen(Assignment.in_force(on).filter(worker=worker)).values("episode")
    rows = Episode.objects.filter(pk__in=served).order_by("-created_at")
    return rows.values_list("pk", "organization__zone")[:LOOKED_AT]


def of_ids(ids: list[UUID]) -> dict[UUID, Episode]:
    """Episodes by their ids, with what a list says of child and agency."""
    known: dict[UUID, Episode] = policy.once("episodes of lists", dict)
    known |= {row.pk: row for row in _of_ids(ids=[one for one in ids if one not in known])}
    return {one: known[one] for one in ids if one in known}


@asked_again
def _of_ids(*, ids: list[UUID]) -> models.QuerySet:
    child = ("given_name", "family_name", "erased_at")
    dyad = ("child", "birth_date", "due_date", "gestation_weeks", *(f"child__{name}" for name in child))
    rows = Episode.objects.filter(pk__in=ids).select_related("dyad__child", "organization")
    return rows.only("dyad", "organization", "organization__zone", *(f"dyad__{name}" for name in dyad))
