"""Jobs that should be waiting and are not: somebody emptied their table, and no letter would leave and no task climb.

Each room says what it is owed (`house.owes`). `inmind doctor` looks, and the machine for later work puts back what is
missing, by itself, each minute; the trail says so.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from inmind.access import audit
from inmind.access.actors import machine
from inmind.access.models import AuditEntry
from inmind.access.snapshot import snapshot
from inmind.foundation import clock
from inmind.foundation.registries import Owed, house
from inmind.foundation.values import Verdict
from inmind.jobs.models import Job

EACH = 60  # seconds


def missing() -> list[Owed]:
    """What is owed at this moment and has no job. One that has died counts as long as its room has not been told."""
    with snapshot():
        owed = [one for each in house.owed for one in each()]
        kinds = {kind for one in owed for kind in (one.kind, f"{one.kind}:dead")}
        jobs = Job.objects.waiting().filter(kind__in=kinds).values_list("kind", "payload")
        waiting = {_known(kind.removesuffix(":dead"), payload) for kind, payload in jobs.iterator()}
    return [one for one in owed if _known(one.kind, one.payload) not in waiting]


def _known(kind: str, payload: dict[str, Any]) -> str:
    """A job by what it is for and about."""
    return ":".join([kind, *(str(payload[part]) for part in sorted(payload))])


def put_back() -> int:
    """Leave the jobs that are missing again. Returns how many."""
    lost = missing()
    if not lost:
        return 0
    slot = int(clock.now().timestamp()) // EACH
    verdict = Verdict(allowed=True, sentence="", purpose=f"{len(lost)} that were missing")
    with house.lease_writes(), transaction.atomic():
        for one in lost:
            Job.objects.put(
                one.kind, one.payload, key=f"again:{_known(one.kind, one.payload)}:{slot}", due_at=one.due_at
            )
        audit.write(machine("access.owed"), "jobs.put_back", AuditEntry.Outcome.DONE, verdict=verdict)
    return len(lost)
