"""What a worker takes along of her families on a visit without a signal, and how visits, notes and strengths come back from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access.actors import Actor
from inmind.access.fields import open_together
from inmind.families import actions
from inmind.families.forms import VisitForm
from inmind.families.intake import PARTS
from inmind.families.models import Episode, Participation, Visit
from inmind.foundation import clock
from inmind.foundation.entries import Done, Entry
from inmind.foundation.errors import BadInput, Stale
from inmind.foundation.models import in_force
from inmind.foundation.registries import Brought, Carried, house
from inmind.foundation.values import N_
from inmind.people.models import Person, Relationship

VISITS = 3  # the latest of each family that are taken along, ours
STRENGTHS = 6  # words of each that stand first, ours


def offer() -> None:
    house.offer(
        Carried("families", 10, carried),
        *(
            Brought(
                kind,
                "families.visit",
                take,
                owner=_child,
                said=said,
                now=stands,
                changes=_visit_of,
                afresh=afresh,
                by_hand=by_hand,
            )
            for kind in ("visit", "note", "strength")
        ),
    )


# Taken along


def carried(actor: Actor, episodes: Sequence[Episode]) -> tuple[dict[str, Any], dict[UUID, dict[str, Any]]]:
    """Names, the adults who care for the child today, strengths, and the latest visits; nothing that was answered."""
    ids = [one.pk for one in episodes]
    adults = _adults(episodes)
    visits: dict[UUID, list[Visit]] = defaultdict(list)
    of_pk = {one.pk: one for one in episodes}
    latest = list(_latest(ids))
    for row in latest:
        row.episode = of_pk[row.episode_id]
    open_together(latest)
    for row in latest:
        visits[row.episode_id].append(row)
    return {}, {one.pk: _family(one, adults[one.pk], visits[one.pk]) for one in episodes}


def _latest(ids: Sequence[UUID]) -> models.QuerySet[Visit]:
    newest = models.Window(RowNumber(), partition_by="episode", order_by=[models.F("on").desc(), models.F("pk").desc()])
    rows = Visit.objects.filter(episode__in=ids).annotate(place_of=newest).filter(place_of__lte=VISITS)
    return rows.order_by("-on", "-pk")


def _adults(episodes: Sequence[Episode]) -> dict[UUID, list[dict[str, str]]]:
    on = clock.today(settings.INSTALLATION.zone)
    children = {one.dyad.child_id: one.pk for one in episodes}
    caring = Relationship.objects.filter(in_force(on), kind=Relationship.Kind.CARES_FOR, to_person__in=children)
    parts = {(pk, child): part for pk, child, part in caring.values_list("from_person", "to_person", "part")}
    child_of = {one.pk: one.dyad.child_id for one in episodes}
    rows = Participation.objects.filter(episode__in=child_of, part=Participation.Part.ADULT)
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for row in rows.select_related("person").order_by("created_at", "pk"):
        part = parts.get((row.person_id, child_of[row.episode_id]))
        if part is not None:
            words = PARTS.get(part, "")
            found[row.episode_id].append(
                {
                    "person": str(row.person_id),
                    "name": row.person.name,
                    "language": row.person.language,
                    "part": _(words) if words else "",
                }
            )
    return found


def _family(episode: Episode, adults: list[dict[str, str]], visits: list[Visit]) -> dict[str, Any]:
    child, dyad = episode.dyad.child, episode.dyad
    words = [
        {"id": f"{visit.pk}:{name}", "text": text, "of": whose, "on": visit.on.isoformat()}
        for visit in visits
        for name, whose in (("strength", "caregiver"), ("showed", "baby"))
        if (text := getattr(visit, name))
    ]
    return {
        "names": {"family": dyad.called, "side": episode.side},
        "adults": adults,
        "child": {
            "person": str(child.pk),
            "name": child.given_name or dyad.called,
            "born": dyad.birth_date.isoformat() if dyad.birth_date else None,
        },
        "strengths": words[:STRENGTHS],
        "visits": [
            {
                "id": str(visit.pk),
                "version": visit.version,
                "on": visit.on.isoformat(),
                "place": visit.place,
                "minutes": visit.minutes,
                "note": visit.note or "",
            }
            for visit in visits
        ],
    }


# Brought back

LIMIT = 2000
TEXTS = {"note": ("note",), "strength": ("strength", "showed"), "visit": ("strength", "showed", "note")}


def take(actor: Actor, entry: Entry) -> Done:
    """A visit, or what belongs to one: a new one is written down, one that is there is written anew.

    Raises Stale where something else stands in it than the device has seen.
    """
    visit = _there(entry)
    if visit is None and entry.kind == "visit":
        return _new(actor, entry)
    if visit is None:
        raise BadInput(
            N_("The visit that this belongs to is not here."),
            N_("A note and a strength are written down with a visit."),
            N_("Write the visit down, then put this into it."),
        )
    changes = _changes(entry)
    other = {name: said for name, said in changes.items() if getattr(visit, name) not in (None, "", said)}
    if other and visit.version != entry.base:
        raise Stale(visit)
    present = _people(visit.episode, entry.ids("present"))
    return _done(
        actions.change_visit(
            actor, key=str(entry.id), version=visit.version, visit=visit, changes=changes, present=present
        )
    )


def _new(actor: Actor, entry: Entry) -> Done:
    episode = Episode.objects.select_related("organization", "dyad__child").filter(pk=entry.episode).first()
    if episode is None:
        raise BadInput(N_("The family of this entry is not here."), N_("It may have been put together with another."))
    made = actions.visit(
        actor,
        key=str(entry.id),
        episode=episode,
        id=entry.id_of("id"),
        present=_people(episode, entry.ids("present")),
        **{"place": Visit.Place.HOME, **_changes(entry)},
    )
    return _done(made)


def _done(visit: Visit) -> Done:
    return Done(visit, house.pages["families.Episode"](visit.episode))


def _visit_of(entry: Entry) -> UUID | None:
    return entry.id_or_none("id" if entry.kind == "visit" else "visit")


def _there(entry: Entry) -> Visit | None:
    """The visit that an entry names, within the family that it names."""
    rows = Visit.objects.select_related("episode__organization", "episode__dyad__child")
    return rows.filter(pk=_visit_of(entry), episode=entry.episode).first()


def _changes(entry: Entry) -> dict[str, Any]:
    """What an entry says of a visit. Raises BadInput."""
    if entry.kind == "note":
        return {"note": entry.words("text", LIMIT)}
    if entry.kind == "strength":
        name = "showed" if entry.body.get("of") == "baby" else "strength"
        return {name: entry.words("text", LIMIT)}
    said: dict[str, Any] = {name: entry.words(name, LIMIT) for name in TEXTS["visit"] if entry.body.get(name)}
    if "on" in entry.body:
        said["on"] = entry.day("on")
    if "minutes" in entry.body:
        said["minutes"] = entry.whole("minutes")
    if "place" in entry.body:
        said["place"] = entry.words("place", 12)
    return said


def _people(episode: Episode, ids: Sequence[UUID]) -> tuple[Person, ...]:
    """Those of an episode who were there, each as the record stands since a merge. Raises BadInput for somebody else."""
    moved = house.forwarded(ids) if ids else {}
    wanted = {moved.get(one, one) for one in ids}
    found = Person.objects.filter(pk__in=wanted, participations__episode=episode).order_by("pk")
    if len(found) != len(wanted):
        raise BadInput(
            N_("Somebody who was there takes no part in this family."),
            N_("Those who were there are the family’s own."),
            N_("Write the visit down by hand, with whoever was there."),
            field="present",
        )
    return tuple(found)


def by_hand(entry: Entry) -> str:
    """The page of a new visit."""
    dyad = Episode.objects.filter(pk=entry.episode).values_list("dyad", flat=True).first()
    return f"{reverse('family_visit', kwargs={'dyad': dyad})}?episode={entry.episode}" if dyad else ""


def _child(entry: Entry, _earlier: Sequence[Entry]) -> UUID | None:
    return Episode.objects.filter(pk=entry.episode).values_list("dyad__child", flat=True).first()


def said(entry: Entry) -> Iterator[tuple[str, str]]:
    """What was typed, by the labels of the page on which a visit is written down."""
    body = {"note": {"note": entry.body.get("text")}, "strength": _strength(entry.body)}.get(entry.kind, entry.body)
    yield from _labelled(body)
    if isinstance(there := entry.body.get("present"), list) and there:
        names = Person.objects.filter(pk__in=entry.ids("present"), participations__episode=entry.episode)
        yield str(VisitForm.base_fields["present"].label), ", ".join(one.name for one in names.distinct())


def _strength(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"showed" if body.get("of") == "baby" else "strength": body.get("text")}


def stands(entry: Entry) -> Iterator[tuple[str, str]]:
    """What stands in the same fields now."""
    visit = _there(entry)
    if visit is not None:
        yield from _labelled({name: getattr(visit, name) for name in _changes(entry)})


def _labelled(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("on", "place", "minutes", "strength", "showed", "note"):
        if said := body.get(name):
            words = str(VisitForm.PLACES.get(said, said)) if name == "place" else str(said)
            yield str(VisitForm.base_fields[name].label), words


def afresh(entry: Entry, both: bool) -> Entry:
    """The entry over what stands in the visit now. both: with what stands before what was typed, in each of its words."""
    visit = _there(entry)
    if visit is None:
        return entry
    again = replace(entry, base=visit.version)
    if not both:
        return again
    texts = {name: getattr(visit, name) for name in TEXTS[entry.kind]}
    changes = _changes(entry)
    joined = {
        name: f"{texts[name]}\n\n{changes[name]}"
        for name in texts
        if texts[name] and changes.get(name) not in (None, texts[name])
    }
    if entry.kind == "visit":
        return replace(again, body={**entry.body, **joined})
    return replace(again, body={**entry.body, "text": next(iter(joined.values()), entry.body.get("text"))})
