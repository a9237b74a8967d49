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

    Its words come from a template; what a template needs is kept sealed (links are secrets) until it has left. Where it has no
    reader of its own it goes to an office (`tell_office`): `office_of` is the organization that writes, and the address is
    sealed with the rest.
    """

    CLASSES = {
        **dict.fromkeys(("to", "office_of", "channel", "link", "office_link", "sent_by", "asked_by"), PROFESSIONAL),
        **dict.fromkeys(("template", "about_kind", "about_id", "sent_at", "stayed", "waits_until", "tries"), PUBLIC),
        **dict.fromkeys(("failed_at", "problem", "taken_back_at", "reference"), PUBLIC),
        "facts": SECRET,
    }
    SEALED_FOR = "to_id"

    class Channel(models.TextChoices):
        MAIL = "mail"
        TEXT = "text"

    to = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="letters")
    office_of = models.ForeignKey("people.Organization", null=True, on_delete=models.PROTECT, related_name="+")
    template = ShortText(max_length=60)
    facts = SealedText(null=True, max_length=4000)  # JSON; of a letter to an office, None once it has left
    channel = ShortText(
        max_length=8, choices=Channel.choices, blank=True
    )  # the only one it may take; empty: her own ways
    link = models.ForeignKey("access.AdultLink", null=True, on_delete=models.PROTECT, related_name="letters")
    office_link = models.ForeignKey("access.OfficeLink", null=True, on_delete=models.PROTECT, related_name="letters")
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
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to__isnull=False, office_of__isnull=True, office_link__isnull=True)
                | models.Q(to__isnull=True, office_of__isnull=False, link__isnull=True),
                name="letter_has_one_reader",
            )
        ]

    @property
    def is_over(self) -> bool:
        """Whether it has left, or never will."""
        return not (self.sent_at is None and self.failed_at is None and self.taken_back_at is None)
