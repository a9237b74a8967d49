"""Links for an office without an account: one thing to answer for, by a letter or by a code that is said aloud.

As with a caregiver's (`adult_links.py`): the secret stands in the letter alone, a signed cookie says which link was opened, and
whether it still opens anything is asked anew at each request. Opening changes nothing, for mail is opened by scanners first.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from inmind.access import adult_links, vault
from inmind.access.act import Act
from inmind.access.actors import Actor, by_office_link
from inmind.access.models import OfficeLink
from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.people.models import Organization

CODE_DIGITS = 10  # ours: said aloud in three breaths, and with limits on guessing never found by chance
keep_open = adult_links.keep_open


def make(
    act: Act,
    *,
    organization: Organization,
    purpose: str,
    about: UUID,
    episode: UUID | None = None,
    days: int,
    with_code: bool = False,
    beside_earlier: bool = False,
) -> tuple[OfficeLink, str, str]:
    """A link, its secret and its spoken code (empty where none was asked for), within the action that is open. It takes the
    place of what opened the same before.

    beside_earlier: earlier links go on, for their letters went to the same reader, who may open any of them.
    """
    if not beside_earlier:
        end_about(act, purpose, about)
    secret = secrets.token_urlsafe(32)
    link = OfficeLink.objects.create(
        organization=organization,
        purpose=OfficeLink.Purpose(purpose),
        about=about,
        episode=episode,
        secret_hash=hash_of(secret),
        expires_at=act.now + timedelta(days=days),
    )
    return link, secret, fresh_code(act, link) if with_code else ""


def fresh_code(act: Act, link: OfficeLink, seed: str = "") -> str:
    """A code that opens what a link opens, to be read out (`482 193 0057`); the one before it opens nothing any more.

    seed: what nobody can guess, such as the key of a form: the same makes the same code (`code_of`).
    """
    code = code_of(seed or secrets.token_hex())
    link.code_hash = _code_hash(code)
    link.save(update_fields=["code_hash"])
    return code


def code_of(seed: str) -> str:
    """The code that a seed makes in this installation."""
    digits = str(int(vault.keyed_hash("office's code, drawn", seed.encode()), 16))[-CODE_DIGITS:]
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def opens_by(link: OfficeLink, code: str) -> bool:
    """Whether it is this code that opens a link now: none has taken its place."""
    return link.code_hash == _code_hash(code)


def end(act: Act, link: OfficeLink) -> None:
    """Let a link open nothing any more, from the next request on."""
    if link.ended_at is None:
        link.ended_at = act.now
        link.save(update_fields=["ended_at"])


def end_about(act: Act, purpose: str, about: UUID) -> None:
    for link in OfficeLink.objects.filter(purpose=purpose, about=about, ended_at__isnull=True):
        end(act, link)


def hash_of(secret: str) -> str:
    return vault.keyed_hash("office's link", secret.encode())


def by_secret(secret: str) -> OfficeLink | None:
    """The link of a secret while it opens what it was sent for."""
    return _standing(OfficeLink.objects.filter(secret_hash=hash_of(secret)))


def by_code(said: str) -> OfficeLink | None:
    """The link of a code as somebody typed what was said to them, while it opens something. Its caller counts the attempts."""
    if len(_digits(said)) != CODE_DIGITS:
        return None
    return _standing(OfficeLink.objects.filter(code_hash=_code_hash(said)))


def stands(link: OfficeLink) -> bool:
    """Whether a link still opens what it was sent for."""
    return _standing(OfficeLink.objects.filter(pk=link.pk)) is not None


def of(request: HttpRequest, purpose: str) -> OfficeLink | None:
    """The link by which somebody came here, while it stands; None also for what was sent from the page of another link.

    Of several that were opened in one browser, the page's address says which one is read (`?link=`), else the newest.
    A browser in an office lies open all day: what is typed there arrives while the link stands, however long it took.
    """
    _touched, known = adult_links.opened_in(request, purpose)
    if not known or (request.method == "POST" and adult_links.page_of(request) not in known):
        return None
    asked = adult_links.page_of(request) if request.method == "POST" else request.GET.get("link")
    pk = asked if asked in known else known[0]
    return _standing(OfficeLink.objects.filter(pk=pk, purpose=purpose))


def actor_of(link: OfficeLink) -> Actor:
    return by_office_link(link.pk, link.organization_id)


def _standing(rows: Any) -> OfficeLink | None:
    link = rows.select_related("organization").filter(ended_at__isnull=True).first()
    if link is None or clock.now() >= link.expires_at:
        return None
    asked = house.office_stands.get(link.purpose)
    return link if asked is None or asked(link) else None


def _digits(said: str) -> str:
    return "".join(one for one in said if one in "0123456789")


def _code_hash(code: str) -> str:
    return vault.keyed_hash("office's code", _digits(code).encode())
