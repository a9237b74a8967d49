"""Triggers in both databases: the audit tables only grow, and each change of a tracked row leaves a line.

They are installed after migrating and checked by `inmind doctor`. A program that writes without saying on whose behalf
is refused by the database itself: on SQLite it lacks the function `inmind_act`, on PostgreSQL the setting `inmind.act`.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection as default_connection

APPEND_ONLY = ("access_auditentry", "access_auditsubject", "access_auditblock", "access_rowchange")
# What no two rows of these share; SQLite's INSERT OR REPLACE would otherwise put a row in another's place unseen.
_NAMES_OF_A_ROW = {"access_auditentry": ("seq", "id"), "access_auditblock": ("number",)}
LOCK = 0x1A71_D000  # the advisory lock that writers of the trail share and the sealer takes alone


def tracked() -> dict[str, str]:
    """Table -> primary key column, of every model of ours whose changes leave a line."""
    return {
        model._meta.db_table: model._meta.pk.column
        for model in apps.get_models()
        if model.__module__.startswith("inmind.") and getattr(model, "TRACKED", False)
    }


def names() -> set[str]:
    """The names of all triggers that should stand."""
    words = ("insert", "update", "delete") if default_connection.vendor == "sqlite" else ("all", "empty")
    watching = {f"inmind_{table}_{word}" for table in tracked() for word in words}
    guards = ("insert", "update", "delete") if default_connection.vendor == "sqlite" else ("row", "all")
    return watching | {f"inmind_keep_{table}_{word}" for table in APPEND_ONLY for word in guards}


def standing(connection: Any = default_connection) -> set[str]:
    """The names of our triggers that do stand in the database."""
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'inmind\\_%' ESCAPE '\\'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'inmind\\_%' AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()}


def altered(connection: Any = default_connection) -> set[str]:
    """The names of those that stand and do something else than ours do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'inmind\\_%' ESCAPE '\\'"
            )
            return {name for name, sql in cursor.fetchall() if sql not in _for_sqlite(tracked())}
        ours = {" ".join(statement.split()) for statement in _for_postgresql(tracked())}
        cursor.execute("SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'inmind\\_%'")
        bodies = {name: body.partition("$function$")[2].rpartition("$function$")[0] for name, body in cursor.fetchall()}
        whole = {
            name for name, body in bodies.items() if any(" ".join(body.split()) in statement for statement in ours)
        }
        # What pg_trigger keeps of a trigger: its function, on which events it fires, and under which condition.
        cursor.execute(
            "SELECT tgname, tgfoid::regproc::text, tgtype, tgqual IS NULL FROM pg_trigger "
            "WHERE tgname LIKE 'inmind\\_%' AND NOT tgisinternal"
        )
        return {
            name
            for name, function, events, always in cursor.fetchall()
            if not (always and function in whole and (function, events) in _FIRES)
        }


_FIRES = {("inmind_note_change", 29), ("inmind_not_emptied", 34), ("inmind_only_grows", 27), ("inmind_only_grows", 34)}


def after_migrating(using: str = "default", **_: object) -> None:
    """Installed each time migrations have run, so that a new tracked table is watched at once."""
    from django.db import connections

    if "access_rowchange" in connections[using].introspection.table_names():
        install(connections[using])


def install(connection: Any) -> None:
    """Put every trigger in place, replacing older editions."""
    from inmind.access import guard

    with guard.permit("migrations"), connection.cursor() as cursor:
        for statement in _statements(connection):
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Take our triggers away: for restoring into an empty database and for flushing test databases."""
    from inmind.access import guard

    with guard.permit("migrations"), connection.cursor() as cursor:
        for name in sorted(standing(connection)):
            if connection.vendor == "sqlite":
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
            else:
                table = name.removeprefix("inmind_keep_").removeprefix("inmind_").rpartition("_")[0]
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')


def _statements(connection: Any) -> list[str]:
    present = set(connection.introspection.table_names())
    watched = {table: key for table, key in tracked().items() if table in present}
    return _for_sqlite(watched) if connection.vendor == "sqlite" else _for_postgresql(watched)


def _for_sqlite(watched: dict[str, str]) -> list[str]:
    statements = []
    for table, key in watched.items():
        for word, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
            name = f"inmind_{table}_{word}"
            statements += [
                f'DROP TRIGGER IF EXISTS "{name}"',
                f'CREATE TRIGGER "{name}" AFTER {word.upper()} ON "{table}" BEGIN '
                "SELECT CASE WHEN inmind_act() IS NULL THEN RAISE(ABORT, 'InMind: a write outside an action') END; "
                "INSERT INTO access_rowchange (act, table_name, row_id, operation) "
                f"VALUES (inmind_act(), '{table}', CAST({row}.\"{key}\" AS TEXT), '{word[0].upper()}'); END",
            ]
    for table in APPEND_ONLY:
        for word in ("update", "delete"):
            name = f"inmind_keep_{table}_{word}"
            statements += [
                f'DROP TRIGGER IF EXISTS "{name}"',
                f'CREATE TRIGGER "{name}" BEFORE {word.upper()} ON "{table}" BEGIN '
                "SELECT RAISE(ABORT, 'InMind: the trail only grows'); END",
            ]
        known = " OR ".join(f'"{column}" = NEW."{column}"' for column in _NAMES_OF_A_ROW.get(table, ("id",)))
        name = f"inmind_keep_{table}_insert"
        statements += [
            f'DROP TRIGGER IF EXISTS "{name}"',
            f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {known}) BEGIN '
            "SELECT RAISE(ABORT, 'InMind: the trail only grows'); END",
        ]
    return statements


def _for_postgresql(watched: dict[str, str]) -> list[str]:
    statements = [
        f"""CREATE OR REPLACE FUNCTION inmind_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE act text := current_setting('inmind.act', true);
        BEGIN
          IF act IS NULL OR act = '' THEN
            RAISE EXCEPTION 'InMind: a write outside an action on %', TG_TABLE_NAME;
          END IF;
          PERFORM pg_advisory_xact_lock_shared({LOCK});
          INSERT INTO access_rowchange (act, table_name, row_id, operation)
          VALUES (act, TG_TABLE_NAME, to_jsonb(COALESCE(NEW, OLD)) ->> TG_ARGV[0], left(TG_OP, 1));
          RETURN NULL;
        END $$""",
        """CREATE OR REPLACE FUNCTION inmind_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'InMind: the trail only grows'; END $$""",
        """CREATE OR REPLACE FUNCTION inmind_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'InMind: % is never emptied', TG_TABLE_NAME; END $$""",
    ]
    for table, key in watched.items():
        name = f"inmind_{table}_all"
        statements += [
            f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
            f'CREATE TRIGGER "{name}" AFTER INSERT OR UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION inmind_note_change('{key}')",
            f'DROP TRIGGER IF EXISTS "inmind_{table}_empty" ON "{table}"',
            f'CREATE TRIGGER "inmind_{table}_empty" BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION inmind_not_emptied()",
        ]
    for table in APPEND_ONLY:
        for word, moment in (("row", "UPDATE OR DELETE"), ("all", "TRUNCATE")):
            name = f"inmind_keep_{table}_{word}"
            level = "FOR EACH ROW" if word == "row" else "FOR EACH STATEMENT"
            statements += [
                f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
                f'CREATE TRIGGER "{name}" BEFORE {moment} ON "{table}" {level} EXECUTE FUNCTION inmind_only_grows()',
            ]
    return statements
