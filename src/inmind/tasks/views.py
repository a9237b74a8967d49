"""One task: what it is, whom it is about, what to do; closed only with what was done."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.access.door import Asked, door, opened
from inmind.access.queries import work_phones
from inmind.foundation import clock
from inmind.foundation.deadlines import deadline
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import VersionedForm, said
from inmind.foundation.registries import Reason, house
from inmind.foundation.values import FieldClass, Verdict
from inmind.people.models import Person
from inmind.tasks import actions, queries
from inmind.tasks.forms import AttemptForm, CloseForm, CloseWithCallForm, HandOverForm
from inmind.tasks.models import Task

RELATED = ("owner", "backup", "organization", "subject", "closed_by")


def reason(actor: Any, task: Task, verdict: Verdict) -> Reason:
    """The words of a task for this reader; who may not read clinical facts learns only that a person is needed, and
    how soon."""
    if FieldClass.CLINICAL not in verdict.classes or task.why not in house.reasons:
        return Reason(how_soon(task), _("Whoever answers it learns more."))
    return house.reasons[task.why](actor, task)


def how_soon(task: Task) -> str:
    """That something needs a person, and how soon: a red task and one that is late now, another one by its last day."""
    zone = task.organization.zone
    last = deadline(task.due_at - timedelta(seconds=1), clock.now(), zone)  # at midnight the day before is over
    if task.red or last.is_late:
        return _("Something needs a person now")
    if last.at.date() == clock.today(zone):
        return _("Something needs a person today")
    return _("Something needs a person by %(day)s") % {"day": clock.day(last.at.date())}


@door("tasks.see")
def see(request: Asked, task: UUID) -> HttpResponse:
    owed, verdict = opened(request, "tasks.see", Task, task, related=RELATED)
    return _page(request, owed, verdict)


@door("tasks.close")
@require_POST
def close(request: Asked, task: UUID) -> HttpResponse:
    owed, verdict = opened(request, "tasks.see", Task, task, related=RELATED)
    form = _close_form(owed)(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            outcome = said.get("call_back_outcome", "")
            actions.close(
                request.actor,
                key=said["key"],
                version=said["version"],
                task=owed,
                done=said["done"],
                call_back_outcome=outcome,
            )
        except Stale:
            fresh = Task.objects.select_related(*RELATED).get(pk=owed.pk)
            typed = {"version": fresh.version, "done": said["done"], "call_back_outcome": outcome}
            again = _fresh(_close_form(fresh), typed)
            return _page(request, fresh, verdict, close_form=again, yours=said["done"], status=409)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Closed. Thank you for being there."))
            return redirect("today")
    return _page(request, owed, verdict, close_form=form, status=400)


@door("tasks.note_attempt")
@require_POST
def note_attempt(request: Asked, task: UUID) -> HttpResponse:
    owed, verdict = opened(request, "tasks.see", Task, task, related=RELATED)
    form = AttemptForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.note_attempt(
                request.actor, key=said["key"], version=said["version"], task=owed, words=said["words"]
            )
        except Stale as refusal:
            # It has climbed meanwhile, or was handed over: the words stay, over what is shown now.
            owed = Task.objects.select_related(*RELATED).get(pk=owed.pk)
            form = AttemptForm({**said, **_with_key({"version": owed.version})})
            form.is_valid()
            form.take(refusal)
            return _page(request, owed, verdict, attempt_form=form, status=409)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Kept. The task stays open until somebody reaches them."))
            return redirect("task", task=owed.pk)
    return _page(request, owed, verdict, attempt_form=form, status=400)


@door("tasks.hand_over")
@require_POST
def hand_over(request: Asked, task: UUID) -> HttpResponse:
    owed, verdict = opened(request, "tasks.see", Task, task, related=RELATED)
    form = HandOverForm(queries.others(owed), request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.hand_over(
                request.actor,
                key=said["key"],
                version=said["version"],
                task=owed,
                to=form.people[said["person"]],  # type: ignore[attr-defined]
            )
        except Stale as refusal:
            # It has climbed, or somebody else handed it over: the next try is over what is shown now.
            owed = Task.objects.select_related(*RELATED).get(pk=owed.pk)
            form = HandOverForm(queries.others(owed), {**said, **_with_key({"version": owed.version})})
            form.is_valid()
            form.take(refusal)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Handed over. A letter is on its way."))
            return redirect("today")
    return _page(request, owed, verdict, hand_form=form, status=400)


@door("tasks.take_over")
@require_POST
def take_over(request: Asked, task: UUID) -> HttpResponse:
    owed, _verdict = opened(request, "tasks.see", Task, task, related=RELATED)
    form = VersionedForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.take_over(request.actor, key=typed["key"], version=typed["version"], task=owed)
        except (Stale, NotNow) as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _("It is yours now. Who watches over privacy is told, and asks you why."))
    return redirect("task", task=owed.pk)


def _page(
    request: Asked,
    task: Task,
    verdict: Verdict,
    *,
    close_form: CloseForm | None = None,
    attempt_form: AttemptForm | None = None,
    hand_form: HandOverForm | None = None,
    yours: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    knows = FieldClass.CLINICAL in verdict.classes
    initial = {"version": task.version}
    is_open = task.closed_at is None
    if is_open and policy.can(actor, "tasks.hand_over", task):
        hand_form = hand_form or HandOverForm(queries.others(task), initial=_with_key(initial))
    may_take = (
        is_open
        and actor.person not in (task.owner_id, task.backup_id)
        and policy.can(actor, "tasks.take_over", task)
        and queries.is_last_resort(task, actor.person)
    )
    may_close = is_open and bool(policy.can(actor, "tasks.close", task))
    blocked = queries.not_yet(task) if may_close else ()
    people = queries.with_whom([task])[task.pk] if is_open else [task.owner]
    why = reason(actor, task, verdict)
    context = {
        "task": task,
        "reason": why,
        "notes": list(why.notes()),
        "facts": list(why.facts()) if is_open else [],
        "with_whom": queries.with_words(task, people),
        "nobody": not people,
        "work_phones": _phones(people, actor) if is_open and task.red else [],
        "exactly": _exactly(task),
        "closed": clock.local(task.closed_at, task.organization.zone) if task.closed_at else "",
        "subject": task.subject if knows else None,
        "reached": [
            {"name": one.given_name, "phones": queries.safe_phones(one, task.organization.zone)}
            for one in why.whom or (task.subject,)
        ]
        if knows and task.calls_back is None
        else [],
        "wish": task.wish if knows else {},
        "outcome": _outcome(task) if knows else "",
        "done": task.done if knows and not is_open else "",
        "tried": _tried(task, knows=knows),
        "not_yet": [_(one) for one in blocked] if may_close else [],
        "close_form": (close_form or _fresh(_close_form(task), initial)) if may_close and not blocked else None,
        "attempt_form": (attempt_form or AttemptForm(initial=_with_key(initial)))
        if is_open and task.red and policy.can(actor, "tasks.note_attempt", task)
        else None,
        "hand_form": hand_form if is_open else None,
        "take_form": VersionedForm(initial=_with_key(initial)) if may_take else None,
        "pairs": [{"label": _("What was done"), "theirs": task.done if not is_open else "", "yours": yours}]
        if yours
        else [],
    }
    return render(request, "tasks/task.html", context, status=status)


def _exactly(task: Task) -> str:
    """The moment at which it is due; empty at midnight, when the day before it is over."""
    zone = task.organization.zone
    is_midnight = task.due_at.astimezone(ZoneInfo(zone)).time() == time.min
    return "" if is_midnight else clock.local(task.due_at, zone)


def _phones(people: list[Person], reader: Actor) -> list[str]:
    """The work phones of those who are to answer, for somebody else who looks."""
    phones = work_phones(one.pk for one in people if one.pk != reader.person)
    return [phones[one.pk] for one in people if one.pk in phones]


def _tried(task: Task, *, knows: bool) -> list[dict[str, str]]:
    """Who tried and when; in which words only for who may read clinical facts."""
    names = {str(person.pk): person.name for person in Person.objects.filter(pk__in=[one["by"] for one in task.tried])}
    return [
        {
            "who": names.get(one["by"], ""),
            "when": clock.local(datetime.fromisoformat(one["at"]), task.organization.zone),
            "words": one["words"] if knows else "",
        }
        for one in task.tried
    ]


def _close_form(task: Task) -> type[CloseForm]:
    return CloseWithCallForm if task.calls_back else CloseForm


def _outcome(task: Task) -> str:
    """What came of the call that was asked for, in words."""
    words = dict(CloseWithCallForm.base_fields["call_back_outcome"].choices)  # type: ignore[attr-defined]
    return str(words[task.call_back_outcome]) if task.call_back_outcome else ""


def _with_key(initial: dict[str, Any]) -> dict[str, Any]:
    from inmind.foundation.forms import fresh_key

    return {**initial, "key": fresh_key()}


def _fresh(form: type[CloseForm], initial: dict[str, Any]) -> CloseForm:
    return form(initial=_with_key(initial))
