"""Forms of a publisher's wording: its file, what somebody says of a question beside it, and the license by which it is used.

The file goes along with each form packed, so that what is kept is what was looked at, letter by letter.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from inmind.foundation import text as texts
from inmind.foundation.forms import DateInput, HouseForm, PlainForm, VersionedForm, choice_field, said
from inmind.people.models import Organization
from inmind.screening import house_wordings, questionnaire_file
from inmind.screening.errors import BadWording
from inmind.screening.instruments import Instrument
from inmind.screening.questionnaire_answers import order_is_known
from inmind.screening.questionnaire_file import Questionnaire
from inmind.screening.questionnaire_reader import Outcome, Reading, Told

MOST_ASKED = 100  # questions of which somebody says which item they are; a file with more is another form's
LEFT_OUT = "-"  # no item of ours has this key
_PACKED = questionnaire_file.MOST_BYTES * 4 // 3 + 4


class FileForm(HouseForm):
    """The publisher's file, or the one that was looked at before, packed; and what it may not say of itself."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "One FHIR R4 Questionnaire, JSON. It is looked at first; nothing is kept before you say so."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,application/json,application/fhir+json"}),
        required=False,
    )
    packed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=_PACKED)
    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)
    written_in = forms.ChoiceField(label=gettext_lazy("The file is written in"), required=False)
    by_position = forms.BooleanField(
        label=gettext_lazy("Where the file has no points, take those of an answer’s place on paper"),
        help_text=gettext_lazy("Only where InMind knows in which order the form prints its answers."),
        required=False,
    )

    def __init__(self, instrument: Instrument, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.questionnaire: Questionnaire | None = None
        languages = [
            (code, str(get_language_info(code)["name_translated"])) for code in settings.INSTALLATION.languages
        ]
        choice_field(self, "written_in").choices = [("", _("what it says itself")), *languages]
        if not all(map(order_is_known, instrument.items)):
            del self.fields["by_position"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        file, packed = found.get("file"), found.get("packed")
        try:
            if file:
                data = file.read(questionnaire_file.MOST_BYTES + 1)
                found["name"] = house_wordings.file_name(file.name)
            elif packed:
                data = base64.b64decode(packed, validate=True)
            else:
                raise ValidationError({"file": _("Choose the file first.")})
            self.questionnaire = questionnaire_file.opened(data)
        except ValueError:  # also of letters that base64 does not have
            self.add_error("file", _("The file did not come back whole. Choose it once more."))
        except BadWording as refusal:
            self.add_error("file", said(refusal))
        return found

    def packed_again(self) -> str:
        return base64.b64encode(self.questionnaire.text.encode()).decode() if self.questionnaire else ""


class TellForm(PlainForm):
    """Which item a question is that the file itself does not say, and which languages are brought."""

    only = forms.MultipleChoiceField(
        label=gettext_lazy("Languages to bring"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose one at least.")},
    )

    def __init__(self, reading: Reading, instrument: Instrument, language: str, *given: Any, **named: Any) -> None:
        """reading: of the file alone, with nothing said beside it. language: of the page."""
        super().__init__(*given, **named)
        unknown = [row for row in reading.rows if row.outcome is Outcome.UNKNOWN][:MOST_ASKED]
        self.asked = {f"q{n}": row for n, row in enumerate(unknown)}
        items = [(item.key, f"{item.number}. {item.label_in(language)}") for item in instrument.items]
        choices = [("", _("not said yet")), *items, (LEFT_OUT, _("leave it out: it is not asked here"))]
        for name, row in self.asked.items():
            shown = f"{row.text[:200] or texts.marked(row.link[:60])} ({row.at})"
            self.fields[name] = forms.ChoiceField(label=shown, choices=choices, required=False)
        self.languages = reading.languages
        if len(reading.languages) > 1:
            choice_field(self, "only").choices = [(code, language_said(code)) for code in reading.languages]
            self.fields["only"].initial = list(reading.languages)
        else:
            del self.fields["only"]

    def told(self, file: dict[str, Any]) -> Told:
        """file: what the form of the file says."""
        said_of = {self.asked[name].link: self.cleaned_data.get(name) for name in self.asked}
        return Told(
            items={link: key for link, key in said_of.items() if key and key != LEFT_OUT},
            left_out=frozenset(link for link, key in said_of.items() if key == LEFT_OUT),
            by_position=bool(file.get("by_position")),
            language=file.get("written_in") or "",
            only=frozenset(self.cleaned_data.get("only") or ()),
        )

    def pairs(self) -> list[tuple[str, str]]:
        """What was said, to go along hidden."""
        said_of = ((name, self.cleaned_data.get(name) or "") for name in self.fields)
        return [(name, one) for name, value in said_of for one in ([value] if isinstance(value, str) else value)]


class LicenceForm(HouseForm):
    """By what right this house uses the wording, for whom, and until when."""

    holder = forms.CharField(
        label=gettext_lazy("Who holds the right to the wording"), max_length=house_wordings.HOLDER_LENGTH
    )
    licence = forms.CharField(
        label=gettext_lazy("By which license this house uses it"),
        max_length=house_wordings.LICENCE_LENGTH,
        help_text=gettext_lazy(
            "Such as: the letter of the publisher of 3 May 2026, for sending by link in one agency."
        ),
    )
    licence_number = forms.CharField(
        label=gettext_lazy("Its number"), max_length=house_wordings.NUMBER_LENGTH, required=False
    )
    organization = forms.ModelChoiceField(
        label=gettext_lazy("Who may use it"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=gettext_lazy("the whole house"),
        help_text=gettext_lazy("Where the license names one agency, choose it: the others cannot send the form then."),
    )
    starts = forms.DateField(label=gettext_lazy("First day"), widget=DateInput)
    ends = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=DateInput,
        required=False,
        help_text=gettext_lazy("Leave it empty where no end is known. After this day nothing is sent in these words."),
    )
    before = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, agencies: Iterable[Organization], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["organization"].queryset = agencies  # type: ignore[attr-defined]


class WithdrawWordingForm(VersionedForm):
    """Why a wording is sent no more."""

    why = forms.CharField(label=gettext_lazy("Why, in one sentence"), max_length=house_wordings.WHY_LENGTH)


def language_said(code: str) -> str:
    """A language by its name in the reader's own, with its letters where they say more."""
    name = str(house_wordings.spoken(code))
    return name if len(code) == 2 or name == code else f"{name} ({code})"
