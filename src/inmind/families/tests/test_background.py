"""Race and ethnicity in both federal editions: the names are the federal ones, several fit, nothing is required."""

from __future__ import annotations

import pytest

from inmind.families.background import EDITIONS, OMB_1997, OMB_2024, check, words
from inmind.foundation.errors import BadInput


def test_the_names_of_2024_are_those_of_the_directive() -> None:
    """One question, seven categories. OMB SPD 15, 89 FR 22182."""
    (question,) = OMB_2024.questions
    assert list(question.categories.values()) == [
        "American Indian or Alaska Native",
        "Asian",
        "Black or African American",
        "Hispanic or Latino",
        "Middle Eastern or North African",
        "Native Hawaiian or Pacific Islander",
        "White",
    ]
    assert "89 FR 22182" in OMB_2024.source


def test_the_names_of_1997_are_those_of_the_directive() -> None:
    """Two questions, two and five categories. OMB SPD 15, 62 FR 58782."""
    ethnicity, race = OMB_1997.questions
    assert list(ethnicity.categories.values()) == ["Hispanic or Latino", "Not Hispanic or Latino"]
    assert list(race.categories.values()) == [
        "American Indian or Alaska Native",
        "Asian",
        "Black or African American",
        "Native Hawaiian or Other Pacific Islander",
        "White",
    ]
    assert "62 FR 58782" in OMB_1997.source


@pytest.mark.parametrize("edition", EDITIONS)
def test_nothing_and_several_are_answers(edition: str) -> None:
    """It is optional, and nobody has to be one thing."""
    check(edition, ())
    check(edition, ("asian", "white"))
    assert words(edition, ("white", "asian")) == ["Asian", "White"]


@pytest.mark.parametrize(
    ("edition", "said", "sentence"),
    [
        ("omb_1990", (), "edition of the question is not known"),
        ("omb_1997", ("middle_eastern_or_north_african",), "is not an answer of this edition"),
        ("omb_1997", ("hispanic_or_latino", "not_hispanic_or_latino"), "only one can stand"),
        ("omb_2024", ("other",), "is not an answer of this edition"),
    ],
    ids=["an unknown edition", "a category of the other edition", "both of two", "a category of neither"],
)
def test_what_no_edition_asks_is_refused(edition: str, said: tuple[str, ...], sentence: str) -> None:
    """Answers are kept with the question they answer."""
    with pytest.raises(BadInput, match=sentence):
        check(edition, said)


def test_words_of_an_unknown_edition_are_none() -> None:
    """Rather than words of another question."""
    assert words("omb_1977", ("white",)) == []
