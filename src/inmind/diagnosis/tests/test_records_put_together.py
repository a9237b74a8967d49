"""Two records of one child or one adult are put together, and parted: what was formulated of either stays whole and usable."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from inmind.diagnosis import actions, queries, writing
from inmind.diagnosis.codes import actions as codes
from inmind.diagnosis.formulation import Certainty, Diagnosis
from inmind.diagnosis.models import Assessment, Formulation
from inmind.diagnosis.tests.invented import ADHD
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
