"""Reads of assessments, drafts and signed versions: opened, put together, and held to their marks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from inmind.access import vault
from inmind.access.fields import open_together
from inmind.diagnosis import signing, visits, writing
from inmind.diagnosis.formulation import Formulation as Whole
from inmind.diagnosis.formulation import Part
from inmind.diagnosis.models import (
    AssessedVisit,
    Assessment,
    DraftEnvironment,
    DraftPart,
    DraftRelationship,
    Formulation,
    PayerAllowance,
    SignedEnvironment,
    SignedRelationship,
    SigningRule,
)
from inmind.diagnosis.writing import Draft
from inmind.families import queries as families
from inmind.families.models import Episode, Visit
from inmind.foundation import clock
from inmind.foundation.models import asked_again
from inmind.foundation.registries import house
from inmind.people.models import Organization, Person

RELATED = ("episode__organization", "episode__dyad__child")


# Who cares for the child


@dataclass(frozen=True, slots=True)
class Caregiver:
    """Somebody who cares for the child, or did. left: since when no more."""

    person: Person
    part: str  # of `families.intake.PARTS`, as a word to translate
    key: str
    left: date | None


def caregivers(episode: Episode, on: date) -> dict[UUID, Caregiver]:
    """Everybody of this side who cares for the child or once did, those who care now first; each by the latest word."""
    found: dict[UUID, Caregiver] = {}
    for one in sorted(families.circle(episode, on), key=lambda each: each.until is not None):
        found.setdefault(one.person.pk, Caregiver(one.person, one.part, one.key, one.until))
    return found


# An assessment


def open_assessment(episode: UUID) -> Assessment | None:
    """Asked on each family's page."""
    return next(iter(_under_way(episode=episode)), None)


@asked_again
def _under_way(*, episode: UUID) -> QuerySet[Assessment]:
    return Assessment.objects.filter(episode=episode, closed_on=None)


def last_signed(episode: UUID) -> Formulation | None:
    return Formulation.objects.filter(episode=episode).order_by("-number").first()


def rule_of(organization: Organization) -> SigningRule:
    """What the agency asks where a formulation is signed; our defaults where it has said nothing."""
    return SigningRule.objects.filter(organization=organization).first() or SigningRule(organization=organization)


def counted(assessment: Assessment) -> list[Visit]:
    """The visits of an assessment, the first one first."""
    rows = Visit.objects.filter(pk__in=assessment.visits.values("visit"))
    return list(rows.select_related("worker").prefetch_related("present__person").order_by("on", "created_at"))


def not_counted(assessment: Assessment) -> list[Visit]:
    """The family's latest visits that are of no assessment, the latest first."""
    rows = Visit.objects.filter(episode=assessment.episode_id).exclude(pk__in=AssessedVisit.objects.values("visit"))
    return list(rows.select_related("worker").prefetch_related("present__person").order_by("-on", "-created_at")[:20])


def as_visits(rows: Iterable[Visit]) -> list[visits.Visit]:
    return [
        visits.Visit(
            row.on, row.minutes, visits.Place(row.place), frozenset(one.person_id for one in row.present.all())
        )
        for row in rows
    ]


def used(assessment: Assessment, on: date) -> visits.Used:
    """How much of the payer's allowance is used in a day's year: by all assessments of this child at this agency."""
    there = assessment.episode
    kept = PayerAllowance.objects.filter(organization=there.organization_id, payer=assessment.payer).first()
    mine = AssessedVisit.objects.filter(
        assessment__episode__dyad=there.dyad_id,
        assessment__episode__organization=there.organization_id,
        assessment__payer=assessment.payer,
    )
    rows = Visit.objects.filter(pk__in=mine.values("visit")).prefetch_related("present")
    allowance = visits.Allowance(assessment.payer, kept.sessions if kept else None, kept.source if kept else "")
    return visits.used(as_visits(rows), allowance, on)


# A draft


def parts_of(assessment: Assessment) -> dict[str, DraftPart | DraftRelationship | DraftEnvironment]:
    """The rows of a draft by their names: a part's, `with:` and a caregiver's id, `place:` and an environment's number."""
    rows: dict[str, Any] = {row.part: row for row in assessment.parts.select_related("by")}
    rows |= {f"with:{row.caregiver_id}": row for row in assessment.relationships.select_related("by", "caregiver")}
    rows |= {f"place:{row.number}": row for row in assessment.environments.select_related("by").order_by("number")}
    for row in rows.values():
        row.assessment = assessment
    return rows


AN_ID = re.compile(r'"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"')


def as_now(content: str | None) -> str | None:
    """Kept words, with the people they name as they stand since two records were put together."""
    ids = {UUID(one) for one in AN_ID.findall(content or "")}
    moved = house.forwarded(ids) if ids else {}
    for old, new in moved.items():
        content = (content or "").replace(f'"{old}"', f'"{new}"')
    return content


def draft_of(rows: dict[str, Any]) -> Draft:
    """What stands in a draft. Words of somebody who was erased are gone. Raises Damaged."""
    said = {part: as_now(row.content) if (row := rows.get(part)) else None for part in Part}
    return Draft(
        head=writing.head(said[Part.HEAD]),
        one=writing.one(said[Part.ONE]),
        three=writing.three(said[Part.THREE]),
        four=writing.four(said[Part.FOUR]),
        five=writing.five(said[Part.FIVE]),
        culture=writing.culture(said[Part.CULTURE]),
        relationships=tuple(
            writing.relationship(as_now(row.content), row.caregiver_id)
            for name, row in rows.items()
            if name.startswith("with:")
        ),
        environments=tuple(
            writing.environment(as_now(row.content)) for name, row in rows.items() if name.startswith("place:")
        ),
    )


# A signed version


def whole(row: Formulation, *, relationships: bool) -> Whole:
    """A signed version as it was signed; relationships: with Axis II. Raises Damaged."""
    with_each = list(row.relationships.order_by("created_at", "pk")) if relationships else []
    places = list(row.environments.order_by("number")) if relationships else []
    for one in places:
        one.formulation = row
    if with_each:
        open_together(with_each)
    return writing.version(
        as_now(row.content),
        [(words, one.caregiver_id) for one in with_each if (words := as_now(one.content)) is not None],
        [words for one in places if (words := as_now(one.content)) is not None],
    )


def mark_of(row: Formulation, pieces: Iterable[SignedRelationship | SignedEnvironment]) -> str:
    """The mark of all that was signed. Who signed stands in the trail; their id may follow a merge of records."""
    facts = {
        "episode": row.episode_id,
        "number": row.number,
        "edition": row.edition,
        "assessed_on": row.assessed_on,
        "content": row.content,
        "why_new": row.why_new or "",
        "signed_as": row.signed_as,
        "signed_at": row.signed_at.astimezone(UTC).isoformat(),
    }
    return vault.keyed_hash("formulation", signing.marked(facts, [one.mark for one in pieces]))


def piece_mark(content: str) -> str:
    return vault.keyed_hash("formulation", content.encode())


def is_as_signed(row: Formulation) -> bool:
    """Whether a version still says what was signed. Of somebody who was erased, only that there was something is held to it."""
    pieces: list[SignedRelationship | SignedEnvironment] = [*row.relationships.all()]
    for place in row.environments.all():
        place.formulation = row
        pieces.append(place)
    intact = all(one.content is None or piece_mark(one.content) == one.mark for one in pieces)
    return intact and mark_of(row, pieces) == row.mark


def versions(episode: UUID) -> QuerySet[Formulation]:
    return Formulation.objects.filter(episode=episode).select_related("signed_by", "cosigner").order_by("-number")


def could_cosign(organization: Organization, signer: UUID | None) -> QuerySet[Person]:
    """The clinicians of an agency, but for whoever signs."""
    found: QuerySet[Person] = families.holding_role(organization, "clinician").exclude(pk=signer)
    return found


def named(ids: Iterable[UUID]) -> dict[UUID, Person]:
    """People by the ids that a version names; one whose record is gone is left out."""
    return Person.objects.in_bulk(set(ids))


def today_of(episode: Episode) -> date:
    return clock.today(episode.organization.zone)
