"""What a family answered where a program needs it, which programs it is in from elsewhere, and where it lives as listings
count it; and how the window of a referral stands."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass
from inmind.services.matches.family_facts import Answered, Said

FAMILY, CLINICAL, PROFESSIONAL, WHEREABOUTS = (
    FieldClass.FAMILY,
    FieldClass.CLINICAL,
    FieldClass.PROFESSIONAL,
    FieldClass.WHEREABOUTS,
)


class FamilyAnswer(Kept):
    """What was answered to one question of the catalog, about one person. It only grows: the newest of a person holds.

    said: `yes`, `no`, or `rather_not`, which is not asked again; no row: nobody has asked.
    """

    CLASSES = {
        **dict.fromkeys(("episode", "about", "question", "on"), FAMILY),
        "said": CLINICAL,
        "by": PROFESSIONAL,
    }
    SEALED_FOR = "about_id"

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="family_answers")
    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    question = ShortText(max_length=80)  # a key of catalog/questions.yaml
    said = SealedText(null=True, max_length=12)
    on = models.DateField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "created_at"], name="answer_by_episode")]

    @property
    def as_answered(self) -> Answered | None:
        """As the rules read it; None once the person was erased."""
        return Answered(self.about_id, self.question, Said(self.said)) if self.said else None

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.episode_id)}


class FamilyProgram(Kept):
    """That one of a family is in a program already, where this house referred nobody there; with the days, as it was told."""

    CLASSES = dict.fromkeys(("episode", "about", "program", "since", "until"), FAMILY) | {"by": PROFESSIONAL}

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="programs_elsewhere")
    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    program = ShortText(max_length=40)
    since = models.DateField()  # written down on
    until = models.DateField(null=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="in_a_program_for_some_days"
            ),
            models.UniqueConstraint(
                fields=["episode", "about", "program"], condition=Q(until__isnull=True), name="in_a_program_once"
            ),
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.episode_id)}


class FamilyPlace(Kept):
    """Where a side of a family lives, as far as listings ask, and the day on which its child enters kindergarten."""

    CLASSES = {"episode": FAMILY, "county": WHEREABOUTS, "school_on": FAMILY}

    episode = models.OneToOneField("families.Episode", on_delete=models.PROTECT, related_name="place")
    county = ShortText(max_length=60, blank=True)  # as listings name it; empty: not written down
    school_on = models.DateField(null=True)

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.episode_id)}


class ReferralWindow(Kept):
    """How the window of a referral stood when it was last looked at: the machine's note, kept while nobody is connected.

    closes: the first day on which it is too late; place: the day on which a place would come, where somebody said so.
    """

    CLASSES = dict.fromkeys(("referral", "closes", "place", "too_late", "looked_on"), FAMILY)

    referral = models.OneToOneField("services.Referral", on_delete=models.PROTECT, related_name="window")
    closes = models.DateField()
    place = models.DateField(null=True)
    too_late = models.BooleanField()
    looked_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["closes"], name="window_by_its_end")]

    def audit_subjects(self) -> set[tuple[str, UUID]]:
        return self.referral.audit_subjects()
