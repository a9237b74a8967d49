"""Tell somebody: queue a letter in the transaction that is open."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from inmind.access import adult_links, audit, office_links, vault
from inmind.access.act import Act, action
from inmind.access.actions import secret_link
from inmind.access.models import Account, AdultLink, OfficeLink, RoleAssignment, SignInLink
from inmind.foundation.errors import NotNow
from inmind.foundation.events import (
    FactorForgotten,
    LetterUndelivered,
    LinkAsked,
    PasskeyStopped,
    RoleEnded,
    RoleGiven,
    SharedMailboxAsked,
)
from inmind.foundation.values import N_
from inmind.messages.adapters import texts
from inmind.messages.models import Letter
from inmind.messages.outcomes import KINDS, Problem
from inmind.people.models import Contact, Organization, Person
from inmind.people.reaching import check_mail

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
SHARED = "shared_mailbox"


@action("messages.tell")
def tell(
    act: Act,
    *,
    to: Person,
    template: str,
    facts: dict[str, Any] | None = None,
    about_kind: str = "",
    about_id: UUID | None = None,
    at: datetime | None = None,
    channel: str | None = None,
) -> Letter:
    """Queue a letter; its delivery is a job of the same transaction, due now or at a later moment.

    channel: `mail` or `text`, the only one it may take; None: the reader's own safe ways decide. A letter that carries a
    caregiver's link (its `secret`) knows that link, and never leaves once it is over.
    """
    if channel not in (None, *Letter.Channel.values) or (
        channel == Letter.Channel.TEXT and not texts.has_form(template)
    ):
        raise ValueError(f"{template} does not go by {channel}")
    link = _link_in(facts or {}, to) if template in KINDS else None
    letter = Letter.objects.create(
        to=to,
        template=template,
        facts=json.dumps(facts or {}),
        about_kind=about_kind,
        about_id=about_id,
        channel=channel or "",
        link=link,
        asked_by_id=act.actor.person,
    )
    act.later("messages.deliver", {"letter": str(letter.pk)}, key=f"letter:{letter.pk}", due_at=at)
    return letter


@action("messages.tell_office")
def tell_office(
    act: Act,
    *,
    address: str,
    organization: Organization,
    template: str,
    facts: dict[str, Any],
    about_kind: str = "",
    about_id: UUID | None = None,
) -> Letter:
    """Queue a letter to an office that has no account, in the name of an organization. It tells nothing but who writes.

    One that carries an office's link (its `secret`) never leaves once that is over. Raises BadInput for what is no address.
    """
    check_mail(address, field="address")
    link = OfficeLink.objects.get(secret_hash=office_links.hash_of(facts["secret"])) if "secret" in facts else None
    letter = Letter.objects.create(
        office_of=organization,
        template=template,
        facts=json.dumps({**facts, "address": address.strip()}),
        about_kind=about_kind,
        about_id=about_id,
        channel=Letter.Channel.MAIL,
        office_link=link,
        asked_by_id=act.actor.person,
    )
    act.later("messages.deliver", {"letter": str(letter.pk)}, key=f"letter:{letter.pk}")
    return letter


def reseal_all() -> int:
    """What letters to offices carry, sealed by today's master key. Returns how many were not yet."""
    field, done = Letter._meta.get_field("facts"), 0
    for letter in Letter.objects.select_for_update().filter(to=None, facts__isnull=False).order_by("pk"):
        sealed, place = bytes(letter.__dict__["facts"]), field.place(letter)  # type: ignore[union-attr]
        if not vault.is_sealed_today(sealed, place):
            letter.facts = str(letter.facts)  # opened, so that saving seals it
            letter.save(update_fields=["facts"])
            done += 1
    return done


def _link_in(facts: dict[str, Any], to: Person) -> AdultLink:
    """The link that a letter carries. Raises ValueError where it is somebody else's: links are each adult's own."""
    link = AdultLink.objects.filter(secret_hash=adult_links.hash_of(facts["secret"])).first()
    if link is None or link.person_id != to.pk:
        raise ValueError("a letter carries its reader's own link")
    return link


@action("jobs.delivered")
def delivered(act: Act, *, letter_id: str, channel: str, stayed: bool, reference: str = "") -> None:
    """Write down that a letter left, and forget what it carried: a link's secret lives in the letter alone.

    Also where somebody took it back in that very moment: it has left, and the link is over.
    """
    letter = _locked(letter_id)
    letter.sent_at, letter.sent_by, letter.stayed, letter.reference = act.now, channel, stayed, reference
    _forget(letter)


@action("jobs.postponed")
def postponed(act: Act, *, letter_id: str, until: datetime) -> None:
    """Let a letter wait for the hour at which its reader said that a way to write to her is safe."""
    _try_at(act, _locked(letter_id), until, problem="")


@action("jobs.held_up")
def held_up(act: Act, *, letter_id: str, until: datetime) -> None:
    """Let a letter be tried again: whoever carries it did not take it now."""
    letter = _locked(letter_id)
    letter.tries += 1
    _try_at(act, letter, until, problem=Problem.LATER)


def _locked(letter_id: object) -> Letter:
    """A letter as it stands now, held until the transaction ends: somebody may take it back while it leaves."""
    return Letter.objects.select_for_update().get(pk=letter_id)


def _try_at(act: Act, letter: Letter, until: datetime, *, problem: str) -> None:
    if letter.taken_back_at is not None:
        return
    letter.waits_until, letter.problem = until, problem
    letter.save()
    key = f"letter:{letter.pk}:{letter.tries}:{until.isoformat()}"
    act.later("messages.deliver", {"letter": str(letter.pk)}, key=key, due_at=until)


@action("jobs.undelivered")
def undelivered(act: Act, *, letter_id: str, problem: str) -> None:
    """Write down that a letter could not leave after all attempts, and tell the room that asked for it."""
    letter = _locked(letter_id)
    if letter.taken_back_at is not None:
        return
    letter.failed_at, letter.problem, letter.waits_until = act.now, problem, None
    letter.save()
    if letter.about_id:
        act.announce(LetterUndelivered(letter=letter.pk, about_kind=letter.about_kind, about=letter.about_id))


@action("jobs.link_over")
def link_over(act: Act, *, letter_id: str) -> None:
    """Take back a letter whose link was over before it left."""
    _take_back(act, _locked(letter_id))


def _take_back(act: Act, letter: Letter) -> None:
    letter.taken_back_at = act.now
    _forget(letter)


def _forget(letter: Letter) -> None:
    """Keep nothing of what a letter carried. Of somebody who was erased it cannot be read any more, nor written anew."""
    letter.problem, letter.waits_until = "", None
    if letter.facts is not None:
        letter.facts = "{}" if letter.to_id else None
    letter.save()


def take_back(act: Act, letter: Letter) -> None:
    """Let a letter's link open nothing any more; where the letter has not left, it never does."""
    letter, link = _of_a_link(letter)
    adult_links.end(act, link)
    if not letter.is_over:
        _take_back(act, letter)


def send_again(act: Act, letter: Letter) -> Letter:
    """Send the same link once more: the letter itself where it has not left, else another one with a new secret, by which
    the earlier opens nothing any more. Raises NotNow where what it was sent for is over."""
    letter, old = _of_a_link(letter)
    if not adult_links.stands(old):
        raise NotNow(
            N_("What this letter was sent for is over."),
            N_("Its link opens nothing any more."),
            N_("Send a new one from where this one was sent."),
        )
    if letter.sent_at is None and letter.taken_back_at is None:
        letter.failed_at, letter.tries = None, 0
        _try_at(act, letter, act.now, problem="")
        return letter
    link, secret = adult_links.make(
        act,
        person=old.person,
        episode=old.episode,
        organization=old.organization,
        purpose=AdultLink.Purpose(old.purpose),
        about=old.about,
    )
    act.concerns(link)
    about = {"about_kind": letter.about_kind, "about_id": letter.about_id}
    channel = letter.channel or None
    return tell(act, to=link.person, template=letter.template, facts={"secret": secret}, channel=channel, **about)


def _of_a_link(letter: Letter) -> tuple[Letter, AdultLink]:
    """The letter as it stands now, held until the transaction ends, and its link."""
    locked = _locked(letter.pk)
    if locked.link is None:
        raise ValueError("only a letter that carries a link is sent again or taken back")
    return locked, locked.link


def send_link(act: Act, event: LinkAsked) -> None:
    """Write the letter that carries a one-time link; the secret is made here and stands nowhere else but in the letter."""
    account = Account.objects.select_related("person").get(pk=event.account)
    purpose = SignInLink.Purpose(event.purpose)
    tell(act, to=account.person, template=purpose.value, facts={"secret": secret_link(act, account, purpose)})


def tell_shared(act: Act, event: SharedMailboxAsked) -> None:
    """Write to a mailbox that several people here have: by whose username the link is to be asked for. It names nobody, and
    leaves no more often than once an hour, whoever asks."""
    way = Contact.in_use(pk=event.mailbox, safe=True).first()
    lately = Letter.objects.filter(about_kind=SHARED, about_id=event.mailbox, created_at__gt=act.now - AN_HOUR)
    if way is None or lately.exists():
        return
    held = RoleAssignment.today(act.today()).filter(account__person=way.person_id, organization__isnull=False)
    one = held.select_related("organization").order_by("created_at").first()
    if one is not None and one.organization is not None:
        about = {"about_kind": SHARED, "about_id": event.mailbox}
        tell_office(
            act, address=way.address, organization=one.organization, template="shared_mailbox", facts={}, **about
        )


def tell_of_factor(act: Act, event: FactorForgotten) -> None:
    """Write to her whose second factor was taken off, and to the others who run the places where she works."""
    person = Person.objects.get(account=event.account)
    today = RoleAssignment.today(act.today())
    over = today.filter(
        role="agency_supervisor",
        organization__in=today.filter(account=event.account).values("organization"),
        account__is_active=True,
    )
    for to in _reachable(Q(pk=person.pk) | Q(account__roles__in=over)).exclude(pk=event.by):
        facts = {"by": Person.objects.get(pk=event.by).name, "whose": "" if to == person else person.given_name}
        tell(act, to=to, template="factor_forgotten", facts=facts)


def tell_of_passkey(act: Act, event: PasskeyStopped) -> None:
    """Write to her whose passkey may have been copied, and to who watches over privacy where she works."""
    person = Person.objects.get(account=event.account)
    tell(act, to=person, template="passkey_stopped", facts={"whose": ""})
    for watcher in _who_watches(act, event.account).exclude(pk=person.pk):
        tell(act, to=watcher, template="passkey_stopped", facts={"whose": person.name})


def tell_of_officer(act: Act, event: RoleGiven | RoleEnded) -> None:
    """Write to her who begins or ends as an agency's privacy officer, to who else watches there and to who runs the house:
    by ending the only one, whoever is watched would be watched by nobody."""
    if event.role != "privacy_officer":
        return
    held = RoleAssignment.today(act.today()).filter(account__is_active=True)
    told = held.filter(role="administrator") | held.filter(_watches_there(event))
    facts = {"place": Organization.objects.get(pk=event.organization).name, "begins": isinstance(event, RoleGiven)}
    for to in _reachable(Q(pk=event.person) | Q(account__roles__in=told)).exclude(pk=event.by).order_by("pk"):
        tell(act, to=to, template="privacy_officer", facts={**facts, "mine": to.pk == event.person})


def tell_of_stranger(act: Act, event: RoleGiven) -> None:
    """Write to who watches an agency that somebody who does not work there gave a role at it; where nobody does, to the
    others who work there. One a day, sent after the last that was given: the people page shows each."""
    here = RoleAssignment.today(act.today()).filter(organization=event.organization, account__is_active=True)
    if here.filter(account__person=event.by).exists():
        return
    facts = {"place": Organization.objects.get(pk=event.organization).name}
    for held in (here.filter(_watches_there(event)), here):
        people = _reachable(Q(account__roles__in=held)).exclude(pk__in=(event.by, event.person)).order_by("pk")
        for to in people:
            _once_a_day(act, to, "role_from_outside", facts)
        if people:
            return


def tell_of_asked_call(act: Act, organization: UUID, roles: Iterable[str]) -> None:
    """Write to those of an agency who call, that a family asked for it: neither who nor about what. One a day."""
    here = RoleAssignment.today(act.today()).filter(organization=organization, account__is_active=True)
    for to in _reachable(Q(account__roles__in=here.filter(role__in=roles))).order_by("pk"):
        _once_a_day(act, to, "asked_to_call", {})


def _watches_there(event: RoleGiven | RoleEnded) -> Q:
    return Q(organization=event.organization, role__in=("privacy_officer", "agency_supervisor"))


def _once_a_day(act: Act, to: Person, template: str, facts: dict[str, Any]) -> None:
    """A letter that says to look, a day after the one before it; one that has not left yet says it for this as well."""
    before = Letter.objects.filter(to=to, template=template, failed_at__isnull=True)
    if before.filter(sent_at__isnull=True).exists():
        return
    last = before.order_by("-sent_at").values_list("sent_at", flat=True).first()
    tell(act, to=to, template=template, facts=facts, at=max(act.now, last + A_DAY) if last else None)


def _who_watches(act: Act, account: UUID) -> QuerySet:
    """The privacy officers of the places where somebody works; where there is none, those who run them, else the house."""
    today = RoleAssignment.today(act.today()).filter(account__is_active=True)
    places = today.filter(account=account).values("organization")
    for held in (
        today.filter(role="privacy_officer", organization__in=places),
        today.filter(role="agency_supervisor", organization__in=places),
        today.filter(role="administrator"),
    ):
        if (people := _reachable(Q(account__roles__in=held)).exclude(account=account)).exists():
            return people
    return Person.objects.none()


def _reachable(who: Q) -> QuerySet:
    """People who have a mail address that is safe."""
    safe = Contact.in_use(channel=Contact.Channel.MAIL, safe=True)
    return Person.objects.filter(who, contacts__in=safe).distinct()


@action("jobs.trail_head")
def tell_head(act: Act) -> None:
    """Write the trail's newest head to each privacy officer and administrator: kept elsewhere, it shows a cut trail."""
    newest = audit.head()
    held = RoleAssignment.today(act.today()).filter(
        role__in=("administrator", "privacy_officer"), account__is_active=True
    )
    for person in _reachable(Q(account__roles__in=held)) if newest else ():
        tell(
            act,
            to=person,
            template="trail_head",
            facts={"head": str(newest), "command": "inmind audit verify --heads FILE"},
        )
