"""A version is held to what was signed, by whom, and who signed it, too; and where it is not, everything that leaves says so."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.access import privacy
from inmind.diagnosis import actions, paper_views, queries, summary_actions, told_outside, writing
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.codes import actions as codes
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.errors import NotAsSigned
from inmind.diagnosis.formulation import Certainty, Diagnosis
from inmind.diagnosis.models import Formulation, Given, SignedRelationship
from inmind.diagnosis.tests.invented import ADHD, AUTISM, RELATIONSHIP
from inmind.documents.paper import Paper
from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.foundation.registries import Wanted
from inmind.people.models import Person
from inmind.records import actions as records
from tests import make

pytestmark = pytest.mark.django_db
NOT = "Not as it was signed"
FORGED = "M.D., Canarychief"
WORDS = {"strengths": "He laughs.", "understood": "New people scare him.", "next_steps": "We meet on Tuesday."}


@pytest.fixture
def clinician() -> make.Worker:
    return make.make_worker("clinician")


@pytest.fixture
def family(clinician: make.Worker) -> make.Family:
    return make.make_family(clinician, age_months=30, adults=("Ana Stone", "Rosa Stone"))


def said(disorder: str, how: Certainty, **more: Any) -> writing.One:
    return writing.One((Diagnosis(disorder, how, "As seen.", looked_up=True, **more),))


def changed(row: Any, **values: Any) -> None:
    """A row changed behind our back."""

    def work(_act: Any) -> None:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()

    make.together(work)


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def page(worker: make.Worker, row: Formulation, way: str = "") -> str:
    answer = worker.client.get(f"/formulations/{row.pk}/{way}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def claim(worker: make.Worker, row: Formulation, on: object = "2026-01-05") -> dict[str, Any]:
    found = worker.client.get(f"/formulations/{row.pk}/code/", {"payer": "", "on": str(on), "as": "json"})
    answer: dict[str, Any] = json.loads(found.content)
    return answer


# What the mark is held to


def test_a_diagnosis_that_was_ruled_out_and_is_confirmed_in_its_row_codes_nothing(
    family: make.Family, clinician: make.Worker
) -> None:
    """The rows by which a version is counted and coded are held to its signed words."""
    make.make_table(f"{ADHD},F90.0")
    row = make.make_formulation(family, one=said(ADHD, Certainty.RULED_OUT))
    changed(row.given.get(), certainty="confirmed")
    assert not queries.is_as_signed(fresh(row))
    assert NOT in page(clinician, row)
    found = claim(clinician, row)
    assert (found["ready"], found["codes"]) == (False, [])
    assert "not as it was signed" in found["says"]
    assert "No code leaves by this version." in page(clinician, row, "code/?payer=&on=2026-01-05")


def test_a_diagnosis_that_was_added_or_taken_away_in_rows_is_noticed(family: make.Family) -> None:
    row = make.make_formulation(family, one=said(ADHD, Certainty.CONFIRMED))
    make.together(lambda _act: Given.objects.create(formulation=row, disorder=AUTISM, certainty="confirmed"))
    assert not queries.is_as_signed(fresh(row))
    make.together(lambda _act: Given.objects.filter(disorder=AUTISM).delete())
    assert queries.is_as_signed(fresh(row))
    make.together(lambda _act: Given.objects.all().delete())
    assert not queries.is_as_signed(fresh(row))


def test_another_signer_in_the_row_is_noticed(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_formulation(family)
    other = make.make_worker("clinician").person
    changed(row, signed_by=other)
    assert NOT in page(clinician, row)
    changed(row, signer=other.pk)
    assert NOT in page(clinician, row)


def test_a_second_signature_that_nobody_gave_is_noticed(family: make.Family, clinician: make.Worker) -> None:
    other = make.make_worker("clinician")
    row = make.make_formulation(family, cosigner=other.person)
    changed(row, cosigned_at=clock.now(), cosigner_said="I agree with all of it.", second_signer=other.person.pk)
    assert NOT in page(clinician, row)


def test_a_second_signature_is_held_to_a_mark_of_its_own(family: make.Family) -> None:
    """Who, when and what was said; and that one was asked for at all."""
    other = make.make_worker("clinician")
    row = make.make_formulation(family, cosigner=other.person)
    done = actions.cosign(other.actor, formulation=row, signed_as="LCSW", words="I would watch his sleep.")
    assert queries.is_as_signed(fresh(done))
    for name, value in (
        ("cosigner_said", "I agree."),
        ("cosigned_at", None),
        ("cosigned_at", done.cosigned_at + timedelta(days=1)),
        ("cosigner", make.make_worker("clinician").person),
        ("second_mark", ""),
    ):
        before = getattr(fresh(done), name)
        changed(fresh(done), **{name: value})
        assert not queries.is_as_signed(fresh(done)), name
        changed(fresh(done), **{name: before})
        assert queries.is_as_signed(fresh(done)), name
    waits = make.make_formulation(family, cosigner=other.person)
    changed(waits, cosigner=None)
    assert not queries.is_as_signed(fresh(waits))


def test_a_rating_that_was_emptied_is_noticed_where_nobody_was_erased(family: make.Family) -> None:
    row = make.make_formulation(family)
    changed(row.relationships.get(), content=None)
    assert not queries.is_as_signed(fresh(row))


def test_who_signed_and_who_signed_too_may_become_one_record_with_another(family: make.Family) -> None:
    """The mark covers who signed by the id of that day; a merge of records, and its parting, leave it whole."""
    first, second = make.make_worker("clinician", name="Ada Berg"), make.make_worker("clinician", name="Eva Holm")
    make.join_team(family, first)
    row = make.make_formulation(family, by=first, cosigner=second.person)
    actions.cosign(second.actor, formulation=row, signed_as="LCSW", words="Yes.")
    for worker in (first, second):
        part = _as_if_one(worker.person, make.make_worker("home_visitor").person)
        assert queries.is_as_signed(fresh(row))
        part()
        assert queries.is_as_signed(fresh(row))


def _as_if_one(gone: Person, stays: Person) -> Any:
    """What a merge of two records leaves: the rows follow, and the old id leads to the new one. Answers with its parting."""
    from inmind.records.models import Forwarding

    def follow(before: Person, after: Person) -> None:
        Formulation.objects.filter(signed_by=before).update(signed_by=after)
        Formulation.objects.filter(cosigner=before).update(cosigner=after)

    elsewhere = (
        make.make_family(age_months=10, adults=("Ida Lund",)),
        make.make_family(age_months=10, adults=("Ida Lund",)),
    )
    merge = make.merge(elsewhere[0].adult, elsewhere[1].adult)
    made: list[Forwarding] = []

    def join(_act: Any) -> None:
        follow(gone, stays)
        made.append(Forwarding.objects.create(old=gone.pk, new=stays.pk, merge=merge))

    def part() -> None:
        make.together(lambda _act: (follow(stays, gone), made[0].delete()))

    make.together(join)
    return part


def test_a_diagnosis_with_a_caregiver_is_as_signed_after_a_merge_and_an_erasing(family: make.Family) -> None:
    """What follows by itself is no tampering."""
    one = said(RELATIONSHIP, Certainty.CONFIRMED, caregiver=family.adult.pk, parent=KindOfParent.BIOLOGICAL)
    row = make.make_formulation(family, primary=family.adults, one=one)
    gone = family.adult
    stays = make.make_family(family.by, age_months=20, adults=("Ana",)).adult
    merged = make.merge(stays, gone)
    assert row.given.get().caregiver == stays
    assert queries.is_as_signed(fresh(row))
    records.part(make.make_worker("data_steward").actor, merge=merged)
    assert queries.is_as_signed(fresh(row))
    make.together(lambda act: privacy.forget(act, Person.objects.get(pk=gone.pk)))
    assert queries.is_as_signed(fresh(row))


def test_versions_of_two_records_of_one_child_keep_their_second_signature(clinician: make.Worker) -> None:
    """Its mark covers what was signed, and not the place among the versions, which follows."""
    one, other = (
        make.make_family(clinician, child="Mateo Ñúñez", age_months=30, adults=(name,)) for name in ("Ana", "Rosa")
    )
    senior = make.make_worker("clinician")
    rows = [make.make_formulation(each, cosigner=senior.person) for each in (one, other)]
    actions.cosign(senior.actor, formulation=rows[0], signed_as="LCSW")
    merged = make.merge(one.child, other.child)
    actions.cosign(senior.actor, formulation=fresh(rows[1]), signed_as="LCSW")
    assert all(queries.is_as_signed(fresh(row)) for row in rows)
    records.part(make.make_worker("data_steward").actor, merge=merged)
    assert all(queries.is_as_signed(fresh(row)) for row in rows)


# What is said of it


@pytest.fixture
def altered(family: make.Family) -> Formulation:
    """A version in which credentials were changed after it was signed."""
    row = make.make_formulation(family, one=said(ADHD, Certainty.CONFIRMED), primary=family.adults)
    changed(row, signed_as=FORGED)
    return row


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Paper]:
    """The papers that would be typeset."""
    kept: list[Paper] = []
    monkeypatch.setattr(paper_views, "pdf_of", lambda paper: kept.append(paper) or b"%PDF-")
    return kept


def test_the_report_says_on_each_page_that_it_is_not_what_was_signed(
    altered: Formulation, clinician: make.Worker, made: list[Paper]
) -> None:
    """And carries no mark as if it held."""
    shown = page(clinician, altered, "report/")
    assert NOT in shown and "Each page of the paper says so." in shown
    clinician.client.get(reverse("formulation_report_paper", args=[altered.pk]))
    [paper] = made
    assert paper.footer.startswith("Not as it was signed.")
    assert ("Take care", paper.footer.partition(" For the record")[0]) in paper.facts
    assert "Mark of what was signed" not in dict(paper.facts)


def test_the_familys_paper_says_so_in_plain_words(
    family: make.Family, clinician: make.Worker, made: list[Paper]
) -> None:
    row = make.make_formulation(family)
    summary_actions.write_summary(clinician.actor, formulation=row, language="en", **WORDS)
    clinician.client.get(reverse("formulation_summary_paper", args=[row.pk]))
    assert "not as it was signed" not in made[0].footer
    changed(row, signed_as=FORGED)
    assert NOT in page(clinician, row, "for-the-family/")
    clinician.client.get(reverse("formulation_summary_paper", args=[row.pk]))
    assert made[1].footer.startswith("Something that we kept for this paper is not as it was signed.")
    assert "Good to know" in dict(made[1].facts)


def test_the_pictures_leave_it_out_and_say_so(
    altered: Formulation, family: make.Family, clinician: make.Worker
) -> None:
    way = reverse("formulation_course", args=[family.episode.pk])
    text = clinician.client.get(way).content.decode()
    assert "Version 1 is left out: it is not as it was signed." in text
    assert "How the child grows" not in text and "Nothing is signed yet" not in text
    make.make_formulation(family)
    text = clinician.client.get(way).content.decode()
    assert "How the child grows" in text and "As version 2 says it." in text


def test_beside_another_version_it_is_named(altered: Formulation, family: make.Family, clinician: make.Worker) -> None:
    after = make.make_formulation(family)
    text = clinician.client.get(f"/formulations/{altered.pk}/beside/{after.pk}/").content.decode()
    assert "Version 1 is not as it was signed." in text and "Version 2 is not" not in text


def test_a_copy_that_leaves_the_house_leaves_it_out_and_says_why(altered: Formulation, family: make.Family) -> None:
    """No word of it, and no name of who is said to have signed."""
    day = clock.today(make.ZONE)
    for person, room in ((family.child, told_outside.understood), (family.adult, told_outside.rated)):
        wanted = Wanted(family.episode, person, day - timedelta(days=1), day + timedelta(days=1), None)
        [line] = room(wanted)
        assert line.words == "Version 1 of the formulation is left out, because it is not as it was signed."
        assert line.source == family.episode.organization.name


def test_what_is_held_about_an_adult_leaves_the_rating_out(
    altered: Formulation, family: make.Family, clinician: make.Worker
) -> None:
    text = clinician.client.get(reverse("held", kwargs={"person": family.adult.pk})).content.decode()
    assert "It is left out, because this version is not as it was signed." in text
    assert "They play on the floor." not in text


def test_it_is_not_signed_too_and_no_code_is_chosen_for_it(family: make.Family, clinician: make.Worker) -> None:
    senior = make.make_worker("clinician")
    make.make_table(f"{ADHD},F90.0,,,first", f"{ADHD},F90.1,,,second")
    row = make.make_formulation(family, one=said(ADHD, Certainty.CONFIRMED), cosigner=senior.person)
    assert "Sign this version, too" in page(senior, row)
    changed(row, signed_as=FORGED)
    assert "Sign this version, too" not in page(senior, row)
    answer = senior.client.post(f"/formulations/{row.pk}/cosign/", {"key": "k", "words": ""})
    assert answer.status_code == 400 and NOT in answer.content.decode()
    assert fresh(row).cosigned_at is None
    asked = {"given": row.given.get(), "code": "F90.1", "why": "It fits.", "payer": "", "on": clock.today(make.ZONE)}
    with pytest.raises(NotAsSigned):
        codes.choose_code(clinician.actor, formulation=row, **asked)


def test_a_new_draft_begins_with_the_newest_version_that_is_as_it_was_signed(family: make.Family) -> None:
    first = make.make_formulation(family)
    second = make.make_formulation(family, one=said(ADHD, Certainty.CONFIRMED))
    changed(second, signed_as=FORGED)
    row = make.make_assessment(family)
    assert row.after == first.pk
    assert not queries.draft_of(queries.parts_of(row)).one.diagnoses
    actions.close_assessment(family.by.actor, assessment=row)
    changed(first, signed_as=FORGED)
    row = make.make_assessment(family)
    assert row.after is None and not row.parts.exists()


def test_a_version_of_an_erased_child_is_not_said_to_be_changed(family: make.Family) -> None:
    """Nothing is left of it, and that is as it should be; emptied words of a child who is here are not."""
    row = make.make_formulation(family)
    make.together(lambda act: privacy.forget(act, Person.objects.get(pk=family.child.pk)))
    assert queries.is_as_signed(fresh(row))
    other = make.make_formulation(make.make_family(family.by, age_months=30))
    changed(other, content=None, mark="")
    assert not queries.is_as_signed(fresh(other))


# Words that cannot be opened


def test_sealed_words_that_were_changed_are_said_to_be_so(family: make.Family, clinician: make.Worker) -> None:
    """Not that a key is missing: it is there."""
    row = make.make_formulation(family)
    scrambled(Formulation, row.pk)
    assert not queries.is_as_signed(fresh(row))
    for way in ("", "report/", "for-the-family/"):
        answer = clinician.client.get(f"/formulations/{row.pk}/{way}")
        text = answer.content.decode()
        assert answer.status_code == 409, way
        assert "not as it was signed" in text and "key is not here" not in text
    assert claim(clinician, row)["codes"] == []


def test_a_rating_that_cannot_be_opened_is_left_out_where_it_would_be_told(
    family: make.Family, clinician: make.Worker
) -> None:
    row = make.make_formulation(family)
    scrambled(SignedRelationship, row.relationships.get().pk)
    assert clinician.client.get(f"/formulations/{row.pk}/").status_code == 409
    text = clinician.client.get(reverse("held", kwargs={"person": family.adult.pk})).content.decode()
    assert "It is left out, because this version is not as it was signed." in text


def scrambled(model: Any, pk: object) -> None:
    """One byte of the sealed words changed, as it lies in the table."""

    def work(_act: Any) -> None:
        from django.db import connection

        table, column = model._meta.db_table, "content"
        value = pk.hex if connection.vendor == "sqlite" else pk  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [value])
            sealed = bytes(cursor.fetchone()[0])
            cursor.execute(
                f"UPDATE {table} SET {column} = %s WHERE id = %s", [sealed[:-1] + bytes([sealed[-1] ^ 1]), value]
            )

    make.together(work)


# A later version


def test_a_version_that_was_overtaken_codes_no_service_after_the_later_assessment(
    family: make.Family, clinician: make.Worker
) -> None:
    """Confirmed first, ruled out later: a billing program is told so, as the page is."""
    make.make_table(f"{ADHD},F90.0")
    today = clock.today(make.ZONE)
    ids = frozenset([family.adult.pk])
    head = writing.Head(list(manual().editions)[-1], today - timedelta(days=40), ids, "He laughs.")
    first = make.make_formulation(family, one=said(ADHD, Certainty.CONFIRMED), head=head)
    assert claim(clinician, first, today)["later_version"] is None
    second = make.make_formulation(family, one=said(ADHD, Certainty.RULED_OUT))
    later = {"formulation": str(second.pk), "version": 2, "assessed_on": today.isoformat()}
    found = claim(clinician, first, today)
    assert (found["ready"], found["codes"]) == (False, [])
    assert found["later_version"] == {**later, "holds_on_service_date": True}
    assert found["says"].startswith("On this day a later version holds, 2, assessed on")
    found = claim(clinician, first, today - timedelta(days=1))
    assert (found["ready"], found["codes"]) == (True, ["F90.0"])
    assert found["later_version"] == {**later, "holds_on_service_date": False}
    text = page(clinician, first, f"code/?payer=&on={today}")
    assert "On this day a later version holds" in text and "F90.0" not in text
    asked = {"given": first.given.get(), "code": "F90.0", "why": "It fits.", "payer": "", "on": today}
    with pytest.raises(NotNow, match="a later version holds"):
        codes.choose_code(clinician.actor, formulation=first, **asked)
