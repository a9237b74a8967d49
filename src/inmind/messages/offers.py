"""What messages offer: the delivery of letters."""

from __future__ import annotations

from inmind.access.actors import machine
from inmind.foundation.events import LinkAsked
from inmind.foundation.registries import house
from inmind.jobs.models import Job
from inmind.jobs.runner import Hopeless
from inmind.messages import actions
from inmind.messages.adapters import mail


def offer() -> None:
    house.handles("messages.deliver", deliver)
    house.handles("messages.deliver:dead", give_up)
    house.listens(LinkAsked, "messages.link", actions.send_link)


def deliver(job: Job) -> None:
    """Send outside any transaction, then write down that it left. Killed in between, it leaves again under the same id."""
    try:
        mail.send(job.payload["letter"])
    except mail.NoSafeAddress as problem:
        raise Hopeless from problem
    actions.delivered(machine("messages.deliver"), key=f"job:{job.pk}", letter_id=job.payload["letter"])


def give_up(job: Job) -> None:
    actions.undelivered(
        machine("messages.deliver"), key=f"dead:{job.pk}", letter_id=job.payload["letter"], problem="not delivered"
    )
