"""Endorsements that members hold already: one by one, from a list on the page, and by the command; without any account."""

from __future__ import annotations

import argparse
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inmind.access.models import Account, AuditSubject
from inmind.association.models import Level
from inmind.association.moving.tests.test_moving import look, rows, take
from inmind.endorsement import list_queries, queries
from inmind.endorsement.commands import endorsements
from inmind.endorsement.models import Decision, Endorsement
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> make.Worker:
    by = make.make_worker("association_coordinator")
    make.make_level(by)
    assert Level.objects.count() == 1
    today = clock.today(make.ZONE)
    days = f"{today - timedelta(days=400)},{today + timedelta(days=200)}"
    take(
        by,
        look(by, rows(f"17,Ada,Stone,ada@x.org,,Individual,Active,{days}", f"18,Bo,Park,,,Individual,Active,{days}")),
    )
    return by


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def listed() -> str:
    today = clock.today(make.ZONE)
    lines = [
        "Member number,Name,Category,Endorsement,Date decided,Expires,Number",
        f"17,,IFS,,{today - timedelta(days=90)},{today + timedelta(days=90)},A-1",
        f",Bo Park,ERS,IMH-E,{today - timedelta(days=30)},,",
        f",Eve Moon,IFS,,{today - timedelta(days=30)},,",
    ]
    return "\n".join(lines)


def test_a_decision_is_written_down_about_a_member_without_an_account(keeper: make.Worker) -> None:
    """By choosing the member; where there are more than fit a list, by the beginnings of the name."""
    ada = Person.objects.get(given_name="Ada")
    page = reverse("endorsement_record", args=[keeper.agency.pk])
    assert "Ada Stone" in words(keeper.client.get(page))
    said = {"key": fresh_key(), "person": ada.pk, "category": "FS", "credential": "IMH-E", "outcome": "endorsed"}
    more = {"on": clock.today(make.ZONE), "edition": "", "came_from": "letter", "degree": ""}
    assert keeper.client.post(page, said | more).status_code == 302
    assert queries.endorsed([ada.pk], clock.today(make.ZONE)) == {ada.pk: frozenset({"FS"})}
    assert not Account.objects.filter(person=ada).exists()


def test_many_members_are_found_by_name_first(keeper: make.Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_queries, "MOST_CHOICES", 1)
    page, bo = reverse("endorsement_record", args=[keeper.agency.pk]), Person.objects.get(given_name="Bo")
    assert "find the one by name first" in words(keeper.client.get(page))
    found = keeper.client.get(f"{page}?q=bo").content.decode()
    assert f'value="{bo.pk}"' in found and "Ada Stone" not in found
    assert f'value="{bo.pk}" selected' in keeper.client.get(f"{page}?person={bo.pk}").content.decode()
    assert keeper.client.get(f"{page}?person=nobody").status_code == 200


def test_a_list_is_looked_at_and_taken_in_once(keeper: make.Worker) -> None:
    """A verdict for each row; one button; the same list once more changes nothing."""
    client, page = keeper.client, reverse("endorsement_take_in", args=[keeper.agency.pk])
    assert "Take in a list" in words(client.get(reverse("endorsements")))
    file = SimpleUploadedFile("held.csv", listed().encode())
    looked = client.post(page, {"key": fresh_key(), "file": file})
    told = words(looked)
    assert "new: 2, not taken in: 1" in told and "No member here has this number, name or address." in told
    assert not Decision.objects.exists()
    read = AuditSubject.objects.filter(entry__verb="endorsement.take_in_list", kind="person")
    assert Person.objects.get(given_name="Ada").pk in set(read.values_list("ref", flat=True))
    kept = unescape(re.search(r'name="words" value="([^"]*)"', looked.content.decode())[1])  # type: ignore[index]
    key = fresh_key()
    for _click in range(2):
        answer = client.post(page, {"key": key, "words": kept, "go": "yes"}, follow=True)
        assert "2 endorsements are written down" in words(answer)
    ada = Endorsement.objects.select_related("decision").get(person__given_name="Ada")
    assert ada.decision.came_from == "List: A-1" and ada.decision.recorded_by == keeper.person
    assert ada.until == clock.today(make.ZONE) + timedelta(days=91)
    again = words(client.post(page, {"key": fresh_key(), "file": SimpleUploadedFile("b.csv", listed().encode())}))
    assert "Nothing of this list is new." in again and "here already: 2" in again
    client.post(page, {"key": fresh_key(), "words": kept, "go": "yes"})
    assert (Decision.objects.count(), Endorsement.objects.count()) == (2, 2)


def test_a_file_that_is_no_list_is_said_to_be_none(keeper: make.Worker) -> None:
    client, page = keeper.client, reverse("endorsement_take_in", args=[keeper.agency.pk])
    empty = client.post(page, {"key": fresh_key()})
    assert (empty.status_code, "There is no list yet" in words(empty)) == (400, True)
    wrong = client.post(page, {"key": fresh_key(), "file": SimpleUploadedFile("a.csv", b"Name,Shoe\nAda,39\n")})
    assert (wrong.status_code, "A column is missing" in words(wrong)) == (400, True)


def test_the_command_takes_a_list_in(keeper: make.Worker, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """First only looked at; then taken in, by nobody's name; then nothing."""
    file = tmp_path / "held.csv"
    file.write_text(listed())
    parser = argparse.ArgumentParser()
    endorsements.configure(parser)
    assert endorsements._import(parser.parse_args(["import", str(file), "--dry-run"]), file.read_bytes()) == 1
    assert "row 4: out. No member here" in capsys.readouterr().out and not Decision.objects.exists()
    assert endorsements._import(parser.parse_args(["import", str(file)]), file.read_bytes()) == 1
    assert set(Decision.objects.values_list("recorded_by", flat=True)) == {None}
    assert endorsements._import(parser.parse_args(["import", str(file)]), file.read_bytes()) == 1
    assert "row 2: same." in capsys.readouterr().out and Endorsement.objects.count() == 2


def test_only_the_coordinator_of_the_association_takes_a_list_in(keeper: make.Worker) -> None:
    page = reverse("endorsement_take_in", args=[keeper.agency.pk])
    for role in ("practitioner", "administrator"):
        assert make.make_worker(role).client.get(page).status_code == 403
