"""What does not fit in the rules of an association: days that nothing stands on, and where its file is not what ships. Pure.

A file that a coordinator took up stays what is gone by here, whatever ships later: this says only that somebody should look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from inmind.endorsement.standards import Edition, Requirement, binding

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look at, of a category: in words, for whoever keeps the house."""

    category: str
    says: str


def days(editions: Iterable[Edition], on: date) -> tuple[Doubt, ...]:
    """Days of a category on which no edition stands, or two do; and categories for which nothing stands on a day."""
    found: list[Doubt] = []
    of: dict[str, list[Edition]] = {}
    for one in editions:
        if not one.retired:
            of.setdefault(one.category, []).append(one)
    for category, some in of.items():
        for earlier, later in pairwise(some):
            if earlier.until is None or later.since is None:
                continue
            if later.since > earlier.until + A_DAY:
                first, last = earlier.until + A_DAY, later.since - A_DAY
                found.append(Doubt(category, f"no edition stands from {first} to {last}"))
            elif later.since <= earlier.until:
                says = f"{earlier.edition} and {later.edition} both stand from {later.since} to {earlier.until}"
                found.append(Doubt(category, says))
        if not binding(some, on):
            found.append(Doubt(category, f"no edition stands on {on}"))
    return tuple(found)


def differences(shipped: Sequence[Edition], taken: Sequence[Edition]) -> tuple[Doubt, ...]:
    """Where a file that was taken up says something else than what ships: editions that are missing, lines and their numbers."""
    found: list[Doubt] = []
    theirs = {(one.category, one.edition): one for one in taken}
    for ours in shipped:
        one = theirs.get((ours.category, ours.edition))
        if one is None:
            found.append(Doubt(ours.category, f"edition {ours.edition} ships and is not in it"))
            continue
        if (one.since, one.until) != (ours.since, ours.until):
            found.append(Doubt(ours.category, f"{ours.edition} stands on other days"))
        lines, here = _lines(ours), _lines(one)
        if missing := [key for key in lines if key not in here]:
            found.append(Doubt(ours.category, f"{ours.edition} leaves out: {', '.join(missing)}"))
        if more := [key for key in here if key not in lines]:
            found.append(Doubt(ours.category, f"{ours.edition} asks besides: {', '.join(more)}"))
        if other := [key for key in lines if key in here and lines[key] != here[key]]:
            found.append(Doubt(ours.category, f"{ours.edition} says something else of: {', '.join(other)}"))
    return tuple(found)


def _lines(edition: Edition) -> dict[str, list[tuple[object, ...]]]:
    """What each line asks, without its sources: two files that ask the same say the same."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for one in edition.requirements:
        found.setdefault(one.key, []).append(_asked(one))
    return found


def _asked(line: Requirement) -> tuple[object, ...]:
    return line.any_of, line.gates, line.since, line.until
