"""What access offers: the paths every installation has, the event jobs, and the sealing of the trail."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db import models

from inmind.access import act, audit, guard
from inmind.access.actors import machine
from inmind.access.models import SignInLink, StoredAnswer
from inmind.foundation import events
from inmind.foundation.registries import Path, Reach, house
from inmind.jobs.models import Job

KEPT = timedelta(days=30)  # ours


def offer() -> None:
    house.lease_writes = partial(guard.permit, "job lease")
    house.offer(
        Path(
            "own_organization",
            "people.Organization",
            holds=lambda standing, organization, on: organization.pk == standing.organization,
            q=lambda standing, on: models.Q(pk=standing.organization),
        ),
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
    tidy_up(machine("access.tidy"), key=f"job:{job.pk}")


@act.action("jobs.tidy")
def tidy_up(by: act.Act) -> None:
    """Forget what has served: answers kept for a second click, links that are over, jobs that were done. Never the trail."""
    long_ago = by.now - KEPT
    StoredAnswer.objects.filter(at__lt=long_ago).delete()
    SignInLink.objects.filter(expires_at__lt=long_ago).delete()
    Job.objects.filter(done_at__lt=long_ago).delete()
