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
