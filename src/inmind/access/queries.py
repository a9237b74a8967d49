"""Reads of accounts, roles and the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from inmind.access import policy, vault
from inmind.access.actors import Actor, Standing
from inmind.access.models import Account, AuditEntry, InstallationMark, RoleAssignment, SignInLink
from inmind.access.roles import AT_AN_AGENCY, ROLES, given_where
from inmind.foundation import clock, text
from inmind.people.models import Organization, Person

FACTORS = "account_authentication_methods"  # where allauth notes how a session signed in, and of whom
FACTORS_OF = "account_authentication_methods_user"
BOTH_FACTORS = "inmind_both_factors"  # set by a demonstration's link only


def actor_for(account: Account, *, second_factor: bool = False) -> Actor:
    """The actor of an account, with the roles it holds today; a closed account holds none."""
    held = (
        RoleAssignment.today(clock.today(settings.INSTALLATION.zone))
        .filter(account=account, account__is_active=True)
        .select_related("organization")
    )
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
            for row in held.order_by("since", "pk")
            if row.role in ROLES
        ),
    )


def actor_of(request: Any) -> Actor:
    """The actor of a signed-in session; roles are read anew on each request, so a change acts at once."""
    account = request.user
    return actor_for(account, second_factor=has_second_factor(request))


def has_second_factor(request: Any) -> bool:
    """Whether this session has shown a second factor (or a demonstration's link, which stands in for both)."""
    session = request.session
    if session.get(BOTH_FACTORS):
        return is_demo() and settings.ON_LOOPBACK
    return "mfa" in methods_of(session, request.user)


def methods_of(session: Any, account: Account) -> list[str]:
    """How a session has shown that it is this account's, in order: password, link, mfa."""
    if session.get(FACTORS_OF) != str(account.pk):
        return []
    return [record.get("method", "") for record in session.get(FACTORS, [])]


def forget_second_factor(session: Any) -> None:
    """Let a session count as having shown one factor only."""
    session.pop(BOTH_FACTORS, None)
    session[FACTORS] = [
        {**record, "method": "mfa, ended"} if record.get("method") == "mfa" else record
        for record in session.get(FACTORS, [])
    ]


def is_demo() -> bool:
    """Whether this database is marked as a demonstration."""
    return InstallationMark.objects.filter(is_demo=True).exists()


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
    here = given_where("families" in settings.INSTALLATION.rooms)
    agency = organization.kind == Organization.Kind.AGENCY
    return tuple(key for key in here if key in AT_AN_AGENCY or not agency)


def free_username(given_name: str, family_name: str) -> str:
    """A username made of a name, not taken yet: its folded words joined by dots, with a number where needed."""
    words = [word for word in text.tokens(f"{given_name} {family_name}") if word.isascii()]
    base = ".".join(words)[:50] if len("".join(words)) > 1 else "worker"
    taken = set(Account.objects.filter(username__startswith=base).values_list("username", flat=True))
    numbered = (f"{base}{number}" for number in count(2))
    return base if base not in taken else next(name for name in numbered if name not in taken)


def staff_of(actor: Actor, organization: Organization) -> list[RoleAssignment]:
    """The roles held at an organization today that this actor may see, by name."""
    held = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(organization=organization)
    rows = policy.visible(actor, held.select_related("account__person"), "access.see_people")
    return sorted(rows, key=lambda row: (text.folded(row.account.person.name), row.role))


@dataclass(frozen=True, slots=True)
class Look:
    """One time that somebody looked at, changed or was refused a record: role and agency, and who, for those who may know."""

    at: datetime
    role: str
    organization: str
    person: str
    verb: str
    outcome: str


def lookers(subjects: list[tuple[str, UUID]], *, limit: int = 200) -> list[Look]:
    """Who looked at these subjects, newest first."""
    about = models.Q()
    for kind, ref in subjects:
        about |= models.Q(kind=kind, ref=ref)
    from inmind.access.models import AuditSubject

    seqs = (
        AuditSubject.objects.filter(about).order_by("-entry").values_list("entry", flat=True)[: limit * len(subjects)]
    )
    entries = list(AuditEntry.objects.filter(seq__in=list(dict.fromkeys(seqs))[:limit]).order_by("-seq"))
    people = Person.objects.in_bulk({entry.person for entry in entries if entry.person})
    places = Organization.objects.in_bulk(_places(entries))
    return [
        Look(
            at=entry.at,
            role=ROLES[entry.role].name if entry.role in ROLES else "",
            organization=places[place].name if (place := entry.organization) in places else "",
            person=people[entry.person].name if entry.person in people else "",
            verb=entry.verb,
            outcome=entry.outcome,
        )
        for entry in entries
    ]


def _places(entries: list[AuditEntry]) -> set[UUID]:
    return {entry.organization for entry in entries if entry.organization}
