"""What is on its way to somebody outside, kept apart from what was agreed to and what was told (`access/models.py`)."""

from __future__ import annotations

from django.db import models

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

FAMILY, PROFESSIONAL, CLINICAL, PUBLIC = (
    FieldClass.FAMILY,
    FieldClass.PROFESSIONAL,
    FieldClass.CLINICAL,
    FieldClass.PUBLIC,
)


class Release(Kept):
    """A file of facts about one person for one recipient, made in parts and kept for a short time.

    It holds what was asked (`consents.Asked`) and asks the rule anew before each part and each time it is taken; no consent
    stands in it. `lines`: the entries made so far, sealed JSON, gone once it is over. `done` of `parts`: kinds that are in it.
    stopped: what was missing, in the words of whoever asked for it.
    """

    CLASSES = {
        **dict.fromkeys(("about", "episode", "recipient", "purpose", "kinds", "facts_since", "facts_until"), FAMILY),
        **dict.fromkeys(("asked_by", "language"), PROFESSIONAL),
        **dict.fromkeys(("state", "parts", "done", "until"), PUBLIC),
        **dict.fromkeys(("lines", "stopped"), CLINICAL),
    }
    SEALED_FOR = "about_id"

    class State(models.TextChoices):
        MAKING = "making"
        READY = "ready"
        STOPPED = "stopped"
        OVER = "over"

    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="releases")
    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="releases")
    recipient = ShortText(max_length=200)
    purpose = ShortText(max_length=24)
    kinds = ShortText(max_length=200)
    facts_since = models.DateField()
    facts_until = models.DateField()
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    language = ShortText(max_length=12)
    state = ShortText(max_length=8, choices=State.choices, default=State.MAKING)
    parts = models.PositiveSmallIntegerField()
    done = models.PositiveSmallIntegerField(default=0)
    lines = SealedText(null=True, max_length=2_000_000)
    until = models.DateTimeField(null=True)  # when it is removed; None while it is made
    stopped = SealedText(null=True, max_length=2000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=("making", "ready")) | models.Q(lines__isnull=True),
                name="no_file_is_kept_once_it_is_over",
            ),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("parts")), name="release_has_its_parts"),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(until__isnull=False), name="a_file_has_its_end"
            ),
            models.CheckConstraint(
                condition=models.Q(facts_until__gte=models.F("facts_since")), name="release_days_are_whole"
            ),
        ]
        indexes = [
            models.Index(fields=["about", "episode"], name="release_by_person"),
            models.Index(fields=["state"], condition=models.Q(state__in=("making", "ready")), name="release_open"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.MAKING, self.State.READY}

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.about_id), ("episode", self.episode_id)}
