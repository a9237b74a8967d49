"""Triggers in both databases: the audit tables only grow, and each change of a tracked row leaves a line.

They are installed after migrating and checked by `inmind doctor`. A program that writes without saying on whose behalf
is refused by the database itself: on SQLite it lacks the function `inmind_act`, on PostgreSQL the setting `inmind.act`.
"""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection as default_connection
from django.db import transaction

APPEND_ONLY = ("access_auditentry", "access_auditsubject", "access_auditblock", "access_rowchange")
# What no two rows of these share; SQLite's INSERT OR REPLACE would otherwise put a row in another's place unseen.
_NAMES_OF_A_ROW = {"access_auditentry": ("seq", "id"), "access_auditblock": ("number",)}
OF_LIBRARIES = ("mfa_authenticator",)
LOCK = 0x1A71_D000  # the advisory lock that writers of the trail share and the sealer takes alone


def tracked() -> dict[str, str]:
    """Table -> primary key column, of every model whose changes leave a line: ours, and a library's factors."""
    return {
        model._meta.db_table: model._meta.pk.column
        for model in apps.get_models()
        if (model.__module__.startswith("inmind.") and getattr(model, "TRACKED", False))
        or model._meta.db_table in OF_LIBRARIES
    }


def names() -> set[str]:
    """The names of all triggers that should stand."""
    return set(_on_sqlite(tracked()) if default_connection.vendor == "sqlite" else _on_postgresql(tracked()))


@dataclass(frozen=True, slots=True)
class Guards:
    """How the database's own guards stand: the names of those that are missing, and of those that do something else than
    ours; what else acts by itself on our tables; and why none may act at all (empty: they may)."""

    missing: set[str]
    altered: set[str]
    foreign: set[str]
    asleep: str

    @property
    def stand(self) -> bool:
        return not (self.missing or self.altered or self.foreign or self.asleep)

    def __str__(self) -> str:
        said = [f"{len(self.missing)} of the database's own guards are missing, {len(self.altered)} were altered."]
        if self.foreign:
            more = f" and {len(self.foreign) - 5} more" if len(self.foreign) > 5 else ""
            said.append(f"Not ours, and at work on our tables: {', '.join(sorted(self.foreign)[:5])}{more}.")
        return " ".join(filter(None, [*said, self.asleep]))


def guards(connection: Any = default_connection) -> Guards:
    """Look at every guard that should stand, and for whatever else acts on our tables."""
    asleep = _asleep(connection) if connection.vendor == "postgresql" else ""
    return Guards(names() - standing(connection), altered(connection), _foreign(connection), asleep)


def standing(connection: Any = default_connection) -> set[str]:
    """The names of our triggers that do stand in the database, and are switched on."""
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'inmind\\_%' ESCAPE '\\'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'inmind\\_%' AND NOT tgisinternal AND tgenabled = 'A'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()}


def altered(connection: Any = default_connection) -> set[str]:
    """The names of those that stand and do something else than ours do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            ours = _on_sqlite(tracked())
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {name for name, sql in cursor.fetchall() if name in ours and sql != ours[name]}
        wanted = _on_postgresql(tracked())
        cursor.execute(_TRIGGERS)
        return {
            name
            for name, table, is_plain, body, *rest in cursor.fetchall()
            if name in wanted and table == wanted[name].table and not (is_plain and wanted[name].is_like(body, *rest))
        }


# What PostgreSQL keeps of a trigger: for which columns and under which condition it fires (ours: any, always), its
# function's body and settings (ours: it finds the tables beside its own, whatever a session says), on which events it
# fires, and what word its function is given.
_TRIGGERS = """
    SELECT t.tgname, c.relname, t.tgqual IS NULL AND t.tgattr::text = '' AND t.tgconstraint = 0 AND t.tgoldtable IS NULL
           AND t.tgnewtable IS NULL AND l.lanname = 'plpgsql' AND NOT p.prosecdef
           AND p.proconfig = ARRAY['search_path=' || quote_ident(current_schema()) || ', pg_temp'],
           p.prosrc, p.proname, t.tgtype, t.tgargs
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
         JOIN pg_language l ON l.oid = p.prolang
    WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)
"""


def _foreign(connection: Any) -> set[str]:
    """Triggers, rules and views that are not ours on tables of this house, and its foreign keys that are switched off."""
    ours = [*connection.introspection.django_table_names(), "django_migrations", "inmind_cache"]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type IN ('trigger', 'view')")
            known = set(_on_sqlite(tracked()))
            return {f"{name} on {table}" for name, table in cursor.fetchall() if name not in known}
        wanted = _on_postgresql(tracked())
        cursor.execute(_TRIGGERS)
        found = {(name, table) for name, table, *_ in cursor.fetchall() if table in ours}
        cursor.execute(_RULES, [ours])
        others = {(name, table) for name, table in found if name not in wanted or wanted[name].table != table}
        return {f"{name} on {table}" for name, table in others | set(cursor.fetchall())}


_RULES = """
    SELECT r.rulename, c.relname FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    WHERE pg_table_is_visible(c.oid) AND c.relname = ANY(%s::text[])
    UNION SELECT 'a foreign key that is switched off', c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE t.tgisinternal AND t.tgenabled <> 'O' AND pg_table_is_visible(c.oid)
"""


def _asleep(connection: Any) -> str:
    """Why what the database holds by itself may not be held (PostgreSQL): a setting that lets foreign keys sleep."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('session_replication_role') <> 'origin' OR EXISTS (SELECT 1 FROM pg_db_role_setting s, "
            "unnest(s.setconfig) AS said WHERE said LIKE 'session_replication_role=%' AND s.setdatabase IN (0, "
            "(SELECT oid FROM pg_database WHERE datname = current_database())))"
        )
        is_asleep = cursor.fetchone()[0]
    return "The setting session_replication_role lets the database's own rules sleep." if is_asleep else ""


def mark(connection: Any = default_connection) -> str:
    """What changes whenever our guards are taken away, switched off or put anew, exactly as they were or not: on SQLite the
    number of changes to the schema, on PostgreSQL which rows of its own tables they are and who wrote these last."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA schema_version")
            return f"schema {cursor.fetchone()[0]}"
        cursor.execute(_ROWS_OF_GUARDS)
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()[:40]


_ROWS_OF_GUARDS = """
    SELECT t.tgname, c.relname, t.oid, t.xmin::text, p.oid, p.xmin::text
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND t.tgname LIKE 'inmind\\_%' AND pg_table_is_visible(c.oid) ORDER BY 1, 2
"""


def after_migrating(using: str = "default", **_: object) -> None:
    """Installed each time migrations have run, so that a new tracked table is watched at once."""
    from django.db import connections

    if "access_rowchange" in connections[using].introspection.table_names():
        install(connections[using])


def install(connection: Any) -> None:
    """Put every trigger in place, replacing older editions.

    On SQLite all at once: four hundred statements of their own would wait four hundred times for the disk. PostgreSQL
    would hold every table until the last of them.
    """
    from inmind.access import guard

    together = transaction.atomic(connection.alias) if connection.vendor == "sqlite" else nullcontext()
    with guard.permit("migrations"), together, connection.cursor() as cursor:
        if connection.vendor == "postgresql" and connection.in_atomic_block:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come is not altered
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for statement in _statements(connection):
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Take our triggers away: for restoring into an empty database and for flushing test databases."""
    from inmind.access import guard

    with guard.permit("migrations"), connection.cursor() as cursor:
        for statement in _statements(connection):
            if statement.startswith("DROP TRIGGER"):
                cursor.execute(statement)


def _statements(connection: Any) -> list[str]:
    present = set(connection.introspection.table_names())
    watched = {table: key for table, key in tracked().items() if table in present}
    if connection.vendor == "sqlite":
        return _for_sqlite(watched)
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        return _for_postgresql(watched, cursor.fetchone()[0])


def _for_sqlite(watched: dict[str, str]) -> list[str]:
    return [part for name, made in _on_sqlite(watched).items() for part in (f'DROP TRIGGER IF EXISTS "{name}"', made)]


def _on_sqlite(watched: dict[str, str]) -> dict[str, str]:
    """Each trigger's name with the statement that makes it, which SQLite keeps as it was said."""
    made = {}
    for table, key in watched.items():
        for word, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
            name = f"inmind_{table}_{word}"
            made[name] = (
                f'CREATE TRIGGER "{name}" AFTER {word.upper()} ON "{table}" BEGIN '
                "SELECT CASE WHEN inmind_act() IS NULL THEN RAISE(ABORT, 'InMind: a write outside an action') END; "
                "INSERT INTO access_rowchange (act, table_name, row_id, operation) "
                f"VALUES (inmind_act(), '{table}', CAST({row}.\"{key}\" AS TEXT), '{word[0].upper()}'); END"
            )
    for table in APPEND_ONLY:
        for word in ("update", "delete"):
            name = f"inmind_keep_{table}_{word}"
            made[name] = (
                f'CREATE TRIGGER "{name}" BEFORE {word.upper()} ON "{table}" BEGIN '
                "SELECT RAISE(ABORT, 'InMind: the trail only grows'); END"
            )
        known = " OR ".join(f'"{column}" = NEW."{column}"' for column in _NAMES_OF_A_ROW.get(table, ("id",)))
        name = f"inmind_keep_{table}_insert"
        made[name] = (
            f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {known}) BEGIN '
            "SELECT RAISE(ABORT, 'InMind: the trail only grows'); END"
        )
    return made


# Function -> its body, for PostgreSQL.
_FUNCTIONS = {
    "inmind_note_change": f"""
        DECLARE act text := current_setting('inmind.act', true);
        BEGIN
          IF act IS NULL OR act = '' THEN
            RAISE EXCEPTION 'InMind: a write outside an action on %', TG_TABLE_NAME;
          END IF;
          PERFORM pg_advisory_xact_lock_shared({LOCK});
          INSERT INTO access_rowchange (act, table_name, row_id, operation)
          VALUES (act, TG_TABLE_NAME, to_jsonb(COALESCE(NEW, OLD)) ->> TG_ARGV[0], left(TG_OP, 1));
          RETURN NULL;
        END """,
    "inmind_only_grows": "BEGIN RAISE EXCEPTION 'InMind: the trail only grows'; END ",
    "inmind_not_emptied": "BEGIN RAISE EXCEPTION 'InMind: % is never emptied', TG_TABLE_NAME; END ",
}
# When a trigger fires -> how PostgreSQL keeps that (`pg_trigger.tgtype`).
_FIRES = {
    "AFTER INSERT OR UPDATE OR DELETE": 29,
    "BEFORE TRUNCATE": 34,
    "BEFORE UPDATE OR DELETE": 27,
}


@dataclass(frozen=True, slots=True)
class _Trigger:
    """A trigger of PostgreSQL's: on which table, when, by which function, and the word this is given."""

    table: str
    when: str
    function: str
    word: str = ""

    def is_like(self, body: str, function: str, events: int, words: bytes) -> bool:
        """Whether another one does the same."""
        given = f"{self.word}\0".encode() if self.word else b""
        ours = (_FUNCTIONS[self.function], self.function, _FIRES[self.when], given)
        return (body, function, events, bytes(words)) == ours

    def statements(self, name: str) -> list[str]:
        """It fires always, also where a session lets others sleep (`session_replication_role`)."""
        level = "STATEMENT" if "TRUNCATE" in self.when else "ROW"
        word = f"'{self.word}'" if self.word else ""
        return [
            f'DROP TRIGGER IF EXISTS "{name}" ON "{self.table}"',
            f'CREATE TRIGGER "{name}" {self.when} ON "{self.table}" FOR EACH {level} EXECUTE FUNCTION {self.function}({word})',
            f'ALTER TABLE "{self.table}" ENABLE ALWAYS TRIGGER "{name}"',
        ]


def _for_postgresql(watched: dict[str, str], schema: str) -> list[str]:
    functions = [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp "
        f"AS $${body}$$"
        for name, body in _FUNCTIONS.items()
    ]
    triggers = [part for name, one in _on_postgresql(watched).items() for part in one.statements(name)]
    return functions + triggers


def _on_postgresql(watched: dict[str, str]) -> dict[str, _Trigger]:
    """Each trigger by its name."""
    made = {}
    for table, key in watched.items():
        made[f"inmind_{table}_all"] = _Trigger(table, "AFTER INSERT OR UPDATE OR DELETE", "inmind_note_change", key)
        made[f"inmind_{table}_empty"] = _Trigger(table, "BEFORE TRUNCATE", "inmind_not_emptied")
    for table in APPEND_ONLY:
        made[f"inmind_keep_{table}_row"] = _Trigger(table, "BEFORE UPDATE OR DELETE", "inmind_only_grows")
        made[f"inmind_keep_{table}_all"] = _Trigger(table, "BEFORE TRUNCATE", "inmind_only_grows")
    return made
