"""Reads of accounts, roles and the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from inmind.access.actors import Actor, Standing
from inmind.access.models import Account, AuditEntry, InstallationMark, RoleAssignment
from inmind.access.roles import ROLES
from inmind.foundation import clock
from inmind.people.models import Organization, Person

FACTORS = "account_authentication_methods"  # where allauth notes how a session signed in
BOTH_FACTORS = "inmind_both_factors"  # set by a demonstration's link only


def actor_for(account: Account, *, second_factor: bool = False) -> Actor:
    """The actor of an account, with the roles it holds today."""
    held = (
        RoleAssignment.today(clock.today(settings.INSTALLATION.zone))
        .filter(account=account)
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
    if request.session.get(BOTH_FACTORS):
        return is_demo()
    return any(method.get("method") == "mfa" for method in request.session.get(FACTORS, []))


def is_demo() -> bool:
    """Whether this database is marked as a demonstration."""
    return InstallationMark.objects.filter(is_demo=True).exists()


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
