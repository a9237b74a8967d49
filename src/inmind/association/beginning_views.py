"""The first steps of an association, on Today of whoever keeps it: each is gone when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.association.directory import Audience
from inmind.association.models import Entry, Level, Member
from inmind.foundation import clock
from inmind.foundation.registries import FirstStep, house
from inmind.messages.adapters import mail
from inmind.people.models import Organization

SEE = "association.see_members"
BEGINS = timedelta(days=90)  # ours: so long an association is new here


def begins(there: Organization) -> bool:
    """Whether an association is new here, so that its first steps are shown."""
    return there.created_at > clock.now() - BEGINS


def steps(actor: Actor, there: Organization) -> Iterator[FirstStep]:
    if there.kind != Organization.Kind.ASSOCIATION or not policy.can(actor, SEE, there):
        return
    at = f"?association={there.pk}"
    if not Level.objects.filter(association=there).exists():
        says = _("What membership costs and how long it lasts. Everything else of members stands on that.")
        yield FirstStep(10, _("Add a level of membership"), says, reverse("level_add") + at)
    if not mail.leaves():
        says = _(
            "Letters lie in a folder of the machine and reach nobody: invitations, bills, reminders. Whoever runs the "
            "machine sets a mail server up; “Set up mail and texts” in the guides says how."
        )
        yield FirstStep(20, _("Let letters leave"), says)
    if not Member.objects.filter(association=there).exists():
        says = _("A file from the product you had until now; or let people join at your public page, or add them.")
        yield FirstStep(30, _("Move your members in"), says, reverse("moving") + at)
    if not Entry.objects.filter(member__association=there).exclude(audience=Audience.NOBODY).exists():
        says = _("Nobody stands in it until they say so on the page of their own membership. You may be the first.")
        yield FirstStep(50, _("Tell members of the directory"), says, reverse("membership"))


def today(request: Any) -> dict[str, Any] | None:
    """What is left of them, in order."""
    actor = request.actor
    if not policy.can(actor, SEE):
        return None
    places = policy.visible(actor, Organization.objects.filter(kind="association").order_by("name"), SEE)
    rows = []
    for there in places:
        left = [one for told in house.first_steps for one in told(actor, there)] if begins(there) else []
        if left:
            rows.append((there, sorted(left, key=lambda one: one.order)))
    return {"rows": rows, "asks": True} if rows else None
