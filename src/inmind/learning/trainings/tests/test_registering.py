"""Seats taken, waited for, offered, given up, paid; who is written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.conf import settings

from inmind.access import office_links
from inmind.access.actors import VISITOR
from inmind.access.models import OfficeLink
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.events import InvoiceReopened
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import house
from inmind.jobs.runner import run_due
from inmind.learning.models import AskedSeat, Registration, Training
from inmind.learning.queries import ahead
from inmind.learning.trainings import actions, guest_actions
from inmind.learning.trainings import seat_actions as seats
from inmind.learning.trainings.guest_actions import Told
from inmind.learning.trainings.offers import FORGET, SEATS
from inmind.learning.trainings.seats import State
from inmind.learning.trainings.times import Said
from inmind.messages.models import Letter
from inmind.money import actions as money
from inmind.money.models import Invoice
from inmind.money.queries import standing_of
from inmind.people.models import Contact, Person
from tests import make

pytestmark = pytest.mark.django_db
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def luz() -> make.Worker:
    return make.make_worker("practitioner", name="Luz Ortega")


def templates(person: Person) -> list[str]:
    return list(Letter.objects.filter(to=person).order_by("created_at", "pk").values_list("template", flat=True))


def on_a_schedule(kind: str) -> None:
    """The clock has started this job, and it has run."""
    make.together(lambda act: act.later(kind, {}))
    run_due()


def again(row: Registration) -> Registration:
    return Registration.objects.get(pk=row.pk)


def test_somebody_takes_a_seat_and_is_written_to_once(luz: make.Worker) -> None:
    """Asked twice, as by two clicks, it is one seat and one letter."""
    training = make.make_training()
    key = fresh_key()
    one = seats.take_seat(luz.actor, key=key, training=training)
    two = seats.take_seat(luz.actor, key=key, training=training)
    three = seats.take_seat(luz.actor, key=fresh_key(), training=training)
    run_due()
    assert one.pk == two.pk == three.pk
    assert again(one).state == State.REGISTERED
    assert [one for one in templates(luz.person) if one.startswith("seat")] == ["seat_taken"]


def test_a_freed_seat_is_offered_to_who_waited_longest_with_a_time_to_answer(luz: make.Worker) -> None:
    training = make.make_training(seats=1)
    first = make.take_seat(training)
    second, third = make.take_seat(training, luz), make.take_seat(training)
    assert (again(second).state, again(third).state) == (State.WAITING, State.WAITING)
    holder = make.Worker(first.person.account, None)
    seats.give_up_seat(holder.actor, training=training)
    run_due()
    assert again(second).state == State.OFFERED
    assert again(third).state == State.WAITING
    until = again(second).offered_until
    assert until is not None
    assert until - clock.now() > timedelta(hours=settings.SEAT_OFFER_HOURS) - A_MINUTE
    assert templates(luz.person)[-1] == "seat_offered"
    with pytest.raises(NotNow):
        seats.give_up_seat(holder.actor, training=training)
    took = seats.take_seat(luz.actor, training=training)
    assert again(took).state == State.REGISTERED


def test_an_offer_that_nobody_answers_goes_to_the_next(luz: make.Worker) -> None:
    training = make.make_training(seats=1)
    first = make.take_seat(training)
    second, third = make.take_seat(training, luz), make.take_seat(training)
    seats.give_up_seat(make.Worker(first.person.account, None).actor, training=training)
    later = clock.now() + timedelta(hours=settings.SEAT_OFFER_HOURS) + A_MINUTE
    with clock.at(later):
        with pytest.raises(NotNow, match="time to take this seat is over"):
            seats.take_seat(luz.actor, training=training)
        on_a_schedule(SEATS)
    assert (again(second).state, again(third).state) == (State.CANCELLED, State.OFFERED)
    assert templates(luz.person)[-1] == "seat_offer_over"


def test_who_cancelled_registers_again_behind_those_who_wait(luz: make.Worker) -> None:
    training = make.make_training(seats=1)
    mine = make.take_seat(training, luz)
    other = make.take_seat(training)
    seats.give_up_seat(luz.actor, training=training)
    assert make.take_seat(training, luz).pk == mine.pk
    assert (again(mine).state, again(other).state) == (State.WAITING, State.OFFERED)


def test_after_it_began_nobody_registers(luz: make.Worker) -> None:
    training = make.make_training()
    assert training.starts_at is not None
    with clock.at(training.starts_at), pytest.raises(NotNow, match="has begun"):
        seats.take_seat(luz.actor, training=training)


def test_a_seat_costs_a_member_less_and_a_new_price_changes_no_invoice(
    luz: make.Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "members", lambda ids, on: frozenset({luz.person.pk}))
    coordinator = make.make_worker("association_coordinator")
    training = make.make_training(by=coordinator, cents_member=4000, cents_other=6000)
    mine, other = make.take_seat(training, luz), make.take_seat(training)
    assert (again(mine).cents, again(other).cents) == (4000, 6000)
    invoice = again(mine).invoice
    assert invoice is not None
    change(coordinator, training, cents_member=9900)
    assert standing_of([invoice])[invoice].cents_billed == 4000
    assert again(mine).cents == 4000
    assert again(make.take_seat(training)).cents == 6000
    seats.give_up_seat(luz.actor, training=training)
    assert standing_of([invoice])[invoice].state == "cancelled"


def test_a_seat_that_is_held_until_paid_goes_on_when_its_day_is_over(luz: make.Worker) -> None:
    training = make.make_training(cents_other=6000, cents_member=6000, holds_until_paid=True, seats=2, days=60)
    mine, paid, waits = make.take_seat(training, luz), make.take_seat(training), make.take_seat(training)
    assert again(mine).pay_by is not None
    make.together(lambda act: settled(act, again(paid)))
    run_due()
    assert again(paid).pay_by is None, "it was paid"
    with clock.at(clock.now() + timedelta(days=settings.SEAT_PAY_DAYS + 2)):
        on_a_schedule(SEATS)
    assert (again(mine).state, again(paid).state) == (State.CANCELLED, State.REGISTERED)
    assert again(waits).state == State.OFFERED
    invoice = again(mine).invoice
    assert invoice is not None
    assert standing_of([invoice])[invoice].state == "cancelled"
    assert templates(luz.person)[-1] == "seat_let_go"


def settled(act: Any, row: Registration) -> None:
    """As money announces it."""
    from inmind.foundation.events import InvoiceSettled

    assert row.invoice is not None
    act.announce(InvoiceSettled(invoice=row.invoice))


def test_money_that_went_back_holds_the_seat_for_some_more_days(luz: make.Worker) -> None:
    training = make.make_training(cents_other=6000, cents_member=6000, holds_until_paid=True, days=60)
    mine = make.take_seat(training, luz)
    make.together(lambda act: settled(act, again(mine)))
    run_due()
    assert again(mine).pay_by is None
    make.together(lambda act: act.announce(InvoiceReopened(invoice=again(mine).invoice)))
    run_due()
    assert again(mine).pay_by == clock.today(training.zone) + timedelta(days=settings.SEAT_PAY_DAYS)


def test_what_was_paid_for_a_seat_serves_when_it_is_taken_again(luz: make.Worker) -> None:
    """Given up by a slip, or for a week: nobody pays twice. Until then the coordinator reads on Today what is to be given back."""
    keeper = make.make_worker("association_coordinator")
    training = make.make_training(by=keeper, cents_other=6000, cents_member=6000, days=60)
    mine = make.take_seat(training, luz)
    assert mine.invoice is not None
    bill = Invoice.objects.get(pk=mine.invoice)
    check = {"cents": 6000, "method": "check", "reference": "221", "received_on": clock.today(training.zone)}
    money.take_payment(keeper.actor, association=training.association, invoices=[bill], **check)  # type: ignore[arg-type]
    assert "see about giving it back" not in keeper.client.get("/today/").content.decode()
    seats.give_up_seat(luz.actor, training=training)
    shown = keeper.client.get("/today/").content.decode()
    assert "$60.00 were paid: see about giving it back" in shown
    assert "Luz Ortega" in shown
    seats.take_seat(luz.actor, key=fresh_key(), training=training)
    assert Invoice.objects.filter(payer=luz.person).count() == 1
    assert again(mine).invoice == mine.invoice
    assert "see about giving it back" not in keeper.client.get("/today/").content.decode()


def test_a_bill_that_is_asked_for_no_more_takes_no_seat_away(luz: make.Worker) -> None:
    """Cancelled by hand, or paid and given back whole, in either order of what is announced."""
    keeper = make.make_worker("association_coordinator")
    training = make.make_training(by=keeper, cents_other=6000, cents_member=6000, holds_until_paid=True, days=60)
    mine = make.take_seat(training, luz)
    money.cancel(keeper.actor, invoice=Invoice.objects.get(pk=again(mine).invoice), why="a gift of the board")
    run_due()
    assert (again(mine).state, again(mine).pay_by) == (State.REGISTERED, None)
    make.together(lambda act: act.announce(InvoiceReopened(invoice=again(mine).invoice)))
    run_due()
    assert again(mine).pay_by is None


# Changing


def change(coordinator: make.Worker, training: Training, **said: Any) -> Training:
    """The same training, but for what is said."""
    row = Training.objects.get(pk=training.pk)
    stood = [(one.pk, Said(one.on, one.begins, one.ends)) for one in row.meetings.all()]
    rest = {"meetings": stood, "zone": row.zone, "domains": {}, "credits": ()}
    named = {"key": fresh_key(), "version": said.pop("version", row.version)}
    return actions.change_training(coordinator.actor, training=row, **named, **rest | said)


def test_who_comes_is_told_of_another_hour_and_of_nothing_less(luz: make.Worker) -> None:
    coordinator = make.make_worker("association_coordinator")
    training = make.make_training(by=coordinator)
    make.take_seat(training, luz)
    change(coordinator, training, summary="What we will talk about")
    run_due()
    assert templates(luz.person)[-1] == "seat_taken"
    meeting = training.meetings.get()
    change(coordinator, training, meetings=[(meeting.pk, Said(meeting.on, time(10), time(13)))])
    run_due()
    assert templates(luz.person)[-1] == "training_changed"
    assert training.meetings.get().pk == meeting.pk, "the meeting is the same, at another hour"
    change(coordinator, training, place="The library")
    run_due()
    assert templates(luz.person)[-2:] == ["training_changed", "training_changed"]


def test_more_seats_are_offered_to_who_waits_and_fewer_than_taken_are_refused(luz: make.Worker) -> None:
    coordinator = make.make_worker("association_coordinator")
    training = make.make_training(by=coordinator, seats=2)
    make.take_seat(training), make.take_seat(training)
    waits = make.take_seat(training, luz)
    with pytest.raises(BadInput, match="2 seats are taken"):
        change(coordinator, training, seats=1)
    change(coordinator, training, seats=3)
    assert again(waits).state == State.OFFERED


def test_two_tabs_save_over_each_other_only_knowingly() -> None:
    coordinator = make.make_worker("association_coordinator")
    training = make.make_training(by=coordinator)
    change(coordinator, training, place="The library")
    with pytest.raises(Stale):
        change(coordinator, training, place="The park", version=training.version)


def test_called_off_everybody_is_told_and_nobody_owes(luz: make.Worker) -> None:
    coordinator = make.make_worker("association_coordinator")
    training = make.make_training(by=coordinator, cents_other=6000, cents_member=6000, holds_until_paid=True)
    mine = make.take_seat(training, luz)
    actions.call_off(coordinator.actor, training=training)
    run_due()
    invoice = again(mine).invoice
    assert invoice is not None
    assert standing_of([invoice])[invoice].state == "cancelled"
    assert templates(luz.person)[-1] == "training_called_off"
    with pytest.raises(NotNow, match="will not take place"):
        seats.take_seat(make.make_worker("practitioner").actor, training=training)
    with pytest.raises(NotNow):
        actions.call_off(coordinator.actor, training=training)
    with pytest.raises(NotNow):
        change(coordinator, training, place="The park")


def test_a_training_cannot_be_about_more_than_it_lasts() -> None:
    coordinator = make.make_worker("association_coordinator")
    for said in ({"equity_minutes": 181}, {"giving_rsc_minutes": -1}, {"domains": {"reflection": 181}}):
        with pytest.raises(BadInput):
            make.make_training(by=coordinator, **said)
    for said in ({"domains": {"astrology": 10}}, {"title": "  "}, {"link": "ftp://there"}, {"cents_other": -1}):
        with pytest.raises(BadInput):
            make.make_training(by=coordinator, **said)
    assert not Training.objects.exists()


def test_what_it_counts_for_is_kept_and_changed() -> None:
    coordinator = make.make_worker("association_coordinator")
    lines = (actions.Line("LCSW", 300, "Approval 7"), actions.Line("LPC", 250))
    training = make.make_training(
        by=coordinator, domains={"reflection": 60, "thinking": 0}, credits=lines, series="Foundations"
    )
    assert dict(training.domains.values_list("domain", "minutes")) == {"reflection": 60}
    change(coordinator, training, domains={"thinking": 90}, credits=lines[:1], series="Foundations")
    assert dict(training.domains.values_list("domain", "minutes")) == {"thinking": 90}
    assert list(training.credits.values_list("licence_kind", "hours_hundredths")) == [("LCSW", 300)]
    with pytest.raises(BadInput):
        change(coordinator, training, credits=[replace(lines[0], hours_hundredths=0)])
    assert Training.objects.get(pk=training.pk).series is not None


def test_what_is_ahead_says_what_it_would_add() -> None:
    """For whoever shows what closes a line of endorsement."""
    training = make.make_training(seats=5, equity_minutes=60, domains={"reflection": 60}, title="In law and policy")
    make.make_training(is_open=False)
    make.make_training(is_public=False)
    make.take_seat(training)
    (one,) = ahead(clock.today(make.ZONE))
    assert (one.title, one.minutes, one.seats) == ("In law and policy", 180, 4)
    assert one.tags == {"equity"}
    assert one.domains == {"reflection": 60}
    assert str(training.pk) in one.address


# Without an account

ANA = Told("Ana", "Ruiz", "ana@example.org")


def asked(training: Training, told: Told = ANA, language: str = "") -> OfficeLink:
    """Somebody asked on the public page; the letter has left."""
    row = guest_actions.ask_seat(VISITOR, training=training, told=told, language=language)
    run_due()
    return OfficeLink.objects.get(about=row.pk, ended_at__isnull=True)


def test_nobody_is_kept_before_the_link_was_used_and_then_has_a_seat() -> None:
    training = make.make_training()
    people = Person.objects.count()
    link = asked(training)
    assert Person.objects.count() == people
    assert not Registration.objects.exists()
    row = guest_actions.take_by_link(office_links.actor_of(link), link=link)
    assert (row.state, row.person.name) == (State.REGISTERED, "Ana Ruiz")
    assert Contact.objects.get(person=row.person).safe
    assert AskedSeat.objects.get().words is None
    twice = guest_actions.take_by_link(office_links.actor_of(link), key=fresh_key(), link=link)
    assert twice.pk == row.pk
    run_due()
    told = Letter.objects.filter(about_kind="learning.Registration").get()
    assert told.template == "seat_taken" and told.office_link is not None, (
        "with a link of her own, for she has no account"
    )


def test_who_is_known_by_name_at_this_address_is_no_second_person() -> None:
    """Another name at the same mailbox is another person."""
    training = make.make_training()
    luz = make.make_worker("practitioner", name="Luz Ortega", mail="desk@example.org")
    link = asked(training, Told("LUZ", "Ortéga", "Desk@example.org"))
    assert guest_actions.take_by_link(office_links.actor_of(link), link=link).person == luz.person
    other = asked(training, Told("Ana", "Ruiz", "desk@example.org"))
    assert guest_actions.take_by_link(office_links.actor_of(other), link=other).person != luz.person


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    "told", [replace(ANA, mail="ana"), replace(ANA, given_name=" "), replace(ANA, family_name="-")], ids=str
)
def test_a_name_or_an_address_that_is_none_is_asked_again(told: Told) -> None:
    with pytest.raises(BadInput):
        guest_actions.ask_seat(VISITOR, training=make.make_training(), told=told)


def test_what_nobody_confirmed_is_forgotten() -> None:
    training = make.make_training()
    link = asked(training)
    with clock.at(clock.now() + timedelta(days=guest_actions.KEEP_DAYS, minutes=1)):
        on_a_schedule(FORGET)
        assert not office_links.stands(link)
        with pytest.raises(NotNow, match="too old"):
            guest_actions.take_by_link(office_links.actor_of(link), link=link)
    assert AskedSeat.objects.get().words is None


def test_a_seat_is_given_up_by_the_link_in_the_letter() -> None:
    training = make.make_training()
    link = asked(training)
    with pytest.raises(NotNow):
        guest_actions.give_up_by_link(office_links.actor_of(link), link=link)
    row = guest_actions.take_by_link(office_links.actor_of(link), link=link)
    assert guest_actions.give_up_by_link(office_links.actor_of(link), link=link).state == State.CANCELLED
    assert guest_actions.take_by_link(office_links.actor_of(link), link=link).pk == row.pk


def test_the_coordinator_registers_who_asked_by_telephone() -> None:
    coordinator = make.make_worker("association_coordinator")
    training = make.make_training(by=coordinator)
    row = guest_actions.seat_somebody(coordinator.actor, training=training, told=ANA)
    run_due()
    assert Letter.objects.get(about_id=row.pk).template == "seat_taken"
    seats.end_seat(coordinator.actor, training=training, person=row.person)
    assert again(row).state == State.CANCELLED


def test_somebody_is_registered_for_the_meetings_that_are_left() -> None:
    """A week after the first one; by the association alone, while there are seats, and not once it is over."""
    coordinator = make.make_worker("association_coordinator")
    day = clock.today(make.ZONE) + timedelta(days=30)
    meetings = [Said(day + timedelta(weeks=week), time(9), time(12)) for week in (0, 1)]
    training = make.make_training(
        by=coordinator, meetings=meetings, seats=1, cents_other=6000, cents_member=6000, holds_until_paid=True
    )
    assert training.starts_at is not None and training.ends_at is not None
    with clock.at(training.starts_at + timedelta(days=1)):
        shown = coordinator.client.get(f"/keep/trainings/{training.pk}/somebody/").content.decode()
        assert "for the meetings that are left" in shown
        row = guest_actions.seat_somebody(coordinator.actor, training=training, told=ANA)
        assert (row.state, row.pay_by) == (State.REGISTERED, None), "nobody else could come any more"
        assert guest_actions.seat_somebody(coordinator.actor, key=fresh_key(), training=training, told=ANA).pk == row.pk
        with pytest.raises(NotNow, match="more seats"):
            guest_actions.seat_somebody(coordinator.actor, training=training, told=replace(ANA, mail="b@example.org"))
        with pytest.raises(NotNow, match="has begun"):
            seats.take_seat(make.make_worker("practitioner").actor, training=training)
    with clock.at(training.ends_at), pytest.raises(NotNow, match="is over"):
        guest_actions.seat_somebody(coordinator.actor, training=training, told=replace(ANA, mail="b@example.org"))
    closed = make.make_training(by=coordinator, is_open=False)
    with pytest.raises(NotNow, match="Open it first"):
        guest_actions.seat_somebody(coordinator.actor, training=closed, told=ANA)
    assert "/somebody/" not in coordinator.client.get(f"/keep/trainings/{closed.pk}/").content.decode()


def test_sealed_words_are_sealed_anew_by_todays_key() -> None:
    asked(make.make_training())
    make.together(lambda _act: guest_actions.reseal_all())
    told = guest_actions.told_by(AskedSeat.objects.get())
    assert told == ANA
