"""The holding map of a family: its panel, and the page on which the family changes it together with its worker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.access.door import Asked, door
from inmind.access.roles import ROLES
from inmind.families import actions, queries
from inmind.families.models import Dyad, Episode, MapWish
from inmind.families.views import episode_of, way_back
from inmind.foundation import clock
from inmind.foundation.components import Held, HoldingMap
from inmind.foundation.errors import BadInput
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.foundation.models import asked_again
from inmind.foundation.registries import house
from inmind.people.models import Organization, Person, Relationship

HOLDERS = 3  # the ring of those who hold the professionals


def panel(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """The holding map as the family wants it: those who care, those who serve, those who hold the professionals."""
    may_change = bool(policy.can(request.actor, "families.change_map", episode))
    urls = {
        "print_url": way_back(episode, "family_map_print"),
        "change_url": way_back(episode, "family_map") if may_change else "",
    }
    return {**picture(request.actor, dyad, episode, on), **urls, "aside": True}


def picture(actor: Actor, dyad: Dyad, episode: Episode, on: date, *, child_only: bool = False) -> dict[str, Any]:
    """What parts/holding_map.html draws. A gap is only a service that was asked for and has not come.

    child_only: no service of an adult, for it is not another adult's to read (`protect.md` 4).
    """
    name = center(dyad)
    people = drawn(everyone(episode, on), queries.map_wishes(episode))
    services = tuple(one for room in house.on_map for one in room(actor, episode, on, child_only))
    return {
        "map": HoldingMap(center=name, people=tuple(people), services=services, network=network(episode)),
        "says": _("%(count)s people around %(name)s") % {"count": len(people), "name": name},
        "title": _("Who holds %(name)s") % {"name": name},
    }


@door("families.see")
def printed(request: Asked, dyad: UUID) -> HttpResponse:
    """The map alone, with its list, for the family to take along: any adult of it may read what stands there."""
    episode = episode_of(request, "families.see", dyad)
    today = clock.today(settings.INSTALLATION.zone)
    shown = picture(request.actor, episode.dyad, episode, today, child_only=True)
    beside = house.drawn("sheet", request, dyad=episode.dyad, episode=episode, on=today)
    context = {"dyad": episode.dyad, "back": way_back(episode), "panels": beside, **shown}
    return render(request, "families/map_print.html", context)


def center(dyad: Dyad) -> str:
    return dyad.child.given_name or _("baby")


def network(episode: Episode) -> str:
    """The outermost ring in words: the agency, and the network in which it stands."""
    return " · ".join(dict.fromkeys((episode.organization.name, *_network())))


@asked_again
def _network() -> QuerySet:
    rows = Organization.objects.filter(kind=Organization.Kind.NETWORK)
    return rows.order_by("created_at").values_list("name", flat=True)[:1]


def everyone(episode: Episode, on: date) -> list[Held]:
    """All who are there, whatever the family wishes for its map; each under the id of the person."""
    adults = [
        Held(str(one.person.pk), one.person.given_name, _(one.part) if one.part else "", 1)
        for one in queries.adults(episode, on)
    ]
    team = list(queries.team(episode, on))
    firsts = tuple(one.key for one in adults[:1])
    serving = [
        Held(str(row.worker_id), row.worker.given_name, _(ROLES[row.role].name) if row.role in ROLES else "", 2, firsts)
        for row in team
    ]
    held_here = {one.key for one in serving}
    holders = [
        one
        for one in _holders(queries.who_holds(workers=[row.worker_id for row in team], on=on))
        if one.key not in held_here
    ]
    return [*adults, *serving, *holders]


def drawn(people: Iterable[Held], wishes: dict[UUID, MapWish]) -> list[Held]:
    """The same people as the family wants them: some under another name, some not at all. Nobody serves less by it.

    Who holds a professional is said by the names on the map, and stands there for those whom the map shows.
    """
    by_key = {str(person): wish for person, wish in wishes.items()}
    shown: dict[str, Held] = {}
    for one in sorted(people, key=lambda one: one.ring):
        wish = by_key.get(one.key)
        if wish is not None and wish.left_out:
            continue
        named = replace(one, name=wish.called) if wish and wish.called else one
        if one.ring == HOLDERS:
            held = tuple(key for key in one.holds if key in shown)
            if not held:
                continue
            named = replace(named, holds=held, part=_holds([shown[key].name for key in held]))
        shown[one.key] = named
    return list(shown.values())


def _holds(names: list[str]) -> str:
    return _("holds %(name)s") % {"name": ", ".join(names)}


def _holders(edges: Iterable[Relationship]) -> list[Held]:
    """Each holder once, with everyone of the team she holds."""
    held: dict[Person, list[Person]] = {}
    for edge in edges:
        if edge.to_person is not None:
            held.setdefault(edge.from_person, []).append(edge.to_person)
    return [
        Held(
            str(holder.pk),
            holder.given_name,
            _holds([person.given_name for person in people]),
            HOLDERS,
            tuple(str(person.pk) for person in people),
        )
        for holder, people in held.items()
    ]


class MapForm(HouseForm):
    """For each person around the child: how the family calls her on its map, and whether she stands there."""

    def __init__(self, people: list[Held], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for one in people:
            self.fields[f"called_{one.key}"] = forms.CharField(
                label=_("On the map, %(name)s (%(part)s) is called") % {"name": one.name, "part": one.part}
                if one.part
                else _("On the map, %(name)s is called") % {"name": one.name},
                max_length=40,
                required=False,
            )
            self.fields[f"left_out_{one.key}"] = forms.BooleanField(
                label=_("Leave %(name)s out of our map") % {"name": one.name}, required=False
            )

    def wishes(self) -> dict[str, tuple[str, bool]]:
        """What was said of each person; her own name is no other name."""
        said = self.cleaned_data
        return {
            one.key: (
                "" if said[f"called_{one.key}"] == one.name else said[f"called_{one.key}"],
                said[f"left_out_{one.key}"],
            )
            for one in self.people
        }


def form_of(episode: Episode, people: list[Held], said: Any) -> MapForm:
    """The form for some of those who are there, as the family wants them now."""
    wishes = queries.map_wishes(episode)
    first: dict[str, Any] = {"key": fresh_key()}
    for one in people:
        wish = wishes.get(UUID(one.key))
        first[f"called_{one.key}"] = (wish.called if wish else "") or one.name
        first[f"left_out_{one.key}"] = bool(wish and wish.left_out)
    return MapForm(people, said, initial=first)


@door("families.change_map")
def change(request: Asked, dyad: UUID) -> HttpResponse:
    """Change the map with the family: rename, leave out, bring back."""
    episode = episode_of(request, "families.change_map", dyad)
    people = everyone(episode, clock.today(settings.INSTALLATION.zone))
    form = form_of(episode, people, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_map(request.actor, key=form.cleaned_data["key"], episode=episode, wishes=form.wishes())
        except BadInput as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The map is drawn as the family wants it."))
            return redirect(way_back(episode))
    status = 400 if form.errors else 200
    context = {"form": form, "dyad": episode.dyad, "back": way_back(episode)}
    return render(request, "families/map.html", context, status=status)
