"""How a family is served: a visit, its care team, the end, another side, a caseload handed over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.access.queries import mark_of_record, workers_named
from inmind.families import endings
from inmind.families.forms.registering import AdultForm
from inmind.families.forms.told import ToldForm, _offer_workers, offer_people
from inmind.families.models import Episode, Visit
from inmind.foundation import clock, text
from inmind.foundation.forms import DateInput, HouseForm, choice_field
from inmind.foundation.registries import house
from inmind.people.models import Person


class VisitForm(ToldForm):
    """A visit: where, how long, who was there; what the caregiver is proud of, what the baby showed; then what happened."""

    on = forms.DateField(label=_("Day"), widget=DateInput())
    place = forms.ChoiceField(label=_("Where"), widget=forms.RadioSelect)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=720, initial=60)
    present = forms.MultipleChoiceField(label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple)
    strength = forms.CharField(
        label=_("What is the caregiver proud of?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In their own words."),
    )
    showed = forms.CharField(
        label=_("What did the baby show?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A look, a sound, a way to be comforted."),
    )
    note = forms.CharField(
        label=_("What happened at this visit?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What you did together and what you agreed, in a few sentences; no diagnosis. The care team reads it, and who was "
            "there as the only adult, when they ask what is held about them."
        ),
    )

    PLACES = {
        Visit.Place.HOME: _("at home"),
        Visit.Place.OFFICE: _("at the agency"),
        Visit.Place.CHILD_CARE: _("at child care"),
        Visit.Place.ONLINE: _("by video or phone"),
        Visit.Place.ELSEWHERE: _("somewhere else"),
    }

    def __init__(self, people: list[tuple[Person, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "place").choices = list(self.PLACES.items())
        self.people = offer_people(self, "present", people)

    def there(self) -> tuple[Person, ...]:
        return tuple(self.people[key] for key in self.cleaned_data["present"])


class PersonChoice(HouseForm):
    """One of some people: who joins a care team."""

    person = forms.ChoiceField(label=_("Who"), widget=forms.RadioSelect)

    def __init__(self, people: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choice_field(self, "person").choices = workers_named(people)

    def chosen(self) -> Person:
        return self.people[self.cleaned_data["person"]]


class EndForm(HouseForm):
    """Why the service ends here, and when."""

    until = forms.DateField(label=_("Ended on"), widget=DateInput())
    reason = forms.ChoiceField(label=_("Why it ends"), widget=forms.RadioSelect)

    def __init__(self, episode: Episode, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "reason").choices = [(key, _(word)) for key, word in endings.REASONS.items()]
        self.asked = []
        for one in house.at_end.values():
            if asked := one.asks(episode):
                question, known, answers = asked
                self.asked.append(one.key)
                self.fields[one.key] = forms.ChoiceField(
                    label=question, help_text=known, choices=answers, widget=forms.RadioSelect
                )

    def said(self) -> dict[str, str]:
        """What becomes of that which runs still."""
        return {key: self.cleaned_data[key] for key in self.asked}


class ReopenForm(HouseForm):
    """Which family is served again."""

    episode = forms.UUIDField(widget=forms.HiddenInput)


class SideForm(AdultForm):
    """Another household of the same child, served apart, with a worker of its own."""

    side = forms.CharField(label=_("For whom"), max_length=80, help_text=_("Two words are enough: foster home."))
    worker = forms.ChoiceField(label=_("Who serves this side"), widget=forms.RadioSelect)
    field_order = (
        "key",
        "side",
        "given_name",
        "family_name",
        "part",
        "since",
        "language",
        "phone",
        "phone_is_safe",
        "worker",
    )

    def __init__(self, workers: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workers = _offer_workers(self, "worker", workers)

    def serving(self) -> Person:
        return self.workers[self.cleaned_data["worker"]]


class HandOverForm(ToldForm):
    """To whom a worker's families go, which of them, and a note."""

    episodes = forms.MultipleChoiceField(label=_("Families"), widget=forms.CheckboxSelectMultiple)
    taker = forms.ChoiceField(label=_("Who takes them over"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("A note for the new worker"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What helps to begin well. No answers of a screen: those stand on the caregiver's own page."),
    )

    def __init__(self, episodes: list[Episode], takers: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen_from = {str(one.pk): one for one in episodes}
        told = {
            key: (one.dyad.called, one.side, clock.day(one.since), mark_of_record(one.pk))
            for key, one in self.chosen_from.items()
        }
        choice_field(self, "episodes").choices = list(text.apart(told).items())
        self.fields["episodes"].initial = list(self.chosen_from)
        self.takers = _offer_workers(self, "taker", takers)

    def chosen(self) -> tuple[Episode, ...]:
        return tuple(self.chosen_from[key] for key in self.cleaned_data["episodes"])
