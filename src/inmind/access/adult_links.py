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
from inmind.access.models import AdultLink, OfficeLink
from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.people.models import Organization, Person

SALT = "inmind.access.adult_links"
FORM_FIELD, HEADER = "link", "X-Link"  # by which what is sent says from which link's page it comes
EARLIER = 3  # so many links that were opened before in one browser are known of their pages
EARLIER_OF_OFFICE = 20  # a program opens what was sent to it one after the other, each in a tab of its own


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
    touched, known = opened_in(request, purpose)
    if not known:
        return None
    is_answer = request.method == "POST" and purpose == AdultLink.Purpose.VISIT
    if clock.now().timestamp() - touched > settings.LINK_IDLE_SECONDS and not is_answer:
        return None
    if request.method == "POST" and page_of(request) != known[0]:
        return None
    return _standing(AdultLink.objects.filter(pk=known[0], purpose=purpose))


def from_earlier_page(request: HttpRequest, purpose: str) -> AdultLink | None:
    """The link from whose page something was sent that opens nothing any more, or after which another was opened in this
    browser. It is proof of where that comes from, for what may need a person now, and opens nothing."""
    if request.method != "POST" or (pk := page_of(request)) not in opened_in(request, purpose)[1]:
        return None
    here = {"person__erased_at__isnull": True, "person__merged_into__isnull": True}
    return AdultLink.objects.select_related("person", "organization").filter(pk=pk, purpose=purpose, **here).first()


def page_of(request: HttpRequest) -> str | None:
    """From which link's page something was sent, as it says itself."""
    return request.POST.get(FORM_FIELD) or request.headers.get(HEADER)


def opened_in(request: HttpRequest, purpose: str) -> tuple[float, list[str]]:
    """When a page was last shown in this browser, and the links that were opened in it, the newest first."""
    try:
        newest, touched, *before = signing.Signer(salt=SALT).unsign(request.COOKIES.get(cookie(purpose), "")).split(" ")
        return float(touched), [str(UUID(pk)) for pk in (newest, *before)]
    except (signing.BadSignature, ValueError):
        return 0, []


def _standing(rows: Any) -> AdultLink | None:
    link = rows.select_related("person", "organization").filter(ended_at__isnull=True).first()
    if link is None or clock.now() >= link.expires_at or not all(asked(link) for asked in house.link_stands):
        return None
    return link


def actor_of(link: AdultLink) -> Actor:
    return by_link(link.pk, link.person_id, link.person.name, link.organization_id)


def cookie(purpose: str) -> str:
    return f"inmind_{purpose}"


def keep_open(response: HttpResponse, link: AdultLink | OfficeLink, request: HttpRequest | None = None) -> None:
    """Let this browser go on with a link for a while, counted from now. request: it tells what was opened here before."""
    before = opened_in(request, link.purpose)[1] if request is not None else []
    most = EARLIER_OF_OFFICE if isinstance(link, OfficeLink) else EARLIER
    earlier = [pk for pk in before if pk != str(link.pk)][:most]
    response.set_cookie(
        cookie(link.purpose),
        signing.Signer(salt=SALT).sign(" ".join([str(link.pk), f"{clock.now().timestamp():.0f}", *earlier])),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def leave(response: HttpResponse) -> None:
    """Forget in this browser every link that was opened in it."""
    for purpose in AdultLink.Purpose.values:
        response.delete_cookie(cookie(purpose), samesite="Lax")
