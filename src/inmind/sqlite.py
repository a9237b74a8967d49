"""Use the mended SQLite library where its wheel is installed, before Django loads the system's own.

SQLite 3.7.0 to 3.51.2 can corrupt a database in write-ahead-log mode (the WAL-reset fault). Where only such a library
is at hand, a rollback journal with full sync is used instead, and `inmind doctor` says so.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

try:
    import fcntl
except ImportError:  # a system without it leaves the waiting between processes to SQLite
    fcntl = None  # type: ignore[assignment]

try:
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
except ImportError:
    pass

import sqlite3

AFFECTED_FROM, AFFECTED_TO = (3, 7, 0), (3, 51, 2)


def wal_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this library may use write-ahead logging."""
    return not AFFECTED_FROM <= tuple(version) <= AFFECTED_TO


def pragmas(sync: str = "FULL") -> str:
    """What each connection says first; asserted on each connection by the tests."""
    journal = "WAL" if wal_is_safe() else "DELETE"
    return (
        f"PRAGMA journal_mode={journal}; PRAGMA synchronous={sync}; PRAGMA busy_timeout=20000; "
        "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=ON;"
    )


_writing = threading.Lock()


@contextmanager
def turn(database: str) -> Iterator[None]:
    """SQLite has one writer at a time. Threads and processes that act wait for their turn here, where they are woken
    at once, and not in SQLite, which sleeps ever longer between two looks. It holds nothing that SQLite does not hold
    better: who writes without a turn, or after a crash, waits there.

    database: the file's path; a database that is no file of this machine is shared by threads alone.
    """
    with _writing:
        handle = _queue(database, os.getpid()) if fcntl and os.path.isabs(database) else None
        if handle is None:
            yield
            return
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)


@cache
def _queue(database: str, process: int) -> int:
    """The file at which processes queue; opened by each for itself, because a lock belongs to who opened it."""
    return os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
