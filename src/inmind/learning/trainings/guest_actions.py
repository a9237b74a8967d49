"""A seat for somebody without an account: asked for on the public page, theirs once the link in the letter was used."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings

from inmind.access import vault
from inmind.access.act import Act, action
from inmind.access.models import OfficeLink
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.values import N_
from inmind.learning.trainings import letter_actions
from inmind.learning.trainings import seat_actions as seating
from inmind.learning.trainings.models import AskedSeat, Registration, Training
from inmind.learning.trainings.seats import takes
from inmind.messages import actions as messages
from inmind.money import actions as money
from inmind.money import queries as money_queries
from inmind.money.models import Invoice
from inmind.people.models import Contact, Person
from inmind.people.reaching import check_mail
from inmind.records import actions as records

KEEP_DAYS = 7  # ours: what was typed and never confirmed is forgotten after so many


@dataclass(frozen=True, slots=True)
class Told:
    """Who asks: name and mail, and nothing else. is_another: whoever typed it knows that others read this mailbox too."""

    given_name: str
    family_name: str
    mail: str
    is_another: bool = False


def checked(told: Told) -> Told:
    """The same as it can be kept. Raises BadInput for a name that is missing and for what is no address."""
    said = Told(
        text.checked_line(told.given_name.strip(), 80, field="given_name"),
        text.checked_line(told.family_name.strip(), 80, field="family_name"),
        told.mail.strip(),
        told.is_another,
    )
    for name in ("given_name", "family_name"):
        if not text.tokens(getattr(said, name)):
            raise BadInput(N_("A name is missing."), N_("It stands on the certificate."), field=name)
    check_mail(said.mail, field="mail")
    return said


@action("learning.ask_seat", on="training")
def ask_seat(act: Act, *, training: Training, told: Told, language: str = "") -> AskedSeat:
    """Write to somebody who asks for a seat, to see that the address is theirs. Nothing is taken before they say yes there.

    Raises NotNow where seats are not given out, and BadInput as `checked`.
    """
    takes(seating.seats_of(training), act.now)
    said = checked(told)
    language = language if language in settings.INSTALLATION.languages else ""
    row = AskedSeat(id=new_id(), training=training, language=language)
    row.words = vault.seal_for_house(json.dumps(asdict(said)).encode(), _place(row))
    row.save()
    messages.tell_office(
        act,
        address=said.mail,
        organization=training.association,
        template="seat_asked",
        facts={
            "secret": letter_actions.fresh_link(act, training, row),
            "title": training.said("title", language),
            "association": training.association.name,
            "days": KEEP_DAYS,
            "language": language or "en",
        },
        about_kind="learning.AskedSeat",
        about_id=row.pk,
    )
    return row


def told_by(row: AskedSeat) -> Told | None:
    """What was typed; None once it was confirmed or forgotten."""
    if row.words is None:
        return None
    return Told(**json.loads(vault.unseal_for_house(bytes(row.words), _place(row))))


@action("learning.take_seat_by_link", on="link")
def take_by_link(act: Act, *, link: OfficeLink) -> Registration:
    """Yes, by the link in the letter: who asked is kept as a person now, and has the seat, or waits. Later, take what was offered."""
    asked, training = _of(link)
    told = told_by(asked)
    if asked.registration is not None:
        return seating.seat(act, training, asked.registration.person)
    if told is None:
        raise NotNow(N_("This link is too old."), N_("Ask for a seat again on the page of the training."))
    row = seating.seat(act, training, kept_person(act, training, told, asked.language))
    asked.words, asked.registration = None, row
    asked.save()
    act.concerns(row)
    return row


@action("learning.give_up_by_link", on="link")
def give_up_by_link(act: Act, *, link: OfficeLink) -> Registration:
    """Give up the seat, or the place in the line, by the link in a letter."""
    asked, training = _of(link)
    if asked.registration is None:
        raise NotNow(N_("There is no seat of yours here."), N_("Nothing is to be given up."))
    row = seating.give_up(act, training, asked.registration.person)
    act.concerns(row)
    return row


@action("learning.open_bill_by_link", on="link")
def open_bill_by_link(act: Act, *, link: OfficeLink) -> str:
    """The secret of a link to the invoice of a seat. Raises NotNow where none was made."""
    asked, _training = _of(link)
    invoice = invoice_of(asked.registration)
    if invoice is None:
        raise NotNow(N_("Nothing is owed for this seat."))
    act.concerns(asked.registration, invoice)
    secret, _days = money.open_by_link(act, invoice)
    return secret


def invoice_of(row: Registration | None) -> Invoice | None:
    """The invoice of a seat, where it costs something."""
    if row is None or row.invoice is None:
        return None
    return Invoice.objects.select_related("association").get(pk=row.invoice)


@action("learning.seat_somebody", on="training")
def seat_somebody(
    act: Act, *, training: Training, told: Told | None = None, person: Person | None = None
) -> Registration:
    """Register somebody who asked by telephone or at the door, by who keeps the trainings: see `whose`."""
    return seating.add(act, training, whose(act, training, told, person))


def whose(act: Act, training: Training, told: Told | None, person: Person | None) -> Person:
    """Whom the association means: somebody whom it knows, else by name and address.

    Raises BadInput as `checked`, for somebody whom the association does not know, and where the address is another's:
    the certificate would go to them.
    """
    if person is not None:
        if not known_to(training.association).filter(pk=person.pk).exists():
            raise BadInput(N_("The association does not know this person."), N_("Write down name and address instead."))
        return person
    assert told is not None, "somebody is chosen, or told of"
    said = checked(told)
    if not said.is_another and (others := _others_at(training, said)):
        raise BadInput(
            N_("At this address we write to %(names)s."),
            N_("Letters and the certificate would go there."),
            N_("If it is the same person, find them by name. If somebody else reads this mailbox too, say so below."),
            field="mail",
            facts={"names": ", ".join(others)},
        )
    return kept_person(act, training, said, "")


known_to = money_queries.people_of  # whom an association knows: on a list of its own, with a role, or with a bill


def _others_at(training: Training, told: Told) -> list[str]:
    """Whom the association knows at this address under other names; nobody else is told of."""
    ways = Contact.in_use(channel=Contact.Channel.MAIL, address__iexact=told.mail)
    people = list(known_to(training.association).filter(pk__in=ways.values("person")).order_by("created_at", "pk"))
    wanted = sorted(text.tokens(f"{told.given_name} {told.family_name}"))
    if any(sorted(text.tokens(one.name)) == wanted for one in people):
        return []
    return [one.name for one in people]


def _of(link: OfficeLink) -> tuple[AskedSeat, Training]:
    asked = AskedSeat.objects.select_related("registration__person").get(pk=link.about)
    training = seating.locked(asked.training_id)
    asked.refresh_from_db()
    return asked, training


def kept_person(act: Act, training: Training, told: Told, language: str) -> Person:
    """Who this is: somebody known by this name at this address, else a new person.

    Two people may share a mailbox, and one may write their name in two ways: what is doubtful becomes a new person, and is
    noticed as somebody who may be known already (`records`).
    """
    if (known := known_as(told)) is not None:
        return known
    person = records.new_person(told.given_name, told.family_name, language)
    records.register_people(act, people=[person])
    records.keep_contact(act, person=person, channel=Contact.Channel.MAIL, address=told.mail, safe=True)
    records.list_names(act, people=[person], organization=training.association)
    return person


def known_as(told: Told) -> Person | None:
    """Somebody known by this name at this address."""
    wanted = sorted(text.tokens(f"{told.given_name} {told.family_name}"))
    ways = Contact.in_use(channel=Contact.Channel.MAIL, safe=True, address__iexact=told.mail)
    known = ways.filter(person__erased_at=None, person__merged_into=None).select_related("person")
    people = (way.person for way in known.order_by("created_at", "pk"))
    return next((one for one in people if sorted(text.tokens(one.name)) == wanted), None)


@action("jobs.forget_asked_seats")
def forget(act: Act) -> int:
    """Forget what was typed by those who never confirmed. Returns how many."""
    before = act.now - timedelta(days=KEEP_DAYS)
    rows = list(AskedSeat.objects.filter(words__isnull=False, created_at__lte=before).order_by("pk")[:500])
    for row in rows:
        row.words = None
        row.save()
    return len(rows)


def stands(link: OfficeLink) -> bool:
    """Whether there is something to say by a link: it waits to be confirmed, or a seat came of it."""
    row = AskedSeat.objects.filter(pk=link.about).first()
    return row is not None and (row.words is not None or row.registration_id is not None)


def reseal_all() -> int:
    """What waits to be confirmed, sealed by today's master key. Returns how many were not yet."""
    done = 0
    for row in AskedSeat.objects.select_for_update().filter(words__isnull=False).order_by("pk"):
        place = _place(row)
        if row.words is not None and not vault.is_sealed_today(bytes(row.words), place):
            row.words = vault.seal_for_house(vault.unseal_for_house(bytes(row.words), place), place)
            row.save()
            done += 1
    return done


def _place(row: AskedSeat) -> str:
    return f"asked-seat:{row.pk}"
