"""The pages of moving in: file, columns, levels, verdicts, doubtful rows; and the same by `inmind members import`."""

from __future__ import annotations

import argparse
import re
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inmind.access.models import AuditEntry
from inmind.association.commands import members
from inmind.association.models import Level, Member
from inmind.association.moving import queries, sample
from inmind.association.moving.models import ContactSheet
from inmind.association.moving.tests.test_moving import ADA, WORDS, ana, look, rows, take, today
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.people.models import Organization
from tests import make

pytestmark = pytest.mark.django_db
__all__ = ("ana",)


def drop(client: Client, by: make.Worker, text: str) -> str:
    """The address of an export that was dropped in."""
    file = SimpleUploadedFile("members.csv", text.encode())
    answer = client.post("/association/moving/", {"key": fresh_key(), "association": str(by.agency.pk), "file": file})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def send(client: Client, page: str, **said: Any) -> Any:
    return client.post(page, {"key": fresh_key()} | said)


def chosen(html: str) -> dict[str, str]:
    """What a form of selects says when it is sent as it is shown."""
    found = {}
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        told = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = told[1] if told else ""
    return found


def test_a_coordinator_moves_her_members_in_through_the_pages(ana: make.Worker) -> None:
    """0:00 of the story: a verdict per row, four doubtful, totals agree; drops it again: nothing changes."""
    client, text = ana.client, sample.export(220, today())
    page = drop(client, ana, text)
    asked = client.get(page).content.decode()
    assert "What do the columns hold?" in asked
    assert "Child&#x27;s name (for the picnic): an association keeps nothing about families." in asked
    wrong = send(client, page)
    assert (wrong.status_code, "A column is missing" in wrong.content.decode()) == (400, True)
    send(client, page, **chosen(asked))
    asked = client.get(page).content.decode()
    assert "Which of your levels is each level of the file?" in asked
    send(client, page, **chosen(asked))
    assert "Rows looked at" in client.get(page).content.decode()
    run_due()
    looked = client.get(page).content.decode()
    for words in ("Take 213 rows in", "doubtful: 4", "not taken: 3", "may be the same person as row"):
        assert words in looked
    send(client, page, do="go_on")
    run_due()
    assert Member.objects.count() == 213
    taken = client.get(page).content.decode()
    assert "The totals agree." in taken and "4 doubtful rows wait for you." in taken
    assert "4 doubtful rows to decide" in client.get("/today/").content.decode()
    refused = send(client, page, do="close")
    assert "not decided yet" in client.get(refused.url).content.decode()
    for _number in range(4):
        decide_next(client, page)
    assert "Every doubtful row is decided." in client.get(page).content.decode()
    send(client, page, do="close")
    run_due()
    closed = client.get(page).content.decode()
    assert 'href="/members/"' in closed and 'href="/members/invite/"' in closed
    assert "Done. The same file once more would change nothing." in closed and "members.csv" not in closed
    before = Member.objects.count()
    again = drop(client, ana, text)
    run_due()
    assert "Nothing of this export is new." in client.get(again).content.decode()
    send(client, again, do="go_on")
    run_due()
    assert Member.objects.count() == before
    assert "An export" in client.get("/association/moving/").content.decode()


def decide_next(client: Client, page: str) -> None:
    """Open the next row that waits, and take it in as somebody new with dates that can be."""
    there = ContactSheet.objects.get(pk=UUID(page.rstrip("/").split("/")[-1]))
    number = queries.doubtful(there).filter(decision="").order_by("place").values_list("number", flat=True)[0]
    row = f"{page}rows/{number}/"
    shown = client.get(row).content.decode()
    assert "The file says" in shown
    assert "mother of" not in shown
    nothing = send(client, row, what="new")
    assert nothing.status_code == 400
    level = str(Level.objects.get(name="Individual").pk)
    kept = send(client, row, what="new", level=level, since="2024-01-01", until="2027-01-01")
    assert kept.status_code == 302
    decided = client.get(row).content.decode()
    assert "decided: somebody new" in decided and "Take this decision back" in decided


def test_a_decision_is_taken_back_and_seen_in_who_looked(ana: make.Worker) -> None:
    """Both sides stand beside each other; opening them is a reading of whom they name."""
    take(ana, look(ana, rows(ADA)))
    sheet = take(ana, look(ana, rows("9,Ada,Stone,home@x.org,,Individual,Active,2024-01-01,2027-01-01")))
    ada = Member.objects.get().person
    client, page = ana.client, f"/association/moving/{sheet.pk}/rows/2/"
    shown = client.get(page).content.decode()
    assert "home@x.org" in shown and "ada@x.org" in shown and f"same:{ada.pk}" in shown
    read = AuditEntry.objects.filter(verb="association.see_moving").latest("at")
    assert ("person", ada.pk) in {(one.kind, one.ref) for one in read.subjects.all()}
    level = str(Level.objects.get(name="Individual").pk)
    send(client, page, what=f"same:{ada.pk}", level=level, since="2024-01-01", until="2027-01-01")
    assert queries.undecided(sheet) == 0
    assert "checked" in client.get(page).content.decode()
    send(client, page, do="undo")
    assert queries.undecided(sheet) == 1
    assert client.get(f"/association/moving/{sheet.pk}/rows/77/").status_code == 404


def test_a_date_that_is_no_day_is_named_with_its_column(ana: make.Worker) -> None:
    """Nobody has to look it up in the file."""
    sheet = take(ana, look(ana, rows(ADA, "2,Bo,Park,bo@x.org,,Individual,Active,31/31/2020,2027-01-01")))
    shown = ana.client.get(f"/association/moving/{sheet.pk}/rows/3/").content.decode()
    assert "Under “Member since” stands “31/31/2020”." in shown


def test_agencies_are_said_on_their_page(ana: make.Worker) -> None:
    sheet = look(ana, sample.export(60, today()))
    client, page = ana.client, f"/association/moving/{sheet.pk}/agencies/"
    shown = client.get(page).content.decode()
    assert "Lakeside Early Years (" in shown
    said = chosen(shown) | {"agency_0": "new", "agency_1": ""}
    assert send(client, page, **said).status_code == 302
    assert Organization.objects.filter(kind="agency").count() == 3
    assert len(chosen(client.get(page).content.decode())) == len(said) - 2


def test_levels_are_asked_first_where_there_are_none() -> None:
    by = make.make_worker("association_coordinator")
    client = by.client
    page = drop(client, by, rows(ADA))
    send(client, page, **chosen(client.get(page).content.decode()))
    assert "Your association has no level yet" in client.get(page).content.decode()


def test_an_export_is_stopped_and_discarded_on_its_page(ana: make.Worker) -> None:
    client = ana.client
    sheet = look(ana, rows(ADA))
    page = f"/association/moving/{sheet.pk}/"
    send(client, page, do="go_on")
    send(client, page, do="stop")
    assert "Go on where it stopped" in client.get(page).content.decode()
    send(client, page, do="discard")
    assert "This export was discarded." in client.get(page).content.decode()
    assert "An export" in client.get("/association/moving/").content.decode()
    assert client.get(f"{page}agencies/").status_code == 302


def test_what_the_columns_hold_is_said_again_before_anything_is_taken(ana: make.Worker) -> None:
    sheet = look(ana, rows(ADA))
    client, page = ana.client, f"/association/moving/{sheet.pk}/?say=columns"
    shown = client.get(page).content.decode()
    assert "What do the columns hold?" in shown
    without = {key: value for key, value in chosen(shown).items() if value != "phone"}
    assert send(client, page, **without).status_code == 302
    run_due()
    assert "Phone" not in ContactSheet.objects.get().columns


def test_a_bad_file_is_said_on_its_field(ana: make.Worker) -> None:
    file = SimpleUploadedFile("members.xlsx", b"PK\x03\x04" + b"\0" * 200)
    answer = ana.client.post("/association/moving/", {"key": "k", "association": str(ana.agency.pk), "file": file})
    assert answer.status_code == 400 and "save it as CSV UTF-8" in answer.content.decode()


def test_nobody_else_opens_an_export(ana: make.Worker) -> None:
    """Beside each refusal its permitted case; whoever keeps another association is refused as for what is not there."""
    sheet = look(ana, sample.export(60, today()))
    row = queries.doubtful(sheet).first()
    assert row is not None
    pages = ("", f"{sheet.pk}/", f"{sheet.pk}/agencies/", f"{sheet.pk}/rows/{row.number}/")
    mine, coast = ana.client, make.make_association("Coast Association")
    theirs = make.make_worker("association_coordinator", coast).client
    for page in pages:
        assert mine.get(f"/association/moving/{page}").status_code == 200
        if page:
            assert theirs.get(f"/association/moving/{page}").status_code in {403, 404}
    for role in ("practitioner", "agency_supervisor", "administrator", "data_steward", "home_visitor"):
        client = make.make_worker(role).client
        assert {client.get(f"/association/moving/{page}").status_code for page in pages} <= {403, 404}


def test_the_command_does_the_same(ana: make.Worker, capsys: pytest.CaptureFixture[str]) -> None:
    data = sample.export(220, today()).encode()
    parser = argparse.ArgumentParser()
    members.configure(parser)
    levels = [f"--level={name}={name}" for name in WORDS.values()]

    def ran(*more: str) -> int:
        return members._import(parser.parse_args(["import", "members.csv", *levels, *more]), data)

    assert ran("--dry-run") == 1
    told = capsys.readouterr()
    assert "doubtful. This may be the same person as row" in told.out
    assert "213 new" in told.err and "nothing is taken in" in told.err
    assert Member.objects.count() == 0
    assert ran() == 1
    assert Member.objects.count() == 213
    assert ran() == 1 and Member.objects.count() == 213
    assert ContactSheet.objects.filter(text__isnull=False).count() == 2, "what is doubtful waits on the pages"
