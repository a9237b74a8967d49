"""What becomes of seats when two records are one person, when somebody is erased, and what letters say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from inmind.access.models import OfficeLink
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.learning.certificates import actions as certificates
from inmind.learning.models import AskedSeat, Certificate, FeedKey, Registration, SaidOfSelf, Training
from inmind.learning.trainings import guest_actions, seat_actions, self_actions
from inmind.learning.trainings.guest_actions import Told
from inmind.learning.trainings.letter_actions import ONLY_WHILE
from inmind.learning.trainings.offers import _erase, _goes, _stays
from inmind.learning.trainings.seats import State
from inmind.messages.adapters.mail import written
from inmind.messages.models import Letter
from inmind.people.models import Person
from inmind.records import actions as records
from inmind.records.models import Merge, Pair
from tests import make

pytestmark = pytest.mark.django_db


def guest(training: Any, name: str = "Ana Ruiz", mail: str = "ana@example.org") -> Registration:
    """Somebody without an account, registered by telephone."""
    coordinator = make.make_worker("association_coordinator", training.association)
    told = Told(*name.split(), mail)
    row = guest_actions.seat_somebody(coordinator.actor, training=training, told=told)
    run_due()
    return row


def test_two_records_of_one_person_have_one_seat_and_parted_two_again() -> None:
    """Where both were registered at one training, the seat of the record that stays is the one; a mail about the other still
    leads to it."""
    training, other = make.make_training(), make.make_training()
    one, two = guest(training), guest(training, "Anna Ruiz", "ana.ruiz@example.org")
    alone = guest(other, "Anna Ruiz", "ana.ruiz@example.org")
    link = AskedSeat.objects.get(registration=two)
    pair, steward = paired(one.person, two.person), make.make_worker("data_steward").actor
    merge = records.merge(steward, pair=pair, stays=one.person, chosen={})
    assert not Registration.objects.filter(pk=two.pk).exists()
    assert Registration.objects.get(pk=alone.pk).person == one.person
    assert AskedSeat.objects.get(pk=link.pk).registration == one
    records.part(steward, merge=Merge.objects.get(pk=merge.pk))
    assert Registration.objects.get(pk=two.pk).person == two.person
    assert AskedSeat.objects.get(pk=link.pk).registration_id == two.pk


def test_the_seat_of_one_record_is_not_lost_to_the_one_that_the_other_gave_up() -> None:
    training = make.make_training()
    one, two = guest(training), guest(training, "Anna Ruiz", "ana.ruiz@example.org")
    make.together(lambda act: seat_actions.give_up(act, training, one.person))
    merge = records.merge(
        make.make_worker("data_steward").actor, pair=paired(one.person, two.person), stays=one.person, chosen={}
    )
    assert [(row.person, row.state) for row in Registration.objects.all()] == [(one.person, State.REGISTERED)]
    records.part(make.make_worker("data_steward").actor, merge=merge)
    assert {row.person_id: row.state for row in Registration.objects.all()} == {
        one.person_id: State.CANCELLED,
        two.person_id: State.REGISTERED,
    }


def paired(one: Person, two: Person) -> Pair:
    found = Pair.objects.filter(one__in=(one, two), other__in=(one, two)).first()
    if found is not None:
        return found
    kept: list[Pair] = []
    low, high = sorted((one, two), key=lambda person: person.pk)
    make.together(lambda _act: kept.append(Pair.objects.create(one=low, other=high, points=60, reasons=["same_name"])))
    return kept[0]


def test_who_is_erased_leaves_a_seat_without_words() -> None:
    luz, training = make.make_worker("practitioner"), make.make_training()
    row = make.take_seat(training, luz)
    self_actions.say_of_self(luz.actor, races=("asian",), languages=("es",))
    self_actions.make_feed(luz.actor)
    mine = guest(training)
    assert list(_goes(luz.person))
    assert list(_stays(luz.person))
    make.together(lambda act: (_erase(act, luz.person), _erase(act, mine.person)))
    assert not SaidOfSelf.objects.exists()
    assert not FeedKey.objects.exists()
    assert Registration.objects.filter(pk=row.pk).exists()
    assert not OfficeLink.objects.filter(purpose="seat", ended_at__isnull=True).exists()
    assert not list(_goes(luz.person))


FACTS = {
    "title": "Holding hope",
    "when": "Dec. 4, 2026",
    "place": "The library",
    "association": "Plains Association",
    "training": "0190",
    "until": "Dec. 1",
    "pay_by": "Dec. 2",
    "days": 7,
    "site": "https://house.example",
    "installation": settings.INSTALLATION,
}


@pytest.mark.sqlite  # what is read from a file, or said in a letter, is the same on both
@pytest.mark.parametrize("template", [*ONLY_WHILE, "seat_asked"])
def test_a_letter_about_a_seat_is_whole_and_leads_to_its_page(template: str) -> None:
    """With an account to the page of the training; without one by the link; never both."""
    with_link, without = FACTS | {"secret": "s3cret"}, FACTS | {"person": Person(given_name="Luz")}
    subject, body = written(template, with_link, "en")
    assert subject and "\n" not in subject
    assert "https://house.example/o/s3cret/" in body
    if template != "seat_asked":
        _subject, body = written(template, without, "en")
        assert "https://house.example/trainings/0190/" in body
        assert "Hello Luz." in body
    assert "\n\n\n" not in body, "no hole in the letter"
    assert "{{" not in body


def test_a_letter_that_does_not_hold_any_more_is_not_written() -> None:
    """Somebody took a seat and gave it up before the letter left: it is not written."""
    luz, training = make.make_worker("practitioner"), make.make_training()
    seat_actions.take_seat(luz.actor, training=training)
    row = seat_actions.give_up_seat(luz.actor, training=training)
    run_due()
    assert row.state == State.CANCELLED
    assert not luz.person.letters.filter(template="seat_taken").exists()


def test_what_was_held_before_moving_in_is_written_down_with_its_certificates() -> None:
    """No seat is given out and no letter of one leaves; who was there is added by hand."""
    keeper = make.make_worker("association_coordinator")
    assert keeper.agency is not None
    day = clock.today(make.ZONE) - timedelta(days=7)
    typed = {"title": "Held last week", "on": day.isoformat(), "begins": "09:00", "ends": "12:00", "zone": make.ZONE}
    typed |= {"break_minutes": "0", "times": "1", "weeks": "1", "cents_member": "0", "cents_other": "60"}
    typed |= {"keeper": str(keeper.agency.pk), "is_public": "on", "is_open": "on"}
    asked = keeper.client.post("/keep/trainings/add/", typed | {"key": fresh_key()}).content.decode()
    assert "If this training was held already, say so here." in asked and "Held last week" in asked
    typed |= {"was_held": "on", "key": fresh_key()}
    made = keeper.client.post("/keep/trainings/add/", typed, follow=True).content.decode()
    assert "say who was there" in made
    row = Training.objects.get()
    assert (row.is_public, row.is_open) == (False, False)
    ana = {"given_name": "Ana", "family_name": "Ruiz", "mail": "ana@example.org", "minutes": "180"}
    address = f"/keep/meetings/{row.meetings.get().pk}/walk-in/"
    assert "was there" in keeper.client.post(address, ana | {"key": fresh_key()}, follow=True).content.decode()
    certificates.begin(keeper.actor, training=row)
    run_due()
    assert Certificate.objects.get().person.name == "Ana Ruiz"
    assert not Letter.objects.filter(template__startswith="seat").exists()
    assert Letter.objects.filter(template="certificate").exists()
    shown = keeper.client.get(f"/keep/trainings/{row.pk}/").content.decode()
    assert "is over" in shown and "Open registration" not in shown
