"""Forms that lose nothing: each carries its idempotency key, and takes a refusal to the field it concerns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inmind.foundation import text
from inmind.foundation.errors import BadInput, InMindError, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.never_kept import looks_like_ssn

# The zones of this country, as people call them.
ZONES = [
    ("America/New_York", _("Eastern")),
    ("America/Chicago", _("Central")),
    ("America/Denver", _("Mountain")),
    ("America/Phoenix", _("Arizona")),
    ("America/Los_Angeles", _("Pacific")),
    ("America/Anchorage", _("Alaska")),
    ("Pacific/Honolulu", _("Hawaii")),
    ("America/Puerto_Rico", _("Puerto Rico and the Virgin Islands")),
    ("Pacific/Guam", _("Guam and the Northern Marianas")),
    ("Pacific/Pago_Pago", _("American Samoa")),
]


def fresh_key() -> str:
    return str(new_id())


ROOM = 4_000  # characters, for a field that names no length of its own (a choice, a day, a password)
SHOWN_AGAIN = 2  # times its room: so much of a text that is too long comes back to be shortened


class PlainForm(forms.Form):
    """A form that comes back as it was typed, also with text that cannot be kept. Every form of the house is one.

    A character that no database of ours may hold is shown as a mark; a text far beyond its field's room is cut; each
    field says what was found and what is expected. Such text reaches neither the cleaning of its field nor the form's.
    """

    def _clean_fields(self) -> None:
        problems = self._unreadable()
        for field in self.fields.values():
            if field.error_messages.get("required") is _DJANGOS:
                field.error_messages["required"] = _CHOOSE if isinstance(field, forms.ChoiceField) else _FILL_IN
        every, self.fields = self.fields, {name: one for name, one in self.fields.items() if name not in problems}
        try:
            super()._clean_fields()  # type: ignore[misc]
        finally:
            self.fields = every
        for name, sentence in problems.items():
            self.add_error(name, sentence)

    def _unreadable(self) -> dict[str, ValidationError]:
        """What is wrong with the text of each field; from here on the form's data are what can be shown again."""
        problems: dict[str, ValidationError] = {}
        for name, field in self.fields.items():
            at = self.add_prefix(name)
            room = getattr(field, "max_length", None) or ROOM
            typed = [one for one in _values(self.data, at) if isinstance(one, str)]
            if longest := max((len(one) for one in typed if len(one) > SHOWN_AGAIN * room), default=0):
                problems[name] = _too_long(longest, room)
            elif any(map(text.is_hostile, typed)):
                problems[name] = ValidationError(_HOSTILE)
            if name in problems:
                if field.widget.is_hidden and "max_length" in field.error_messages:
                    problems[name] = ValidationError(field.error_messages["max_length"])
                self.data = _with(self.data, at, [text.marked(one[: SHOWN_AGAIN * room]) for one in typed])
        return problems


_DJANGOS, _FILL_IN, _CHOOSE = (
    forms.Field.default_error_messages["required"],
    _("Please fill this in."),
    _("Please choose one."),
)
_HOSTILE = _(
    "This text holds a character that cannot be kept. You see \ufffd where it stood. "
    "Type there what belongs there, or take the mark out, and send it again."
)


def _too_long(length: int, room: int) -> ValidationError:
    return ValidationError(
        _(
            "This text has %(length)s characters. There is room for %(limit)s. "
            "Only the first %(shown)s came back: shorten them, or keep the rest somewhere else."
        ),
        params={"length": length, "limit": room, "shown": SHOWN_AGAIN * room},
    )


def _values(data: Any, name: str) -> list[Any]:
    if hasattr(data, "getlist"):
        return data.getlist(name)
    value = data.get(name)
    return value if isinstance(value, list) else [value]


def _with(data: Any, name: str, values: list[str]) -> Mapping[str, Any]:
    """The same data but for one field."""
    changed = data.copy()
    if hasattr(changed, "setlist"):
        changed.setlist(name, values)
    else:
        changed[name] = values if isinstance(data.get(name), list) else values[0]
    return changed


class HouseForm(PlainForm):
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


class ToldForm(HouseForm):
    """A form into which somebody types what a family told. It warns where that looks like a number the house never keeps
    (`protect.md` 9), and keeps it once the typist has said that it is something else."""

    is_something_else = forms.BooleanField(
        label=_("It is something else: keep it as it is"), required=False, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        typed = {name: str(value) for name, value in said.items() if self._is_typed(name)}
        found = {name: words for name, value in typed.items() if (words := self.warns(value))}
        if found and not said.get("is_something_else"):
            self.reveal("is_something_else")
            for name, words in found.items():
                self.add_error(name, words)
        return said

    def warns(self, typed: str) -> Any:
        """What somebody who typed this is asked about; empty where nothing is."""
        if looks_like_ssn(typed):
            return _(
                "This looks like a social security number. InMind keeps none: please take it out. "
                "If it is something else, say so below."
            )
        return ""

    def _is_typed(self, name: str) -> bool:
        """Whether somebody types words into a field; not what is chosen, and not the form's own key."""
        field = self.fields.get(name)
        return isinstance(field, forms.CharField) and not field.widget.is_hidden

    def reveal(self, name: str) -> None:
        """Let a question be seen that is asked only now."""
        self.fields[name].widget = forms.CheckboxInput()


class VersionedForm(HouseForm):
    """A form that saves over the version its reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DateInput(forms.DateInput):
    """The device's own date picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    """The device's own clock, to the minute."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def choice_field(form: forms.Form, name: str) -> forms.ChoiceField:
    """A form's field of this name, whose choices are known only now."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


def said(refusal: InMindError) -> str:
    """A refusal's sentences in the reader's language."""
    return " ".join(gettext(part) % refusal.facts if refusal.facts else gettext(part) for part in refusal.sentences)


def form_page(
    request: HttpRequest, form: HouseForm, template: str, context: dict[str, Any], act: Callable[[], HttpResponse]
) -> HttpResponse:
    """Show a form; when it is sent whole, act; when that is refused, show the sentence and everything typed."""
    if request.method == "POST" and form.is_valid():
        try:
            return act()
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
    return render(request, template, {"form": form, **context}, status=400 if form.errors else 200)
