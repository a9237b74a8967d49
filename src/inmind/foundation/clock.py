"""The one clock of the house. Rules never read it: a moment is handed to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_given: ContextVar[datetime | None] = ContextVar("given_time", default=None)


def now() -> datetime:
    """This moment in UTC, or the one given by `at`."""
    return _given.get() or datetime.now(UTC)


def today(zone: str) -> date:
    """The date on the wall of a place, by the name of its time zone."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Give the time: for tests, and for demonstrations that are told on a fixed date."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _given.set(moment)
    try:
        yield
    finally:
        _given.reset(token)


def local(moment: datetime, zone: str) -> str:
    """A moment as the clock on the wall of a place shows it, in the reader's language."""
    from django.utils.formats import date_format

    return date_format(moment.astimezone(ZoneInfo(zone)), "DATETIME_FORMAT")


def day(on: date) -> str:
    """A day in the reader's language."""
    from django.utils.formats import date_format

    return date_format(on, "DATE_FORMAT")
