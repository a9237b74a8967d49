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
