"""What a membership costs: its fee, or a part of it where a level says so; and what a change of a rule would change. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from inmind.association.periods import Kind, Rule, renewed, term
from inmind.foundation.values import Period


@dataclass(frozen=True, slots=True)
class Fee:
    """A level's fee in cents for one whole term; by_month: who comes late in it pays for the months that are left."""

    cents: int
    by_month: bool = False

    def __post_init__(self) -> None:
        if self.cents < 0:
            raise ValueError("a fee is not below zero")


def due(fee: Fee, rule: Rule, period: Period) -> int:
    """What a period costs, in cents.

    Where a fee goes by the month, each month that has begun counts whole, a part of a cent is rounded up from one half, and
    nobody pays more than the fee: months beyond the term, after a cut-off, are a gift. A membership that runs from the day
    on which it was bought is never a part of one.
    """
    if not fee.by_month or rule.kind is Kind.ANNIVERSARY:
        return fee.cents
    whole = term(rule, period.since)
    assert whole.until is not None
    assert period.until is not None
    months = min(_months(period.since, period.until), 12 * rule.years)
    return (2 * fee.cents * months + 12 * rule.years) // (24 * rule.years)


def _months(since: date, until: date) -> int:
    """The months between two days, each that has begun as a whole one."""
    whole = (until.year - since.year) * 12 + until.month - since.month
    return whole + (until.day > since.day)


@dataclass(frozen=True, slots=True)
class Renewal:
    """What somebody's next renewal would be: until when, and for how much."""

    until: date
    cents: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of a level's rule would mean for one member."""

    person: UUID
    paid_until: date
    before: Renewal
    after: Renewal

    @property
    def cents_more(self) -> int:
        """How much more it would cost; below zero: less."""
        return self.after.cents - self.before.cents

    @property
    def days_longer(self) -> int:
        return (self.after.until - self.before.until).days


def changes(
    now: tuple[Rule, Fee], then: tuple[Rule, Fee], members: Iterable[tuple[UUID, Period]], on: date
) -> tuple[Change, ...]:
    """Whom a change would touch, among members with what they have paid for last. What is paid for stays as it is."""
    found = []
    for person, last in members:
        before, after = (_next(rule, fee, last, on) for rule, fee in (now, then))
        if before != after:
            assert last.until is not None  # what is renewed ends
            found.append(Change(person, last.until, before, after))
    return tuple(found)


def _next(rule: Rule, fee: Fee, last: Period, on: date) -> Renewal:
    """The renewal of somebody who renews at the end of what is paid for, or today where that is over."""
    assert last.until is not None
    there = renewed(rule, last, max(on, last.until))
    assert there.until is not None
    return Renewal(there.until, due(fee, rule, there))
