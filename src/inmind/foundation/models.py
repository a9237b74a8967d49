"""The abstract row that rooms build on: an id that may be made by a client, a version, and the time it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, wraps
from typing import Any, ClassVar
from uuid import UUID

from django.db import DatabaseError, connection, models
from django.db.models.query import get_related_populators

from inmind.foundation import clock
from inmind.foundation.identity import new_id
from inmind.foundation.values import FieldClass


class Kept(models.Model):
    """A record with an id (UUIDv7), a version that rises with each change, and when it was made.

    Each model classes each of its fields in `CLASSES`; the base's own are public. `TRACKED` rows leave a line in the
    change log, written by a trigger of the database itself, whoever writes.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = {}
    TRACKED: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True

    @classmethod
    def class_of(cls, field: str) -> FieldClass:
        """The class of a field. Raises KeyError for an unclassed one."""
        return {"id": FieldClass.PUBLIC, "version": FieldClass.PUBLIC, "created_at": FieldClass.PUBLIC, **cls.CLASSES}[
            field
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            if self.created_at is None:
                self.created_at = clock.now()
        else:
            self.version += 1
            if (fields := kwargs.pop("update_fields", None)) is not None:
                change(self, {*fields, "version"})
                return
        super().save(*args, **kwargs)


def keep_together(rows: Iterable[Kept]) -> None:
    """Insert new rows in a few statements: each model's together, in the order in which the models first appear."""
    now = clock.now()
    of_model: dict[type[Kept], list[Kept]] = {}
    for row in rows:
        row.created_at = row.created_at or now
        of_model.setdefault(type(row), []).append(row)
    for model, some in of_model.items():
        model._default_manager.bulk_create(some, batch_size=500)


def columns_of(model: type[models.Model], *columns: str, **equal: Any) -> tuple[Any, ...] | None:
    """Columns of a row with these values, as the database gives them; None where there is no such row.

    For the few questions that every request asks again: Django makes the same statement anew each time, which costs
    several times as much as asking it.
    """
    quoted = connection.ops.quote_name
    named = {field.name: field for field in model._meta.concrete_fields}
    fields = [named[name] for name in equal]
    asked = " AND ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    sql = f"SELECT {', '.join(map(quoted, columns))} FROM {quoted(model._meta.db_table)} WHERE {asked} LIMIT 1"
    values = [field.get_db_prep_value(value, connection) for field, value in zip(fields, equal.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model, as they are and without asking for the keys that the database gives them.

    For the few rows that every request leaves behind, as `columns_of` for what it asks.
    """
    first, quoted = rows[0], connection.ops.quote_name
    fields = [field for field in first._meta.concrete_fields if not field.primary_key or first.pk is not None]
    places = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 50):
            some = rows[start : start + 50]
            cursor.execute(
                f"INSERT INTO {quoted(first._meta.db_table)} ({', '.join(quoted(str(field.column)) for field in fields)}) "
                f"VALUES {', '.join([places] * len(some))}",
                [field.get_db_prep_save(getattr(row, field.attname), connection) for row in some for field in fields],
            )


def change(row: models.Model, names: Iterable[str]) -> None:
    """Write some fields of a row that is there, as `insert` writes new ones."""
    quoted, key = connection.ops.quote_name, row._meta.pk
    fields: list[models.Field] = [row._meta.get_field(name) for name in sorted(names)]  # type: ignore[misc]
    assigned = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    sql = f"UPDATE {quoted(row._meta.db_table)} SET {assigned} WHERE {quoted(str(key.column))} = %s"
    values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, key.get_db_prep_value(row.pk, connection)])
        if cursor.rowcount != 1:
            raise DatabaseError("the row that was to be changed is not there")


def row_of(model: type[models.Model], pk: Any, *related: str, locked: bool = False) -> Any:
    """A row, with those that it leads to by these foreign keys; None where there is none.

    As `select_related` answers, with `select_for_update` where it is to be locked, but its statement is made once: every
    page about a record begins with it, and every action with it once more.
    """
    sql, made = _reading(model, related, locked, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [model._meta.pk.get_db_prep_value(pk, connection)])
        found = cursor.fetchone()
    return None if found is None else made(found)


@cache
def _reading(
    model: type[models.Model], related: tuple[str, ...], locked: bool, vendor: str
) -> tuple[str, Callable[[Any], Any]]:
    """The statement, and what makes a row of its answer."""
    rows = model._default_manager.order_by().filter(pk=new_id())
    if related:
        rows = rows.select_related(*related)
    if locked and connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",), no_key=connection.features.has_select_for_no_key_update)
    sql, _the_id, made = _statement(rows)
    return sql, made


def _statement(rows: models.QuerySet) -> tuple[str, Sequence[Any], Callable[[Any], Any]]:
    """The statement that Django makes of a question, its values, and what makes a row of an answer, as Django does."""
    compiler = rows.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    converters = compiler.get_converters([expression for expression, *_rest in compiler.select])
    own = compiler.klass_info["select_fields"]
    names = [compiler.select[place][0].target.attname for place in own]
    others = get_related_populators(compiler.klass_info, compiler.select, rows.db)  # type: ignore[call-arg]

    def made(found: Any) -> Any:
        (told,) = compiler.apply_converters([found], converters)
        row = rows.model.from_db(rows.db, names, told[: len(own)])
        for other in others:
            other.populate(told, row)
        return row

    return sql, values, made


def asked_again(question: Callable[..., models.QuerySet]) -> Callable[..., list[Any]]:
    """A question that pages ask again and again: `question(**named)` is called once, with other ids and days in the place
    of those named, and its statement is kept; each asking then answers with a list of rows.

    The question filters by what it is given, and depends on nothing else.
    """

    @cache
    def kept(vendor: str, kinds: tuple[tuple[str, type], ...]) -> tuple[str, list[tuple[str, Any]], Callable[..., Any]]:
        others = {name: new_id() if kind is UUID else date(1, 1, 1 + place) for place, (name, kind) in enumerate(kinds)}
        sql, values, made = _statement(question(**others))
        called = {_told(other): name for name, other in others.items()}
        places = [(called.get(value, ""), value) for value in values]
        if missing := set(others) - {name for name, _ in places}:
            raise TypeError(f"{question.__name__} does not ask by {', '.join(sorted(missing))} as it is given")
        return sql, places, made

    @wraps(question)
    def ask(**named: UUID | date) -> list[Any]:
        sql, places, made = kept(connection.vendor, tuple((name, type(value)) for name, value in named.items()))
        with connection.cursor() as cursor:
            cursor.execute(sql, [_told(named[name]) if name else value for name, value in places])
            return [made(found) for found in cursor.fetchall()]

    return ask


def _told(value: UUID | date) -> Any:
    """An id or a day as the database is told it."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return connection.ops.adapt_datefield_value(value)


@contextmanager
def sent_together() -> Iterator[None]:
    """What is inserted within is sent in one go where the database takes it so (PostgreSQL), and has been done, or has
    failed, when the block is left."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def in_force(on: Any, prefix: str = "") -> models.Q:
    """Rows whose period holds on a day: `since` on or before it, `until` after it or open."""
    return models.Q(**{f"{prefix}since__lte": on}) & (
        models.Q(**{f"{prefix}until__isnull": True}) | models.Q(**{f"{prefix}until__gt": on})
    )


def period_is_whole(name: str) -> models.CheckConstraint:
    """A period cannot end before it begins; the database keeps it."""
    return models.CheckConstraint(
        condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")), name=name
    )
