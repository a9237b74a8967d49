"""A contact export on its way in, its rows, and what was said of its columns, levels and agencies for the next one."""

from __future__ import annotations

from django.db import models

from inmind.foundation.fields import FoldedText, ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

PROFESSIONAL, PUBLIC, SECRET = FieldClass.PROFESSIONAL, FieldClass.PUBLIC, FieldClass.SECRET


class ContactSheet(Kept):
    """A contact export of one association: first each row is looked at, then taken in, then what was doubtful is decided.

    columns: heading -> key of `contacts.COLUMNS`. totals: the file by level and status, with what became of its rows
    (`verdicts.totals`), and who is paid for today; numbers alone. text: sealed by the house's key; gone, with its name, once
    the import is closed.
    """

    CLASSES = {
        **dict.fromkeys(("association", "columns", "order", "state", "phase", "total", "done", "totals"), PUBLIC),
        **dict.fromkeys(("by", "name", "closed_at"), PROFESSIONAL),
        "text": SECRET,
    }

    class State(models.TextChoices):
        HEADING = "heading"  # somebody has to say what its columns hold
        LEVELS = "levels"  # and which of our levels its levels are
        WORKING = "working"
        LOOKED = "looked"  # each row has its verdict; nothing is taken in yet
        STOPPED = "stopped"
        TAKEN = "taken"  # the new rows are here; what is doubtful is decided, and nothing decided is carried out yet
        CLOSED = "closed"
        GONE = "gone"  # discarded

    class Phase(models.TextChoices):
        LOOK = "look"
        TAKE = "take"
        DECIDE = "decide"  # carries out what was decided of doubtful rows

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    name = ShortText(max_length=120)
    columns = models.JSONField()
    order = ShortText(max_length=3, blank=True)
    text = models.BinaryField(null=True)
    state = ShortText(max_length=8, choices=State.choices, default=State.HEADING)
    phase = ShortText(max_length=6, choices=Phase.choices, default=Phase.LOOK)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)  # rows of this phase
    totals = models.JSONField(default=list)
    closed_at = models.DateTimeField(null=True)


class ContactRow(models.Model):
    """One row of a contact export: its verdict, what was decided of it, and whom it became. What it says stands in the sheet.

    about: the number of the row that the verdict names. person: whom of those here. adds, other: keys of columns, joined by
    commas. decided: what somebody said of a doubtful row (`deciding.Decision`), of dates and ids alone.
    """

    CLASSES = {
        **dict.fromkeys(
            ("id", "sheet", "place", "number", "verdict", "why", "about", "adds", "other", "taken"), PUBLIC
        ),
        **dict.fromkeys(("mark", "person", "became", "decision", "decided", "decided_by", "decided_at"), PROFESSIONAL),
    }
    TRACKED = False  # what it became is tracked

    class Decision(models.TextChoices):
        NEW = "new"
        SAME = "same"
        LEAVE = "leave"

    sheet = models.ForeignKey(ContactSheet, on_delete=models.PROTECT, related_name="rows", db_index=False)
    place = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    verdict = ShortText(max_length=8)
    why = ShortText(max_length=12, blank=True)
    about = models.PositiveIntegerField(null=True)
    person = models.UUIDField(null=True)
    adds = ShortText(max_length=80, blank=True)
    other = ShortText(max_length=80, blank=True)
    mark = ShortText(max_length=64)  # a keyed hash of what it says and for which association
    taken = models.BooleanField(default=False)
    became = models.UUIDField(null=True, db_index=True)
    decision = ShortText(max_length=5, choices=Decision.choices, blank=True)
    decided = models.JSONField(default=dict)
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "place"], name="contact_row_once_a_sheet")]
        indexes = [
            models.Index(fields=["mark"], name="contact_row_by_mark"),
            models.Index(fields=["sheet", "verdict", "place"], name="contact_row_by_verdict"),
        ]


class ColumnsSaid(Kept):
    """What the columns of a heading hold, as an association said it the last time."""

    CLASSES = dict.fromkeys(("association", "heading", "columns", "order"), PUBLIC)

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    heading = ShortText(max_length=64)  # a digest of the names of its columns
    columns = models.JSONField()
    order = ShortText(max_length=3, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["association", "heading"], name="contact_heading_once_an_association")
        ]


class LevelSaid(Kept):
    """Which level of ours a level of the other product is; None: its members are left out."""

    CLASSES = dict.fromkeys(("association", "word", "level"), PUBLIC)

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    word = FoldedText(max_length=200)
    level = models.ForeignKey("association.Level", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["association", "word"], name="level_word_once_an_association")]


class AgencySaid(Kept):
    """Which agency an organization of the other product is; None: it is left out."""

    CLASSES = dict.fromkeys(("association", "word", "agency"), PROFESSIONAL)

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    word = FoldedText(max_length=200)
    agency = models.ForeignKey("people.Organization", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["association", "word"], name="agency_word_once_an_association")]


class CameAs(Kept):
    """The number by which the other product knew somebody, so that its next export knows them again."""

    CLASSES = dict.fromkeys(("association", "number", "person"), PROFESSIONAL)

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    number = ShortText(max_length=40)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["association", "number"], name="came_as_once_an_association")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}


class Label(Kept):
    """A group or label that somebody had in the other product, as a coordinator keeps it about a member."""

    CLASSES = dict.fromkeys(("association", "person", "said"), PROFESSIONAL)

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    said = ShortText(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["association", "person", "said"], name="label_once_a_member"),
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}
