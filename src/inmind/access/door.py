"""Every route has a door, and every door names its verb or why it is open to all. A route without one stops start-up."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views.decorators.cache import never_cache

from inmind.access import adult_links, audit, grants, middleware, office_links, policy
from inmind.access.actors import Actor
from inmind.foundation.errors import Refused
from inmind.foundation.models import row_of
from inmind.foundation.registries import house
from inmind.foundation.values import Verdict

View = Callable[..., HttpResponse]


class Asked(HttpRequest):
    """A request behind a door: who acts is known."""

    actor: Actor
    link: Any  # behind the door of a link: an AdultLink, or an OfficeLink


# Routes of libraries, by name: their verb, or why they are open. Everything else of theirs stops start-up.
LIBRARY_ROUTES: dict[str, tuple[str, str]] = {
    "set_language": ("", "chooses a language"),
    "static": ("", "our own fonts, styles and scripts"),
}
# A second factor cannot be asked of somebody who is just setting it up.
BEFORE_SECOND_FACTOR = frozenset({"access.own_account"})


def door(
    verb: str = "",
    *,
    public: str = "",
    about: type[models.Model] | None = None,
    by_link: str = "",
    by_office: str = "",
    late: View | None = None,
) -> Callable[[View], View]:
    """Give a view its verb, or say why anybody may come in.

    about: whose id the route's first part is; who is refused for lack of the verb stands in this record's trail too.
    by_link: what a link is sent for; only who came by such a link comes in, whoever else is signed in in this browser.
    by_office: the same for a link that was sent to an office.
    late: what answers to what is sent from a page of such a link that opens nothing any more; else help does.
    """
    if bool(verb) == bool(public):
        raise ImproperlyConfigured("a door has a verb, or a reason to be open to all")
    if by_link:
        return _door_of_links(verb, by_link, late)
    if by_office:
        return _door_of_offices(verb, by_office)

    def made(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Asked, *args: Any, **named: Any) -> HttpResponse:
            if verb and (answer := _stopped(request, verb, about, next(iter(named.values()), None))):
                return answer
            if (elsewhere := _since_a_merge(named)) != named:
                if request.method in {"GET", "HEAD"} and request.resolver_match is not None:
                    view(request, *args, **elsewhere)  # refused here, it is refused as an id that nobody has
                    query = request.META.get("QUERY_STRING", "")
                    there = reverse(request.resolver_match.view_name, kwargs=elsewhere)
                    return redirect(f"{there}?{query}" if query else there)
                named = elsewhere
            return _after(request, view(request, *args, **named))

        passed = never_cache(guarded) if verb else guarded
        passed.verb, passed.public = verb, public  # type: ignore[attr-defined]
        return passed

    return made


def _door_of_links(verb: str, purpose: str, late: View | None) -> Callable[[View], View]:
    def made(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Asked, *args: Any, **named: Any) -> HttpResponse:
            link = adult_links.of(request, purpose)
            come_in, is_open = view, link is not None
            if link is None and late is not None:
                come_in, link = late, adult_links.from_earlier_page(request, purpose)
            if link is None:
                return redirect("link_over")
            request.link, request.actor = link, adult_links.actor_of(link)
            _ask(request, verb, link)
            response = _after(request, come_in(request, *args, **named))
            if is_open and not getattr(request, "leaves_link", False):
                adult_links.keep_open(response, link, request)
            response.setdefault("Cache-Control", "no-store, private")
            return response

        guarded.verb, guarded.public = verb, ""  # type: ignore[attr-defined]
        return never_cache(guarded)

    return made


def _door_of_offices(verb: str, purpose: str) -> Callable[[View], View]:
    def made(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Asked, *args: Any, **named: Any) -> HttpResponse:
            link = office_links.of(request, purpose)
            if link is None:
                return redirect("office_link_over")
            request.link, request.actor = link, office_links.actor_of(link)
            _ask(request, verb, link)
            response = _after(request, view(request, *args, **named))
            office_links.keep_open(response, link, request)
            response.setdefault("Cache-Control", "no-store, private")
            return response

        guarded.verb, guarded.public = verb, ""  # type: ignore[attr-defined]
        return never_cache(guarded)

    return made


def _ask(request: Asked, verb: str, link: models.Model) -> None:
    """Raises Refused, and leaves it in the trail, where a link of this kind does not open this."""
    verdict = policy.can(request.actor, verb)
    if not verdict:
        audit.refused(request.actor, verb, verdict, about=link)
        raise Refused(verdict)


def _since_a_merge(named: dict[str, Any]) -> dict[str, Any]:
    """The ids of an address, each as it stands since its record was put together with another."""
    ids = {value for value in named.values() if isinstance(value, UUID)}
    moved = house.forwarded(ids) if ids else {}
    return {name: moved.get(value, value) if isinstance(value, UUID) else value for name, value in named.items()}


def _stopped(request: Asked, verb: str, about: type[models.Model] | None, pk: object) -> HttpResponse | None:
    """Send to sign-in or to the second factor, or raise the refusal; None when the door opens."""
    actor = request.actor
    if not actor.signed_in:
        if request.method == "POST" and middleware.came_from_here(request):
            return middleware.once_more(request, sign_in=reverse(settings.LOGIN_URL))
        return redirect_to_login(request.get_full_path())
    if actor.needs_second_factor:
        return None if verb in BEFORE_SECOND_FACTOR else redirect("mfa_activate_totp")
    verdict = policy.can(actor, verb)
    if not verdict:
        thing = about._default_manager.filter(pk=pk).first() if about is not None else None
        audit.refused(actor, verb, verdict, about=thing)
        raise Refused(verdict)
    return None


def opened(
    request: Asked, verb: str, model: type[models.Model], pk: UUID, *, related: Iterable[str] = ()
) -> tuple[Any, Verdict]:
    """One record behind its door, with the verdict; the reading is audited before the answer leaves.

    What is sent by POST is audited by its action; where a page is the answer, the record on it was read as well.
    A record that is not there and one that is not yours are refused with the same sentence, so that ids tell nothing.
    """
    actor = request.actor
    thing = row_of(model, pk, *related)
    verdict = policy.can(actor, verb, thing) if thing is not None else grants.refusal(verb, has_verb=True)
    if thing is None or not verdict:
        raise refused(request, verb, about=thing)
    if request.method == "POST":
        request.opened_by_post = [*getattr(request, "opened_by_post", ()), (verb, verdict, thing)]  # type: ignore[attr-defined]
    else:
        audit.read(actor, verb, verdict, about=thing)
    return thing, verdict


def _after(request: Asked, response: HttpResponse) -> HttpResponse:
    """Audit as readings what a POST opened, where a page leaves."""
    if response.headers.get("Content-Type", "").startswith("text/html") and "Location" not in response.headers:
        for verb, verdict, thing in getattr(request, "opened_by_post", ()):
            audit.read(request.actor, verb, verdict, about=thing)
    return response


def refused(request: Asked, verb: str, about: models.Model | None = None) -> Refused:
    """The refusal of a verb on a record that is not there or not this actor's, recorded; raise it."""
    verdict = grants.refusal(verb, has_verb=True)
    audit.refused(request.actor, verb, verdict, about=about)
    return Refused(verdict)


def routes() -> Iterator[tuple[str, str, Any]]:
    """Each route as (pattern, name, view)."""
    yield from _routes(get_resolver().url_patterns, "")


def _routes(patterns: Iterable[Any], before: str) -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        where = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, where)
        elif isinstance(pattern, URLPattern):
            yield where, pattern.name or "", pattern.callback


def verb_of(name: str, view: Any) -> tuple[str, str]:
    """A route's verb and its reason to be open; both empty where it has neither."""
    if hasattr(view, "verb"):
        return view.verb, view.public
    return LIBRARY_ROUTES.get(name, ("", ""))


def check_routes() -> None:
    """Raises ImproperlyConfigured for a route without a verb; called at start, before a single page is served."""
    bare = [where for where, name, view in routes() if verb_of(name, view) == ("", "")]
    if bare:
        raise ImproperlyConfigured(f"these routes have no verb: {', '.join(bare)}; give each a door")
