"""A publisher's wording that this house brought: the words, who holds them, by which license, for whom and until when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

PUBLIC, PROFESSIONAL = FieldClass.PUBLIC, FieldClass.PROFESSIONAL


class HouseWording(Kept):
    """The words of one instrument in one language. Never deleted: a form that was sent keeps in which words it was answered.

    edition: of the instrument that ships, against which the words were read. number: counts the wordings of one instrument;
    of those that may be sent the last one is. organization: the one agency that may use it; None: the whole house.
    starts, ends: the first and the last day of the license; ends None where no end is known. sha256: of the file. withdrawn_at:
    from that moment on it is sent no more, and no answer is taken in it.
    """

    CLASSES = {
        **dict.fromkeys(("instrument", "edition", "language", "number", "starts", "ends", "withdrawn_at"), PUBLIC),
        **dict.fromkeys(("words", "holder", "licence", "licence_number", "organization"), PROFESSIONAL),
        **dict.fromkeys(("file_name", "sha256", "by", "withdrawn_by", "withdrawn_why"), PROFESSIONAL),
    }

    instrument = ShortText(max_length=40)
    edition = ShortText(max_length=16)
    language = ShortText(max_length=30)
    number = models.PositiveSmallIntegerField()
    words = models.JSONField()  # as `wording.Words.as_data` gives them
    holder = ShortText(max_length=200)
    licence = ShortText(max_length=300)
    licence_number = ShortText(max_length=80, blank=True)
    organization = models.ForeignKey("people.Organization", null=True, on_delete=models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField(null=True)
    file_name = ShortText(max_length=120)
    sha256 = ShortText(max_length=64)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_why = ShortText(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "number"], name="wording_counted_once"),
            models.CheckConstraint(condition=~Q(holder="") & ~Q(licence=""), name="wordings_have_a_right"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="wording_ends_after"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_why="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
                name="withdrawn_wordings_say_why",
            ),
        ]
