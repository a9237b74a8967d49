"""The devices that take families along: one's own, and those of an agency; and how one that is lost is cut off."""

from __future__ import annotations

from contextlib import suppress
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
from inmind.away import actions, queries
from inmind.away.models import Device
from inmind.foundation.errors import NotNow
from inmind.foundation.forms import HouseForm
from inmind.people.models import Organization

CUT_OFF, SEE = "away.cut_off", "away.see_devices"


@door(CUT_OFF)
def mine(request: Asked) -> HttpResponse:
    """The devices under one's own account."""
    return _page(request, queries.devices(request.actor.account), None)  # type: ignore[arg-type]


@door(SEE)
def of_agency(request: Asked, organization: UUID) -> HttpResponse:
    """The devices of those who work at an agency, for who answers for it."""
    there, _verdict = opened(request, SEE, Organization, organization)
    return _page(request, queries.at_organization(there.pk), there)


def _page(request: Asked, devices: Any, organization: Organization | None) -> HttpResponse:
    rows = [{"device": one, "form": HouseForm()} for one in devices[:200]]
    context = {
        "rows": rows,
        "organization": organization,
        "zone": organization.zone if organization else settings.INSTALLATION.zone,
        "hours": settings.AWAY_HOURS,
    }
    return render(request, "away/devices.html", context)


@door(CUT_OFF)
@require_POST
def cut_off(request: Asked, device: UUID) -> HttpResponse:
    there, _verdict = opened(request, CUT_OFF, Device, device, related=["account__person"])
    is_own = there.account_id == request.actor.account
    at = next((one for one in request.actor.organizations), None)
    back = reverse("away_mine") if is_own or at is None else reverse("away_of_agency", kwargs={"organization": at})
    form = HouseForm(request.POST)
    if form.is_valid():
        with suppress(NotNow):  # somebody else cut it off in between: it is
            actions.cut_off(request.actor, key=form.cleaned_data["key"], device=there)
        words = _("%(name)s is cut off. At its next contact it wipes what it holds; without one, by its own clock.")
        messages.success(request, words % {"name": there.name})
    return redirect(back)


def account_panel(request: Any) -> dict[str, Any] | None:
    """On one's own account: how many devices may hold families, and the way to them."""
    if not policy.can(request.actor, "away.send"):
        return None
    there = queries.devices(request.actor.account).filter(cut_off_at__isnull=True).count()
    says = ngettext("%(n)s device may hold families.", "%(n)s devices may hold families.", there) % {"n": there}
    return {"says": says if there else _("None yet."), "url": reverse("away_mine")}


def people_panel(request: Any, *, organization: Organization) -> dict[str, Any] | None:
    """On the people page: the way to the agency's devices, for who answers for it."""
    if not policy.can(request.actor, SEE, organization):
        return None
    return {"url": reverse("away_of_agency", kwargs={"organization": organization.pk})}
