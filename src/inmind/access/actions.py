"""Every change to accounts, roles and sign-in links."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings

from inmind.access import vault
from inmind.access.act import Act, action
from inmind.access.models import Account, InstallationMark, RoleAssignment, SignInLink
from inmind.access.queries import is_demo
from inmind.access.roles import AT_AN_AGENCY, given_where
from inmind.foundation import events
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.people.models import Contact, Organization, Person, Relationship

LIFETIME = {
    SignInLink.Purpose.SIGN_IN: timedelta(minutes=20),
    SignInLink.Purpose.INVITATION: timedelta(days=7),
    SignInLink.Purpose.DEMO: timedelta(hours=12),
}


@action("access.invite", on="organization")
def invite(
    act: Act,
    *,
    organization: Organization,
    given_name: str,
    family_name: str,
    address: str,
    username: str,
    role: str,
    language: str = "en",
) -> Account:
    """Make an account for a worker with one role, and announce that she is to be sent a link.

    Two people may share a mailbox; usernames are one person's alone. Raises BadInput for a username that is taken or a
    role that is not given by invitation.
    """
    keeps_families = "families" in settings.INSTALLATION.rooms
    if role not in given_where(keeps_families) or (
        role not in AT_AN_AGENCY and organization.kind == Organization.Kind.AGENCY
    ):
        raise BadInput(N_("This role is not given here."), N_("Choose one of the roles in the list."), field="role")
    username = username.strip().lower()
    if Account.objects.filter(username=username).exists():
        raise BadInput(
            N_("This username is taken."),
            N_("Each person has one of their own."),
            N_("Try another, such as one with a number."),
            field="username",
        )
    person = Person.objects.create(given_name=given_name.strip(), family_name=family_name.strip(), language=language)
    if address:
        Contact.objects.create(person=person, channel=Contact.Channel.MAIL, address=address.strip(), safe=True)
    Relationship.objects.create(
        kind=Relationship.Kind.WORKS_AT, from_person=person, to_organization=organization, since=act.today()
    )
    account = Account(username=username, person=person, language=language)
    account.set_unusable_password()
    account.save()
    give_role(act, account=account, role=role, organization=organization)
    if address:
        act.announce(events.LinkAsked(account=account.pk, purpose=SignInLink.Purpose.INVITATION))
    return account


@action("access.give_role", on="organization")
def give_role(act: Act, *, account: Account, role: str, organization: Organization) -> RoleAssignment:
    """Let an account hold one more role, from today."""
    return RoleAssignment.objects.create(account=account, role=role, organization=organization, since=act.today())


@action("access.end_role", on="assignment")
def end_role(act: Act, *, assignment: RoleAssignment) -> RoleAssignment:
    """End a role today; it stops at the next request. A role given today ends as if it had not been."""
    if assignment.until is not None:
        raise NotNow(N_("This role has ended already."))
    assignment.until = max(act.today(), assignment.since)
    assignment.save()
    return assignment


def secret_link(act: Act, account: Account, purpose: SignInLink.Purpose) -> str:
    """A fresh secret for a one-time link, within the action that is open. Only its hash is kept."""
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        account=account, purpose=purpose, secret_hash=hash_of(secret), expires_at=act.now + LIFETIME[purpose]
    )
    return secret


def hash_of(secret: str) -> str:
    return vault.keyed_hash("sign-in link", secret.encode())


@action("access.demo_link")
def demo_link(act: Act, *, account: Account) -> str:
    """A one-time link that stands in for both factors. Only in a demo-marked database that is served on loopback."""
    if not (is_demo() and settings.ON_LOOPBACK):
        raise NotNow(
            N_("Such links open demonstrations only."),
            N_("This database is not marked as one, or is served to others."),
            N_("Use an invitation."),
        )
    return secret_link(act, account, SignInLink.Purpose.DEMO)


def mark(act: Act, *, is_demo: bool) -> InstallationMark:
    """Say in the database itself what it is, within the action that begins it."""
    return InstallationMark.objects.create(is_demo=is_demo, profile=settings.INSTALLATION.profile, begun_at=act.now)
