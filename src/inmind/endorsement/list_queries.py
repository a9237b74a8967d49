"""Reads for writing decisions down: of whom, one by one or from a list; and what a list would bring."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from inmind.association.moving.models import CameAs
from inmind.endorsement import held_file, queries
from inmind.endorsement.adapters import catalog
from inmind.endorsement.held_file import Held, Row, Somebody
from inmind.endorsement.models import Endorsement
from inmind.foundation import text
from inmind.people.models import Contact, NameToken, Organization, Person
from inmind.records import sheets

MOST_CHOICES = 200  # of a list on a page


def choosable(association: Organization, words: str, on: date, *, but: str = "") -> tuple[list[Person], bool]:
    """Those to choose from by the beginnings of their names, at most a few hundred, by name; and whether there are more. but: the
    id of somebody who is among them in any case."""
    there = queries.decidable(association.pk, on)
    rows = there
    for token in text.tokens(words):
        tokens = NameToken.objects.filter(organization=association, token__starts=token[:80])
        rows = rows.filter(pk__in=tokens.values("person"))
    found = list(rows.order_by("family_name", "given_name", "pk")[: MOST_CHOICES + 1])
    chosen = is_uuid(but) and there.filter(pk=but).exclude(pk__in=[one.pk for one in found[:MOST_CHOICES]]).first()
    return [*([chosen] if chosen else []), *found[:MOST_CHOICES]], len(found) > MOST_CHOICES


def is_uuid(said: str) -> bool:
    try:
        UUID(said)
    except ValueError:
        return False
    return True


def somebodies(association: Organization, on: date) -> list[Somebody]:
    """Whoever a list of endorsements may name, with the addresses and numbers by which it does."""
    people = list(queries.decidable(association.pk, on))
    ids = [one.pk for one in people]
    mails: dict[UUID, set[str]] = defaultdict(set)
    for person, address in Contact.in_use(person__in=ids, channel="mail").values_list("person", "address"):
        mails[person].add(address.casefold())
    numbers: dict[UUID, set[str]] = defaultdict(set)
    for person, number in CameAs.objects.filter(association=association).values_list("person", "number"):
        numbers[person].add(number)
    return [Somebody(one.pk, one.name, frozenset(mails[one.pk]), frozenset(numbers[one.pk])) for one in people]


def held_before(association: Organization, on: date) -> list[Held]:
    """Every endorsement that was written down here, but those that were a mistake."""
    rows = Endorsement.objects.filter(association=association).exclude(ended_why=Endorsement.Why.MISTAKE)
    return [
        Held(one.person_id, one.category, one.credential, one.since, one.until is not None and one.until <= on)
        for one in rows
    ]


def judged(association: Organization, words: str, on: date) -> list[Row]:
    """The verdict on each row of a list, as the records stand now. Raises BadInput for one that cannot be read."""
    known = held_file.categories(catalog.rules_of(association.pk).editions)
    people, held = somebodies(association, on), held_before(association, on)
    return held_file.judge(sheets.read(words), known, people, held, on)
