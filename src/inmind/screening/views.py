"""Somebody's own page, entering a screen from paper and correcting it, and help first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timesince import timeuntil
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.families import queries as families
from inmind.families import rota
from inmind.families.models import Episode, Participation
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, InMindError, KeyReused, NotNow, Stale
from inmind.foundation.forms import fresh_key, said
from inmind.foundation.models import columns_of
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.people.models import Organization, Person
from inmind.screening import actions, due_views, paper, queries, scoring, sittings
from inmind.screening.adapters.catalog import batteries, catalog
from inmind.screening.forms import BeginForm, CallBackForm
from inmind.screening.instruments import Instrument
from inmind.screening.models import Flag, Screen
from inmind.screening.said import band_of, choice_said, name_of, points_of
from inmind.screening.trend import Point, Trend
from inmind.tasks.models import Task

RELATED = ("subject", "episode__organization", "episode__dyad")


def offered(*, about_a_child: bool) -> list[Instrument]:
    """The instruments that begin by themselves, for caregivers or for children; a second stage follows its first."""
    return [one for one in _of_pages(about_a_child) if one.follows is None]


def _of_pages(about_a_child: bool) -> list[Instrument]:
    """Those that stand by themselves; the parts of a battery are begun from it."""
    known = (one for one in catalog().values() if one.is_about_a_child == about_a_child and one.fits_a_page)
    return [one for one in known if queries.battery_of(one) is None]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose page it is: an adult of the episode, or its child."""

    episode: Episode
    person: Person
    is_child: bool


def whose_page(request: Asked, verb: str, episode: UUID, person: UUID) -> Whose:
    """Somebody who takes part in the episode; one refusal for all that is not there or not yours."""
    there, _verdict = opened(request, verb, Episode, episode, related=["organization", "dyad__child"])
    row = there.participations.filter(person=person).select_related("person").first()
    if row is None:
        raise refused(request, verb, about=there)
    return Whose(there, row.person, row.part == Participation.Part.CHILD)


@door("screening.begin")
def own_page(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    """Somebody's own page: her screens with the agency that asked, for its care team alone; the child's likewise."""
    whose = whose_page(request, "screening.begin", episode, person)
    return _own_page(request, whose, _begin_form(whose))


@door("screening.see")
def read_page(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    """The same page, to be read: for emergency access, which begins nothing."""
    return _own_page(request, whose_page(request, "screening.see", episode, person), None)


def _begin_form(whose: Whose, said: Any = None) -> BeginForm:
    today = clock.today(whose.episode.organization.zone)
    instruments = offered(about_a_child=whose.is_child)
    if said is not None and said.get("follows"):
        instruments = _of_pages(whose.is_child)
    answering = families.adults(whose.episode, today) if whose.is_child else []
    return BeginForm(instruments, answering, said, initial={"key": fresh_key(), "on": today})


def _own_page(request: Asked, whose: Whose, form: BeginForm | None, status: int = 200) -> HttpResponse:
    actor, episode = request.actor, whose.episode
    screens = list(queries.of(actor, episode, whose.person))
    subjects: set[tuple[str, UUID]] = {("person", whose.person.pk), ("episode", episode.pk)}
    if whose.is_child:
        subjects.add(("dyad", episode.dyad_id))
    audit.read(actor, "screening.see", policy.can(actor, "screening.see", episode), subjects=subjects)
    rows = [
        [
            {"text": clock.day(screen.on), "url": reverse("screen", kwargs={"screen": screen.pk})},
            {"text": name_of(screen)},
            {"text": points_of(screen)},
            {"text": band_of(screen) or "—"},
        ]
        for screen in screens
    ]
    context = {
        "episode": episode,
        "back": house.pages["families.Episode"](episode),
        "person": whose.person,
        "is_child": whose.is_child,
        "form": form,
        "rows": rows,
        "trends": list(_trends(screens)),
        "columns": [{"label": label} for label in (_("Day"), _("Screen"), _("Points"), _("Band"))],
        "batteries": _batteries(whose) if form is not None else [],
        "sittings": sittings.open_sittings(episode, screens) if form is not None else [],
        "nobody_on_call": not whose.is_child and not families.can_be_answered(episode.organization),
        "reads": _who_reads_now(episode.organization, whose.person.language),
        "asked_now": [] if form is not None else queries.asked_now(screens),
        "due": None if whose.is_child or form is None else due_views.own_list(request, episode, whose.person),
    }
    return render(request, "screening/own_page.html", context, status=status)


def _trends(screens: list[Screen]) -> Iterator[dict[str, Any]]:
    """A picture for each instrument that was answered at least twice by the same rules; of screens that are readable here."""
    closed = [screen for screen in screens if screen.state != Screen.State.OPEN]
    for key in dict.fromkeys((screen.instrument, screen.edition) for screen in closed):
        rows = [screen for screen in closed if (screen.instrument, screen.edition) == key]
        instrument = catalog().of(*key)
        if instrument is None or len(rows) < 2 or not _is_one_scale(instrument):
            continue
        yield _trend(instrument, sorted(rows, key=lambda row: row.on))


def _batteries(whose: Whose) -> list[dict[str, str]]:
    """The way into each battery that has a form for the child today."""
    found, today = [], clock.today(whose.episode.organization.zone)
    for battery in batteries().values() if whose.is_child else ():
        now = sittings.ages_of(battery, whose.episode, today)
        form = battery.form_at(now.used.months) if now else None
        if form is not None:
            url = sittings.begin_address(battery, whose.episode.pk, whose.person.pk)
            found.append({"title": battery.name, "reason": sittings.form_said(form), "url": url})
    return found


def _is_one_scale(instrument: Instrument) -> bool:
    """Whether its results can stand on one picture: a total that means the same at every age, and may stand in a list."""
    at_every_age = instrument.has_total and not instrument.needs_age and instrument.follows is None
    return at_every_age and not instrument.takes_a_count


def _trend(instrument: Instrument, rows: list[Screen]) -> dict[str, Any]:
    """A picture and the table behind it, oldest first."""
    first, last = clock.day(rows[0].on), clock.day(rows[-1].on)
    facts = {"count": len(rows), "name": instrument.short_name, "first": first, "last": last}
    return {
        "id": f"trend-{instrument.key}-{rows[0].pk}",
        "title": _("%(name)s over time") % {"name": instrument.short_name},
        "picture": Trend(
            instrument.minimum,
            instrument.maximum,
            tuple(Point(row.on, row.lowest or 0, row.highest or 0) for row in rows),
            tuple(sorted(cutoff.value for cutoff in instrument.cutoffs if cutoff.by_default)),
        ),
        "says": _("%(count)s results of %(name)s, from %(first)s to %(last)s. The table below holds them all.") % facts,
        "first": first,
        "last": last if last != first else "",
        "columns": [{"label": _("Day")}, {"label": _("Points")}, {"label": _("Band")}],
        "rows": [
            [{"text": clock.day(row.on)}, {"text": points_of(row)}, {"text": band_of(row) or "—"}] for row in rows
        ],
    }


@door("screening.begin")
@require_POST
def begin(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    whose = whose_page(request, "screening.begin", episode, person)
    form = _begin_form(whose, request.POST)
    if form.is_valid():
        try:
            screen = actions.begin(
                request.actor,
                key=form.cleaned_data["key"],
                episode=whose.episode,
                subject=whose.person,
                instrument=catalog().named(form.cleaned_data["instrument"]),
                on=form.cleaned_data["on"],
                informant=form.answering(),
                follows=_first_stage(whose, form.cleaned_data["follows"]),
            )
        except (BadInput, NotNow, KeyReused) as refusal:
            form.take(refusal)
        else:
            return redirect("screen_enter", screen=screen.pk)
    return _own_page(request, whose, form, status=400)


def _first_stage(whose: Whose, screen: UUID | None) -> Screen | None:
    return Screen.objects.filter(pk=screen, episode=whose.episode, subject=whose.person).first() if screen else None


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
    if is_crisis(done):
        return redirect("screen_help", screen=done.pk)
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
            return JsonResponse({"go": reverse("screen_help", kwargs={"screen": there.pk})})
        return JsonResponse({"error": said(refusal)}, status=refusal.status)
    answer: dict[str, Any] = {"version": kept.version}
    if scoring.new_crises(instrument, there.answers, kept.answers):
        answer["go"] = reverse("screen_help", kwargs={"screen": kept.pk})
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


def is_crisis(screen: Screen) -> bool:
    return columns_of(Flag, "id", screen=screen.pk, is_crisis=True) is not None


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
    rows = [
        {
            "name": item.key,
            "number": item.number,
            "label": item.label_in(language),
            "value": marked.get(item.key),  # None: not answered yet; empty: left blank
            "error": said(problem) if problem and problem.field == item.key else "",
            "weighs": item.key in weighs,
            "choices": [choice_said(choice) for choice in paper.choices(instrument, item)],
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
        "how": _how(here, instrument),
        "count": _count_asked(request, screen, instrument, problem),
        "is_finished": screen.state != Screen.State.OPEN,
        "sitting": sittings.sitting_of(request, screen),
    }
    if problem and is_crisis(screen):
        context |= {"help_first": True, **_help(screen)}
    return render(request, template, context, status=status)


def _how(here: Instrument, instrument: Instrument) -> list[str]:
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
    instrument, page = queries.instrument_of(there), "screening/correct.html"
    if there.state == Screen.State.OPEN:
        return redirect("screen_enter", screen=there.pk)
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


@door("screening.answer")
def help_now(request: Asked, screen: UUID) -> HttpResponse:
    """Help first. Who knows, by when somebody reads it, said truthfully; and whether she likes to be called back."""
    there, _verdict = opened(request, "screening.answer", Screen, screen, related=RELATED)
    return _help_page(request, there)


@door("screening.ask_call_back")
def call_back(request: Asked, screen: UUID) -> HttpResponse:
    """What the caregiver chose about being called back, written down with her on the help page; which is shown to whoever
    comes here otherwise."""
    if request.method != "POST":
        return redirect("screen_help", screen=screen)
    there, _verdict = opened(request, "screening.ask_call_back", Screen, screen, related=RELATED)
    form = CallBackForm(request.POST)
    if form.is_valid():
        said_so = form.cleaned_data
        try:
            actions.ask_call_back(
                request.actor,
                key=said_so["key"],
                screen=there,
                wanted=said_so["wanted"] == CallBackForm.YES,
                number=said_so["number"],
                when=said_so["when"],
                may_leave_message=said_so["may_leave_message"],
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Written down. Whoever answers reads it first."))
            return redirect("screen_help", screen=there.pk)
    return _help_page(request, there, form, status=400)


def _help_page(request: Asked, screen: Screen, form: CallBackForm | None = None, status: int = 200) -> HttpResponse:
    task = queries.crisis_task(screen)
    is_open = task is not None and task.closed_at is None
    context = {
        "screen": screen,
        **_help(screen),
        "call_back_form": form or (CallBackForm(initial={"key": fresh_key()}) if is_open else None),
        "chosen": _chosen(task) if task and is_open else "",
    }
    return render(request, "screening/help.html", context, status=status)


def _chosen(task: Task) -> str:
    """What was chosen, without the number: somebody else may look at this page later."""
    if task.calls_back is None:
        return ""
    return _("Written down: please call.") if task.calls_back else _("Written down: please do not call.")


def _help(screen: Screen) -> dict[str, Any]:
    """What parts/help_now.html says about a screen's crisis."""
    task = queries.crisis_task(screen)
    organization = screen.episode.organization
    now = families.reading(organization, task.subject.language) if task and task.closed_at is None else None
    here = (get_language() or "en")[:2]
    words, language = organization.crisis_words(here)
    return {
        "agency": organization.name,
        "agency_text": words,
        "agency_text_language": language if language != here else "",
        "agency_when": _agency_when(now, organization) if now else "",
        "on_call_name": "",
        "reads": _who_reads(task, now) if task and now else "",
        "read_when": _read_when(task, now, organization.zone) if task else "",
        "with_worker": True,
    }


def _who_reads_now(organization: Organization, language: str) -> str:
    """Who would read an answer at this moment, said before anybody is asked."""
    return _said(families.reading(organization, language), organization)


def _who_reads(task: Task, now: rota.Reading) -> str:
    """The truth about an open answer at this moment: its owner reads it now, but only where he is on call at this hour."""
    if now.state is rota.State.ON_CALL:
        theirs = next((one for one in (task.owner, task.backup) if one is not None and one.pk in now.asked), None)
        if theirs is None:
            words = _("%(name)s is told. %(other)s is on call at this hour and is told when nobody answers.")
            other = Person.objects.get(pk=now.asked[0])
            return words % {"name": task.owner.name, "other": other.name}
        return _(now.sentence) % {"name": theirs.name}
    return _said(now, task.organization)


def _said(now: rota.Reading, organization: Organization) -> str:
    return _(now.sentence) % {
        "name": Person.objects.get(pk=now.asked[0]).name if now.asked else "",
        "moment": _with_distance(families.when(now.next_at, organization.zone), now.next_at) if now.next_at else "",
    }


def _agency_when(now: rota.Reading, organization: Organization) -> str:
    """From when on the agency's own words hold: they are written once, and somebody is there at its hours."""
    if now.state is rota.State.ON_CALL:
        return ""
    if now.next_at is None:
        return _("These words hold once somebody here reads it. We do not know when that is.")
    words = _("These words hold from %(moment)s, when somebody here reads it.")
    return words % {"moment": families.when(now.next_at, organization.zone)}


def _read_when(task: Task, now: rota.Reading | None, zone: str) -> str:
    """What happens by when while nobody has answered; outside of the hours letters go out, and nobody has to read them."""
    if task.closed_at is not None and task.closed_by is not None:
        answered = _("%(name)s answered %(moment)s and wrote down what was done.")
        return answered % {"name": task.closed_by.name, "moment": clock.local(task.closed_at, zone)}
    sentence = _(
        "If nobody answers by %(moment)s, the others who answer for the agency are told too. "
        "Do not wait for that: the lines above answer now."
    )
    if now is not None and now.state is not rota.State.ON_CALL:
        sentence = _(
            "%(name)s has been written to all the same; if nobody answers by %(moment)s, others are too. Whoever sees it "
            "sooner may call sooner. Do not wait for that: the lines above answer now."
        )
    moment = _with_distance(clock.local(task.next_climb, zone), task.next_climb)
    return sentence % {"name": task.owner.name, "moment": moment}


def _with_distance(words: str, moment: datetime) -> str:
    """A moment in words, and how far off it is, as long as it lies ahead."""
    now = clock.now()
    if moment <= now:
        return words
    far = timeuntil(moment, now, depth=2).replace("\xa0", " ")
    return _("%(moment)s (in %(time)s)") % {"moment": words, "time": far}
