"""Pages of hours: whether one counts, what trainings are about, and the sheet ready to paste."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access.door import Asked, door
from inmind.endorsement import counting, queries, said, sheet
from inmind.endorsement.adapters import catalog
from inmind.endorsement.card_views import SEE, Mine, bound, covered, mine_of, of_area
from inmind.endorsement.coverage import opens
from inmind.endorsement.portfolios import training_of
from inmind.endorsement.readiness import Unit
from inmind.foundation import clock
from inmind.foundation.leaving import CSV, MARK, leaving


@door(SEE)
def counted(request: Asked) -> HttpResponse:
    """All hours that are known, each with the way to whether it counts."""
    own = mine_of(request)
    held = [
        {
            "text": clock.day(one.on),
            "url": reverse("does_it_count", kwargs={"hour_kind": "session", "hour": one.key}),
            "note": "" if one.confirmed else _("waits to be confirmed"),
            "cells": (one.with_whom, _(sheet.KINDS[one.kind]), said.amount(one.minutes, Unit.MINUTES)),
        }
        for one in sorted(own.has.sessions, key=lambda one: one.on, reverse=True)
    ]
    learned = [
        {
            "text": one.title or clock.day(one.on),
            "url": reverse("does_it_count", kwargs={"hour_kind": "training", "hour": one.key}),
            "cells": (clock.day(one.on), said.amount(one.minutes, Unit.MINUTES)),
        }
        for one in sorted(own.has.trainings, key=lambda one: one.on, reverse=True)
    ]
    context = {
        "held": {
            "columns": [{"label": _(one)} for one in ("Day", "Provider", "Kind", "Clock hours")],
            "rows": [[one, *one["cells"]] for one in held],  # type: ignore[misc]
        },
        "learned": {
            "columns": [{"label": _(one)} for one in ("Training", "Day", "Clock hours")],
            "rows": [[one, *one["cells"]] for one in learned],  # type: ignore[misc]
        },
    }
    return render(request, "endorsement/counted.html", context)


@door(SEE)
def does_it_count(request: Asked, hour_kind: str, hour: str) -> HttpResponse:
    """One hour: whether it counts for each category, why, and the source."""
    own = mine_of(request)
    rules = catalog.rules_of(own.association)
    chosen = {one.category for one in own.goals}
    found: list[counting.Answer] = []
    title = ""
    editions = [
        edition
        for category in dict.fromkeys(one.category for one in rules.editions if not one.retired)
        for edition in bound(rules, category, own.on)
    ]
    if hour_kind == "session":
        for session in (one for one in own.has.sessions if one.key == hour):
            title = f"{clock.day(session.on)}, {session.with_whom}"
            found = list(counting.of_session(session, editions, own.has, own.on))
    else:
        for training in (one for one in own.has.trainings if one.key == hour):
            title = training.title or clock.day(training.on)
            found = list(counting.of_training(training, editions, own.has, own.on))
    if not title:
        return redirect("my_hours")
    answers = [
        {
            "name": said.category(one.edition),
            "stands": said.stands(one.edition),
            "says": _(one.says),
            "verdict": {True: _("It counts"), False: _("It does not count here"), None: _("It has to be asked")}[
                one.counts
            ],
            "mark": {True: "met", False: "not-yet", None: "ask"}[one.counts],
            "adds": said.amount(one.adds, Unit.MINUTES) if one.adds else "",
            "as_well": [_(sheet.TAGS[tag]) for tag in one.as_well],
            "rule": _(" or ").join(said.rule(need) for need in one.requirement.any_of),
            "source": one.source,
            "is_goal": one.edition.category in chosen,
        }
        for one in found
    ]
    context = {"title": title, "answers": sorted(answers, key=lambda one: not one["is_goal"])}
    return render(request, "endorsement/does_it_count.html", context)


@door(SEE)
def my_coverage(request: Asked) -> HttpResponse:
    """What trainings are about, domain by domain, drawn; and where there is nothing yet."""
    own = mine_of(request)
    found = covered(own.has, own.on)
    most = max([60, *(one.minutes for one in found.rows)])
    rows = [
        {
            "name": _(one.domain.name),
            "hours": said.amount(one.minutes, Unit.MINUTES),
            "width": f"{one.minutes / most * 100:.1f}",
            "is_open": one.is_open,
            "rated": one.domain.rated,
            "source": one.domain.source,
        }
        for one in found.rows
    ]
    ahead = [
        {"title": one.title, "url": one.address, "on": clock.day(one.on), "first_in": [_(d.name) for d in first]}
        for one in queries.SOURCES.ahead(own.on)
        if (first := opens(training_of(one), found.open, of_area()))
    ]
    heads = (_("Domain"), _("Clock hours"), _("Source of the name"))
    table_of = {
        "columns": [{"label": head} for head in heads],
        "rows": [[one["name"], one["hours"], one["source"]] for one in rows],
    }
    unnamed = said.amount(found.unnamed, Unit.MINUTES) if found.unnamed else ""
    context = {"rows": rows, "ahead": ahead[:5], "unnamed": unnamed, "table": table_of}
    return render(request, "endorsement/coverage.html", context)


def _sheet(request: Asked) -> tuple[Mine, tuple[sheet.Section, ...]]:
    own = mine_of(request)
    names = {one.key: _(one.name) for one in catalog.domains()}
    degree = said.degree(own.has.degree) if own.has.degree is not None else ""
    paid = queries.paid_through(own.person.pk, own.on)
    return own, sheet.sheet(own.person.name, own.has, own.on, _, lambda key: names.get(key, key), degree, paid)


@door(SEE)
def my_sheet(request: Asked) -> HttpResponse:
    """The sheet ready to paste into the application of the Alliance's own system."""
    own, parts = _sheet(request)
    tables = [
        {
            "title": one.title,
            "columns": [{"label": head} for head in one.heads],
            "rows": [list(row) for row in one.rows],
        }
        for one in parts
    ]
    context = {"tables": tables, "text": sheet.as_text(parts), "on": clock.day(own.on)}
    return render(request, "endorsement/sheet.html", context)


@door(SEE)
def my_sheet_text(request: Asked) -> HttpResponse:
    _own, parts = _sheet(request)
    return leaving(sheet.as_text(parts), "text/plain; charset=utf-8", "endorsement.txt")


@door(SEE)
def my_sheet_csv(request: Asked) -> HttpResponse:
    _own, parts = _sheet(request)
    return leaving(MARK + sheet.as_csv(parts), CSV, "endorsement.csv")
