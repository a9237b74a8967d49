"""Two records of one child or one adult are put together, and parted: what was formulated of either stays whole and usable."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from inmind.diagnosis import actions, queries, writing
from inmind.diagnosis.codes import actions as codes
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.formulation import Certainty, Diagnosis, Relationship
from inmind.diagnosis.models import Assessment, Formulation
from inmind.diagnosis.tests.invented import ADHD, RELATIONSHIP
from inmind.records import actions as records
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician() -> make.Worker:
    return make.make_worker("clinician")


@pytest.fixture
def family(clinician: make.Worker) -> make.Family:
    return make.make_family(clinician, age_months=30, adults=("Ana Stone", "Rosa Stone"))


def two_children(clinician: make.Worker) -> tuple[make.Family, make.Family]:
    one, other = (make.make_family(clinician, age_months=30, adults=(name,)) for name in ("Ana", "Rosa"))
    return one, other


def part(merge: Any) -> None:
    records.part(make.make_worker("data_steward").actor, merge=merge)


def numbers(family: make.Family) -> list[int]:
    """The versions of a child by number, each of them whole."""
    rows = list(Formulation.objects.filter(episode=family.episode).order_by("number"))
    assert all(queries.is_as_signed(one) for one in rows)
    return [one.number for one in rows]


# Two children


def test_two_children_can_be_parted_whatever_was_signed_since(clinician: make.Worker) -> None:
    """Each version goes back to the child for whom it was signed; what came since stays, and the numbers close up."""
    one, other = two_children(clinician)
    before = [make.make_formulation(other), make.make_formulation(one), make.make_formulation(other)]
    merge = make.merge(one.child, other.child)
    assert numbers(one) == [1, 2, 3]
    since = make.make_formulation(one)
    part(merge)
    assert (numbers(one), numbers(other)) == ([1, 2], [1, 2])
    assert [Formulation.objects.get(pk=row.pk).number for row in (*before, since)] == [1, 1, 2, 2]
    assert [queries.whole(Formulation.objects.get(pk=row.pk), relationships=True).strengths for row in before]
    make.make_formulation(one)
    make.merge(one.child, other.child)
    assert numbers(one) == [1, 2, 3, 4, 5]


def test_an_assessment_stays_with_the_version_that_was_signed_from_it(clinician: make.Worker) -> None:
    """Begun for one, signed while both were one: where the version stays, so does what it was made from."""
    one, other = two_children(clinician)
    begun = make.make_assessment(other)
    untouched = make.make_assessment(one)
    actions.close_assessment(clinician.actor, assessment=untouched)
    merge = make.merge(one.child, other.child)
    begun = Assessment.objects.get(pk=begun.pk)
    assert begun.episode == one.episode
    seen = make.make_draft(begun, by=clinician, primary=[one.adult])
    kept = actions.sign(clinician.actor, assessment=begun, seen=seen, signed_as="LCSW")
    part(merge)
    assert Assessment.objects.get(pk=begun.pk).episode == one.episode
    assert clinician.client.get(f"/formulations/{kept.pk}/").status_code == 200
    assert make.make_assessment(other).after is None


@pytest.mark.parametrize("staying_has_a_version", [True, False])
def test_a_chosen_code_goes_with_its_version(clinician: make.Worker, staying_has_a_version: bool) -> None:
    """Its reason is sealed for the child who stays, and for the other again once they are parted."""
    one, other = two_children(clinician)
    make.make_table(f"{ADHD},F90.0,,,first", f"{ADHD},F90.1,,,second")
    given = writing.One((Diagnosis(ADHD, Certainty.CONFIRMED, "Seen.", looked_up=True),))
    if staying_has_a_version:
        make.make_formulation(one, one=given)
    row = make.make_formulation(other, one=given)
    chosen = {"code": "F90.1", "why": "It fits.", "payer": "", "on": date(2026, 1, 5)}
    codes.choose_code(clinician.actor, formulation=row, given=row.given.get(), **chosen)
    url = f"/formulations/{row.pk}/code/?payer=&on=2026-01-05"
    merge = make.merge(one.child, other.child)
    assert "It fits." in clinician.client.get(url).content.decode()
    assert json.loads(clinician.client.get(url + "&as=json").content)["codes"] == ["F90.1"]
    part(merge)
    assert "It fits." in clinician.client.get(url).content.decode()


# Two adults


def rate(clinician: make.Worker, row: Assessment, said: Relationship) -> None:
    seen = queries.parts_of(row)[f"with:{said.caregiver}"].version
    adult = next(one for one in row.relationships.select_related("caregiver") if one.caregiver_id == said.caregiver)
    actions.rate_relationships(
        clinician.actor, assessment=row, caregiver=adult.caregiver, content=writing.written(said), seen=seen
    )


def versions_of(row: Assessment) -> dict[str, int]:
    return {name: one.version for name, one in queries.parts_of(row).items()}


def test_of_two_ratings_of_one_adult_one_counts_and_the_other_can_be_taken(
    family: make.Family, clinician: make.Worker
) -> None:
    """The draft can be signed; both are read on one page, and one press lets the other count, and back again."""
    stays, gone = family.adults
    row = make.make_assessment(family)
    make.make_draft(row, by=clinician, primary=family.adults)
    rate(clinician, row, Relationship(stays.pk, 2, words="Calm with Ana."))
    rate(clinician, row, Relationship(gone.pk, 4, words="Tense with Rosa."))
    make.merge(stays, gone)
    sign, url = f"/assessments/{row.pk}/sign/", f"/assessments/{row.pk}/relationships/{stays.pk}/"
    page = clinician.client.get(sign)
    assert not page.context["stops"] and not page.context["missing"]
    assert "rated under two records" in page.content.decode() and "Tense with Rosa." not in page.content.decode()
    both = clinician.client.get(url)
    assert "Calm with Ana." in both.content.decode() and "Tense with Rosa." in both.content.decode()
    other = both.context["twice"][0]
    sent = {"key": "t", "other": other["pk"], "version": both.context["read_version"]}
    assert clinician.client.post(f"{url}take/", sent).status_code == 302
    page = clinician.client.get(sign)
    assert "Tense with Rosa." in page.content.decode() and "Calm with Ana." not in page.content.decode()
    assert "Calm with Ana." in clinician.client.get(url).content.decode()
    stale = clinician.client.post(f"{url}take/", sent | {"key": "u"}, follow=True).content.decode()
    assert "Someone saved" in stale and "Calm with Ana." in stale
    for wrong in ({"other": "x"}, {"version": "x"}):
        assert clinician.client.post(f"{url}take/", sent | wrong | {"key": "v"}).status_code == 403
    kept = actions.sign(clinician.actor, assessment=row, seen=versions_of(row), signed_as="LCSW")
    assert [one.content and writing.relationship(one.content, stays.pk).level for one in kept.relationships.all()] == [
        4
    ]
    visitor = make.make_worker("home_visitor")
    assert visitor.client.post(f"{url}take/", sent | {"key": "w"}).status_code == 403


def test_where_only_the_record_that_is_gone_says_something_that_counts(
    family: make.Family, clinician: make.Worker
) -> None:
    stays, gone = family.adults
    row = make.make_assessment(family)
    make.make_draft(row, by=clinician, primary=family.adults)
    rate(clinician, row, Relationship(stays.pk, None))
    make.merge(stays, gone)
    page = clinician.client.get(f"/assessments/{row.pk}/sign/")
    assert not page.context["missing"] and "They play on the floor." in page.content.decode()


def test_after_two_signed_ratings_are_one_adults_the_next_version_is_signed(
    family: make.Family, clinician: make.Worker
) -> None:
    """The next draft begins with both, so that either can be taken; the version keeps one, and the one after begins with it."""
    first = make.make_formulation(family, primary=family.adults)
    stays, gone = family.adults
    merge = make.merge(stays, gone)
    row = make.make_assessment(family)
    assert row.relationships.count() == 2
    seen = make.make_draft(row, by=clinician, primary=[stays])
    second = actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW", why_new="One person.")
    assert (first.relationships.count(), second.relationships.count()) == (2, 1)
    assert make.make_assessment(family).relationships.count() == 1
    part(merge)
    assert queries.is_as_signed(Formulation.objects.get(pk=first.pk))


def test_a_relationship_disorder_that_stands_twice_by_a_merge_can_be_taken_out(
    family: make.Family, clinician: make.Worker
) -> None:
    """What is typed is kept meanwhile; the page for signing says what stands twice, and where."""
    stays, gone = family.adults
    said = writing.One(
        tuple(
            Diagnosis(RELATIONSHIP, sure, "x", looked_up=True, caregiver=one.pk, parent=KindOfParent.FOSTER)
            for one, sure in ((stays, Certainty.CONFIRMED), (gone, Certainty.RULED_OUT))
        )
    )
    row = make.make_assessment(family)
    make.make_draft(row, by=clinician, primary=[stays], one=said)
    make.merge(stays, gone)
    page = clinician.client.get(f"/assessments/{row.pk}/sign/")
    assert not page.context["stops"]
    (one,) = (line for axis in page.context["missing"] for line in axis["rows"])
    assert one["words"] == (
        "Relationship Specific Disorder of Infancy/Early Childhood stands there twice. Take one of them out."
    ) and one["url"].endswith("/parts/one/")
    url = f"/assessments/{row.pk}/parts/one/"
    answer = clinician.client.post(f"{url}save/", {"version": "1", "save_key": "a", "d0_reasons": "Seen twice."})
    assert answer.status_code == 200, answer.content.decode()
    answer = clinician.client.post(f"{url}save/", {"version": "2", "save_key": "b", "d1_out": "on"})
    assert answer.status_code == 200, answer.content.decode()
    page = clinician.client.get(f"/assessments/{row.pk}/sign/")
    assert not page.context["stops"] and not page.context["missing"]


def test_page_and_json_of_a_claim_say_the_same_where_two_caregivers_are_one(
    family: make.Family, clinician: make.Worker
) -> None:
    """Confirmed with the one, ruled out with the other: each keeps its own answer."""
    stays, gone = family.adults
    make.make_table(f"{RELATIONSHIP},Z62.1,,biological,", f"{RELATIONSHIP},Z62.2,,foster,")
    said = (
        (stays, Certainty.CONFIRMED, KindOfParent.BIOLOGICAL),
        (gone, Certainty.RULED_OUT, KindOfParent.FOSTER),
    )
    given = tuple(
        Diagnosis(RELATIONSHIP, sure, "x", looked_up=True, caregiver=one.pk, parent=parent)
        for one, sure, parent in said
    )
    row = make.make_formulation(family, primary=[stays, gone], one=writing.One(given))
    make.merge(stays, gone)
    url = f"/formulations/{row.pk}/code/?payer=&on=2026-01-05"
    assert json.loads(clinician.client.get(url + "&as=json").content)["codes"] == ["Z62.1"]
    page = clinician.client.get(url)
    assert [one["coded"] is not None for one in page.context["given"]] == [True, False]


def test_a_level_that_changed_stands_in_the_comparison_also_after_a_merge(
    family: make.Family, clinician: make.Worker
) -> None:
    gone, stays = family.adults
    first = make.make_formulation(family, primary=family.adults)
    row = make.make_assessment(family)
    make.make_draft(row, by=clinician, primary=family.adults)
    rate(clinician, row, Relationship(gone.pk, 4))
    second = actions.sign(clinician.actor, assessment=row, seen=versions_of(row), signed_as="x", why_new="y")
    url = f"/formulations/{first.pk}/beside/{second.pk}/"
    assert "Level 4" in clinician.client.get(url).content.decode()
    make.merge(stays, gone)
    page = clinician.client.get(url).content.decode()
    assert "Level 4" in page
