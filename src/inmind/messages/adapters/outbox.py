"""Letters as files, where no mail server is named and in a demonstration."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from inmind.foundation import clock


class EmailBackend(BaseEmailBackend):
    """A file for each letter in the installation's `outbox`, which any mail program opens, and which its owner alone reads.

    Its name says when it was written and, by `named`, what kind of letter it is; never to whom, or about whom.
    """

    def __init__(self, named: str = "letter", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.named = named

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.EMAIL_FILE_PATH.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = clock.now().astimezone(ZoneInfo(settings.INSTALLATION.zone))
        for number, letter in enumerate(email_messages):
            name = f"{written:%Y-%m-%d-%H%M%S}-{self.named}{f'-{number}' if number else ''}.eml"
            there = os.open(settings.EMAIL_FILE_PATH / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(there, "wb") as file:
                file.write(letter.message().as_bytes())
        return len(email_messages)
