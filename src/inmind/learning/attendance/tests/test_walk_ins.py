"""Somebody who came without a registration: from the sheet that was signed, from a log; with attendance and a certificate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.learning.attendance import actions
from inmind.learning.attendance.models import Attendance, Sighting
from inmind.learning.certificates import actions as certificates
from inmind.learning.models import Certificate, Registration
from inmind.learning.trainings.guest_actions import Told
from inmind.money.models import Invoice
from inmind.people.models import Person
from inmind.records import actions as records
from tests import make

pytestmark = pytest.mark.django_db
ROSA = {"given_name": "Rosa", "family_name": "Peña", "mail": "rosa@example.org"}


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    """It is Saturday afternoon."""
    with clock.at(make.AFTER):
        yield


@pytest.fixture
def there() -> make.Attended:
    """A training that is over, with one who was registered."""
    there = make.make_attended("Ana Díaz")
    change(there, starts_at=there.meeting.starts_at, ends_at=there.meeting.ends_at)
    return there


def rosa() -> Person:
    return Person.objects.get(given_name="Rosa")


def change(there: make.Attended, **said: Any) -> None:
    def work(_act: Any) -> None:
        for name, value in said.items():
            setattr(there.training, name, value)
        there.training.save()

    make.together(work)


def test_somebody_on_the_signed_sheet_is_added_with_minutes_and_a_certificate(there: make.Attended) -> None:
    """On one page; a second click adds nobody twice; a certificate follows as for everybody."""
    client = there.by.client
    page = client.get(reverse("meeting_attendance", args=[there.meeting.pk])).content.decode()
    assert reverse("walk_in", args=[there.meeting.pk]) in page
    typed = {"key": fresh_key(), **ROSA, "minutes": 120}
    for _click in range(2):
        answer = client.post(reverse("walk_in", args=[there.meeting.pk]), typed, follow=True)
    assert "Rosa Peña is added, and was there." in answer.content.decode()
    assert Attendance.objects.get(person=rosa()).minutes == 120
    assert Registration.objects.get(person=rosa()).state == "registered"
    assert not Invoice.objects.exists()
    certificates.begin(there.by.actor, training=there.training)
    run_due()
    assert Certificate.objects.get(person=rosa()).code


def test_an_unmatched_row_of_a_log_becomes_somebody(there: make.Attended) -> None:
    """The form holds what the log says; the minutes are those that were seen; the log forgets its words."""
    log = make.make_log(("Rosa Pena", "rosa@example.org", "10:31:00 AM", "12:30:00 PM"))
    actions.take_log(there.by.actor, meeting=there.meeting, text=log, zone=make.ZONE)
    seen = Sighting.objects.get()
    client = there.by.client
    assert reverse("walk_in_seen", args=[seen.pk]) in client.get(reverse("sighting", args=[seen.pk])).content.decode()
    page = client.get(reverse("walk_in_seen", args=[seen.pk])).content.decode()
    assert all(f'value="{one}"' in page for one in ("Rosa", "Pena", "rosa@example.org"))
    client.post(reverse("walk_in_seen", args=[seen.pk]), {"key": fresh_key(), **ROSA})
    assert Attendance.objects.get(person=rosa()).minutes == 120  # from 10:31, by quarters of an hour
    seen.refresh_from_db()
    assert (seen.state, seen.said) == ("counted", None)
    with pytest.raises(NotNow, match="decided already"):
        actions.walk_in_seen(there.by.actor, sighting=seen, told=Told(**ROSA))


def test_who_waited_or_gave_up_and_came_all_the_same_has_the_seat(there: make.Attended) -> None:
    """Also where every seat was taken; and pays only where that is said."""
    change(there, seats=1, cents_member=2000, cents_other=4500)
    actions.walk_in(there.by.actor, meeting=there.meeting, told=Told(**ROSA), minutes=150, is_billed=True)
    assert Invoice.objects.get(payer=rosa()).cents_billed == 4500
    luz = make.make_worker("practitioner", there.by.agency, "Luz Marín", mail="luz@example.org")

    def cancelled(act: Any) -> None:
        seat = {"training": there.training, "person": luz.person, "state": "cancelled", "at": act.now}
        Registration.objects.create(**seat)

    make.together(cancelled)
    told = Told("Luz", "Marin", "luz@example.org")
    actions.walk_in(there.by.actor, meeting=there.meeting, told=told, minutes=60)
    assert Registration.objects.get(person=luz.person).state == "registered"
    assert Invoice.objects.count() == 1


def test_somebody_of_whom_something_stands_is_put_right_on_their_own_page(there: make.Attended) -> None:
    """Nothing is written over unseen."""
    actions.walk_in(there.by.actor, meeting=there.meeting, told=Told(**ROSA), minutes=60)
    with pytest.raises(BadInput, match="already"):
        actions.walk_in(there.by.actor, meeting=there.meeting, told=Told(**ROSA), minutes=90)
    with pytest.raises(BadInput, match="150"):
        other = Told("Eva", "Gray", "eva@example.org")
        actions.walk_in(there.by.actor, meeting=there.meeting, told=other, minutes=151)
    assert not Person.objects.filter(given_name="Eva").exists()


def test_nobody_walks_into_what_has_not_begun_or_was_called_off(there: make.Attended) -> None:
    """Until then somebody is registered."""
    with clock.at(make.SATURDAY - timedelta(hours=1)), pytest.raises(NotNow, match="not begun"):
        actions.walk_in(there.by.actor, meeting=there.meeting, told=Told(**ROSA), minutes=60)
    change(there, called_off_at=make.SATURDAY, is_open=False)
    with pytest.raises(NotNow, match="not take place"):
        actions.walk_in(there.by.actor, meeting=there.meeting, told=Told(**ROSA), minutes=60)


def test_an_address_that_is_another_member_s_is_asked_about(there: make.Attended) -> None:
    """The certificate would go to them. It may be the same person, or somebody who reads the same mailbox."""
    make_known(there, make.make_worker("practitioner", there.by.agency, "Luz Marín", mail="luz@example.org"))
    address, client = reverse("walk_in", args=[there.meeting.pk]), there.by.client
    typed = ROSA | {"mail": "LUZ@example.org", "minutes": 120, "key": fresh_key()}
    asked = client.post(address, typed).content.decode()
    assert "At this address we write to Luz Marín." in asked
    assert 'type="checkbox" name="is_another"' in asked
    assert not Person.objects.filter(given_name="Rosa").exists()
    client.post(address, typed | {"is_another": "on"})
    assert Attendance.objects.get(person=rosa()).minutes == 120


def test_nobody_whom_the_association_does_not_know_is_told_of(there: make.Attended) -> None:
    """An agency's own worker, or a family's mother, at the same address."""
    make.make_worker("home_visitor", name="Eva Gray", mail="rosa@example.org")
    actions.walk_in(there.by.actor, meeting=there.meeting, told=Told(**ROSA), minutes=60)
    assert Attendance.objects.filter(person=rosa()).exists()


def test_a_member_is_found_by_name_and_nothing_is_typed_twice(there: make.Attended) -> None:
    """For the sheet that was signed, and for a row of the log; nobody else is found."""
    luz = make_known(there, make.make_worker("practitioner", there.by.agency, "Luz Marín", mail="luz@example.org"))
    other = make.make_worker("home_visitor", name="Luz Gray")
    address, client = reverse("walk_in", args=[there.meeting.pk]), there.by.client
    found = client.get(f"{address}?name=luz").content.decode()
    assert "Luz Marín" in found and "luz@example.org" in found and "Luz Gray" not in found
    chosen = f"{address}?person={luz.pk}"
    assert f'href="?person={luz.pk}"' in found
    assert 'name="family_name"' not in client.get(chosen).content.decode()
    assert "was there" in client.post(chosen, {"key": fresh_key(), "minutes": 90}, follow=True).content.decode()
    assert Attendance.objects.get(person=luz).minutes == 90
    assert "Nobody whom you know" in client.get(f"{address}?name=nemo").content.decode()
    assert 'name="family_name"' in client.get(f"{address}?person={other.person.pk}").content.decode()
    with pytest.raises(BadInput, match="does not know"):
        actions.walk_in(there.by.actor, meeting=there.meeting, person=other.person, minutes=60)


def make_known(there: make.Attended, one: make.Worker) -> Person:
    make.together(lambda act: records.list_names(act, people=[one.person], organization=there.training.association))
    return one.person


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["association_coordinator", "agency_supervisor", "administrator", "practitioner"])
def test_nobody_else_adds_anybody(there: make.Attended, role: str) -> None:
    """Another association's coordinator neither."""
    at = make.make_association("Hills Association") if role == "association_coordinator" else None
    other = make.make_worker(role, at)
    assert other.client.get(reverse("walk_in", args=[there.meeting.pk])).status_code == 403
    with pytest.raises(Refused):
        actions.walk_in(other.actor, meeting=there.meeting, told=Told(**ROSA), minutes=60)
