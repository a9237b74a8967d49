"""Names of competency domains, what people say of themselves, and counts that betray nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.errors import BadInput
from inmind.foundation.loading import parse
from inmind.learning.trainings.adapters.catalog import domains
from inmind.learning.trainings.competency import load
from inmind.learning.trainings.counting import FEWEST, shown
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
    "large groups": ({"a": 5, "b": 9}, {"a": 5, "b": 9}),
    "nobody is nobody's secret": ({"a": 5, "b": 0}, {"a": 5, "b": 0}),
    "two small groups hide each other": ({"a": 3, "b": 1, "c": 9}, {"a": None, "b": None, "c": 9}),
    "one small group takes the next one with it": ({"a": 3, "b": 6, "c": 9}, {"a": None, "b": None, "c": 9}),
    "one small group alone": ({"a": 3}, {"a": None}),
    "one small group and nobody": ({"a": 3, "b": 0}, {"a": None, "b": 0}),
}


@pytest.mark.parametrize(("counts", "told"), SHOWN.values(), ids=SHOWN.keys())
def test_a_count_betrays_nobody(counts: dict[str, int], told: dict[str, int | None]) -> None:
    assert shown(counts) == told


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=8))
def test_no_small_group_is_ever_shown(counts: dict[str, int]) -> None:
    told = shown(counts)
    assert not [key for key, count in told.items() if count is not None and 0 < count < FEWEST]
    hidden = [key for key, count in told.items() if count is None]
    assert len(hidden) != 1 or not [key for key, count in counts.items() if count >= FEWEST]
