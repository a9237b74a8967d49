"""Each number that the sources say with high or medium confidence: an example that a test works out, or a reason why there is none."""

from __future__ import annotations

from datetime import date

import pytest

from inmind.endorsement import coverage, numbers, renewal_file, standard_file
from inmind.endorsement.examples import of_line
from inmind.endorsement.numbers import Known
from inmind.endorsement.readiness import RATING_UNKNOWN_MOST, RATING_VALID_MONTHS
from inmind.endorsement.standards import Needs, Number, Ratings, Requirement, RscHours, Tag, TrainingHours, Years
from inmind.foundation import loading
from inmind.foundation.catalogs import BadCatalog, Confidence

DAY = date(2026, 11, 22)
[SHEET] = loading.ours("endorsement", "catalog/numbers")
NUMBERS = numbers.load(SHEET)
EDITIONS = [one for sheet in loading.ours("endorsement", "catalog/standards") for one in standard_file.load(sheet)]
RENEWALS = {one.key: one for one in map(renewal_file.load, loading.ours("endorsement", "catalog/renewals"))}
DOMAINS = coverage.load(loading.ours("endorsement", "catalog/competencies")[-1])
BY_LINE = [pytest.param(one, id=one.at) for one in NUMBERS if one.line]


def line_of(words: str) -> tuple[Requirement, str]:
    """The line that a number is asked by, and which number of it."""
    first, second, key, field = words.split(" | ")
    if first == "renewal":
        of = {
            "FS": lambda one: "FS" in one.categories,
            "held_three_years": lambda one: "held_three_years" in one.only_if,
        }
        rows = [one for one in RENEWALS[second].clauses if one.line.key == key and of.get(field, lambda _: True)(one)]
        assert len(rows) == 1, words
        return rows[0].line, "least" if field in of else field
    is_old, key = key.endswith(" until 2023"), key.removesuffix(" until 2023")
    [edition] = [one for one in EDITIONS if (one.category, one.edition) == (first, second)]
    rows_ = [line for line in edition.requirements if line.key == key]
    if len(rows_) > 1:
        rows_ = [line for line in rows_ if (line.until is not None) is is_old]
    assert len(rows_) == 1, words
    return rows_[0], field


def said(needs: Needs, field: str) -> int | None:
    """A number of one need, by its name."""
    match needs, field:
        case ((TrainingHours(least) | RscHours(least) | Years(_, least) | Number(_, least)), "least"):
            return least.value
        case Years(of, least), _ if of == field:
            return least.value
        case Ratings(total), "total":
            return total.value
        case RscHours(window=window), "window min":
            return window.least.value if window.least else None
        case RscHours(window=window), "window max":
            return window.most.value if window.most else None
        case TrainingHours(within=within) | RscHours(within=within), _ if field in set(Tag):
            return within.get(Tag(field))
    return None


@pytest.mark.parametrize("known", BY_LINE)
def test_a_number_is_asked_by_its_line_and_worked_out(known: Known) -> None:
    line, field = line_of(known.line)
    found = [one for one in line.any_of if said(one, field) is not None]
    assert [said(one, field) for one in found] == [known.value]
    day = min(DAY, line.until) if line.until else DAY
    assert any(one.needs == found[0] for one in of_line(line, day)), "it has examples, each of which is a test"


@pytest.mark.parametrize("known", [pytest.param(one, id=one.at) for one in NUMBERS if one.engine])
def test_a_number_of_the_engine_is_that_of_the_source(known: Known) -> None:
    if known.engine.startswith("cycle"):
        until = RENEWALS[known.engine.removeprefix("cycle ")].cycle(date(int(known.value), 12, 31)).until
        assert until == date(int(known.value) + 1, 1, 1), "a cycle ends with that year"
        return
    held = {
        "domains": len(DOMAINS),
        "rating_unknown_most": RATING_UNKNOWN_MOST,
        "rating_valid_months": RATING_VALID_MONTHS,
    }
    assert held[known.engine] == known.value


def test_every_number_is_held_once_or_has_its_reason() -> None:
    """None is passed over: 204 of them, each well known or from one page."""
    assert len({one.at for one in NUMBERS}) == len(NUMBERS) == 204
    assert all(one.confidence in (Confidence.HIGH, Confidence.MEDIUM) for one in NUMBERS)
    assert all(bool(one.line) + bool(one.engine) + bool(one.why) == 1 for one in NUMBERS)


def test_every_number_of_a_standard_is_among_the_facts() -> None:
    """No line asks a usable number that the list does not name."""
    named = {id(line_of(one.line)[0]) for one in NUMBERS if one.line}
    kinds = (TrainingHours, RscHours, Years, Number)
    for edition in EDITIONS:
        for line in edition.requirements:
            if any(isinstance(one, kinds) and one.least.is_usable for one in line.any_of):
                assert id(line) in named or CARRIED.get((edition.category, line.key)), (edition.category, line.key)


# Lines whose number is another line's, by the words of the source.
CARRIED = {("MHM-C", "work"): "meets the work criteria of MHS"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{at: a, value: 1, confidence: high}", "one of them"),
        ("{at: a, value: 1, confidence: high, why: other, line: x}", "one of them"),
        ("{at: a, value: 1, confidence: high, why: because}", "expected one of other"),
    ],
)
def test_a_number_that_nothing_holds_is_refused(row: str, reason: str) -> None:
    text = f"title: a\nedition: '1'\ndate: 2026-01-01\nlicence: a\nwhys: {{other: none}}\nnumbers:\n- {row}\n"
    with pytest.raises(BadCatalog, match=reason):
        numbers.load(loading.parse(text, "numbers.yaml"))
