"""A caregiver's link: opened, left quickly, or over, with help on each of its pages. And an office's, by letter or code."""

from __future__ import annotations

from allauth.core.internal.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from inmind.access import adult_links, audit, office_links, policy
from inmind.access.adapters import allauth
from inmind.access.door import Asked, door
from inmind.access.forms import OfficeCodeForm
from inmind.access.models import OfficeLink
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


# An office's


@door(public="opens an office's link; whoever holds its secret comes in, and reading it uses nothing up")
@never_cache
def open_office_link(request: Asked, secret: str) -> HttpResponse:
    """Lead on to what the link is for. One that is over, was ended or never was leads to one page, all three alike."""
    link = office_links.by_secret(secret)
    return redirect("office_link_over") if link is None else _into(request, link)


@door(public="opens an office's link by the code that was said aloud; attempts are counted")
@never_cache
def office_code(request: Asked) -> HttpResponse:
    """Where mail does not arrive: a code that was read out over the telephone opens the same page."""
    form = OfficeCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        near = allauth.network_of(request)
        attempt, wrong = allauth.within_limit("office_code", near), allauth.within_limit("office_codes", "house")
        if attempt is None or (wrong is None and allauth.within_limit("office_code_in_turn", near) is None):
            return respond_429(request)
        link = office_links.by_code(form.cleaned_data["code"])
        if link is not None:
            attempt.rollback()
            if wrong is not None:
                wrong.rollback()
            return _into(request, link)
        form.opens_nothing()
    return render(request, "access/office_code.html", {"form": form}, status=400 if form.errors else 200)


@door(public="says whom to call when an office's link is over")
@never_cache
def office_over(request: HttpRequest) -> HttpResponse:
    return render(request, "access/office_over.html", status=410)


def _into(request: Asked, link: OfficeLink) -> HttpResponse:
    page = house.office_pages.get(link.purpose)
    if page is None:
        return redirect("office_link_over")
    actor = office_links.actor_of(link)
    audit.read(actor, "access.open_link", policy.can(actor, "access.open_link", link), about=link)
    response = redirect(f"{reverse(page)}?link={link.pk}")
    office_links.keep_open(response, link, request)
    return response
