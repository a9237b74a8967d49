"""From a flag to support that started, for one's own cases: how many came how far, how long it took, and why some were lost.

Operational figures: true counts, for those who serve or manage these families, and never mixed with public ones. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from statistics import median

from inmind.services.referral import Why


class Stage(StrEnum):
    """How far a family came, in order. Talked comes first after a flag: our response, before anything is sent anywhere."""

    FLAGGED = "flagged"
    TALKED = "talked"
    REFERRED = "referred"
    RECEIVED = "received"
    CONTACTED = "contacted"
    STARTED = "started"


STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Case:
    """One worry and what came of it: the first day of each stage that was reached; why it was lost, where it was."""

    days: Mapping[Stage, date]
    lost: Why | None = None

    @property
    def reached(self) -> Stage | None:
        """The farthest stage: whoever started was reached, also where nobody wrote down how."""
        return next((stage for stage in reversed(STAGES) if stage in self.days), None)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage: how many came so far; of them, from the stage before, the days it took; who is on the way, and who was lost.

    days: the median of those whose two days are both known, and of how many; None where of nobody. on_the_way: came so far, no
    farther, and is not lost.
    """

    stage: Stage
    reached: int
    on_the_way: int
    days: float | None = None
    days_of: int = 0
    lost: Mapping[Why, int] = field(default_factory=dict)


def funnel(cases: Iterable[Case]) -> tuple[Step, ...]:
    """The stages in order, each with its counts. What was lost stands at the last stage that was reached."""
    rows = [case for case in cases if case.reached is not None]
    return tuple(_step(place, rows) for place in range(len(STAGES)))


def _step(place: int, rows: list[Case]) -> Step:
    stage = STAGES[place]
    here = [case for case in rows if _place(case) == place]
    took = [
        (case.days[stage] - case.days[STAGES[place - 1]]).days
        for case in rows
        if place and stage in case.days and STAGES[place - 1] in case.days
    ]
    return Step(
        stage=stage,
        reached=sum(_place(case) >= place for case in rows),
        on_the_way=sum(case.lost is None for case in here),
        days=median(took) if took else None,
        days_of=len(took),
        lost=Counter(case.lost for case in here if case.lost is not None),
    )


def _place(case: Case) -> int:
    return -1 if case.reached is None else STAGES.index(case.reached)
