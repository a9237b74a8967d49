"""A caregiver's check-in, kept apart from screens: it has no score, and belongs to whoever said it."""

from __future__ import annotations

from django.db import models

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass
from inmind.screening.check_in import LONGEST, Door

CLINICAL = FieldClass.CLINICAL


class CheckIn(Kept):
    """How somebody says that it goes, in her own words. It names her and the episode, never the child.

    `words` are sealed for her. A worry about the child is kept as a worry (`concern`), with her words there and not here.
    `worker`: with whom it was written down; None where she did it by `link`, by herself.
    """

    CLASSES = {
        "subject": FieldClass.FAMILY,
        "episode": FieldClass.FAMILY,
        **dict.fromkeys(("door", "about", "words", "concern", "on", "zone", "given_at"), CLINICAL),
        "worker": FieldClass.PROFESSIONAL,
        "link": FieldClass.FAMILY,
    }
    SEALED_FOR = "subject_id"

    subject = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="check_ins")
    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="check_ins")
    door = ShortText(max_length=8, choices=[(door.value, door.value) for door in Door])
    about = ShortText(max_length=12, blank=True)  # a key of check_in.TOPICS
    words = SealedText(null=True, max_length=LONGEST)
    concern = models.ForeignKey("families.Concern", null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    zone = ShortText(max_length=60)
    worker = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey("access.AdultLink", null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True)  # by the clock of a device without a signal, which may be wrong

    class Meta:
        indexes = [models.Index(fields=["episode", "-on"], name="check_in_by_episode")]

    @property
    def her_words(self) -> str:
        """What she wrote, wherever it is kept."""
        return (self.concern.words if self.concern else self.words) or ""

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.subject_id), ("episode", self.episode_id)}
