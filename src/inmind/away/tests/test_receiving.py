"""The rules of receiving, without a database: order, numbers, gaps, duplicates; and a thousand invented days."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from inmind.away import receiving
from inmind.away.receiving import State, Turn, plan, state_of
from inmind.away.tests.histories import History, Killed, written
from inmind.foundation.entries import Clock, Entry, as_id, clock_of
from inmind.foundation.errors import BadInput, HostileText

ID = "01a1ffda-ecc6-7d47-b8bc-12101b15f7aa"
NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)
HISTORIES = 1000


class Memory:
    """A server without a database: each step of taking an entry is lasting by itself, as a transaction is, and it can be killed
    between any two. What a room did is known by the entry's id; what was written down of it by its digest."""

    def __init__(self) -> None:
        self.effects: list[tuple[int, str]] = []
        self.done: set[tuple[int, str]] = set()
        self.had: dict[int, dict[UUID, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.last: Counter[int] = Counter()

    def take(self, device: int, entries: list[dict[str, Any]], kill_after: int | None) -> tuple[set[str], int | None]:
        steps = 0

        def step() -> None:
            nonlocal steps
            if kill_after is not None and steps >= kill_after:
                raise Killed
            steps += 1

        came = receiving.read({"entries": entries}, lambda raw: raw)
        found = plan(came, self.had[device], self.last[device])
        for one, turn in found.turns:
            assert turn is not Turn.CHANGED
            name = str(one.entry.id)
            if turn is Turn.HAD:
                continue
            if (device, name) not in self.done:
                step()
                self.done.add((device, name))
                self.effects.append((device, name))
            step()
            self.had[device][one.entry.id].add(one.digest)
            self.last[device] = max(self.last[device], one.entry.number)
        return {str(one.entry.id) for one, _turn in found.turns}, found.wants


def test_a_thousand_histories_lose_nothing_and_do_nothing_twice() -> None:
    """Edits, reorders, duplicates, clock jumps and kills; each device's entries in the order in which it wrote them."""
    tried: Counter[str] = Counter()
    for seed in range(HISTORIES):
        server, history = Memory(), History(seed, ID, "2026-11-21", str(uuid5(UUID(ID), str(seed))))
        history.live(server)
        wrote = [(device.number, entry["id"]) for device, entry in written(history)]
        assert Counter(server.effects) == Counter(wrote), f"history {seed}"
        for device in history.devices:
            mine = [name for number, name in server.effects if number == device.number]
            assert mine == [entry["id"] for entry in device.written], f"history {seed}"
        tried.update(entries=len(wrote), two_devices=len(history.devices) > 1)
    assert tried["entries"] > 3 * HISTORIES
    assert tried["two_devices"] > HISTORIES / 10


def came(number: int, words: str = "", id: str = "") -> receiving.Came:
    entry = {"id": id or str(uuid5(UUID(ID), str(number))), "number": number, "body": {"text": words}}
    (made,) = receiving.read({"entries": [entry]}, lambda raw: raw)
    return made


class TestPlan:
    """What is to be done with entries, and what is waited for."""

    def told(
        self, *entries: receiving.Came, had: Any = None, last: int = 0
    ) -> tuple[list[tuple[int, str]], int | None]:
        found = plan(entries, had or {}, last)
        return [(one.entry.number, turn) for one, turn in found.turns], found.wants

    def test_in_the_order_of_their_numbers(self) -> None:
        assert self.told(came(2), came(1)) == ([(1, "take"), (2, "take")], None)

    def test_nothing_beyond_a_gap_but_what_is_known(self) -> None:
        beyond = came(9)
        had = {beyond.entry.id: {beyond.digest}}
        assert self.told(came(3), came(5), beyond, had=had, last=1) == ([(9, "had")], 2)

    def test_the_first_gap_is_named(self) -> None:
        assert self.told(came(4), came(7)) == ([], 1)

    def test_once_however_often_it_comes(self) -> None:
        assert self.told(came(1), came(1)) == ([(1, "take"), (1, "had")], None)

    def test_other_words_under_a_known_id_are_not_lost(self) -> None:
        first, other = came(1), came(1, "other")
        assert self.told(other, other, had={first.entry.id: {first.digest}}, last=1) == (
            [(1, "changed"), (1, "had")],
            None,
        )

    def test_a_device_that_lost_its_count_loses_nothing(self) -> None:
        """Its numbers begin anew: what is new is taken, and the highest number stands."""
        again = came(1, id=ID)
        assert self.told(again, came(3), last=5) == ([(1, "take"), (3, "take")], None)


class TestReading:
    """What is a batch, and what is an entry's own fault."""

    @pytest.mark.parametrize(
        "body",
        [b"\xff", b"[]", b"5", b'{"a": NaN}', b'{"a": Infinity}', b"{", b"[" * 100_000, b'{"a": ' + b"1" * 5000 + b"}"],
    )
    def test_what_is_no_object_is_refused(self, body: bytes) -> None:
        with pytest.raises(BadInput):
            receiving.parsed(body)

    def test_an_object_is_read(self) -> None:
        assert receiving.parsed('{"a": "ñ"}'.encode()) == {"a": "ñ"}

    @pytest.mark.parametrize(
        "entries",
        [
            None,
            {},
            [{}] * (receiving.MOST + 1),
            [5],
            [{"id": ID}],
            [{"id": ID, "number": True}],
            [{"id": ID, "number": 0}],
            [{"id": ID, "number": 1.0}],
            [{"id": ID[:-1], "number": 1}],
            [{"id": ID[:-1] + "x", "number": 1}],
            [{"id": 5, "number": 1}],
            [{"id": ID, "number": 1, "body": {"text": "x" * receiving.LONGEST}}],
            [{"id": ID, "number": 1, "body": json.loads("[" * 300 + "{}" + "]" * 300)}],
        ],
        ids=lambda entries: str(entries)[:40],
    )
    def test_entries_that_cannot_be_told_apart_are_refused_together(self, entries: Any) -> None:
        with pytest.raises(BadInput):
            receiving.read({"entries": entries}, str)

    @pytest.mark.parametrize(
        ("said", "read"),
        [
            ({}, Entry(UUID(ID), 1, None, None, "")),
            ({"kind": "visit", "base": 3}, Entry(UUID(ID), 1, None, None, "visit", 3)),
            ({"kind": "a b", "base": True, "body": []}, Entry(UUID(ID), 1, None, None, "")),
            ({"kind": "x" * 41, "base": 0, "episode": {}}, Entry(UUID(ID), 1, None, None, "")),
            ({"kind": 5, "base": 10**9, "at": "2026-11-21T10:00:00"}, Entry(UUID(ID), 1, None, None, "")),
            ({"episode": ID, "at": NOW.isoformat()}, Entry(UUID(ID), 1, NOW, UUID(ID), "")),
            ({"at": "99999-01-01"}, Entry(UUID(ID), 1, None, None, "")),
            ({"at": "0001-01-01T00:00:00+23:59"}, Entry(UUID(ID), 1, None, None, "")),
            ({"body": {"text": "a"}}, Entry(UUID(ID), 1, None, None, "", None, {"text": "a"})),
        ],
    )
    def test_what_cannot_be_read_in_an_entry_is_left_empty(self, said: dict[str, Any], read: Entry) -> None:
        (found,) = receiving.read({"entries": [{"id": ID, "number": 1, **said}]}, str.upper)
        assert found.entry == read
        assert found.digest == json.dumps({"id": ID, "number": 1, **said}, sort_keys=True).upper()


class TestBody:
    """A room reads what was typed through these, and each says what is wrong."""

    def of(self, said: Any) -> Entry:
        return Entry(UUID(ID), 1, None, None, "note", None, {"it": said})

    def test_what_is_right_is_read(self) -> None:
        assert self.of(" words ").words("it", 10) == "words"
        assert self.of(None).words("it", 10) == ""
        assert self.of(ID).id_of("it") == UUID(ID)
        assert self.of(None).id_or_none("it") is None
        assert self.of([ID, ID]).ids("it") == (UUID(ID),)
        assert self.of(None).ids("it") == ()
        assert self.of(45).whole("it") == 45
        assert self.of("2026-11-21").day("it") == date(2026, 11, 21)
        assert self.of({"epds_1": 2, "epds_2": None}).points("it") == {"epds_1": 2, "epds_2": None}

    @pytest.mark.parametrize(
        ("ask", "said"),
        [
            ("words", 5),
            ("words", "x" * 11),
            ("id_of", None),
            ("id_of", "x" * 36),
            ("ids", "all"),
            ("ids", [ID] * 51),
            ("ids", [5]),
            ("whole", True),
            ("whole", 4.5),
            ("whole", 10**7),
            ("day", "yesterday"),
            ("day", 20261121),
            ("points", []),
            ("points", {str(n): 0 for n in range(501)}),
            ("points", {"epds_1": True}),
            ("points", {"epds_1": "2"}),
        ],
        ids=lambda value: str(value)[:20],
    )
    def test_what_is_wrong_is_refused(self, ask: str, said: Any) -> None:
        with pytest.raises(BadInput):
            getattr(self.of(said), ask)(*(("it", 10) if ask == "words" else ("it",)))

    def test_what_no_database_holds_is_refused(self) -> None:
        with pytest.raises(HostileText):
            self.of("a\x00").words("it", 10)
        with pytest.raises(BadInput):
            as_id("x", "it")


@pytest.mark.parametrize(
    ("given", "clock"),
    [
        (None, Clock.UNREADABLE),
        (NOW, Clock.FITS),
        (NOW + timedelta(minutes=9), Clock.FITS),
        (NOW + timedelta(minutes=11), Clock.AHEAD),
        (NOW - timedelta(days=59), Clock.FITS),
        (NOW - timedelta(days=61), Clock.LONG_AGO),
    ],
)
def test_a_clock_is_believed_within_bounds(given: datetime | None, clock: Clock) -> None:
    assert clock_of(given, NOW) is clock


@pytest.mark.parametrize(
    ("signed_in", "may", "hers", "cut_off", "state"),
    [
        (True, True, True, False, State.KNOWN),
        (True, True, False, False, State.UNKNOWN),
        (True, False, True, False, State.CUT_OFF),
        (True, False, False, False, State.UNKNOWN),
        (False, False, True, False, State.SIGNED_OUT),
        (False, False, False, True, State.CUT_OFF),
        (True, True, True, True, State.CUT_OFF),
    ],
)
def test_how_a_device_stands(signed_in: bool, may: bool, hers: bool, cut_off: bool, state: State) -> None:
    """A session that ended wipes nothing, nor does one of somebody else; a device that was cut off is told so whoever holds it."""
    assert state_of(signed_in=signed_in, may=may, hers=hers, cut_off=cut_off) is state


def test_a_parcel_is_gone_after_its_hours() -> None:
    """Never earlier than said, and within the hour after."""
    for minute in (0, 1, 59):
        made = NOW.replace(minute=minute)
        assert timedelta(hours=24) <= receiving.wiped_at(made, 24) - made <= timedelta(hours=25)
