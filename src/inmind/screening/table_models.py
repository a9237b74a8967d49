"""A table of cut-offs that this house loaded: where each number is from, who loaded it and when. Never deleted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

PUBLIC, PROFESSIONAL = FieldClass.PUBLIC, FieldClass.PROFESSIONAL


class StewardTable(Kept):
    """The rows that were new when a table was taken, each with its source and its licence.

    over: the edition of the instrument that it lies over. number: counts the tables of one instrument; the last one is in
    use until it is withdrawn. withdrawn_from: from that day on new results are made without it; earlier ones name it.
    """

    CLASSES = {
        **dict.fromkeys(("instrument", "over", "edition", "dated", "number", "withdrawn_from"), PUBLIC),
        **dict.fromkeys(("rows", "by", "withdrawn_by", "withdrawn_why"), PROFESSIONAL),
    }

    instrument = ShortText(max_length=40)
    over = ShortText(max_length=16)
    edition = ShortText(max_length=24)
    dated = models.DateField()
    number = models.PositiveSmallIntegerField()
    rows = models.JSONField()  # of `tables.columns_of`, as they were read
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_from = models.DateField(null=True)
    withdrawn_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_why = ShortText(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "edition"], name="table_named_once"),
            models.UniqueConstraint(fields=["instrument", "number"], name="table_counted_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_from__isnull=True, withdrawn_why="")
                | Q(withdrawn_from__isnull=False) & ~Q(withdrawn_why=""),
                name="withdrawn_tables_say_why",
            ),
        ]
