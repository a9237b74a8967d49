"""Who was there, beneath the pages: the door, minutes by hand, how a training counts, what cannot be, who may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from inmind.access import policy
from inmind.access.actors import VISITOR, Actor, machine
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.identity import new_id
from inmind.jobs.models import Job
from inmind.jobs.runner import run_due
from inmind.learning.attendance import actions, queries
from inmind.learning.certificates import actions as certificates
from inmind.learning.models import Attendance, Certificate, CertificateRun, DoorCode, Sighting
from inmind.learning.queries import learned_by
from tests import make

pytestmark = pytest.mark.django_db
DURING = make.SATURDAY + timedelta(minutes=20)


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    """It is Saturday afternoon."""
    with clock.at(make.AFTER):
        yield


@pytest.fixture
def there() -> make.Attended:
    return make.make_attended("Ana Díaz", "Luz Marín")


def take(there: make.Attended, *rows: tuple[str, str, str, str]) -> Any:
    return actions.take_log(there.by.actor, meeting=there.meeting, text=make.make_log(*rows), zone=make.ZONE)


def minutes_of(there: make.Attended, place: int = 0) -> int | None:
    row = Attendance.objects.filter(person=there.people[place].person, replaced_at=None).first()
    return row.minutes if row else None


WHOLE = ("Ana Diaz", "", "10:00:00 AM", "12:30:00 PM")
LATE = ("Ana Diaz", "", "10:31:00 AM", "12:30:00 PM")


# Logs


def test_two_logs_and_two_devices_are_one_person(there: make.Attended) -> None:
    """What either shows counts once."""
    take(there, LATE)
    assert minutes_of(there) == 120
    take(there, ("Ana Díaz", "", "10:00:00 AM", "11:00:00 AM"), ("ANA DIAZ", "", "10:10:00 AM", "10:50:00 AM"))
    assert minutes_of(there) == 150
    assert Attendance.objects.filter(person=there.people[0].person).count() == 2, "what stood before is kept"


def test_who_was_taken_for_somebody_is_put_right(there: make.Attended) -> None:
    """Whoever was counted wrongly is not, and whoever it was is."""
    take(there, WHOLE)
    seen = Sighting.objects.get()
    actions.decide(there.by.actor, sighting=seen, person=there.people[1].person)
    assert (minutes_of(there, 0), minutes_of(there, 1)) == (None, 150)
    actions.decide(there.by.actor, sighting=seen, person=None)
    assert (minutes_of(there, 0), minutes_of(there, 1)) == (None, None)


def test_a_row_without_a_time_counts_for_nobody(there: make.Attended) -> None:
    """It is left out, and the minutes are written down by hand."""
    take(there, WHOLE, ("Luz Marín", "", "12:30:00 PM", "10:00:00 AM"))
    unread = Sighting.objects.get(state="waits")
    with pytest.raises(NotNow, match="does not say when"):
        actions.decide(there.by.actor, sighting=unread, person=there.people[1].person)
    actions.decide(there.by.actor, sighting=unread, person=None)
    assert minutes_of(there, 1) is None


def test_nobody_without_a_seat_is_counted(there: make.Attended) -> None:
    """By a log nor by hand, also one of the same name elsewhere."""
    stranger = make.make_worker("practitioner", name="Ana Stranger")
    take(there, ("Ana Stranger", "", "10:00:00 AM", "12:30:00 PM"))
    seen = Sighting.objects.get()
    assert (seen.state, seen.doubt) == ("waits", "almost")
    for refused in (
        lambda: actions.decide(there.by.actor, sighting=seen, person=stranger.person),
        lambda: actions.enter(there.by.actor, meeting=there.meeting, person=stranger.person, minutes=10),
    ):
        with pytest.raises(BadInput, match="no seat"):
            refused()


def test_a_crowd_is_taken(there: make.Attended) -> None:
    """Two thousand who are not registered; only who is registered is counted."""
    crowd = [(f"P{number} Crowd", f"p{number}@example.org", "10:00:00 AM", "12:30:00 PM") for number in range(2_000)]
    take(there, WHOLE, *crowd)
    assert Attendance.objects.count() == 1
    assert Sighting.objects.filter(state="waits").count() == 2_000


@pytest.mark.sqlite  # what is read from a file, or said in a letter, is the same on both
@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(1, 250)), "", id="a picture"),
        pytest.param(b"", "empty", id="an empty file"),
        pytest.param(
            make.make_log(("Ana", "", "10:00:00 AM", "11:00:00 AM")).replace("05/16", "05/09").encode(),
            "2026-05-09",
            id="another day",
        ),
        pytest.param(b"Name,Duration\nAna,90\n", "and not when", id="minutes alone"),
    ],
)
def test_a_file_that_is_no_log_is_told_on_the_page(there: make.Attended, body: bytes, says: str) -> None:
    """With what to do; nothing is counted."""
    browser = make.signed_in(there.by.account)
    sent = {"key": str(new_id()), "file": SimpleUploadedFile("x.csv", body), "zone": make.ZONE, "encoding": ""}
    answer = browser.post(reverse("meeting_log", args=[there.meeting.pk]), sent)
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not Sighting.objects.exists()


def test_what_a_spreadsheet_would_run_is_a_name(there: make.Attended) -> None:
    """Printed as it stands on the page, and neutral in a sheet."""
    take(there, ("=HYPERLINK(1)", "", "10:00:00 AM", "12:30:00 PM"))
    page = make.signed_in(there.by.account).get(reverse("sighting", args=[Sighting.objects.get().pk]))
    assert "=HYPERLINK(1)" in page.content.decode()


def test_names_in_a_log_are_sealed_anew(there: make.Attended) -> None:
    """While they wait, by the house's key of today."""
    from inmind.access.act import Act

    take(there, WHOLE, ("iPhone", "", "10:00:00 AM", "12:30:00 PM"))
    assert [one.name for one in Sighting.objects.order_by("place")] == ["Ana Diaz", "iPhone"]
    done: list[int] = []

    def work(act: Act) -> None:
        done.append(actions.reseal_all())

    make.together(work)
    assert done == [0]


# By hand, and how a training counts


@pytest.mark.parametrize("minutes", [-1, 151, 1500])
def test_nobody_attends_more_than_the_meeting(there: make.Attended, minutes: int) -> None:
    """A day of 25 hours neither."""
    with pytest.raises(BadInput, match="The meeting counts for 150"):
        actions.enter(there.by.actor, meeting=there.meeting, person=there.people[0].person, minutes=minutes)


def test_a_log_does_not_change_what_was_written_by_hand(there: make.Attended) -> None:
    """Somebody knew better."""
    actions.enter(there.by.actor, meeting=there.meeting, person=there.people[0].person, minutes=90)
    take(there, WHOLE)
    assert minutes_of(there) == 90
    actions.count_again(there.by.actor, attendance=Attendance.objects.get(replaced_at=None))
    assert minutes_of(there) == 150
    with pytest.raises(NotNow, match="already"):
        actions.count_again(there.by.actor, attendance=Attendance.objects.exclude(replaced_at=None).get())


def test_a_training_says_how_it_counts(there: make.Attended) -> None:
    """And everybody who was seen is counted anew, once."""
    take(there, LATE)
    actions.set_counting(there.by.actor, training=there.training, step=1, leeway=0, credit_for_part=True)
    assert minutes_of(there) == 119
    with pytest.raises(BadInput, match="more than one step"):
        actions.set_counting(there.by.actor, training=there.training, step=5, leeway=10, credit_for_part=True)


def test_a_break_counts_for_nobody(there: make.Attended) -> None:
    """One that does not fit is told; none is none."""
    begins = make.SATURDAY + timedelta(hours=1)
    with pytest.raises(BadInput, match="shorter than the minutes"):
        actions.set_break(
            there.by.actor, meeting=there.meeting, starts_at=begins, ends_at=begins + timedelta(minutes=10)
        )
    with pytest.raises(BadInput, match="shorter than the minutes"):
        actions.set_break(
            there.by.actor, meeting=there.meeting, starts_at=begins, ends_at=begins - timedelta(minutes=10)
        )
    actions.set_break(there.by.actor, meeting=there.meeting, starts_at=None, ends_at=None)


def test_the_pages_of_counting_and_breaks(there: make.Attended) -> None:
    """Both give back what was typed where it cannot be."""
    browser = make.signed_in(there.by.account)
    counting, rest = (
        reverse(name, args=[pk])
        for name, pk in (("attendance_counting", there.training.pk), ("meeting_break", there.meeting.pk))
    )
    assert browser.post(counting, {"key": "a", "step": "15", "leeway": "5"}).status_code == 302
    assert browser.post(counting, {"key": "b", "step": "5", "leeway": "9"}).status_code == 400
    assert browser.post(rest, {"key": "c", "begins": "", "ends": ""}).status_code == 302
    answer = browser.post(rest, {"key": "d", "begins": "11:00", "ends": "11:10"})
    assert answer.status_code == 400
    assert "11:10" in answer.content.decode()


# At the door


def door_of(there: make.Attended) -> str:
    with clock.at(DURING):
        return actions.code_of(actions.open_door(there.by.actor, meeting=there.meeting).pk)


def test_one_tap_at_the_door(there: make.Attended) -> None:
    """Counted from that moment to the end; twice is once."""
    code = door_of(there)
    ana = make.signed_in(there.people[0].account)
    with clock.at(DURING):
        page = ana.get(reverse("here", args=[code])).content.decode()
        assert "Law and policy" in page
        assert "Luz" not in page
        for _ in range(2):
            answer = ana.post(reverse("here", args=[code]), {"key": str(new_id())})
            assert "Thank you." in answer.content.decode()
    assert minutes_of(there) == 135  # 130 minutes with the leeway, in steps of a quarter of an hour
    assert Sighting.objects.count() == 1


def test_without_an_account_the_answer_tells_nothing(there: make.Attended) -> None:
    """The same for who is registered and for who is not; both by name and address are counted, else it waits."""
    code = door_of(there)
    mail = there.people[0].person.contacts.get(channel="mail").address
    told = []
    with clock.at(make.SATURDAY - timedelta(minutes=10)):
        for name, address in (
            ("ana diaz", mail.upper()),
            ("Ana Díaz", mail),
            ("Ana Diaz", "x@example.org"),
            ("Zoe", "z@example.org"),
        ):
            sent = {"key": "the same", "name": name, "mail": address}
            answer = Client().post(reverse("here", args=[code]), {**sent, "key": str(new_id())})
            told.append(answer.content)
        again = Client().post(
            reverse("here", args=[code]), {"key": str(new_id()), "name": "Zoe", "mail": "z@example.org"}
        )
    assert again.status_code == 200
    assert len({_without_token(one) for one in told}) == 1
    assert minutes_of(there) == 150
    assert sorted(one.name for one in Sighting.objects.filter(state="waits")) == ["Ana Diaz", "Zoe"]


def _without_token(page: bytes) -> bytes:
    import re

    return re.sub(rb'(nonce|value)="[^"]*"', b"", page)


def test_a_member_without_a_seat_waits(there: make.Attended) -> None:
    """For somebody who knows; twice is once."""
    code = door_of(there)
    guest = make.make_worker("practitioner", there.by.agency, "Zoe Quill")
    with clock.at(DURING):
        rows = {actions.check_in(guest.actor, code=code).pk for _ in range(2)}
    (only,) = Sighting.objects.all()
    assert (rows, only.state, only.name) == ({only.pk}, "waits", "Zoe Quill")


@pytest.mark.parametrize(
    "minutes", [-31, 150, 10_000], ids=["the evening before", "at its end", "from home, days after"]
)
def test_a_code_opens_nothing_before_and_after(there: make.Attended, minutes: int) -> None:
    """A photograph of it counts nothing."""
    code = door_of(there)
    with clock.at(make.SATURDAY + timedelta(minutes=minutes)):
        assert Client().get(reverse("here", args=[code])).status_code == 410
        with pytest.raises(NotNow, match="opens nothing"):
            actions.check_in(there.people[0].actor, code=code)
        with pytest.raises(NotNow, match="opens nothing"):
            actions.check_in_at_door(VISITOR, code=code, name="Ana", mail="a@example.org")
    assert not Sighting.objects.exists()


def test_a_new_code_takes_the_place_of_the_one_before(there: make.Attended) -> None:
    """And none is made once the meeting is over."""
    first, second = door_of(there), door_of(there)
    with clock.at(DURING):
        assert (actions.door_of(first), actions.door_of(second) is None) == (None, False)
    assert DoorCode.objects.filter(ended_at=None).count() == 1
    with pytest.raises(NotNow, match="over"):
        actions.open_door(there.by.actor, meeting=there.meeting)


def test_the_screen_of_the_room(there: make.Attended) -> None:
    """A code is made, shown large, and gone after the end; the sheet to sign is a paper."""
    browser = make.signed_in(there.by.account)
    address = reverse("door", args=[there.meeting.pk])
    with clock.at(DURING):
        assert "Make a code" in browser.get(address).content.decode()
        browser.post(reverse("door_open", args=[there.meeting.pk]), {"key": "one"})
        page = browser.get(address).content.decode()
        assert 'class="qr qr-screen"' in page
        assert "Ana" not in page
    assert "its door is closed" in browser.get(address).content.decode()
    browser.post(reverse("door_open", args=[there.meeting.pk]), {"key": "two"})
    assert browser.get(reverse("sign_in_sheet", args=[there.meeting.pk])).content.startswith(b"%PDF-")


# Certificates


def test_certificates_are_made_once_however_often_the_work_is_stopped() -> None:
    """Some at a time; a job that runs again, as after a kill, makes none twice."""
    there = make.make_attended(others=31)
    take(there, *((one.person.name, "", "10:00:00 AM", "12:30:00 PM") for one in there.people))
    run = certificates.begin(there.by.actor, training=there.training)
    with pytest.raises(NotNow, match="being made"):
        certificates.begin(there.by.actor, training=there.training)
    job = Job.objects.get(kind=certificates.MAKE)
    for _ in range(2):
        certificates.make_some(machine(certificates.MAKE), key=f"job:{job.pk}", run=run, after="")
    assert Certificate.objects.count() == certificates.AT_ONCE
    run = CertificateRun.objects.get()
    assert (run.done, run.total, run.ended_at) == (25, 31, None)
    run_due()
    run = CertificateRun.objects.get()
    assert (run.done, run.made, Certificate.objects.count()) == (31, 31, 31)
    certificates.make_some(machine(certificates.MAKE), run=run, after="")
    certificates.begin(there.by.actor, training=there.training)
    run_due()
    assert Certificate.objects.count() == 31
    assert len({one.code for one in Certificate.objects.all()}) == 31


def test_a_certificate_needs_somebody_who_was_there(there: make.Attended) -> None:
    """Before that there is nothing to certify."""
    with pytest.raises(NotNow, match="Nobody has attended"):
        certificates.begin(there.by.actor, training=there.training)
    browser = make.signed_in(there.by.account)
    answer = browser.post(reverse("certificates_begin", args=[there.training.pk]), {"key": "a"}, follow=True)
    assert "Nobody has attended" in answer.content.decode()


# What other rooms read


def test_only_attendance_that_stands_is_learned(there: make.Attended) -> None:
    """With its minutes by area, its tags and its certificate; what was put right counts once, and zero minutes not at all."""
    ana, luz = (one.person for one in there.people)
    take(there, LATE)
    actions.enter(there.by.actor, meeting=there.meeting, person=luz, minutes=30)
    actions.enter(there.by.actor, meeting=there.meeting, person=luz, minutes=0, why="Was not there.")
    certificates.begin(there.by.actor, training=there.training)
    run_due()
    found = learned_by([ana.pk, luz.pk])
    assert found[luz.pk] == ()
    (only,) = found[ana.pk]
    assert (only.on, only.minutes, only.tags) == (there.meeting.on, 120, frozenset())
    assert only.domains == {"reflection": 72, "law_regulation_agency_policy": 48}
    assert only.association == there.by.agency.name  # type: ignore[union-attr]
    assert only.certificate == Certificate.objects.get(person=ana).code
    assert only.id == Attendance.objects.get(person=ana).pk


# Who may


def truth(there: make.Attended) -> dict[str, Actor]:
    return {
        "self": there.people[0].actor,
        "another member": there.people[1].actor,
        "coordinator here": there.by.actor,
        "another association's": make.make_worker(
            "association_coordinator", make.make_association("Hills Association")
        ).actor,
        "employer": make.make_worker("agency_supervisor").actor,
        "administrator": make.make_network().admin.actor,
        "visitor": VISITOR,
    }


SELF, KEEPS = frozenset({"self"}), frozenset({"coordinator here"})


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize(
    ("verb", "thing", "may"),
    [
        ("learning.see_attendance", "training", KEEPS),
        ("learning.see_attendance", "meeting", KEEPS),
        ("learning.take_log", "meeting", KEEPS),
        ("learning.set_break", "meeting", KEEPS),
        ("learning.open_door", "meeting", KEEPS),
        ("learning.enter_attendance", "meeting", KEEPS),
        ("learning.decide_sighting", "sighting", KEEPS),
        ("learning.count_again", "attendance", KEEPS),
        ("learning.set_counting", "training", KEEPS),
        ("learning.begin_certificates", "training", KEEPS),
        ("learning.see_certificate", "certificate", SELF | KEEPS),
        ("learning.see_transcript", "person", SELF),
        ("learning.note_elsewhere", "person", SELF),
        ("learning.take_back_elsewhere", "elsewhere", SELF),
    ],
)
def test_who_may(there: make.Attended, verb: str, thing: str, may: frozenset[str]) -> None:
    """Oneself, and the coordinator of the association that gives the training; never an employer, an administrator, another
    association's. Each refusal has its sentence."""
    take(there, WHOLE)
    certificates.begin(there.by.actor, training=there.training)
    run_due()
    person = there.people[0].person
    said = {"title": "A day", "provider": "Elsewhere", "on": there.meeting.on, "minutes": 60, "domains": {}}
    things = {
        "training": there.training,
        "meeting": there.meeting,
        "sighting": Sighting.objects.get(),
        "attendance": Attendance.objects.get(),
        "certificate": Certificate.objects.get(),
        "person": person,
        "elsewhere": certificates.note_elsewhere(there.people[0].actor, person=person, **said),
    }
    verdicts = {who: policy.can(actor, verb, things[thing]) for who, actor in truth(there).items()}
    assert {who for who, verdict in verdicts.items() if verdict} == may
    assert all(verdict.sentence for verdict in verdicts.values())
    rows = type(things[thing])._default_manager.filter(pk=things[thing].pk)
    assert {who for who, actor in truth(there).items() if policy.visible(actor, rows, verb).exists()} == may


def test_a_visitor_by_code_may_only_say_that_they_are_there(there: make.Attended) -> None:
    """And reads nothing."""
    code = door_of(there)
    with clock.at(DURING):
        actions.check_in_at_door(VISITOR, code=code, name="Zoe Quill", mail="zoe@example.org")
        with pytest.raises(Refused):
            actions.check_in(VISITOR, code=code)
    for name in ("attendance", "certificates_begin"):
        answer = Client().get(reverse(name, args=[there.training.pk]))
        assert (answer.status_code, answer.headers.get("Location", "").startswith("/sign-in")) == (302, True)


def test_somebody_else_of_this_house_is_refused_at_the_persons_page(there: make.Attended) -> None:
    """An id of somebody who is not registered tells nothing."""
    browser = make.signed_in(there.by.account)
    stranger = make.make_worker("practitioner").person
    assert browser.get(reverse("meeting_person", args=[there.meeting.pk, stranger.pk])).status_code == 403
    assert browser.get(reverse("meeting_person", args=[there.meeting.pk, there.people[0].person.pk])).status_code == 200


def test_waiting_is_counted_by_meeting(there: make.Attended) -> None:
    """As the page of the training shows it."""
    take(there, ("iPhone", "", "10:00:00 AM", "12:30:00 PM"))
    assert queries.waits_by_meeting(there.training) == {there.meeting.pk: 1}
    page = make.signed_in(there.by.account).get(reverse("today")).content.decode()
    assert "Decide who it was" in page
