"""Several results of one person on one scale, placed for a picture: x by day, y by points. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, LEFT, TOP, FOOT = 640, 220, 36, 16, 30
_RIGHT = 16


@dataclass(frozen=True, slots=True)
class Point:
    """One result: the day, and its points; lowest and highest differ where answers are blank."""

    on: date
    lowest: int
    highest: int

    @property
    def is_finished(self) -> bool:
        return self.lowest == self.highest


@dataclass(frozen=True, slots=True)
class Placed:
    """A result's place in the picture, as text, so that no language turns a decimal point into a comma.

    x, y: its middle. top, height: the stretch of an unfinished one; empty for a finished one.
    """

    point: Point
    x: str
    y: str
    top: str
    height: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The results of one instrument in one edition, oldest first; `cutoffs`: its points, lowest first. began: the day on which
    something began beside them, drawn as an upright line between the results."""

    lowest: int
    highest: int
    points: tuple[Point, ...]
    cutoffs: tuple[int, ...] = ()
    began: date | None = None

    def __post_init__(self) -> None:
        if self.lowest >= self.highest or not self.points:
            raise ValueError("a trend needs a scale and at least one result")
        if any(not self.lowest <= one.lowest <= one.highest <= self.highest for one in self.points):
            raise ValueError("a result lies outside its scale")

    @property
    def placed(self) -> list[Placed]:
        return [self._place(point) for point in sorted(self.points, key=lambda point: point.on)]

    @property
    def line(self) -> str:
        """The line through the finished results, as SVG has it; empty where there are not two."""
        finished = [one for one in self.placed if one.point.is_finished]
        return " ".join(f"{one.x},{one.y}" for one in finished) if len(finished) > 1 else ""

    @property
    def levels(self) -> list[tuple[str, int]]:
        """The cut-offs, as height and number."""
        return [(_text(self._y(value)), value) for value in self.cutoffs]

    @property
    def ends(self) -> list[tuple[str, int]]:
        """The scale's two ends, without one that a cut-off's number would touch."""
        taken = [self._y(value) for value in self.cutoffs]
        ends = [(self._y(value), value) for value in (self.lowest, self.highest)]
        return [(_text(y), value) for y, value in ends if all(abs(y - other) > 14 for other in taken)]

    @property
    def began_at(self) -> str:
        """Where that day stands; empty where it lies outside of the results' days."""
        days = [point.on for point in self.points]
        return _text(self._x(self.began)) if self.began is not None and min(days) <= self.began <= max(days) else ""

    @property
    def began_from(self) -> str:
        """From where the words of that day are written, so that they stay within the picture: SVG's text-anchor."""
        place = self._x(self.began) if self.began is not None else 0
        return "start" if place < WIDTH / 3 else "end" if place > WIDTH * 2 / 3 else "middle"

    def _place(self, point: Point) -> Placed:
        top, foot = self._y(point.highest), self._y(point.lowest)
        stretch = ("", "") if point.is_finished else (_text(top), _text(foot - top))
        return Placed(point, _text(self._x(point.on)), _text((top + foot) / 2), *stretch)

    def _x(self, on: date) -> float:
        days: Sequence[date] = [point.on for point in self.points]
        first, last = min(days), max(days)
        room = WIDTH - LEFT - _RIGHT
        if first == last:
            return LEFT + room / 2
        # Half a mark of room at both ends.
        return LEFT + 14 + (room - 28) * ((on - first).days / (last - first).days)

    def _y(self, points: int) -> float:
        room = HEIGHT - TOP - FOOT
        return TOP + room * (self.highest - points) / (self.highest - self.lowest)


def _text(number: float) -> str:
    return f"{number:.1f}"
