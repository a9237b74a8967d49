"""Sessions: written down in under a minute, confirmed by a tap or a month at once, put right by both; and one's own hours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format, get_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import HouseForm, VersionedForm, fresh_key, said
from inmind.foundation.leaving import CSV, leaving, sheet
from inmind.foundation.values import N_
from inmind.reflection import actions, hours, picture, queries
from inmind.reflection.forms import (
    ABOUT_SHORT,
    ABOUTS,
    KINDS,
    CorrectForm,
    FactsForm,
    as_typed,
    heard,
    said_holds,
    said_minutes,
    usual,
)
from inmind.reflection.models import Agreement, Presence, Session, Version
from inmind.reflection.views import RELATED, how_it_stands, me_of, session_line

SEE, LOG, CONFIRM = "reflection.see_session", "reflection.log", "reflection.confirm"
CHANGED = N_("Somebody changed this session meanwhile. This is how it stands now: look, then say it again.")
OF_SESSION = ("agreement", "agreement__provider", "provider", "logged_by")


def _back(request: Asked) -> HttpResponse:
    """Where the tap was: Today, or the room."""
    there = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return redirect(there if is_ours and there.startswith("/") else "reflection")


def _names(agreement: Agreement, on: Any = None) -> dict[UUID, str]:
    """Who can have been held, by id: those who have a place."""
    some = [one for one in agreement.places.select_related("person").order_by("since", "pk") if one.declined_on is None]
    return {one.person_id: one.person.name for one in some if on is None or one.runs.holds_on(on)}


@door(LOG, about=Agreement)
def log(request: Asked, agreement: UUID) -> HttpResponse:
    """Write a session down. The usual stands there already; `usual` sends it as it is, by one tap."""
    row, _verdict = opened(request, LOG, Agreement, agreement, related=RELATED)
    today = clock.today(row.zone)
    names = _names(row, today) or _names(row)
    as_usual = usual(row, names, today)
    if request.method == "POST" and "usual" in request.POST:
        form = FactsForm(row, {**as_usual, "key": request.POST.get("key", "")}, names=names)
    else:
        form = FactsForm(row, request.POST or None, initial={**as_usual, "key": fresh_key()}, names=names)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.log(request.actor, key=form.cleaned_data["key"], agreement=row, **form.said())
        except (BadInput, NotNow) as refusal:
            form.take(heard(refusal))
        else:
            messages.success(
                request,
                _("Kept: %(day)s, %(minutes)s. The other side confirms it.")
                % {"day": clock.day(kept.on), "minutes": said_minutes(kept.minutes)},
            )
            return redirect("agreement", agreement=row.pk)
    context = {"row": row, "form": form, "title": row.giver_name or _("Peers")}
    return render(request, "reflection/log.html", context, status=400 if form.errors else 200)


@door(SEE, about=Session)
def session(request: Asked, hours: UUID) -> HttpResponse:
    """One session: a day, minutes, a kind, and how it stands. Of others in the same group only whoever gave it sees hours."""
    row, _verdict = opened(request, SEE, Session, hours, related=OF_SESSION)
    return _session_page(request, row)


def _session_page(request: Asked, row: Session, status: int = 200) -> HttpResponse:
    me = me_of(request)
    told = row.said
    seen = policy.visible(request.actor, Presence.objects.filter(session=row), "reflection.see_hours")
    people = list(seen.select_related("person").order_by("person__given_name", "pk"))
    asked = row.versions.filter(state=Version.State.ASKED).select_related("by").first()
    context = {
        "row": row,
        "stands": how_it_stands(row, me),
        "facts": _facts(row, me),
        "people": [
            {
                "name": one.person.name,
                "says": _("confirmed") if one.person_id in told.stands else _("not confirmed yet"),
            }
            for one in people
        ],
        "may_confirm": row.taken_back_on is None and me in told.waits_for,
        "may_correct": row.taken_back_on is None and asked is None and (me == row.provider_id or me in told.there),
        "may_join": row.taken_back_on is None
        and asked is None
        and me not in told.there
        and me != row.provider_id
        and me in _names(row.agreement, row.on),
        "asked": _asked(asked, me) if asked else None,
        "earlier": [_earlier(one, me, row) for one in row.versions.filter(state=Version.State.STOOD)],
        "form": VersionedForm(initial={"key": fresh_key(), "version": row.version}),
        "mark": queries.mark_of(row),
        "next": request.path,
    }
    return render(request, "reflection/session.html", context, status=status)


def _facts(row: Session, me: UUID) -> list[dict[str, Any]]:
    holds = said_holds(row.holds)
    by = {
        "house": _("as the registry here said on that day"),
        "provider": _("as they said themselves"),
        "held": _("as it was said by who is held"),
        "": "",
    }[row.holds_by]
    facts = [
        {
            "term": _("Day"),
            "value": clock.day(row.on),
            "note": clock.local(row.begins, row.agreement.zone) if row.begins else "",
        },
        {"term": _("How long"), "value": said_minutes(row.minutes)},
        {"term": _("What kind"), "value": _(KINDS[row.kind])},
        {
            "term": _("What it was about"),
            "value": _(ABOUTS[row.about]) if row.provider_id != me else _(ABOUT_SHORT[row.about]),
        },
        {"term": _("Given by"), "value": row.agreement.giver_name or _("nobody: peers")},
        {"term": _("Written down by"), "value": row.logged_by.name},
    ]
    if row.giver is not None:
        waits = _("It is frozen once the first hours of this session stand.")
        facts.append(
            {"term": _("What they held on that day"), "value": holds, "note": by or ("" if row.said.stands else waits)}
        )
    return facts


def _asked(version: Version, me: UUID) -> dict[str, Any]:
    lines = list(version.people.select_related("person"))
    return {
        "row": version,
        "who": version.by.name,
        "is_mine": version.by_id == me,
        "may_answer": any(one.person_id == me and one.is_asked and one.agreed_at is None for one in lines),
        "says": _version_says(version),
        "form": VersionedForm(initial={"key": fresh_key(), "version": version.version}),
    }


def _version_says(version: Version) -> str:
    if version.is_taken_back:
        return _("It did not take place.")
    facts = {
        "day": clock.day(version.on),
        "minutes": said_minutes(version.minutes),
        "kind": _(KINDS[version.kind]),
        "about": _(ABOUT_SHORT[version.about]),
    }
    return _("%(day)s · %(minutes)s · %(kind)s · %(about)s") % facts


def _earlier(version: Version, me: UUID, row: Session) -> dict[str, str]:
    return {"says": _version_says(version), "on": clock.local(version.created_at, row.agreement.zone)}


@door(CONFIRM, about=Session)
@require_POST
def confirm(request: Asked, hours: UUID) -> HttpResponse:
    """It took place: one tap, from Today or from its page."""
    row, _verdict = opened(request, CONFIRM, Session, hours, related=OF_SESSION)
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            actions.confirm(request.actor, key=form.cleaned_data["key"], session=row, seen=marks(request, "seen"))
        except NotNow as refusal:
            messages.warning(request, said(heard(refusal)))
        except Stale:
            messages.warning(request, _(CHANGED))
            return redirect("hours_session", hours=row.pk)
        else:
            messages.success(request, _("Confirmed. Thank you."))
    else:
        messages.warning(request, " ".join(str(one) for some in form.errors.values() for one in some))
    return _back(request)


@door("reflection.confirm_all")
@require_POST
def confirm_month(request: Asked) -> HttpResponse:
    """A whole month with one tap: those that stood on the page, and no other."""
    form = HouseForm(request.POST)
    if form.is_valid():
        ids, seen = named(request, "ids"), marks(request, "ids")
        done = actions.confirm_all(request.actor, key=form.cleaned_data["key"], ids=ids, seen=seen)
        changed = [row for row in queries.waits_for(me_of(request)) if row.pk in ids]
        says = ngettext("%(count)s session is confirmed.", "%(count)s sessions are confirmed.", done) % {"count": done}
        if changed:
            messages.warning(request, _("Some were changed since you looked. Look at them, then confirm them."))
        if done or not changed:
            messages.success(request, says if done else _("They were confirmed already. Thank you."))
    return _back(request)


def marks(request: Asked, name: str) -> frozenset[str]:
    """The marks of the sessions that stood on the page (`queries.mark_of`)."""
    return frozenset(one for one in request.POST.getlist(name) if "." in one)


def named(request: Asked, name: str) -> frozenset[UUID]:
    """The ids of what was ticked or stood on the page; what is none is left out."""
    return frozenset(filter(None, (_id(typed) for typed in request.POST.getlist(name))))


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed.partition(".")[0])
    except ValueError:
        return None


@door("reflection.correct", about=Session)
def correct(request: Asked, hours: UUID) -> HttpResponse:
    """Put a session right, or take it back. Whoever saves second is shown it anew."""
    row, _verdict = opened(request, "reflection.correct", Session, hours, related=OF_SESSION)
    me = me_of(request)
    names = _names(row.agreement)
    there = set(row.said.there)
    is_giver = row.provider_id == me
    shown = names if is_giver or row.logged_by_id == me else {me: names.get(me, "")}
    form = CorrectForm(
        row.agreement, request.POST or None, initial={**as_typed(row, there), "key": fresh_key()}, names=shown
    )
    form.fields["there"].required = False
    if request.method == "POST" and form.is_valid():
        typed = form.said()
        if shown is not names:  # others of the group stay as they were
            typed["there"] = frozenset(there - {me}) | typed["there"]
        take_back = "take_back" in request.POST
        try:
            kept = actions.correct(
                request.actor,
                key=form.cleaned_data["key"],
                version=form.cleaned_data["version"],
                session=row,
                take_back=take_back,
                **typed,
            )
        except (BadInput, NotNow) as refusal:
            form.take(heard(refusal))
        except Stale:
            messages.warning(request, _(CHANGED))
            return redirect("hours_correct", hours=row.pk)
        else:
            waits = kept.versions.filter(state=Version.State.ASKED).exists()
            messages.success(
                request,
                _("It is asked. It holds once the other side agrees.")
                if waits
                else _("It is put right. What stood before is kept."),
            )
            return redirect("hours_session", hours=row.pk)
    context = {"row": row, "form": form, "is_confirmed": bool(row.said.stands)}
    return render(request, "reflection/correct.html", context, status=400 if form.errors else 200)


@door("reflection.agree")
@require_POST
def agree(request: Asked, change: UUID) -> HttpResponse:
    """Agree to what somebody asks to put right, or not."""
    version, _verdict = opened(request, "reflection.agree", Version, change, related=("session", "session__agreement"))
    form = VersionedForm(request.POST)
    yes = request.POST.get("yes") == "yes"
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.agree(request.actor, key=typed["key"], change=version, yes=yes)
        except NotNow as refusal:
            messages.warning(request, said(heard(refusal)))
        else:
            messages.success(request, _("You agreed.") if yes else _("It stays as it was."))
    return redirect("hours_session", hours=version.session_id)


@door("reflection.join", about=Session)
@require_POST
def join(request: Asked, hours: UUID) -> HttpResponse:
    """I was there too."""
    row, _verdict = opened(request, "reflection.join", Session, hours, related=OF_SESSION)
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            actions.join(request.actor, key=form.cleaned_data["key"], session=row)
        except (BadInput, NotNow) as refusal:
            messages.warning(request, said(heard(refusal)))
        else:
            messages.success(request, _("Kept. Whoever gave the session confirms it."))
    return redirect("hours_session", hours=row.pk)


# One's own hours


@door("reflection.open")
def own(request: Asked) -> HttpResponse:
    """My hours: by month, by kind, and split by what they were about; those I gave apart."""
    me = me_of(request)
    held, given = queries.hours_of(me), queries.hours_given(me)
    context = {
        "parts": [
            _part(_("Hours in which you were held"), "held", held, me),
            *([_part(_("Hours that you gave"), "given", given, me)] if given else []),
        ],
    }
    return render(request, "reflection/hours.html", context)


def _part(title: str, key: str, rows: list[tuple[Session, hours.Hour]], me: UUID) -> dict[str, Any]:
    some = [one for _row, one in rows]
    total = hours.added(some)
    months = hours.by_month(some)
    shown = hours.last_months(months, clock.today(settings.INSTALLATION.zone))
    drawn = picture.bars([(one.minutes, one.waiting) for _first, one in shown])
    return {
        "title": title,
        "picture_says": _("%(title)s, month by month; the table below says the same") % {"title": title},
        "waits": any(one.waiting for _first, one in shown),
        "bars": [
            {
                "x": bar.x,
                "stands": bar.stands,
                "stands_y": bar.stands_y,
                "waits": bar.waits,
                "waits_y": bar.waits_y,
                "number": _hours(one.minutes) if one.minutes else "",
                "number_y": bar.waits_y - 6,
                "label": date_format(first, "M")[:3],
            }
            for bar, (first, one) in zip(drawn, shown, strict=True)
        ],
        "key": key,
        "sums": [
            {"term": _("In all"), "value": said_minutes(total.minutes)},
            {"term": _("About work with families"), "value": said_minutes(total.direct)},
            {"term": _("About supervision given"), "value": said_minutes(total.rsc_given)},
            {"term": _("Waits for the other side"), "value": said_minutes(total.waiting)},
            *(
                {"term": _(KINDS[kind]), "value": said_minutes(minutes)}
                for kind, minutes in hours.by_kind(some).items()
            ),
        ]
        if some
        else [],
        "columns": [
            {"label": _("Month")},
            *(
                {"label": label, "number": True}
                for label in (_("In all"), _("Work with families"), _("Supervision given"), _("Waits"))
            ),
        ],
        "months": [
            [
                date_format(month, "YEAR_MONTH_FORMAT"),
                *(said_minutes(one) for one in (found.minutes, found.direct, found.rsc_given, found.waiting)),
            ]
            for month, found in months.items()
        ],
        "lines": [session_line(row, me) | {"stands": how_it_stands(row, me), "url": _page(row)} for row, _one in rows],
    }


def _hours(minutes: int) -> str:
    """Over a bar there is room for one place after the point."""
    return f"{minutes / 60:.1f}".removesuffix(".0").replace(".", get_format("DECIMAL_SEPARATOR"))


def _page(row: Session) -> str:
    return reverse("hours_session", kwargs={"hours": row.pk})


COLUMNS = ("day", "minutes", "kind", "about", "part", "given_by", "provider_held", "provider_held_said_by", "stands")


@door("reflection.take_out")
def take_out(request: Asked) -> HttpResponse:
    """All of one's own hours as an open file: what the house keeps of them, and that is all it keeps."""
    me = me_of(request)
    told: list[Any] = [COLUMNS]
    for part, rows in (("held", queries.hours_of(me)), ("gave", queries.hours_given(me))):
        for row, one in rows:
            told.append(
                (
                    *(row.on.isoformat(), row.minutes, row.kind, row.about, part, row.agreement.giver_name),
                    *("" if row.provider_holds is None else row.provider_holds or "none", row.holds_by),
                    "yes" if one.stands else "no",
                )
            )
    return leaving("".join(sheet(told)), CSV, "reflective-hours.csv")
