"""What a family tells when it is registered, and what cannot be so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inmind.families.intake import (
    LONGEST_WAIT_FOR_BIRTH,
    AdultFacts,
    ChildFacts,
    Named,
    check,
    check_adult,
    check_birth,
    check_change,
    check_correction,
    of_one_birth,
)
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
        (replace(MATEO, birth_date=date(1896, 11, 21)), (ROSA,), "birth_date", "is 130 years ago"),
        (replace(MATEO, gestation_weeks=10), (ROSA,), "gestation_weeks", "10 weeks cannot be right"),
        (replace(MATEO, gestation_weeks=50), (ROSA,), "gestation_weeks", "50 weeks cannot be right"),
        (
            MATEO,
            (ROSA, replace(ROSA, given_name="rosa", part="kin")),
            "given_name",
            "one of this family's adults already",
        ),
        (MATEO, (replace(ROSA, since=TODAY + timedelta(days=1)),), "since", "lies in the future"),
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
        "130 years old",
        "ten weeks",
        "fifty weeks",
        "an adult twice",
        "an adult from tomorrow",
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


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (date(2026, 5, 1), date(2026, 5, 1), True),
        (date(2026, 5, 1), date(2026, 4, 30), True),
        (date(2026, 5, 1), date(2026, 5, 3), False),
        (None, date(2026, 5, 1), False),
    ],
)
def test_two_children_of_one_birth(one: date | None, other: date | None, may: bool) -> None:
    assert of_one_birth(one, other) is of_one_birth(other, one) is may


def test_an_adult_is_refused_alone_as_within_a_family() -> None:
    """When one joins later, the same rule holds."""
    check_adult(ROSA)
    with pytest.raises(BadInput, match="name is empty"):
        check_adult(replace(ROSA, given_name=""))


def test_words_are_no_number_to_call() -> None:
    """A number to call has digits enough; when to call is said elsewhere."""
    check_adult(AdultFacts("Ana", "Ruiz", "mother", phone="(555) 014-2000 ext. 7"))
    for typed in ("call after 6", "555"):
        with pytest.raises(BadInput) as refusal:
            check_adult(AdultFacts("Ana", "Ruiz", "mother", phone=typed))
        assert refusal.value.field == "phone"


def test_two_adults_of_one_name_are_two_when_somebody_says_so() -> None:
    """A grandmother and her daughter may share a name."""
    check(MATEO, (ROSA, replace(ROSA, part="grandmother", is_somebody_else=True)), today=TODAY)


def test_who_is_here_already_is_taken_in_as_she_is_known_and_not_typed_anew() -> None:
    """Of a brother or sister; also one who is not taken in."""
    known = replace(ROSA, known=True)
    check(MATEO, (known, replace(ROSA, given_name="Elena")), today=TODAY, there=["Rosa Ñúñez", "Hugo Ñúñez"])
    for adults, there in (((known, ROSA), ["Rosa Ñúñez"]), ((ROSA,), ["rosa nunez"])):
        with pytest.raises(BadInput, match="already"):
            check(MATEO, adults, today=TODAY, there=there)


@pytest.mark.parametrize(
    ("part", "since", "field"),
    [
        ("", TODAY, ""),
        ("adoptive_mother", TODAY, ""),
        ("aunt", TODAY, "part"),
        ("kin", TODAY + timedelta(days=1), "since"),
        ("kin", date(2025, 12, 31), "since"),
    ],
    ids=["no longer", "adopted", "no such part", "from tomorrow", "before it began"],
)
def test_a_change_of_care(part: str, since: date, field: str) -> None:
    """From a day within what was, to a part that is on the list, or to none."""
    if not field:
        check_change(part, since, before=date(2026, 1, 1), today=TODAY)
        return
    with pytest.raises(BadInput) as refusal:
        check_change(part, since, before=date(2026, 1, 1), today=TODAY)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("name", "born", "weeks", "field"),
    [
        ("Mateo", TODAY, 38, ""),
        ("", TODAY, 38, "child_given_name"),
        ("Mateo", TODAY + timedelta(days=1), 38, "birth_date"),
        ("Mateo", TODAY, 10, "gestation_weeks"),
    ],
    ids=["born today", "no name", "tomorrow", "ten weeks"],
)
def test_a_birth(name: str, born: date, weeks: int, field: str) -> None:
    """The same rules as at registering."""
    if not field:
        check_birth(name, born, weeks, today=TODAY)
        return
    with pytest.raises(BadInput) as refusal:
        check_birth(name, born, weeks, today=TODAY)
    assert refusal.value.field == field


BORN, ON_THE_WAY, GROWN = (
    Named("Mateo", "Ñúñez", date(2026, 3, 4)),
    Named("", "Ñúñez", None, date(2027, 2, 1)),
    Named("Ana"),
)
SIX_YEARS_AGO = date(2020, 11, 1)


@pytest.mark.parametrize(
    ("known", "said", "field"),
    [
        (GROWN, Named("Anna", "Ruiz"), ""),
        (GROWN, Named(" ", "Ruiz"), "given_name"),
        (BORN, replace(BORN, given_name="Matteo"), ""),
        (BORN, replace(BORN, given_name=""), "given_name"),
        (BORN, replace(BORN, birth_date=date(2026, 4, 3)), ""),
        (BORN, replace(BORN, birth_date=None), "birth_date"),
        (BORN, replace(BORN, birth_date=TODAY + timedelta(days=1)), "birth_date"),
        (BORN, replace(BORN, birth_date=date(2016, 3, 4)), "birth_date"),
        (replace(BORN, birth_date=SIX_YEARS_AGO), replace(BORN, given_name="Matteo", birth_date=SIX_YEARS_AGO), ""),
        (replace(BORN, birth_date=SIX_YEARS_AGO), replace(BORN, birth_date=date(2020, 11, 10)), ""),
        (ON_THE_WAY, replace(ON_THE_WAY, given_name="Iris"), ""),
        (ON_THE_WAY, replace(ON_THE_WAY, due_date=date(2027, 2, 11)), ""),
        (ON_THE_WAY, replace(ON_THE_WAY, due_date=None), "due_date"),
        (ON_THE_WAY, replace(ON_THE_WAY, due_date=date(2029, 2, 1)), "due_date"),
        (replace(ON_THE_WAY, due_date=date(2025, 2, 1)), replace(ON_THE_WAY, due_date=date(2025, 2, 1)), ""),
    ],
    ids=[
        "an adult",
        "an adult without a name",
        "a child's name",
        "a child without a name",
        "day and month turned around",
        "no birthday any more",
        "born tomorrow",
        "older than six when first served",
        "a name, of one who is six by now",
        "a day, of one who is six by now",
        "a name before the birth",
        "another due date",
        "no due date any more",
        "due too late",
        "long overdue, and left so",
    ],
)
def test_a_correction_is_looked_at_where_it_changes_something(known: Named, said: Named, field: str) -> None:
    """A child who has grown beyond the house while it was served can still be called rightly."""
    if not field:
        check_correction(known, said, served_since=date(2026, 1, 5), today=TODAY)
        return
    with pytest.raises(BadInput) as refusal:
        check_correction(known, said, served_since=date(2026, 1, 5), today=TODAY)
    assert refusal.value.field == field


def test_each_fact_tells_in_the_mark() -> None:
    """So that whoever saves over a change she has not seen is asked."""
    others = [
        replace(BORN, given_name="M"),
        replace(BORN, family_name="N"),
        replace(BORN, birth_date=TODAY),
        ON_THE_WAY,
    ]
    assert len({one.mark for one in (BORN, *others)}) == 5
    assert replace(BORN).mark == BORN.mark
