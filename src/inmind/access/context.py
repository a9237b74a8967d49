"""What every page is given: the installation, the navigation of this reader, help at hand."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inmind.foundation import clock
from inmind.foundation.helplines import help_lines
from inmind.foundation.registries import house as offered

# In letters: what one line of a narrow page and of a desk's holds, what stands around each room's name, and the button of
# the others.
LINE, DESK, AROUND, MORE = 42, 92, 3, 8


def _in_one_line(names: list[str], line: int) -> int:
    """How many rooms stand in one line; the others are folded behind one button."""
    wide = [len(name) + AROUND for name in names]
    if sum(wide) <= line:
        return len(names)
    return next(count for count in range(len(names), -1, -1) if sum(wide[:count]) + MORE <= line)


def house(request: Any) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    nav = []
    if actor is not None and actor.signed_in and not actor.needs_second_factor:
        nav = [
            {"label": item.label, "url": url, "key": item.key, "current": request.path.startswith(url)}
            for item in offered.nav
            if item.shown(actor) and (url := reverse(item.url_name))
        ]
    names = [item["label"] for item in nav]
    labels = [str(_(name)) for name in names]
    folded = nav[_in_one_line(labels, DESK) :]
    for item in folded:
        item["folded"] = True
    agency = next((one.organization_name for one in actor.standings if one.organization_name), "") if actor else ""
    return {
        "installation": settings.INSTALLATION,
        "actor": actor,
        "nav": nav,
        "more_nav": nav[_in_one_line(labels, LINE) :],
        "folds_on_a_desk": bool(folded),
        "menu": [{"label": _("Your account"), "url": reverse("own_account")}],
        "agency_name": agency,
        "agency_beside": sum(len(one) + AROUND for one in labels) + len(agency) <= DESK,
        "help_lines": help_lines(),
        "told_at": clock.local(clock.now(), settings.INSTALLATION.zone) if clock.is_told() else "",
    }
