"""Where people stand in the picture of who holds whom: the reader in the middle, those who hold above, those who are held below.
Pure. There is no mark for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, MIDDLE, ROW, TOP = 500, 250, 64, 46
A_ROW = 3
MOST_ROWS = 3
LETTERS = 13


@dataclass(frozen=True, slots=True)
class Mark:
    """One person: place, name as long as there is room, and the curve that joins them with the reader."""

    name: str
    initial: str
    x: int
    y: int
    path: str
    holds_me: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it. me: the reader's height; height: of the whole; left_out: how many stand in the list alone."""

    marks: tuple[Mark, ...]
    me: int
    height: int
    left_out: int


def drawn(holders: Sequence[str], held: Sequence[str]) -> Picture:
    """The picture of these names."""
    above, below = _rows(holders), _rows(held)
    me = TOP + ROW * len(above) + (10 if above else 0)
    marks = [
        _mark(name, place, len(row), TOP + ROW * at, me, True)
        for at, row in enumerate(above)
        for place, name in enumerate(row)
    ]
    marks += [
        _mark(name, place, len(row), me + ROW * (at + 1) + 10, me, False)
        for at, row in enumerate(below)
        for place, name in enumerate(row)
    ]
    height = me + (ROW * len(below) + 10 if below else 0) + 62
    drawn_here = sum(map(len, above)) + sum(map(len, below))
    return Picture(tuple(marks), me, height, len(holders) + len(held) - drawn_here)


def _rows(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[start : start + A_ROW] for start in range(0, min(len(names), A_ROW * MOST_ROWS), A_ROW)]


def _mark(name: str, place: int, of: int, y: int, me: int, holds_me: bool) -> Mark:
    x = WIDTH * (2 * place + 1) // (2 * of)
    bend = (y + me) // 2
    room = LETTERS * A_ROW // of
    short = name if len(name) <= room else f"{name[: room - 1].rstrip()}…"
    return Mark(short, name[:1].upper(), x, y, f"M{x} {y} C{x} {bend} {MIDDLE} {bend} {MIDDLE} {me}", holds_me)


@dataclass(frozen=True, slots=True)
class Bar:
    """One month's hours: what stands, and above it what waits; heights and where each begins, in units of the picture."""

    x: int
    stands: int
    stands_y: int
    waits: int
    waits_y: int


STEP, GROUND, TALLEST = 40, 106, 78


def bars(months: Sequence[tuple[int, int]]) -> tuple[Bar, ...]:
    """Months as bars, the tallest as high as the picture allows. months: minutes that stand and minutes that wait, oldest first."""
    most = max((stands + waits for stands, waits in months), default=0) or 1
    found = []
    for place, (stands, waits) in enumerate(months):
        low, high = -(-stands * TALLEST // most), -(-waits * TALLEST // most)
        found.append(Bar(8 + STEP * place, low, GROUND - low, high, GROUND - low - high))
    return tuple(found)
