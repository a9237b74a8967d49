"""Forms by which a program answers, one for each answer that there is from where a referral stands; and of a warm hand-off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.foundation.forms import DateInput, HouseForm, TimeInput, VersionedForm, choice_field
from inmind.services.referrals.referral import ENDINGS, NOT_SERVED, State, Why
from inmind.services.referrals.words import REASONS

# Why a program says no: what only the family can say is not among them.
FROM_PROGRAM = NOT_SERVED - {Why.CONSENT_WITHDRAWN}


class AnswerForm(VersionedForm):
    """One answer of a program. `to` says which; each has the fields that it needs, and no more."""

    to = forms.CharField(widget=forms.HiddenInput, max_length=12)
    said_by = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("So that whoever sent this knows with whom to speak."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def answered(self) -> dict[str, Any]:
        """What `answer` takes, besides the state."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in {"key", "to", "version"}}
        if "why" in said:
            said["why"] = Why(said["why"])
        return said


class _Dated(AnswerForm):
    on = forms.DateField(label=gettext_lazy("On which day"), widget=DateInput())


def _note(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Whoever sent this reads it; the family may, too."),
    )


class ReceivedForm(AnswerForm):
    """That it has arrived. Nothing more is asked."""


class AcceptedForm(AnswerForm):
    """Yes: who calls, when, and a word about themselves, which the family reads before the first call."""

    caller = forms.CharField(
        label=gettext_lazy("Who calls the family"),
        max_length=120,
        help_text=gettext_lazy("The name that they will hear: Rosa is enough."),
        error_messages={"required": gettext_lazy("Say who calls. A name before the first call lets a family pick up.")},
    )
    calls_on = forms.DateField(label=gettext_lazy("On which day"), widget=DateInput(), required=False)
    calls_said = forms.CharField(
        label=gettext_lazy("A word about themselves, for the family"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Such as: I am a nurse and a mother of two. I call from 555-0142, in Spanish if you like."
        ),
    )

    has_room = forms.BooleanField(
        label=gettext_lazy("We have a place for them"),
        required=False,
        help_text=gettext_lazy("None is free by what your listing says today. Their turn may have come all the same."),
    )

    field_order = ("key", "version", "to", "has_room", "caller", "calls_on", "calls_said", "said_by")


class WaitlistedForm(AnswerForm):
    """No place yet: until when, and a word."""

    waits_until = forms.DateField(label=gettext_lazy("When there may be a place"), widget=DateInput(), required=False)
    note = _note(gettext_lazy("What should be known meanwhile"))
    field_order = ("key", "version", "to", "waits_until", "note", "said_by")


class _WithReason(AnswerForm):
    reasons: Iterable[Why] = ()
    why = forms.ChoiceField(label=gettext_lazy("Why"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "why").choices = [(why.value, _(REASONS[why])) for why in Why if why in self.reasons]


class DeclinedForm(_WithReason):
    """No, and why."""

    reasons = FROM_PROGRAM
    note = _note(gettext_lazy("Where else the family could ask"))
    field_order = ("key", "version", "to", "why", "note", "said_by")


class ContactedForm(_Dated):
    """That the family was spoken with."""

    field_order = ("key", "version", "to", "on", "said_by")


class StartedForm(_Dated):
    """That it has begun."""

    field_order = ("key", "version", "to", "on", "said_by")


class EndedForm(_Dated, _WithReason):
    """That it has ended, and why."""

    reasons = ENDINGS
    field_order = ("key", "version", "to", "on", "why", "said_by")


# In the order in which they are offered: what it is called, what its button says, its form.
ANSWERS: dict[State, tuple[Any, Any, type[AnswerForm]]] = {
    State.RECEIVED: (gettext_lazy("We have it"), gettext_lazy("We have it"), ReceivedForm),
    State.ACCEPTED: (gettext_lazy("Yes, we call the family"), gettext_lazy("Say yes"), AcceptedForm),
    State.CONTACTED: (gettext_lazy("We have spoken with the family"), gettext_lazy("Keep this"), ContactedForm),
    State.STARTED: (gettext_lazy("It has begun"), gettext_lazy("Keep this"), StartedForm),
    State.WAITLISTED: (gettext_lazy("There is no place yet"), gettext_lazy("Put them on the list"), WaitlistedForm),
    State.DECLINED: (gettext_lazy("We cannot do it"), gettext_lazy("Say so"), DeclinedForm),
    State.ENDED: (gettext_lazy("It has ended"), gettext_lazy("Keep this"), EndedForm),
}


class IntroducedForm(HouseForm):
    """A warm hand-off: the family, its worker and the program's worker met."""

    said_by = forms.CharField(label=gettext_lazy("Who of the program was there"), max_length=120)
    on = forms.DateField(label=gettext_lazy("On which day"), widget=DateInput())
    at = forms.TimeField(label=gettext_lazy("At what time"), widget=TimeInput(), required=False)
    note = forms.CharField(
        label=gettext_lazy("What was agreed"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class WorkForm(forms.Form):
    """Which referrals are shown."""

    whose = forms.ChoiceField(
        label=gettext_lazy("Whose"),
        required=False,
        choices=[("", gettext_lazy("All that I may see")), ("own", gettext_lazy("My own"))],
    )
    state = forms.ChoiceField(label=gettext_lazy("How it stands"), required=False)
    due = forms.BooleanField(label=gettext_lazy("Only those to look after now"), required=False)
