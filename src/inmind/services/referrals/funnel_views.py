"""How far families came, from something to talk about to support that started; operational figures of one's own cases.

That somebody was screened is the care team's to know (`protect.md` 1): whoever answers for an agency without being on a care
team reads those families as a count, and only where there are enough of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inmind.access import audit, policy
from inmind.access.door import Asked, door
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.forms import DateInput, PlainForm
from inmind.foundation.registries import Worry, house
from inmind.services.referrals.funnel import Stage, Step, Way, apart, funnel, joined, quarters
from inmind.services.referrals.models import ReferralStep
from inmind.services.referrals.words import REASONS

VERB = "services.see_funnel"
ENOUGH = 5  # families: fewer are not counted for somebody who is on no care team of theirs, nor the days of fewer told
A_YEAR = timedelta(days=364)
STAGES = {
    Stage.FLAGGED: gettext_lazy("Something to talk about"),
    Stage.TALKED: gettext_lazy("Talked about with the family"),
    Stage.REFERRED: gettext_lazy("Referred"),
    Stage.RECEIVED: gettext_lazy("The program answered"),
    Stage.CONTACTED: gettext_lazy("The family heard from the program"),
    Stage.STARTED: gettext_lazy("Support started"),
}


class Days(PlainForm):
    """Whose worries and referrals are counted: those that began on these days."""

    since = forms.DateField(label=gettext_lazy("Begun since"), widget=DateInput())
    until = forms.DateField(label=gettext_lazy("Until"), widget=DateInput())

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("since") and said.get("until") and said["until"] < said["since"]:
            self.add_error("until", _("This day lies before the first one. Choose a later one."))
        return said


@door(VERB)
def how_far(request: Asked) -> HttpResponse:
    """The stages drawn, the table behind, and why some were lost."""
    today = clock.today(settings.INSTALLATION.zone)
    usual = {"since": today - A_YEAR, "until": today}
    form = Days(request.GET if {"since", "until"} & request.GET.keys() else None, initial=usual)
    said = form.cleaned_data if form.is_bound and form.is_valid() else ({} if form.is_bound else usual)
    shown: dict[str, Any] = {"form": form, "fields": [form["since"], form["until"]]}
    if said:
        audit.read(request.actor, VERB, policy.can(request.actor, VERB))
        steps, some_only = _steps(request, said["since"], said["until"], today)
        shown |= {"rows": _rows(steps), "some_only": some_only, "table": _table(steps), "losses": _losses(steps)}
    return render(request, "services/funnel.html", shown)


def _steps(request: Asked, first: date, last: date, today: date) -> tuple[tuple[Step, ...], bool]:
    """The stages; and whether something of families of no own care team may be missing. Theirs are counted by whole quarters
    that are over, of days between stages only where several are known."""
    all_ids = set(policy.visible(request.actor, Episode.objects.all(), VERB).values_list("pk", flat=True))
    rows = Episode.objects.filter(pk__in=all_ids)
    own = set(policy.visible(request.actor, rows, "screening.see").values_list("pk", flat=True))
    ways = _ways(request, first, last)
    cases = joined(_found(own, first, last), [way for way in ways if way.episode in own])
    if not all_ids - own:
        return funnel(cases), False
    spans = list(quarters(first, last, today))
    worries = [one for since, until in spans for one in _found(all_ids - own, since, until)]
    others, is_all = apart(worries, [way for way in ways if way.episode not in own], spans, ENOUGH)
    covered = bool(spans) and (spans[0][0], spans[-1][1]) == (first, last)
    return funnel(cases + others, ENOUGH), not (covered and is_all)


def _found(episodes: Iterable[UUID], first: date, last: date) -> list[Worry]:
    ids = sorted(episodes)
    return [one for asked in house.worries for one in asked(ids, first, last)] if ids else []


def _ways(request: Asked, first: date, last: date) -> list[Way]:
    """The referrals that were begun on these days, each with its steps, read in one question."""
    mine = policy.visible(request.actor, Episode.objects.all(), VERB).values("pk")
    rows = ReferralStep.objects.filter(referral__episode__in=mine, tried="").order_by("referral", "number")
    steps: dict[UUID, list[ReferralStep]] = defaultdict(list)
    for one in rows.select_related("referral").defer("note"):
        steps[one.referral_id].append(one)
    ways = [
        Way(there[0].about_id, there[0].referral.episode_id, there[0].on, tuple(one.as_step for one in there))
        for there in steps.values()
    ]
    return [way for way in ways if first <= way.drafted <= last]


def _rows(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The bars: how wide in percent, as text, so that no language turns its point into a comma."""
    there = list(steps)
    most = max((one.reached for one in there), default=0)
    return [
        {
            "label": STAGES[one.stage],
            "reached": one.reached,
            "width": f"{100 * one.reached / most:.1f}" if most else "0",
            "days": _days(one),
            "on_the_way": one.on_the_way,
            "lost": sum(one.lost.values()),
            "is_last": one.stage is Stage.STARTED,
        }
        for one in there
    ]


def _days(one: Step) -> str:
    if one.days is None:
        return ""
    days = round(one.days)
    if one.days_of == 1:
        return ngettext("took %(n)s day", "took %(n)s days", days) % {"n": days}
    if not days:
        return _("half the same day (%(known)s known)") % {"known": one.days_of}
    said = ngettext("half within %(n)s day (%(known)s known)", "half within %(n)s days (%(known)s known)", days)
    return said % {"n": days, "known": one.days_of}


def _table(steps: Iterable[Step]) -> dict[str, Any]:
    columns = [
        {"label": _("Stage")},
        {"label": _("Came so far"), "number": True},
        {"label": _("On the way"), "number": True},
        {"label": _("Not served"), "number": True},
        {"label": _("Days from the stage before")},
    ]
    rows = [
        [
            {"text": cell}
            for cell in (STAGES[one.stage], one.reached, one.on_the_way, sum(one.lost.values()), _days(one) or "—")
        ]
        for one in steps
    ]
    return {"columns": columns, "rows": rows}


def _losses(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Why families were not served, what the system did not have first."""
    found: dict[Any, int] = defaultdict(int)
    for one in steps:
        for why, count in one.lost.items():
            found[why] += count
    ordered = sorted(found, key=lambda why: (not why.is_the_systems, -found[why], why))
    return [{"says": _(REASONS[why]), "count": found[why], "is_ours": why.is_the_systems} for why in ordered]
