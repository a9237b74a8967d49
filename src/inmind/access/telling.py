"""The clock of a demonstration that tells a story: it begins at the story's moment and stands still while nobody serves it.

A house with families keeps the machine's time, always: only a database that is marked as a demonstration, in the same
row that names the moment, is told; and only on this machine alone (docs/decisions/0017).
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import DatabaseError

from inmind.access.models import AuditEntry, InstallationMark
from inmind.foundation import clock
from inmind.jobs.models import Heartbeat


def follow() -> None:
    """Let the clock of this process go on from where the story stands; in any other house, leave it alone.

    Called once, as a process begins.
    """
    try:
        stands = _stands_at()
    except DatabaseError:  # of another edition, or not there yet: whoever needs it says so in its own words
        return
    if stands is not None:
        clock.go_on_from(stands)


def _stands_at() -> datetime | None:
    """The latest moment that this story has seen; None where none is told."""
    told = (
        InstallationMark.objects.filter(is_demo=True, told_at__isnull=False).values_list("told_at", flat=True).first()
    )
    if told is None or not settings.ON_LOOPBACK:
        return None
    seen = (
        AuditEntry.objects.order_by("-seq").values_list("at", flat=True).first(),
        Heartbeat.objects.order_by("-at").values_list("at", flat=True).first(),
    )
    return max(told, *(moment for moment in seen if moment is not None))
