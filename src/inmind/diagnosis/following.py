"""How assessments and formulations follow when two records turn out to be one child or one adult.

What was signed stays as it was signed. Two ratings of what is now one person both stand; two series of versions become one,
in the order in which they were signed, and two again when the records are parted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import models

from inmind.diagnosis import queries
from inmind.diagnosis.models import (
    Assessment,
    ChosenCode,
    DeclinedCosign,
    DraftEnvironment,
    DraftPart,
    DraftRelationship,
    FamilySummary,
    Formulation,
    SignedEnvironment,
    SignedRelationship,
)
from inmind.families.models import Episode
from inmind.foundation.registries import Holding, house


def offer() -> None:
    house.child_words.append(words)
    house.offer(
        Holding(
            "diagnosis.Assessment",
            "episode",
            follow=assessment_follows,
            back=assessment_goes_back,
            sealed=lambda row: _of_assessments(Assessment.objects.filter(pk=row.pk)),
        ),
        Holding(
            "diagnosis.Formulation",
            "episode",
            follow=formulation_follows,
            back=formulation_goes_back,
            sealed=lambda row: _of_formulations(Formulation.objects.filter(pk=row.pk)),
        ),
        Holding("diagnosis.DraftRelationship", "caregiver", follow=relationship_follows),
        Holding("diagnosis.SignedRelationship", "caregiver", follow=relationship_follows),
    )


def words(episodes: models.QuerySet[Episode]) -> Iterator[models.Model]:
    """Everything of this room that is sealed for the child of some episodes."""
    assessments = Assessment.objects.filter(episode__in=episodes)
    formulations = Formulation.objects.filter(episode__in=episodes)
    yield from assessments
    yield from formulations
    yield from _of_assessments(assessments)
    yield from _of_formulations(formulations)


def _of_assessments(assessments: models.QuerySet[Assessment]) -> Iterable[models.Model]:
    return [
        *DraftPart.objects.filter(assessment__in=assessments),
        *DraftEnvironment.objects.filter(assessment__in=assessments),
    ]


def _of_formulations(formulations: models.QuerySet[Formulation]) -> Iterable[models.Model]:
    return [
        *SignedEnvironment.objects.filter(formulation__in=formulations),
        *FamilySummary.objects.filter(formulation__in=formulations),
        *ChosenCode.objects.filter(formulation__in=formulations),
        *DeclinedCosign.objects.filter(formulation__in=formulations),
    ]


def assessment_follows(mover: Any, row: Assessment, to: Episode) -> None:
    """One assessment is open at a time: where one is, the other ends on this day, and what was written stays readable."""
    if row.closed_on is None and queries.open_assessment(to.pk) is not None:
        mover.change(row, "closed_on", max(mover.act.today(), row.opened_on))
    mover.change(row, "episode", to)


def assessment_goes_back(row: Assessment, carry: Callable[[Any], None], to: Episode) -> bool:
    """Where a version was signed from it since, it stays with that version."""
    if row.formulations.filter(episode=row.episode_id).exists():
        return False
    carry(to)
    return True


def formulation_follows(mover: Any, row: Formulation, to: Episode) -> None:
    """Into the place among the versions there that its day of signing has; those after it move on by one."""
    _carried(row, to, lambda: mover.change(row, "episode", to))


def formulation_goes_back(row: Formulation, carry: Callable[[Any], None], to: Episode) -> bool:
    """Into its place among the versions of the child it was signed for, whatever was signed since; those that stay close up."""
    _carried(row, to, lambda: carry(to))
    return True


def _carried(row: Formulation, to: Episode, carry: Callable[[], None]) -> None:
    """A version goes to another episode, and the versions of both are numbered anew, in the order in which they were signed.
    What was whole before is marked anew, since a mark covers number and episode; what was not whole stays so."""
    both = Formulation.objects.filter(episode__in=(row.episode_id, to.pk)).order_by("pk")
    whole = {one.pk: queries.is_as_signed(one) for one in both}
    free = max(both.values_list("number", flat=True)) + 1
    left = row.episode_id
    _numbered(row, free)
    carry()
    for episode in (to.pk, left):
        there = sorted(Formulation.objects.filter(episode=episode), key=lambda one: (one.signed_at, one.pk))
        moving = [(place, one) for place, one in enumerate(there, 1) if one.number != place or one.pk == row.pk]
        for place, one in moving:  # first out of each other's way
            _numbered(one, free + place)
        for place, one in moving:
            _numbered(one, place)
            if whole[one.pk]:
                one.mark = queries.mark_of(one, queries.pieces_of(one))
                one.save(update_fields=["mark"])
    row.refresh_from_db(fields=["number", "mark"])


def _numbered(row: Formulation, number: int) -> None:
    row.number = number
    row.save(update_fields=["number"])


def relationship_follows(mover: Any, row: DraftRelationship | SignedRelationship, to: Any) -> None:
    """Where both records were rated in one draft or one version, both ratings stand as they were written."""
    of = "assessment" if isinstance(row, DraftRelationship) else "formulation"
    same = type(row)._default_manager.filter(**{f"{of}_id": getattr(row, f"{of}_id"), "caregiver": to})
    if not same.exists():
        mover.change(row, "caregiver", to)
