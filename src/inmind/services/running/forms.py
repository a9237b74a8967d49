"""The forms of a service that runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from inmind.foundation.forms import DateInput, HouseForm, choice_field
from inmind.people.models import Person
from inmind.services.fitting.program import Program
from inmind.services.referrals.referral import ENDINGS, Why
from inmind.services.referrals.words import REASONS as REFERRAL_REASONS
from inmind.services.running.attendance import REASONS, STATES, Because, State

SAID_BY = (
    ("family", gettext_lazy("the family")),
    ("program", gettext_lazy("the program")),
    ("worker", gettext_lazy("I saw it myself")),
)


class BeginForm(HouseForm):
    """A service that the family found by itself, or had before."""

    about = forms.ChoiceField(label=gettext_lazy("Whom does it serve?"), widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("How does the family call it?"), max_length=120)
    program = forms.ChoiceField(
        label=gettext_lazy("Is it one of these programs?"),
        required=False,
        help_text=gettext_lazy("If it is, what is known of its schedule is shown beside what took place."),
    )
    since = forms.DateField(label=gettext_lazy("Since"), widget=DateInput())

    def __init__(self, people: dict[Person, str], programs: Mapping[str, Program], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        choice_field(self, "about").choices = [(str(one.pk), name) for one, name in people.items()]
        named = sorted((one.name, key) for key, one in programs.items())
        choice_field(self, "program").choices = [
            ("", gettext_lazy("no, or not known")),
            *((key, name) for name, key in named),
        ]


class EndForm(HouseForm):
    """When a service ended, and why."""

    on = forms.DateField(label=gettext_lazy("On which day"), widget=DateInput())
    why = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        widget=forms.RadioSelect,
        choices=[(why.value, gettext_lazy(REFERRAL_REASONS[why])) for why in Why if why in ENDINGS],
    )


class SessionsForm(HouseForm):
    """One session that is planned, or several at the same distance."""

    first = forms.DateField(label=gettext_lazy("On which day is the first?"), widget=DateInput())
    times = forms.IntegerField(label=gettext_lazy("How many?"), min_value=1, max_value=60)
    every_days = forms.IntegerField(label=gettext_lazy("How many days apart?"), min_value=1, max_value=92)


class SessionForm(HouseForm):
    """What became of a session."""

    state = forms.ChoiceField(
        label=gettext_lazy("What became of it?"),
        widget=forms.RadioSelect,
        choices=[(state.value, gettext_lazy(words)) for state, words in STATES.items()],
    )
    on = forms.DateField(label=gettext_lazy("On which day"), widget=DateInput())
    minutes = forms.IntegerField(
        label=gettext_lazy("If it took place: how many minutes?"), min_value=1, max_value=720, required=False
    )
    because = forms.ChoiceField(
        label=gettext_lazy("If it did not: why, as far as anybody said?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", gettext_lazy("nobody said")),
            *((one.value, gettext_lazy(words)) for one, words in REASONS.items()),
        ],
    )
    said_by = forms.ChoiceField(
        label=gettext_lazy("Who said so?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", gettext_lazy("not known")), *SAID_BY],
    )
    note = forms.CharField(
        label=gettext_lazy("A note, if one helps"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What helps next time. Leave out papers, countries and numbers of the state."),
    )

    def said(self) -> dict[str, Any]:
        """As the action takes it."""
        typed = self.cleaned_data
        return {
            "state": State(typed["state"]),
            "on": typed["on"],
            "minutes": typed["minutes"],
            "because": Because(typed["because"]) if typed["because"] else None,
            "said_by": typed["said_by"],
            "note": typed["note"],
        }
