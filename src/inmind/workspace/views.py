"""Today: what needs this reader, in order of need. What stands on it, the rooms offer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from inmind.access.door import Asked, door
from inmind.foundation.registries import house


@door("workspace.today")
def today(request: Asked) -> HttpResponse:
    return render(request, "workspace/today.html", {"panels": house.drawn("today", request)})
