"""What a formulation still needs before it is signed, and what none can hold."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from uuid import UUID

import pytest

from inmind.diagnosis import formulation as room
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.ages import NotOfThisAge
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.formulation import (
    Axis,
    CannotBe,
    Certainty,
    Competence,
    Environment,
    Formulation,
    Health,
    HealthSource,
    Relationship,
    Stressor,
    missing,
)
from inmind.diagnosis.manual import DimensionRating, UnknownDisorder
from inmind.diagnosis.tests.invented import AUTISM, EATING, FOSTER, GRANDMOTHER, MOTHER, RELATIONSHIP, diagnosis, whole


def said(formulation: Formulation) -> list[str]:
    return [one.sentence % one.facts for one in missing(manual(), formulation)]


def test_a_whole_formulation_lacks_nothing():
    assert said(whole(manual())) == []
    assert said(whole(manual(), diagnosis(AUTISM), diagnosis(EATING, Certainty.RULED_OUT))) == []


def test_none_one_or_several_diagnoses_and_each_with_reasons():
    nothing = replace(whole(manual()), no_diagnosis=False)
    assert said(nothing) == ["Say which diagnosis is given, or that none is."]
    both = replace(whole(manual(), diagnosis(AUTISM)), no_diagnosis=True)
    assert said(both) == ["A diagnosis is given, and it is said that none is. Only one can be."]
    silent = replace(diagnosis(AUTISM), reasons=" ", looked_up=False)
    assert said(whole(manual(), silent)) == [
        "Say what speaks for or against Early Atypical Autism Spectrum Disorder.",
        "Say that you checked the criteria of Early Atypical Autism Spectrum Disorder in the manual.",
    ]


def test_a_ruled_out_diagnosis_needs_its_reasons_only():
    out = replace(diagnosis(RELATIONSHIP, Certainty.RULED_OUT), looked_up=False)
    assert said(whole(manual(), out, no_diagnosis=True)) == []


def test_a_disorder_of_a_relationship_names_its_caregiver():
    assert said(whole(manual(), diagnosis(RELATIONSHIP))) == [
        "Relationship Specific Disorder of Infancy/Early Childhood needs the caregiver whom it is about.",
        "Relationship Specific Disorder of Infancy/Early Childhood needs who this caregiver is to the child.",
    ]
    two = [
        diagnosis(RELATIONSHIP, caregiver=one, parent=parent)
        for one, parent in ((MOTHER, KindOfParent.BIOLOGICAL), (FOSTER, KindOfParent.FOSTER))
    ]
    assert said(whole(manual(), *two)) == []


def test_a_diagnosis_stands_there_once():
    """Two caregivers who turn out to be one person leave it twice, so that it has to be said where, and taken out."""
    twice = whole(manual(), diagnosis(AUTISM), diagnosis(AUTISM))
    assert said(twice) == ["Early Atypical Autism Spectrum Disorder stands there twice. Take one of them out."]


def test_an_age_outside_a_well_known_limit_needs_a_reason():
    late = whole(manual(), diagnosis(AUTISM), assessed_on=date(2027, 6, 1))
    assert said(late) == [
        "The child’s age is outside the limits of Early Atypical Autism Spectrum Disorder. Say why it is given."
    ]
    assert said(replace(late, diagnoses=(diagnosis(AUTISM, over_age="seen first at 34 months"),))) == []


def test_each_primary_caregiver_is_rated_alone():
    """A child in foster care may have four, and nothing is made of the four together."""
    four = frozenset((MOTHER, FOSTER, GRANDMOTHER, UUID(int=4)))
    lacking = missing(manual(), whole(manual(), primary=four))
    assert [one.about for one in lacking] == [str(GRANDMOTHER), str(UUID(int=4))]
    rated = tuple(Relationship(one, level) for one, level in zip(sorted(four), (1, 4, 2, 2), strict=True))
    assert said(whole(manual(), primary=four, relationships=rated)) == []


def test_no_average_of_levels_is_kept_anywhere():
    names = {one.name for kind in (Formulation, Relationship, Environment) for one in fields(kind)}
    assert not any(word in name for name in names for word in ("average", "mean", "total", "sum"))
    assert not any(word in name.casefold() for name in dir(room) for word in ("average", "mean_", "total"))


def test_a_caregiver_who_left_after_being_rated_keeps_the_rating():
    left = whole(manual(), primary=frozenset((FOSTER,)))
    assert said(left) == []
    assert [one.caregiver for one in left.relationships] == [MOTHER, FOSTER]


def test_each_caregiving_environment_has_its_level():
    assert said(whole(manual(), environments=())) == ["Describe at least one caregiving environment."]
    open_one = (Environment("foster home", frozenset((FOSTER,)), None),)
    assert said(whole(manual(), environments=open_one)) == ["The caregiving environment foster home has no level yet."]


def test_axis_five_is_for_every_child():
    lacking = missing(manual(), whole(manual(), competence=Competence()))
    assert [one.axis for one in lacking] == [Axis.FIVE] * 6
    assert lacking[-1].sentence == "Write down the impression of the whole."


def test_a_stressor_is_named():
    assert said(whole(manual(), stressors=(Stressor("", " ", None),))) == ["Say what the stressor is."]
    assert said(whole(manual(), stressors=(Stressor("", "moved twice", 14), Stressor("neglect", "", 2)))) == []


def test_an_entry_of_health_says_what_it_is_and_how_it_is_known():
    entries = (Health("", HealthSource.SEEN), Health("small", None), Health("ear infections", HealthSource.RECORD))
    assert said(whole(manual(), health=entries)) == [
        "Say what it is about the child’s health.",
        "Say how this is known: small.",
    ]


def test_no_month_lies_after_the_assessment():
    """A slip of the pen in a stressor or in what is said of health; what lies before stands."""
    later = Stressor("", "moved twice", 70), Stressor("neglect", "", 2, 71), Stressor("", "", 72)
    found = [one for one in missing(manual(), whole(manual(), stressors=later)) if one.sentence == room.AFTERWARDS]
    assert [(one.axis, one.facts["what"], one.facts["month"]) for one in found] == [
        (Axis.FOUR, "moved twice", 70),
        (Axis.FOUR, "Neglect", 71),
        (Axis.FOUR, "–", 72),
    ]
    health = (
        Health("small", HealthSource.SEEN, 70),
        Health("", HealthSource.SEEN, 71),
        Health("x", HealthSource.SEEN, 1),
    )
    found = [one for one in missing(manual(), whole(manual(), health=health)) if one.sentence == room.AFTERWARDS]
    assert [(one.axis, one.facts["what"]) for one in found] == [(Axis.THREE, "small"), (Axis.THREE, "–")]


CANNOT = {
    "edition": ({"edition": "dc-9"}, "no edition dc-9"),
    "a child's own": ({"diagnoses": (diagnosis(AUTISM, caregiver=MOTHER),)}, "a child’s own, and names no caregiver"),
    "kind": ({"diagnoses": (diagnosis(EATING, kind="stones"),)}, "no kind called stones"),
    "rated twice": ({"relationships": (Relationship(MOTHER, 1), Relationship(MOTHER, 2))}, "stands there twice"),
    "level": ({"relationships": (Relationship(MOTHER, 5),)}, "no level 5"),
    "level none": ({"environments": (Environment("home", frozenset(), 0),)}, "no level 0"),
    "dimension": (
        {"relationships": (Relationship(MOTHER, 1, {"love": DimensionRating.CONCERN}),)},
        "no dimension called love",
    ),
    "applies": (
        {"environments": (Environment("home", frozenset(), 1, {"problem-solving": None}),)},
        "Problem solving applies to every family",
    ),
    "domain": ({"competence": Competence({"charm": "exceeds"})}, "charm: exceeds is no rating"),
    "rating": ({"competence": Competence({"emotional": "poor"})}, "emotional: poor is no rating"),
}


@pytest.mark.parametrize("name", CANNOT)
def test_what_no_formulation_can_hold_is_refused_in_words(name):
    changed, reason = CANNOT[name]
    with pytest.raises(CannotBe, match=reason):
        missing(manual(), whole(manual(), **changed))


def test_a_household_of_one_child_has_no_harmony_of_siblings():
    only = Environment("home", frozenset(), 1, {"sibling-harmony": None, "problem-solving": DimensionRating.STRENGTH})
    assert said(whole(manual(), environments=(only,))) == []


def test_a_disorder_that_is_not_in_the_manual_and_a_child_too_old_are_refused():
    with pytest.raises(UnknownDisorder):
        missing(manual(), whole(manual(), diagnosis("dmdd")))
    with pytest.raises(NotOfThisAge):
        missing(manual(), whole(manual(), assessed_on=date(2031, 1, 1)))


def test_no_diagnosis_rests_on_axis_two():
    """The same diagnoses lack the same, whatever the levels of the relationships."""
    for level in (1, 2, 3, 4):
        rated = tuple(Relationship(one, level) for one in (MOTHER, FOSTER))
        named = diagnosis(RELATIONSHIP, caregiver=MOTHER, parent=KindOfParent.BIOLOGICAL)
        assert said(whole(manual(), named, relationships=rated)) == []


def test_two_environments_of_one_name_are_said_by_that_name():
    """Whoever signs reads which they are; both stay as they were written."""
    some = (
        Environment("Home", frozenset(), 1),
        Environment("yard", frozenset(), 1),
        Environment("home ", frozenset(), 1),
    )
    lacks = missing(manual(), whole(manual(), environments=some))
    assert [(one.axis, one.about) for one in lacks] == [(Axis.TWO, "home ")]
    assert "called home" in lacks[0].sentence % lacks[0].facts
