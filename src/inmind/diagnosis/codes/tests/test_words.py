"""What is said of codes, on a screen and to a program."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.billing import billable
from inmind.diagnosis.codes.lookup import look_up
from inmind.diagnosis.codes.words import KINDS, STANDING, SURE, claim_as_data, decides, looked_as_data
from inmind.diagnosis.crosswalk import KindOfParent, Mapped, Standing, Suggestion
from inmind.diagnosis.formulation import Certainty
from inmind.diagnosis.tests.invented import (
    ADHD,
    AUTISM,
    CRYING,
    EATING,
    NEW,
    OLD,
    RELATIONSHIP,
    RELEASES,
    diagnosis,
    table,
)
from inmind.diagnosis.words import CERTAINTIES, PARENTS
from inmind.foundation.catalogs import Confidence
from inmind.foundation.values import Period

DAY = date(2026, 5, 4)


def test_each_value_has_its_words():
    assert set(CERTAINTIES) == set(Certainty) and set(PARENTS) == set(KindOfParent)
    assert set(STANDING) == set(Standing) and set(SURE) == set(Confidence)
    assert {kind for one in manual().disorders.values() for kind in one.kinds} == set(KINDS)


def test_what_decides_is_said_together():
    assert decides(KindOfParent.FOSTER, "", "lives there", str) == "foster parent; lives there"
    assert decides(None, "pica", "", str) == "pica"
    assert decides(None, "of another manual", "", str) == "of another manual"
    assert decides(None, "", "", str) == ""


def test_a_program_reads_codes_only_where_all_of_it_may_leave():
    rows = (Mapped(AUTISM, "F84.9", dsm5="a name"), Mapped(ADHD, "F90.0", when="more"), Mapped(ADHD, "F90.1"))
    one = billable([diagnosis(AUTISM)], "", DAY, tables=[table(*rows)], releases=RELEASES)
    data = claim_as_data(one, OLD, manual(), str)
    assert (data["ready"], data["codes"], data["service_date"]) == (True, ["F84.9"], "2026-05-04")
    assert data["release"] == {"name": "old", "since": "2025-10-01", "until": "2026-10-01", "may_be_over": False}
    assert data["diagnoses"][0]["name"] == "Early Atypical Autism Spectrum Disorder"
    both = billable([diagnosis(AUTISM), diagnosis(ADHD)], "", DAY, tables=[table(*rows)], releases=RELEASES)
    data = claim_as_data(both, NEW, manual(), str)
    assert (data["ready"], data["codes"], data["release"]["until"]) == (False, [], None)
    assert data["diagnoses"][1]["open"] == "which"
    assert data["diagnoses"][1]["choices"][0] == {"code": "F90.0", "title": "Activity, first kind", "when": "more"}


def test_a_program_reads_no_caregiver():
    rows = (Mapped(RELATIONSHIP, "Z62.2", parent=KindOfParent.FOSTER), Mapped(CRYING, "R68.1"))
    given = diagnosis(RELATIONSHIP, caregiver=UUID(int=7), parent=KindOfParent.FOSTER)
    found = billable([given, diagnosis(CRYING)], "", DAY, tables=[table(*rows)], releases=RELEASES)
    data = claim_as_data(found, OLD, manual(), str)
    assert str(UUID(int=7)) not in str(data) and data["diagnoses"][0]["parent"] == "foster"
    assert data["first_may_be_refused"]


def test_a_program_reads_what_was_looked_up_with_what_is_ours():
    ours = (
        Suggestion(EATING, "F98.3", "Feeding, third kind", Standing.CANDIDATE, "Pica", "a list", Confidence.HIGH),
        Suggestion(EATING, "F98", "Group of feeding", Standing.TRAP, "", "a list", Confidence.HIGH),
    )
    rows = (
        Mapped(EATING, "F98.3", kind="pica", when="always"),
        Mapped(RELATIONSHIP, "Z62.2", parent=KindOfParent.FOSTER),
    )
    disorder = manual().disorder(EATING)
    here = [table(*rows, payers=frozenset(["Plan"])), table(edition="2", period=Period(DAY, date(2027, 1, 1)))]
    data = looked_as_data(look_up(disorder, DAY, tables=here, release=OLD, suggestions=ours), str)
    assert (
        data["codes_a_claim"] and data["tables"][0]["payers"] == ["Plan"] and data["tables"][1]["until"] == "2027-01-01"
    )
    assert data["tables"][0]["rows"][0]["kind"] == "pica"
    assert [one["fault"][:9] for one in data["suggestions"]] == ["", "This code"]
    assert data["suggestions"][1]["leaves"] == ["F98.2", "F98.3"]
    assert "never put on a claim" in data["suggestions_are"]
    disorder = manual().disorder(RELATIONSHIP)
    data = looked_as_data(look_up(disorder, DAY, tables=here, release=None, suggestions=ours), str)
    assert data["release"] is None and data["tables"][0]["rows"][0]["parent"] == "foster"
    broken = table(Mapped(AUTISM, "F90"))
    data = looked_as_data(look_up(manual().disorder(AUTISM), DAY, tables=[broken], release=OLD, suggestions=ours), str)
    assert data["tables"][0]["rows"][0]["leaves"] == ["F90.0", "F90.1"] and data["tables"][0]["rows"][0]["fault"]
