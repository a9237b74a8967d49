"""What may be told outside about one person of a family, and what was: for each person a page of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmind.access import audit, consents, disclosing, policy
from inmind.access.actors import Actor
from inmind.access.consents import Answer, Holder, How, Kind
from inmind.access.door import Asked, door, refused
from inmind.access.models import Consent
from inmind.documents.queries import kept_for
from inmind.families import actions, consent, queries, release_papers, subpoenas
from inmind.families.actions.taking_part import born
from inmind.families.forms import AgreeForm, TellForm, WithdrawForm
from inmind.families.models import Episode
from inmind.families.releases import FORMS
from inmind.families.told_models import Proposal, Release
from inmind.families.views import form_page, taking_part, way_back
from inmind.foundation import clock, reviews
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.foundation.registries import house
from inmind.people.models import Person

SEE = "families.see_told"
OURS = "InMind"
LATELY = timedelta(days=7)  # so long a file that was stopped is shown


def page_of(episode: Episode, person: Person, page: str = "family_told", **more: UUID) -> str:
    address = reverse(page, kwargs={"dyad": episode.dyad_id, "person": person.pk, **more})
    return f"{address}?episode={episode.pk}"


def panel(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """The card on the family's page: the consents about the child that stand, and how many stand about each adult, with the
    way there."""
    if not policy.can(request.actor, SEE, episode):
        return None
    adults = [one.person for one in queries.adults(episode, on)]
    kept = disclosing.agreed_about([dyad.child_id, *(one.pk for one in adults)], episode.pk)
    childs = [row for row in kept if row.about_id == dyad.child_id]
    hers = [row for row in kept if row.about_id != dyad.child_id]
    found = card(request.actor, episode, dyad.child, childs)
    return found and found | {"child": dyad.called, "adults": _about_adults(episode, adults, hers)}


def _about_adults(episode: Episode, adults: list[Person], kept: list[Consent]) -> list[dict[str, Any]]:
    """How many consents about each adult stand, and where they are read."""
    now = _now(episode)
    standing = Counter(
        row.about_id
        for row in kept
        if not consents.stands(disclosing.read(row), _holders(episode, row.about, now.date()), now)
    )
    return [{"name": one.given_name, "count": standing[one.pk], "url": page_of(episode, one)} for one in adults]


def card(actor: Actor, episode: Episode, person: Person, kept: list[Consent] | None = None) -> dict[str, Any] | None:
    """The consents about somebody that stand today, and the ways to write down what was agreed to and told; for those who
    may read them. kept: all about them, where somebody has asked for them already."""
    if not policy.can(actor, SEE, episode):
        return None
    now = _now(episode)
    return {
        "rows": [row for row in _rows(episode, person, now, kept) if row["stands"]],
        "url": page_of(episode, person),
        "agree": page_of(episode, person, "family_agree"),
        "tell": page_of(episode, person, "family_tell"),
        "court": page_of(episode, person, "family_subpoena"),
        "aside": True,
    }


def _now(episode: Episode) -> datetime:
    return clock.now().astimezone(ZoneInfo(episode.organization.zone))


def _holders(episode: Episode, person: Person, on: date) -> list[Holder]:
    return [holder for holder, _ask in queries.may_agree(episode, person, on)]


def _rows(episode: Episode, person: Person, now: datetime, kept: list[Consent] | None = None) -> list[dict[str, Any]]:
    """Each consent about somebody in words, with what is wrong with it today."""
    kept = disclosing.agreed(person.pk, episode.pk) if kept is None else kept
    holders = _holders(episode, person, now.date()) if kept else []
    scans = kept_for(row.pk for row in kept) if kept else []
    found = []
    for row in kept:
        rule = disclosing.read(row, born(episode, person))
        over = consents.stands(rule, holders, now)
        found.append(
            said(row)
            | {
                "pk": row.pk,
                "stands": not over,
                "over": [disclosing.said(one) for one in over],
                "asks": [] if over else [_(one) for one in consents.asks(rule)],
                "travels": [] if over else [_(one) for one in consents.travels(rule)],
                "may_withdraw": row.revoked_at is None,
                "paper_url": page_of(episode, person, "family_agreed", consent=row.pk),
                "withdraw_url": page_of(episode, person, "family_withdraw", consent=row.pk),
                "scans_url": page_of(episode, person, "family_scans", consent=row.pk),
                "scans": sum(one.proves == row.pk for one in scans),
                "file_url": page_of(episode, person, "family_ask_release", consent=row.pk),
            }
        )
    return found


def standing(episode: Episode, person: Person) -> list[consents.Consent]:
    """The consents about somebody that stand today, as the rule reads them."""
    now = _now(episode)
    kept = disclosing.agreed(person.pk, episode.pk)
    holders = _holders(episode, person, now.date()) if kept else []
    read = [disclosing.read(row, born(episode, person)) for row in kept]
    return [one for one in read if not consents.stands(one, holders, now)]


def came(episode: Episode, person: Person | None = None) -> list[dict[str, str]]:
    """That a court has asked, as who serves the family reads it: which paper and when, and that it is the privacy officer's."""
    return [
        {
            "paper": _(subpoenas.PAPERS[subpoenas.Paper(row.kind)]),
            "day": clock.day(row.came_on),
            "about": row.about.name or episode.dyad.called,
            "closed": clock.day(row.closed_at.astimezone(ZoneInfo(episode.organization.zone)).date())
            if row.closed_at
            else "",
            "sentence": _(subpoenas.NOT_YOURS),
        }
        for row in queries.subpoenas(episode=episode.pk)
        if person is None or row.about_id == person.pk
    ]


def _papers(episode: Episode, person: Person) -> list[dict[str, str]]:
    """The papers that can be made about somebody."""
    is_child = person.pk == episode.dyad.child_id
    address = page_of(episode, person, "family_paper")
    return [
        {"words": _(shape.title), "url": f"{address}&paper={form}"}
        for form, shape in FORMS.items()
        if is_child or not shape.about_child
    ]


def said(row: Consent) -> dict[str, Any]:
    """A consent in words, in the reader's language."""
    giver = row.given_by.name if row.given_by else row.given_name
    return {
        "recipient": row.recipient,
        "purpose": _(consents.PURPOSES[consents.Purpose(row.purpose)]),
        "kinds": disclosing.kinds_said(row.kinds),
        "facts_since": clock.day(row.facts_since),
        "facts_until": clock.day(row.facts_until) if row.facts_until else "",
        "giver": giver,
        "capacity": capacity_said(row.capacity),
        "seen": _(consent.DOCUMENTS[row.seen]) if row.seen in consent.DOCUMENTS else "",
        "how": _(consents.HOW[consents.How(row.how)]),
        "paper": row.paper,
        "text": row.text,
        "counsel": row.counsel,
        "hearing": clock.day(row.hearing) if row.hearing else "",
        "since": clock.day(row.since),
        "until": clock.day(row.until) if row.until else "",
        "revoked": _withdrawn(row),
    }


def _withdrawn(row: Consent) -> str:
    """When, by whom and how a consent was taken back."""
    if row.revoked_at is None:
        return ""
    at = row.revoked_at.astimezone(ZoneInfo(row.organization.zone))
    how = _(consents.BACK[consents.Back(row.revoked_how)])
    return " · ".join((f"{clock.day(at.date())}, {formats.time_format(at.time())}", row.revoked_said, how))


def capacity_said(capacity: str) -> str:
    """As what somebody agreed, for the child; nothing where it was for herself."""
    return "" if capacity == consents.SELF else _(consent.CAPACITIES[consent.Capacity(capacity)])


def _asked(episode: Episode, person: Person) -> list[dict[str, Any]]:
    """What adults are asked to sign about somebody, and what they answered where that is no consent."""
    rows = Proposal.objects.filter(episode=episode, about=person, state__in=(Proposal.State.OPEN, Proposal.State.NO))
    return [
        {
            "recipient": row.recipient,
            "kinds": disclosing.kinds_said(row.kinds),
            "purpose": _(consents.PURPOSES[consents.Purpose(row.purpose)]),
            "who": row.asked.name,
            "no": clock.day(row.answered_at.astimezone(ZoneInfo(episode.organization.zone)).date())
            if row.answered_at
            else "",
            "url": page_of(episode, person, "family_take_back_proposal", proposal=row.pk),
        }
        for row in rows.select_related("asked").order_by("-created_at", "-pk")
    ]


def _files(episode: Episode, person: Person) -> list[dict[str, str]]:
    """The files for somebody outside that are being made or can be taken, and those that were stopped lately; never what
    answers a court, which is the privacy officer's."""
    states = Release.State
    words = {states.MAKING: _("is being made"), states.READY: _("is ready"), states.STOPPED: _("was stopped")}
    lately = models.Q(created_at__gt=clock.now() - LATELY) | ~models.Q(state=states.STOPPED)
    rows = Release.objects.filter(
        lately, episode=episode, about=person, state__in=words, subpoena__isnull=True
    ).order_by("-created_at")
    return [
        {
            "recipient": "; ".join(row.named),
            "called": release_papers.called(row),
            "state": words[states(row.state)],
            "url": page_of(episode, person, "family_release", release=row.pk),
        }
        for row in rows
    ]


def head(episode: Episode, person: Person) -> dict[str, Any]:
    back = page_of(episode, person)
    return {
        "dyad": episode.dyad,
        "name": person.name or episode.dyad.called,
        "back": back,
        "crumb": _("What may be told"),
    }


@door(SEE)
def told(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    """Everything about one person that was agreed to and told, by this side of the family."""
    episode, there = taking_part(request, SEE, dyad, person)
    subjects = {("person", there.pk), ("episode", episode.pk)}
    audit.read(request.actor, SEE, policy.can(request.actor, SEE, episode), subjects=subjects)
    lines = [
        {
            "recipient": one.recipient,
            "on": ", ".join(filter(None, (clock.day(one.on), formats.time_format(one.at) if one.at else ""))),
            "is_late": one.consent is not None and disclosing.is_after(one, one.consent),
            "purpose": _(consents.PURPOSES[consents.Purpose(one.purpose)]),
            "kinds": disclosing.kinds_said(one.kinds),
            "manner": _(consents.MANNERS[consents.Manner(one.manner)]),
            "words": one.words or "",
            "by": _(consents.GROUNDS[consents.Ground(one.ground)]),
            "consent": clock.day(one.consent.since) if one.consent else "",
            "reason": one.reason or "",
            "told_by": one.told_by.name,
        }
        for one in disclosing.told(there.pk, episode.pk)
    ]
    rows = _rows(episode, there, _now(episode))
    context = head(episode, there) | {
        "back": way_back(episode),
        "crumb": episode.dyad.called,
        "standing": [row for row in rows if row["stands"]],
        "over": [row for row in rows if not row["stands"]],
        "lines": lines,
        "files": _files(episode, there),
        "papers": _papers(episode, there),
        "court": page_of(episode, there, "family_subpoena"),
        "came": came(episode, there),
        "asked": _asked(episode, there),
        "propose": page_of(episode, there, "family_propose"),
        "key_form": HouseForm(),
        "agree": page_of(episode, there, "family_agree"),
        "tell": page_of(episode, there, "family_tell"),
    }
    return render(request, "families/told.html", context)


def wanted_for(request: Asked, episode: Episode, person: Person) -> Mapping[str, Any]:
    """What waits for a consent about somebody, where the page was opened from there (`for`): what it would tell, by the names
    of the form's fields, and the way back to it; else nothing."""
    typed = request.GET.get("for", "")
    try:
        pk = UUID(typed)
    except ValueError:
        return {}
    asked = (ask(request.actor, pk) for ask in house.consent_asked.values())
    return next((one for one in asked if one and (one["episode"], one["about"]) == (episode.pk, person.pk)), {})


@door("families.agree")
def agree(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    """Write down a consent. Only those who may consent today can be chosen; where nobody may, the page says what to ask."""
    episode, there = taking_part(request, "families.agree", dyad, person)
    today = clock.today(episode.organization.zone)
    known = queries.may_agree(episode, there, today)
    may = [holder for holder, _ask in known if holder.may]
    words = [" · ".join(filter(None, (one.name, capacity_said(one.capacity)))) for one in may]
    initial = {
        "key": fresh_key(),
        "since": today,
        "facts_since": episode.since,
        "language": there.language if there.language in {"en", "es", "other"} else "",
        "edition": _("%(name)s, edition %(edition)s") % {"name": OURS, "edition": consents.EDITION},
    }
    wanted = wanted_for(request, episode, there)
    initial |= wanted
    is_child = there.pk == episode.dyad.child_id
    form = AgreeForm(may, words, request.POST or None, initial=initial, about_child=is_child)

    def act() -> HttpResponse:
        given = form.cleaned_data
        row = actions.agree(
            request.actor,
            key=given["key"],
            episode=episode,
            person=there,
            agreed=form.agreed(there.pk),
            language=given["language"],
            interpreter={"yes": True, "no": False}.get(given["interpreter"]),
            edition=given["edition"],
        )
        messages.success(request, _("It is kept. Print the copy and hand it over."))
        return redirect(wanted.get("back") or page_of(episode, there, "family_agreed", consent=row.pk))

    context = head(episode, there) | {
        **{name: wanted[name] for name in ("back", "shows") if name in wanted},
        "title": _("Write down a consent"),
        "nobody": not may,
        "limits": limits(episode, there, [consents.Kind.SCREENS]),
        "asks": [one for _holder, one in known if one],
        "who_url": f"{reverse('family_consent', kwargs={'dyad': episode.dyad_id})}?episode={episode.pk}",
    }
    return form_page(request, form, "families/told_agree.html", context, act)


@door("families.tell")
def tell(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    """Look whether something may be told, and write down that it was. Looking keeps nothing."""
    episode, there = taking_part(request, "families.tell", dyad, person)
    is_child = there.pk == episode.dyad.child_id
    now = _now(episode)
    rows = _rows(episode, there, now)
    initial = {"key": fresh_key(), "on": now.date(), "facts_since": episode.since, "facts_until": now.date()}
    form = TellForm((row["recipient"] for row in rows if row["stands"]), request.POST or None, initial=initial)
    context = head(episode, there) | {"title": _("May I tell this?"), "not_told": not_told(episode, now.date())}

    def act() -> HttpResponse:
        asked = form.asked(there.pk, about_child=is_child)
        if "look" in request.POST:
            holders = _holders(episode, there, now.date())
            answer = disclosing.may_tell(episode.pk, asked, holders, born(episode, there), now)
            context["answer"] = _answered(answer) | {"limits": limits(episode, there, asked.kinds)}
            return render(request, "families/told_tell.html", {"form": form, **context})
        given = form.told()
        actions.tell(request.actor, key=form.cleaned_data["key"], episode=episode, person=there, asked=asked, **given)
        messages.success(request, _("It is kept: who was told what, and by what."))
        return redirect(page_of(episode, there))

    return form_page(request, form, "families/told_tell.html", context, act)


def limits(episode: Episode, person: Person, kinds: Iterable[Kind]) -> list[str]:
    """What the words for some kinds of facts about somebody do not cover."""
    return [_(one) for one in consents.limits(kinds, about_child=person.pk == episode.dyad.child_id)]


def not_told(episode: Episode, on: date) -> list[str]:
    """Who must not be told, as it was written down beside who may consent (`protect.md` 5)."""
    return [row.not_told for row, _answer in queries.who_may_consent(episode, on) if row.not_told]


def _answered(answer: Answer) -> dict[str, Any]:
    by = answer.consent
    return {
        "may": answer.may,
        "missing": [disclosing.said(one) for one in answer.missing],
        "giver": by.given_by.name if by and answer else "",
        "since": clock.day(by.since) if by and answer else "",
        "travels": [_(one) for one in answer.travels],
        "asks": [_(one) for one in answer.asks],
    }


@door("families.withdraw")
def withdraw(request: Asked, dyad: UUID, person: UUID, consent: UUID) -> HttpResponse:
    """Write down that a consent was taken back, once that was confirmed."""
    episode, there = taking_part(request, "families.withdraw", dyad, person)
    row = consent_of(request, "families.withdraw", episode, there, consent)
    if row.revoked_at is not None:
        return redirect(page_of(episode, there))
    form = WithdrawForm(request.POST or None, initial={"key": fresh_key()})

    def act() -> HttpResponse:
        key, back = form.cleaned_data["key"], form.back()
        actions.withdraw(request.actor, key=key, episode=episode, person=there, consent=row.pk, back=back)
        messages.success(request, _("It is withdrawn. Nothing more is told by it."))
        return redirect(page_of(episode, there))

    context = head(episode, there) | {
        "title": _("Withdraw this consent?"),
        "lead": _(
            "From now on %(recipient)s is told nothing more by it. What was told before cannot be called back. "
            "Nothing that this family is given here depends on it."
        )
        % {"recipient": row.recipient},
        "button": _("Withdraw it"),
    }
    return form_page(request, form, "families/form_page.html", context, act)


@door(SEE)
def paper(request: Asked, dyad: UUID, person: UUID, consent: UUID) -> HttpResponse:
    """A copy of one consent to hand over, in the language in which it was explained, where the house has it."""
    episode, there = taking_part(request, SEE, dyad, person)
    row = consent_of(request, SEE, episode, there, consent)
    subjects = {("person", there.pk), ("episode", episode.pk)}
    audit.read(request.actor, SEE, policy.can(request.actor, SEE, episode), subjects=subjects)
    language = row.language if row.language in dict(settings.LANGUAGES) else get_language() or "en"
    rule = disclosing.read(row, born(episode, there))
    context = head(episode, there)  # the way back is the reader's
    with translation.override(language):
        context |= {
            "told_in": language,
            "agency": row.organization.name,
            "reached": " · ".join(filter(None, (row.organization.address, row.organization.phone))),
            "one": said(row),
            "travels": [_(one) for one in (*consents.travels(rule), *consents.told_on(rule))],
            "limits": limits(episode, there, rule.kinds),
            "printed": clock.day(clock.today(row.organization.zone)),
            "is_signed": rule.how is How.PAPER,
            "proposal": signed_copy(row),
            "is_unread": not reviews.is_source(language) and reviews.of(language, "work") is None,
        }
    return render(request, "families/told_paper.html", context)


def signed_copy(row: Consent) -> dict[str, str] | None:
    """What somebody read and signed on her own phone, letter by letter; None where it was agreed to otherwise."""
    proposal = Proposal.objects.filter(consent=row).first()
    if proposal is None or proposal.shown is None or proposal.answered_at is None:
        return None
    return {
        "text": proposal.shown,
        "name": proposal.signed or "",
        "when": clock.local(proposal.answered_at, proposal.zone),
        "zone": proposal.zone,
        "link": str(proposal.link),
        "language": proposal.language,
    }


def consent_of(request: Asked, verb: str, episode: Episode, person: Person, consent: UUID) -> Consent:
    row = next((one for one in disclosing.agreed(person.pk, episode.pk) if one.pk == consent), None)
    if row is None:
        raise refused(request, verb, about=episode)
    return row
