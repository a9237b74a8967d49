"""A face before the first call: the picture of somebody of a program who calls families, as they laid it there themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

PROFESSIONAL, SECRET = FieldClass.PROFESSIONAL, FieldClass.SECRET


class Face(Kept):
    """The picture of somebody who calls families, with the name that they hear and a word about herself.

    person: whose it is, kept with her account, shown only where she says that she calls (`Referral.called_by`). Or referral: the
    one for which somebody without an account laid it by an office's link; it goes when the referral has begun or is over.
    sealed_for: by whose key it is sealed: its owner's, else that of whom the referral is about, who sees it and with whom it goes.
    """

    CLASSES = dict.fromkeys(("person", "referral", "sealed_for", "name", "says", "kind", "size"), PROFESSIONAL)

    person = models.OneToOneField("people.Person", null=True, on_delete=models.PROTECT, related_name="face")
    referral = models.OneToOneField("services.Referral", null=True, on_delete=models.PROTECT, related_name="face")
    sealed_for = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    name = ShortText(max_length=120, blank=True)
    says = ShortText(max_length=300, blank=True)
    kind = ShortText(max_length=8)
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, referral__isnull=True)
                | Q(person__isnull=True, referral__isnull=False),
                name="face_is_of_a_person_or_a_referral",
            )
        ]


class FacePiece(Kept):
    """A piece of a face's bytes, in letters (base64); as with other files (`documents.StoredPiece`)."""

    CLASSES = {**dict.fromkeys(("face", "sealed_for", "number"), PROFESSIONAL), "body": SECRET}
    SEALED_FOR = "sealed_for_id"
    TRACKED = False

    face = models.ForeignKey(Face, on_delete=models.CASCADE, related_name="pieces")
    sealed_for = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    body = SealedText(max_length=70_000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["face", "number"], name="face_piece_once")]
