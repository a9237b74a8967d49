"""Where somebody stands among the questions that she was sent. Pure.

Nothing is kept of where she is: she goes on with the first question that she neither answered nor skipped, on whichever
device; so two devices never disagree, and whoever opens the link learns no answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

CHECK_IN = "check_in"  # the one place of a part in our own words


@dataclass(frozen=True, slots=True)
class Asked:
    """One part as she is asked it. places: the keys of its questions as printed; touched: those answered or skipped."""

    number: int
    places: tuple[str, ...]
    touched: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One question: of which part, and the how manieth of it, from 1."""

    part: int
    place: int


def goes_on(parts: Sequence[Asked]) -> Place | None:
    """The first question that was neither answered nor skipped; None when there is none left."""
    for part in parts:
        for place, key in enumerate(part.places, start=1):
            if key not in part.touched:
                return Place(part.number, place)
    return None


def before(parts: Sequence[Asked], here: Place) -> Place | None:
    """The question before this one, over the border of its part; None before the first."""
    every = [Place(part.number, place) for part in parts for place in range(1, len(part.places) + 1)]
    return every[every.index(here) - 1] if here in every[1:] else None


def last(parts: Sequence[Asked]) -> Place | None:
    """The last question of all; None where nothing is asked."""
    return next((Place(part.number, len(part.places)) for part in reversed(parts) if part.places), None)


def is_begun(parts: Sequence[Asked]) -> bool:
    return any(part.touched for part in parts)


def left(parts: Sequence[Asked]) -> int:
    """How many questions are neither answered nor skipped."""
    return sum(key not in part.touched for part in parts for key in part.places)
