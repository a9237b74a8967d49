"""Why minutes count as they do, in the reader's language and by the clock of the meeting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.learning.attendance import presence, queries
from inmind.learning.attendance.hours import in_hours
from inmind.learning.attendance.models import Attendance, Sighting
from inmind.learning.attendance.presence import Rule, Why


def why(row: Attendance) -> list[str]:
    """The sentences for somebody's minutes at one meeting."""
    if row.how == Attendance.How.HAND:
        by_hand = _("Written down by the association: %(minutes)s of %(of)s minutes.") % {
            "minutes": row.minutes,
            "of": row.of,
        }
        return [by_hand, *([row.why] if row.why else [])]
    seen = Sighting.objects.filter(meeting=row.meeting, person=row.person_id, state=Sighting.State.COUNTED)
    rows = list(seen)
    spans = [span for one in rows for span in one.spans]
    found = presence.counted(queries.sitting_of(row.meeting), spans, Rule(row.step, row.leeway))
    return [*sentences(found.why, row.meeting.zone), *_away(rows)]


def _away(rows: Iterable[Sighting]) -> list[str]:
    away = sum(one.away for one in rows)
    if not away:
        return []
    says = ngettext(
        "The log takes off %(n)s minute without saying when; it is taken from the end.",
        "The log takes off %(n)s minutes without saying when; they are taken from the end.",
        away,
    )
    return [says % {"n": away}]


def sentences(reasons: Iterable[Why], zone: str) -> list[str]:
    return [one(reason, zone) for reason in reasons]


def one(reason: Why, zone: str) -> str:
    """One sentence with its hours on the wall of the meeting."""
    facts = {
        name: date_format(fact.astimezone(ZoneInfo(zone)), "TIME_FORMAT") if isinstance(fact, datetime) else fact
        for name, fact in reason.facts.items()
    }
    return _(reason.text) % facts


def hours(minutes: int) -> str:
    """`2 hours`, `1 hour`, `2.5 hours`."""
    said = in_hours(minutes)
    return _("1 hour") if said == "1" else _("%(n)s hours") % {"n": said}


def of_hours(minutes: int, of: int) -> str:
    """`2 of 2.5 hours`."""
    return _("%(some)s of %(all)s hours") % {"some": in_hours(minutes), "all": in_hours(of)}
