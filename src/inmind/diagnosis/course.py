"""Axis V across the signed versions of a child's formulation, placed for a picture. Pure.

Five domains by four ratings. A rating is a band of words: nothing here adds, averages or counts them, and no domain is set
against another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from inmind.diagnosis.manual import Manual, Named

WIDTH, LEFT, TOP = 360, 20, 14  # in units of the drawing
ROW, WIDEST = 18, 110  # between two ratings, and between two versions at the most
RADIUS = 6


@dataclass(frozen=True, slots=True)
class Rated:
    """What one signed version says on Axis V: by domain its rating; one that is not there was not rated."""

    number: int
    on: date
    ratings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ring:
    """A rating that could be; is_it: the one that is."""

    y: int
    is_it: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One version of a domain. rating: None where it was not rated then."""

    number: int
    on: date
    rating: Named | None
    x: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One domain. line: the points that join its ratings from version to version; empty where there are not two."""

    domain: Named
    columns: tuple[Column, ...]
    line: str

    @property
    def last(self) -> Column:
        return self.columns[-1]


@dataclass(frozen=True, slots=True)
class Course:
    """All domains, in the manual's order. height: of each drawing; foot: where the versions are named."""

    lanes: tuple[Lane, ...]
    height: int
    foot: int


def course(manual: Manual, versions: Iterable[Rated]) -> Course | None:
    """How each domain was rated in each version, the first on the left; None where nothing was signed yet."""
    some = sorted(versions, key=lambda one: one.number)
    if not some:
        return None
    foot = TOP + ROW * len(manual.ratings) + 8
    return Course(tuple(_lane(manual, domain, some) for domain in manual.domains), foot + 6, foot)


def _lane(manual: Manual, domain: Named, versions: Sequence[Rated]) -> Lane:
    gap = min(WIDEST, (WIDTH - 2 * LEFT) / max(1, len(versions) - 1))
    columns, points = [], []
    for place, one in enumerate(versions):
        key, x = one.ratings.get(domain.key), f"{LEFT + gap * place:.1f}"
        rings = tuple(Ring(TOP + ROW * row, rating.key == key) for row, rating in enumerate(manual.ratings))
        rating = next((each for each in manual.ratings if each.key == key), None)
        columns.append(Column(one.number, one.on, rating, x, rings))
        points += [f"{x},{ring.y}" for ring in rings if ring.is_it]
    return Lane(domain, tuple(columns), " ".join(points) if len(points) > 1 else "")
