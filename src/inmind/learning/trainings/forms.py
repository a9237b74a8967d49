"""Forms of trainings: what one says, when it is, and who asks for a seat."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inmind.foundation.errors import BadInput, InMindError
from inmind.foundation.forms import DateInput, HouseForm, TimeInput, VersionedForm, choice_field, said
from inmind.learning.trainings import words
from inmind.learning.trainings.actions import LINES, NUMBERS, SWITCHES, TEXTS, Line
from inmind.learning.trainings.adapters.catalog import domains
from inmind.learning.trainings.guest_actions import Told
from inmind.learning.trainings.models import Meeting, Training
from inmind.learning.trainings.self_said import LANGUAGES, RACES
from inmind.learning.trainings.times import MOST_MEETINGS, Said, repeated
from inmind.money.amounts import plain, read_amount
from inmind.people.models import Person

BLANKS = 2  # empty rows for further meetings
ROOM = 3  # lines of a short text


class TrainingForm(VersionedForm):
    """What a training says, but for its meetings."""

    title = forms.CharField(label=_("What is it called?"), max_length=LINES["title"])
    title_es = forms.CharField(label=_("The same in Spanish"), max_length=LINES["title_es"], required=False)
    summary = forms.CharField(
        label=_("What is it about?"),
        max_length=TEXTS["summary"],
        required=False,
        widget=forms.Textarea(attrs={"rows": ROOM}),
    )
    summary_es = forms.CharField(
        label=_("What it is about, in Spanish"),
        max_length=TEXTS["summary_es"],
        required=False,
        widget=forms.Textarea(attrs={"rows": ROOM}),
    )
    place = forms.CharField(
        label=_("Where?"), max_length=LINES["place"], required=False, help_text=_("An address, or “online”.")
    )
    link = forms.CharField(
        label=_("Address of the online meeting"),
        max_length=LINES["link"],
        required=False,
        help_text=_("Shown only to those who have a seat."),
    )
    zone = forms.CharField(
        label=_("Time zone"), max_length=60, help_text=_("In which the times are said, such as America/Chicago.")
    )
    seats = forms.IntegerField(
        label=_("How many seats?"), required=False, min_value=1, help_text=_("Empty: as many as come.")
    )
    cents_member = forms.CharField(label=_("Price for members, in dollars"), max_length=20, initial="0")
    cents_other = forms.CharField(label=_("Price for others, in dollars"), max_length=20, initial="0")
    holds_until_paid = forms.BooleanField(
        label=_("Hold a seat only until its payment day"),
        required=False,
        help_text=_("A seat that is not paid by then goes to whoever waits."),
    )
    series = forms.CharField(
        label=_("Part of a series"), max_length=160, required=False, help_text=_("The name of the series, if any.")
    )
    giving_rsc_minutes = forms.IntegerField(
        label=_("Minutes about giving reflective supervision"), required=False, min_value=0
    )
    equity_minutes = forms.IntegerField(label=_("Minutes about equity"), required=False, min_value=0)
    credits = forms.CharField(
        label=_("Credit for licenses"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": ROOM}),
        help_text=_("A line for each: license; hours; approval number. For example: LCSW; 2.5; 2026-104"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, one in domains().items():
            self.fields[f"domain_{key}"] = forms.IntegerField(
                label=one.said(words.language()), required=False, min_value=0
            )
        if "es" not in settings.INSTALLATION.languages:
            for name in ("title_es", "summary_es"):
                del self.fields[name]

    @property
    def of_domains(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("domain_")]

    @property
    def minutes_of(self) -> list[Any]:
        return [self["giving_rsc_minutes"], self["equity_minutes"]]

    def clean_cents_member(self) -> int:
        return self._cents("cents_member")

    def clean_cents_other(self) -> int:
        return self._cents("cents_other")

    def _cents(self, name: str) -> int:
        try:
            return read_amount(self.cleaned_data[name], field=name)
        except BadInput as refusal:
            raise forms.ValidationError(said(refusal)) from refusal

    def clean_credits(self) -> tuple[Line, ...]:
        lines = [one.strip() for one in self.cleaned_data["credits"].splitlines() if one.strip()]
        return tuple(_line(one) for one in lines)

    def told(self) -> dict[str, Any]:
        """What was said, as the actions take it."""
        typed = self.cleaned_data
        told: dict[str, Any] = {name: typed[name] for name in (*LINES, *TEXTS) if name in typed}
        told |= {name: typed[name] or 0 for name in NUMBERS}
        told |= {"seats": typed["seats"], "holds_until_paid": typed["holds_until_paid"], "zone": typed["zone"].strip()}
        told |= {"credits": typed["credits"], "series": typed["series"]}
        minutes = {key: typed[f"domain_{key}"] for key in domains()}
        return told | {"domains": {key: one for key, one in minutes.items() if one}}


def _line(typed: str) -> Line:
    """One line of credit as it was typed: `LCSW; 2.5; 2026-104`."""
    parts = [one.strip() for one in typed.split(";")]
    found = re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,2}))?", parts[1]) if len(parts) in (2, 3) else None
    if found is None or not parts[0] or len(parts[0]) > 80:
        raise forms.ValidationError(
            _("“%(line)s” is not a line of credit. Write: license; hours; approval number."), params={"line": typed}
        )
    hundredths = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    return Line(parts[0], hundredths, parts[2] if len(parts) == 3 else "")


def as_typed(row: Training) -> dict[str, Any]:
    """What a training says, as the form shows it."""
    shown: dict[str, Any] = {name: getattr(row, name) for name in (*LINES, *TEXTS, *SWITCHES, "seats", "zone")}
    shown |= {name: getattr(row, name) or None for name in ("giving_rsc_minutes", "equity_minutes")}
    shown |= {name: plain(getattr(row, name)) for name in ("cents_member", "cents_other")}
    shown |= {f"domain_{one.domain}": one.minutes for one in row.domains.all()}
    lines = [f"{one.licence_kind}; {one.hours_hundredths / 100:g}; {one.approval}" for one in row.credits.all()]
    series = row.series.title if row.series else ""
    return shown | {"credits": "\n".join(lines), "series": series, "version": row.version}


class NewTrainingForm(TrainingForm):
    """A training in a minute: its first meeting, and how often that comes again."""

    on = forms.DateField(label=_("On which day?"), widget=DateInput)
    begins = forms.TimeField(label=_("From"), widget=TimeInput)
    ends = forms.TimeField(label=_("Until"), widget=TimeInput)
    break_minutes = forms.IntegerField(label=_("Minutes of breaks"), min_value=0, initial=0)
    times = forms.IntegerField(label=_("How many meetings?"), min_value=1, max_value=MOST_MEETINGS, initial=1)
    weeks = forms.IntegerField(
        label=_("Every how many weeks?"), min_value=1, max_value=13, initial=1, help_text=_("For several meetings.")
    )
    keeper = forms.ChoiceField(label=_("Who gives it?"))
    was_held = forms.BooleanField(
        label=_("It was held already: write it down"),
        required=False,
        help_text=_("Nobody takes a seat, and no letter goes out. Next you say who was there, and make certificates."),
    )
    is_public = forms.BooleanField(label=_("Show it to everybody"), required=False, initial=True)
    is_open = forms.BooleanField(label=_("Open registration at once"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, keepers: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "keeper").choices = [(key, one.name) for key, one in keepers.items()]
        if len(keepers) == 1:
            self.fields["keeper"].widget = forms.HiddenInput()
            self.initial.setdefault("keeper", next(iter(keepers)))

    def meetings(self) -> tuple[Said, ...]:
        typed = self.cleaned_data
        first = Said(typed["on"], typed["begins"], typed["ends"], typed["break_minutes"])
        return repeated(first, typed["times"], typed["weeks"])


class ChangeForm(TrainingForm):
    """A training as it stands, with a row for each meeting; a row without a day is taken away."""

    def __init__(self, meetings: Sequence[Meeting], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ids: list[UUID | None] = [*(one.pk for one in meetings), *[None] * BLANKS]
        for number, _pk in enumerate(self.ids):
            stood = meetings[number] if number < len(meetings) else None
            for name, field in self._row(number, stood).items():
                self.fields[f"{name}_{number}"] = field

    def _row(self, number: int, stood: Meeting | None) -> dict[str, forms.Field]:
        breaks = None
        if stood is not None:
            breaks = int((stood.ends_at - stood.starts_at).total_seconds()) // 60 - stood.minutes
        there: dict[str, forms.Field] = {
            "on": forms.DateField(
                label=gettext("Day of meeting %(number)s") % {"number": number + 1}, widget=DateInput, required=False
            ),
            "begins": forms.TimeField(label=gettext("From"), widget=TimeInput, required=False),
            "ends": forms.TimeField(label=gettext("Until"), widget=TimeInput, required=False),
            "break": forms.IntegerField(label=gettext("Minutes of breaks"), min_value=0, required=False),
        }
        first = {"on": stood.on, "begins": stood.begins, "ends": stood.ends, "break": breaks} if stood else {}
        for name, field in there.items():
            field.initial = first.get(name)
        return there

    @property
    def rows(self) -> list[list[Any]]:
        return [
            [self[f"{name}_{number}"] for name in ("on", "begins", "ends", "break")] for number in range(len(self.ids))
        ]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for number in range(len(self.ids)):
            for name in ("begins", "ends"):
                if typed.get(f"on_{number}") and typed.get(f"{name}_{number}") is None and not self.errors:
                    self.add_error(f"{name}_{number}", gettext("The hour is missing. Take the day out if it is none."))
        return typed

    def meetings(self) -> tuple[tuple[UUID | None, Said], ...]:
        typed = self.cleaned_data
        return tuple(
            (
                pk,
                Said(
                    typed[f"on_{number}"],
                    typed[f"begins_{number}"],
                    typed[f"ends_{number}"],
                    typed[f"break_{number}"] or 0,
                ),
            )
            for number, pk in enumerate(self.ids)
            if typed[f"on_{number}"]
        )


def copied(row: Training, on: date | None) -> dict[str, Any]:
    """What a new training takes over from an earlier one: everything but its day, and what was called off."""
    first = row.meetings.first()
    shown = as_typed(row) | {"version": None, "is_public": True, "is_open": True, "times": 1, "weeks": 1, "on": on}
    if first is not None:
        breaks = int((first.ends_at - first.starts_at).total_seconds()) // 60 - first.minutes
        shown |= {"begins": first.begins, "ends": first.ends, "break_minutes": breaks}
        shown["times"] = row.meetings.count()
    return shown


class PersonForm(HouseForm):
    """Who asks for a seat: name and mail, and nothing else."""

    given_name = forms.CharField(
        label=_("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Last name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    mail = forms.EmailField(label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def told(self) -> Told:
        return Told(*(self.cleaned_data[name] for name in ("given_name", "family_name", "mail")))


class SomebodyForm(PersonForm):
    """Whom the association means: somebody whom it knows (`known`), then nothing is asked; else name and mail."""

    is_another = forms.BooleanField(
        label=_("It is somebody else, who reads the same mailbox"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, known: Person | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        if known is not None:
            for name in ("given_name", "family_name", "mail", "is_another"):
                del self.fields[name]

    def whom(self) -> dict[str, Any]:
        """As the actions take it."""
        if self.known is not None:
            return {"person": self.known}
        return {"told": replace(self.told(), is_another=self.cleaned_data["is_another"])}

    def take(self, refusal: InMindError) -> None:
        super().take(refusal)
        if refusal.facts.get("names") and "is_another" in self.fields:
            self.fields["is_another"].widget = forms.CheckboxInput()


class AskForm(PersonForm):
    """The same on the public page, with a trap for programs that fill in everything."""

    site = forms.CharField(
        label=_("Leave this empty"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_site(self) -> str:
        if self.cleaned_data["site"]:
            raise forms.ValidationError(
                _("One field that nobody sees was filled in. It is empty again: please send it once more.")
            )
        return ""


class OfSelfForm(HouseForm):
    """What somebody says of themselves; all of it may be left out."""

    races = forms.MultipleChoiceField(
        label=_("Race and/or ethnicity"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages that you work in"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "races").choices = [(key, gettext(name)) for key, name in RACES.items()]
        choice_field(self, "languages").choices = [(key, gettext(name)) for key, name in LANGUAGES.items()]
