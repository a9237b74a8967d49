"""What a device sends when it has a signal again: which entries are new, which came before, where one is missing. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from inmind.foundation.entries import Entry, as_id
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

MOST = 500  # entries at once, ours; a device sends the rest afterwards
DEEPEST = 20  # lists and objects in one another, ours: a device sends three; much deeper ones could not be read again
LONGEST = 40_000  # letters of one entry as JSON, ours: several times what a visit's fields hold together


class State(StrEnum):
    """What a device is told of itself at each contact. Cut off: it wipes what it holds."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    SIGNED_OUT = "signed_out"
    CUT_OFF = "cut_off"


class Told(StrEnum):
    """What a device is told of an entry. After each of these it need not keep it any longer."""

    KEPT = "kept"
    HAD_ALREADY = "had_already"
    BOTH_KEPT = "both_kept"
    REFUSED = "refused"


class Turn(StrEnum):
    """What is to be done with an entry. CHANGED: it came before, with other words; neither is lost."""

    TAKE = "take"
    HAD = "had"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Came:
    """An entry as it came. raw: all of it as JSON; digest: what tells it from another that has the same id."""

    entry: Entry
    raw: str
    digest: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, in this order. wants: the number that is missing, without which nothing beyond is taken."""

    turns: tuple[tuple[Came, Turn], ...]
    wants: int | None


def parsed(body: bytes) -> Mapping[str, Any]:
    """What was sent, as JSON says it. Raises BadInput for all that is no JSON object."""
    try:
        said = json.loads(body.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _unreadable("JSON") from None
    if not isinstance(said, dict):
        raise _unreadable("JSON")
    return said


def _no_number(_word: str) -> None:
    raise ValueError


def _unreadable(name: str) -> BadInput:
    return BadInput(
        N_("What the device sent cannot be read (%(name)s)."),
        N_("It sends its own id, and entries that each have an id and a number."),
        N_("Open the page again while there is a signal. Nothing that waits on the device is lost by it."),
        field=name,
        facts={"name": name},
    )


def read(sent: Mapping[str, Any], digest: Callable[[str], str]) -> list[Came]:
    """The entries of what was sent. Raises BadInput where they cannot be told apart and put in order: then nothing is taken.

    All else that is wrong with an entry is found when it is taken, and is its own.
    """
    entries = sent.get("entries")
    if not isinstance(entries, list) or len(entries) > MOST:
        raise _unreadable("entries")
    return [_came(one, digest) for one in entries]


def _came(said: object, digest: Callable[[str], str]) -> Came:
    if not isinstance(said, dict):
        raise _unreadable("entries")
    number = said.get("number")
    if type(number) is not int or not 0 < number < 1_000_000:
        raise _unreadable("number")
    if _is_deep(said):
        raise _unreadable("entries")
    raw = json.dumps(said, sort_keys=True)
    if len(raw) > LONGEST:
        raise BadInput(
            N_("An entry is longer than can be kept."),
            N_("A note has room for 2000 letters."),
            N_("Shorten it on the device, and send again."),
            field="entries",
        )
    return Came(entry_of(said, as_id(said.get("id"), "id"), number), raw, digest(raw))


def _is_deep(said: object) -> bool:
    level = [said]
    for _ in range(DEEPEST):
        level = [
            one
            for held in level
            if isinstance(held, dict | list)
            for one in (held.values() if isinstance(held, dict) else held)
        ]
    return bool(level)


def entry_of(said: Mapping[str, Any], id: UUID, number: int) -> Entry:
    """An entry of what was sent, or was kept of it; what cannot be read in it is left empty."""
    kind, base, body = said.get("kind"), said.get("base"), said.get("body")
    return Entry(
        id=id,
        number=number,
        at=moment(said.get("at")),
        episode=_id_or_none(said.get("episode")),
        kind=kind if isinstance(kind, str) and len(kind) <= 40 and kind.isascii() and kind.isidentifier() else "",
        base=base if type(base) is int and 0 < base < 1_000_000 else None,
        body=body if isinstance(body, dict) else {},
    )


def _id_or_none(said: object) -> UUID | None:
    try:
        return as_id(said, "episode")
    except BadInput:
        return None


def moment(said: object) -> datetime | None:
    """A moment with its distance from UTC; None for all that is none, and for a year that every zone could not show."""
    try:
        found = datetime.fromisoformat(said)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None and 1900 < found.year < 9000 else None


def plan(came: Iterable[Came], had: Mapping[UUID, Set[str]], last: int) -> Plan:
    """What is to be done with entries, by their numbers.

    had: what came before from this device, each id with the digests under which it came. last: the highest number that was
    taken. An entry that came before is never done again; one that follows a gap waits until the gap is filled; a number that was
    used by another entry (a device that lost its count) keeps nothing from being taken.
    """
    known = {id: set(digests) for id, digests in had.items()}
    turns: list[tuple[Came, Turn]] = []
    wants = None
    for one in sorted(came, key=lambda one: one.entry.number):
        before = known.get(one.entry.id)
        if before is not None:
            turns.append((one, Turn.HAD if one.digest in before else Turn.CHANGED))
        elif one.entry.number > last + 1:
            wants = wants or last + 1
            continue
        else:
            turns.append((one, Turn.TAKE))
            last = max(last, one.entry.number)
        known.setdefault(one.entry.id, set()).add(one.digest)
    return Plan(tuple(turns), wants)


def state_of(*, signed_in: bool, may: bool, hers: bool, cut_off: bool) -> State:
    """How a device stands. may: whether her roles take families along at all; hers: whether the device is of this account.

    One that is cut off is told so whoever asks, also without a session: it may be in a stranger's hands. A session that ended
    by itself wipes nothing: what was done without a signal may still wait on the device. Of somebody else's device nothing is
    told, not even that it is there; and nothing is wiped by who else signs in where it lies.
    """
    if cut_off:
        return State.CUT_OFF
    if not signed_in:
        return State.SIGNED_OUT
    if not hers:
        return State.UNKNOWN
    return State.KNOWN if may else State.CUT_OFF


def wiped_at(made: datetime, hours: int) -> datetime:
    """When a parcel is gone from its device, whatever happens. On the full hour: within one, each answer is like the next."""
    return made.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours + 1)
