"""Who reads for an agency, now or next."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext

from inmind.access.models import RoleAssignment
from inmind.families import rota
from inmind.families.models import Rota, RotaSpeaker, RotaTurn
from inmind.families.queries.serving import holding_role
from inmind.foundation import clock
from inmind.foundation.models import asked_again
from inmind.people.models import Organization, Person


def rota_of(organization: Organization) -> Rota | None:
    """What an agency last said about its hours and turns."""
    return next(iter(_last_rota(organization=organization.pk)), None)


@asked_again
def _last_rota(*, organization: UUID) -> models.QuerySet:
    return Rota.objects.filter(organization=organization, until__isnull=True).order_by("pk")[:1]


def plan_of(organization: Organization, *, speaks: bool = True) -> rota.Rota:
    """An agency's turns as they were said, and who speaks what, where that is asked; empty where nothing was said yet."""
    turns = (rota.Turn(*row) for row in _turns(organization=organization.pk))
    languages = _speakers(organization=organization.pk) if speaks else ()
    return rota.Rota(organization.zone, tuple(turns), frozenset(languages))


@asked_again
def _turns(*, organization: UUID) -> models.QuerySet:
    rows = RotaTurn.objects.filter(rota__organization=organization, rota__until__isnull=True).order_by("place")
    return rows.values_list("start", "end", "weekday", "day", "person", "backup")


@asked_again
def _speakers(*, organization: UUID) -> models.QuerySet:
    rows = RotaSpeaker.objects.filter(rota__organization=organization, rota__until__isnull=True)
    return rows.values_list("person", "language")


def plan_that_holds(organization: Organization, *, speaks: bool = True) -> rota.Rota:
    """The same with those alone who are clinicians there today: who has left answers no more."""
    plan = plan_of(organization, speaks=speaks)
    named = {one for turn in plan.turns for one in (turn.person, turn.backup) if one is not None}
    on = clock.today(settings.INSTALLATION.zone)
    return plan.only(set(_clinicians(organization=organization.pk, among=list(named), on=on)))


@asked_again
def _clinicians(*, organization: UUID, among: list[UUID], on: date) -> models.QuerySet:
    held = RoleAssignment.today(on).filter(organization=organization, role="clinician", account__is_active=True)
    return held.filter(account__person__in=among).values_list("account__person", flat=True)


def reading(organization: Organization, language: str = "") -> rota.Reading:
    """Who reads for an agency now, or from when on somebody does; language: the one the family likes to speak."""
    return rota.reading(plan_that_holds(organization, speaks=bool(language)), clock.now(), language)


def outside_minutes(organization: Organization) -> int:
    """How long before an answer that comes outside of an agency's hours climbs."""
    saved = rota_of(organization)
    return saved.outside_minutes if saved else Rota._meta.get_field("outside_minutes").default


def on_call(organization: Organization, language: str = "") -> Person | None:
    """Who is asked first for an agency now; None outside of its hours, and where nobody is named who can still answer."""
    now = reading(organization, language)
    return Person.objects.get(pk=now.asked[0]) if now.state is rota.State.ON_CALL else None


def can_be_answered(organization: Organization) -> bool:
    """Whether an answer that needs a person would reach one: somebody has turns, or a supervisor is there."""
    return (
        reading(organization).state is not rota.State.NEVER or holding_role(organization, "agency_supervisor").exists()
    )


def when(moment: datetime, zone: str) -> str:
    """A moment of the coming days in words: `8 a.m. on Monday, November 23`."""
    local = moment.astimezone(ZoneInfo(zone))
    words = {
        "time": date_format(local, "TIME_FORMAT"),
        "weekday": date_format(local, "l"),
        "day": date_format(local, "MONTH_DAY_FORMAT"),
    }
    return gettext("%(time)s on %(weekday)s, %(day)s") % words
