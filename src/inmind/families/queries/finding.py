"""Whom a name may be, among those whom an actor may find, and by what people of one name are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import models
from django.utils.translation import gettext

from inmind.access import policy
from inmind.access import queries as access
from inmind.access.actors import Actor
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import Dyad, Episode, Participation
from inmind.foundation import clock, text
from inmind.people.models import EarlierFact, NameToken, Person
from inmind.records import finding
from inmind.records.likeness import Plain

FOUND_AT_MOST = 20
FEW = 300  # families: up to here a search begins with them, beyond it with the words


@dataclass(frozen=True, slots=True)
class Found:
    """A person whom a search found, with the dyad to open and what she is in it; says: by what she is told apart."""

    person: Person
    dyad: Dyad
    is_child: bool
    episode: Episode
    before: str = ""  # earlier names, by which a search finds her too
    says: str = ""  # who they are there, since when, and with whom


def find(actor: Actor, words: str) -> list[Found]:
    """People whose names hold words that begin so, accents or not, among those this actor may see; `FOUND_AT_MOST`.

    Who serves few families is searched from those; who reaches a whole agency's, from the words listed there. Either
    way the time does not grow with the number of people that others keep.
    """
    tokens = sorted({token[:80] for token in text.tokens(words)}, key=len, reverse=True)
    if not tokens:
        return []
    episodes = policy.visible(actor, Episode.objects.all(), "families.find")
    few = list(episodes.order_by("-created_at", "-pk").values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        taking_part = Participation.objects.filter(episode__in=few)
        near = NameToken.objects.filter(person__in=list(taking_part.values_list("person_id", flat=True)))
        return _said(actor, _first(_named(near, tokens), lambda people: _together(taking_part, people)))
    agencies = {standing.organization for standing in actor.standings if standing.organization}
    near = NameToken.objects.filter(organization__in=agencies)
    return _said(actor, _first(_named(near, tokens), lambda people: _allowed(actor, people)))


def _said(actor: Actor, found: list[Found]) -> list[Found]:
    lines = access.told_apart(actor, [one.person for one in found], "families.find") if found else {}
    return [replace(one, says=lines[one.person.pk]) for one in found]


def _found(row: Participation) -> Found:
    return Found(row.person, row.episode.dyad, row.part == Participation.Part.CHILD, row.episode)


def alike(actor: Actor, child: ChildFacts, adults: Iterable[AdultFacts]) -> list[Found]:
    """People who may be this child or one of these new adults, among those that this actor may find; nobody learns of anybody
    else."""
    plains = (
        Plain(child.given_name, child.family_name, child.birth_date),
        *(
            Plain(adult.given_name, adult.family_name, None, frozenset({adult.phone} - {""}))
            for adult in adults
            if not adult.known
        ),
    )
    ids = [person.pk for person in finding.like_and_seen(actor, *plains)]
    rows = {row.person_id: row for row in _allowed(actor, ids)}
    return _said(actor, [_found(row) for row in rows.values()])


def told_apart(actor: Actor, people: Iterable[UUID], verb: str) -> dict[tuple[UUID, UUID], str]:
    """For each of these people, in each episode that a verb reaches, who they are there, since when, and with whom; the
    year of birth alone. The child is named where the reader finds the family in her list anyway."""
    rows = policy.visible(actor, Participation.objects.filter(person__in=list(people)), verb)
    related = rows.select_related("person", "episode__dyad__child", "episode__organization")
    return {
        (row.person_id, row.episode_id): _told_apart(
            row, is_named=verb == "families.find" or bool(policy.can(actor, "families.find", row.episode))
        )
        for row in related.order_by("episode__since", "episode__created_at", "pk")
    }


def _told_apart(row: Participation, *, is_named: bool) -> str:
    if row.person.erased_at is not None:
        return ""
    dyad, facts = row.episode.dyad, {"name": row.episode.dyad.called}
    who = {
        (True, True): gettext("born in %(year)s"),
        (True, False): gettext("not born yet"),
        (False, True): gettext("cares for a child born in %(year)s"),
        (False, False): gettext("cares for a child who is expected"),
    }[row.part == Participation.Part.CHILD, dyad.birth_date is not None]
    if row.part != Participation.Part.CHILD and is_named:
        who = gettext("cares for %(name)s")
    year = {"year": dyad.birth_date.year} if dyad.birth_date else {}
    since = {"agency": row.episode.organization.name, "day": clock.day(row.episode.since)}
    return f"{who % (facts | year)}, {gettext('with %(agency)s since %(day)s') % since}"


def _named(near: models.QuerySet, tokens: list[str]) -> models.QuerySet:
    """The ids of those with all these words among some name tokens, the longest word leading, in its order."""
    for token in tokens[1:]:
        # Of the same listing: the whole name stands in each, and one index leads to it.
        same = {"person": models.OuterRef("person_id"), "organization": models.OuterRef("organization_id")}
        other = NameToken.objects.filter(**same, token__starts=token)
        near = near.filter(models.Exists(other))
    return near.filter(token__starts=tokens[0]).order_by("token", "person_id").values_list("person_id", flat=True)


def _first(ids: models.QuerySet, rows_of: Callable[[list[UUID]], Iterable[Participation]]) -> list[Found]:
    """The first people found, read in stretches of growing length until there are enough."""
    found: dict[UUID, Found] = {}
    start, length = 0, FOUND_AT_MOST * 3
    while len(found) < FOUND_AT_MOST:
        some = list(ids[start : start + length])
        by_person: dict[UUID, Found] = {}
        for row in rows_of(some):
            if row.person.merged_into_id is None:
                by_person.setdefault(row.person_id, _found(row))
        found |= {pk: by_person[pk] for pk in some if pk in by_person}
        if len(some) < length:
            break
        start, length = start + length, length * 4
    earlier = EarlierFact.found_by(found)
    return [replace(one, before=", ".join(earlier.get(pk, ()))) for pk, one in list(found.items())[:FOUND_AT_MOST]]


def _together(taking_part: models.QuerySet, people: list[UUID]) -> models.QuerySet:
    rows = taking_part.filter(person__in=people).select_related("person", "episode__dyad__child")
    return rows.order_by("-episode__created_at")


def _allowed(actor: Actor, people: list[UUID]) -> Iterator[Participation]:
    """Asked row by row: as a condition of the query, SQLite would begin with all the agency's episodes."""
    rows = _together(Participation.objects.all(), people)
    return (row for row in rows if policy.can(actor, "families.find", row))
