"""Reads of an association: who is a member on a day, and how lists find them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from inmind.access.models import Account
from inmind.association import periods
from inmind.association.directory import LANGUAGES
from inmind.association.models import (
    Belonging,
    Bundle,
    Entry,
    Label,
    Level,
    Member,
    Membership,
    Reminded,
    ReminderDays,
)
from inmind.association.standing import Owing, Plan, Reminder, State
from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.registries import house
from inmind.foundation.values import Period
from inmind.messages.models import Letter
from inmind.messages.outcomes import Problem
from inmind.money.models import Invoice
from inmind.people.models import Contact, NameToken, Organization, Person
from inmind.people.reaching import check_mail


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


def paid_through(person: UUID, on: date) -> date | None:
    """The last day that is paid for of the membership in which somebody stands on a day, its grace not counted; None: none."""
    stretch = next((one for one in memberships_of([person]).get(person, ()) if one.holds_on(on)), None)
    if stretch is None:
        return None
    rows = Membership.objects.filter(
        Q(settled_on__isnull=False) | Q(reopened_on__isnull=False), person=person
    ).select_related("association")
    ends = [
        one[0].until - A_DAY
        for row in rows
        if (one := counting(row, row.association.zone)) is not None
        and one[0].until is not None
        and stretch.since <= one[0].since
        and (stretch.until is None or one[0].since < stretch.until)
    ]
    return max(ends, default=None)


def members(person_ids: Iterable[UUID], on: date) -> frozenset[UUID]:
    """Who of these people is a member on a day."""
    there = memberships_of(person_ids)
    return frozenset(person for person, held in there.items() if any(one.holds_on(on) for one in held))


def invoice_of(pk: UUID) -> Invoice | None:
    """The bill of this id, while it can be cancelled."""
    return Invoice.objects.filter(pk=pk).first()


def member_at(association: Organization, mail: str, given_name: str, family_name: str) -> Member | None:
    """The member of this name at this address. One mailbox may be several people's, so the name counts."""
    rows = Member.objects.filter(association=association, person__in=_readers(mail)).select_related("person")
    wanted = sorted(text.tokens(f"{given_name} {family_name}"))
    return next((row for row in rows if sorted(text.tokens(row.person.name)) == wanted), None)


def person_at(mail: str, given_name: str, family_name: str) -> Person | None:
    """Who of this name has an account in this house and reads mail at this address."""
    rows = Person.objects.filter(pk__in=_readers(mail), account__is_active=True, erased_at=None).order_by("created_at")
    wanted = sorted(text.tokens(f"{given_name} {family_name}"))
    return next((one for one in rows if sorted(text.tokens(one.name)) == wanted), None)


def _readers(mail: str) -> models.QuerySet[Contact, UUID]:
    ways = Contact.in_use(channel=Contact.Channel.MAIL, address__iexact=mail.strip())
    return ways.values_list("person", flat=True)


# What the reminders ask


def plan_of(association: UUID) -> Plan:
    """When the letters of an association leave: as it says, else as we do."""
    said = ReminderDays.objects.filter(association=association).first()
    return Plan(said.before_days, said.last_days) if said is not None else Plan()


def reminded_of(member_ids: Iterable[UUID]) -> dict[UUID, list[Reminded]]:
    found: dict[UUID, list[Reminded]] = defaultdict(list)
    for row in Reminded.objects.filter(member__in=list(member_ids)).order_by("created_at", "pk"):
        found[row.member_id].append(row)
    return found


def followed(rows: Iterable[Member]) -> set[UUID]:
    """Those of these members who have bought what follows, and have not paid it yet."""
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


# Accounts, and whether letters arrive


class Reach(StrEnum):
    """Whether letters reach a member by mail, and why not."""

    GOES = "goes"
    UNASKED = "unasked"  # an address is known, and nobody has asked whether it is safe to write there
    UNSAFE = "unsafe"
    NONE = "none"  # no address is known


def _mail(safe: bool | None) -> Exists:
    ways = Contact.in_use(channel=Contact.Channel.MAIL, person=OuterRef("person"))
    return Exists(ways.filter(safe__isnull=True) if safe is None else ways.filter(safe=safe))


def reach_is(reach: Reach) -> Q:
    """Members whom letters reach so."""
    goes, unasked, unsafe = Q(_mail(True)), Q(_mail(None)), Q(_mail(False))
    return {
        Reach.GOES: goes,
        Reach.UNASKED: ~goes & unasked,
        Reach.UNSAFE: ~goes & ~unasked & unsafe,
        Reach.NONE: ~goes & ~unasked & ~unsafe,
    }[reach]


def reach_of(member: Member) -> Reach:
    ways = Contact.in_use(channel=Contact.Channel.MAIL, person=member.person_id)
    said = set(ways.values_list("safe", flat=True))
    for safe, reach in ((True, Reach.GOES), (None, Reach.UNASKED), (False, Reach.UNSAFE)):
        if safe in said:
            return reach
    return Reach.NONE


def reached(member: Member) -> bool:
    return reach_of(member) is Reach.GOES


def phones_of(person: UUID) -> list[Contact]:
    """The numbers of somebody that are in use."""
    return list(Contact.in_use(person=person, channel__in=("phone", "text")).order_by("created_at", "pk"))


def unread_of(person: UUID) -> list[str]:
    """What stood in a file as a mail address of somebody and is none."""
    ended = Contact.objects.filter(person=person, channel=Contact.Channel.MAIL, ended_at__isnull=False)
    said = ended.order_by("created_at", "pk").values_list("address", flat=True)
    return [one for one in said if not is_address(one)]


def is_address(said: str) -> bool:
    try:
        check_mail(said)
    except BadInput:
        return False
    return True


def has_no_account() -> Q:
    return Q(person__account=None, person__erased_at=None, person__merged_into=None)


def without_account(association: Organization, on: date) -> models.QuerySet[Member]:
    """Members of today, or who joined and have not paid yet, who have no account and have not left."""
    rows = Member.objects.filter(has_no_account(), association=association, left_on=None)
    return rows.exclude(in_state(State.LAPSED, on))


def to_invite(association: Organization, on: date) -> models.QuerySet[Member]:
    """Those of them whom a letter reaches."""
    return without_account(association, on).filter(reach_is(Reach.GOES))


def account_of(person: UUID) -> Account | None:
    return Account.objects.filter(person=person).first()


# The list of members

A_DAY = timedelta(days=1)
AT_ONCE = 50  # on one page
FEW_NAMES = 12  # of those who share a mailbox
FEW = 3_000  # so many or fewer are put in order by themselves; of more, the order of all is walked


class Look(StrEnum):
    """What of a member is worth a look: no account, or letters that do not arrive, for any reason or for one."""

    ACCOUNT = "account"
    LETTER = "letter"
    BOUNCED = "bounced"
    UNASKED = Reach.UNASKED.value
    UNSAFE = Reach.UNSAFE.value
    NONE = Reach.NONE.value


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list of members is narrowed by. after: the sort key and the id of the last one shown before."""

    words: str = ""
    state: str = ""
    level: UUID | None = None
    agency: UUID | None = None
    label: str = ""
    look: str = ""
    after: tuple[str, UUID] | None = None


def found(rows: models.QuerySet[Member], association: Organization, sought: Sought, on: date) -> list[Member]:
    """A page of members by name, with one more where there are more. Reads no more for a longer list: an index leads to what
    is rare, and where much is found the order by name is walked until the page is full."""
    there, leads, looks = rows.filter(association=association), [*_leading(association, sought)], [*_looking(sought)]
    works = {"belongings__agency": sought.agency, "belongings__until": None} if sought.agency else {}
    if leads or works or sought.state:
        # A name, a label or an agency leads to them; where none is sought, an index of the day or of the level.
        led = _narrowed(there.filter(*leads, *looks, **works), sought, on, led=bool(leads or works))
        keys = list(led.values_list("sorts_as", "pk")[: FEW + 1])
        if len(keys) <= FEW:
            return _page(there.filter(pk__in=_cut(keys, sought.after)).order_by("sorts_as", "id"), association)
    if works:
        leads.append(Q(Exists(Belonging.objects.filter(member=OuterRef("pk"), agency=sought.agency, until=None))))
    if sought.level:
        leads.append(Q(level=sought.level))
    walked = _narrowed(there.filter(*leads, *looks), replace(sought, level=None), on, led=True)
    return _page(following(walked, sought.after), association)


def _cut(keys: list[tuple[str, UUID]], after: tuple[str, UUID] | None) -> list[UUID]:
    """Those of a page, by sort key and id, as the database orders both."""
    keys.sort()
    start = bisect_right(keys, after) if after is not None else 0
    return [pk for _sorts_as, pk in keys[start : start + AT_ONCE + 1]]


# What a line of the list is made of.
SHOWN = (
    *("association", "level", "paid_until", "counts_until", "left_on", "sorts_as"),
    *("person__given_name", "person__family_name", "person__erased_at"),
)


def _page(rows: models.QuerySet[Member], association: Organization) -> list[Member]:
    page = list(rows.select_related("person").only(*SHOWN)[: AT_ONCE + 1])
    levels = Level.objects.in_bulk({one.level_id for one in page if one.level_id})
    for one in page:  # both are known already: nobody asks for them once a row
        one.association = association
        one.level = levels.get(one.level_id)
    return page


def following(rows: models.QuerySet[Member], after: tuple[str, UUID] | None) -> models.QuerySet[Member]:
    """Members by name, from the one on that was the last before. An index begins there: a choice of two would be asked of each
    row from the first on."""
    if after is not None:
        rows = rows.filter(Q(sorts_as__gt=after[0]) | Q(id__gt=after[1]), sorts_as__gte=after[0])
    return rows.order_by("sorts_as", "id")


def _read(rows: models.QuerySet[Member], *names: str) -> models.QuerySet[Member]:
    """These columns once more as `NAME_read`, by which no index leads: something else does, and SQLite would take one of them
    for it, and read all of a level to find a rare name, or put all who have paid in order."""
    return rows.alias(**{f"{name}_read": Coalesce(name, name) for name in names})


def _named(association: Organization, sought: Sought) -> list[Q]:
    """The people to whom each word leads."""
    words = sorted({one[:80] for one in text.tokens(sought.words)}, key=len, reverse=True)
    tokens = (NameToken.objects.filter(organization=association, token__starts=word) for word in words)
    return [Q(person__in=rows.values("person")) for rows in tokens]


def _leading(association: Organization, sought: Sought) -> Iterable[Q]:
    """What leads to few: each word of a name, a label, a letter that did not arrive."""
    yield from _named(association, sought)
    if sought.label:
        yield Q(person__in=Label.objects.filter(association=association, said=sought.label).values("person"))
    if sought.look == Look.BOUNCED:
        yield Q(person__in=bounced().values("to"))


def _looking(sought: Sought) -> Iterable[Q]:
    """What is asked of each, and leads to nobody: no account, letters that reach nobody."""
    if sought.look == Look.ACCOUNT:
        yield has_no_account()
    elif sought.look == Look.LETTER:
        yield ~reach_is(Reach.GOES)
    elif sought.look in set(Reach):
        yield reach_is(Reach(sought.look))


def _narrowed(rows: models.QuerySet[Member], sought: Sought, on: date, *, led: bool) -> models.QuerySet[Member]:
    """Those of a level and a standing. led: something else leads to them."""
    paid, counts, level = named = ("paid_until", "counts_until", "level")
    if led:
        rows = _read(rows, *named)
        paid, counts, level = (f"{name}_read" for name in named)
    if sought.state:
        rows = rows.filter(in_state(State(sought.state), on, paid, counts))
    return rows.filter(**{level: sought.level}) if sought.level else rows


LONGEST_GRACE = timedelta(days=periods.MOST_GRACE_DAYS)


def in_state(state: State, on: date, paid: str = "paid_until", counts: str = "counts_until") -> Q:
    """Members who stand so on a day, as `standing.Standing.on` says of one. By the day until which they have paid, so that
    an index leads to those in grace, who are few."""
    days: Mapping[State, dict[str, date | None]] = {
        State.PENDING: {paid: None},
        State.ACTIVE: {f"{paid}__gt": on},
        State.GRACE: {f"{paid}__lte": on, f"{paid}__gt": on - LONGEST_GRACE, f"{counts}__gt": on},
        State.LAPSED: {f"{paid}__lte": on, f"{counts}__lte": on},
    }
    return Q(*days[state].items())


def agencies_of(association: Organization) -> list[tuple[UUID, str]]:
    """Where members of an association work, by name. Each agency is asked once whether it has one: there are few of them."""
    works = Belonging.objects.filter(agency=OuterRef("pk"), until=None, member__association=association)
    return list(Organization.objects.filter(Exists(works)).order_by("name").values_list("pk", "name"))


# Where members are written to


def bounced() -> models.QuerySet[Letter]:
    """Letters that a mailbox did not take, where none has left since and no other address was said since."""
    later = Letter.objects.filter(to=OuterRef("to"), sent_by="mail", sent_at__gt=OuterRef("failed_at"))
    newer = Contact.in_use(person=OuterRef("to"), channel=Contact.Channel.MAIL, created_at__gt=OuterRef("failed_at"))
    failed = Letter.objects.filter(to__isnull=False, problem=Problem.NOT_TAKEN.value, failed_at__isnull=False)
    return failed.exclude(Exists(later)).exclude(Exists(newer))


def is_served(person: UUID) -> bool:
    """Whether an agency serves somebody's family: how to write to them safely is kept there, and not an association's to read."""
    return person in served([person])


def served(people: Iterable[UUID]) -> set[UUID]:
    """Those of these people."""
    ids = list(people)
    return {person for told in house.serving for person, places in told(ids).items() if places}


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address of a member. shared_with: other members of the association who have it, too."""

    contact: Contact
    shared_with: tuple[str, ...] = ()


def mailboxes_of(member: Member) -> list[Mailbox]:
    """The addresses of a member, in the order in which letters take them."""
    rows = list(Contact.in_use(person=member.person_id, channel=Contact.Channel.MAIL).order_by("created_at", "pk"))
    found = []
    for row in rows:
        others = Contact.in_use(channel=Contact.Channel.MAIL, address__iexact=row.address).exclude(
            person=member.person_id
        )
        there = Member.objects.filter(association=member.association_id, person__in=others.values("person"))
        found.append(
            Mailbox(
                row, tuple(one.person.name for one in there.select_related("person").order_by("sorts_as")[:FEW_NAMES])
            )
        )
    return found


def labels_of(member: Member) -> list[str]:
    rows = Label.objects.filter(association=member.association_id, person=member.person_id)
    return list(rows.order_by("said").values_list("said", flat=True))


def labels(association: Organization) -> list[tuple[str, int]]:
    """The labels of an association's members, and how many have each."""
    rows = Label.objects.filter(association=association).values("said").annotate(count=models.Count("pk"))
    return list(rows.order_by("said").values_list("said", "count"))


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


def places_given(bundle: Bundle) -> models.QuerySet[Membership]:
    """The places of an agency that are used up: whoever left keeps theirs, what was given by mistake is free again."""
    return bundle.given.exclude(ended_why__in=(Membership.Why.CHANGED, Membership.Why.MISTAKE))


def names_paid_for(bundle: Bundle) -> tuple[list[str], int]:
    """The names that an agency pays for while they work there, and how many places went to people who have left it."""
    given = places_given(bundle).select_related("person")
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
