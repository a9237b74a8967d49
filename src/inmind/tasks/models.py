"""A task has an owner, a due time and a next step; it is closed only with what was done."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import models

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

FAMILY, CLINICAL, PUBLIC = FieldClass.FAMILY, FieldClass.CLINICAL, FieldClass.PUBLIC


class Task(Kept):
    """What one person owes another. `red` is only for what needs a person now."""

    CLASSES = {
        "owner": FieldClass.PROFESSIONAL,
        "backup": FieldClass.PROFESSIONAL,
        "organization": PUBLIC,
        "subject": FAMILY,
        "why": CLINICAL,
        "red": FieldClass.PROFESSIONAL,
        "about_kind": PUBLIC,
        "about_id": PUBLIC,
        "due_at": PUBLIC,
        "step": PUBLIC,
        "again_seconds": PUBLIC,
        "closed_at": PUBLIC,
        "closed_by": FieldClass.PROFESSIONAL,
        "done": CLINICAL,
        "calls_back": CLINICAL,
        "call_back": CLINICAL,
        "call_back_outcome": CLINICAL,
        "attempts": CLINICAL,
    }
    SEALED_FOR = "subject_id"

    class CallBackOutcome(models.TextChoices):
        REACHED = "reached"
        ANOTHER_WAY = "another_way"

    owner = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="tasks")
    # Asked beside the owner once nobody has answered: may see and close it too.
    backup = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="tasks_behind")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="tasks")
    subject = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="tasks_about")
    why = ShortText(max_length=40)  # a key; its words are the asking room's
    red = models.BooleanField(default=False)
    about_kind = ShortText(max_length=40)
    about_id = models.UUIDField()
    due_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField(default=0)  # how often it has climbed
    again_seconds = models.PositiveIntegerField()  # until it climbs once more, as it was said when the task was made
    closed_at = models.DateTimeField(null=True)
    # None where it closed by itself, by what somebody without an account did.
    closed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    done = SealedText(null=True, max_length=4000)
    # What the person chose: to be called back or not, None where nobody asked; how, sealed; and what came of it.
    calls_back = models.BooleanField(null=True)
    call_back = SealedText(null=True, max_length=1000)
    call_back_outcome = ShortText(max_length=12, choices=CallBackOutcome.choices, blank=True)
    attempts = SealedText(null=True, max_length=200_000)  # that reached nobody: the task stays open and climbs on

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, call_back_outcome="")
                | models.Q(closed_at__isnull=False, calls_back=True) & ~models.Q(call_back_outcome="")
                | models.Q(closed_at__isnull=False, call_back_outcome="")
                & (models.Q(calls_back__isnull=True) | models.Q(calls_back=False)),
                name="task_is_closed_with_its_call_back",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True, done__isnull=True)
                | models.Q(closed_at__isnull=False, done__isnull=False)
                & (models.Q(closed_by__isnull=False) | models.Q(red=False)),  # whoever needs a person now had one
                name="task_is_closed_with_what_was_done",
            ),
            models.UniqueConstraint(
                fields=["about_kind", "about_id", "why"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_task_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_at"], condition=models.Q(closed_at__isnull=True), name="open_task_by_owner"
            ),
            models.Index(
                fields=["backup", "due_at"],
                condition=models.Q(closed_at__isnull=True, backup__isnull=False),
                name="open_task_by_backup",
            ),
            models.Index(
                fields=["organization", "due_at"],
                condition=models.Q(closed_at__isnull=True),
                name="open_task_by_agency",
            ),
            models.Index(fields=["about_id"], name="task_about"),
        ]

    @property
    def next_climb(self) -> datetime:
        """When others are told (again) if nobody closes it."""
        return self.due_at + timedelta(seconds=self.step * self.again_seconds)

    @property
    def wish(self) -> dict[str, str]:
        """How the person likes to be called back: `number`, `when`, and `message` ("yes" where one may be left)."""
        return json.loads(self.call_back or "{}")

    @property
    def tried(self) -> list[dict[str, str]]:
        """Each attempt that reached nobody, the first one first: `by` (a person's id), `at` (a moment) and `words`."""
        return json.loads(self.attempts or "[]")

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.subject_id)}
