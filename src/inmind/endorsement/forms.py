"""Forms of endorsement: what one says of oneself, a goal, to whom it is shown; a decision, and rules as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inmind.endorsement.facts import DEGREES, OF_WORK, RATERS, ROLES, WORK
from inmind.endorsement.models import CREDENTIALS, Decision, Endorsement
from inmind.foundation.errors import BadInput
from inmind.foundation.forms import DateInput, HouseForm, PlainForm, choice_field
from inmind.foundation.forms import said as told
from inmind.people.models import Organization, Person
from inmind.records import sheets

OUTCOMES = {
    Decision.Outcome.ENDORSED: _("endorsed"),
    Decision.Outcome.EMERGING: _("endorsed as emerging"),
    Decision.Outcome.FOR_EXAM: _("approved for the exam"),
    Decision.Outcome.ON_HOLD: _("on hold, for changes"),
    Decision.Outcome.DEFERRED: _("deferred, with feedback"),
}
WHYS = {
    Endorsement.Why.LAPSED: _("it was not renewed"),
    Endorsement.Why.INACTIVE: _("its holder asked to be inactive"),
    Endorsement.Why.MOVED: _("its holder moved to another association, or to another status"),
    Endorsement.Why.MISTAKE: _("it was written down by mistake"),
}
LARGEST_FILE = 60_000
LARGEST_LIST = 600_000


class SayForm(HouseForm):
    """One answer about oneself. back: the category whose page asked, or empty."""

    fact = forms.CharField(widget=forms.HiddenInput, max_length=60)
    back = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    answer = forms.CharField(label=_("Answer"), max_length=20)


class WorkForm(HouseForm):
    """A stretch of work."""

    of = forms.ChoiceField(label=_("What kind of work?"), choices=[(key, _(said)) for key, said in WORK.items()])
    place = forms.CharField(label=_("Where?"), max_length=120, required=False)
    since = forms.DateField(label=_("From which day?"), widget=DateInput)
    until = forms.DateField(
        label=_("Until which day?"), widget=DateInput, required=False, help_text=_("Leave it empty if it goes on.")
    )
    yes = forms.MultipleChoiceField(
        label=_("What is true of it?"),
        choices=[(key, _(said)) for key, said in OF_WORK.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Some standards ask for this. What you leave open is asked where it is needed."),
    )

    def answers(self) -> dict[str, bool]:
        return dict.fromkeys(self.cleaned_data["yes"], True)


class RatingForm(HouseForm):
    """A reference rating that came."""

    on = forms.DateField(label=_("On which day did it come?"), widget=DateInput)
    roles = forms.MultipleChoiceField(
        label=_("Who wrote it?"),
        choices=[(key, _(ROLES[key])) for key in RATERS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All that is true. No name is kept, and nothing of what it says."),
    )
    unknown_answers = forms.IntegerField(
        label=_("How often does it say “not enough information”?"),
        min_value=0,
        max_value=200,
        required=False,
        help_text=_("Leave it empty if you do not know. From six on a reference does not count."),
    )


class GoalForm(HouseForm):
    """Toward what one works, and with which association."""

    association = forms.ChoiceField(label=_("With which association?"))
    category = forms.ChoiceField(label=_("Toward which category?"))
    credential = forms.ChoiceField(
        label=_("For which ages?"),
        choices=[
            ("IMH-E", _("IMH-E: pregnancy and 0 to 36 months")),
            ("ECMH-E", _("ECMH-E: 3 up to 6 years")),
            ("IECMH-E", _("IECMH-E: both")),
        ],
    )
    applied_on = forms.DateField(
        label=_("When did you apply?"),
        widget=DateInput,
        required=False,
        help_text=_("Leave it empty until then. The day can decide which edition binds."),
    )

    def __init__(
        self, places: Iterable[Organization], categories: Iterable[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in places}
        choice_field(self, "association").choices = [(key, one.name) for key, one in self.places.items()]
        choice_field(self, "category").choices = list(categories)


class ShareForm(HouseForm):
    """To whom it is shown, and until when."""

    goal = forms.ChoiceField(label=_("What do you want to show?"))
    to = forms.ChoiceField(label=_("To whom?"))
    until = forms.DateField(
        label=_("Up to which day?"), widget=DateInput, help_text=_("You can stop it at any moment before.")
    )

    def __init__(
        self,
        goals: dict[str, str],
        places: Iterable[Organization],
        people: Mapping[Person, str],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """people: named readers, each with who they are here."""
        super().__init__(*args, **kwargs)
        self.places = {f"place:{one.pk}": one for one in places}
        self.people = {f"person:{one.pk}": one for one in people}
        choice_field(self, "goal").choices = list(goals.items())
        employers = [(key, _("My employer: %(name)s") % {"name": one.name}) for key, one in self.places.items()]
        choice_field(self, "to").choices = [
            ("", gettext("choose")),
            *employers,
            *((f"person:{one.pk}", f"{one.name} ({says})" if says else one.name) for one, says in people.items()),
        ]

    def readers(self) -> dict[str, Person | Organization]:
        to = self.cleaned_data["to"]
        return {"to_organization": self.places[to]} if to in self.places else {"to_person": self.people[to]}


class DecisionForm(HouseForm):
    """What was decided in the Alliance's own system."""

    person = forms.ChoiceField(label=_("About whom?"))
    category = forms.ChoiceField(label=_("Category"))
    credential = forms.ChoiceField(label=_("Credential"), choices=CREDENTIALS)
    outcome = forms.ChoiceField(label=_("What was decided?"), choices=list(OUTCOMES.items()))
    on = forms.DateField(label=_("On which day?"), widget=DateInput)
    edition = forms.ChoiceField(label=_("By which edition?"), required=False)
    came_from = forms.CharField(
        label=_("Where does it stand?"),
        max_length=120,
        help_text=_("Such as: letter of March 3, or the Alliance’s system."),
    )
    degree = forms.ChoiceField(
        label=_("Highest degree on file"),
        required=False,
        help_text=_("Some standards count a supervisor’s hours by it. Leave it open if you do not know."),
    )

    def __init__(
        self,
        people: Iterable[Person],
        categories: Iterable[tuple[str, str]],
        editions: Iterable[str],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        choice_field(self, "person").choices = [
            ("", gettext("choose")),
            *((k, one.name) for k, one in self.people.items()),
        ]
        choice_field(self, "category").choices = list(categories)
        choice_field(self, "edition").choices = [("", gettext("not known")), *((one, one) for one in editions)]
        choice_field(self, "degree").choices = [
            ("", gettext("not known")),
            *((key, gettext(said)) for key, said in DEGREES.items()),
        ]


class EndForm(HouseForm):
    """That an endorsement has ended."""

    until = forms.DateField(label=_("From which day on is it held no longer?"), widget=DateInput)
    why = forms.ChoiceField(label=_("Why?"), choices=list(WHYS.items()))


class RulesForm(HouseForm):
    """A file of rules, sent or pasted."""

    file = forms.FileField(label=_("The file"), required=False)
    words = forms.CharField(
        label=_("Or its text"), max_length=LARGEST_FILE, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if (sent := said.get("file")) is not None:
            raw = sent.read(LARGEST_FILE * 4 + 1)
            try:
                said["words"] = raw.decode("utf-8-sig")
            except UnicodeDecodeError:
                raise ValidationError(
                    _("This file is no text. Rules come as a text file that ends in .yaml.")
                ) from None
        if not (said.get("words") or "").strip():
            raise ValidationError(_("There is no file yet. Choose one, or paste its text."))
        if len(said["words"]) > LARGEST_FILE:
            raise ValidationError(_("This file is too long for rules. Send the file of one category at a time."))
        return said


class ListForm(HouseForm):
    """A list of endorsements: sent as a file, then once more as it was looked at."""

    file = forms.FileField(label=_("The list (CSV)"), required=False)
    words = forms.CharField(widget=forms.HiddenInput, max_length=LARGEST_LIST, required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if (sent := said.get("file")) is not None:
            try:
                said["words"] = sheets.decoded(sent.read(LARGEST_LIST + 1))
            except BadInput as refusal:
                raise ValidationError(told(refusal)) from refusal
        if not (said.get("words") or "").strip():
            raise ValidationError(_("There is no list yet. Choose its file."))
        if len(said["words"]) > LARGEST_LIST:
            raise ValidationError(_("This list is too long. Cut it into several, each with the heading."))
        return said


class AcceptForm(HouseForm):
    """The rules that were looked at, and over which."""

    words = forms.CharField(widget=forms.HiddenInput, max_length=LARGEST_FILE)
    over = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


class ConfirmForm(HouseForm):
    """One confirmation of a cycle."""

    since = forms.DateField(widget=forms.HiddenInput)
    all_true = forms.BooleanField(
        label=_(
            "All of this is true: I stand by the code of ethics, no board has sanctioned me, and my hours are mine."
        )
    )
    dues = forms.BooleanField(label=_("Renew my membership with it"), required=False)

    def offers_dues(self, level: str) -> None:
        """Ask for the membership too, where there is one to renew now; level: what it is called, empty where there is none."""
        if level:
            self.fields["dues"].label = _("Renew my membership with it: %(level)s. A bill follows.") % {"level": level}
        else:
            del self.fields["dues"]


class SoughtForm(PlainForm):
    """Somebody in the registry, by name."""

    name = forms.CharField(label=_("Name"), max_length=80, required=False)
