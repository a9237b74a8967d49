"""What somebody outside sees by the link in a letter: one month of sessions, ticks, and one button. And the end of letters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access.door import Asked, door
from inmind.access.models import OfficeLink
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import HouseForm, fresh_key, said
from inmind.reflection import actions, queries
from inmind.reflection.actions import PURPOSE
from inmind.reflection.forms import FORMATS, KINDS, OwnHoldsForm, heard, said_minutes
from inmind.reflection.models import Agreement, Reminder, Session, Version
from inmind.reflection.session_views import marks, named

SEE, CONFIRM = "reflection.see_by_link", "reflection.confirm_by_link"


@door(SEE, by_office=PURPOSE)
def asked(request: Asked) -> HttpResponse:
    """The sessions that wait for their word, month by month. Opening this page says nothing."""
    reminder = Reminder.objects.filter(pk=_link(request).about).select_related("person").first()
    if reminder is not None:
        context = {"is_stopped": reminder.stopped_on is not None, "form": HouseForm(initial={"key": fresh_key()})}
        return render(request, "reflection/stop.html", context)
    return _page(request, _row(request))


def _page(request: Asked, row: Agreement, problem: str = "", status: int = 200) -> HttpResponse:
    waiting = queries.waits_outside(row)
    months: dict[str, list[dict[str, Any]]] = {}
    for one in waiting:
        months.setdefault(date_format(one.on, "YEAR_MONTH_FORMAT"), []).append(_line(one))
    versions = Version.objects.filter(
        session__agreement=row,
        state=Version.State.ASKED,
        people__person__isnull=True,
        people__is_asked=True,
        people__agreed_at__isnull=True,
    )
    holds = [] if row.outside_holds is None else row.outside_holds.split()
    known = "unknown" if row.outside_holds is None else "some" if holds else "none"
    context = {
        "row": row,
        "who": [one.person.name for one in row.places.select_related("person") if one.declined_on is None],
        "how": _(FORMATS[row.format]),
        "since": clock.day(row.since),
        "months": [{"says": says, "rows": rows} for says, rows in months.items()],
        "versions": [_change(one) for one in versions.select_related("session")],
        "is_new": row.provider_said_on is None,
        "is_stopped": row.outside_stopped_on is not None,
        "form": HouseForm(initial={"key": fresh_key()}),
        "stop_form": HouseForm(initial={"key": fresh_key()}, auto_id="stop_%s"),
        "holds_form": OwnHoldsForm(initial={"key": fresh_key(), "known": known, "holds": holds}, auto_id="holds_%s"),
        "problem": problem,
    }
    return render(request, "reflection/asked.html", context, status=status)


def _line(row: Session) -> dict[str, Any]:
    names = ", ".join(one.person.name for one in row.presences.all())
    facts = {"day": clock.day(row.on), "minutes": said_minutes(row.minutes), "who": names}
    says = _("%(day)s · %(minutes)s · with %(who)s") % facts
    return {"id": row.pk, "mark": queries.mark_of(row), "says": says, "kind": _(KINDS[row.kind])}


def _change(version: Version) -> dict[str, Any]:
    was = {"day": clock.day(version.session.on), "minutes": said_minutes(version.session.minutes)}
    if version.is_taken_back:
        says = _("%(day)s · %(minutes)s: it did not take place") % was
    else:
        now = {"on": clock.day(version.on), "long": said_minutes(version.minutes)}
        says = _("%(day)s · %(minutes)s: it was %(on)s, %(long)s") % {**was, **now}
    return {"id": version.pk, "says": says}


@door(CONFIRM, by_office=PURPOSE)
@require_POST
def confirm(request: Asked) -> HttpResponse:
    """Those that are ticked took place."""
    row = _row(request)
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            actions.confirm_by_link(
                request.actor,
                key=form.cleaned_data["key"],
                link=_link(request),
                ids=named(request, "ids"),
                versions=named(request, "versions"),
                seen=marks(request, "ids"),
            )
        except BadInput as refusal:
            return _page(request, row, said(heard(refusal)), 400)
        except (NotNow, Stale):
            messages.warning(request, _("Something changed meanwhile. This is what waits now."))
        else:
            messages.success(request, _("Thank you. It is confirmed."))
    return redirect("hours_asked")


@door("reflection.say_holds_by_link", by_office=PURPOSE)
@require_POST
def holds(request: Asked) -> HttpResponse:
    """What they hold, as they say it themselves."""
    _row(request)
    form = OwnHoldsForm(request.POST)
    if form.is_valid():
        actions.say_holds_by_link(
            request.actor, key=form.cleaned_data["key"], link=_link(request), holds=form.said_holds()
        )
        messages.success(
            request,
            _(
                "Thank you. It is kept as you said it: for the sessions that you confirm from now on, and for those that you "
                "confirmed before and of which nobody knew what you held. What was known stays as it was."
            ),
        )
    else:
        messages.warning(request, " ".join(str(one) for some in form.errors.values() for one in some))
    return redirect("hours_asked")


@door("reflection.stop_by_link", by_office=PURPOSE)
@require_POST
def stop(request: Asked) -> HttpResponse:
    """No more letters."""
    form = HouseForm(request.POST)
    if form.is_valid():
        actions.stop_by_link(request.actor, key=form.cleaned_data["key"], link=_link(request))
        messages.success(request, _("You get no more letters about this."))
    return redirect("hours_asked")


def _link(request: Asked) -> OfficeLink:
    link: OfficeLink = request.link
    return link


def _row(request: Asked) -> Agreement:
    """Raises NotNow where the link is for the letters of somebody who has an account."""
    row = Agreement.objects.select_related("association").filter(pk=_link(request).about).first()
    if row is None:
        raise NotNow(_("This link opens something else."), _("Open it again from its letter."))
    return row
