"""What an adult reads before she signs: whole for every consent that can be asked for, and in short words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from inmind.access.consent_text import text
from inmind.access.consents import KINDS, NOT_HERS, Consent, Days, Kind
from inmind.access.tests.test_consents import AGREED, HERS, PART_2

ASKED = replace(AGREED, days=Days(date(2026, 1, 1), date(2026, 6, 30)))
IN_COURT = replace(ASKED, counsel="Ana Ruiz", hearing=date(2026, 12, 1))


def said(asked: Consent) -> str:
    return "\n".join(one.words % one.facts for one in text(asked, agency="Harbor", name="Mateo"))


def test_protect_5_it_says_what_depends_on_nothing_and_how_to_take_it_back() -> None:
    """To whom, what, why, of which days, until when; that a no costs nothing; that a yes is taken back at any time."""
    whole = said(ASKED)
    for words in ("Harbor asks you", ASKED.recipient, "about Mateo", "2026-01-01 to 2026-06-30", "ends on 2027-03-01"):
        assert words in whole
    assert "Nothing changes: not your place, not your visits" in whole and "Nobody asks you why." in whole
    assert "take your yes back at any time" in whole and "who was told what" in whole
    assert {one.words for one in text(ASKED, agency="Harbor", name="Mateo") if one.is_point} == {
        KINDS[kind].words for kind in ASKED.kinds
    }
    shown = [one for one in text(ASKED, agency="Harbor", name="Mateo", shown=("For whom: 5 %",)) if one.is_point]
    assert [one.words % one.facts for one in shown] == ["For whom: 5 %"], (
        "what is known word by word has no kinds beside it"
    )
    about_her = said(replace(ASKED, about_child=False))
    assert "serves you" in about_her and "they are served" not in about_her


@pytest.mark.parametrize(
    ("asked", "there", "absent"),
    [
        (replace(HERS, kinds=frozenset({Kind.SCREENS})), "things about you?", NOT_HERS),
        (ASKED, NOT_HERS, "about you?"),
        (replace(ASKED, days=Days(date(2026, 1, 1)), until=None), "lasts until you take it back", "ends on"),
        (IN_COURT, "Talk with Ana Ruiz before you sign.", "ends at the next"),
        (PART_2, "42 CFR Part 2", "may tell it to others"),
        (replace(ASKED, covered=False), "(HIPAA) does not bind them", "We do not know"),
        (replace(ASKED, covered=None), "We do not know", "does not bind them"),
    ],
    ids=["about herself", "the child's", "no end", "in court", "Part 2", "not bound", "not known"],
)
def test_it_says_what_holds_for_this_consent(asked: Consent, there: str, absent: str) -> None:
    assert there in said(asked) and absent not in said(asked)


def test_each_of_its_sentences_is_short() -> None:
    """At most twenty words, but for the names in it; what a kind covers and does not is said as everywhere."""
    each = (IN_COURT, HERS, PART_2, replace(ASKED, covered=None))
    lines = [one for asked in each for one in text(asked, agency="", name="") if one.words != NOT_HERS]
    own = {one.words for one in lines if not one.is_point}
    sentences = [part for words in own for part in re.split(r"(?<=[.?:])\s", words)]
    assert max(len(part.split()) for part in sentences) <= 20
