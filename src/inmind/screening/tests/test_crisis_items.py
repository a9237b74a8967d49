"""Which answers need a person now, as data for a device: the instrument's own rule, and nothing else."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.errors import NotNow
from inmind.screening import scoring
from inmind.screening.adapters.catalog import shipped
from inmind.screening.crisis_items import cases, crisis_of, helps, table
from inmind.screening.instruments import Instrument
from tests.architecture.house import SOURCE

TABLE = SOURCE / "away" / "static" / "away" / "cases.json"
EVERY = sorted(shipped().values(), key=lambda one: one.key)
CALLING = [one for one in EVERY if one.asks_about_safety]


def test_every_instrument_can_be_taken_along() -> None:
    """The items are those that the catalog names as a crisis; most instruments have none."""
    for one in EVERY:
        named = {(each.item, each.at_least) for each in one.critical if each.is_crisis}
        assert {(each["item"], each["at_least"]) for each in crisis_of(one)} == named
    assert {one.key for one in CALLING} >= {"epds", "phq9"}


@given(data=st.data(), one=st.sampled_from(CALLING))
def test_a_device_shows_help_exactly_where_the_server_would_call_a_person(data: Any, one: Instrument) -> None:
    """Whatever is answered, blank or left out."""
    answers = {
        item.key: points
        for item in one.items
        if (points := data.draw(st.sampled_from(["left out", None, *item.values]))) != "left out"
    }
    calls = any(flag.is_crisis for flag in scoring.flags(one, answers))
    assert helps(crisis_of(one), answers) == calls


def test_the_shared_table_is_what_the_catalog_says() -> None:
    """The script of the page is tried against it. Written anew with INMIND_WRITE_CASES=1."""
    made = json.dumps(table(EVERY), indent=1, sort_keys=True) + "\n"
    if os.environ.get("INMIND_WRITE_CASES"):
        TABLE.write_text(made, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == made
    for case in json.loads(made)["cases"]:
        assert helps(json.loads(made)["forms"][case["form"]], case["answers"]) == case["help"]
    assert {case["help"] for case in cases(shipped()["epds"])} == {True, False}


@pytest.mark.parametrize("rule", ["a worse answer needs nobody", "two answers together", "a blank", "nothing at all"])
def test_a_rule_that_cannot_be_said_so_is_refused(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the form is not taken along, and help is never left to a device that cannot know."""
    one = shipped()["epds"]
    (crisis,) = [flag for flag in scoring.flags(one, {"epds_10": 3}) if flag.is_crisis]
    calls = {
        "a worse answer needs nobody": lambda said: said.get("epds_10") == 1,
        "two answers together": lambda said: bool(said.get("epds_1") and said.get("epds_2")),
        "a blank": lambda said: "epds_10" in said and said["epds_10"] is None,
        "nothing at all": lambda said: all(points is None for points in said.values()),
    }[rule]
    monkeypatch.setattr(
        "inmind.screening.crisis_items.flags", lambda _one, said: (crisis,) if calls(dict(said)) else ()
    )
    with pytest.raises(NotNow, match="cannot be taken along"):
        crisis_of(one)
