"""Whether the mail server and the gateway for texts answer, in plain words for `inmind doctor`. Nothing is sent to anybody."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator
from email.utils import parseaddr
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection

from inmind.access.queries import is_demo
from inmind.foundation.registries import Finding, Grade
from inmind.messages.adapters import mail, texts
from inmind.messages.outcomes import telling_words
from inmind.people.models import Contact, Organization

SECONDS = 10


def answer() -> Iterable[Finding]:
    """A demonstration's letters and texts never leave, so nobody is asked for it."""
    if is_demo():
        return
    if settings.EMAIL_HOST:
        yield _mail_server()
    yield from _texts()
    yield from _neutral()


def _mail_server() -> Finding:
    host = settings.EMAIL_HOST
    connection: Any = get_connection(timeout=SECONDS)
    try:
        connection.open()
        code, _ = connection.connection.mail(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
        connection.connection.rset()
    except (smtplib.SMTPException, OSError, ValueError) as fault:
        says, do = what_is_wrong(fault, host, settings.EMAIL_PORT)
        return Finding("mail server", Grade.HAND, says, do)
    finally:
        mail.closed(connection)
    if code >= 400:
        says = f"{host} refuses letters from the address that they come from ({code})."
        return Finding(
            "mail server", Grade.HAND, says, "Set INMIND_MAIL_FROM to an address that it lets this user send by."
        )
    return Finding("mail server", Grade.WELL, f"{host} takes letters.")


def what_is_wrong(fault: Exception, host: str, port: int | None) -> tuple[str, str]:
    """What was found, and what to do about it; never what the server said, which may repeat a name."""
    match fault:
        case socket.gaierror():
            return (
                f"No machine is known by the name {host}.",
                "Look for a slip in the name, and at this machine's network.",
            )
        case ssl.SSLCertVerificationError():
            why = fault.verify_message or "it is not trusted"
            return (
                f"{host} shows a certificate that cannot be relied on: {why}.",
                "Name the server as its certificate does, or let its keeper renew it. Nothing is sent before that.",
            )
        case ssl.SSLError():
            return (
                f"{host} does not speak TLS at port {port} from the first word.",
                "For mail, `smtps://` goes with port 465 and `smtp+tls://` with 587.",
            )
        case ConnectionRefusedError():
            return f"{host} takes no connection at port {port}.", "Look at the port, and whether the server runs."
        case TimeoutError():
            return (
                f"{host} did not answer at port {port} within {SECONDS} seconds.",
                "Look at the port. Many networks let nobody out by port 25; 587 and 465 are for sending.",
            )
        case smtplib.SMTPNotSupportedError():
            return (
                f"{host} offers no TLS, or no signing in, at port {port}.",
                "Ask its keeper for both. Letters carry links, and do not leave in the open.",
            )
        case smtplib.SMTPAuthenticationError():
            return (
                f"{host} does not take this user and password.",
                "Compare them in INMIND_SMTP_URL (a character such as @ is written %40 there) or INMIND_SMTP_PASSWORD_FILE.",
            )
        case smtplib.SMTPResponseException():
            return f"{host} answers with {fault.smtp_code}.", "Its keeper can say why: name this number and the time."
        case smtplib.SMTPServerDisconnected():
            return (
                f"{host} closed the connection.",
                "`smtps://` goes with port 465 and `smtp+tls://` with 587. Else its keeper can say why.",
            )
    return (
        f"{host} cannot be spoken with ({type(fault).__name__}).",
        "Look at the address, and at this machine's network.",
    )


def _texts() -> Iterator[Finding]:
    if not settings.TEXT_GATEWAY:
        waits = Contact.in_use(channel=Contact.Channel.TEXT, safe=True).count()
        if waits:
            yield Finding(
                "text messages",
                Grade.NOTE,
                f"Safe by text: {waits}. No gateway is named, so they are written to by email, if at all.",
                "Set INMIND_TEXT_GATEWAY, if your agency has one.",
            )
        return
    parts = urlsplit(settings.TEXT_GATEWAY)
    connection = texts.connected(parts, seconds=SECONDS)
    try:
        connection.connect()
    except (OSError, HTTPException) as fault:
        says, do = what_is_wrong(fault, parts.hostname or "", parts.port or 443)
        yield Finding("text messages", Grade.HAND, says, do)
    else:
        yield Finding(
            "text messages",
            Grade.WELL,
            f"{parts.hostname} can be reached; whether it takes the token shows with a text.",
        )
    finally:
        connection.close()


def _neutral() -> Iterator[Finding]:
    """Who finds a letter reads its sender and its link before anything else."""
    shown = (mail.sender(), urlsplit(settings.SITE).hostname or "")
    names = (settings.INSTALLATION.name, *Organization.objects.values_list("name", flat=True))
    if found := telling_words(shown, names):
        yield Finding(
            "neutral letters",
            Grade.NOTE,
            f"The sender of letters or the address in their links says: {', '.join(found)}.",
            "Who finds a letter at home may learn from it. Choose a neutral INMIND_NEUTRAL_SENDER, INMIND_MAIL_FROM and "
            "INMIND_ADDRESS.",
        )
