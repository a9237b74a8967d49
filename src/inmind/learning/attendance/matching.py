"""Who of those registered is meant by a name and an address in a log, or at the door. Pure. Nobody is guessed.

By the address, else by the whole name; all that is doubtful waits for somebody who knows, with whom it may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from inmind.foundation.text import tokens
from inmind.foundation.values import N_
from inmind.learning.attendance.call_log import Stay


class How(StrEnum):
    """By what somebody was known."""

    MAIL = "mail"
    NAME = "name"


class Doubt(StrEnum):
    """Why nobody can say by the log alone."""

    DEVICE = "device"
    SHARED_MAIL = "shared_mail"
    TWO_OF_NAME = "two_of_name"
    OTHER_NAME = "other_name"
    ALMOST = "almost"
    UNKNOWN = "unknown"


WORDS: Mapping[Doubt, str] = {
    Doubt.DEVICE: N_("This is the name of a device."),
    Doubt.SHARED_MAIL: N_("Several people who are registered share this address."),
    Doubt.TWO_OF_NAME: N_("Several people who are registered have this name."),
    Doubt.OTHER_NAME: N_("The address is one person’s, the name another’s."),
    Doubt.ALMOST: N_("The name is almost that of somebody who is registered."),
    Doubt.UNKNOWN: N_("Nobody of this name or address is registered."),
}


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is registered: their name and their addresses in small letters. words: of the name, read once for a log of
    thousands."""

    id: UUID
    name: str
    mails: frozenset[str] = frozenset()
    words: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", frozenset(tokens(self.name)))


@dataclass(frozen=True, slots=True)
class Match:
    """Who is meant and how that is known; or why nobody can say, with whom it may be, the likely ones first."""

    person: UUID | None
    how: How | None = None
    doubt: Doubt | None = None
    likely: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One name with its address as a log shows it, and the stays under it."""

    name: str
    mail: str
    stays: tuple[Stay, ...]


_DEVICES = frozenset(
    (
        *(
            "iphone",
            "ipad",
            "android",
            "galaxy",
            "samsung",
            "pixel",
            "macbook",
            "laptop",
            "chromebook",
            "phone",
            "tablet",
        ),
        *(
            "owl",
            "zoom",
            "user",
            "guest",
            "invitado",
            "telefono",
            "celular",
            "caller",
            "unknown",
            "pc",
            "desktop",
            "surface",
        ),
    )
)
# What people write behind their names: how to speak of them, where they work, that they lead the meeting.
_PRONOUNS = frozenset(
    "she her hers he him his they them theirs ze zir xe xem ella ellas el elle elles ellos any all pronouns".split()
)
_TITLES = frozenset(
    "host co cohost me guest external unverified dr mr mrs ms mx phd md lcsw lpc lmft lmsw msw ma ms imh e".split()
)
_PARTS = re.compile(r"\s[-–—|/•~]\s|[|•~,(\[{)\]}]")


def gathered(stays: Iterable[Stay]) -> list[Seen]:
    """Stays under one name and address together, in the order in which they first appear. Devices' names stay apart, for
    two people may each have such a one."""
    of: dict[tuple[object, ...], list[Stay]] = {}
    for one in stays:
        key: tuple[object, ...] = (*tokens(one.name), one.mail.strip().lower())
        if not one.mail and _is_device(one.name):
            key = (one.row,)
        of.setdefault(key, []).append(one)
    return [Seen(some[0].name, some[0].mail, tuple(some)) for some in of.values()]


def match(name: str, mail: str, registered: Sequence[Known]) -> Match:
    """Who of those registered this is."""
    address = mail.strip().lower()
    by_mail = [one for one in registered if address and address in one.mails]
    ways = ways_to_read(name)
    by_name = _of_name(ways, registered)
    if len(by_mail) == 1:
        (found,) = by_mail
        if by_name and found not in by_name:
            return Match(None, doubt=Doubt.OTHER_NAME, likely=(found.id, *(one.id for one in by_name)))
        return Match(found.id, How.MAIL)
    if by_mail:
        both = [one for one in by_mail if one in by_name]
        if len(both) == 1:
            return Match(both[0].id, How.MAIL)
        return Match(None, doubt=Doubt.SHARED_MAIL, likely=tuple(one.id for one in by_mail))
    if len(by_name) == 1:
        return Match(by_name[0].id, How.NAME)
    if by_name:
        return Match(None, doubt=Doubt.TWO_OF_NAME, likely=tuple(one.id for one in by_name))
    if not ways or _is_device(name):
        return Match(None, doubt=Doubt.DEVICE if name.strip() else Doubt.UNKNOWN, likely=_almost(ways, registered))
    likely = _almost(ways, registered)
    return Match(None, doubt=Doubt.ALMOST if likely else Doubt.UNKNOWN, likely=likely)


def ways_to_read(name: str) -> list[frozenset[str]]:
    """The words of a name as it may be meant: the whole of it, and each part of `Ana (she/her) - Harbor`."""
    parts = [frozenset(tokens(part)) for part in (name, *_PARTS.split(name))]
    ways = [way for part in parts for way in (part, part - _PRONOUNS - _TITLES)]
    return [way for way in dict.fromkeys(ways) if way]


def _of_name(ways: Iterable[frozenset[str]], registered: Sequence[Known]) -> list[Known]:
    """Those whose whole name this is, of two words or more."""
    whole = {way for way in ways if len(way) > 1}
    return [one for one in registered if one.words in whole or one.words - _TITLES in whole]


def _almost(ways: Iterable[frozenset[str]], registered: Sequence[Known]) -> tuple[UUID, ...]:
    """Those with whom a word of the name is shared, or all but an initial; who shares most first."""
    near: dict[UUID, int] = {}
    for one in registered:
        shared = max((len(way & one.words) for way in ways), default=0)
        if shared:
            near[one.id] = shared
    return tuple(sorted(near, key=lambda found: (-near[found], str(found)))[:5])


def _is_device(name: str) -> bool:
    words = [word for word in tokens(name) if not word.isdigit()]
    return any(word in _DEVICES for word in words) or not words
