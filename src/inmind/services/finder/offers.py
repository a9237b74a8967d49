"""What the public finder offers: the way to it from the first page, and what was asked to those who call."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from inmind.access import policy
from inmind.foundation import clock
from inmind.foundation.registries import Panel, Reach, house
from inmind.services.adapters.catalog import wondered
from inmind.services.finder import actions as finder_actions
from inmind.services.finder.models import SelfReferral


def offer() -> None:
    house.files.append(wondered)
    house.offer(
        Reach("services.SelfReferral", "people.Organization", prefix="organization"),
        Panel("front", "finder", 10, "services/finder_front.html", lambda request: {}),
        Panel("today", "asked", 28, "services/asked_today.html", waiting),
    )
    house.reseals.append(finder_actions.reseal_all)
    house.handles(finder_actions.EACH_DAY, finder_actions.each_day)
    house.every(86_400, finder_actions.EACH_DAY, finder_actions.EACH_DAY)


def waiting(request: Any) -> dict[str, Any] | None:
    """The families that asked the reader's agency to call, the longest waiting first; without a name."""
    if not policy.can(request.actor, finder_actions.ANSWER):
        return None
    rows = policy.visible(request.actor, SelfReferral.objects.filter(closed_at__isnull=True), finder_actions.ANSWER)
    found = [
        {
            "listing": one.listing.name,
            "day": clock.day(one.due_on),
            "asked": clock.local(one.created_at, one.organization.zone),
            "late": one.due_on < clock.today(one.organization.zone),
            "url": reverse("asked_call", kwargs={"asked": one.pk}),
        }
        for one in rows.select_related("listing", "organization").order_by("due_on", "created_at")[:20]
    ]
    return {"rows": found, "asks": True} if found else None
