"""Programs beside one another."""

from __future__ import annotations

from inmind.services.adapters.catalog import not_at_once, programs
from inmind.services.fitting.beside import beside


def why(key: str, *enrolled: str) -> str:
    all_of_them = programs()
    found = beside(all_of_them[key], [all_of_them[one] for one in enrolled], not_at_once())
    return "" if found is None else found.says


def test_two_long_home_visiting_models_are_not_offered_at_once_and_a_brief_therapy_is() -> None:
    assert "two of this kind" in why("hfa", "cpp", "nfp")
    assert why("cpp", "nfp") == ""
    assert why("pfr", "nfp") == ""
    assert "already" in why("cpp", "cpp")


def test_an_entitlement_stands_beside_everything() -> None:
    assert why("part_c", "nfp", "cpp") == ""
    assert why("nfp", "part_c") == ""
