"""Invented days without a signal: what devices write down, and what the network and the server do to it.

`live(history, server)` plays one against any server that takes entries; whatever happens on the way, in the end each device
has sent all it wrote. What has to hold afterwards, the tests ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Protocol
from uuid import UUID

from inmind.foundation.identity import uuid7

NOON = datetime(2026, 11, 21, 18, tzinfo=UTC)
MOST_TRIES = 60


class Killed(BaseException):
    """The server's process ends here; nothing of it catches this."""


class Server(Protocol):
    """What takes entries. kill_after: it is killed after so many of its steps; None: it lives."""

    def take(
        self, device: int, entries: list[dict[str, Any]], kill_after: int | None
    ) -> tuple[set[str], int | None]: ...


@dataclass(slots=True)
class Device:
    """One device: what it wrote, what still waits, and how far its clock is off."""

    number: int
    written: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    off: timedelta = timedelta()
    visits: list[str] = field(default_factory=list)


@dataclass(slots=True)
class History:
    """A seeded day. episode, on: of the family that is visited; shared: a visit that both devices carried along."""

    seed: int
    episode: str
    on: str
    shared: str
    devices: list[Device] = field(default_factory=list)

    def live(self, server: Server) -> None:
        chance = Random(self.seed)
        self.devices = [Device(number) for number in range(chance.choice((1, 1, 2)))]
        for device in self.devices:
            device.visits.append(self.shared)
        for _ in range(chance.randint(2, 9)):
            device = chance.choice(self.devices)
            chance.choice((self._write, self._write, self._send, self._clock_jumps))(chance, device, server)
        for device in self.devices:
            for _ in range(MOST_TRIES):
                if not device.waiting:
                    break
                self._send(chance, device, server)
            else:
                raise AssertionError(f"history {self.seed}: device {device.number} never gets rid of what it wrote")

    def _write(self, chance: Random, device: Device, _server: Server) -> None:
        for _ in range(chance.randint(1, 3)):
            kind = chance.choice(("visit", "note", "note", "strength"))
            number = len(device.written) + 1
            token = f"w{self.seed}.{device.number}.{number}."
            if kind == "visit":
                device.visits.append(str(self._id(chance)))
                body = {"id": device.visits[-1], "on": self.on, "minutes": 45, "place": "home", "note": token}
            else:
                body = {"visit": chance.choice(device.visits), "text": token}
            of_shared = body.get("visit") == self.shared
            entry = {
                "id": str(self._id(chance)),
                "number": number,
                "at": (NOON + device.off + timedelta(minutes=number)).isoformat(),
                "episode": self.episode,
                "kind": kind,
                "base": 1 if of_shared else None,
                "body": body,
            }
            device.written.append(entry)
            device.waiting.append(entry)

    def _clock_jumps(self, chance: Random, device: Device, _server: Server) -> None:
        device.off = timedelta(days=chance.choice((-20_000, -1, 0, 1, 2_000)))

    def _send(self, chance: Random, device: Device, server: Server) -> None:
        """A batch as a device may send it: all that waits, or a piece, in any order, some twice, some that were told already;
        and what becomes of it: it never arrives, its answer is lost, the server is killed on the way, or all is well."""
        batch = list(device.waiting)
        if chance.random() < 0.3:
            batch = batch[: chance.randint(0, len(batch))]
        if device.written and chance.random() < 0.3:
            batch += chance.choices(device.written, k=2)
        if chance.random() < 0.3:
            chance.shuffle(batch)
        fate = chance.choice(("lost", "unanswered", "killed", "well", "well", "well"))
        if fate == "lost":
            return
        try:
            told, wants = server.take(
                device.number, batch, chance.randint(0, 3 * len(batch)) if fate == "killed" else None
            )
        except Killed:
            return
        if fate == "unanswered":
            return
        if wants is not None:
            first = device.waiting[0]["number"] if device.waiting else len(device.written) + 1
            assert wants >= first or any(one["number"] == wants for one in device.written), "it wants what nobody wrote"
        device.waiting = [one for one in device.waiting if one["id"] not in told]

    @staticmethod
    def _id(chance: Random) -> UUID:
        return uuid7(int(NOON.timestamp() * 1e9) + chance.randrange(10**12), chance.randbytes(8))


def written(history: History) -> Iterator[tuple[Device, dict[str, Any]]]:
    for device in history.devices:
        for entry in device.written:
            yield device, entry


def words_of(entries: Iterable[dict[str, Any]]) -> set[str]:
    """The words of each entry, which no other has."""
    return {one["body"].get("text") or one["body"]["note"] for one in entries}
