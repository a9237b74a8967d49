"""Until when each program is open to each of many families, one family after the other and none kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from inmind.services.fitting.eligibility import Family, Readings, Span, prepared, window
from inmind.services.fitting.matching import SOON
from inmind.services.fitting.program import Program
from inmind.services.fitting.questions import Question

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Look:
    """How a referral's window stands. closes: the first day on which it is surely or perhaps too late; place: the day on which
    a place would come, None where nobody has said. too_late: that day lies after the window, or the window has closed."""

    closes: date
    place: date | None
    too_late: bool

    def is_near(self, on: date, soon: timedelta = SOON) -> bool:
        """Whether somebody should look at it: the place comes too late, or the window closes soon."""
        return self.too_late or self.closes <= on + soon


def look(
    program: Program,
    family: Family,
    on: date,
    *,
    place: date | None,
    questions: Mapping[str, Question],
    readings: Readings | None = None,
) -> Look | None:
    """How the window of one referral stands on a day; None where no day is known on which it closes."""
    there = prepared(program, family, questions=questions, readings=readings)(on, place)
    if there.closes is None:
        return None
    return Look(there.closes, place, there.on >= there.closes)


def windows(
    families: Iterable[tuple[Key, Family]], programs: Iterable[Program], on: date, readings: Readings | None = None
) -> Iterator[tuple[Key, str, Span]]:
    """When each program is or will be open to each family, in the order in which families come; what has closed is left out.
    Holds one family at a time."""
    every, read = tuple(programs), readings or Readings()
    for key, family in families:
        for program in every:
            there = window(program, family, read)
            last = there.perhaps or there.closes
            if last is None or on < last:
                yield key, program.key, there
