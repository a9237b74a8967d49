"""What is asked before a signature, and never stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.asking import KINDS, asked
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.tests.invented import FOSTER, MOTHER, RELATIONSHIP, diagnosis, whole
from inmind.diagnosis.visits import Place, Visit
from inmind.families.intake import PARTS

DAY = date(2026, 4, 20)
TWO = (Visit(DAY, 60, Place.HOME), Visit(DAY, 60, Place.OFFICE))


def said(formulation: object = None, visits: object = TWO, began: date = DAY, **registered: str) -> list[str]:
    people = {"mother": MOTHER, "foster": FOSTER}
    found = asked(
        formulation or whole(manual()),  # type: ignore[arg-type]
        visits,  # type: ignore[arg-type]
        began,
        {people[name]: part for name, part in registered.items()},
    )
    return [one.sentence for one in found]


def test_visits_are_asked_about_and_no_number_of_them_stops() -> None:
    assert said() == []
    assert said(visits=())[0].startswith("No visit is counted")
    assert said(visits=TWO[:1]) == ["All visits were in one place. Is a visit somewhere else possible?"]


def test_a_day_before_the_agency_knew_the_family_is_asked_about() -> None:
    (words,) = said(began=DAY + timedelta(1))
    assert words.startswith("The day of the assessment")


@pytest.mark.parametrize(
    ("part", "parent", "is_asked"),
    [
        ("birth_mother", KindOfParent.FOSTER, True),
        ("birth_mother", KindOfParent.BIOLOGICAL, False),
        ("mother", KindOfParent.FOSTER, False),
        ("grandmother", KindOfParent.BIOLOGICAL, True),
        ("", KindOfParent.FOSTER, False),
        ("birth_mother", None, False),
    ],
)
def test_who_somebody_is_to_the_child_is_asked_where_two_pages_differ(
    part: str, parent: KindOfParent | None, is_asked: bool
) -> None:
    one = replace(diagnosis(RELATIONSHIP, caregiver=MOTHER), parent=parent)
    assert bool(said(whole(manual(), one), mother=part)) == is_asked
    assert not said(whole(manual(), replace(one, caregiver=None)), mother=part)


def test_the_kinds_are_those_that_a_familys_page_knows() -> None:
    assert set(KINDS) | {"mother", "father", "expecting"} == set(PARTS)
