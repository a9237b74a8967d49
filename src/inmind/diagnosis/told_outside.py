"""What diagnosis puts into a file for somebody outside, each kind about one person alone (decision 33).

What was understood of the child is told about the child, without Axis II, without what it lived through, and without the words
of whoever formulated but for the strengths. How a relationship was rated is told about the adult whom it rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
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
    """The newest version that was signed in these days: strengths first, then what was found of the child itself. Of earlier ones
    only that there were some; who chooses the days of a paper chooses the version."""
    if wanted.person.pk != wanted.episode.dyad.child_id:
        return
    rows, changed = _standing(_signed(wanted))
    for row in changed:
        yield _left_out(row, Kind.FORMULATIONS)
    rows = [row for row in rows if row.content is not None]
    if rows:
        yield from _newest(wanted, rows, Kind.FORMULATIONS, _understood(rows[-1]))


def _signed(wanted: Wanted) -> list[Formulation]:
    """The versions of an episode that were signed in these days, by the agency's own clock, the newest last."""
    rows = Formulation.objects.filter(episode=wanted.episode)
    rows = rows.select_related("episode__organization", "episode__dyad__child", "signed_by", "cosigner")
    return [row for row in rows.order_by("number") if wanted.first <= _day_of(row) <= wanted.last]


def _standing(rows: list[Formulation]) -> tuple[list[Formulation], list[Formulation]]:
    """Those that are as they were signed, and those that are not."""
    stands = {row.pk: queries.is_as_signed(row) for row in rows}
    return [row for row in rows if stands[row.pk]], [row for row in rows if not stands[row.pk]]


def _day_of(row: Formulation) -> date:
    return _day(row, row.signed_at)


def _day(row: Formulation, at: datetime) -> date:
    return at.astimezone(ZoneInfo(row.episode.organization.zone)).date()


def _newest(wanted: Wanted, rows: Sequence[Formulation], kind: Kind, said: Iterable[str]) -> Iterator[Line]:
    """What is said of the last of these versions, each line with its number and day; the others by number and day alone."""
    *earlier, row = rows
    for one in earlier:
        words = _(
            "Version %(number)s was signed on this day. A later one took its place: what it said is not told here."
        )
        yield _line(one, words % {"number": one.number}, kind)
    for words in (_named(row), *_second(row, wanted.last, kind), *said):
        yield _line(row, words, kind)
    if any(one.number > row.number for one in Formulation.objects.filter(episode=wanted.episode)):
        yield _line(row, _("A later version was signed since. It is not told here."), kind)


def _line(row: Formulation, words: str, kind: Kind) -> Line:
    source = _("Version %(number)s, signed by %(who)s, %(credentials)s")
    facts = {"number": row.number, "who": row.signed_by.name, "credentials": row.signed_as}
    return Line(_day_of(row), words, source % facts, KINDS[kind].field, KINDS[kind].regime)


def _named(row: Formulation) -> str:
    """Which version of whose formulation it is: also in a file about an adult, whose relationship it is with."""
    edition = manual().editions.get(row.edition)
    facts = {
        "number": row.number,
        "child": row.episode.dyad.called,
        "edition": edition.name if edition else row.edition,
        "day": clock.day(row.assessed_on),
    }
    return _("Version %(number)s of the formulation of %(child)s by %(edition)s, assessed on %(day)s.") % facts


def _second(row: Formulation, last: date, kind: Kind) -> Iterator[str]:
    """The second signature, where one was asked for. What was written beside it is of the whole version, and so in no file about
    one adult; each is a line of its own, so that a court's paper can leave it out."""
    if row.cosigner is None:
        return
    if row.cosigned_at is None:
        yield _("It waits for its second signature, and is not final.")
    elif (day := _day(row, row.cosigned_at)) > last:
        yield _("It was signed by a second person after these days.")
    else:
        yield _("Signed, too, by %(who)s on %(day)s.") % {"who": row.cosigner.name, "day": clock.day(day)}
        if kind is Kind.FORMULATIONS and (words := (row.cosigner_said or "").strip()):
            yield _("Who signed, too, wrote: %(words)s") % {"words": words}


def _left_out(row: Formulation, kind: Kind) -> Line:
    """That something is left out, and why; nothing that a changed row says leaves with it."""
    words = _("Version %(number)s of the formulation is left out, because it is not as it was signed.")
    source = row.episode.organization.name
    return Line(_day_of(row), words % {"number": row.number}, source, KINDS[kind].field, KINDS[kind].regime)


def _understood(row: Formulation) -> Iterator[str]:
    book, whole = manual(), queries.whole(row, relationships=False)
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
    """How the relationship of this adult with the child was rated in the newest version of these days that rates it; nobody
    else's, and no environment, which is of several adults."""
    if wanted.person.pk == wanted.episode.dyad.child_id:
        return
    rows, changed = _standing(_signed(wanted))
    for row in changed:
        if row.relationships.filter(_mine(wanted.person)).exists():
            yield _left_out(row, Kind.RELATIONSHIPS)
    found = [(row, ratings) for row in rows if (ratings := _ratings(row, wanted.person))]
    if found:
        newest, ratings = found[-1]
        said = [words for one in ratings for words in _rated(newest, one)]
        yield from _newest(wanted, [row for row, _ratings in found], Kind.RELATIONSHIPS, said)


def _mine(person: Person) -> Q:
    return Q(caregiver=person.pk) | Q(caregiver__merged_into=person.pk)


def _ratings(row: Formulation, person: Person) -> list[SignedRelationship]:
    """Of a person, also what a merge left where it was signed; of who was erased nothing."""
    return [
        one for one in row.relationships.filter(_mine(person)).order_by("created_at", "pk") if one.content is not None
    ]


def _rated(row: Formulation, one: SignedRelationship) -> Iterator[str]:
    assert one.content is not None
    yield from relationship_said(writing.relationship(one.content, one.caregiver_id))
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
