"""What somebody has to show for a training, the work of making it for everybody, and what was learned elsewhere."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

PUBLIC, PROFESSIONAL = FieldClass.PUBLIC, FieldClass.PROFESSIONAL


class Certificate(Kept):
    """A certificate as it was given. Never changed: one that is put right is a certificate of its own, and this one says which.

    code: its number, which nobody can guess, by which anybody verifies it. name: as it stands on it. on: the day of the last
    meeting that was attended. said: what else stands on it: titles, days with their minutes, minutes by competency area, credit.
    replaced_at without replaced_by: withdrawn.
    """

    CLASSES = dict.fromkeys(
        ("training", "person", "code", "name", "on", "minutes", "said", "by", "replaced_at", "replaced_by"),
        PROFESSIONAL,
    )

    training = models.ForeignKey("learning.Training", on_delete=models.PROTECT, related_name="certificates")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="certificates")
    code = ShortText(max_length=20, unique=True)
    name = ShortText(max_length=170)
    on = models.DateField()
    minutes = models.PositiveIntegerField()
    said = models.JSONField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaces")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["training", "person"],
                condition=Q(replaced_at__isnull=True),
                name="certificate_stands_once",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="certificate_has_minutes"),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(replaced_at__isnull=False),
                name="certificate_is_replaced_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["person", "on"], name="certificate_by_person")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}


class CertificateRun(Kept):
    """The work of making certificates for everybody who attended a training, some at a time. total: people; done: of them;
    made: certificates that were new."""

    CLASSES = {**dict.fromkeys(("training", "total", "done", "made", "ended_at"), PUBLIC), "by": PROFESSIONAL}

    training = models.ForeignKey("learning.Training", on_delete=models.PROTECT, related_name="runs")
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["training"], condition=Q(ended_at__isnull=True), name="certificates_made_once_at_a_time"
            )
        ]


class Elsewhere(Kept):
    """A training somewhere else, as somebody says it of themselves; counted apart. domains: minutes by competency area."""

    CLASSES = dict.fromkeys(("person", "title", "provider", "on", "minutes", "domains", "taken_back_at"), PROFESSIONAL)

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="learned_elsewhere")
    title = ShortText(max_length=160)
    provider = ShortText(max_length=160)
    on = models.DateField()
    minutes = models.PositiveIntegerField()
    domains = models.JSONField(default=dict)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=6000), name="elsewhere_has_minutes")
        ]
        indexes = [models.Index(fields=["person", "on"], name="elsewhere_by_person")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}
