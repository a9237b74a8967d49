"""Two versions side by side: nothing that differs is ever called the same."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.comparing import DOES_NOT_APPLY, GONE, About, Change, What, changes, same
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.formulation import (
    Axis,
    Certainty,
    Competence,
    Culture,
    Diagnosis,
    Environment,
    Formulation,
    Health,
    HealthSource,
    Relationship,
    Stressor,
)
from inmind.diagnosis.manual import DimensionRating
from inmind.diagnosis.tests.invented import AUTISM, BORN, FOSTER, MOTHER, RELATIONSHIP, diagnosis, whole

FULL = Formulation(
    edition="dc-0-5-2",
    born=BORN,
    assessed_on=date(2026, 4, 20),
    primary=frozenset((MOTHER,)),
    diagnoses=(
        diagnosis(AUTISM, Certainty.WORKING, over_age="why"),
        diagnosis(RELATIONSHIP, caregiver=MOTHER, parent=KindOfParent.FOSTER),
    ),
    relationships=(Relationship(MOTHER, 3, {"comfort": DimensionRating.CONCERN}, "brings", "sing", "seen"),),
    environments=(Environment("home", frozenset((FOSTER,)), 2, {"sibling-harmony": None}, "calm", "seen"),),
    health=(Health("ears", HealthSource.RECORD, 4),),
    stressors=(Stressor("neglect", "at home", 2, 14, False, "heavy"),),
    competence=Competence({"emotional": "exceeds"}, "even", "laughs"),
    culture=Culture("how they see it", "where I stand"),
    strengths="curious",
    beside=dict.fromkeys(Axis, "beside it"),
)
AXIS_OF = {
    **dict.fromkeys(("edition", "born", "assessed_on", "primary", "strengths"), Axis.HEAD),
    **dict.fromkeys(("diagnoses", "no_diagnosis"), Axis.ONE),
    **dict.fromkeys(("relationships", "environments"), Axis.TWO),
    "health": Axis.THREE,
    "stressors": Axis.FOUR,
    "competence": Axis.FIVE,
    "culture": Axis.CULTURE,
}


def others(value: Any) -> list[Any]:
    """Values that are each like this one but for one thing in it."""
    if is_dataclass(value):
        return [
            replace(value, **{one.name: other})  # type: ignore[type-var]
            for one in fields(value)
            for other in others(getattr(value, one.name))
        ]
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 1, None]
        case Certainty() | HealthSource() | KindOfParent() | DimensionRating():
            return [one for one in type(value) if one is not value]
        case str():
            return [value + " more", *([""] if value else [])]
        case date():
            return [value.replace(year=value.year + 1)]
        case UUID():
            return [UUID(int=99)]
        case None:
            return []
        case frozenset():
            return [frozenset(), value | {UUID(int=99)}]
        case tuple():
            fewer = [value[:place] + value[place + 1 :] for place in range(len(value))]
            more = [(*value, value[0])] if value else []
            turned = [one for one in permutations(value) if one != value]
            inside = [
                (*value[:place], other, *value[place + 1 :]) for place, one in enumerate(value) for other in others(one)
            ]
            return fewer + more + turned + inside
        case dict():
            inside = [{**value, key: other} for key, one in value.items() for other in others(one)]
            less = [{key: one for key, one in value.items() if key != gone} for gone in value]
            return inside + less
    raise AssertionError(f"{value!r} is nothing that a formulation holds")


CASES = [
    (one.name, replace(FULL, **{one.name: other}))
    for one in fields(Formulation)
    for other in others(getattr(FULL, one.name))
]


@pytest.mark.parametrize(
    ("name", "other"), CASES, ids=[f"{name} {place}" for place, (name, _other) in enumerate(CASES)]
)
def test_whatever_single_thing_differs_its_axis_is_named(name: str, other: Formulation) -> None:
    """In both directions; and no other axis is."""
    axes = [one.axis for one in changes(FULL, other)]
    assert axes and axes[0] in same(()) and [one.axis for one in changes(other, FULL)]
    if name != "beside":
        assert set(axes) == {AXIS_OF[name]}, changes(FULL, other)
    assert set(axes) | set(same(changes(FULL, other))) == set(Axis)


def test_two_versions_that_say_the_same_differ_in_nothing() -> None:
    assert changes(FULL, replace(FULL)) == () and same(()) == tuple(Axis)


def test_what_came_went_and_changed_stands_side_by_side() -> None:
    before = whole(
        manual(),
        diagnosis(AUTISM, Certainty.WORKING),
        stressors=(Stressor("neglect", "", 2, 14), Stressor("", "moved twice", None)),
    )
    after = replace(
        before,
        edition="dc-0-5",
        diagnoses=(diagnosis(AUTISM), diagnosis(RELATIONSHIP, caregiver=MOTHER)),
        relationships=(Relationship(MOTHER, 2), Relationship(FOSTER, 1)),
        environments=(Environment("with the mother", frozenset((MOTHER,)), 3),),
        health=(Health("ear infections", HealthSource.RECORD),),
        stressors=(Stressor("neglect", "", 2, 14, severity="less by far"),),
        competence=replace(before.competence, ratings={**before.competence.ratings, "emotional": "not-meeting"}),
    )
    said = {
        (one.axis, one.about.key, one.about.who, one.what): (one.before, one.after) for one in changes(before, after)
    }
    assert said == {
        (Axis.HEAD, "", None, What.EDITION): ("dc-0-5-2", "dc-0-5"),
        (Axis.ONE, AUTISM, None, What.CERTAINTY): (Certainty.WORKING, Certainty.CONFIRMED),
        (Axis.ONE, RELATIONSHIP, MOTHER, What.CERTAINTY): (GONE, Certainty.CONFIRMED),
        (Axis.ONE, RELATIONSHIP, MOTHER, What.REASONS): (GONE, "what was seen"),
        (Axis.ONE, RELATIONSHIP, MOTHER, What.LOOKED_UP): (GONE, True),
        (Axis.TWO, "", MOTHER, What.LEVEL): (3, 2),
        (Axis.TWO, "foster home", None, What.LEVEL): (2, GONE),
        (Axis.TWO, "foster home", None, What.NAME): ("foster home", GONE),
        (Axis.TWO, "foster home", None, What.WHO): (frozenset((FOSTER,)), GONE),
        (Axis.TWO, "with the mother", None, What.LEVEL): (GONE, 3),
        (Axis.TWO, "with the mother", None, What.NAME): (GONE, "with the mother"),
        (Axis.TWO, "with the mother", None, What.WHO): (GONE, frozenset((MOTHER,))),
        (Axis.THREE, "ear infections", None, What.SOURCE): (GONE, HealthSource.RECORD),
        (Axis.FOUR, "neglect", None, What.SEVERITY): ("", "less by far"),
        (Axis.FOUR, "", None, What.TIME): ((None, None, False), GONE),
        (Axis.FOUR, "", None, What.WORDS): ("moved twice", GONE),
        (Axis.FIVE, "emotional", None, What.RATING): ("age-appropriate", "not-meeting"),
    }


def test_of_two_stressors_of_one_kind_each_is_compared_with_itself() -> None:
    """The one that got worse shows, whichever stands last; and where its words changed, too, both are said."""
    there = Stressor("neglect", "at the foster home", 10, None, True, "heavy")
    mild, worse = (Stressor("neglect", "at home", 2, 5, False, how) for how in ("mild", "severe"))
    one, two = replace(FULL, stressors=(mild, there)), replace(FULL, stressors=(there, worse))
    about = About("neglect", words="at home")
    assert changes(one, two) == (Change(Axis.FOUR, about, What.SEVERITY, "mild", "severe"),)
    moved = replace(one, stressors=(replace(mild, words="at both homes"), there))
    assert changes(one, moved) == (Change(Axis.FOUR, About("neglect"), What.WORDS, "at home", "at both homes"),)


def test_of_two_ratings_of_one_adult_the_one_that_changed_shows() -> None:
    """After two records became one person, two ratings stand under one name."""
    first = replace(FULL, relationships=(Relationship(MOTHER, 2), Relationship(MOTHER, 1)))
    for later in permutations((Relationship(MOTHER, 4), Relationship(MOTHER, 1))):
        found = changes(first, replace(first, relationships=later))
        assert found == (Change(Axis.TWO, About(who=MOTHER), What.LEVEL, 2, 4),)
    turned = replace(first, relationships=first.relationships[::-1])
    assert changes(first, turned) == (), "ratings stand in no order that somebody chose"


def test_what_does_not_apply_is_else_than_what_nobody_looked_at() -> None:
    before = replace(FULL, environments=(Environment("home", frozenset(), 2),))
    after = replace(FULL, environments=(Environment("home", frozenset(), 2, {"sibling-harmony": None}),))
    (found,) = changes(before, after)
    assert (found.of, found.before, found.after) == ("sibling-harmony", None, DOES_NOT_APPLY)


STRESSORS = st.lists(
    st.builds(
        Stressor,
        st.sampled_from(("neglect", "")),
        st.sampled_from(("", "a", "b")),
        st.none() | st.integers(0, 2),
        st.none() | st.integers(0, 2),
        st.booleans(),
        st.sampled_from(("", "heavy")),
    ),
    max_size=4,
).map(tuple)
DIAGNOSES = st.lists(
    st.builds(
        Diagnosis,
        st.sampled_from((AUTISM, RELATIONSHIP)),
        st.sampled_from(Certainty),
        st.sampled_from(("", "seen")),
        caregiver=st.sampled_from((None, MOTHER, FOSTER)),
    ),
    max_size=4,
).map(tuple)


@given(one=STRESSORS, two=STRESSORS, given_one=DIAGNOSES, given_two=DIAGNOSES)
def test_nothing_that_differs_is_called_the_same(one: Any, two: Any, given_one: Any, given_two: Any) -> None:
    """Also where entries stand twice, came, went or stand in another order."""
    before, after = replace(FULL, stressors=one, diagnoses=given_one), replace(FULL, stressors=two, diagnoses=given_two)
    alike = same(changes(before, after))
    assert (Axis.FOUR in alike) == (one == two) and (Axis.ONE in alike) == (given_one == given_two)
