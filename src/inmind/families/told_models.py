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


class Proposal(Kept):
    """That one adult is asked, on her own page, whether something may be told outside; and what she answered.

    What is asked is what a consent would say (`access.Consent`); `capacity`: as what she would agree. Once she signed:
    `shown` is the text that she read, letter by letter, `signed` the name that she typed, with the moment, its zone and the
    link by which she came. A no keeps none of that, and nothing follows from it.
    """

    CLASSES = {
        **dict.fromkeys(("about", "episode", "asked", "capacity", "recipient", "covered", "purpose", "kinds"), FAMILY),
        **dict.fromkeys(("facts_since", "facts_until", "until", "counsel", "hearing", "state", "answered_at"), FAMILY),
        **dict.fromkeys(("consent", "language", "edition", "zone", "link"), FAMILY),
        **dict.fromkeys(("shown", "signed"), CLINICAL),
        "asked_by": PROFESSIONAL,
    }
    SEALED_FOR = "asked_id"

    class State(models.TextChoices):
        OPEN = "open"
        AGREED = "agreed"
        NO = "no"
        TAKEN_BACK = "taken_back"

    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="proposals")
    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="proposals")
    asked = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="asked_to_agree")
    capacity = ShortText(max_length=24)
    recipient = ShortText(max_length=200)
    covered = models.BooleanField(null=True)
    purpose = ShortText(max_length=24)
    kinds = ShortText(max_length=200)
    facts_since = models.DateField()
    facts_until = models.DateField(null=True)
    until = models.DateField(null=True)
    counsel = ShortText(max_length=200, blank=True)
    hearing = models.DateField(null=True)
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    state = ShortText(max_length=12, choices=State.choices, default=State.OPEN)
    answered_at = models.DateTimeField(null=True)
    consent = models.OneToOneField("access.Consent", null=True, on_delete=models.PROTECT, related_name="proposal")
    language = ShortText(max_length=12, blank=True)  # in which she read it
    edition = ShortText(max_length=12, blank=True)  # of our text (`access/consent_text.py`)
    zone = ShortText(max_length=60, blank=True)
    link = models.UUIDField(null=True)
    shown = SealedText(null=True, max_length=20_000)
    signed = SealedText(null=True, max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="agreed", consent__isnull=False, link__isnull=False)
                | ~models.Q(state="agreed") & models.Q(consent__isnull=True, link__isnull=True),
                name="signed_by_a_link_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("agreed", "no"), answered_at__isnull=False)
                | models.Q(state__in=("open", "taken_back"), answered_at__isnull=True),
                name="answered_at_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["asked", "episode"], name="proposal_by_adult")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.about_id), ("person", self.asked_id), ("episode", self.episode_id)}
