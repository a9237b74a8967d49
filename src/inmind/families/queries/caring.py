"""Who cares for a child, as what and since when; where they live, who may consent, and how each is called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models
from django.utils.translation import gettext

from inmind.access import policy
from inmind.access import queries as access
from inmind.access.consents import MINOR_PARENT, SELF, Holder
from inmind.families import consent
from inmind.families.intake import PARTS, Named
from inmind.families.models import ConsentHolder, Dyad, Episode, Household, Participation, Residence
from inmind.foundation import text
from inmind.foundation.models import asked_again, in_force
from inmind.foundation.values import Age
from inmind.people.models import Person, Relationship

FOSTER = consent.Capacity.FOSTER_WITH_CONSENT


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult as the dyad page shows her: her name, and how she cares for the child (a word to translate, and its key)."""

    person: Person
    part: str
    key: str


@dataclass(frozen=True, slots=True)
class Caring:
    """How an adult of an episode cares for the child (a word to translate), or did, with the days."""

    person: Person
    key: str  # of `intake.PARTS`
    since: date
    until: date | None

    @property
    def part(self) -> str:
        return PARTS.get(self.key, "")


def circle(episode: Episode, on: date) -> list[Caring]:
    """Everybody of this episode who cares for the child or once did, in the order in which they came; the latest first of
    each. Adults of another side of the family are not in it."""
    return policy.once(("circle", episode.pk, on), lambda: _circle(episode, on))


def _circle(episode: Episode, on: date) -> list[Caring]:
    of_person: dict[UUID, list[Relationship]] = {}
    for edge in _caring_for(child=episode.dyad.child_id, on=on):
        of_person.setdefault(edge.from_person_id, []).append(edge)
    return [
        Caring(row.person, edge.part, edge.since, edge.until if edge.until and edge.until <= on else None)
        for row in _taking_part(episode=episode.pk)
        for edge in of_person.get(row.person_id, ())
    ]


@asked_again
def _caring_for(*, child: UUID, on: date) -> models.QuerySet:
    cares = Relationship.objects.filter(kind=Relationship.Kind.CARES_FOR, to_person=child, since__lte=on)
    return cares.order_by("-since", "-pk")


def adults(episode: Episode, on: date) -> list[Adult]:
    """The adults who take part in an episode, in the order in which they came; each as she cares for the child by the
    latest word."""
    caring: dict[UUID, Adult] = {}
    for one in circle(episode, on):
        if one.until is None:
            caring.setdefault(one.person.pk, Adult(one.person, one.part, one.key))
    return list(caring.values())


@asked_again
def _taking_part(*, episode: UUID) -> models.QuerySet:
    rows = Participation.objects.filter(episode=episode, part=Participation.Part.ADULT).select_related("person")
    return rows.order_by("created_at", "pk")


def homes(episode: Episode, on: date) -> dict[Household, list[Residence]]:
    """The households that this episode knows, each with who lives there on a day."""
    there: dict[Household, list[Residence]] = {}
    for row in _living(episode=episode.pk, on=on):
        there.setdefault(row.household, []).append(row)
    return there


def lives_elsewhere(home: Household, rows: list[Residence]) -> bool:
    """Whether a household says of one person alone that she lives elsewhere; nobody else ever lived there."""
    if home.address or len(rows) > 1:
        return False
    return not Residence.objects.filter(household=home.pk).exclude(pk=rows[0].pk).exists()


@asked_again
def _living(*, episode: UUID, on: date) -> models.QuerySet:
    rows = Residence.objects.filter(in_force(on), household__episode=episode).select_related("household", "person")
    return rows.order_by("household__created_at", "created_at", "pk")


def who_may_consent(episode: Episode, on: date) -> list[tuple[ConsentHolder, consent.Answer]]:
    """Who may consent for the child on a day, as this agency has seen it; `consent.who_may` says the order and why."""
    return policy.once(("who may consent", episode.pk, on), lambda: _who_may_consent(episode, on))


def _who_may_consent(episode: Episode, on: date) -> list[tuple[ConsentHolder, consent.Answer]]:
    rows = _consent_seen(dyad=episode.dyad_id, organization=episode.organization_id)
    by_holder = {id(holder := _holder(row)): (row, holder) for row in rows}
    answers = consent.who_may([holder for _, holder in by_holder.values()], on)
    return [(by_holder[id(answer.holder)][0], answer) for answer in answers]


def may_agree(episode: Episode, person: Person, on: date) -> list[tuple[Holder, str]]:
    """Who may agree on a day that something is told about one person, each with the question that is open. For the child, who
    may consent for it and is of this side, a foster parent only while the child is placed there; an adult herself alone,
    about whom a minor's paper is asked for, too."""
    seen = who_may_consent(episode, on)
    if person.pk == episode.dyad.child_id:
        here = {None, *(row.person_id for row in _taking_part(episode=episode.pk))}
        caring = {one.person.pk for one in adults(episode, on)}

        def may(row: ConsentHolder, answer: consent.Answer) -> bool | None:
            is_over = row.capacity == FOSTER and row.holder_id not in caring
            return None if answer.may and is_over else answer.may

        return [
            (Holder(row.holder_id, one.holder.name, row.capacity, may(row, one)), one.ask)
            for row, one in seen
            if row.holder_id in here
        ]
    minor = [
        one.ask
        for row, one in seen
        if (row.holder_id, row.capacity) == (person.pk, MINOR_PARENT) and not one.may
        if row.until is None or on < row.until
    ]
    asks = minor[0] if minor else ""
    return [(Holder(person.pk, person.name, SELF, None if asks else True), asks)]


@asked_again
def _consent_seen(*, dyad: UUID, organization: UUID) -> models.QuerySet:
    rows = ConsentHolder.objects.filter(dyad=dyad, organization=organization)
    return rows.select_related("holder").order_by("since", "created_at")


def _holder(row: ConsentHolder) -> consent.Holder:
    name = row.holder.name if row.holder else row.name
    return consent.Holder(name, consent.Capacity(row.capacity), row.document, row.since, row.until)


def named(person: Person, dyad: Dyad | None) -> Named:
    """What a record says of who somebody is. dyad: her own, of a child."""
    if dyad is None:
        return Named(person.given_name, person.family_name)
    due = dyad.due_date if dyad.birth_date is None else None
    return Named(person.given_name, person.family_name, dyad.birth_date, due)


def age(dyad: Dyad, on: date) -> Age | None:
    """The child's age, None before birth."""
    return Age.between(dyad.birth_date, on) if dyad.birth_date and dyad.birth_date <= on else None


def called(adults: Iterable[Adult]) -> dict[UUID, str]:
    """What each of a family's adults is called where one is chosen; two of one name also by how they care for the child."""
    told = {}
    for one in adults:
        part = gettext(one.part) if one.part else ""
        told[one.person.pk] = (one.person.name, part, access.mark_of_record(one.person.pk))
    return text.apart(told)
