"""A seat by the link in a letter: for somebody without an account. Opening the page takes nothing; its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door
from inmind.access.models import OfficeLink
from inmind.documents.adapters.typesetter import pdf_of
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, said
from inmind.foundation.leaving import paper
from inmind.learning.attendance import said as said_hours
from inmind.learning.certificates import papers
from inmind.learning.certificates.models import Certificate
from inmind.learning.trainings import guest_actions, queries, seats, views, words
from inmind.learning.trainings.letter_actions import PURPOSE
from inmind.learning.trainings.models import AskedSeat, Registration, Training
from inmind.learning.trainings.own_views import DONE
from inmind.learning.trainings.seats import State

SEE = "learning.see_seat_by_link"


@door(SEE, by_office=PURPOSE)
def seat(request: Asked) -> HttpResponse:
    """What somebody asked for, and how it stands."""
    link: OfficeLink = request.link
    asked = _asked(link)
    row = queries.counted(Training.objects.filter(pk=asked.training_id)).select_related("association").get()
    mine, told = asked.registration, guest_actions.told_by(asked)
    context = {
        "training": row,
        "title": words.title(row),
        "when": words.when_words(row),
        "price": words.price_words(row),
        "own_price": _own_price(row, mine, told),
        "meetings": [(clock.day(one.on), words.meeting_words(one)) for one in row.meetings.all()],
        "name": mine.person.name if mine else f"{told.given_name} {told.family_name}" if told else "",
        "way": _way(row, mine, told),
        "bill": views.bill_of(mine),
        "certificate": _certificate(mine),
        "form": HouseForm(),
    }
    return render(request, "learning/seat_by_link.html", context)


def _asked(link: OfficeLink) -> AskedSeat:
    return AskedSeat.objects.select_related("registration__person").get(pk=link.about)


def _certificate(mine: Registration | None) -> dict[str, Any] | None:
    """The certificate of whoever had the seat, as it stands."""
    row = _standing_certificate(mine)
    if row is None:
        return None
    return {
        "number": row.code,
        "hours": said_hours.of_hours(row.minutes, row.said["of"]),
        "verify": papers.address_of(row),
    }


def _standing_certificate(mine: Registration | None) -> Certificate | None:
    if mine is None:
        return None
    rows = Certificate.objects.select_related("training__association", "person", "replaced_by")
    return rows.filter(training=mine.training_id, person=mine.person_id, replaced_at__isnull=True).first()


@door(SEE, by_office=PURPOSE)
def certificate(request: Asked) -> HttpResponse:
    """The certificate as a tagged PDF, for somebody without an account."""
    row = _standing_certificate(_asked(request.link).registration)
    if row is None:
        messages.warning(request, _("There is no certificate yet. A letter comes when there is one."))
        return redirect("seat_by_link")
    audit.read(
        request.actor,
        SEE,
        policy.can(request.actor, SEE, request.link),
        about=row,
    )
    return paper(pdf_of(papers.paper_of(row)), "certificate")


@door("learning.open_bill_by_link", by_office=PURPOSE)
@require_POST
def bill(request: Asked) -> HttpResponse:
    """On to the invoice of the seat, where it is a PDF and can be paid."""
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            secret = guest_actions.open_bill_by_link(request.actor, link=request.link)
        except NotNow as refusal:
            messages.warning(request, said(refusal))
        else:
            return redirect("office_link_open", secret=secret)
    return redirect("seat_by_link")


def _own_price(row: Training, mine: Registration | None, told: guest_actions.Told | None) -> str:
    """What it costs this guest, before it is taken. A member who asked by their own name pays as one."""
    if mine is not None and mine.state == State.REGISTERED:
        return ""
    return words.own_price(row, _person(mine, told))


def _person(mine: Registration | None, told: guest_actions.Told | None) -> UUID | None:
    if mine is not None:
        return mine.person_id
    known = guest_actions.known_as(told) if told is not None else None
    return known.pk if known is not None else None


def _way(row: Training, mine: Registration | None, told: guest_actions.Told | None) -> dict[str, Any]:
    if mine is not None and mine.state != State.CANCELLED:
        is_over = row.ends_at is not None and row.ends_at <= clock.now()
        return {"says": _("This training is over.")} if is_over else views.standing(row, mine)
    try:
        to = seats.takes(queries.seats_told(row), clock.now())
    except NotNow as refusal:
        return {"says": said(refusal)}
    if to is State.WAITING:
        return {"says": _("Every seat is taken. You can wait for one."), "take": _("Yes, put me on the waiting list")}
    return {"take": words.yes_words(row, _person(mine, told))}


@door("learning.take_seat_by_link", by_office=PURPOSE)
@require_POST
def take(request: Asked) -> HttpResponse:
    return _moved(request, guest_actions.take_by_link)


@door("learning.give_up_by_link", by_office=PURPOSE)
@require_POST
def give_up(request: Asked) -> HttpResponse:
    return _moved(request, guest_actions.give_up_by_link)


def _moved(request: Asked, move: Callable[..., Registration]) -> HttpResponse:
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            answer = move(request.actor, key=form.cleaned_data["key"], link=request.link)
        except (BadInput, NotNow) as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _(DONE[State(answer.state)]))
    return redirect("seat_by_link")
