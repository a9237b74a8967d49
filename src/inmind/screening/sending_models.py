"""The questions of one visit, sent to one adult: which, in which order, and the screen that each became."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

FAMILY, CLINICAL, PROFESSIONAL = FieldClass.FAMILY, FieldClass.CLINICAL, FieldClass.PROFESSIONAL


class Sending(Kept):
    """What one adult is asked before or at one visit. It names her and the asking episode, never the child.

    Its links name it (`AdultLink.about`); the latest counts. on: the day of the visit. language: of the questions.
    finished_at: when she said that she was done, or nothing more could come. taken_back_at: since when it opens nothing.
    """

    CLASSES = {
        **dict.fromkeys(("episode", "adult"), FAMILY),
        **dict.fromkeys(("on", "language", "finished_at", "taken_back_at"), CLINICAL),
        "asked_by": PROFESSIONAL,
    }

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="sendings")
    adult = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="sendings")
    on = models.DateField()
    language = ShortText(max_length=12)
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "adult"], name="sending_by_adult")]

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None or self.taken_back_at is not None

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.adult_id), ("episode", self.episode_id)}


class SendingPart(Kept):
    """One part: an instrument in one edition, or, where both are empty, the check-in in our own words.

    about_child: she answers about the child, else about herself. screen: what it became at the first answer. wording: in
    whose exact words she last answered. passed_at: when she went past a check-in, used or not.
    """

    CLASSES = {
        **dict.fromkeys(("sending", "about_child"), FAMILY),
        **dict.fromkeys(("number", "instrument", "edition", "screen", "wording", "passed_at"), CLINICAL),
    }

    sending = models.ForeignKey(Sending, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField()
    instrument = ShortText(max_length=40, blank=True)
    edition = ShortText(max_length=40, blank=True)
    about_child = models.BooleanField(default=False)
    screen = models.OneToOneField("screening.Screen", null=True, on_delete=models.PROTECT, related_name="sent_part")
    wording = models.ForeignKey("screening.HouseWording", null=True, on_delete=models.PROTECT, related_name="+")
    passed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["sending", "number"], name="sent_parts_are_numbered"),
            models.CheckConstraint(
                condition=Q(instrument="", edition="", about_child=False, screen=None)
                | ~Q(instrument="") & ~Q(edition=""),
                name="a_check_in_becomes_no_screen",
            ),
        ]

    @property
    def is_check_in(self) -> bool:
        return not self.instrument

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.sending.audit_subjects()
