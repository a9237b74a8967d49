"""What a family tells when it is registered, and what cannot be so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inmind.families.intake import LONGEST_WAIT_FOR_BIRTH, AdultFacts, ChildFacts, check, check_adult
from inmind.foundation.errors import BadInput

TODAY = date(2026, 11, 21)
ROSA = AdultFacts("Rosa", "Ñúñez", "mother")
MATEO = ChildFacts("Mateo", "Ñúñez", date(2026, 3, 4))
EXPECTED = ChildFacts(due_date=date(2027, 2, 1))


@pytest.mark.parametrize(
    ("child", "adults"),
    [
        (MATEO, (ROSA,)),
        (replace(MATEO, birth_date=TODAY), (ROSA,)),
        (replace(MATEO, birth_date=date(2020, 11, 22)), (ROSA,)),
        (replace(MATEO, family_name=""), (ROSA,)),
        (MATEO, (ROSA, replace(ROSA, given_name="Elena", part="grandmother"))),
        (EXPECTED, (replace(ROSA, part="expecting"),)),
        (replace(EXPECTED, due_date=TODAY + LONGEST_WAIT_FOR_BIRTH), (ROSA,)),
        (replace(EXPECTED, due_date=TODAY - timedelta(days=10)), (ROSA,)),
        (replace(MATEO, due_date=date(2026, 3, 1)), (ROSA,)),
    ],
    ids=[
        "a baby and a mother",
        "born today",
        "the last day before six",
        "one name only",
        "two adults",
        "a pregnancy",
        "the longest wait",
        "a few days over",
        "born, and was due",
    ],
)
def test_a_family_that_can_be_is_registered(child: ChildFacts, adults: tuple[AdultFacts, ...]) -> None:
    """Nothing more is asked than this."""
    check(child, adults, today=TODAY)


@pytest.mark.parametrize(
    ("child", "adults", "field", "sentence"),
    [
        (ChildFacts("Mateo"), (ROSA,), "birth_date", "neither a birth date nor a due date"),
        (replace(MATEO, birth_date=TODAY + timedelta(days=1)), (ROSA,), "birth_date", "lies in the future"),
        (replace(MATEO, birth_date=date(2020, 11, 21)), (ROSA,), "birth_date", "is 6 years ago"),
        (replace(MATEO, given_name="  "), (ROSA,), "child_given_name", "The baby's name is empty"),
        (
            replace(EXPECTED, due_date=TODAY + LONGEST_WAIT_FOR_BIRTH + timedelta(days=1)),
            (ROSA,),
            "due_date",
            "too far from today",
        ),
        (
            replace(EXPECTED, due_date=TODAY - LONGEST_WAIT_FOR_BIRTH - timedelta(days=1)),
            (ROSA,),
            "due_date",
            "too far from today",
        ),
        (MATEO, (), "given_name", "There is no adult"),
        (MATEO, (ROSA, replace(ROSA, given_name=" ")), "given_name", "The adult's name is empty"),
        (MATEO, (replace(ROSA, part=""),), "part", "How this adult cares for the child is missing"),
    ],
    ids=[
        "no date",
        "born tomorrow",
        "six years old",
        "no name",
        "due too late",
        "due too long ago",
        "alone",
        "an adult without a name",
        "an adult without a part",
    ],
)
def test_a_family_that_cannot_be_is_refused_at_its_field(
    child: ChildFacts, adults: tuple[AdultFacts, ...], field: str, sentence: str
) -> None:
    """With what was found, so that it can be mended there."""
    with pytest.raises(BadInput, match=sentence) as refusal:
        check(child, adults, today=TODAY)
    assert refusal.value.field == field
    assert len(refusal.value.sentences) > 1


def test_an_adult_is_refused_alone_as_within_a_family() -> None:
    """When one joins later, the same rule holds."""
    check_adult(ROSA)
    with pytest.raises(BadInput, match="name is empty"):
        check_adult(replace(ROSA, given_name=""))
