"""One table for everything that is done later: announced in the transaction that asked for it, or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from inmind.foundation import clock
from inmind.foundation.fields import ShortText
from inmind.foundation.identity import new_id
from inmind.foundation.values import FieldClass

PUBLIC = FieldClass.PUBLIC


class JobQuerySet(models.QuerySet):
    def waiting(self) -> JobQuerySet:
        return self.filter(done_at__isnull=True, dead_at__isnull=True)

    def dead(self) -> JobQuerySet:
        return self.filter(dead_at__isnull=False)

    def put(self, kind: str, payload: dict[str, Any], *, key: str = "", due_at: datetime | None = None) -> Job | None:
        """Leave a job in the transaction that is open. A job whose key is known already is not left twice."""
        moment = clock.now()
        job = Job(kind=kind, payload=payload, key=key or None, due_at=due_at or moment, created_at=moment)
        if not key:
            job.save(force_insert=True)
            return job
        Job.objects.bulk_create([job], ignore_conflicts=True)
        return Job.objects.filter(pk=job.pk).first()


class Job(models.Model):
    """Work for the machine. Its payload carries ids and keys only, never a name or an answer."""

    CLASSES = dict.fromkeys(
        (
            *("id", "kind", "payload", "key", "due_at", "attempts", "leased_until", "leased_by"),
            *("done_at", "dead_at", "problem", "created_at"),
        ),
        PUBLIC,
    )
    TRACKED = False  # leases change all the time; what a job does to records is tracked there

    MAX_ATTEMPTS = 8

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = ShortText(max_length=80)
    payload = models.JSONField(default=dict)
    key = ShortText(max_length=200, null=True, unique=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    leased_by = ShortText(max_length=80, blank=True)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    problem = ShortText(max_length=300, blank=True)  # the class of the last failure and its sentence, without values
    created_at = models.DateTimeField()

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at__isnull=True, dead_at__isnull=True),
                name="job_waiting_by_due",
            )
        ]


class Heartbeat(models.Model):
    """When a part of the machine last said that it is there; `inmind doctor` reads it."""

    CLASSES = {"part": PUBLIC, "at": PUBLIC}
    TRACKED = False

    part = ShortText(max_length=40, primary_key=True)
    at = models.DateTimeField()
