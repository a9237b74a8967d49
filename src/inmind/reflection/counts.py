"""How many are held, for those who manage or coordinate: only counts that point at nobody. Pure.

`protect.md` 13: managers get counts of five or more. A count is told only where it and all others who are not counted in it
are five or more, and then only as "at least", in steps of five, as of the end of the last whole quarter. So neither taking one
number from another, nor one quarter from the next, nor a row from its total says whether a named person is held. Of places that
share somebody one alone is told to one reader: of two that differ in one person the numbers on both sides of a step would say of
that person what each alone does not.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

ENOUGH = 5  # `protect.md` 13


@dataclass(frozen=True, slots=True)
class Cell:
    """At least so many; None: too few to tell, or too near to all."""

    at_least: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One group of people: how many of `of` are held, and how many of those met in the quarter."""

    key: Hashable
    of: int
    held: int
    met: int


@dataclass(frozen=True, slots=True)
class Told:
    """What of a row may be told."""

    key: Hashable
    held: Cell
    met: Cell


def as_of(today: date) -> tuple[date, date]:
    """The first and the last day of the last whole quarter that is over."""
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    last = first - timedelta(days=1)
    return date(last.year, last.month - 2, 1), last


def apart(places: Mapping[Hashable, Set[Hashable]]) -> frozenset[Hashable]:
    """Which of several places may be told to one reader: the largest first, and none that shares a part of its people with one
    that is told. Two with the very same people say the same."""
    kept: dict[Hashable, Set[Hashable]] = {}
    for key in sorted(places, key=lambda one: -len(places[one])):  # of two as large, the first
        people = places[key]
        if all(people == others or not people & others for others in kept.values()):
            kept[key] = people
    return frozenset(kept)


NOTHING = Cell(None)


def told(rows: Sequence[Row]) -> tuple[Told, ...]:
    """What may be told of rows that make up a whole, which is not told beside them.

    Where one row alone is kept back, the smallest of the others is too: whoever learns the whole elsewhere could take the
    others from it.
    """
    held = _beside([_cell(row.held, row.of) for row in rows], [row.held for row in rows])
    met = [
        _cell(row.met, row.held) if cell.at_least is not None else Cell(None)
        for row, cell in zip(rows, held, strict=True)
    ]
    return tuple(
        Told(row.key, one, other)
        for row, one, other in zip(rows, held, _beside(met, [row.met for row in rows]), strict=True)
    )


def _cell(count: int, of: int) -> Cell:
    """A count beside all who could be in it: told where both those in it and those outside are enough."""
    if count < ENOUGH or of - count < ENOUGH:
        return Cell(None)
    return Cell(count - count % ENOUGH)


def _beside(cells: list[Cell], counts: list[int]) -> list[Cell]:
    """The same, with a second one kept back where one alone is."""
    shown = [place for place, cell in enumerate(cells) if cell.at_least is not None]
    if not shown or len(cells) - len(shown) != 1:
        return cells
    least = min(shown, key=lambda place: counts[place])
    return [Cell(None) if place == least else cell for place, cell in enumerate(cells)]
