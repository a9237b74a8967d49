"""A family that asked by itself to be called: sealed, without a person, and blanked some days after somebody called."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

PUBLIC, PROFESSIONAL, SECRET = FieldClass.PUBLIC, FieldClass.PROFESSIONAL, FieldClass.SECRET


class SelfReferral(Kept):
    """That somebody asked on the public pages to be called about a listing. No record of a person is made of it.

    organization: who reads it: the listing's provider where it is one of this house, else the listing's keeper. words: first
    name, number, when it is safe to call, whether a message may be left, and what was written besides, sealed by the house's
    own key; None once they were erased. tried, tried_on: calls that reached nobody. due_on: the day that was promised.
    """

    CLASSES = {
        **dict.fromkeys(("organization", "listing", "language", "due_on", "tried", "tried_on"), PUBLIC),
        **dict.fromkeys(("outcome", "closed_at"), PUBLIC),
        "closed_by": PROFESSIONAL,
        "words": SECRET,
    }

    class Outcome(models.TextChoices):
        REACHED = "reached"
        NOT_REACHED = "not_reached"  # after several tries

    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("services.Listing", on_delete=models.PROTECT, related_name="self_referrals")
    language = ShortText(max_length=12, blank=True)
    words = models.BinaryField(null=True)
    due_on = models.DateField()
    tried = models.PositiveSmallIntegerField(default=0)
    tried_on = models.DateField(null=True)
    outcome = ShortText(max_length=12, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, outcome="")
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome=""),
                name="asked_call_is_closed_with_what_came_of_it",
            ),
            models.CheckConstraint(
                condition=Q(words__isnull=False) | Q(closed_at__isnull=False),
                name="asked_call_keeps_its_words_while_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "due_on"], condition=Q(closed_at__isnull=True), name="asked_call_open"
            ),
        ]
