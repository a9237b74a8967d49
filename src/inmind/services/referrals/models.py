"""A referral as it is kept: for whom, to what, by which consent, how it stands, and each step by which it came there."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass
from inmind.services.referrals.referral import By, State, Step, Why

FAMILY, CLINICAL, PROFESSIONAL, WHEREABOUTS = (
    FieldClass.FAMILY,
    FieldClass.CLINICAL,
    FieldClass.PROFESSIONAL,
    FieldClass.WHEREABOUTS,
)
STATES = [(one.value, one.value) for one in State]
REASONS = [(one.value, one.value) for one in Why]


class Referral(Kept):
    """That one person of a family is referred to one listing.

    about: the person for whom it is, a child or an adult; to_call: the adult whom the program calls, who may be the same.
    recipient, program: as the listing said on the day of the draft, and as the consent names it. provider, mail: to whose
    inbox or which address it was sent, as the listing said on that day; what is said of the listing later changes neither
    (decision 30). consent: by which it was told when it was sent; None until then, and where the family carries it itself
    (`by_family`). kinds: what of it the program is told (`consents.KINDS`), joined by spaces. hopes: what the family hopes
    for, in its own words. tells: what the worker wrote to the program. reach: how the adult is safely reached, as it is told.
    worker: who answers for it here. caller, calls_on, calls_said: who of the program calls first, on which day, and what they
    say of themselves: a name before the first call. called_by: who of this house that is, where they show their picture with it
    (`face_models.py`). has_place: that one of the listing's places was counted down for it
    (`places.py`).
    """

    CLASSES = {
        **dict.fromkeys(("about", "episode", "to_call", "listing", "recipient", "program", "consent", "kinds"), FAMILY),
        **dict.fromkeys(("purpose", "by_family", "state", "state_on", "why", "sent_on", "answer_by"), FAMILY),
        **dict.fromkeys(("caller", "calls_on", "calls_said", "waits_until", "is_early_intervention"), FAMILY),
        "has_place": FAMILY,
        **dict.fromkeys(("provider", "mail"), FAMILY),
        **dict.fromkeys(("hopes", "tells"), CLINICAL),
        "reach": WHEREABOUTS,
        **dict.fromkeys(("worker", "called_by"), PROFESSIONAL),
    }
    SEALED_FOR = "about_id"

    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="referrals")
    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="referrals")
    to_call = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("services.Listing", on_delete=models.PROTECT, related_name="referrals")
    recipient = ShortText(max_length=200)
    provider = models.ForeignKey("people.Organization", null=True, on_delete=models.PROTECT, related_name="+")
    mail = ShortText(max_length=254, blank=True)
    program = ShortText(max_length=40, blank=True)
    consent = models.ForeignKey("access.Consent", null=True, on_delete=models.PROTECT, related_name="referrals")
    purpose = ShortText(max_length=24)
    kinds = ShortText(max_length=200, blank=True)
    by_family = models.BooleanField(default=False)
    hopes = SealedText(null=True, max_length=2000)
    tells = SealedText(null=True, max_length=2000)
    reach = SealedText(null=True, max_length=500)
    worker = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    is_early_intervention = models.BooleanField(default=False)
    state = ShortText(max_length=12, choices=STATES, default=State.DRAFTED.value)
    state_on = models.DateField()
    why = ShortText(max_length=24, choices=REASONS, blank=True)
    sent_on = models.DateField(null=True)
    answer_by = models.DateField(null=True)  # when somebody looks after it next
    caller = ShortText(max_length=120, blank=True)
    calls_on = models.DateField(null=True)
    calls_said = ShortText(max_length=300, blank=True)
    called_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    waits_until = models.DateField(null=True)  # the day that the program named for a place
    has_place = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="drafted") | Q(state="closed") | Q(sent_on__isnull=False), name="what_stands_was_sent"
            ),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True) | Q(by_family=True) | Q(consent__isnull=False),
                name="sent_by_a_consent",
            ),
            models.CheckConstraint(
                condition=Q(provider__isnull=True, mail="") | Q(sent_on__isnull=False, by_family=False),
                name="addressed_when_it_is_sent",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("declined", "closed", "ended")) & ~Q(why="")
                | ~Q(state__in=("declined", "closed", "ended")) & Q(why=""),
                name="why_it_is_over_is_kept",
            ),
        ]
        indexes = [
            models.Index(fields=["episode"], name="referral_by_episode"),
            models.Index(fields=["listing", "state"], name="referral_by_listing"),
            models.Index(
                fields=["worker", "answer_by"],
                condition=~Q(state__in=("declined", "closed", "ended")),
                name="referral_open",
            ),
        ]

    @property
    def stands(self) -> State:
        return State(self.state)

    @property
    def as_steps(self) -> list[Step]:
        return [one.as_step for one in self.steps.all()]

    def audit_subjects(self) -> set[tuple[str, UUID]]:
        return {("person", self.about_id), ("episode", self.episode_id)}


class ReferralStep(Kept):
    """That a referral came into a state, or that something was tried on the way. It only grows.

    on: the day on which it happened; by: who moved it; person: who of this house wrote it down, None where the program did by
    a mailed link. tried: what was tried without a new state: no answer, an appointment, one that did not come about; or that
    the family met the program's worker together with ours (`at`: at what time; said_by: who of the program was there).
    """

    CLASSES = {
        **dict.fromkeys(
            ("referral", "about", "number", "state", "on", "at", "by", "why", "tried", "cancelled_by"), FAMILY
        ),
        **dict.fromkeys(("person", "said_by", "link"), PROFESSIONAL),
        "note": CLINICAL,
    }
    SEALED_FOR = "about_id"

    class Tried(models.TextChoices):
        CALLED = "called"  # and nobody was reached
        BOOKED = "booked"
        MISSED = "missed"  # the appointment did not come about
        CANCELLED = "cancelled"
        INTRODUCED = "introduced"  # a warm hand-off: the family, our worker and the program's in one room
        SAYS_CALLED = "says_called"  # by the family on its own page, for its worker to confirm
        SAYS_BEGUN = "says_begun"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    state = ShortText(max_length=12, choices=STATES)
    on = models.DateField()
    at = models.TimeField(null=True)
    by = ShortText(max_length=8, choices=[(one.value, one.value) for one in By])
    why = ShortText(max_length=24, choices=REASONS, blank=True)
    tried = ShortText(max_length=12, choices=Tried.choices, blank=True)
    cancelled_by = ShortText(max_length=8, blank=True)  # `family`, `program`, or empty where nobody said
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    said_by = ShortText(max_length=120, blank=True)  # who of the program said so, as they wrote their name
    link = models.UUIDField(null=True)  # the mailed link by which it came
    note = SealedText(null=True, max_length=1000)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["referral", "number"], name="referral_steps_are_numbered")]

    @property
    def as_step(self) -> Step:
        return Step(State(self.state), self.on, self.created_at, By(self.by), Why(self.why) if self.why else None)

    def audit_subjects(self) -> set[tuple[str, UUID]]:
        return self.referral.audit_subjects()
