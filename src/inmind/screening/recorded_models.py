"""The result of a licensed tool: the numbers that stand on its form, and what public numbers said of them on that day.

It belongs to its subject, as a screen does: an adult's names her and the asking episode, never the child.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

CLINICAL, FAMILY, PROFESSIONAL = FieldClass.CLINICAL, FieldClass.FAMILY, FieldClass.PROFESSIONAL


class RecordedResult(Kept):
    """One licensed form, answered and reckoned on paper once, and its numbers.

    about: whose it is, the child or the caregiver. informant: the adult who answered about the child; by_carer: a teacher
    or carer outside the family did; neither where she answered about herself. `said_text` is sealed JSON
    (`recorded.Reading.as_data`): the form, both ages and which was used, each scale's number and band.
    counts: whether it stands for a screen that the schedule asks for; not where the form was not for the child's age.
    A correction changes what stands here and leaves what stood in `EarlierRecorded`. taken_back_at: as of a screen.
    """

    CLASSES = {
        "subject": FAMILY,
        "episode": FAMILY,
        "about": CLINICAL,
        "tool": CLINICAL,
        "edition": CLINICAL,
        "on": CLINICAL,
        "zone": CLINICAL,
        "worker": PROFESSIONAL,
        "informant": FAMILY,
        "by_carer": CLINICAL,
        "said_text": CLINICAL,
        "counts": CLINICAL,
        "taken_back_at": CLINICAL,
    }
    SEALED_FOR = "subject_id"

    class About(models.TextChoices):
        CHILD = "child"
        CAREGIVER = "caregiver"

    subject = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="recorded_results")
    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="recorded_results")
    about = ShortText(max_length=9, choices=About.choices)
    tool = ShortText(max_length=40)
    edition = ShortText(max_length=40)
    on = models.DateField()
    zone = ShortText(max_length=60)
    worker = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    informant = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    by_carer = models.BooleanField(default=False)
    said_text = SealedText(null=True, max_length=4000)
    counts = models.BooleanField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(about="caregiver", informant__isnull=True, by_carer=False)
                | models.Q(about="child", informant__isnull=True, by_carer=True)
                | models.Q(about="child", informant__isnull=False, by_carer=False)
                & ~models.Q(informant=models.F("subject")),
                name="somebody_answers_about_a_child",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_at__isnull=True) | models.Q(counts=False),
                name="a_result_taken_back_counts_for_nothing",
            ),
        ]
        indexes = [models.Index(fields=["episode", "subject", "-on"], name="recorded_by_subject")]

    @property
    def said(self) -> dict[str, Any]:
        """What was recorded; empty of somebody who was erased."""
        return json.loads(self.said_text or "{}")

    @property
    def is_about_a_child(self) -> bool:
        return self.about == self.About.CHILD

    def audit_subjects(self) -> set[tuple[str, object]]:
        """As of a screen: the dyad where it is the child's own, for a caregiver's never."""
        subjects: set[tuple[str, object]] = {("person", self.subject_id), ("episode", self.episode_id)}
        return subjects | ({("dyad", self.episode.dyad_id)} if self.is_about_a_child else set())


class WrittenOnce(Kept):
    """A row that says what stood before: never changed. It follows people whose records are put together, and its words are
    sealed anew for them."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises TypeError for a row that is there already, but for whose it is and the sealing of its words."""
        follows = {one.name for one in self._meta.concrete_fields if one.is_relation or isinstance(one, SealedText)}
        if not self._state.adding and not follows.issuperset(kwargs.get("update_fields") or [""]):
            raise TypeError("what stood before a correction is never changed")
        super().save(*args, **kwargs)


class EarlierRecorded(WrittenOnce):
    """What a recorded result said before it was corrected or taken back: written once, in that act itself, never changed.

    number: 1 for what was first said. kept_at: when it was kept; `by` is who did it, `reason` why (sealed).
    """

    CLASSES = {
        **dict.fromkeys(("result", "number", "edition", "on", "by_carer", "said_text", "kept_at", "reason"), CLINICAL),
        "informant": FAMILY,
        "by": PROFESSIONAL,
    }
    SEALED_FOR = "subject_id"

    result = models.ForeignKey(RecordedResult, on_delete=models.PROTECT, related_name="earlier")
    number = models.PositiveSmallIntegerField()
    edition = ShortText(max_length=40)
    on = models.DateField()
    informant = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    by_carer = models.BooleanField()
    said_text = SealedText(null=True, max_length=4000)
    kept_at = models.DateTimeField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    reason = SealedText(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["result", "number"], name="earlier_recorded_are_numbered")]

    @property
    def subject_id(self) -> object:
        return self.result.subject_id

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.said_text or "{}")

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.result.audit_subjects()
