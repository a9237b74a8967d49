"""Counties and languages as people and directories write them."""

from __future__ import annotations

import pytest

from inmind.services.adapters.catalog import known_counties
from inmind.services.listings.county_names import code_of, named
from inmind.services.listings.languages import code_of as language_of


@pytest.mark.parametrize(
    ("said", "state", "code"),
    [
        ("Lake County", "CA", "06033"),
        ("lake, ca", "TX", "06033"),
        ("Lake", "", None),
        ("Dallam", "", "48111"),
        ("48111", "", "48111"),
        ("dona ana", "NM", "35013"),
        ("Fairfax County", "VA", "51059"),
        ("Fairfax", "VA", "51059"),
        ("Nowhere", "TX", None),
    ],
)
def test_a_county_is_known_by_its_name(said: str, state: str, code: str | None) -> None:
    assert code_of(known_counties(), said, state) == code


def test_a_county_of_another_state_is_named_with_it() -> None:
    assert named(known_counties(), ["48111", "06033", "99999"], "CA") == ["Dallam County, TX", "Lake County"]


@pytest.mark.parametrize(
    ("said", "code"), [("es-MX", "es"), ("spa", "es"), ("Spanish", "es"), ("es_US", "es"), ("Klingon", None)]
)
def test_a_language_is_known_by_its_code_or_name(said: str, code: str | None) -> None:
    assert language_of(said) == code
