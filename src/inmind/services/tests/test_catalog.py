"""The files of programs, questions and rules: what they hold, and how one with a fault is refused at its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.loading import ours, parse
from inmind.services.adapters.catalog import asked, programs
from inmind.services.adapters.catalog import early_intervention as clocks
from inmind.services.early import clocks as early_intervention
from inmind.services.fitting import beside, program_file, questions
from inmind.services.fitting.questions import Of

WHOLE = """title: A program
edition: '1'
date: 2026-11-21
key: a_program
licence: Ours.
sources:
  seen: {what: a page, read: true}
category: home_visiting
continuum: prevention
whom: dyad
window:
  before_birth: false
  after_birth: true
  from_month: {value: 6, source: seen, confidence: high}
  to_month: {value: 24, source: seen, confidence: high}
criteria:
  all_of:
    - {ask: foster_care, source: seen, confidence: high}
evidence:
- {by: homvee, rating: null, reviewed: 2020, source: seen, confidence: high, miechv_eligible: false}
facts:
- {what: sessions, fact: {value: [10, 12], source: seen, confidence: high}}
"""


def load(text: str) -> None:
    program_file.load(parse(text, "a file"), frozenset(asked()))


def test_every_program_of_the_field_is_there_with_its_sources() -> None:
    assert len(programs()) == 25
    for program in programs().values():
        named = {rating.source for rating in program.evidence} | {fact.source for fact in program.facts.values()}
        assert named - {""} <= set(program.sources)
    assert {key for key, one in programs().items() if one.is_entitlement} == {"part_c", "part_b_619"}
    assert programs()["pat"].facts["caseload"].value == 18
    assert programs()["hfa"].facts["caseload"].value == (15.0, 20.0)


def test_what_could_not_be_verified_says_so() -> None:
    assert "do not present them" in programs()["my_baby_and_me"].warning
    assert programs()["mtb"].facts["availability"].value == "not_operating_in_us"
    recalled = [rating for one in programs().values() for rating in one.evidence if rating.confidence == "low"]
    assert {rating.by for rating in recalled} == {"cebc", "title_iv_e"}


def test_protect_9_nothing_asks_for_what_is_never_asked() -> None:
    """protect.md 9: no immigration status, no country of birth, no social security number."""
    never = re.compile(
        r"immigra|citizen|passport|\bborn in\b|country|social security|ciudadan|pa[ií]s|seguro social", re.I
    )
    assert not [one.key for one in asked().values() if never.search(f"{one.key} {one.asks} {one.asks_es}")]


def test_each_question_is_asked_in_both_languages_of_somebody_who_can_answer() -> None:
    used = {row.ask for one in programs().values() for rows in _criteria(one) for row in rows}
    used |= {wider.when for one in programs().values() for wider in one.window.exceptions}
    assert used == set(asked())
    assert all(one.asks and one.asks_es and one.of in Of for one in asked().values())


def test_two_questions_are_the_same_only_where_the_same_people_say_it_of_the_same() -> None:
    text = (Path(__file__).parents[1] / "catalog/questions.yaml").read_text(encoding="utf-8")
    for wrong in ("same_as: first_birth", "same_as: low_income_focus", "same_as: favorite_color"):
        with pytest.raises(BadCatalog, match=f"a file, line 13: {wrong[9:]} is no question"):
            questions.load(parse(text.replace("same_as: low_income_or_low_resource", wrong, 1), "a file"))


def _criteria(program: object) -> tuple[tuple[program_file.Criterion, ...], ...]:
    criteria = program.criteria  # type: ignore[attr-defined]
    return criteria.all_of, criteria.any_of, criteria.for_some


def test_a_whole_file_is_read() -> None:
    load(WHOLE)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("{value: 24, ", "{value: 6, ", 15, "closes after it opens"),
        (
            "{value: 6, source: seen, confidence: high}",
            "{value: 6, source: seen, confidence: low}",
            14,
            "low confidence",
        ),
        ("{value: 6, ", "{value: -1, ", 14, "not negative"),
        ("ask: foster_care", "ask: favorite_color", 18, "no question favorite_color"),
        ("continuum: prevention", "continuum: everything", 9, "promotion, prevention, intervention"),
        ("criteria:\n", "criteria_known: false\ncriteria:\n", 16, "not known cannot stand here"),
        ("source: seen, confidence: high, miechv", "source: heard, confidence: high, miechv", 20, "heard"),
        ("date: 2026-11-21", "date: soon", 3, "a date"),
    ],
)
def test_a_file_with_a_fault_is_refused_at_its_line(old: str, new: str, line: int, reason: str) -> None:
    assert old in WHOLE
    with pytest.raises(BadCatalog, match=f"a file, line {line}: .*{reason}"):
        load(WHOLE.replace(old, new, 1))


RULES = {sheet.mapping()["key"].text(): sheet.file for sheet in ours("services", "catalog/rules")}


def text_of(key: str) -> str:
    return (Path(__file__).parents[2] / RULES[key]).read_text(encoding="utf-8")


def test_what_is_hardly_known_forbids_nothing_and_runs_no_clock() -> None:
    table = text_of("together").replace("confidence: medium", "confidence: low")
    with pytest.raises(BadCatalog, match="forbids nothing"):
        beside.load(parse(table, "a file"))
    for change in (
        ("value: 45, source: c303_310, confidence: high", "value: 45, source: c303_310, confidence: low"),
        ("{value: 7,", "{value: 0,"),
    ):
        with pytest.raises(BadCatalog, match="a clock needs"):
            early_intervention.load(parse(text_of("early_intervention").replace(*change), "a file"))
    assert set(clocks().pauses) == {"family_circumstances", "consent_not_given"}
