"""What is on its way to somebody outside, kept apart from what was agreed to and what was told (`access/models.py`)."""

from __future__ import annotations

from django.db import models

from inmind.access.fields import SealedText
from inmind.foundation.fields import LongText, ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

FAMILY, PROFESSIONAL, CLINICAL, PUBLIC = (
    FieldClass.FAMILY,
    FieldClass.PROFESSIONAL,
    FieldClass.CLINICAL,
    FieldClass.PUBLIC,
)


class Release(Kept):
    """A file or a paper of facts about one person for somebody outside, made in parts and kept for a short time.

    It holds what was asked (`consents.Asked`) and asks the rule anew before each part and each time it is taken, for each of
    its recipients; no consent stands in it. form: of `releases.Form`; recipients: one a line; subpoena: what it answers.
    `lines`: the entries made so far, sealed JSON, gone once it is over. `done` of `parts`: kinds that are in it. said: all
    that a paper says, once it is whole, as sealed JSON. digest: of the bytes that first left, so that nobody gets others.
    stopped: what was missing, in the words of whoever asked for it. chosen: `releases.Chosen` of a court's paper, as JSON.
    """

    CLASSES = {
        **dict.fromkeys(("about", "episode", "recipients", "purpose", "kinds", "facts_since", "facts_until"), FAMILY),
        **dict.fromkeys(("form", "subpoena"), FAMILY),
        **dict.fromkeys(("asked_by", "language"), PROFESSIONAL),
        **dict.fromkeys(("state", "parts", "done", "until"), PUBLIC),
        **dict.fromkeys(("lines", "said", "stopped", "chosen"), CLINICAL),
        "digest": FieldClass.SECRET,
    }
    SEALED_FOR = "about_id"

    class State(models.TextChoices):
        MAKING = "making"
        READY = "ready"
        STOPPED = "stopped"
        OVER = "over"

    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="releases")
    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="releases")
    form = ShortText(max_length=20, default="table")
    subpoena = models.ForeignKey("families.Subpoena", null=True, on_delete=models.PROTECT, related_name="releases")
    recipients = LongText(max_length=2000)
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
    said = SealedText(null=True, max_length=2_500_000)
    digest = ShortText(max_length=64, blank=True)
    until = models.DateTimeField(null=True)  # when it is removed; None while it is made
    stopped = SealedText(null=True, max_length=2000)
    chosen = SealedText(null=True, max_length=100_000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=("making", "ready")) | models.Q(lines__isnull=True, said__isnull=True),
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

    @property
    def named(self) -> tuple[str, ...]:
        """Everybody whom it is for."""
        return tuple(self.recipients.split("\n"))

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.about_id), ("episode", self.episode_id)}


class Subpoena(Kept):
    """That a subpoena or an order of a court came about somebody, and what the privacy officer decided and did about it.

    Whoever received it writes down who sent it, when it came, what it asks for and by when; its paper is a kept file. From
    then on it is the privacy officer's alone. rests_on: of `subpoenas.Basis`, empty until it is decided; what is told by it:
    kinds of facts, of which days, to whom, and why that is the least (`basis`). order: where the order of a court is kept.
    It is closed only with what was done.
    """

    CLASSES = {
        **dict.fromkeys(("about", "episode", "kind", "sender", "came_on", "answer_by", "rests_on"), FAMILY),
        **dict.fromkeys(("recipients", "kinds", "facts_since", "facts_until", "order"), FAMILY),
        **dict.fromkeys(("noted_by", "decided_by", "closed_by"), PROFESSIONAL),
        **dict.fromkeys(("decided_at", "closed_at"), PUBLIC),
        **dict.fromkeys(("asks", "basis", "done"), CLINICAL),
        "hold": FAMILY,
    }
    SEALED_FOR = "about_id"

    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="subpoenas")
    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="subpoenas")
    kind = ShortText(max_length=12)
    sender = ShortText(max_length=200)
    came_on = models.DateField()
    answer_by = models.DateField(null=True)
    asks = SealedText(null=True, max_length=4000)
    noted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    hold = models.ForeignKey("access.LegalHold", null=True, on_delete=models.PROTECT, related_name="+")
    rests_on = ShortText(max_length=12, blank=True)
    recipients = LongText(max_length=2000, blank=True)
    kinds = ShortText(max_length=200, blank=True)
    facts_since = models.DateField(null=True)
    facts_until = models.DateField(null=True)
    order = ShortText(max_length=200, blank=True)
    basis = SealedText(null=True, max_length=2000)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    done = SealedText(null=True, max_length=4000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rests_on="", decided_at__isnull=True, decided_by__isnull=True)
                | ~models.Q(rests_on="") & models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="subpoena_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="subpoena_is_closed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["episode"], name="subpoena_by_episode"),
            models.Index(fields=["about"], condition=models.Q(closed_at__isnull=True), name="subpoena_open"),
        ]

    @property
    def is_held(self) -> bool:
        """Whether a legal hold stands that was set for it, or stood already."""
        return self.hold is not None and self.hold.lifted_at is None

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.about_id), ("episode", self.episode_id)}


class SubpoenaStep(Kept):
    """One step on the way of a subpoena: what was done (of `subpoenas.Step`), by whom, when, and in which words. Never changed."""

    CLASSES = {"subpoena": FAMILY, "about": FAMILY, "what": FAMILY, "by": PROFESSIONAL, "words": CLINICAL}
    SEALED_FOR = "about_id"

    subpoena = models.ForeignKey(Subpoena, on_delete=models.PROTECT, related_name="steps")
    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    what = ShortText(max_length=12)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    words = SealedText(null=True, max_length=4000)

    class Meta:
        indexes = [models.Index(fields=["subpoena", "created_at"], name="step_by_subpoena")]


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
