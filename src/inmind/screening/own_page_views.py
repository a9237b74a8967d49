"""Somebody's own page: what was answered with the agency that asked, what is due, and the way to begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.families import queries as families
from inmind.families.ages import ages
from inmind.families.models import Episode, Participation
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, KeyReused, NotNow
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import house
from inmind.people.models import Person
from inmind.screening import actions, due_views, queries, sittings
from inmind.screening.adapters.catalog import batteries, catalog
from inmind.screening.due import child_of
from inmind.screening.forms import BeginForm, named
from inmind.screening.help_views import who_reads_now
from inmind.screening.instruments import Instrument
from inmind.screening.models import Screen
from inmind.screening.said import band_of, name_of, points_of
from inmind.screening.trend import Point, Trend


def offered(*, about_a_child: bool) -> list[Instrument]:
    """The instruments that begin by themselves, for caregivers or for children; a second stage follows its first."""
    return [one for one in _of_pages(about_a_child) if one.follows is None]


def _of_pages(about_a_child: bool) -> list[Instrument]:
    """Those that stand by themselves; the parts of a battery are begun from it."""
    known = (one for one in catalog().values() if one.is_about_a_child == about_a_child and one.fits_a_page)
    return [one for one in known if queries.battery_of(one) is None]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose page it is: an adult of the episode, or its child."""

    episode: Episode
    person: Person
    is_child: bool


def whose_page(request: Asked, verb: str, episode: UUID, person: UUID) -> Whose:
    """Somebody who takes part in the episode; one refusal for all that is not there or not yours."""
    there, _verdict = opened(request, verb, Episode, episode, related=["organization", "dyad__child"])
    row = there.participations.filter(person=person).select_related("person").first()
    if row is None:
        raise refused(request, verb, about=there)
    return Whose(there, row.person, row.part == Participation.Part.CHILD)


@door("screening.begin")
def own_page(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    """Somebody's own page: her screens with the agency that asked, for its care team alone; the child's likewise."""
    whose = whose_page(request, "screening.begin", episode, person)
    return _own_page(request, whose, _begin_form(whose, on=_day(request.GET.get("on", ""))))


@door("screening.see")
def read_page(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    """The same page, to be read: for emergency access, which begins nothing."""
    return _own_page(request, whose_page(request, "screening.see", episode, person), None)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _fits(instrument: Instrument, episode: Episode, on: date) -> bool:
    """Whether a child has the age for an instrument on a day; whether it may begin at all is the action's to say."""
    child, allowed = child_of(episode.dyad), instrument.ages
    if allowed is None or child.born is None or child.born > on:
        return True
    return (
        allowed.low <= ages(child.born, child.gestation_weeks, on, instrument.prematurity).used.months <= allowed.high
    )


def _begin_form(whose: Whose, said: Any = None, on: date | None = None) -> BeginForm:
    """What can begin: of a child's screens those for its age on the day; of what was sent every one, to be refused by name."""
    today = on or clock.today(whose.episode.organization.zone)
    instruments = offered(about_a_child=whose.is_child)
    if said is None and whose.is_child:
        instruments = [one for one in instruments if _fits(one, whose.episode, today)]
    if said is not None and said.get("follows"):
        instruments = _of_pages(whose.is_child)
    answering = families.adults(whose.episode, today) if whose.is_child else []
    return BeginForm(instruments, answering, said, initial={"key": fresh_key(), "on": today})


def _own_page(request: Asked, whose: Whose, form: BeginForm | None, status: int = 200) -> HttpResponse:
    actor, episode = request.actor, whose.episode
    screens = list(queries.of(actor, episode, whose.person))
    subjects: set[tuple[str, UUID]] = {("person", whose.person.pk), ("episode", episode.pk)}
    if whose.is_child:
        subjects.add(("dyad", episode.dyad_id))
    audit.read(actor, "screening.see", policy.can(actor, "screening.see", episode), subjects=subjects)
    rows = [
        [
            {"text": clock.day(screen.on), "url": reverse("screen", kwargs={"screen": screen.pk})},
            {"text": name_of(screen)},
            {"text": points_of(screen)},
            {"text": band_of(screen) or "—"},
        ]
        for screen in screens
    ]
    context = {
        "episode": episode,
        "back": house.pages["families.Episode"](episode),
        "person": whose.person,
        "is_child": whose.is_child,
        "form": form,
        "other_ages": _other_ages(form) if form is not None and whose.is_child else [],
        "rows": rows,
        "trends": list(_trends(_closed(screens))),
        "columns": [{"label": label} for label in (_("Day"), _("Screen"), _("Points"), _("Band"))],
        "batteries": _batteries(whose) if form is not None else [],
        "sittings": sittings.open_sittings(episode, screens) if form is not None else [],
        "nobody_on_call": not whose.is_child and not families.can_be_answered(episode.organization),
        "reads": who_reads_now(episode.organization, whose.person.language),
        "asked_now": [] if form is not None else queries.asked_now(screens),
        "due": None if whose.is_child or form is None else due_views.own_list(request, episode, whose.person),
        "panels": house.drawn(
            "own", request, episode=episode, person=whose.person, is_child=whose.is_child, may_record=form is not None
        ),
    }
    return render(request, "screening/own_page.html", context, status=status)


def _other_ages(form: BeginForm) -> list[str]:
    """The child's screens that the form leaves out: each with the ages that it is for."""
    return [named(one) for one in offered(about_a_child=True) if one.key not in form.offered]


def _closed(screens: list[Screen]) -> dict[tuple[str, str], list[Screen]]:
    """The closed screens of somebody by instrument and edition, in the order in which they stand."""
    found: dict[tuple[str, str], list[Screen]] = {}
    for screen in screens:
        if screen.state != Screen.State.OPEN and screen.taken_back_at is None:
            found.setdefault((screen.instrument, screen.edition), []).append(screen)
    return found


def _trends(
    closed: dict[tuple[str, str], list[Screen]], began: date | None = None, more: str = ""
) -> Iterator[dict[str, Any]]:
    """A picture for each instrument that was answered at least twice by the same rules; of screens that are readable here."""
    for key, rows in closed.items():
        instrument = catalog().of(*key)
        if instrument is None or len(rows) < 2 or not _is_one_scale(instrument):
            continue
        yield _trend(instrument, sorted(rows, key=lambda row: row.on), began, more)


def before_and_since(
    request: Any, *, episode: Episode, person: Person, began: date, about: UUID, **_said: Any
) -> dict[str, Any] | None:
    """Beside a service that runs (`about`): each instrument that somebody answered before it began and since, for those who may
    read her screens; for everybody else, and where there is not both, nothing, as if there had been none (`protect.md` 1)."""
    actor = request.actor
    if not policy.can(actor, "screening.see", episode):
        return None
    closed = _closed(list(queries.of(actor, episode, person)))
    both = {key for key, rows in closed.items() if min(row.on for row in rows) <= began < max(row.on for row in rows)}
    trends = list(_trends({key: rows for key, rows in closed.items() if key in both}, began, f"-{about}"))
    if not trends:
        return None
    subjects: set[tuple[str, UUID]] = {("person", person.pk), ("episode", episode.pk)}
    audit.read(actor, "screening.see", policy.can(actor, "screening.see", episode), subjects=subjects)
    return {"trends": trends}


def _batteries(whose: Whose) -> list[dict[str, str]]:
    """The way into each battery that has a form for the child today."""
    found, today = [], clock.today(whose.episode.organization.zone)
    for battery in batteries().values() if whose.is_child else ():
        now = sittings.ages_of(battery, whose.episode, today)
        form = battery.form_at(now.used.months) if now else None
        if form is not None:
            url = sittings.begin_address(battery, whose.episode.pk, whose.person.pk)
            found.append({"title": battery.name, "reason": sittings.form_said(form), "url": url})
    return found


def _is_one_scale(instrument: Instrument) -> bool:
    """Whether its results can stand on one picture: a total that means the same at every age, and may stand in a list."""
    at_every_age = instrument.has_total and not instrument.needs_age and instrument.follows is None
    return at_every_age and not instrument.takes_a_count


def _trend(instrument: Instrument, rows: list[Screen], began: date | None, more: str) -> dict[str, Any]:
    """A picture and the table behind it, oldest first. more: what tells it from the same picture elsewhere on a page."""
    first, last = clock.day(rows[0].on), clock.day(rows[-1].on)
    facts = {"count": len(rows), "name": instrument.short_name, "first": first, "last": last}
    return {
        "id": f"trend-{instrument.key}-{rows[0].pk}{more}",
        "title": _("%(name)s over time") % {"name": instrument.short_name},
        "picture": Trend(
            instrument.minimum,
            instrument.maximum,
            tuple(Point(row.on, row.lowest or 0, row.highest or 0) for row in rows),
            tuple(sorted(cutoff.value for cutoff in instrument.cutoffs if cutoff.by_default)),
            began,
        ),
        "says": _("%(count)s results of %(name)s, from %(first)s to %(last)s. The table below holds them all.") % facts,
        "first": first,
        "last": last if last != first else "",
        "columns": [{"label": _("Day")}, {"label": _("Points")}, {"label": _("Band")}],
        "rows": [
            [{"text": clock.day(row.on)}, {"text": points_of(row)}, {"text": band_of(row) or "—"}] for row in rows
        ],
    }


@door("screening.begin")
@require_POST
def begin(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    whose = whose_page(request, "screening.begin", episode, person)
    form = _begin_form(whose, request.POST)
    if form.is_valid():
        try:
            screen = actions.begin(
                request.actor,
                key=form.cleaned_data["key"],
                episode=whose.episode,
                subject=whose.person,
                instrument=catalog().named(form.cleaned_data["instrument"]),
                on=form.cleaned_data["on"],
                informant=form.answering(),
                follows=_first_stage(whose, form.cleaned_data["follows"]),
            )
        except (BadInput, NotNow, KeyReused) as refusal:
            form.take(refusal)
        else:
            return redirect("screen_enter", screen=screen.pk)
    return _own_page(request, whose, form, status=400)


def _first_stage(whose: Whose, screen: UUID | None) -> Screen | None:
    return Screen.objects.filter(pk=screen, episode=whose.episode, subject=whose.person).first() if screen else None
