"""On SQLite nothing is acknowledged before it is on the disk, and each connection says so for itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from django.db import connection

from inmind.sqlite import wal_is_safe
from tests import engines
from tests.journeys.installation import House
from tests.kill import clinic

pytestmark = [pytest.mark.sqlite, pytest.mark.kill]

ROOT = Path(__file__).parents[2]
ROUNDS = 3
ABSENT = (
    "strace was not found, so no write was followed to the disk. Install it (Debian and Ubuntu: apt install strace)."
)
FORBIDDEN = "This machine lets no program be traced (ptrace), so no write was followed to the disk."
CALL = re.compile(r"(?P<name>write|pwrite64|fsync|fdatasync)\((?P<fd>\d+)<(?P<file>[^>]*)>(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A line that told the world something is kept: whether anything was written for it, and all of it synced."""

    wrote: bool
    is_on_disk: bool


def acknowledgements(calls: Iterable[str], database: Path) -> list[Acknowledgement]:
    """Follow a trace. What is written to the database's files is on the disk once the same file was synced after it.

    The shared index of a write-ahead log (-shm) is no record: it is made anew from the log.
    """
    found: list[Acknowledgement] = []
    unsynced: set[str] = set()
    wrote = False
    ours = {f"{database}{ending}" for ending in ("", "-wal", "-journal")}
    for line in calls:
        call = CALL.search(line)
        if call is None:
            continue
        name, file = call["name"], call["file"]
        if name in {"fsync", "fdatasync"}:
            if call["rest"].endswith("= 0"):
                unsynced.discard(file)
        elif file in ours:
            unsynced.add(file)
            wrote = True
        elif call["fd"] == "1" and f'"{clinic.ACKNOWLEDGED} ' in call["rest"]:
            found.append(Acknowledgement(wrote, not unsynced))
            wrote = False
    return found


def unavailable(why: str) -> NoReturn:
    (pytest.fail if engines.everything_is_required() else pytest.skip)(why)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """An installation that stands already, so that a trace holds its daily work alone."""
    if shutil.which("strace") is None:
        unavailable(ABSENT)
    with tempfile.TemporaryFile() as nothing:
        if subprocess.run(["strace", "-e", "trace=none", "true"], stdout=nothing, stderr=nothing).returncode:
            unavailable(FORBIDDEN)
    made = House(tmp_path_factory.mktemp("sync") / "house")
    write_in(made, 0)
    return made


def write_in(house: House, rounds: int, *before: str, **environment: str) -> str:
    run = subprocess.run(
        [*before, sys.executable, "-m", "tests.kill.clinic", str(rounds)],
        env=house.environment() | {"PYTHONPATH": f"{ROOT}/src:{ROOT}"} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return run.stdout


def traced(house: House, trace: Path, sync: str) -> list[Acknowledgement]:
    """Trace a writer, and judge what it acknowledged."""
    calls = "trace=openat,write,pwrite64,fsync,fdatasync"
    strace = ("strace", "-f", "-y", "-s", "64", "-e", calls, "-o", str(trace))
    said = write_in(house, ROUNDS, *strace, INMIND_SQLITE_SYNC=sync)
    found = acknowledgements(trace.read_text(errors="replace").splitlines(), house.home / "inmind.sqlite3")
    assert len(found) == len(said.splitlines()) == ROUNDS * len(clinic.STEPS)
    assert all(one.wrote for one in found)
    return found


def test_each_acknowledgement_follows_the_sync_of_all_that_was_written_for_it(house: House, tmp_path: Path) -> None:
    assert all(one.is_on_disk for one in traced(house, tmp_path / "trace", "FULL"))


def test_the_same_look_finds_acknowledgements_without_a_sync_where_syncing_is_off(house: House, tmp_path: Path) -> None:
    assert not any(one.is_on_disk for one in traced(house, tmp_path / "trace", "OFF"))


def test_a_write_after_the_sync_and_a_sync_that_failed_are_both_seen() -> None:
    wal = 'pwrite64(4</somewhere/db-wal>, "x"..., 4096, 32) = 4096'
    sync, failed = (
        "9 fdatasync(4</somewhere/db-wal>) = 0",
        "9 fdatasync(4</somewhere/db-wal>) = -1 EIO (Input/output error)",
    )
    said = f'9 write(1<pipe:[7]>, "{clinic.ACKNOWLEDGED} 1.0.begin\\n", 24) = 24'
    elsewhere = "9 fsync(5</somewhere/db>) = 0"
    kept, lost = Acknowledgement(wrote=True, is_on_disk=True), Acknowledgement(wrote=True, is_on_disk=False)
    for calls, judged in (
        ([wal, sync, said], kept),
        ([wal, sync, wal, said], lost),
        ([wal, failed, said], lost),
        ([wal, elsewhere, said], lost),
        ([said], Acknowledgement(wrote=False, is_on_disk=True)),
    ):
        assert acknowledgements(calls, Path("/somewhere/db")) == [judged]


@pytest.mark.django_db
def test_each_new_connection_syncs_fully_waits_its_turn_and_keeps_references() -> None:
    for _ in range(2):
        own = connection.copy()
        try:
            with own.cursor() as cursor:
                said = {}
                for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
                    cursor.execute(f"PRAGMA {pragma}")
                    (said[pragma],) = cursor.fetchone()
        finally:
            own.close()
        assert said.pop("busy_timeout") > 0
        assert said == {"journal_mode": "wal" if wal_is_safe() else "delete", "synchronous": 2, "foreign_keys": 1}
