"""Reading many tables as they stood at one moment, while writing goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads inside see one moment. Inside a transaction that is open already, that one is the moment.

    SQLite: a deferred transaction, which in write-ahead-log mode keeps no writer waiting (Django's own would take the
    writer's place, as ours are immediate). PostgreSQL: repeatable read, read only.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT count(*) FROM sqlite_master")  # the moment is that of the first read
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
