"""How a family's rows follow when two records turn out to be one child or one adult."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models

from inmind.families.models import Assignment, Dyad, Episode, Participation, Visit
from inmind.foundation.errors import NotNow
from inmind.foundation.models import asked_again, in_force
from inmind.foundation.registries import Holding, house
from inmind.foundation.values import N_
from inmind.people.models import Contact, Person
from inmind.records.likeness import digits_of


def offer() -> None:
    house.offer(
        Holding("families.Dyad", "child", follow=dyad_follows, sealed=_words_of_dyad),
        Holding("families.Episode", "dyad", sealed=lambda episode: Visit.objects.filter(episode=episode)),
    )
    house.may_be_one.append(may_be_one)
    house.births.append(births)
    house.serving.append(serving)


def births(people: Iterable[UUID]) -> Mapping[UUID, date]:
    """The birth dates of children among these people."""
    return dict(_births(children=list(people)))


@asked_again
def _births(*, children: list[UUID]) -> models.QuerySet:
    return Dyad.objects.filter(child__in=children, birth_date__isnull=False).values_list("child", "birth_date")


def serving(people: Iterable[UUID]) -> Mapping[UUID, set[UUID]]:
    """The agencies that serve or have served each of these people."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Participation.objects.filter(person__in=list(people))
    for person, organization in rows.values_list("person", "episode__organization"):
        found[person].add(organization)
    return found


def _words_of_dyad(dyad: Dyad) -> Iterable[Visit]:
    return Visit.objects.filter(episode__dyad=dyad)


def dyad_follows(mover: Any, dyad: Dyad, child: Any) -> None:
    """The dyad of a child that is known by another record: its episodes become that child's.

    Where one agency serves both by an open episode of the same side, the two become one; only if the same workers are on
    both care teams, so that nobody reads more by it than before. Another side stays one, with its own team.
    """
    there = Dyad.objects.filter(child=child).first()
    if there is None:
        mover.change(dyad, "child", child)
        return
    if mover.chosen.get("birth_date") == "gone":
        mover.change(there, "birth_date", dyad.birth_date)
    for episode in dyad.episodes.select_related("organization").order_by("pk"):
        twin = there.episodes.filter(organization=episode.organization, side=episode.side, until__isnull=True).first()
        if twin is None or episode.until is not None:
            mover.change(episode, "dyad", there)
        else:
            _become_one(mover, episode, twin)
    mover.follow(dyad, there)
    mover.forward(dyad, there)


def may_be_one(act: Any, one: Person, other: Person) -> None:
    """How somebody is reached was told to one care team. Raises NotNow where two teams of one agency know her by different
    numbers and addresses, so that neither learns the other's."""
    if _ways(one.pk) == _ways(other.pk):
        return
    there, here = (
        list(
            Episode.objects.filter(in_force(act.today()), participations__person=person).select_related("organization")
        )
        for person in (one, other)
    )
    for first in there:
        for second in here:
            if first.organization_id == second.organization_id:
                _same_team(act, first, second)


def _ways(person: UUID) -> set[tuple[str, str]]:
    """How somebody is reached; a number is the same however it is typed."""
    rows = Contact.objects.filter(person=person).values_list("channel", "address")
    return {(channel, "".join(digits_of([address])) or address.casefold()) for channel, address in rows}


def _same_team(act: Any, episode: Episode, other: Episode) -> None:
    """Raises NotNow where two episodes of one agency have different care teams."""
    today = act.today()
    first, second = (
        set(Assignment.in_force(today).filter(episode=one).values_list("worker", flat=True)) for one in (episode, other)
    )
    if first != second:
        raise NotNow(
            N_("One agency serves both, and two care teams know them."),
            N_("Put together, each team would read what the other was told in confidence."),
            N_("Ask the supervisor of %(agency)s to put the same workers on both care teams first."),
            facts={"agency": episode.organization.name},
        )


def _become_one(mover: Any, episode: Episode, twin: Episode) -> None:
    today = mover.act.today()
    _same_team(mover.act, episode, twin)
    mover.follow(episode, twin)
    mover.change(episode, "until", today)
    mover.forward(episode, twin)
