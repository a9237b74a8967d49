"""What "did you mean" asks."""

from __future__ import annotations

import pytest

from inmind.foundation.nearest import did_you_mean, nearest

KNOWN = ["epds", "epds3", "phq2", "phq9", "mchatr", "mchatrf", "swycmilestones"]


@pytest.mark.parametrize(
    ("found", "near"),
    [
        pytest.param("edps", ("epds", "epds3"), id="letters that changed places"),
        pytest.param("PHQ-9", ("phq9",), id="capitals and a sign between"),
        pytest.param("phq", ("phq2", "phq9"), id="only the beginning"),
        pytest.param("swyc", ("swycmilestones",), id="the beginning of a much longer name"),
        pytest.param("M-CHAT-R/F", ("mchatrf",), id="as its publisher writes it"),
        pytest.param("e", (), id="one letter is the beginning of nothing"),
        pytest.param("", (), id="nothing"),
        pytest.param("scared", (), id="another instrument altogether"),
        pytest.param("epds" * 100_000, (), id="a text beyond measure"),
    ],
)
def test_the_nearest_names_are_found(found: str, near: tuple[str, ...]) -> None:
    """As somebody mistypes them; what is far stays unnamed."""
    assert nearest(found, KNOWN) == near


def test_the_question_is_asked_only_where_a_name_is_near() -> None:
    """With a space behind it, to stand before what is said in any case."""
    assert did_you_mean("phq", KNOWN) == "Did you mean phq2 or phq9? "
    assert did_you_mean("scared", KNOWN) == ""
