"""Names of competency domains, what people say of themselves, and counts that betray nobody."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.errors import BadInput
from inmind.foundation.loading import parse
from inmind.learning.trainings.adapters.catalog import domains
from inmind.learning.trainings.competency import load
from inmind.learning.trainings.counting import FEWEST, shown, since_when
from inmind.learning.trainings.self_said import LANGUAGES, RACES, joined

SHEET = """
title: Domains
edition: "1"
licence: names only
dated: 2026-01-01
source: a page
domains:
  law: {en: Law, es: Leyes, source: a page}
"""


def test_eight_domains_are_known_each_in_both_languages_and_with_its_source() -> None:
    """Source: allianceaimh.org, ncimha.org, pa-aimh.org."""
    assert len(domains()) == 8
    law = domains()["law_regulation_agency_policy"]
    assert law.said("en") == "Law, regulation and agency policy"
    assert law.said("es").startswith("Leyes")
    assert law.said("so") == law.said("en")
    assert law.areas == ("Ethical practice", "Government, law and regulation", "Agency policy")
    assert all(one.source for one in domains().values())


def test_a_domain_whose_areas_are_not_known_has_none() -> None:
    assert load(parse(SHEET, "here"))["law"].areas == ()


@pytest.mark.parametrize("broken", ["title", "source", "domains"])
def test_a_file_that_is_not_whole_is_refused(broken: str) -> None:
    with pytest.raises(BadCatalog):
        load(parse(SHEET.replace(f"{broken}:", "other:", 1), "here"))


def test_what_is_chosen_is_kept_once_and_in_order() -> None:
    assert joined(["white", "asian", "white"], RACES) == "asian white"
    assert joined([], LANGUAGES) == ""


def test_what_is_no_choice_is_refused() -> None:
    with pytest.raises(BadInput):
        joined(["citizen"], RACES)


SHOWN = {
    "in steps of five": ({"a": 5, "b": 9, "c": 10}, 40, {"a": 5, "b": 5, "c": 10}),
    "a small group and nobody look alike": ({"a": 4, "b": 1, "c": 0}, 40, {"a": None, "b": None, "c": None}),
    "all but a few are as telling as a few": ({"a": 36, "b": 35}, 40, {"a": None, "b": 35}),
    "of nine nothing can be told": ({"a": 5, "b": 4}, 9, {"a": None, "b": None}),
}


@pytest.mark.parametrize(("counts", "of", "told"), SHOWN.values(), ids=SHOWN.keys())
def test_a_count_betrays_nobody(counts: dict[str, int], of: int, told: dict[str, int | None]) -> None:
    assert shown(counts, of) == told


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=8), st.integers(0, 60))
def test_no_small_group_is_ever_shown_nor_a_small_rest(counts: dict[str, int], of: int) -> None:
    for key, least in shown(counts, of).items():
        assert least is None or (least >= FEWEST and of - counts[key] >= FEWEST)


def test_what_is_told_is_of_the_quarters_that_are_over() -> None:
    assert since_when(date(2026, 11, 20)) == date(2026, 10, 1)
    assert since_when(date(2026, 1, 1)) == date(2026, 1, 1)
