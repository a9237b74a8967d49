"""Ask to be called, call, and forget what was asked: the only thing that the public finder keeps of anybody."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings

from inmind.access import vault
from inmind.access.act import Act, action
from inmind.access.actors import machine
from inmind.access.grants import TABLE
from inmind.access.models import RoleAssignment
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.values import N_
from inmind.jobs.models import Job
from inmind.messages.actions import tell_of_asked_call
from inmind.people.models import Organization
from inmind.services.finder.models import SelfReferral
from inmind.services.listings.listing import Standing
from inmind.services.listings.models import Listing
from inmind.services.settled import terms

ANSWER = "services.answer_asked"
EACH_DAY = "services.asked_calls"
READERS = tuple(dict.fromkeys(role.key for role, grant in TABLE if grant.verb == ANSWER))
OPEN_AT_MOST = 200  # ours: so many wait at one organization; beyond, nobody could keep the promise
DIGITS = 7  # a number that can be called has at least so many


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody said who asks to be called."""

    name: str
    number: str
    when: str = ""
    may_leave_message: bool = False
    words: str = ""


def read_today(on: date) -> set[UUID]:
    """The organizations at which somebody reads today what families ask."""
    held = RoleAssignment.today(on).filter(role__in=READERS, account__is_active=True, organization__isnull=False)
    return set(held.values_list("organization", flat=True).distinct())


def reader_of(listing: Listing, reading: set[UUID]) -> Organization | None:
    """Who reads what is asked about a listing; None where families cannot ask for it, or nobody would read it."""
    to = listing.provider or listing.keeper
    return to if listing.takes_families and to.pk in reading else None


def due(today: date) -> date:
    """The day by which somebody calls who is asked today."""
    return today + timedelta(days=settings.ASKED_DAYS)


@action("services.ask_to_be_called", on="listing")
def ask_to_be_called(act: Act, *, listing: Listing, told: Told, language: str = "") -> SelfReferral:
    """Keep that somebody asks to be called, for those who read it at the organization that answers for the listing.

    Raises NotNow where nobody would read it, or more wait than can be called; BadInput for a name or a number that is missing.
    """
    to = reader_of(listing, read_today(act.today()))
    if to is None or listing.as_listing.stands(act.today(to.zone), *terms()) is Standing.EXPIRED:
        raise NotNow(N_("Nobody can read this here now."), N_("Call them yourself, or choose another place."))
    if SelfReferral.objects.filter(organization=to, closed_at__isnull=True).count() >= OPEN_AT_MOST:
        raise NotNow(
            N_("Many families wait for a call from there now."), N_("Call them yourself, or come back tomorrow.")
        )
    said = _checked(told)
    row = SelfReferral(id=new_id(), organization=to, listing=listing)
    row.language = language if language in settings.INSTALLATION.languages else ""
    row.due_on = due(act.today(to.zone))
    row.words = vault.seal_for_house(json.dumps(asdict(said)).encode(), _place(row.pk))
    row.save()
    tell_of_asked_call(act, to.pk, READERS)
    return row


def _checked(told: Told) -> Told:
    name = text.checked_line(told.name.strip(), 60, field="name")
    number = text.checked_line(told.number.strip(), 40, field="number")
    if not text.tokens(name):
        raise BadInput(N_("Your first name is missing."), N_("So they know for whom to ask."), field="name")
    if sum(letter.isdigit() for letter in number) < DIGITS:
        raise BadInput(N_("The number is missing."), N_("Write it with its area code."), field="number")
    when = text.checked_line(told.when.strip(), 200, field="when")
    words = text.checked(told.words.strip(), 1000, field="words")
    return Told(name, number, when, told.may_leave_message, words)


def told_by(asked: SelfReferral) -> Told | None:
    """What was said; None once it was erased."""
    if asked.words is None:
        return None
    return Told(**json.loads(vault.unseal_for_house(bytes(asked.words), _place(asked.pk))))


@action(ANSWER, on="asked")
def answer_asked(act: Act, *, asked: SelfReferral, reached: bool, gives_up: bool = False) -> SelfReferral:
    """Write down that somebody called: she was reached; nobody was, and somebody tries again; or nobody was, for good."""
    if asked.closed_at is not None:
        raise NotNow(N_("This was answered already."))
    if act.actor.person is None:
        raise NotNow(N_("Only a person calls."))
    if not reached:
        asked.tried, asked.tried_on = min(asked.tried + 1, 99), act.today(asked.organization.zone)
    if reached or gives_up:
        asked.outcome = asked.Outcome.REACHED if reached else asked.Outcome.NOT_REACHED
        asked.closed_at, asked.closed_by_id = act.now, act.actor.person
    asked.save()
    return asked


@action("jobs.asked_calls")
def look_after(act: Act) -> None:
    """Write again to those who call where a promised day is over, and erase what was said in requests that were answered long
    enough ago."""
    late = SelfReferral.objects.filter(closed_at__isnull=True, due_on__lt=act.today())
    for organization in late.order_by("organization").values_list("organization", flat=True).distinct():
        tell_of_asked_call(act, organization, READERS)
    before = act.now - timedelta(days=settings.ASKED_KEEP_DAYS)
    for asked in SelfReferral.objects.filter(words__isnull=False, closed_at__lte=before)[:500]:
        asked.words = None
        asked.save()


def each_day(job: Job) -> None:
    look_after(machine(EACH_DAY), key=f"job:{job.pk}")


def reseal_all() -> int:
    """What families asked, each sealed by today's master key. Returns how many were not yet."""
    done = 0
    for asked in SelfReferral.objects.select_for_update().filter(words__isnull=False).order_by("pk"):
        place = _place(asked.pk)
        if asked.words is not None and not vault.is_sealed_today(bytes(asked.words), place):
            asked.words = vault.seal_for_house(vault.unseal_for_house(bytes(asked.words), place), place)
            asked.save()
            done += 1
    return done


def _place(pk: UUID) -> str:
    return f"self-referral:{pk}"
