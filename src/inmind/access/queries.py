"""Reads of accounts, roles and the trail."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.translation import gettext as _

from inmind.access import devices, policy, vault
from inmind.access.actors import Actor, Standing
from inmind.access.looks import Look, whole_days
from inmind.access.models import (
    Account,
    AuditEntry,
    AuditSubject,
    InstallationMark,
    OfficeLink,
    RoleAssignment,
    SignInLink,
    SignOn,
    SignOnLink,
)
from inmind.access.roles import AT_AN_AGENCY, AT_AN_ASSOCIATION, ROLES, given_where
from inmind.access.sessions import kept
from inmind.foundation import clock, text
from inmind.foundation.models import asked_again
from inmind.foundation.registries import house
from inmind.people.models import Contact, NameToken, Organization, Person

FACTORS = "account_authentication_methods"  # where allauth notes how a session signed in, and of whom
AGENCY = "agency"  # how a session notes that it came by an agency's own sign-in
MARK = 6  # letters of an id
FACTORS_OF = "account_authentication_methods_user"
BY_OFFICE = "program_by_link"  # the role in which an office's link opens something
BOTH_FACTORS = "inmind_both_factors"  # set by a demonstration's link only


def actor_for(account: Account, *, second_factor: bool = False) -> Actor:
    """The actor of an account, with the roles it holds today; a closed account holds none."""
    held = _held(account=account.pk, on=clock.today(settings.INSTALLATION.zone))
    return Actor(
        kind="user",
        id=str(account.pk),
        person=account.person_id,
        account=account.pk,
        name=account.person.name,
        second_factor=second_factor,
        standings=tuple(
            Standing(
                role=row.role,
                organization=row.organization_id,
                person=account.person_id,
                organization_name=row.organization.name if row.organization else "",
            )
            for row in held
            if row.role in ROLES
        ),
    )


@asked_again
def _held(*, account: UUID, on: date) -> models.QuerySet:
    held = RoleAssignment.today(on).filter(account=account, account__is_active=True)
    return held.select_related("organization").order_by("since", "pk")


def actor_of(request: Any) -> Actor:
    """The actor of a signed-in session; roles are read anew on each request, so a change acts at once."""
    account = request.user
    return actor_for(account, second_factor=has_second_factor(request))


def has_second_factor(request: Any) -> bool:
    """Whether this session has shown a second factor (or a demonstration's link, which stands in for both)."""
    session = request.session
    if session.get(BOTH_FACTORS):
        return is_demo() and settings.ON_LOOPBACK
    return any(
        one.get("method") == "mfa" or (one.get("method") == AGENCY and one.get("both"))
        for one in _records(session, request.user)
    )


def methods_of(session: Any, account: Account) -> list[str]:
    """How a session has shown that it is this account's, in order: password, link, agency, mfa."""
    return [record.get("method", "") for record in _records(session, account)]


def _records(session: Any, account: Account) -> list[dict[str, Any]]:
    return session.get(FACTORS, []) if session.get(FACTORS_OF) == str(account.pk) else []


def signed_on_at(session: Any, account: Account) -> UUID | None:
    """The agency by whose own sign-in a session came; None for one that came the usual way."""
    came = [one["organization"] for one in _records(session, account) if one.get("method") == AGENCY]
    return UUID(came[-1]) if came else None


def works_at_alone(actor: Actor, organization: UUID) -> bool:
    """Whether every role of today is held at this organization: then its own sign-in may open the whole account."""
    return {standing.organization for standing in actor.standings} == {organization}


def sign_ons_of(actor: Actor) -> list[tuple[SignOn, bool]]:
    """The sign-ins of the agencies where somebody works, and whether her account is linked to each."""
    at = {standing.organization for standing in actor.standings}
    rows = SignOn.objects.filter(organization__in=at).select_related("organization").order_by("organization__name")
    linked = set(SignOnLink.objects.filter(account=actor.account).values_list("sign_on", flat=True))
    return [(one, one.pk in linked) for one in rows]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session of an account that goes on. `mark` names it without telling its key; `key` never leaves the house."""

    key: str
    mark: str
    browser: str
    device: str
    since: datetime
    last_seen: datetime


def sessions_of(account: Account) -> list[SignedIn]:
    """The sessions of an account that would still be let in, newest first.

    They are read from all that are stored, because a session tells whose it is only when it is opened; those of a house
    are few.
    """
    moment = clock.now()
    now, auth_hash = int(moment.timestamp()), account.get_session_auth_hash()
    found = []
    for row in Session.objects.filter(expire_date__gt=moment).iterator():
        data = row.get_decoded()
        if data.get(SESSION_KEY) != str(account.pk) or data.get(HASH_SESSION_KEY) != auth_hash:
            continue
        since, seen = data.get("signed_in_at", now), data.get("last_seen", now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - since > settings.SESSION_COOKIE_AGE:
            continue
        browser, device = data.get("device", (devices.SOME_BROWSER, devices.SOME_DEVICE))
        times = (datetime.fromtimestamp(one, UTC) for one in (since, seen))
        found.append(SignedIn(row.session_key, row.session_key, browser, device, *times))
    return sorted(found, key=lambda one: one.since, reverse=True)


def mark_of(key: str) -> str:
    """By what a session is named on a page, and kept in its table: a hash that lets nobody in."""
    return kept(key)


def forget_second_factor(session: Any) -> None:
    """Let a session count as having shown one factor only."""
    session.pop(BOTH_FACTORS, None)
    session[FACTORS] = [
        {**record, "both": False, "method": "mfa, ended" if record.get("method") == "mfa" else record.get("method")}
        for record in session.get(FACTORS, [])
    ]


def is_demo() -> bool:
    """Whether this database is marked as a demonstration."""
    return bool(_demos())


@asked_again
def _demos() -> models.QuerySet:
    return InstallationMark.objects.filter(is_demo=True)


def open_link(secret: str) -> SignInLink | None:
    """The link of this secret while it can still be used; reading it does not use it."""
    link = SignInLink.objects.select_related("account__person").filter(secret_hash=hash_of(secret)).first()
    return link if link is not None and is_open(link) else None


def account_of_link(secret: str) -> Account | None:
    """Whose link this is or was; None for a secret that nobody was given."""
    return Account.objects.filter(links__secret_hash=hash_of(secret)).first()


def is_open(link: SignInLink) -> bool:
    if link.purpose == SignInLink.Purpose.DEMO and not (is_demo() and settings.ON_LOOPBACK):
        return False
    return link.used_at is None and clock.now() < link.expires_at


def hash_of(secret: str) -> str:
    return vault.keyed_hash("sign-in link", secret.encode())


def roles_given_at(organization: Organization) -> tuple[str, ...]:
    """The roles that are given by invitation at an organization of this house."""
    rooms = settings.INSTALLATION.rooms
    here = given_where("families" in rooms, "association" in rooms)
    if organization.kind == Organization.Kind.AGENCY:
        return tuple(key for key in here if key in AT_AN_AGENCY)
    if organization.kind == Organization.Kind.ASSOCIATION:
        return tuple(key for key in here if key not in AT_AN_AGENCY)
    return here


def roles_to_give(actor: Actor, organization: Organization) -> tuple[str, ...]:
    """Those of them that this actor may give: the roles of the whole house only who runs it."""
    runs_the_house = any(standing.role in {"administrator", "operator"} for standing in actor.standings)
    bounded = (*AT_AN_AGENCY, *AT_AN_ASSOCIATION)
    return tuple(key for key in roles_given_at(organization) if runs_the_house or key in bounded)


def named_by(typed: str) -> tuple[UUID | None, UUID | None]:
    """The account that somebody means by a username, or by a safe mail address that one open account alone has; where several
    have it, the way (`Contact`) by which that mailbox is known instead. One question, whatever is typed."""
    said = typed.strip().lower()
    if "@" not in said:  # no username has one
        return Account.objects.filter(username=said).order_by().values_list("pk", flat=True).first(), None
    ways = Contact.in_use(channel=Contact.Channel.MAIL, safe=True, address__iexact=said)
    rows = ways.filter(person__account__is_active=True).order_by("pk").values_list("person__account", "pk")[:2]
    match list(rows):
        case [(account, _way)]:
            return account, None
        case [(_account, way), *_more]:
            return None, way
    return None, None


def free_username(given_name: str, family_name: str) -> str:
    """A username made of a name, not taken yet: its folded words joined by dots, with a number where needed."""
    words = [word for word in text.tokens(f"{given_name} {family_name}") if word.isascii()]
    base = ".".join(words)[:50] if len("".join(words)) > 1 else "worker"
    taken = set(Account.objects.filter(username__startswith=base).values_list("username", flat=True))
    numbered = (f"{base}{number}" for number in count(2))
    return base if base not in taken else next(name for name in numbered if name not in taken)


def kept_people(actor: Actor, words: str, verb: str, *, whole: bool = False, limit: int = 20) -> list[Person]:
    """People whose names hold words that begin so (whole: that are these words), among those this verb reaches, by name.

    Names are found only where they are listed: at the organizations where the actor holds a role.
    """
    tokens = sorted({token[:80] for token in text.tokens(words)}, key=len, reverse=True)
    if not tokens:
        return []
    at = {standing.organization for standing in actor.standings if standing.organization}
    match = "token" if whole else "token__starts"
    found = NameToken.objects.filter(organization__in=at, **{match: tokens[0]})
    for token in tokens[1:]:
        other = NameToken.objects.filter(person=models.OuterRef("person_id"), **{match: token})
        found = found.filter(models.Exists(other))
    people = Person.objects.filter(pk__in=found.values("person_id"), merged_into__isnull=True)
    return list(policy.visible(actor, people, verb).distinct().order_by("given_name", "family_name", "pk")[:limit])


def workers_named(people: Iterable[Person]) -> list[tuple[str, str]]:
    """Workers to choose from, as a field takes them; those who share a name by their usernames, too."""
    told = {str(person.pk): (person.name,) for person in people}
    if len(set(told.values())) < len(told):
        of_account = Account.objects.filter(person__in=list(told)).values_list("person", "username")
        users = {str(person): username for person, username in of_account}
        return list(text.apart({pk: (*words, users.get(pk, "")) for pk, words in told.items()}).items())
    return [(pk, name) for pk, (name,) in told.items()]


def work_phones(people: Iterable[UUID]) -> dict[UUID, str]:
    """The work phones of those of them who have one, for their colleagues."""
    rows = Account.objects.filter(person__in=list(people)).exclude(work_phone="")
    return dict(rows.values_list("person", "work_phone"))


def said_of(actor: Actor, people: Iterable[Person], verb: str) -> dict[tuple[UUID, UUID], str]:
    """What the rooms say of each of these people, for each record in which she stands that this verb reaches."""
    ids = [one.pk for one in people]
    return {key: line for told in house.tells_apart if ids for key, line in told(actor, ids, verb).items() if line}


def told_apart(actor: Actor, people: Iterable[Person], verb: str) -> dict[UUID, str]:
    """A line for each of these people by which whoever may do this verb with them tells them apart: what the rooms say;
    where two of one name are alike even so, a mark of each record."""
    names = {one.pk: one.name for one in people}
    said: dict[UUID, list[str]] = defaultdict(list)
    for (person, _record), line in said_of(actor, people, verb).items():
        said[person].append(line)
    lines = {pk: " · ".join(dict.fromkeys(said[pk])) for pk in names}
    alike = Counter((name, lines[pk]) for pk, name in names.items())
    return {
        pk: " · ".join(filter(None, (line, mark_of_record(pk) if alike[names[pk], line] > 1 else "")))
        for pk, line in lines.items()
    }


def mark_of_record(pk: UUID) -> str:
    """By what a record is told from another in the last resort: the end of its id, which is chance."""
    return _("record %(mark)s") % {"mark": pk.hex[-MARK:]}


def staff_of(actor: Actor, organization: Organization) -> list[RoleAssignment]:
    """The roles held at an organization today that this actor may see, by name."""
    held = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(organization=organization)
    rows = policy.visible(actor, held.select_related("account__person"), "access.see_people")
    return sorted(rows, key=lambda row: (text.folded(row.account.person.name), row.role))


def lookers(
    subjects: list[tuple[str, UUID]],
    *,
    named_at: UUID | frozenset[UUID] | None,
    zone: str,
    before: int | None = None,
    most: int = 200,
    but: models.Q | None = None,
    whom: frozenset[str] = frozenset(),
) -> tuple[list[Look], int | None]:
    """A page of who looked at these subjects, newest first; and the number of its last entry, where older ones are kept.

    before: the number of the entry that the page begins below. A page parts no day (by a zone) that it can hold whole.
    named_at: the organization, or those, whose people are named. Of everybody else the role and the agency are shown, never the
    name: the list tells nobody who works at a shelter, or who reported something (`protect.md` 4).
    but: which of the entries' rows of subjects (`AuditSubject`) do not lead here. whom: verbs of which the adults are named.
    """
    about = models.Q()
    for kind, ref in subjects:
        about |= models.Q(kind=kind, ref=ref)
    rows = AuditSubject.objects.filter(about, **({"entry__lt": before} if before else {}))
    if but is not None:
        rows = rows.exclude(but)
    seqs = rows.order_by("-entry").values_list("entry", flat=True)[: (most + 1) * len(subjects)]
    entries = list(AuditEntry.objects.filter(seq__in=list(dict.fromkeys(seqs))[: most + 1]).order_by("-seq"))
    looks = _looks(entries, named_at, whom)
    shown = whole_days(looks, most, zone)
    return shown, shown[-1].seq if len(shown) < len(looks) else None


def done_lately(actor: Actor, verb: str, subjects: Iterable[tuple[str, UUID]], *, since: datetime) -> set[UUID]:
    """Those of these subjects with which this actor has done a verb since then, as the trail has it."""
    done = AuditSubject.objects.filter(
        entry__actor=actor.key, entry__verb=verb, entry__outcome=AuditEntry.Outcome.DONE, entry__at__gte=since
    )
    return {ref for kind, ref in subjects if done.filter(kind=kind, ref=ref).exists()}


def _looks(
    entries: list[AuditEntry], named_at: UUID | frozenset[UUID] | None, whom: frozenset[str] = frozenset()
) -> list[Look]:
    named = named_at if isinstance(named_at, frozenset) else {named_at}
    people = Person.objects.in_bulk({entry.person for entry in entries if entry.person})
    held = _held_by({entry.person for entry in entries if entry.person and not entry.role})
    stood = {entry.seq: _stood(entry, held) for entry in entries}
    places = Organization.objects.in_bulk({place for rows in stood.values() for _, place in rows if place})
    offices = _offices(entry for entry in entries if entry.role == BY_OFFICE)
    concerned = _concerned(entry for entry in entries if entry.verb in whom)
    return [
        Look(
            at=entry.at,
            roles=tuple(dict.fromkeys(role for role, _ in stood[entry.seq] if role in ROLES)),
            organizations=tuple(dict.fromkeys(places[place].name for _, place in stood[entry.seq] if place in places))
            if entry.role != BY_OFFICE
            else offices.get(entry.actor, ()),
            person=people[entry.person].name
            if entry.person in people and any(place is not None and place in named for _, place in stood[entry.seq])
            else "",
            verb=entry.verb,
            outcome=entry.outcome,
            reader=entry.actor,
            purpose=entry.purpose,
            seq=entry.seq,
            whom=concerned.get(entry.seq, ()),
        )
        for entry in entries
    ]


def _concerned(entries: Iterable[AuditEntry]) -> dict[int, tuple[str, ...]]:
    """The people whom entries concern, by the entry's number, in the order of their names; of who was erased no name is left."""
    seqs = [entry.seq for entry in entries]
    rows = list(AuditSubject.objects.filter(entry__in=seqs, kind="person").values_list("entry", "ref")) if seqs else []
    people = Person.objects.in_bulk({ref for _seq, ref in rows})
    found: dict[int, set[str]] = defaultdict(set)
    for seq, ref in rows:
        if ref in people and people[ref].name:
            found[seq].add(people[ref].name)
    return {seq: tuple(sorted(names, key=text.folded)) for seq, names in found.items()}


def _offices(entries: Iterable[AuditEntry]) -> dict[str, tuple[str, ...]]:
    """The offices behind links, by the trail's word for them: whoever sent the link did not open it."""
    actors = {entry.actor.removeprefix("link:") for entry in entries}
    links = list(OfficeLink.objects.filter(pk__in=actors)) if actors else []
    names: dict[UUID, str] = {}
    for purpose in {link.purpose for link in links} & house.office_names.keys():
        names |= house.office_names[purpose]({link.about for link in links if link.purpose == purpose})
    return {f"link:{link.pk}": (names[link.about],) for link in links if link.about in names}


def _stood(entry: AuditEntry, held: dict[UUID, list[RoleAssignment]]) -> list[tuple[str, UUID | None]]:
    """The role and place in which something was done; a refusal was in none, so that those held on its day stand there."""
    if entry.role or entry.person is None:
        return [(entry.role, entry.organization)]
    day = entry.at.astimezone(ZoneInfo(settings.INSTALLATION.zone)).date()
    return [
        (row.role, row.organization_id)
        for row in held.get(entry.person, ())
        if row.since <= day and (row.until is None or day <= row.until)  # held also on the day it ended
    ]


def _held_by(people: set[UUID]) -> dict[UUID, list[RoleAssignment]]:
    held: dict[UUID, list[RoleAssignment]] = {}
    rows = RoleAssignment.objects.filter(account__person__in=people).select_related("account").order_by("since", "pk")
    for row in rows:
        held.setdefault(row.account.person_id, []).append(row)
    return held
