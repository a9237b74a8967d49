"""The rota of an agency: a week to look at, what is not covered, and the form; saved only after it was seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from inmind.access.door import Asked, door
from inmind.access.queries import work_phones
from inmind.families import actions, queries, rota
from inmind.families.rota_forms import MOST_ROWS, RotaForm, initial_of
from inmind.families.views import own_organization
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.templatetags.house import problems
from inmind.people.models import Organization, Person

LOOKED_AHEAD = timedelta(days=28)  # how far the page looks for hours without a name
IN_SIGHT = 2 * rota.WEEK  # so far an end is looked for of what begins in the coming week
# The picture, in its own units: where a day's line begins, how long it is, how high each is.
LEFT, LENGTH, HIGH = 62, 294, 34
ROOM_FOR_A_NAME = 62


@door("families.name_on_call")
def on_call(request: Asked) -> HttpResponse:
    organization = own_organization(request, "families.name_on_call")
    people = list(queries.holding_role(organization, "clinician"))
    saved = queries.rota_of(organization)
    plan = queries.plan_of(organization)
    begun = initial_of(
        plan,
        within_minutes=organization.crisis_answer_minutes,
        outside_minutes=queries.outside_minutes(organization),
        over=saved.pk if saved else None,
    )
    form = RotaForm(people, request.POST or None, initial=begun)
    context: dict[str, Any] = {"organization": organization, "form": form, "people": people, "saved": saved}
    if request.method != "POST":
        return _page(request, context, plan)
    if "more" in request.POST:
        return _page(request, {**context, "form": _longer(form, people), "unsaved": True, "more": True}, plan)
    if not form.is_valid():
        return _page(request, context, plan, status=400)
    typed = rota.Rota(organization.zone, form.turns(), form.speaks())
    try:
        rota.check(typed.turns, {person.pk for person in people})
        if form.cleaned_data["seen"] != form.mark():
            form.seeing(seen=form.mark())
            return _page(request, {**context, "unsaved": True, "to_save": True}, typed)
        actions.name_on_call(
            request.actor,
            key=form.cleaned_data["key"],
            organization=organization,
            turns=typed.turns,
            speaks=typed.speaks,
            **form.minutes(),
            over=form.cleaned_data["over"],
        )
    except Stale:
        pairs = [{"label": _("Turns"), "theirs": _in_words(plan), "yours": _in_words(typed)}]
        form.seeing(over=str(saved.pk) if saved else "", seen="")
        return _page(request, {**context, "pairs": pairs, "unsaved": True}, typed, status=409)
    except (BadInput, NotNow) as refusal:
        form.take(refusal)
        return _page(request, context, plan, status=400)
    messages.success(request, _("Saved. From now on these hours and turns hold."))
    return redirect("on_call")


def _longer(form: RotaForm, people: list[Person]) -> RotaForm:
    """The same form with one more row of each kind; everything typed stays."""
    longer = form.data.copy()  # type: ignore[attr-defined]
    for name in ("weeks", "days"):
        longer[name] = str(min(len(getattr(form, f"{name[:-1]}_rows")) + 1, MOST_ROWS))
    longer["seen"] = ""
    return RotaForm(people, longer, initial=form.initial)


def _page(request: Asked, context: dict[str, Any], plan: rota.Rota, *, status: int = 200) -> HttpResponse:
    """The page about a plan: the one that holds, or the one that was typed and is not saved."""
    organization, form, people = context["organization"], context["form"], context["people"]
    holds = plan.only({person.pk for person in people})
    names = {person.pk: person.name for person in people}
    named = [one for turn in holds.turns for one in (turn.person, turn.backup) if one]
    phones = work_phones(named)
    looks = "more" not in request.POST
    return render(
        request,
        "families/rota.html",
        {
            **context,
            "found": _problems(form) if form.is_bound and looks else [],
            "now": said(queries.reading(organization), organization),
            "picture": picture(holds, clock.today(organization.zone), names) if holds.turns else None,
            "has_backup": any(turn.backup for turn in holds.turns),
            "gaps": [_from_to(gap.since, gap.until, organization.zone) for gap in _gaps(holds)],
            "unread": [_from_to(*hours, organization.zone) for hours in _unread(holds)],
            "strangers": [names[one] for one in dict.fromkeys(named) if one in queries.never_signed_in(named)],
            "reached": [{"name": names[one], "phone": phones.get(one, "")} for one in dict.fromkeys(named)],
            "no_supervisor": not queries.holding_role(organization, "agency_supervisor").exists(),
        },
        status=status,
    )


def _problems(form: RotaForm) -> list[dict[str, str]]:
    return [problem for one in (form, *form.week_rows, *form.day_rows) for problem in problems(one)]


def said(reading: rota.Reading, organization: Organization) -> str:
    """Who reads now, in a sentence, for those who work at the agency."""
    name = Person.objects.get(pk=reading.asked[0]).name if reading.asked else ""
    moment = queries.when(reading.next_at, organization.zone) if reading.next_at else ""
    words = {
        rota.State.ON_CALL: _("%(name)s is on call now."),
        rota.State.OUTSIDE: _("Nobody is on call at this hour. The next is %(name)s, from %(moment)s."),
        rota.State.UNNAMED: _(
            "Somebody should be on call at this hour, and nobody is named: an answer comes to a supervisor. "
            "The next is %(name)s, from %(moment)s."
        ),
        rota.State.NEVER: _("Nobody is named. An answer that needs a person comes to a supervisor."),
    }
    return words[reading.state] % {"name": name, "moment": moment}


def _gaps(plan: rota.Rota) -> list[rota.Stretch]:
    """The hours without a name: those of one week, which the next ones repeat, and those of single days after it."""
    now = clock.now()
    gaps = rota.gaps(plan, now, now + LOOKED_AHEAD)
    return [gap for gap in gaps if gap.since < now + rota.WEEK or any(turn.day for turn in gap.turns)]


def _unread(plan: rota.Rota) -> list[tuple[datetime, datetime | None]]:
    now = clock.now()
    hours = rota.unread(plan, now, now + IN_SIGHT)
    return [(since, _end(until, now)) for since, until in hours if since < now + rota.WEEK]


def _end(until: datetime, now: datetime) -> datetime | None:
    """The end of a stretch that was looked for; None where none is in sight."""
    return until if until < now + IN_SIGHT else None


def _from_to(since: datetime, until: datetime | None, zone: str) -> str:
    """Hours of one day with that day once; hours that go over midnight with both; no end where none is in sight."""
    if until is None:
        return _("from %(since)s on") % {"since": queries.when(since, zone)}
    begins, ends = (moment.astimezone(ZoneInfo(zone)) for moment in (since, until))
    if begins.date() == ends.date():
        return _("%(weekday)s, %(day)s: %(since)s to %(until)s") % {
            "weekday": capfirst(date_format(begins, "l")),
            "day": date_format(begins, "MONTH_DAY_FORMAT"),
            "since": date_format(begins, "TIME_FORMAT"),
            "until": date_format(ends, "TIME_FORMAT"),
        }
    return _("%(since)s to %(until)s") % {
        "since": queries.when(since, zone),
        "until": queries.when(until, zone),
    }


# A week as a picture, and the table beside it


def picture(plan: rota.Rota, first: date, names: dict[UUID, str]) -> dict[str, Any]:
    """Seven days from one on: lines with their bars, and the same as rows."""
    lines, rows = [], []
    for place, (day, pieces) in enumerate(rota.week(plan, first)):
        label = date_format(day, "D j")
        bars = [_bar(piece, names) for piece in pieces]
        lines.append({"label": label, "y": place * HIGH, "middle": place * HIGH + 20, "bars": bars})
        weekday = date_format(day, "l")
        rows += [[weekday, _clock(piece), *_who(piece, names, plan)] for piece in pieces]
        rows += [] if pieces else [[weekday, "—", _("nobody"), "—"]]
    hours = [{"x": _at(hour * 60), "label": hour} for hour in (0, 6, 12, 18, 24)]
    columns = [{"label": label} for label in (_("Day"), _("Hours"), _("Who reads"), _("Back-up"))]
    return {"lines": lines, "rows": rows, "columns": columns, "hours": hours, "high": 7 * HIGH, "foot": 7 * HIGH + 16}


def _bar(piece: rota.Piece, names: dict[UUID, str]) -> dict[str, Any]:
    who = ", ".join(names[turn.person].split()[0] for turn in piece.turns if turn.person)
    width = LENGTH * (piece.end - piece.start) / 1440
    room = int(width / ROOM_FOR_A_NAME * 8)
    return {
        "x": _at(piece.start),
        "width": f"{width:.1f}",
        "name": (who if len(who) <= room else "") if who else "",
        "text_x": f"{LEFT + LENGTH * piece.start / 1440 + 6:.1f}",
        "is_named": bool(who),
    }


def _at(minutes: int) -> str:
    return f"{LEFT + LENGTH * minutes / 1440:.1f}"


def _clock(piece: rota.Piece) -> str:
    start, end = (time_format(_time(minutes)) for minutes in (piece.start, piece.end))
    return _("%(since)s to %(until)s") % {"since": start, "until": end}


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _who(piece: rota.Piece, names: dict[UUID, str], plan: rota.Rota) -> tuple[str, str]:
    first = [_named(turn.person, names, plan) for turn in piece.turns if turn.person]
    behind = [_named(turn.backup, names, plan) for turn in piece.turns if turn.backup]
    return ", ".join(first) or _("nobody is named"), ", ".join(behind) or "—"


def _named(person: UUID, names: dict[UUID, str], plan: rota.Rota) -> str:
    if (person, "es") in plan.speaks:
        return _("%(name)s (Spanish)") % {"name": names[person]}
    return names[person]


def _in_words(plan: rota.Rota) -> str:
    """A plan line by line, to be compared with another."""
    return "\n".join(_lines(plan))


def _lines(plan: rota.Rota) -> Iterable[str]:
    people = {one for turn in plan.turns for one in (turn.person, turn.backup) if one}
    names = {person.pk: person.name for person in Person.objects.filter(pk__in=people)}
    for (start, end, person, backup), turns in groupby(
        plan.turns, key=lambda turn: (turn.start, turn.end, turn.person, turn.backup)
    ):
        days = ", ".join(clock.day(turn.day) if turn.day else str(WEEKDAYS[turn.weekday or 0]) for turn in turns)
        if start is None or end is None:
            yield _("%(days)s: closed") % {"days": days}
            continue
        who = " / ".join(names.get(one, "—") for one in (person, backup) if one)
        yield f"{days}: {time_format(start)}–{time_format(end)} {who or _('nobody is named')}"


# Each clinician's own turns, for Today


def own_turns(person: UUID, organization: Organization) -> list[dict[str, str]]:
    """When somebody is on call, or behind, in turns that begin in the coming seven days; each to its own end."""
    now = clock.now()
    rows = []
    for stretch in rota.timeline(queries.plan_that_holds(organization), now, now + IN_SIGHT):
        first = any(turn.person == person for turn in stretch.turns)
        if stretch.since < now + rota.WEEK and (first or any(turn.backup == person for turn in stretch.turns)):
            until = _end(stretch.until, now)
            words = _from_to(stretch.since, until, organization.zone)
            if stretch.since == now:
                words = (
                    _("now, until %(until)s") % {"until": queries.when(until, organization.zone)}
                    if until
                    else _("now, and from now on")
                )
            rows.append({"when": words, "as": "" if first else _("back-up")})
    return rows
