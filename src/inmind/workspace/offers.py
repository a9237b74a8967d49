"""The navigation of the workspace itself."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from inmind.access import policy
from inmind.foundation.registries import NavItem, house


def offer() -> None:
    house.offer(NavItem("today", _("Today"), "today", 10, shown=lambda actor: actor.signed_in))
    if "families" in settings.INSTALLATION.rooms:
        house.offer(
            NavItem(
                "families", _("Families"), "families", 20, shown=lambda actor: bool(policy.can(actor, "families.find"))
            )
        )
    house.offer(
        NavItem("people", _("People"), "people", 60, shown=lambda actor: bool(policy.can(actor, "access.see_people")))
    )
