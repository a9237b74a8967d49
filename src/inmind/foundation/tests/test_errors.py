"""What a refusal says."""

from __future__ import annotations

import pytest

from inmind.foundation.errors import BadInput, InMindError, KeyReused, NotNow, Refused, Stale, Taken
from inmind.foundation.values import Verdict


def test_a_refusal_says_what_was_found_what_is_expected_and_what_to_do() -> None:
    """Whole sentences, in this order; those that are empty are left out."""
    whole = BadInput(
        "Found %(what)s.", "Expected a date.", "Type it again.", field="born", source="a manual", facts={"what": "“x”"}
    )
    assert whole.in_english() == str(whole) == "Found “x”. Expected a date. Type it again."
    assert (whole.field, whole.source) == ("born", "a manual")
    assert BadInput("Only this.").sentences == ("Only this.",)


def test_a_sentence_without_facts_is_left_as_it_is() -> None:
    """A percent sign of its own is no named place."""
    assert BadInput("100% of it is missing.").in_english() == "100% of it is missing."


def test_a_refused_verb_says_the_sentence_of_its_verdict() -> None:
    """The same one that greys the button."""
    verdict = Verdict(allowed=False, sentence="Only %(who)s can do this.", facts={"who": "the care team"})
    refusal = Refused(verdict)
    assert refusal.verdict is verdict
    assert refusal.in_english() == "Only the care team can do this."


def test_a_stale_save_keeps_what_was_saved_first() -> None:
    """So that both texts can be shown."""
    thing = object()
    assert Stale(thing).thing is thing


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (InMindError("No."), 400),
        (Refused(Verdict(False, "No.")), 403),
        (Stale(None), 409),
        (KeyReused(), 409),
        (NotNow("Not now."), 409),
        (Taken(), 409),
    ],
    ids=["what was sent", "who asks", "an older version", "a key sent twice", "its own state", "the same at once"],
)
def test_the_status_says_whose_turn_it_is(refusal: InMindError, status: int) -> None:
    """400: change what was sent. 403: ask somebody else. 409: look again first. Each with its sentence."""
    assert refusal.status == status
    assert refusal.in_english().endswith(".")
