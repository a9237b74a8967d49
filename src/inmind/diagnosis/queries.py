"""Reads of assessments, drafts and signed versions: opened, put together, and held to their marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from inmind.access import vault
from inmind.access.fields import open_together
from inmind.diagnosis import merged_queries, signing, visits, writing
from inmind.diagnosis.errors import NotAsSigned
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
from inmind.tasks.models import Task

RELATED = ("episode__organization", "episode__dyad__child")
Read = TypeVar("Read")


# Who cares for the child


@dataclass(frozen=True, slots=True)
class Caregiver:
    """Somebody who cares for the child, or did. left: since when no more."""

    person: Person
    part: str  # of `families.intake.PARTS`, as a word to translate
    key: str
    left: date | None


def caregivers(episode: Episode, on: date) -> dict[UUID, Caregiver]:
    """Everybody of this side who cares for the child or once did, those who care now first; each by the latest word. Nobody
    who was erased."""
    found: dict[UUID, Caregiver] = {}
    for one in sorted(families.circle(episode, on), key=lambda each: each.until is not None):
        if one.person.erased_at is not None:
            continue
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
    of_agency = PayerAllowance.objects.filter(organization=there.organization_id)
    kept = next((one for one in of_agency if _is_payer(one.payer, assessment.payer)), None)
    of_child = Assessment.objects.filter(episode__dyad=there.dyad_id, episode__organization=there.organization_id)
    mine = AssessedVisit.objects.filter(
        assessment__in=[one.pk for one in of_child if _is_payer(one.payer, assessment.payer)]
    )
    rows = Visit.objects.filter(pk__in=mine.values("visit")).prefetch_related("present")
    allowance = visits.Allowance(assessment.payer, kept.sessions if kept else None, kept.source if kept else "")
    return visits.used(as_visits(rows), allowance, on)


def _is_payer(one: str, other: str) -> bool:
    """Whether two names are one payer's: capitals and blanks make no other."""
    return one.casefold().split() == other.casefold().split()


# A draft


def parts_of(assessment: Assessment) -> dict[str, DraftPart | DraftRelationship | DraftEnvironment]:
    """The rows of a draft by their names: a part's, `with:` and a caregiver's id, `place:` and an environment's number."""
    rows: dict[str, Any] = {row.part: row for row in assessment.parts.select_related("by")}
    rated = assessment.relationships.select_related("by", "caregiver").order_by("created_at", "pk")
    rows |= {f"with:{row.caregiver_id}": row for row in rated}
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


def known(part: Read) -> Read:
    """A part of a draft, or the whole of it, without whoever was erased since it was written."""
    ids = writing.named(part)
    gone = Person.objects.filter(pk__in=ids, erased_at__isnull=False).values_list("pk", flat=True) if ids else ()
    return writing.without(part, frozenset(gone)) if gone else part


def draft_of(rows: dict[str, Any]) -> Draft:
    """What stands in a draft. Of somebody who was erased nothing does. Raises Damaged."""
    said = {part: as_now(row.content) if (row := rows.get(part)) else None for part in Part}
    draft = Draft(
        head=writing.head(said[Part.HEAD]),
        one=writing.one(said[Part.ONE]),
        three=writing.three(said[Part.THREE]),
        four=writing.four(said[Part.FOUR]),
        five=writing.five(said[Part.FIVE]),
        culture=writing.culture(said[Part.CULTURE]),
        relationships=merged_queries.counting(rows),
        environments=tuple(
            writing.environment(as_now(row.content)) for name, row in rows.items() if name.startswith("place:")
        ),
    )
    return known(draft)


# A signed version


def whole(row: Formulation, *, relationships: bool) -> Whole:
    """A signed version as it was signed; relationships: with Axis II. Raises Damaged, and NotAsSigned where sealed words were
    changed and so cannot be opened."""
    try:
        return _whole(row, relationships=relationships)
    except vault.CannotUnseal:
        raise NotAsSigned from None


def _whole(row: Formulation, *, relationships: bool) -> Whole:
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


Piece = SignedRelationship | SignedEnvironment


def is_as_signed(row: Formulation) -> bool:
    """Whether a version still says what was signed, by whom, and who signed it, too. Asked by everything that shows, prints,
    tells, counts on, co-signs or codes one. Of somebody who was erased, only that there was something is held to its mark."""
    try:
        if row.content is None:
            return not row.mark and _is_erased(row.episode.dyad.child_id)
        pieces = pieces_of(row)
        return (
            mark_of(row, pieces) == row.mark
            and all(_piece_stands(one) for one in pieces)
            and _is_now(row.signer, row.signed_by_id)
            and _second_stands(row, pieces)
            and _given_stands(row)
        )
    except (vault.CannotUnseal, writing.Damaged):
        return False


def mark_holds(row: Formulation) -> bool:
    """Whether the mark of a version alone holds, of whose words and pieces the others speak."""
    try:
        return mark_of(row, pieces_of(row)) == row.mark
    except vault.CannotUnseal:
        return False


def second_mark_holds(row: Formulation) -> bool:
    try:
        return row.cosigned_at is not None and second_mark_of(row, pieces_of(row)) == row.second_mark
    except vault.CannotUnseal:
        return False


def piece_holds(one: Piece) -> bool:
    try:
        return one.content is not None and piece_mark(one.content) == one.mark
    except vault.CannotUnseal:
        return False


def check_as_signed(row: Formulation) -> None:
    """Raises NotAsSigned."""
    if not is_as_signed(row):
        raise NotAsSigned


def check_opens(row: Formulation) -> None:
    """Raises NotAsSigned where sealed words of a version were changed, so that nothing can be shown."""
    try:
        _words = row.content, row.why_new, row.cosigner_said
    except vault.CannotUnseal:
        raise NotAsSigned from None


def last_as_signed(episode: UUID) -> Formulation | None:
    """The newest version that is as it was signed."""
    rows = Formulation.objects.filter(episode=episode).select_related(*RELATED).order_by("-number")
    return next((row for row in rows if is_as_signed(row)), None)


def pieces_of(row: Formulation) -> list[Piece]:
    """What stands by itself in a version: Axis II."""
    places = list(row.environments.all())
    for one in places:
        one.formulation = row
    return [*row.relationships.all(), *places]


def mark_of(row: Formulation, pieces: Iterable[Piece]) -> str:
    """The mark of a version in its place. Its place alone follows where two records of a child are put together."""
    facts = {"episode": row.episode_id, "number": row.number, **_what_was_signed(row)}
    return vault.keyed_hash("formulation", signing.marked(facts, [one.mark for one in pieces]))


def second_mark_of(row: Formulation, pieces: Iterable[Piece]) -> str:
    """The mark of a co-signature: over what was signed, who signed it, too, when, and what was said."""
    assert row.cosigned_at is not None
    second = {"second": row.second_signer, "second_as": row.cosigned_as, "second_at": _moment(row.cosigned_at)}
    second["said"] = row.cosigner_said or ""
    facts = {**_what_was_signed(row), **second}
    return vault.keyed_hash("second signature", signing.marked(facts, [one.mark for one in pieces]))


def piece_mark(content: str) -> str:
    return vault.keyed_hash("formulation", content.encode())


def _what_was_signed(row: Formulation) -> dict[str, object]:
    return {
        "edition": row.edition,
        "assessed_on": row.assessed_on,
        "content": row.content,
        "why_new": row.why_new or "",
        "signer": row.signer,
        "signed_as": row.signed_as,
        "signed_at": _moment(row.signed_at),
        "asks_a_second": row.cosigner_id is not None,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _piece_stands(one: Piece) -> bool:
    if one.content is None:
        if isinstance(one, SignedRelationship):
            return _is_erased(one.caregiver_id)
        # A place in which somebody cared for the child alone went with them.
        return bool(_erased(set(one.formulation.episode.participations.values_list("person", flat=True))))
    return piece_mark(one.content) == one.mark


def _second_stands(row: Formulation, pieces: Iterable[Piece]) -> bool:
    if row.cosigned_at is None:
        return not row.second_mark and row.second_signer is None
    stands = second_mark_of(row, pieces) == row.second_mark
    return stands and _is_now(row.second_signer, row.cosigner_id)


def _given_stands(row: Formulation) -> bool:
    """Whether the rows by which a version is counted and coded say what its signed words say."""
    said = writing.version(as_now(row.content)).diagnoses
    gone = _erased({one.caregiver for one in said if one.caregiver is not None})
    signed = [
        (
            one.disorder,
            one.certainty.value,
            None if one.caregiver in gone else one.caregiver,
            one.parent.value if one.parent and one.caregiver not in gone else "",
            one.kind,
        )
        for one in said
    ]
    there = row.given.values_list("disorder", "certainty", "caregiver", "parent", "kind")
    return Counter(signed) == Counter(there)


def _is_now(then: UUID | None, now: UUID | None) -> bool:
    """Whether somebody's id of another day is this one, also where two records of that person were put together since."""
    return then == now or (then is not None and house.forwarded([then]).get(then) == now)


def _erased(people: Iterable[UUID]) -> set[UUID]:
    return set(Person.objects.filter(pk__in=list(people), erased_at__isnull=False).values_list("pk", flat=True))


def _is_erased(person: UUID) -> bool:
    there = house.forwarded([person]).get(person, person)
    return bool(_erased({person, there}))


def versions(episode: UUID) -> QuerySet[Formulation]:
    return Formulation.objects.filter(episode=episode).select_related("signed_by", "cosigner").order_by("-number")


def could_cosign(organization: Organization, signer: UUID | None) -> QuerySet[Person]:
    """The clinicians of an agency, but for whoever signs."""
    found: QuerySet[Person] = families.holding_role(organization, "clinician").exclude(pk=signer)
    return found


def asked_now(row: Formulation) -> Person | None:
    """Who is asked now to sign a version, too: also where that was handed on. None: nobody is, or nobody who still can."""
    if row.cosigner is None or row.cosigned_at is not None:
        return None
    there = Task.objects.filter(about_kind=row._meta.label, about_id=row.pk, closed_at=None).select_related("owner")
    asked = {task.why: task.owner for task in there}
    if "diagnosis_ask_anew" in asked:
        return None
    owner = asked.get("diagnosis_cosign", row.cosigner)
    return could_cosign(row.episode.organization, row.signed_by_id).filter(pk=owner.pk).first()


def named(ids: Iterable[UUID]) -> dict[UUID, Person]:
    """People by the ids that a version names; one whose record is gone is left out."""
    return Person.objects.in_bulk(set(ids))


def today_of(episode: Episode) -> date:
    return clock.today(episode.organization.zone)
