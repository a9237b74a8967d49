"""The public pages."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from inmind.access.door import door
from inmind.foundation.registries import house


@door(public="the front page")
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "frontdoor/front.html", {"panels": house.drawn("front", request)})


@door(public="help is never hidden")
def help_now(request: HttpRequest) -> HttpResponse:
    return render(request, "frontdoor/help.html")


@door(public="a watcher asks whether the house answers; it learns nothing else")
def health(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"well": True})
