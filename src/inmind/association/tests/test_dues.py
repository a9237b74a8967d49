"""What a membership costs, and whom a change of its rule would touch. The fees here are invented."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given

from inmind.association.dues import Change, Fee, Renewal, changes, due
from inmind.association.periods import Kind, MonthDay, Rule, bought
from inmind.association.tests.test_periods import DAYS, RULES
from inmind.foundation.values import Period

YEAR = Rule(Kind.CALENDAR, cut_off=MonthDay(10, 1))
MONTHLY = Fee(6000, by_month=True)
ANN, BEN = UUID(int=1), UUID(int=2)

COSTS = {
    "a fee as it stands, whenever it is bought": (Fee(6000), YEAR, "2026-08-15", 6000),
    "by the month: January costs the whole": (MONTHLY, YEAR, "2026-01-01", 6000),
    "by the month: a month that has begun counts": (MONTHLY, YEAR, "2026-08-15", 2500),
    "by the month: on the first day of a month": (MONTHLY, YEAR, "2026-08-01", 2500),
    "by the month: after the cut-off the rest is a gift": (MONTHLY, YEAR, "2026-11-05", 6000),
    "a part of a cent is rounded up from one half": (Fee(6001, by_month=True), YEAR, "2026-07-01", 3001),
    "an anniversary is never a part of one": (MONTHLY, Rule(Kind.ANNIVERSARY), "2026-08-15", 6000),
    "two calendar years by the month": (Fee(12000, by_month=True), Rule(Kind.CALENDAR, years=2), "2026-07-01", 9000),
    "a fixed term of three years, begun a year ago": (
        Fee(9000, by_month=True),
        Rule(Kind.FIXED, years=3, first=date(2025, 1, 1)),
        "2026-01-01",
        6000,
    ),
}


@pytest.mark.parametrize(("fee", "rule", "on", "cents"), COSTS.values(), ids=COSTS)
def test_what_a_period_costs(fee: Fee, rule: Rule, on: str, cents: int) -> None:
    """The fee, or by the month a part of it, to the cent."""
    assert due(fee, rule, bought(rule, date.fromisoformat(on))) == cents


def test_a_fee_is_not_below_zero() -> None:
    """Nobody is paid for being a member."""
    with pytest.raises(ValueError, match="below zero"):
        Fee(-1)


@given(RULES, DAYS)
def test_nobody_pays_more_than_the_fee(rule: Rule, on: date) -> None:
    """And whoever pays by the month pays something."""
    assert 0 < due(Fee(6000, by_month=True), rule, bought(rule, on)) <= 6000


def test_a_change_says_whom_it_touches_and_by_how_much() -> None:
    """What is paid for stays; the next renewal is what differs. Whom it does not touch is left out."""
    now = (YEAR, Fee(6000))
    there = ((ANN, Period(date(2026, 3, 1), date(2027, 1, 1))), (BEN, Period(date(2025, 3, 1), date(2026, 1, 1))))
    dearer, longer = (YEAR, Fee(6500)), (Rule(Kind.CALENDAR, begins=MonthDay(7, 1)), Fee(6000))
    on = date(2026, 11, 20)

    assert changes(now, now, there, on) == ()
    one, _other = changes(now, dearer, there, on)
    assert one == Change(ANN, date(2027, 1, 1), Renewal(date(2028, 1, 1), 6000), Renewal(date(2028, 1, 1), 6500))
    assert one.cents_more == 500
    one, other = changes(now, longer, there, on)
    assert one.after.until == date(2027, 7, 1)
    assert one.days_longer == -184
    assert (other.before.until, other.after.until) == (date(2028, 1, 1), date(2027, 7, 1))
