"""What access offers: the paths every installation has, the event jobs, and the sealing of the trail."""

from __future__ import annotations

from functools import partial

from django.db import models

from inmind.access import act, actions, audit, guard
from inmind.access.actors import machine
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
        Reach("access.Account", "access.Account"),
        Reach("people.Organization", "people.Organization"),
        Reach("access.RoleAssignment", "people.Organization", prefix="organization"),
    )
    house.handles("event", deliver_event)
    house.handles("access.seal", seal_trail)
    house.every(60, "access.seal", "access.seal")
    house.handles("access.tidy", tidy)
    house.every(86_400, "access.tidy", "access.tidy")


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


def tidy(job: Job) -> None:
    actions.tidy_up(machine("access.tidy"), key=f"job:{job.pk}")
