"""What access offers: the paths every installation has, the event jobs, and the sealing of the trail."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.db import models

from inmind.access import act, actions, audit, disclosing, guard, owed, policy, privacy, rotation
from inmind.access.actors import Standing, machine
from inmind.access.adapters import allauth, openid
from inmind.access.models import Account, EmergencyAccess, Erasure, RoleAssignment
from inmind.access.roles import AT_AN_AGENCY, AT_AN_ASSOCIATION
from inmind.foundation import events, helplines
from inmind.foundation.registries import NavItem, Panel, Path, Reach, house
from inmind.foundation.values import N_
from inmind.jobs.models import Job
from inmind.people.models import Contact

GIVEN_THERE = (*AT_AN_AGENCY, *AT_AN_ASSOCIATION)


def offer() -> None:
    house.lease_writes = partial(guard.permit, "job lease")
    house.offer(
        Path(
            "own_organization",
            "people.Organization",
            holds=lambda standing, organization, on: organization.pk == standing.organization,
            q=lambda standing, on: models.Q(pk=standing.organization),
            says="the organization is the one where they hold the role",
        ),
        Path(
            "own_person",
            "people.Person",
            holds=lambda standing, person, on: person.pk == standing.person,
            q=lambda standing, on: models.Q(pk=standing.person),
            says="it is their own",
        ),
        Path(
            "own_account",
            "access.Account",
            holds=lambda standing, account, on: account.person_id == standing.person,
            q=lambda standing, on: models.Q(person=standing.person),
            says="the account is their own",
        ),
        Path(
            "own_workers",
            "access.RoleAssignment",
            holds=_may_give,
            q=_they_may_give,
            says="the role is one that is given at the organization where they hold theirs",
        ),
        Path(
            "works_here_alone",
            "access.Account",
            holds=_works_here_alone,
            q=_work_here_alone,
            says="every role of the account today is one that is given at the organization where they hold theirs",
        ),
        Path(
            "own_emergency",
            "access.EmergencyAccess",
            holds=lambda standing, emergency, on: emergency.person_id == standing.person,
            q=lambda standing, on: models.Q(person=standing.person),
            says="the emergency access is the one they asked for",
        ),
        Path(
            "emergency",
            "families.Episode",
            holds=privacy.is_open_to,
            q=privacy.open_to,
            says="emergency access of theirs to this family runs at this moment, at the agency where they hold the role",
            asks=True,
        ),
        Path(
            "by_link",
            "access.AdultLink",
            holds=lambda standing, link, on: link.pk == standing.link,
            q=lambda standing, on: models.Q(pk=standing.link, expires_at__isnull=False),
            says="it is what the link was sent for by which they came",
        ),
        Path(
            "by_office_link",
            "access.OfficeLink",
            holds=lambda standing, link, on: link.pk == standing.link,
            q=lambda standing, on: models.Q(pk=standing.link, expires_at__isnull=False),
            says="it is what the link was sent for to an office, by which they came",
        ),
        Reach("access.AdultLink", "access.AdultLink"),
        Reach("access.OfficeLink", "access.OfficeLink"),
        Reach("access.LegalHold", "people.Organization", prefix="organization"),
        Reach("access.Erasure", "people.Organization", prefix="organization"),
        Reach("access.EmergencyAccess", "people.Organization", prefix="organization"),
        Reach("access.Disclosure", "people.Organization", prefix="organization"),
        Reach("access.EmergencyAccess", "access.EmergencyAccess"),
        Reach("access.Account", "access.Account"),
        Reach("access.RoleAssignment", "access.RoleAssignment"),
        Reach("access.RoleAssignment", "access.Account", prefix="account"),
        Reach("people.Organization", "people.Organization"),
        Reach("access.RoleAssignment", "people.Organization", prefix="organization"),
    )
    house.offer(
        privacy.PERSONS,
        disclosing.TOLD,
        NavItem(
            "privacy", N_("Privacy"), "privacy", 60, shown=lambda actor: bool(policy.can(actor, "access.see_privacy"))
        ),
        NavItem(
            "emergency",
            N_("Emergency"),
            "emergency",
            65,
            shown=lambda actor: bool(policy.can(actor, "access.ask_emergency")),
        ),
        Panel("today", "erasures", 30, "access/erasures_waiting.html", erasures_waiting),
        Panel("today", "emergencies", 15, "access/emergencies_running.html", emergencies_running),
    )
    house.handles("event", deliver_event)
    house.handles("access.seal", seal_trail)
    house.files.append(helplines.read)
    house.every(60, "access.seal", "access.seal")
    house.handles("access.owed", put_back)
    house.every(owed.EACH, "access.owed", "access.owed")
    house.handles("access.link_asked", link_asked)
    house.handles("access.tidy", tidy)
    house.every(86_400, "access.tidy", "access.tidy")
    house.reseals += [allauth.reseal_all, openid.reseal_all]
    house.handles(rotation.REWRAP, rotation.run)
    house.every(3600, rotation.REWRAP, rotation.REWRAP)


def erasures_waiting(request: Any) -> dict[str, Any] | None:
    """What waits for a second person, for those who may be that person."""
    if not policy.can(request.actor, "access.confirm_erasure"):
        return None
    rows = policy.visible(request.actor, Erasure.objects.filter(outcome=""), "access.confirm_erasure")
    waiting = list(rows.exclude(asked_by=request.actor.person).select_related("asked_by").order_by("created_at"))
    return {"rows": waiting, "asks": True} if waiting else None


def emergencies_running(request: Any) -> dict[str, Any] | None:
    """The reader's own emergency access that runs now, with the way to the family and until when."""
    if request.actor.person is None or not policy.can(request.actor, "access.end_emergency"):
        return None
    mine = EmergencyAccess.objects.filter(privacy.runs(), person=request.actor.person)
    rows = policy.visible(request.actor, mine, "access.end_emergency").select_related("organization").order_by("until")
    running = [(one, privacy.page_of(one)) for one in rows]
    return {"rows": running} if running else None


def _may_give(standing: Standing, held: RoleAssignment, on: date) -> bool:
    return (
        standing.organization is not None and held.organization_id == standing.organization and held.role in GIVEN_THERE
    )


def _they_may_give(standing: Standing, on: date) -> models.Q:
    return models.Q(organization=standing.organization, organization__isnull=False, role__in=GIVEN_THERE)


def _works_here_alone(standing: Standing, account: Account, on: date) -> bool:
    held = list(RoleAssignment.today(on).filter(account=account))
    return bool(held) and all(_may_give(standing, one, on) for one in held)


def _work_here_alone(standing: Standing, on: date) -> models.Q:
    """The same for many: who holds a role given here today, and none besides."""
    today, given_here = RoleAssignment.today(on), _they_may_give(standing, on)
    here = models.Q(pk__in=today.filter(given_here).values("account"))
    return here & ~models.Q(pk__in=today.exclude(given_here).values("account"))


def deliver_event(job: Job) -> None:
    """Call the one room this job is for, inside an action whose key is the job's id: once in effect."""
    event = events.read(job.payload["event"], job.payload["data"])
    subscriber = house.subscribers[job.payload["event"]][job.payload["to"]]
    run_event(
        machine(job.payload["to"]), key=f"job:{job.pk}", event=event, subscriber=_Named(job.payload["to"], subscriber)
    )


class _Named(str):
    """A subscriber under its key, so that the action's body is plain text."""

    def __new__(cls, key: str, function: object) -> _Named:
        made = super().__new__(cls, key)
        made.function = function  # type: ignore[attr-defined]
        return made


@act.action("jobs.run")
def run_event(by: act.Act, *, event: events.Event, subscriber: _Named) -> None:
    subscriber.function(by, event)  # type: ignore[attr-defined]


def seal_trail(job: Job) -> None:
    audit.seal()


def put_back(job: Job) -> None:
    owed.put_back()


def link_asked(job: Job) -> None:
    by = machine("access.link_asked")
    actions.link_asked(by, key=f"job:{job.pk}", account_id=job.payload["account"])
    mailbox = job.payload["mailbox"]
    if Contact.objects.filter(pk=mailbox).exists():
        actions.mailbox_asked(by, key=f"job:{job.pk}", mailbox_id=mailbox)


def tidy(job: Job) -> None:
    actions.tidy_up(machine("access.tidy"), key=f"job:{job.pk}")
