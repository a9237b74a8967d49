"""One event closes the last hour; what has no seat, lies behind or adds nothing is not named."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from inmind.endorsement.closers import Offer, closers
from inmind.endorsement.portfolio import Portfolio, Session, Training
from inmind.endorsement.readiness import Finding, look
from inmind.endorsement.standards import Asked, Kind, Provider, Requirement, RscHours, Tag, TrainingHours, Window
from inmind.foundation.catalogs import Confidence, Sourced

DAY = date(2026, 11, 22)
MENTOR = frozenset({"MHM-C"})


def known(value: int) -> Sourced[int]:
    return Sourced(value, "somewhere", Confidence.HIGH)


def training(hours: int, *tags: Tag, days: int = 0) -> Training:
    return Training(
        DAY + timedelta(days=days), hours * 60, frozenset(tags), frozenset({"law_regulation_agency_policy"})
    )


def found(needs: TrainingHours | RscHours | Asked, has: Portfolio, *offers: Offer) -> list[tuple[str, bool, int]]:
    finding = Finding(Requirement("line", (needs,), "s", "high"), look(needs, has, DAY))
    return [(one.offer.key, one.closes, one.missing) for one in closers(finding, has, offers, DAY)]


def test_one_hour_of_law_is_missing_and_this_event_closes_it() -> None:
    needs, has = TrainingHours(known(30), {Tag.EQUITY: 1}), Portfolio(trainings=(training(29),))
    offers = (
        Offer("late", "A day", (training(6, Tag.EQUITY, days=40),), seats=3),
        Offer("soon", "An evening", (training(1, Tag.EQUITY, days=9),)),
        Offer("half", "Half of it", (training(1, days=2),)),
        Offer("full", "No seat", (training(6, Tag.EQUITY, days=3),), seats=0),
        Offer("past", "Behind", (training(6, Tag.EQUITY, days=0),)),
        Offer("none", "Nothing yet", ()),
    )
    assert found(needs, has, *offers) == [("soon", True, 0), ("late", True, 0)]
    more = Portfolio(trainings=(training(20),))
    assert found(needs, more, *offers) == [("half", False, 540), ("soon", False, 540), ("late", False, 240)]
    assert found(needs, Portfolio(trainings=(training(30, Tag.EQUITY),)), *offers) == []
    assert found(Asked("ethics"), has, *offers) == []


def test_a_group_with_an_open_place_brings_hours_that_count_and_another_does_not() -> None:
    needs = RscHours(known(24), (Provider(MENTOR),))

    def group(key: str, holds: frozenset[str]) -> Offer:
        meets = [Session(DAY + timedelta(days=30 * month), 120, key, holds) for month in (1, 2)]
        return Offer(key, key, tuple(meets), seats=1)

    has = Portfolio(sessions=(Session(DAY, 22 * 60, "Ana", MENTOR),))
    assert found(needs, has, group("ana", MENTOR), group("berta", frozenset({"MHS"}))) == [("ana", True, 0)]


def test_a_group_that_goes_on_says_how_many_sessions_are_missing() -> None:
    """Eleven are there of twenty-four hours: at ninety minutes nine more, and none is counted that brings nothing."""
    needs = RscHours(known(24), (Provider(MENTOR),))
    has = Portfolio(sessions=(Session(DAY, 11 * 60, "Ana", MENTOR),))

    def found_of(needs: RscHours, has: Portfolio, minutes: int = 90, kind: Kind = Kind.GROUP) -> list[Any]:
        session = Session(DAY + timedelta(days=1), minutes, "Berta", MENTOR, kind)
        finding = Finding(Requirement("line", (needs,), "s", "high"), look(needs, has, DAY))
        rows = closers(finding, has, [Offer("group", "A group", (session,), seats=2, repeats=True)], DAY)
        return [(one.closes, one.missing, one.times) for one in rows]

    assert found_of(needs, has) == [(True, 0, 9)]
    # Half of fifty hours one to one: a group brings twenty-five of them, and the other half still has to be had elsewhere.
    halves = RscHours(known(50), (Provider(MENTOR),), individual_least=known(25))
    assert found_of(halves, Portfolio(), minutes=60) == [(False, 25 * 60, 25)]
    assert found_of(halves, Portfolio(), minutes=60, kind=Kind.INDIVIDUAL) == [(True, 0, 50)]
    # The hours would be there, and still have to go on over nine months.
    slow = RscHours(known(12), (Provider(MENTOR),), window=Window(known(9), known(24)))
    assert found_of(slow, has) == [(False, 0, 1)]
    # Nothing is missing but that it is known of whom: one session more makes it so.
    unknown = Portfolio(sessions=(Session(DAY - timedelta(days=300), 12 * 60, "Ana", MENTOR),))
    assert found_of(slow, unknown) == [(True, 0, 1)]
