"""What a program model is, as its sources describe it: when it may be entered, by whom, and how it was rated. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from inmind.foundation.catalogs import Sourced


class Continuum(StrEnum):
    """Where a program stands between helping every family and treating one."""

    PROMOTION = "promotion"
    PREVENTION = "prevention"
    INTERVENTION = "intervention"


class Reading(StrEnum):
    """What "by the 28th week" means: three days, a week apart. Until a site says which, the days between are asked about."""

    BEFORE = "before"  # the last day is 27 weeks and 6 days
    ON = "on"  # 28 weeks and 0 days
    THROUGH = "through"  # 28 weeks and 6 days


class Until(StrEnum):
    """An upper bound that is a day of the school year and no age."""

    KINDERGARTEN_ENTRY = "kindergarten_entry"
    KINDERGARTEN_OR_AGE_SIX = "kindergarten_or_age_six"
    COMPULSORY_SCHOOL_AGE = "compulsory_school_age"


@dataclass(frozen=True, slots=True)
class WiderBound:
    """Another upper bound, for some: `when` is the question whose yes opens it."""

    when: str
    to_month: Sourced[int]


@dataclass(frozen=True, slots=True)
class Window:
    """When a program may be entered. Months are completed since the birth, weeks those of a pregnancy; chronological always.

    before_birth, after_birth: whether at all; None: no source says. before_birth_said: a bound in words that nobody may turn
    into a number. to_week: the week named as the last. from_month: from the day on which so many are complete; to_month: no
    longer from that day on; to_month_for_some: some services read the same words as this. aims_at_month: what a program aims
    at, and refuses nobody for.
    """

    before_birth: bool | None
    after_birth: bool | None
    before_birth_said: Sourced[str] | None = None
    to_week: Sourced[int] | None = None
    from_month: Sourced[int] | None = None
    to_month: Sourced[int] | None = None
    to_month_for_some: Sourced[int] | None = None
    aims_at_month: Sourced[int] | None = None
    until: Until | None = None
    exceptions: tuple[WiderBound, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition: `ask` is the key of the question about it. may_be_waived: some sites take a family without it."""

    ask: str
    source: str
    confidence: str
    note: str = ""
    may_be_waived: bool = False
    only_in_some_states: bool = False


@dataclass(frozen=True, slots=True)
class Criteria:
    """Who a program is for: all of some conditions and any one of others. for_some: what some sites ask beyond.

    is_known False: nobody has read them yet. program_may_decide: it may take others too, by its own rules.
    """

    all_of: tuple[Criterion, ...] = ()
    any_of: tuple[Criterion, ...] = ()
    for_some: tuple[Criterion, ...] = ()
    is_known: bool = True
    program_may_decide: bool = False


@dataclass(frozen=True, slots=True)
class Rating:
    """What a clearinghouse said of a program, in the year of that review. One with low confidence was not read again."""

    by: str
    rating: str | None
    reviewed: int | None
    source: str
    confidence: str
    handbook: str = ""
    miechv_eligible: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """A program model. `facts` is what is known of its dosage, caseloads and providers, by name."""

    key: str
    edition: str
    dated: date
    name: str
    category: str
    continuum: Continuum
    whom: str
    window: Window
    sources: Mapping[str, str]
    criteria: Criteria = Criteria()
    serves_to_month: Sourced[int] | None = None
    lasts_months_at_least: Sourced[int] | None = None
    settings: tuple[str, ...] = ()
    facts: Mapping[str, Sourced[object]] = field(default_factory=dict)
    evidence: tuple[Rating, ...] = ()
    evidence_said: str = ""
    warning: str = ""
    named_by_association: bool = False

    @property
    def is_entitlement(self) -> bool:
        """Whether a law gives it to every child who qualifies: referred to beside any other program, never instead."""
        return self.category == "entitlement"
