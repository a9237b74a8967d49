"""Closing a task, noting that nobody was reached, and handing it to somebody else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.access.queries import workers_named
from inmind.foundation.forms import VersionedForm, choice_field
from inmind.people.models import Person
from inmind.tasks.models import Task


class CloseForm(VersionedForm):
    """What was done."""

    done = forms.CharField(
        label=_("What did you do?"),
        max_length=4000,
        error_messages={
            "required": _("What you did is missing. A task is closed only with what was done. Write one sentence.")
        },
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One or two sentences: whom you reached, what you agreed, what comes next."),
    )


class CloseWithCallForm(CloseForm):
    """What was done, and what came of the call that was asked for."""

    call_back_outcome = forms.ChoiceField(
        label=_("What came of the call?"),
        widget=forms.RadioSelect,
        choices=[
            (Task.CallBackOutcome.REACHED, _("We spoke")),
            (Task.CallBackOutcome.ANOTHER_WAY, _("We spoke in another way, without this call")),
        ],
        error_messages={"required": _("A call back was asked for. Say what came of it.")},
    )
    field_order = ("call_back_outcome", "done")


class AttemptForm(VersionedForm):
    """What was tried, where nobody was reached."""

    words = forms.CharField(
        label=_("What did you try?"),
        max_length=1000,
        error_messages={"required": _("What you tried is missing. Write one sentence.")},
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The task stays open, and others are told at its time, until somebody reaches them."),
    )


class HandOverForm(VersionedForm):
    person = forms.ChoiceField(label=_("Who answers instead"), widget=forms.RadioSelect)

    def __init__(self, people: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choice_field(self, "person").choices = workers_named(people)
