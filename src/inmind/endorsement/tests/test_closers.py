"""One event closes the last hour; what has no seat, lies behind or adds nothing is not named."""

from __future__ import annotations

from datetime import date, timedelta

from inmind.endorsement.closers import Offer, closers
from inmind.endorsement.portfolio import Portfolio, Session, Training
from inmind.endorsement.readiness import Finding, look
from inmind.endorsement.standards import Asked, Provider, Requirement, RscHours, Tag, TrainingHours
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
