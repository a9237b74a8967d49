"""Letters by mail: to each safe address of the person, under an id that a receiving server can recognise."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils.translation import override

from inmind.access.queries import is_demo
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.messages.models import Letter
from inmind.people import reaching
from inmind.people.models import Contact

OUTBOX = "inmind.messages.adapters.outbox.EmailBackend"


class NoSafeAddress(BadInput):
    """The person has no mail address that is known to be safe; nothing is sent to any other."""

    def __init__(self) -> None:
        super().__init__(
            N_("This person has no safe email address."),
            N_("Letters go only where it is safe."),
            N_("Ask the person, and add one."),
        )


class NotAtThisHour(Exception):
    """Her address is safe at other times than this; `until` is the next."""

    def __init__(self, until: datetime) -> None:
        super().__init__("safe at other times")
        self.until = until


def send(letter_id: str) -> None:
    """Send one letter. Raises NoSafeAddress, NotAtThisHour, or what the mail server said.

    Which ways may be taken, and when, is the person's own word (`people/reaching.py`); our letters tell nothing.
    """
    letter = Letter.objects.select_related("to").get(pk=letter_id)
    if letter.sent_at is not None:
        return
    ways = [contact.way for contact in Contact.in_use(person=letter.to, channel=Contact.Channel.MAIL)]
    here = clock.now().astimezone(ZoneInfo(settings.INSTALLATION.zone))
    addresses = [way.address for way in reaching.open_ways(ways, Contact.Channel.MAIL, at=here)]
    if not addresses and (until := reaching.next_time(ways, Contact.Channel.MAIL, at=here)):
        raise NotAtThisHour(until)
    if not addresses:
        raise NoSafeAddress
    facts = {
        **json.loads(letter.facts),
        "installation": settings.INSTALLATION,
        "site": settings.SITE,
        "person": letter.to,
    }
    subject, body = written(letter.template, facts, letter.to.language or "en")
    EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=addresses,
        connection=_connection(named=f"{letter.template}-{letter.pk.hex[-6:]}"),
        headers={"Message-ID": f"<{letter.pk}@inmind.invalid>", "Auto-Submitted": "auto-generated"},
    ).send()


def _connection(named: str) -> Any:
    """A demonstration's letters never leave the machine, whatever mail server is set: its people are invented.

    named: how a letter that stays here as a file is called; of no use to a mail server.
    """
    return get_connection(OUTBOX if is_demo() else None, named=named)


def written(template: str, facts: dict[str, Any], language: str) -> tuple[str, str]:
    """Subject and body in the reader's language. The template's first line is the subject, and it tells nothing."""
    with override(language):
        subject, _, body = render_to_string(f"letters/{template}.txt", facts).strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
