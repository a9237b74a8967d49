"""Who serves families at an agency: care teams, what was handed over, who joined, and who watches over privacy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from inmind.access import policy
from inmind.access import queries as access
from inmind.access.actors import Actor
from inmind.access.models import Account, RoleAssignment
from inmind.families.models import Assignment, Episode, HandOver
from inmind.families.queries.episodes import caseload
from inmind.foundation import clock, text
from inmind.foundation.models import asked_again, in_force
from inmind.people.models import Contact, Organization, Person, Relationship

HANDED_OVER_SHOWN = timedelta(days=14)  # ours
JOINED_SHOWN = timedelta(days=14)  # ours
JOINED_AT_MOST = 200


def handed_over_to(actor: Actor) -> list[dict[str, Any]]:
    """What was handed over to this actor in the last two weeks and still is hers, newest first."""
    if actor.person is None:
        return []
    since = clock.now() - HANDED_OVER_SHOWN
    overs = _handed_over(taker=actor.person, since=since)
    if not overs:
        return []
    served = {episode.pk: episode for episode in caseload(actor).filter(assignments__came_with__in=overs)}
    return [
        {
            "giver": over.giver.name,
            "note": over.note or "",
            "by": over.by.name if over.by is not None and over.by_id != over.giver_id else "",
            "at": over.created_at,
            "zone": over.organization.zone,
            "families": families,
        }
        for over in overs
        if (
            families := [
                {"name": served[one.episode_id].dyad.called, "episode": served[one.episode_id]}
                for one in over.assignments.order_by("created_at", "pk")
                if one.episode_id in served
            ]
        )
    ]


@asked_again
def _handed_over(*, taker: UUID, since: datetime) -> models.QuerySet:
    rows = HandOver.objects.filter(taker=taker, created_at__gte=since).select_related("giver", "by", "organization")
    return rows.order_by("-created_at")


def gave_over(actor: Actor) -> bool:
    """Whether families of this worker were ever handed to somebody else."""
    return HandOver.objects.filter(giver=actor.person).exists()


def carrying(organization: Organization) -> list[Person]:
    """The workers on whose care team a family of an agency is today, those who have left among them, by name."""
    today = clock.today(settings.INSTALLATION.zone)
    held = Assignment.in_force(today).filter(in_force(today, "episode__"), episode__organization=organization)
    return list(Person.objects.filter(pk__in=held.values("worker")).order_by("given_name", "family_name"))


def carried_by(worker: Person, organization: Organization) -> list[Episode]:
    """The families of a worker at an agency, by name."""
    today = clock.today(settings.INSTALLATION.zone)
    held = Assignment.in_force(today).filter(worker=worker)
    rows = Episode.objects.filter(in_force(today), organization=organization, pk__in=held.values("episode"))
    return sorted(rows.select_related("dyad__child"), key=lambda one: text.folded(one.dyad.called))


def alone_with(worker: Person, organization: Organization) -> int:
    """How many families of an agency have this worker alone on their care team: nobody else on it works there today."""
    today = clock.today(settings.INSTALLATION.zone)
    held = Assignment.in_force(today).filter(in_force(today, "episode__"), episode__organization=organization)
    others = held.filter(worker__in=holding_role(organization)).exclude(worker=worker)
    return held.filter(worker=worker).exclude(episode__in=others.values("episode")).values("episode").distinct().count()


def team(episode: Episode, on: date) -> list[Assignment]:
    """The care team today."""
    return _serving(episode=episode.pk, on=on)


def serving_here(episode: Episode, on: date, *roles: str, or_else: UUID | None = None) -> models.QuerySet:
    """Those of the care team who hold one of these roles at the agency today, and can open the family; or_else: somebody
    who counts without being on it, where she holds one."""
    there = {row.worker_id for row in team(episode, on)} | {or_else}
    return holding_role(episode.organization, *roles).filter(pk__in=there - {None})


def may_read(actor: Actor, episode: Episode) -> bool:
    """Whether somebody reads what a family said to its care team: who is on it, and by emergency access for some hours."""
    return any(policy.can(actor, verb, episode) for verb in ("families.visit", "families.see_in_emergency"))


@asked_again
def _serving(*, episode: UUID, on: date) -> models.QuerySet:
    return Assignment.in_force(on).filter(episode=episode).select_related("worker").order_by("since", "pk")


def work_ways(people: Iterable[UUID | None], organization: Organization) -> dict[UUID, tuple[str, str]]:
    """The work phone, and the mail at which the agency writes to them, of those of them who work there today; either may be
    empty."""
    here = [one.pk for one in holding_role(organization).filter(pk__in=[one for one in people if one])]
    rows = Contact.in_use(person__in=here, channel=Contact.Channel.MAIL, safe=True)
    mails = dict(rows.order_by("-created_at", "-pk").values_list("person", "address"))
    phones = access.work_phones(here)
    return {one: (phones.get(one, ""), mails.get(one, "")) for one in here}


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody whom somebody else put on care teams lately; `left`: she was taken off all of them again."""

    worker: Person
    by: Person
    episodes: tuple[Episode, ...]
    left: bool


def joined(actor: Actor) -> list[Joined]:
    """Who joined the care teams that this actor is on or watches over, but for herself, the latest first."""
    found: dict[tuple[UUID, UUID | None], list[Assignment]] = {}
    for row in _joined_lately(actor, "families.see_joined", since=clock.now() - JOINED_SHOWN, person=actor.person):
        found.setdefault((row.worker_id, row.by_id), []).append(row)
    return [
        Joined(
            some[0].worker,
            some[0].by,
            tuple(dict.fromkeys(one.episode for one in some)),
            all(one.until is not None for one in some),
        )
        for some in found.values()
        if some[0].by is not None
    ]


@policy.visible_again
def _joined_lately(seen: policy.Seen, *, since: datetime, person: UUID) -> models.QuerySet:
    lately = Assignment.objects.filter(created_at__gte=since, by__isnull=False)
    rows = seen(lately.exclude(worker=person).exclude(by=person))
    return rows.select_related("worker", "by", "episode__dyad__child").order_by("-created_at", "-pk")[:JOINED_AT_MOST]


def who_watches(organization: Organization, about: Iterable[UUID | None] = ()) -> list[Person]:
    """Who watches over privacy at an agency, but for those whom it is about: its privacy officers; where there is none, its
    supervisors."""
    for role in ("privacy_officer", "agency_supervisor"):
        if people := list(holding_role(organization, role).exclude(pk__in=[one for one in about if one])):
            return people
    return []


def who_else(organization: Organization, about: Iterable[UUID | None] = ()) -> list[Person]:
    """Who hears that nobody at an agency watches over privacy but those whom it is about: who runs the house, and where
    nobody else does, everybody else who works at the agency."""
    today = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(account__is_active=True)
    runs = Person.objects.filter(account__roles__in=today.filter(role="administrator")).distinct()
    for people in (runs, holding_role(organization)):
        if left := list(people.exclude(pk__in=[one for one in about if one]).order_by("given_name", "family_name")):
            return left
    return []


@asked_again
def who_holds(*, workers: list[UUID], on: date) -> models.QuerySet:
    """Who holds these workers in reflective supervision on a day. A gap is never told (`protect.md` 10, 13)."""
    rows = Relationship.objects.filter(in_force(on), kind=Relationship.Kind.HOLDS, to_person__in=workers)
    return rows.select_related("from_person", "to_person").order_by("since", "pk")


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
