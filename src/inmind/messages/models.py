"""A letter is queued in the transaction that asked for it, and leaves by a job."""

from __future__ import annotations

from django.db import models

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

PROFESSIONAL, PUBLIC, SECRET = FieldClass.PROFESSIONAL, FieldClass.PUBLIC, FieldClass.SECRET


class Letter(Kept):
    """One letter to one person. Its words come from a template; what a template needs is kept sealed (links are secrets)."""

    CLASSES = {
        "to": PROFESSIONAL,
        "template": PUBLIC,
        "facts": SECRET,
        "about_kind": PUBLIC,
        "about_id": PUBLIC,
        "sent_at": PUBLIC,
        "failed_at": PUBLIC,
        "problem": PUBLIC,
    }
    SEALED_FOR = "to_id"

    to = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="letters")
    template = ShortText(max_length=60)
    facts = SealedText(max_length=4000)  # JSON
    about_kind = ShortText(max_length=40, blank=True)
    about_id = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    problem = ShortText(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["about_id"], name="letter_about")]
