"""That screens gave something to talk about, as figures count it; which screen, and what it said, stays here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, Subquery

from inmind.families.models import Concern
from inmind.foundation.registries import Worry
from inmind.screening.adapters.catalog import catalog
from inmind.screening.models import Flag, Screen
from inmind.screening.queries import CRISIS, is_to_talk_about
from inmind.tasks.models import Task


def of_screens(episodes: Iterable[UUID], first: date, last: date) -> Iterator[Worry]:
    """A crisis answer, a positive screen, a child's result worth a closer look. Talked: when the crisis task was closed, or a
    worry with its next step was written down afterwards. What only counts what happened to somebody is none."""
    crises = Task.objects.filter(about_kind=Screen._meta.label, about_id=OuterRef("pk"), why=CRISIS)
    planned = Concern.objects.filter(episode=OuterRef("episode"), created_at__gte=OuterRef("created_at"))
    rows = (
        Screen.objects.filter(episode__in=list(episodes), on__range=(first, last), taken_back_at__isnull=True)
        .annotate(
            is_crisis=Exists(Flag.objects.filter(screen=OuterRef("pk"), is_crisis=True)),
            answered_at=Subquery(crises.order_by("-created_at").values("closed_at")[:1]),
            planned_on=Subquery(planned.order_by("on", "pk").values("on")[:1]),
        )
        .filter(Q(is_crisis=True) | ~Q(band="") | Q(is_positive=True))
        .order_by("on", "pk")
        .values_list(
            *("subject", "episode", "on", "zone", "instrument", "edition", "band", "is_positive", "is_crisis"),
            *("answered_at", "planned_on"),
        )
    )
    for subject, episode, on, zone, tool, edition, band, is_positive, is_crisis, answered_at, planned_on in rows:
        rules = catalog().of(tool, edition)
        if rules is None or not (is_crisis or is_to_talk_about(rules, band, is_positive)):
            continue
        answered = answered_at.astimezone(ZoneInfo(zone)).date() if answered_at else None
        talked = [max(day, on) for day in (answered, planned_on) if day is not None]
        yield Worry(subject, episode, on, min(talked, default=None))
