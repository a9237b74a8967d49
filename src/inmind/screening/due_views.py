"""What is due, as pages and panels show it: on the family's page, on an adult's own page, in worklists, on Today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.forms import DateInput, HouseForm, choice_field, fresh_key
from inmind.people.models import Person
from inmind.screening import actions, due
from inmind.screening.adapters.catalog import schedule
from inmind.screening.schedule import Due, State, Whom

TAGS = {
    State.OVERDUE: gettext_lazy("overdue"),
    State.DUE: gettext_lazy("due"),
    State.EACH_VISIT: gettext_lazy("each visit"),
    State.NOT_YET: gettext_lazy("not yet"),
    State.DONE: gettext_lazy("done"),
    State.NOT_ASKED: gettext_lazy("not asked for"),
}
ORDER = tuple(TAGS)


class DoneForm(HouseForm):
    """That a screen was done elsewhere: which, and on which day."""

    screen = forms.ChoiceField(label=gettext_lazy("Which screen?"), widget=forms.RadioSelect)
    on = forms.DateField(label=gettext_lazy("Done on"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [one for one in schedule().of(Whom.CHILD) if one.windows]
        choice_field(self, "screen").choices = [(one.key, one.label_in(get_language() or "en")) for one in asked]


def dyad_panel(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """Due at this visit, for the child: made of the child's own facts, whoever else was screened (`protect.md` 1)."""
    if not dyad.birth_date or not policy.can(request.actor, due.SEE, episode):
        return None
    today = clock.today(episode.organization.zone)
    rows = _rows(due.of_child(episode, today), episode, dyad.child, may_begin=_may(request, "screening.begin", episode))
    if _may(request, "screening.note_done", episode):
        for row in rows:
            if row["is_open"] and row["by_age"]:
                row["note_url"] = f"{reverse('screen_done_elsewhere', args=[episode.pk])}?screen={row['key']}"
    return {"now": [row for row in rows if row["now"]], "later": [row for row in rows if not row["now"]], **_ours()}


def own_list(request: Any, episode: Episode, adult: Person) -> dict[str, Any]:
    """What is due of an adult, on her own page; whoever opens it may read her screens."""
    today = clock.today(episode.organization.zone)
    rows = _rows(due.of_adult(episode, adult, today), episode, adult, may_begin=True)
    return {"now": [row for row in rows if row["now"]], "later": [row for row in rows if not row["now"]], **_ours()}


@door("screening.note_done")
def done_elsewhere(request: Asked, episode: UUID) -> HttpResponse:
    """Write down that a child's screen was done: by somebody else, or on a paper kept elsewhere."""
    there, _verdict = opened(request, "screening.note_done", Episode, episode, related=["organization", "dyad__child"])
    today = clock.today(there.organization.zone)
    first = {"key": fresh_key(), "on": today, "screen": request.GET.get("screen", "")}
    form = DoneForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            asked = due.asked_for(said["screen"])
            assert asked is not None  # one of the form's choices
            actions.note_done(request.actor, key=said["key"], episode=there, asked=asked, on=said["on"])
        except BadInput as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Kept. The list of what is due has changed."))
            return redirect("dyad", dyad=there.dyad_id)
    status = 400 if form.errors else 200
    return render(request, "screening/done_elsewhere.html", {"form": form, "dyad": there.dyad}, status=status)


def _may(request: Any, verb: str, episode: Episode) -> bool:
    return bool(policy.can(request.actor, verb, episode))


def _rows(items: Iterable[Due], episode: Episode, person: Person, *, may_begin: bool) -> list[dict[str, Any]]:
    """The lines of a due list, what is overdue first; each with its reason, its age, its source and what begins it."""
    lines = [_row(one, episode, person, may_begin=may_begin) for one in items]
    return sorted(lines, key=lambda line: ORDER.index(line["state"]))


def _row(item: Due, episode: Episode, person: Person, *, may_begin: bool) -> dict[str, Any]:
    tool = due.tool_at_hand(item) if may_begin and item.state.is_open else None
    return {
        "key": item.asked.key,
        "title": title(item),
        "state": item.state,
        "tag": TAGS[item.state],
        "is_open": item.state.is_open,
        "by_age": bool(item.asked.windows),
        "now": item.state.is_open or item.state is State.EACH_VISIT,
        "overdue": item.state is State.OVERDUE,
        "reason": said(item),
        "age": counted(item) if item.state.is_open else "",
        "source": schedule().sources.get(item.asked.source, ""),
        "window_is_ours": item.window is not None and item.window.is_ours and item.state is not State.DONE,
        "begin_url": reverse("screen_begin", args=[episode.pk, person.pk]) if tool else "",
        "button": _("Begin: %(tool)s") % {"tool": tool.name} if tool else "",
        "hidden": [
            {"name": "instrument", "value": tool.key},
            {"name": "on", "value": clock.today(episode.organization.zone).isoformat()},
            {"name": "key", "value": fresh_key()},
        ]
        if tool
        else [],
    }


def title(item: Due) -> str:
    """What it is called, with the tool's form for this day where it has one."""
    label = item.asked.label_in(get_language() or "en")
    if not item.form:
        return label
    form = _("%(tool)s, %(form)s-month form") % {"tool": item.asked.tools[0].name, "form": item.form}
    return f"{label}: {form}"


def said(item: Due) -> str:
    """Its reason in words, days as the reader's language writes them."""
    facts = {name: clock.day(fact) if isinstance(fact, date) else fact for name, fact in item.facts.items()}
    return _(item.reason) % facts if facts else _(item.reason)


def counted(item: Due) -> str:
    """How the age was counted, where a tool corrects it."""
    rule = item.asked.counted_by
    if not item.is_corrected or rule is None or item.age is None:
        return ""
    return _(
        "Counted with the corrected age, %(months)s months: born at least %(weeks)s weeks early and younger than %(below)s months."
    ) % {"months": item.age.months, "weeks": rule.weeks_early, "below": rule.below_months}


def _ours() -> dict[str, Any]:
    """What is shown as a network's own setting, and the catch-up rule with its source."""
    there = schedule()
    return {
        "is_ours": there.is_ours,
        "edition": there.edition,
        "catch_up": there.catch_up,
        "catch_up_source": there.sources.get(there.catch_up.source, ""),
    }
