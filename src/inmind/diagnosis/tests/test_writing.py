"""A formulation as it is kept, and back; what is damaged or older is said, and nothing is guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.diagnosis import writing
from inmind.diagnosis.adapters.catalog import manual
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
from inmind.diagnosis.tests.invented import AUTISM, BORN, EATING, FOSTER, MOTHER, RELATIONSHIP, diagnosis, whole
from inmind.diagnosis.writing import Damaged, Draft, Four, Head, Newer, One, Three

RATED = Relationship(
    MOTHER,
    3,
    {"comfort": DimensionRating.STRENGTH},
    "he is slow to warm",
    "they sing",
    "seen at home and at the clinic",
)
PLACE = Environment(
    "foster home",
    frozenset((FOSTER,)),
    2,
    {"sibling-harmony": None, "problem-solving": DimensionRating.CONCERN},
    "a",
    "b",
)
FULL = whole(
    manual(),
    diagnosis(AUTISM, over_age="first seen at 30 months"),
    diagnosis(EATING, Certainty.WORKING, kind="pica"),
    diagnosis(RELATIONSHIP, Certainty.RULED_OUT, caregiver=MOTHER, parent=KindOfParent.FOSTER),
    relationships=(RATED,),
    environments=(PLACE,),
    health=(Health("ear infections", HealthSource.RECORD, 4), Health("small", None)),
    stressors=(Stressor("neglect", "", 2, 9, severity="heavy"), Stressor("", "moved", None, goes_on=True)),
    culture=Culture("grandparents raise children too", "I grew up elsewhere"),
    strengths="curious",
    beside={Axis.ONE: "he asks for help", Axis.FOUR: "his aunt comes each day"},
)
DRAFT = Draft(
    head=Head(FULL.edition, FULL.assessed_on, FULL.primary, FULL.strengths),
    one=One(FULL.diagnoses, FULL.no_diagnosis, "he asks for help"),
    three=Three(FULL.health),
    four=Four(FULL.stressors, "his aunt comes each day"),
    five=FULL.competence,
    culture=FULL.culture,
    relationships=(RATED,),
    environments=(PLACE,),
)


def test_each_part_of_a_draft_comes_back_as_it_was_written():
    again = Draft(
        head=writing.head(writing.written(DRAFT.head)),
        one=writing.one(writing.written(DRAFT.one)),
        three=writing.three(writing.written(DRAFT.three)),
        four=writing.four(writing.written(DRAFT.four)),
        five=writing.five(writing.written(DRAFT.five)),
        culture=writing.culture(writing.written(DRAFT.culture)),
        relationships=(writing.relationship(writing.written(RATED), MOTHER),),
        environments=(writing.environment(writing.written(PLACE)),),
    )
    assert again == DRAFT
    assert writing.formulation(again, BORN, date(2026, 4, 20)) == FULL


def test_nothing_written_is_an_empty_part():
    empty = Draft(
        writing.head(None), writing.one(None), writing.three(None), writing.four(None), writing.five(None),
        writing.culture(None), (writing.relationship(None, FOSTER),), (writing.environment(None),),
    )  # fmt: skip
    assert empty == Draft(
        relationships=(Relationship(FOSTER, None),), environments=(Environment("", frozenset(), None),)
    )
    made = writing.formulation(empty, BORN, date(2026, 4, 20))
    assert made == Formulation("", BORN, date(2026, 4, 20), frozenset())


@pytest.mark.parametrize(
    "part",
    [
        Relationship(MOTHER, 1),
        Relationship(MOTHER, None, contributions="quick"),
        Relationship(MOTHER, None, strengths="sings"),
        Environment("home", frozenset(), None),
        Environment("", frozenset(), None, {"problem-solving": None}),
        Environment("", frozenset(), None, words="seen"),
    ],
)
def test_a_part_of_axis_two_with_anything_in_it_stands_in_the_version(part):
    assert writing.has_words(part)


def test_a_signed_version_comes_back_with_axis_two_only_where_it_is_given():
    """Axis II stands by itself: without it, nothing of it is in what was kept."""
    kept = writing.signed(FULL)
    assert "sing" not in kept and "relationships" in kept
    assert writing.version(kept, [(writing.written(RATED), MOTHER)], [writing.written(PLACE)]) == FULL
    assert writing.version(kept) == replace(FULL, relationships=(), environments=())


def test_a_new_draft_begins_with_the_last_version_and_asks_anew_what_was_true_of_that_day():
    """The day, the look into the manual and the reason for an age are of that assessment alone; who left is primary no more."""
    begun = writing.begun_from(FULL, frozenset((FOSTER,)))
    assert begun.head == Head(FULL.edition, None, frozenset((FOSTER,)), "curious")
    assert [(one.disorder, one.looked_up, one.over_age) for one in begun.one.diagnoses] == [
        (AUTISM, False, ""),
        (EATING, False, ""),
        (RELATIONSHIP, False, ""),
    ]
    assert begun.relationships == (RATED,)
    assert (begun.one.strengths, begun.three.strengths) == ("he asks for help", "")


DAMAGED = {
    "no JSON": "{",
    "no object": "[1]",
    "no format": "{}",
    "a format in words": '{"format": "1"}',
}


@pytest.mark.parametrize("words", DAMAGED.values(), ids=DAMAGED.keys())
def test_what_is_damaged_is_said_by_its_part(words):
    with pytest.raises(Damaged, match=r"cannot be read \(Axis I\).*left as it is"):
        writing.one(words)


def test_what_a_newer_version_wrote_says_so():
    with pytest.raises(Newer, match=r"newer InMind \(Axis IV\)"):
        writing.four('{"format": 2}')


def test_older_json_lacks_a_field_and_stands_empty_there():
    assert writing.one('{"format": 1, "diagnoses": []}') == One()


WRONG = {
    "words": (writing.head, {"strengths": 5}),
    "a day": (writing.head, {"assessed_on": "April"}),
    "people": (writing.head, {"primary": ["nobody"]}),
    "a list": (writing.head, {"primary": "nobody"}),
    "a flag": (writing.one, {"no_diagnosis": "no"}),
    "rows": (writing.one, {"diagnoses": [1]}),
    "certainty": (writing.one, {"diagnoses": [{"disorder": AUTISM}]}),
    "caregiver": (writing.one, {"diagnoses": [{"certainty": "working", "caregiver": "x"}]}),
    "parent": (writing.one, {"diagnoses": [{"certainty": "working", "parent": "aunt"}]}),
    "a month": (writing.four, {"stressors": [{"from_month": 1.5}]}),
    "a truth for a month": (writing.four, {"stressors": [{"from_month": True}]}),
    "source": (writing.three, {"health": [{"source": "hearsay"}]}),
    "ratings": (writing.five, {"ratings": []}),
    "a dimension": (writing.environment, {"dimensions": {"play": "good"}}),
}


@pytest.mark.parametrize(("read", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_field_that_cannot_be_is_named(read, said):
    with pytest.raises(Damaged, match="cannot be read"):
        read(json.dumps({"format": 1, **said}))


@pytest.mark.parametrize("words", [None, '{"format": 1}', '{"format": 1, "born": "2024-03-15"}'])
def test_a_version_of_which_nothing_is_left_says_so(words):
    with pytest.raises(Damaged):
        writing.version(words)


@given(
    st.lists(
        st.builds(
            Diagnosis,
            disorder=st.text(max_size=20),
            certainty=st.sampled_from(Certainty),
            reasons=st.text(max_size=60),
            looked_up=st.booleans(),
            caregiver=st.none() | st.uuids(),
            parent=st.none() | st.sampled_from(KindOfParent),
            kind=st.text(max_size=9),
            over_age=st.text(max_size=20),
        ),
        max_size=4,
    ),
    st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3),
    st.dates(),
    st.frozensets(st.uuids(), max_size=4),
)
def test_any_formulation_comes_back(diagnoses, ratings, day, primary):
    made = Formulation("dc-0-5", day, day, primary, tuple(diagnoses), competence=Competence(ratings))
    assert writing.version(writing.signed(made)) == made
    assert writing.signed(made) == writing.signed(replace(made))


def test_the_same_person_written_twice_is_one():
    said = json.dumps({"format": 1, "primary": [str(UUID(int=1)), str(UUID(int=1))]})
    assert writing.head(said).primary == {UUID(int=1)}


def test_a_draft_goes_on_without_whoever_was_erased():
    """No diagnosis is about them any more, and nothing names them; everything else stays as it was written."""
    gone, stays = UUID(int=1), UUID(int=2)
    draft = Draft(
        head=Head(primary=frozenset((gone, stays))),
        one=One((Diagnosis("x", Certainty.WORKING, "", caregiver=gone), Diagnosis("y", Certainty.WORKING, ""))),
        relationships=(Relationship(gone, 2), Relationship(stays, 3)),
        environments=(Environment("home", frozenset((gone, stays)), 1),),
    )
    assert writing.named(draft) == {gone, stays} == writing.rated(draft)
    left = writing.without(draft, frozenset((gone,)))
    assert writing.named(left) == {stays}
    assert [one.disorder for one in left.one.diagnoses] == ["y"]
    assert [one.caregiver for one in left.relationships] == [stays]
    for part in (Four(), left.head, left.one, left.environments[0]):
        assert writing.without(part, frozenset((gone,))) == part
    assert writing.named(Four()) == frozenset()
    assert writing.named(left.environments[0]) == {stays}
