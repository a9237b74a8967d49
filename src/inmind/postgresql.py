"""Whether the PostgreSQL database that is set lets us in, asked once and soon, before a pool waits for it."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.environment import BadSetting

WAIT = 5  # seconds for one connection


def pinned(options: str) -> str:
    """The options of each connection, which look for tables in one schema alone: a table of the same name that somebody
    put before it, in a schema of this user's name or a temporary one, is never taken for ours. Who names a schema in
    DATABASE_URL is asked for the whole path."""
    return options if "search_path" in options else f"{options} -c search_path=public,pg_temp".strip()


def reach(address: Mapping[str, str] | None) -> None:
    """Connect once and leave again; nothing where the database is SQLite (None). Raises BadSetting with the reason."""
    if address is None:
        return
    import psycopg
    from psycopg.conninfo import make_conninfo

    try:
        psycopg.connect(make_conninfo(**{"connect_timeout": str(WAIT), **address})).close()
    except psycopg.Error as fault:
        first = str(fault).partition("\n")[0]
        where = f"{address.get('host', 'this machine')}:{address.get('port', '5432')}"
        _, answered, why = first.partition("FATAL:")
        if answered:
            raise BadSetting(
                f"PostgreSQL at {where} does not let InMind in: {why.strip()}.",
                "DATABASE_URL should name a database that is there, and a user and password that may open it.",
                "Make the database and its user, or correct DATABASE_URL.",
            ) from None
        why = first.rpartition("failed: ")[2].strip().rstrip(".")
        raise BadSetting(
            f"PostgreSQL at {where} cannot be reached: {why}.",
            f"It should answer within {WAIT} seconds.",
            "Start it, or correct the host and port in DATABASE_URL.",
        ) from None
