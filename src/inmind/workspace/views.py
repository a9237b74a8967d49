"""Today: what needs this reader, in order of need. What stands on it, the rooms offer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from inmind.access.door import Asked, door
from inmind.foundation.registries import house


def panels(request: Asked, place: str, **about: Any) -> list[dict[str, Any]]:
    """The panels of a place that have something for this reader, in their order: key, template and context."""
    drawn = ((panel, panel.context(request, **about)) for panel in house.panels[place])
    return [
        {"key": panel.key, "template": panel.template, **context} for panel, context in drawn if context is not None
    ]


@door("workspace.today")
def today(request: Asked) -> HttpResponse:
    return render(request, "workspace/today.html", {"panels": panels(request, "today")})
