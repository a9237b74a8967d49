"""Today: what needs this reader, in order of need. What stands on it, the rooms offer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from inmind.access.door import Asked, door
from inmind.foundation.registries import house


@door("workspace.today")
def today(request: Asked) -> HttpResponse:
    panels = house.drawn("today", request)
    is_calm = not any(panel.get("asks") for panel in panels)
    return render(request, "workspace/today.html", {"panels": panels, "is_calm": is_calm})
