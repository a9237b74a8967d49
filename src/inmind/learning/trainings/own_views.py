"""What is one's own: one's seats, what one says of oneself, one's calendar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.door import Asked, door
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, form_page, said
from inmind.foundation.values import N_
from inmind.learning.certificates import papers
from inmind.learning.certificates.models import Certificate
from inmind.learning.trainings import queries, self_actions, self_said, words
from inmind.learning.trainings import seat_actions as seats
from inmind.learning.trainings.forms import OfSelfForm
from inmind.learning.trainings.models import FeedKey, Registration, SaidOfSelf, Training
from inmind.learning.trainings.seats import State
from inmind.learning.trainings.views import listed_for

SEE = "learning.see_seat"
MOST_CERTIFICATES = 5  # the newest; the transcript has every one
DONE = {
    State.REGISTERED: N_("You have a seat."),
    State.WAITING: N_("You are on the waiting list. We write to you when a seat is free."),
    State.CANCELLED: N_("Your seat is given up."),
}


@door("learning.own")
def own(request: Asked) -> HttpResponse:
    """Where one has a seat or waits for one; one's calendar; what one said of oneself."""
    context = {
        "rows": [_line(row) for row in mine(request.actor)],
        "certificates": _certificates(request.actor),
        "form": HouseForm(),
        "has_calendar": FeedKey.objects.filter(person=request.actor.person).exists(),
        "may_keep": bool(policy.can(request.actor, "learning.keep")),
    }
    return render(request, "learning/own.html", context)


def mine(actor: Any) -> list[Registration]:
    """The reader's own seats at what is not over; by the path of what is their own, whatever else they keep."""
    of_reader = Registration.objects.filter(person=actor.person)
    return queries.own_seats(policy.visible(actor, of_reader, SEE), clock.now())


def _certificates(actor: Any) -> list[dict[str, str]]:
    """One's newest certificates that stand."""
    rows = Certificate.objects.filter(person=actor.person, replaced_at__isnull=True)
    held = policy.visible(actor, rows, "learning.see_certificate").order_by("-on", "-created_at")[:MOST_CERTIFICATES]
    return [
        {"title": papers.title_of(one), "day": papers.days_of(one), "url": reverse("certificate", args=[one.pk])}
        for one in held
    ]


def is_over(of: Training) -> bool:
    return of.ends_at is not None and of.ends_at <= clock.now()


def _line(row: Registration) -> dict[str, str]:
    of = row.training
    says = {
        State.REGISTERED: _("You have a seat."),
        State.WAITING: "",
        State.OFFERED: _("A seat is kept for you. Open it and take it."),
    }[State(row.state)]
    if row.state == State.WAITING:
        says = _("You are number %(number)s on the waiting list.") % {"number": queries.place_in_line(row)}
    if is_over(of):
        says = _("This training is over.")
    if of.called_off_at is not None:
        says = _("It will not take place.")
    return {
        "title": words.title(of),
        "reason": f"{words.when_words(of)} · {says}",
        "url": reverse("training", kwargs={"training": of.pk}),
    }


@door("learning.take_seat")
@require_POST
def take(request: Asked, training: UUID) -> HttpResponse:
    return _moved(request, training, seats.take_seat)


@door("learning.give_up_seat")
@require_POST
def give_up(request: Asked, training: UUID) -> HttpResponse:
    return _moved(request, training, seats.give_up_seat)


def _moved(request: Asked, training: UUID, move: Callable[..., Registration]) -> HttpResponse:
    row, _mine = listed_for(request, training)
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            answer = move(request.actor, key=form.cleaned_data["key"], training=row)
        except (BadInput, NotNow) as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _(DONE[State(answer.state)]))
    return redirect("training", training=row.pk)


@door("learning.say_of_self")
def say_of_self(request: Asked) -> HttpResponse:
    """Race and ethnicity, and languages: optional, with the reason."""
    stood = SaidOfSelf.objects.filter(person=request.actor.person).first()
    first = {"races": stood.races.split(), "languages": stood.languages.split()} if stood else {}
    form = OfSelfForm(request.POST or None, initial=first)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        self_actions.say_of_self(
            request.actor, key=typed["key"], races=tuple(typed["races"]), languages=tuple(typed["languages"])
        )
        messages.success(request, _("It is saved."))
        return redirect("learning")

    return form_page(request, form, "learning/of_self.html", {"why": _(self_said.WHY_ASKED)}, save)


@door("learning.feed")
@require_POST
def make_calendar(request: Asked) -> HttpResponse:
    """An address for one's own calendar, shown once."""
    secret = self_actions.make_feed(request.actor)
    address = f"{settings.SITE}{reverse('own_calendar', kwargs={'secret': secret})}"
    return render(request, "learning/calendar_made.html", {"address": address})


def next_one(request: Any) -> dict[str, Any] | None:
    """On Today: the reader's next training; what was offered asks for an answer."""
    if not policy.can(request.actor, "learning.own"):
        return None
    rows = [row for row in mine(request.actor) if not is_over(row.training)]
    if not rows:
        return None
    offered = [row for row in rows if row.state == State.OFFERED]
    seated = [row for row in rows if row.state == State.REGISTERED]
    first = (offered or seated or rows)[0]
    return {**_line(first), "is_offered": bool(offered), "asks": bool(offered)}
