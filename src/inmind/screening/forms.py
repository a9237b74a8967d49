"""Beginning a screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.foundation.forms import DateInput, HouseForm, choice_field
from inmind.screening.instruments import Instrument


class BeginForm(HouseForm):
    """Which instrument, and on which day it was answered."""

    instrument = forms.ChoiceField(label=_("Which screen?"), widget=forms.RadioSelect)
    on = forms.DateField(label=_("Answered on"), widget=DateInput())

    def __init__(self, instruments: Iterable[Instrument], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "instrument").choices = [(one.key, one.name) for one in instruments]


class CallBackForm(HouseForm):
    """Whether she likes to be called back, on which number and when; asked of her, in her own words."""

    YES, NO = "yes", "no"
    wanted = forms.ChoiceField(
        label=_("Would you like somebody from the agency to call you?"),
        choices=[(YES, _("Yes, please call")), (NO, _("No, please do not call"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    number = forms.CharField(
        label=_("On which number is it safe?"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text=_("Only this number is called. Someone else may answer it, or see who called."),
    )
    when = forms.CharField(
        label=_("When is it safe?"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For example: now; tomorrow before noon; when the baby sleeps."),
    )
    may_leave_message = forms.BooleanField(label=_("A message may be left on this number"), required=False)
