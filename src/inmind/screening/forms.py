"""Beginning a screen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inmind.families import queries as families
from inmind.foundation.forms import DateInput, HouseForm, VersionedForm, choice_field
from inmind.people.models import Person
from inmind.screening.instruments import Instrument


class BeginForm(HouseForm):
    """Which instrument, on which day it was answered, and for a child by whom.

    answering: the adults who may answer about the child; empty where somebody answers about herself. follows: the first
    stage, where a second one is begun from its result.
    """

    instrument = forms.ChoiceField(label=_("Which screen?"), widget=forms.RadioSelect)
    informant = forms.ChoiceField(label=_("Who answered?"), widget=forms.RadioSelect)
    on = forms.DateField(label=_("Answered on"), widget=DateInput())
    follows = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, instruments: Collection[Instrument], answering: Iterable[families.Adult], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._answering = {str(one.person.pk): one.person for one in answering}
        choice_field(self, "instrument").choices = [(one.key, named(one)) for one in instruments]
        self.offered = {one.key for one in instruments}
        choice_field(self, "informant").choices = [(str(pk), name) for pk, name in families.called(answering).items()]
        if not self._answering:
            del self.fields["informant"]

    def answering(self) -> Person | None:
        """Who answered about the child."""
        return self._answering.get(self.cleaned_data.get("informant", ""))


def named(instrument: Instrument) -> str:
    if instrument.ages is None:
        return (
            f"{instrument.short_name}: {instrument.name}"
            if instrument.short_name != instrument.name
            else instrument.name
        )
    facts = {"name": instrument.short_name, "low": instrument.ages.low, "high": instrument.ages.high}
    return gettext("%(name)s, for children of %(low)s to %(high)s months") % facts


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


class TakeBackForm(VersionedForm):
    """Why something was entered for somebody else."""

    reason = forms.CharField(
        label=_("How did it come about?"),
        help_text=_(
            "One sentence, for example: two papers were mixed up. Do not write whom it was about: those who may read this "
            "page read it too."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
