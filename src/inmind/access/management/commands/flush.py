"""Django's own command, inside the guard's named exception; the trail's triggers step aside and come back after it."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.flush import Command as Original
from django.db import connection

from inmind.access import guard, triggers


class Command(Original):
    def handle(self, **options: Any) -> Any:
        with guard.permit("migrations"):
            triggers.remove(connection)
            try:
                # The counters go back, too: numbers that were given to nothing look like removed entries.
                return super().handle(**{**options, "reset_sequences": True})
            finally:
                triggers.install(connection)
