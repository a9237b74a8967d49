"""What a cycle asks of a holder: each number of the sources as an example."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inmind.endorsement import renewal_file
from inmind.endorsement.portfolio import Portfolio, Session, Training
from inmind.endorsement.readiness import Standing
from inmind.endorsement.renewal import Due, Holding, Renewal, due
from inmind.endorsement.standards import Kind, Tag
from inmind.foundation import loading
from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.values import Period

REGIMES = {one.key: one for one in map(renewal_file.load, loading.ours("endorsement", "catalog/renewals"))}
ANNUAL, TRIENNIAL = REGIMES["annual"], REGIMES["triennial"]
DAY = date(2026, 11, 22)
MENTOR = frozenset({"MHM-C"})
OLD = Holding("FS", date(2020, 5, 1), gives_rsc=False)


def hours(number: float, *tags: Tag, on: date = DAY) -> Training:
    return Training(on, round(number * 60), frozenset(tags), frozenset({"reflection"}))


def held(number: int, on: date = DAY, **more: object) -> Session:
    return Session(on, number * 60, "Ana", MENTOR, **more)  # type: ignore[arg-type]


def stand(found: Due) -> dict[str, Standing]:
    return {one.requirement.key: one.line.standing for one in found.findings}


def missing(found: Due, key: str) -> int:
    [line] = [one.line for one in found.findings if one.requirement.key == key]
    return line.missing


@pytest.mark.parametrize(
    ("regime", "on", "expected"),
    [
        (ANNUAL, date(2026, 12, 31), (2026, 2027)),
        (ANNUAL, date(2027, 1, 1), (2027, 2028)),
        (TRIENNIAL, date(2025, 1, 1), (2025, 2028)),
        (TRIENNIAL, date(2027, 12, 31), (2025, 2028)),
        (TRIENNIAL, date(2028, 1, 1), (2028, 2031)),
        (TRIENNIAL, date(2024, 12, 31), (2022, 2025)),
    ],
)
def test_a_cycle_ends_with_a_year(regime: Renewal, on: date, expected: tuple[int, int]) -> None:
    """Fixed years 2024, 2027, 2030, 2033; the next deadline is 2027-12-31."""
    assert regime.cycle(on) == Period(*(date(year, 1, 1) for year in expected))


def test_fifteen_hours_a_year_of_which_one_on_equity_and_twelve_of_supervision() -> None:
    facts = {"ethics_signed_again": True, "no_sanction_attested": True, "member": True}
    has = Portfolio(facts=facts, trainings=(hours(14), hours(1, Tag.EQUITY)), sessions=(held(12),))
    assert set(stand(due(ANNUAL, OLD, has, DAY)).values()) == {Standing.MET}
    last_year = replace(has, trainings=(hours(15, Tag.EQUITY, on=date(2025, 12, 31)),), sessions=(held(11),))
    found = due(ANNUAL, OLD, last_year, DAY)
    assert (missing(found, "training"), missing(found, "equity"), missing(found, "rsc")) == (900, 60, 60)


def test_whoever_gives_supervision_learns_three_hours_about_it_and_who_has_not_said_is_asked() -> None:
    gives = due(ANNUAL, replace(OLD, gives_rsc=True), Portfolio(trainings=(hours(15),)), DAY)
    assert missing(gives, "giving_rsc") == 180 and gives.asked == ()
    unsaid = due(ANNUAL, replace(OLD, gives_rsc=None), Portfolio(), DAY)
    assert [line.key for line in unsaid.asked] == ["giving_rsc"] and "giving_rsc" not in stand(unsaid)
    assert "giving_rsc" not in stand(due(ANNUAL, OLD, Portfolio(), DAY))


def test_in_the_cycle_in_which_it_was_earned_no_training_is_asked_for() -> None:
    fresh = Holding("FS", date(2026, 3, 1), gives_rsc=None)
    found = due(ANNUAL, fresh, Portfolio(), DAY)
    assert set(stand(found)) == {"member", "ethics", "no_sanction", "rsc"} and found.asked == ()


@pytest.mark.parametrize("category", ["FA", "MHM-P", "MHM-RF"])
def test_some_categories_need_no_supervision(category: str) -> None:
    assert "rsc" not in stand(due(ANNUAL, replace(OLD, category=category), Portfolio(), DAY))


def test_a_mentor_of_three_years_needs_ten_hours_and_those_among_peers_count() -> None:
    """10 instead of 12, from the cycle on in which the three years are full."""
    peers = Portfolio(sessions=(held(10, kind=Kind.PEER),))
    old = due(ANNUAL, Holding("MHM-C", date(2023, 12, 31)), peers, DAY)
    assert stand(old)["rsc"] is Standing.MET
    young = due(ANNUAL, Holding("MHM-C", date(2024, 1, 2)), peers, DAY)
    assert (stand(young)["rsc"], missing(young, "rsc")) == (Standing.NOT_YET, 720)


def test_forty_five_hours_a_cycle_of_three_years_and_thirty_six_of_supervision() -> None:
    has = Portfolio(trainings=(hours(44, on=date(2025, 1, 1)),), sessions=(held(35, date(2025, 2, 1)),))
    found = due(TRIENNIAL, OLD, has, DAY)
    assert (missing(found, "training"), missing(found, "rsc")) == (60, 60)
    gives = due(TRIENNIAL, replace(OLD, gives_rsc=True), has, DAY)
    assert missing(gives, "giving_rsc") == 540


def test_what_no_source_says_of_a_cycle_is_asked() -> None:
    """10 a year were stated for mentors of three years; a cycle's total was not seen."""
    found = due(TRIENNIAL, Holding("MHM-C", date(2015, 1, 1)), Portfolio(sessions=(held(99),)), DAY)
    assert stand(found)["rsc"] is Standing.CANNOT_TELL


def test_what_lies_ahead_in_the_cycle_counts_when_it_has_come() -> None:
    has = Portfolio(sessions=(held(12, DAY + timedelta(days=1)),))
    assert stand(due(ANNUAL, OLD, has, DAY))["rsc"] is Standing.NOT_YET
    assert stand(due(ANNUAL, OLD, has, DAY + timedelta(days=1)))["rsc"] is Standing.MET


def test_a_cycle_of_no_years_is_refused() -> None:
    text = (
        "title: a\nedition: '1'\ndate: 2026-01-31\nlicence: ours\nkey: a\nyears: 0\nends_with: 2026\n"
        "named_by: []\nsources: {}\nclauses: []\n"
    )
    with pytest.raises(BadCatalog, match="a year or more"):
        renewal_file.load(loading.parse(text, "a.yaml"))
