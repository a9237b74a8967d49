"""At the door: the code on the screen, the page that it opens on a phone, and the sheet to sign."""

from __future__ import annotations

from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.actors import VISITOR
from inmind.access.adapters import allauth
from inmind.access.door import Asked, door, opened
from inmind.documents.adapters.typesetter import pdf_of
from inmind.documents.paper import Paper, Part, Table
from inmind.foundation import clock
from inmind.foundation.errors import InMindError
from inmind.foundation.forms import HouseForm, fresh_key, said
from inmind.foundation.leaving import leaving
from inmind.learning.attendance import actions, queries
from inmind.learning.attendance.forms import HereForm
from inmind.learning.attendance.models import DoorCode
from inmind.learning.attendance.views import SEE, WITH_TRAINING, day_of
from inmind.learning.trainings.models import Meeting

BLANK_ROWS = 8  # ours: for those who were not registered


@door(SEE)
def screen(request: Asked, meeting: UUID) -> HttpResponse:
    """The code, large, for the screen of the room."""
    row, _verdict = opened(request, SEE, Meeting, meeting, related=WITH_TRAINING)
    code = DoorCode.objects.filter(meeting=row, ended_at__isnull=True).first()
    address = f"{settings.SITE}{reverse('here', args=[actions.code_of(code.pk)])}" if code else ""
    context = {
        "meeting": row,
        "training": row.training,
        "day": day_of(row),
        "address": address,
        "picture": picture(address) if address else "",
        "opens": clock.local(queries.opens_at(row), row.zone),
        "ends": clock.local(row.ends_at, row.zone),
        "is_open": queries.is_open(row),
        "is_over": clock.now() >= row.ends_at,
        "key": fresh_key(),
    }
    return render(request, "learning/door.html", context)


@door("learning.open_door")
@require_POST
def open_door(request: Asked, meeting: UUID) -> HttpResponse:
    """A new code."""
    row, _verdict = opened(request, SEE, Meeting, meeting, related=WITH_TRAINING)
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            actions.open_door(request.actor, key=form.cleaned_data["key"], meeting=row)
        except InMindError as refusal:
            messages.warning(request, said(refusal))
    return redirect("door", meeting=row.pk)


@door(public="opens one meeting while it lasts, for whoever is in the room, and tells nothing of who else is")
@never_cache
def here(request: HttpRequest, opens: str) -> HttpResponse:
    """I am here: one tap for who is signed in, name and address for who is not. The answer is the same for everybody."""
    if allauth.within_limit("door", allauth.network_of(request)) is None:
        return render(request, "learning/here.html", {"many": True}, status=429)
    found = actions.door_of(opens)
    if found is None:
        return render(request, "learning/here.html", {"closed": True}, status=410)
    actor = request.actor  # type: ignore[attr-defined]
    own = actor.signed_in and bool(policy.can(actor, "learning.check_in"))
    form = (HouseForm if own else HereForm)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            if own:
                actions.check_in(actor, key=typed["key"], code=opens)
            else:
                told = {"name": typed["name"], "mail": typed["mail"]}
                actions.check_in_at_door(VISITOR, key=typed["key"], code=opens, **told)
        except InMindError as refusal:
            form.take(refusal)
        else:
            return render(
                request,
                "learning/here.html",
                {"done": True, "meeting": found.meeting, "training": found.meeting.training},
            )
    context = {
        "meeting": found.meeting,
        "training": found.meeting.training,
        "title": found.meeting.training.said("title", get_language() or "en"),
        "day": day_of(found.meeting),
        "form": form,
        "own": own,
    }
    return render(request, "learning/here.html", context, status=400 if form.errors else 200)


@door(SEE)
def sheet(request: Asked, meeting: UUID) -> HttpResponse:
    """The sheet to sign, on paper."""
    row, _verdict = opened(request, SEE, Meeting, meeting, related=WITH_TRAINING)
    names = [one.name for one in queries.registered(row.training)]
    return leaving(pdf_of(sheet_of(row, names)), "application/pdf", "sign-in-sheet.pdf")


def sheet_of(row: Meeting, names: list[str]) -> Paper:
    """Everybody who is registered, by name, with room for a signature and the hours, and rows for others."""
    columns = (_("Name"), _("Signature"), _("Came at"), _("Left at"))
    rows = tuple((name, "", "", "") for name in [*names, *[""] * BLANK_ROWS])
    return Paper(
        title=_("Sign-in sheet"),
        language=get_language() or "en",
        facts=(
            (_("Training"), row.training.said("title", get_language() or "en")),
            (_("Meeting"), day_of(row)),
            (_("Given by"), row.training.association.name),
        ),
        parts=(Part(_("Who is here"), table=Table(columns, rows, (5, 5, 2, 2))),),
        footer=row.training.association.name,
    )


def picture(address: str) -> SafeString:
    """An address of ours as a picture that a phone reads."""
    return mark_safe(
        segno.make(address, error="m").svg_inline(
            scale=4, border=2, svgclass="qr qr-screen", lineclass=None, omitsize=True
        )
    )
