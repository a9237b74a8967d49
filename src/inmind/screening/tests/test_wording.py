"""The words of an instrument, and whether an agency may send them on a day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from inmind.screening import wording
from inmind.screening.wording import Right, WordedChoice, WordedItem, Words, chosen, words_of

TODAY, DAY = date(2026, 11, 21), timedelta(1)
HERE, ELSEWHERE = uuid4(), uuid4()
RIGHT = Right(uuid4(), "2026", "en", None, TODAY, None, is_withdrawn=False)


def choose(*rights: Right, language: str = "en", on: date = TODAY, at: UUID | None = HERE) -> tuple[Right | None, str]:
    right, verdict = chosen(rights, name="EPDS", edition="2026+ours", language=language, organization=at, on=on)
    assert bool(verdict) == (right is not None)
    assert "%" not in verdict.sentence % verdict.facts
    return right, verdict.sentence


@pytest.mark.parametrize(
    ("right", "said"),
    [
        (replace(RIGHT, edition="2025"), wording.OTHER_EDITION),
        (replace(RIGHT, organization=ELSEWHERE), wording.ELSEWHERE),
        (replace(RIGHT, language="es"), wording.OTHER_LANGUAGE),
        (replace(RIGHT, is_withdrawn=True), wording.WITHDRAWN),
        (replace(RIGHT, starts=TODAY + DAY), wording.NOT_BEGUN),
        (replace(RIGHT, starts=TODAY - 9 * DAY, ends=TODAY - DAY), wording.ENDED),
    ],
    ids=["edition", "agency", "language", "withdrawn", "not begun", "ended"],
)
def test_each_refusal_says_its_own_reason_and_one_that_may_be_sent_wins_over_it(right: Right, said: str) -> None:
    """Beside each refusal stands the permitted case: the same list with one more that holds."""
    assert choose(right) == (None, said)
    assert choose(right, RIGHT) == (RIGHT, wording.MAY) == choose(RIGHT, right)


def test_without_any_wording_the_refusal_says_whose_it_is_and_what_to_do() -> None:
    assert choose() == (None, wording.NONE)


def test_a_license_holds_on_its_first_and_on_its_last_day() -> None:
    right = replace(RIGHT, starts=TODAY, ends=TODAY)
    assert choose(right)[0] == right
    assert [choose(right, on=TODAY + step)[1] for step in (-DAY, DAY)] == [wording.NOT_BEGUN, wording.ENDED]


def test_the_very_language_the_agencys_own_and_the_latest_win() -> None:
    """In this order; a neighbor of the language serves where the very one is not there."""
    mexican, spanish = (replace(RIGHT, id=uuid4(), language=code) for code in ("es-MX", "es"))
    assert choose(spanish, mexican, language="ES")[0] == spanish
    assert choose(spanish, mexican, language="es-mx")[0] == mexican
    assert choose(mexican, language="es")[0] == mexican
    own, newer = replace(RIGHT, id=uuid4(), organization=HERE), replace(RIGHT, id=uuid4())
    assert choose(own, RIGHT, newer)[0] == own
    assert choose(own, RIGHT, newer, at=ELSEWHERE)[0] == newer


def test_words_come_back_from_what_is_kept_of_them_as_they_were() -> None:
    item = WordedItem("epds_1", "Invented", (WordedChoice(3, "one"), WordedChoice(0, "two")), number="1.", note="x")
    words = Words(title="Invented form", items=(item,), before="First", copyright="Nobody")
    assert Words(**words_of(json.loads(json.dumps(words.as_data())))) == words
    assert words.item("epds_1") is item
    with pytest.raises(KeyError):
        words.item("epds_2")
