"""What was entered for somebody else: taking it back, and what its page says from then on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.foundation.errors import BadInput, KeyReused, NotNow, Stale
from inmind.foundation.forms import fresh_key, said
from inmind.screening import queries, words
from inmind.screening.forms import TakeBackForm
from inmind.screening.models import RecordedResult, Screen
from inmind.screening.said import taken_back_said
from inmind.screening.taking_back import take_back

VERB = "screening.take_back"
RELATED = ("subject", "episode__organization")


@door(VERB)
def screen(request: Asked, screen: UUID) -> HttpResponse:
    """Take back a screen."""
    there, _verdict = opened(request, VERB, Screen, screen, related=RELATED)
    return _page(request, there, "screen")


@door(VERB)
def result(request: Asked, result: UUID) -> HttpResponse:
    """Take back the result of a licensed tool."""
    there, _verdict = opened(request, VERB, RecordedResult, result, related=RELATED)
    return _page(request, there, "recorded")


def _page(request: Asked, there: Any, back: str) -> HttpResponse:
    form = TakeBackForm(request.POST or None, initial={"version": there.version})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                take_back(request.actor, taken=there, **form.cleaned_data)
            except Stale as refusal:
                status = refusal.status
                now = type(there).objects.get(pk=there.pk)
                form.add_error(None, said(refusal))
                form.data = {**request.POST.dict(), "version": str(now.version), "key": fresh_key()}
            except (BadInput, NotNow, KeyReused) as refusal:
                form.take(refusal)
                status = refusal.status
            else:
                return redirect(back, there.pk)
    elif there.taken_back_at is not None:
        return redirect(back, there.pk)
    context = {"form": form, "taken": there, "back": back, "is_crisis": _is_crisis(there)}
    return render(request, "screening/take_back.html", context, status=status)


def _is_crisis(taken: Screen | RecordedResult) -> bool:
    return isinstance(taken, Screen) and queries.is_crisis(taken)


def shown(request: Asked, taken: Screen | RecordedResult, title: str) -> HttpResponse:
    """The page of what was taken back, for whoever may see it: who, when, why, and none of its numbers."""
    last = taken.earlier.order_by("-number").first()
    context = {
        "taken": taken,
        "title": title,
        "said": taken_back_said(taken),
        "why": last.reason if last else "",
        "stays": _(words.TASK_STAYS) if _is_crisis(taken) else "",
        "may_begin": bool(policy.can(request.actor, "screening.begin", taken.episode)),
    }
    return render(request, "screening/taken_back.html", context)
