"""One's own transcript: drawn and as a table, on paper, as a sheet; and what was learned elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access.door import Asked, door, opened
from inmind.documents.adapters.typesetter import pdf_of
from inmind.foundation import clock
from inmind.foundation.errors import InMindError
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.foundation.leaving import CSV, leaving, paper
from inmind.foundation.leaving import sheet as lines_of
from inmind.learning.attendance.hours import in_hours
from inmind.learning.certificates import actions, papers, queries
from inmind.learning.certificates.forms import ElsewhereForm
from inmind.learning.certificates.models import Certificate, Elsewhere
from inmind.learning.certificates.transcript import Sum, Transcript, share, transcript
from inmind.learning.trainings.adapters.catalog import domains
from inmind.people.models import Person

OWN = "learning.see_transcript"


@door(OWN)
def own(request: Asked) -> HttpResponse:
    """Everything that the reader learned."""
    person, found = _of(request)
    return _page(request, person, found, ElsewhereForm())


@door("learning.note_elsewhere")
@require_POST
def elsewhere(request: Asked) -> HttpResponse:
    """Write down what was learned elsewhere."""
    person, found = _of(request)
    form = ElsewhereForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        told = {name: typed[name] for name in ("title", "provider", "on")}
        try:
            actions.note_elsewhere(
                request.actor, key=typed["key"], person=person, minutes=form.minutes(), domains=form.domains(), **told
            )
        except InMindError as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Kept. It is counted apart, as said by yourself."))
            return redirect("transcript")
    return _page(request, person, found, form)


@door("learning.take_back_elsewhere")
@require_POST
def take_back(request: Asked, elsewhere: UUID) -> HttpResponse:
    """Take back what was written down."""
    row, _verdict = opened(request, "learning.take_back_elsewhere", Elsewhere, elsewhere)
    form = HouseForm(request.POST)
    if form.is_valid():
        actions.take_back_elsewhere(request.actor, key=form.cleaned_data["key"], elsewhere=row)
        messages.success(request, _("Taken back. It counts no more."))
    return redirect("transcript")


@door(OWN)
def pdf(request: Asked) -> HttpResponse:
    """On paper."""
    person, found = _of(request)
    return paper(pdf_of(papers.transcript_paper(person, found)), "transcript")


@door(OWN)
def sheet(request: Asked) -> HttpResponse:
    """As a sheet that any spreadsheet opens, without a cell that it would run."""
    _person, found = _of(request)
    areas = list(domains())
    heading = [_("Day"), _("Training"), _("Given by"), _("Minutes"), _("Known by"), *map(papers.area, areas)]
    rows = [
        [one.on.isoformat(), one.title, one.by, one.minutes, papers.known_by(one)]
        + [one.domains.get(key, 0) for key in areas]
        for one in found.lines
    ]
    return leaving("".join(lines_of([heading, *rows])), CSV, "transcript.csv")


def _of(request: Asked) -> tuple[Person, Transcript]:
    assert request.actor.person is not None
    person, _verdict = opened(request, OWN, Person, request.actor.person)
    return person, transcript(queries.lines_of(person, papers.language()), domains())


def _page(request: Asked, person: Person, found: Transcript, form: ElsewhereForm) -> HttpResponse:
    held = {
        one.code: reverse("certificate", args=[one.pk])
        for one in Certificate.objects.filter(person=person, replaced_at__isnull=True).only("pk", "code")
    }
    columns = [_("Day"), _("Training"), _("Given by"), _("Clock hours"), _("Known by")]
    context = {
        "total": papers.sum_said(found.total),
        "years": [_bar(str(year), one, max(each.total for _y, each in found.by_year)) for year, one in found.by_year],
        "areas": [
            _bar(papers.area(key), one, max(each.total for _k, each in found.by_area)) for key, one in found.by_area
        ],
        "sum_columns": [
            {"label": _("Year or area")},
            {"label": _("Attended here"), "number": True},
            {"label": _("Said by myself"), "number": True},
        ],
        "rows": [
            [
                {"text": clock.day(one.on)},
                {"text": one.title},
                {"text": one.by},
                {"text": in_hours(one.minutes)},
                {"text": papers.known_by(one), "url": held.get(one.certificate, ""), "chip": one.said},
            ]
            for one in found.lines
        ],
        "columns": [{"label": label, "number": place == 3} for place, label in enumerate(columns)],
        "elsewhere": Elsewhere.objects.filter(person=person, taken_back_at__isnull=True).order_by("-on"),
        "form": form,
        "key": fresh_key(),
    }
    return render(request, "learning/transcript.html", context, status=400 if form.errors else 200)


def _bar(label: str, one: Sum, most: int) -> dict[str, Any]:
    known, said = share(one.known, most), share(one.said, most)
    return {
        "label": label,
        "says": papers.sum_said(one),
        "known": known,
        "said": said,
        "cells": [label, in_hours(one.known), in_hours(one.said)],
    }
