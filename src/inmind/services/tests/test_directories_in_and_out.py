"""A directory comes in whole or not at all, the same again changes nothing, and ours goes out with what is public alone."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.services.adapters import directory_file
from inmind.services.commands import listings as command
from inmind.services.listings import actions as listing_actions
from inmind.services.listings import directory_actions as actions
from inmind.services.listings import export as listing_export
from inmind.services.listings.directory import ANY, Kind
from inmind.services.listings.directory_actions import Looked, Outcome, Told
from inmind.services.listings.hsds import NotThisShape, from_documents
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing
from inmind.services.listings.shelf import all_listings
from tests import make

TODAY = clock.today(make.ZONE)
DAY = timedelta(days=1)
FOOD = {ANY: Kind(Offers.FOOD)}


def service(number: int = 1, **said: Any) -> dict[str, Any]:
    return {
        "id": str(UUID(int=number)),
        "name": f"Food shelf {number}",
        "status": "active",
        "email": "a@b.example",
        "assured_date": str(TODAY - 9 * DAY),
        "organization": {"id": str(UUID(int=99)), "name": "Harbor"},
        **said,
    }


def judged(keeper: Any, *services: Mapping[str, Any], kinds: Any = FOOD, **told: Any) -> actions.Judged:
    return actions.judge(keeper, from_documents(list(services)), Told("oct.json", kinds, **told), TODAY)


def outcomes(*named: Any, **told: Any) -> list[Outcome]:
    return [one.outcome for one in judged(*named, **told).verdicts]


def notes(*named: Any, **told: Any) -> str:
    return " ".join(note.says % note.facts for one in judged(*named, **told).verdicts for note in one.notes)


@pytest.fixture
def pat(db: Any) -> make.Worker:
    return make.make_worker("family_service_coordinator", make.make_network().agencies[0])


def take(pat: make.Worker, *services: Mapping[str, Any], source: str = "oct.json", kinds: Any = FOOD) -> Any:
    package = from_documents(list(services))
    judged = actions.judge(pat.agency, package, Told(source, kinds), TODAY)
    return actions.take_in(pat.actor, keeper=pat.agency, looked=Looked(judged))


def test_a_directory_comes_in_once(pat: make.Worker) -> None:
    assert take(pat, service(1), service(2)) == (2, 0, 0)
    assert take(pat, service(1), service(2)) == (0, 0, 0)
    row = Listing.objects.get(source_id=str(UUID(int=1)))
    assert (row.offers, row.provider_name, row.confirmed_how) == ("food", "Harbor", Listing.How.FILE)
    assert not all_listings()[0].says_where, "the file names no county, and that is not: everywhere"
    assert (row.confirmed_on, row.source, row.version) == (TODAY - 9 * DAY, "oct.json", 1)
    assert row.refer_mail == "", "what is public is asked by nobody whether it holds"


def test_what_is_said_anew_is_corrected_and_told_and_what_vanished_stays(pat: make.Worker) -> None:
    take(pat, service(1), service(2), service(3))
    first = Listing.objects.get(source_id=str(UUID(int=1)))
    listing_actions.correct_listing(pat.actor, listing=first, phone="555-0100", name="Our own name")
    again = service(1), service(2, phones=[{"number": "555-0101"}], assured_date=str(TODAY))
    found = judged(pat.agency, *again)
    assert [one.outcome for one in found.verdicts] == [Outcome.SAME, Outcome.CHANGED]
    assert found.gone == ["Food shelf 3"]
    assert "Said anew: phone, confirmed_on." in notes(pat.agency, *again)
    assert take(pat, *again, source="nov.json") == (0, 1, 0)
    first.refresh_from_db()
    assert first.name == "Our own name", "the directory said nothing new of it"
    assert Listing.objects.get(source_id=str(UUID(int=2))).confirmed_on == TODAY
    assert Listing.objects.count() == 3


def test_what_is_not_offered_any_more_is_closed_and_never_comes_in_anew(pat: make.Worker) -> None:
    take(pat, service(1))
    ended = service(1, status="defunct"), service(2, status="inactive")
    assert outcomes(pat.agency, *ended) == [Outcome.CLOSED, Outcome.LEFT_OUT]
    assert take(pat, *ended) == (0, 0, 1)
    assert Listing.objects.get().closed_on == TODAY
    assert outcomes(pat.agency, service(1, status="temporarily closed")) == [Outcome.SAME]
    assert "stays so" in notes(pat.agency, service(1, name="Anew"))


@pytest.mark.sqlite  # what is read from a file, or said in a letter, is the same on both
@pytest.mark.parametrize(
    ("said", "kinds", "says"),
    [
        ({}, {}, "Nobody has said what it is here"),
        ({"assured_date": ""}, FOOD, "No day says when"),
        ({"assured_date": str(TODAY + DAY)}, FOOD, "No day says when"),
        ({"name": ""}, FOOD, "A name is missing"),
        ({"name": "a\x07b"}, FOOD, "cannot be stored"),
        ({"email": "nobody"}, FOOD, "not an email address"),
        ({"url": "javascript:alert(1)"}, FOOD, "no address of a page"),
        ({"maximum_age": 3}, FOOD, "without a unit"),
        ({"minimum_age": "three"}, FOOD, "minimum_age: found three"),
        ({"service_areas": [{"name": "The moon"}]}, FOOD, "No county of this name"),
    ],
)
def test_each_service_is_told_what_is_wrong_with_it(
    pat: make.Worker, said: dict[str, Any], kinds: Any, says: str
) -> None:
    assert says in notes(pat.agency, service(**said), kinds=kinds)
    taken = take(pat, service(**said), service(2), kinds=kinds)
    assert taken[0] == Listing.objects.count()
    assert outcomes(pat.agency, service(assured_date=""), assured_on=TODAY)[0] is not Outcome.REFUSED


def test_a_place_that_keeps_people_safe_is_taken_without_where_it_is(pat: make.Worker) -> None:
    place = {"location": {"id": str(UUID(int=5)), "name": "9 Quiet Road", "latitude": 1, "longitude": 2}}
    take(pat, service(service_at_locations=[place]), kinds={ANY: Kind(Offers.SAFETY_AT_HOME)})
    row = Listing.objects.get()
    assert (row.address, row.latitude) == ("", None)


def test_nobody_takes_over_what_another_agency_keeps(pat: make.Worker) -> None:
    take(pat, service(1))
    prairie = make.make_network().agencies[1]
    other = make.make_worker("family_service_coordinator", prairie)
    assert "kept by Harbor Family Services already" in notes(prairie, service(1, name="Ours"))
    assert take(other, service(1, name="Ours")) == (0, 0, 0)
    theirs = actions.judge(pat.agency, from_documents([service(2)]), Told("x", FOOD), TODAY)
    with pytest.raises(Refused):
        actions.take_in(other.actor, keeper=pat.agency, looked=Looked(theirs))


def test_what_was_not_looked_at_is_not_taken_in(pat: make.Worker) -> None:
    """Neither another kind than was shown, nor over what somebody saved since it was judged."""
    package = from_documents([service(1)])
    shown = actions.judge(pat.agency, package, Told("x", FOOD), TODAY)
    other = actions.judge(pat.agency, package, Told("x", {ANY: Kind(Offers.DIAPERS)}), TODAY)
    with pytest.raises(NotNow, match="otherwise than was shown"):
        actions.take_in(pat.actor, keeper=pat.agency, looked=Looked(other, shown.mark))
    actions.take_in(pat.actor, keeper=pat.agency, looked=Looked(shown, shown.mark))
    anew = actions.judge(pat.agency, from_documents([service(1, name="Anew")]), Told("x", FOOD), TODAY)
    row = Listing.objects.get()
    listing_actions.correct_listing(pat.actor, listing=row, about="We moved.")
    with pytest.raises(NotNow, match="otherwise than was shown"):
        actions.take_in(pat.actor, keeper=pat.agency, looked=Looked(anew, anew.mark))
    row.refresh_from_db()
    assert (row.about, row.version) == ("We moved.", 2)


def test_what_was_corrected_here_stays_until_the_directory_says_it_anew(pat: make.Worker) -> None:
    take(pat, service(1, description="Old words.", url="https://a.example"))
    listing_actions.correct_listing(pat.actor, listing=Listing.objects.get(), about="We moved.")
    assert take(pat, service(1, description="Old words.", url="https://b.example")) == (0, 1, 0)
    row = Listing.objects.get()
    assert (row.about, row.url, row.version) == ("We moved.", "https://b.example", 3)
    assert "b.example" in row.url and row.found_by
    take(pat, service(1, description="New words.", url="https://b.example"))
    assert Listing.objects.get().about == "New words."


def test_ours_go_out_and_come_back_as_they_were(pat: make.Worker, tmp_path: Path) -> None:
    make.make_listing(pat.agency, counties=("06033",), languages=("es",), phone="555-0100", address="4 Pier Street")
    take(pat, service(1))
    for name, write in (("a.json", directory_file.write_json), ("a.zip", directory_file.write_csv)):
        with (tmp_path / name).open("wb") as file:
            assert write(listing_export.services(TODAY), file) == 2
        package = directory_file.of_path(tmp_path / name)
        assert not package.faults
        again = actions.judge(pat.agency, package, Told(name, {}), TODAY)
        assert [one.outcome for one in again.verdicts] == [Outcome.SAME, Outcome.SAME], name
        said = repr(package)
        assert "intake@lakeside" not in said, "where referrals go is nobody's outside"
        assert str(UUID(int=1)) in said


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.pdf", b"%PDF-1.7", "a PDF"),
        ("a.xml", b"\xef\xbb\xbf<?xml version='1.0'?>", "XML"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "XLS"),
        ("a.csv", b"name,phone\n", "one table alone"),
        ("a.json", b'{"resourceType": "HealthcareService"}', "FHIR"),
        ("a.json", b'{"type": "FeatureCollection"}', "GeoJSON"),
        ("a.json", b"[" * 100_000, "neither JSON"),
        ("a.json", b"\xff\xfe", "neither JSON"),
        ("a.zip", b"PK\x03\x04nothing", "damaged"),
    ],
)
def test_another_shape_is_told_by_its_name(name: str, data: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        directory_file.of_bytes(data, name)


def test_a_zip_with_any_byte_turned_is_read_or_told() -> None:
    """Whatever is damaged in it: a sentence, and never a fault of ours."""
    whole = bytearray(zipped(**WHOLE))
    for at in range(0, len(whole), 3):
        turned = bytes([*whole[:at], whole[at] ^ 0xFF, *whole[at + 1 :]])
        with contextlib.suppress(BadInput):
            directory_file.of_bytes(turned, "a.zip")


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\x0c"])
def test_a_line_ends_only_where_a_table_says(mark: str) -> None:
    data = zipped(**WHOLE | {"services_csv": SERVICES + f"{UUID(int=7)},Food{mark}shelf,active\n"})
    assert len(directory_file.of_bytes(data, "a.zip").services) == 2


def test_half_a_letter_is_no_directory() -> None:
    with pytest.raises(BadInput, match="neither JSON"):
        directory_file.of_bytes(b'[{"id": "x", "name": "\\ud800"}]', "a.json")


def zipped(**files: str | bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv").replace("_json", ".json"), text)
    return made.getvalue()


ONE = json.dumps(service(1))
SERVICES = f"id,name,status\n{UUID(int=1)},Food,active\n"
WHOLE = {"services_csv": SERVICES, "organizations_csv": "id,name\n", "locations_csv": "id\n"}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"xl__workbook.xml": ""}, "XLSX"),
        ({"readme.txt": ""}, "No table and no single JSON"),
        ({"other_csv": "a\n1\n"}, "None of its tables"),
        (WHOLE | {"regular_schedules_csv": "id\n"}, "edition 2.0"),
        (WHOLE | {"old__services_csv": SERVICES}, "stands in it twice"),
        (WHOLE | {"services_csv": SERVICES + "a,b\n"}, "Row 3 of services has 2 cells"),
        (WHOLE | {"services_csv": SERVICES + '"a'}, "cannot be read"),
        (WHOLE | {"services_csv": SERVICES.encode() + b"\xff"}, "not written in UTF-8"),
        ({"services_csv": SERVICES}, "is missing"),
    ],
)
def test_a_package_that_is_none_is_refused_whole(files: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        directory_file.of_bytes(zipped(**files), "a.zip")


def test_what_is_larger_than_is_taken_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ZIP of a few bytes can unfold into millions: it is counted while it is read."""
    assert len(directory_file.of_bytes(zipped(**WHOLE), "a.zip").services) == 1
    assert len(directory_file.of_bytes(zipped(a_json=ONE), "a.zip").services) == 1
    monkeypatch.setattr(directory_file, "MOST_SERVICES", 0)
    with pytest.raises(BadInput, match="larger"):
        directory_file.of_bytes(zipped(**WHOLE), "a.zip")
    monkeypatch.setattr(directory_file, "MOST_BYTES", 60)
    for data in (zipped(services_csv=SERVICES * 900), zipped(a_json=ONE), b"x" * 61):
        monkeypatch.setattr(directory_file, "MOST_BYTES", max(60, len(data) if data.startswith(b"PK") else 60))
        with pytest.raises(BadInput, match=r"larger|NotThis|neither"):
            directory_file.of_bytes(data, "a.zip")


def test_the_command_says_first_and_takes_in_then(
    pat: make.Worker, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(settings.INSTALLATION), "check", lambda installation: None)
    parser = argparse.ArgumentParser()
    command.configure(parser)

    def run(*words: str) -> tuple[int, str]:
        code = command.run(parser.parse_args(words))
        return code, capsys.readouterr().out

    folder = tmp_path / "dir"
    folder.mkdir()
    for name, text in {
        "services": f'id,name,status\n{UUID(int=1)},Food,active\n{UUID(int=2)},"",active\n',
        "organizations": "id,name\n",
        "locations": "id\n",
    }.items():
        (folder / f"{name}.csv").write_text(text)
    bring = ("import", str(folder), "--keeper", pat.agency.name, "--kind", "*=food")
    code, said = run(*bring, "--dry-run", "--assured", str(TODAY))
    assert code == 1, "one of them has no name"
    assert "A name is missing" in said
    assert not Listing.objects.exists()
    assert "1 new, 0 changed" in run(*bring, "--assured", str(TODAY))[1]
    assert "Nothing of it is new" in run(*bring, "--assured", str(TODAY))[1]
    nowhere = ("import", str(tmp_path / "none"), "--keeper", pat.agency.name)
    for wrong in ((*bring, "--keeper", "Nobody"), (*bring, "--kind", "food"), (*bring, "--kind", "*=all"), nowhere):
        with pytest.raises(BadInput):
            run(*wrong)
    for form in ("json", "csv"):
        out = tmp_path / f"out.{form}"
        assert run("export", "--format", form, str(out))[0] == 0
        assert len(directory_file.of_path(out).services) == 1
    assert not list(tmp_path.glob("*.part"))


def test_another_shape_names_what_is_expected() -> None:
    with pytest.raises(NotThisShape, match=r"HSDS 3\.0"):
        directory_file.of_bytes(b"%PDF", "a.pdf")
