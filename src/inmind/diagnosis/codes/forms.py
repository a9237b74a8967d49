"""The forms of codes: what is asked, looked up, loaded, withdrawn, chosen, and written down of payers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.diagnosis.billing import Choice
from inmind.diagnosis.codes.actions import MOST_SESSIONS
from inmind.diagnosis.manual import Manual
from inmind.foundation.forms import DateInput, HouseForm, PlainForm, VersionedForm, choice_field

MOST_BYTES = 500_000  # of a table; ours: a crosswalk is some pages
WORKING = {"": None, "yes": True, "no": False}


class AskForm(PlainForm):
    """To whom a claim goes, and on which day the service was."""

    payer = forms.ChoiceField(
        label=_("Who pays"), required=False, help_text=_("Payers that your agency or a loaded table names.")
    )
    on = forms.DateField(label=_("Day of the service"), widget=DateInput)

    def __init__(self, payers: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = _("Another payer: by the table for all payers")
        choice_field(self, "payer").choices = [*((one, one) for one in payers), ("", every)]


class ChooseForm(HouseForm):
    """One of several codes, and why. given, payer, on: for which diagnosis and which claim."""

    given = forms.UUIDField(widget=forms.HiddenInput)
    payer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)
    on = forms.DateField(widget=forms.HiddenInput)
    code = forms.ChoiceField(label=_("Which code"), widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("Why this one"), max_length=300, help_text=_("One sentence, as it would stand in the record.")
    )

    def __init__(self, choices: Iterable[Choice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {one.code: " · ".join(part for part in (one.code, one.title, one.when) if part) for one in choices}
        choice_field(self, "code").choices = list(said.items())


class LookUpForm(PlainForm):
    """A diagnosis, a day, and whose table."""

    disorder = forms.ChoiceField(label=_("Diagnosis"))
    publisher = forms.ChoiceField(label=_("Whose table"), required=False)
    on = forms.DateField(label=_("On which day"), widget=DateInput)

    def __init__(self, manual: Manual, publishers: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (category.name, [(one.key, one.name) for one in manual.in_category(category.key)])
            for category in manual.categories.values()
        ]
        choice_field(self, "disorder").choices = [("", _("Choose a diagnosis")), *groups]
        choice_field(self, "publisher").choices = [("", _("Every table in force")), *((one, one) for one in publishers)]


class NamedForm(HouseForm):
    """What a table is, and from which day on it holds."""

    publisher = forms.CharField(
        label=_("Who published it"), max_length=120, help_text=_("The state’s agency or the payer, as it calls itself.")
    )
    edition = forms.CharField(label=_("Edition"), max_length=80, help_text=_("Such as its date or its number."))
    since = forms.DateField(label=_("For services from"), widget=DateInput)
    until = forms.DateField(
        label=_("No longer from"),
        widget=DateInput,
        required=False,
        help_text=_("The first day on which it does not hold any more, where it names one."),
    )
    payers = forms.CharField(
        label=_("For these payers alone"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4_000,
        required=False,
        help_text=_("One on each line. Nothing here: it is for all payers."),
    )
    working = forms.ChoiceField(
        label=_("Does it take a working diagnosis?"),
        required=False,
        choices=[("", _("It does not say")), ("yes", _("Yes")), ("no", _("No"))],
    )
    source = forms.CharField(
        label=_("Where it stands"),
        max_length=300,
        required=False,
        help_text=_("Its web address, or the page of the manual."),
    )

    def named(self) -> dict[str, Any]:
        """What the actions ask for."""
        said = self.cleaned_data
        return {
            "publisher": said["publisher"],
            "edition": said["edition"],
            "since": said["since"],
            "until": said["until"],
            "payers": tuple(said["payers"].splitlines()),
        }


class LookForm(NamedForm):
    """A file to be looked at."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV with the columns disorder and code; title, dsm5, kind, parent and when may stand beside them."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    field_order = ("file",)


class LoadForm(NamedForm):
    """The same once more, with the text of the file that was looked at."""

    table = forms.CharField(widget=forms.HiddenInput, max_length=MOST_BYTES, strip=False)
    without_headings = forms.BooleanField(
        label=_("Load it without the rows whose code is a heading"),
        required=False,
        help_text=_("They stay written down with the table. The publisher’s file is not altered."),
    )

    def ask_about_headings(self, count: int) -> None:
        """Where no row has a heading for a code, nothing is asked."""
        if not count:
            self.fields["without_headings"].widget = forms.HiddenInput()


class WithdrawForm(VersionedForm):
    """Why a table is used no more."""

    why = forms.CharField(label=_("Why, in one sentence"), max_length=300)


class AnswerForm(HouseForm):
    """What a payer answered about working diagnoses."""

    payer = forms.ChoiceField(label=_("Who answered"), required=False)
    takes = forms.ChoiceField(
        label=_("Does it take a working diagnosis?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    since = forms.DateField(label=_("For services from"), widget=DateInput)
    source = forms.CharField(
        label=_("Where it says so"),
        max_length=300,
        help_text=_("The page of its manual, its letter, or who said so on which day."),
    )

    def __init__(self, payers: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = _("It is so for every payer of this table")
        choice_field(self, "payer").choices = [("", every), *((one, one) for one in payers)]


class PayerForm(HouseForm):
    """A payer, and how many sessions of assessment it pays in a calendar year."""

    payer = forms.CharField(label=_("Payer"), max_length=80)
    sessions = forms.IntegerField(
        label=_("Sessions for one child in a calendar year"),
        min_value=0,
        max_value=MOST_SESSIONS,
        required=False,
        help_text=_("Nothing here: asked, and not known."),
    )
    source = forms.CharField(
        label=_("Where it says so"),
        max_length=300,
        required=False,
        help_text=_("The page of its manual, its letter, or who said so on which day."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
