"""Letters as files, where no mail server is named and in a demonstration."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from inmind.foundation import clock


class EmailBackend(BaseEmailBackend):
    """A file for each letter in the installation's `outbox`, which any mail program opens.

    named: what kind of letter it is; never to whom, or about whom.
    """

    def __init__(self, named: str = "letter", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.named = named

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for letter in email_messages:
            write(self.named, "eml", letter.message().as_bytes())
        return len(email_messages)


def write(named: str, ending: str, words: bytes) -> None:
    """Write a file that its owner alone reads. Its name says when it was written and what it is."""
    settings.EMAIL_FILE_PATH.mkdir(mode=0o700, parents=True, exist_ok=True)
    at = f"{clock.now().astimezone(ZoneInfo(settings.INSTALLATION.zone)):%Y-%m-%d-%H%M%S}"
    for number in count():
        name = f"{at}-{named}{f'-{number}' if number else ''}.{ending}"
        try:
            there = os.open(settings.EMAIL_FILE_PATH / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with open(there, "wb") as file:
            file.write(words)
        return
