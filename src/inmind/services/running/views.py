"""A service that runs: its page with what was planned and what came about, and when a call is worth it, on Today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened
from inmind.families import queries as families
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, form_page, fresh_key
from inmind.foundation.models import asked_again
from inmind.foundation.registries import house
from inmind.people.models import Person
from inmind.services.adapters.catalog import programs
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import Why
from inmind.services.referrals.words import REASONS as REFERRAL_REASONS
from inmind.services.running import actions as running_actions
from inmind.services.running import attendance, dosage
from inmind.services.running.attendance import REASONS, STATES, Because, Gap, Session, State, Whose
from inmind.services.running.forms import SAID_BY, BeginForm, EndForm, SessionForm, SessionsForm
from inmind.services.running.models import ServiceEpisode, ServiceSession

SHOWN_ON_TODAY = 5
RELATED = ["episode__organization", "episode__dyad__child", "about", "referral", "listing"]


# For the pages of a family


def of_family(request: Any, episode: Episode, *, drawn: bool = True) -> list[dict[str, Any]]:
    """The services of an episode, for who may see them: those that run first. drawn: with what other rooms draw beside one,
    such as a screen that was answered before it and since."""
    if not policy.can(request.actor, "services.see_service", episode):
        return []
    return [
        {
            "name": row.name,
            "who": row.about.given_name,
            "since": clock.day(row.since),
            "until": clock.day(row.until) if row.until else "",
            "url": reverse("service", args=[row.pk]),
            "is_worth_a_call": row.worth_a_call_on is not None,
            "panels": _drawn(request, row) if drawn else [],
        }
        for row in _of_episode(episode=episode.pk)
        if drawn or row.until is None
    ]


def of_referral(request: Any, *, referral: Referral) -> dict[str, Any] | None:
    """On the page of a referral that is started: the way to the service that began with it, for who may see it."""
    row = ServiceEpisode.objects.filter(referral=referral).first()
    if row is None or not policy.can(request.actor, "services.see_service", referral.episode):
        return None
    return {"url": reverse("service", args=[row.pk])}


@asked_again
def _of_episode(*, episode: UUID) -> models.QuerySet:
    rows = ServiceEpisode.objects.filter(episode=episode).select_related("about", "episode__organization")
    return rows.order_by(models.F("until").desc(nulls_first=True), "since", "pk")


def _drawn(request: Any, row: ServiceEpisode) -> list[dict[str, Any]]:
    return house.drawn(
        "service", request, episode=row.episode, person=row.about, began=row.since, name=row.name, about=row.pk
    )


def adults_of(episode: Episode) -> dict[Person, str]:
    """The adults who take part today, each under a name that tells them apart."""
    rows = families.adults(episode, clock.today(settings.INSTALLATION.zone))
    called = families.called(rows)
    return {one.person: called[one.person.pk] for one in rows}


# Its page


@door("services.see_service")
def service(request: Asked, service: UUID) -> HttpResponse:
    """Planned and attended week by week, who cancelled, the gaps by their true name, and the schedule where one is known."""
    return _service(request, _opened(request, "services.see_service", service))


def _opened(request: Asked, verb: str, service: UUID) -> ServiceEpisode:
    return opened(request, verb, ServiceEpisode, service, related=RELATED)[0]


def _service(request: Asked, row: ServiceEpisode, form: HouseForm | None = None) -> HttpResponse:
    today = clock.today(row.episode.organization.zone)
    sessions = list(row.sessions.order_by("on", "pk"))
    known = [one.as_session for one in sessions]
    until = row.until or today
    may = bool(policy.can(request.actor, "services.plan_sessions", row)) and row.until is None
    gaps = attendance.gaps(known, began=row.since, until=until, longer_than=timedelta(settings.GAP_DAYS))
    weeks = attendance.weeks(known, today=until)
    first = {"key": fresh_key(), "first": today, "times": 1, "every_days": 7}
    context = {
        "row": row,
        "back": reverse("care_plan", args=[row.episode_id]),
        "since": clock.day(row.since),
        "until": clock.day(row.until) if row.until else "",
        "why": _(REFERRAL_REASONS[Why(row.why)]) if row.why else "",
        "waited": _waited(row),
        "call": _call(row, known),
        "key": fresh_key(),
        "strips": _strips(weeks),
        "width": WIDTH,
        "legend": _legend(weeks),
        "says": _counted(known),
        "gap_days": settings.GAP_DAYS,
        "gaps": [_gap(gap) for gap in gaps],
        "dose": _dose(row, known, min(until, today)),
        "rows": [_session(one, may) for one in reversed(sessions)],
        "columns": [{"label": label} for label in (_("Day"), _("What became of it"), _("Why"), _("Who said so"))],
        "form": form or (SessionsForm(initial=first) if may else None),
        "may_end": may and row.referral_id is None,
        "panels": _drawn(request, row),
    }
    return render(request, "services/service.html", context, status=400 if form is not None else 200)


def _waited(row: ServiceEpisode) -> str:
    """How long the family waited between the referral and the beginning: the system's wait, never theirs."""
    sent = row.referral.sent_on if row.referral is not None else None
    days = (row.since - sent).days if sent is not None else 0
    if days < 1:
        return ""
    return ngettext(
        "From the referral to the beginning it was %(n)s day. That wait was the system’s.",
        "From the referral to the beginning it was %(n)s days. That wait was the system’s.",
        days,
    ) % {"n": days}


def _call(row: ServiceEpisode, known: list[Session]) -> list[str]:
    """Why a call is worth it now, in words; empty where none is."""
    found = attendance.worth_a_call(
        known, first=settings.SESSIONS_AT_FIRST, last=settings.SESSIONS_LOOKED_AT, missed=settings.SESSIONS_MISSED
    )
    if row.worth_a_call_on is None or found is None:
        return []
    says = [call_said(found.missed)]
    if found.by_program:
        says.append(
            ngettext(
                "%(n)s of them was cancelled by the program: call there, too.",
                "%(n)s of them were cancelled by the program: call there, too.",
                found.by_program,
            )
            % {"n": found.by_program}
        )
    return says


def call_said(missed: int) -> str:
    words = ngettext(
        "Worth a call: %(n)s session did not come about.", "Worth a call: %(n)s sessions did not come about.", missed
    )
    return words % {"n": missed}


SIDE, STEP, TOP, MOST, ACROSS = 16, 24, 10, 3, 16  # of a strip; what has no room there stands in the table alone
WIDTH = 2 * SIDE + ACROSS * STEP


def _strips(weeks: list[attendance.Week]) -> list[dict[str, Any]]:
    """The weeks side by side, some in each line: a mark for each session, in the order of its days."""
    return [_strip(weeks[start : start + ACROSS]) for start in range(0, len(weeks), ACROSS)]


def _strip(weeks: list[attendance.Week]) -> dict[str, Any]:
    marks = [
        {"x": SIDE + place * STEP, "y": TOP + row * STEP, "state": state.value}
        for place, week in enumerate(weeks)
        for row, state in enumerate(week.states[:MOST])
    ]
    line = TOP + STEP * max(1, *(min(len(week.states), MOST) for week in weeks)) + 6
    days = dict.fromkeys(clock.day(week.monday) for week in (weeks[0], weeks[-1]))
    return {
        "marks": marks,
        "line": line,
        "foot": line + 18,
        "height": line + 24,
        "end": SIDE + len(weeks) * STEP,
        "says": " – ".join(days),
    }


def _legend(weeks: list[attendance.Week]) -> list[dict[str, str]]:
    there = {state for week in weeks for state in week.states}
    return [{"state": state.value, "words": _(words)} for state, words in STATES.items() if state in there]


def _counted(known: list[Session]) -> str:
    """The strip in words: how many of each."""
    counts = Counter(one.state for one in known)
    return ", ".join(f"{_(words)}: {counts[state]}" for state, words in STATES.items() if counts[state])


def _gap(gap: Gap) -> str:
    facts = {"days": gap.days, "since": clock.day(gap.since), "until": clock.day(gap.until)}
    from_to = _("%(days)s days, from %(since)s to %(until)s.") % facts
    counts = ", ".join(f"{_(STATES[state])}: {number}" for state, number in sorted(gap.by.items()))
    match gap.whose:
        case Whose.SYSTEM if not gap.by:
            whose = _("Nothing was planned in these days. The wait was the system’s.")
        case Whose.SYSTEM:
            whose = _("The program cancelled. The wait was the system’s.")
        case Whose.FAMILY:
            whose = _("The family could not, or nobody was met.")
        case Whose.NOBODYS:
            whose = _("Nobody chose this.")
        case _several:
            whose = _("More than one had a part in it.")
    return " ".join([from_to, whose, *([f"({counts})"] if counts else [])])


def _dose(row: ServiceEpisode, known: list[Session], on: date) -> dict[str, Any] | None:
    """The model's own schedule beside what took place; None where nobody knows it."""
    model = programs().get(row.program)
    if model is None:
        return None
    came = [one.on for one in known if one.state is State.ATTENDED]
    found = dosage.dose(model.facts, came, began=row.since, on=on, born=row.episode.dyad.birth_date)
    if found is None:
        return None
    return {
        "every": found.phase.every_days,
        "since": clock.day(found.phase.since),
        "meant": found.meant,
        "came": found.came,
        "source": model.sources[found.phase.source],
    }


def _session(one: ServiceSession, may: bool) -> list[dict[str, Any]]:
    said_by = dict(SAID_BY)
    url = reverse("service_session", args=[one.pk]) if may else ""
    took = _("%(n)s minutes") % {"n": one.minutes} if one.minutes else ""
    return [
        {"text": clock.day(one.on), "url": url},
        {"text": _(STATES[State(one.state)]), "note": took},
        {"text": _(REASONS[Because(one.because)]) if one.because else "—"},
        {"text": str(said_by[one.said_by]) if one.said_by else "—"},
    ]


# What is written down


@door("services.begin_service")
def begin(request: Asked, episode: UUID) -> HttpResponse:
    """A service without a referral of ours."""
    there = opened(request, "services.begin_service", Episode, episode, related=["organization", "dyad__child"])[0]
    first = {"key": fresh_key(), "since": clock.today(there.organization.zone)}
    form = BeginForm(
        {there.dyad.child: there.dyad.called, **adults_of(there)}, programs(), request.POST or None, initial=first
    )

    def act() -> HttpResponse:
        typed = form.cleaned_data
        row = running_actions.begin_service(
            request.actor,
            key=typed["key"],
            episode=there,
            about=form.people[typed["about"]],
            name=typed["name"],
            program=typed["program"],
            since=typed["since"],
        )
        messages.success(request, _("Kept. Now plan its sessions, or write down those that were."))
        return redirect("service", service=row.pk)

    context = {"dyad": there.dyad, "back": reverse("care_plan", args=[there.pk])}
    return form_page(request, form, "services/service_begin.html", context, act)


@door("services.plan_sessions")
@require_POST
def plan_sessions(request: Asked, service: UUID) -> HttpResponse:
    row, form = _opened(request, "services.plan_sessions", service), SessionsForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            running_actions.plan_sessions(
                request.actor,
                key=typed["key"],
                service=row,
                first=typed["first"],
                every_days=typed["every_days"],
                times=typed["times"],
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Planned."))
            return redirect("service", service=row.pk)
    return _service(request, row, form)


@door("services.note_session")
def session(request: Asked, session: UUID) -> HttpResponse:
    """What became of one session; written anew, what was known before is kept."""
    related = ["service__episode__organization", "service__about"]
    row = opened(request, "services.note_session", ServiceSession, session, related=related)[0]
    names = ("state", "on", "minutes", "because", "said_by")
    first = {name: getattr(row, name) for name in names} | {"key": fresh_key(), "note": row.note or ""}
    form = SessionForm(request.POST or None, initial=first)
    back = reverse("service", args=[row.service_id])

    def act() -> HttpResponse:
        running_actions.note_session(request.actor, key=form.cleaned_data["key"], session=row, **form.said())
        messages.success(request, _("Written down."))
        return redirect(back)

    context = {
        "row": row,
        "day": clock.day(row.on),
        "back": back,
        "earlier": [
            {"day": clock.day(one.on), "state": _(STATES[State(one.state)]), "note": one.note or ""}
            for one in row.earlier.order_by("-number")
        ],
    }
    return form_page(request, form, "services/service_session.html", context, act)


@door("services.end_service")
def end(request: Asked, service: UUID) -> HttpResponse:
    """The end of a service that no referral began."""
    row = _opened(request, "services.end_service", service)
    first = {"key": fresh_key(), "on": clock.today(row.episode.organization.zone)}
    form = EndForm(request.POST or None, initial=first)
    back = reverse("service", args=[row.pk])

    def act() -> HttpResponse:
        typed = form.cleaned_data
        running_actions.end_service(request.actor, key=typed["key"], service=row, on=typed["on"], why=Why(typed["why"]))
        messages.success(request, _("Written down."))
        return redirect(back)

    return form_page(request, form, "services/service_end.html", {"row": row, "back": back}, act)


@door("services.note_call")
@require_POST
def called(request: Asked, service: UUID) -> HttpResponse:
    row = _opened(request, "services.note_call", service)
    running_actions.note_call(request.actor, key=request.POST.get("key", "")[:80], service=row)
    messages.success(request, _("Written down. It is asked again only if another session does not come about."))
    return redirect("service", service=row.pk)


# On Today


def today_panel(request: Any) -> dict[str, Any] | None:
    """The services of one's own families that are worth a call: for their care team alone, and no score of anybody."""
    actor = request.actor
    if not policy.can(actor, "services.see_service"):
        return None
    rows = _worth_a_call(actor, "services.see_service", on=clock.today(settings.INSTALLATION.zone))
    if not rows:
        return None
    shown: list[ServiceEpisode] = rows[:SHOWN_ON_TODAY]
    people = {("person", one.about_id) for one in shown}
    subjects = people | {("episode", one.episode_id) for one in shown}
    audit.read(actor, "services.see_service", policy.can(actor, "services.see_service"), subjects=subjects)
    return {"rows": list(_rows(shown)), "more": len(rows) > SHOWN_ON_TODAY, "asks": True}


def _rows(shown: list[ServiceEpisode]) -> Iterator[dict[str, str]]:
    for one in shown:
        yield {
            "title": one.about.name,
            "reason": _("%(service)s: at the beginning some sessions did not come about, since %(day)s.")
            % {"service": one.name, "day": clock.day(one.worth_a_call_on)},  # type: ignore[arg-type]
            "url": reverse("service", args=[one.pk]),
        }


@policy.visible_again
def _worth_a_call(seen: policy.Seen, *, on: date) -> models.QuerySet:
    """The longest waiting first. on: today; one that is marked for a day to come cannot be."""
    rows = seen(ServiceEpisode.objects.filter(worth_a_call_on__lte=on, until=None))
    return rows.select_related("about").order_by("worth_a_call_on", "pk")[: SHOWN_ON_TODAY + 1]
