"""Who was at a training, meeting by meeting; how each is known; minutes by hand; how it counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inmind.access.door import Asked, door, opened, refused
from inmind.foundation import clock
from inmind.foundation.errors import InMindError
from inmind.foundation.forms import form_page, fresh_key, said
from inmind.learning.attendance import actions, matching, queries
from inmind.learning.attendance import said as words
from inmind.learning.attendance.forms import (
    AgainForm,
    BreakForm,
    CountingForm,
    DecideForm,
    LogForm,
    MinutesForm,
    WalkInForm,
    WalkInMinutesForm,
)
from inmind.learning.attendance.models import Attendance, Rest, Sighting
from inmind.learning.certificates.models import Certificate, CertificateRun
from inmind.learning.trainings import known_views
from inmind.learning.trainings.models import Meeting, Training
from inmind.people.models import Person
from inmind.records import sheets

SEE = "learning.see_attendance"
WITH_TRAINING = ("training__association",)


@door(SEE)
def training(request: Asked, training: UUID) -> HttpResponse:
    """Who was there, of a training with all its meetings, and the certificates that came of it."""
    row, _verdict = opened(request, SEE, Training, training, related=("association",))
    return render(request, "learning/attendance.html", _of_training(row))


def _of_training(row: Training, form: CountingForm | None = None) -> dict[str, Any]:
    meetings = list(Meeting.objects.filter(training=row))
    people, standing = queries.registered(row), queries.standing(row)
    held = {
        one.person_id: one
        for one in Certificate.objects.filter(training=row, replaced_at__isnull=True).only("id", "person", "code")
    }
    everybody = {one.pk: one.name for one in people} | queries.names_of(
        {person for _meeting, person in standing} - {one.pk for one in people}
    )
    counts, of = queries.counts_by_meeting(row), queries.planned(row)
    waits = queries.waits_by_meeting(row)
    rule = queries.rule_of(row)
    is_over = row.ends_at is None or row.ends_at <= clock.now()
    run = CertificateRun.objects.filter(training=row).order_by("-created_at").first()
    rows = []
    for person, name in sorted(everybody.items(), key=lambda one: one[1].casefold()):
        minutes = [one.minutes for (_meeting, whose), one in standing.items() if whose == person]
        certificate = held.get(person)
        rows.append(
            [
                {"text": name},
                {"text": words.of_hours(sum(minutes), of) if minutes else _("nothing yet")},
                {"text": certificate.code, "url": reverse("certificate", args=[certificate.pk])}
                if certificate
                else {"text": _("none yet")},
            ]
        )
    initial = {
        "step": rule.step,
        "leeway": rule.leeway,
        "credit_for_part": queries.gives_part_of_credit(row),
        "key": fresh_key(),
    }
    return {
        "training": row,
        "meetings": [
            [
                {"text": day_of(one), "url": reverse("meeting_attendance", args=[one.pk])},
                {"text": counts.get(one.pk, 0)},
                {"text": waits.get(one.pk, 0), "chip": waits.get(one.pk, 0) > 0},
            ]
            for one in meetings
        ],
        "meeting_columns": [
            {"label": _("Meeting")},
            {"label": _("Were there"), "number": True},
            {"label": _("Wait to be decided"), "number": True},
        ],
        "rows": rows,
        "columns": [{"label": _("Name")}, {"label": _("Attended")}, {"label": _("Certificate")}],
        "run": run,
        "run_says": _run_says(run) if run else "",
        "key": fresh_key(),
        "may_make": bool(standing) and is_over and (run is None or run.ended_at is not None),
        "last_day": ""
        if is_over or row.ends_at is None
        else clock.day(row.ends_at.astimezone(ZoneInfo(row.zone)).date()),
        "form": form or CountingForm(initial=initial),
        "counts_so": words.one(queries.says_rule(rule), row.zone),
    }


def _run_says(run: CertificateRun) -> str:
    if run.ended_at is None:
        return _("%(done)s of %(total)s people are done.") % {"done": run.done, "total": run.total}
    return ngettext("%(n)s new certificate was made.", "%(n)s new certificates were made.", run.made) % {"n": run.made}


def day_of(meeting: Meeting) -> str:
    """`Saturday's day, 10 a.m. to 12:30 p.m.`, on the wall's clock."""
    return _("%(day)s, %(begins)s to %(ends)s") % {
        "day": clock.day(meeting.on),
        "begins": time_format(meeting.begins, "TIME_FORMAT"),
        "ends": time_format(meeting.ends, "TIME_FORMAT"),
    }


@door("learning.set_counting")
@require_POST
def counting(request: Asked, training: UUID) -> HttpResponse:
    """How a training counts presence, and who has credit by licence kind."""
    row, _verdict = opened(request, SEE, Training, training, related=("association",))
    form = CountingForm(request.POST)
    if form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("step", "leeway", "credit_for_part")}
        try:
            actions.set_counting(request.actor, key=form.cleaned_data["key"], training=row, **typed)
        except InMindError as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Kept. Everybody was counted anew."))
            return redirect("attendance", training=row.pk)
    return render(request, "learning/attendance.html", _of_training(row, form), status=400)


# One meeting


@door(SEE)
def meeting(request: Asked, meeting: UUID) -> HttpResponse:
    """One meeting: its log, its door, who was there and who waits to be decided."""
    row, _verdict = opened(request, SEE, Meeting, meeting, related=WITH_TRAINING)
    return _meeting_page(request, row)


@door("learning.take_log")
@require_POST
def bring_log(request: Asked, meeting: UUID) -> HttpResponse:
    """A participants' log."""
    row, _verdict = opened(request, SEE, Meeting, meeting, related=WITH_TRAINING)
    form = LogForm(row.zone, request.POST, request.FILES)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            text = sheets.decoded(typed["file"].read(sheets.MOST_BYTES + 1), typed["encoding"])
            known = row.logs.count()
            log = actions.take_log(request.actor, key=typed["key"], meeting=row, text=text, zone=typed["zone"])
        except InMindError as refusal:
            form.take(refusal)
        else:
            is_new = row.logs.count() > known
            messages.success(request, _log_says(log.pk) if is_new else _("This log was here already. Nothing changed."))
            return redirect("meeting_attendance", meeting=row.pk)
    return _meeting_page(request, row, log_form=form, status=400)


def _log_says(log: UUID) -> str:
    rows = list(Sighting.objects.filter(log=log).values_list("state", flat=True))
    counted, waits = (sum(one == state for one in rows) for state in (Sighting.State.COUNTED, Sighting.State.WAITS))
    says = ngettext("%(n)s person is known.", "%(n)s people are known.", counted) % {"n": counted}
    more = ngettext("%(n)s waits to be decided.", "%(n)s wait to be decided.", waits) % {"n": waits}
    return f"{says} {more}" if waits else says


@door("learning.set_break")
@require_POST
def set_break(request: Asked, meeting: UUID) -> HttpResponse:
    """When the break was."""
    row, _verdict = opened(request, SEE, Meeting, meeting, related=WITH_TRAINING)
    form = BreakForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        hours = {name: _moment(row, typed[field]) for name, field in (("starts_at", "begins"), ("ends_at", "ends"))}
        try:
            actions.set_break(request.actor, key=typed["key"], meeting=row, **hours)
        except InMindError as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Kept. Everybody was counted anew."))
            return redirect("meeting_attendance", meeting=row.pk)
    return _meeting_page(request, row, break_form=form, status=400)


def _moment(row: Meeting, at: Any) -> datetime | None:
    return datetime.combine(row.on, at, tzinfo=ZoneInfo(row.zone)) if at else None


def _meeting_page(
    request: Asked,
    row: Meeting,
    *,
    log_form: LogForm | None = None,
    break_form: BreakForm | None = None,
    status: int = 200,
) -> HttpResponse:
    people = queries.registered(row.training)
    standing = {one.person_id: one for one in Attendance.objects.filter(meeting=row, replaced_at__isnull=True)}
    names = {one.pk: one.name for one in people} | queries.names_of(set(standing) - {one.pk for one in people})
    rest = Rest.objects.filter(meeting=row).first()
    context = {
        "meeting": row,
        "training": row.training,
        "day": day_of(row),
        "log_form": log_form or LogForm(row.zone),
        "break_form": break_form or BreakForm(initial={**_break_of(row, rest), "key": fresh_key()}),
        "waits": [
            {
                "title": one.name or one.mail or _("without a name"),
                "reason": _doubt(one),
                "url": reverse("sighting", args=[one.pk]),
            }
            for one in queries.waiting(row)
        ],
        "rows": [
            [
                {"text": name, "url": reverse("meeting_person", args=[row.pk, person])},
                {
                    "text": words.of_hours(standing[person].minutes, standing[person].of)
                    if person in standing
                    else _("nothing yet")
                },
                {"text": _how(standing[person]) if person in standing else "–"},
            ]
            for person, name in sorted(names.items(), key=lambda one: one[1].casefold())
        ],
        "columns": [{"label": _("Name")}, {"label": _("Attended")}, {"label": _("How it is known")}],
        "is_over": clock.now() >= row.ends_at,
        "has_begun": clock.now() >= row.starts_at,
    }
    return render(request, "learning/meeting.html", context, status=status)


def _how(row: Attendance) -> str:
    return _("written down by hand") if row.how == Attendance.How.HAND else _("by a log or at the door")


def _doubt(one: Sighting) -> str:
    if one.found:
        return _(one.found)
    return _(matching.WORDS[matching.Doubt(one.doubt)]) if one.doubt else ""


def _break_of(row: Meeting, rest: Rest | None) -> dict[str, Any]:
    if rest is None:
        return {}
    zone = ZoneInfo(row.zone)
    return {"begins": rest.starts_at.astimezone(zone).time(), "ends": rest.ends_at.astimezone(zone).time()}


# One who waits to be decided


@door("learning.decide_sighting")
def sighting(request: Asked, sighting: UUID) -> HttpResponse:
    """Somebody whom a log or the door shows: who it was, decided by somebody who knows."""
    related = ("meeting__training__association", "log", "person")
    row, _verdict = opened(request, SEE, Sighting, sighting, related=related)
    people = queries.registered(row.meeting.training)
    found = queries.likely(row, queries.known(people))
    first = [one for key in found.likely for one in people if one.pk == key]
    form = DecideForm(
        first, [one for one in people if one not in first], request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(request.actor, key=form.cleaned_data["key"], sighting=row, person=form.chosen())
        except InMindError as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Decided."))
            return redirect("meeting_attendance", meeting=row.meeting_id)
    context = {
        "row": row,
        "form": form,
        "day": day_of(row.meeting),
        "doubt": _doubt(row) if row.state == Sighting.State.WAITS else "",
        "facts": [
            {"term": _("Name as it stands there"), "value": row.name},
            {"term": _("Address as it stands there"), "value": row.mail},
            {"term": _("There"), "value": "; ".join(_stays(row))},
            *([{"term": _("Decided"), "value": row.person.name}] if row.person else []),
        ],
    }
    return render(request, "learning/sighting.html", context, status=400 if form.errors else 200)


def _stays(row: Sighting) -> list[str]:
    zone = ZoneInfo(row.meeting.zone)
    return [
        _("%(since)s to %(until)s")
        % {
            "since": date_format(span.since.astimezone(zone), "TIME_FORMAT"),
            "until": date_format(span.until.astimezone(zone), "TIME_FORMAT"),
        }
        for span in row.spans
    ]


# Who came without a registration


@door("learning.walk_in")
def walk_in(request: Asked, meeting: UUID) -> HttpResponse:
    """Somebody on the sheet that was signed who was not registered."""
    row, _verdict = opened(request, SEE, Meeting, meeting, related=WITH_TRAINING)
    at = row.training.association
    form = WalkInMinutesForm(queries.sitting_of(row).minutes, known_views.chosen(request, at), request.POST or None)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        named = {one: typed[one] for one in ("minutes", "is_billed")}
        made = actions.walk_in(request.actor, key=typed["key"], meeting=row, **form.whom(), **named)
        messages.success(request, _("%(name)s is added, and was there.") % {"name": made.person.name})
        return redirect("meeting_attendance", meeting=row.pk)

    context: dict[str, Any] = {"meeting": row, "training": row.training, "day": day_of(row)}
    context["sought"] = known_views.sought(request, at, "learning.walk_in")
    return form_page(request, form, "learning/walk_in.html", context, save)


@door("learning.walk_in_seen")
def walk_in_seen(request: Asked, sighting: UUID) -> HttpResponse:
    """Somebody whom a log or the door shows who was not registered."""
    related = ("meeting__training__association", "log")
    row, _verdict = opened(request, SEE, Sighting, sighting, related=related)
    given, _space, family = row.name.partition(" ")
    first = {"given_name": given, "family_name": family, "mail": row.mail}
    at = row.meeting.training.association
    form = WalkInForm(known_views.chosen(request, at), request.POST or None, initial=first)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        done = actions.walk_in_seen(
            request.actor, key=typed["key"], sighting=row, is_billed=typed["is_billed"], **form.whom()
        )
        assert done.person is not None
        messages.success(request, _("%(name)s is added, and was there.") % {"name": done.person.name})
        return redirect("meeting_attendance", meeting=row.meeting_id)

    context = {"meeting": row.meeting, "training": row.meeting.training, "day": day_of(row.meeting), "row": row}
    context["sought"] = known_views.sought(request, at, "learning.walk_in_seen")
    return form_page(request, form, "learning/walk_in.html", context, save)


# One person at one meeting


@door("learning.enter_attendance")
def person(request: Asked, meeting: UUID, member: UUID) -> HttpResponse:
    """One person at one meeting: for how long, why, what stood before; and minutes by hand."""
    row, _verdict = opened(request, SEE, Meeting, meeting, related=WITH_TRAINING)
    whose = _of_meeting(request, row, member)
    of = queries.sitting_of(row).minutes
    form = MinutesForm(of, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.enter(
                request.actor, key=typed["key"], meeting=row, person=whose, minutes=typed["minutes"], why=typed["why"]
            )
        except InMindError as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Kept. What stood before stands below."))
            return redirect("meeting_person", meeting=row.pk, member=whose.pk)
    return _person_page(request, row, whose, form)


@door("learning.count_again")
@require_POST
def count_again(request: Asked, meeting: UUID, member: UUID) -> HttpResponse:
    """Let what was seen count again."""
    row, _verdict = opened(request, SEE, Meeting, meeting, related=WITH_TRAINING)
    whose = _of_meeting(request, row, member)
    form = AgainForm(request.POST)
    standing = Attendance.objects.filter(meeting=row, person=whose, replaced_at__isnull=True).first()
    if form.is_valid() and standing is not None:
        try:
            actions.count_again(
                request.actor, key=form.cleaned_data["key"], version=form.cleaned_data["version"], attendance=standing
            )
        except InMindError as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _("What was seen counts again."))
    return redirect("meeting_person", meeting=row.pk, member=whose.pk)


def _of_meeting(request: Asked, row: Meeting, person: UUID) -> Person:
    """Somebody who is registered for this training or was seen there. Raises Refused for anybody else: ids tell nothing."""
    there = next((one for one in queries.registered(row.training) if one.pk == person), None)
    if there is None and Attendance.objects.filter(meeting=row, person=person).exists():
        there = Person.objects.get(pk=person)
    if there is None:
        raise refused(request, SEE, about=row)
    return there


def _person_page(request: Asked, row: Meeting, whose: Person, form: MinutesForm) -> HttpResponse:
    rows = list(
        Attendance.objects.filter(meeting=row, person=whose).select_related("meeting", "by").order_by("-created_at")
    )
    standing = next((one for one in rows if one.replaced_at is None), None)
    seen = Sighting.objects.filter(meeting=row, person=whose).select_related("meeting")
    context = {
        "meeting": row,
        "training": row.training,
        "person": whose,
        "day": day_of(row),
        "standing": words.of_hours(standing.minutes, standing.of) if standing else "",
        "why": words.why(standing) if standing else [],
        "seen": [{"says": "; ".join(_stays(one)), "url": reverse("sighting", args=[one.pk])} for one in seen],
        "earlier": [
            {
                "says": words.of_hours(one.minutes, one.of),
                "how": _how(one),
                "until": clock.local(one.replaced_at, row.zone),
                "why": one.why,
            }
            for one in rows
            if one.replaced_at is not None
        ],
        "form": form,
        "again": AgainForm(initial={"version": standing.version, "key": fresh_key()})
        if standing and standing.how == Attendance.How.HAND and seen
        else None,
    }
    return render(request, "learning/meeting_person.html", context, status=400 if form.errors else 200)
