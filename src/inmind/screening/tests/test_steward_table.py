"""A steward's table: a verdict for each row, and what is laid over the unknown months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inmind.families.ages import Ages
from inmind.foundation.catalogs import Confidence
from inmind.foundation.values import Age
from inmind.screening import steward_table
from inmind.screening.adapters.catalog import catalog
from inmind.screening.errors import NoTable, TableNeedsEdition
from inmind.screening.instruments import Catalog
from inmind.screening.scoring import score

MILESTONES = catalog()["swycmilestones"]
GUIDE, LICENCE = "SWYC scoring guide of the steward, page 3", "by letter of the steward, 2026"
DAY = date(2026, 12, 1)


def row(month: str = "24", cut_off: str = "9", source: str = GUIDE, licence: str = LICENCE) -> dict[str, str]:
    return {"month": month, "cut_off": cut_off, "source": source, "licence": licence}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(row(), "New: at 24 months, 9 and below.", id="an unknown month"),
        pytest.param(row("9", "12"), "New: at 9 months, 12 and below.", id="a month known too weakly"),
        pytest.param(row("18", "8"), "Known here already, and the same.", id="a known month, the same"),
        pytest.param(row("18", "9"), "this table says 9. Known here is 8 (Kentucky", id="a month of medium confidence"),
        pytest.param(row("20", "9"), "At 20 months 11 is known here (Kentucky", id="a month of high confidence"),
        pytest.param(row("24-28"), "'24-28' is not one completed month.", id="a stretch of months"),
        pytest.param(row("٢٤"), "is not one completed month.", id="other digits"),
        pytest.param(row(""), "'' is not one completed month.", id="no month"),
        pytest.param(row("60"), "SWYC Milestones has no cut-off at 60 months", id="a form without a band"),
        pytest.param(row("70"), "SWYC Milestones has no cut-off at 70 months", id="beyond its ages"),
        pytest.param(row(cut_off="9.5"), "'9.5' is not a whole number of points.", id="between two numbers"),
        pytest.param(row(cut_off=""), "'' is not a whole number of points.", id="no cut-off"),
        pytest.param(row(cut_off="-1"), "'-1' is not a whole number of points.", id="below nought"),
        pytest.param(row(cut_off="20"), "A cut-off of 20 lies outside 0 to 19.", id="nobody would be above it"),
        pytest.param(row(source=" "), "Its source is missing", id="no source"),
        pytest.param(row(licence=""), "Its licence is missing", id="no licence"),
        pytest.param(row(source="x" * 301), "longer than 300 letters", id="a source without end"),
        pytest.param(
            row(source="Interpolated from 23 and 25"), "says that the number was worked out", id="interpolated"
        ),
        pytest.param(row(source="promedio de dos meses"), "says that the number was worked out", id="an average"),
        pytest.param({"month": "24", "cut_off": "9"}, "Its source is missing", id="columns that are not there"),
    ],
)
def test_each_row_has_its_verdict(given: dict[str, str], said: str) -> None:
    """What is new, what is known, and for each refusal the reason in words."""
    assert MILESTONES.monthly is not None
    months = MILESTONES.monthly.months
    sure = replace(MILESTONES.monthly, months={**months, 20: replace(months[20], confidence=Confidence.HIGH)})
    [found] = steward_table.read(replace(MILESTONES, monthly=sure), [given])
    assert said in found.verdict.sentence % found.verdict.facts
    assert bool(found.verdict) == said.startswith(("New", "Known", "this table"))
    assert found.is_new == said.startswith(("New", "this table"))
    assert found.replaces == said.startswith("this table")


def test_a_month_that_stands_twice_is_taken_from_neither_row() -> None:
    """Nobody could tell which one is meant."""
    first, second, third = steward_table.read(MILESTONES, [row("24", "9"), row("24", "10"), row("25", "11")])
    assert (first.is_new, second.is_new, third.is_new) == (False, False, True)
    assert "stands in more than one row" in second.verdict.sentence
    assert [first.line, second.line, third.line] == [1, 2, 3]


def test_only_new_rows_are_laid_over_what_is_unknown_or_less_sure() -> None:
    """The loaded month bands, its neighbour stays unknown, one of medium confidence gives way and is kept beside it, others
    are untouched; source and licence stand by."""
    rows = steward_table.read(MILESTONES, [row("24", "9"), row("18", "9"), row("18.5", "9"), row("19", "10")])
    loaded = steward_table.laid_over(MILESTONES, rows, edition="county-1", dated=DAY)

    def band(months: int, points: int) -> str | None:
        answers = {item.key: 1 if item.number <= points else 0 for item in MILESTONES.items}
        return score(loaded, answers, Ages(Age(months, 0))).band

    assert (band(24, 9), band(24, 10)) == ("needs_review", "appears_to_meet_expectations")
    assert (band(23, 0), band(25, 0)) == (None, None)
    assert (band(18, 9), band(18, 10)) == ("needs_review", "appears_to_meet_expectations")
    assert loaded.monthly is not None and MILESTONES.monthly is not None
    assert {month: ours.value for month, ours in loaded.monthly.replaced.items()} == {18: 8}
    assert loaded.monthly.months[20] is MILESTONES.monthly.months[20]
    assert loaded.known_by == "swycmilestones/county-1"
    assert loaded.sources["steward1"] == GUIDE
    assert loaded.at(24).cutoffs[0].note == f"licence: {LICENCE}"
    [unknown] = [each for each in loaded.unknowns if each.what.startswith("cut-offs at")]
    assert " 23, 25" in unknown.what
    both = Catalog([MILESTONES, loaded])
    assert both["swycmilestones"] is loaded and both.of("swycmilestones", "2026") is MILESTONES


def test_once_every_month_is_known_nothing_is_said_to_be_unknown() -> None:
    """And each month stands with its own number."""
    assert MILESTONES.monthly is not None
    rows = steward_table.read(MILESTONES, [row(str(month)) for month in MILESTONES.monthly.unknown_months])
    loaded = steward_table.laid_over(MILESTONES, rows, edition="county-2", dated=DAY)
    assert not [each for each in loaded.unknowns if each.what.startswith("cut-offs at")]


def test_a_table_has_an_edition_of_its_own_and_an_instrument_that_has_months() -> None:
    """Yesterday's result must still mean what it meant."""
    for edition in ("2026", " "):
        with pytest.raises(TableNeedsEdition, match="swycmilestones/2026 is taken"):
            steward_table.laid_over(MILESTONES, [], edition=edition, dated=DAY)
    with pytest.raises(NoTable, match="PHQ-9 has no cut-offs by month"):
        steward_table.read(catalog()["phq9"], [])
    with pytest.raises(NoTable):
        steward_table.laid_over(catalog()["phq9"], [], edition="x", dated=DAY)
