"""What diagnosis holds about a person, as that person may read it.

That something was understood of a child, and signed, is told to its adults by everybody who prints what is held, and on
their own page. How a relationship was rated is read by nobody but the adult whom it rates, on paper from a clinician of the
care team, who can talk it through: not on a phone that may be taken from a hand (decision 24), and not by the other parent.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.diagnosis import queries, writing
from inmind.diagnosis.models import Formulation, SignedRelationship
from inmind.diagnosis.told_outside import relationship_said
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.registries import Told, house
from inmind.foundation.values import N_, FieldClass, Verdict
from inmind.people.models import Person

RATINGS = "diagnosis.see_relationships"


def offer() -> None:
    house.offer(
        Told(
            "formulations",
            46,
            N_("What was understood of the child"),
            understood,
            always=N_("What a formulation says: a clinician of the care team goes through it with you and prints it."),
        ),
        Told(
            "relationships",
            47,
            N_("How the relationship between you and the child was rated"),
            rated,
            N_(
                "How the relationship between you and a child was rated, if it was: a clinician of the care team prints it "
                "and talks it through with you."
            ),
        ),
    )


def understood(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]] | None:
    """That there are signed versions: of the child, or of the child for whom an adult cares; of who cares for it no more, those
    up to the day on which that ended."""
    mine = Episode.objects.filter(participations__person=person).select_related("organization")
    verb = "families.own_page" if actor.kind == "link" else "records.see_held"
    there = [one.pk for one in mine.order_by("since", "pk") if policy.can(actor, verb, one)]
    rows = Formulation.objects.filter(episode__in=there).select_related(
        "episode__organization", "episode__dyad", "signed_by"
    )
    return [
        {
            _("Version"): str(row.number),
            _("Signed"): f"{clock.local(row.signed_at, row.episode.organization.zone)}, {row.signed_by.name}",
        }
        for row in rows.order_by("episode", "number")
        if _is_theirs(row, person)
    ]


def _is_theirs(row: Formulation, person: Person) -> bool:
    """Whether a version was signed while somebody cared for the child, or cares again; a child's own always is."""
    cares = queries.caregivers(row.episode, queries.today_of(row.episode)).get(person.pk)
    if cares is None or cares.left is None:
        return True
    return row.signed_at.astimezone(ZoneInfo(row.episode.organization.zone)).date() <= cares.left


def rated(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]] | None:
    """How the relationship with this adult was rated, for who may read that."""
    if FieldClass.CLINICAL not in verdict.classes or not policy.can(actor, RATINGS):
        return None
    mine = SignedRelationship.objects.filter(Q(caregiver=person) | Q(caregiver__merged_into=person))
    rows = policy.visible(actor, mine, RATINGS).select_related("formulation__episode__organization")
    told = [(row, _how(row)) for row in rows.order_by("formulation__number", "pk")]
    return [
        {
            _("Signed"): clock.local(row.formulation.signed_at, row.formulation.episode.organization.zone),
            _("How it was rated"): how,
        }
        for row, how in told
        if how is not None
    ]


def _how(row: SignedRelationship) -> str | None:
    """None where nothing is left of it."""
    if not queries.is_as_signed(row.formulation):
        return _("It is left out, because this version is not as it was signed.")
    if row.content is None:
        return None
    return "; ".join(relationship_said(writing.relationship(row.content, row.caregiver_id)))
