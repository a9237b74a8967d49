"""Tell somebody: queue a letter in the transaction that is open."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from inmind.access import audit
from inmind.access.act import Act, action
from inmind.access.actions import secret_link
from inmind.access.models import Account, RoleAssignment, SignInLink
from inmind.foundation.events import LetterUndelivered, LinkAsked
from inmind.messages.models import Letter
from inmind.people.models import Contact, Person


@action("messages.tell")
def tell(
    act: Act,
    *,
    to: Person,
    template: str,
    facts: dict[str, Any] | None = None,
    about_kind: str = "",
    about_id: UUID | None = None,
) -> Letter:
    """Queue a letter; its delivery is a job of the same transaction."""
    letter = Letter.objects.create(
        to=to, template=template, facts=json.dumps(facts or {}), about_kind=about_kind, about_id=about_id
    )
    act.later("messages.deliver", {"letter": str(letter.pk)}, key=f"letter:{letter.pk}")
    return letter


@action("jobs.delivered")
def delivered(act: Act, *, letter_id: str) -> None:
    """Write down that a letter left, and forget what it carried: a link's secret lives in the letter alone."""
    letter = Letter.objects.get(pk=letter_id)
    letter.sent_at, letter.problem, letter.facts = act.now, "", "{}"
    letter.save()


@action("jobs.undelivered")
def undelivered(act: Act, *, letter_id: str, problem: str) -> None:
    """Write down that a letter could not leave after all attempts, and tell the room that asked for it."""
    letter = Letter.objects.get(pk=letter_id)
    letter.failed_at, letter.problem = act.now, problem[:120]
    letter.save()
    if letter.about_id:
        act.announce(LetterUndelivered(letter=letter.pk, about_kind=letter.about_kind, about=letter.about_id))


def send_link(act: Act, event: LinkAsked) -> None:
    """Write the letter that carries a one-time link; the secret is made here and stands nowhere else but in the letter."""
    account = Account.objects.select_related("person").get(pk=event.account)
    purpose = SignInLink.Purpose(event.purpose)
    tell(act, to=account.person, template=purpose.value, facts={"secret": secret_link(act, account, purpose)})


@action("jobs.trail_head")
def tell_head(act: Act) -> None:
    """Write the trail's newest head to each privacy officer and administrator: kept elsewhere, it shows a cut trail."""
    newest = audit.head()
    held = RoleAssignment.today(act.today()).filter(
        role__in=("administrator", "privacy_officer"), account__is_active=True
    )
    safe = Contact.objects.filter(channel=Contact.Channel.MAIL, safe=True)
    for person in Person.objects.filter(account__roles__in=held, contacts__in=safe).distinct() if newest else ():
        tell(
            act,
            to=person,
            template="trail_head",
            facts={"head": str(newest), "command": "inmind audit verify --heads FILE"},
        )
