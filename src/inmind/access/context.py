"""What every page is given: the installation, the navigation of this reader, help at hand."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inmind.foundation import clock
from inmind.foundation.helplines import help_lines
from inmind.foundation.registries import house as offered

# In letters: what one line of a narrow page holds, what stands around each room's name, and the button of the others.
LINE, AROUND, MORE = 42, 3, 8


def _in_one_line(names: list[str]) -> int:
    """How many rooms stand in one line of a narrow page; the others are folded behind one button."""
    wide = [len(name) + AROUND for name in names]
    if sum(wide) <= LINE:
        return len(names)
    return next(count for count in range(len(names), -1, -1) if sum(wide[:count]) + MORE <= LINE)


def house(request: Any) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    nav = []
    if actor is not None and actor.signed_in and not actor.needs_second_factor:
        nav = [
            {
                "label": item.label,
                "url": reverse(item.url_name),
                "key": item.key,
                "current": request.path.startswith(reverse(item.url_name)),
            }
            for item in offered.nav
            if item.shown(actor)
        ]
    labels = [item["label"] for item in nav]
    return {
        "installation": settings.INSTALLATION,
        "actor": actor,
        "nav": nav,
        "more_nav": nav[_in_one_line([_(label) for label in labels]) :],
        "menu": [{"label": _("Your account"), "url": reverse("own_account")}],
        "agency_name": next(
            (standing.organization_name for standing in actor.standings if standing.organization_name), ""
        )
        if actor
        else "",
        "help_lines": help_lines(),
        "told_at": clock.local(clock.now(), settings.INSTALLATION.zone) if clock.is_told() else "",
    }
