"""Django's own command, inside the guard's named exception; the trail's triggers step aside and come back after it."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.flush import Command as Original
from django.db import connection, transaction

from inmind.access import guard, triggers


class Command(Original):
    def handle(self, **options: Any) -> Any:
        """All of it or nothing, and one wait for the disk; the triggers come back as after migrating."""
        with guard.permit("migrations"), transaction.atomic():
            triggers.remove(connection)
            # The counters go back, too: numbers that were given to nothing look like removed entries.
            return super().handle(**{**options, "reset_sequences": True, "inhibit_post_migrate": False})
