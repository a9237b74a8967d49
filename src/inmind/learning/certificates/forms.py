"""What somebody learned elsewhere, and the number of a certificate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.foundation.forms import DateInput, HouseForm, PlainForm, choice_field
from inmind.learning.certificates.papers import area
from inmind.learning.trainings.adapters.catalog import domains


class ElsewhereForm(HouseForm):
    """A training somewhere else, said by oneself."""

    title = forms.CharField(label=_("What it was called"), max_length=160)
    provider = forms.CharField(label=_("Who gave it"), max_length=160)
    on = forms.DateField(label=_("Day"), widget=DateInput())
    hours = forms.DecimalField(
        label=_("Clock hours"), min_value=0, max_value=100, max_digits=5, decimal_places=2, help_text=_("Such as 1.5.")
    )
    domain = forms.ChoiceField(
        label=_("Mostly about"), required=False, help_text=_("The competency area to which these hours belong.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "domain").choices = [("", _("not said")), *((key, area(key)) for key in domains())]

    def minutes(self) -> int:
        return int(self.cleaned_data["hours"] * 60)

    def domains(self) -> dict[str, int]:
        return {self.cleaned_data["domain"]: self.minutes()} if self.cleaned_data["domain"] else {}


class NumberForm(PlainForm):
    """A certificate's number, as it is printed."""

    number = forms.CharField(
        label=_("Number of the certificate"),
        max_length=40,
        help_text=_("Twelve letters and digits, such as 7K2M-Q9XD-4TRB."),
    )
