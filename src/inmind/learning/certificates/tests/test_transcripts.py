"""One's own transcript, what was learned elsewhere, and whether a certificate is genuine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.jobs.runner import run_due
from inmind.learning.attendance import actions, offers
from inmind.learning.certificates import actions as certificates
from inmind.learning.certificates import papers
from inmind.learning.models import Attendance, Certificate, Elsewhere
from inmind.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
ELSEWHERE = {
    "title": "=SUM(A1) Babies",
    "provider": "Hills Association",
    "on": "2026-03-01",
    "hours": "1.5",
    "domain": "thinking",
}


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    """It is Saturday afternoon."""
    with clock.at(make.AFTER):
        yield


@pytest.fixture
def there() -> make.Attended:
    """Ana was there for all of it, Luz for 120 of 150 minutes; both have a certificate."""
    there = make.make_attended("Ana Díaz", "Luz Marín")
    log = make.make_log(("Ana Díaz", "", "10:00:00 AM", "12:30:00 PM"), ("Luz Marín", "", "10:31:00 AM", "12:30:00 PM"))
    actions.take_log(there.by.actor, meeting=there.meeting, text=log, zone=make.ZONE)
    certificates.begin(there.by.actor, training=there.training)
    run_due()
    return there


def test_what_was_learned_elsewhere_is_counted_apart(there: make.Attended) -> None:
    """Marked as said by oneself, in the picture, the table, the paper and the sheet; and taken back."""
    browser = make.signed_in(there.people[0].account)
    assert browser.post(reverse("elsewhere"), {"key": "one", **ELSEWHERE}).status_code == 302
    page = browser.get(reverse("transcript")).content.decode()
    assert "2.5 hours attended here, and 1.5 said by myself" in page
    assert "said by myself" in page
    rows = list(csv.reader(io.StringIO(browser.get(reverse("transcript_csv")).content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["Law and policy for home visitors", "'=SUM(A1) Babies"]
    assert browser.get(reverse("transcript_pdf")).content.startswith(b"%PDF-")
    row = Elsewhere.objects.get()
    browser.post(reverse("elsewhere_back", args=[row.pk]), {"key": "two"})
    assert "said by myself" not in browser.get(reverse("transcript_pdf")).content.decode("latin-1")
    assert "2.5 hours attended here" in browser.get(reverse("transcript")).content.decode()
    certificates.take_back_elsewhere(there.people[0].actor, elsewhere=Elsewhere.objects.get())


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"on": "2027-01-01"}, "has not come yet"),
        ({"hours": "0"}, "0 minutes"),
        ({"hours": "25000"}, "100"),
        ({"title": ""}, "Please fill this in."),
        ({"domain": "unheard"}, "unheard"),
    ],
)
def test_what_cannot_have_been_is_told(there: make.Attended, typed: dict[str, str], says: str) -> None:
    """Nothing that was typed is lost."""
    browser = make.signed_in(there.people[0].account)
    answer = browser.post(reverse("elsewhere"), {"key": "one", **ELSEWHERE, **typed})
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert "Hills Association" in answer.content.decode()
    assert not Elsewhere.objects.exists()


def test_areas_have_no_more_time_than_the_training(there: make.Attended) -> None:
    """Each minute is of one at most."""
    said = {"title": "A", "provider": "B", "on": there.meeting.on, "minutes": 60, "domains": {"thinking": 61}}
    with pytest.raises(BadInput, match="more time than the training"):
        certificates.note_elsewhere(there.people[0].actor, person=there.people[0].person, **said)


def test_an_empty_transcript_says_how_it_fills() -> None:
    """And draws nothing."""
    worker = make.make_worker("practitioner")
    page = make.signed_in(worker.account).get(reverse("transcript")).content.decode()
    assert "What you attend stands here by itself" in page
    assert make.signed_in(worker.account).get(reverse("transcript_pdf")).content.startswith(b"%PDF-")


# The paper


def test_the_paper_says_what_the_page_says(there: make.Attended) -> None:
    """Name, training, day, hours by area, credit for who attended all of it, and where it is verified."""
    ana, luz = (Certificate.objects.select_related("training").get(person=one.person) for one in there.people)
    whole = papers.paper_of(ana)
    assert whole.honored == "Ana Díaz"
    assert ("Issued on", "May 16, 2026") in whole.facts
    assert ("Clock hours", "2.5") in whole.facts
    assert ("Attended on", "May 16, 2026") in whole.facts
    assert [part.heading for part in whole.parts] == ["Hours by competency area", "Credit", "Is it genuine?"]
    assert whole.parts[1].table is not None
    assert whole.parts[1].table.rows == (("Social work", "2.5", "SW-2026-0815"),)
    assert whole.picture is not None
    assert whole.picture.svg.startswith("<svg xmlns")
    part = papers.paper_of(luz)
    assert [one.heading for one in part.parts] == [
        "Hours by competency area",
        "A part of the training",
        "Is it genuine?",
    ]
    actions.enter(there.by.actor, meeting=there.meeting, person=there.people[1].person, minutes=0, why="Was not there.")
    gone = papers.paper_of(Certificate.objects.select_related("training").get(pk=luz.pk))
    assert gone.parts[0].paragraphs == ("It was withdrawn on May 16, 2026.",)


def test_the_same_certificate_is_the_same_paper(there: make.Attended) -> None:
    """Byte for byte, so that two copies can be compared."""
    browser = make.signed_in(there.people[0].account)
    address = reverse("certificate_pdf", args=[Certificate.objects.get(person=there.people[0].person).pk])
    assert browser.get(address).content == browser.get(address).content


# Is it genuine?


def test_anybody_verifies_a_certificate_by_its_number(there: make.Attended) -> None:
    """Typed or scanned; it tells the training, the day, the hours and the name, and nothing else."""
    row = Certificate.objects.get(person=there.people[0].person)
    answer = Client().get(reverse("verify"), {"number": row.code.lower()})
    assert answer.headers["Location"] == reverse("verify_one", args=[row.code])
    page = Client().get(reverse("verify_one", args=[row.code])).content.decode()
    for told in (
        "Law and policy for home visitors",
        "May 16, 2026",
        "2.5 of 2.5 hours",
        "Ana Díaz",
        "This certificate stands.",
    ):
        assert told in page
    for untold in ("@example.org", "Luz", "Social work", str(row.pk), str(row.person_id)):
        assert untold not in page


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize("typed", ["7K2M-Q9XD", "abc", "<script>alert(1)</script>"])
def test_what_is_no_number_is_told(typed: str) -> None:
    """And comes back as it was typed."""
    answer = Client().get(reverse("verify"), {"number": typed})
    assert answer.status_code == 400
    assert "twelve letters and digits" in answer.content.decode()
    assert Client().get(reverse("verify_one", args=[typed.replace("/", "")])).status_code == 404
    assert Client().get(reverse("verify")).status_code == 200


def test_guessing_is_counted(settings: object) -> None:
    """After too many numbers from one place, it is asked to wait."""
    with clock.at(make.AFTER):
        statuses = [Client().get(reverse("verify_one", args=["0000-0000-0000"])).status_code for _ in range(70)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


# What is left of somebody


def test_of_somebody_who_is_erased_no_name_is_verified(there: make.Attended) -> None:
    """The row stays without a name, and opens for nobody."""
    person = there.people[0].person
    row = Certificate.objects.get(person=person)
    certificates.note_elsewhere(
        there.people[0].actor, person=person, title="A", provider="B", on=there.meeting.on, minutes=60, domains={}
    )
    make.together(lambda act: certificates.forget(act, Person.objects.get(pk=person.pk)))
    assert Client().get(reverse("verify_one", args=[row.code])).status_code == 404
    row.refresh_from_db()
    assert (row.name, Elsewhere.objects.get().title) == ("", "erased")


class Mover:
    """Moves rows as a merge does, without its steps."""

    def __init__(self, act: Any) -> None:
        self.act = act

    def change(self, row: Any, field: str, to: Any) -> None:
        now = type(row)._default_manager.get(pk=row.pk)
        setattr(now, field, to)
        now.save(update_fields=[field])


def test_two_records_of_one_person_have_one_certificate(there: make.Attended) -> None:
    """The one that says more stands; the other says by which it was replaced, and is verified as before."""
    ana, luz = (one.person for one in there.people)

    def work(act: Any) -> None:
        mover = Mover(act)
        for row in Attendance.objects.filter(person=luz):
            offers._attended_once(mover, row, ana)
        for row in Certificate.objects.filter(person=luz):
            offers._certified_once(mover, row, ana)

    make.together(work)
    assert [one.minutes for one in Attendance.objects.filter(person=ana, replaced_at=None)] == [150]
    more, less = Certificate.objects.filter(person=ana).order_by("-minutes")
    assert (more.replaced_at, less.replaced_by_id, less.person_id) == (None, more.pk, ana.pk)
    assert "It was replaced on" in Client().get(reverse("verify_one", args=[less.code])).content.decode()
