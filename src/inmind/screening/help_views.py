"""Help first: who knows, by when somebody reads it, said truthfully; and whether somebody likes to be called back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timesince import timeuntil
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmind.access.door import Asked, door, opened
from inmind.families import queries as families
from inmind.families import rota
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import fresh_key
from inmind.people.models import Organization, Person
from inmind.screening import actions, queries, sittings
from inmind.screening.check_in_models import CheckIn
from inmind.screening.forms import CallBackForm
from inmind.screening.models import Screen
from inmind.tasks import queries as tasks
from inmind.tasks.models import Task

RELATED = ("subject", "episode__organization", "episode__dyad")
ONCE, SALT, A_WHILE = "inmind_once", "inmind.screening.visit_views", 600  # seconds, for a network that comes and goes


@door("screening.answer")
def help_now(request: Asked, screen: UUID) -> HttpResponse:
    """Help first. Who knows, by when somebody reads it, said truthfully; and whether she likes to be called back."""
    there, _verdict = opened(request, "screening.answer", Screen, screen, related=RELATED)
    return _help_page(request, there)


@door("screening.ask_call_back")
def call_back(request: Asked, screen: UUID) -> HttpResponse:
    """What the caregiver chose about being called back, written down with her on the help page; which is shown to whoever
    comes here otherwise."""
    if request.method != "POST":
        return redirect("screen_help", screen=screen)
    there, _verdict = opened(request, "screening.ask_call_back", Screen, screen, related=RELATED)
    form = CallBackForm(request.POST)
    if form.is_valid():
        said_so = form.cleaned_data
        try:
            actions.ask_call_back(
                request.actor,
                key=said_so["key"],
                screen=there,
                wanted=said_so["wanted"] == CallBackForm.YES,
                number=said_so["number"],
                when=said_so["when"],
                may_leave_message=said_so["may_leave_message"],
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Written down. Whoever answers reads it first."))
            return redirect("screen_help", screen=there.pk)
    return _help_page(request, there, form, status=400)


def _help_page(request: Asked, screen: Screen, form: CallBackForm | None = None, status: int = 200) -> HttpResponse:
    task = queries.crisis_task(screen)
    is_open = task is not None and task.closed_at is None
    context = {
        "screen": screen,
        **help_context(screen),
        "call_back_form": form or (CallBackForm(initial={"key": fresh_key()}) if is_open else None),
        "chosen": chosen(task) if task and is_open else "",
        "sitting": sittings.sitting_of(request, screen),
    }
    return render(request, "screening/help.html", context, status=status)


def chosen(task: Task) -> str:
    """What was chosen, without the number: somebody else may look at this page later."""
    if task.calls_back is None:
        return ""
    return _("Written down: please call.") if task.calls_back else _("Written down: please do not call.")


def help_context(screen: Screen | CheckIn) -> dict[str, Any]:
    """What parts/help_now.html says about a screen's crisis."""
    task = queries.crisis_task(screen)
    organization = screen.episode.organization
    is_open = task is not None and task.closed_at is None
    now = families.reading(organization, task.subject.language) if task and is_open else None
    there = tasks.with_whom([task])[task.pk] if task and is_open else []
    here = (get_language() or "en")[:2]
    words, language = organization.crisis_words(here)
    return {
        "agency": organization.name,
        "agency_text": words,
        "agency_text_language": language if language != here else "",
        "agency_when": _agency_when(now, organization) if now else "",
        "on_call_name": "",
        "reads": _who_reads(task, now, there) if task and now else "",
        "read_when": _read_when(task, now, there) if task else "",
        "with_worker": True,
    }


def who_reads_now(organization: Organization, language: str) -> str:
    """Who would read an answer at this moment, said before anybody is asked."""
    return _said(families.reading(organization, language), organization)


def _who_reads(task: Task, now: rota.Reading, there: list[Person]) -> str:
    """The truth about an open answer at this moment: its owner reads it now, but only where he is on call at this hour.

    there: its owner and who is asked beside her, as far as they still work here; nobody else is named.
    """
    if now.state is rota.State.ON_CALL:
        theirs = next((one for one in there if one.pk in now.asked), None)
        if theirs is None:
            words = _("Whoever was told works here no more. %(other)s is on call at this hour.")
            if there:
                words = _("%(name)s is told. %(other)s is on call at this hour and is told when nobody answers.")
            other = Person.objects.get(pk=now.asked[0])
            return words % {"name": there[0].name if there else "", "other": other.name}
        return _(now.sentence) % {"name": theirs.name}
    return _said(now, task.organization)


def _said(now: rota.Reading, organization: Organization) -> str:
    unnamed = now.state in (rota.State.UNNAMED, rota.State.NEVER)
    if unnamed and not families.holding_role(organization, "agency_supervisor").exists():
        return _(
            "Nobody is on call here at this hour, and there is no supervisor. We do not know when somebody reads this. "
            "Call or text 988 now."
        )
    return _(now.sentence) % {
        "name": Person.objects.get(pk=now.asked[0]).name if now.asked else "",
        "moment": _with_distance(families.when(now.next_at, organization.zone), now.next_at) if now.next_at else "",
    }


def _agency_when(now: rota.Reading, organization: Organization) -> str:
    """From when on the agency's own words hold: they are written once, and somebody is there at its hours."""
    if now.state is rota.State.ON_CALL:
        return ""
    if now.next_at is None:
        return _("These words hold once somebody here reads it. We do not know when that is.")
    words = _("These words hold from %(moment)s, when somebody here reads it.")
    return words % {"moment": families.when(now.next_at, organization.zone)}


def _read_when(task: Task, now: rota.Reading | None, there: list[Person]) -> str:
    """What happens by when while nobody has answered; outside of the hours letters go out, and nobody has to read them."""
    zone = task.organization.zone
    if task.closed_at is not None and task.closed_by is not None:
        answered = _("%(name)s answered %(moment)s and wrote down what was done.")
        return answered % {"name": task.closed_by.name, "moment": clock.local(task.closed_at, zone)}
    if not there:
        if not any(tasks.answering(task.organization).values()):
            return _("Nobody works here who could answer it. Do not wait: the lines above answer now.")
        return _(
            "Whoever had it works here no more, and the others who answer for the agency are told. Do not wait for that: "
            "the lines above answer now."
        )
    sentence = _(
        "If nobody answers by %(moment)s, the others who answer for the agency are told too. "
        "Do not wait for that: the lines above answer now."
    )
    if now is not None and now.state is not rota.State.ON_CALL:
        sentence = _(
            "%(name)s has been written to all the same; if nobody answers by %(moment)s, others are too. Whoever sees it "
            "sooner may call sooner. Do not wait for that: the lines above answer now."
        )
    moment = _with_distance(clock.local(task.next_climb, zone), task.next_climb)
    return sentence % {"name": there[0].name, "moment": moment}


def _with_distance(words: str, moment: datetime) -> str:
    """A moment in words, and how far off it is, as long as it lies ahead."""
    now = clock.now()
    if moment <= now:
        return words
    far = timeuntil(moment, now, depth=2).replace("\xa0", " ")
    return _("%(moment)s (in %(time)s)") % {"moment": words, "time": far}


def lead_once(request: Asked, to: str, told: str) -> HttpResponse:
    """Lead somebody who came by a link to her page of help, which this browser is shown once. told: what it is about."""
    response = redirect(to)
    response.set_cookie(
        ONCE,
        signing.TimestampSigner(salt=SALT).sign(f"{request.link.pk} {told}"),
        max_age=A_WHILE,
        path=reverse(to),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def told_once(request: Asked) -> str | None:
    """What the page of help is about that this browser was led to just now; None where it was not."""
    try:
        told = signing.TimestampSigner(salt=SALT).unsign(request.COOKIES.get(ONCE, ""), max_age=A_WHILE)
    except signing.BadSignature:
        return None
    link, _space, about = told.partition(" ")
    return about if link == str(request.link.pk) else None


def was_shown(response: HttpResponse, at: str) -> HttpResponse:
    response.delete_cookie(ONCE, path=reverse(at), samesite="Lax")
    return response


def help_url(request: Asked, screen: Screen) -> str:
    """Where help is, for a screen that was entered just now."""
    return sittings.within(request, screen, reverse("screen_help", kwargs={"screen": screen.pk}))
