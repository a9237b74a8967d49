"""Forms that lose nothing: each carries its idempotency key, and takes a refusal to the field it concerns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inmind.foundation.errors import InMindError
from inmind.foundation.identity import new_id


def fresh_key() -> str:
    return str(new_id())


class HouseForm(forms.Form):
    """A form with a key of its own, so that a second click finds the first one's answer."""

    key = forms.CharField(
        widget=forms.HiddenInput,
        initial=fresh_key,
        max_length=80,
        error_messages={
            "required": _("This page was sent without its own key. Open it again and send it once more."),
            "max_length": _("This page was sent with a key that is not its own. Open it again and send it once more."),
        },
    )

    def take(self, refusal: InMindError) -> None:
        """Show a refusal on its field, or above the form; everything typed stays."""
        self.add_error(refusal.field if refusal.field in self.fields else None, said(refusal))


class VersionedForm(HouseForm):
    """A form that saves over the version its reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DateInput(forms.DateInput):
    """The device's own date picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def choice_field(form: forms.Form, name: str) -> forms.ChoiceField:
    """A form's field of this name, whose choices are known only now."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


def said(refusal: InMindError) -> str:
    """A refusal's sentences in the reader's language."""
    return " ".join(gettext(part) % refusal.facts if refusal.facts else gettext(part) for part in refusal.sentences)
