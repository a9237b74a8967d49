"""Saturday's call log becomes certificates: the story through the pages, and what is never guessed, lost or silently changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from inmind.foundation import clock
from inmind.foundation.identity import new_id
from inmind.jobs.runner import run_due
from inmind.learning.models import Attendance, CallLog, Certificate, Sighting
from inmind.messages.models import Letter
from tests import make

pytestmark = pytest.mark.django_db

ANA, LUZ, TOM = "Ana Díaz", "Luz Marín", "Tom Okafor"


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    """It is Saturday afternoon."""
    with clock.at(make.AFTER):
        yield


@pytest.fixture
def there() -> make.Attended:
    return make.make_attended(ANA, LUZ, TOM)


LOG = make.make_log(
    ("Ana Díaz (she/her) - Harbor", "", "09:58:12 AM", "12:31:40 PM"),
    ("luz marin", "", "10:31:00 AM", "12:30:30 PM"),
    ("Luz's iPad", "", "11:00:00 AM", "12:30:00 PM"),
    ("iPhone", "", "10:00:00 AM", "12:30:00 PM"),
)


def bring(browser: Client, there: make.Attended, text: str = LOG) -> str:
    file = SimpleUploadedFile("participants.csv", text.encode())
    sent = {"key": str(new_id()), "file": file, "zone": make.ZONE, "encoding": ""}
    answer = browser.post(reverse("meeting_log", args=[there.meeting.pk]), sent, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_saturdays_log_becomes_certificates(there: make.Attended) -> None:
    """The coordinator brings the log, decides whom nobody could know, and everybody has a certificate with why it says so."""
    browser = make.signed_in(there.by.account)
    assert reverse("meeting_attendance", args=[there.meeting.pk]) in browser.get(reverse("today")).content.decode()
    page = bring(browser, there)
    assert "2 people are known." in page
    assert "2 wait to be decided" in page
    assert "iPhone" in page

    phone = Sighting.objects.get(state="waits", place=3)
    address = reverse("sighting", args=[phone.pk])
    assert "This is the name of a device." in browser.get(address).content.decode()
    tom = there.people[2].person
    browser.post(address, {"key": str(new_id()), "person": str(tom.pk)})
    tablet = Sighting.objects.get(state="waits")
    browser.post(
        reverse("sighting", args=[tablet.pk]), {"key": str(new_id()), "person": str(there.people[1].person.pk)}
    )
    assert not Sighting.objects.exclude(said=None).exists(), "nothing of the log is kept once everybody is decided"

    browser.post(reverse("certificates_begin", args=[there.training.pk]), {"key": str(new_id())})
    run_due()
    page = browser.get(reverse("attendance", args=[there.training.pk])).content.decode()
    assert "3 new certificates were made." in page
    assert "2 of 2.5 hours" in page
    assert Certificate.objects.count() == 3
    assert Letter.objects.filter(template="certificate").count() == 3

    luz = make.signed_in(there.people[1].account)
    today = luz.get(reverse("today")).content.decode()
    assert "A new certificate" in today
    own = Certificate.objects.get(person=there.people[1].person)
    page = luz.get(reverse("certificate", args=[own.pk])).content.decode()
    assert "Joined at 10:31 a.m., after the beginning." in page
    assert "That is 119 of 150 minutes." in page
    assert "steps of 15 minutes" in page
    assert "1.2" in page  # 72 minutes of reflection
    assert "Social work" not in page, "credit by kind of license is for all of it, unless the training says otherwise"
    pdf = luz.get(reverse("certificate_pdf", args=[own.pk]))
    assert pdf.content.startswith(b"%PDF-") and 'filename="certificate-2' in pdf["Content-Disposition"]
    assert "Issued on" in page
    page = luz.get(reverse("transcript")).content.decode()
    assert "2 hours attended here" in page, page

    page = Client().get(reverse("verify_one", args=[own.code.lower().replace("-", " ")])).content.decode()
    assert "This certificate stands." in page
    assert "Luz Marín" in page
    assert "Law and policy for home visitors" in page
    assert "worker" not in page


def test_the_same_log_twice_changes_nothing(there: make.Attended) -> None:
    """Nor does a wider one of the same call for whom it says the same of."""
    browser = make.signed_in(there.by.account)
    bring(browser, there)
    before = list(Attendance.objects.order_by("pk").values())
    assert "This log was here already." in bring(browser, there)
    assert CallLog.objects.count() == 1
    bring(browser, there, LOG + "Ana Díaz,,05/16/2026 10:10:00 AM,05/16/2026 11:00:00 AM\n")
    assert list(Attendance.objects.order_by("pk").values()) == before


def test_what_is_put_right_supersedes_the_certificate(there: make.Attended) -> None:
    """The one before says so, at its page and to anybody; nothing is changed silently, and the owner is written to."""
    browser = make.signed_in(there.by.account)
    bring(browser, there)
    browser.post(reverse("certificates_begin", args=[there.training.pk]), {"key": str(new_id())})
    run_due()
    luz = there.people[1].person
    first = Certificate.objects.get(person=luz)
    address = reverse("meeting_person", args=[there.meeting.pk, luz.pk])
    answer = browser.post(address, {"key": str(new_id()), "minutes": "150", "why": ""})
    assert answer.status_code == 400
    assert "Why this is put right is missing." in answer.content.decode()
    browser.post(address, {"key": str(new_id()), "minutes": "150", "why": "Was on the telephone until 10:31."})
    run_due()
    second = Certificate.objects.get(person=luz, replaced_at=None)
    first.refresh_from_db()
    assert (first.minutes, first.replaced_by_id, second.minutes) == (120, second.pk, 150)
    assert Letter.objects.filter(template="certificate_anew", to=luz).count() == 1
    page = Client().get(reverse("verify_one", args=[first.code])).content.decode()
    assert "It was replaced on May 16, 2026" in page
    assert "This certificate stands." in Client().get(reverse("verify_one", args=[second.code])).content.decode()
    page = browser.get(address).content.decode()
    assert "What stood before" in page
    assert "2 of 2.5 hours" in page
    assert "Let what was seen count again" in page
    version = Attendance.objects.get(person=luz, replaced_at=None).version
    browser.post(
        reverse("meeting_count_again", args=[there.meeting.pk, luz.pk]), {"key": str(new_id()), "version": version}
    )
    assert Attendance.objects.get(person=luz, replaced_at=None).minutes == 120
    browser.post(address, {"key": str(new_id()), "minutes": "0", "why": "Was somebody else."})
    assert not Certificate.objects.filter(person=luz, replaced_at=None).exists()
    assert Letter.objects.filter(template="certificate_withdrawn", to=luz).count() == 1
