"""Pictures worked out on the server. Templates draw them as plain SVG, without script and without a style attribute.

Positions are text, not numbers, so that no language turns a decimal point into a comma.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

NUMBERS_APART = 0.06


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a scale, both ends included, in its publisher's words."""

    lowest: int
    highest: int
    label: str


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Where a publisher says to look closer: from this many points on; at_or_below: from this many down."""

    points: int
    label: str = ""
    at_or_below: bool = False


@dataclass(frozen=True, slots=True)
class RangePicture:
    """Where a result stands on its instrument's scale.

    points: a finished result. possible: the lowest and highest result that blanks still allow, for an unfinished one.
    Both None draws the scale alone. Each whole number owns one cell of equal width, so a band ends where the next begins.
    """

    lowest: int
    highest: int
    bands: tuple[Band, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()
    points: int | None = None
    possible: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        given = [
            *(self.possible or ()),
            *([] if self.points is None else [self.points]),
        ]
        if self.lowest >= self.highest or any(not self.lowest <= value <= self.highest for value in given):
            raise ValueError(f"{given or 'nothing'} does not fit on a scale from {self.lowest} to {self.highest}")

    @property
    def here(self) -> Band | None:
        """The band of a finished result."""
        if self.points is None:
            return None
        return next(
            (band for band in self.bands if band.lowest <= self.points <= band.highest),
            None,
        )

    def segments(self) -> list[dict[str, object]]:
        """Each band as x, width and its shade, 1 the palest; at most five shades. The palest is the end that asks for no closer
        look: the lowest band, or the highest where a cut-off reads from its points down."""
        from_above = any(cutoff.at_or_below for cutoff in self.cutoffs)
        return [
            {
                "x": _percent(self._edge(band.lowest)),
                "width": _percent(self._edge(band.highest + 1) - self._edge(band.lowest)),
                "shade": min(len(self.bands) + 1 - place if from_above else place, 5),
                "band": band,
                "is_here": band == self.here,
            }
            for place, band in enumerate(self.bands, start=1)
        ]

    def marks(self) -> list[dict[str, object]]:
        """The cut-offs, at the edge between the numbers that reach them and those that do not."""
        return [{"x": _percent(self._line(cutoff)), "cutoff": cutoff} for cutoff in self.cutoffs]

    def numbers(self) -> list[dict[str, object]]:
        """The numbers under the scale: both ends and the cut-offs, without any that would touch the one before."""
        shown = [(0.0, self.lowest, "start")]
        for edge, points in sorted({(self._line(cutoff), cutoff.points) for cutoff in self.cutoffs}):
            if edge - shown[-1][0] >= NUMBERS_APART and 1 - edge >= NUMBERS_APART:
                shown.append((edge, points, "middle"))
        shown.append((1.0, self.highest, "end"))
        return [{"x": _percent(x), "value": value, "anchor": anchor} for x, value, anchor in shown]

    def marker(self) -> str | None:
        return None if self.points is None else _percent(self._middle(self.points))

    def reach(self) -> dict[str, str] | None:
        """The stretch an unfinished result can still fall in."""
        if self.possible is None:
            return None
        low, high = self.possible
        return {
            "x": _percent(self._edge(low)),
            "width": _percent(self._edge(high + 1) - self._edge(low)),
        }

    def _edge(self, value: int) -> float:
        return (value - self.lowest) / (self.highest - self.lowest + 1)

    def _line(self, cutoff: Cutoff) -> float:
        return self._edge(cutoff.points + cutoff.at_or_below)

    def _middle(self, value: int) -> float:
        return (self._edge(value) + self._edge(value + 1)) / 2


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody on the holding map. ring: 1 cares for the child, 2 serves the family, 3 holds the professionals.

    holds: keys of those this person holds. An adult of the family holds the child at the center by standing there.
    """

    key: str
    name: str
    part: str
    ring: int
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs, or that was asked for and has not come. There is no such mark for a family or for a worker."""

    name: str
    note: str
    runs: bool = False


RADII = {0: 36, 1: 80, 2: 128, 3: 172}
NETWORK = 206
CENTER = (250, 215)
WIDTH = 500
ROW = 40
AIR = 130  # nearer than this, two marks crowd each other
NAME_LETTER, PART_LETTER = 10.0, 8.6  # how wide a letter of a name and of a part is drawn at most, as on a phone


@dataclass(frozen=True, slots=True)
class HoldingMap:
    """The sign of the house: rings around a baby, drawn from who holds whom.

    Each person has a row of their own on one side, so no two names meet; whoever finds no room stands in the list alone.
    """

    center: str
    people: tuple[Held, ...]
    services: tuple[Service, ...] = ()
    network: str = ""

    def rings(self) -> list[int]:
        return [NETWORK, *(RADII[ring] for ring in (3, 2, 1))]

    def marks(self) -> list[dict[str, object]]:
        """Each person's mark, with name and part as long as the picture has room beside it; the list has them whole."""
        return [self._mark(person, x, y) for person, (x, y) in self._places().items()]

    def _mark(self, person: Held, x: int, y: int) -> dict[str, object]:
        is_right = x > CENTER[0]
        text_x = x + (24 if is_right else -24)
        room = WIDTH - text_x if is_right else text_x
        return {
            "person": person,
            "x": x,
            "y": y,
            "text_x": text_x,
            "anchor": "start" if is_right else "end",
            "name": _fitted(person.name, room / NAME_LETTER),
            "part": _fitted(person.part, room / PART_LETTER),
        }

    def not_drawn(self) -> int:
        """How many people found no room in the picture, and stand in the list alone."""
        return len(self.people) - len(self._places())

    def groups(self) -> list[dict[str, object]]:
        """The picture as a list: ring by ring from the inside, each with its people; a ring without anybody is left out."""
        rings = {ring: [person for person in self.people if person.ring == ring] for ring in (1, 2, 3)}
        return [{"ring": ring, "people": people} for ring, people in rings.items() if people]

    def lines(self) -> list[str]:
        """A gentle curve from each person to each one held, as SVG paths."""
        at = {person.key: place for person, place in self._places().items()}
        pairs = [
            (at[person.key], at[held])
            for person in self.people
            for held in person.holds
            if person.key in at and held in at
        ]
        pairs += [(at[person.key], CENTER) for person in self.people if person.ring == 1 and person.key in at]
        return [_curve(start, end) for start, end in pairs]

    def arcs(self) -> list[dict[str, object]]:
        """An arc for each service at the foot of the second ring: whole where it runs, dotted where it is awaited."""
        width = min(46.0, 92.0 / max(1, len(self.services)))
        first = 90 + width * len(self.services) / 2
        return [
            {"path": _arc(RADII[2], first - width * place - 4, first - width * (place + 1) + 4), "service": one}
            for place, one in enumerate(self.services)
        ]

    def waits(self) -> bool:
        return not all(one.runs for one in self.services)

    def _places(self) -> dict[Held, tuple[int, int]]:
        """Where each person stands: a free row of their own, near the row their ring likes and near those they hold, with
        air around. The foot of the picture is left free where services are drawn there."""
        free = [(side, row) for row in _ROWS for side in (-1, 1)]
        places: dict[Held, tuple[int, int]] = {}
        for person in sorted(self.people, key=lambda person: person.ring):
            held = [place for other, place in places.items() if other.key in person.holds]
            spots = {
                (side, row): _spot(side, row, person.ring)
                for side, row in free
                if abs(row) <= RADII[person.ring] * 0.95
            }
            if not spots:
                continue
            chosen = min(
                spots,
                key=lambda spot: (
                    abs(abs(spot[1]) - _LIKED[person.ring])
                    + sum(math.dist(spots[spot], place) for place in held) / 5
                    + sum(max(0.0, AIR - math.dist(spots[spot], place)) for place in places.values()) / 3
                    + sum(_nearness(spots[spot], place) < RADII[0] * 1.5 for place in held) * ROW
                    + (spot[1] > 0) * (ROW * 2 if self.services else ROW)
                ),
            )
            free.remove(chosen)
            places[person] = spots[chosen]
        return places


_ROWS = (0, *(sign * ROW * step for step in range(1, 5) for sign in (-1, 1)))
_LIKED = {1: ROW, 2: 5 * ROW // 2, 3: 4 * ROW}


def _spot(side: int, row: int, ring: int) -> tuple[int, int]:
    """Where a row meets a ring, on one side."""
    return CENTER[0] + side * round(math.sqrt(RADII[ring] ** 2 - row**2)), CENTER[1] + row


def _nearness(start: tuple[int, int], end: tuple[int, int]) -> float:
    """How near a line from one place to another comes to the child at the center."""
    (x, y), (dx, dy) = (CENTER[0] - start[0], CENTER[1] - start[1]), (end[0] - start[0], end[1] - start[1])
    along = min(1.0, max(0.0, (x * dx + y * dy) / (dx * dx + dy * dy or 1)))
    return math.hypot(x - along * dx, y - along * dy)


def _curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    bend_x = (start[0] + end[0]) / 2 + (end[1] - start[1]) * 0.12
    bend_y = (start[1] + end[1]) / 2 - (end[0] - start[0]) * 0.12
    return f"M{start[0]} {start[1]} Q{bend_x:.0f} {bend_y:.0f} {end[0]} {end[1]}"


def _fitted(words: str, letters: float) -> str:
    """The words, or as many letters of them as there is room for."""
    most = max(int(letters), 3)
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _arc(radius: int, begin: float, finish: float) -> str:
    """Clockwise on the screen from `begin` to `finish`, in degrees from the right, y downward."""
    (x1, y1), (x2, y2) = (
        (
            CENTER[0] + radius * math.cos(math.radians(angle)),
            CENTER[1] + radius * math.sin(math.radians(angle)),
        )
        for angle in (begin, finish)
    )
    return f"M{x1:.1f} {y1:.1f} A{radius} {radius} 0 0 0 {x2:.1f} {y2:.1f}"


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"
