"""A caregiver's link: opened, left quickly, or over. Help stands on each of its pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from inmind.access import adult_links, audit, policy
from inmind.access.door import door
from inmind.access.subscribers import say_at_first
from inmind.foundation.registries import house

ELSEWHERE = "https://www.weather.gov/"  # an ordinary page, for who leaves quickly


@door(public="opens a caregiver's link; whoever holds its secret comes in, and reading it uses nothing up")
@never_cache
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Lead on to what the link is for. One that is over, was ended or never was leads to help, all three alike."""
    link = adult_links.by_secret(secret)
    if link is None or link.purpose not in house.link_pages:
        return redirect("link_over")
    actor = adult_links.actor_of(link)
    if request.method == "GET":
        audit.read(actor, "access.open_link", policy.can(actor, "access.open_link", link), about=link)
    response = redirect(house.link_pages[link.purpose])
    adult_links.keep_open(response, link, request)
    say_at_first(request, response, link.person.language)
    return response


@door(public="help is never hidden by a link that is over")
@never_cache
def over(request: HttpRequest) -> HttpResponse:
    return render(request, "foundation/link_over.html", status=410)


@door(public="leaving is never asked for a reason")
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the link in this browser and show an ordinary page."""
    response = redirect(ELSEWHERE)
    adult_links.leave(response)
    return response
