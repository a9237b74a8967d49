"""What diagnosis puts into a file for somebody outside, each kind about one person alone (decision 33).

What was understood of the child is told about the child, without Axis II, without what it lived through, and without the words
of whoever formulated but for the strengths. How a relationship was rated is told about the adult whom it rates.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from inmind.access.consents import KINDS, Kind
from inmind.diagnosis import papers, queries, writing
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.formulation import Certainty, Relationship
from inmind.diagnosis.models import Formulation, Given, SignedRelationship
from inmind.diagnosis.words import CERTAINTIES, RATINGS
from inmind.foundation import clock
from inmind.foundation.registries import Line, ToldOutside, Wanted, house
from inmind.people.models import Person


def offer() -> None:
    house.offer(
        ToldOutside("diagnosis.understood", Kind.FORMULATIONS, 35, understood, "diagnosis.see_formulation"),
        ToldOutside("diagnosis.rated", Kind.RELATIONSHIPS, 36, rated, "diagnosis.see_relationships"),
    )


def understood(wanted: Wanted) -> Iterator[Line]:
    """Each version that was signed in these days: strengths first, then what was found of the child itself."""
    if wanted.person.pk != wanted.episode.dyad.child_id:
        return
    for row in _signed(wanted):
        if not queries.is_as_signed(row):
            yield _left_out(row, Kind.FORMULATIONS)
        elif row.content is not None:
            for words in _understood(row):
                yield _line(row, words, Kind.FORMULATIONS)


def _signed(wanted: Wanted) -> list[Formulation]:
    """The versions of an episode that were signed in these days, by the agency's own clock."""
    rows = Formulation.objects.filter(episode=wanted.episode)
    rows = rows.select_related("episode__organization", "episode__dyad__child", "signed_by", "cosigner")
    return [row for row in rows.order_by("number") if wanted.first <= _day_of(row) <= wanted.last]


def _day_of(row: Formulation) -> date:
    return row.signed_at.astimezone(ZoneInfo(row.episode.organization.zone)).date()


def _line(row: Formulation, words: str, kind: Kind) -> Line:
    source = _("signed by %(who)s, %(credentials)s") % {"who": row.signed_by.name, "credentials": row.signed_as}
    return Line(_day_of(row), words, source, KINDS[kind].field, KINDS[kind].regime)


def _left_out(row: Formulation, kind: Kind) -> Line:
    """That something is left out, and why; nothing that a changed row says leaves with it."""
    words = _("Version %(number)s of the formulation is left out, because it is not as it was signed.")
    source = row.episode.organization.name
    return Line(_day_of(row), words % {"number": row.number}, source, KINDS[kind].field, KINDS[kind].regime)


def _understood(row: Formulation) -> Iterator[str]:
    book, whole = manual(), queries.whole(row, relationships=False)
    edition = book.editions.get(whole.edition)
    facts = {
        "number": row.number,
        "edition": edition.name if edition else whole.edition,
        "day": clock.day(whole.assessed_on),
    }
    yield _("Version %(number)s of the formulation by %(edition)s, assessed on %(day)s.") % facts
    if row.cosigner_id is not None and row.cosigned_at is None:
        yield _("It waits for its second signature, and is not final.")
    for words in (whole.strengths, whole.competence.strengths):
        if words.strip():
            yield _("Strengths: %(words)s") % {"words": words}
    for one in papers.childs_own(whole.diagnoses):
        yield f"{papers.diagnosis_name(book, one)}: {_(CERTAINTIES[one.certainty])}"
    if whole.no_diagnosis:
        yield _("None of Axis I is given.")
    yield from papers.health_said(whole)
    names = {one.key: one.name for one in book.ratings}
    for domain in book.domains:
        if rating := names.get(whole.competence.ratings.get(domain.key, "")):
            yield f"{domain.name}: {rating}"


def rated(wanted: Wanted) -> Iterator[Line]:
    """How the relationship of this adult with the child was rated in the versions of these days; nobody else's, and no
    environment, which is of several adults. The child has no name in a file about somebody else."""
    if wanted.person.pk == wanted.episode.dyad.child_id:
        return
    for row in _signed(wanted):
        there = list(row.relationships.filter(_is(wanted.person)).order_by("created_at", "pk"))
        if there and not queries.is_as_signed(row):
            yield _left_out(row, Kind.RELATIONSHIPS)
            continue
        for one in there:
            for words in _rated(row, one):
                yield _line(row, words, Kind.RELATIONSHIPS)


def _is(person: Person) -> Q:
    """Rows of a person, also those that a merge left where they were signed."""
    return Q(caregiver=person.pk) | Q(caregiver__merged_into=person.pk)


def _rated(row: Formulation, one: SignedRelationship) -> Iterator[str]:
    if one.content is None:
        return
    relationship = writing.relationship(one.content, one.caregiver_id)
    yield from relationship_said(relationship)
    for given in Given.objects.filter(formulation=row, caregiver=one.caregiver_id).exclude(
        certainty=Certainty.RULED_OUT
    ):
        name = manual().disorders[given.disorder].name if given.disorder in manual().disorders else given.disorder
        yield f"{name}: {_(CERTAINTIES[Certainty(given.certainty)])}"


def relationship_said(one: Relationship) -> Iterator[str]:
    """How one relationship was rated, strengths first; its level is a band, and no sum."""
    book = manual()
    if one.strengths.strip():
        yield _("Strengths: %(words)s") % {"words": one.strengths}
    if one.level is not None:
        yield _(
            "Level %(level)s of %(all)s, a band of words that is never added up, and no evidence about anybody."
        ) % {
            "level": one.level,
            "all": book.levels.value,
        }
    for dimension in book.caregiving:
        if (rating := one.dimensions.get(dimension.key)) is not None:
            yield f"{dimension.name}: {_(RATINGS[rating])}"
