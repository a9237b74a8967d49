"""Entering the result of a licensed tool from its form, correcting it, and its place on somebody's own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened, refused
from inmind.families import queries as families
from inmind.families.ages import ages
from inmind.families.models import Episode, Participation
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, KeyReused, NotNow, Stale
from inmind.foundation.forms import fresh_key, said
from inmind.people.models import Person
from inmind.screening.adapters.catalog import recorded
from inmind.screening.due import child_of
from inmind.screening.models import EarlierRecorded, RecordedResult
from inmind.screening.recorded import RecordedTool
from inmind.screening.recorded_actions import correct_result, record_result
from inmind.screening.recorded_forms import CARER, SCALE, ZONE, ResultForm
from inmind.screening.recorded_result_views import RELATED, ages_data, ages_said, name_of, titled, who_answered

REFUSED = (BadInput, NotNow, KeyReused)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose result it is, in which episode."""

    episode: Episode
    person: Person
    is_child: bool


def _whose(request: Asked, episode: UUID, person: UUID) -> _Whose:
    """Somebody who takes part in the episode; one refusal for all that is not there or not yours."""
    verb = "screening.record_result"
    there, _verdict = opened(request, verb, Episode, episode, related=["organization", "dyad__child"])
    row = there.participations.filter(person=person).select_related("person").first()
    if row is None:
        raise refused(request, verb, about=there)
    return _Whose(there, row.person, row.part == Participation.Part.CHILD)


def _answering(episode: Episode, tool: RecordedTool, known: Person | None = None) -> list[tuple[Person, str]]:
    """The adults who may have answered about the child; `known` too, who is said to have."""
    if not tool.is_about_a_child:
        return []
    there = families.adults(episode, clock.today(episode.organization.zone))
    called = families.called(there)
    found = [(one.person, called[one.person.pk]) for one in there]
    return found if known is None or known.pk in called else [*found, (known, known.name)]


@door("screening.record_result")
def new(request: Asked, episode: UUID, person: UUID, tool: str) -> HttpResponse:
    """Enter what stands on a licensed form that was answered and reckoned on paper."""
    whose = _whose(request, episode, person)
    chosen = recorded().get(tool)
    if chosen is None or chosen.is_about_a_child != whose.is_child:
        return redirect("caregiver", episode=whose.episode.pk, person=whose.person.pk)
    today = clock.today(whose.episode.organization.zone)
    form = ResultForm(
        chosen,
        _answering(whose.episode, chosen),
        request.POST if request.method == "POST" else None,
        initial={"key": fresh_key(), "on": today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            done = record_result(
                request.actor,
                key=form.cleaned_data["key"],
                episode=whose.episode,
                subject=whose.person,
                tool=chosen,
                paper=form.paper(),
            )
        except REFUSED as refusal:
            form.take(refusal)
        else:
            return redirect("recorded", result=done.pk)
    context = {"form": form, "whose": whose, "tool": chosen, "age": _age_today(whose, chosen)}
    return render(request, "screening/recorded_new.html", context, status=400 if form.errors else 200)


def _age_today(whose: _Whose, tool: RecordedTool) -> list[str]:
    """How old the child is today as the tool counts it, to choose the form by."""
    today = clock.today(whose.episode.organization.zone)
    child = child_of(whose.episode.dyad)
    if not whose.is_child or child.born is None or child.born > today:
        return []
    both = ages(child.born, child.gestation_weeks, today, tool.prematurity)
    return ages_said(ages_data(both), tool, came_early=child.weeks_early > 0, is_today=True)


@door("screening.correct_result")
def correct(request: Asked, result: UUID) -> HttpResponse:
    """Put right what was entered wrongly, with a reason. Somebody who saved first is shown beside what was typed."""
    there, _verdict = opened(request, "screening.correct_result", RecordedResult, result, related=RELATED)
    tool = recorded().get(there.tool)
    if tool is None or there.taken_back_at is not None:
        return redirect("recorded", result=there.pk)
    form = _correcting(there, tool, request.POST if request.method == "POST" else None)
    pairs: list[dict[str, str]] = []
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                correct_result(
                    request.actor,
                    key=form.cleaned_data["key"],
                    version=form.cleaned_data["version"],
                    result=there,
                    tool=tool,
                    paper=form.paper(),
                    reason=form.cleaned_data["reason"],
                )
            except Stale as refusal:
                now = RecordedResult.objects.select_related(*RELATED).get(pk=there.pk)
                pairs, status = _pairs(form, _correcting(now, tool)), refusal.status
                form.add_error(None, said(refusal))
                form.data = {**request.POST.dict(), "version": str(now.version), "key": fresh_key()}
            except REFUSED as refusal:
                form.take(refusal)
                status = refusal.status
            else:
                return redirect("recorded", result=there.pk)
    context = {"form": form, "result": there, "title": titled(there), "pairs": pairs}
    return render(request, "screening/recorded_correct.html", context, status=status)


def _correcting(result: RecordedResult, tool: RecordedTool, data: Any = None) -> ResultForm:
    kept = result.said
    stands = {SCALE + key: one["value"] for key, one in kept.get("scales", {}).items()}
    stands |= {ZONE + key: one.get("zone", "") for key, one in kept.get("scales", {}).items()}
    stands |= {
        "key": fresh_key(),
        "version": result.version,
        "on": result.on,
        "form": kept.get("form", ""),
        "informant": CARER if result.by_carer else str(result.informant_id or ""),
    }
    return ResultForm(tool, _answering(result.episode, tool, result.informant), data, corrects=True, initial=stands)


def _pairs(yours: ResultForm, theirs: ResultForm) -> list[dict[str, str]]:
    """Both texts of each field that differs, in the words of the page."""
    asked = [name for name in theirs.fields if name not in {"key", "version", "reason"}]
    both = [
        (name, _shown(theirs, name, theirs.initial.get(name)), _shown(yours, name, yours.cleaned_data.get(name)))
        for name in asked
    ]
    return [
        {"label": str(yours.fields[name].label), "theirs": one, "yours": other}
        for name, one, other in both
        if one != other
    ]


def _shown(form: ResultForm, name: str, value: Any) -> str:
    if isinstance(value, date):
        return clock.day(value)
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value or ""))


def own_panel(
    request: Any, *, episode: Episode, person: Person, is_child: bool, may_record: bool
) -> dict[str, Any] | None:
    """On somebody's own page: what was recorded of licensed tools, none of it opened, and the ways to record one. Whoever
    opens that page may read her screens."""
    mine = RecordedResult.objects.filter(episode=episode, subject=person).select_related("informant", "subject")
    corrected = Exists(EarlierRecorded.objects.filter(result=OuterRef("pk")))
    seen = policy.visible(request.actor, mine, "screening.see").annotate(is_corrected=corrected)
    results = list(seen.order_by("-on", "-created_at"))
    ways = _ways(episode, person, is_child=is_child) if may_record else []
    if not results and not ways:
        return None
    rows = [
        [
            {"text": clock.day(one.on), "url": reverse("recorded", kwargs={"result": one.pk})},
            {"text": name_of(one.tool)},
            {
                "text": who_answered(one) or one.subject.name,
                "note": _("taken back")
                if one.taken_back_at is not None
                else _("corrected")
                if one.is_corrected
                else "",
            },
        ]
        for one in results
    ]
    return {
        "rows": rows,
        "columns": [{"label": label} for label in (_("Day"), _("Tool"), _("Answered by"))],
        "ways": [way for way in ways if way["fits"]],
        "others": [way for way in ways if not way["fits"]],
    }


def _ways(episode: Episode, person: Person, *, is_child: bool) -> list[dict[str, Any]]:
    """The tools about this person; those for the child's age today first, the others within reach for a form of an earlier day."""
    today, child = clock.today(episode.organization.zone), child_of(episode.dyad)
    ways = []
    for tool in recorded().values():
        if tool.is_about_a_child != is_child or (is_child and (child.born is None or child.born > today)):
            continue
        fits = True
        if child.born is not None and is_child and tool.ages is not None:
            months = ages(child.born, child.gestation_weeks, today, tool.prematurity).used.months
            fits = tool.ages.low <= months <= tool.ages.high
        names = {"episode": episode.pk, "person": person.pk, "tool": tool.key}
        ways.append(
            {
                "button": _("Record %(tool)s") % {"tool": tool.short_name},
                "name": tool.short_name,
                "full": tool.name,
                "url": reverse("recorded_new", kwargs=names),
                "fits": fits,
            }
        )
    return ways
