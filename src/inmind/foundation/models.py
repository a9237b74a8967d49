"""The abstract row that rooms build on: an id that may be made by a client, a version, and the time it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache, wraps
from operator import attrgetter
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection, models
from django.db.models.query import FlatValuesListIterable, ValuesListIterable, get_related_populators

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
    for some in of_model.values():
        insert(some)
        for row in some:
            row._state.adding, row._state.db = False, connection.alias


def change_together(rows: Sequence[Kept], fields: Sequence[str]) -> int:
    """Write these fields of rows of one model in one go, each only where nobody has saved the row since it was read.

    Returns how many were written; whoever asks rolls back where one is missing.
    """
    if not rows:
        return 0
    quoted = connection.ops.quote_name
    model = type(rows[0])
    named = {field.name: field for field in model._meta.concrete_fields}
    kept = [named[name] for name in fields]
    columns = ", ".join(f"{quoted(str(field.column))} = %s" for field in kept)
    key, version = (quoted(str(named[name].column)) for name in ("id", "version"))
    sql = f"UPDATE {quoted(model._meta.db_table)} SET {columns}, {version} = {version} + 1 WHERE {key} = %s AND {version} = %s"
    with connection.cursor() as cursor:
        cursor.executemany(
            sql,
            [
                (
                    *(field.get_db_prep_save(field.pre_save(row, False), connection) for field in kept),
                    named["id"].get_db_prep_save(row.pk, connection),
                    row.version,
                )
                for row in rows
            ],
        )
        return cursor.rowcount


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


def insert(rows: Sequence[models.Model], *, or_leave: bool = False) -> None:
    """Insert new rows of one model, as they are and without asking for the keys that the database gives them.

    For the few rows that a request leaves behind, as `columns_of` for what it asks. or_leave: one that stands in the way of
    another is left out.
    """
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 50):
            some = rows[start : start + 50]
            sql, fields = _inserting(type(some[0]), some[0].pk is not None, len(some), or_leave)
            cursor.execute(
                sql, [field.get_db_prep_save(field.pre_save(row, True), connection) for row in some for field in fields]
            )


@cache
def _inserting(model: type[models.Model], keyed: bool, count: int, or_leave: bool) -> tuple[str, list[Any]]:
    quoted = connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if keyed or not field.primary_key]
    places = f"({', '.join(['%s'] * len(fields))})"
    return (
        f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(quoted(str(field.column)) for field in fields)}) "
        f"VALUES {', '.join([places] * count)}{' ON CONFLICT DO NOTHING' if or_leave else ''}",
        fields,
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
    width = len(compiler.select)
    converters = compiler.get_converters([expression for expression, *_rest in compiler.select])

    def told(found: Any) -> Any:
        (converted,) = compiler.apply_converters([found], converters)
        return converted[:width]

    if rows._iterable_class is FlatValuesListIterable:
        return sql, values, lambda found: told(found)[0]
    if rows._iterable_class is ValuesListIterable:
        return sql, values, lambda found: tuple(told(found))
    own = compiler.klass_info["select_fields"]
    names = [compiler.select[place][0].target.attname for place in own]
    others = get_related_populators(compiler.klass_info, compiler.select, rows.db)  # type: ignore[call-arg]

    def made(found: Any) -> Any:
        row = rows.model.from_db(rows.db, names, (every := told(found))[: len(own)])
        for other in others:
            other.populate(every, row)
        return row

    return sql, values, made


def asked_again(question: Callable[..., models.QuerySet]) -> Callable[..., list[Any]]:
    """A question that pages ask again and again: `question(**named)` is called once, with other ids, days and moments in
    the place of those named, and its statement is kept; each asking then answers with a list of rows.

    The question filters by each that it is given, alone or in a list of any length (as by words in a list), and by nothing
    else that changes: it reads no clock. What stands within a tuple it may pass over. All else that it is given is a part
    of the statement, of which there is one for each.
    """

    @cache
    def kept(vendor: str, shapes: tuple[tuple[str, Any], ...]) -> tuple[str, list[tuple[int, Any]], Any] | None:
        others: list[Any] = []
        named = {name: _like(shape, others) for name, shape in shapes}
        try:
            sql, values, made = _statement(question(**named))
        except EmptyResultSet:
            return None
        called = {told: place for place, told in enumerate(_told(others, vendor))}
        places = [(called.get(value, -1), value) for value in values]
        asked = {value for _, value in places}
        for name, shape in shapes:
            if not isinstance(shape, tuple) or shape[0] is list:
                given = named[name] if isinstance(named[name], list) else [named[name]]
                if not asked.issuperset(_told(given, vendor)):
                    raise TypeError(f"{question.__name__} does not ask by {name} as it is given")
        return sql, places, made

    @wraps(question)
    def ask(**named: Any) -> list[Any]:
        given: list[Any] = []
        vendor = connection.vendor
        there = kept(vendor, tuple((name, _shape(value, given)) for name, value in named.items()))
        if there is None:
            return []
        sql, places, made = there
        told = _told(given, vendor)
        with connection.cursor() as cursor:
            cursor.execute(sql, [value if place < 0 else told[place] for place, value in places])
            return [made(found) for found in cursor.fetchall()]

    return ask


def _shape(value: Any, given: list[Any]) -> Any:
    """What of a value is a part of the statement. Its ids, days and moments are not, and are put to those given; of lists
    there are few lengths, the last id standing there several times."""
    if isinstance(value, UUID | date):
        given.append(value)
        return type(value)
    if isinstance(value, list):
        length = 1 << (len(value) - 1).bit_length() if value else 0
        given += value + value[-1:] * (length - len(value))
        return list, type(value[0]) if value else None, length
    if isinstance(value, tuple):
        return tuple, *(_shape(one, given) for one in value)
    return None, value


def _like(shape: Any, others: list[Any]) -> Any:
    """A value of this shape, all of whose ids, days and moments are others."""
    match shape:
        case (None, value):
            return value
        case (kind, of, length) if kind is list:
            return [_like(of, others) for _ in range(length)]
        case (_, *parts):
            return tuple(_like(part, others) for part in parts)
    moment = datetime(1001, 1, 1, tzinfo=UTC) + timedelta(len(others))
    other = {UUID: new_id(), str: new_id().hex, datetime: moment, date: moment.date()}[shape]
    others.append(other)
    return other


def _told(values: list[Any], vendor: str) -> list[Any]:
    """Ids, days, moments and words as the database is told them."""
    if vendor == "postgresql":
        return values
    moment = connection.ops.adapt_datetimefield_value
    told: dict[type, Callable[[Any], Any]] = {UUID: attrgetter("hex"), datetime: moment, date: str, str: str}
    return [told[type(value)](value) for value in values]


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
