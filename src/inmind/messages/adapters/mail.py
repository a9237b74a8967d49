"""Letters by mail: to each safe address of the person, under an id that a receiving server can recognise."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils.translation import override

from inmind.access.queries import is_demo
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.messages.models import Letter
from inmind.people.models import Contact


class NoSafeAddress(BadInput):
    """The person has no mail address that is known to be safe; nothing is sent to any other."""

    def __init__(self) -> None:
        super().__init__(
            N_("This person has no safe email address."),
            N_("Letters go only where it is safe."),
            N_("Ask the person, and add one."),
        )


def send(letter_id: str) -> None:
    """Send one letter. Raises NoSafeAddress, or what the mail server said."""
    letter = Letter.objects.select_related("to").get(pk=letter_id)
    if letter.sent_at is not None:
        return
    addresses = list(
        Contact.objects.filter(person=letter.to, channel=Contact.Channel.MAIL, safe=True).values_list(
            "address", flat=True
        )
    )
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
        connection=_connection(),
        headers={"Message-ID": f"<{letter.pk}@inmind.invalid>", "Auto-Submitted": "auto-generated"},
    ).send()


def _connection() -> Any:
    """A demonstration's letters never leave the machine, whatever mail server is set: its people are invented."""
    return get_connection("django.core.mail.backends.filebased.EmailBackend") if is_demo() else get_connection()


def written(template: str, facts: dict[str, Any], language: str) -> tuple[str, str]:
    """Subject and body in the reader's language. The template's first line is the subject, and it tells nothing."""
    with override(language):
        subject, _, body = render_to_string(f"letters/{template}.txt", facts).strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
