"""What is kept of a family beside its people: its map, its worries, its visits; and who looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.apps import apps
from django.db import models

from inmind.access import grants, policy
from inmind.access.models import AuditSubject
from inmind.families.models import Concern, Episode, MapWish, Participation, Subpoena, Visit
from inmind.families.queries.caring import adults
from inmind.families.queries.serving import team, who_holds
from inmind.foundation.models import asked_again
from inmind.foundation.registries import Worry
from inmind.tasks.models import Task


def on_map(episode: Episode, on: date) -> set[UUID]:
    """Everybody who can stand on the map of this episode: its adults, its care team, and who holds those."""
    serving = {row.worker_id for row in team(episode, on)}
    holding = {edge.from_person_id for edge in who_holds(workers=list(serving), on=on)}
    return {one.person.pk for one in adults(episode, on)} | serving | holding


def map_wishes(episode: Episode) -> dict[UUID, MapWish]:
    """The newest wish of the family for each person on its map, by the person's id."""
    return {one.person_id: one for one in _wishes(episode=episode.pk)}


@asked_again
def _wishes(*, episode: UUID) -> models.QuerySet:
    return MapWish.objects.filter(episode=episode).order_by("created_at", "pk")


def concerns(episode: Episode) -> list[tuple[Concern, Task | None]]:
    """The worries that were heard in an episode, the newest first, each with the task of its next step."""
    heard = _heard(episode=episode.pk)
    if not heard:
        return []
    steps = {task.about_id: task for task in _next_steps(ids=[one.pk for one in heard])}
    return [(one, steps.get(one.pk)) for one in heard]


@asked_again
def _heard(*, episode: UUID) -> models.QuerySet:
    rows = Concern.objects.filter(episode=episode).select_related("said_by", "heard_by", "episode__dyad")
    return rows.order_by("-on", "-pk")[:20]


@asked_again
def _next_steps(*, ids: list[UUID]) -> models.QuerySet:
    rows = Task.objects.filter(about_kind=Concern._meta.label, about_id__in=ids)
    return rows.select_related("owner", "closed_by", "organization")


@asked_again
def subpoenas(*, episode: UUID) -> models.QuerySet:
    """What came from courts about one side of a family, the newest first."""
    return Subpoena.objects.filter(episode=episode).select_related("about").order_by("-came_on", "-pk")


def latest_visits(episode: Episode) -> list[Visit]:
    """The latest twenty visits, the last one first, each with who went and who of the family was there."""

    def latest() -> list[Visit]:
        rows = _visits(episode=episode.pk)
        models.prefetch_related_objects(rows, "present__person")
        return rows

    return policy.once(("visits", episode.pk), latest)


@asked_again
def _visits(*, episode: UUID) -> models.QuerySet:
    rows = Visit.objects.filter(episode=episode).select_related("worker", "episode__dyad")
    return rows.order_by("-on", "-pk")[:20]


def looked_at_elsewhere(episode: Episode) -> models.Q:
    """Of the trail's rows of subjects, those which do not lead here: about an adult of this episode, what another family of
    hers left, for what she was asked there is that care team's (`protect.md` 1); and about the child, too, what another side
    or agency told outside, and when, which would tell who reported something (`protect.md` 4).

    What was done on her own page, or about a task of it, leads here only where it names this episode.
    """
    of_entry = AuditSubject.objects.filter(entry=models.OuterRef("entry"), kind="episode")
    told = [verb for verb, words in grants.WORDS.items() if words == grants.TOLD]
    elsewhere = models.Exists(of_entry) & ~models.Exists(of_entry.filter(ref=episode.pk))
    told_elsewhere = models.Q(entry__verb__in=[*told, "access.see_disclosures"]) & elsewhere
    grown = Participation.objects.filter(part=Participation.Part.ADULT)
    theirs = grown.filter(person__in=grown.filter(episode=episode).values("person")).exclude(episode=episode)
    people, episodes = {row.person_id for row in theirs}, {row.episode_id for row in theirs}
    if not people:
        return told_elsewhere
    own_page = [verb for verb, words in grants.WORDS.items() if words == grants.OWN_PAGE]
    here = [str(task.pk) for task in Task.objects.filter(subject__in=people) if _is_of(task, episode)]
    untold = models.Q(entry__verb__in=own_page) & ~models.Exists(of_entry.filter(ref=episode.pk))
    return told_elsewhere | models.Q(kind="person", ref__in=people) & (
        models.Exists(of_entry.filter(ref__in=episodes)) | untold & ~models.Q(entry__about__in=here)
    )


def _is_of(task: Task, episode: Episode) -> bool:
    about = apps.get_model(task.about_kind)._default_manager.filter(pk=task.about_id).first()
    return about is not None and episode in policy.anchors(about, Episode._meta.label)


def worries(episodes: Iterable[UUID], first: date, last: date) -> Iterator[Worry]:
    """Worries about a child that somebody said aloud; whoever heard one talked about it then."""
    rows = Concern.objects.filter(episode__in=list(episodes), on__range=(first, last)).order_by("on", "pk")
    for child, episode, on, heard_by in rows.values_list("episode__dyad__child", "episode", "on", "heard_by"):
        yield Worry(child, episode, on, on if heard_by else None)
