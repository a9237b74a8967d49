"""What is written down of the people of a family: how they care, the birth, homes, languages, ways and papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.families import consent
from inmind.families.background import Edition
from inmind.families.forms.told import (
    LANGUAGES,
    PART_CHOICES,
    SAFE,
    WEEKS_HELP,
    YES_NO,
    ToldForm,
    _a_name,
    offer_people,
)
from inmind.families.intake import Named
from inmind.families.models import SelfDescription
from inmind.foundation.forms import DateInput, HouseForm, choice_field
from inmind.people.models import Contact, EarlierFact, Person
from inmind.people.reaching import EVERY_DAY, SAYINGS, Saying, Way


class CareForm(HouseForm):
    """From a day on an adult cares for the child in another way, or no longer."""

    ENDED = "ended"
    part = forms.ChoiceField(label=_("Cares for the child as"))
    since = forms.DateField(label=_("From this day on"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "part").choices = [*PART_CHOICES, (self.ENDED, _("no longer cares for the child"))]

    def part_said(self) -> str:
        part: str = self.cleaned_data["part"]
        return "" if part == self.ENDED else part


class WeeksForm(HouseForm):
    """At how many weeks the baby was born."""

    gestation_weeks = forms.IntegerField(label=_("Weeks at birth"), required=False, help_text=WEEKS_HELP)


class BirthForm(WeeksForm):
    """The birth of a baby who was on the way, and as what those who were expecting care for it now."""

    child_given_name = forms.CharField(
        label=_("Baby's first name"),
        max_length=80,
        widget=_a_name(),
        help_text=_("A baby who has no name yet is called Baby for now."),
    )
    birth_date = forms.DateField(label=_("Born on"), widget=DateInput())
    child_family_name = forms.CharField(label=_("Baby's last name"), max_length=80, required=False, widget=_a_name())
    field_order = ("key", "child_given_name", "birth_date", "child_family_name", "gestation_weeks")

    def __init__(self, expecting: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expecting = {f"part_{person.pk}": person for person in expecting}
        for name, person in self.expecting.items():
            label = _("%(name)s now cares for the child as") % {"name": person.given_name}
            self.fields[name] = forms.ChoiceField(label=label, choices=PART_CHOICES)

    def parts(self) -> dict[str, str]:
        return {str(person.pk): self.cleaned_data[name] for name, person in self.expecting.items()}


class CorrectionForm(ToldForm):
    """How somebody is called, and a child's birth date (before the birth, its due date), as they are said anew.

    earlier: names that were right once, by which search finds them still.
    """

    over = forms.CharField(widget=forms.HiddenInput, max_length=64)
    given_name = forms.CharField(label=_("First name"), max_length=80, widget=_a_name())
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False, widget=_a_name())
    birth_date = forms.DateField(label=_("Born on"), widget=DateInput())
    due_date = forms.DateField(label=_("Expected on"), widget=DateInput(), help_text=_("A guess is fine."))
    still_found = forms.BooleanField(
        label=_("The name until now was right once: search still finds them by it"),
        required=False,
        help_text=_(
            "After a marriage or an adoption, say. Left empty, it was a typing error, and finds nobody any more."
        ),
    )
    find_no_more = forms.MultipleChoiceField(
        label=_("Search should no longer find them by"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, known: Named, earlier: list[EarlierFact], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_expected = known.due_date is not None
        self.fields["given_name"].required = not is_expected
        choice_field(self, "find_no_more").choices = [(str(one.pk), one.said) for one in earlier]
        asked = {
            "birth_date": known.birth_date,
            "due_date": known.due_date,
            "find_no_more": earlier,
            "still_found": known.given_name or known.family_name,
        }
        for name in (name for name, there in asked.items() if not there):
            del self.fields[name]

    def named(self) -> Named:
        said = self.cleaned_data
        return Named(said["given_name"], said["family_name"], said.get("birth_date"), said.get("due_date"))


class HomeForm(ToldForm):
    """Who lives with whom, from a day on."""

    TOGETHER, AWAY = "together", "away"
    people = forms.MultipleChoiceField(label=_("Who"), widget=forms.CheckboxSelectMultiple)
    living = forms.ChoiceField(
        label=_("From this day on they"),
        choices=[(TOGETHER, _("live together")), (AWAY, _("live somewhere else, not known here"))],
        widget=forms.RadioSelect,
        initial=TOGETHER,
    )
    since = forms.DateField(label=_("Since when"), widget=DateInput())
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Shown to those who serve this family. Other caregivers of the child are not told."),
    )
    shown_to_others = forms.BooleanField(
        label=_("They said that the child's other caregivers may know this address"), required=False
    )
    keeps_others = forms.BooleanField(label=_("The child, or somebody else here, has another home too"), required=False)

    def __init__(self, people: list[tuple[Person, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen_from = offer_people(self, "people", people)

    def chosen(self) -> tuple[Person, ...]:
        return tuple(self.chosen_from[key] for key in self.cleaned_data["people"])


class SpeechForm(ToldForm):
    """Languages, and whether an interpreter is wanted."""

    language = forms.ChoiceField(label=_("Likes to speak"), choices=LANGUAGES, required=False)
    spoken = forms.CharField(
        label=_("Languages spoken"), max_length=200, required=False, help_text=_("As they name them: Mam, Spanish.")
    )
    interpreter = forms.ChoiceField(
        label=_("Would they like an interpreter?"), choices=SAFE, required=False, widget=forms.RadioSelect
    )


class SelfForm(HouseForm):
    """Race and ethnicity in one federal edition: optional, as many as fit, said by the person."""

    edition = forms.CharField(widget=forms.HiddenInput, max_length=12)
    said_by = forms.ChoiceField(
        label=_("Who says it?"),
        choices=[
            (SelfDescription.SaidBy.SELF, _("the person")),
            (SelfDescription.SaidBy.PARENT, _("a parent, for the child")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = edition
        for question in edition.questions:
            choices = [(key, _(name)) for key, name in question.categories.items()]
            field, widget = (
                (forms.ChoiceField, forms.RadioSelect)
                if question.one
                else (forms.MultipleChoiceField, forms.CheckboxSelectMultiple)
            )
            left_out = [("", _("leave this out"))] if question.one else []
            self.fields[question.key] = field(
                label=_(question.label), choices=[*left_out, *choices], required=False, widget=widget
            )

    def said(self) -> tuple[str, ...]:
        answers = (self.cleaned_data[question.key] for question in self.asked.questions)
        return tuple(key for said in answers for key in ([said] if isinstance(said, str) else said) if key)


class WayForm(ToldForm):
    """A way to reach somebody: whether it is safe, when, and how much may be said there."""

    CHANNELS = {
        Contact.Channel.PHONE: _("a call"),
        Contact.Channel.TEXT: _("a text message"),
        Contact.Channel.MAIL: _("an email"),
        Contact.Channel.POST: _("a letter in the mail"),
    }
    DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    channel = forms.ChoiceField(label=_("By"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("Number or address"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    safe = forms.ChoiceField(
        label=_("Is this way safe?"),
        choices=SAFE,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Ask when nobody else is listening. Someone else may answer this phone, or read its messages."),
    )
    may_say = forms.TypedChoiceField(
        label=_("What may be said there?"),
        choices=[(int(key), _(word)) for key, word in SAYINGS.items()],
        coerce=int,
        widget=forms.RadioSelect,
        initial=int(Saying.NOTHING),
    )
    after = forms.TimeField(label=_("Safe from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    before = forms.TimeField(label=_("Safe until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    weekdays = forms.MultipleChoiceField(
        label=_("Safe on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every day."),
        choices=list(zip(EVERY_DAY, DAYS, strict=True)),
    )
    shown_to_others = forms.BooleanField(
        label=_("They said that the child's other caregivers may know this"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "channel").choices = list(self.CHANNELS.items())

    def way(self) -> Way:
        said = self.cleaned_data
        return Way(
            said["channel"],
            said["address"],
            YES_NO.get(said["safe"]),
            said["after"],
            said["before"],
            "".join(sorted(said["weekdays"])),
            Saying(said["may_say"]),
        )


class ConsentForm(ToldForm):
    """In which capacity somebody may consent, and the paper that was seen."""

    NOT_OF_THE_FAMILY = "-"
    holder = forms.ChoiceField(label=_("Who"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name of the court or the agency"), max_length=120, required=False, help_text=_("Only for these.")
    )
    capacity = forms.ChoiceField(label=_("In which capacity"))
    document = forms.ChoiceField(label=_("The paper you have seen"), required=False)
    since = forms.DateField(label=_("Holds since"), widget=DateInput())
    until = forms.DateField(
        label=_("Holds until"), required=False, widget=DateInput(), help_text=_("Empty: no end is known.")
    )
    not_told = forms.CharField(
        label=_("Who must not be told"),
        max_length=200,
        required=False,
        help_text=_("For a minor parent, or a young person in care: say it plainly."),
    )

    def __init__(self, people: list[tuple[Person, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = offer_people(self, "holder", people)
        holder = choice_field(self, "holder")
        holder.choices = [*holder.choices, (self.NOT_OF_THE_FAMILY, _("a court or an agency"))]
        choice_field(self, "capacity").choices = [
            ("", _("choose")),
            *((key.value, _(word)) for key, word in consent.CAPACITIES.items()),
        ]
        choice_field(self, "document").choices = [
            ("", _("no paper was seen")),
            *((key, _(word)) for key, word in consent.DOCUMENTS.items()),
        ]

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        person = self.people.get(said["holder"])
        kept = {key: said[key] for key in ("capacity", "document", "since", "until", "not_told")}
        return kept | {"holder": person, "name": "" if person else said["name"]}


class EndConsentForm(HouseForm):
    """From a day on what somebody was by a paper, they are no more."""

    consent_holder = forms.UUIDField(widget=forms.HiddenInput)
    until = forms.DateField(label=_("Ended on"), widget=DateInput())
