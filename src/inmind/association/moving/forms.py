"""Forms of moving in: the file, what its columns hold, its levels, its agencies, a decision about one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.association.models import Level
from inmind.association.moving.contacts import COLUMNS, speaks_of_families
from inmind.association.moving.deciding import Decision, What
from inmind.association.moving.models import ContactSheet
from inmind.foundation.forms import DateInput, HouseForm, choice_field
from inmind.people.models import Organization
from inmind.records import sheets
from inmind.records.columns import Order


class ExportForm(HouseForm):
    """A member export, for an association."""

    association = forms.ChoiceField(label=gettext_lazy("Association"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "The export of all contacts or members as CSV, with the names of the columns in its first row."
        ),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[("", gettext_lazy("find out")), *sheets.ENCODINGS.items()],
    )

    def __init__(self, places: Sequence[Organization], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in places}
        choice_field(self, "association").choices = [(key, one.name) for key, one in self.places.items()]
        if len(self.places) == 1:
            self.fields["association"].widget = forms.HiddenInput()
            self.fields["association"].initial = next(iter(self.places))


class ColumnsForm(HouseForm):
    """What each column holds, and how dates are written. A column that is called after families is not among them."""

    order = forms.ChoiceField(
        label=gettext_lazy("How are dates written?"),
        required=False,
        choices=[
            (Order.UNKNOWN.value, gettext_lazy("find out; a date that may be two waits for you")),
            (Order.US.value, gettext_lazy("month first: 5/31/2026")),
            (Order.EUROPEAN.value, gettext_lazy("day first: 31/5/2026")),
        ],
    )

    def __init__(self, sheet: ContactSheet, heading: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heading = [name for name in heading if name and not speaks_of_families(name)]
        self.fields["order"].initial = sheet.order
        choices = [("", _("left out")), *((key, _(name)) for key, (name, _words) in COLUMNS.items())]
        for place, name in enumerate(self.heading):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=sheet.columns.get(name, "")
            )

    def columns(self) -> dict[str, str]:
        said = self.cleaned_data
        return {name: said[f"column_{place}"] for place, name in enumerate(self.heading) if said[f"column_{place}"]}


LATER = "later"


class LevelsForm(HouseForm):
    """Which of our levels each level of the file is."""

    def __init__(
        self, words: Mapping[str, str], known: Mapping[str, str], levels: Sequence[Level], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words = list(words)
        choices = [
            *((str(one.pk), one.name) for one in levels),
            ("", _("left out: they are no members here")),
            (LATER, _("not sure: its rows wait")),
        ]
        named = {one.name.casefold(): str(one.pk) for one in levels}
        for place, (word, written) in enumerate(words.items()):
            self.fields[f"level_{place}"] = forms.ChoiceField(
                label=written,
                choices=choices,
                required=False,
                initial=known.get(word, named.get(written.casefold(), LATER)),
            )

    def levels(self) -> dict[str, str]:
        said = {word: self.cleaned_data[f"level_{place}"] for place, word in enumerate(self.words)}
        return {word: key for word, key in said.items() if key != LATER}


class AgenciesForm(HouseForm):
    """Which agency each organization of the file is; left alone, nothing is said of it."""

    def __init__(
        self, proposed: Sequence[tuple[str, str, int]], agencies: Sequence[Organization], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words = [word for word, _written, _count in proposed]
        choices = [
            (LATER, _("say it later")),
            ("new", _("keep it as an agency")),
            ("", _("leave it out")),
            *((str(one.pk), _("the same as %(name)s") % {"name": one.name}) for one in agencies),
        ]
        for place, (_word, written, count) in enumerate(proposed):
            self.fields[f"agency_{place}"] = forms.ChoiceField(
                label=f"{written} ({count})", choices=choices, required=False, initial=LATER
            )

    def agencies(self) -> dict[str, str]:
        said = {word: self.cleaned_data[f"agency_{place}"] for place, word in enumerate(self.words)}
        return {word: key for word, key in said.items() if key != LATER}


class DecisionForm(HouseForm):
    """Whom a doubtful row is about, and the membership as it is right."""

    what = forms.ChoiceField(label=gettext_lazy("Who is it?"), widget=forms.RadioSelect)
    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False)
    since = forms.DateField(label=gettext_lazy("Member since"), required=False, widget=DateInput())
    until = forms.DateField(
        label=gettext_lazy("Renewal due"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("The first day that is not paid for."),
    )
    all_of_the_mailbox = forms.BooleanField(
        label=gettext_lazy("The other rows at this mailbox are people of their own too"), required=False
    )

    def __init__(
        self, choices: Sequence[tuple[str, str]], levels: Sequence[Level], shared: bool, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "what").choices = list(choices)
        choice_field(self, "level").choices = [("", _("choose")), *((str(one.pk), one.name) for one in levels)]
        if not shared:
            del self.fields["all_of_the_mailbox"]

    def decision(self) -> Decision:
        said = self.cleaned_data
        what, _colon, person = said["what"].partition(":")
        return Decision(
            What(what),
            UUID(said["level"]) if said["level"] else None,
            said["since"],
            said["until"],
            UUID(person) if person else None,
        )
