"""Which competency domains a person's training covers, in minutes, and where there is none yet. Pure.

Hours are a floor and the test is whether what was learned covers the domains (endorsement.yaml,
shared_requirements.training_minimum_is_not_enough). No source says how much is enough, so a domain is open while nothing is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from inmind.endorsement.portfolio import Training
from inmind.foundation.catalogs import Confidence, Entry, distinct, known_source


@dataclass(frozen=True, slots=True)
class Domain:
    """A competency domain by its name. rated: the source that says references mainly tell of it; empty: trainings do."""

    key: str
    name: str
    source: str
    confidence: str
    rated: str = ""


@dataclass(frozen=True, slots=True)
class Covered:
    """A domain with the minutes of training in it; areas: the same by area, where trainings named areas of it."""

    domain: Domain
    minutes: int
    areas: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether nothing is there yet in a domain that trainings tell of."""
        return self.minutes == 0 and not self.domain.rated


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every domain, in its file's order; unnamed: minutes of trainings that name no domain at all."""

    rows: tuple[Covered, ...]
    unnamed: int

    @property
    def open(self) -> tuple[Domain, ...]:
        return tuple(one.domain for one in self.rows if one.is_open)


def load(sheet: Entry) -> tuple[Domain, ...]:
    """The domains of the file. Raises BadCatalog with the file, the line and the reason."""
    said = sheet.fields("title edition date licence sources domains")
    for name in ("title", "edition", "licence"):
        said[name].text()
    said["date"].day()
    sources = {key: one.text() for key, one in said["sources"].mapping().items()}
    rows = said["domains"].entries()
    domains = tuple(_domain(one, sources) for one in rows)
    distinct(rows, [one.key for one in domains])
    return domains


def _domain(entry: Entry, sources: Mapping[str, str]) -> Domain:
    said = entry.fields("key name source confidence", "rated")
    return Domain(
        key=said["key"].text(),
        name=said["name"].text(),
        source=sources[known_source(said["source"], sources)],
        confidence=said["confidence"].one_of(Confidence).value,
        rated=sources[known_source(said["rated"], sources)] if "rated" in said else "",
    )


def coverage(
    domains: Sequence[Domain], trainings: Iterable[Training], of_area: Mapping[str, str], on: date
) -> Coverage:
    """What trainings up to a day cover. of_area: the domain of an area's key; a domain's own key is its domain."""
    minutes: Counter[str] = Counter()
    areas: dict[str, Counter[str]] = {}
    unnamed = 0
    for one in trainings:
        if one.on > on:
            continue
        if not one.areas:
            unnamed += one.minutes
        for area, part in one.areas.items():
            domain = of_area.get(area, area)
            minutes[domain] += part
            if area != domain:
                areas.setdefault(domain, Counter())[area] += part
    return Coverage(tuple(Covered(one, minutes[one.key], areas.get(one.key, {})) for one in domains), unnamed)


def opens(training: Training, still_open: Iterable[Domain], of_area: Mapping[str, str]) -> tuple[Domain, ...]:
    """The open domains in which a training would be the first."""
    there = {of_area.get(area, area) for area in training.domains}
    return tuple(one for one in still_open if one.key in there)
