"""Reads of referrals under way: what somebody looks after, what waits in a program's inbox, and what the adult herself is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.access.actors import Actor
from inmind.families.models import Episode, Proposal
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.people.models import Person
from inmind.services.referrals import office, onward
from inmind.services.referrals.actions import is_told
from inmind.services.referrals.answer_actions import Says
from inmind.services.referrals.face_queries import faces_of
from inmind.services.referrals.models import Referral, ReferralStep
from inmind.services.referrals.onward import Told
from inmind.services.referrals.referral import By, State, Why
from inmind.services.referrals.words import REASONS, STATES

VERB, ANSWERS = "services.see_worklist", "services.answer"
OVER = [one.value for one in State if one.is_over]
ON_A_PAGE = 40
ANSWERED = (State.ACCEPTED, State.WAITLISTED, State.DECLINED)
LATELY = timedelta(days=3)  # ours: so long what was said stands on Today, over a weekend too


def under_way(actor: Actor) -> QuerySet[Referral]:
    """The referrals that this actor looks after or answers for, and that are not over."""
    return policy.visible(actor, Referral.objects.exclude(state__in=OVER), VERB)


def listed(actor: Actor, *, own: bool = False, state: str = "", due: date | None = None) -> QuerySet:
    """The ids of referrals under way, or in one state, also one that is over, whose next look comes first before the others;
    own: this actor's; due: to be looked after by then. Ids alone are sorted: of ten thousand a page shows a few (`rows_of`)."""
    rows = policy.visible(actor, Referral.objects.filter(state=state), VERB) if state else under_way(actor)
    if own:
        rows = rows.filter(worker=actor.person)
    if due is not None:
        rows = rows.filter(answer_by__lte=due)
    return rows.order_by(F("answer_by").asc(nulls_last=True), "state_on", "pk").values_list("pk", flat=True)


def unnamed(actor: Actor, rows: Iterable[Referral]) -> set[UUID]:
    """The referrals that are quiet (`office.is_quiet`), and on whose care team this reader is not."""
    quiet = [row for row in rows if office.is_quiet(row)]
    if not quiet:
        return set()
    episodes = Episode.objects.filter(pk__in={row.episode_id for row in quiet})
    may = set(policy.visible(actor, episodes, "services.draft").values_list("pk", flat=True))
    return {row.pk for row in quiet if row.episode_id not in may}


def called(actor: Actor, rows: Iterable[Referral]) -> dict[UUID, str]:
    """How this reader is told where referrals go."""
    there = list(rows)
    hidden = unnamed(actor, there)
    return {row.pk: _("a program") if row.pk in hidden else row.listing.name for row in there}


def rows_of(ids: Iterable[UUID]) -> list[Referral]:
    """What a page shows of these referrals, in their order; nothing sealed is read."""
    wanted = list(ids)
    together = ("listing", "about", "worker", "episode__dyad__child", "episode__organization")
    rows = Referral.objects.filter(pk__in=wanted).defer("hopes", "tells", "reach").select_related(*together)
    there = {row.pk: row for row in rows}
    return [there[pk] for pk in wanted if pk in there]


def addressed(actor: Actor) -> QuerySet[Referral]:
    """What was sent to the program of this actor: what waits for an answer first, the longest wait before all; nothing of whom it
    is about is read."""
    rows = policy.visible(actor, Referral.objects.filter(sent_on__isnull=False), ANSWERS)
    there = rows.defer("hopes", "tells", "reach").select_related("listing", "episode__organization")
    waits = Q(state__in=(State.SENT, State.RECEIVED))
    rank = Case(When(waits, then=0), When(state__in=OVER, then=2), default=1)
    return there.annotate(rank=rank, since=Case(When(waits, then="sent_on"))).order_by(
        "rank", "since", "-sent_on", "-pk"
    )


def open_here(actor: Actor, episode: Any) -> Iterator[str]:
    """What is still under way when an agency's time with a family ends."""
    if not policy.can(actor, "services.see_referral", episode):
        return
    rows = Referral.objects.filter(episode=episode).exclude(state__in=OVER).select_related("listing", "about")
    there = list(rows.order_by("created_at"))
    names = called(actor, there)
    for row in there:
        yield _(
            "A referral to %(program)s, %(state)s: let the program and the family know, and close it with its reason."
        ) % {
            "program": names[row.pk],
            "state": _(STATES[row.stands]),
        }


def today(request: Any) -> dict[str, Any] | None:
    """For Today: what was said lately to this reader's own referrals, how many are to look after now, and how many wait in the
    program's inbox."""
    actor, shown = request.actor, {}
    if policy.can(actor, VERB):
        day = clock.today(settings.INSTALLATION.zone)
        mine, is_open = Referral.objects.filter(worker=actor.person), ~Q(state__in=OVER)
        shown = policy.visible(actor, mine, VERB).aggregate(
            mine=Count("pk", filter=is_open),
            due=Count("pk", filter=is_open & Q(answer_by__lte=day)),
            drafts=Count("pk", filter=Q(state="drafted")),
            news=Count("pk", filter=_is_news(actor)),
        )
        shown["news"] = _news(actor) if shown["news"] else []
    if policy.can(actor, ANSWERS):
        waiting = Referral.objects.filter(state__in=(State.SENT, State.RECEIVED))
        shown["waiting"] = policy.visible(actor, waiting, ANSWERS).count()
    asks = bool(shown.get("due") or shown.get("waiting") or shown.get("news"))
    return {**shown, "asks": asks} if any(shown.values()) else None


def _is_news(actor: Actor) -> Q:
    """Referrals to which something was said lately that somebody else wrote down: a yes with who calls and when, a wait, a no;
    and drafts of which somebody agreed that they are told."""
    since = clock.now() - LATELY
    answers = ReferralStep.objects.filter(
        *(Q(person=None) | ~Q(person=actor.person), Q(state=F("referral__state"), tried="", by=By.PROGRAM)),
        referral=OuterRef("pk"),
        created_at__gte=since,
        state__in=ANSWERED,
    )
    signed = Proposal.objects.filter(
        *(Q(episode=OuterRef("episode"), about=OuterRef("about")), Q(recipient=OuterRef("recipient"))),
        state=Proposal.State.AGREED,
        answered_at__gte=since,
    )
    return Exists(answers) | (Q(state=State.DRAFTED.value) & Exists(signed))


def _news(actor: Actor) -> list[dict[str, str]]:
    """The same in words, for who looks after it. Seeing it is reading."""
    rows = policy.visible(actor, Referral.objects.filter(_is_news(actor), worker=actor.person), VERB)
    together = ("listing", "about", "episode__dyad__child")
    there = list(rows.defer("hopes", "tells", "reach").select_related(*together).order_by("-state_on", "pk"))
    names = called(actor, there)
    if there:
        subjects = {subject for row in there for subject in row.audit_subjects()}
        audit.read(actor, VERB, policy.can(actor, VERB), subjects=subjects)
    return [
        {
            "name": row.about.name or row.episode.dyad.called,
            "says": _new(row, names[row.pk]),
            "url": reverse("referral", args=[row.pk]),
        }
        for row in there
    ]


def _new(row: Referral, program: str) -> str:
    """What was said of a referral, for its worker."""
    facts = {"program": program, "who": row.caller, "why": _(REASONS[Why(row.why)]) if row.why else ""}
    match row.stands:
        case State.ACCEPTED if row.calls_on:
            words = _("%(program)s said yes: %(who)s calls on %(day)s.")
            return words % {**facts, "day": by_day(row.calls_on)}
        case State.ACCEPTED:
            return (_("%(program)s said yes: %(who)s calls.") if row.caller else _("%(program)s said yes.")) % facts
        case State.WAITLISTED if row.waits_until:
            words = _("%(program)s has no place yet; they named %(day)s.")
            return words % {**facts, "day": clock.day(row.waits_until)}
        case State.WAITLISTED:
            return _("%(program)s has no place yet.") % facts
        case State.DECLINED:
            return _("%(program)s could not take it on: %(why)s. Look for what fits next.") % facts
        case _:
            return _("It was agreed to: the referral to %(program)s can be sent.") % facts


def hers(request: Any, *, episode: Any, person: Person) -> dict[str, Any] | None:
    """For an adult's own page: what happens next with each referral by which she is called, and what she may say to it."""
    day = clock.today(episode.organization.zone)
    rows = Referral.objects.filter(episode=episode, to_call=person, sent_on__isnull=False)
    there = list(rows.defer("hopes", "tells", "reach").select_related("listing").order_by("-sent_on", "-pk"))
    met = introductions([row.pk for row in there]) if there else {}
    faces = faces_of(there) if request.actor.kind == "link" else {}
    shown = [(row, told(row, met.get(row.pk))) for row in there]
    lines = [
        {
            "pk": row.pk,
            "says": [capfirst(words) for words in said(one, day)],
            "ways": _ways(row) if request.actor.kind == "link" else [],
            "may_leave": request.actor.kind == "link" and may_leave(row),
            "caller": row.caller,
            "face": reverse("own_referral_face", args=[row.pk]) if row.pk in faces else "",
            **_folded(row),
        }
        for row, one in shown
        if onward.is_told(one, day)
    ]
    return {"rows": lines, "key": fresh_key()} if lines else None


def _folded(row: Referral) -> dict[str, str]:
    """What a quiet referral tells only once she unfolds it: somebody else may hold her phone."""
    return {"place": row.listing.name, "caller_says": row.calls_said} if office.is_quiet(row) else {}


def introductions(referrals: list[UUID]) -> dict[UUID, ReferralStep]:
    """The last time that a family met somebody of the program together with its worker, by referral."""
    rows = ReferralStep.objects.filter(referral__in=referrals, tried=ReferralStep.Tried.INTRODUCED)
    return {row.referral_id: row for row in rows.defer("note").order_by("number")}


def told(row: Referral, met: ReferralStep | None = None) -> Told:
    quiet = office.is_quiet(row)
    return Told(
        program=_("a place you know") if quiet else row.listing.name,
        state=row.stands,
        on=row.state_on,
        by_family=row.by_family,
        sent=row.sent_on,
        caller=row.caller,
        calls_on=row.calls_on,
        calls_said="" if quiet else row.calls_said,
        waits_until=row.waits_until,
        why=Why(row.why) if row.why else None,
        met=met.said_by if met else "",
        met_on=met.on if met else None,
        is_read=row.by_family or row.stands.is_connected or row.stands.is_over or is_told(row, clock.now()),
    )


def said(one: Told, day: date) -> Iterator[str]:
    for sentence in onward.sentences(one, day):
        yield _(sentence.words) % {
            name: by_day(fact) if isinstance(fact, date) else fact for name, fact in sentence.facts.items()
        }


def calls(row: Referral, day: date) -> str:
    """Who of the program calls first, and when, as its sender reads it; nothing once the family has heard from it."""
    if row.stands is not State.ACCEPTED or not (row.caller or row.calls_on):
        return ""
    facts = {"who": row.caller or row.listing.name, "day": by_day(row.calls_on) if row.calls_on else ""}
    if row.calls_on is None:
        return _("%(who)s calls.") % facts
    return (_("%(who)s was to call on %(day)s.") if row.calls_on < day else _("%(who)s calls on %(day)s.")) % facts


def by_day(on: date) -> str:
    """A day as one says it to somebody: with its weekday."""
    return f"{date_format(on, 'l')}, {clock.day(on)}"


def _ways(row: Referral) -> list[tuple[str, str]]:
    """What she may say of the program: each a value and its words."""
    if row.stands.is_over:
        return []
    ways = []
    if row.stands in {State.SENT, State.RECEIVED, State.ACCEPTED, State.WAITLISTED}:
        ways.append((Says.CALLED.value, _("They have called")))
    if row.stands is not State.STARTED:
        ways.append((Says.BEGUN.value, _("It has begun")))
    return ways


def may_leave(row: Referral) -> bool:
    """Whether she may say that she would rather not go on: until it has begun."""
    return not row.stands.is_over and row.stands is not State.STARTED
