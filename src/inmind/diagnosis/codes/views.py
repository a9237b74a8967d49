"""Codes to be read: a diagnosis looked up, which tables and releases there are; and what payers allow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened, refused
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.codes import actions, queries, words
from inmind.diagnosis.codes.forms import LookUpForm, PayerForm, WithdrawForm
from inmind.diagnosis.codes.lookup import Looked, OfTable, Suggested
from inmind.diagnosis.codes.models import CodeRelease, CrosswalkTable, PayerAllowance
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, InMindError, NotNow, Stale
from inmind.foundation.values import Period
from inmind.people.models import Organization

SEE, LOAD, WITHDRAW_RELEASE = "diagnosis.see_crosswalk", "diagnosis.load_table", "diagnosis.withdraw_release"
GONE = 302  # withdrawn: the page is shown anew
MOST_DAYS = 31  # on which codes were looked at, the latest; ours
SEE_PAYERS, KEEP_PAYER = "diagnosis.see_payers", "diagnosis.keep_payer"


@door(SEE)
def crosswalk(request: Asked) -> HttpResponse:
    """A diagnosis on a day: what loaded tables say of it, and what we suggest, to be read. `as=json` says the same."""
    today = clock.today(settings.INSTALLATION.zone)
    every = list(CrosswalkTable.objects.prefetch_related("ends").order_by("publisher", "-since"))
    publishers = sorted({one.publisher for one in every if one.withdrawn_on is None})
    form = LookUpForm(manual(), publishers, request.GET if "disorder" in request.GET else None, initial={"on": today})
    looked = None
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        looked = queries.look_up(manual().disorder(said["disorder"]), said["on"], said["publisher"])
    if request.GET.get("as") == "json":
        if looked is None:
            return JsonResponse({"error": form.errors.get_json_data()}, status=400)
        return JsonResponse(words.looked_as_data(looked, _), json_dumps_params={"ensure_ascii": False, "indent": 1})
    context = {
        "form": form,
        "looked": looked,
        "answer": _found(looked) if looked else None,
        "tables": [_table_row(one) for one in every],
        "tables_columns": _columns(_("Table"), _("For services"), _("For whom"), _("Now")),
        "releases": [_release_row(one, period) for one, period in queries.every_release()],
        "releases_columns": _columns(_("Release"), _("For services"), _("Codes"), _("Now"), number=2),
        "may_load": bool(policy.can(request.actor, LOAD)),
    }
    return render(request, "diagnosis/crosswalk.html", context, status=400 if form.errors else 200)


def _columns(*labels: str, number: int = -1) -> list[dict[str, Any]]:
    return [{"label": label, "number": place == number} for place, label in enumerate(labels)]


def in_words(refusal: InMindError) -> InMindError:
    """The same refusal with its days in the reader's language."""
    refusal.facts = {name: clock.day(one) if isinstance(one, date) else one for name, one in refusal.facts.items()}
    return refusal


def said_period(period: Period) -> str:
    """From when until when, in the reader's language."""
    if period.until is None:
        return _("from %(since)s on") % {"since": clock.day(period.since)}
    return _("from %(since)s, until before %(until)s") % {
        "since": clock.day(period.since),
        "until": clock.day(period.until),
    }


def said_payers(row: CrosswalkTable) -> str:
    """For whom a table is, and until when for those that have a later edition."""
    ends = {one.payer: one.since for one in row.ends.all()}
    until = _("%(payer)s until before %(day)s")
    named = [
        until % {"payer": one, "day": clock.day(ends[one])} if one in ends else one for one in row.payers.splitlines()
    ]
    return ", ".join(named) or _("all payers")


def said_standing(row: CrosswalkTable | CodeRelease, period: Period | None = None) -> str:
    if row.withdrawn_on is not None:
        return _("withdrawn on %(day)s: %(why)s") % {"day": clock.day(row.withdrawn_on), "why": row.withdrawn_why}
    today = clock.today(settings.INSTALLATION.zone)
    if (period or queries.period_of(row)).holds_on(today):
        return _("in force")
    return _("not yet in force") if today < row.since else _("in force no more")


def who_loaded(person: Any) -> str:
    return person.name if person else _("whoever runs the house, at the command line")


def _table_row(row: CrosswalkTable) -> list[dict[str, Any]]:
    return [
        {
            "text": f"{row.publisher}, {row.edition}",
            "url": reverse("crosswalk_table", kwargs={"codes_table": row.pk}),
        },
        {"text": said_period(queries.period_of(row))},
        {"text": said_payers(row)},
        {"text": said_standing(row)},
    ]


def _release_row(row: CodeRelease, period: Period) -> list[dict[str, Any]]:
    return [
        {"text": row.name, "url": reverse("crosswalk_release", kwargs={"codes_release": row.pk}), "note": row.file},
        {"text": said_period(period)},
        {"text": row.codes},
        {"text": said_standing(row, period)},
    ]


@door(SEE)
def release(request: Asked, codes_release: UUID) -> HttpResponse:
    """One release: since when, who loaded it, on which days codes were looked at since. From here it is withdrawn."""
    there = opened(request, SEE, CodeRelease, codes_release, related=["by"])[0]
    form, status = withdrawing(request, WITHDRAW_RELEASE, there, partial(actions.withdraw_release, release=there))
    if status == GONE:
        messages.success(request, _("Withdrawn. No code is looked up in it from now on."))
        return redirect("crosswalk_release", codes_release=there.pk)
    period = next((one for row, one in queries.loaded() if row.pk == there.pk), queries.period_of(there))
    days = queries.days_coded(there)
    context = {
        "release": there,
        "title": f"ICD-10-CM {there.name}",
        "facts": [
            {"term": _("Now"), "value": said_standing(there, period)},
            {"term": _("For services"), "value": said_period(period)},
            {"term": _("Codes"), "value": str(there.codes)},
            {"term": _("File"), "value": there.file},
            {
                "term": _("Loaded"),
                "value": clock.local(there.created_at, settings.INSTALLATION.zone),
                "note": who_loaded(there.by),
            },
        ],
        "days": [clock.day(one) for one in days[-MOST_DAYS:]],
        "more": max(0, len(days) - MOST_DAYS),
        "form": form,
    }
    return render(request, "diagnosis/crosswalk_release.html", context, status=status)


def withdrawing(
    request: Asked, verb: str, row: CodeRelease | CrosswalkTable, withdraw: Callable[..., object]
) -> tuple[WithdrawForm | None, int]:
    """The form by which what was loaded is withdrawn, None for who may not; and how its page is answered: GONE once it is."""
    form, status = WithdrawForm(request.POST or None, initial={"version": row.version}), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                withdraw(request.actor, **form.cleaned_data)
            except (BadInput, NotNow) as refusal:
                form.take(in_words(refusal))
                status = refusal.status
            else:
                return form, GONE
    may_withdraw = row.withdrawn_on is None and bool(policy.can(request.actor, verb, row))
    return (form if may_withdraw else None), status


def _found(looked: Looked) -> dict[str, Any]:
    """What was found, as the page draws it."""
    release = looked.release
    return {
        "name": looked.disorder.name,
        "day": clock.day(looked.day),
        "release": release.name if release else "",
        "may_be_over": release is not None and release.may_be_over(looked.day),
        "tables": [_found_in(one) for one in looked.tables],
        "columns": _columns(_("Code"), _("Title in ICD-10-CM"), _("DSM-5"), _("For whom, and when")),
        "codes_a_claim": looked.codes_a_claim,
        "suggested": [_suggested(one) for one in looked.suggestions],
        "suggested_columns": _columns(_("Code"), _("Title in ICD-10-CM"), _("What it is"), _("Source")),
    }


def _found_in(one: OfTable) -> dict[str, Any]:
    return {
        "title": f"{one.table.publisher}, {one.table.edition}",
        "payers": ", ".join(one.payers) or _("all payers"),
        "is_left_out": one.is_left_out,
        "rows": [
            [
                {"text": row.mapped.code, "note": said_fault(row.fault, row.leaves)},
                {"text": row.title or _("not looked up: no release is loaded for this day")},
                {"text": row.mapped.dsm5 or "–"},
                {"text": words.decides(row.mapped.parent, row.mapped.kind, row.mapped.when, _) or _("always")},
            ]
            for row in one.rows
        ],
    }


def said_fault(fault: Any, leaves: tuple[str, ...]) -> str:
    """What keeps a code off a claim, and what stands below it."""
    if fault is None:
        return ""
    below = " " + _("Below it: %(leaves)s.") % {"leaves": ", ".join(leaves)} if leaves else ""
    return _(fault.value) + below


def _suggested(one: Suggested) -> list[dict[str, Any]]:
    ours = one.suggestion
    return [
        {"text": ours.code, "note": said_fault(one.fault, one.leaves)},
        {"text": ours.title, "note": ours.dsm5 and f"DSM-5: {ours.dsm5}"},
        {"text": _(words.STANDING[ours.standing]), "note": _(words.SURE[ours.confidence])},
        {"text": ours.source},
    ]


# What payers allow


@door(SEE_PAYERS)
def payers(request: Asked) -> HttpResponse:
    """What each payer allows in a calendar year, and where it says so; for the supervisor of the agency."""
    organization = policy.visible(request.actor, Organization.objects.order_by("name"), SEE_PAYERS).first()
    if organization is None:
        raise refused(request, SEE_PAYERS)
    rows = list(
        policy.visible(request.actor, PayerAllowance.objects.select_related("by"), SEE_PAYERS)
        .filter(organization=organization)
        .order_by("payer")
    )
    chosen = next((one for one in rows if str(one.pk) == request.GET.get("change")), None)
    form = PayerForm(request.POST or None, initial=_initial(chosen))
    pairs, status = None, 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.keep_payer(request.actor, organization=organization, **form.cleaned_data)
            except Stale as both:
                pairs, status = _both(both.thing, form.cleaned_data), 409
                shown: Any = request.POST.copy()
                shown["seen"] = str(both.thing.version)  # type: ignore[attr-defined]
                form.data = shown
            except (BadInput, NotNow) as refusal:
                form.take(refusal)
                status = refusal.status
            else:
                messages.success(request, _("Kept."))
                return redirect("payers")
    context = {
        "organization": organization,
        "rows": [_payer_row(one) for one in rows],
        "columns": _columns(_("Payer"), _("Sessions in a year"), _("Where it says so"), _("Written down by"), number=1),
        "form": form,
        "chosen": chosen,
        "pairs": pairs,
    }
    return render(request, "diagnosis/payers.html", context, status=status)


def _initial(row: PayerAllowance | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"payer": row.payer, "sessions": row.sessions, "source": row.source, "seen": row.version}


def _payer_row(row: PayerAllowance) -> list[dict[str, Any]]:
    return [
        {"text": row.payer, "url": f"{reverse('payers')}?change={row.pk}#keep"},
        {"text": _("not known") if row.sessions is None else row.sessions},
        {"text": row.source or "–"},
        {"text": row.by.name if row.by else "–"},
    ]


def _both(now: Any, typed: dict[str, Any]) -> list[dict[str, str]]:
    def said(sessions: int | None, source: str) -> str:
        known = _("not known") if sessions is None else str(sessions)
        return f"{known}; {source}" if source else known

    return [
        {
            "label": now.payer,
            "theirs": said(now.sessions, now.source),
            "yours": said(typed["sessions"], typed["source"]),
        }
    ]
