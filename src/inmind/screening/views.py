"""A caregiver's own page, entering a screen from paper, help first, and the result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.families import queries as families
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.components import Band, Cutoff, RangePicture
from inmind.foundation.errors import BadInput, InMindError, KeyReused, NotNow, Stale
from inmind.foundation.forms import fresh_key, said
from inmind.foundation.models import columns_of
from inmind.people.models import Person
from inmind.screening import actions, paper, queries, scoring, words
from inmind.screening.adapters.catalog import catalog
from inmind.screening.forms import BeginForm
from inmind.screening.instruments import Instrument
from inmind.screening.models import Flag, Screen
from inmind.tasks.models import Task

RELATED = ("subject", "episode__organization", "episode__dyad")


def offered() -> list[Instrument]:
    """The instruments for caregivers that this edition scores."""
    return [one for one in catalog().values() if one.subject == "caregiver"]


def _adult(request: Asked, verb: str, episode: UUID, person: UUID) -> tuple[Episode, Person]:
    """An adult and the episode in which she takes part; one refusal for all that is not there or not yours."""
    there, _verdict = opened(request, verb, Episode, episode, related=["organization", "dyad__child"])
    row = there.participations.filter(person=person, part="adult").select_related("person").first()
    if row is None:
        raise refused(request, verb, about=there)
    return there, row.person


@door("screening.begin")
def own_page(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    """A caregiver's own page: her screens with the agency that asked, for its care team alone."""
    there, adult = _adult(request, "screening.begin", episode, person)
    return _own_page(request, there, adult, _begin_form(there))


@door("screening.see")
def read_page(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    """The same page, to be read: for emergency access, which begins nothing."""
    there, adult = _adult(request, "screening.see", episode, person)
    return _own_page(request, there, adult, None)


def _begin_form(episode: Episode) -> BeginForm:
    return BeginForm(offered(), initial={"key": fresh_key(), "on": clock.today(episode.organization.zone)})


def _own_page(
    request: Asked, episode: Episode, adult: Person, form: BeginForm | None, status: int = 200
) -> HttpResponse:
    actor = request.actor
    screens = list(queries.of(actor, episode, adult))
    audit.read(
        actor,
        "screening.see",
        policy.can(actor, "screening.see", episode),
        subjects={("person", adult.pk), ("episode", episode.pk)},
    )
    rows = [
        [
            {"text": clock.day(screen.on), "url": reverse("screen", kwargs={"screen": screen.pk})},
            {"text": _name_of(screen)},
            {"text": _shown(screen)},
            {"text": _(words.BANDS.get(screen.band, "")) if screen.band else "—"},
        ]
        for screen in screens
    ]
    context = {
        "episode": episode,
        "person": adult,
        "form": form,
        "rows": rows,
        "columns": [{"label": label} for label in (_("Day"), _("Screen"), _("Points"), _("Band"))],
        "nobody_on_call": families.on_call(episode.organization) is None,
    }
    return render(request, "screening/own_page.html", context, status=status)


def _name_of(screen: Screen) -> str:
    known = catalog().get(screen.instrument)
    return known.short_name if known else screen.instrument


def _shown(screen: Screen) -> str:
    if screen.state == Screen.State.OPEN:
        return _("not finished")
    if screen.points is not None:
        return str(screen.points)
    return _("%(lowest)s to %(highest)s") % {"lowest": screen.lowest, "highest": screen.highest}


@door("screening.begin")
@require_POST
def begin(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    there, adult = _adult(request, "screening.begin", episode, person)
    form = BeginForm(offered(), request.POST)
    if form.is_valid():
        try:
            screen = actions.begin(
                request.actor,
                key=form.cleaned_data["key"],
                episode=there,
                subject=adult,
                instrument=catalog().named(form.cleaned_data["instrument"]),
                on=form.cleaned_data["on"],
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            return redirect("screen_enter", screen=screen.pk)
    return _own_page(request, there, adult, form, status=400)


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
        )
    except (Stale, NotNow) as refusal:
        _heed(request, there, instrument, marked)
        return _both_texts(
            request, Screen.objects.select_related(*RELATED).get(pk=there.pk), instrument, marked, refusal
        )
    except (BadInput, KeyReused) as refusal:
        _heed(request, there, instrument, marked)
        return _grid(request, there, instrument, marked, there.version, problem=refusal, status=refusal.status)
    return redirect("screen_help" if _is_crisis(done) else "screen", screen=done.pk)


@door("screening.answer")
@require_POST
def save(request: Asked, screen: UUID) -> HttpResponse:
    """Save as typed: some answers of a form that goes on. Answers with the new version, and where to go when help comes first."""
    there, _verdict = opened(request, "screening.answer", Screen, screen, related=("episode",))
    instrument = queries.instrument_of(there)
    was_crisis = _is_crisis(there)
    try:
        kept = actions.answer(
            request.actor,
            key=request.POST.get("save_key", ""),
            version=_version(request),
            screen=there,
            answers=paper.answers(instrument, _marked(request, instrument)),
        )
    except InMindError as refusal:
        if _heed(request, there, instrument, _marked(request, instrument)):
            return JsonResponse({"go": reverse("screen_help", kwargs={"screen": there.pk})})
        return JsonResponse({"error": said(refusal)}, status=refusal.status)
    answer: dict[str, Any] = {"version": kept.version}
    if _is_crisis(kept) and not was_crisis:
        answer["go"] = reverse("screen_help", kwargs={"screen": kept.pk})
    return JsonResponse(answer)


def _heed(request: Asked, screen: Screen, instrument: Instrument, marked: dict[str, str]) -> bool:
    """Answers that cannot be kept may still hold a crisis: it is acted on before anything else is said. Whether there was one."""
    found = paper.readable(instrument, marked)
    if not any(flag.is_crisis for flag in scoring.score(instrument, found).flags):
        return False
    actions.heed(request.actor, screen=screen, answers=dict(found))
    return True


def _is_crisis(screen: Screen) -> bool:
    return columns_of(Flag, "id", screen=screen.pk, is_crisis=True) is not None


def _marked(request: Asked, instrument: Instrument) -> dict[str, str]:
    return {item.key: request.POST[item.key] for item in instrument.items if item.key in request.POST}


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
) -> HttpResponse:
    language = get_language() or "en"
    rows = [
        {
            "name": item.key,
            "number": item.number,
            "label": item.label_in(language),
            "value": marked.get(item.key),  # None: not answered yet; empty: left blank
            "error": said(problem) if problem and problem.field == item.key else "",
        }
        for item in instrument.items
    ]
    context: dict[str, Any] = {
        "screen": screen,
        "instrument": instrument,
        "rows": rows,
        "choices": [_choice_words(choice) for choice in paper.choices(instrument)],
        "found": [{"href": f"#answer-{problem.field}" if problem.field else "", "text": said(problem)}]
        if problem
        else [],
        "key": fresh_key(),
        "version": version,
        "pairs": pairs or [],
        "by_position": instrument.takes_positions,
        "is_finished": screen.state != Screen.State.OPEN,
    }
    if problem and _is_crisis(screen):
        context |= {"help_first": True, **_help(screen)}
    return render(request, "screening/enter.html", context, status=status)


def _choice_words(choice: paper.Choice) -> dict[str, Any]:
    if not choice.is_position:
        return {
            "value": choice.value,
            "short": str(choice.value),
            "long": _("%(points)s points") % {"points": choice.value},
        }
    short = {1: _("1st"), 2: _("2nd"), 3: _("3rd"), 4: _("4th")}.get(choice.value, str(choice.value))
    return {"value": choice.value, "short": short, "long": _("choice %(place)s from the top") % {"place": choice.value}}


def _both_texts(
    request: Asked, screen: Screen, instrument: Instrument, yours: dict[str, str], refusal: Stale | NotNow
) -> HttpResponse:
    """Somebody saved first: what stands and what was typed, side by side; the form keeps what was typed."""
    language = get_language() or "en"
    theirs = paper.marked(instrument, screen.answers)
    names = {str(choice["value"]): choice["long"] for choice in map(_choice_words, paper.choices(instrument))}
    pairs = [
        {
            "label": f"{item.number}. {item.label_in(language)}",
            "theirs": names.get(theirs.get(item.key, ""), ""),
            "yours": names.get(yours.get(item.key, ""), ""),
        }
        for item in instrument.items
        if theirs.get(item.key, "") != yours.get(item.key, "")
    ]
    return _grid(request, screen, instrument, yours, screen.version, problem=refusal, pairs=pairs, status=409)


@door("screening.answer")
def help_now(request: Asked, screen: UUID) -> HttpResponse:
    """Help first. Who knows, by when somebody reads it, said truthfully."""
    there, _verdict = opened(request, "screening.answer", Screen, screen, related=RELATED)
    return render(request, "screening/help.html", {"screen": there, **_help(there)})


def _help(screen: Screen) -> dict[str, Any]:
    """What parts/help_now.html says about a screen's crisis."""
    task = (
        Task.objects.filter(about_kind="screening.Screen", about_id=screen.pk, why=actions.CRISIS)
        .select_related("owner", "closed_by")
        .first()
    )
    organization = screen.episode.organization
    return {
        "agency": organization.name,
        "agency_text": organization.crisis_text,
        "on_call_name": task.owner.name if task and task.closed_at is None else "",
        "read_when": _read_when(task, organization.zone) if task else "",
        "with_worker": True,
    }


def _read_when(task: Task, zone: str) -> str:
    if task.closed_at is not None and task.closed_by is not None:
        answered = _("%(name)s answered %(moment)s and wrote down what was done.")
        return answered % {"name": task.closed_by.name, "moment": clock.local(task.closed_at, zone)}
    sentence = _(
        "If nobody answers by %(moment)s, the others who answer for the agency are told too. "
        "Do not wait for that: the lines above answer now."
    )
    return sentence % {"moment": clock.local(task.due_at, zone)}


@door("screening.see")
def see(request: Asked, screen: UUID) -> HttpResponse:
    """The result: points, band, cut-offs, source and licence; or the possible range while answers are blank."""
    there, _verdict = opened(request, "screening.see", Screen, screen, related=RELATED)
    instrument = queries.instrument_of(there)
    if there.state == Screen.State.OPEN and policy.can(request.actor, "screening.answer", there):
        return redirect("screen_enter", screen=there.pk)
    return render(
        request,
        "screening/result.html",
        {
            "screen": there,
            "result": shown_result(there, instrument),
            "is_crisis": _is_crisis(there),
            "may_team": bool(policy.can(request.actor, "screening.begin", there.episode)),
        },
    )


def shown_result(screen: Screen, instrument: Instrument) -> dict[str, Any]:
    """A result in the words of parts/result.html."""
    language = get_language() or "en"
    result = scoring.score(instrument, screen.answers)
    blanks = result.blanks if isinstance(result, scoring.Incomplete) else ()
    labels = [f"{instrument.item(key).number}. {instrument.item(key).label_in(language)}" for key in blanks]
    return {
        "id": f"screen-{screen.pk}",
        "title": instrument.name,
        "about": _("%(name)s, %(day)s, entered from paper")
        % {"name": screen.subject.name, "day": clock.day(screen.on)},
        "picture": RangePicture(
            lowest=instrument.minimum,
            highest=instrument.maximum,
            bands=tuple(
                Band(band.low, band.high, _(words.BANDS.get(band.code, band.code))) for band in instrument.bands
            ),
            cutoffs=tuple(
                Cutoff(cutoff.value, _(words.CUTOFFS.get(cutoff.label, cutoff.label)))
                for cutoff in instrument.cutoffs
                if cutoff.by_default
            ),
            points=screen.points,
            possible=None if isinstance(result, scoring.Scored) else scoring.bounds(result),
        ),
        "band": _(words.BANDS.get(screen.band, screen.band)) if screen.band else None,
        "meaning": _(words.MEANING),
        "blanks": _("Left blank: %(items)s.") % {"items": ", ".join(labels)} if labels else "",
        "studied": instrument.studied_in.get(screen.language),
        "sources": _sources(instrument),
        "licence": f"{instrument.licence.holder}. {instrument.licence.terms}",
    }


def _sources(instrument: Instrument) -> list[str]:
    """Where the numbers on the page come from, each source once."""
    used = [band.source for band in instrument.bands]
    used += [cutoff.source for cutoff in instrument.cutoffs if cutoff.by_default]
    return [instrument.sources[key] for key in dict.fromkeys(used)]
