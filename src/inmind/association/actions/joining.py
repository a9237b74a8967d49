"""Join by oneself: asked at the public page, verified by a link in a letter, then an account by invitation."""

from __future__ import annotations

import secrets
from datetime import timedelta

from inmind.access import vault
from inmind.access.act import Act, action
from inmind.association import queries
from inmind.association.actions.members import enter
from inmind.association.models import Joining, Level, Membership
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Organization
from inmind.people.reaching import check_mail

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
        used_at=act.now if there is not None else None,
        person=there.person if there is not None else None,
    )
    messages.tell_office(
        act,
        address=said,
        organization=association,
        template="member_already" if there is not None else "join",
        facts={"days": OPEN_DAYS} if there is not None else {"join": secret, "days": OPEN_DAYS},
        about_kind="joining",
    )


@action("association.join", on="association")
def join(act: Act, *, association: Organization, secret: str) -> Membership:
    """Become a member, by the link in the letter. Used once; used again it answers with what came of it.

    Raises NotNow for a link that is over.
    """
    asked = _locked(association, secret)
    if asked is None or act.now >= asked.expires_at:
        raise NotNow(N_("This link is over."), N_("It opens for seven days."), N_("Ask to join once more."))
    if asked.used_at is not None:
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
