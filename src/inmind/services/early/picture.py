"""The clock of early intervention, placed for a picture: the days that run above the days that count. Pure.

Positions are text, not numbers, so that no language turns a decimal point into a comma.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from inmind.foundation.values import Period
from inmind.services.early import clocks as rules
from inmind.services.early.clocks import Clocks, Days

WIDTH, LEFT, RIGHT = 360, 10, 10
RUN, COUNT, THICK = 34, 84, 20  # where the two bars begin, and how thick they are


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of days: where it begins and how wide it is. stopped: it does not count."""

    x: str
    width: str
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """The days since a referral was received, until `on`. first_due: the last day in time, had nothing stopped the count."""

    received: date
    on: date
    there: Days
    first_due: date
    pauses: tuple[Period, ...]

    @property
    def run(self) -> Bar:
        """The bar of the days that run on whatever happens."""
        return self._bar(self.received, self.on)

    @property
    def count(self) -> list[Bar]:
        """The bar of the days that count, with what stopped them; the stretches that stopped lie above it."""
        return [self.run, *(bar for one in self.pauses if (bar := self._stopped(one)))]

    @property
    def due(self) -> str:
        return _text(self._x(self.there.due))

    @property
    def without(self) -> str:
        """Where the last day would be had nothing stopped the count; empty where that is the same day."""
        return "" if self.first_due == self.there.due else _text(self._x(self.first_due))

    @property
    def today(self) -> str:
        return _text(self._x(self.on))

    def _stopped(self, one: Period) -> Bar | None:
        first = max(one.since, self.received + rules.ONE)
        last = self.on + rules.ONE if one.until is None else min(one.until, self.on + rules.ONE)
        return self._bar(first - rules.ONE, last - rules.ONE, stopped=True) if first < last else None

    def _bar(self, first: date, last: date, *, stopped: bool = False) -> Bar:
        x = self._x(first)
        return Bar(_text(x), _text(max(1.0, self._x(last) - x)), stopped)

    def _x(self, on: date) -> float:
        whole = (max(self.on, self.there.due) - self.received).days
        return LEFT + (WIDTH - LEFT - RIGHT) * (on - self.received).days / whole


def picture(clocks: Clocks, received: date, on: date, pauses: Iterable[Period]) -> Picture:
    """The clock as it stands on a day, no earlier than the day on which the referral was received."""
    some = tuple(sorted(pauses, key=lambda one: one.since))
    first_due = received + timedelta(rules.number(clocks.plan_within))
    return Picture(received, on, rules.days(clocks, received, on, some), first_due, some)


def _text(number: float) -> str:
    return f"{number:.1f}"
