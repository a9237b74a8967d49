"""The wordings that a house brought: which one an agency may send, in which language and until when, and why not."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path

import pytest

from inmind.access.actors import operator
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.people.models import Organization
from inmind.screening import house_wordings, wording
from inmind.screening.adapters.catalog import catalog
from inmind.screening.commands import wording as command
from inmind.screening.errors import BadWording
from inmind.screening.house_wordings import Standing
from inmind.screening.models import HouseWording
from tests import make
from tests.wordings import HOLDER, LICENCE, answer_for_tests, make_wording, question_for_tests, wording_for_tests

pytestmark = pytest.mark.django_db


def refusal(agency: Organization, on: date, language: str = "en", key: str = "epds") -> str:
    """The sentence of a refusal, as a page fills it; nothing where the form may be sent."""
    found, verdict = house_wordings.found(catalog()[key], language=language, organization=agency, on=on)
    assert (found is not None) == bool(verdict)
    return "" if verdict else verdict.sentence % verdict.facts


def test_an_agency_sends_a_wording_in_the_order_of_the_form_while_its_license_runs() -> None:
    """In both languages, the worst answer first where the form prints it so; and each refusal says why and what to do."""
    here, elsewhere = make.make_network().agencies
    today = clock.today(make.ZONE)
    assert "is not here" in refusal(here, today)
    make_wording(organization=elsewhere)
    assert "licensed to another agency" in refusal(here, today) and not refusal(elsewhere, today)
    rows = make_wording(starts=today, ends=today + timedelta(9))
    found, _verdict = house_wordings.found(catalog()["epds"], language="es", organization=here, on=today)
    assert found is not None and found.id == rows[1].pk
    assert (found.holder, found.licence, found.ends) == (HOLDER, LICENCE, today + timedelta(9))
    third = found.item("epds_3")
    assert third.text == question_for_tests(3, "es") and [choice.points for choice in third.choices] == [3, 2, 1, 0]
    assert third.choices[0].text == answer_for_tests(3, 1, "es")
    assert "not here in French (it is in: English, Spanish)" in refusal(here, today, "fr")
    assert f"begins on {clock.day(today)}" in refusal(here, today - timedelta(1))
    assert not refusal(here, today + timedelta(9))
    assert f"ended on {clock.day(today + timedelta(9))}" in refusal(here, today + timedelta(10))
    assert house_wordings.languages(catalog()["epds"], organization=here, on=today) == ["en", "es"]


def test_a_withdrawn_wording_is_sent_no_more_from_the_next_request_on_and_stays_to_be_read() -> None:
    """By the data steward, with a reason; an answer that was given in it is still read in it."""
    network = make.make_network()
    steward, today = make.make_worker("data_steward"), clock.today(make.ZONE)
    [row] = make_wording(languages=("en",), by=steward.actor)
    assert row.by == steward.person and not refusal(network.agencies[0], today)
    with pytest.raises(BadInput, match="reason is missing"):
        house_wordings.withdraw(steward.actor, wording=row, why=" . ")
    kept = house_wordings.withdraw(steward.actor, wording=row, why="The publisher asked for it.")
    assert "was withdrawn" in refusal(network.agencies[0], today)
    assert house_wordings.of(kept).item("epds_10").text == question_for_tests(10)
    with pytest.raises(NotNow, match="withdrawn already"):
        house_wordings.withdraw(steward.actor, wording=kept, why="Once more")
    make_wording(languages=("en",))
    assert not refusal(network.agencies[0], today)


def test_a_later_wording_takes_the_place_of_an_earlier_one_and_another_edition_rests() -> None:
    """How each stands, for the list that the steward keeps."""
    agency, today = make.make_network().agencies[0], clock.today(make.ZONE)
    make_wording("phq9", languages=("en",), ends=today - timedelta(1))
    make_wording("phq9", languages=("en",), starts=today + timedelta(1))
    make_wording("phq9", languages=("en",))
    [last] = make_wording("phq9", languages=("en",), starts=today)
    every = list(HouseWording.objects.order_by("number"))
    assert [house_wordings.standing(row, every, today) for row in every] == [
        Standing.ENDED,
        Standing.WAITS,
        Standing.REPLACED,
        Standing.USED,
    ]
    found, verdict = house_wordings.found(catalog()["phq9"], language="en-US", organization=agency, on=today)
    assert found is not None and found.id == last.pk and verdict.sentence == wording.MAY
    last.edition = "2020"
    assert house_wordings.standing(last, every, today) == Standing.RESTS
    house_wordings.withdraw(operator("tests"), wording=every[2], why="Done")
    every[2].refresh_from_db()
    assert house_wordings.standing(every[2], every, today) == Standing.WITHDRAWN


def test_nothing_is_kept_without_a_right_or_with_a_fault() -> None:
    """Whose it is, by which license, from when; the file read once more; no second time the very same; a race is told."""
    make.make_network()
    today = clock.today(make.ZONE)
    whole = {
        "instrument": "epds",
        "language": "en",
        "file": wording_for_tests("epds"),
        "name": "C:\\forms\\ep\u202eds.json",
        "holder": HOLDER,
        "licence": LICENCE,
        "starts": today,
        "before": 0,
    }
    for change, said in (
        ({"holder": " "}, "Who holds the right"),
        ({"licence": "-"}, "license is missing"),
        ({"ends": today - timedelta(1)}, "end before it begins"),
        ({"file": wording_for_tests("epds3")}, "The file has faults"),
        ({"language": "fr"}, "The file has faults: 1"),
    ):
        with pytest.raises(BadInput, match=said):
            house_wordings.bring(operator("tests"), **(whole | change))
    with pytest.raises(NotNow, match="after you looked"):
        house_wordings.bring(operator("tests"), **(whole | {"before": 1}))
    with pytest.raises(Refused, match="Only the data steward"):
        house_wordings.bring(make.make_worker("administrator").actor, **whole)
    row = house_wordings.bring(operator("tests"), **whole)
    assert row.file_name == "epds.json" and len(row.sha256) == 64
    with pytest.raises(BadWording, match="here already"):
        house_wordings.bring(operator("tests"), **(whole | {"before": 1}))


def test_a_wording_is_looked_at_kept_listed_and_withdrawn_at_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dry run keeps nothing; a fault keeps nothing; asked before it is kept; what is withdrawn is still listed."""
    agency = make.make_network().agencies[0]
    monkeypatch.setattr(command, "_open_house", lambda: None)
    parser = argparse.ArgumentParser()
    command.configure(parser)

    def run(*words: str) -> tuple[int, str]:
        code = command.run(parser.parse_args(words))
        return code, capsys.readouterr().out

    file = tmp_path / "epds.json"
    bring = ("import", str(file), "--instrument", "epds", "--holder", HOLDER, "--licence", LICENCE)
    with pytest.raises(BadWording, match="cannot be read"):
        run(*bring)
    file.write_text(wording_for_tests("epds").replace('"epds_3"', '"q\\u001b3"'), encoding="utf-8")
    code, said = run(*bring, "--dry-run")
    assert code == 1 and "Item 3 (epds_3) is not in the file" in said and "\x1b" not in said
    said = run(*bring, "--dry-run", "--item", "q\x1b3=epds_3")[1]
    assert "epds_10 (self-harm thoughts): taken" in said and "Nothing was kept." in said
    file.write_text(wording_for_tests("epds"), encoding="utf-8")
    with pytest.raises(BadInput, match="From which day on"):
        run(*bring)
    with pytest.raises(BadInput, match="no one agency called Nobody here. Its agencies are Harbor"):
        run(*bring, "--from", "2026-11-01", "--agency", "Nobody")
    whole = (
        *bring,
        "--from",
        "2026-11-01",
        "--until",
        "2027-06-30",
        "--agency",
        agency.name.upper(),
        "--language",
        "es",
    )
    monkeypatch.setattr("builtins.input", lambda _asked: "n")
    assert run(*whole)[0] == 1 and not HouseWording.objects.exists()
    assert "There is no" not in run(*whole, "--yes")[1]
    row = HouseWording.objects.get()
    assert (row.language, row.organization, row.by, row.ends) == ("es", agency, None, date(2027, 6, 30))
    said = run("list")[1]
    assert f"epds 1 (es), for {agency.name}: may be sent." in said and HOLDER in said and "at the command line" in said
    with pytest.raises(BadInput, match="no wording epds 2"):
        run("withdraw", "epds", "2", "--why", "None")
    assert run("withdraw", "epds", "1", "--why", "The letter ended")[0] == 0
    assert "withdrawn: sent no more" in run("list")[1]
