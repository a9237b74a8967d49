"""Entering a screen from paper, saved as it is typed, and correcting it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access.door import Asked, door, opened
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, InMindError, KeyReused, NotNow, Stale
from inmind.foundation.forms import fresh_key, said
from inmind.foundation.values import N_
from inmind.screening import actions, paper, queries, scoring, sittings, words
from inmind.screening.help_views import help_context, help_url
from inmind.screening.instruments import Instrument
from inmind.screening.models import Screen
from inmind.screening.said import choice_said

CORRECT = "screening/correct.html"
RELATED = ("subject", "informant", "episode__organization", "episode__dyad")


@door("screening.answer")
def enter(request: Asked, screen: UUID) -> HttpResponse:
    """Enter a paper screen and finish it. A crisis answer makes help the very next page, whatever else is blank."""
    related = RELATED if request.method != "POST" else ("episode",)
    there, _verdict = opened(request, "screening.answer", Screen, screen, related=related)
    instrument = queries.instrument_of(there)
    if request.method != "POST":
        if there.state != Screen.State.OPEN:
            return redirect("screen", screen=there.pk)
        return _grid(request, there, instrument, paper.marked(instrument, there.answers), there.version)
    marked = _marked(request, instrument)
    try:
        done = actions.finish(
            request.actor,
            key=request.POST.get("key", ""),
            version=_version(request),
            screen=there,
            answers=paper.answers(instrument, marked),
            **_count(request, instrument),
        )
    except (Stale, NotNow) as refusal:
        _heed(request, there, instrument, marked)
        return _both_texts(
            request, Screen.objects.select_related(*RELATED).get(pk=there.pk), instrument, marked, refusal
        )
    except (BadInput, KeyReused) as refusal:
        _heed(request, there, instrument, marked)
        return _grid(request, there, instrument, marked, there.version, problem=refusal, status=refusal.status)
    if queries.is_crisis(done):
        return redirect(help_url(request, done))
    sitting = sittings.sitting_of(request, done)
    return redirect(sitting.url) if sitting else redirect("screen", screen=done.pk)


@door("screening.answer")
@require_POST
def save(request: Asked, screen: UUID) -> HttpResponse:
    """Save as typed: some answers of a form that goes on. Answers with the new version, and where to go when help comes first."""
    there, _verdict = opened(request, "screening.answer", Screen, screen, related=("episode",))
    instrument = queries.instrument_of(there)
    try:
        kept = actions.answer(
            request.actor,
            key=request.POST.get("save_key", ""),  # each save has one of its own; the form's is for finishing
            version=_version(request),
            screen=there,
            answers=paper.answers(instrument, _marked(request, instrument)),
        )
    except InMindError as refusal:
        if _heed(request, there, instrument, _marked(request, instrument)):
            return JsonResponse({"go": help_url(request, there)})
        return JsonResponse({"error": said(refusal)}, status=refusal.status)
    answer: dict[str, Any] = {"version": kept.version}
    if scoring.new_crises(instrument, there.answers, kept.answers):
        answer["go"] = help_url(request, kept)
    return JsonResponse(answer)


def _heed(request: Asked, screen: Screen, instrument: Instrument, marked: dict[str, str]) -> bool:
    """Answers that cannot be kept may still hold a crisis: it is acted on before anything else is said. Whether there was one."""
    found = paper.readable(instrument, marked)
    if not any(flag.is_crisis for flag in scoring.flags(instrument, found)):
        return False
    key = request.POST.get("save_key") or request.POST.get("key", "")
    try:
        actions.heed(request.actor, key=key[:80], screen=screen, answers=dict(found))
    except (BadInput, KeyReused):  # a key that cannot be, or one that came with other answers, keeps nobody from help
        actions.heed(request.actor, screen=screen, answers=dict(found))
    return True


def _marked(request: Asked, instrument: Instrument) -> dict[str, str]:
    """What was marked, also at an item that the form does not have: that is refused by its name, never passed over."""
    return {name: value for name, value in request.POST.items() if name.startswith(f"{instrument.key}_")}


def _count(request: Asked, instrument: Instrument) -> dict[str, int]:
    """The count of a form that gives its count alone, where one was typed. Raises BadInput for what is no number."""
    said = request.POST.get("count", "").strip() if instrument.takes_a_count else ""
    if not said:
        return {}
    if not (said.isascii() and said.isdigit() and len(said) < 4):
        raise BadInput(N_("This is not a whole number."), N_("A count is one, for example 3."), field="count")
    return {"count": int(said)}


def _version(request: Asked) -> int:
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0


def _grid(
    request: Asked,
    screen: Screen,
    instrument: Instrument,
    marked: dict[str, str],
    version: int,
    *,
    problem: InMindError | None = None,
    pairs: list[dict[str, str]] | None = None,
    status: int = 200,
    template: str = "screening/enter.html",
    reason: str = "",
) -> HttpResponse:
    language, here = get_language() or "en", queries.asked_at(screen)
    weighs = {each.item for each in instrument.critical if each.is_crisis}
    offered = {item.key: paper.choices(instrument, item) for item in here.items}
    rows = [
        {
            "name": item.key,
            "number": item.number,
            "label": item.label_in(language),
            "value": marked.get(item.key),  # None: not answered yet; empty: left blank
            "error": said(problem) if problem and problem.field == item.key else "",
            "weighs": item.key in weighs,
            "choices": [choice_said(choice) for choice in offered[item.key]],
            "in_words": any(len(choice.words) > 1 for choice in offered[item.key]),
            "by_points": not any(choice.is_position or choice.words for choice in offered[item.key]),
        }
        for item in here.items
    ]
    context: dict[str, Any] = {
        "screen": screen,
        "instrument": instrument,
        "rows": rows,
        "found": [_problem(problem, rows)] if problem else [],
        "reason": reason,
        "key": fresh_key(),
        "version": version,
        "pairs": pairs or [],
        "about": _about(screen),
        "how": how(here, instrument),
        "count": _count_asked(request, screen, instrument, problem),
        "by_weeks": _by_weeks(request, screen, instrument) if template == CORRECT else None,
        "by_link": _by_link(screen),
        "is_finished": screen.state != Screen.State.OPEN,
        "sitting": sittings.sitting_of(request, screen),
    }
    if problem and queries.is_crisis(screen):
        context |= {"help_first": True, **help_context(screen)}
    return render(request, template, context, status=status)


def _by_link(screen: Screen) -> str:
    """That somebody answers an open screen on her own phone; empty where it is entered from paper."""
    if screen.mode != Screen.Mode.LINK or screen.state != Screen.State.OPEN:
        return ""
    name = (screen.informant or screen.subject).given_name
    return _("%(name)s answers this on a phone of their own. Enter something only together: the last word counts.") % {
        "name": name
    }


def _by_weeks(request: Asked, screen: Screen, instrument: Instrument) -> dict[str, Any] | None:
    """Whether a correction may read a screen by other weeks at birth than it was, and whether that is asked for."""
    now = actions.ages_now(screen, instrument)
    return {"months": now.used.months, "is_asked": bool(request.POST.get("by_weeks"))} if now else None


def _about(screen: Screen) -> str:
    """Whose answers these are: the child, the day and who answers; of an adult, herself and the day."""
    facts = {"name": screen.subject.given_name or _("baby"), "day": clock.day(screen.on)}
    if screen.informant is None:
        return _("%(name)s, %(day)s") % facts
    return _("%(name)s, %(day)s, answered by %(informant)s") % {**facts, "informant": screen.informant.given_name}


def how(here: Instrument, instrument: Instrument) -> list[str]:
    """How what stands on paper is marked here, sentence by sentence. here: its rules at the child's age."""
    if any(item.words for item in here.items):
        how = [_("Mark what is marked on paper. InMind knows which answers count.")]
    elif here.takes_positions:
        how = [
            _(
                "Mark where the cross stands on paper, counted from the top of each question. "
                "InMind turns it into points once."
            )
        ]
    else:
        how = [_("Mark the points that are printed beside each answer.")]
    if any(item.takes_several for item in here.items):
        how.append(_("Where several answers of one question are marked, mark the last of them."))
    if here.takes_a_count:
        how.append(_(words.ASK_WHETHER_TO_ASK))
    if left_out := [str(item.number) for item in instrument.items if item not in here.items]:
        how.append(_("At this age these questions do not count: %(numbers)s.") % {"numbers": ", ".join(left_out)})
    return how


def _count_asked(
    request: Asked, screen: Screen, instrument: Instrument, problem: InMindError | None
) -> dict[str, Any] | None:
    """The field for a form that gives its count alone; None where a form gives its answers."""
    if not instrument.takes_a_count:
        return None
    stands = "" if queries.is_marked(screen) or screen.points is None else str(screen.points)
    return {
        "value": request.POST.get("count", stands)[:10] if request.method == "POST" else stands,
        "highest": instrument.maximum,
        "error": said(problem) if problem and problem.field == "count" else "",
    }


def _problem(problem: InMindError, rows: list[dict[str, Any]]) -> dict[str, str]:
    """A refusal above the form, with the way to its row where it has one."""
    row = next((row for row in rows if row["name"] == problem.field), None)
    if row is not None:
        return {"href": f"#answer-{problem.field}", "label": f"{row['number']}. {row['label']}", "text": said(problem)}
    if problem.field == "count":
        return {"href": "#count", "label": _("How many answers were yes"), "text": said(problem)}
    if problem.field == "reason":
        return {"href": "#reason", "label": _("Why it is corrected"), "text": said(problem)}
    return {"href": "", "text": said(problem)}


def _both_texts(
    request: Asked,
    screen: Screen,
    instrument: Instrument,
    yours: dict[str, str],
    refusal: Stale | NotNow,
    *,
    template: str = "screening/enter.html",
    reason: str = "",
) -> HttpResponse:
    """Somebody saved first: what stands and what was typed, side by side; the form keeps what was typed."""
    language = get_language() or "en"
    theirs = paper.marked(instrument, screen.answers)
    pairs = []
    for item in instrument.items:
        if theirs.get(item.key, "") == yours.get(item.key, ""):
            continue
        names = {str(choice.value): choice_said(choice)["long"] for choice in paper.choices(instrument, item)}
        first, second = (names.get(marks.get(item.key, ""), "") for marks in (theirs, yours))
        pairs.append({"label": f"{item.number}. {item.label_in(language)}", "theirs": first, "yours": second})
    return _grid(
        request,
        screen,
        instrument,
        yours,
        screen.version,
        problem=refusal,
        pairs=pairs,
        status=409,
        template=template,
        reason=reason,
    )


@door("screening.correct")
def correct(request: Asked, screen: UUID) -> HttpResponse:
    """Put right a finished screen, with a reason. A crisis that is found now makes help the very next page."""
    related = RELATED if request.method != "POST" else ("episode",)
    there, _verdict = opened(request, "screening.correct", Screen, screen, related=related)
    instrument, page = queries.instrument_of(there), CORRECT
    if there.state == Screen.State.OPEN:
        return redirect("screen_enter", screen=there.pk)
    if request.method != "POST" and there.taken_back_at is not None:
        return redirect("screen", screen=there.pk)
    if request.method != "POST":
        return _grid(request, there, instrument, paper.marked(instrument, there.answers), there.version, template=page)
    marked, reason = _marked(request, instrument), request.POST.get("reason", "")
    try:
        done = actions.correct(
            request.actor,
            key=request.POST.get("key", ""),
            version=_version(request),
            screen=there,
            answers=paper.answers(instrument, marked),
            reason=reason,
            by_weeks=bool(request.POST.get("by_weeks")),
            **_count(request, instrument),
        )
    except (Stale, NotNow) as refusal:
        _heed(request, there, instrument, marked)
        stands = Screen.objects.select_related(*RELATED).get(pk=there.pk)
        return _both_texts(request, stands, instrument, marked, refusal, template=page, reason=reason)
    except (BadInput, KeyReused) as refusal:
        _heed(request, there, instrument, marked)
        return _grid(
            request,
            there,
            instrument,
            marked,
            there.version,
            problem=refusal,
            status=refusal.status,
            template=page,
            reason=reason[: 2 * actions.REASON_LENGTH],
        )
    is_new = scoring.new_crises(instrument, there.answers, done.answers)
    return redirect("screen_help" if is_new else "screen", screen=done.pk)
