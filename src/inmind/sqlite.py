"""Use the mended SQLite library where its wheel is installed, before Django loads the system's own.

SQLite 3.7.0 to 3.51.2 can corrupt a database in write-ahead-log mode (the WAL-reset fault). Where only such a library
is at hand, a rollback journal with full sync is used instead, and `inmind doctor` says so.
"""

from __future__ import annotations

import sys

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
