"""What happens to each request before and after its view: who acts, and plain words instead of a stack trace."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.defaults import bad_request

from inmind.access import policy, queries
from inmind.access.actors import NOBODY, Actor
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput, HostileText, InMindError
from inmind.foundation.values import N_

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("inmind.pages")


def plain_words(get_response: Answer) -> Answer:
    """Turn refusals into their sentence, on a page or as JSON; let no hostile character past the border.

    What was typed into a form goes on with a mark in the place of each, so that the form can show it again and say so
    (`foundation/forms.py`); such text is refused again where it would be stored. In all else it is refused here.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            _refuse_too_much(request)
            _refuse_hostile(request)
        except HostileText as refusal:
            return spoken(request, refusal)
        except RequestDataTooBig:
            return spoken(request, too_much())
        except BadRequest as problem:
            # It would be raised again by whatever reads the body next, also while a page says so.
            request.POST = QueryDict()  # type: ignore[assignment]
            return bad_request(request, problem)
        return get_response(request)

    def process_exception(request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, InMindError):
            return spoken(request, problem)
        if isinstance(problem, Http404):  # an address that leads nowhere is no fault of the page
            return None
        log.error(
            "a page failed: %s at %s",
            type(problem).__name__,
            getattr(request.resolver_match, "route", "?"),
            exc_info=problem,
        )
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def too_much() -> BadInput:
    return BadInput(
        N_("What was sent is too large to be read."),
        N_("A page sends at most %(megabytes)s MB."),
        N_("Go back and shorten what you wrote, or keep the rest somewhere else."),
        facts={"megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000},
    )


def spoken(request: HttpRequest, refusal: InMindError) -> HttpResponse:
    """A refusal as a page, or as JSON where JSON was asked for: the same sentence."""
    sentences = [gettext(part) % refusal.facts if refusal.facts else gettext(part) for part in refusal.sentences]
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": " ".join(sentences), "field": refusal.field}, status=refusal.status)
    request.actor = getattr(request, "actor", NOBODY)  # type: ignore[attr-defined]
    template = f"{refusal.status}.html" if refusal.status in {400, 403, 404, 409} else "400.html"
    return render(request, template, {"sentences": sentences, "refusal": refusal}, status=refusal.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a token that fits: it came from elsewhere, or its page is older than the sign-in of this browser."""
    request.actor = getattr(request, "actor", NOBODY)  # type: ignore[attr-defined]
    if came_from_here(request):
        return once_more(request)
    return render(request, "403_csrf.html", status=403)


def came_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the form; another site's page cannot make it say so."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


# Fields that hold what opens a door: no page carries it again, not even out of sight.
SECRETS = frozenset({"password", "password1", "password2", "oldpassword", "code", "secret"})


def once_more(request: HttpRequest, *, sign_in: str = "") -> HttpResponse:
    """What was typed into a form that cannot be taken now, ready to be sent once more, with help at hand meanwhile. Where a
    password or the like was typed, the way back to its page instead, to type it there.

    sign_in: where to sign in first, in a tab of its own, when the session has ended.
    """
    every = [(name, value) for name, values in request.POST.lists() for value in values]
    typed = [(name, value) for name, value in every if name not in {*SECRETS, "csrfmiddlewaretoken"}]
    again_at = request.get_full_path() if SECRETS & set(request.POST) else ""
    context = {"typed": typed, "sign_in": sign_in, "again_at": again_at}
    response = render(request, "foundation/once_more.html", context, status=403)
    response["Cache-Control"] = "no-store, private"
    return response


def _refuse_too_much(request: HttpRequest) -> None:
    """Before a byte of it is read: what is sent lies in memory, and never in clear in a folder of this machine."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        raise RequestDataTooBig


def _refuse_hostile(request: HttpRequest) -> None:
    parts = [request.path, *request.GET.keys(), *(value for values in request.GET.lists() for value in values[1])]
    if request.method == "POST":
        parts += request.POST.keys()
    for part in parts:
        text.checked(part, 10**9)
    if request.method == "POST" and any(text.is_hostile(value) for _, some in request.POST.lists() for value in some):
        typed = request.POST.copy()
        for name, values in request.POST.lists():
            typed.setlist(name, [text.marked(value) for value in values])
        request.POST = typed  # type: ignore[assignment]


def actor(get_response: Answer) -> Answer:
    """Who acts in this request; a session that was idle too long, or is too old, has ended."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = NOBODY  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            acting = queries.actor_of(request)
            if why := _ended(request) or _left(request, acting):
                request.session_ended = why  # type: ignore[attr-defined]
                logout(request)
            else:
                request.actor = acting  # type: ignore[attr-defined]
        with policy.remembering():
            response = get_response(request)
        if request.actor.signed_in:  # type: ignore[attr-defined]
            response.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware


def _left(request: HttpRequest, acting: Actor) -> str:
    """A session that came by an agency's own sign-in is over when its account works there no longer, or elsewhere too."""
    at = queries.signed_on_at(request.session, request.user)  # type: ignore[arg-type]
    return "" if at is None or queries.works_at_alone(acting, at) else "left the agency"


def _ended(request: HttpRequest) -> str:
    """Why a session is over: its last request or its beginning lies too far back; empty while it goes on.

    The mark of the last request is renewed once a minute at most.
    """
    session, moment = request.session, int(clock.now().timestamp())
    last = session.get("last_seen", moment)
    if moment - last > settings.SESSION_IDLE_SECONDS:
        return "idle"
    if moment - session.setdefault("signed_in_at", moment) > settings.SESSION_COOKIE_AGE:
        return "age"
    if moment - last >= 60 or "last_seen" not in session:
        session["last_seen"] = moment
    return ""
