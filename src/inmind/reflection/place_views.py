"""Finding somebody who holds others, asking for a place, and letting oneself be found."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import HouseForm, fresh_key, said
from inmind.foundation.registries import house
from inmind.reflection import actions, place_queries, queries
from inmind.reflection.finding import Format, Meets, Offer, Wish, fits
from inmind.reflection.forms import (
    DEGREES,
    FORMATS,
    HELD_NAMES,
    MEETS,
    AnswerPlaceForm,
    FindForm,
    OfferForm,
    ShowForm,
    cents_of,
    heard,
    said_holds,
    said_languages,
    said_minutes,
    said_price,
    said_zone,
)
from inmind.reflection.models import Agreement, Asking, Offering
from inmind.reflection.views import known_associations, me_of

FIND = "reflection.find"


@door(FIND)
def find(request: Asked) -> HttpResponse:
    """Providers who let themselves be found, by what somebody looks for."""
    me = me_of(request)
    form = FindForm(request.GET)
    wish = form.wish()
    rows = policy.visible(request.actor, place_queries.offered(clock.today(settings.INSTALLATION.zone)), FIND)
    shown = list(rows.select_related("provider", "agreement", "association").order_by("-said_on", "-pk"))
    today = {one.zone: clock.today(one.zone) for one in shown}
    holds = house.endorsed({one.provider_id for one in shown}, min(today.values())) if shown else {}
    waits = set(Asking.objects.filter(person=me, answered_on__isnull=True).values_list("offering", flat=True))
    found = [one for one in shown if fits(_offer(one, holds.get(one.provider_id)), wish)]
    context = {
        "form": form,
        "is_sought": bool(request.GET),
        "has_wishes": wish != Wish(),
        "count": len(found),
        "rows": [_line(one, holds.get(one.provider_id), me, waits) for one in found],
        "mine": Offering.objects.filter(provider=me).exists(),
    }
    return render(request, "reflection/find.html", context)


def _offer(row: Offering, holds: frozenset[str] | None) -> Offer:
    languages = frozenset(row.languages.split())
    free = queries.free_places(row)
    return Offer(Format(row.format), Meets(row.meets), languages, row.zone, row.cents, free, holds)


def _line(row: Offering, holds: frozenset[str] | None, me: UUID, waits: set[UUID]) -> dict[str, Any]:
    """What is offered, as a card: a degree that an association has on file is not for everybody who looks."""
    free = queries.free_places(row)
    if free is None:
        places = _("ask whether there is a place")
    elif free:
        places = ngettext("%(count)s open place", "%(count)s open places", free) % {"count": free}
    else:
        places = _("no open place now")
    return {
        "row": row,
        "name": row.provider.name,
        "facts": [
            {
                "term": _("Endorsement"),
                "value": said_holds(holds if holds is None else holds - DEGREES),
                "note": "; ".join(HELD_NAMES[one] for one in sorted(holds or ()) if one in HELD_NAMES),
            },
            {"term": _("How"), "value": _(FORMATS[row.format]), "note": _(MEETS[row.meets])},
            {"term": _("Places"), "value": places, "note": _("said on %(day)s") % {"day": clock.day(row.said_on)}},
            {"term": _("As a rule"), "value": said_minutes(row.minutes)},
            {"term": _("Price for one person and session"), "value": said_price(row.cents)},
            {"term": _("Languages"), "value": said_languages(row.languages)},
            {"term": _("Time zone"), "value": said_zone(row.zone)},
        ],
        "is_mine": row.provider_id == me,
        "is_asked": row.pk in waits,
        "may_ask": row.provider_id != me and row.pk not in waits and free != 0,
        "form": HouseForm(initial={"key": fresh_key()}),
    }


@door("reflection.ask_place")
@require_POST
def ask(request: Asked, offering: UUID) -> HttpResponse:
    """Ask for a place: the provider gets a letter and answers."""
    row, _verdict = opened(request, "reflection.ask_place", Offering, offering, related=("provider", "agreement"))
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            actions.ask_place(request.actor, key=form.cleaned_data["key"], offering=row)
        except NotNow as refusal:
            messages.warning(request, said(heard(refusal)))
        else:
            messages.success(
                request, _("%(name)s is asked. You get a letter with the answer.") % {"name": row.provider.name}
            )
    return redirect("reflection_find")


@door("reflection.answer_place")
def answer(request: Asked, asking: UUID) -> HttpResponse:
    """Whoever was asked for a place says yes, with the day from which on, or no."""
    row, _verdict = opened(
        request, "reflection.answer_place", Asking, asking, related=("person", "offering", "offering__agreement")
    )
    today = clock.today(row.offering.zone)
    first = {"key": fresh_key(), "version": row.version, "since": today}
    form = AnswerPlaceForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        yes = "no" not in request.POST
        typed = form.cleaned_data
        since: date | None = typed["since"] if yes else None
        try:
            actions.answer_place(request.actor, key=typed["key"], asking=row, yes=yes, since=since)
        except (BadInput, NotNow) as refusal:
            form.take(heard(refusal))
        else:
            messages.success(
                request, _("They get a letter, and say yes to the agreement.") if yes else _("They get a letter.")
            )
            return redirect("reflection")
    context = {"row": row, "form": form, "how": _(FORMATS[row.offering.format])}
    return render(request, "reflection/answer_place.html", context, status=400 if form.errors else 200)


@door("reflection.offer")
def offer(request: Asked) -> HttpResponse:
    """Let oneself be found. It is chosen by the provider alone, and taken back at any time."""
    me = me_of(request)
    there = known_associations(request)
    if not there:
        messages.warning(
            request, _("No association is kept in this house yet. Its coordinator or administrator adds it.")
        )
        return redirect("reflection")
    groups = {
        str(one.pk): _("since %(day)s") % {"day": clock.day(one.since)}
        for one in queries.agreements_of(me)
        if one.provider_id == me and one.format == Format.GROUP and one.until is None
    }
    first = next(iter(there.values()))
    initial = {
        "key": fresh_key(),
        "zone": first.zone,
        "association": str(first.pk),
        "languages": ["en"],
        "format": "group" if groups else "individual",
    }
    form = OfferForm(groups, request.POST or None, initial=initial, associations=there)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        group = Agreement.objects.get(pk=typed["agreement"]) if typed.get("agreement") else None
        try:
            actions.offer(
                request.actor,
                key=typed["key"],
                association=there[typed["association"]],
                format=Format(typed["format"]),
                meets=Meets(typed["meets"]),
                zone=typed["zone"],
                languages=frozenset(typed["languages"]),
                cents=cents_of(typed["price"]),
                free=typed["free"],
                minutes=typed["minutes"],
                agreement=group if typed["format"] == Format.GROUP else None,
            )
        except (BadInput, NotNow) as refusal:
            form.take(heard(refusal))
        else:
            messages.success(request, _("You can be found now."))
            return redirect("reflection_offer")
    mine = Offering.objects.filter(provider=me).select_related("provider", "agreement").order_by("-said_on", "-pk")
    holds = house.endorsed([me], clock.today(first.zone)).get(me) if mine else None
    context = {
        "form": form,
        "mine": [_line(one, holds, me, set()) | {"show": _show_form(one)} for one in mine],
    }
    return render(request, "reflection/offer.html", context, status=400 if form.errors else 200)


def _show_form(row: Offering) -> ShowForm:
    return ShowForm(
        initial={"key": fresh_key(), "version": row.version, "free": row.free}, auto_id=f"id_{row.pk.hex[-8:]}_%s"
    )


@door("reflection.show_offering")
@require_POST
def show(request: Asked, offering: UUID) -> HttpResponse:
    """Say anew whether one can be found, and how many places are open."""
    row, _verdict = opened(request, "reflection.show_offering", Offering, offering)
    form = ShowForm(request.POST)
    shown = request.POST.get("shown") == "yes"
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.show_offering(
                request.actor, key=typed["key"], version=typed["version"], offering=row, shown=shown, free=typed["free"]
            )
        except Stale:
            messages.warning(request, _("This was changed meanwhile. Look at it again."))
        else:
            messages.success(request, _("It is saved.") if shown else _("You are not shown any more."))
    else:
        messages.warning(request, " ".join(str(one) for some in form.errors.values() for one in some))
    return redirect(reverse("reflection_offer"))
