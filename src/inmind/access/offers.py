"""What access offers: the paths every installation has, the event jobs, and the sealing of the trail."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.db import models

from inmind.access import act, actions, audit, guard, owed
from inmind.access.actors import Standing, machine
from inmind.access.models import Account, RoleAssignment
from inmind.access.roles import AT_AN_AGENCY
from inmind.foundation import events
from inmind.foundation.registries import Path, Reach, house
from inmind.jobs.models import Job


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
            says="the role is one that an agency gives, at the organization where they hold theirs",
        ),
        Path(
            "works_here_alone",
            "access.Account",
            holds=_works_here_alone,
            q=_work_here_alone,
            says="every role of the account today is one that an agency gives, at the organization where they hold theirs",
        ),
        Reach("access.Account", "access.Account"),
        Reach("access.RoleAssignment", "access.RoleAssignment"),
        Reach("access.RoleAssignment", "access.Account", prefix="account"),
        Reach("people.Organization", "people.Organization"),
        Reach("access.RoleAssignment", "people.Organization", prefix="organization"),
    )
    house.handles("event", deliver_event)
    house.handles("access.seal", seal_trail)
    house.every(60, "access.seal", "access.seal")
    house.handles("access.owed", put_back)
    house.every(owed.EACH, "access.owed", "access.owed")
    house.handles("access.link_asked", link_asked)
    house.handles("access.tidy", tidy)
    house.every(86_400, "access.tidy", "access.tidy")


def _may_give(standing: Standing, held: RoleAssignment, on: date) -> bool:
    return (
        standing.organization is not None
        and held.organization_id == standing.organization
        and held.role in AT_AN_AGENCY
    )


def _they_may_give(standing: Standing, on: date) -> models.Q:
    return models.Q(organization=standing.organization, organization__isnull=False, role__in=AT_AN_AGENCY)


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
    actions.link_asked(machine("access.link_asked"), key=f"job:{job.pk}", account_id=job.payload["account"])


def tidy(job: Job) -> None:
    actions.tidy_up(machine("access.tidy"), key=f"job:{job.pk}")
