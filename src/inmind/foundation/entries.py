"""What a device wrote down without a signal, and what becomes of it here. Pure: rooms read entries by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

AHEAD = timedelta(minutes=10)  # ours: by how much a device's clock may be ahead of ours and still be believed
LONG_AGO = timedelta(days=60)  # ours: what is older than any parcel may stay was written by a clock that is wrong


class Clock(StrEnum):
    """Whether the time that a device says can be right."""

    FITS = "fits"
    AHEAD = "ahead"
    LONG_AGO = "long_ago"
    UNREADABLE = "unreadable"


def clock_of(given: datetime | None, arrived: datetime) -> Clock:
    """A wrong clock is told and kept with the entry; nothing that is due is ever counted from it."""
    if given is None:
        return Clock.UNREADABLE
    if given > arrived + AHEAD:
        return Clock.AHEAD
    return Clock.LONG_AGO if given < arrived - LONG_AGO else Clock.FITS


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done on a device. id: made there, and the key under which it is done once.

    number: its place on this device, from 1. at: the device's own time, None where that cannot be read. base: the version
    that the device had seen of what it changes. body: as it came, checked where it is read.
    """

    id: UUID
    number: int
    at: datetime | None
    episode: UUID | None
    kind: str
    base: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)

    def words(self, name: str, limit: int) -> str:
        """What was typed, without the space around it; empty where nothing was. Raises BadInput, HostileText."""
        said = self.body.get(name)
        if said is None:
            return ""
        if not isinstance(said, str):
            raise _wrong(name)
        return text.checked(said.strip(), limit, field=name)

    def id_of(self, name: str) -> UUID:
        """An id that has to be there. Raises BadInput."""
        if (found := self.id_or_none(name)) is None:
            raise _wrong(name)
        return found

    def id_or_none(self, name: str) -> UUID | None:
        return as_id(said, name) if (said := self.body.get(name)) is not None else None

    def ids(self, name: str) -> tuple[UUID, ...]:
        """Ids in the order in which they were said, each once. Raises BadInput."""
        said = self.body.get(name)
        if said is None:
            return ()
        if not isinstance(said, list) or len(said) > 50:
            raise _wrong(name)
        return tuple(dict.fromkeys(as_id(one, name) for one in said))

    def whole(self, name: str) -> int:
        """A whole number. Raises BadInput for all else, also for one that JSON calls true."""
        said = self.body.get(name)
        if type(said) is not int or abs(said) > 1_000_000:
            raise _wrong(name)
        return said

    def day(self, name: str) -> date:
        said = self.body.get(name)
        try:
            return date.fromisoformat(said)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise _wrong(name) from None

    def points(self, name: str) -> dict[str, int | None]:
        """Answers: item -> points, None where it was left blank. Raises BadInput."""
        said = self.body.get(name)
        if not isinstance(said, Mapping) or len(said) > 500:
            raise _wrong(name)
        if not all(points is None or type(points) is int for points in said.values()):
            raise _wrong(name)
        return dict(said)


def as_id(said: object, name: str) -> UUID:
    """An id as JSON writes it. Raises BadInput."""
    if isinstance(said, str) and len(said) == 36:
        try:
            return UUID(said)
        except ValueError:
            pass
    raise _wrong(name)


def _wrong(name: str) -> BadInput:
    return BadInput(
        N_("What the device sent as %(name)s cannot be read."),
        N_("It was written by another edition of this page, or changed on the way."),
        N_("Enter it by hand."),
        field=name,
        facts={"name": name},
    )


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an entry that was kept. about: the record, where there is one; to: its page; helps: help comes first."""

    about: Any = None
    to: str = ""
    helps: bool = False
