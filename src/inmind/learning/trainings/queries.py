"""Reads of trainings: what is ahead, who has a seat, how many are left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from inmind.learning.trainings.models import DomainMinutes, Registration, Training
from inmind.learning.trainings.seats import HOLDS, Seats, State

HELD = Count("registrations", filter=Q(registrations__state__in=HOLDS))
WAITING = Count("registrations", filter=Q(registrations__state=State.WAITING))


@dataclass(frozen=True, slots=True)
class Ahead:
    """A training that is still to begin: what it would add, and whether there is a seat (None: nobody counts them).

    on: the day of its last meeting, when it is whole; tags: `giving_rsc`, `equity`; domains: competency area -> minutes;
    address: its page.
    """

    id: UUID
    title: str
    on: date
    minutes: int
    tags: frozenset[str]
    domains: Mapping[str, int]
    seats: int | None
    address: str
    association: str  # the name of whoever gives it


def ahead(on: date) -> tuple[Ahead, ...]:
    """The public trainings for which somebody can register on a day, the soonest first."""
    begins = datetime.combine(on, time(0), ZoneInfo(settings.INSTALLATION.zone))
    rows = list(counted(listed(begins).filter(is_open=True, starts_at__gte=begins)).select_related("association"))
    domains: dict[UUID, dict[str, int]] = defaultdict(dict)
    said = DomainMinutes.objects.filter(training__in=[row.pk for row in rows])
    for training, domain, minutes in said.values_list("training", "domain", "minutes"):
        domains[training][domain] = minutes
    return tuple(
        Ahead(
            row.pk,
            row.title,
            _last_day(row),
            row.minutes,
            tags_of(row),
            domains[row.pk],
            seats_told(row).free,
            reverse("training", kwargs={"training": row.pk}),
            row.association.name,
        )
        for row in rows
    )


def _last_day(row: Training) -> date:
    assert row.ends_at is not None, "what begins has an end"
    return row.ends_at.astimezone(ZoneInfo(row.zone)).date()


def tags_of(row: Training) -> frozenset[str]:
    """What a training is about, beside competency areas."""
    about = {"giving_rsc": row.giving_rsc_minutes, "equity": row.equity_minutes}
    return frozenset(tag for tag, minutes in about.items() if minutes)


def listed(now: datetime) -> QuerySet[Training]:
    """The public trainings that are not over, the soonest first."""
    rows = Training.objects.filter(is_public=True, called_off_at__isnull=True, ends_at__gt=now)
    return rows.order_by("starts_at", "pk")


def counted(rows: QuerySet[Training]) -> QuerySet[Training]:
    """The same, each with how many seats are held and how many people wait."""
    return rows.annotate(held=HELD, waiting=WAITING)


def seats_told(row: Training) -> Seats:
    """The seats of a training that came from `counted`."""
    return Seats(
        row.is_open,
        row.starts_at,
        row.seats,
        row.held,  # type: ignore[attr-defined]
        row.waiting,  # type: ignore[attr-defined]
        is_called_off=row.called_off_at is not None,
    )


def own_seats(rows: QuerySet[Registration], now: datetime) -> list[Registration]:
    """Somebody's seats at what is not over, the soonest first; rows: those that are theirs to see."""
    still = rows.filter(training__ends_at__gt=now - timedelta(days=1)).exclude(state=State.CANCELLED)
    return list(still.select_related("training__association").order_by("training__starts_at", "pk"))


def places_in_line(training: UUID) -> dict[UUID, int]:
    """Who waits for a seat, with their number in the line, as seats will be offered."""
    rows = Registration.objects.filter(training=training, state=State.WAITING).order_by("waits_since", "pk")
    return {person: number for number, person in enumerate(rows.values_list("person", flat=True), 1)}


def place_in_line(row: Registration) -> int:
    """The number in the line of somebody who waits."""
    before = Q(waits_since__lt=row.waits_since) | Q(waits_since=row.waits_since, pk__lt=row.pk)
    return Registration.objects.filter(before, training=row.training_id, state=State.WAITING).count() + 1


def seats_to_look_after(now: datetime, earliest: date) -> Iterable[UUID]:
    """The trainings at which an offer was not answered in time, or a held seat was not paid by its day."""
    over = Q(state=State.OFFERED, offered_until__lte=now) | Q(state=State.REGISTERED, pay_by__lt=earliest)
    return Registration.objects.filter(over).order_by("training").values_list("training", flat=True).distinct()
