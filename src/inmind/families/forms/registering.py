"""A child or a pregnancy with those who care for it, and another adult."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.families.forms.told import LANGUAGES, PART_CHOICES, SAFE, WEEKS_HELP, YES_NO, ToldForm, _a_name
from inmind.families.intake import AdultFacts, ChildFacts, check_adult, of_one_birth
from inmind.families.models import Dyad
from inmind.families.queries import Adult
from inmind.foundation.errors import BadInput, InMindError
from inmind.foundation.forms import DateInput, choice_field, said


class AdultForm(ToldForm):
    """An adult who cares for the child."""

    given_name = forms.CharField(label=_("First name"), max_length=80, widget=_a_name())
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False, widget=_a_name())
    part = forms.ChoiceField(label=_("Cares for the child as"))
    language = forms.ChoiceField(label=_("Likes to speak"), choices=LANGUAGES, required=False)
    since = forms.DateField(
        label=_("Since when"), required=False, widget=DateInput(), help_text=_("Empty: from today.")
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    phone_is_safe = forms.ChoiceField(
        label=_("Is it safe to call this number?"),
        choices=SAFE,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Ask when nobody else is listening. Someone else may answer this phone, or read its messages."),
    )

    is_somebody_else = forms.BooleanField(
        label=_("This is somebody else of the same name"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "part").choices = PART_CHOICES

    def asked_now(self) -> list[forms.BoundField]:
        return [self["is_something_else"], self["is_somebody_else"]]

    def take(self, refusal: InMindError) -> None:
        if refusal.field == "given_name":
            self.reveal("is_somebody_else")
        super().take(refusal)

    def adult(self) -> AdultFacts:
        said = self.cleaned_data
        return AdultFacts(
            given_name=said["given_name"],
            family_name=said["family_name"],
            part=said["part"],
            language=said["language"],
            phone=said["phone"],
            phone_is_safe=YES_NO.get(said["phone_is_safe"]),
            since=said.get("since"),
            is_somebody_else=said["is_somebody_else"],
        )


class IntakeForm(AdultForm):
    """A child or a pregnancy, and the first adult. More adults follow on the family's page.

    First whether the baby is born: of what follows, only the fields of that choice count.
    """

    BORN, EXPECTED = "born", "expected"
    arrival = forms.ChoiceField(
        label=_("Is the baby born?"),
        choices=[(BORN, _("Born")), (EXPECTED, _("On the way"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say first whether the baby is born or on the way.")},
    )
    child_given_name = forms.CharField(
        label=_("Baby's first name"),
        max_length=80,
        widget=_a_name(),
        required=False,
        help_text=_("A baby who has no name yet is called Baby for now."),
    )
    birth_date = forms.DateField(label=_("Born on"), required=False, widget=DateInput())
    due_date = forms.DateField(
        label=_("Expected on"), required=False, widget=DateInput(), help_text=_("A guess is fine.")
    )
    child_family_name = forms.CharField(label=_("Baby's last name"), max_length=80, required=False, widget=_a_name())
    gestation_weeks = forms.IntegerField(label=_("Weeks at birth"), required=False, help_text=WEEKS_HELP)
    field_order = (
        *("key", "arrival", "child_given_name", "birth_date", "gestation_weeks", "due_date", "child_family_name"),
        *("given_name", "family_name", "part", "since", "language", "phone", "phone_is_safe"),
    )

    def adults(self) -> tuple[AdultFacts, ...]:
        return (self.adult(),)

    def clean(self) -> dict[str, Any]:
        """What belongs to the other choice is left out; the date of the choice itself is needed."""
        said = super().clean() or self.cleaned_data
        if (arrival := said.get("arrival")) is None:
            return said
        date, left_out = OF_ARRIVAL[arrival]
        for name, empty in left_out.items():
            said[name] = empty
            self.errors.pop(name, None)
        if said.get(date) is None and date not in self.errors:
            self.add_error(date, NO_DATE[arrival])
        return said

    def child(self) -> ChildFacts:
        said = self.cleaned_data
        kept = ("birth_date", "due_date", "gestation_weeks")
        return ChildFacts(said["child_given_name"], said["child_family_name"], **{name: said[name] for name in kept})


# For each choice the date it needs, and what of the other choice is left out.
OF_ARRIVAL: dict[str, tuple[str, dict[str, Any]]] = {
    IntakeForm.BORN: ("birth_date", {"due_date": None}),
    IntakeForm.EXPECTED: ("due_date", {"birth_date": None, "child_given_name": "", "gestation_weeks": None}),
}
NO_DATE = {
    IntakeForm.BORN: _("The day of birth is missing."),
    IntakeForm.EXPECTED: _("The day on which the baby is expected is missing. A guess is fine."),
}


class SiblingForm(IntakeForm):
    """A brother or sister: those who care for the other child may care for this one too, and somebody new may.

    Of a twin without weeks at birth the other child's are offered once, to be confirmed, changed or emptied.
    """

    weeks_offered = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, known: list[Adult], today: date, beside: Dyad, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.beside = today, beside
        self.known = {str(one.person.pk): one for one in known}
        self.fields["given_name"].required = self.fields["part"].required = False
        for key, one in self.known.items():
            self.fields[f"with_{key}"] = forms.BooleanField(label=one.person.name, required=False, initial=True)
            as_what = _("%(name)s cares for this child as") % {"name": one.person.given_name}
            self.fields[f"part_{key}"] = forms.ChoiceField(
                label=as_what, choices=PART_CHOICES, required=False, initial=one.key
            )
            self.fields[f"since_{key}"] = forms.DateField(
                label=_("Since when"), required=False, widget=DateInput(), help_text=_("Empty: from today.")
            )

    def opens_new(self) -> bool:
        """Whether the fields of somebody new are shown at once: nobody is known, or something stands or is wrong in them."""
        fields = (self[name] for name in ("given_name", "family_name", "part", "phone", "since"))
        return not self.known or any(one.errors or one.value() for one in fields)

    def asked_of_known(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"with_{key}"], self[f"part_{key}"], self[f"since_{key}"]) for key in self.known]

    def clean(self) -> dict[str, Any]:
        """What cannot be so of how somebody known cares is said there. Nobody who was ticked is left out in silence: put
        together with another record, or no longer caring for the child, since the page was opened."""
        typed = super().clean()
        if any(name.startswith("with_") and name not in self.fields for name in self.data):
            self.add_error(
                None, _("Somebody whom you ticked is no longer on this list as before. Look at it once more.")
            )
        for key in self.known:
            if typed.get(f"with_{key}") and not {f"part_{key}", f"since_{key}"} & self.errors.keys():
                try:
                    check_adult(self._as_known(key), today=self.today)
                except BadInput as refusal:
                    self.add_error(f"{refusal.field}_{key}", said(refusal))
        self._offer_weeks(typed)
        return typed

    def _offer_weeks(self, typed: dict[str, Any]) -> None:
        weeks, field = self.beside.gestation_weeks, "gestation_weeks"
        is_said = field in self.errors or typed[field] is not None or typed["weeks_offered"]
        if is_said or weeks is None or not of_one_birth(typed.get("birth_date"), self.beside.birth_date):
            return
        offered: Any = self.data
        self.data = offered = offered.copy()
        offered[field], offered["weeks_offered"] = str(weeks), "on"
        words = _(
            "Of one birth with %(name)s, who came at %(weeks)s weeks? Send it again if so; change or empty it if not."
        )
        self.add_error(field, words % {"name": self.beside.called, "weeks": weeks})

    def _as_known(self, key: str) -> AdultFacts:
        typed, person = self.cleaned_data, self.known[key].person
        part, since = typed[f"part_{key}"], typed[f"since_{key}"]
        return AdultFacts(person.given_name, person.family_name, part, since=since, id=person.pk, known=True)

    def adults(self) -> tuple[AdultFacts, ...]:
        """Those who are known and were chosen; then somebody new, if anything was typed of one."""
        typed = self.cleaned_data
        known = tuple(self._as_known(key) for key in self.known if typed[f"with_{key}"])
        is_new = any(typed[name].strip() for name in ("given_name", "family_name", "phone"))
        return (*known, self.adult()) if is_new else known
