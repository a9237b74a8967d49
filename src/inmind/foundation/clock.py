"""The one clock of the house. Rules never read it: a moment is handed to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_given: ContextVar[datetime | None] = ContextVar("given_time", default=None)


_ahead: timedelta | None = None  # how far this process stands before the machine's clock; in a told story alone


def now() -> datetime:
    """This moment in UTC, the one given by `at`, or the one at which a told story stands."""
    return _given.get() or (datetime.now(UTC) + _ahead if _ahead is not None else datetime.now(UTC))


def go_on_from(moment: datetime | None) -> None:
    """Let the clock of this process go on from a moment; None: it shows the machine's time again.

    Called for a demonstration that is told on a day of its own, and for nothing else (`access/telling.py`).
    """
    global _ahead
    if moment is not None and moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    _ahead = None if moment is None else moment - datetime.now(UTC)


def is_told() -> bool:
    """Whether the clock shows a story's time."""
    return _ahead is not None


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


def shortly(moment: datetime, zone: str) -> str:
    """The time alone where it is of today on the clock of a place, else the day with it; in the reader's language."""
    from django.utils.formats import date_format

    at = moment.astimezone(ZoneInfo(zone))
    return date_format(at, "TIME_FORMAT" if at.date() == today(zone) else "DATETIME_FORMAT")


def day(on: date) -> str:
    """A day in the reader's language."""
    from django.utils.formats import date_format

    return date_format(on, "DATE_FORMAT")
