"""A guest without an account, from a seat to the bill, the receipt and the certificate: by the letters alone."""

from __future__ import annotations

import re
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from inmind.access.models import OfficeLink
from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.learning.attendance import actions as attendance
from inmind.learning.certificates import actions as certificates
from inmind.learning.certificates.models import Certificate
from inmind.learning.models import Registration, Training
from inmind.learning.trainings import guest_actions, seat_actions
from inmind.learning.trainings.guest_actions import Told
from inmind.messages.adapters import mail as carrier
from inmind.messages.models import Letter
from inmind.money import actions as money
from inmind.money.models import Invoice
from inmind.people.models import Contact
from inmind.records import actions as records
from tests import make

pytestmark = pytest.mark.django_db
LETTERS: list[Any] = []
ADA = Told("Ada", "Wynn", "ada@example.org")


@pytest.fixture(autouse=True)
def letters(mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters leave, as in a house that is no demonstration."""
    monkeypatch.setattr(carrier, "is_demo", lambda: False)
    monkeypatch.setattr(sys.modules[__name__], "LETTERS", mailoutbox)


@pytest.fixture
def keeper() -> make.Worker:
    return make.make_worker("association_coordinator")


def registered(keeper: make.Worker, training: Training) -> Registration:
    """Somebody without an account has a seat; the letters have left."""
    row = guest_actions.seat_somebody(keeper.actor, training=training, told=ADA)
    run_due()
    return row


def by_letter(said: str) -> Client:
    """A browser that opened the link of the newest letter whose subject or words say this."""
    letter = next(one for one in reversed(LETTERS) if said in one.subject + one.body)
    found = re.search(r"/o/\S+/", letter.body)
    assert found is not None and letter.to == ["ada@example.org"]
    browser = Client()
    browser.get(found[0], follow=True)
    return browser


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return re.sub(r"\s+", " ", answer.content.decode())


def held(keeper: make.Worker, row: Registration, minutes: int = 180) -> None:
    """The training is over, she attended, and certificates are made."""
    meeting = row.training.meetings.get()
    attendance.enter(keeper.actor, meeting=meeting, person=row.person, minutes=minutes)
    certificates.begin(keeper.actor, training=row.training)
    run_due()


def test_the_invoice_comes_by_itself_and_stands_on_the_page_of_the_seat(keeper: make.Worker) -> None:
    row = registered(keeper, make.make_training(by=keeper, cents_other=4000, cents_member=2000))
    assert "$40.00" in page(by_letter("An invoice from"), "/money/by-link/")
    assert Invoice.objects.get(pk=row.invoice).sent_on is not None
    browser = by_letter("You have a seat")
    shown = page(browser, "/seat/")
    assert "You owe $40.00, due by" in shown
    link = OfficeLink.objects.get(purpose="seat", ended_at__isnull=True)
    assert "$40.00" in browser.post("/seat/bill/", {"key": fresh_key(), "link": link.pk}, follow=True).content.decode()
    assert browser.get("/money/by-link/paper/").headers["Content-Type"] == "application/pdf"


def test_the_receipt_comes_to_who_has_no_account(keeper: make.Worker) -> None:
    row = registered(keeper, make.make_training(by=keeper, cents_other=4000, cents_member=2000))
    money.take_payment(
        keeper.actor,
        association=row.training.association,
        invoices=[Invoice.objects.get(pk=row.invoice)],
        cents=4000,
        method="check",
        reference="1204",
        received_on=clock.today(make.ZONE),
    )
    run_due()
    assert by_letter("a payment for you").get("/money/by-link/receipt/").headers["Content-Type"] == "application/pdf"
    assert "$40.00 are paid" in page(by_letter("You have a seat"), "/seat/")


def test_a_free_seat_says_nothing_of_money(keeper: make.Worker) -> None:
    registered(keeper, make.make_training(by=keeper))
    assert not Letter.objects.filter(template__startswith="invoice").exists()
    browser = by_letter("You have a seat")
    assert "What it costs you" not in page(browser, "/seat/")
    link = OfficeLink.objects.get(purpose="seat", ended_at__isnull=True)
    answer = browser.post("/seat/bill/", {"key": fresh_key(), "link": link.pk}, follow=True)
    assert "Nothing is owed for this seat." in answer.content.decode()
    assert "There is no certificate yet" in browser.get("/seat/certificate.pdf", follow=True).content.decode()


def test_a_certificate_reaches_who_has_no_account_and_its_correction_too(keeper: make.Worker) -> None:
    row = registered(keeper, make.make_training(by=keeper))
    with clock.at(clock.now() + timedelta(days=31)):
        held(keeper, row)
        browser = by_letter("is ready")
        number = Certificate.objects.get().code
        shown = page(browser, "/seat/")
        assert number in shown and "This training is over." in shown and "Give up my seat" not in shown
        assert browser.get("/seat/certificate.pdf").headers["Content-Type"] == "application/pdf"
        meeting = row.training.meetings.get()
        attendance.enter(keeper.actor, meeting=meeting, person=row.person, minutes=90, why="left at the break")
        run_due()
        anew = Certificate.objects.get(replaced_at__isnull=True).code
        assert anew != number and anew in page(by_letter("was put right"), "/seat/")


def test_a_certificates_link_opens_for_a_year_and_no_longer(keeper: make.Worker) -> None:
    row = registered(keeper, make.make_training(by=keeper))
    day = clock.now() + timedelta(days=31)
    with clock.at(day):
        held(keeper, row)
    with clock.at(day + timedelta(days=390)):
        assert Certificate.objects.get().code in page(by_letter("is ready"), "/seat/")
    with clock.at(day + timedelta(days=401)):
        assert by_letter("is ready").get("/seat/").status_code == 302


def test_one_guests_link_opens_no_other_guests_papers(keeper: make.Worker) -> None:
    training = make.make_training(by=keeper, cents_other=4000)
    registered(keeper, training)
    browser = by_letter("You have a seat")
    other = guest_actions.seat_somebody(keeper.actor, training=training, told=Told("Bo", "Lind", "bo@example.org"))
    run_due()
    with clock.at(clock.now() + timedelta(days=13)):
        assert "Bo Lind" not in page(browser, "/seat/")
        theirs = OfficeLink.objects.filter(purpose="seat", ended_at__isnull=True).latest("created_at")
        answer = browser.post("/seat/bill/", {"key": fresh_key(), "link": theirs.pk}, follow=True)
        assert "Bo Lind" not in answer.content.decode()
    assert Client().get("/seat/certificate.pdf").status_code == 302
    assert other.person.name == "Bo Lind"


def test_certificates_wait_for_the_end(keeper: make.Worker) -> None:
    training = make.make_training(by=keeper)
    row = registered(keeper, training)
    meeting = training.meetings.get()
    with clock.at(meeting.starts_at + timedelta(minutes=20)):
        attendance.enter(keeper.actor, meeting=meeting, person=row.person, minutes=15)
        with pytest.raises(NotNow, match="not over yet"):
            certificates.begin(keeper.actor, training=training)
        shown = page(keeper.client, f"/keep/trainings/{training.pk}/attendance/")
        assert "after the last meeting on" in shown and "Make the certificates" not in shown
    with clock.at(meeting.ends_at):
        shown = page(keeper.client, f"/keep/trainings/{training.pk}/attendance/")
        assert "Everybody who attended gets a certificate" in shown and "Make the certificates" in shown


def test_a_training_that_is_over_says_so_on_one_s_own_page_beside_its_certificate(keeper: make.Worker) -> None:
    """And it is nobody's next training any more."""
    training, luz = make.make_training(by=keeper), make.make_worker("practitioner", name="Luz Ortega")
    row = make.take_seat(training, luz)
    assert "Your certificates" not in page(luz.client, "/learning/")
    meeting = training.meetings.get()
    with clock.at(meeting.ends_at + timedelta(minutes=5)):
        held(keeper, row)
        shown = page(luz.client, "/learning/")
        assert "This training is over." in shown and "You have a seat" not in shown
        assert f"/{Certificate.objects.get().pk}/" in shown
        assert "Your next training" not in page(luz.client, "/today/")


def test_whose_seat_is_given_up_for_them_is_written_to(keeper: make.Worker) -> None:
    training = make.make_training(by=keeper)
    luz = make.make_worker("practitioner", name="Luz Ortega")
    make.take_seat(training, luz)
    seat_actions.end_seat(keeper.actor, training=training, person=luz.person)
    run_due()
    told = Letter.objects.filter(to=luz.person, template__startswith="seat_")
    assert set(told.values_list("template", flat=True)) == {"seat_taken", "seat_ended"}


def links(said: str) -> list[str]:
    """The links of every letter whose subject or words say this, the oldest first."""
    return [
        re.search(r"/o/\S+/", one.body)[0]  # type: ignore[index]
        for one in LETTERS
        if said in one.subject + one.body
    ]


def test_each_letter_s_link_goes_on_when_a_newer_one_has_come(keeper: make.Worker) -> None:
    """Somebody opens whichever letter they find: of the seat, of its change, of the bill and of the receipt."""
    row = registered(keeper, make.make_training(by=keeper, cents_other=4000, cents_member=2000))
    make.together(lambda act: seat_actions.write(act, row, "training_changed"))
    money.take_payment(
        keeper.actor,
        association=row.training.association,
        invoices=[Invoice.objects.get(pk=row.invoice)],
        cents=4000,
        method="check",
        reference="1204",
        received_on=clock.today(make.ZONE),
    )
    run_due()
    (taken,), (changed,) = links("You have a seat"), links("the time or the place changed")
    (bill,), (receipt,) = links("An invoice from"), links("a payment for you")
    for link in (taken, changed):
        assert "You have a seat" in Client().get(link, follow=True).content.decode()
    for link in (bill, receipt):
        assert "$40.00" in Client().get(link, follow=True).content.decode()


def test_a_link_that_went_to_another_address_ends(keeper: make.Worker) -> None:
    """The first address was a slip: what was sent there opens nothing, and the page says where to look."""
    row = registered(keeper, make.make_training(by=keeper))

    def moved(act: Any) -> None:
        there = Contact.objects.get(person=row.person)
        records.end_contact(act, person=row.person, contact=there.pk)
        records.keep_contact(
            act, person=row.person, channel=Contact.Channel.MAIL, address="ada@new.example.org", safe=True
        )
        seat_actions.write(act, row, "training_changed")

    make.together(moved)
    run_due()
    (taken,), (changed,) = links("You have a seat"), links("the time or the place changed")
    over = Client().get(taken, follow=True)
    assert over.status_code == 410
    assert "The link in the newest one works" in over.content.decode()
    assert "You have a seat" in Client().get(changed, follow=True).content.decode()


@pytest.mark.parametrize("letter", ["training_changed", "training_called_off"])
def test_a_letter_that_something_changed_says_in_its_subject_who_writes(letter: str) -> None:
    """Whoever registered once knows the association, and no "Something changed" from nobody."""
    subject, _body = carrier.written(letter, {"association": "Plains Association", "site": "", "secret": "s"}, "en")
    assert subject.startswith("Plains Association: ")
