"""What was written down without a signal: kept once, in order; what cannot be kept is lost neither; help waits for nobody."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access import actions as access
from inmind.access import privacy
from inmind.access.models import AuditEntry, StoredAnswer
from inmind.away import receiving, taking
from inmind.away.models import Device, Paper, Received
from inmind.away.tests.histories import History, Killed, written
from inmind.away.tests.steps import JSON, Phone, known, sent, verdicts
from inmind.families import actions as families
from inmind.families.models import Assignment, EarlierVisit, Episode, Visit
from inmind.foundation import clock
from inmind.foundation.identity import new_id
from inmind.jobs.runner import run_due
from inmind.records import actions as records
from inmind.records.models import Pair
from inmind.screening.adapters.catalog import catalog
from inmind.screening.models import Flag, Screen
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(db: Any) -> make.Family:
    there = make.make_family()
    make.make_on_call(there.episode.organization)
    return there


@pytest.fixture
def phone(family: make.Family) -> Phone:
    return Phone(family.by, family)


def body(entry: dict[str, Any]) -> str:
    return entry["body"]["id"]


def page_of(worker: make.Worker, name: str = "today", **named: Any) -> str:
    answer = worker.client.get(reverse(name, kwargs=named))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_morning_without_a_signal_arrives_once(phone: Phone, family: make.Family) -> None:
    """A visit, a note, strengths, a screen with a crisis answer, in order; sent again, all of it is had already."""
    visit, screen = phone.visit(present=[str(family.adult.pk)]), phone.begun(language="es")
    day = [
        visit,
        screen,
        phone.entry("note", {"visit": body(visit), "text": "We walked to the lake."}),
        phone.entry("strength", {"visit": body(visit), "text": "She sings."}),
        phone.entry("strength", {"visit": body(visit), "text": "He looks.", "of": "baby"}),
        phone.entry("screen_answers", {"screen": body(screen), "answers": {"epds_10": 2, "epds_1": None}}),
        phone.entry("screen_finish", {"screen": body(screen)}),
    ]
    first, again = phone.send(*reversed(day)), phone.send(*day)
    assert verdicts(first) == ["kept"] * 7
    assert [one["help"] for one in first["answers"]] == [False] * 5 + [True, False]
    assert verdicts(again) == ["had_already"] * 7
    kept = Visit.objects.get(pk=body(visit))
    assert (kept.note, kept.strength, kept.showed) == ("We walked to the lake.", "She sings.", "He looks.")
    assert [one.person for one in kept.present.all()] == [family.adult]
    answered = Screen.objects.get(pk=body(screen))
    assert (answered.answers, answered.language, answered.state) == ({"epds_10": 2, "epds_1": None}, "es", "incomplete")
    assert Task.objects.get().red
    assert Received.objects.count() == 7
    assert not EarlierVisit.objects.exists()  # nothing that stood was written over


def test_nothing_is_taken_beyond_a_number_that_is_missing(phone: Phone) -> None:
    """The server says which one it wants; once that comes, all the others follow."""
    visits = [phone.visit() for _ in range(4)]
    said = phone.send(visits[0], visits[2], visits[3])
    assert (verdicts(said), said["wants"]) == (["kept"], 2)
    said = phone.send(*visits)
    assert (verdicts(said), said["wants"]) == (["had_already", "kept", "kept", "kept"], None)
    assert Visit.objects.count() == 4


def test_a_bad_entry_stops_no_other(phone: Phone, family: make.Family) -> None:
    """What came before it and after it is kept; it lies on Today with what was typed and why, and can be kept as it came."""
    tomorrow = (clock.today(make.ZONE) + timedelta(days=1)).isoformat()
    good, bad, after = phone.visit(), phone.visit(on=tomorrow, note="Canarynote"), phone.visit()
    said = phone.send(good, bad, after)
    assert verdicts(said) == ["kept", "refused", "kept"]
    assert "This day lies in the future." in said["answers"][1]["said"]
    paper = Paper.objects.get()
    assert b"Canarynote" not in bytes(Paper.objects.values_list("words", flat=True).get())
    today = page_of(family.by)
    assert "Canarynote" in today
    assert "This day lies in the future." in today
    address = reverse("away_paper", kwargs={"paper": paper.pk})
    form = {"key": "one", "version": paper.version, "how": "again"}
    too_soon = family.by.client.post(address, form)
    assert (too_soon.status_code, Visit.objects.count()) == (400, 2)
    with clock.at(clock.now() + timedelta(days=1, hours=1)):
        assert family.by.client.post(address, {**form, "key": "two"}).status_code == 302
        assert family.by.client.post(address, {**form, "key": "three"}).status_code == 400
    assert Visit.objects.filter(pk=body(bad)).count() == 1
    paper.refresh_from_db()
    assert (paper.sorted_how, paper.sorted_by) == ("entered", family.by.person)
    assert "Canarynote" not in page_of(family.by)


def test_what_is_set_aside_says_why(phone: Phone, family: make.Family) -> None:
    phone.send(phone.entry("strange", {"text": "\x00 Canarynote", "more": [1, {"deep": None}]}))
    assert "From a visit without a signal" in page_of(family.by)
    address = reverse("away_paper", kwargs={"paper": Paper.objects.get().pk})
    assert "Canarynote" in family.by.client.get(address).content.decode()
    form = {"key": "one", "version": 1, "how": "set_aside"}
    assert family.by.client.post(address, {**form, "reason": " . "}).status_code == 400
    assert family.by.client.post(address, {**form, "reason": "It was a try."}).status_code == 302
    assert Paper.objects.get().reason == "It was a try."


class TestTwoDevices:
    """Two workers of one care team write in the same visit: both texts are kept, and the team is asked."""

    @pytest.fixture
    def visit(self, phone: Phone) -> str:
        made = phone.visit(note="First words.")
        phone.send(made)
        return body(made)

    @pytest.fixture
    def other(self, family: make.Family) -> Phone:
        colleague = make.make_worker("clinician", family.episode.organization)
        make.join_team(family, colleague)
        return Phone(colleague, family)

    @pytest.mark.parametrize(
        ("how", "note"),
        [("first", "Hers."), ("second", "His."), ("both", "Hers.\n\nHis.")],
    )
    def test_both_texts_are_kept_and_asked_about(
        self, phone: Phone, other: Phone, family: make.Family, visit: str, how: str, note: str
    ) -> None:
        hers = phone.entry("note", {"visit": visit, "text": "Hers."}, base=1)
        his = other.entry("note", {"visit": visit, "text": "His."}, base=1)
        assert verdicts(phone.send(hers)) == ["kept"]
        assert verdicts(other.send(his)) == ["both_kept"]
        assert Visit.objects.get().note == "Hers."
        paper, today = Paper.objects.get(), page_of(other.worker)
        assert "Hers." in today
        assert "His." in today
        assert verdicts(other.send(his)) == ["had_already"]
        form = {"key": "one", "version": paper.version, "how": how}
        answer = family.by.client.post(reverse("away_paper", kwargs={"paper": paper.pk}), form)
        assert answer.status_code == 302
        assert Visit.objects.get().note == note
        assert "First words." in {one.note for one in EarlierVisit.objects.all()}
        assert "His." not in page_of(other.worker)

    def test_one_device_writes_on_over_its_own_words(self, phone: Phone, visit: str) -> None:
        """It has seen what it wrote itself, whatever the number it began from."""
        texts = [phone.entry("note", {"visit": visit, "text": f"Words {n}."}, base=1) for n in range(3)]
        assert verdicts(phone.send(*texts)) == ["kept"] * 3
        assert Visit.objects.get().note == "Words 2."
        assert [one.note for one in EarlierVisit.objects.order_by("number")] == ["First words.", "Words 0.", "Words 1."]

    def test_the_same_words_twice_ask_nobody(self, phone: Phone, other: Phone, visit: str) -> None:
        for one in (phone, other):
            assert verdicts(one.send(one.entry("note", {"visit": visit, "text": "Same."}, base=1))) == ["kept"]
        assert not Paper.objects.exists()


def test_the_same_id_with_other_words_loses_neither(phone: Phone) -> None:
    made = phone.visit(note="First.")
    assert verdicts(phone.send(made)) == ["kept"]
    other = {**made, "body": {**made["body"], "note": "Canarynote."}}
    assert verdicts(phone.send(other)) == ["refused"]
    assert verdicts(phone.send(other, made)) == ["had_already", "had_already"]
    assert (Visit.objects.get().note, Paper.objects.count()) == ("First.", 1)


class TestHelpWaitsForNobody:
    """An answer about self-harm calls a person the moment it arrives, also where it cannot be kept."""

    def crisis(self, phone: Phone, screen: str) -> dict[str, Any]:
        return phone.entry("screen_answers", {"screen": screen, "answers": {"epds_10": 1}})

    def test_it_says_when_it_was_given_and_when_it_arrived(self, phone: Phone, family: make.Family) -> None:
        begun = phone.begun()
        given = clock.now() - timedelta(hours=4)
        phone.send(begun, self.crisis(phone, body(begun)) | {"at": given.isoformat()})
        task = Task.objects.get()
        assert task.due_at > clock.now()  # counted from now, never from the device's clock
        assert Flag.objects.get().given_at == given
        clinician = make.Worker(task.owner.account, family.episode.organization)
        page = page_of(clinician, "task", task=task.pk)
        assert f"It was answered at {clock.local(given, make.ZONE)} without a signal" in page

    @pytest.mark.parametrize("at", ["2031-01-01T00:00:00+00:00", "1999-01-01T00:00:00+00:00"])
    def test_a_clock_that_is_wrong_is_told_and_not_believed(self, phone: Phone, family: make.Family, at: str) -> None:
        begun = phone.begun()
        said = phone.send(begun, self.crisis(phone, body(begun)) | {"at": at})
        assert "clock of this device" in said["answers"][1]["said"]
        task = Task.objects.get()
        assert abs(task.due_at - clock.now()) < timedelta(hours=2)
        page = page_of(make.Worker(task.owner.account, family.episode.organization), "task", task=task.pk)
        assert "when is not known" in page

    def test_who_asks_for_help_at_a_check_in_is_called_about(self, phone: Phone, family: make.Family) -> None:
        """Also where the check-in itself cannot be kept; whoever only says that all is well is not. Asked again, she is asked
        about once."""
        her, then = {"about": str(family.adult.pk)}, (clock.now() - timedelta(hours=4)).isoformat()
        well = phone.entry("check_in", {**her, "door": "well", "text": "He laughs."})
        wrong = phone.entry("check_in", {**her, "door": "now", "text": 5}, at=then)
        now = phone.entry("check_in", {**her, "door": "now"}, at=then)
        said = phone.send(well, wrong)
        assert verdicts(said) == ["kept", "refused"]
        task = Task.objects.get(red=True)
        assert str(task.about_id) == wrong["id"]
        (answer,) = phone.send(now)["answers"]
        assert (answer["verdict"], answer["help"], Task.objects.filter(red=True).count()) == ("kept", True, 1)
        page = page_of(make.Worker(task.owner.account, family.episode.organization), "task", task=task.pk)
        assert "without a signal, and arrived at" in page

    def test_an_answer_in_a_form_that_cannot_be_kept_is_heeded(self, phone: Phone) -> None:
        """Finished in between, or beside an answer that cannot be."""
        begun = phone.begun()
        wrong = phone.entry("screen_answers", {"screen": body(begun), "answers": {"epds_1": 99, "epds_10": 1}})
        assert verdicts(phone.send(begun, wrong)) == ["kept", "refused"]
        assert Task.objects.filter(about_id=body(begun), red=True).exists()
        assert Screen.objects.get().answers == {}

    def test_nothing_that_cannot_be_read_keeps_a_person_from_being_called(self, phone: Phone) -> None:
        """Wrong kinds, nobody named, a screen that is nowhere: each is a paper, stops nothing after it, and is heeded about the
        only adult whom it can be about."""
        kept, begun = phone.begun(), phone.begun(subject=5)
        asked = [phone.entry("check_in", {"about": about, "door": "now"}) for about in (5, str(new_id()))]
        stray = {"gad7_1": 1, "epds_10": 1, "epds_1": 1.5}
        there = phone.entry("screen_answers", {"screen": body(kept), "answers": stray})
        nowhere = [
            phone.entry("screen_answers", {"screen": screen, "answers": {"epds_10": 1, "epds_1": {}}})
            for screen in (body(begun), str(new_id()), ["x"])
        ]
        said = phone.send(kept, begun, *asked, there, *nowhere, phone.visit())
        assert verdicts(said) == ["kept", *["refused"] * 7, "kept"]
        red = Task.objects.filter(red=True)
        assert {task.subject for task in red} == {phone.family.adult}
        assert red.filter(about_kind="screening.CheckIn").count() == 1
        assert red.filter(about_kind="screening.Screen").count() == 4
        assert {screen.answers == {} for screen in Screen.objects.all()} == {True}

    def test_a_screen_that_could_not_be_begun_calls_a_person_all_the_same(
        self, phone: Phone, family: make.Family
    ) -> None:
        """The service ended between: no answer is kept in the record, and whoever is on call is told about this caregiver."""
        supervisor = make.make_worker("agency_supervisor", family.episode.organization)
        families.end_episode(
            supervisor.actor, episode=family.episode, until=clock.today(make.ZONE), reason="family_chose"
        )
        begun = phone.begun()
        said = phone.send(begun, self.crisis(phone, body(begun)))
        assert verdicts(said) == ["refused", "refused"]
        task = Task.objects.get()
        assert (task.red, task.subject, str(task.about_id)) == (True, family.adult, body(begun))
        assert Screen.objects.get().answers == {}
        assert not [entry for entry in trail_of("away.keep_paper") if {family.adult.pk, family.child.pk} <= entry]
        paper = Paper.objects.get(kind="screen_answers")
        assert (paper.person, paper.episode) == (family.adult, family.episode)  # sealed by her key, not the child's
        again = families.reopen(supervisor.actor, episode=Episode.objects.get(pk=family.episode.pk))
        today, her = page_of(family.by), page_of(family.by, "away_paper", paper=paper.pk)
        assert again.until is None
        label = catalog().named("epds").item("epds_10").label
        assert (label in her, label in today) == (True, False)
        assert ("Mateo" in her, "María" in her) == (False, True)
        assert "marked at" in page_of(make.Worker(task.owner.account, supervisor.agency), "task", task=task.pk)


def trail_of(verb: str) -> list[set[Any]]:
    return [{one.ref for one in entry.subjects.all()} for entry in AuditEntry.objects.filter(verb=verb)]


class TestInBetween:
    """The service ended, the worker left the care team, people were merged or erased: clear words, nothing lost, nothing shown
    that she may not see any more."""

    def test_who_left_the_care_team_is_shown_nothing_and_the_team_sorts_it(
        self, phone: Phone, family: make.Family
    ) -> None:
        colleague = make.make_worker("clinician", family.episode.organization)
        coordinator = make.make_worker("family_service_coordinator", family.episode.organization)
        families.hand_over(
            coordinator.actor,
            organization=family.episode.organization,
            giver=family.by.person,
            taker=colleague.person,
        )
        assert not Assignment.in_force(clock.today(make.ZONE)).filter(worker=family.by.person).exists()
        assert verdicts(phone.send(phone.visit(note="Canarynote"))) == ["refused"]
        hers = page_of(family.by)
        assert "Canarynote" not in hers
        assert "1 entry of yours is about a family that you serve no more." in hers
        paper = Paper.objects.get()
        assert family.by.client.get(reverse("away_paper", kwargs={"paper": paper.pk})).status_code == 403
        assert "Canarynote" in page_of(colleague)
        form = {"key": "one", "version": paper.version, "how": "again"}
        assert colleague.client.post(reverse("away_paper", kwargs={"paper": paper.pk}), form).status_code == 302
        assert Visit.objects.get().note == "Canarynote"

    def test_of_somebody_who_was_erased_nothing_is_kept(self, phone: Phone, family: make.Family) -> None:
        phone.send(phone.visit(on="2031-01-01", note="Canarynote"))
        officer, other = (make.make_worker("privacy_officer", family.episode.organization) for _ in range(2))
        why = {"reason": "The family asked for it.", "document": "Their letter"}
        asked = privacy.ask_erasure(officer.actor, person=family.child, **why)
        privacy.confirm_erasure(other.actor, erasure=asked)
        assert verdicts(phone.send(phone.visit(note="Canarynote again"))) == ["refused"]
        assert [paper.words for paper in Paper.objects.all()] == [None, None]

    def test_whose_roles_ended_is_told_to_wipe(self, phone: Phone, family: make.Family) -> None:
        """At the next contact, and for good: her devices are cut off, whoever signs in there."""
        supervisor = make.make_worker("agency_supervisor", family.episode.organization)
        access.end_role(supervisor.actor, assignment=family.by.account.roles.get())
        run_due()
        assert Device.objects.get().cut_off_why == "roles_ended"
        for client in (phone.client, Client(), make.make_worker().client):  # her session ended with her roles
            answer = client.get(reverse("away_state"), {"device": phone.device})
            assert (answer.status_code, answer.json()) == (403, {"state": "cut_off", "wipe": True})


def told(answer: Any) -> dict[str, Any]:
    """What a device is told, but for the token of what it sends next."""
    return {name: said for name, said in answer.json().items() if name != "token"}


class TestDevices:
    """Known by its owner's name for it alone; cut off by whose it is, or by who answers for her agency."""

    def cut(self, worker: make.Worker, device: str) -> int:
        return worker.client.post(
            reverse("away_cut_off", kwargs={"device": device}), {"key": str(new_id())}
        ).status_code

    @pytest.mark.parametrize("role", ["", "agency_supervisor", "privacy_officer"])
    def test_a_lost_one_is_cut_off_at_the_next_contact(self, phone: Phone, family: make.Family, role: str) -> None:
        worker = make.make_worker(role, family.episode.organization) if role else family.by
        assert self.cut(worker, phone.device) == 302
        wiped = {"state": "cut_off", "wipe": True}
        for name in ("away_state", "away_parcel"):
            answer = phone.client.get(reverse(name), {"device": phone.device})
            assert (answer.status_code, told(answer)) == (403, wiped)
        for name, said in (
            ("away_entries", {"device": phone.device, "entries": [phone.visit()]}),
            ("away_devices", {"id": phone.device, "name": "Again"}),
        ):
            answer = phone.client.post(reverse(name), said, content_type=JSON)
            assert (answer.status_code, told(answer)) == (403, wiped)
        assert not Visit.objects.exists()

    @pytest.mark.parametrize("role", ["home_visitor", "family_service_coordinator", "administrator"])
    def test_by_nobody_else(self, phone: Phone, family: make.Family, role: str) -> None:
        worker = make.make_worker(role, None if role == "administrator" else family.episode.organization)
        elsewhere = make.make_worker("agency_supervisor", make.make_network().agencies[1])
        assert {self.cut(worker, phone.device), self.cut(elsewhere, phone.device)} == {403}
        assert Device.objects.get().cut_off_at is None

    def test_each_is_listed_where_it_belongs(self, phone: Phone, family: make.Family) -> None:
        supervisor = make.make_worker("agency_supervisor", family.episode.organization)
        address = reverse("away_of_agency", kwargs={"organization": family.episode.organization.pk})
        assert address in page_of(supervisor, "people")
        assert "Work phone" in supervisor.client.get(address).content.decode()
        assert "1 device may hold families." in page_of(family.by, "own_account")
        assert "Work phone" in page_of(family.by, "away_mine")
        assert family.by.client.get(address).status_code == 403


class TestAttacks:
    """What somebody may send who is signed in, and wants more than her own."""

    def test_a_device_of_somebody_else_is_as_if_there_were_none(self, phone: Phone) -> None:
        stranger = make.make_worker().client
        unknown = str(new_id())
        for device in (phone.device, unknown):
            answer = stranger.get(reverse("away_state"), {"device": device})
            assert (answer.status_code, told(answer)) == (403, {"state": "unknown", "wipe": False})
            said = {"device": device, "entries": [phone.entry("note", {})]}
            answer = stranger.post(reverse("away_entries"), said, content_type=JSON)
            assert (answer.status_code, told(answer)) == (403, {"state": "unknown", "wipe": False})
        taken = stranger.post(reverse("away_devices"), {"id": phone.device, "name": "Mine"}, content_type=JSON)
        assert taken.status_code == 409
        assert Device.objects.get().name == "Work phone"

    @pytest.mark.parametrize("role", ["administrator", "agency_supervisor"])
    def test_who_takes_nothing_along_wipes_nothing_of_hers(self, phone: Phone, family: make.Family, role: str) -> None:
        """Somebody else signs in in the browser where her entries wait: her device is told what a stranger's is."""
        other = make.make_worker(role, None if role == "administrator" else family.episode.organization).client
        said = {"device": phone.device, "entries": [phone.visit()]}
        for answer in (
            other.get(reverse("away_state"), {"device": phone.device}),
            other.get(reverse("away_parcel"), {"device": phone.device}),
            other.post(reverse("away_entries"), said, content_type=JSON),
            other.post(reverse("away_devices"), {"id": phone.device, "name": "Mine"}, content_type=JSON),
        ):
            assert (answer.status_code, told(answer)) == (403, {"state": "unknown", "wipe": False})

    def test_a_family_of_somebody_else_is_written_into_by_nothing(self, phone: Phone) -> None:
        """Each kind, into an episode, a visit and a screen that are not hers: a paper of her own, which names nobody."""
        other = make.make_family(child="Canarybaby Peña")
        theirs = Phone(other.by, other)
        visit, screen = theirs.visit(), theirs.begun()
        theirs.send(visit, screen)
        make.make_on_call(other.episode.organization)
        said = phone.send(
            phone.visit() | {"episode": str(other.episode.pk)},
            phone.visit(id=body(visit)),
            phone.visit(id=body(visit)) | {"episode": str(other.episode.pk)},
            phone.entry("note", {"visit": body(visit), "text": "Mine"}),
            phone.entry("note", {"visit": body(visit), "text": "Mine"}, episode=str(other.episode.pk)),
            phone.begun(subject=str(other.adult.pk)),
            phone.begun(subject=str(other.adult.pk)) | {"episode": str(other.episode.pk)},
            phone.entry("screen_answers", {"screen": body(screen), "answers": {"epds_10": 3}}),
            phone.entry(
                "screen_answers", {"screen": body(screen), "answers": {"epds_10": 3}}, episode=str(other.episode.pk)
            ),
            phone.entry("screen_finish", {"screen": body(screen)}, episode=str(other.episode.pk)),
        )
        assert verdicts(said) == ["refused"] * 10
        assert (Visit.objects.get().pk.hex, Screen.objects.get().answers) == (body(visit).replace("-", ""), {})
        assert not Task.objects.exists()
        assert "Canarybaby" not in page_of(phone.worker) + page_of(phone.worker, "away_papers")

    def test_the_id_of_somebody_elses_entry_takes_nothing_from_her(self, phone: Phone, family: make.Family) -> None:
        other = make.make_family()
        theirs = Phone(other.by, other)
        made = theirs.visit()
        assert verdicts(theirs.send(made)) == ["kept"]
        copied = phone.visit() | {"id": made["id"]}
        assert verdicts(phone.send(copied)) == ["kept"]
        assert verdicts(theirs.send(made)) == ["had_already"]

    NO_BATCHES = [
        b"[]",
        b"null",
        b"nothing",
        b"\xff\xfe",
        b'{"entries": []}',
        b'{"device": 5, "entries": []}',
        b'{"device": "%s", "entries": {}}',
        b'{"device": "%s", "entries": [5]}',
        b'{"device": "%s", "entries": [{"number": 1}]}',
        b'{"device": "%s", "entries": [{"number": true, "id": "01a1ffda-ecc6-7d47-b8bc-12101b15f7aa"}]}',
        b'{"device": "%s", "entries": [{"number": 1, "id": "01a1ffda-ecc6-7d47-b8bc-12101b15f7aa", "base": NaN}]}',
        b'{"device": "%s", "entries": [{"number": 1e400, "id": "01a1ffda-ecc6-7d47-b8bc-12101b15f7aa"}]}',
        b'{"device": "%s", "entries": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"device": "%s", "entries": [' + b",".join([b"{}"] * 10_000) + b"]}",
        b'{"device": "%s", "entries": [{"number": 1, "id": "01a1ffda-ecc6-7d47-b8bc-12101b15f7aa", "body": {"text": "'
        + b"x" * 5_000_000
        + b'"}}]}',
        b'{"device": "%s", "entries": ["' + b"x" * 9_000_000 + b'"]}',
    ]

    def test_what_is_no_batch_is_refused_in_words(self, phone: Phone) -> None:
        for raw in self.NO_BATCHES:
            answer = phone.client.post(
                reverse("away_entries"), raw.replace(b"%s", phone.device.encode()), content_type=JSON
            )
            assert answer.status_code == 400, raw[:60]
            assert answer.json()["error"]
        assert not Received.objects.exists()

    WRONG: tuple[dict[str, Any], ...] = (
        {"kind": 5},
        {"kind": "x" * 5000},
        {"body": []},
        {"body": {"id": "\x00", "minutes": 1e300}},
        {"body": {"id": ["a"], "present": "all"}},
        {"episode": {"$ne": 1}},
        {"at": 7, "body": {"text": "\ud800"}},
        {"base": -1, "body": {"note": {"deep": "x"}}},
    )

    def test_what_is_wrong_within_an_entry_is_its_own(self, phone: Phone) -> None:
        """A paper, and the next one goes on; and Today and its page can show it."""
        bad = [phone.visit() | wrong for wrong in self.WRONG]
        assert verdicts(phone.send(*bad, phone.visit())) == [*["refused"] * len(bad), "kept"]
        assert "From a visit without a signal" in page_of(phone.worker)
        assert page_of(phone.worker, "away_papers").count("Sort it") == len(bad)

    def test_another_site_can_send_nothing(self, phone: Phone) -> None:
        """The session's cookie alone is not enough: what changes something carries the page's own token."""
        strict = make.signed_in(phone.worker.account, enforce_csrf_checks=True)
        said = {"device": phone.device, "entries": [phone.visit()]}
        assert strict.post(reverse("away_entries"), said, content_type=JSON).status_code == 403
        token = strict.get(reverse("away_state"), {"device": phone.device}).json()["token"]
        good = strict.post(reverse("away_entries"), said, content_type=JSON, headers={"X-CSRFToken": token})
        assert verdicts(good.json()) == ["kept"]

    def test_who_is_not_signed_in_is_told_so_and_wipes_nothing(self, phone: Phone) -> None:
        """The session may have ended by itself: what was written down waits on the device."""
        phone.client.logout()
        for name in ("away_state", "away_parcel"):
            answer = phone.client.get(reverse(name), {"device": phone.device})
            assert (answer.status_code, answer.json()) == (403, {"state": "signed_out", "wipe": False})
        said = {"device": phone.device, "entries": [phone.visit()]}
        answer = phone.client.post(reverse("away_entries"), said, content_type=JSON)
        assert (answer.status_code, answer.json()) == (403, {"state": "signed_out", "wipe": False})


def test_whoever_signs_out_leaves_nothing_in_the_browser(family: make.Family) -> None:
    """Said by the answer to her own signing out, and by no other: not by the page that asks, nor when a session ends."""
    client, header = family.by.client, "Clear-Site-Data"
    page = reverse("account_logout")
    assert header not in client.get(page)
    assert client.post(page)[header] == '"cache", "storage"'
    assert header not in client.post(page)
    again = family.by.client
    assert again.post(reverse("end_sessions"), {"key": "one"})[header] == '"cache", "storage"'
    idle = family.by.client
    idle.get(reverse("today"))
    with clock.at(clock.now() + timedelta(hours=9)):
        assert header not in idle.get(reverse("today"))


def test_a_known_device_sends_for_its_owner_alone(phone: Phone) -> None:
    """Another account in the same browser is another worker: her own device, her own entries."""
    other = make.make_worker(at=phone.worker.agency)
    device = known(other.client)
    assert sent(other.client, device)["answers"] == []
    assert Device.objects.filter(account=other.account).count() == 1


class Rooms:
    """The server of a history, on a database: killed after so many of its transactions."""

    def __init__(self, workers: list[make.Worker], monkeypatch: pytest.MonkeyPatch) -> None:
        self.workers = workers
        self.devices = [Device.objects.get(pk=known(worker.client)) for worker in workers]
        self.left: int | None = None
        for module, name in ((taking, "_do"), (taking.actions, "receive"), (taking.actions, "keep_paper")):
            monkeypatch.setattr(module, name, self._step(getattr(module, name)))

    def _step(self, work: Any) -> Any:
        def step(*args: Any, **named: Any) -> Any:
            if self.left is not None and self.left <= 0:
                raise Killed
            self.left = None if self.left is None else self.left - 1
            return work(*args, **named)

        return step

    def take(self, device: int, entries: list[dict[str, Any]], kill_after: int | None) -> tuple[set[str], int | None]:
        self.left = kill_after
        came = receiving.read({"entries": entries}, lambda raw: sha256(raw.encode()).hexdigest())
        phone = Device.objects.get(pk=self.devices[device].pk)
        answers, wants = taking.take(self.workers[device].actor, phone, came)
        return {str(one.id) for one in answers}, wants


def test_histories_through_the_database_lose_nothing(family: make.Family, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers' devices, and all that can happen on the way: each entry has one effect, kept or on a paper; each word stands
    somewhere; and neither device ever writes over what it has not seen. More of them: `make bench`."""
    colleague = make.make_worker("clinician", family.episode.organization)
    make.join_team(family, colleague)
    rooms = Rooms([family.by, colleague], monkeypatch)
    found = Counter[str]()
    for seed in range(int(os.environ.get("INMIND_HISTORIES", "6"))):
        found += played(History(seed, str(family.episode.pk), clock.today(make.ZONE).isoformat(), ""), rooms, family)
    assert found["kept"] > found["paper"] > 0


def played(history: History, rooms: Rooms, family: make.Family) -> Counter[str]:
    """Let one history happen, and look at what it left."""
    on = clock.today(make.ZONE)
    shared = families.visit(family.by.actor, episode=family.episode, on=on, place="home", minutes=60)
    history.shared = str(shared.pk)
    for device in rooms.devices:  # each history counts its entries from one
        make.together(lambda act, pk=device.pk: Device.objects.filter(pk=pk).update(taken=0))
    history.live(rooms)
    visits = Visit.objects.filter(pk__in=[history.shared, *(one for each in history.devices for one in each.visits)])
    stood = [*visits, *EarlierVisit.objects.filter(visit__in=visits)]
    words = {word for row in stood for word in (row.note, row.strength, row.showed) if word}
    ids = [entry["id"] for _device, entry in written(history)]
    papers = {paper.entry: paper for paper in Paper.objects.filter(entry__in=ids)}
    done = Counter(StoredAnswer.objects.filter(key__in=ids).values_list("key", flat=True))
    found = Counter[str]()
    for _device, entry in written(history):
        paper, token = papers.get(UUID(entry["id"])), entry["body"].get("text") or entry["body"]["note"]
        where = (done[entry["id"]], int(paper is not None))
        assert sum(where) == 1, f"history {history.seed}: {entry['kind']} {entry['number']} has {where} effects"
        assert token in words if paper is None else token in str(paper.came), f"history {history.seed}: {token} is lost"
        found["kept" if paper is None else "paper"] += 1
    for row in EarlierVisit.objects.filter(visit__in=visits).select_related("visit"):
        after = row.visit.earlier.filter(number=row.number + 1).first() or row.visit
        for name in ("note", "strength"):
            before, now = getattr(row, name), getattr(after, name)
            assert before in (None, now) or whose(before) == whose(now), (
                f"history {history.seed}: {before} was written over"
            )
    return found


def whose(word: str) -> str:
    """By which device a word was written."""
    return word.split(".")[1]


def test_what_arrives_after_a_merge_goes_where_the_record_leads(family: make.Family, phone: Phone) -> None:
    """The device knows the child and the family by the old record; what waits to be sorted opens under the new one."""
    agency = family.episode.organization
    twin = make.make_family(family.by, child="Mateo Ñúñez")
    tablet = Phone(family.by, twin)
    before = tablet.visit(note="Before.")
    tablet.send(before, tablet.visit(on="2031-01-01", note="Waits."))
    tablet.send(tablet.entry("note", {"visit": body(before), "text": "Then."}))
    worry, _task = families.hear(
        family.by.actor,
        episode=twin.episode,
        words="He does not sleep.",
        next_step="call",
        owner=family.by.person,
        by=clock.today(agency.zone) + timedelta(days=2),
    )
    steward = make.make_worker("data_steward").actor
    pair = next(one for one in Pair.objects.all() if {one.one_id, one.other_id} == {family.child.pk, twin.child.pk})
    records.merge(steward, pair=pair, stays=family.child, chosen={})
    on = tablet.entry("note", {"visit": body(before), "text": "On."})
    assert verdicts(tablet.send(tablet.visit(note="After."), on)) == ["both_kept", "kept"]  # the merge wrote it anew
    assert {one.episode for one in Visit.objects.all()} == {family.episode}
    assert {one.note for one in Visit.objects.all()} == {"Then.", "After."}
    assert EarlierVisit.objects.get().note == "Before."
    assert type(worry).objects.get(pk=worry.pk).words == "He does not sleep."
    waits = [page_of(family.by, "away_paper", paper=paper.pk) for paper in Paper.objects.order_by("number")]
    assert "Waits." in waits[0]
    assert "On." in waits[1]
