"""What could not be kept as it came, and where another edit came between: shown on Today, and sorted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened
from inmind.away import actions, queries
from inmind.away.models import Paper
from inmind.foundation import clock, text
from inmind.foundation.entries import Clock
from inmind.foundation.errors import InMindError, KeyReused
from inmind.foundation.forms import VersionedForm
from inmind.foundation.registries import house

SORT = queries.SORT
RELATED = ("episode__organization", "episode__dyad__child", "owner", "person", "device")
SHOWN_ON_TODAY = 3
KINDS = {  # what each kind of entry is called
    "visit": gettext_lazy("A visit"),
    "note": gettext_lazy("A note"),
    "strength": gettext_lazy("A strength"),
    "screen_begin": gettext_lazy("A screen that was begun"),
    "screen_answers": gettext_lazy("Answers of a screen"),
    "screen_finish": gettext_lazy("The end of a screen"),
    "check_in": gettext_lazy("A check-in"),
}


class SortForm(VersionedForm):
    """What becomes of a paper. again: as it came, over what stands now."""

    AGAIN = "again"
    how = forms.ChoiceField(
        choices=[(one, one) for one in (*Paper.How.values, AGAIN)], widget=forms.HiddenInput, required=True
    )
    reason = forms.CharField(
        label=gettext_lazy("Why is it set aside?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def today(request: Any) -> dict[str, Any] | None:
    """What waits to be sorted by this reader; showing it is reading, and is audited."""
    if not policy.can(request.actor, SORT):
        return None
    rows, beyond = queries.on_today(request.actor, SHOWN_ON_TODAY + 1)
    if not rows and not beyond:
        return None
    return {
        "rows": _shown(request, rows[:SHOWN_ON_TODAY]),
        "more": len(rows) > SHOWN_ON_TODAY,
        "beyond": ngettext(
            "%(n)s entry of yours is about a family that you serve no more. Its care team sorts it; where the service has "
            "ended, your coordinator can open it again.",
            "%(n)s entries of yours are about families that you serve no more. Their care teams sort them; where the "
            "service has ended, your coordinator can open it again.",
            beyond,
        )
        % {"n": beyond}
        if beyond
        else "",
        "asks": True,
    }


@door(SORT)
def papers(request: Asked) -> HttpResponse:
    """All that waits to be sorted by this reader."""
    return render(request, "away/papers.html", {"rows": _shown(request, queries.waiting(request.actor)[:100])})


@door(SORT)
def paper(request: Asked, paper: UUID) -> HttpResponse:
    """One of them: what was typed, why it could not be kept or what stands beside it, and what becomes of it."""
    there, _verdict = opened(request, SORT, Paper, paper, related=_related(paper))
    form = SortForm(request.POST) if request.method == "POST" else SortForm(initial={"version": there.version})
    if request.method == "POST" and form.is_valid():
        try:
            _sort(request, there, form.cleaned_data)
        except InMindError as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Sorted."))
            return redirect("today")
    row = _row(there)
    context = {**row, "this": row, "form": form, "is_open": there.sorted_at is None}
    return render(request, "away/paper.html", context, status=400 if form.errors else 200)


def _related(pk: UUID) -> tuple[str, ...]:
    """A paper without a family is joined with none."""
    has_family = Paper.objects.filter(pk=pk, episode__isnull=False).exists()
    return RELATED if has_family else RELATED[2:]


def _sort(request: Asked, there: Paper, chosen: dict[str, Any]) -> None:
    """Where its words are to stand, the room writes them first, under the entry's own key: they can never stand there twice."""
    how = chosen["how"]
    if how in {SortForm.AGAIN, Paper.How.SECOND, Paper.How.BOTH} and (kind := house.brought.get(there.kind)):
        entry = kind.afresh(queries.entry_of(there), how == Paper.How.BOTH)
        with suppress(KeyReused):  # its words were written by a request that was cut off afterwards
            kind.take(request.actor, replace(entry, id=there.pk))
    how = Paper.How.ENTERED if how == SortForm.AGAIN else how
    actions.sort_paper(
        request.actor,
        key=chosen["key"],
        version=chosen["version"],
        paper=there,
        how=how,
        reason=chosen["reason"] if how == Paper.How.SET_ASIDE else "",
    )


def _shown(request: Asked, rows: Iterable[Paper]) -> list[dict[str, Any]]:
    """Each paper with what was typed; an entry of the trail for each, so that none names a caregiver with another's child."""
    found = list(rows)
    with audit.together():
        for one in found:
            audit.read(request.actor, SORT, policy.can(request.actor, SORT, one), about=one)
    return [_row(one) for one in found]


def _row(one: Paper) -> dict[str, Any]:
    kind, entry = house.brought.get(one.kind), queries.entry_of(one)
    zone = one.episode.organization.zone if one.episode else ""
    is_family = one.episode is not None and one.person_id == one.episode.dyad.child_id
    typed = _typed(one)
    stands = list(_safely(lambda: kind.now(entry))) if kind is not None and one.asks else []
    return {
        "paper": one,
        "title": KINDS.get(one.kind, _("Something that was written down")),
        "is_family": is_family,
        "whose": _whose(one, is_family=is_family),
        "family_url": house.pages["families.Episode"](one.episode) if one.episode and is_family else "",
        "when": _when(one, zone),
        "why": _why(one),
        "typed": typed,
        "pairs": _pairs(stands, typed),
        "is_gone": one.words is None,
        "by_hand": _safely(lambda: kind.by_hand(entry)) if kind is not None and one.episode is not None else "",
        "can_try": kind is not None and one.episode is not None and not one.asks and one.words is not None,
        "url": reverse("away_paper", kwargs={"paper": one.pk}),
        "form": SortForm(initial={"version": one.version}),
    }


def _whose(one: Paper, *, is_family: bool) -> str:
    """The family's name; beside what is a caregiver's own, hers, and never the child's (`protect.md` 1)."""
    if one.episode is not None and is_family:
        return one.episode.dyad.called
    return one.person.name if one.person_id != one.owner_id else ""


def _typed(one: Paper) -> list[tuple[str, str]]:
    """What was typed, by the room's labels; where it cannot be read as that, as it came."""
    kind = house.brought.get(one.kind)
    lines = list(_safely(lambda: kind.said(queries.entry_of(one)))) if kind is not None else []
    if lines:
        return [(label, text.marked(words)) for label, words in lines]
    body = one.came.get("body")
    if isinstance(body, dict):
        return [(text.marked(str(name))[:60], text.marked(_plainly(said))) for name, said in body.items()]
    return []


def _plainly(said: object) -> str:
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def _safely(asked: Any) -> Any:
    """What a room says of an entry; nothing where the entry cannot be read as that."""
    try:
        found = asked()
        return found if isinstance(found, str) else list(found)
    except InMindError:
        return ()


def _pairs(stands: list[tuple[str, str]], typed: list[tuple[str, str]]) -> list[dict[str, str]]:
    now = dict(stands)
    return [
        {"label": label, "theirs": now.get(label, ""), "yours": words}
        for label, words in typed
        if words != now.get(label, "")
    ]


def _when(one: Paper, zone: str) -> str:
    facts = {
        "arrived": clock.local(one.created_at, zone or "UTC"),
        "given": clock.local(one.at, zone or "UTC") if one.at else "",
    }
    if one.clock == Clock.FITS:
        return _("Written down %(given)s without a signal, arrived %(arrived)s") % facts
    if not one.at:
        return _("Arrived %(arrived)s; when it was written down is not known") % facts
    return (
        _("Arrived %(arrived)s; when it was written down is not known, the clock of the device said %(given)s") % facts
    )


def _why(one: Paper) -> str:
    if one.asks:
        return _("Somebody else wrote something there in between. Both texts are kept: which one is right?")
    told = json.loads(one.refusal or "{}")
    facts = told.get("facts")
    return " ".join(_(part) % facts if facts else _(part) for part in told.get("sentences", ()))
