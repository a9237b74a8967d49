"""Counts of what people said of themselves, so that a count betrays nobody. Pure.

A group is told where it and all others who came are five or more each, and then only as "at least", in steps of five, as of
the end of the last whole quarter and of trainings that were over by then. So neither one number taken from another, nor a seat
that is given or ended to see what moves, says what a named person said. Source of the number five: `protect.md` 13.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

FEWEST = 5


def since_when(today: date) -> date:
    """The first day of this quarter: what was before it is told."""
    return date(today.year, (today.month - 1) // 3 * 3 + 1, 1)


def shown(counts: Mapping[str, int], of: int) -> dict[str, int | None]:
    """Each group with how many are in it at least, or None where that is not told: also where nobody is. of: all who came."""
    return {key: count - count % FEWEST if FEWEST <= count <= of - FEWEST else None for key, count in counts.items()}
