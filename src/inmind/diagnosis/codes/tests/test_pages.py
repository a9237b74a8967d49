"""The pages of codes: a steward loads a table, a clinician asks for the code of a claim, a supervisor keeps payers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inmind.access.models import AuditEntry
from inmind.diagnosis.codes import actions
from inmind.diagnosis.codes.models import ChosenCode, CodeRelease, CrosswalkAnswer, CrosswalkTable, PayerAllowance
from inmind.diagnosis.releases import Release
from inmind.diagnosis.tests.invented import (
    ADHD,
    ATTACHMENT,
    AUTISM,
    CRYING,
    EATING,
    NEW,
    OLD,
    RELATIONSHIP,
    SOCIAL,
    TURN,
)
from inmind.foundation import clock
from inmind.foundation.values import Period
from tests import make

pytestmark = pytest.mark.django_db
BEFORE = TURN - timedelta(days=1)
NAMED = {"publisher": "State Medicaid", "edition": "2026", "since": "2025-10-01"}


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    """After both releases began, and while the children of these stories are small."""
    with clock.at(datetime(2026, 11, 20, 15, tzinfo=UTC)):
        yield


def words(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[-3000:]
    return re.sub(r"\s+", " ", response.content.decode().replace("&#x27;", "'").replace("&quot;", '"'))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def look(client: Client, text: str | bytes, **said: str) -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    form = {"key": "look", "do": "look", "file": SimpleUploadedFile("table.csv", data), **NAMED, **said}
    return client.post("/crosswalk/load/", form)


def team(family: make.Family) -> make.Worker:
    dana = make.make_worker("clinician", family.by.agency)
    make.join_team(family, dana)
    return dana


def claim(client: Client, formulation: Any, day: Any = BEFORE, payer: str = "", **more: str) -> Any:
    return client.get(f"/formulations/{formulation.pk}/code/", {"payer": payer, "on": str(day), **more})


# A table


def test_a_steward_looks_at_a_table_loads_it_and_withdraws_it() -> None:
    """Row by row before; taken whole; never deleted."""
    make.make_network()
    make.make_release()
    ruth = make.make_worker("data_steward")
    client = ruth.client
    page = words(client.get("/crosswalk/"))
    assert "Until the table of a state or a payer is loaded, no code leaves for a claim." in page
    text = f"disorder,code,title\n{AUTISM},F84.9,\n{ADHD},F90.1,Disturbance of activity\n"
    page = words(look(client, text, payers="Plan\nSunny Health", working="yes"))
    assert not CrosswalkTable.objects.exists()
    assert "can be taken: 1" in page and "worth a look: 1" in page
    assert "The title beside it, Disturbance of activity, is not that of ICD-10-CM" in page
    assert "It does not name 40 diagnoses" in page
    form = {"do": "load", "key": "k1", **NAMED, "payers": "Plan\nSunny Health", "working": "yes"}
    form["table"] = text
    answer = client.post("/crosswalk/load/", form)
    table = CrosswalkTable.objects.get()
    assert answer.url == f"/crosswalk/tables/{table.pk}/" and client.post("/crosswalk/load/", form).url == answer.url
    page = words(client.get(answer.url))
    for said in ("in force", "Plan, Sunny Health", ruth.person.name, "F90.1", "Early Atypical", "It does not name 40"):
        assert said in page
    version = hidden(page, "version")
    empty = client.post(answer.url, {"key": "k2", "version": version, "why": ""})
    assert "Please fill this in" in words(empty, 400)
    assert client.post(answer.url, {"key": "k2", "version": version, "why": "A page was left out"}).status_code == 302
    page = words(client.get(answer.url))
    assert "A page was left out" in page and "Withdraw this table" not in page and "F90.1" in page


def test_a_state_table_with_unknown_or_expired_codes_is_told_row_by_row_and_nothing_is_lost() -> None:
    """A clear sentence for each row; what was typed beside the file stays."""
    make.make_network()
    make.make_release(NEW)
    client = make.make_worker("data_steward").client
    text = f"disorder,code\n{ADHD},F99.9\n{ADHD},F90\n{AUTISM},F84.9\nflu,F90.0\n{EATING},F98.3\n"
    page = words(look(client, text, since=str(TURN), source="A manual, page 4"))
    for said in (
        "F99.9 is not in the release new.",
        "F90 is a heading and cannot be billed. Below it stand F90.0, F90.1.",
        "F84.9 is a heading and cannot be billed. Below it stand F84.91, F84.92.",
        "DC:0-5 has no diagnosis called flu.",
        "cannot be taken: 4",
        "can be taken: 1",
        "A table is taken whole or not at all",
        "A manual, page 4",
    ):
        assert said in page
    assert 'value="load"' not in page and not CrosswalkTable.objects.exists()


@pytest.mark.parametrize(
    ("data", "said", "sentence"),
    [
        (b"PK\x03\x04xlsx", {}, "This is a spreadsheet, not a text file."),
        (b"", {}, "The submitted file is empty."),
        (b"a" * 500_001, {}, "larger than 500 kilobytes"),
        (b"name,icd\nx,y\n", {}, "The file has no column disorder, code."),
        (
            b"disorder,code\nx,y\n",
            {"since": "2019-01-01", "until": "2019-02-01"},
            "No release of ICD-10-CM is loaded for",
        ),
        (b"disorder,code\nx,y\n", {"until": "2025-01-01"}, "before it begins"),
        (b"disorder,code\nx,y\n", {"publisher": ""}, "Please fill this in"),
    ],
)
def test_a_file_that_is_no_table_has_its_sentence(data: bytes, said: dict[str, str], sentence: str) -> None:
    make.make_network()
    make.make_release()
    page = words(look(make.make_worker("data_steward").client, data, **said), 400)
    assert sentence in page and 'value="2026"' in page


def test_a_table_that_was_loaded_meanwhile_is_told_and_the_form_kept() -> None:
    make.make_network()
    make.make_table(f"{AUTISM},F84.9")
    client = make.make_worker("data_steward").client
    form = {"do": "load", "key": "k1", **NAMED, "table": f"disorder,code\n{AUTISM},F84.9\n", "source": "A manual"}
    page = words(client.post("/crosswalk/load/", form), 400)
    assert "State Medicaid 2026 is loaded already." in page and 'value="A manual"' in page
    assert hidden(page, "table").startswith("disorder,code")
    ended = words(look(client, f"disorder,code\n{AUTISM},F84.9\n", edition="2027", since="2026-01-01"))
    assert "With it would end, on its first day: State Medicaid, 2026." in ended


def test_an_empty_table_names_each_diagnosis_and_no_code() -> None:
    make.make_network()
    lines = make.make_worker("data_steward").client.get("/crosswalk/example.csv").content.decode().splitlines()
    assert lines[0] == "disorder,code,title,dsm5,kind,parent,when" and len(lines) == 43
    assert all(re.fullmatch(r"[a-z0-9-]+,{6}", line) for line in lines[1:])


def test_a_publishers_table_with_headings_is_loaded_without_those_rows() -> None:
    """Nobody is asked to alter it: who loads it sees which diagnoses then have no code, and the rows stay written down."""
    make.make_network()
    make.make_release()
    client = make.make_worker("data_steward").client
    text = f"disorder,code\n{ADHD},F90\n{AUTISM},F84.9\n{AUTISM},F84\n"
    page = words(look(client, text))
    assert "Some of its codes are headings" in page and "Correct" not in page
    assert "1 diagnosis that it names would have no code: Attention Deficit" in page
    assert "It does not name 40 diagnoses" in page
    form = {"do": "load", "key": "k1", **NAMED, "table": text}
    again = words(client.post("/crosswalk/load/", form), 400)
    assert "2 rows cannot be taken: 2, 4" in again and "without the rows whose code is a heading" in again
    answer = client.post("/crosswalk/load/", form | {"key": "k2", "without_headings": "on"})
    page = words(client.get(answer.url))
    assert "2 of its rows were not taken" in page and "→ F90</li>" in page and "→ F84</li>" in page
    dana, family = make.make_worker("clinician"), make.make_family()
    make.join_team(family, dana)
    signed = make.make_coded(family, {"disorder": ADHD}, by=dana)
    assert "The table has only a heading for it" in words(claim(dana.client, signed))
    asked = {"disorder": ADHD, "on": str(BEFORE), "publisher": ""}
    assert "has only a heading for the diagnosis" in words(dana.client.get("/crosswalk/", asked))
    assert dana.client.get("/crosswalk/", asked | {"as": "json"}).json()["tables"][0]["left_out"] is True
    other = text + "flu,F90.0\n"  # a row that cannot be taken for another reason keeps all of it back
    assert 'value="load"' not in words(look(client, other, edition="2", since=str(BEFORE)))
    assert 'value="load"' not in words(look(client, f"disorder,code\n{ADHD},F90\n", edition="2", since=str(BEFORE)))


def test_what_a_payer_answers_is_written_down_with_its_table() -> None:
    """Nothing is withdrawn: days before the answer stay as they were."""
    family = make.make_family()
    table = make.make_table(f"{AUTISM},F84.9", payers=("Plan", "Sunny"))
    dana, ruth = team(family), make.make_worker("data_steward")
    signed = make.make_coded(family, {"disorder": AUTISM, "certainty": "working"}, by=dana)
    page = words(claim(dana.client, signed, payer="Plan"))
    assert "Ask the payer; the data steward writes its answer down with the table." in page
    where = f"/crosswalk/tables/{table.pk}/"
    assert "Write the answer down" in words(ruth.client.get(where))
    assert "Write the answer down" not in words(dana.client.get(where))
    form = {"key": "a1", "payer": "Plan", "takes": "yes", "since": str(BEFORE), "source": " "}
    page = words(ruth.client.post(f"{where}answer/", form), 400)
    assert "Please fill this in" in page and f'value="{BEFORE}"' in page
    outside = words(ruth.client.post(f"{where}answer/", form | {"source": "x", "since": "2020-01-01"}), 400)
    assert "This table does not hold on Jan. 1, 2020." in outside
    assert ruth.client.post(f"{where}answer/", form | {"source": "Letter of May 4"}).status_code == 302
    page = words(ruth.client.get(where))
    assert "from Sept. 30, 2026 on: yes, for Plan" in page and "Letter of May 4" in page
    asked = {
        (payer, day): claim(dana.client, signed, day, payer, **{"as": "json"}).json()["ready"]
        for payer in ("Plan", "Sunny")
        for day in (BEFORE, BEFORE - timedelta(days=1))
    }
    assert list(asked.values()) == [True, False, False, False]
    refused = dana.client.post(f"{where}answer/", form | {"source": "Letter"})
    assert refused.status_code == 403 and CrosswalkAnswer.objects.count() == 1
    actions.withdraw_table(ruth.actor, table=table, why="A page was left out")
    late = ruth.client.post(f"{where}answer/", form | {"key": "a2", "source": "Letter"})
    assert "This table is withdrawn." in words(late, 409 if late.status_code == 409 else 400)


def test_a_release_is_withdrawn_on_its_page_with_the_days_on_which_it_was_used() -> None:
    family = make.make_family()
    make.make_table(f"{AUTISM},F84.9")
    wrong = make.make_release(Release("wrong", Period(TURN), NEW.codes))
    dana, ruth = team(family), make.make_worker("data_steward")
    signed = make.make_coded(family, {"disorder": AUTISM}, by=dana)
    where = f"/crosswalk/releases/{wrong.pk}/"
    assert "On no day. No claim was coded with it here." in words(ruth.client.get(where))
    assert not claim(dana.client, signed, TURN, **{"as": "json"}).json()["ready"]
    assert where in words(ruth.client.get("/crosswalk/"))
    page = words(ruth.client.get(where))
    assert "Nov. 20, 2026" in page and "from Oct. 1, 2026 on" in page
    assert "Withdraw this release" not in words(dana.client.get(where))
    version = hidden(page, "version")
    assert "Please fill this in" in words(ruth.client.post(where, {"key": "w1", "version": version, "why": ""}), 400)
    form = {"key": "w1", "version": version, "why": "It was another file"}
    assert dana.client.post(where, form).status_code == 403
    assert ruth.client.post(where, form).status_code == 302
    page = words(ruth.client.get(where))
    assert "withdrawn on Nov. 20, 2026: It was another file" in page and "Withdraw this release" not in page
    assert "It was another file" in words(ruth.client.get("/crosswalk/"))
    found = claim(dana.client, signed, TURN, **{"as": "json"}).json()
    assert (found["codes"], found["release"]["name"]) == (["F84.9"], "old")  # the one before it holds again


# Looking up


def test_a_diagnosis_is_looked_up_with_our_suggestion_called_ours() -> None:
    make.make_network()
    make.make_release()
    client = make.make_worker("clinician").client
    page = words(client.get("/crosswalk/", {"disorder": AUTISM, "on": str(BEFORE), "publisher": ""}))
    assert "No table is loaded that is in force on this day" in page and "Load a table" not in page
    assert "Our suggestion from ICD-10-CM titles, not a published policy" in page and "F84.9" in page
    make.make_table(f"{AUTISM},F84.9,,,after a second look")
    page = words(client.get("/crosswalk/", {"disorder": AUTISM, "on": str(BEFORE), "publisher": "State Medicaid"}))
    assert "after a second look" in page and "Development, unspecified" in page and "error-summary" not in page
    data = client.get("/crosswalk/", {"disorder": AUTISM, "on": str(BEFORE), "as": "json"}).json()
    assert data["codes_a_claim"] and data["tables"][0]["rows"][0]["code"] == "F84.9"
    assert data["suggestions"][0]["says"] == "our suggestion from ICD-10-CM titles, not a published policy"
    bad = client.get("/crosswalk/", {"disorder": "F84.9", "on": str(BEFORE), "as": "json"})
    assert bad.status_code == 400 and "disorder" in bad.json()["error"]


@pytest.mark.parametrize("asked", ["F84.9", "f849", "code=F84.9", ""])
def test_no_page_finds_a_diagnosis_by_a_code(asked: str) -> None:
    make.make_network()
    make.make_table(f"{AUTISM},F84.9")
    client = make.make_worker("clinician").client
    page = words(client.get("/crosswalk/", {"disorder": asked, "on": str(BEFORE)}), 400)
    assert 'id="found"' not in page


# A claim


def test_two_days_of_service_on_either_side_of_a_release_have_two_answers() -> None:
    """The same version: the first day has its code, the second names what stands below the heading it became."""
    family = make.make_family()
    make.make_table(f"{AUTISM},F84.9")
    make.make_release(NEW)
    dana = team(family)
    signed = make.make_coded(family, {"disorder": AUTISM}, by=dana)
    page = words(dana.client.get(f"/formulations/{signed.pk}/code/"))
    assert "For which claim?" in page and "F84.9" not in page
    before = words(claim(dana.client, signed))
    assert "Ready for the claim" in before and "<strong>F84.9</strong>" in before and "ICD-10-CM old" in before
    after = words(claim(dana.client, signed, TURN))
    assert "Not ready yet" in after and "cannot be billed on that day" in after
    assert "F84.91" in after and "Development, few features" in after and "Ready for the claim" not in after
    data = claim(dana.client, signed, **{"as": "json"}).json()
    assert (data["ready"], data["codes"], data["release"]["name"]) == (True, ["F84.9"], "old")
    data = claim(dana.client, signed, TURN, **{"as": "json"}).json()
    assert (data["ready"], data["codes"]) == (False, [])
    assert data["diagnoses"][0]["open"] == "not_billable" and data["diagnoses"][0]["choices"][0]["code"] == "F84.91"
    assert AuditEntry.objects.filter(verb="diagnosis.see_claim", outcome="read").count() == 5


def test_no_code_leaves_before_a_table_is_loaded() -> None:
    family = make.make_family()
    make.make_release()
    dana = team(family)
    signed = make.make_coded(family, {"disorder": AUTISM}, by=dana)
    page = words(claim(dana.client, signed))
    assert (
        "No code leaves for this claim" in page and "F84.9" not in page and "our suggestions are no such table" in page
    )
    data = claim(dana.client, signed, **{"as": "json"}).json()
    assert (data["ready"], data["codes"]) == (False, []) and "No crosswalk for all payers" in data["says"]


def test_one_to_many_asks_which_and_why_and_keeps_what_was_typed() -> None:
    family = make.make_family()
    make.make_table(f"{ADHD},F90.0,,,more of the first", f"{ADHD},F90.1")
    dana = team(family)
    signed = make.make_coded(family, {"disorder": ADHD}, by=dana)
    client = dana.client
    page = words(claim(client, signed))
    assert "Choose one, and say why." in page and "F90.0 · Activity, first kind · more of the first" in page
    given = str(signed.given.get().pk)
    form = {"key": "c1", "given": given, "payer": "", "on": str(BEFORE), "code": "F90.1", "why": "  "}
    where = f"/formulations/{signed.pk}/code/choose/"
    again = words(client.post(where, form), 400)
    assert "Please fill this in" in again and re.search(r'value="F90.1"[^>]*checked', again)
    kept = client.post(where, form | {"why": "Seen at child care, too"})
    assert kept.status_code == 302 and client.post(where, form | {"why": "Seen at child care, too"}).url == kept.url
    page = words(client.get(kept.url))
    assert "Ready for the claim" in page and "Chosen because: Seen at child care, too" in page
    assert "Choose another" in page and ChosenCode.objects.count() == 1
    assert claim(client, signed, **{"as": "json"}).json()["diagnoses"][0]["why_chosen"] == "Seen at child care, too"
    wrong = form | {"key": "c2", "code": "F84.9", "why": "better paid"}
    assert "better paid" in words(client.post(where, wrong), 400)
    assert words(client.post(where, form | {"given": "x"}), 400) and ChosenCode.objects.count() == 1


def test_many_to_one_is_one_code_and_two_diagnoses() -> None:
    family = make.make_family()
    make.make_table(f"{ADHD},F90.1", f"{AUTISM},F90.1")
    dana = team(family)
    signed = make.make_coded(family, {"disorder": ADHD}, {"disorder": AUTISM}, by=dana)
    data = claim(dana.client, signed, **{"as": "json"}).json()
    assert data["codes"] == ["F90.1"] and [one["disorder"] for one in data["diagnoses"]] == [ADHD, AUTISM]


def test_what_excludes_each_other_does_not_leave_together() -> None:
    family = make.make_family()
    make.make_table(f"{ATTACHMENT},F94.1", f"{SOCIAL},F94.2")
    dana = team(family)
    signed = make.make_coded(family, {"disorder": ATTACHMENT}, {"disorder": SOCIAL}, by=dana)
    page = words(claim(dana.client, signed))
    assert "Not ready yet" in page and "F94.1 and F94.2 may not stand on one claim" in page
    data = claim(dana.client, signed, **{"as": "json"}).json()
    assert data["codes"] == [] and data["excluded"] == [
        {"codes": ["F94.1", "F94.2"], "note": "the other of them (F94.2)"}
    ]


def test_a_symptom_stands_behind_the_others_and_is_named_where_it_is_alone() -> None:
    family = make.make_family()
    make.make_table(f"{CRYING},R68.1", f"{AUTISM},F84.9")
    dana = team(family)
    alone = make.make_coded(family, {"disorder": CRYING}, by=dana)
    assert "A payer may refuse it as the first on a claim" in words(claim(dana.client, alone))
    both = make.make_coded(family, {"disorder": CRYING}, {"disorder": AUTISM}, by=dana)
    assert claim(dana.client, both, **{"as": "json"}).json()["codes"] == ["F84.9", "R68.1"]
    page = words(claim(dana.client, alone))
    assert "There is a later version, 2." in page


def test_a_relationship_is_coded_by_who_the_caregiver_is() -> None:
    """Two relationships, two codes; one of which nobody said who the caregiver is stays open."""
    family = make.make_family(adults=("María Ñúñez", "Rosa Vega"))
    make.make_table(f"{RELATIONSHIP},Z62.1,,biological", f"{RELATIONSHIP},Z62.2,,foster")
    dana = team(family)
    maria, rosa = family.adults
    signed = make.make_coded(
        family,
        {"disorder": RELATIONSHIP, "caregiver": maria, "parent": "biological"},
        {"disorder": RELATIONSHIP, "caregiver": rosa},
        by=dana,
    )
    page = words(claim(dana.client, signed))
    assert "with María Ñúñez, parent by birth" in page and "Z62.1" in page
    assert "depends on who the caregiver is to the child" in page and "foster parent" in page
    data = claim(dana.client, signed, **{"as": "json"})
    assert data.json()["codes"] == [] and "María" not in data.content.decode()


@pytest.mark.parametrize(
    ("working", "sentence"),
    [
        (None, "nobody has said whether this payer takes one"),
        (False, "does not take one"),
        (True, "Ready for the claim"),
    ],
)
def test_a_working_diagnosis_is_billed_only_where_its_payer_takes_one(working: bool | None, sentence: str) -> None:
    family = make.make_family()
    make.make_table(f"{AUTISM},F84.9", working_may_be_billed=working)
    dana = team(family)
    signed = make.make_coded(family, {"disorder": AUTISM, "certainty": "working"}, by=dana)
    assert sentence in words(claim(dana.client, signed))


def test_a_payers_own_table_comes_before_the_one_for_all() -> None:
    family = make.make_family()
    make.make_table(f"{AUTISM},F84.9")
    make.make_table(f"{AUTISM},F90.1", publisher="Plan", payers=("Plan",))
    dana = team(family)
    signed = make.make_coded(family, {"disorder": AUTISM}, by=dana)
    assert claim(dana.client, signed, payer="Plan", **{"as": "json"}).json()["codes"] == ["F90.1"]
    assert claim(dana.client, signed, **{"as": "json"}).json()["codes"] == ["F84.9"]
    unknown = claim(dana.client, signed, payer="Plann", **{"as": "json"})
    assert unknown.status_code == 400 and "payer" in unknown.json()["error"]


def test_without_the_second_signature_there_is_no_code() -> None:
    family = make.make_family()
    make.make_table(f"{AUTISM},F84.9")
    dana, ines = team(family), make.make_worker("clinician", name="Inés Castañeda")
    signed = make.make_coded(family, {"disorder": AUTISM}, by=dana, cosigner=ines.person)
    page = words(claim(dana.client, signed))
    assert "This version waits for a second signature" in page and "Inés Castañeda was asked" in page
    assert "F84.9" not in page
    data = claim(dana.client, signed, **{"as": "json"}).json()
    assert (data["ready"], data["codes"]) == (False, []) and "second signature" in data["says"]


def test_a_list_of_codes_whose_year_is_over_is_said_so() -> None:
    family = make.make_family()
    make.make_table(f"{AUTISM},F84.9")
    dana = team(family)
    signed = make.make_coded(family, {"disorder": AUTISM}, by=dana)
    assert "A later list of codes may be in force" not in words(claim(dana.client, signed))
    assert "A later list of codes may be in force on this day" in words(claim(dana.client, signed, TURN))
    assert claim(dana.client, signed, TURN, **{"as": "json"}).json()["release"]["may_be_over"]


def test_a_version_without_a_diagnosis_has_no_code() -> None:
    family = make.make_family()
    make.make_table(f"{AUTISM},F84.9")
    dana = team(family)
    assert "gives no diagnosis, so there is no code" in words(claim(dana.client, make.make_coded(family, by=dana)))


def test_a_service_before_birth_or_in_the_future_has_no_code_on_page_and_in_json() -> None:
    dana = make.make_worker("clinician")
    baby = make.make_family(dana, age_months=3)
    make.make_table(f"{ADHD},F90.0")
    signed = make.make_coded(baby, {"disorder": ADHD}, by=dana)
    for day, said in ((date(2026, 2, 1), "is before this child was born."), (date(2026, 11, 21), "has not come yet.")):
        page = words(claim(dana.client, signed, day))
        assert "No code leaves for this claim" in page and said in page and "F90.0" not in page
        data = claim(dana.client, signed, day, **{"as": "json"}).json()
        assert (data["ready"], data["codes"]) == (False, []) and said in data["says"]
    assert claim(dana.client, signed, date(9999, 12, 31), **{"as": "json"}).json()["codes"] == []


def test_a_service_before_the_assessment_is_asked_about_beside_the_codes() -> None:
    """Nobody knows here what the service was for: it is a question, and keeps nothing back."""
    family = make.make_family()
    make.make_table(f"{ADHD},F90.0")
    dana = team(family)
    signed = make.make_coded(family, {"disorder": ADHD}, by=dana)
    asked = "This service was on Sept. 30, 2026, and the child was assessed on Nov. 20, 2026."
    page = words(claim(dana.client, signed))
    assert "Ready for the claim" in page and asked in page and "The service was before the assessment" in page
    data = claim(dana.client, signed, **{"as": "json"}).json()
    assert data["codes"] == ["F90.0"] and data["questions"][0].startswith(asked)
    same = signed.assessed_on
    assert "before the assessment" not in words(claim(dana.client, signed, same))
    assert claim(dana.client, signed, same, **{"as": "json"}).json()["questions"] == []


def test_a_clinician_is_told_who_can_load_what_is_missing() -> None:
    """Not "load the table": a clinician cannot."""
    family = make.make_family()
    dana = team(family)
    signed = make.make_coded(family, {"disorder": AUTISM}, by=dana)
    make.make_release(Release("later", Period(BEFORE), OLD.codes))
    page = words(claim(dana.client, signed))
    assert "Ask the data steward of this house to load the payer’s table" in page and "Load the table" not in page
    make.make_table(f"{AUTISM},F84.9", since=BEFORE)
    actions.withdraw_release(make.make_worker("data_steward").actor, release=CodeRelease.objects.get(), why="Wrong")
    page = words(claim(dana.client, signed))
    assert (
        "Ask the data steward, or whoever runs the house, to load that release." in page
        and "crosswalk load" not in page
    )


# Payers


def test_a_supervisor_writes_down_what_a_payer_allows() -> None:
    ngozi = make.make_worker("agency_supervisor")
    client = ngozi.client
    assert "None is written down yet." in words(client.get("/agency/payers/"))
    form = {"key": "p1", "payer": "Sunny Plan", "sessions": "5", "source": "", "seen": "0"}
    page = words(client.post("/agency/payers/", form), 400)
    assert "Where the payer says so is missing." in page and 'value="Sunny Plan"' in page
    assert client.post("/agency/payers/", form | {"source": "Manual, page 3"}).status_code == 302
    kept = PayerAllowance.objects.get()
    page = words(client.get("/agency/payers/", {"change": str(kept.pk)}))
    assert "Change what is written of Sunny Plan" in page and hidden(page, "seen") == "1"
    both = words(client.post("/agency/payers/", form | {"key": "p2", "sessions": "6", "source": "Letter"}), 409)
    assert "5; Manual, page 3" in both and "6; Letter" in both and hidden(both, "seen") == "1"
    again = form | {"key": "p3", "sessions": "6", "source": "Letter", "seen": "1"}
    assert client.post("/agency/payers/", again).status_code == 302
    kept.refresh_from_db()
    assert (kept.sessions, kept.source) == (6, "Letter")
    elsewhere = make.make_worker("agency_supervisor", make.make_network().agencies[1]).client
    assert "Sunny Plan" not in words(elsewhere.get("/agency/payers/"))


def test_a_payer_written_with_another_capital_keeps_its_allowance_and_its_sessions() -> None:
    supervisor, dana = make.make_worker("agency_supervisor"), make.make_worker("clinician")
    family = make.make_family(dana)
    there = {"organization": supervisor.agency, "sessions": 5, "source": "Handbook"}
    kept = actions.keep_payer(supervisor.actor, payer="medicaid", **there)
    row = make.make_assessment(family, by=dana, payer="medicaid")
    actions.keep_payer(supervisor.actor, payer="Medicaid", seen=kept.version, **there)
    assert "of 5 sessions" in words(dana.client.get(f"/assessments/{row.pk}/"))


# Who may

EVERYBODY = (
    *("clinician", "home_visitor", "family_service_coordinator", "agency_supervisor", "privacy_officer"),
    *("data_steward", "administrator", "association_coordinator"),
)


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_looks_up_loads_and_sees_payers(role: str) -> None:
    make.make_network()
    client = make.make_worker(role).client
    opens = {
        one for one in ("/crosswalk/", "/crosswalk/load/", "/agency/payers/") if client.get(one).status_code == 200
    }
    expected = {
        "clinician": {"/crosswalk/"},
        "agency_supervisor": {"/crosswalk/", "/agency/payers/"},
        "data_steward": {"/crosswalk/", "/crosswalk/load/"},
    }
    assert opens == expected.get(role, set())


@pytest.mark.parametrize("role", EVERYBODY)
def test_only_a_clinician_of_the_care_team_sees_a_claim(role: str) -> None:
    family = make.make_family()
    make.make_table(f"{AUTISM},F84.9")
    signed = make.make_coded(family, {"disorder": AUTISM})
    worker = make.make_worker(role)
    refused = claim(worker.client, signed)
    assert refused.status_code == 403 and "F84.9" not in refused.content.decode()
    if role in ("clinician", "home_visitor"):
        make.join_team(family, worker)
        assert claim(worker.client, signed).status_code == (200 if role == "clinician" else 403)
    assert AuditEntry.objects.filter(verb="diagnosis.see_claim", outcome="refused").exists()


def test_another_agencys_clinician_and_somebody_who_has_not_signed_in_see_none() -> None:
    family = make.make_family()
    signed = make.make_coded(family, {"disorder": AUTISM})
    prairie = make.make_network().agencies[1]
    assert claim(make.make_worker("clinician", prairie).client, signed).status_code == 403
    for client, status in ((Client(), 302), (make.make_worker("home_visitor").client, 403)):
        assert claim(client, signed).status_code == status
        for send in (client.get, client.post):
            assert send(f"/formulations/{signed.pk}/code/choose/").status_code == status
