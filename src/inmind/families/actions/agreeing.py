"""What a family agrees may be told outside, and what was told. No verb of service asks for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from inmind.access import consents, disclosing
from inmind.access.act import Act, action
from inmind.access.consents import Asked, Ground, Holder, Manner, Withdrawal
from inmind.access.models import Consent, Disclosure
from inmind.access.privacy import stop_if_erased
from inmind.documents import actions as documents
from inmind.documents.models import StoredFile
from inmind.documents.queries import kept_for
from inmind.families import queries
from inmind.families.actions.releasing import looked_at_again
from inmind.families.actions.taking_part import born, check_taking_part
from inmind.families.models import ConsentHolder, Episode
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.people.models import Person

CONSENT = "access.Consent"


@action("families.agree", on="episode")
def agree(
    act: Act,
    *,
    episode: Episode,
    person: Person,
    agreed: consents.Consent,
    language: str,
    interpreter: bool | None,
    edition: str,
) -> Consent:
    """Write down that whoever may consent for somebody today agreed that something may be told outside."""
    return keep(
        act,
        episode=episode,
        person=person,
        agreed=agreed,
        language=language,
        interpreter=interpreter,
        edition=edition,
    )


def keep(
    act: Act,
    *,
    episode: Episode,
    person: Person,
    agreed: consents.Consent,
    language: str,
    interpreter: bool | None,
    edition: str,
) -> Consent:
    """Keep a consent within the action that is open, once whoever gives it may today."""
    holders = _holders(act, episode, person, act.today(episode.organization.zone))
    giver = agreed.given_by
    stop_if_erased([giver.person] if giver.person else [])
    paper = ConsentHolder.objects.filter(
        dyad=episode.dyad_id, organization=episode.organization_id, holder=giver.person, capacity=giver.capacity
    )
    return disclosing.keep_consent(
        act,
        episode=episode.pk,
        organization=episode.organization,
        agreed=replace(agreed, **_whose(episode, person)),
        holders=holders,
        seen=paper.order_by("-created_at").values_list("document", flat=True).first() or "",
        language=language,
        interpreter=interpreter,
        edition=edition,
    )


@action("families.withdraw", on="episode")
def withdraw(act: Act, *, episode: Episode, person: Person, consent: UUID, back: Withdrawal) -> Consent:
    """Write down that a consent was taken back: by whom, how, and from when on nothing is told by it."""
    row = _agreed_to(episode, person, consent)
    with looked_at_again(act, episode, person):
        return disclosing.revoke_consent(act, consent=row, back=back)


@action("families.withdraw_kept", on="episode")
def withdraw_kept(act: Act, *, episode: Episode, consent: UUID, back: Withdrawal) -> Consent:
    """The same through the privacy officer, also once the service has ended and no care team opens the family."""
    row = Consent.objects.filter(pk=consent, episode=episode.pk).select_related("about").first()
    if row is None:
        raise BadInput(N_("This consent is not written down here."), N_("Choose one from the list."), field="consent")
    with looked_at_again(act, episode, row.about):
        return disclosing.revoke_consent(act, consent=row, back=back)


@action("families.attach_scan", on="episode")
def attach_scan(act: Act, *, episode: Episode, person: Person, consent: UUID, kind: str, body: str) -> StoredFile:
    """Keep a scan or a photo of the paper that somebody signed. body: as `documents/kinds.py` cleaned it, as base64."""
    row = _agreed_to(episode, person, consent)
    return documents.keep(
        act, about=person, organization=episode.organization, proves=(CONSENT, row.pk), kind=kind, body=body
    )


@action("families.remove_scan", on="episode")
def remove_scan(act: Act, *, episode: Episode, person: Person, consent: UUID, file: UUID) -> StoredFile:
    """Remove a scan that shows something else than the paper; that there was one stays."""
    row = _agreed_to(episode, person, consent)
    found = next((one for one in kept_for([row.pk]) if one.pk == file), None)
    if found is None:
        raise NotNow(N_("This file is not there any more."))
    return documents.remove(act, file=found)


def _agreed_to(episode: Episode, person: Person, consent: UUID) -> Consent:
    row = Consent.objects.filter(pk=consent, about=person, episode=episode.pk).first()
    if row is None:
        raise BadInput(N_("This consent is not written down here."), N_("Choose one from the list."), field="consent")
    return row


@action("families.tell", on="episode")
def tell(
    act: Act, *, episode: Episode, person: Person, asked: Asked, ground: Ground, manner: Manner, on: date, **said: Any
) -> Disclosure:
    """Write down that something was told outside. said: words, and where it applies at, reason, order and notice_went."""
    return disclosing.keep_disclosure(
        act,
        episode=episode.pk,
        organization=episode.organization,
        asked=replace(asked, **_whose(episode, person)),
        holders=_holders(act, episode, person, on),
        born=born(episode, person),
        ground=ground,
        manner=manner,
        on=on,
        **said,
    )


def _whose(episode: Episode, person: Person) -> dict[str, Any]:
    return {"about": person.pk, "about_child": person.pk == episode.dyad.child_id}


def _holders(act: Act, episode: Episode, person: Person, on: date) -> list[Holder]:
    check_taking_part(episode, person)
    return [holder for holder, _ask in queries.may_agree(episode, person, on)]
