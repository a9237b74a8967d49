"""What somebody learned, as other rooms and their own page read it: only attendance that stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from inmind.learning.attendance.hours import parts, share
from inmind.learning.attendance.models import Attendance
from inmind.learning.certificates.models import Certificate, Elsewhere
from inmind.learning.certificates.transcript import Line
from inmind.learning.trainings.models import DomainMinutes, Meeting, Training
from inmind.people.models import Person

TAGS = {"giving_rsc": "giving_rsc_minutes", "equity": "equity_minutes"}


@dataclass(frozen=True, slots=True)
class Learned:
    """Minutes of one meeting that somebody attended, all of them about the same tags. Of a meeting that is partly about one, there
    are several, each with its part; `id` is the attendance's own where it is whole, else made from it."""

    id: UUID
    on: date
    minutes: int
    tags: frozenset[str]
    domains: Mapping[str, int]
    title: str
    association: str
    certificate: str


def learned_by(person_ids: Iterable[UUID]) -> Mapping[UUID, tuple[Learned, ...]]:
    """What each of these people attended, the oldest first; in a few questions, however many they are."""
    people = list(person_ids)
    rows = Attendance.objects.filter(person__in=people, replaced_at__isnull=True, minutes__gt=0)
    seen = [
        _Seen(*row)
        for row in rows.order_by("meeting__starts_at", "pk").values_list(
            "pk", "person", "minutes", "meeting__on", "meeting__training"
        )
    ]
    trainings = {one.training for one in seen}
    told = {
        pk: _Told(title, association, dict(zip(TAGS, minutes, strict=True)))
        for pk, title, association, *minutes in Training.objects.filter(pk__in=trainings).values_list(
            "pk", "title", "association__name", *TAGS.values()
        )
    }
    whole: dict[UUID, int] = {}
    for training, minutes in (
        Meeting.objects.filter(training__in=trainings).order_by().values_list("training", "minutes")
    ):
        whole[training] = whole.get(training, 0) + minutes
    domains: dict[UUID, dict[str, int]] = {}
    for training, domain, minutes in DomainMinutes.objects.filter(training__in=trainings).values_list(
        "training", "domain", "minutes"
    ):
        domains.setdefault(training, {})[domain] = minutes
    held = {
        (training, person): code
        for training, person, code in Certificate.objects.filter(
            training__in=trainings, person__in=people, replaced_at__isnull=True
        ).values_list("training", "person", "code")
    }
    found: dict[UUID, list[Learned]] = {one: [] for one in people}
    for row in seen:
        key = row.training
        code = held.get((key, row.person), "")
        found[row.person] += _of(row, told[key], whole[key], domains.get(key, {}), code)
    return {person: tuple(some) for person, some in found.items()}


class _Seen(NamedTuple):
    """An attendance, as little of it as is read for many: whole rows of four tables cost ten times as much."""

    id: UUID
    person: UUID
    minutes: int
    on: date
    training: UUID


@dataclass(frozen=True, slots=True)
class _Told:
    """A training: tagged are its minutes by tag."""

    title: str
    association: str
    tagged: Mapping[str, int]


def _of(row: _Seen, training: _Told, whole: int, domains: Mapping[str, int], code: str) -> list[Learned]:
    whole = max(whole, row.minutes)
    tagged = {tag: minutes * row.minutes // whole for tag, minutes in training.tagged.items()}
    cut = parts(row.minutes, tagged, share(domains, row.minutes, whole))
    return [
        Learned(
            id=row.id if len(cut) == 1 else uuid5(row.id, ",".join(sorted(one.tags))),
            on=row.on,
            minutes=one.minutes,
            tags=one.tags,
            domains=one.domains,
            title=training.title,
            association=training.association,
            certificate=code,
        )
        for one in cut
    ]


def lines_of(person: Person, language: str) -> list[Line]:
    """The lines of somebody's transcript: each meeting here once, and what they said of elsewhere."""
    lines: dict[tuple[str, date], Line] = {}
    rows = Attendance.objects.filter(person=person, replaced_at__isnull=True, minutes__gt=0)
    titles = {
        (one.meeting.training.title, one.meeting.on): one.meeting.training.said("title", language)
        for one in rows.select_related("meeting__training")
    }
    for one in learned_by([person.pk])[person.pk]:
        key = (one.title, one.on)
        before = lines.get(key)
        domains = dict(before.domains) if before else {}
        for area, minutes in one.domains.items():
            domains[area] = domains.get(area, 0) + minutes
        lines[key] = Line(
            one.on,
            titles.get(key, one.title),
            one.association,
            one.minutes + (before.minutes if before else 0),
            domains,
            one.certificate,
        )
    elsewhere = Elsewhere.objects.filter(person=person, taken_back_at__isnull=True)
    return [
        *lines.values(),
        *(Line(one.on, one.title, one.provider, one.minutes, one.domains, said=True) for one in elsewhere),
    ]
