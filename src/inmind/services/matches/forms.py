"""Small forms by which what decides something is asked, right where it decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.foundation.forms import DateInput, HouseForm, choice_field
from inmind.services.matches.family_facts import Said
from inmind.services.said import county

SAID = [(Said.YES, _("Yes")), (Said.NO, _("No")), (Said.RATHER_NOT, _("They would rather not say"))]


class AnswerForm(HouseForm):
    """One question of the catalog and its answer, one button each."""

    question = forms.CharField(max_length=80, widget=forms.HiddenInput)
    said = forms.ChoiceField(choices=SAID)


class PlaceForm(HouseForm):
    """The county as listings name it and, where it decides something, the day on which the child enters kindergarten."""

    county = forms.ChoiceField(label=_("County in which they live"), required=False)
    school_on = forms.DateField(
        label=_("The day on which the child enters kindergarten"), required=False, widget=DateInput()
    )

    def __init__(self, counties: Iterable[str], *args: Any, asks_school: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted({*counties, self.initial.get("county") or ""} - {""})
        choice_field(self, "county").choices = [("", _("not written down")), *((one, county(one)) for one in known)]
        if not asks_school:
            self.fields["school_on"].widget = forms.HiddenInput()


class ProgramForm(HouseForm):
    """A program that somebody is in already, from elsewhere."""

    program = forms.ChoiceField(label=_("Program"))

    def __init__(self, programs: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "program").choices = [("", _("choose")), *programs]
