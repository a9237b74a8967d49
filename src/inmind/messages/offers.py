"""What messages offer: the delivery of letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q

from inmind.access.actors import machine
from inmind.foundation import clock
from inmind.foundation.events import (
    FactorForgotten,
    LinkAsked,
    PasskeyStopped,
    RoleEnded,
    RoleGiven,
    SharedMailboxAsked,
)
from inmind.foundation.registries import Finding, Grade, Owed, house
from inmind.jobs.models import Job
from inmind.messages import actions, carriers, delivering
from inmind.messages.models import Letter
from inmind.messages.outcomes import IS_TO_BE_ASKED


def offer() -> None:
    house.handles("messages.deliver", delivering.deliver)
    house.handles("messages.deliver:dead", delivering.given_up)
    house.handles("messages.trail_head", mail_head)
    house.every(86_400, "messages.trail_head", "messages.trail_head")
    house.listens(LinkAsked, "messages.link", actions.send_link)
    house.listens(SharedMailboxAsked, "messages.shared", actions.tell_shared)
    house.listens(FactorForgotten, "messages.factor", actions.tell_of_factor)
    house.listens(PasskeyStopped, "messages.passkey", actions.tell_of_passkey)
    house.listens(RoleGiven, "messages.officer_begins", actions.tell_of_officer)
    house.listens(RoleEnded, "messages.officer_ends", actions.tell_of_officer)
    house.listens(RoleGiven, "messages.stranger", actions.tell_of_stranger)
    house.checks.append(letters_arrive)
    house.checks.append(carriers.answer)
    house.owed.append(letters_to_deliver)
    house.reseals.append(actions.reseal_all)


def mail_head(job: Job) -> None:
    actions.tell_head(machine("messages.trail_head"), key=f"job:{job.pk}")


def letters_to_deliver() -> Iterable[Owed]:
    """Each letter that has not left and was not given up has a job that delivers it."""
    waiting = Letter.objects.filter(sent_at__isnull=True, failed_at__isnull=True, taken_back_at__isnull=True)
    rows = waiting.values_list("pk", "waits_until")
    return (Owed("messages.deliver", {"letter": str(pk)}, until or clock.now()) for pk, until in rows)


def letters_arrive() -> Iterable[Finding]:
    """Letters of the last month that could not be delivered, but for those whose reader her care team has to ask."""
    lately = Letter.objects.filter(failed_at__gte=clock.now() - timedelta(days=30))
    failed = lately.exclude(Q(link__isnull=False) | Q(office_of__isnull=False), problem__in=IS_TO_BE_ASKED).count()
    if failed:
        yield Finding(
            "letters",
            Grade.HAND,
            f"{failed} could not be delivered in the last 30 days.",
            "Look whether the mail server answers, and whether those people have an address that is safe.",
        )
    else:
        yield Finding("letters", Grade.WELL, "All of the last 30 days left, or will be tried again.")
