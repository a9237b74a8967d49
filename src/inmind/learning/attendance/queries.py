"""Who is registered, how a training counts, who attended and for how long: reads that span tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum

from inmind.foundation import clock
from inmind.learning.attendance import presence
from inmind.learning.attendance.matching import Known, Match, match
from inmind.learning.attendance.models import Attendance, CountingRule, Rest, Sighting
from inmind.learning.attendance.presence import Rule, Sitting, Span
from inmind.learning.trainings.models import Meeting, Registration, Training
from inmind.people.models import Contact, Person

BEFORE = timedelta(minutes=30)  # ours: so long before it begins the door of a meeting is open


def rule_of(training: Training) -> Rule:
    """How a training counts presence."""
    kept = CountingRule.objects.filter(training=training).first()
    return Rule(kept.step, kept.leeway) if kept else Rule()


def gives_part_of_credit(training: Training) -> bool:
    return CountingRule.objects.filter(training=training, credit_for_part=True).exists()


def sitting_of(meeting: Meeting) -> Sitting:
    """A meeting as presence is counted."""
    rests = [Span(rest.starts_at, rest.ends_at) for rest in Rest.objects.filter(meeting=meeting)]
    return presence.sitting_of(Span(meeting.starts_at, meeting.ends_at), meeting.minutes, rests)


def registered(training: Training) -> list[Person]:
    """Who has a seat, by name."""
    rows = Registration.objects.filter(training=training, state=Registration.State.REGISTERED)
    return sorted((one.person for one in rows.select_related("person")), key=lambda one: one.name.casefold())


def known(people: Sequence[Person]) -> list[Known]:
    """The same people as a log is matched with them: by their names and their addresses."""
    mails: dict[UUID, set[str]] = {}
    ways = Contact.in_use(person__in=people, channel=Contact.Channel.MAIL)
    for person, address in ways.values_list("person", "address"):
        mails.setdefault(person, set()).add(address.strip().lower())
    return [Known(one.pk, one.name, frozenset(mails.get(one.pk, ()))) for one in people]


def standing(training: Training) -> dict[tuple[UUID, UUID], Attendance]:
    """The attendance that stands, by meeting and person."""
    rows = Attendance.objects.filter(meeting__training=training, replaced_at__isnull=True)
    return {(one.meeting_id, one.person_id): one for one in rows}


def attended_by(training: Training, person: UUID) -> list[tuple[Any, int]]:
    """The days that somebody attended, with the minutes that count."""
    rows = Attendance.objects.filter(meeting__training=training, person=person, replaced_at__isnull=True, minutes__gt=0)
    return [(one.meeting.on, one.minutes) for one in rows.select_related("meeting").order_by("meeting__starts_at")]


def attendees(training: Training, after: UUID | None = None) -> list[UUID]:
    """Who attended any of a training, in a fixed order, from somebody on."""
    rows = Attendance.objects.filter(meeting__training=training, replaced_at__isnull=True, minutes__gt=0)
    if after is not None:
        rows = rows.filter(person__gt=after)
    return list(rows.order_by("person").values_list("person", flat=True).distinct())


def planned(training: Training) -> int:
    """Minutes of all meetings together."""
    return Meeting.objects.filter(training=training).aggregate(total=Sum("minutes"))["total"] or 0


def waiting(meeting: Meeting) -> list[Sighting]:
    """Whom nobody has decided yet."""
    return list(Sighting.objects.filter(meeting=meeting, state=Sighting.State.WAITS).select_related("log"))


def likely(sighting: Sighting, people: Sequence[Known]) -> Match:
    """Who it may be, by those who are registered now."""
    return match(sighting.name, sighting.mail, people)


def said_of(name: str, mail: str) -> str:
    return json.dumps({"name": name, "mail": mail})


def is_open(meeting: Meeting) -> bool:
    """Whether the door of a meeting is open: from somewhat before it begins until it ends."""
    return opens_at(meeting) <= clock.now() < meeting.ends_at


def opens_at(meeting: Meeting) -> datetime:
    return meeting.starts_at - BEFORE


def counts_by_meeting(training: Training) -> Mapping[UUID, int]:
    """How many attended each meeting."""
    found: dict[UUID, int] = {}
    for meeting, _person in standing(training):
        found[meeting] = found.get(meeting, 0) + 1
    return found


def names_of(people: Iterable[UUID]) -> dict[UUID, str]:
    return {one.pk: one.name for one in Person.objects.filter(pk__in=list(people))}


def waits_by_meeting(training: Training) -> Mapping[UUID, int]:
    """How many wait to be decided, by meeting."""
    found: dict[UUID, int] = {}
    rows = Sighting.objects.filter(meeting__training=training, state=Sighting.State.WAITS)
    for meeting in rows.order_by().values_list("meeting", flat=True):
        found[meeting] = found.get(meeting, 0) + 1
    return found


def says_rule(rule: Rule) -> presence.Why:
    return presence.rounding(rule)
