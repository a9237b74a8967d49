"""Reads of an association: who is a member on a day, and how lists find them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, OuterRef, Q

from inmind.association import periods
from inmind.association.directory import LANGUAGES
from inmind.association.models import Belonging, Bundle, Entry, Level, Member, Membership, Reminded
from inmind.association.standing import Owing, Reminder, State
from inmind.foundation import text
from inmind.foundation.registries import house
from inmind.foundation.values import Period
from inmind.money.models import Invoice
from inmind.people.models import Contact, NameToken, Organization


def counting(row: Membership, zone: str) -> tuple[Period, int] | None:
    """The stretch in which a membership counts, with its days of grace; None where it does not."""
    return row.counts(row.ended_at.astimezone(ZoneInfo(zone)).date() if row.ended_at else None)


def with_grace(counted: tuple[Period, int]) -> date:
    """The day from which a stretch counts no more."""
    period, grace_days = counted
    assert period.until is not None  # a membership ends
    return period.until + timedelta(days=grace_days)


def memberships_of(person_ids: Iterable[UUID]) -> Mapping[UUID, tuple[Period, ...]]:
    """When each of these people was, is, and will be a member, by what is paid for and its grace; of any association here.

    Somebody of whom nothing counts is left out.
    """
    rows = Membership.objects.filter(
        Q(settled_on__isnull=False) | Q(reopened_on__isnull=False), person__in=list(person_ids)
    ).select_related("association")
    found: dict[UUID, list[tuple[Period, int]]] = defaultdict(list)
    for row in rows:
        if (one := counting(row, row.association.zone)) is not None:
            found[row.person_id].append(one)
    return {person: periods.counted(one) for person, one in found.items()}


def members(person_ids: Iterable[UUID], on: date) -> frozenset[UUID]:
    """Who of these people is a member on a day."""
    there = memberships_of(person_ids)
    return frozenset(person for person, held in there.items() if any(one.holds_on(on) for one in held))


def invoice_of(pk: UUID) -> Invoice | None:
    """The bill of this id, while it can be cancelled."""
    return Invoice.objects.filter(pk=pk).first()


def member_at(association: Organization, mail: str, given_name: str, family_name: str) -> Member | None:
    """The member of this name at this address. One mailbox may be several people's, so the name counts."""
    contacts = Contact.in_use(channel=Contact.Channel.MAIL, address__iexact=mail.strip())
    rows = Member.objects.filter(association=association, person__in=contacts.values("person")).select_related("person")
    wanted = sorted(text.tokens(f"{given_name} {family_name}"))
    return next((row for row in rows if sorted(text.tokens(row.person.name)) == wanted), None)


# What the reminders ask


def reminded_of(member_ids: Iterable[UUID]) -> dict[UUID, list[Reminded]]:
    found: dict[UUID, list[Reminded]] = defaultdict(list)
    for row in Reminded.objects.filter(member__in=list(member_ids)).order_by("created_at", "pk"):
        found[row.member_id].append(row)
    return found


def followed(rows: Iterable[Member]) -> set[UUID]:
    """Those of these members who have bought what follows, paid or not."""
    there = {(one.person_id, one.association_id): one for one in rows}
    people = [person for person, _association in there]
    waiting = Membership.objects.filter(person__in=people, ended_at=None, settled_on=None, reopened_on=None)
    return {
        one.pk
        for person, association, until in waiting.values_list("person", "association", "until")
        if (one := there.get((person, association))) is not None and (one.paid_until is None or until > one.paid_until)
    }


def owing(member: Member, *, has_next: bool, sent: Iterable[Reminded]) -> Owing | None:
    """What the reminders ask about a member; None where nothing was ever paid."""
    if member.paid_until is None or member.counts_until is None:
        return None
    return Owing(
        paid_until=member.paid_until,
        counts_until=member.counts_until,
        has_next=has_next,
        has_left=member.left_on is not None,
        stopped=member.stops_letters,
        sent=tuple(Reminder(one.kind) for one in sent if one.about_until == member.paid_until),
    )


# The list of members

A_DAY = timedelta(days=1)
AT_ONCE = 50  # on one page
FEW = 500  # found by so many or fewer, they are put in order by themselves; of more, the order of all is walked


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list of members is narrowed by. after: the sort key and the id of the last one shown before."""

    words: str = ""
    state: str = ""
    level: UUID | None = None
    agency: UUID | None = None
    after: tuple[str, UUID] | None = None


def found(rows: models.QuerySet[Member], association: Organization, sought: Sought, on: date) -> list[Member]:
    """A page of members by name, with one more where there are more. Reads no more for a longer list: an index leads to what
    is rare, and where much is found the order by name is walked until the page is full."""
    narrowed = rows.filter(association=association).filter(*_conditions(association, sought, on))
    after = sought.after
    beyond = narrowed.filter(Q(sorts_as__gt=after[0]) | Q(sorts_as=after[0], pk__gt=after[1])) if after else narrowed
    if sought.words or sought.state or sought.agency:
        few = list(narrowed.order_by().values_list("pk", flat=True)[: FEW + 1])
        if len(few) <= FEW:
            beyond = beyond.filter(pk__in=few)
    page = list(beyond.select_related("person", "level").order_by("sorts_as", "pk")[: AT_ONCE + 1])
    for one in page:
        one.association = association  # known already: nobody asks for it once a row
    return page


def _conditions(association: Organization, sought: Sought, on: date) -> Iterable[Q]:
    for token in sorted({one[:80] for one in text.tokens(sought.words)}, key=len, reverse=True):
        tokens = NameToken.objects.filter(organization=association, token__starts=token)
        yield Q(person__in=tokens.values("person"))
    if sought.state:
        yield in_state(State(sought.state), on)
    if sought.level:
        yield Q(level=sought.level)
    if sought.agency:
        yield Q(Exists(Belonging.objects.filter(member=OuterRef("pk"), agency=sought.agency, until=None)))


def in_state(state: State, on: date) -> Q:
    """Members who stand so on a day, as `standing.Standing.on` says of one."""
    return {
        State.PENDING: Q(counts_until=None),
        State.ACTIVE: Q(counts_until__gt=on, paid_until__gt=on),
        State.GRACE: Q(counts_until__gt=on, paid_until__lte=on),
        State.LAPSED: Q(counts_until__lte=on),
    }[state]


# The directory


def said_of(entry: Entry) -> dict[str, str]:
    """What an entry could show, as it is searched: endorsement is asked when it is read."""
    agencies = entry.member.belongings.filter(until=None).select_related("agency")
    return {
        "agency": ", ".join(one.name for one in agencies),
        "city": entry.city,
        "languages": ", ".join(LANGUAGES[code] for code in entry.languages.split() if code in LANGUAGES),
        "offers": entry.offers,
    }


def endorsed(people: Iterable[UUID], on: date) -> Mapping[UUID, frozenset[str]]:
    """What these people hold of endorsement, where that is known here."""
    return house.endorsed(people, on)


def is_member_of(association: Organization, person: UUID, on: date) -> bool:
    return Member.objects.filter(
        association=association, person=person, counts_until__gt=on, paid_until__isnull=False
    ).exists()


def entries(
    association: Organization, audiences: Iterable[str], words: Iterable[str], on: date
) -> models.QuerySet[Entry]:
    """What stands in the directory for some, found by the beginnings of words; of those who are members today."""
    rows = Entry.objects.filter(
        audience__in=list(audiences),
        member__association=association,
        member__counts_until__gt=on,
        member__left_on=None,
        member__person__erased_at=None,
    )
    for word in words:
        rows = rows.filter(found_by__contains=word)
    return rows.select_related("member__person", "member__association").order_by("member__sorts_as", "pk")


# Agencies


def names_paid_for(bundle: Bundle) -> tuple[list[str], int]:
    """The names that an agency pays for while they work there, and how many places went to people who have left it."""
    given = bundle.given.exclude(ended_why=Membership.Why.CHANGED).select_related("person")
    still = set(
        Belonging.objects.filter(agency=bundle.agency, until=None, member__association=bundle.association).values_list(
            "member__person", flat=True
        )
    )
    names = sorted(one.person.name for one in given if one.person_id in still)
    return names, len(given) - len(names)


def levels_open(association: Organization) -> models.QuerySet[Level]:
    """What people buy by themselves."""
    return Level.objects.filter(association=association, is_open=True, for_agencies=False).order_by("cents", "name")


def member_ids(bundle: Bundle) -> dict[UUID, UUID]:
    """The members who have a place, by their person."""
    rows = Member.objects.filter(association=bundle.association, person__in=bundle.given.values("person"))
    return dict(rows.values_list("person", "pk"))
