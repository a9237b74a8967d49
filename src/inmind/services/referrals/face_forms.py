"""Forms by which somebody lays a picture of herself where a family reads who will call."""

from __future__ import annotations

import base64

from django import forms
from django.utils.translation import gettext_lazy

from inmind.documents.kinds import Kind, cleaned
from inmind.foundation.errors import BadInput
from inmind.foundation.forms import HouseForm
from inmind.foundation.values import N_

MOST = 1_000_000  # ours, in bytes: a family loads it on a phone


class PictureForm(HouseForm):
    """A picture; its name is not read."""

    file = forms.FileField(
        label=gettext_lazy("A picture of your face"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "data-shrink": ""}),
        allow_empty_file=True,  # said in our own words
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG or WebP, at most 1 MB; shown as a square. The place and time that a camera writes into a photo are "
            "taken out. You can take it away again at any time."
        ),
    )

    def picture(self) -> dict[str, str]:
        """What kind it is, and its bytes as base64; nothing where none was chosen. Raises BadInput."""
        sent = self.cleaned_data["file"]
        if sent is None:
            return {}
        body = sent.read(MOST + 1)
        if len(body) > MOST:
            raise BadInput(
                N_("This picture is too large."),
                N_("There is room for 1 MB. Cut it to your face, or send it to yourself in a small size first."),
                field="file",
            )
        kind, kept = cleaned(body, most=MOST)
        if kind is Kind.PDF:
            raise BadInput(N_("This is no picture."), N_("Choose a photo as JPEG, PNG or WebP."), field="file")
        return {"kind": kind.value, "body": base64.b64encode(kept).decode()}


class FaceForm(PictureForm):
    """One's own picture, with the name that families hear and a word about oneself."""

    name = forms.CharField(
        label=gettext_lazy("The name that families hear"),
        max_length=120,
        help_text=gettext_lazy("Rosa is enough."),
    )
    says = forms.CharField(
        label=gettext_lazy("A word about yourself, for families"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("key", "name", "says", "file")
