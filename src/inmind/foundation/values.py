"""Values of the field that every room shares: field classes, legal regimes, verdicts, ages and periods. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


def N_(sentence: str) -> str:
    """Mark a sentence of a pure module for translation; the page says it in the reader's language."""
    return sentence


class FieldClass(StrEnum):
    """How far a stored fact may travel (design decision 6). Every model field has one."""

    PUBLIC = "public"
    PROFESSIONAL = "professional"
    FAMILY = "family"
    WHEREABOUTS = "whereabouts"
    CLINICAL = "clinical"
    SECRET = "secret"


class Regime(StrEnum):
    """The law a fact stands under; `NONE` for facts about the house itself."""

    NONE = "none"
    HIPAA = "hipaa"
    PART_C = "part_c_ferpa"
    PART_2 = "part_2"
    CHILD_WELFARE = "child_welfare"
    TRIBAL = "tribal"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes or no, with the one sentence that says why.

    The same object greys the button, fills the message and the JSON error, and is logged, so that nobody is told two
    different reasons. `sentence` is an English sentence marked for translation; `facts` fill its named places and never
    hold another family's facts.
    """

    allowed: bool
    sentence: str
    role: str = ""
    purpose: str = ""
    classes: frozenset[FieldClass] = frozenset()
    regime: Regime = Regime.NONE
    facts: Mapping[str, str] = field(default_factory=dict)
    organization: str = ""

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True, slots=True)
class Age:
    """Completed calendar months between a birth and a day, with the days beyond them.

    A month is complete on the same day number of a later month; where that month is shorter, on the first day of the
    next (someone born on 31 January is one month old on 1 March, someone born on 29 February is a year old on 1 March).
    Source: `instruments.yaml`, meta.age_rule (completed calendar months between birth date and screening date).
    """

    months: int
    days: int

    @classmethod
    def between(cls, born: date, on: date) -> Age:
        """The age on a day. Raises ValueError when the day lies before the birth."""
        if on < born:
            raise ValueError(f"{on} lies before the birth on {born}")
        months = (on.year - born.year) * 12 + on.month - born.month
        if on.day < born.day:
            months -= 1
        return cls(months=months, days=(on - month_reached(born, months)).days)

    @property
    def years(self) -> int:
        return self.months // 12


def month_reached(born: date, months: int) -> date:
    """The day on which `months` calendar months are complete, as `Age` counts them."""
    years, month = divmod(born.month - 1 + months, 12)
    year = born.year + years
    try:
        return date(year, month + 1, born.day)
    except ValueError:
        first_of_next = date(year, month + 1, 28) + timedelta(days=4)
        return first_of_next.replace(day=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` up to but not including `until`; `until` None means it still runs."""

    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"a period cannot end on {self.until}, before it begins on {self.since}")

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)
