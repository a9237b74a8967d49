"""What messages offer: the delivery of letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from inmind.access.actors import machine
from inmind.foundation import clock
from inmind.foundation.events import FactorForgotten, LinkAsked, PasskeyStopped, RoleEnded, RoleGiven
from inmind.foundation.registries import Finding, Grade, Owed, house
from inmind.jobs.models import Job
from inmind.jobs.runner import Hopeless
from inmind.messages import actions
from inmind.messages.adapters import mail
from inmind.messages.models import Letter


def offer() -> None:
    house.handles("messages.deliver", deliver)
    house.handles("messages.deliver:dead", give_up)
    house.handles("messages.trail_head", mail_head)
    house.every(86_400, "messages.trail_head", "messages.trail_head")
    house.listens(LinkAsked, "messages.link", actions.send_link)
    house.listens(FactorForgotten, "messages.factor", actions.tell_of_factor)
    house.listens(PasskeyStopped, "messages.passkey", actions.tell_of_passkey)
    house.listens(RoleGiven, "messages.officer_begins", actions.tell_of_officer)
    house.listens(RoleEnded, "messages.officer_ends", actions.tell_of_officer)
    house.listens(RoleGiven, "messages.stranger", actions.tell_of_stranger)
    house.checks.append(letters_arrive)
    house.owed.append(letters_to_deliver)


def deliver(job: Job) -> None:
    """Send outside any transaction, then write down that it left. Killed in between, it leaves again under the same id."""
    try:
        mail.send(job.payload["letter"])
    except mail.NoSafeAddress as problem:
        raise Hopeless from problem
    except mail.NotAtThisHour as waits:
        actions.postponed(
            machine("messages.deliver"), key=f"wait:{job.pk}", letter_id=job.payload["letter"], until=waits.until
        )
        return
    actions.delivered(machine("messages.deliver"), key=f"job:{job.pk}", letter_id=job.payload["letter"])


def give_up(job: Job) -> None:
    actions.undelivered(
        machine("messages.deliver"), key=f"dead:{job.pk}", letter_id=job.payload["letter"], problem="not delivered"
    )


def mail_head(job: Job) -> None:
    actions.tell_head(machine("messages.trail_head"), key=f"job:{job.pk}")


def letters_to_deliver() -> Iterable[Owed]:
    """Each letter that has not left and was not given up has a job that delivers it."""
    waiting = Letter.objects.filter(sent_at__isnull=True, failed_at__isnull=True).values_list("pk", flat=True)
    return (Owed("messages.deliver", {"letter": str(letter)}, clock.now()) for letter in waiting)


def letters_arrive() -> Iterable[Finding]:
    """Letters of the last month that could not be delivered."""
    failed = Letter.objects.filter(failed_at__gte=clock.now() - timedelta(days=30)).count()
    if failed:
        yield Finding(
            "letters",
            Grade.HAND,
            f"{failed} could not be delivered in the last 30 days.",
            "Look whether the mail server answers, and whether those people have an address that is safe.",
        )
    else:
        yield Finding("letters", Grade.WELL, "All of the last 30 days left, or will be tried again.")
