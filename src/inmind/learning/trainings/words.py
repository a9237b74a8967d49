"""Trainings in words: when they are, what a seat costs, how many are left, how long they last."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.learning.trainings.models import Meeting, Training
from inmind.learning.trainings.seats import Seats, price
from inmind.money.amounts import dollars


def language() -> str:
    return (translation.get_language() or "en")[:2]


def title(row: Training) -> str:
    return row.said("title", language())


def when_words(row: Training) -> str:
    """The days of a training: its first and, of several meetings, its last; with the zone in which its times are said."""
    if row.starts_at is None or row.ends_at is None:
        return _("no day is set yet")
    zone = ZoneInfo(row.zone)
    starts, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    if starts.date() == ends.date():
        return _("%(day)s, %(from)s to %(to)s (%(zone)s)") % {
            "day": date_format(starts, "DATE_FORMAT"),
            "from": date_format(starts, "TIME_FORMAT"),
            "to": date_format(ends, "TIME_FORMAT"),
            "zone": zone_words(starts),
        }
    return _("%(first)s to %(last)s, the first at %(time)s (%(zone)s)") % {
        "first": date_format(starts, "DATE_FORMAT"),
        "last": date_format(ends, "DATE_FORMAT"),
        "time": date_format(starts, "TIME_FORMAT"),
        "zone": zone_words(starts),
    }


def meeting_words(row: Meeting) -> str:
    zone = ZoneInfo(row.zone)
    starts, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    return _("%(from)s to %(to)s (%(zone)s)") % {
        "from": date_format(starts, "TIME_FORMAT"),
        "to": date_format(ends, "TIME_FORMAT"),
        "zone": zone_words(starts),
    }


def zone_words(there: datetime) -> str:
    """A zone as people in it call it on that day (CST, CDT), else by the name of its largest city."""
    short = there.tzname() or ""
    if short.isalpha():
        return short
    return str(getattr(there.tzinfo, "key", short)).rpartition("/")[2].replace("_", " ")


def length(minutes: int) -> str:
    """Hours as they are counted here: `2.5 hours`."""
    hours = minutes / 60
    shown = f"{hours:.2f}".rstrip("0").rstrip(".")
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if minutes == 60 else 2) % {"hours": shown}


def price_words(row: Training) -> str:
    """What a seat costs, to everybody who reads the page."""
    if not row.cents_member and not row.cents_other:
        return _("It costs nothing.")
    if row.cents_member == row.cents_other:
        return dollars(row.cents_other)
    member = dollars(row.cents_member) if row.cents_member else _("nothing")
    other = dollars(row.cents_other) if row.cents_other else _("nothing")
    return _("%(member)s for members, %(other)s for others") % {"member": member, "other": other}


def own_price(row: Training, person: UUID | None) -> str:
    """What a seat costs this reader, where not everybody pays the same; empty where they do. None: who is not known as a
    member."""
    if row.cents_member == row.cents_other:
        return ""
    is_member = person is not None and person in house.members([person], clock.today(row.zone))
    cents = price(row.cents_member, row.cents_other, is_member=is_member)
    if is_member:
        return _("You are a member: yours costs %(sum)s.") % {"sum": dollars(cents)} if cents else _("Yours is free.")
    return _("Yours costs %(sum)s.") % {"sum": dollars(cents)} if cents else _("Yours is free.")


def take_words(row: Training, person: UUID | None, *, is_offered: bool = False) -> str:
    """The button that takes a seat, with the sum that it commits to."""
    is_member = person is not None and person in house.members([person], clock.today(row.zone))
    cents = price(row.cents_member, row.cents_other, is_member=is_member)
    if not cents:
        return _("Take this seat") if is_offered else _("Take a seat")
    words = _("Take this seat for %(sum)s") if is_offered else _("Take a seat for %(sum)s")
    return words % {"sum": dollars(cents)}


def yes_words(row: Training, person: UUID | None) -> str:
    """The same on the page of a link, where somebody says yes to what they asked for."""
    is_member = person is not None and person in house.members([person], clock.today(row.zone))
    cents = price(row.cents_member, row.cents_other, is_member=is_member)
    return (
        _("Yes, I take this seat for %(sum)s") % {"sum": dollars(cents)} if cents else _("Yes, I would like this seat")
    )


def seats_words(there: Seats, row: Training) -> str:
    """Whether there is a seat, to everybody who reads the page."""
    if row.called_off_at is not None:
        return _("It will not take place.")
    if row.starts_at is not None and row.starts_at <= clock.now():
        return _("It has begun.")
    if not row.is_open:
        return _("Registration is closed.")
    if there.free is None:
        return _("There are seats.")
    if not there.free:
        return _("Every seat is taken. You can wait for one.")
    return ngettext("%(free)s seat is left.", "%(free)s seats are left.", there.free) % {"free": there.free}
