"""The list and search of families, and the dyad page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inmind.access import audit, policy
from inmind.access.actors import Actor
from inmind.access.door import Asked, door, opened, refused
from inmind.access.queries import told_apart, workers_named
from inmind.families import queries
from inmind.families.models import Dyad, Episode
from inmind.foundation import clock
from inmind.foundation.forms import PlainForm, choice_field
from inmind.foundation.registries import house
from inmind.foundation.values import Age
from inmind.people.models import Person
from inmind.workspace import queries as lists

ON_A_PAGE = 25


class Search(PlainForm):
    """A name, or its beginning. Sent by POST, so that no name stands in an address."""

    words = forms.CharField(
        label=gettext_lazy("Find a child or an adult by name"),
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )


class Parted(PlainForm):
    """By whom the list is parted: one worker's families, those without a worker, those where an answer waits.

    by_team: whether its reader arranges care teams; by_need: whether she takes and reads the screens
    of some caregivers (emergency access alone is not that).
    """

    team = forms.ChoiceField(label=gettext_lazy("Care team"), required=False)
    waiting = forms.BooleanField(label=gettext_lazy("An answer needs a person, in a family you serve"), required=False)

    def __init__(self, said: Any, workers: list[Person], *, by_team: bool, by_need: bool) -> None:
        super().__init__(said)
        everyone = [("", gettext_lazy("everyone")), (lists.NOBODY, gettext_lazy("no worker yet"))]
        choice_field(self, "team").choices = [*everyone, *workers_named(workers)]
        for name, offered in (("team", by_team), ("waiting", by_need)):
            if not offered:
                del self.fields[name]

    def chosen(self, name: str) -> Any:
        return self.cleaned_data.get(name) if self.is_valid() else None


@door("families.find")
def families(request: Asked) -> HttpResponse:
    """The families this reader may find, and a search among them; what it shows is audited."""
    form = Search(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _found(request, form)
    return _listed(request, form)


def _found(request: Asked, form: Search) -> HttpResponse:
    actor = request.actor
    hits = queries.find(actor, form.cleaned_data["words"])
    shown = {("person", hit.person.pk) for hit in hits} | {("dyad", hit.dyad.pk) for hit in hits}
    audit.read(actor, "families.find", policy.can(actor, "families.find"), subjects=shown)
    return render(request, "workspace/families.html", {"form": form, "found": hits, **_may(actor)})


def _listed(request: Asked, form: Search) -> HttpResponse:
    """A page of the list. Who may open no family of it (the privacy officer) is shown whose it is, and the way to who looked."""
    actor, may = request.actor, _may(request.actor)
    agencies = lists.arranges(actor)
    by_need = bool(policy.can(actor, "screening.begin"))
    parted = Parted(request.GET, lists.workers(agencies), by_team=bool(agencies), by_need=by_need)
    episodes = lists.found_by(actor)
    if team := parted.chosen("team"):
        nobody = team == lists.NOBODY
        episodes = lists.served_by_nobody(episodes) if nobody else lists.served_by(episodes, UUID(team))
    if parted.chosen("waiting"):
        there = lists.waiting(actor)
        episodes = episodes.filter(pk__in=[one.episode for one in there])
        for one in there:
            audit.read(actor, one.known.verb, one.known.verdict, subjects={("person", one.known.task.subject_id)})
    page = Paginator(lists.with_people(episodes) if may["may_see"] else episodes, ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    shown = {("dyad", one.dyad_id) for one in page} | {("person", one.dyad.child_id) for one in page}
    if may["may_see"]:
        shown |= {("person", adult.person_id) for one in page for adult in one.grown}
    if shown:
        audit.read(actor, "families.find", policy.can(actor, "families.find"), subjects=shown)
    told = None if may["may_see"] else told_apart(actor, [one.dyad.child for one in page], "families.find")
    is_parted = any(parted.chosen(name) for name in parted.fields)
    context = {
        "form": form,
        "parted": parted if parted.fields else None,
        "is_parted": is_parted,
        "is_empty": not is_parted and not page.paginator.count,
        "page": page,
        "rows": [_row(one, told) for one in page],
        "columns": [{"label": label} for label in (_columns() if may["may_see"] else (_("Child"), _("Served since")))],
        "agencies": agencies,
        **may,
    }
    return render(request, "workspace/families.html", context)


def _may(actor: Actor) -> dict[str, bool]:
    """may_see: open a family's page; else the way leads to who looked."""
    return {
        "may_register": bool(policy.can(actor, "families.register")),
        "may_see": bool(policy.can(actor, "families.see")),
        "may_reopen": bool(policy.can(actor, "families.reopen")),
    }


def _columns() -> tuple[str, ...]:
    return (_("Child"), _("Adults"), _("Care team"), _("Last visit"), _("Served since"))


def _url(episode: Episode, may_see: bool) -> str:
    page = reverse("dyad" if may_see else "family_looked", args=[episode.dyad_id])
    return f"{page}?episode={episode.pk}"


def _row(episode: Episode, told: dict[UUID, str] | None) -> list[Any]:
    """One family in a list. Never whether a caregiver was screened (`protect.md` 1). told: what tells the children apart,
    for who may open none of these families."""
    today = clock.today(episode.organization.zone)
    since = {"text": _day(episode.since, today)}
    name = {"text": episode.dyad.called, "url": _url(episode, told is None)}
    if told is not None:
        return [name | {"note": told[episode.dyad.child_id]}, since]
    name["note"] = _lines(queries.age(episode.dyad, today), episode.dyad)
    team = ", ".join(one.worker.name for one in episode.team)  # type: ignore[attr-defined]
    visit = episode.last_visit  # type: ignore[attr-defined]
    return [
        name,
        {"text": ", ".join(one.person.name for one in episode.grown) or "—"},  # type: ignore[attr-defined]
        {"text": team} if team else {"text": _("no worker yet"), "chip": True},
        {"text": _day(visit, today) if visit else _("none yet")},
        since,
    ]


@door("families.see", about=Dyad)
def dyad(request: Asked, dyad: UUID) -> HttpResponse:
    """A child and those around it. A caregiver's screens are never here: they stand on her own page."""
    family, _verdict = opened(request, "families.see", Dyad, dyad, related=["child"])
    actor = request.actor
    episode = queries.open_episode(actor, family, chosen=request.GET.get("episode", ""))
    if episode is None:  # it ended while the page was being made
        raise refused(request, "families.see", about=family)
    on = clock.today(settings.INSTALLATION.zone)  # edges hold by the house's own day, an age by the agency's local one
    adults = queries.adults(episode, on)
    chips = [
        {"strong": adult.person.given_name, "text": f", {_(adult.part)}" if adult.part else ""} for adult in adults
    ]
    panels = house.drawn("dyad", request, dyad=family, episode=episode, on=on)
    since = clock.day(episode.since)
    chips.append({"text": _("With %(agency)s since %(day)s") % {"agency": episode.organization.name, "day": since}})
    return render(
        request,
        "workspace/dyad.html",
        {
            "dyad": family,
            "episode": episode,
            "name": family.child.given_name or family.called,
            "subtitle": " · ".join(_facts(family, clock.today(episode.organization.zone), panels)),
            "chips": chips,
            "ways": list(_ways(actor, episode, panels)),
            "panels": panels,
            "may": {
                "join_team": bool(policy.can(actor, "families.join_team", episode)),
                "look": bool(policy.can(actor, "access.see_lookers", family)),
                "sibling": bool(policy.can(actor, "families.see_adult", episode))
                and bool(policy.can(actor, "families.register", episode.organization)),
            },
        },
    )


def _ways(actor: Actor, episode: Episode, panels: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    """What is done most on a family's page, to stand at its head: a visit, what its panels bring, another adult."""

    def own(verb: str, page: str, label: str) -> list[dict[str, str]]:
        url = f"{reverse(page, args=[episode.dyad_id])}?episode={episode.pk}"
        return [{"label": label, "url": url}] if policy.can(actor, verb, episode) else []

    yield from own("families.visit", "family_visit", _("Write down a visit"))
    yield from (panel["head_way"] for panel in panels if "head_way" in panel)
    yield from own("families.add_adult", "family_add_adult", _("Add an adult"))


def _day(on: date, today: date) -> str:
    """A day as short as it can be said: without its year, where that is this one."""
    return date_format(on, "MONTH_DAY_FORMAT") if on.year == today.year else clock.day(on)


def _facts(family: Dyad, today: date, panels: list[dict[str, Any]]) -> Iterator[str]:
    """What stands beside the name: the age, what panels add to it and, where somebody has said it, the weeks at birth."""
    yield _lines(queries.age(family, today), family)
    yield from (panel["head_fact"] for panel in panels if "head_fact" in panel)
    if family.birth_date is not None and family.gestation_weeks is not None:
        yield _("born at %(weeks)s weeks") % {"weeks": family.gestation_weeks}


def _lines(age: Age | None, family: Dyad) -> str:
    if age is None:
        return _("expected on %(day)s") % {"day": clock.day(family.due_date)} if family.due_date else ""
    if age.months == 0:
        return ngettext("%(days)s day old", "%(days)s days old", age.days) % {"days": age.days}
    if age.months < 36:
        return ngettext("%(months)s month old", "%(months)s months old", age.months) % {"months": age.months}
    return ngettext("%(years)s year old", "%(years)s years old", age.years) % {"years": age.years}
