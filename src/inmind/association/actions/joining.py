"""Join by oneself: asked at the public page, verified by a link in a letter, then an account by invitation."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from inmind.access import actions as access
from inmind.access import vault
from inmind.access.act import Act, action
from inmind.access.models import SignInLink
from inmind.access.privacy import stop_if_erased
from inmind.association import queries
from inmind.association.actions.inviting import ROLE
from inmind.association.actions.members import enter
from inmind.association.models import Joining, Level, Membership
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Contact, Organization, Person
from inmind.people.reaching import check_mail
from inmind.records import actions as records

OPEN_DAYS = 7  # ours: as an invitation
AT_ONE_ADDRESS = 3  # ours: so many letters of this kind a day, whoever asks for them


@action("association.ask_to_join", on="association")
def ask_to_join(
    act: Act,
    *,
    association: Organization,
    level: Level,
    given_name: str,
    family_name: str,
    mail: str,
    agency: str = "",
    language: str = "en",
) -> None:
    """Write to somebody who asks to join. Whatever is known of the address, the page says the same; the letter knows more."""
    said = text.checked_line(mail.strip(), 254, field="mail")
    check_mail(said, field="mail")
    if not level.is_open or level.for_agencies or level.association_id != association.pk:
        raise BadInput(N_("This level is not open now."), N_("Choose another."), field="level")
    names = [
        text.checked_line(one.strip(), 80, field=field)
        for one, field in ((given_name, "given_name"), (family_name, "family_name"))
    ]
    if not text.tokens(" ".join(names)):
        raise BadInput(
            N_("Your name is missing."), N_("Write it as it is to stand on certificates."), field="given_name"
        )
    lately = Joining.objects.filter(
        association=association, mail__iexact=said, created_at__gt=act.now - timedelta(days=1)
    )
    if lately.count() >= AT_ONE_ADDRESS:
        return  # there are letters enough in that mailbox
    there = queries.member_at(association, said, *names)
    way = _way_to(there.person_id, said) if there is not None else None
    if way is not None and way.safe is False:
        return  # they said that nothing is to be written there, whoever asks for it
    account = queries.account_of(there.person_id) if there is not None else None
    secret = secrets.token_urlsafe(32)
    Joining.objects.create(
        association=association,
        level=level,
        given_name=names[0],
        family_name=names[1],
        mail=said,
        agency_name=text.checked_line(agency.strip(), 120, field="agency"),
        language=language,
        secret_hash=hash_of(secret),
        expires_at=act.now + timedelta(days=OPEN_DAYS),
        used_at=act.now if account is not None else None,
        person=there.person if there is not None else None,
    )
    facts: dict[str, Any] = {"days": OPEN_DAYS, "language": language}
    template = "join"
    if account is not None:
        template = "member_already"
        if way is not None and way.safe and access.may_have_link(act, account):
            facts["link"] = access.secret_link(act, account, SignInLink.Purpose.SIGN_IN)
    else:
        facts["join"] = secret
        if there is not None:
            template = "member_invited"
    messages.tell_office(
        act, address=said, organization=association, template=template, facts=facts, about_kind="joining"
    )


def _way_to(person: UUID, address: str) -> Contact | None:
    return Contact.in_use(person=person, channel=Contact.Channel.MAIL, address__iexact=address).first()


@action("association.come_in", on="association")
def come_in(act: Act, *, association: Organization, secret: str) -> str:
    """Open an account for somebody who is a member already and had none, by the link in the letter that they asked for, and
    that reached them: so this address is theirs to be written to. Returns the secret of a link that signs them in once.

    Raises NotNow for a link that is over or was used.
    """
    asked = _locked(association, secret)
    way = _way_to(asked.person_id, asked.mail) if asked is not None and asked.person_id is not None else None
    if asked is None or way is None or way.safe is False or asked.used_at is not None or act.now >= asked.expires_at:
        raise NotNow(N_("This link is over."), N_("It works once, within seven days."), N_("Ask for another."))
    person = Person.objects.get(pk=asked.person_id)
    stop_if_erased([person.pk])
    if way.safe is None:
        records.keep_contact(act, person=person, channel=Contact.Channel.MAIL, address=way.address, safe=True)
    asked.used_at = act.now
    asked.save()
    act.concerns(person)
    account = queries.account_of(person.pk)
    if account is not None:
        return access.secret_link(act, account, SignInLink.Purpose.SIGN_IN)
    account = access.account_for(act, person=person, organization=association, role=ROLE, writes=False)
    return access.secret_link(act, account, SignInLink.Purpose.INVITATION)


@action("association.join", on="association")
def join(act: Act, *, association: Organization, secret: str) -> Membership:
    """Become a member, by the link in the letter. Used once; used again it answers with what came of it.

    Raises NotNow for a link that is over.
    """
    asked = _locked(association, secret)
    if asked is None or act.now >= asked.expires_at:
        raise NotNow(N_("This link is over."), N_("It opens for seven days."), N_("Ask to join once more."))
    if asked.used_at is not None or asked.person_id is not None:
        there = Membership.objects.filter(person=asked.person, association=association).order_by("created_at").first()
        if there is None:
            raise NotNow(N_("This link was used already."), N_("Sign in to see your membership."))
        return there
    if not asked.level.is_open:
        raise NotNow(N_("This level is not open any more."), N_("Ask to join once more, and choose another."))
    row = enter(
        act,
        association,
        given_name=asked.given_name,
        family_name=asked.family_name,
        mail=asked.mail,
        level=asked.level,
        agency=asked.agency_name,
        language=asked.language,
    )
    asked.used_at, asked.person = act.now, row.person
    asked.save()
    return row


def hash_of(secret: str) -> str:
    return vault.keyed_hash("joining", secret.encode())


def asked_by(secret: str) -> Joining | None:
    """Who asked, by the secret of the letter, while it opens something."""
    row = Joining.objects.select_related("association", "level").filter(secret_hash=hash_of(secret)).first()
    return row if row is not None and clock.now() < row.expires_at else None


def _locked(association: Organization, secret: str) -> Joining | None:
    rows = Joining.objects.select_for_update(of=("self",)).select_related("level")
    return rows.filter(association=association, secret_hash=hash_of(secret)).first()
