"""Whether a child's age fits a diagnosis, on the day of the assessment. Pure.

How sure a bound of age is says how much it may do: one that is well known stops, and may be passed with a reason; one from
a single secondary source warns; a weak one hints; where no source names a bound, the clinician is asked to look it up.
Source: `dc05.yaml` of the field's facts, gate_policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from inmind.diagnosis.manual import Bound, Disorder, Manual
from inmind.foundation.catalogs import Confidence, Sourced
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_, Age, Period, month_reached


class Weight(IntEnum):
    """What a finding does, the weakest first."""

    FITS = 0
    HINTS = 1
    ASKS = 2
    WARNS = 3
    STOPS = 4


_WEIGHT = {Confidence.HIGH: Weight.STOPS, Confidence.MEDIUM: Weight.WARNS, Confidence.LOW: Weight.HINTS}


class NotOfThisAge(BadInput):
    """A day on which the manual does not speak of this child."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one bound of age says about one day. known: the bound itself, None where nobody has read it.

    at_the_edge: the child is in the very month that ends the window, and no source says whether that month still counts.
    """

    bound: Bound
    weight: Weight
    known: Sourced[int] | None = None
    at_the_edge: bool = False


@dataclass(frozen=True, slots=True)
class AgeFit:
    """What both bounds say. age: the child's, chronological, on the day of the assessment."""

    age: Age
    findings: tuple[Finding, ...]

    @property
    def weight(self) -> Weight:
        """The heaviest of them."""
        return max((one.weight for one in self.findings), default=Weight.FITS)

    @property
    def needs_a_reason(self) -> bool:
        """Whether the diagnosis may be given only with the clinician's own reason."""
        return self.weight is Weight.STOPS


def age_on(manual: Manual, born: date, on: date) -> Age:
    """The child's age on the day of an assessment, in months since the birth. Raises NotOfThisAge, with what to do, for a
    day before the birth, or on which the manual no longer speaks of the child."""
    if on < born:
        raise NotOfThisAge(
            N_("The assessment on %(on)s lies before the birth on %(born)s."),
            N_("An assessment is of a child who is born."),
            N_("Look at both dates."),
            field="on",
            facts={"on": on, "born": born},
        )
    age, last = Age.between(born, on), manual.before_month
    if last.value is not None and age.months >= last.value:
        raise NotOfThisAge(
            N_("On %(on)s the child is %(months)s months old."),
            N_("DC:0-5 is for children who are younger than %(last)s months, that is until the sixth birthday."),
            N_("Write this down by the manual for older children. What was written here until then stays."),
            field="on",
            source=last.source,
            facts={"on": on, "months": age.months, "last": last.value},
        )
    return age


def fit(disorder: Disorder, age: Age) -> AgeFit:
    """What is known of a disorder's ages says about a child of this age; that of the assessment, not of the writing."""
    return AgeFit(age, tuple(_findings(disorder, age.months)))


def _findings(disorder: Disorder, months: int) -> Iterator[Finding]:
    first, last = disorder.from_month, disorder.to_month
    if first is None or first.value is None:
        yield Finding(Bound.FROM_MONTH, Weight.ASKS)
    elif months < first.value:
        yield Finding(Bound.FROM_MONTH, _WEIGHT[first.confidence], first)
    if last is None or last.value is None:
        yield Finding(Bound.TO_MONTH, Weight.ASKS)
    elif months == last.value:
        yield Finding(Bound.TO_MONTH, min(Weight.ASKS, _WEIGHT[last.confidence]), last, at_the_edge=True)
    elif months > last.value:
        yield Finding(Bound.TO_MONTH, _WEIGHT[last.confidence], last)


def closes_on(disorder: Disorder, born: date) -> date | None:
    """The day on which the month that ends a diagnosis's window is reached: by then the child is assessed anew. None where
    no end is known, or only weakly: nothing is dated by such a number."""
    last = disorder.to_month
    if last is None or last.value is None or not last.is_usable:
        return None
    return month_reached(born, last.value)


def window(disorder: Disorder, born: date) -> Period | None:
    """The days on which a child is within both bounds, where both are known well enough."""
    first, closes = disorder.from_month, closes_on(disorder, born)
    if closes is None or first is None or first.value is None or not first.is_usable:
        return None
    return Period(month_reached(born, first.value), closes)
