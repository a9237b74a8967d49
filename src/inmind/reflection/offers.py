"""What reflection offers: who reaches agreements and sessions, what waits on Today, letters, and what is left of somebody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q

from inmind.access import policy
from inmind.access.actors import Standing, machine
from inmind.access.models import OfficeLink
from inmind.access.profession_words import THEIRS_ALONE
from inmind.foundation.events import EndorsementWritten, LetterUndelivered
from inmind.foundation.registries import NavItem, Panel, Path, Reach, Told, house
from inmind.foundation.values import N_
from inmind.jobs.models import Job
from inmind.reflection import actions, queries, views
from inmind.reflection.erasing import PROFESSION
from inmind.reflection.held_queries import held
from inmind.reflection.models import Agreement, Reminder, Seat, Session

LETTERS = "reflection.letters"
EACH = 86_400  # seconds


def offer() -> None:
    house.demo_parts.append(("Reflective supervisor", queries.first_giver))
    house.offer(
        Path(
            "reflected",
            "reflection.Agreement",
            holds=_is_part,
            q=_part,
            says="they give what the agreement is about, or have a place in it",
        ),
        Path(
            "met",
            "reflection.Session",
            holds=_could_be_there,
            q=_could_be,
            says="they gave the session, or had a place in its agreement on its day",
        ),
        Path(
            "gave",
            "reflection.Session",
            holds=lambda standing, row, on: standing.person is not None and row.provider_id == standing.person,
            q=lambda standing, on: Q(provider=standing.person, provider__isnull=False),
            says="they gave the session",
        ),
        Path(
            "asked_for_a_place",
            "reflection.Offering",
            holds=lambda standing, row, on: standing.person is not None and row.provider_id == standing.person,
            q=lambda standing, on: Q(provider=standing.person),
            says="they were asked for a place that they offer",
        ),
        Reach("reflection.Agreement", "reflection.Agreement"),
        Reach("reflection.Agreement", "people.Organization", prefix="association"),
        Reach("reflection.Seat", "people.Person", prefix="person"),
        Reach("reflection.Seat", "reflection.Agreement", prefix="agreement"),
        Reach("reflection.EarlierTerms", "reflection.Agreement", prefix="agreement"),
        Reach("reflection.Session", "reflection.Session"),
        Reach("reflection.Session", "reflection.Agreement", prefix="agreement"),
        Reach("reflection.Presence", "people.Person", prefix="person"),
        Reach("reflection.Presence", "reflection.Session", prefix="session"),
        Reach("reflection.Version", "reflection.Session", prefix="session"),
        Reach("reflection.VersionPerson", "reflection.Session", prefix="of__session"),
        Reach("reflection.Offering", "people.Person", prefix="provider"),
        Reach("reflection.Offering", "reflection.Offering"),
        Reach("reflection.Asking", "people.Person", prefix="person"),
        Reach("reflection.Asking", "reflection.Offering", prefix="offering"),
        Reach("reflection.Reminder", "people.Person", prefix="person"),
        NavItem(
            "reflection",
            N_("Reflection"),
            "reflection",
            84,
            shown=lambda actor: actor.person is not None and bool(policy.can(actor, "reflection.open")),
        ),
        Panel("today", "reflection", 24, "reflection/today.html", views.on_today),
        PROFESSION,
        Told(
            "reflection",
            80,
            N_("Reflective supervision and consultation"),
            held,
            THEIRS_ALONE,
            own=True,
            pages=((N_("All your hours as a sheet"), "reflection_take_out"),),
        ),
    )
    house.office_pages[actions.PURPOSE] = "hours_asked"
    house.office_stands[actions.PURPOSE] = stands
    house.listens(LetterUndelivered, "reflection.not_reached", actions.not_reached)
    house.listens(EndorsementWritten, "reflection.become_known", actions.become_known)
    house.handles(LETTERS, write_letters)
    house.every(EACH, LETTERS, LETTERS)


def _is_part(standing: Standing, row: Agreement, on: date) -> bool:
    if standing.person is None:
        return False
    seats = Seat.objects.filter(agreement=row, person=standing.person, declined_on__isnull=True)
    return row.provider_id == standing.person or seats.exists()


def _part(standing: Standing, on: date) -> Q:
    seats = Seat.objects.filter(person=standing.person, declined_on__isnull=True)
    return Q(provider=standing.person, provider__isnull=False) | Q(pk__in=seats.values("agreement"))


def _could_be_there(standing: Standing, row: Session, on: date) -> bool:
    if standing.person is None:
        return False
    return row.provider_id == standing.person or _on_its_day(standing).filter(pk=row.pk).exists()


def _could_be(standing: Standing, on: date) -> Q:
    return Q(provider=standing.person, provider__isnull=False) | Q(pk__in=_on_its_day(standing).values("pk"))


def _on_its_day(standing: Standing) -> Any:
    """The sessions of agreements in which somebody had a place on that day, whether they were there or not."""
    return Session.objects.filter(
        Q(agreement__places__until__isnull=True) | Q(agreement__places__until__gt=F("on")),
        agreement__places__person=standing.person,
        agreement__places__declined_on__isnull=True,
        agreement__places__since__lte=F("on"),
    )


def stands(link: OfficeLink) -> bool:
    """What an office's link was sent for: the month of somebody outside, or the letters of somebody who has an account."""
    there = Agreement.objects.filter(pk=link.about, declined_on__isnull=True).exclude(outside_name="")
    return there.exists() or Reminder.objects.filter(pk=link.about).exists()


def write_letters(job: Job) -> None:
    """Each stretch is an action of its own, whose key is the job's: asked again, nobody is written to twice."""
    number = 0
    while actions.remind(machine(LETTERS), key=f"job:{job.pk}:{number}") >= actions.AT_ONCE:
        number += 1
