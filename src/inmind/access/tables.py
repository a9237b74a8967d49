"""Every table out of a database and into an empty one, as the migrations that have run left them.

Tables are read and written through the historical models of those migrations, not through today's: a database can be
backed up by an edition that would still have to migrate it, and an old backup is restored as it was, then migrated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.models.functions import Cast

from inmind.access.archive import Table
from inmind.access.envelope import CannotOpen

LEFT_OUT = {"django_session": "sessions end with a restore; people sign in again"}
BATCH = 1000
_MICROSECOND = timedelta(microseconds=1)

_KINDS = {
    "integer": (
        *("AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField"),
        *("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField"),
    ),
    "text": ("CharField", "TextField", "SlugField", "EmailField", "URLField", "FileField", "GenericIPAddressField"),
    "boolean": ("BooleanField",),
    "float": ("FloatField",),
    "decimal": ("DecimalField",),
    "uuid": ("UUIDField",),
    "date": ("DateField",),
    "time": ("TimeField",),
    "moment": ("DateTimeField",),
    "duration": ("DurationField",),
    "bytes": ("BinaryField",),
    "json": ("JSONField",),
}
_KIND_OF = {internal: kind for kind, internals in _KINDS.items() for internal in internals}


class Layout:
    """The tables of a database as its migrations left them."""

    def __init__(self) -> None:
        loader = MigrationLoader(connection)
        self.migrations = sorted(node for node in loader.applied_migrations if node in loader.graph.nodes)
        state = loader.project_state(newest(self.migrations, loader), at_end=True)
        self.models = sorted(
            (model for model in state.apps.get_models(include_auto_created=True) if _is_kept(model)),
            key=lambda model: model._meta.db_table,
        )

    def taken(self, tables: Iterable[Table]) -> Iterator[Table]:
        """The same tables, each held against this layout before a row of it is read: no other name goes into a statement.

        Raises CannotOpen for a table that is not here, has come before, or has other columns or kinds of them.
        """
        known = {table.name: table.columns for table in self.tables()}
        for table in tables:
            if known.pop(table.name, None) != table.columns:
                raise CannotOpen(
                    "The backup holds a table that has no place here (%(table)s).",
                    "Each table of its edition stands in it once, with the columns of that edition.",
                    facts={"table": table.name[:60].encode("unicode_escape").decode()},
                )
            yield table

    def counts(self) -> dict[str, int]:
        return {model._meta.db_table: model._base_manager.count() for model in self.models}

    def tables(self) -> Iterator[Table]:
        return map(table_of, self.models)

    def empty(self) -> None:
        """Take out what migrating put in, before rows come."""
        with connection.cursor() as cursor:
            for model in self.models:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")

    def set_counters(self) -> None:
        """Let the next number of each table follow the highest one. SQLite does so by itself."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), self.models):
                cursor.execute(statement)


def table_of(model: type[models.Model]) -> Table:
    """A model's table with its rows, read from the database a few at a time."""
    fields = model._meta.local_concrete_fields
    shown = [Cast(field.attname, models.TextField()) if kind_of(field) == "json" else field.attname for field in fields]
    rows = model._base_manager.order_by("pk").values_list(*shown).iterator(chunk_size=BATCH)
    return Table(model._meta.db_table, {field.column: kind_of(field) for field in fields}, rows)


def newest(applied: list[tuple[str, str]], loader: MigrationLoader) -> list[tuple[str, str]]:
    """The migrations that no other applied one follows."""
    there = set(applied)
    return [node for node in applied if not any(child.key in there for child in loader.graph.node_map[node].children)]


def _is_kept(model: type[models.Model]) -> bool:
    return model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT


def kind_of(field: Any) -> str:
    """A column's kind in the archive. Raises KeyError for a type of column that nobody has thought of yet."""
    while field.remote_field is not None:
        field = field.target_field
    return _KIND_OF[field.get_internal_type()]


def load(table: Table) -> int:
    """Put rows into an empty table. Returns how many."""
    name = connection.ops.quote_name(table.name)
    columns = ", ".join(map(connection.ops.quote_name, table.columns))
    adapt = [_adapter(kind) for kind in table.columns.values()]
    rows = ([to(value) for to, value in zip(adapt, row, strict=True)] for row in table.rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors:
                return _copied(cursor, f"COPY {name} ({columns}) FROM STDIN", rows)
        places = ", ".join(["%s"] * len(table.columns))
        count = 0
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({places})", batch)
            count += len(batch)
        return count


def _copied(cursor: Any, statement: str, rows: Iterator[list[Any]]) -> int:
    count = 0
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _adapter(kind: str) -> Any:
    """How a value of a kind is handed to this database's driver."""
    ops = connection.ops
    match kind:
        case "moment":
            return ops.adapt_datetimefield_value
        case "date":
            return ops.adapt_datefield_value
        case "time":
            return ops.adapt_timefield_value
        case "uuid" if not connection.features.has_native_uuid_field:
            return lambda value: None if value is None else value.hex
        case "duration" if not connection.features.has_native_duration_field:
            return lambda value: None if value is None else value // _MICROSECOND
        case "decimal" if connection.vendor == "sqlite":
            return lambda value: None if value is None else str(value)
    return lambda value: value
