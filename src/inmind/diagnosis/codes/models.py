"""Releases of ICD-10-CM, the tables of states and payers that lead to their codes, and which code was chosen where several can be."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from inmind.access.fields import SealedText
from inmind.foundation.fields import LongText, ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

PUBLIC, PROFESSIONAL, CLINICAL = FieldClass.PUBLIC, FieldClass.PROFESSIONAL, FieldClass.CLINICAL


class CodeRelease(Kept):
    """A release of ICD-10-CM that was loaded, in force from `since` until the day before `until`; None: until the next begins.
    One that was withdrawn stays, with the reason."""

    CLASSES = {
        **dict.fromkeys(("name", "since", "until", "codes", "file", "sha256"), PUBLIC),
        **dict.fromkeys(("by", "withdrawn_on", "withdrawn_why"), PROFESSIONAL),
    }

    name = ShortText(max_length=80)
    since = models.DateField()
    until = models.DateField(null=True)
    codes = models.PositiveIntegerField()
    file = ShortText(max_length=120)
    sha256 = ShortText(max_length=64)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True)
    withdrawn_why = ShortText(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["since"], condition=Q(withdrawn_on=None), name="one_release_begins_on_a_day"
            ),
            models.UniqueConstraint(fields=["sha256"], condition=Q(withdrawn_on=None), name="one_release_of_a_file"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="release_period_is_whole"),
        ]


class CodeBlock(Kept):
    """A category of a release with everything below it: read only where one of its codes is asked for."""

    CLASSES = dict.fromkeys(("release", "category", "body"), PUBLIC)

    release = models.ForeignKey(CodeRelease, on_delete=models.PROTECT, related_name="blocks")
    category = ShortText(max_length=3)
    body = LongText(max_length=2_000_000)  # JSON: each code with title, parent, seventh signs, what it excludes, terms

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "category"], name="one_block_of_a_category")]


class CrosswalkTable(Kept):
    """A state's or a payer's table that was loaded. payers: whose claims it is for, one to a line; none: all of them.
    working_may_be_billed: None where its publisher does not say. left_out: rows that were not taken since their code is a
    heading, each with its diagnosis and its code."""

    CLASSES = {
        **dict.fromkeys(
            ("publisher", "edition", "since", "until", "payers", "working_may_be_billed", "source", "left_out"), PUBLIC
        ),
        **dict.fromkeys(("by", "withdrawn_on", "withdrawn_why"), PROFESSIONAL),
    }

    publisher = ShortText(max_length=120)
    edition = ShortText(max_length=80)
    since = models.DateField()
    until = models.DateField(null=True)
    payers = LongText(max_length=4_000, blank=True)
    working_may_be_billed = models.BooleanField(null=True)
    source = ShortText(max_length=300, blank=True)
    left_out = LongText(max_length=40_000, blank=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True)
    withdrawn_why = ShortText(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publisher", "edition"], condition=Q(withdrawn_on=None), name="one_edition_of_a_table"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="table_period_is_whole"),
        ]


class CrosswalkRow(Kept):
    """One row of a loaded table."""

    CLASSES = dict.fromkeys(("table", "disorder", "code", "dsm5", "kind", "parent", "when"), PUBLIC)

    table = models.ForeignKey(CrosswalkTable, on_delete=models.PROTECT, related_name="rows")
    disorder = ShortText(max_length=80)
    code = ShortText(max_length=10)
    dsm5 = ShortText(max_length=300, blank=True)
    kind = ShortText(max_length=20, blank=True)
    parent = ShortText(max_length=12, blank=True)
    when = ShortText(max_length=300, blank=True)


class CrosswalkEnd(Kept):
    """From a day on a table is not for one of its payers any more, which has a later edition; the others keep it."""

    CLASSES = dict.fromkeys(("table", "payer", "since"), PUBLIC)

    table = models.ForeignKey(CrosswalkTable, on_delete=models.PROTECT, related_name="ends")
    payer = ShortText(max_length=80)
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "payer"], name="one_end_for_a_payer")]


class CrosswalkAnswer(Kept):
    """Whether working diagnoses are taken from a day on, as a payer answered after a table was loaded, and where it says so.
    It only grows. payer empty: it is so for each payer of the table."""

    CLASSES = {**dict.fromkeys(("table", "payer", "since", "takes", "source"), PUBLIC), "by": PROFESSIONAL}

    table = models.ForeignKey(CrosswalkTable, on_delete=models.PROTECT, related_name="answers")
    payer = ShortText(max_length=80, blank=True)
    since = models.DateField()
    takes = models.BooleanField()
    source = ShortText(max_length=300)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")


class PayerAllowance(Kept):
    """How many sessions of assessment a payer pays per child and calendar year, as an agency wrote it down, with where it says
    so. sessions None: asked, and not known."""

    CLASSES = dict.fromkeys(("organization", "payer", "sessions", "source", "by"), PROFESSIONAL)

    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    payer = ShortText(max_length=80)
    sessions = models.PositiveSmallIntegerField(null=True)
    source = ShortText(max_length=300, blank=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "payer"], name="one_allowance_of_a_payer")]


class ChosenCode(Kept):
    """Which code was chosen for a diagnosis where the table names several, and why. It only grows: the newest that a table
    names holds. given: the diagnosis, so that what is chosen for one relationship is not chosen for another."""

    CLASSES = {**dict.fromkeys(("formulation", "given", "code", "why"), CLINICAL), "by": PROFESSIONAL}
    SEALED_FOR = "child_id"

    formulation = models.ForeignKey("diagnosis.Formulation", on_delete=models.PROTECT, related_name="chosen")
    given = models.ForeignKey("diagnosis.Given", on_delete=models.PROTECT, related_name="chosen")
    code = ShortText(max_length=10)
    why = SealedText(null=True, max_length=300)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    @property
    def child_id(self) -> object:
        return self.formulation.child_id

    def audit_subjects(self) -> set[tuple[str, object]]:
        found: set[tuple[str, object]] = self.formulation.audit_subjects()
        return found
