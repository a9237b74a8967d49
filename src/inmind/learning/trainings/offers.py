"""What trainings offer: who reaches them, their jobs, the pages of their links, what is left of somebody who is erased."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from inmind.access import office_links, policy
from inmind.access.act import Act
from inmind.access.actors import machine
from inmind.foundation import clock
from inmind.foundation.events import InvoiceCancelled, InvoiceReopened, InvoiceSettled
from inmind.foundation.registries import Forgetting, Holding, NavItem, Panel, Reach, house
from inmind.foundation.values import N_
from inmind.jobs.models import Job
from inmind.learning.trainings import (
    guest_actions,
    keeping_views,
    letter_actions,
    own_views,
    paying_actions,
    queries,
    seat_actions,
    views,
)
from inmind.learning.trainings.adapters.catalog import domains
from inmind.learning.trainings.models import AskedSeat, FeedKey, Registration, SaidOfSelf, Training
from inmind.learning.trainings.seats import State
from inmind.people.models import Person

SEATS, FORGET = "learning.look_after_seats", "learning.forget_asked_seats"


def offer() -> None:
    house.files.append(domains)
    house.offer(
        Reach("learning.Series", "people.Organization", prefix="association"),
        Reach("learning.Training", "people.Organization", prefix="association"),
        Reach("learning.Registration", "people.Organization", prefix="training__association"),
        Reach("learning.Registration", "people.Person", prefix="person"),
        Reach("learning.SaidOfSelf", "people.Person", prefix="person"),
        Reach("learning.FeedKey", "people.Person", prefix="person"),
        Holding("learning.Registration", "person", follow=_follow),
        Forgetting("trainings", TABLES, goes=_goes, stays=_stays, erase=_erase),
    )
    house.offer(
        NavItem(
            "trainings",
            N_("Trainings"),
            "kept_trainings",
            43,
            shown=lambda actor: bool(policy.can(actor, "learning.keep")),
        ),
        NavItem(
            "learning", N_("Learning"), "learning", 83, shown=lambda actor: bool(policy.can(actor, "learning.own"))
        ),
        Panel("front", "trainings", 40, "learning/front.html", views.front_panel),
        Panel("today", "next_training", 52, "learning/today_next.html", own_views.next_one),
        Panel("today", "kept_trainings", 54, "learning/today_kept.html", keeping_views.today_panel),
    )
    house.office_pages[letter_actions.PURPOSE] = "seat_by_link"
    house.office_stands[letter_actions.PURPOSE] = guest_actions.stands
    house.reseals.append(guest_actions.reseal_all)
    house.billed[paying_actions.ABOUT] = N_("Seats at trainings")
    house.handles(seat_actions.WRITE, _write)
    house.handles(SEATS, _look_after)
    house.every(600, SEATS, SEATS)
    house.handles(FORGET, _forget)
    house.every(86_400, FORGET, FORGET)
    house.listens(InvoiceSettled, "learning.seat_is_paid", paying_actions.is_paid)
    house.listens(InvoiceCancelled, "learning.seat_is_asked_no_more", paying_actions.is_asked_no_more)
    house.listens(InvoiceReopened, "learning.seat_is_owed_again", paying_actions.is_owed_again)


def _write(job: Job) -> None:
    letter_actions.write_of_seat(
        machine(seat_actions.WRITE),
        key=f"job:{job.pk}",
        registration=UUID(job.payload["registration"]),
        template=job.payload["template"],
    )


def _look_after(job: Job) -> None:
    """Each training is an action of its own, whose key is the job's: asked again, nobody is written to twice."""
    now = clock.now()
    for training in list(queries.seats_to_look_after(now, _earliest())):
        row = Training.objects.get(pk=training)
        seat_actions.look_after_seats(machine(SEATS), key=f"job:{job.pk}:{training}", training=row)


def _earliest() -> date:
    """The day of this house: each training asks again by its own clock."""
    return clock.today(settings.INSTALLATION.zone)


def _forget(job: Job) -> None:
    number = 0
    while guest_actions.forget(machine(FORGET), key=f"job:{job.pk}:{number}"):
        number += 1


def _follow(mover: Any, row: Registration, to: Person) -> None:
    """Somebody who was registered twice at one training has the seat once: that of the record that stays, unless the other one
    alone still holds or waits for one."""
    twin = Registration.objects.filter(training=row.training_id, person=to).first()
    if twin is None:
        mover.change(row, "person", to)
        return
    given_up = row.state != State.CANCELLED and twin.state == State.CANCELLED
    less, more = (twin, row) if given_up else (row, twin)
    mover.follow(less, more)
    mover.set_aside(less)
    if more is row:
        mover.change(row, "person", to)


TABLES = frozenset(("learning.Registration", "learning.AskedSeat", "learning.SaidOfSelf", "learning.FeedKey"))


def _goes(person: Person) -> Iterator[str]:
    if SaidOfSelf.objects.filter(person=person).exists():
        yield _("What this person said of themselves when they came to trainings.")


def _stays(person: Person) -> Iterator[str]:
    if Registration.objects.filter(person=person).exists():
        yield _("That somebody had a seat at which training, without a name.")


def _erase(act: Act, person: Person) -> None:
    """What she said of herself, her calendar's address and what letters open go; a seat stays as somebody's, so that the books
    and the counts still fit."""
    SaidOfSelf.objects.filter(person=person).delete()
    FeedKey.objects.filter(person=person).delete()
    for asked in AskedSeat.objects.filter(registration__person=person):
        office_links.end_about(act, letter_actions.PURPOSE, asked.pk)
