"""What is held about one person, to be handed to that person: as a page to print, and as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.foundation import clock, reviews
from inmind.foundation.registries import Told, house
from inmind.foundation.values import Verdict
from inmind.people.models import Person

VERB, MINE = "records.see_held", "records.see_own_held"


@door(VERB)
def held(request: Asked, person: UUID) -> HttpResponse:
    """Her own record with the agency of whoever prints it, in her language where the house has it.

    What is left out, and why, stands on the page.
    """
    there = Person.objects.filter(pk=person).first()
    verdict = policy.can(request.actor, VERB, there) if there is not None else None
    if there is None or not verdict:
        raise refused(request, VERB, about=there)
    audit.read(request.actor, VERB, verdict, about=there, subjects={("person", there.pk)})
    language = there.language if there.language in dict(settings.LANGUAGES) else get_language() or "en"
    with translation.override(language):
        context = {"told_in": language, **_told(request, there, verdict)}
    if request.GET.get("as") == "json":
        answer = JsonResponse(context, json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer.headers["Content-Disposition"] = 'attachment; filename="record.json"'
        return answer
    is_unread = not reviews.is_source(language) and reviews.of(language, "work") is None
    return render(request, "records/held.html", {**context, "is_unread": is_unread})


def _told(request: Asked, there: Person, verdict: Verdict) -> dict[str, Any]:
    sections, left_out = [], [_("What others said in confidence, and what is held about other people.")]
    for told in house.told:
        rows = None if told.own else told.rows(request.actor, there, verdict)
        if rows is None:
            left_out.append(_(told.left_out))
        elif rows:
            sections.append({"title": _(told.title), "rows": rows})
        if rows is not None and told.always:
            left_out.append(_(told.always))
    agency = next((one.organization_name for one in request.actor.standings if one.role == verdict.role), "")
    return {
        "person": there.name,
        "agency": agency,
        "printed": clock.day(clock.today(settings.INSTALLATION.zone)),
        "sections": sections,
        "left_out": list(dict.fromkeys(left_out)),
    }


@door(MINE)
def mine(request: Asked) -> HttpResponse:
    """What is held about the reader by profession: read and taken along by that person alone."""
    assert request.actor.person is not None
    there, verdict = opened(request, MINE, Person, request.actor.person)
    context = _mine(request, there, verdict)
    if request.GET.get("as") == "json":
        answer = JsonResponse(context, json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer.headers["Content-Disposition"] = 'attachment; filename="held-about-me.json"'
        return answer
    pages = [{"label": _(label), "url": reverse(name)} for one in _own() for label, name in one.pages]
    return render(request, "records/mine.html", {**context, "pages": pages})


def _own() -> list[Told]:
    """What this house tells somebody of themselves: their name and ways, and what they have by profession."""
    return sorted((one for one in house.told if one.own or one.key == "person"), key=lambda one: one.order)


def _mine(request: Asked, there: Person, verdict: Verdict) -> dict[str, Any]:
    sections, left_out = [], [_("What others said in confidence, and what is held about other people.")]
    for told in _own():
        if rows := told.rows(request.actor, there, verdict):
            sections.append({"title": _(told.title), "rows": rows})
        left_out += [_(told.always)] if told.always else []
    if len(house.told) > len(_own()):
        left_out.append(_("What an agency that serves you holds: its care team prints it for you."))
    return {
        "person": there.name,
        "printed": clock.day(clock.today(settings.INSTALLATION.zone)),
        "sections": sections,
        "left_out": left_out,
    }


def account_panel(request: Any) -> dict[str, Any] | None:
    """The way there, on one's own account."""
    actor = request.actor
    return {} if actor.person is not None and policy.can(actor, MINE) else None
