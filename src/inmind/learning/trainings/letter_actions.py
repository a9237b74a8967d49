"""Letters about a seat: to an account with the way to its page, to everybody else with a link of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import override

from inmind.access import office_links
from inmind.access.act import Act, action
from inmind.access.models import Account
from inmind.foundation import clock
from inmind.learning.trainings.models import AskedSeat, Registration, Training
from inmind.learning.trainings.seats import State
from inmind.learning.trainings.words import when_words
from inmind.messages import actions as messages
from inmind.people.models import Contact

PURPOSE = "seat"  # what these links are sent for
LONGEST, SHORTEST = 400, 14  # days for which such a link opens the page of a seat
# What a letter says holds only while the seat stands so; a later one says what came after.
ONLY_WHILE = {
    "seat_taken": (State.REGISTERED,),
    "seat_waiting": (State.WAITING,),
    "seat_offered": (State.OFFERED,),
    "seat_offer_over": (State.CANCELLED,),
    "seat_let_go": (State.CANCELLED,),
    "seat_ended": (State.CANCELLED,),
    "training_changed": (State.REGISTERED, State.OFFERED, State.WAITING),
    "training_called_off": (State.REGISTERED, State.OFFERED, State.WAITING),
}


@action("jobs.write_of_seat")
def write_of_seat(act: Act, *, registration: UUID, template: str) -> None:
    """Write one letter about a seat, if what it says still holds."""
    row = Registration.objects.select_related("training__association", "person").get(pk=registration)
    if row.state not in ONLY_WHILE[template] or row.person.erased_at is not None:
        return
    language = row.person.language or "en"
    about: dict[str, Any] = {"about_kind": "learning.Registration", "about_id": row.pk}
    facts = _facts(row, language)
    if Account.is_open_for(row.person):
        messages.tell(act, to=row.person, template=template, facts=facts, **about)
        return
    tell_guest(act, row, template, facts, **about)


def tell_guest(
    act: Act, row: Registration, template: str, facts: dict[str, Any], *, days: int = 0, **about: Any
) -> bool:
    """Write to somebody without an account, with a link to the page of their seat; False where no safe address is known, as
    the list of those who are registered says. days: how long the link opens, from what is usual up."""
    if not (address := Contact.safe_mail_of(row.person)):
        return False
    language = row.person.language or "en"
    asked = AskedSeat.objects.filter(registration=row).first()
    if asked is None:
        asked = AskedSeat.objects.create(training=row.training, registration=row, language=language)
    secret = fresh_link(act, row.training, asked, days)
    messages.tell_office(
        act,
        address=address,
        organization=row.training.association,
        template=template,
        facts={**facts, "secret": secret, "language": language, "name": row.person.given_name},
        **about,
    )
    return True


def _facts(row: Registration, language: str) -> dict[str, Any]:
    training = row.training
    with override(language):
        facts = {"title": training.said("title", language), "when": when_words(training), "place": training.place}
        facts |= {"training": str(training.pk), "association": training.association.name}
        if row.offered_until is not None:
            facts["until"] = clock.local(row.offered_until, training.zone)
        if row.pay_by is not None:
            facts["pay_by"] = clock.day(row.pay_by)
    return facts


def fresh_link(act: Act, training: Training, asked: AskedSeat, days: int = 0) -> str:
    """The secret of a link to the page of a seat. It takes the place of the one before, unless that can only have gone to the same
    mailbox: who has several letters opens any of them."""
    days = max(days, SHORTEST)
    if training.ends_at is not None:
        days = min(LONGEST, max(days, (training.ends_at - act.now + timedelta(days=SHORTEST)).days))
    stays = asked.registration is not None and Contact.is_one_mailbox(asked.registration.person)
    _link, secret, _code = office_links.make(
        act, organization=training.association, purpose=PURPOSE, about=asked.pk, days=days, beside_earlier=stays
    )
    return secret
