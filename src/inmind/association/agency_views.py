"""Agencies that pay: places sold and given, as the coordinator keeps them; and what the agency sees by its link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.access.models import OfficeLink
from inmind.association import actions, queries
from inmind.association.actions.agencies import PURPOSE
from inmind.association.forms import PlaceForm, PlacesForm, PurchaseOrderForm
from inmind.association.keeping_views import kept
from inmind.association.models import Bundle, Level, Member
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, form_page, said
from inmind.foundation.registries import house
from inmind.money.amounts import dollars
from inmind.money.queries import standing_of

SEE = "association.see_places"
RELATED = ("association", "agency", "level")


@door(SEE)
def places(request: Asked) -> HttpResponse:
    """What agencies pay for, the newest first."""
    there = kept(request, SEE)
    rows = policy.visible(request.actor, Bundle.objects.filter(association=there), SEE)
    bundles = list(rows.select_related(*RELATED).order_by("-since", "agency__name", "pk")[:200])
    bills = standing_of(one.invoice for one in bundles if one.invoice)
    columns = [{"label": label} for label in (_("Agency"), _("Through"), _("Places"), _("Bill"))]
    lines = [_line(one, bills) for one in bundles]
    return render(request, "association/places.html", {"association": there, "columns": columns, "rows": lines})


def _line(one: Bundle, bills: Any) -> list[Any]:
    given = {"given": one.given.exclude(ended_why="changed").count(), "places": one.places}
    page, level = reverse("place", kwargs={"bundle": one.pk}), one.level.called(get_language() or "en")
    return [
        {"text": one.agency.name, "url": page, "note": level},
        clock.day(one.until - queries.A_DAY),
        _("%(given)s of %(places)s given") % given,
        _bill(one, bills)["says"],
    ]


def _bill(one: Bundle, bills: Any) -> dict[str, str]:
    """How an agency's bill stands, in words."""
    bill = bills.get(one.invoice)
    page, there = house.pages.get("money.Invoice"), queries.invoice_of(one.invoice) if one.invoice else None
    found = {"says": "", "note": "", "url": page(there) if page and there else ""}
    if bill is None:
        return found
    owed = bill.cents_billed - bill.cents_paid
    if bill.state == "settled":
        return {**found, "says": _("paid: %(amount)s") % {"amount": dollars(bill.cents_billed)}}
    if bill.state == "cancelled":
        return {**found, "says": _("cancelled")}
    words = _("%(amount)s to be paid by %(day)s") % {"amount": dollars(owed), "day": clock.day(bill.due_on)}
    note = _("%(amount)s of it is here") % {"amount": dollars(bill.cents_paid)} if bill.cents_paid else ""
    return {**found, "says": words, "note": note}


@door("association.sell_places")
def place_add(request: Asked) -> HttpResponse:
    there = kept(request, "association.sell_places")
    form = PlacesForm(Level.objects.filter(association=there).order_by("name"), request.POST or None)

    def save() -> HttpResponse:
        typed = {name: form.cleaned_data[name] for name in ("agency", "places", "mail", "asked_for", "purchase_order")}
        bundle = actions.sell_places(
            request.actor, key=form.cleaned_data["key"], association=there, level=form.chosen, **typed
        )
        messages.success(request, _("The bill is written. Now give the places."))
        return redirect("place", bundle=bundle.pk)

    return form_page(request, form, "association/place_add.html", {"association": there}, save)


@door(SEE, about=Bundle)
def place(request: Asked, bundle: UUID) -> HttpResponse:
    row, _verdict = opened(request, SEE, Bundle, bundle, related=RELATED)
    return _page(request, row, PlaceForm())


@door("association.give_place", about=Bundle)
@require_POST
def give(request: Asked, bundle: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.give_place", Bundle, bundle, related=RELATED)
    form = PlaceForm(request.POST)
    if form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("given_name", "family_name", "mail")}
        there = queries.member_at(row.association, typed["mail"], typed["given_name"], typed["family_name"])
        who: dict[str, Any] = {"member": there} if there is not None else typed
        try:
            made = actions.give_place(request.actor, key=form.cleaned_data["key"], bundle=row, **who)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("%(name)s has a place.") % {"name": made.person.name})
            return redirect("place", bundle=row.pk)
    return _page(request, row, form, status=400)


@door("association.take_back_place", about=Bundle)
@require_POST
def take_back(request: Asked, bundle: UUID, member: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.take_back_place", Bundle, bundle, related=RELATED)
    who = Member.objects.filter(pk=member, association=row.association).select_related("person").first()
    form = HouseForm(request.POST)
    if who is not None and form.is_valid():
        try:
            actions.take_back_place(request.actor, key=form.cleaned_data["key"], bundle=row, member=who)
        except NotNow as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _("The place of %(name)s is free again.") % {"name": who.person.name})
    return redirect("place", bundle=row.pk)


@door("association.write_to_agency", about=Bundle)
@require_POST
def write(request: Asked, bundle: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.write_to_agency", Bundle, bundle, related=RELATED)
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            mail = request.POST.get("mail", "")
            actions.write_to_agency(request.actor, key=form.cleaned_data["key"], bundle=row, mail=mail)
        except (BadInput, NotNow) as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _("A new link is on its way. The one before opens nothing any more."))
    return redirect("place", bundle=row.pk)


@door("association.note_purchase_order", about=Bundle)
@require_POST
def purchase_order(request: Asked, bundle: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.note_purchase_order", Bundle, bundle, related=RELATED)
    form = PurchaseOrderForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["purchase_order"]
        actions.note_purchase_order(request.actor, key=form.cleaned_data["key"], bundle=row, purchase_order=number)
        messages.success(request, _("It is saved."))
    return redirect("place", bundle=row.pk)


def _page(request: Asked, row: Bundle, form: PlaceForm, status: int = 200) -> HttpResponse:
    names, left = queries.names_paid_for(row)
    mine = queries.member_ids(row)
    given = [
        {"name": one.person.name, "member": mine.get(one.person_id), "is_over": one.ended_at is not None}
        for one in queries.places_given(row).select_related("person").order_by("created_at")
    ]
    free = row.places - len(given)
    is_over = row.ended_on is not None or clock.today(row.association.zone) >= row.until
    context = {
        "bundle": row,
        "bill": _bill(row, standing_of([row.invoice] if row.invoice else [])),
        "given": given,
        "left": left,
        "names": names,
        "free": free,
        "form": form if form.errors or (free > 0 and not is_over) else None,
        "order_form": PurchaseOrderForm(initial={"purchase_order": row.purchase_order}),
        "key_form": HouseForm(),
        "through": clock.day(row.until - queries.A_DAY),
    }
    return render(request, "association/place.html", context, status=status)


# What the agency sees


@door("association.see_dues", by_office=PURPOSE)
def dues(request: Asked) -> HttpResponse:
    """Its bill, its places and the names it pays for; nothing else of anybody."""
    row = _of(request)
    names, left = queries.names_paid_for(row)
    context = {
        "bundle": row,
        "bill": _bill(row, standing_of([row.invoice] if row.invoice else [])),
        "names": names,
        "left": left,
        "free": row.places - len(names) - left,
        "form": PurchaseOrderForm(initial={"purchase_order": row.purchase_order}),
        "through": clock.day(row.until - queries.A_DAY),
        "level": row.level.called(get_language() or "en"),
    }
    return render(request, "association/dues.html", context)


@door("association.purchase_order_by_link", by_office=PURPOSE)
@require_POST
def dues_order(request: Asked) -> HttpResponse:
    form = PurchaseOrderForm(request.POST)
    if form.is_valid():
        link: Any = request.link
        number = form.cleaned_data["purchase_order"]
        try:
            actions.purchase_order_by_link(
                request.actor, key=form.cleaned_data["key"], link=link, purchase_order=number
            )
        except BadInput as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _("Thank you. It is saved."))
    return redirect("agency_dues")


def _of(request: Asked) -> Bundle:
    link: OfficeLink = request.link
    return Bundle.objects.select_related(*RELATED).get(pk=link.about)
