"""What is left of formulations when somebody is erased: the child, an adult who was rated, whoever signed.

What is said beforehand is the same for everybody: who reads it is not on the care team, and learns from no line whether there
was a formulation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.access.models import LegalHold
from inmind.access.privacy import UNSETTLED
from inmind.diagnosis import queries, writing
from inmind.diagnosis.models import (
    Assessment,
    ChosenCode,
    DraftEnvironment,
    DraftRelationship,
    Formulation,
    Given,
    SignedEnvironment,
    SignedRelationship,
)
from inmind.families.models import Episode
from inmind.foundation.registries import Forgetting
from inmind.foundation.values import N_
from inmind.people.models import Organization, Person


def _goes(person: Person) -> Iterator[str]:
    yield _(
        "What was understood of this person as a child, and how relationships with this person were rated, in drafts and in "
        "signed versions; if there was anything."
    )


def _stays(person: Person) -> Iterator[str]:
    yield _("Of a formulation, if there was one: its days, its number, and who signed it with which credentials.")
    yield _(
        "What was written of a child, and of a place where several adults care for it, if there was anything; also where "
        "its words speak of this person."
    )


def _stops(person: Person, organization: Organization) -> Iterator[str]:
    """A rating is of the record of the child, too: a hold on that keeps it, also where the adult has left the family."""
    children = {
        *SignedRelationship.objects.filter(caregiver=person).values_list(
            "formulation__episode__dyad__child", flat=True
        ),
        *DraftRelationship.objects.filter(caregiver=person).values_list("assessment__episode__dyad__child", flat=True),
    }
    held = _held(children - {person.pk})
    if held.filter(organization=organization).exists():
        yield N_("There is a legal hold on the records of a child of this family.")
    if held.exclude(organization=organization).exists():
        yield UNSETTLED


def _held(children: set[UUID]) -> QuerySet[LegalHold]:
    return LegalHold.objects.filter(person__in=children, lifted_at__isnull=True)


def _erase(act: Act, person: Person) -> None:
    """Sealed words go with the key of the child or of the adult. What stands open, and what was sealed for an adult but
    speaks of the child, is blanked here."""
    for given in Given.objects.filter(caregiver=person):
        given.caregiver, given.parent = None, ""
        given.save()
    _places_of(person)
    theirs = Formulation.objects.filter(episode__dyad__child=person)
    Given.objects.filter(formulation__in=theirs).delete()
    ChosenCode.objects.filter(formulation__in=theirs).delete()
    for row in theirs:
        row.mark = ""
        row.save()
    for rated in SignedRelationship.objects.filter(formulation__in=theirs):
        rated.content, rated.mark = None, ""
        rated.save()
    for place in SignedEnvironment.objects.filter(formulation__in=theirs):
        place.mark = ""
        place.save()
    for draft in DraftRelationship.objects.filter(assessment__episode__dyad__child=person):
        draft.content = None
        draft.save()
    for assessment in Assessment.objects.filter(episode__dyad__child=person):
        assessment.payer = ""
        assessment.save()


def _places_of(person: Person) -> None:
    """A caregiving environment in which nobody else cares for the child goes with this adult."""
    stays = person
    while stays.merged_into is not None:
        stays = stays.merged_into
    there = Episode.objects.filter(participations__person=stays)
    signed = SignedEnvironment.objects.filter(formulation__episode__in=there)
    drafts = DraftEnvironment.objects.filter(assessment__episode__in=there)
    rows: list[Any] = [*signed, *drafts]
    for row in rows:
        if _alone_in(row.content) == {stays.pk}:
            row.content = None
            row.save()


def _alone_in(content: str | None) -> frozenset[UUID]:
    try:
        return writing.environment(queries.as_now(content)).caregivers
    except writing.Damaged:
        return frozenset()


def _came_in(person: Person) -> bool:
    return Given.objects.filter(Q(caregiver=person) | Q(formulation__episode__dyad__child=person)).exists()


FORMULATIONS = Forgetting(
    "diagnosis",
    frozenset(
        f"diagnosis.{name}"
        for name in (
            *("Assessment", "AssessedVisit", "DraftPart", "DraftRelationship", "DraftEnvironment"),
            *("Formulation", "Given", "SignedRelationship", "SignedEnvironment", "ChosenCode", "FamilySummary"),
            "DeclinedCosign",
        )
    ),
    goes=_goes,
    stays=_stays,
    stops=_stops,
    erase=_erase,
    came_in=_came_in,
)
