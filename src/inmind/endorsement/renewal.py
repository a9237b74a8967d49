"""What an endorsement asks of its holder from one cycle to the next: which lines, of which hours, by when. Pure.

Only what lies in the cycle counts. The same hours may serve several categories. What no source says is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from inmind.endorsement.portfolio import Portfolio
from inmind.endorsement.readiness import Finding, findings
from inmind.endorsement.standards import Requirement
from inmind.foundation.values import Period, month_reached

THREE_YEARS = 36  # months: endorsement.yaml, renewal.annual_regime.rsc_hours_mhm_c_after_3_years, high


class OnlyIf(StrEnum):
    """Of whom a line is asked, beyond the category."""

    GIVES_RSC = "gives_rsc"
    HELD_THREE_YEARS = "held_three_years"
    HELD_LESS = "held_less"
    NOT_THE_FIRST = "not_the_first"


@dataclass(frozen=True, slots=True)
class Clause:
    """A line with whom it is asked of. categories: empty for all; only_if: all of these hold."""

    line: Requirement
    categories: frozenset[str] = frozenset()
    only_if: frozenset[OnlyIf] = frozenset()


@dataclass(frozen=True, slots=True)
class Renewal:
    """A regime: cycles of `years`, each ending with the last day of December of a year (`ends_with` and every so many years
    after it). named_by: the associations of which a source says that they go by it; empty: all that are named by no other."""

    key: str
    years: int
    ends_with: int
    named_by: frozenset[str]
    clauses: tuple[Clause, ...]
    sources: Mapping[str, str]

    def cycle(self, on: date) -> Period:
        """The cycle in which a day lies; its last day is the one before `until`."""
        ends = on.year + (self.ends_with - on.year) % self.years
        return Period(date(ends - self.years + 1, 1, 1), date(ends + 1, 1, 1))


@dataclass(frozen=True, slots=True)
class Holding:
    """An endorsement that somebody holds. gives_rsc: whether its holder gives reflective supervision; None: not known."""

    category: str
    since: date
    gives_rsc: bool | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What a cycle asks of a holder. asked: lines of which it is not known whether they are asked of this holder."""

    cycle: Period
    findings: tuple[Finding, ...]
    asked: tuple[Requirement, ...]


def due(renewal: Renewal, holds: Holding, has: Portfolio, on: date) -> Due:
    """Every line that the cycle of a day asks of a holder, by what lies in that cycle."""
    cycle = renewal.cycle(on)
    last = (cycle.until or on) - timedelta(days=1)
    clauses = [one for one in renewal.clauses if not one.categories or holds.category in one.categories]
    verdicts = [(one.line, _is_asked(one, holds, cycle, last)) for one in clauses]
    lines = [line for line, asked in verdicts if asked]
    unknown = tuple(line for line, asked in verdicts if asked is None)
    return Due(cycle, findings(lines, within(has, cycle), min(on, last)), unknown)


def within(has: Portfolio, cycle: Period) -> Portfolio:
    """A portfolio with the hours of a cycle alone; what is said of the person stays."""
    return replace(
        has,
        trainings=tuple(one for one in has.trainings if cycle.holds_on(one.on)),
        sessions=tuple(one for one in has.sessions if cycle.holds_on(one.on)),
    )


def _is_asked(clause: Clause, holds: Holding, cycle: Period, last: date) -> bool | None:
    """True, False, or None where nobody has said whether this holder gives supervision."""
    has_three = month_reached(holds.since, THREE_YEARS) <= last
    known = {
        OnlyIf.GIVES_RSC: holds.gives_rsc,
        OnlyIf.HELD_THREE_YEARS: has_three,
        OnlyIf.HELD_LESS: not has_three,
        OnlyIf.NOT_THE_FIRST: not cycle.holds_on(holds.since),
    }
    found = [known[one] for one in clause.only_if]
    return False if False in found else None if None in found else True
