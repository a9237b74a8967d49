"""An assessment of a child over several visits, its draft as it is typed, and each version that was signed.

Axis II names adults: each relationship is sealed for the adult whom it rates, stands in tables of its own, and is read by a
grant of its own.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from inmind.access.fields import SealedText
from inmind.diagnosis.codes.models import ChosenCode as ChosenCode  # Django looks for tables here
from inmind.diagnosis.codes.models import CodeBlock as CodeBlock
from inmind.diagnosis.codes.models import CodeRelease as CodeRelease
from inmind.diagnosis.codes.models import CrosswalkAnswer as CrosswalkAnswer
from inmind.diagnosis.codes.models import CrosswalkEnd as CrosswalkEnd
from inmind.diagnosis.codes.models import CrosswalkRow as CrosswalkRow
from inmind.diagnosis.codes.models import CrosswalkTable as CrosswalkTable
from inmind.diagnosis.codes.models import PayerAllowance as PayerAllowance
from inmind.diagnosis.formulation import Certainty, Part
from inmind.diagnosis.signing import AGAIN_DAYS_BEFORE
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

FAMILY, CLINICAL, PROFESSIONAL = FieldClass.FAMILY, FieldClass.CLINICAL, FieldClass.PROFESSIONAL
LONGEST = 100_000  # ours: characters of one part, as it is sealed


class Assessment(Kept):
    """Getting to know a child over several visits, before any diagnosis exists. payer: who pays for the visits, as the agency
    calls it. It ends with the version that is signed, or without one.

    after: the signed version with which its draft began, where there was one.
    """

    CLASSES = {
        **dict.fromkeys(("episode", "opened_on", "closed_on", "payer"), FAMILY),
        **dict.fromkeys(("question", "after"), CLINICAL),
        "by": PROFESSIONAL,
    }
    SEALED_FOR = "child_id"

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="assessments")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    question = SealedText(null=True, max_length=2000)  # what the family and the team want to understand
    payer = ShortText(max_length=80, blank=True)
    after = models.UUIDField(null=True)  # by its id: a version points to its assessment, and tables point one way
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="assessment_closes_after_it_opens"
            ),
            models.UniqueConstraint(fields=["episode"], condition=Q(closed_on=None), name="one_assessment_at_a_time"),
        ]

    @property
    def child_id(self) -> object:
        return self.episode.dyad.child_id

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.episode_id), ("dyad", self.episode.dyad_id)}


class AssessedVisit(Kept):
    """That a visit to the family was one of an assessment. The visit itself stands once, in `families`."""

    CLASSES = dict.fromkeys(("assessment", "visit"), FAMILY)

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="visits")
    visit = models.OneToOneField("families.Visit", on_delete=models.PROTECT, related_name="+")

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.assessment.audit_subjects()


class _OfAnAssessment(Kept):
    """A part of a draft: what was typed last, by whom. Each part is saved by itself, with a version of its own.

    taken_over: as the last signed version said it, and kept by nobody since.
    """

    assessment: models.ForeignKey[Assessment, Assessment]
    content = SealedText(null=True, max_length=LONGEST)  # JSON
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    taken_over = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def audit_subjects(self) -> set[tuple[str, object]]:
        found: set[tuple[str, object]] = self.assessment.audit_subjects()
        return found


class DraftPart(_OfAnAssessment):
    """One part of the draft of a formulation; of Axis II nothing."""

    CLASSES = {**dict.fromkeys(("assessment", "part", "taken_over"), FAMILY), "content": CLINICAL, "by": PROFESSIONAL}
    SEALED_FOR = "child_id"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="parts")
    part = ShortText(max_length=12, choices=[(one.value, one.value) for one in Part])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "part"], name="one_part_of_a_draft")]

    @property
    def child_id(self) -> object:
        return self.assessment.child_id


class DraftRelationship(_OfAnAssessment):
    """Part A of Axis II in a draft: the child with one caregiver. Sealed for that caregiver."""

    CLASSES = {
        **dict.fromkeys(("assessment", "caregiver", "taken_over"), FAMILY),
        "content": CLINICAL,
        "by": PROFESSIONAL,
    }
    SEALED_FOR = "caregiver_id"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="relationships")
    caregiver = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "caregiver"], name="one_relationship_in_a_draft")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return super().audit_subjects() | {("person", self.caregiver_id)}


class DraftEnvironment(_OfAnAssessment):
    """Part B of Axis II in a draft: one caregiving environment. number: its place among them."""

    CLASSES = {**dict.fromkeys(("assessment", "number", "taken_over"), FAMILY), "content": CLINICAL, "by": PROFESSIONAL}
    SEALED_FOR = "child_id"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="environments")
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="one_environment_in_a_draft")]

    @property
    def child_id(self) -> object:
        return self.assessment.child_id


class Formulation(Kept):
    """A signed version; nothing in it is ever overwritten. number: from 1 in its episode.

    content: everything but Axis II. mark: of all that was signed, with Axis II and who signed, so that a later change would show.
    cosigner: who was asked to sign, too; None: nobody has to. second_mark: of that signature, over what was signed. signer,
    second_signer: who signed, by their ids of that day, which the marks cover; `signed_by` and `cosigner` follow a merge.
    """

    CLASSES = {
        **dict.fromkeys(("episode", "assessment", "number", "edition", "assessed_on"), FAMILY),
        **dict.fromkeys(("content", "why_new", "cosigner_said"), CLINICAL),
        **dict.fromkeys(("signed_by", "signed_as", "signed_at", "cosigner", "cosigned_at", "mark"), PROFESSIONAL),
        **dict.fromkeys(("signer", "second_signer", "second_mark", "cosigned_as"), PROFESSIONAL),
    }
    SEALED_FOR = "child_id"

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="formulations")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="formulations")
    number = models.PositiveSmallIntegerField()
    edition = ShortText(max_length=20)  # of the manual
    assessed_on = models.DateField()
    content = SealedText(null=True, max_length=LONGEST * 4)
    why_new = SealedText(null=True, max_length=2000)  # from the second on: what made a new one needed
    signed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="formulations_signed")
    signed_as = ShortText(max_length=120)  # credentials as the signer writes them
    signed_at = models.DateTimeField()
    cosigner = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="formulations_cosigned"
    )
    cosigned_at = models.DateTimeField(null=True)
    cosigned_as = ShortText(max_length=120, blank=True)
    cosigner_said = SealedText(null=True, max_length=2000)
    signer = models.UUIDField()
    second_signer = models.UUIDField(null=True)
    mark = ShortText(max_length=64)
    second_mark = ShortText(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "number"], name="formulations_are_numbered"),
            models.CheckConstraint(
                condition=Q(cosigned_at=None) | Q(cosigner__isnull=False), name="cosigned_by_who_was_asked"
            ),
        ]
        indexes = [models.Index(fields=["episode", "-number"], name="formulation_by_episode")]

    @property
    def child_id(self) -> object:
        return self.episode.dyad.child_id

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.episode_id), ("dyad", self.episode.dyad_id)}


class DeclinedCosign(Kept):
    """That somebody who was asked did not sign a version, too, with what speaks against it. It only grows."""

    CLASSES = {"formulation": FAMILY, "words": CLINICAL, "by": PROFESSIONAL}
    SEALED_FOR = "child_id"

    formulation = models.ForeignKey(Formulation, on_delete=models.PROTECT, related_name="declined")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    words = SealedText(null=True, max_length=2000)

    @property
    def child_id(self) -> object:
        return self.formulation.child_id

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.formulation.audit_subjects()


class Given(Kept):
    """A diagnosis of a signed version by its label in DC:0-5, by which it is counted and looked up for a claim; never by a code.
    kind, parent: what decides its code, where one asks."""

    CLASSES = dict.fromkeys(("formulation", "disorder", "certainty", "caregiver", "parent", "kind"), CLINICAL)

    formulation = models.ForeignKey(Formulation, on_delete=models.PROTECT, related_name="given")
    disorder = ShortText(max_length=80)
    certainty = ShortText(max_length=12, choices=[(one.value, one.value) for one in Certainty])
    caregiver = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    parent = ShortText(max_length=12, blank=True)  # who the caregiver is to the child
    kind = ShortText(max_length=20, blank=True)

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.formulation.audit_subjects()


class SignedRelationship(Kept):
    """Part A of Axis II in a signed version, sealed for the caregiver whom it rates. mark: of its words."""

    CLASSES = {**dict.fromkeys(("formulation", "caregiver"), FAMILY), "content": CLINICAL, "mark": PROFESSIONAL}
    SEALED_FOR = "caregiver_id"

    formulation = models.ForeignKey(Formulation, on_delete=models.PROTECT, related_name="relationships")
    caregiver = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    content = SealedText(null=True, max_length=LONGEST)
    mark = ShortText(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["formulation", "caregiver"], name="one_relationship_is_signed")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.formulation.audit_subjects() | {("person", self.caregiver_id)}


class SignedEnvironment(Kept):
    """Part B of Axis II in a signed version. mark: of its words."""

    CLASSES = {**dict.fromkeys(("formulation", "number"), FAMILY), "content": CLINICAL, "mark": PROFESSIONAL}
    SEALED_FOR = "child_id"

    formulation = models.ForeignKey(Formulation, on_delete=models.PROTECT, related_name="environments")
    number = models.PositiveSmallIntegerField()
    content = SealedText(null=True, max_length=LONGEST)
    mark = ShortText(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["formulation", "number"], name="one_environment_is_signed")]

    @property
    def child_id(self) -> object:
        return self.formulation.child_id

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.formulation.audit_subjects()


class SigningRule(Kept):
    """What an agency asks where a formulation is signed. needs_cosigner: a second clinician signs each. again_days: how long
    before a diagnosis's window closes the child is to be assessed again; our default, shown as ours."""

    CLASSES = dict.fromkeys(("organization", "needs_cosigner", "again_days", "by"), PROFESSIONAL)

    organization = models.OneToOneField("people.Organization", on_delete=models.PROTECT, related_name="+")
    needs_cosigner = models.BooleanField(default=False)
    again_days = models.PositiveSmallIntegerField(default=AGAIN_DAYS_BEFORE)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")


class FamilySummary(Kept):
    """What is gone through with a family about a signed version, in plain words of whoever formulated, in one language. It
    only grows: the newest of a language holds. Nothing of Axis II stands in it. says_names: whether its paper names the child's
    own diagnoses."""

    CLASSES = {
        **dict.fromkeys(("formulation", "language"), FAMILY),
        **dict.fromkeys(("strengths", "understood", "next_steps", "says_names"), CLINICAL),
        "by": PROFESSIONAL,
    }
    SEALED_FOR = "child_id"
    LONGEST = 4_000

    formulation = models.ForeignKey(Formulation, on_delete=models.PROTECT, related_name="summaries")
    language = ShortText(max_length=8)
    strengths = SealedText(null=True, max_length=LONGEST)
    understood = SealedText(null=True, max_length=LONGEST)
    next_steps = SealedText(null=True, max_length=LONGEST)
    says_names = models.BooleanField(default=False)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["formulation", "language", "-created_at"], name="summary_by_formulation")]

    @property
    def child_id(self) -> object:
        return self.formulation.child_id

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.formulation.audit_subjects()
