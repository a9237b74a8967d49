"""Django's own command, inside the guard's named exception for migrations."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as Original

from inmind.access import guard


class Command(Original):
    def handle(self, *args: Any, **options: Any) -> Any:
        with guard.permit("migrations"):
            return super().handle(*args, **options)
