"""Seats: taken, waited for, offered, given up. Each change begins with the training's lock, so that none is given twice."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q

from inmind.access.act import Act, action
from inmind.foundation.errors import NotNow
from inmind.foundation.models import row_of
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.learning.trainings import paying_actions as paying
from inmind.learning.trainings.models import Registration, Training
from inmind.learning.trainings.seats import HOLDS, Seats, State, adds, answer_by, offers, price, takes, walks_in
from inmind.people.models import Person

WRITE = "learning.write_of_seat"  # the job that writes one letter


def seats_of(training: Training) -> Seats:
    """A training as its seats see it, counted now; whoever decides by it holds the training's lock."""
    told = Registration.objects.filter(training=training).aggregate(
        held=Count("pk", filter=Q(state__in=HOLDS)), waiting=Count("pk", filter=Q(state=State.WAITING))
    )
    return Seats(
        training.is_open,
        training.starts_at,
        training.seats,
        told["held"],
        told["waiting"],
        is_called_off=training.called_off_at is not None,
    )


def locked(training: UUID) -> Training:
    """A training as it stands now, held until the transaction ends."""
    row = row_of(Training, training, locked=True)
    assert row is not None, "a training that has registrations is not taken away"
    return row


@action("learning.take_seat", on="training")
def take_seat(act: Act, *, training: Training) -> Registration:
    """Take a seat for oneself, wait for one where none is left, or take the one that was offered."""
    return seat(act, training, _oneself(act))


@action("learning.give_up_seat", on="training")
def give_up_seat(act: Act, *, training: Training) -> Registration:
    """Give up one's own seat, or wait no more. What is not paid yet is owed no more; the seat is offered to who waits first."""
    return give_up(act, training, _oneself(act))


def _oneself(act: Act) -> Person:
    if act.actor.person is None:
        raise NotNow(N_("Only a person has a seat."))
    return Person.objects.get(pk=act.actor.person)


@action("learning.end_seat", on="training")
def end_seat(act: Act, *, training: Training, person: Person) -> Registration:
    """Give up somebody's seat for them, by who keeps the trainings: they said so by telephone. They are written to."""
    row = give_up(act, training, person)
    write(act, row, "seat_ended")
    return row


def seat(act: Act, training: Training, person: Person) -> Registration:
    """The same for somebody, at a training that is locked. Raises NotNow where seats are not given out now.

    Asked again by who has a seat or waits, it changes nothing.
    """
    row = Registration.objects.filter(training=training, person=person).first()
    if row is not None and row.state in (State.REGISTERED, State.WAITING):
        return row
    if row is not None and row.state == State.OFFERED and row.offered_until is not None:
        if act.now < row.offered_until:
            return _seated(act, training, row)
        raise NotNow(N_("The time to take this seat is over."), N_("It is offered to whoever waits next."), _WAIT_AGAIN)
    to = takes(seats_of(training), act.now)
    row = row or Registration(training=training, person=person)
    row.at = act.now
    if to is State.WAITING:
        row.state, row.waits_since = State.WAITING, act.now
        row.save()
        write(act, row, "seat_waiting")
        return row
    return _seated(act, training, row)


_WAIT_AGAIN = N_("Give up the offer, then ask for a seat again.")


def add(act: Act, training: Training, person: Person) -> Registration:
    """The same, where the association registers somebody: also for the meetings that are left, once it has begun."""
    row = Registration.objects.filter(training=training, person=person).first()
    if row is not None and row.state == State.REGISTERED:
        return row
    there = seats_of(training)
    if row is not None and row.state == State.OFFERED:
        there = replace(there, held=there.held - 1)  # it is kept for them
    adds(there, training.ends_at, act.now)
    if training.starts_at is None or act.now < training.starts_at:
        return seat(act, training, person)
    return _seated(act, training, row or Registration(training=training, person=person))


def _seated(act: Act, training: Training, row: Registration) -> Registration:
    """Somebody has a seat now: it costs what it costs today, and is billed once."""
    is_member = row.person_id in house.members([row.person_id], act.today(training.zone))
    row.state, row.at, row.waits_since, row.offered_until = State.REGISTERED, act.now, None, None
    row.cents = price(training.cents_member, training.cents_other, is_member=is_member)
    row.invoice = row.pay_by = None
    if row._state.adding:
        row.save()
    paying.bill(act, training, row)
    if training.starts_at is not None and training.starts_at <= act.now:
        row.pay_by = None  # nobody else could come any more
    row.save()
    write(act, row, "seat_taken")
    return row


def walk_in(act: Act, training: Training, person: Person, *, is_billed: bool) -> Registration:
    """Somebody who came without a registration has a seat afterwards, also where every seat was taken: they were there. At a
    training that is locked; nothing is written to them of it. Raises NotNow as `walks_in`."""
    walks_in(seats_of(training), act.now)
    row = Registration.objects.filter(training=training, person=person).first() or Registration(
        training=training, person=person
    )
    if row.state == State.REGISTERED:
        return row
    is_member = row.person_id in house.members([row.person_id], act.today(training.zone))
    costs = price(training.cents_member, training.cents_other, is_member=is_member) if is_billed else 0
    row.state, row.at, row.waits_since, row.offered_until = State.REGISTERED, act.now, None, None
    row.cents, row.invoice, row.pay_by = costs, None, None
    row.save()
    paying.bill(act, training, row)
    row.pay_by = None  # nobody else could come any more
    row.save()
    act.concerns(row)
    return row


def give_up(act: Act, training: Training, person: Person) -> Registration:
    """Somebody's seat, or place in the line, at a training that is locked."""
    row = Registration.objects.filter(training=training, person=person).first()
    if row is None or row.state == State.CANCELLED:
        raise NotNow(N_("There is no seat of yours here."), N_("Nothing is to be given up."))
    if training.ends_at is not None and training.ends_at <= act.now:
        raise NotNow(N_("This training is over."), N_("A seat is given up before."))
    _leave(act, row)
    offer_next(act, training)
    return row


def _leave(act: Act, row: Registration) -> None:
    row.state, row.at, row.waits_since, row.offered_until, row.pay_by = State.CANCELLED, act.now, None, None, None
    paying.owe_no_more(act, row)
    row.save()


def owe_no_more(act: Act, row: Registration) -> None:
    """What this person was billed and has not paid is owed no more."""
    paying.owe_no_more(act, row)
    row.pay_by = None
    row.save()


def offer_next(act: Act, training: Training) -> None:
    """Offer what is free to those who wait, the longest first: each is written to, with a time to answer. Of a training that is
    locked."""
    number = offers(seats_of(training), act.now)
    if not number or training.starts_at is None:
        return
    waiting = Registration.objects.filter(training=training, state=State.WAITING).order_by("waits_since", "pk")
    for row in waiting[:number]:
        row.state, row.at = State.OFFERED, act.now
        row.offered_until = answer_by(act.now, training.starts_at, settings.SEAT_OFFER_HOURS)
        row.save()
        write(act, row, "seat_offered")
        act.concerns(row)


@action("jobs.look_after_seats", on="training")
def look_after_seats(act: Act, *, training: Training) -> None:
    """Let offers that nobody answered, and held seats that nobody paid, go to who waits next. Who loses one is written to."""
    today = act.today(training.zone)
    over = Q(state=State.OFFERED, offered_until__lte=act.now)
    if training.starts_at is not None and act.now < training.starts_at:  # afterwards nobody else could come
        over |= Q(state=State.REGISTERED, pay_by__lt=today)
    for row in Registration.objects.filter(over, training=training).order_by("pk"):
        template = "seat_offer_over" if row.state == State.OFFERED else "seat_let_go"
        _leave(act, row)
        write(act, row, template)
        act.concerns(row)
    offer_next(act, training)


def write(act: Act, row: Registration, template: str) -> None:
    """Leave a job that writes one letter about a seat, once for each state that it comes into."""
    act.later(
        WRITE,
        {"registration": str(row.pk), "template": template},
        key=f"{template}:{row.pk}:{act.entry}",
    )
