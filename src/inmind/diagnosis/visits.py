"""The visits of an assessment: several, in more than one place, counted against what a payer allows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

LONGEST = timedelta(hours=12)  # ours: what is longer is a slip of the finger


class Place(StrEnum):
    """Where the child was seen, as a visit to the family says it."""

    HOME = "home"
    OFFICE = "office"
    CHILD_CARE = "child_care"
    ONLINE = "online"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Visit:
    """One contact of an assessment. with_whom: who was there beside the child and the clinician."""

    on: date
    minutes: int
    place: Place
    with_whom: frozenset[UUID] = frozenset()

    def __post_init__(self) -> None:
        if not 0 < self.minutes <= LONGEST.total_seconds() / 60:
            raise BadInput(
                N_("A visit of %(minutes)s minutes cannot be."),
                N_("A visit takes between 1 and 720 minutes."),
                N_("Look at the minutes again."),
                field="minutes",
                facts={"minutes": self.minutes},
            )


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many sessions a payer pays per child and calendar year before it asks; a setting, with its source. sessions None:
    nobody has said, and nothing is counted down."""

    payer: str
    sessions: int | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """How much of an allowance is used in a year. left: None where the allowance is not known; never below 0."""

    year: int
    sessions: int
    allowed: int | None

    @property
    def left(self) -> int | None:
        return None if self.allowed is None else max(0, self.allowed - self.sessions)

    @property
    def is_over(self) -> bool:
        return self.allowed is not None and self.sessions > self.allowed


def used(visits: Iterable[Visit], allowance: Allowance, on: date) -> Used:
    """What of the allowance of a day's calendar year is used, by all assessments of one child: each visit is a session."""
    return Used(on.year, sum(one.on.year == on.year for one in visits), allowance.sessions)


def places(visits: Sequence[Visit]) -> frozenset[Place]:
    """Where the child was seen; an assessment is made in more than one place where it can be."""
    return frozenset(one.place for one in visits)


def minutes(visits: Iterable[Visit]) -> int:
    """All minutes together."""
    return sum(one.minutes for one in visits)
