"""Where a member is written to: changed by oneself with a letter to the new address, or by the coordinator where nobody signs in."""

from __future__ import annotations

import secrets
from datetime import timedelta

from inmind.access import vault
from inmind.access.act import Act, action
from inmind.access.models import Account, RoleAssignment, SignInLink
from inmind.access.privacy import stop_if_erased
from inmind.association import addresses, queries
from inmind.association.addresses import Holder
from inmind.association.models import MailChange, Member
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.events import LinkAsked
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Contact
from inmind.people.reaching import check_mail
from inmind.records import actions as records

OPEN_DAYS = 2  # ours
A_DAY_AT_MOST = 3  # ours: letters of this kind for one member, and to one address


@action("association.ask_mail", on="member")
def ask_mail(act: Act, *, member: Member, mail: str, replaces: Contact | None = None) -> MailChange:
    """Ask to be written to at another address: a letter goes there, and nothing changes before its link is used."""
    address = _checked(member, mail)
    lately = MailChange.objects.filter(created_at__gt=act.now - timedelta(days=1))
    if max(lately.filter(member=member).count(), lately.filter(mail__iexact=address).count()) >= A_DAY_AT_MOST:
        raise NotNow(
            N_("There are letters enough on their way."),
            N_("Look into that mailbox, or try again tomorrow."),
            field="mail",
        )
    secret = secrets.token_urlsafe(32)
    MailChange.objects.filter(member=member, used_at=None, expires_at__gt=act.now).update(expires_at=act.now)
    asked = MailChange.objects.create(
        member=member,
        replaces=_own(member, replaces),
        mail=address,
        secret_hash=hash_of(secret),
        expires_at=act.now + timedelta(days=OPEN_DAYS),
    )
    messages.tell_office(
        act,
        address=address,
        organization=member.association,
        template="mail_confirm",
        facts={"confirm": secret, "days": OPEN_DAYS, "language": member.person.language},
        about_kind="mail_change",
    )
    act.concerns(member)
    return asked


@action("association.confirm_mail")
def confirm_mail(act: Act, *, secret: str) -> Member:
    """Say by the link in the letter that the new address is one's own. The one before is told. Used again it changes nothing.

    Raises NotNow for a link that is over.
    """
    asked = MailChange.objects.select_for_update(of=("self",)).filter(secret_hash=hash_of(secret)).first()
    if asked is None or (asked.used_at is None and act.now >= asked.expires_at):
        raise NotNow(N_("This link is over."), N_("Ask once more on the page of your membership."))
    member = Member.objects.select_related("association", "person").get(pk=asked.member_id)
    if asked.used_at is None:
        _put(act, member, asked.mail, asked.replaces)
        asked.used_at = act.now
        asked.save()
    act.concerns(member)
    return member


@action("association.change_mail", on="member")
def change_mail(act: Act, *, member: Member, mail: str, replaces: Contact | None = None) -> Member:
    """Say anew where a member is written to who does not sign in (`addresses.check_kept_here`). The address before is told; an
    invitation that nobody opened goes to the new one, and opens nothing at the old one any more."""
    _hold(member)
    addresses.check_kept_here(holder_of(member))
    address = _checked(member, mail)
    _put(act, member, address, _own(member, replaces))
    messages.tell_office(
        act,
        address=address,
        organization=member.association,
        template="mail_now",
        facts={"language": member.person.language},
        about_kind="mail_change",
    )
    account = Account.objects.filter(person=member.person_id, is_active=True).first()
    if account is not None:
        act.announce(LinkAsked(account=account.pk, purpose=SignInLink.Purpose.INVITATION))
    member.save()
    return member


@action("association.allow_mail", on="member")
def allow_mail(act: Act, *, member: Member, contact: Contact) -> Member:
    """Say that a member may be written to at a mailbox that several share; by oneself, or by the coordinator as the member said.

    Held to the same rule as changing the address: what goes there may open an account.
    """
    if act.actor.person != member.person_id:
        _hold(member)
        addresses.check_kept_here(holder_of(member))
    there = _own(member, contact)
    if there is None or there.safe is not None:
        raise NotNow(N_("Whether letters may go there is said already."))
    records.keep_contact(act, person=member.person, channel=Contact.Channel.MAIL, address=there.address, safe=True)
    member.save()
    return member


def holder_of(member: Member) -> Holder:
    """What stands about a member's account and about who else keeps how to write to them."""
    account = Account.objects.filter(person=member.person_id).first()
    if account is None:
        return Holder(is_served=queries.is_served(member.person_id))
    today = clock.today(member.association.zone)
    others = RoleAssignment.today(today).filter(account=account)
    here = others.filter(organization=member.association_id, role="practitioner")
    return Holder(
        has_come_in=account.last_login is not None or account.has_usable_password(),
        opens_more=others.exclude(pk__in=here.values("pk")).exists(),
        is_served=queries.is_served(member.person_id),
    )


def asked_by(secret: str) -> MailChange | None:
    """What a letter's link would confirm, while it opens something."""
    row = MailChange.objects.select_related("member__association").filter(secret_hash=hash_of(secret)).first()
    return row if row is not None and (row.used_at is not None or clock.now() < row.expires_at) else None


def hash_of(secret: str) -> str:
    return vault.keyed_hash("changing mail", secret.encode())


def _hold(member: Member) -> None:
    """Hold the account, so that nobody comes in by it between the question and the change."""
    list(Account.objects.select_for_update(no_key=True).filter(person=member.person_id))


def _checked(member: Member, mail: str) -> str:
    stop_if_erased([member.person_id])
    address = text.checked_line(mail.strip(), 254, field="mail")
    check_mail(address, field="mail")
    if Contact.in_use(
        person=member.person_id, channel=Contact.Channel.MAIL, address__iexact=address, safe=True
    ).exists():
        raise BadInput(N_("Letters go to this address already."), N_("Write another one."), field="mail")
    return address


def _own(member: Member, contact: Contact | None) -> Contact | None:
    """An address of this member's own that is in use; None for any other."""
    if contact is None:
        return None
    return Contact.in_use(person=member.person_id, channel=Contact.Channel.MAIL, pk=contact.pk).first()


def _put(act: Act, member: Member, address: str, replaces: Contact | None) -> None:
    """The new address, in the place of an old one or beside it. Every address before is told: letters to the new one open the same
    account. Links that wait in the old mailboxes open nothing more."""
    before = Contact.in_use(person=member.person_id, channel=Contact.Channel.MAIL, safe=True)
    for old in before.exclude(address__iexact=address).order_by("created_at", "pk"):
        messages.tell_office(
            act,
            address=old.address,
            organization=member.association,
            template="mail_before",
            facts={"language": member.person.language, "stays": old != replaces},
            about_kind="mail_change",
        )
    if replaces is not None:
        records.end_contact(act, person=member.person, contact=replaces.pk)
    records.keep_contact(act, person=member.person, channel=Contact.Channel.MAIL, address=address, safe=True)
    SignInLink.objects.filter(account__person=member.person_id, used_at=None).update(used_at=act.now)


def may_be_written_to(member: Member, safe: bool | None) -> bool | None:
    """Whether letters may go to an address that a coordinator brings, as was said; where they do not change it, nobody has said so."""
    try:
        addresses.check_kept_here(holder_of(member))
    except NotNow:
        return None
    return safe
