"""Links for one adult and one purpose, without an account: made and ended within an action, known by a signed cookie.

The secret stands in the letter alone. Opening it sets the cookie and leads on, so that no address of a page holds it; the
cookie says which link, and whether that still opens anything is asked anew at each request.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from inmind.access import vault
from inmind.access.act import Act
from inmind.access.actors import Actor, by_link
from inmind.access.models import AdultLink
from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.people.models import Organization, Person

SALT = "inmind.access.adult_links"
FORM_FIELD, HEADER = "link", "X-Link"  # by which what is sent says from which link's page it comes


def make(
    act: Act,
    *,
    person: Person,
    episode: UUID,
    organization: Organization,
    purpose: AdultLink.Purpose,
    about: UUID | None = None,
) -> tuple[AdultLink, str]:
    """A link and its secret, within the action that is open. It takes the place of what opened the same before."""
    for before in AdultLink.objects.filter(
        person=person, episode=episode, purpose=purpose, about=about, ended_at__isnull=True
    ):
        end(act, before)
    secret = secrets.token_urlsafe(32)
    link = AdultLink.objects.create(
        person=person,
        episode=episode,
        organization=organization,
        purpose=purpose,
        about=about,
        secret_hash=hash_of(secret),
        expires_at=act.now + timedelta(days=settings.LINK_DAYS),
        asked_by_id=act.actor.person,
    )
    return link, secret


def end(act: Act, link: AdultLink) -> None:
    """Let a link open nothing any more, from the next request on."""
    if link.ended_at is None:
        link.ended_at = act.now
        link.save(update_fields=["ended_at"])


def end_all(act: Act, person: Person) -> None:
    for link in AdultLink.objects.filter(person=person, ended_at__isnull=True):
        end(act, link)


def hash_of(secret: str) -> str:
    return vault.keyed_hash("caregiver's link", secret.encode())


def by_secret(secret: str) -> AdultLink | None:
    """The link of a secret while it opens what it was sent for."""
    return _standing(AdultLink.objects.filter(secret_hash=hash_of(secret)))


def stands(link: AdultLink) -> bool:
    """Whether a link still opens what it was sent for."""
    return _standing(AdultLink.objects.filter(pk=link.pk)) is not None


def of(request: HttpRequest, purpose: str) -> AdultLink | None:
    """The link by which somebody came here, while it stands; None also for what was sent from the page of another link.

    Two links may be open one after another in one browser: what is typed on a page of the first never reaches the second.
    A page that was left for too long closes; an answer that is pressed on it still arrives, for it may need a person now.
    """
    try:
        known, _, touched = signing.Signer(salt=SALT).unsign(request.COOKIES.get(cookie(purpose), "")).partition(" ")
        pk, idle = UUID(known), clock.now().timestamp() - float(touched)
    except (signing.BadSignature, ValueError):
        return None
    is_answer = request.method == "POST" and purpose == AdultLink.Purpose.VISIT
    if idle > settings.LINK_IDLE_SECONDS and not is_answer:
        return None
    if request.method == "POST" and (request.POST.get(FORM_FIELD) or request.headers.get(HEADER)) != str(pk):
        return None
    return _standing(AdultLink.objects.filter(pk=pk, purpose=purpose))


def _standing(rows: Any) -> AdultLink | None:
    link = rows.select_related("person", "organization").filter(ended_at__isnull=True).first()
    if link is None or clock.now() >= link.expires_at or not all(asked(link) for asked in house.link_stands):
        return None
    return link


def actor_of(link: AdultLink) -> Actor:
    return by_link(link.pk, link.person_id, link.person.name, link.organization_id)


def cookie(purpose: str) -> str:
    return f"inmind_{purpose}"


def keep_open(response: HttpResponse, link: AdultLink) -> None:
    """Let this browser go on with a link for a while, counted from now."""
    response.set_cookie(
        cookie(link.purpose),
        signing.Signer(salt=SALT).sign(f"{link.pk} {clock.now().timestamp():.0f}"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def leave(response: HttpResponse) -> None:
    """Forget in this browser every link that was opened in it."""
    for purpose in AdultLink.Purpose.values:
        response.delete_cookie(cookie(purpose), samesite="Lax")
