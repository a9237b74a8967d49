"""Who may be whom, what was put together and can be parted again, and the sheets that people are taken in from."""

from __future__ import annotations

from django.db import models

from inmind.foundation.fields import FoldedText, ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

FAMILY, PROFESSIONAL, PUBLIC, SECRET = FieldClass.FAMILY, FieldClass.PROFESSIONAL, FieldClass.PUBLIC, FieldClass.SECRET


class LikenessKey(models.Model):
    """A word under which whoever may be the same person is looked up (`likeness.keys`)."""

    CLASSES = {"id": PUBLIC, "person": FAMILY, "key": FAMILY}
    TRACKED = False  # derived from the person's names, dates and contacts, which are tracked

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = FoldedText(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="likeness_key_once_a_person")]
        indexes = [models.Index(fields=["key", "person"], name="likeness_key_to_person")]


class Pair(Kept):
    """Two records that may be one person, until somebody has decided. `one` has the lower id."""

    CLASSES = {
        "one": FAMILY,
        "other": FAMILY,
        "points": FAMILY,
        "reasons": FAMILY,
        "state": PUBLIC,
        "decided_by": PROFESSIONAL,
        "decided_at": PUBLIC,
    }

    class State(models.TextChoices):
        OPEN = "open"
        ONE = "one"  # they are one person
        TWO = "two"  # they are two

    one = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField()
    reasons = ShortText(max_length=200)  # keys of `likeness.Reason`, parted by commas
    state = ShortText(max_length=4, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="pair_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["-points", "id"], condition=models.Q(state="open"), name="pair_waiting_by_points")
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.one_id), ("person", self.other_id)}


class Merge(Kept):
    """Two records put together: everything of `gone` stands with `stays`; or, `linked`, known as one and kept apart.

    Two agencies that serve the same person do not learn of each other: such a merge is linked.
    """

    CLASSES = {
        "stays": FAMILY,
        "gone": FAMILY,
        "linked": FAMILY,
        "by": PROFESSIONAL,
        "parted_at": PUBLIC,
        "parted_by": PROFESSIONAL,
    }

    stays = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    linked = models.BooleanField(default=False)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    parted_at = models.DateTimeField(null=True)
    parted_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(parted_at__isnull=True), name="put_together_once"
            ),
            models.CheckConstraint(condition=~models.Q(stays=models.F("gone")), name="merge_joins_two"),
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.stays_id), ("person", self.gone_id)}


class MergeStep(models.Model):
    """One value that a merge changed, in the order in which it did; parting goes back over them."""

    CLASSES = dict.fromkeys(("id", "merge", "model", "row", "field", "before", "after"), FAMILY)
    TRACKED = True

    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="steps")
    model = ShortText(max_length=60)
    row = models.UUIDField()
    field = ShortText(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)


class Forwarding(models.Model):
    """Where an id leads since a merge: each page of the old id opens the new one."""

    CLASSES = {"old": PUBLIC, "new": PUBLIC, "merge": PUBLIC}
    TRACKED = True

    old = models.UUIDField(primary_key=True)
    new = models.UUIDField()
    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="forwardings")


class ColumnMapping(Kept):
    """What the columns of a sheet meant the last time, for an agency: it is offered again for the same heading."""

    CLASSES = dict.fromkeys(("organization", "heading", "columns", "order"), PUBLIC)

    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    heading = ShortText(max_length=64)  # a digest of the names of its columns
    columns = models.JSONField()  # heading -> key of `columns.COLUMNS`
    order = ShortText(max_length=3, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "heading"], name="heading_once_an_agency")]


class SheetImport(Kept):
    """A sheet of families on its way in: first each row is looked at, then, when somebody says so, taken in."""

    CLASSES = {
        **dict.fromkeys(("organization", "name", "columns", "order", "state", "phase", "total", "done"), PUBLIC),
        "by": PROFESSIONAL,
        "text": SECRET,
    }

    class State(models.TextChoices):
        HEADING = "heading"  # somebody has to say what its columns hold
        WORKING = "working"
        LOOKED = "looked"  # each row has its verdict; nothing is taken in yet
        STOPPED = "stopped"
        DONE = "done"
        GONE = "gone"  # discarded, or brought by an export, which leaves what sheets say behind

    class Phase(models.TextChoices):
        LOOK = "look"
        TAKE = "take"

    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    name = ShortText(max_length=120)
    columns = models.JSONField()
    order = ShortText(max_length=3, blank=True)
    text = models.BinaryField(null=True)  # sealed by the house's key; gone, with its name, once no row waits
    state = ShortText(max_length=8, choices=State.choices, default=State.HEADING)
    phase = ShortText(max_length=4, choices=Phase.choices, default=Phase.LOOK)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)  # rows of this phase


class SheetRow(models.Model):
    """One row of a sheet: its verdict and, once it is taken in, whom it became. What it says stands in the sheet alone."""

    CLASSES = {
        **dict.fromkeys(("id", "sheet", "place", "number", "verdict", "found", "facts", "taken"), PUBLIC),
        **dict.fromkeys(("mark", "child", "adult"), FAMILY),
    }
    TRACKED = False  # what it became is tracked

    sheet = models.ForeignKey(SheetImport, on_delete=models.PROTECT, related_name="rows", db_index=False)
    place = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    verdict = ShortText(max_length=8)
    found = ShortText(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    mark = ShortText(max_length=64)  # a keyed hash of what it says and for which agency
    taken = models.BooleanField(default=False)
    child = models.UUIDField(null=True)
    adult = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "place"], name="row_once_a_sheet")]
        indexes = [models.Index(fields=["mark"], condition=models.Q(taken=True), name="row_taken_by_mark")]
