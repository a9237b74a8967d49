"""The form of an agency's rota: rows of the week, rows of single days, who speaks Spanish; each row stands on its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, time
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from inmind.access.queries import workers_named
from inmind.families.rota import LONGEST_WAIT, Rota, Turn
from inmind.foundation.forms import DateInput, HouseForm, PlainForm, choice_field
from inmind.people.models import Person

MOST_ROWS = 40
SPANISH = "es"


class TimeInput(forms.TimeInput):
    """The device's own way to set a clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class Row(PlainForm):
    """Hours, who reads then and who is asked next: somebody else. A row that is left empty counts for nothing."""

    start = forms.TimeField(label=_("From"), required=False, widget=TimeInput())
    end = forms.TimeField(label=_("To"), required=False, widget=TimeInput())
    person = forms.ChoiceField(label=_("Who reads"), required=False)
    backup = forms.ChoiceField(label=_("Back-up"), required=False)
    on = ""  # the field that says when, of each kind of row

    def __init__(self, people: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = workers_named(people)
        choice_field(self, "person").choices = [("", _("nobody yet")), *named]
        choice_field(self, "backup").choices = [("", _("nobody")), *(named if len(named) > 1 else [])]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it, typed or saved; such a row may be folded away."""
        return not any(self[name].value() for name in self.fields)

    @property
    def is_empty(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in (self.on, "start", "end", "person", "backup"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.errors or self.is_empty:
            return said
        if not said[self.on]:
            self.add_error(self.on, _("Say on which day."))
        if (said["start"] is None) != (said["end"] is None):
            self.add_error("end" if said["end"] is None else "start", _("Hours have a beginning and an end."))
        if said["backup"] and said["backup"] == said["person"]:
            self.add_error("backup", _("Somebody else, for when the first does not answer."))
        elif said["backup"] and not said["person"]:
            self.add_error("person", _("Say who reads first."))
        return said

    def hours(self) -> dict[str, Any]:
        said = self.cleaned_data
        one = {name: UUID(said[name]) if said[name] else None for name in ("person", "backup")}
        return {"start": said["start"], "end": said["end"], **one}


class WeekRow(Row):
    """Hours that come each week, on one or more days."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(WEEKDAYS.items()),
    )
    on = "weekdays"
    field_order = ("weekdays", "start", "end", "person", "backup")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and not self.is_empty and said["start"] is None:
            self.add_error("start", _("Say from when."))
        return said

    def turns(self) -> Iterator[Turn]:
        return (Turn(weekday=weekday, **self.hours()) for weekday in self.cleaned_data["weekdays"])


class DayRow(Row):
    """One day that differs: in its hours it takes the place of the week; without hours no turn begins on it."""

    day = forms.DateField(label=_("Day"), required=False, widget=DateInput())
    on = "day"
    field_order = ("day", "start", "end", "person", "backup")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and said["start"] is None and said["person"]:
            self.add_error("start", _("Say from when, or name nobody: then this day is closed."))
        return said

    def turns(self) -> Iterator[Turn]:
        yield Turn(day=self.cleaned_data["day"], **self.hours())


class RotaForm(HouseForm):
    """A whole rota. `over`: the one that was shown; `seen`: the mark of what its reader has looked at before saving."""

    over = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    weeks = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_ROWS)
    days = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_ROWS)
    speakers = forms.MultipleChoiceField(
        label=_("Who speaks Spanish with families"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where a family likes to speak Spanish, they are asked first."),
    )
    within_minutes = forms.IntegerField(
        label=_("In these hours: minutes until others are told"), min_value=1, max_value=LONGEST_WAIT
    )
    outside_minutes = forms.IntegerField(
        label=_("Outside of these hours: minutes until others are told"), min_value=1, max_value=LONGEST_WAIT
    )

    def __init__(self, people: Sequence[Person], data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        choice_field(self, "speakers").choices = workers_named(people)
        weeks, days = (self._count(name) for name in ("weeks", "days"))
        rows = (initial or {}).get("rows", {"w": [], "d": []})
        self.week_rows = [_row(WeekRow, people, data, f"w{number}", rows["w"], number) for number in range(weeks)]
        self.day_rows = [_row(DayRow, people, data, f"d{number}", rows["d"], number) for number in range(days)]

    def _count(self, name: str) -> int:
        said = str(self.data.get(name, "")) if self.is_bound else str(self.initial[name])
        return max(1, min(int(said), MOST_ROWS)) if said.isascii() and said.isdigit() and len(said) < 4 else 1

    def is_valid(self) -> bool:
        return all([super().is_valid(), *[row.is_valid() for row in (*self.week_rows, *self.day_rows)]])

    def turns(self) -> tuple[Turn, ...]:
        return tuple(turn for row in (*self.week_rows, *self.day_rows) if not row.is_empty for turn in row.turns())

    def speaks(self) -> frozenset[tuple[UUID, str]]:
        return frozenset((UUID(one), SPANISH) for one in self.cleaned_data["speakers"])

    def mark(self) -> str:
        """The mark of what is sent: the same words have the same."""
        said = (self.turns(), sorted(self.speaks()), self.minutes())
        return sha256(repr(said).encode()).hexdigest()

    def minutes(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in ("within_minutes", "outside_minutes")}

    def seeing(self, **hidden: str) -> None:
        """Write into the hidden fields what its reader is shown now, so that sending it again means that."""
        data = self.data.copy()  # type: ignore[attr-defined]
        for name, value in hidden.items():
            data[name] = value
        self.data = data


def _row(kind: type[Any], people: Sequence[Person], data: Any, prefix: str, rows: Sequence[Any], number: int) -> Any:
    return kind(people, data, prefix=prefix, initial=rows[number] if number < len(rows) else None)


def initial_of(rota: Rota, *, within_minutes: int, outside_minutes: int, over: UUID | None) -> dict[str, Any]:
    """What the form begins with: rows that were said together come back together, and one more of each kind."""
    weekly = [turn for turn in rota.turns if turn.weekday is not None]
    weeks = [
        {"weekdays": [turn.weekday for turn in some], **_hours(one)}
        for one, some in groupby(weekly, key=lambda turn: replace(turn, weekday=0))
    ]
    days = [{"day": turn.day, **_hours(turn)} for turn in rota.turns if turn.day is not None]
    return {
        "over": over,
        "within_minutes": within_minutes,
        "outside_minutes": outside_minutes,
        "speakers": sorted({str(person) for person, language in rota.speaks if language == SPANISH}),
        "rows": {"w": weeks, "d": days},
        "weeks": len(weeks) + 1,
        "days": len(days) + 1,
    }


def _hours(turn: Turn) -> dict[str, time | date | str | None]:
    return {
        "start": turn.start,
        "end": turn.end,
        "person": str(turn.person or ""),
        "backup": str(turn.backup or ""),
    }
