"""The product's routes, and one that keeps a form by a single plain insert behind the same middleware and door.

What it leaves out is what is measured: the record's own policy, audit, idempotency, versions, scoring and encryption.
"""

from __future__ import annotations

import json
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from bench.ground.plain import PlainScreen
from inmind.access import guard
from inmind.access.door import door
from inmind.foundation import clock
from inmind.urls import urlpatterns as own


@door("screening.answer")
def keep(request: HttpRequest, screen: UUID) -> HttpResponse:
    answers = {name: value for name, value in request.POST.items() if name.startswith("epds_")}
    now = clock.now()
    with guard.permit("plain insert"), transaction.atomic():
        PlainScreen.objects.create(
            subject=screen,
            episode=screen,
            instrument="epds",
            edition="1",
            language="en",
            mode="paper",
            on=now.date(),
            zone="UTC",
            worker=request.user.person_id,
            state="complete",
            answers_text=json.dumps(answers),
            points=0,
            lowest=0,
            highest=0,
            band="",
            finished_at=now,
        )
    return redirect("screen", screen=screen)


@door("workspace.today")
def empty(request: HttpRequest) -> HttpResponse:
    """A page of the house with nothing on it: session, who acts, the frame with this reader's navigation."""
    return render(request, "foundation/frame.html")


urlpatterns = [path("plain/<uuid:screen>/", keep, name="plain"), path("empty/", empty, name="empty"), *own]
