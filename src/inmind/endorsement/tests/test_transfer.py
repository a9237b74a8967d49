"""A move to another state: the category is honoured, how is asked, and nothing that was gathered is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from inmind.endorsement import renewal_file, standard_file
from inmind.endorsement.adoption import Adoption, gone_by
from inmind.endorsement.portfolio import Portfolio, Session, Work
from inmind.endorsement.readiness import Standing
from inmind.endorsement.renewal import Holding
from inmind.endorsement.standards import Degree
from inmind.endorsement.transfer import UNKNOWN, holder, on_the_way
from inmind.foundation import loading
from inmind.foundation.values import Period

EDITIONS = tuple(one for sheet in loading.ours("endorsement", "catalog/standards") for one in standard_file.load(sheet))
REGIMES = {one.key: one for one in map(renewal_file.load, loading.ours("endorsement", "catalog/renewals"))}
DAY = date(2026, 11, 22)
OLD = Holding("FS", date(2020, 5, 1), gives_rsc=False)


def test_the_same_category_is_honoured_and_how_is_asked() -> None:
    """endorsement.yaml: transfer.reciprocity_within_alliance, high; transfer_procedure, unknown."""
    moved = holder(OLD, EDITIONS, (REGIMES["annual"], REGIMES["triennial"]), Portfolio(), DAY)
    assert moved.honoured is True and moved.source == "scimha.org FAQ"
    assert moved.asks == UNKNOWN
    assert (moved.before.cycle.until, moved.after.cycle.until) == (date(2027, 1, 1), date(2028, 1, 1))


def test_a_category_that_is_given_no_more_or_unknown_there_is_asked() -> None:
    regimes = (REGIMES["annual"], REGIMES["annual"])
    assert holder(replace(OLD, category="FRS"), EDITIONS, regimes, Portfolio(), DAY).honoured is None
    assert holder(replace(OLD, category="RPM"), EDITIONS, regimes, Portfolio(), DAY).honoured is None


def test_on_the_way_each_line_is_read_by_the_rules_there() -> None:
    """From a place that went over to the changes of 2022 to one that goes by 2017: a degree is asked there, and families."""
    newer = gone_by(EDITIONS, Adoption("a", "annual", {("FS", "2022 changes"): date(2022, 7, 1)}))
    older = [
        one
        for one in gone_by(EDITIONS, Adoption("b", "annual", {("FS", "2017"): date(2018, 1, 1)}))
        if one.edition == "2017"
    ]
    has = Portfolio(
        degree=Degree.NONE,
        work=(Work("paid_work", Period(date(2020, 1, 1))),),
        sessions=(Session(DAY, 60, "Ana", frozenset({"MHM-C"})),),
    )
    [found] = on_the_way("FS", newer, older, has, DAY)
    changed = {one.key: (one.before, one.after) for one in found.changes}
    assert changed["degree"] == (None, Standing.NOT_YET)
    assert changed["work"] == (Standing.MET, Standing.CANNOT_TELL)
    assert "rsc" not in changed, "24 hours stay 24 hours, and so does each of them"


def test_where_two_editions_may_bind_in_both_places_each_stands_beside_itself() -> None:
    """Not every edition beside every other: what is the same there does not change."""
    found = on_the_way("FS", EDITIONS, EDITIONS, Portfolio(), DAY)
    assert [(one.here.edition.edition, one.there.edition.edition) for one in found] == [
        ("2017", "2017"),
        ("2022 changes", "2022 changes"),
    ]
    assert not any(one.changes for one in found)
    assert on_the_way("FS", [], EDITIONS, Portfolio(), DAY) == ()
