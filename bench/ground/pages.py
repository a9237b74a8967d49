"""The product's routes, and one that keeps a form by a single plain insert behind the same middleware and door.

What it leaves out is what is measured: the record's own policy, audit, idempotency, versions, scoring and encryption.
"""

from __future__ import annotations

import json
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from bench.ground.plain import PlainScreen
from inmind.access import guard
from inmind.access.door import door
from inmind.association import keeping_views, queries
from inmind.association.forms import SoughtForm
from inmind.association.models import Level, Member
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


@door("association.see_members")
def members(request: HttpRequest) -> HttpResponse:
    """Members as a usual list shows them: words anywhere in a name, counted, cut by offset."""
    there = keeping_views.kept(request, "association.see_members")
    rows = Member.objects.filter(association=there).select_related("person", "level")
    for word in request.GET.get("q", "").split():
        rows = rows.filter(Q(person__given_name__icontains=word) | Q(person__family_name__icontains=word))
    page = Paginator(rows.order_by("sorts_as", "pk"), queries.AT_ONCE).get_page(request.GET.get("page"))
    levels = [(str(one.pk), one.name) for one in Level.objects.filter(association=there)]
    context = {
        "association": there,
        "form": SoughtForm(levels, [], [], request.GET),
        "rows": [
            {"name": one.person.name, "through": one.paid_until, "level": one.level.name if one.level else ""}
            for one in page
        ],
    }
    return render(request, "association/members.html", context)


urlpatterns = [
    path("plain/<uuid:screen>/", keep, name="plain"),
    path("plain/members/", members, name="plain_members"),
    path("empty/", empty, name="empty"),
    *own,
]
