"""Trainings as a calendar (RFC 5545), by the library icalendar. A meeting is one event, at its hour on the wall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

MAKER = "-//InMind//Trainings//EN"


@dataclass(frozen=True, slots=True)
class Shown:
    """One meeting as a calendar shows it. number: which of its training's; changes: how often the training was changed."""

    meeting: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    words: str
    address: str
    changes: int
    changed_at: datetime
    is_called_off: bool = False


def calendar(name: str, shown: Iterable[Shown], *, host: str) -> bytes:
    """A calendar of these meetings with each zone that they use, whatever changes of its clocks lie between them.

    host: behind each event's id, so that two houses never make the same one.
    """
    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    rows = list(shown)
    for one in rows:
        made.add_component(_event(one, host))
    if rows:
        first, last = _span(rows)
        made.add_missing_timezones(first_date=first, last_date=last)
    return made.to_ical()


def _span(rows: Sequence[Shown]) -> tuple[date, date]:
    """The years of the meetings, whole, so that every change of the clocks in them is told."""
    return (
        date(min(one.starts_at for one in rows).year - 1, 1, 1),
        date(max(one.ends_at for one in rows).year + 2, 1, 1),
    )


def _event(one: Shown, host: str) -> Event:
    zone, made = ZoneInfo(one.zone), Event()
    made.add("uid", f"{one.meeting}@{host}")
    made.add("dtstamp", one.changed_at.astimezone(UTC))
    made.add("dtstart", one.starts_at.astimezone(zone))
    made.add("dtend", one.ends_at.astimezone(zone))
    made.add("summary", one.title)
    made.add("sequence", one.changes)
    made.add("status", "CANCELLED" if one.is_called_off else "CONFIRMED")
    if one.place:
        made.add("location", one.place)
    if one.words:
        made.add("description", one.words)
    made.add("url", one.address)
    return made
