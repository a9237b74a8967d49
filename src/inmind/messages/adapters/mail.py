"""Letters by mail: to one address, under an id that a receiving server can recognise."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils.translation import override

from inmind.access.queries import is_demo
from inmind.messages.errors import NotTaken, TryLater

OUTBOX = "inmind.messages.adapters.outbox.EmailBackend"


def leaves() -> bool:
    """Whether mail leaves this machine. A demonstration's never does, whatever server is set: its people are invented."""
    return settings.EMAIL_BACKEND != OUTBOX and not is_demo()


def send(*, to: str, subject: str, body: str, named: str, id: str) -> None:
    """Send a letter to one address. named: how one that stays here as a file is called.

    Raises NotTaken where the address is refused for good, TryLater for everything that may pass.
    """
    connection: Any = get_connection(None if leaves() else OUTBOX, named=named)
    letter = EmailMessage(
        subject=subject,
        body=body,
        from_email=sender(),
        to=[to],
        connection=connection,
        headers={"Message-ID": f"<{id}@letters.invalid>", "Auto-Submitted": "auto-generated"},
    )
    if not letter.recipients():  # Django would send it to nobody, and say nothing
        raise NotTaken
    try:
        connection.open()
        connection.send_messages([letter])
    except (smtplib.SMTPException, OSError) as fault:  # first: a certificate's fault is a ValueError too
        raise judged(fault) from fault
    except ValueError as fault:  # no address, or two lines in a heading: no server was asked
        raise NotTaken from fault
    finally:
        closed(connection)


def closed(connection: Any) -> None:
    """How a server says goodbye changes nothing."""
    with suppress(smtplib.SMTPException, OSError):
        connection.close()


def written(template: str, facts: dict[str, Any], language: str) -> tuple[str, str]:
    """Subject and body in the reader's language. The template's first line is the subject, and it tells nothing."""
    with override(language):
        subject, _, body = render_to_string(f"letters/{template}.txt", facts).strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def sender() -> str:
    """From whom letters come: the neutral name, where one is set, before the address."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((settings.NEUTRAL_SENDER or name, address), "utf-8")


def judged(fault: Exception) -> NotTaken | TryLater:
    """What a server's answer means: a 5xx about this letter is for good; all else may pass, or is ours to mend."""
    code = 0
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code = next(iter(fault.recipients.values()))[0]
    elif isinstance(fault, smtplib.SMTPResponseException):
        code = fault.smtp_code
    about_it = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
    if isinstance(fault, about_it) and 500 <= code < 600:
        return NotTaken()
    return TryLater(f"{type(fault).__name__} {code}" if code else type(fault).__name__)
