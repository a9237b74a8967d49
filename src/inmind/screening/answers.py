"""Answers as points, and as positions on paper: two things that cannot be taken for each other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inmind.screening.errors import NoPositions, OutOfRange
from inmind.screening.instrument import Instrument
from inmind.screening.instrument_parts import Item


class Answers(Mapping[str, int | None]):
    """Points by item, None where blank: what scoring takes. Never positions."""

    def __init__(self, points: Mapping[str, int | None]) -> None:
        self._points = dict(points)

    def __getitem__(self, key: str) -> int | None:
        return self._points[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._points)

    def __len__(self) -> int:
        return len(self._points)


@dataclass(frozen=True, slots=True)
class Positions:
    """Where the mark stands on paper, by item: 1 is the topmost answer, None is blank.

    Not a mapping, so that scoring cannot take it, and never made from Answers: what is points already cannot be turned
    round a second time.
    """

    marked: Mapping[str, int | None]

    def __post_init__(self) -> None:
        if isinstance(self.marked, Answers):
            raise TypeError("these answers are points already; positions are what was marked on paper")


def from_positions(instrument: Instrument, positions: Positions) -> Answers:
    """The points for what was marked on paper, turned round once, here, where an item is printed worst first.

    Raises NoPositions, UnknownItem, or OutOfRange for a position that the form does not have.
    """
    if not isinstance(positions, Positions):
        raise TypeError("only positions on paper can be turned into points")
    if not instrument.takes_positions:
        raise NoPositions(instrument.short_name)
    return Answers({key: _points_at(instrument.item(key), place) for key, place in positions.marked.items()})


def _points_at(item: Item, place: int | None) -> int | None:
    if place is None:
        return None
    if type(place) is not int or not 1 <= place <= len(item.from_first):
        raise OutOfRange(item.key, place, range(1, len(item.from_first) + 1))
    return item.from_first[place - 1]
