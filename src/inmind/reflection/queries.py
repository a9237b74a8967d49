"""Reads of agreements, sessions and hours; the joints by which endorsement reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Q, QuerySet

from inmind.access import vault
from inmind.access.models import Account, RoleAssignment
from inmind.foundation.models import in_force
from inmind.foundation.values import Period
from inmind.people.models import Contact, Organization, Person, Relationship
from inmind.reflection import counts, sessions
from inmind.reflection.hours import Hour
from inmind.reflection.models import Agreement, Offering, Presence, Seat, Session, Version, codes_of
from inmind.reflection.sessions import About, Frame, Kind, Meeting

# The joints


@dataclass(frozen=True, slots=True)
class Held:
    """One session as endorsement reads it: received by one person, or given by one.

    provider: who gave it, the same text for the same provider; empty among peers. provider_holds: codes held on its day, frozen
    since; None: not known. confirmed: both sides have said that it took place.
    """

    id: UUID
    on: date
    minutes: int
    provider: str
    provider_name: str
    provider_holds: frozenset[str] | None
    kind: str
    about_rsc_given: bool | None
    confirmed: bool


def held_for(person_ids: Iterable[UUID]) -> Mapping[UUID, tuple[Held, ...]]:
    """The sessions in which each of these people was held, the oldest first; those that wait are not confirmed."""
    ids = list(person_ids)
    found: dict[UUID, list[Held]] = {one: [] for one in ids}
    rows = Presence.objects.filter(person__in=ids, session__taken_back_on__isnull=True)
    facts = (f"session__{name}" for name in _Facts._fields)
    seen = list(rows.order_by("session__on", "session__pk").values_list("person", "said_at", *facts))
    told = [(person, said_at, _Facts(*facts)) for person, said_at, *facts in seen]
    agreements = _agreements(facts.agreement_id for _, _, facts in told)
    for person, said_at, row in told:
        stands = said_at is not None and row.giver_said_at is not None
        found[person].append(_held(row, agreements[row.agreement_id], stands))
    return {person: tuple(some) for person, some in found.items()}


def given_by(person_ids: Iterable[UUID]) -> Mapping[UUID, tuple[Held, ...]]:
    """The sessions that each of these people gave, the oldest first; confirmed where somebody who was held said so too."""
    ids = list(person_ids)
    found: dict[UUID, list[Held]] = {one: [] for one in ids}
    rows = Session.objects.filter(provider__in=ids, taken_back_on__isnull=True)
    related = rows.select_related("agreement__provider").prefetch_related("presences")
    for row in related.order_by("on", "pk"):
        assert row.provider_id is not None
        found[row.provider_id].append(_held(row, row.agreement, bool(row.said.stands)))
    return {person: tuple(some) for person, some in found.items()}


class _Facts(NamedTuple):
    """What is read of a session for many people at once: whole rows, each with its agreement, cost ten times as much."""

    id: UUID
    on: date
    minutes: int
    kind: str
    about: str
    agreement_id: UUID
    provider_id: UUID | None
    provider_holds: str | None
    giver_said_at: datetime | None


def _agreements(ids: Iterable[UUID]) -> Mapping[UUID, Agreement]:
    return Agreement.objects.select_related("provider").in_bulk(set(ids))


def _held(row: _Facts | Session, agreement: Agreement, stands: bool) -> Held:
    return Held(
        id=row.id,
        on=row.on,
        minutes=row.minutes,
        provider=_key(row.provider_id, agreement),
        provider_name=agreement.giver_name,
        provider_holds=frozenset() if agreement.giver is None else codes_of(row.provider_holds),
        kind=row.kind,
        about_rsc_given=row.about == About.RSC_GIVEN,
        confirmed=stands,
    )


def _key(provider: UUID | None, there: Agreement) -> str:
    if provider is not None:
        return str(provider)
    return f"outside:{(there.outside_mail or there.outside_name).casefold()}" if there.outside_name else ""


def hours_of(person: UUID) -> list[tuple[Session, Hour]]:
    """The sessions in which somebody was held, the newest first, each as hours of theirs."""
    rows = Presence.objects.filter(person=person, session__taken_back_on__isnull=True)
    related = rows.select_related("session__agreement__provider").order_by("-session__on", "-session__pk")
    return [(row.session, _hour(row.session, row.said_at is not None)) for row in related]


def hours_given(person: UUID) -> list[tuple[Session, Hour]]:
    """The sessions that somebody gave, the newest first."""
    rows = Session.objects.filter(provider=person, taken_back_on__isnull=True).select_related("agreement__provider")
    return [
        (row, Hour(row.on, row.minutes, Kind(row.kind), About(row.about), bool(row.said.stands)))
        for row in rows.prefetch_related("presences").order_by("-on", "-pk")
    ]


def _hour(row: Session, said: bool) -> Hour:
    stands = said and row.giver_said_at is not None
    return Hour(row.on, row.minutes, Kind(row.kind), About(row.about), stands)


# What one person sees


def takes_part(person: UUID) -> bool:
    """Whether somebody holds, is held, was asked to, or offers it: one question, before any other is asked."""
    mine = Agreement.objects.filter(provider=person), Seat.objects.filter(person=person)
    some = [Exists(rows) for rows in (*mine, Offering.objects.filter(provider=person))]
    return Person.objects.filter(some[0] | some[1] | some[2], pk=person).exists()


def agreements_of(person: UUID) -> QuerySet[Agreement]:
    """The agreements in which somebody holds or is held, or was asked to."""
    seats = Seat.objects.filter(person=person, declined_on__isnull=True)
    rows = Agreement.objects.filter(Q(provider=person) | Q(pk__in=seats.values("agreement")), declined_on__isnull=True)
    return rows.select_related("provider", "association").prefetch_related("places__person").order_by("-since", "-pk")


def seat_of(agreement: Agreement, person: UUID | None) -> Seat | None:
    """Somebody's place in an agreement, the newest."""
    some = [one for one in agreement.places.all() if one.person_id == person and one.declined_on is None]
    return max(some, key=lambda one: (one.since, str(one.pk)), default=None)


def told_of(agreement: Agreement, person: UUID | None) -> list[Seat]:
    """Of whom somebody says whether the provider is their line manager: the provider of all, who is held of themselves."""
    if agreement.giver is None:
        return []
    seats = agreement.places.filter(until__isnull=True, declined_on__isnull=True).select_related("person")
    mine = seats if agreement.provider_id == person else seats.filter(person=person)
    return list(mine.order_by("since", "pk"))


def waits_for(person: UUID) -> list[Session]:
    """The sessions that wait for this person's tap, the oldest first."""
    some = Session.objects.filter(taken_back_on__isnull=True).exclude(logged_by=person)
    gives = Q(provider=person, giver_said_at__isnull=True)
    held = Q(pk__in=Presence.objects.filter(person=person, said_at__isnull=True).values("session"))
    peers = Q(
        pk__in=Presence.objects.filter(person=person).values("session"),
        giver_said_at__isnull=True,
        provider__isnull=True,
        agreement__outside_name="",
    )
    rows = some.filter(gives | held | peers).select_related("agreement__provider", "logged_by")
    found = rows.prefetch_related("presences__person").order_by("on", "pk")
    return [row for row in found if person in row.said.waits_for]


def mark_of(row: Session) -> str:
    """A session's id, with a mark of what a tap confirms: another one once it was put right, or somebody is there more or less.

    By this installation's key, since whoever sees the mark may not see who was there.
    """
    there = sorted(str(one.person_id) for one in row.presences.all())
    begins = row.begins.isoformat() if row.begins else ""
    said = "|".join((row.on.isoformat(), str(row.minutes), begins, row.kind, row.about, *there))
    return f"{row.pk}.{vault.keyed_hash('session as it was shown', said.encode())[:16]}"


def waits_outside(agreement: Agreement) -> list[Session]:
    """The sessions of an agreement with somebody outside that wait for their word, the oldest first."""
    rows = agreement.sessions.filter(taken_back_on__isnull=True, giver_said_at__isnull=True)
    return list(rows.select_related("agreement").prefetch_related("presences__person").order_by("on", "pk"))


def asked_of(person: UUID) -> list[Version]:
    """What others ask this person to agree to about sessions that stood."""
    rows = Version.objects.filter(
        state=Version.State.ASKED, people__person=person, people__is_asked=True, people__agreed_at__isnull=True
    )
    return list(rows.select_related("session__agreement__provider", "by").order_by("session__on", "pk"))


def proposed_to(person: UUID) -> list[Agreement]:
    """The agreements that wait for this person's yes."""
    return [one for one in agreements_of(person) if awaits_yes(one, person)]


def awaits_yes(agreement: Agreement, person: UUID | None) -> bool:
    if agreement.declined_on is not None:
        return False
    if agreement.provider_id == person:
        return agreement.provider_said_on is None
    seat = seat_of(agreement, person)
    return seat is not None and seat.said_on is None


def frame_of(agreement: Agreement) -> Frame:
    """The agreement as the rules of sessions read it; whoever has not said yes is not held yet."""
    seats: dict[Hashable, Period] = {
        one.person_id: one.runs for one in agreement.places.order_by("since", "pk") if one.declined_on is None
    }
    return Frame(agreement.runs, agreement.giver, seats)


def beside(people: Iterable[UUID], on: date) -> dict[Hashable, list[Meeting]]:
    """Everything else that is written down of these people around a day."""
    ids = set(people)
    rows = Session.objects.filter(taken_back_on__isnull=True, on__range=sessions.around(on))
    mine = rows.filter(Q(provider__in=ids) | Q(pk__in=Presence.objects.filter(person__in=ids).values("session")))
    found: dict[Hashable, list[Meeting]] = defaultdict(list)
    for row in mine.prefetch_related("presences"):
        for one in ids & ({row.provider_id} | {there.person_id for there in row.presences.all()}):
            found[one].append(row.meeting)
    return found


def by_mail(address: str, name: str = "") -> list[Person]:
    """Who of this house reads mail at this address; where several share it, those of this name."""
    ways = Contact.in_use(channel=Contact.Channel.MAIL, address__iexact=address.strip())
    people = Person.objects.filter(pk__in=ways.values("person"), account__is_active=True, erased_at__isnull=True)
    some = list(people.distinct().order_by("pk"))
    if len(some) > 1 and name.strip():
        alike = [one for one in some if one.name.casefold() == name.strip().casefold()]
        return alike or some
    return some


def reads_mail_at(address: str, people: Iterable[UUID]) -> bool:
    """Whether one of these people reads mail at this address."""
    ways = Contact.in_use(channel=Contact.Channel.MAIL, address__iexact=address.strip())
    return ways.filter(person__in=list(people)).exists()


def is_manager(provider: UUID, person: UUID, on: date) -> bool:
    """Whether the one manages the other, as it is written down."""
    rows = Relationship.objects.filter(in_force(on), kind=Relationship.Kind.MANAGES)
    return rows.filter(from_person=provider, to_person=person).exists()


def associations() -> QuerySet[Organization]:
    return Organization.objects.filter(kind=Organization.Kind.ASSOCIATION).order_by("name")


def free_places(offering: Offering) -> int | None:
    """How many places are open: of a group with a number of places those that nobody has, else as was said."""
    group = offering.agreement
    if group is None or group.seats is None:
        return offering.free
    taken = group.places.filter(until__isnull=True, declined_on__isnull=True).count()
    return max(0, group.seats - taken)


# Counts, for those who manage or coordinate


@dataclass(frozen=True, slots=True)
class Counted:
    """What may be told of one place, as of a day; and of whom it is, by which places are held apart."""

    told: counts.Told
    on: date
    people: frozenset[UUID]


def counted_of(places: Iterable[Organization], now: datetime) -> dict[UUID, Counted]:
    """The same of all places that one reader sees: of those that share somebody one alone is told."""
    found = {one.pk: counted(one, now) for one in places}
    kept = counts.apart({key: one.people for key, one in found.items()})
    return {
        key: one
        if key in kept
        else Counted(counts.Told(one.told.key, counts.NOTHING, counts.NOTHING), one.on, one.people)
        for key, one in found.items()
    }


def counted(organization: Organization, now: datetime) -> Counted:
    """How many of those who work at an agency, or are members' roles at an association, are held; as of the end of the last
    quarter, by what had been said until then, and only as `counts` allows. What is written down later moves nothing: from one day
    to the next it would say of whom."""
    zone = ZoneInfo(organization.zone)
    first, last = counts.as_of(now.astimezone(zone).date())
    end = datetime.combine(last + timedelta(days=1), time(0), zone)
    work = RoleAssignment.objects.filter(in_force(last), organization=organization)
    people = set(work.values_list("account__person", flat=True))
    said = Q(declined_on__isnull=True) | Q(declined_on__gt=last)
    seats = Seat.objects.filter(said, in_force(last), person__in=people, said_on__lte=last, created_at__lt=end)
    here = seats.filter(Q(agreement__until__isnull=True) | Q(agreement__until__gt=last))
    stands = here.filter(Q(agreement__provider_said_on__lte=last) | Q(agreement__format="peer"))
    held = set(stands.values_list("person", flat=True))
    met = Presence.objects.filter(
        person__in=held,
        said_at__lt=end,
        session__giver_said_at__lt=end,
        session__on__range=(first, last),
    ).filter(Q(session__taken_back_on__isnull=True) | Q(session__taken_back_on__gt=last))
    row = counts.Row("all", len(people), len(held), len(set(met.values_list("person", flat=True))))
    (told,) = counts.told([row])
    return Counted(told, last, frozenset(people))


OUTSIDE = sessions.OUTSIDE


def first_giver() -> Account | None:
    """Who holds most people here, by agreements that run: whom a demonstration shows."""
    seats = Seat.objects.filter(until=None, agreement__until=None, agreement__provider__account__is_active=True)
    most = (
        seats.values("agreement__provider").annotate(held=Count("pk")).order_by("-held", "agreement__provider").first()
    )
    return Account.objects.select_related("person").get(person=most["agreement__provider"]) if most else None
