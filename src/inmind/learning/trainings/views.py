"""What everybody reads: the trainings that are ahead, one of them, and calendars; and asking for a seat without an account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.actors import VISITOR
from inmind.access.adapters import allauth
from inmind.access.door import Asked, door
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm
from inmind.learning.trainings import guest_actions, queries, seats, words
from inmind.learning.trainings.adapters import ical
from inmind.learning.trainings.adapters.catalog import domains
from inmind.learning.trainings.forms import AskForm
from inmind.learning.trainings.models import FeedKey, Meeting, Registration, Training
from inmind.learning.trainings.seats import State
from inmind.learning.trainings.self_actions import hash_of
from inmind.money.amounts import dollars
from inmind.money.ledger import State as InvoiceState
from inmind.people.models import Organization

ON_A_PAGE = 25
CALENDAR = "text/calendar; charset=utf-8"
MOST_EVENTS = 2000  # ours: a calendar of more is not read by any phone


def frame_of(request: HttpRequest) -> str:
    """The page that a public page stands in: with the rooms for whoever is signed in."""
    signed_in = getattr(request, "actor", VISITOR).signed_in
    return "foundation/frame.html" if signed_in else "foundation/base.html"


@door(public="anybody sees what there is to learn")
def trainings(request: HttpRequest) -> HttpResponse:
    """What is ahead, the soonest first."""
    rows = queries.counted(queries.listed(clock.now())).select_related("association", "series")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    actor = getattr(request, "actor", VISITOR)
    context = {
        "frame": frame_of(request),
        "page": page,
        "rows": [shown(row) for row in page],
        "may_keep": bool(policy.can(actor, "learning.keep")),
        "feed": f"{settings.SITE}{reverse('trainings_calendar')}",
    }
    return render(request, "learning/trainings.html", context)


def shown(row: Training) -> dict[str, Any]:
    """One training of a list; `row` came from `queries.counted`."""
    return {
        "title": words.title(row),
        "series": row.series.title if row.series else "",
        "when": words.when_words(row),
        "place": row.place,
        "by": row.association.name,
        "length": words.length(row.minutes),
        "price": words.price_words(row),
        "seats": words.seats_words(queries.seats_told(row), row),
        "url": reverse("training", kwargs={"training": row.pk}),
    }


@door(public="anybody reads about a training that is listed")
def training(request: Asked, training: UUID) -> HttpResponse:
    """One training: when, where, what it counts for, what it costs, whether there is a seat; and how the reader stands to it."""
    row, mine = listed_for(request, training)
    there = queries.seats_told(row)
    is_over = row.ends_at is not None and row.ends_at <= clock.now()
    names = domains()
    context = {
        "frame": frame_of(request),
        "training": row,
        "title": words.title(row),
        "summary": row.said("summary", words.language()),
        "when": words.when_words(row),
        "length": words.length(row.minutes),
        "price": words.price_words(row),
        "own_price": _own_price(request, row, mine) if not is_over else "",
        "bill": bill_of(mine),
        "seats": words.seats_words(there, row),
        "meetings": [(clock.day(one.on), words.meeting_words(one)) for one in row.meetings.all()],
        "counts": [
            (names[one.domain].said(words.language()), words.length(one.minutes))
            for one in row.domains.all()
            if one.domain in names
        ],
        "about": _about(row),
        "credits": [
            (one.licence_kind, words.length(one.hours_hundredths * 60 // 100), one.approval)
            for one in row.credits.all()
        ],
        "others": _of_its_series(row),
        "way": _way(request, row, there, mine) if not is_over else {},
        "mine": mine,
        "form": HouseForm(),
        "may_keep": bool(policy.can(request.actor, "learning.keep", row)),
    }
    return render(request, "learning/training.html", context)


def _own_price(request: Asked, row: Training, mine: Registration | None) -> str:
    """The reader's own price while a seat can be theirs; a visitor may be anybody."""
    holds = mine is not None and mine.state == State.REGISTERED
    if holds or not policy.can(request.actor, "learning.take_seat"):
        return ""
    return words.own_price(row, request.actor.person)


def bill_of(mine: Registration | None) -> dict[str, Any] | None:
    """What the seat costs whoever has it, and what is still owed of it; None where nothing was asked for."""
    invoice = guest_actions.invoice_of(mine)
    if invoice is None or invoice.state == InvoiceState.CANCELLED:
        return None
    owed = invoice.cents_owed
    return {
        "number": invoice.label,
        "billed": dollars(invoice.cents_billed),
        "owed": dollars(owed) if owed else "",
        "due": clock.day(invoice.due_on),
        "id": invoice.pk,
    }


def listed_for(request: Asked, training: UUID) -> tuple[Training, Registration | None]:
    """A training that this reader may know: it is listed, it is theirs to keep, or they have, or had, to do with it."""
    row = queries.counted(Training.objects.filter(pk=training)).select_related("association", "series").first()
    if row is None:
        raise Http404
    mine = None
    if request.actor.person is not None:
        of_reader = Registration.objects.filter(training=row, person=request.actor.person)
        mine = policy.visible(request.actor, of_reader, "learning.see_seat").first()
    if not (row.is_public or mine or policy.can(request.actor, "learning.keep", row)):
        raise Http404
    return row, mine


def _of_its_series(row: Training) -> list[tuple[str, str, str]]:
    """What else of its series is ahead: title, when, address."""
    if row.series_id is None:
        return []
    others = queries.listed(clock.now()).filter(series=row.series_id).exclude(pk=row.pk)[:12]
    return [(words.title(one), words.when_words(one), reverse("training", args=(one.pk,))) for one in others]


def _about(row: Training) -> list[tuple[str, str]]:
    named = (
        (_("About giving reflective supervision"), row.giving_rsc_minutes),
        (_("About equity"), row.equity_minutes),
    )
    return [(name, words.length(minutes)) for name, minutes in named if minutes]


def _way(request: Asked, row: Training, there: seats.Seats, mine: Registration | None) -> dict[str, Any]:
    """How the reader stands to a training, and what they can do."""
    if mine is not None and mine.state != State.CANCELLED:
        return standing(row, mine)
    try:
        to = seats.takes(there, clock.now())
    except NotNow:
        return {}
    seated = to is State.REGISTERED
    if policy.can(request.actor, "learning.take_seat"):
        return {"take": words.take_words(row, request.actor.person) if seated else _("Wait for a seat")}
    button = _("Take a seat") if seated else _("Wait for a seat")
    return {"ask": reverse("training_ask", kwargs={"training": row.pk}), "button": button}


def standing(row: Training, mine: Registration) -> dict[str, Any]:
    """How somebody stands to a training, in words, and what can be done with it."""
    way: dict[str, Any] = {"give_up": _("Give up my seat")}
    if mine.state == State.OFFERED and mine.offered_until is not None:
        until = clock.local(mine.offered_until, row.zone)
        way |= {
            "says": _("A seat is kept for you until %(until)s.") % {"until": until},
            "take": words.take_words(row, mine.person_id, is_offered=True),
        }
        way["give_up"] = _("Let somebody else have it")
    elif mine.state == State.WAITING:
        number = {"number": queries.place_in_line(mine)}
        way |= {
            "says": _("You are number %(number)s on the waiting list. We write to you when a seat is free.") % number
        }
        way["give_up"] = _("Wait no more")
    else:
        way |= {"says": _("You have a seat."), "link": row.link}
        if mine.pay_by is not None:
            way["note"] = _("It is kept for you until it is paid, by %(day)s.") % {"day": clock.day(mine.pay_by)}
    return way


@door(public="somebody without an account asks for a seat")
def ask(request: Asked, training: UUID) -> HttpResponse:
    """Name and mail; then a letter, whose link says yes."""
    row, _mine = listed_for(request, training)
    if request.actor.signed_in and policy.can(request.actor, "learning.take_seat"):
        return redirect("training", training=row.pk)
    form = AskForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            if allauth.within_limit("ask_seat", form.cleaned_data["mail"].casefold()) is None:
                form.add_error(None, _("Many have asked from here just now. Please come back in an hour."))
                status = 429
            elif _asked(form, row):
                messages.success(
                    request, _("We wrote to you. Open the link in that letter and say yes: then the seat is yours.")
                )
                return redirect("training", training=row.pk)
    context = {
        "frame": frame_of(request),
        "form": form,
        "training": row,
        "title": words.title(row),
        "when": words.when_words(row),
        "price": words.price_words(row),
        "seats": words.seats_words(queries.seats_told(row), row),
    }
    return render(request, "learning/ask.html", context, status=status)


def _asked(form: AskForm, row: Training) -> bool:
    try:
        guest_actions.ask_seat(
            VISITOR, key=form.cleaned_data["key"], training=row, told=form.told(), language=words.language()
        )
    except (BadInput, NotNow) as refusal:
        form.take(refusal)
        return False
    return True


# Calendars


@door(public="anybody takes what there is to learn into a calendar")
def calendar(request: HttpRequest) -> HttpResponse:
    """Every meeting of what is listed."""
    rows = Meeting.objects.filter(training__in=queries.listed(clock.now())).select_related("training")
    return _feed(rows.order_by("starts_at")[:MOST_EVENTS], _("Trainings"))


@door(public="anybody takes a listed training into a calendar")
def training_calendar(request: Asked, training: UUID) -> HttpResponse:
    row, _mine = listed_for(request, training)
    return _feed(row.meetings.select_related("training"), words.title(row))


@door(public="a calendar brings the secret of its own address, which its owner can make anew at any time")
def own_calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """The meetings of one's own seats, for a calendar that cannot sign in. It names nobody, and holds no address of an online
    meeting: whoever found the address learns where somebody learns, and nothing else."""
    key = FeedKey.objects.filter(secret_hash=hash_of(secret), person__erased_at=None).first()
    if key is None:
        raise Http404
    mine = Registration.objects.filter(person=key.person_id, state=State.REGISTERED)
    rows = Meeting.objects.filter(training__in=mine.values("training")).select_related("training")
    response = _feed(rows.order_by("-starts_at")[:MOST_EVENTS], _("My trainings"))
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response


def _feed(rows: Iterable[Meeting], name: str) -> HttpResponse:
    host = urlsplit(settings.SITE).hostname or "inmind"
    made = ical.calendar(name, [_event(row) for row in rows], host=host)
    return HttpResponse(made, content_type=CALENDAR)


def _event(row: Meeting) -> ical.Shown:
    of = row.training
    address = f"{settings.SITE}{reverse('training', kwargs={'training': of.pk})}"
    return ical.Shown(
        meeting=row.pk,
        title=words.title(of),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.zone,
        place=of.place,
        words=of.said("summary", words.language()),
        address=address,
        changes=of.version + row.version - 2,
        changed_at=of.created_at,
        is_called_off=of.called_off_at is not None,
    )


def kept_here(request: Asked, verb: str) -> list[Organization]:
    """The associations for which this actor keeps trainings."""
    return list(policy.visible(request.actor, Organization.objects.order_by("name"), verb))


def front_panel(request: Any) -> dict[str, Any] | None:
    """On the first page: what there is to learn next, where anything is."""
    rows = list(queries.listed(clock.now())[:3])
    if not rows:
        return None
    return {"rows": [(words.title(one), words.when_words(one), reverse("training", args=(one.pk,))) for one in rows]}
