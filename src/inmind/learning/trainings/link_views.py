"""A seat by the link in a letter: for somebody without an account. Opening the page takes nothing; its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access.door import Asked, door
from inmind.access.models import OfficeLink
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, said
from inmind.learning.trainings import guest_actions, queries, seats, views, words
from inmind.learning.trainings.letter_actions import PURPOSE
from inmind.learning.trainings.models import AskedSeat, Registration, Training
from inmind.learning.trainings.own_views import DONE
from inmind.learning.trainings.seats import State


@door("learning.see_seat_by_link", by_office=PURPOSE)
def seat(request: Asked) -> HttpResponse:
    """What somebody asked for, and how it stands."""
    link: OfficeLink = request.link
    asked = AskedSeat.objects.select_related("registration__person").get(pk=link.about)
    row = queries.counted(Training.objects.filter(pk=asked.training_id)).select_related("association").get()
    mine, told = asked.registration, guest_actions.told_by(asked)
    context = {
        "training": row,
        "title": words.title(row),
        "when": words.when_words(row),
        "price": words.price_words(row),
        "meetings": [(clock.day(one.on), words.meeting_words(one)) for one in row.meetings.all()],
        "name": mine.person.name if mine else f"{told.given_name} {told.family_name}" if told else "",
        "way": _way(row, mine),
        "form": HouseForm(),
    }
    return render(request, "learning/seat_by_link.html", context)


def _way(row: Training, mine: Registration | None) -> dict[str, Any]:
    if mine is not None and mine.state != State.CANCELLED:
        return views.standing(row, mine)
    try:
        to = seats.takes(queries.seats_told(row), clock.now())
    except NotNow as refusal:
        return {"says": said(refusal)}
    if to is State.WAITING:
        return {"says": _("Every seat is taken. You can wait for one."), "take": _("Yes, put me on the waiting list")}
    return {"take": _("Yes, I would like this seat")}


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
