"""A consent that an adult signs on her own phone: asked by a worker, answered by her link, taken back there too.

Nothing follows from a no, and nothing that serves a family looks at it (`protect.md` 5).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from inmind.access import consent_text, consents, disclosing
from inmind.access.act import Act, action
from inmind.access.consents import SELF, Back, Days, Holder, How, Kind, NoConsent, Purpose, Withdrawal
from inmind.access.models import AdultLink, Consent
from inmind.families import queries
from inmind.families.actions.agreeing import keep
from inmind.families.actions.releasing import looked_at_again
from inmind.families.actions.taking_part import check_taking_part
from inmind.families.models import Episode
from inmind.families.told_models import Proposal
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.people.models import Person

HERE_NO_MORE = N_("This question is not open any more.")


@action("families.propose", on="episode")
def propose(act: Act, *, episode: Episode, person: Person, agreed: consents.Consent) -> Proposal:
    """Ask an adult, on her own page, to agree to something. Raises BadInput, and NoConsent where she may not agree today."""
    giver = agreed.given_by
    if giver.person is None:
        raise BadInput(
            N_("A court or an agency signs on paper."), N_("Write down what stands on the paper."), field="giver"
        )
    check_taking_part(episode, person, Person.objects.get(pk=giver.person))
    row = Proposal(
        about=person,
        episode=episode,
        asked_id=giver.person,
        capacity=giver.capacity,
        recipient=text.checked(agreed.recipient.strip(), 200, field="recipient"),
        covered=agreed.covered,
        purpose=agreed.purpose,
        kinds=disclosing.joined(agreed.kinds),
        facts_since=agreed.days.first,
        facts_until=agreed.days.last,
        until=agreed.until,
        counsel=text.checked(agreed.counsel.strip(), 200, field="counsel"),
        hearing=agreed.hearing,
        asked_by_id=act.actor.person,
    )
    today = act.today(episode.organization.zone)
    consents.check(asked_for(row, today), today=today)
    over = disclosing.over(asked_for(row, today), _holders(row, today), act.now, episode.organization)
    if over:
        raise NoConsent([disclosing.said(one) for one in over])
    row.save()
    return row


@action("families.take_back_proposal", on="episode")
def take_back_proposal(act: Act, *, episode: Episode, proposal: UUID) -> Proposal:
    """Ask no more for what was not answered yet."""
    row = Proposal.objects.select_for_update(no_key=True).filter(pk=proposal, episode=episode).first()
    if row is None or row.state != Proposal.State.OPEN:
        raise NotNow(HERE_NO_MORE)
    row.state = Proposal.State.TAKEN_BACK
    row.save()
    return row


@action("families.agree_by_link", on="link")
def agree_by_link(act: Act, *, link: AdultLink, proposal: UUID, seen: str, name: str, language: str) -> Consent:
    """She agrees, and signs with her name what she has read. seen: the mark of the text on her page (`mark_of`)."""
    row = _open(link, proposal)
    if not text.tokens(name):
        raise BadInput(N_("Your name is missing."), N_("Write your name to sign."), field="name")
    shown = text_of(row, language)
    if mark_of(shown) != seen:
        raise BadInput(N_("The words have changed since you opened this page."), N_("Read them again, then sign."))
    zone = row.episode.organization.zone
    row.consent = keep(
        act,
        episode=row.episode,
        person=row.about,
        agreed=asked_for(row, act.today(zone)),
        language=language,
        interpreter=None,
        edition=_("InMind on a phone, edition %(edition)s") % {"edition": consent_text.EDITION},
    )
    row.state, row.answered_at, row.zone, row.link = Proposal.State.AGREED, act.now, zone, link.pk
    row.language, row.edition = language, consent_text.EDITION
    row.shown, row.signed = shown, text.checked(name.strip(), 120, field="name")
    row.save()
    act.concerns(row)
    return row.consent


@action("families.decline_by_link", on="link")
def decline_by_link(act: Act, *, link: AdultLink, proposal: UUID) -> Proposal:
    """She says no. No reason is asked, nobody has a task by it, and nothing changes."""
    row = _open(link, proposal)
    row.state, row.answered_at = Proposal.State.NO, act.now
    row.save()
    return row


@action("families.withdraw_by_link", on="link")
def withdraw_by_link(act: Act, *, link: AdultLink, consent: UUID) -> Consent:
    """She takes back what she agreed to, however she agreed to it: from now on nothing is told by it."""
    _check_own_page(link)
    row = (
        Consent.objects.filter(pk=consent, given_by=link.person_id, episode=link.episode)
        .select_related("about")
        .first()
    )
    episode = Episode.objects.filter(pk=link.episode).select_related("dyad", "organization").first()
    if row is None or episode is None:
        raise NotNow(N_("This is not written down here."))
    with looked_at_again(act, episode, row.about):
        back = Withdrawal(link.person.name, Back.OWN_PAGE)
        return disclosing.revoke_consent(act, consent=row, back=back)


def asked_for(row: Proposal, today: date) -> consents.Consent:
    """What somebody is asked, as the consent that it would be from today on."""
    return consents.Consent(
        about=row.about_id,
        recipient=row.recipient,
        purpose=Purpose(row.purpose),
        kinds=frozenset(map(Kind, row.kinds.split())),
        days=Days(row.facts_since, row.facts_until),
        given_by=Holder(row.asked_id, row.asked.name, row.capacity, None),
        since=today,
        until=row.until,
        how=How.PHONE,
        covered=row.covered,
        about_child=row.capacity != SELF,
        counsel=row.counsel,
        hearing=row.hearing,
    )


def lines_of(row: Proposal, language: str) -> list[dict[str, object]]:
    """What she reads before she answers: each line with whether it is a heading or a point of a list."""
    with translation.override(language):
        lines = consent_text.text(
            asked_for(row, clock.today(row.episode.organization.zone)),
            agency=row.episode.organization.name,
            name=row.episode.dyad.called,
            shown=[f"{term}: {words}" for shows in house.consent_shows for term, words in shows(row)],
        )
        return [
            {"words": _(one.words) % disclosing.facts_said(one.facts), "heading": one.is_heading, "point": one.is_point}
            for one in lines
        ]


def text_of(row: Proposal, language: str) -> str:
    """The same as one text, to be kept letter by letter."""
    return "\n".join(_line(line) for line in lines_of(row, language))


def _line(line: dict[str, object]) -> str:
    before = "\n" if line["heading"] else "- " if line["point"] else ""
    return f"{before}{line['words']}"


def mark_of(shown: str) -> str:
    """By which a page says which text stood on it."""
    return hashlib.sha256(shown.encode()).hexdigest()


def of_adult(link: AdultLink) -> Iterator[Proposal]:
    """What this adult is asked on this link's episode and has not answered yet, the oldest first."""
    rows = Proposal.objects.filter(asked=link.person_id, episode=link.episode, state=Proposal.State.OPEN)
    return iter(rows.select_related("about", "asked", "episode__dyad__child", "episode__organization").order_by("pk"))


def _open(link: AdultLink, proposal: UUID) -> Proposal:
    _check_own_page(link)
    rows = Proposal.objects.select_related("about", "asked", "episode__dyad__child", "episode__organization")
    rows = rows.filter(pk=proposal, asked=link.person_id, episode=link.episode, state=Proposal.State.OPEN)
    row = rows.select_for_update(of=("self",), no_key=True).first()
    if row is None:
        raise NotNow(HERE_NO_MORE)
    return row


def _check_own_page(link: AdultLink) -> None:
    if link.purpose != AdultLink.Purpose.OWN_PAGE:
        raise NotNow(N_("This link opens nothing here."))


def _holders(row: Proposal, on: date) -> list[Holder]:
    return [holder for holder, _ask in queries.may_agree(row.episode, row.about, on)]
