"""The navigation of the workspace itself."""

from __future__ import annotations

from django.conf import settings

from inmind.access import policy
from inmind.foundation.registries import NavItem, house
from inmind.foundation.values import N_


def offer() -> None:
    house.offer(NavItem("today", N_("Today"), "today", 10, shown=lambda actor: actor.signed_in))
    if "families" in settings.INSTALLATION.rooms:
        house.offer(
            NavItem(
                "families", N_("Families"), "families", 20, shown=lambda actor: bool(policy.can(actor, "families.find"))
            )
        )
    house.offer(
        NavItem("people", N_("People"), "people", 60, shown=lambda actor: bool(policy.can(actor, "access.see_people")))
    )
