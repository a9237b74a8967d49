"""Who looked at a record, told by day and by reader, with every entry in it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from inmind.access import grants

EMERGENCY = "emergency access"  # the purpose of its grants


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked at, changed or was refused a record, once or several times after one another.

    roles, organizations: those in which it was done; for a refusal, those held on that day (keys and names). person: the
    name, for people of the agency that may know it.
    """

    at: datetime
    roles: tuple[str, ...]
    organizations: tuple[str, ...]
    person: str
    verb: str
    outcome: str
    reader: str = ""  # the trail's word for who it was: what tells two strangers of one role and agency apart
    first: datetime | None = None  # of several
    purpose: str = ""
    times: int = 1
    seq: int = 0
    whom: tuple[str, ...] = ()  # the adults whom it concerned, by name, where the reader may know

    @property
    def begun(self) -> datetime:
        """The first moment of several."""
        return self.first or self.at

    @property
    def is_emergency(self) -> bool:
        return self.purpose == EMERGENCY


@dataclass(frozen=True, slots=True)
class Reader:
    """What one person did in one standing on one day: `looks`, newest first, equal ones after one another in one."""

    looks: tuple[Look, ...]

    @property
    def newest(self) -> Look:
        return self.looks[0]

    @property
    def begun(self) -> datetime:
        return min(look.begun for look in self.looks)

    @property
    def by_emergency(self) -> bool:
        return any(look.is_emergency for look in self.looks)

    def times(self, outcome: str) -> int:
        """How many entries of the trail have this outcome."""
        return sum(look.times for look in self.looks if look.outcome == outcome)


@dataclass(frozen=True, slots=True)
class Day:
    """A day by the clock of the agency, and its readers, the last one first."""

    on: date
    readers: tuple[Reader, ...]


def by_day(looks: Iterable[Look], zone: str) -> list[Day]:
    """Days, newest first, of looks; one that was written down late stands on its own day."""
    newest = sorted(looks, key=lambda look: look.at, reverse=True)
    return [
        Day(on, tuple(_readers(list(some))))
        for on, some in groupby(newest, key=lambda look: look.at.astimezone(ZoneInfo(zone)).date())
    ]


def whole_days(looks: Sequence[Look], most: int, zone: str) -> list[Look]:
    """Of looks that come newest first, as many as fit on a page of `most` without parting a day; a day that fills the
    page by itself is parted all the same.
    """
    if len(looks) <= most:
        return list(looks)
    cut = looks[most].at.astimezone(ZoneInfo(zone)).date()
    whole = [look for look in looks[:most] if look.at.astimezone(ZoneInfo(zone)).date() != cut]
    return whole or list(looks[:most])


def _readers(looks: list[Look]) -> list[Reader]:
    """Readers in the order of their last look."""
    of: dict[tuple[object, ...], list[Look]] = {}
    for look in looks:
        of.setdefault((look.reader, look.roles, look.organizations, look.person), []).append(look)
    return [Reader(tuple(_gathered(some))) for some in of.values()]


def _gathered(looks: Iterable[Look]) -> list[Look]:
    """The same, with what says the same several times after one another as one, from its first to its last moment."""
    lines: list[Look] = []
    for look in looks:
        if lines and _said(lines[-1]) == _said(look):
            lines[-1] = replace(lines[-1], first=look.at, times=lines[-1].times + 1)
        else:
            lines.append(look)
    return lines


def _said(look: Look) -> tuple[object, ...]:
    """What a line says, but for its time. Verbs that are called alike are one line, as they are one word."""
    return grants.WORDS.get(look.verb, look.verb), look.outcome, look.is_emergency, look.whom
