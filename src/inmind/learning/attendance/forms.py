"""What is asked about who was there."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inmind.foundation.forms import HouseForm, TimeInput, VersionedForm, choice_field
from inmind.learning.attendance.presence import MOST_LEEWAY, STEPS
from inmind.learning.trainings.forms import SomebodyForm
from inmind.people.models import Person
from inmind.records import sheets

# Those of the United States first, then UTC; a file may have been written by any other, which stands behind them.
NEAR = (
    *("America/New_York", "America/Detroit", "America/Chicago", "America/Denver", "America/Phoenix"),
    *("America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "UTC"),
)


class LogForm(HouseForm):
    """A participants' log, and the clock that it was written by."""

    file = forms.FileField(
        label=_("Participants’ log"),
        help_text=_("The CSV file that Zoom, Teams, Meet, Webex or another product gives for this meeting."),
    )
    zone = forms.ChoiceField(
        label=_("By which clock are its times written?"),
        help_text=_("A zone that stands in the file itself wins."),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"), required=False, choices=[("", _("find out")), *sheets.ENCODINGS.items()]
    )

    def __init__(self, zone: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = available_timezones()
        names = dict.fromkeys((zone, *NEAR, *sorted(one for one in known if "/" in one)))
        choice_field(self, "zone").choices = [(one, one.replace("_", " ")) for one in names if one in known]
        self.fields["zone"].initial = zone


class DecideForm(HouseForm):
    """Who somebody was."""

    person = forms.ChoiceField(label=_("Who was it?"), widget=forms.RadioSelect)

    def __init__(self, likely: list[Person], others: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in (*likely, *others)}
        names = [(key, one.name) for key, one in self.people.items()]
        choice_field(self, "person").choices = [*names, ("nobody", gettext("Nobody who is registered: leave it out"))]

    def chosen(self) -> Person | None:
        return self.people.get(self.cleaned_data["person"])


class MinutesForm(HouseForm):
    """Minutes by hand."""

    minutes = forms.IntegerField(label=_("Minutes attended"), min_value=0, max_value=1440)
    why = forms.CharField(
        label=_("Why, in one line"),
        max_length=300,
        required=False,
        help_text=_("Needed where something stood before. The person reads it."),
    )

    def __init__(self, of: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].help_text = gettext("The meeting counts for %(of)s minutes.") % {"of": of}


class WalkInForm(SomebodyForm):
    """Somebody who came without a registration."""

    is_billed = forms.BooleanField(
        label=_("Ask for the price of a seat"),
        required=False,
        help_text=_("An invoice is written, and a letter with it leaves at once."),
    )


class WalkInMinutesForm(WalkInForm):
    """The same from the sheet that was signed, with the minutes."""

    minutes = forms.IntegerField(label=_("Minutes attended"), min_value=1, max_value=1440)

    def __init__(self, of: int, known: Person | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(known, *args, **kwargs)
        self.fields["minutes"].help_text = gettext("The meeting counts for %(of)s minutes.") % {"of": of}
        self.fields["minutes"].initial = of
        self.order_fields(["given_name", "family_name", "mail", "is_another", "minutes", "is_billed"])


class CountingForm(HouseForm):
    """How a training counts."""

    step = forms.TypedChoiceField(label=_("Minutes are rounded down to"), coerce=int)
    leeway = forms.IntegerField(
        label=_("Minutes of leeway"),
        min_value=0,
        max_value=MOST_LEEWAY,
        help_text=_("Added before rounding, for a late click. Never more than one step."),
    )
    credit_for_part = forms.BooleanField(
        label=_("Who attended a part has that part of the credit by kind of license"),
        required=False,
        help_text=_("Else only who attended all of it has that credit. What a board asks for, the association knows."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {1: gettext("the minute"), 15: gettext("a quarter of an hour"), 30: gettext("half an hour")}
        choice_field(self, "step").choices = [
            (one, words.get(one, gettext("%(n)s minutes") % {"n": one})) for one in STEPS
        ]


class BreakForm(HouseForm):
    """When a meeting had its break."""

    begins = forms.TimeField(label=_("Break from"), required=False, widget=TimeInput())
    ends = forms.TimeField(label=_("Break until"), required=False, widget=TimeInput())


class HereForm(HouseForm):
    """Name and address of somebody who is there, without an account."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    mail = forms.EmailField(
        label=_("Your email address"), max_length=254, help_text=_("The one with which you registered.")
    )


class AgainForm(VersionedForm):
    """That what was seen counts again."""
