"""Sessions whose keys stand in no table: a keyed hash does, so that a copy of the database opens no session of anybody."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Original
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.db.models.functions import Now

from inmind.access import audit, vault
from inmind.foundation.models import asked_again


def kept(key: str) -> str:
    """What the table holds of a session's key; as long as the column is wide."""
    return vault.keyed_hash("session", key.encode())[:40]


class SessionStore(Original):
    """The browser alone holds the key."""

    def exists(self, session_key: str) -> bool:
        return super().exists(kept(session_key))

    def create_model_instance(self, data: Any) -> Any:
        row = super().create_model_instance(data)
        row.session_key = kept(row.session_key)
        return row

    def save(self, must_create: bool = False) -> None:
        """In the one writer's turn, as all that writes. A new one is saved by the making of it."""
        with audit.turn() if self.session_key else nullcontext():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(kept(key))

    def _get_session_from_db(self) -> Any:
        found = _going_on(keys=[kept(self.session_key or "")])
        if not found:
            self._session_key = None
        return found[0] if found else None


@asked_again
def _going_on(*, keys: list[str]) -> QuerySet:
    return Session.objects.filter(session_key__in=keys, expire_date__gt=Now())
