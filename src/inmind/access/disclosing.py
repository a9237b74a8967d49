"""Keeps what was agreed to and what was told outside, and reads it; the rule stands in `consents.py`.

Whoever may consent for somebody is another room's to know: the actions here are parts of that room's, which hands the
holders in, read anew in the same transaction. Nothing here, and nothing that serves a family, asks for a consent to share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inmind.access import consents
from inmind.access.act import Act, action
from inmind.access.consents import (
    Answer,
    Asked,
    Days,
    Ground,
    Holder,
    How,
    Kind,
    Manner,
    Missing,
    NoConsent,
    Purpose,
    Withdrawal,
)
from inmind.access.models import Consent, Disclosure
from inmind.foundation import clock, events, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.models import asked_again
from inmind.foundation.registries import Forgetting
from inmind.foundation.values import N_, FieldClass, month_reached
from inmind.people.models import Organization, Person


@action("access.keep_consent")
def keep_consent(
    act: Act,
    *,
    episode: UUID,
    organization: Organization,
    agreed: consents.Consent,
    holders: Sequence[Holder],
    seen: str,
    language: str,
    interpreter: bool | None,
    edition: str,
) -> Consent:
    """Keep that somebody agreed. Raises BadInput for what cannot be agreed to so, and NoConsent where whoever agreed may not
    consent for this person today."""
    now = _there(act, organization)
    consents.check(agreed, today=now.date())
    if missing := over(agreed, holders, act.now, organization):
        raise NoConsent([said(one) for one in missing])
    giver = agreed.given_by
    row = Consent(
        about_id=agreed.about,
        episode=episode,
        organization=organization,
        recipient=text.checked(agreed.recipient.strip(), 200, field="recipient"),
        covered=agreed.covered,
        purpose=agreed.purpose,
        kinds=joined(agreed.kinds),
        facts_since=agreed.days.first,
        facts_until=agreed.days.last,
        given_by_id=giver.person,
        given_name="" if giver.person else giver.name,
        capacity=giver.capacity,
        seen=seen,
        how=agreed.how,
        paper=text.checked(agreed.paper.strip(), 200, field="paper"),
        language=language,
        interpreter=interpreter,
        text=text.checked(edition.strip(), 80, field="edition"),
        counsel=text.checked(agreed.counsel.strip(), 200, field="counsel"),
        hearing=agreed.hearing,
        since=agreed.since,
        until=agreed.until,
        written_by_id=_writer(act),
    )
    row.save()
    act.concerns(row)
    return row


def over(
    agreed: consents.Consent, holders: Sequence[Holder], now: datetime, organization: Organization
) -> tuple[Missing, ...]:
    """Why somebody cannot agree to this now; that it holds only later is no reason."""
    here = now.astimezone(ZoneInfo(organization.zone))
    return tuple(one for one in consents.stands(agreed, holders, here) if one.gap is not consents.Gap.NOT_YET)


@action("access.revoke_consent")
def revoke_consent(act: Act, *, consent: Consent, back: Withdrawal) -> Consent:
    """Whoever gave it takes it back: from then on nothing is told by it. What it covered stays as it was written. Of what was
    told by it after that moment, which nobody had written down yet, the privacy officer is told."""
    row = Consent.objects.select_for_update(of=("self",), no_key=True).get(pk=consent.pk)
    if row.revoked_at is not None:
        raise NotNow(N_("This consent was withdrawn already."), N_("Nothing is told by it any more."))
    row.revoked_at = consents.withdrawn_at(read(row), back, _there(act, row.organization))
    row.revoked_said = text.checked(back.said_by.strip(), 120, field="said_by")
    row.revoked_how, row.revoked_by_id = back.how, _writer(act)
    row.save(update_fields=["revoked_at", "revoked_said", "revoked_how", "revoked_by"])
    act.concerns(row)
    act.announce(events.ConsentWithdrawn(consent=row.pk, subject=row.about_id, episode=row.episode))
    for one in row.told.order_by("pk"):
        if is_after(one, row):
            act.announce(events.ToldWithoutConsent(disclosure=one.pk, organization=row.organization_id))
    return row


def is_after(told: Disclosure, consent: Consent) -> bool:
    """Whether something was told by a consent after the moment from which it was withdrawn. Where its time is not known, it
    was told before it was written down."""
    if consent.revoked_at is None:
        return False
    zone = ZoneInfo(consent.organization.zone)
    at = datetime.combine(told.on, told.at or time.max, zone)
    return min(at, told.created_at) >= consent.revoked_at


@action("access.keep_disclosure")
def keep_disclosure(
    act: Act,
    *,
    episode: UUID,
    organization: Organization,
    asked: Asked,
    holders: Sequence[Holder],
    born: date | None,
    ground: Ground,
    manner: Manner,
    on: date,
    words: str,
    at: time | None = None,
    reason: str = "",
    order: str = "",
    notice_went: bool = False,
    is_first: bool = True,
) -> Disclosure:
    """Keep that something was told. By a consent: one that permitted it at that moment, else NoConsent says what is missing. By
    another ground: with its reason, and the privacy officer is told. holders: who could consent on that day; is_first: False
    where the same went to somebody else before, so that nobody is told of it twice."""
    now = _there(act, organization)
    moment = consents.told_at(on, at, now)
    if asked.days.last is None or asked.days.last < asked.days.first:
        raise BadInput(
            N_("The days of these facts are not whole."),
            N_("The last day is the first one or lies after it."),
            field="facts_until",
        )
    consents.check_late(on, reason, now.date())
    _needs(asked.kinds, "kinds", N_("It is not said what was told."), N_("Choose at least one."))
    _needs(text.tokens(asked.recipient), "recipient", N_("It is not said who was told."), N_("Name them."))
    _needs(text.tokens(words), "words", N_("What was told is missing."), N_("A few words with the days are enough."))
    by = None
    if ground is Ground.CONSENT:
        hers = Consent.objects.filter(about=asked.about, episode=episode).order_by("pk")
        list(hers.select_for_update(of=("self",), no_key=True))  # a withdrawal of this moment comes before or after it
        answer = may_tell(episode, asked, holders, born, moment)
        if not answer or answer.consent is None:
            raise NoConsent([said(one) for one in answer.missing])
        if consents.PART_2_COPY in answer.travels:
            _needs(notice_went, "notice_went", consents.PART_2_COPY, N_("Say that they went with it."))
        by = answer.consent.key
    else:
        if gap := consents.barred(asked, ground):
            raise NoConsent([said(gap)])
        _needs(
            text.tokens(reason), "reason", N_("The reason is missing."), N_("It stays as the proof of why it was told.")
        )
    if ground is Ground.COURT_ORDER:
        _needs(text.tokens(order), "order", N_("The order is missing."), N_("Say where it is kept."))
    row = Disclosure.objects.create(
        about_id=asked.about,
        episode=episode,
        organization=organization,
        consent_id=by,
        ground=ground,
        recipient=text.checked(asked.recipient.strip(), 200, field="recipient"),
        purpose=asked.purpose,
        kinds=joined(asked.kinds),
        facts_since=asked.days.first,
        facts_until=asked.days.last,
        manner=manner,
        on=on,
        at=at,
        words=text.checked(words.strip(), 2000, field="words"),
        reason=text.checked(reason.strip(), 2000, field="reason") or None,
        order=text.checked(order.strip(), 200, field="order"),
        told_by_id=_writer(act),
    )
    act.concerns(row)
    if ground is not Ground.CONSENT and is_first:
        act.announce(events.ToldWithoutConsent(disclosure=row.pk, organization=organization.pk))
    return row


def _needs(there: Any, field: str, found: str, expected: str) -> None:
    if not there:
        raise BadInput(found, expected, field=field)


def _there(act: Act, organization: Organization) -> datetime:
    return act.now.astimezone(ZoneInfo(organization.zone))


def _writer(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("A person writes this down."))
    return act.actor.person


def joined(kinds: Iterable[Kind]) -> str:
    return " ".join(kind for kind in Kind if kind in kinds)


# Reading


def may_tell(episode: UUID, asked: Asked, holders: Sequence[Holder], born: date | None, now: datetime) -> Answer:
    """The rule's answer, by the consents about this person that this episode's care team wrote down. born: hers, where the
    house keeps it."""
    return consents.may_tell([read(row, born) for row in agreed(asked.about, episode)], asked, holders, now)


def agreed(about: UUID, episode: UUID) -> list[Consent]:
    """The consents about one person that one episode's care team wrote down, the newest first."""
    return _agreed(about=about, episode=episode)


@asked_again
def _agreed(*, about: UUID, episode: UUID) -> QuerySet:
    rows = Consent.objects.filter(about=about, episode=episode).select_related("given_by", "organization")
    return rows.order_by("-created_at", "-pk")


def agreed_about(people: list[UUID], episode: UUID) -> list[Consent]:
    """The same about several people, asked at once."""
    return _agreed_about(people=people, episode=episode)


@asked_again
def _agreed_about(*, people: list[UUID], episode: UUID) -> QuerySet:
    rows = Consent.objects.filter(about__in=people, episode=episode).select_related("about", "given_by", "organization")
    return rows.order_by("-created_at", "-pk")


def told(about: UUID, episode: UUID) -> list[Disclosure]:
    """What was told about one person by one episode's agency, the latest first."""
    rows = Disclosure.objects.filter(about=about, episode=episode).select_related("told_by", "consent")
    return list(rows.order_by("-on", "-created_at", "-pk"))


def read(row: Consent, born: date | None = None) -> consents.Consent:
    """A stored consent as the rule reads it."""
    giver = Holder(row.given_by_id, row.given_by.name if row.given_by else row.given_name, row.capacity, None)
    years = settings.AGE_OF_MAJORITY
    return consents.Consent(
        key=row.pk,
        about=row.about_id,
        recipient=row.recipient,
        purpose=Purpose(row.purpose),
        kinds=frozenset(map(Kind, row.kinds.split())),
        days=Days(row.facts_since, row.facts_until),
        given_by=giver,
        since=row.since,
        until=row.until,
        revoked_at=row.revoked_at,
        how=How(row.how),
        paper=row.paper,
        covered=row.covered,
        counsel=row.counsel,
        hearing=row.hearing,
        of_age=month_reached(born, 12 * years) if born is not None and years else None,
    )


def said(missing: Missing) -> str:
    """What is missing, in the reader's language."""
    return _(missing.sentence) % facts_said(missing.facts)


def facts_said(facts: Mapping[str, str | date | tuple[str, ...]]) -> dict[str, str]:
    """What fills a sentence: names as they are, days, and words to translate."""
    return {
        name: ", ".join(map(_, some))
        if isinstance(some, tuple)
        else clock.day(some)
        if isinstance(some, date)
        else some
        for name, some in facts.items()
    }


def kinds_said(kinds: str, *, to_whom_it_is_about: bool = False) -> list[str]:
    """The kinds of a stored row, in words."""
    return [_(consents.KINDS[Kind(kind)].said(to_whom_it_is_about=to_whom_it_is_about)) for kind in kinds.split()]


CLASSES = {
    FieldClass.FAMILY: N_("facts about the family"),
    FieldClass.WHEREABOUTS: N_("where they live and how they are reached"),
    FieldClass.CLINICAL: N_("clinical facts"),
}


def classes_said(kinds: str) -> list[str]:
    """The same for who is not on the care team: that there was a screen is not hers to know (`protect.md` 1)."""
    found = {consents.KINDS[Kind(kind)].field for kind in kinds.split()}
    return [_(words) for field, words in CLASSES.items() if field in found]


# What is left when somebody is erased

BLANK = "\u2014"


def _about(person: Person) -> tuple[QuerySet, QuerySet]:
    return Consent.objects.filter(about=person), Disclosure.objects.filter(about=person)


def _goes(person: Person) -> Iterator[str]:
    if any(rows.exists() for rows in _about(person)):
        yield _("Who may be told about this person, who was told, and in which words.")


def _stays(person: Person) -> Iterator[str]:
    agreed_to, told_outside = (rows.count() for rows in _about(person))
    if agreed_to or told_outside:
        yield _(
            "That something was agreed to (%(agreed)s) and told outside (%(told)s), on which day and of which kind, without "
            "names and words."
        ) % {"agreed": agreed_to, "told": told_outside}
    if Consent.objects.filter(given_by=person).exclude(about=person).exists():
        yield _("That somebody without a name agreed that something be told about the child.")


def _erase(act: Act, person: Person) -> None:
    agreed_to, told_outside = _about(person)
    for consent in agreed_to:
        consent.recipient = BLANK
        consent.paper = consent.counsel = ""
        consent.given_name = consent.given_name and BLANK
        consent.revoked_said = consent.revoked_said and BLANK
        consent.save()
    for consent in Consent.objects.filter(given_by=person).exclude(revoked_said__in=("", BLANK)):
        consent.revoked_said = BLANK
        consent.save()
    for one in told_outside:
        one.recipient, one.order, one.words, one.reason = BLANK, "", None, None
        one.save()


TOLD = Forgetting("told", frozenset(("access.Consent", "access.Disclosure")), goes=_goes, stays=_stays, erase=_erase)
