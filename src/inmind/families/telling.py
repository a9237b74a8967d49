"""What families hold about a person, as that person may read it: with the agency of whoever prints it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.roles import ROLES
from inmind.families.forms import VisitForm
from inmind.families.intake import PARTS
from inmind.families.models import Assignment, Episode, Residence, Visit
from inmind.foundation import clock
from inmind.foundation.registries import Told, house
from inmind.foundation.values import N_, FieldClass, Verdict
from inmind.people.models import Person, Relationship


def offer() -> None:
    house.offer(
        Told("families", 20, N_("Children and services"), served),
        Told(
            "homes",
            25,
            N_("Where you live"),
            homes,
            N_("Your address: the care team prints it."),
            always=N_("With whom you live, and what was said and written down about calling you back."),
        ),
        Told(
            "visits",
            30,
            N_("Visits"),
            visits,
            always=N_("Visits at which you were not, and what was written down where you were not the only adult."),
        ),
        Told(
            "strengths",
            31,
            N_("What was written down at visits"),
            strengths,
            N_("What was written down at visits: the care team prints it."),
        ),
    )


def _episodes(actor: Any, person: Person) -> list[Episode]:
    """The episodes in which she takes part, of those that this reader may print from."""
    own = Episode.objects.filter(participations__person=person).select_related("dyad__child", "organization")
    return [one for one in own.order_by("since", "pk") if policy.can(actor, "records.see_held", one)]


def served(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]]:
    """Each child she cares for here (or she herself, a child), since when, and who serves them."""
    rows = []
    for episode in _episodes(actor, person):
        edge = Relationship.objects.filter(
            kind=Relationship.Kind.CARES_FOR, from_person=person, to_person=episode.dyad.child_id
        ).first()
        team = Assignment.objects.filter(episode=episode).select_related("worker").order_by("since", "pk")
        row = {_("Child"): episode.dyad.called}
        if edge is not None:
            row[_("Cares for the child as")] = _(PARTS.get(edge.part, edge.part))
        row[_("Served since")] = clock.day(episode.since)
        row[_("Care team")] = ", ".join(
            f"{one.worker.name} ({_(ROLES[one.role].name)})" for one in team if one.role in ROLES
        )
        rows.append(row)
    return rows


def homes(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]] | None:
    """The addresses at which she lives or has lived, to the end of her own days there."""
    if FieldClass.WHEREABOUTS not in verdict.classes:
        return None
    lived = Residence.objects.filter(person=person, household__episode__in=_episodes(actor, person))
    return [
        {_("Address"): one.household.address, _("Since"): clock.day(one.since)}
        | ({_("Until"): clock.day(one.until)} if one.until else {})
        for one in lived.exclude(household__address="").select_related("household").order_by("since", "pk")
    ]


def visits(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]]:
    places = VisitForm.PLACES
    return [
        {_("Day"): clock.day(one.on), _("Where"): str(places[Visit.Place(one.place)]), _("Minutes"): str(one.minutes)}
        for one in _visits(actor, person)
    ]


def strengths(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]] | None:
    if FieldClass.CLINICAL not in verdict.classes:
        return None
    return [
        {clock.day(one.on): words}
        for one in _visits(actor, person)
        if _was_the_only_adult(one, person)
        for words in (one.strength, one.note)
        if words
    ]


def _visits(actor: Any, person: Person) -> list[Visit]:
    """Those at which she was there."""
    rows = Visit.objects.filter(episode__in=_episodes(actor, person), present__person=person)
    return list(rows.select_related("episode__dyad").prefetch_related("present").order_by("on", "pk"))


def _was_the_only_adult(visit: Visit, person: Person) -> bool:
    """Whose words a visit keeps is not written down: with another adult there, they may be the other's."""
    return {one.person_id for one in visit.present.all()} - {visit.episode.dyad.child_id} == {person.pk}
