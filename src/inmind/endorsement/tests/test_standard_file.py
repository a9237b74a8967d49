"""Standards' files: what ships can be read, and what is wrong with one is said with its line."""

from __future__ import annotations

import pytest

from inmind.endorsement import standard_file
from inmind.endorsement.standards import Edition, TrainingHours
from inmind.foundation import loading
from inmind.foundation.catalogs import BadCatalog

OURS = [one for sheet in loading.ours("endorsement", "catalog/standards") for one in standard_file.load(sheet)]

WHOLE = """
title: Somebody
edition: '1'
date: 2026-01-31
association: here
category: SB
names: {SB-E: Somebody}
licence: ours
sources: {page: a page}
scope: all
add_on_to: [FS]
retired: false
editions:
- edition: one
  since: 2020-01-01
  until: 2024-12-31
  binding: application
  requirements:
  - {key: a, any_of: [{asked: a}], source: page, confidence: high, note: words, since: 2021-01-01, until: 2022-01-01}
  - {key: b, any_of: [{degree: master}], source: page, confidence: low, gates: false}
  - {key: c, any_of: [{years: {of: paid, least: {value: 2, source: page, confidence: high}, condition: x}}], source: page, confidence: high}
  - {key: d, any_of: [{number: {of: paid, least: {value: 2, source: page, confidence: high}}}], source: page, confidence: high}
  - {key: e, any_of: [{ratings: {total: {value: 3, source: page, confidence: high}, of_role: {boss: 1}}}], source: page, confidence: high}
  - {key: f, any_of: [{ratings: {total: {value: 3, source: page, confidence: high}}}], source: page, confidence: high}
  - {key: g, any_of: [{training: {least: {value: 3, source: page, confidence: high}, within: {equity: 1}}}], source: page, confidence: high}
  - {key: h, any_of: [{rsc: {least: {value: 3, source: page, confidence: high}, providers: [{holds: [A], since: 2020-01-01, until: 2021-01-01, if_degree: master}], window: {least: {value: 12, source: page, confidence: high}}, individual_least: {value: 1, source: page, confidence: high}}}], source: page, confidence: high}
  - {key: i, any_of: [{concentration: 1}], source: page, confidence: medium, gates: false}
- edition: two
  since: 2025-01-01
  until: null
  binding: unknown
  requirements: []
"""


def load(text: str) -> tuple[Edition, ...]:
    return standard_file.load(loading.parse(text, "sb.yaml"))


@pytest.mark.parametrize("one", [pytest.param(one, id=f"{one.category}-{one.edition}") for one in OURS])
def test_what_ships_names_its_sources_and_gates_on_nothing_weak(one: Edition) -> None:
    assert one.requirements and all(line.source in one.sources for line in one.requirements)
    assert not [line.key for line in one.requirements if line.gates and line.confidence == "low"]


def test_an_edition_holds_what_its_file_says() -> None:
    first, second = load(WHOLE)
    assert (first.category, first.scope, first.add_on_to, first.retired) == ("SB", "all", ("FS",), False)
    assert [line.key for line in first.requirements] == list("abcdefghi")
    assert second.requirements == () and second.until is None
    assert isinstance(first.requirements[6].any_of[0], TrainingHours)
    plain = load(WHOLE.replace("scope: all\nadd_on_to: [FS]\nretired: false\n", ""))[0]
    assert (plain.scope, plain.add_on_to, plain.retired) == ("", (), False)


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ("since: 2025-01-01", "since: 2025-01-02", "two begins on 2025-01-02, and one ends on 2024-12-31"),
        ("since: 2025-01-01", "since: 2024-12-31", "two begins on 2024-12-31, and one ends on 2024-12-31"),
        ("until: 2024-12-31", "until: 2019-12-31", "an edition ends after it begins"),
        ("edition: two", "edition: one", "one stands here twice"),
        ("{key: b,", "{key: i,", "('i', None) stands here twice"),
        ("confidence: low, gates: false", "confidence: low", "low confidence gates nothing"),
        ("{degree: master}", "{degree: great}", "expected one of none, associate"),
        ("{asked: a}", "{wished: a}", "expected one of asked, concentration"),
        ("{asked: a}", "{asked: a, degree: master}", "expected one of asked, concentration"),
        ("{asked: a}", "{}", "expected one of asked, concentration"),
        ("{concentration: 1}", "{concentration: -1}", "expected a number of 0 or more"),
        ("{equity: 1}", "{equality: 1}", "expected one of giving_rsc, equity"),
        ("holds: [A]", "holds: []", "a provider holds something"),
        (
            "source: page, confidence: high, note",
            "source: nowhere, confidence: high, note",
            "source `nowhere` is not among",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(was: str, becomes: str, reason: str) -> None:
    assert was in WHOLE
    with pytest.raises(BadCatalog) as refused:
        load(WHOLE.replace(was, becomes, 1))
    assert reason in refused.value.reason and refused.value.line > 1
