"""What is missing before a signature, what changed since it was read, and when somebody looks again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inmind.diagnosis import signing, words, writing
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.ages import NotOfThisAge
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.errors import DraftChanged, NotAsSigned, NotBornYet, NotWhole, SignedAlready
from inmind.diagnosis.formulation import Axis, Certainty, HealthSource, Part
from inmind.diagnosis.manual import DimensionRating
from inmind.diagnosis.tests.invented import ADHD, AUTISM, BORN, diagnosis
from inmind.diagnosis.tests.test_writing import DRAFT
from inmind.diagnosis.visits import Place
from inmind.diagnosis.writing import Draft, Head

TODAY = date(2026, 4, 20)


def test_a_draft_that_holds_nothing_says_all_that_it_needs():
    said = [(one.axis, one.sentence) for one in signing.lacking(manual(), Draft(), BORN, TODAY)]
    assert [sentence for axis, sentence in said if axis is Axis.HEAD] == [
        "Say on which day the child was assessed.",
        "Say by which edition of the manual.",
        "Say who the child’s primary caregivers are.",
    ]
    assert {axis for axis, _sentence in said} == {Axis.HEAD, Axis.ONE, Axis.TWO, Axis.FIVE}


def test_a_new_version_is_not_assessed_before_the_last_one():
    day = DRAFT.head.assessed_on
    assert day is not None
    for last, is_said in ((day, False), (day + timedelta(1), True)):
        lacking = signing.lacking(manual(), DRAFT, BORN, TODAY, last)
        assert any("The last version is of" in one.sentence for one in lacking) is is_said


def test_a_source_of_health_that_nobody_said_is_asked_and_never_guessed():
    lacking = signing.lacking(manual(), DRAFT, BORN, TODAY)
    assert [one.sentence % one.facts for one in lacking if one.axis is Axis.THREE] == ["Say how this is known: small."]


def test_a_six_year_old_is_not_formulated_by_this_manual():
    late = replace(DRAFT, head=replace(DRAFT.head, assessed_on=date(2030, 3, 15)))
    with pytest.raises(NotOfThisAge, match="72 months"):
        signing.lacking(manual(), late, BORN, TODAY)


def test_age_is_looked_at_on_the_day_of_the_assessment_not_of_the_writing():
    """Assessed a day before the third birthday, written weeks after it: the window was open."""
    draft = replace(DRAFT, one=writing.One((diagnosis(AUTISM),)), three=writing.Three())
    third = date(2027, 3, 15)
    just = replace(draft, head=replace(draft.head, assessed_on=third - timedelta(1)))
    late = replace(draft, head=replace(draft.head, assessed_on=third + timedelta(40)))
    outside = "The child’s age is outside the limits of %(name)s. Say why it is given."
    asked = {
        name: outside in [one.sentence for one in signing.lacking(manual(), one, BORN, third + timedelta(60))]
        for name, one in (("just", just), ("late", late))
    }
    assert asked == {"just": False, "late": True}


def test_what_was_saved_since_it_was_read_is_named():
    seen = {"head": 3, "one": 1, "with:1": 1}
    assert signing.changed(seen, dict(seen)) == ()
    assert signing.changed(seen, {"head": 4, "one": 1, "with:1": 1, "place:1": 1}) == ("head", "place:1")
    assert signing.changed({"head": 1, "gone": 1}, {"head": 1}) == ("gone",)


def test_a_diagnosis_whose_window_closes_says_when():
    given, out, third = Certainty.WORKING, Certainty.RULED_OUT, date(2027, 3, 15)
    assert signing.closes_on(manual(), AUTISM, given, BORN, TODAY) == third
    assert signing.closes_on(manual(), AUTISM, given, BORN, third) is None
    assert signing.closes_on(manual(), AUTISM, given, BORN, third, was_asked=True) == third
    for name, certainty in ((ADHD, given), (AUTISM, out), ("no-such", given)):
        assert signing.closes_on(manual(), name, certainty, BORN, TODAY) is None


def test_nobody_is_asked_a_year_ahead():
    assert not signing.is_asked(TODAY + timedelta(61), TODAY) and signing.is_asked(TODAY + timedelta(60), TODAY)


@pytest.mark.parametrize(
    ("days", "today", "due"),
    [(30, TODAY, date(2027, 2, 13)), (30, date(2027, 3, 1), date(2027, 3, 1)), (1, TODAY, date(2027, 3, 14))],
)
def test_somebody_looks_again_so_long_before_it_closes_and_never_in_the_past(days, today, due):
    assert signing.due_on(date(2027, 3, 15), days, today) == due


def test_a_mark_is_over_everything_that_was_signed():
    facts = {"number": 1, "content": "{}"}
    same = signing.marked(facts, ["b", "a"])
    assert same == signing.marked(dict(reversed(facts.items())), ["a", "b"])
    assert len({same, signing.marked(facts, ["a"]), signing.marked({**facts, "number": 2}, ["a", "b"])}) == 3


def test_the_refusals_say_what_comes_next():
    assert DraftChanged(["head"]).parts == ("head",)
    for refusal in (DraftChanged([]), NotWhole(), SignedAlready(), NotBornYet(), NotAsSigned()):
        assert len(refusal.sentences) == 3


def test_every_kind_has_its_words():
    """And no word of them is a publisher's: they name structure, not criteria."""
    assert set(words.CERTAINTIES) == set(Certainty) and set(words.PARENTS) == set(KindOfParent)
    assert set(words.SOURCES) == set(HealthSource) and set(words.RATINGS) == set(DimensionRating)
    assert set(words.PLACES) == set(Place) and set(words.PARTS) == set(Part) and set(words.AXES) == set(Axis)


def test_the_head_of_a_draft_may_be_empty():
    assert Head() == writing.head('{"format": 1}')
