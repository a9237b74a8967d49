"""The pages of a publisher's wording: a file looked at question by question, kept once with its license, and withdrawn."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inmind.foundation import clock
from inmind.screening import house_wordings
from inmind.screening.adapters.catalog import catalog
from inmind.screening.models import HouseWording
from tests import make
from tests.wordings import (
    answer_for_tests,
    make_wording,
    question_for_tests,
    questionnaire_for_tests,
    wording_for_tests,
)

pytestmark = pytest.mark.django_db
LOOK = "/wordings/for/epds/"


def look(client: Client, file: str | bytes | dict[str, Any], at: str = LOOK, **more: str) -> tuple[int, str]:
    text = json.dumps(file) if isinstance(file, dict) else file
    data = text if isinstance(text, bytes) else text.encode()
    form = {"key": "look", "do": "look", "file": SimpleUploadedFile("epds-letter.json", data)}
    answer = client.post(at, form | more)
    return answer.status_code, unescape(answer.content.decode())


def carried(page: str) -> dict[str, Any]:
    """The hidden fields of the last form but one on a page: what goes along with it."""
    [*_before, form, _another_file] = re.findall(r"<form class=.*?</form>", page, re.DOTALL)
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return {name: values if name == "only" else values[0] for name, values in found.items()}


def keep(page: str, **more: Any) -> dict[str, Any]:
    """The form of a file without faults, filled in."""
    said = {"do": "bring", "holder": "An invented college", "licence": "An invented letter", "licence_number": "No. 7"}
    return carried(page) | said | {"starts": "2026-11-01", "ends": "", "organization": ""} | more


def test_a_steward_looks_at_a_file_keeps_it_with_its_license_and_withdraws_it() -> None:
    """Each item beside the publisher's words and points, in both languages; whose it is afterwards; withdrawn at once."""
    network = make.make_network()
    ruth = make.make_worker("data_steward")
    client = ruth.client
    page = client.get("/wordings/").content.decode()
    assert "None yet. Every form is given on paper" in page and "Royal College of Psychiatrists" in page
    assert "withdrawn in 2013" not in page and "withdrawn by the College in 2013" in client.get(LOOK).content.decode()
    status, page = look(client, wording_for_tests("epds"))
    assert status == 200 and not HouseWording.objects.exists()
    for words in (question_for_tests(3), question_for_tests(10, "es"), "Item 3, blames self", "<code>epds_10</code>"):
        assert words in page
    third = page.index(question_for_tests(3))
    assert page.index(answer_for_tests(3, 1)) > third and "3 points" in page[third : third + 300]
    wrong = client.post(LOOK, keep(page, licence=" ", ends="2026-10-01"))
    shown = wrong.content.decode()
    assert wrong.status_code == 400 and "An invented college" in shown and question_for_tests(3) in shown
    form = keep(page, ends="2027-06-30", organization=str(network.agencies[0].pk))
    answer = client.post(LOOK, form)
    assert answer.url == "/wordings/" == client.post(LOOK, form).url
    english, spanish = HouseWording.objects.order_by("number")
    assert (english.language, spanish.language, english.by) == ("en", "es", ruth.person)
    assert english.organization == network.agencies[0] and english.file_name == "epds-letter.json"
    at = f"/wordings/{spanish.pk}/"
    page = unescape(client.get(at).content.decode())
    for words in (
        "An invented college",
        "An invented letter (No. 7)",
        question_for_tests(9, "es"),
        "may be sent",
        "Spanish",
    ):
        assert words in page
    listed = make.make_worker("administrator").client.get("/wordings/").content.decode()
    assert "EPDS, Spanish" in listed and "may be sent" in listed and "/wordings/for/" not in listed
    assert client.post(at, {"key": "k2", "version": str(spanish.version), "why": ""}).status_code == 400
    said = {"key": "k3", "version": str(spanish.version), "why": "The letter was for English alone"}
    assert client.post(at, said).url == at
    page = unescape(client.get(at).content.decode())
    assert "The letter was for English alone" in page and "withdrawn: sent no more" in page
    assert question_for_tests(9, "es") in page and "Withdraw this wording" not in page
    assert client.post(at, said | {"key": "k4"}).status_code == 409
    today, agency = clock.today(make.ZONE), network.agencies[0]
    assert house_wordings.languages(catalog()["epds"], organization=agency, on=today) == ["en"]


def test_what_the_file_does_not_say_somebody_says_once_and_it_is_kept_so() -> None:
    """Questions under other names, one that is not asked here, no language, no points: each asked in words, none guessed."""
    make.make_network()
    client = make.make_worker("data_steward").client
    file = questionnaire_for_tests("epds", ["en"])
    del file["language"]
    for number, question in enumerate(file["item"][1:], start=1):
        for option in question["answerOption"]:
            del option["extension"]
        question["linkId"] = f"/{number}" if number > 8 else question["linkId"]
    file["item"].append({"linkId": "age", "type": "integer", "text": "Invented age"})
    status, page = look(client, file)
    assert status == 200 and 'value="bring"' not in page
    assert "does not say in which language" in page and "is not in the file" in page and "points not known" in page
    page = look(client, file, written_in="en", by_position="on")[1]
    assert "not known: the file says" not in page and 'value="bring"' not in page
    again = carried(page) | {"do": "look", "q0": "epds_9", "q1": "epds_10", "q2": "-"}
    page = unescape(client.post(LOOK, again).content.decode())
    assert "You said so." in page and "Keep this wording" in page and "3 points" in page
    answer = client.post(LOOK, keep(page))
    row = HouseWording.objects.get()
    assert answer.url == f"/wordings/{row.pk}/"
    assert [choice.points for choice in house_wordings.of(row).item("epds_10").choices] == [3, 2, 1, 0]


def test_only_whole_languages_are_brought_and_the_others_may_be_left_out() -> None:
    make.make_network()
    client = make.make_worker("data_steward").client
    file = questionnaire_for_tests("phq9")
    del file["item"][4]["_text"]
    at = "/wordings/for/phq9/"
    page = look(client, file, at)[1]
    assert "1 thing is not right yet" in page and "not there in es" in page and 'value="bring"' not in page
    none = client.post(at, carried(page) | {"do": "look"})
    assert none.status_code == 400 and "Choose one at least." in none.content.decode()
    again = carried(page) | {"do": "look", "only": ["en"]}
    page = unescape(client.post(at, again).content.decode())
    assert client.post(at, keep(page)).status_code == 302
    assert [row.language for row in HouseWording.objects.all()] == ["en"]


def test_whoever_looked_before_another_wording_came_looks_again() -> None:
    """Two tabs: the second one is told, keeps what was typed, and may then bring it in full knowledge."""
    make.make_network()
    client = make.make_worker("data_steward").client
    page = look(client, wording_for_tests("epds", ["en"]))[1]
    make_wording("epds", languages=["en"])
    answer = client.post(LOOK, keep(page))
    shown = unescape(answer.content.decode())
    assert answer.status_code == 409 and "after you looked" in shown and "An invented college" in shown
    assert client.post(LOOK, keep(shown)).status_code == 302
    stands = unescape(client.get("/wordings/").content.decode())
    assert "a later one took its place" in stands and "may be sent" in stands


def test_a_file_that_is_no_wording_has_its_sentence_and_nothing_of_it_acts() -> None:
    """Answers instead of questions, a PDF, too much, nothing; markup and marks of direction are told and never shown raw."""
    make.make_network()
    client = make.make_worker("data_steward").client
    for file, said in (
        (b'{"resourceType": "QuestionnaireResponse"}', "The file holds answers"),
        (b"%PDF-1.7", "The file is a PDF."),
        (b"x" * 500_001, "larger than 500 kilobytes"),
        (b"{}\n{}\n", "one resource to a line"),
    ):
        status, page = look(client, file)
        assert status == 400 and said in page and "error-summary" in page and 'value="bring"' not in page
    answer = client.post(LOOK, {"key": "k", "do": "look"})
    assert answer.status_code == 400 and "Choose the file first." in answer.content.decode()
    for packed in ("%%%", "ñ"):
        broken = client.post(LOOK, {"key": "k", "do": "bring", "packed": packed, "name": "a.json"})
        assert broken.status_code == 400 and "did not come back whole" in broken.content.decode()
    file = questionnaire_for_tests("epds")
    file["item"][1]["text"] = "<script>alert(1)</script>"
    file["item"][2]["linkId"] = "<img src=x>\u202e"
    file["item"].append({"linkId": "\ud800<i>", "type": "choice", "text": 7})
    file["item"] += [{"linkId": f"q{n}", "type": "choice", "text": "Invented"} for n in range(300)]
    data = SimpleUploadedFile("<b>\u202e.json", json.dumps(file).encode())
    page = client.post(LOOK, {"key": "k", "do": "look", "file": data}).content.decode()
    assert "<script>alert" not in page and "<img src=x>" not in page and "\u202e" not in page
    assert page.count("<select") == 101, "of a form with hundreds of other questions a hundred are asked about"
    assert client.get("/wordings/for/asq3/").status_code == 404


def test_a_license_that_ended_is_told_by_the_doctor_until_it_is_renewed_or_withdrawn() -> None:
    make.make_network()
    yesterday = clock.today(make.ZONE) - timedelta(1)
    [row] = make_wording("phq9", languages=["en"], ends=yesterday)
    [finding] = house_wordings.may_be_sent()
    assert "their license has ended: phq9 (en)" in finding.says
    make_wording("phq9", languages=["en"])
    assert not list(house_wordings.may_be_sent())
    assert row.ends == yesterday
