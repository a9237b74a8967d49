"""Reads of tasks: what is mine, what is late at my agency, and whom else it may be handed to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.access.models import RoleAssignment
from inmind.access.queries import actor_for
from inmind.foundation import clock
from inmind.foundation.models import asked_again
from inmind.foundation.registries import house
from inmind.foundation.values import Verdict
from inmind.people import reaching
from inmind.people.models import Contact, Organization, Person
from inmind.tasks.models import Task

# Who may read what a red task is about and act on it; and who gives it to somebody who can, or calls herself.
ANSWERS, TAKES_OVER = "clinician", "agency_supervisor"


def open_for(actor: Actor) -> list[Task]:
    """The open tasks this actor may see, most needed first: red before others, then by due time. The first fifty."""
    return _open(actor, "tasks.see")


@policy.visible_again
def _open(seen: policy.Seen) -> models.QuerySet:
    rows = seen(Task.objects.filter(closed_at__isnull=True)).select_related("owner", "organization", "subject")
    return rows.order_by("-red", "due_at")[:50]


@asked_again
def closed_by_others(*, at: list[UUID], person: UUID, since: datetime) -> models.QuerySet:
    """The red tasks of these organizations that others have closed since then, the latest first."""
    rows = Task.objects.filter(organization__in=at, red=True, closed_at__gte=since).exclude(closed_by=person)
    return rows.select_related("organization", "subject", "closed_by").order_by("-closed_at")[:50]


@asked_again
def open_with_others(*, at: list[UUID], person: UUID) -> models.QuerySet:
    """The red tasks of these organizations that are open, but for this person's own, the first due first."""
    rows = Task.objects.filter(organization__in=at, red=True, closed_at__isnull=True)
    others = rows.exclude(owner=person).exclude(backup__isnull=False, backup=person)
    return others.select_related("organization", "subject", "owner", "backup").order_by("due_at")[:50]


def not_yet(task: Task) -> tuple[str, ...]:
    """Why a task cannot be closed yet, as the room says that asked; empty where nothing stands in the way."""
    says = house.not_yet.get(task.about_kind)
    return says(task) if says is not None else ()


@dataclass(frozen=True, slots=True)
class Known:
    """A task, the record it is about, and by which verb and verdict somebody may read that record."""

    task: Task
    about: models.Model
    verb: str
    verdict: Verdict


def known(actor: Actor, tasks: Iterable[Task]) -> Iterator[Known]:
    """The tasks about records that this actor may read: every room calls the verb of reading its own `see`.

    Whoever may read a caregiver's screen may know that an answer of it needed a person; nobody else (`protect.md` 1).
    """
    for task in tasks:
        model = apps.get_model(task.about_kind)
        about = model._default_manager.filter(pk=task.about_id).first()
        verb = f"{model._meta.app_label}.see"
        if about is not None and (verdict := policy.can(actor, verb, about)):
            yield Known(task, about, verb, verdict)


def safe_phones(person: Person, zone: str) -> list[str]:
    """The numbers that the person said are safe to call, at this hour of her own clock: that of her agency's zone."""
    ways = [contact.way for contact in Contact.in_use(person=person, channel=Contact.Channel.PHONE)]
    here = clock.now().astimezone(ZoneInfo(zone))
    return [way.address for way in reaching.open_ways(ways, Contact.Channel.PHONE, at=here)]


def answering(organization: Organization, *, but: RoleAssignment | None = None) -> dict[str, list[Person]]:
    """Who can have a red task of an agency today, by role: clinicians answer it, supervisors hand it over or take it over.

    but: a role that is about to end.
    """
    held = _held_today().filter(organization=organization).exclude(pk=but.pk if but else None)
    rows = held.select_related("account__person").order_by("since", "pk")
    people: dict[str, list[Person]] = {ANSWERS: [], TAKES_OVER: []}
    for row in rows:
        people[row.role].append(row.account.person)
    return people


def unanswered(organizations: models.QuerySet) -> models.QuerySet:
    """Those of these organizations at which nobody can have a red task today."""
    return organizations.exclude(pk__in=_held_today().exclude(organization=None).values("organization"))


def _held_today() -> models.QuerySet:
    today = RoleAssignment.today(clock.today(settings.INSTALLATION.zone))
    return today.filter(role__in=(ANSWERS, TAKES_OVER), account__is_active=True)


def could_own(task: Task) -> models.QuerySet:
    """Those whom the room that asked names; else the clinicians of the agency, who can read the answer and act on it. A
    question about how somebody uses access stays with whom it was asked: nobody hands it to a friend of whom it is about."""
    if task.about_kind.startswith("access."):
        return Person.objects.none()
    if named := house.could_own.get(task.about_kind):
        return named(task)
    held = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(
        organization=task.organization, role=ANSWERS, account__is_active=True
    )
    return Person.objects.filter(account__roles__in=held).distinct().order_by("given_name", "family_name")


def others(task: Task) -> list[Person]:
    """Who could answer a task instead: clinicians of the agency, but for its owner, whom it is about, and whom the policy
    would not let see and close it as theirs."""
    some = could_own(task).exclude(pk__in=(task.owner_id, task.subject_id)).select_related("account")
    return [person for person in some if _could_answer(person, task)]


def _could_answer(person: Person, task: Task) -> bool:
    theirs = copy(task)
    theirs.owner = person
    actor = actor_for(person.account, second_factor=True)
    return all(policy.can(actor, verb, theirs) for verb in ("tasks.see", "tasks.close"))


def is_last_resort(task: Task, person: UUID | None) -> bool:
    """Whether a red task may be taken by somebody who could not read what it is about: only where nobody is left to whom it
    could be handed. It is never answered by whom it is about."""
    return task.red and person != task.subject_id and not others(task)


@asked_again
def _at_work(*, people: list[UUID], on: date) -> models.QuerySet:
    held = RoleAssignment.today(on).filter(account__person__in=people, account__is_active=True)
    return held.values_list("account__person", "organization")


def with_whom(tasks: list[Task]) -> dict[UUID, list[Person]]:
    """For each of these tasks its owner, and who is asked beside her: those who still work at the agency that asked."""
    asked = {task.pk: [one for one in (task.owner, task.backup) if one is not None] for task in tasks}
    people = sorted({one.pk for some in asked.values() for one in some})
    there = set(_at_work(people=people, on=clock.today(settings.INSTALLATION.zone))) if people else set()
    return {task.pk: [one for one in asked[task.pk] if (one.pk, task.organization_id) in there] for task in tasks}


def with_words(task: Task, people: list[Person]) -> str:
    """With whom a task is: `people` are those of its owner and who is asked beside her who still work at its agency."""
    if not people:
        return _("With nobody: %(name)s works here no more") % {"name": task.owner.name}
    names = {"owner": people[0].name, "backup": people[-1].name}
    return (_("With %(owner)s and %(backup)s") if len(people) > 1 else _("With %(owner)s")) % names
