"""Reads: what is known of people, what they hold on any day, and who works toward what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Exists, Q, QuerySet

from inmind.access.models import RoleAssignment
from inmind.association.actions.buying import following
from inmind.association.models import Member
from inmind.endorsement.facts import DEGREES
from inmind.endorsement.models import Endorsement, Goal, RatingReceived, Share, Statement, WorkDone
from inmind.endorsement.portfolio import Portfolio, Rating, Work
from inmind.endorsement.portfolios import Statement as Said
from inmind.endorsement.portfolios import Told, in_cycle, portfolio_of
from inmind.endorsement.readiness import BELOW_MASTER, MASTER
from inmind.foundation.errors import NotNow
from inmind.foundation.models import in_force
from inmind.foundation.values import Period
from inmind.people.models import Organization, Person

Ids = Iterable[UUID]


def learned_by(people: Ids) -> Mapping[UUID, tuple[Any, ...]]:
    """What people learned, as `learning` knows it."""
    from inmind.learning.queries import learned_by as known

    return known(people)


def held_for(people: Ids) -> Mapping[UUID, tuple[Any, ...]]:
    """The sessions in which people were held, as `reflection` knows them."""
    from inmind.reflection.queries import held_for as known

    return known(people)


def memberships_of(people: Ids) -> Mapping[UUID, tuple[Period, ...]]:
    """The memberships of people that count, as `association` knows them."""
    from inmind.association.queries import memberships_of as known

    return known(people)


def paid_through(person: UUID, on: date) -> date | None:
    """The last day for which dues are paid, as `association` knows it: no grace is counted."""
    from inmind.association.queries import paid_through as known

    return known(person, on)


def trainings_ahead(on: date) -> tuple[Any, ...]:
    """The trainings that lie ahead, as `learning` knows them."""
    from inmind.learning.queries import ahead as known

    return known(on)


def places_for(person: UUID, on: date) -> tuple[Any, ...]:
    """The places with providers that are open to somebody, as `reflection` knows them."""
    from inmind.reflection.place_queries import open_for as known

    return known(person, on)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the parts of a portfolio come from: the rooms below, or stand-ins that a test gives."""

    learned: Callable[[Ids], Mapping[UUID, tuple[Any, ...]]] = learned_by
    held: Callable[[Ids], Mapping[UUID, tuple[Any, ...]]] = held_for
    memberships: Callable[[Ids], Mapping[UUID, tuple[Period, ...]]] = memberships_of
    ahead: Callable[[date], tuple[Any, ...]] = trainings_ahead
    places: Callable[[UUID, date], tuple[Any, ...]] = places_for


SOURCES = Sources()


def portfolios_of(
    people: Ids, on: date, *, cycle: Period | None = None, sources: Sources | None = None
) -> dict[UUID, Portfolio]:
    """Everything that is known of these people, in few questions however many they are. cycle: of a renewal, in which what is
    signed anew for each counts."""
    ids = list(dict.fromkeys(people))
    of = sources or SOURCES
    told, learned, held, members = told_of(ids, on), of.learned(ids), of.held(ids), of.memberships(ids)
    return {
        one: portfolio_of(
            in_cycle(told[one], cycle) if cycle else told[one],
            learned.get(one, ()),
            held.get(one, ()),
            members.get(one, ()),
        )
        for one in ids
    }


AT_ONCE = 250  # people whose portfolios are read together


def each_portfolio(people: Ids, on: date) -> Iterator[tuple[UUID, Portfolio]]:
    """The same of any number of people, one after another: some are read at a time, and no more are held."""
    left = iter(dict.fromkeys(people))
    while some := list(islice(left, AT_ONCE)):
        yield from portfolios_of(some, on).items()


def told_of(people: Ids, on: date) -> dict[UUID, Told]:
    """What people told of themselves, and what they hold by record."""
    ids = list(people)
    statements: dict[UUID, list[Said]] = defaultdict(list)
    for row in Statement.objects.filter(person__in=ids, ended_at=None).order_by("fact"):
        statements[row.person_id].append(Said(row.fact, row.answer, row.said_on))
    work: dict[UUID, list[Work]] = defaultdict(list)
    for done in WorkDone.objects.filter(person__in=ids, ended_at=None).order_by("since", "pk"):
        answers = dict.fromkeys(done.yes.split(), True) | dict.fromkeys(done.no.split(), False)
        work[done.person_id].append(Work(done.of, Period(done.since, done.until), answers))
    ratings: dict[UUID, list[Rating]] = defaultdict(list)
    for rated in RatingReceived.objects.filter(person__in=ids, ended_at=None).order_by("on", "pk"):
        ratings[rated.person_id].append(Rating(rated.on, frozenset(rated.roles.split()), rated.unknown_answers))
    held = endorsed(ids, on)
    return {
        one: Told(tuple(statements[one]), tuple(work[one]), tuple(ratings[one]), held.get(one, frozenset()))
        for one in ids
    }


def endorsed(people: Ids, on: date) -> dict[UUID, frozenset[str]]:
    """What people held on a day, as codes of categories; with `master` or `below_master` where their degree is on file.

    Of somebody of whom nothing had been recorded for that day or before, nothing is said.
    """
    rows = Endorsement.objects.filter(person__in=list(people), since__lte=on).exclude(ended_why=Endorsement.Why.MISTAKE)
    found: dict[UUID, set[str]] = defaultdict(set)
    for row in rows.order_by("since", "pk"):
        codes = found[row.person_id]
        if row.until is None or on < row.until:
            codes.add(row.code)
        if row.degree:
            is_master = list(DEGREES).index(row.degree) >= list(DEGREES).index("master")
            codes.discard(BELOW_MASTER)
            codes.add(MASTER if is_master or MASTER in codes else BELOW_MASTER)
    return {person: frozenset(codes) for person, codes in found.items()}


def held_now(rows: QuerySet[Endorsement], on: date) -> QuerySet[Endorsement]:
    """Those of some endorsements that stand on a day."""
    return rows.filter(in_force(on)).exclude(ended_why=Endorsement.Why.MISTAKE)


def goals_of(person: UUID, on: date) -> list[Goal]:
    """Toward what somebody works, the oldest first."""
    rows = Goal.objects.filter(in_force(on), person=person)
    return list(rows.select_related("association").order_by("since", "pk"))


def shares_running(on: date) -> Q:
    """Shares that stand on a day: not taken back, and not over. `until` is the last day."""
    return Q(ended_at=None, since__lte=on, until__gte=on)


def shares_of(person: UUID, on: date) -> list[Share]:
    rows = Share.objects.filter(shares_running(on), person=person)
    return list(rows.select_related("to_person", "to_organization", "association").order_by("until", "pk"))


def associations() -> list[Organization]:
    return list(Organization.objects.filter(kind=Organization.Kind.ASSOCIATION).order_by("name"))


def known_here(association: UUID, on: date) -> QuerySet[Person]:
    """Of whom an association may write down a decision: who by that day worked toward something here, or has a role here."""
    goals = Goal.objects.filter(association=association, since__lte=on).values("person")
    roles = RoleAssignment.today(on).filter(organization=association).values("account__person")
    held = Endorsement.objects.filter(association=association, since__lte=on).values("person")
    return Person.objects.filter(Q(pk__in=goals) | Q(pk__in=roles) | Q(pk__in=held), erased_at=None)


def decidable(association: UUID, on: date) -> QuerySet[Person]:
    """The same with every member of the association, with an account or without."""
    members = Member.objects.filter(association=association).values("person")
    return Person.objects.filter(
        Q(pk__in=members) | Q(pk__in=known_here(association, on).values("pk")), erased_at=None, merged_into=None
    )


def employers_of(person: UUID, on: date) -> list[Organization]:
    """The agencies at which somebody holds a role today: to whom they may show how near they are."""
    there = RoleAssignment.today(on).filter(account__person=person).values("organization")
    return list(Organization.objects.filter(pk__in=there, kind=Organization.Kind.AGENCY).order_by("name"))


def any_of_these(*rows: QuerySet[Any]) -> tuple[bool, ...]:
    """Whether there is anything in each of several lists, in one question."""
    nobody = Organization.objects.order_by("pk")[:1]
    found = nobody.values_list(*(Exists(one) for one in rows)).first()
    return tuple(bool(one) for one in found) if found else tuple(False for _ in rows)


def membership_to_renew(person: UUID, association: Organization, on: date) -> Member | None:
    """The membership that somebody may renew now with what else is due; None where the next one is bought already."""
    member = Member.objects.filter(person=person, association=association, left_on=None).select_related("level").first()
    if member is None or member.level is None or member.level.for_agencies:
        return None
    try:
        following(member, member.level, on)
    except NotNow:
        return None
    return member


def renewable(person: UUID, association: Organization, on: date) -> str:
    """What the membership is called that somebody may renew now; empty where there is none."""
    member = membership_to_renew(person, association, on)
    return member.level.name if member is not None and member.level is not None else ""


def in_registry(words: Iterable[str], on: date) -> QuerySet[Endorsement]:
    """What the public registry shows on a day, found by the beginnings of folded words of a name."""
    rows = held_now(Endorsement.objects.filter(in_registry=True, person__erased_at=None), on)
    for word in words:
        rows = rows.filter(names__token__startswith=word)
    return (
        rows.select_related("person", "association")
        .order_by("person__family_name", "person__given_name", "category", "pk")
        .distinct()
    )
