"""The pages of an import: file, columns, verdicts, going on; and the same by `inmind import`."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inmind.families.models import Dyad
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.records import actions, queries
from inmind.records.commands import take_in
from inmind.records.models import SheetImport
from inmind.records.tests.test_importing import SHEET
from tests import make

pytestmark = pytest.mark.django_db


def test_a_steward_takes_a_sheet_in_through_the_pages() -> None:
    agency = make.make_network().agencies[0]
    client = make.make_worker("data_steward").client
    file = SimpleUploadedFile("families.csv", SHEET.encode("cp1252"))
    page = client.post("/imports/", {"key": "k1", "organization": str(agency.pk), "file": file}).url
    asked = client.get(page).content.decode()
    assert "What do the columns hold?" in asked
    wrong = client.post(page, {"key": "k2"})
    assert (wrong.status_code, "A column is missing" in wrong.content.decode()) == (400, True)
    columns = [
        "child_given_name",
        "child_family_name",
        "birth_date",
        "given_name",
        "family_name",
        "part",
        "phone",
        "mail",
    ]
    client.post(page, {"key": "k3"} | {f"column_{place}": key for place, key in enumerate(columns)})
    run_due()
    looked = client.get(page).content.decode()
    assert "Take 3 new rows in" in looked
    assert "This birth date lies in the future." in looked
    assert "word that is not on the list" in looked and "step parent, other family, someone close" in looked
    for words in ("Mateo", "María", "Stone"):
        assert words not in looked, "blind: rows by their number"
    client.post(page, {"key": "k4", "do": "go_on"})
    run_due()
    assert Dyad.objects.count() == 2
    done = client.get(f"{page}?verdict=doubtful").content.decode()
    assert "Done." in done and "Taken in: rows 3, children 2, adults 2." in done
    assert "Take it in as somebody new" in done
    today = client.get("/today/").content.decode()
    assert "1 doubtful row" in today and "Nothing waits for you" not in today
    for role, at, shown in (
        ("agency_supervisor", agency, True),
        ("privacy_officer", agency, True),
        ("agency_supervisor", make.make_network().agencies[1], False),
    ):
        sheets = make.make_worker(role, at).client.get("/agency/sheets/").content.decode()
        assert ("doubtful rows wait" in sheets) is shown
        for words in ("Mateo", "María", "Stone", "families.csv"):
            assert words not in sheets
    assert make.make_worker("home_visitor", agency).client.get("/agency/sheets/").status_code == 403
    client.post(page, {"key": "k5", "do": "leave", "row": "9"})
    assert SheetImport.objects.get().text is None


def test_a_file_that_cannot_be_read_is_said_on_its_field() -> None:
    agency = make.make_network().agencies[0]
    file = SimpleUploadedFile("families.csv", SHEET.encode()[:-30])
    client = make.make_worker("data_steward").client
    answer = client.post("/imports/", {"key": "k1", "organization": str(agency.pk), "file": file})
    assert answer.status_code == 400
    assert "The file ends in the middle of a row." in answer.content.decode()


def test_the_command_does_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    agency = make.make_network().agencies[0]
    sheet = tmp_path / "families.csv"
    parser = argparse.ArgumentParser()
    take_in.configure(parser)
    assert take_in._sheet(parser.parse_args([str(sheet), "--agency", agency.name]), SHEET) == 1
    assert "row 5: same. The same as row 2." in capsys.readouterr().out
    assert Dyad.objects.count() == 0
    assert take_in._sheet(parser.parse_args([str(sheet), "--agency", agency.name, "--take"]), SHEET) == 1
    assert Dyad.objects.count() == 2
    take_in._sheet(parser.parse_args([str(sheet), "--agency", agency.name, "--take"]), SHEET)
    assert Dyad.objects.count() == 2


def test_a_sheet_without_a_new_row_is_finished_and_not_taken_in() -> None:
    """Nothing is offered to be taken in; its doubtful rows can still be decided once it is finished."""
    network = make.make_network()
    steward = make.make_worker("data_steward")
    for name in ("first.csv", "second.csv"):
        sheet = actions.begin_import(steward.actor, organization=network.agencies[0], name=name, text=SHEET)
        actions.map_columns(steward.actor, sheet=sheet, columns=sheet.columns)
        run_due()
        if name == "first.csv":
            actions.carry_on_import(steward.actor, sheet=SheetImport.objects.get(pk=sheet.pk))
            run_due()
    address = reverse("import", kwargs={"sheet": sheet.pk})
    page = steward.client.get(address).content.decode()
    assert "No row of this sheet is new." in page and "Finish this sheet" in page and "Take 0" not in page
    steward.client.post(address, {"key": fresh_key(), "do": "go_on"})
    run_due()
    assert "Done." in steward.client.get(address).content.decode()


def test_what_a_language_is_called() -> None:
    assert [queries.spoken(code) for code in ("es", "other", "xx", "")] == ["Spanish", "another language", "xx", ""]
