"""Forms of families. Labels are whole words a worker says; no field asks for status, origin or numbers of the state."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.families.intake import PARTS, AdultFacts, ChildFacts
from inmind.families.models import Visit
from inmind.foundation.forms import DateInput, HouseForm, choice_field
from inmind.people.models import Person

LANGUAGES = [("", _("not asked yet")), ("en", _("English")), ("es", _("Spanish")), ("other", _("another language"))]
SAFE = [("", _("not asked yet")), ("yes", _("yes")), ("no", _("no"))]


class AdultForm(HouseForm):
    """An adult who cares for the child."""

    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    part = forms.ChoiceField(label=_("Cares for the child as"))
    language = forms.ChoiceField(label=_("Likes to speak"), choices=LANGUAGES, required=False)
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "part").choices = [("", _("choose")), *((key, _(word)) for key, word in PARTS.items())]

    def adult(self) -> AdultFacts:
        said = self.cleaned_data
        return AdultFacts(
            given_name=said["given_name"],
            family_name=said["family_name"],
            part=said["part"],
            language=said["language"],
            phone=said["phone"],
            phone_is_safe={"yes": True, "no": False}.get(said["phone_is_safe"]),
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
        required=False,
        help_text=_("A baby who has no name yet is called Baby for now."),
    )
    birth_date = forms.DateField(label=_("Born on"), required=False, widget=DateInput())
    due_date = forms.DateField(
        label=_("Expected on"), required=False, widget=DateInput(), help_text=_("A guess is fine.")
    )
    child_family_name = forms.CharField(label=_("Baby's last name"), max_length=80, required=False)
    field_order = (
        *("key", "arrival", "child_given_name", "birth_date", "due_date", "child_family_name"),
        *("given_name", "family_name", "part", "language", "phone", "phone_is_safe"),
    )

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
        return ChildFacts(said["child_given_name"], said["child_family_name"], said["birth_date"], said["due_date"])


# For each choice the date it needs, and what of the other choice is left out.
OF_ARRIVAL: dict[str, tuple[str, dict[str, Any]]] = {
    IntakeForm.BORN: ("birth_date", {"due_date": None}),
    IntakeForm.EXPECTED: ("due_date", {"birth_date": None, "child_given_name": ""}),
}
NO_DATE = {
    IntakeForm.BORN: _("The day of birth is missing."),
    IntakeForm.EXPECTED: _("The day on which the baby is expected is missing. A guess is fine."),
}


class VisitForm(HouseForm):
    """A visit, and what the caregiver is proud of."""

    on = forms.DateField(label=_("Day"), widget=DateInput())
    place = forms.ChoiceField(label=_("Where"), widget=forms.RadioSelect)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=720, initial=60)
    strength = forms.CharField(
        label=_("What we hold in mind"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the caregiver is proud of, or what the baby showed. In their own words."),
    )

    PLACES = {
        Visit.Place.HOME: _("at home"),
        Visit.Place.OFFICE: _("at the agency"),
        Visit.Place.CHILD_CARE: _("at child care"),
        Visit.Place.ONLINE: _("by video or phone"),
        Visit.Place.ELSEWHERE: _("somewhere else"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "place").choices = list(self.PLACES.items())


class PersonChoice(HouseForm):
    """One of some people: who joins a care team."""

    person = forms.ChoiceField(label=_("Who"), widget=forms.RadioSelect)

    def __init__(self, people: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choice_field(self, "person").choices = [(key, person.name) for key, person in self.people.items()]

    def chosen(self) -> Person:
        return self.people[self.cleaned_data["person"]]
