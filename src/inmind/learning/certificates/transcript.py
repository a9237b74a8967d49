"""What somebody has learned, by year and by competency area; what the house knows apart from what they say themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

Minutes = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One training. said: by oneself, where it took place elsewhere; such minutes are counted apart, always."""

    on: date
    title: str
    by: str
    minutes: int
    domains: Minutes = field(default_factory=dict)
    certificate: str = ""
    said: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """Minutes known here, and said by oneself."""

    known: int = 0
    said: int = 0

    @property
    def total(self) -> int:
        return self.known + self.said


@dataclass(frozen=True, slots=True)
class Transcript:
    """lines: the newest first; by_year: the newest first; by_area: as the areas are ordered, those with minutes."""

    lines: tuple[Line, ...]
    by_year: tuple[tuple[int, Sum], ...]
    by_area: tuple[tuple[str, Sum], ...]
    total: Sum


def transcript(lines: Iterable[Line], areas: Iterable[str]) -> Transcript:
    """All of it. areas: keys in the order in which they are shown; one that is not among them stands at the end."""
    several = sorted(lines, key=lambda one: (one.on, one.title), reverse=True)
    years: dict[int, Sum] = {}
    of_area: dict[str, Sum] = {}
    total = Sum()
    for one in several:
        years[one.on.year] = _more(years.get(one.on.year, Sum()), one.minutes, one.said)
        total = _more(total, one.minutes, one.said)
        for key, minutes in one.domains.items():
            of_area[key] = _more(of_area.get(key, Sum()), minutes, one.said)
    order = {key: place for place, key in enumerate(areas)}
    by_area = sorted(of_area.items(), key=lambda one: (order.get(one[0], len(order)), one[0]))
    return Transcript(tuple(several), tuple(sorted(years.items(), reverse=True)), tuple(by_area), total)


def _more(before: Sum, minutes: int, said: bool) -> Sum:
    return Sum(before.known, before.said + minutes) if said else Sum(before.known + minutes, before.said)


def share(minutes: int, most: int) -> float:
    """How wide a bar is, in percent of the widest, to a tenth; a minute is seen, too."""
    return max(0.5, round(1000 * minutes / most) / 10) if minutes and most else 0.0
