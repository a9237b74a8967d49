"""A file that is kept, and its bytes in pieces, each sealed by the key of the person whom it is about."""

from __future__ import annotations

from django.db import models

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

FAMILY, PROFESSIONAL, CLINICAL, SECRET = (
    FieldClass.FAMILY,
    FieldClass.PROFESSIONAL,
    FieldClass.CLINICAL,
    FieldClass.SECRET,
)


class StoredFile(Kept):
    """A scan or a photo of a paper. Its name on somebody's device is not kept.

    proves_kind, proves: the label and the id of the record for which it was kept. digest: a keyed hash of its bytes, by which
    the same one is known again and a changed one is seen. A file that was removed keeps its row, without bytes.
    """

    CLASSES = {
        **dict.fromkeys(("about", "proves_kind", "proves", "kind", "size", "removed_at"), FAMILY),
        **dict.fromkeys(("organization", "kept_by", "removed_by"), PROFESSIONAL),
        "digest": SECRET,
    }

    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="files")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    proves_kind = ShortText(max_length=60)
    proves = models.UUIDField()
    kind = ShortText(max_length=8)
    size = models.PositiveIntegerField()
    digest = ShortText(max_length=64)
    kept_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proves", "digest"], condition=models.Q(removed_at__isnull=True), name="kept_once_for_a_record"
            )
        ]
        indexes = [models.Index(fields=["about"], name="file_by_person")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.about_id)}


class StoredPiece(Kept):
    """A piece of a file's bytes, in letters (base64), so that a file passes through backups and exports as any row does.

    Not in the change log: the file's own row is, and its digest covers every piece.
    """

    CLASSES = {"file": FAMILY, "about": FAMILY, "number": FAMILY, "body": CLINICAL}
    SEALED_FOR = "about_id"
    TRACKED = False

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="pieces")
    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    body = SealedText(max_length=70_000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="piece_once")]
