"""Every change to accounts, roles and sign-in links."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from inmind.access.act import Act, action
from inmind.access.adapters import openid, passkeys
from inmind.access.adapters.allauth import forget_factors, owned
from inmind.access.models import Account, InstallationMark, RoleAssignment, SignInLink, SignOn, SignOnLink, StoredAnswer
from inmind.access.queries import (
    free_username,
    hash_of,
    is_demo,
    is_open,
    named_by,
    roles_to_give,
    sessions_of,
    works_at_alone,
)
from inmind.access.sign_on import NotHereAlone
from inmind.foundation import clock, events, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.values import N_
from inmind.jobs.models import Job
from inmind.people.models import Contact, Organization, Person, Relationship

FORGOTTEN_AFTER = timedelta(days=30)  # ours
LIFETIME = {
    SignInLink.Purpose.SIGN_IN: timedelta(minutes=20),
    SignInLink.Purpose.INVITATION: timedelta(days=7),
    SignInLink.Purpose.DEMO: timedelta(hours=12),
}

# Ours: how many letters with a link reach one person, whoever asks for them. There is always a link in her mailbox that
# still opens, so that somebody else's asking never stops hers: within `AT_ONCE` a few, each of which lives longer than
# that; beyond `A_DAY` that nobody used one an hour, which lives longer than the hour.
AT_ONCE, AT_ONCE_WITHIN = 3, timedelta(minutes=10)
A_DAY, THEN_EACH = 12, timedelta(hours=1)
LIVES_THEN = THEN_EACH + AT_ONCE_WITHIN

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


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
    """Make an account for a worker with one role, and announce that a link is to be sent.

    Two people may share a mailbox; usernames are one person's alone, and an empty one is made from the name. Raises
    BadInput for a username that is taken or a role that is not given by invitation, NotNow for whoever invites herself.
    Who may be herself under another name or address is looked at by whoever listens to `PersonInvited`.
    """
    _check_role(act, role, organization)
    _check_not_oneself(act, f"{given_name} {family_name}", address)
    username = _fresh_username(username or free_username(given_name, family_name))
    person = Person.objects.create(given_name=given_name.strip(), family_name=family_name.strip(), language=language)
    if address:
        Contact.objects.create(person=person, channel=Contact.Channel.MAIL, address=address.strip(), safe=True)
    Relationship.objects.create(
        kind=Relationship.Kind.WORKS_AT, from_person=person, to_organization=organization, since=act.today()
    )
    return _account(act, person, organization, role, username, language, is_written_to=bool(address))


def account_for(act: Act, *, person: Person, organization: Organization, role: str, writes: bool = True) -> Account:
    """An account for somebody whom this house knows already and who has none, with one role; within the action that is open.

    writes: an invitation leaves, as far as it is safe to write to them. Raises NotNow for who has an account.
    """
    if Account.objects.filter(person=person).exists():
        raise NotNow(N_("They have an account already."), N_("Each person has one account."))
    language = person.language if person.language in settings.INSTALLATION.languages else ""
    works = {"kind": Relationship.Kind.WORKS_AT, "from_person": person, "to_organization": organization}
    if not Relationship.objects.filter(**works, until=None).exists():
        Relationship.objects.create(**works, since=act.today())
    username = free_username(person.given_name, person.family_name)
    spoken = language or settings.INSTALLATION.languages[0]
    return _account(act, person, organization, role, username, spoken, is_written_to=writes)


def _account(
    act: Act,
    person: Person,
    organization: Organization,
    role: str,
    username: str,
    language: str,
    *,
    is_written_to: bool,
) -> Account:
    account = Account(username=username, person=person, language=language)
    account.set_unusable_password()
    account.save()
    RoleAssignment.objects.create(account=account, role=role, organization=organization, since=act.today())
    if is_written_to:
        act.announce(events.LinkAsked(account=account.pk, purpose=SignInLink.Purpose.INVITATION))
    if act.actor.person is not None:
        act.announce(events.PersonInvited(account=account.pk, organization=organization.pk, by=act.actor.person))
    _announce_given(act, person, role, organization)
    return account


def _announce_given(act: Act, person: Person, role: str, organization: Organization) -> None:
    """A role that a person gave; what the command line founds and demonstrates is nobody's doing."""
    if act.actor.person is not None:
        given = {"person": person.pk, "organization": organization.pk, "by": act.actor.person}
        act.announce(events.RoleGiven(**given, role=role))


def _check_not_oneself(act: Act, name: str, address: str) -> None:
    """One's own name at one's own mailbox is oneself: by a second account she would come to read what her role keeps from
    her, and answer herself where two people are asked for."""
    inviter = Person.objects.filter(pk=act.actor.person).first()
    if inviter is None or sorted(text.tokens(name)) != sorted(text.tokens(inviter.name)):
        return
    own = Contact.in_use(person=inviter, channel=Contact.Channel.MAIL).values_list("address", flat=True)
    if address.strip().casefold() in {one.strip().casefold() for one in own}:
        raise NotNow(
            N_("This is your own name at your own address."),
            N_("Each person has one account, and nobody invites themselves."),
            N_("Ask somebody else who may give roles here to give you this one too."),
        )


def _fresh_username(typed: str) -> str:
    """A username as it is kept. Raises BadInput for one that is taken or hard to type."""
    username = typed.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise BadInput(
            N_("This username cannot be used."),
            N_(
                "It has 2 to 60 small letters without accents, digits, dots, hyphens or underscores, the first a letter or digit."
            ),
            field="username",
        )
    if Account.objects.filter(username=username).exists():
        raise BadInput(
            N_("This username is taken."),
            N_("Each person has one of their own."),
            N_("Try another, such as one with a number."),
            field="username",
        )
    return username


@action("access.give_role", on="organization")
def give_role(act: Act, *, account: Account, role: str, organization: Organization) -> RoleAssignment:
    """Let somebody who works there hold one more role, from today."""
    if act.actor.account == account.pk:
        raise NotNow(N_("Nobody gives a role to themselves."), N_("Ask somebody else who may give roles here."))
    held = RoleAssignment.today(act.today()).filter(account=account, organization=organization)
    if not held.exists():
        raise NotNow(N_("This person does not work there."), N_("A role is given where somebody works."))
    _check_role(act, role, organization)
    if held.filter(role=role).exists():
        raise BadInput(N_("They hold this role already."), N_("Choose another."), field="role")
    _announce_given(act, account.person, role, organization)
    return RoleAssignment.objects.create(account=account, role=role, organization=organization, since=act.today())


def _check_role(act: Act, role: str, organization: Organization) -> None:
    """Raises BadInput for a role that is not given there, and for one of the whole house that only its administrator gives."""
    if role not in roles_to_give(act.actor, organization):
        raise BadInput(N_("This role is not given here."), N_("Choose one of the roles in the list."), field="role")


@action("access.end_role", on="assignment")
def end_role(act: Act, *, assignment: RoleAssignment) -> RoleAssignment:
    """End a role today; it stops at the next request. A role given today ends as if it had not been. Who may not give it
    does not end it (`own_workers` in `offers.py`).

    Whoever has no role left there works there no longer; with the last role of all, every session ends.
    """
    if assignment.until is not None:
        raise NotNow(N_("This role has ended already."))
    today = act.today()
    _keep_an_administrator(assignment, today)
    assignment.until = max(today, assignment.since)
    assignment.save()
    left = RoleAssignment.today(today).filter(account=assignment.account)
    if not left.filter(organization=assignment.organization).exists():
        _stop_working_at(assignment, today)
    if not left.exists():
        close_sessions(act, assignment.account)
    if assignment.organization_id:
        by: Any = act.actor.person  # who ends a role is a person
        held = {"person": assignment.account.person_id, "organization": assignment.organization_id, "by": by}
        act.announce(events.RoleEnded(**held, role=assignment.role))
    return assignment


def _keep_an_administrator(assignment: RoleAssignment, today: date) -> None:
    if assignment.role != "administrator":
        return
    others = RoleAssignment.today(today).filter(role="administrator", account__is_active=True).exclude(pk=assignment.pk)
    if not list(others.select_for_update(of=("self",), no_key=True)):  # held, so that two cannot end each other's
        raise NotNow(
            N_("This is the last administrator."),
            N_("The house needs one, or nobody could invite anybody."),
            N_("Invite another administrator first."),
        )


def _stop_working_at(assignment: RoleAssignment, today: date) -> None:
    edges = Relationship.objects.filter(
        kind=Relationship.Kind.WORKS_AT,
        from_person=assignment.account.person_id,
        to_organization=assignment.organization,
        until__isnull=True,
    )
    for edge in edges:
        edge.until = max(today, edge.since)
        edge.save()
    SignOnLink.objects.filter(account=assignment.account, sign_on__organization=assignment.organization).delete()


def close_sessions(act: Act, account: Account) -> None:
    """End every session of an account and close its open links, within the action that is open."""
    account.session_epoch += 1
    account.save(update_fields=["session_epoch"])
    account.links.filter(used_at__isnull=True).update(used_at=act.now)


@action("access.end_sessions", on="account")
def end_sessions(act: Act, *, account: Account) -> Account:
    """Sign out everywhere: every session of the account ends with this one, and open links with them."""
    close_sessions(act, account)
    return account


@action("access.end_session", on="account")
def end_session(act: Act, *, account: Account, mark: str) -> Account:
    """Sign out in one place: on its next request that browser is nobody's. One that is over already stays so."""
    for one in sessions_of(account):
        if one.mark == mark:
            Session.objects.filter(pk=one.key).delete()
    return account


@action("access.forget_factor", on="assignment")
def forget_factor(act: Act, *, assignment: RoleAssignment) -> Account:
    """Take the second factor off an account whose owner has lost it. All its sessions end; it enrols another when it
    signs in next. She is told, and so are those who run the places where she works.

    It concerns every place where she works: her supervisor does it only where she works nowhere else, the administrator
    for everybody (`works_here_alone` in `offers.py`).
    """
    if assignment.until is not None:
        raise NotNow(N_("This role has ended already."))
    if act.actor.account == assignment.account_id:
        raise NotNow(
            N_("This is your own account."),
            N_("One's own authenticator is replaced on the page of one's account, after showing it once more."),
            N_("If you have lost it, ask somebody else who may do this."),
        )
    account = Account.objects.select_for_update(no_key=True).get(pk=assignment.account_id)
    forget_factors(account)
    close_sessions(act, account)
    act.announce(events.FactorForgotten(account=account.pk, by=act.actor.person))  # type: ignore[arg-type]  # a person's
    return account


@action("jobs.stop_passkey")
def stop_passkey(act: Act, *, passkey: Authenticator) -> Account:
    """Stop a passkey whose counter went back: there may be two of it. Its owner and her privacy officer are told."""
    account = passkeys.stop(passkey)
    act.announce(events.PasskeyStopped(account=account.pk))
    return account


@action("access.choose_language", on="account")
def choose_language(act: Act, *, account: Account, language: str) -> Account:
    """Keep the language of an account's pages and letters."""
    if language not in settings.INSTALLATION.languages:
        raise BadInput(N_("This language is not spoken here."), N_("Choose one from the list."), field="language")
    account.language = language
    account.save(update_fields=["language"])
    account.person.language = language
    account.person.save(update_fields=["language"])
    return account


@action("access.keep_work_phone", on="account")
def keep_work_phone(act: Act, *, account: Account, phone: str) -> Account:
    """Keep the number of somebody's work phone, at which colleagues call where a person is needed; empty takes it away."""
    number = text.checked(" ".join(phone.split()), 40, field="phone")
    if number and sum(letter.isdigit() for letter in number) < 3:
        raise BadInput(N_("This is not a number."), N_("It has at least three digits."), field="phone")
    account.work_phone = number
    account.save(update_fields=["work_phone"])
    return account


# An agency's own sign-in


@action("access.set_sign_on", on="organization")
def set_sign_on(
    act: Act, *, organization: Organization, issuer: str, client_id: str, secret: str, second_factor: str
) -> SignOn:
    """Let an agency's people come in by its own sign-in, or change its settings; an empty secret stays as it was.

    Another address or another name of ours there: nobody is linked any more. Whatever changes, who came by it is signed
    out. Raises NotNow where it is not an agency, and BadInput for an address that cannot be asked.
    """
    if organization.kind != Organization.Kind.AGENCY:
        raise NotNow(N_("Only an agency has a sign-in of its own here."))
    if not openid.may_be_asked(issuer):
        raise BadInput(N_("This address cannot be asked."), N_("It begins with https:// and a name."), field="issuer")
    held = SignOn.objects.filter(organization=organization).first()
    if held is None and not secret:
        raise BadInput(
            N_("The secret is missing."), N_("The agency's sign-in gives one to this house."), field="secret"
        )
    kept = held or SignOn(organization=organization)
    if held is not None:
        _sign_out_linked(act, held, forget=(held.issuer, held.client_id) != (issuer, client_id))
    kept.issuer, kept.client_id, kept.second_factor = issuer, client_id, " ".join(second_factor.split())
    if secret:
        kept.secret = openid.seal(kept, secret)
    kept.save()
    return kept


@action("access.end_sign_on", on="organization")
def end_sign_on(act: Act, *, organization: Organization) -> None:
    """Let an agency's own sign-in open nothing any more. Who came by it is signed out; the usual ways stay."""
    for held in SignOn.objects.filter(organization=organization):
        _sign_out_linked(act, held, forget=True)
        held.delete()


def _sign_out_linked(act: Act, sign_on: SignOn, *, forget: bool) -> None:
    for account in Account.objects.select_for_update(of=("self",), no_key=True).filter(sign_ons__sign_on=sign_on):
        close_sessions(act, account)
    if forget:
        sign_on.links.all().delete()


@action("access.link_sign_on", on="account")
def link_sign_on(act: Act, *, account: Account, sign_on: SignOn, subject: str) -> SignOnLink:
    """Link one's own account to the agency's sign-in. Raises NotHereAlone for who works elsewhere too, and NotNow for a
    name that is linked to another account."""
    if not works_at_alone(act.actor, sign_on.organization_id):
        raise NotHereAlone
    if SignOnLink.objects.filter(sign_on=sign_on, subject=subject).exclude(account=account).exists():
        raise NotNow(
            N_("This name of your agency's sign-in is linked to another account."),
            N_("It opens one account only."),
            N_("Sign in there as yourself, or ask the administrator."),
        )
    SignOnLink.objects.filter(sign_on=sign_on, account=account).delete()
    return SignOnLink.objects.create(sign_on=sign_on, account=account, subject=subject)


@action("access.unlink_sign_on", on="account")
def unlink_sign_on(act: Act, *, account: Account, sign_on: SignOn) -> Account:
    """Let the agency's sign-in open one's account no longer; every session ends."""
    SignOnLink.objects.filter(sign_on=sign_on, account=account).delete()
    close_sessions(act, account)
    return account


# Links


@action("access.ask_link")
def ask_link(act: Act, *, username: str) -> None:
    """Leave word that somebody asked for a link by which to sign in once. username: or a mail address (`queries.named_by`).

    One that is not there costs the same work as one that is, to the last statement, so that the time of the answer tells
    nothing: its job names an account and a mailbox that nobody has. Whether a letter leaves is the job's to find.
    """
    found, mailbox = named_by(username)
    act.later("access.link_asked", {"account": str(found or new_id()), "mailbox": str(mailbox or new_id())})


@action("jobs.mailbox_asked")
def mailbox_asked(act: Act, *, mailbox_id: str) -> None:
    """Announce that somebody asked by an address that several here have: a letter there says to use the username."""
    way = Contact.in_use(pk=mailbox_id, safe=True).first()
    if way is not None:
        act.announce(events.SharedMailboxAsked(mailbox=way.pk))


@action("jobs.link_asked")
def link_asked(act: Act, *, account_id: str) -> Account | None:
    """Announce that an account is to be sent a link, where it is there and open and has an address that is safe; and where
    her mailbox has not enough links already that still open (`AT_ONCE`)."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None or not may_have_link(act, account):
        return None
    act.announce(events.LinkAsked(account=account.pk, purpose=SignInLink.Purpose.SIGN_IN))
    return account


def may_have_link(act: Act, account: Account) -> bool:
    """Whether one more link to sign in by may leave for an account: it is open, an address is safe, and there are not enough."""
    by_mail = Contact.in_use(channel=Contact.Channel.MAIL, safe=True)
    if not account.is_active or not by_mail.filter(person=account.person_id).exists():
        return False
    if _sent_since(act, account, AT_ONCE_WITHIN) >= AT_ONCE:
        return False
    return not (_is_flooded(act, account) and _sent_since(act, account, THEN_EACH))


def _sent_since(act: Act, account: Account, ago: timedelta) -> int:
    """How many links that nobody has used were made for an account lately."""
    return account.links.filter(
        purpose=SignInLink.Purpose.SIGN_IN, used_at__isnull=True, created_at__gt=act.now - ago
    ).count()


def _is_flooded(act: Act, account: Account) -> bool:
    """Whether links are asked for again and again and not used: by somebody else, likely."""
    return _sent_since(act, account, timedelta(days=1)) >= A_DAY


def spend_link(secret: str) -> SignInLink | None:
    """Use a link once; None when it was used, is over or never was."""
    with transaction.atomic():
        rows = SignInLink.objects.select_for_update(of=("self",), no_key=True).select_related("account__person")
        link = rows.filter(secret_hash=hash_of(secret)).first()
        if link is None or not is_open(link):
            return None
        with owned(link.account, "access.use_link", link.purpose):
            link.used_at = clock.now()
            link.save(update_fields=["used_at"])
        return link


def secret_link(act: Act, account: Account, purpose: SignInLink.Purpose) -> str:
    """A fresh secret for a one-time link, within the action that is open. Only its hash is kept."""
    secret = secrets.token_urlsafe(32)
    waits = purpose == SignInLink.Purpose.SIGN_IN and _is_flooded(act, account)
    SignInLink.objects.create(
        account=account,
        purpose=purpose,
        secret_hash=hash_of(secret),
        expires_at=act.now + (LIVES_THEN if waits else LIFETIME[purpose]),
    )
    return secret


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


@action("access.administrator_link")
def administrator_link(act: Act, *, account: Account, lost_phone: bool = False) -> str:
    """A sign-in link for an administrator, asked for where the house itself stands. Raises NotNow for anybody else: whoever
    sees families is sent a letter, and nobody reads it for her.

    lost_phone: take her second factors off too and end her sessions; she sets up another as she comes in.
    """
    today = clock.today(settings.INSTALLATION.zone)
    runs = RoleAssignment.today(today).filter(account=account, role="administrator", account__is_active=True)
    if not runs.exists():
        raise NotNow(
            N_("Only an administrator is given a link here."),
            N_("Everybody else is sent one by letter, to the address of the invitation."),
            N_("Ask for it on the sign-in page, or let a supervisor invite the person anew."),
        )
    if lost_phone:
        account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        forget_factors(account)
        close_sessions(act, account)
    return secret_link(act, account, SignInLink.Purpose.SIGN_IN)


def mark(act: Act, *, is_demo: bool, told_at: datetime | None = None) -> InstallationMark:
    """Say in the database itself what it is, within the action that begins it."""
    return InstallationMark.objects.create(
        is_demo=is_demo, told_at=told_at, profile=settings.INSTALLATION.profile, begun_at=act.now
    )


@action("jobs.tidy")
def tidy_up(act: Act) -> None:
    """Forget what has served: answers kept for a second click, links that are over, jobs that were done. Never the trail."""
    long_ago = act.now - FORGOTTEN_AFTER
    StoredAnswer.objects.filter(at__lt=long_ago).delete()
    SignInLink.objects.filter(expires_at__lt=long_ago).delete()
    Job.objects.filter(done_at__lt=long_ago).delete()
