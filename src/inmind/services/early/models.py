"""A child's case of early intervention as it is kept: its days, what stopped the count, and what a law asks for besides.

What somebody wrote down wrongly is written anew, and what stood stays (`EarlyBefore`). A case names the child, and nobody else
of the family.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import F, Q

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept, period_is_whole
from inmind.foundation.values import FieldClass, Period
from inmind.services.early.case import Case, Day, Ended, Step, What

FAMILY, CLINICAL, PROFESSIONAL = FieldClass.FAMILY, FieldClass.CLINICAL, FieldClass.PROFESSIONAL


class EarlyCase(Kept):
    """One child's way, from the day on which somebody saw that it should be looked at, until the case is closed.

    identified_by: who saw it. received_on: the day from which the lead agency's days are counted; is_lead: that is this agency.
    eligible: None where nobody has said. district_on: referred to the school district instead, so near the third birthday.
    closed_why: a key of `early_case.Ended`; closed_words: kindly, what is to be known. next_step, next_on: what comes next and
    its last day, as the days said when they were last looked at, so that a list need not work them out.
    """

    CLASSES = {
        **dict.fromkeys(("episode", "child", "referral", "identified_on", "referred_on", "received_on"), FAMILY),
        **dict.fromkeys(("evaluated_on", "plan_met_on", "district_on", "is_lead", "next_step", "next_on"), FAMILY),
        **dict.fromkeys(("closed_on", "closed_why"), FAMILY),
        **dict.fromkeys(("eligible", "identified_by", "closed_words"), CLINICAL),
    }
    SEALED_FOR = "child_id"

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="early_cases")
    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="early_cases")
    referral = models.ForeignKey("services.Referral", null=True, on_delete=models.PROTECT, related_name="early_cases")
    is_lead = models.BooleanField(default=False)
    identified_on = models.DateField(null=True)
    identified_by = SealedText(null=True, max_length=120)
    referred_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    evaluated_on = models.DateField(null=True)
    plan_met_on = models.DateField(null=True)
    district_on = models.DateField(null=True)
    eligible = models.BooleanField(null=True)
    closed_on = models.DateField(null=True)
    closed_why = ShortText(max_length=24, choices=[(one.value, one.value) for one in Ended], blank=True)
    closed_words = SealedText(null=True, max_length=1000)
    next_step = ShortText(max_length=20, choices=[(one.value, one.value) for one in What], blank=True)
    next_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(identified_on__isnull=False)
                | Q(referred_on__isnull=False)
                | Q(received_on__isnull=False)
                | Q(district_on__isnull=False),
                name="an_early_case_begins_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=False) | Q(plan_met_on__isnull=True, evaluated_on__isnull=True),
                name="early_days_are_counted_from_one",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_why="") | Q(closed_on__isnull=False) & ~Q(closed_why=""),
                name="an_early_case_is_closed_with_why",
            ),
        ]
        indexes = [
            models.Index(fields=["episode"], name="early_case_by_episode"),
            models.Index(fields=["next_on"], condition=Q(closed_on__isnull=True), name="early_case_due"),
        ]

    @property
    def days(self) -> dict[Day, date]:
        return {one: on for one in Day if (on := getattr(self, one.value)) is not None}

    def as_case(self, born: date) -> Case:
        """The case as the pure rules read it."""
        return Case(
            born,
            self.days,
            eligible=self.eligible,
            is_lead=self.is_lead,
            pauses=periods(self.pauses.all()),
            steps=frozenset(Step(one.kind) for one in self.steps.all()),
            is_closed=self.closed_on is not None,
        )

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.child_id), ("episode", self.episode_id)}


class _Stretch(Kept):
    """Days in which a case was held up: since a day, up to and without another; None while it goes on.

    why: a key; words: what stands behind it. taken_back: it was written down by mistake.
    """

    CLASSES = {
        **dict.fromkeys(("case", "child", "since", "until", "why", "taken_back"), FAMILY),
        "words": CLINICAL,
        "by": PROFESSIONAL,
    }
    SEALED_FOR = "child_id"

    case: models.ForeignKey
    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    why = ShortText(max_length=40)
    words = SealedText(null=True, max_length=1000)
    taken_back = models.BooleanField(default=False)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["since", "created_at"]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.child_id), ("episode", self.case.episode_id)}


class Pause(_Stretch):
    """What the family's own circumstances hold up: it stops the days that count. why: a key of the catalog's `pauses`."""

    case = models.ForeignKey(EarlyCase, on_delete=models.PROTECT, related_name="pauses")

    class Meta(_Stretch.Meta):
        constraints = [period_is_whole("early_pause_is_whole")]


class Delay(_Stretch):
    """What took longer on the system's side: written down as that, and it stops nothing. why: a key of `DELAYS`."""

    case = models.ForeignKey(EarlyCase, on_delete=models.PROTECT, related_name="delays")

    class Meta(_Stretch.Meta):
        constraints = [period_is_whole("early_delay_is_whole")]


def periods(pauses: Iterable[Pause]) -> tuple[Period, ...]:
    """The pauses that hold, as the clock reads them."""
    return tuple(Period(one.since, one.until) for one in pauses if not one.taken_back)


class TransitionStep(Kept):
    """One step before the third birthday, on its day; not_wanted: the family did not want it, and that is theirs to say."""

    CLASSES = {
        **dict.fromkeys(("case", "child", "kind", "on", "not_wanted"), FAMILY),
        "words": CLINICAL,
        "by": PROFESSIONAL,
    }
    SEALED_FOR = "child_id"

    case = models.ForeignKey(EarlyCase, on_delete=models.PROTECT, related_name="steps")
    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = ShortText(max_length=12, choices=[(one.value, one.value) for one in Step])
    on = models.DateField()
    not_wanted = models.BooleanField(default=False)
    words = SealedText(null=True, max_length=1000)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "created_at"]
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="early_step_once")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.child_id), ("episode", self.case.episode_id)}


class EarlyBefore(Kept):
    """What stood in a case, a pause, a delay or a step before it was written anew. It only grows.

    row: which row it stood in; name: which of its fields; was: what stood there, a day in ISO form. by: None where an answer of
    the program changed it.
    """

    CLASSES = {
        **dict.fromkeys(("case", "child", "row", "name"), FAMILY),
        "was": CLINICAL,
        "by": PROFESSIONAL,
    }
    SEALED_FOR = "child_id"

    case = models.ForeignKey(EarlyCase, on_delete=models.PROTECT, related_name="earlier")
    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    row = models.UUIDField()
    name = ShortText(max_length=20)
    was = SealedText(null=True, max_length=1000)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at", "id"]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.child_id), ("episode", self.case.episode_id)}


class Substantiated(Kept):
    """That the agency was told of a substantiated case of which this child is the subject. Nobody is reported by it.

    told_on: when the agency learned of it; on: the day of the finding, where the paper says it. said_by: who told; paper: by
    which paper. Never who reported a family.
    """

    CLASSES = {
        **dict.fromkeys(("episode", "child", "told_on"), FAMILY),
        **dict.fromkeys(("on", "said_by", "paper"), CLINICAL),
        "by": PROFESSIONAL,
    }
    SEALED_FOR = "child_id"

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    told_on = models.DateField()
    on = models.DateField(null=True)
    said_by = SealedText(null=True, max_length=200)
    paper = SealedText(null=True, max_length=200)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(on__isnull=True) | Q(on__lte=F("told_on")), name="told_of_what_was_found"
            )
        ]
        indexes = [models.Index(fields=["episode"], name="substantiated_by_episode")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.child_id), ("episode", self.episode_id)}


class TribalNotice(Kept):
    """That a notice to a tribe is somebody's to see to, by a day; and, once all of it is sent, since when."""

    CLASSES = {
        **dict.fromkeys(("episode", "child", "by_day", "closed_on"), FAMILY),
        "tribe": CLINICAL,
        "owner": PROFESSIONAL,
    }
    SEALED_FOR = "child_id"

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    tribe = SealedText(null=True, max_length=200)
    owner = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    by_day = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["episode"], name="tribal_notice_by_episode")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.child_id), ("episode", self.episode_id)}


class NoticeSent(Kept):
    """One thing that was sent for a notice: to whom, how, on which day, in a few words. It only grows."""

    CLASSES = {
        **dict.fromkeys(("notice", "child", "on"), FAMILY),
        **dict.fromkeys(("to", "how", "words"), CLINICAL),
        "by": PROFESSIONAL,
    }
    SEALED_FOR = "child_id"

    class How(models.TextChoices):
        REGISTERED = "registered"
        LETTER = "letter"
        HANDED = "handed"
        OTHER = "other"

    notice = models.ForeignKey(TribalNotice, on_delete=models.PROTECT, related_name="sent")
    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    to = SealedText(null=True, max_length=200)
    how = ShortText(max_length=12, choices=How.choices)
    words = SealedText(null=True, max_length=1000)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "created_at"]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.child_id), ("episode", self.notice.episode_id)}
