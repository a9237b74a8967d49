"""Text messages: what carries one is a port. Without a gateway they wait as files, and so they do in a demonstration."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils.translation import override

from inmind.access.queries import is_demo
from inmind.environment import is_loopback
from inmind.foundation.errors import BadInput
from inmind.foundation.text import is_hostile
from inmind.messages.adapters import outbox
from inmind.messages.errors import NotTaken, TryLater
from inmind.people.reaching import text_number

SECONDS = 20
MOST_WORDS = 300  # characters of a text of ours, whoever's name stands in it
LONGEST = 1000  # characters that any port takes: nothing longer is meant
MOST_READ = 65_536  # bytes of an answer
# Said of this number or these words: asking again with the same cannot help. Everything else may pass.
FOR_GOOD = frozenset({400, 404, 410, 422})


class Texts(Protocol):
    """What carries text messages. leaves: whether they leave this machine by it."""

    @property
    def leaves(self) -> bool: ...

    def send(self, *, to: str, body: str, named: str, id: str) -> str:
        """Send words to a number. Answers with what the carrier calls the message, empty where it says nothing.

        named: which letter it is, in words that name nobody. id: the same for each try, so that a carrier can leave out
        the second of two. Raises NotTaken or TryLater.
        """


class Outbox:
    """A file for each message in the installation's `outbox`, beside the letters."""

    leaves = False

    def send(self, *, to: str, body: str, named: str, id: str) -> str:
        outbox.write(f"{named}-text", "txt", f"To: {_checked(to, body)}\nId: {id}\n\n{body}\n".encode())
        return ""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that takes `{"to", "text", "id"}` as JSON by HTTPS, and answers with `{"id"}`."""

    address: str
    token: str
    leaves: bool = True

    def send(self, *, to: str, body: str, named: str, id: str) -> str:
        said = {"to": _checked(to, body), "text": body, "id": id}
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": id}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        parts = urlsplit(self.address)
        connection = connected(parts)
        try:
            connection.request("POST", _path(parts), json.dumps(said).encode(), headers)
            answer = connection.getresponse()
            status, read = answer.status, answer.read(MOST_READ)
        except (OSError, HTTPException) as fault:
            raise TryLater(type(fault).__name__) from fault
        finally:
            connection.close()
        if status in FOR_GOOD:
            raise NotTaken
        if not 200 <= status < 300:  # a redirect too: nothing is sent where nobody told us to send it
            raise TryLater(f"HTTP {status}")
        return _called(read)


def file_of(template: str) -> str:
    return f"letters/{template}.sms.txt"


@cache
def has_form(template: str) -> bool:
    """Whether a letter has a short form, and so may go as a text message."""
    try:
        get_template(file_of(template))
    except TemplateDoesNotExist:
        return False
    return True


def written(template: str, facts: dict[str, Any], language: str) -> str:
    """The short form of a letter in the reader's language, on one line."""
    with override(language):
        return " ".join(render_to_string(file_of(template), facts).split())


def port() -> Texts:
    """What carries text messages here."""
    if is_demo() or not settings.TEXT_GATEWAY:
        return Outbox()
    return Gateway(settings.TEXT_GATEWAY, settings.TEXT_TOKEN)


def connected(parts: SplitResult, seconds: int = SECONDS) -> HTTPConnection:
    """A connection that is opened with its first word: by TLS whose certificate is checked, but on this machine itself."""
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        return HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    return HTTPSConnection(parts.hostname or "", parts.port, timeout=seconds, context=ssl.create_default_context())


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _checked(to: str, body: str) -> str:
    """The number as it is dialled. Raises NotTaken for one that was kept before numbers were checked, and ValueError for
    words that no letter of ours is made of."""
    if len(body) > LONGEST or "\n" in body or is_hostile(body):
        raise ValueError("a text message is one short line")
    try:
        return text_number(to)
    except BadInput as fault:
        raise NotTaken from fault


def _called(read: bytes) -> str:
    """What the gateway calls the message; nothing where its answer says nothing that can be kept. It was taken."""
    try:
        said: Any = json.loads(read)
    except ValueError:
        return ""
    called = said.get("id") if isinstance(said, dict) else None
    return called if isinstance(called, str) and len(called) <= 100 and called.isprintable() else ""
