"""A score in somebody's own words is found before a court reads it, and a plain sentence is left alone."""

from __future__ import annotations

import pytest

from inmind.families.screen_words import speaks_of_a_screen

NAMES = (
    "EPDS",
    "Edinburgh Postnatal Depression Scale",
    "PHQ-9",
    "M-CHAT-R",
    "Parent's concerns",
    "ACE-10",
    "ASQ:SE-2",
    "B",
)


@pytest.mark.parametrize(
    "words",
    [
        "Her EPDS total was 19 today and she keeps going",
        "The edinburgh postnatal depression scale went well",
        "phq9 was better",
        "PHQ is done",
        "mchat: a look is worth it",
        "An ASQ SE showed it",
        "Her ACE is known",
        "She scored high, 12 in all",
        "19 in total",
        "La puntuación fue 14",
        "9 points",
    ],
)
def test_protect_1_7_a_screen_is_found_in_free_words(words: str) -> None:
    assert speaks_of_a_screen(words, NAMES)


@pytest.mark.parametrize(
    "words",
    [
        "She points at 3 dogs and laughs",
        "He lost a tooth. In total they laughed. 3 of them sang",
        "An ace mother, her concerns are her parent's concerns",
        "Sings to him every night",
        "The mapped way home took 19 minutes",
    ],
)
def test_what_was_said_of_a_child_stands(words: str) -> None:
    assert not speaks_of_a_screen(words, NAMES)
