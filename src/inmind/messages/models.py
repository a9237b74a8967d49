"""A letter is queued in the transaction that asked for it, and leaves by a job."""

from __future__ import annotations

from django.db import models

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass
from inmind.messages.outcomes import Problem

PROFESSIONAL, PUBLIC, SECRET = FieldClass.PROFESSIONAL, FieldClass.PUBLIC, FieldClass.SECRET


class Letter(Kept):
    """One letter to one person, and what happened to it: never the address it went to, nor its words.

    Its words come from a template; what a template needs is kept sealed (links are secrets) until it has left.
    """

    CLASSES = {
        **dict.fromkeys(("to", "channel", "link", "sent_by", "asked_by"), PROFESSIONAL),
        **dict.fromkeys(("template", "about_kind", "about_id", "sent_at", "stayed", "waits_until", "tries"), PUBLIC),
        **dict.fromkeys(("failed_at", "problem", "taken_back_at", "reference"), PUBLIC),
        "facts": SECRET,
    }
    SEALED_FOR = "to_id"

    class Channel(models.TextChoices):
        MAIL = "mail"
        TEXT = "text"

    to = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="letters")
    template = ShortText(max_length=60)
    facts = SealedText(max_length=4000)  # JSON
    channel = ShortText(
        max_length=8, choices=Channel.choices, blank=True
    )  # the only one it may take; empty: her own ways
    link = models.ForeignKey("access.AdultLink", null=True, on_delete=models.PROTECT, related_name="letters")
    asked_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    about_kind = ShortText(max_length=40, blank=True)
    about_id = models.UUIDField(null=True)
    waits_until = models.DateTimeField(null=True)  # the hour that is safe, or with a problem the next try
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    sent_by = ShortText(max_length=8, choices=Channel.choices, blank=True)
    stayed = models.BooleanField(default=False)  # it was written into the outbox folder, and nobody carries it on
    reference = ShortText(max_length=100, blank=True)  # how the carrier calls it
    failed_at = models.DateTimeField(null=True)
    problem = ShortText(max_length=20, choices=[(one.value, one.value) for one in Problem], blank=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["about_id"], name="letter_about")]

    @property
    def is_over(self) -> bool:
        """Whether it has left, or never will."""
        return not (self.sent_at is None and self.failed_at is None and self.taken_back_at is None)
