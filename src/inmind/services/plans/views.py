"""A family's care plan: its page, its lines, how each sees a goal, its print, and the part of it on an adult's own page."""

from __future__ import annotations

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
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.access.fields import open_together
from inmind.access.models import AdultLink
from inmind.families import queries as families
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import form_page, fresh_key, said
from inmind.foundation.models import asked_again
from inmind.foundation.registries import house
from inmind.foundation.values import FieldClass, Verdict
from inmind.people.models import Person
from inmind.services.adapters.handouts import handouts
from inmind.services.plans import actions as plan_actions
from inmind.services.plans import care_plan, handout
from inmind.services.plans.care_plan import HOW_FAR, LET_GO, HowFar, Kind, LetGo, Seen, SeenBy
from inmind.services.plans.forms import (
    KINDS,
    AddForm,
    ChangeForm,
    HandoutForm,
    LetGoForm,
    LookForm,
    MineForm,
    MyGoalForm,
    SeenForm,
    TakeBackForm,
    TakeBackMineForm,
    first_of,
)
from inmind.services.plans.models import GivenHandout, HowSeen, PlanItem, PlanLook
from inmind.services.running import views as running_views
from inmind.services.running.models import ServiceEpisode
from inmind.services.running.views import adults_of

OWN_PAGE = AdultLink.Purpose.OWN_PAGE
SOON = timedelta(days=28)  # ours: the next look that is offered
ALSO_PROUD = 3


# What stands in a plan


def lines(episode: UUID, *, to: UUID | None = None) -> list[PlanItem]:
    """The lines of a plan, oldest first, opened; to: of those that stand today, what this adult may read."""
    rows = [
        row
        for row in _kept_lines(episode)
        if to is None or (row.let_go_on is None and care_plan.is_shown(to, whose=row.whose_id, is_shared=row.is_shared))
    ]
    return _opened(rows)


def _kept_lines(episode: UUID) -> list[PlanItem]:
    """Asked once in a request, for the family's page asks for what they are proud of and for how many goals there are."""
    return policy.once(("plan lines", episode), lambda: _lines(episode=episode))


def _opened(rows: list[PlanItem]) -> list[PlanItem]:
    if rows:
        open_together(rows)
    return rows


@asked_again
def _lines(*, episode: UUID) -> models.QuerySet:
    return PlanItem.objects.filter(episode=episode).select_related("whose", "about").order_by("since", "created_at")


def strengths(episode: Episode, person: Any = None) -> Iterator[tuple[date, str]]:
    """What the adults of an episode, or one of them, want to stand in their plan as what they are proud of; newest first."""
    rows = [row for row in _kept_lines(episode.pk) if row.kind == Kind.STRENGTH and row.let_go_on is None]
    for row in reversed(_opened(rows)):
        if row.words and (person is None or person.pk == row.whose_id):
            yield row.since, row.words


def next_look(episode: UUID) -> PlanLook | None:
    return PlanLook.objects.filter(episode=episode).order_by("-created_at", "-pk").first()


def given(episode: UUID, to: Person | None = None) -> list[tuple[GivenHandout, handout.Words]]:
    """The hand-outs that were chosen and stand, each in the reader's language; one that is installed no more is left out."""
    rows = GivenHandout.objects.filter(episode=episode, taken_off_on=None).select_related("to").order_by("on", "pk")
    known, language = handouts(), get_language() or "en"
    chosen = rows.filter(to=to) if to is not None else rows
    return [(row, known[row.handout].said(language)) for row in chosen if row.handout in known]


def held(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]] | None:
    """What is held of her: her lines, how her goals are seen, the services that served her; for who may read her words."""
    if FieldClass.CLINICAL not in verdict.classes:
        return None
    rows = policy.visible(actor, PlanItem.objects.filter(whose=person), "services.see_plan")
    mine = _opened(list(rows.select_related("whose").order_by("since", "pk")))
    seen = _seen([row for row in mine if row.kind == Kind.GOAL], person)
    runs = policy.visible(actor, ServiceEpisode.objects.filter(about=person), "services.see_service")
    return [*(_held_line(row, seen.get(row.pk, [])) for row in mine), *map(_held_service, runs.order_by("since", "pk"))]


def _held_line(row: PlanItem, seen: list[HowSeen]) -> dict[str, str]:
    said = {str(KINDS[Kind(row.kind)]): row.words or "…", _("Since"): clock.day(row.since)}
    if row.let_go_on is not None:
        said[_("Let go")] = f"{_(LET_GO[LetGo(row.let_go_why)])}, {clock.day(row.let_go_on)}"
    views = (
        f"{_who(one, {})}, {clock.day(one.on)}: {_(HOW_FAR[HowFar(one.how_far)])} {one.words or ''} {_taken_back(one)}"
        for one in seen
    )
    return said | ({_("What each said"): "; ".join(one.strip() for one in views)} if seen else {})


def _taken_back(one: HowSeen) -> str:
    if one.taken_back_on is None:
        return ""
    facts = {"day": clock.day(one.taken_back_on), "why": one.taken_back_why or "…"}
    return "(" + _("taken back on %(day)s: %(why)s") % facts + ")"


def _held_service(row: ServiceEpisode) -> dict[str, str]:
    until = clock.day(row.until) if row.until else ""
    return {
        _("A service that runs"): row.name,
        _("Since"): clock.day(row.since),
        **({_("Until"): until} if until else {}),
    }


# Its page


@door("services.see_plan")
def plan(request: Asked, episode: UUID) -> HttpResponse:
    """Strengths first, then what the family wants and how each sees it, what it does in everyday life, and what comes next."""
    return _plan(request, _episode(request, "services.see_plan", episode))


def _episode(request: Asked, verb: str, episode: UUID) -> Episode:
    """The episode; refused where somebody who is none of its adults is said to sit at the table: nothing is shown, not all."""
    row: Episode = opened(request, verb, Episode, episode, related=["organization", "dyad__child"])[0]
    there = request.GET.get("with")
    if there and there not in {str(one.pk) for one in adults_of(row)}:
        raise refused(request, verb, about=row)
    return row


def _plan(request: Asked, episode: Episode, refused: str = "") -> HttpResponse:
    today, adults = _today(episode), adults_of(episode)
    there = next((one for one in adults if str(one.pk) == request.GET.get("with")), None)  # who sits at the table
    rows = lines(episode.pk, to=there.pk if there else None)
    standing = [row for row in rows if row.let_go_on is None]
    seen = _seen([row for row in rows if row.kind == Kind.GOAL], there)
    is_folded = there is None and len(adults) > 1
    look, may = next_look(episode.pk), bool(policy.can(request.actor, "services.add_to_plan", episode))
    others = [one for room in house.strengths if room is not strengths for one in room(episode, there)]
    months = families.age(episode.dyad, today)
    fitting = handout.chosen(one for one in handouts().values() if one.fits(months.months if months else None))
    audit.read(
        request.actor,
        "services.see_plan",
        policy.can(request.actor, "services.see_plan", episode),
        subjects={("person", row.whose_id) for row in rows} | {("episode", episode.pk)},
    )
    context = {
        "episode": episode,
        "dyad": episode.dyad,
        "back": house.pages["families.Episode"](episode),
        "refused": refused,
        "may": may,
        "there": there,
        "tables": [
            {"name": name, "url": f"{reverse('care_plan', args=[episode.pk])}?with={one.pk}", "is_here": one == there}
            for one, name in adults.items()
        ]
        if len(adults) > 1
        else [],
        "strengths": [_line(row, adults, may, is_folded) for row in standing if row.kind == Kind.STRENGTH],
        "also_proud": [
            {"words": words, "day": clock.day(on)} for on, words in sorted(others, reverse=True)[:ALSO_PROUD]
        ],
        "goals": [
            _line(row, adults, may, is_folded)
            | _as_seen(row, seen.get(row.pk, []), adults, today, request.actor.person if may else None)
            for row in standing
            if row.kind == Kind.GOAL
        ],
        "strategies": [_line(row, adults, may, is_folded) for row in standing if row.kind == Kind.STRATEGY],
        "let_go": [_line(row, adults, may, is_folded) for row in rows if row.let_go_on is not None],
        "adds": [
            {"url": f"{reverse('plan_add', args=[episode.pk])}?kind={kind.value}", "kind": kind.value} for kind in Kind
        ],
        "legend": [{"words": _(words), "filled": care_plan.filled(far)} for far, words in HOW_FAR.items()],
        "services": [] if there else running_views.of_family(request, episode),
        "look": {"on": clock.day(look.next_on), "is_over": look.next_on < today} if look else None,
        "look_form": LookForm(initial={"key": fresh_key(), "next_on": today + SOON}) if may else None,
        "handouts": [
            {"title": words.title, "to": adults.get(row.to, row.to.given_name), "row": row, "key": fresh_key()}
            for row, words in given(episode.pk, there)
        ],
        "handout_form": HandoutForm(
            adults, fitting, get_language() or "en", initial={"key": fresh_key(), **first_of(today, adults)}
        )
        if may and adults and fitting and there is None
        else None,
        "prints": [
            {"name": name, "url": reverse("plan_print", args=[episode.pk, one.pk])} for one, name in adults.items()
        ],
    }
    return render(request, "services/plan.html", context, status=400 if refused else 200)


def _today(episode: Episode) -> date:
    return clock.today(episode.organization.zone)


def _line(row: PlanItem, adults: dict[Person, str], may: bool, is_folded: bool = False) -> dict[str, Any]:
    """One line. is_folded: what an adult keeps from the others is folded away, for one of them may sit at the table."""
    return {
        "row": row,
        "words": row.words or "…",
        "moment": row.moment or "",
        "whose": adults.get(row.whose, row.whose.given_name),
        "for_whom": adults.get(row.about, "") if row.about_id != row.whose_id else "",
        "since": clock.day(row.since),
        "let_go": _(LET_GO[LetGo(row.let_go_why)]) if row.let_go_why else "",
        "let_go_on": clock.day(row.let_go_on) if row.let_go_on else "",
        "is_alone": not row.is_shared and len(adults) > 1,
        "by_herself": row.worker_id is None,
        "is_folded": is_folded and not row.is_shared,
        "url": reverse("plan_item", args=[row.pk]) if may else "",
        "seen_url": reverse("plan_seen", args=[row.pk]) if may and row.kind == Kind.GOAL else "",
    }


def _seen(goals: list[PlanItem], there: Person | None) -> dict[UUID, list[HowSeen]]:
    """How each goal is seen, oldest first; there: without what another adult keeps from this one, and what was taken back."""
    rows = HowSeen.objects.filter(goal__in=[one.pk for one in goals]).select_related(
        "goal", "whose", "worker", "taken_back_by"
    )
    found: dict[UUID, list[HowSeen]] = {}
    every = [
        row
        for row in rows.order_by("on", "created_at")
        if there is None
        or (
            row.taken_back_on is None
            and (row.by != SeenBy.FAMILY or care_plan.is_shown(there.pk, whose=row.whose_id, is_shared=row.is_shared))
        )
    ]
    for row in every:
        found.setdefault(row.goal_id, []).append(row)
    if every:
        open_together(every)
    return found


def _who(row: HowSeen, adults: dict[Person, str]) -> str:
    match row.by:
        case SeenBy.FAMILY:
            return adults.get(row.whose, row.whose.given_name)
        case SeenBy.WORKER:
            return row.worker.given_name if row.worker else ""
    return row.named


def _as_seen(
    goal: PlanItem, every: list[HowSeen], adults: dict[Person, str], today: date, reader: UUID | None
) -> dict[str, Any]:
    """How each sees a goal: the picture, the words behind it, the newest first, and what was taken back with why. reader: who
    may take back what was written down wrongly."""
    rows = [row for row in every if row.taken_back_on is None]
    back = {"taken_back": [_back(row, adults) for row in every if row.taken_back_on is not None]}
    seen = [Seen(_who(row, adults), SeenBy(row.by), row.on, HowFar(row.how_far)) for row in rows]
    if not seen:
        return back | {"picture": None, "seen": []}
    picture = care_plan.lanes(seen, since=goal.since, today=today)
    return back | {
        "picture": picture,
        "first": clock.day(picture.first),
        "last": clock.day(picture.last) if picture.last != picture.first else "",
        "seen": [
            {
                "who": _who(row, adults),
                "far": _(HOW_FAR[HowFar(row.how_far)]),
                "day": clock.day(row.on),
                "words": row.words or "",
                "by_herself": row.by_herself,
                "back_url": reverse("plan_seen_back", args=[row.pk]) if _may_take_back(row, reader) else "",
            }
            for row in reversed(rows)
        ],
    }


def _may_take_back(row: HowSeen, reader: UUID | None) -> bool:
    return reader is not None and not row.by_herself and (row.by != SeenBy.WORKER or row.worker_id == reader)


def _back(row: HowSeen, adults: dict[Person, str]) -> dict[str, str]:
    """That something was taken back, by whom and why; what it said stands in the record alone."""
    taken = clock.day(row.taken_back_on) if row.taken_back_on else ""
    by = row.taken_back_by.name if row.taken_back_by else _who(row, adults)
    return {"who": _who(row, adults), "day": clock.day(row.on), "on": taken, "by": by, "why": row.taken_back_why or "…"}


# What the care team writes down


@door("services.add_to_plan")
def add(request: Asked, episode: UUID) -> HttpResponse:
    """A line of the plan, in the words of an adult of the family."""
    there = _episode(request, "services.add_to_plan", episode)
    adults, kind = adults_of(there), request.GET.get("kind", "")
    first = {"key": fresh_key(), "kind": kind, "about": str(there.dyad.child_id), **first_of(_today(there), adults)}
    form = AddForm(adults, there.dyad.child, there.dyad.called, request.POST or None, initial=first)

    def act() -> HttpResponse:
        typed = form.cleaned_data
        plan_actions.add_to_plan(
            request.actor,
            key=typed["key"],
            episode=there,
            kind=Kind(typed["kind"]),
            whose=form.people[typed["whose"]],
            about=form.people[typed["about"]],
            words=typed["words"],
            moment=typed["moment"],
            is_shared=typed.get("is_shared", False),
            since=typed["since"],
        )
        return _kept(request, there, _("Kept, in their own words."))

    context = {"dyad": there.dyad, "back": reverse("care_plan", args=[there.pk])}
    return form_page(request, form, "services/plan_add.html", context, act)


def _kept(request: Asked, episode: Episode, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("care_plan", episode=episode.pk)


def _item(request: Asked, verb: str, item: UUID) -> PlanItem:
    return opened(
        request, verb, PlanItem, item, related=["episode__organization", "episode__dyad__child", "whose", "about"]
    )[0]


@door("services.change_plan")
def item(request: Asked, item: UUID) -> HttpResponse:
    """One line: write it anew, let it go, and what stood before."""
    row = _item(request, "services.change_plan", item)
    adults, now = adults_of(row.episode), {"words": row.words, "moment": row.moment or "", "is_shared": row.is_shared}
    form = ChangeForm(Kind(row.kind), list(adults), request.POST or None, initial={"key": fresh_key(), **now})

    def act() -> HttpResponse:
        typed = form.cleaned_data
        plan_actions.change_plan(
            request.actor,
            key=typed["key"],
            item=row,
            words=typed["words"],
            moment=typed.get("moment", ""),
            is_shared=typed.get("is_shared", row.is_shared),
        )
        return _kept(request, row.episode, _("Written anew. What stood before is kept."))

    context = {
        "row": row,
        "title": KINDS[Kind(row.kind)],
        "line": _line(row, adults, False),
        "back": reverse("care_plan", args=[row.episode_id]),
        "let_go_form": LetGoForm(initial={"key": fresh_key()}),
        "key": fresh_key(),
        "earlier": [
            {
                "words": one.words or "…",
                "moment": one.moment or "",
                "is_shared": one.is_shared,
                "day": _said_on(one, row),
            }
            for one in row.earlier.order_by("-number")
        ],
    }
    return form_page(request, form, "services/plan_item.html", context, act)


def _said_on(one: models.Model, row: PlanItem) -> str:
    return clock.local(one.created_at, row.episode.organization.zone)  # type: ignore[attr-defined]


@door("services.let_go")
@require_POST
def let_go(request: Asked, item: UUID) -> HttpResponse:
    """Let a line go, or take it up again where no reason is sent."""
    row, form = _item(request, "services.let_go", item), LetGoForm(request.POST)
    if row.let_go_on is not None:
        plan_actions.let_go(request.actor, key=request.POST.get("key", "")[:80], item=row, why=None)
        return _kept(request, row.episode, _("It stands in the plan again."))
    if not form.is_valid():
        return redirect("plan_item", item=row.pk)
    plan_actions.let_go(request.actor, key=form.cleaned_data["key"], item=row, why=form.reason())
    return _kept(request, row.episode, _("Let go. It is kept below, with what the family says of it."))


@door("services.say_how_seen")
def seen(request: Asked, item: UUID) -> HttpResponse:
    """How somebody sees a goal today."""
    row = _item(request, "services.say_how_seen", item)
    adults = adults_of(row.episode)
    first = {"key": fresh_key(), **first_of(_today(row.episode), {})}
    form = SeenForm(adults, request.POST or None, initial=first)

    def act() -> HttpResponse:
        plan_actions.say_how_seen(request.actor, key=form.cleaned_data["key"], goal=row, **form.said())
        return _kept(request, row.episode, _("Kept beside what the others see."))

    context = {"line": _line(row, adults, False), "back": reverse("care_plan", args=[row.episode_id])}
    return form_page(request, form, "services/plan_seen.html", context, act)


@door("services.take_back_seen")
def take_back(request: Asked, seen: UUID) -> HttpResponse:
    """Take back how somebody sees a goal, where it was written down wrongly."""
    related = ["goal__episode__organization", "goal__episode__dyad__child", "whose"]
    row = opened(request, "services.take_back_seen", HowSeen, seen, related=related)[0]
    form = TakeBackForm(request.POST or None, initial={"key": fresh_key()})

    def act() -> HttpResponse:
        typed = form.cleaned_data
        plan_actions.take_back_seen(request.actor, key=typed["key"], seen=row, why=typed["why"])
        return _kept(request, row.goal.episode, _("Taken back. That it stood, and why not, is kept."))

    said = f"{_who(row, adults_of(row.goal.episode))}, {clock.day(row.on)}: {_(HOW_FAR[HowFar(row.how_far)])}"
    context = {"line": {"words": f"{said} {row.words or ''}"}, "back": reverse("care_plan", args=[row.goal.episode_id])}
    return form_page(request, form, "services/plan_seen.html", context | {"takes_back": True}, act)


@door("services.set_next_look")
@require_POST
def look(request: Asked, episode: UUID) -> HttpResponse:
    there, form = _episode(request, "services.set_next_look", episode), LookForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            plan_actions.set_next_look(request.actor, key=typed["key"], episode=there, next_on=typed["next_on"])
        except (BadInput, NotNow) as refusal:
            return _plan(request, there, said(refusal))
        return _kept(request, there, _("Kept. It stands on the print, too."))
    return _plan(request, there, _("A day is missing."))


@door("services.give_handout")
@require_POST
def give(request: Asked, episode: UUID) -> HttpResponse:
    there = _episode(request, "services.give_handout", episode)
    adults = adults_of(there)
    form = HandoutForm(adults, list(handouts().values()), "en", request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            plan_actions.give_handout(
                request.actor,
                key=typed["key"],
                episode=there,
                to=form.adults[typed["to"]],
                handout=typed["handout"],
            )
        except (BadInput, NotNow) as refusal:
            return _plan(request, there, said(refusal))
        return _kept(request, there, _("It stands on their own page."))
    return _plan(request, there, _("Choose for whom, and what to read."))


@door("services.take_off_handout")
@require_POST
def take_off(request: Asked, given: UUID) -> HttpResponse:
    row = opened(request, "services.take_off_handout", GivenHandout, given, related=["episode__organization"])[0]
    plan_actions.take_off_handout(request.actor, key=request.POST.get("key", "")[:80], given=row)
    return _kept(request, row.episode, _("It stands on their page no more."))


# The print, and her own page


def sheet(episode: Episode, person: Person) -> dict[str, Any]:
    """What one adult reads: what is hers, and what another said that she may read. No address, no diagnosis, no answer of a
    screen, and no word of how anybody sees it: a print hangs on a fridge, and a phone is taken from a hand."""
    adults, rows = adults_of(episode), lines(episode.pk, to=person.pk)

    def of(kind: Kind) -> list[dict[str, Any]]:
        return [
            _line(row, adults, False) | {"is_hers": row.whose_id == person.pk}
            for row in rows
            if row.kind == kind and row.words
        ]

    look = next_look(episode.pk)
    return {
        "strengths": of(Kind.STRENGTH),
        "goals": of(Kind.GOAL),
        "strategies": of(Kind.STRATEGY),
        "look": clock.day(look.next_on) if look and look.next_on >= _today(episode) else "",
        "has_others": len(adults) > 1,
    }


@door("services.see_plan")
def printed(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    """One page for one adult, to hang up, in her language."""
    there = _episode(request, "services.see_plan", episode)
    adults = {one.pk: one for one in adults_of(there)}
    if person not in adults:
        return redirect("care_plan", episode=there.pk)
    language = adults[person].language
    language = language if language in dict(settings.LANGUAGES) else get_language() or "en"
    with translation.override(language):
        shown = sheet(there, adults[person])
    context = {
        "sheet": shown,
        "told_in": language,
        "person": adults[person],
        "back": reverse("care_plan", args=[there.pk]),
        "calls": _calls(there),
    }
    return render(request, "services/plan_print.html", context)


def _calls(episode: Episode) -> list[dict[str, str]]:
    """Whom to call: who serves them today and has a work phone there."""
    team = families.team(episode, clock.today(settings.INSTALLATION.zone))
    ways = families.work_ways([row.worker_id for row in team], episode.organization)
    return [
        {"name": row.worker.name, "phone": phone} for row in team if (phone := ways.get(row.worker_id, ("", ""))[0])
    ]


def hers(request: Any, *, episode: Episode, person: Person) -> dict[str, Any] | None:
    """Her own plan on her own page, and what she was given to read, folded away."""
    shown, reads = sheet(episode, person), given(episode.pk, person)
    has_ended = episode.until is not None and episode.until <= _today(episode)
    is_bare = not any((shown["strengths"], shown["goals"], shown["strategies"], reads))
    if is_bare and has_ended:
        return None
    return {
        "is_bare": is_bare,
        "may_add": not has_ended,
        "sheet": shown,
        "reads": [{"title": words.title, "url": reverse("handout", args=[row.handout])} for row, words in reads],
        "key": fresh_key(),
    }


@door("services.see_my_plan", by_link=OWN_PAGE)
def mine(request: Asked) -> HttpResponse:
    """Her print, from her own phone."""
    episode = _own_episode(request)
    audit.read(
        request.actor, "services.see_my_plan", policy.can(request.actor, "services.see_my_plan"), about=request.link
    )
    context = {"sheet": sheet(episode, request.link.person), "calls": _calls(episode)}
    return render(request, "services/plan_mine.html", context)


def _own_episode(request: Asked) -> Episode:
    return Episode.objects.select_related("organization", "dyad__child").get(pk=request.link.episode)


def _hers(request: Asked, item: UUID) -> PlanItem | None:
    return next((row for row in lines(request.link.episode, to=request.link.person_id) if row.pk == item), None)


@door("services.say_how_i_see", by_link=OWN_PAGE)
def i_see(request: Asked, item: UUID) -> HttpResponse:
    """How she sees a goal, said by herself. It is kept beside what others see, and not shown here again."""
    row = _hers(request, item)
    if row is None:
        return redirect("own_page")
    form = MineForm(adults_of(_own_episode(request)), request.POST or None, initial={"key": fresh_key()})

    def act() -> HttpResponse:
        typed = form.cleaned_data
        plan_actions.say_how_i_see(
            request.actor,
            key=typed["key"],
            link=request.link,
            goal=row.pk,
            how_far=form.far(),
            words=typed["words"],
            is_shared=typed.get("is_shared", False),
        )
        messages.success(request, _("Kept. Those who serve you read it; it is not shown here again."))
        return redirect(f"{reverse('own_page')}#plan")

    said = _said_by_her(request, row)
    back = TakeBackMineForm(said, initial={"key": fresh_key()}, auto_id="back_%s") if said else None
    return form_page(request, form, "services/plan_i_see.html", {"words": row.words, "row": row, "back": back}, act)


def _said_by_her(request: Asked, goal: PlanItem) -> list[tuple[str, str]]:
    """The days on which she said how she sees a goal, and that still stand; no word of it."""
    rows = HowSeen.objects.filter(goal=goal, whose=request.link.person_id, by=SeenBy.FAMILY, taken_back_on__isnull=True)
    zone = _own_episode(request).organization.zone
    kept = [(one, clock.local(one.created_at, zone)) for one in rows.order_by("-created_at")]
    return [(str(one.pk), _("on %(day)s") % {"day": when}) for one, when in kept]


@door("services.take_back_mine", by_link=OWN_PAGE)
def i_take_back(request: Asked, item: UUID) -> HttpResponse:
    """She takes back what she said by mistake."""
    row = _hers(request, item)
    if row is None:
        return redirect("own_page")
    form = TakeBackMineForm(_said_by_her(request, row), request.POST or None, initial={"key": fresh_key()})

    def act() -> HttpResponse:
        typed = form.cleaned_data
        seen = UUID(typed["seen"])
        plan_actions.take_back_mine(request.actor, key=typed["key"], link=request.link, seen=seen, why=typed["why"])
        messages.success(request, _("Taken back. Those who serve you no longer read it as how you see it."))
        return redirect(f"{reverse('own_page')}#plan")

    return form_page(request, form, "services/plan_i_see.html", {"words": row.words, "takes_back": True}, act)


@door("services.add_my_goal", by_link=OWN_PAGE)
def my_goal(request: Asked) -> HttpResponse:
    """A goal of hers, written by herself. It stands in the plan at once, as hers."""
    form = MyGoalForm(adults_of(_own_episode(request)), request.POST or None, initial={"key": fresh_key()})

    def act() -> HttpResponse:
        typed = form.cleaned_data
        plan_actions.add_my_goal(
            request.actor,
            key=typed["key"],
            link=request.link,
            words=typed["words"],
            is_shared=typed.get("is_shared", False),
        )
        messages.success(request, _("It stands in your plan, in your words."))
        return redirect(f"{reverse('own_page')}#plan")

    return form_page(request, form, "services/plan_my_goal.html", {}, act)


@door("services.share_mine", by_link=OWN_PAGE)
@require_POST
def share(request: Asked) -> HttpResponse:
    """Who may read a line of hers: she alone, or the other adults of her family, too."""
    item, wanted = request.POST.get("item", ""), request.POST.get("shared") == "yes"
    row = next((one for one in lines(request.link.episode, to=request.link.person_id) if str(one.pk) == item), None)
    if row is not None and row.whose_id == request.link.person_id:
        plan_actions.share_mine(request.actor, link=request.link, item=row.pk, is_shared=wanted)
        messages.success(request, _("Kept as you want it."))
    return redirect(f"{reverse('own_page')}#plan")


# On the family's page


def panel(request: Any, *, dyad: Any, episode: Episode, on: Any) -> dict[str, Any] | None:
    """How many goals the plan has and when it is looked at next; and the services that run. For the care team alone."""
    if not policy.can(request.actor, "services.see_plan", episode):
        return None
    goals = [row for row in _kept_lines(episode.pk) if row.kind == Kind.GOAL and row.let_go_on is None]
    return {
        "url": reverse("care_plan", args=[episode.pk]),
        "goals": len(goals),
        "services": running_views.of_family(request, episode, drawn=False),
    }
