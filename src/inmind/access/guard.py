"""No write outside an action. A wrapper on every connection refuses it, in tests and in production alike.

The exceptions are few and named, each with the tables it may touch; none but migrations touches people. Signing in is no
exception: what it changes stands in the name of an entry of the trail, as what an action changes does. Below the
wrapper, the triggers of `triggers.py` hold the same line for raw SQL and for other programs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.backends.base.base import NO_DB_ALIAS

from inmind.access.triggers import LOCK

SESSION_TABLES = frozenset({"django_session", "inmind_cache"})
EXCEPTIONS: dict[str, frozenset[str] | None] = {
    "audit": frozenset({"access_auditentry", "access_auditsubject", "access_auditblock"}),
    "job lease": frozenset({"jobs_job", "jobs_heartbeat"}),
    "migrations": None,  # every table: migrating, restoring, and the flushing of test databases
}
# What signing in changes, always in the name of an entry of the trail: columns of rows that are there, or a whole table.
SIGN_IN: dict[str, frozenset[str] | None] = {
    "access_account": frozenset({"password", "last_login", "session_epoch", "version"}),
    "access_signinlink": frozenset({"used_at", "version"}),
    "mfa_authenticator": None,
}
_READS = {
    "SELECT",
    "EXPLAIN",
    "PRAGMA",
    "SAVEPOINT",
    "RELEASE",
    "ROLLBACK",
    "BEGIN",
    "COMMIT",
    "SET",
    "SHOW",
    "FETCH",
    "CLOSE",
    "DECLARE",
}
_MAY_WRITE_INSIDE = {"WITH", "EXPLAIN", "DECLARE"}
_FIRST_WORD = re.compile(r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*|\(\s*)*([A-Za-z]+)", re.DOTALL)
_TABLE = re.compile(
    r"\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+(?!SET\b)\"?([A-Za-z_]\w*)\"?", re.IGNORECASE
)
_SET = re.compile(r"\s*UPDATE\s+\"\w+\"\s+SET\s+(.*?)\s+WHERE\s", re.IGNORECASE | re.DOTALL)
_ASSIGNED = re.compile(r"\"(\w+)\"\s*=")
_WRITES = re.compile(r"(?<!FOR )(?<!KEY )\b(?:INSERT|UPDATE|DELETE|MERGE|REPLACE\s+INTO)\b", re.IGNORECASE)
_SEVERAL = re.compile(r";\s*\S")
_INTO_A_TABLE = re.compile(r"\bINTO\b", re.IGNORECASE)


class WriteOutsideAction(RuntimeError):
    """A fault of the program, never of a person: something wrote to the database without an action."""


@dataclass(frozen=True, slots=True)
class Open:
    """What is open: an action or signing in (by its audit entry's id), or a named exception; and its tables (None: all)."""

    by: str
    tables: frozenset[str] | None
    columns: Mapping[str, frozenset[str] | None] = field(default_factory=dict)  # of tables where few may be changed


_open: ContextVar[Open | None] = ContextVar("open_for_writing", default=None)


def opened_by() -> str | None:
    """The action's id or the exception's name; None outside. The triggers on SQLite ask this function."""
    now_open = _open.get()
    return now_open.by if now_open else None


def in_an_action() -> bool:
    """Whether an action is open here, rather than nothing or a named exception."""
    return (now_open := opened_by()) is not None and now_open not in EXCEPTIONS


@contextmanager
def acting(entry: str) -> Iterator[None]:
    """Open the connection for an action; only `act.py` calls this, inside its transaction."""
    with _in_the_name_of(Open(entry, None)):
        yield


@contextmanager
def signing(entry: str) -> Iterator[None]:
    """Open the connection for what signing in changes; only `adapters/allauth.py` calls this, inside a transaction that
    ends with the entry. It closes, opens or moves no account."""
    with _in_the_name_of(Open(entry, frozenset(SIGN_IN), SIGN_IN)):
        yield


@contextmanager
def _in_the_name_of(what: Open) -> Iterator[None]:
    """On PostgreSQL the triggers are told the entry, and the lock that all writers of the trail share is taken, in one
    question."""
    token = _open.set(what)
    try:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock_shared(%s), set_config('inmind.act', %s, true)", [LOCK, what.by]
                )
        yield
    finally:
        _open.reset(token)


@contextmanager
def permit(exception: str) -> Iterator[None]:
    """Open the connection for a named exception and its tables, and for no others until it is left.

    Inside an action, the action stays in charge; inside another exception, the inner one is, until it is left.
    """
    before = _open.get()
    if before is not None and before.tables is None and exception != "migrations":
        yield
        return
    token = _open.set(Open(exception, EXCEPTIONS[exception]))
    tells_postgresql = connection.vendor == "postgresql" and exception == "migrations"
    try:
        if tells_postgresql:
            _tell_postgresql(exception)
        yield
    finally:
        _open.reset(token)
        if tells_postgresql and not connection.needs_rollback:
            _tell_postgresql(before.by if before else "")


def _tell_postgresql(by: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('inmind.act', %s, false)", [by])


@lru_cache(maxsize=1024)
def is_write(sql: str) -> bool:
    """Whether a statement changes anything. What is not surely a read counts as a write: several statements in one, a
    query that fills a new table, an `EXPLAIN ANALYZE` that runs what it explains. Values are never in the text."""
    first = _FIRST_WORD.match(sql)
    word = first.group(1).upper() if first else ""
    if _SEVERAL.search(sql):
        return True
    if word in _MAY_WRITE_INSIDE:
        return bool(_WRITES.search(sql))
    return word not in _READS or (word == "SELECT" and bool(_INTO_A_TABLE.search(sql)))


def refuse_writes_outside(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """The wrapper itself."""
    if is_write(text := str(sql)) and not _is_open_for(tables := set(_TABLE.findall(text)), text):
        now_open = opened_by()
        where = f"inside {now_open}" if now_open else "outside an action"
        what = ", ".join(sorted(tables)) or "the database"
        raise WriteOutsideAction(f"a write to {what} {where}: change records through an action")
    return execute(sql, params, many, context)


def _is_open_for(tables: set[str], sql: str) -> bool:
    """Whether a statement that writes to these tables (none: not known which) is allowed now."""
    now_open = _open.get()
    if now_open is not None and now_open.tables is None:
        return True
    if not tables or not tables <= SESSION_TABLES | (now_open.tables or frozenset() if now_open else frozenset()):
        return False
    limits = [few for table in tables if now_open and (few := now_open.columns.get(table)) is not None]
    return not limits or (len(tables) == 1 and _changes_only(limits[0], sql))


def _changes_only(columns: frozenset[str], sql: str) -> bool:
    """Whether a statement only changes these columns of rows that are there."""
    assigned = _SET.match(sql)
    named = set(_ASSIGNED.findall(assigned.group(1))) if assigned else set()
    return bool(named) and named <= columns


def install(sender: object, connection: Any, **_: object) -> None:
    """Put the wrapper on a new connection, and give SQLite's triggers the name of what is open.

    The administrative connection by which PostgreSQL makes and drops whole databases holds no table of ours.
    """
    if connection.alias == NO_DB_ALIAS:
        return
    if refuse_writes_outside not in connection.execute_wrappers:
        connection.execute_wrappers.append(refuse_writes_outside)
    if connection.vendor == "sqlite":
        connection.connection.create_function("inmind_act", 0, opened_by)
