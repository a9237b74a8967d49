"""The manual's structure as it ships, and what is wrong with a file that cannot be it."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

import inmind.diagnosis
from inmind.diagnosis import crosswalk_file, manual_file
from inmind.diagnosis.adapters import catalog
from inmind.diagnosis.crosswalk import Standing
from inmind.diagnosis.manual import Bound, UnknownDisorder
from inmind.diagnosis.tests.invented import AUTISM, RELATIONSHIP
from inmind.foundation import loading
from inmind.foundation.catalogs import BadCatalog, Confidence

HOME = Path(inmind.diagnosis.__file__).parent / "catalog"


def test_it_has_forty_two_diagnoses_in_eight_categories():
    manual = catalog.manual()
    assert len(manual.disorders) == 42
    assert [len(manual.in_category(key)) for key in manual.categories] == [8, 3, 6, 3, 6, 9, 6, 1]
    assert sum(one.disorders.value or 0 for one in manual.categories.values()) == 42


def test_axes_have_what_their_forms_have():
    manual = catalog.manual()
    assert (len(manual.caregiving), len(manual.environment)) == (14, 8)
    assert [one.key for one in manual.environment if one.may_not_apply] == ["sibling-harmony"]
    assert (len(manual.domains), len(manual.ratings), manual.levels.value) == (5, 4, 4)
    assert not any(group.is_complete for group in manual.stressors)


def test_what_nobody_read_is_named_and_holds_no_number():
    """Recalled numbers of the field's facts stay out of the house: only where to look stands here."""
    crying = catalog.manual().disorder("sleep-onset-disorder")
    assert crying.look_up == {Bound.LASTS} and crying.lasts is None
    assert catalog.manual().disorder(AUTISM).look_up == frozenset()
    assert catalog.manual().disorder("overactivity-disorder-of-toddlerhood").from_month is None


def test_no_criteria_text_is_kept():
    """A sentence that could be a criterion has no place: each of our notes is short, and no list of symptoms stands here."""
    words = (HOME / "dc05.yaml").read_text(encoding="utf-8")
    assert not re.search(r"criteri(on|a) [A-G1-9]\b|symptoms?:|at least (two|three|four) of", words, re.I)
    assert {"criteria", "algorithm", "symptoms"}.isdisjoint(yaml.safe_load(words))
    assert all(len(one.note) < 400 for one in catalog.manual().disorders.values())


def test_a_name_that_is_not_there_is_answered_with_the_nearest():
    with pytest.raises(UnknownDisorder, match="Did you mean selective-mutism"):
        catalog.manual().disorder("selectve-mutism")
    with pytest.raises(UnknownDisorder, match="as in the list"):
        catalog.manual().disorder("xyzzyplugh")


def test_suggestions_say_what_they_are():
    found = catalog.suggestions()
    assert len(found) == 95
    assert {one.standing for one in found} == set(Standing)
    assert {one.disorder for one in found} <= set(catalog.manual().disorders)
    assert all(one.confidence is Confidence.HIGH for one in found if one.standing is Standing.TRAP)


def sheet() -> dict[str, Any]:
    return yaml.safe_load((HOME / "dc05.yaml").read_text(encoding="utf-8"))


def first(data: dict[str, Any], **changed: Any) -> None:
    data["disorders"][0] |= changed


WRONG = {
    "unknown category": (lambda data: first(data, category="other"), "there is no category `other`"),
    "no such source": (lambda data: first(data, sources=["hearsay"]), "source `hearsay` is not among"),
    "window": (
        lambda data: first(
            data,
            from_month={"value": 9, "source": "soto-2016", "confidence": "high"},
            to_month={"value": 9, "source": "soto-2016", "confidence": "high"},
        ),
        "a window closes after it opens",
    ),
    "count": (lambda data: data["disorders"].pop(), "1 disorders are said to be in `relationship`, 0 are here"),
    "twice": (lambda data: data["disorders"].append(deepcopy(data["disorders"][0])), "9 are here"),
    "ratings": (lambda data: data["relational"].update(ratings=["good"]), "expected strength, not-a-concern, concern"),
    "dimension twice": (
        lambda data: data["relational"]["caregiving"].append(dict(data["relational"]["caregiving"][0])),
        "physical-safety stands here twice",
    ),
    "domain twice": (
        lambda data: data["competence"]["domains"].append(dict(data["competence"]["domains"][0])),
        "emotional stands here twice",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_cannot_be_the_manual_is_refused_at_its_line(name):
    data = sheet()
    spoil, reason = WRONG[name]
    spoil(data)
    with pytest.raises(BadCatalog, match=reason):
        manual_file.load(loading.parse(yaml.safe_dump(data), "dc05.yaml"))


def test_a_disorder_of_the_same_name_twice_is_refused():
    data = sheet()
    data["disorders"][1]["key"] = data["disorders"][0]["key"]
    with pytest.raises(BadCatalog, match="autism-spectrum-disorder stands here twice"):
        manual_file.load(loading.parse(yaml.safe_dump(data), "dc05.yaml"))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [({"disorder": "flu"}, "the manual has no `flu`"), ({"code": "f840"}, "in capitals, with its dot")],
)
def test_a_suggestion_that_cannot_be_is_refused(changed, reason):
    data = yaml.safe_load((HOME / "crosswalk" / "suggestions.yaml").read_text(encoding="utf-8"))
    data["rows"][0] |= changed
    with pytest.raises(BadCatalog, match=reason):
        crosswalk_file.load(loading.parse(yaml.safe_dump(data), "x.yaml"), catalog.manual().disorders)


def test_only_the_relationship_disorder_is_of_a_relationship():
    assert [one.key for one in catalog.manual().disorders.values() if one.of_a_relationship] == [RELATIONSHIP]
