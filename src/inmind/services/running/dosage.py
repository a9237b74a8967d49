"""How often a program model means to come, by phase, beside how often somebody came. Pure.

Only what the catalog knows is compared: a model without a schedule there, and a phase that depends on what nobody wrote
down, are unknown, and nothing is said about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from inmind.foundation.catalogs import Sourced
from inmind.foundation.values import month_reached

WEEK = timedelta(7)


@dataclass(frozen=True, slots=True)
class Phase:
    """From `since` up to but not including `until`, every so many days. until None: as long as it runs."""

    since: date
    until: date | None
    every_days: int
    source: str

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Dose:
    """The phase that holds on a day: how many sessions the model means since it began, and how many took place."""

    phase: Phase
    meant: int
    came: int


def dose(
    facts: Mapping[str, Sourced[object]],
    came: Iterable[date],
    *,
    began: date,
    on: date,
    born: date | None = None,
) -> Dose | None:
    """What the model means in the phase of this day, beside what took place; None where the catalog does not know it.

    born: the child's birth date; None while it is expected. Days are counted in the phase alone: what an earlier one missed is
    not carried on.
    """
    phase = next((one for one in _phases(facts, began, born) if one.holds_on(on)), None)
    if phase is None:
        return None
    meant = (on - phase.since).days // phase.every_days
    return Dose(phase, meant, sum(phase.since <= day <= on for day in came))


def _phases(facts: Mapping[str, Sourced[object]], began: date, born: date | None) -> Iterator[Phase]:
    """The phases in their order, by the names that the catalog's files give them."""
    bounds: dict[str, tuple[date | None, date | None]] = {
        "visits_first_4_weeks_of_prenatal_enrollment": (began, began + 4 * WEEK),
        "visits_until_birth": (began + 4 * WEEK, None),
    }
    if born is not None:
        if born <= began:  # enrolled after the birth: what is meant before it is not meant for them
            bounds = {}
        else:
            bounds = {name: (since, min(until or born, born)) for name, (since, until) in bounds.items() if since}
        at_6_weeks, at_12, at_21, at_24 = born + 6 * WEEK, *(month_reached(born, months) for months in (12, 21, 24))
        bounds |= {
            "visits_first_6_weeks_postpartum": (born, at_6_weeks),
            "visits_until_21_months": (at_6_weeks, at_21),
            "visits_21_to_24_months": (at_21, at_24),
            "visits_until_12_months": (born, at_12),
            "visits_12_to_24_months": (at_12, at_24),
            "visits_first_6_months_after_birth_or_enrollment": (max(born, began), month_reached(max(born, began), 6)),
        }
    bounds["frequency_days"] = (began, None)
    for name, (since, until) in bounds.items():
        every = _days(facts[name]) if name in facts else None
        if every is not None and since is not None:
            yield Phase(max(since, began), until, every, facts[name].source)


def _days(fact: Sourced[object]) -> int | None:
    """Every so many days: a whole number, or the words `every N days`; None for anything else."""
    if not fact.is_usable:
        return None
    if isinstance(fact.value, str):
        words = fact.value.split()
        found = int(words[1]) if len(words) == 3 and words[0] == "every" and words[2] == "days" else 0
    else:
        found = int(fact.value) if isinstance(fact.value, int | float) else 0
    return found or None
