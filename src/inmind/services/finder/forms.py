"""The forms of the finder: what somebody looks for, and how they may be called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from unicodedata import digit

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inmind.foundation.forms import HouseForm, PlainForm, ToldForm, choice_field
from inmind.foundation.values import month_reached
from inmind.services.finder.finding import MONTHS_AHEAD, YEARS, Said
from inmind.services.finder.wonders import Wonders
from inmind.services.listings.counties import County
from inmind.services.listings.languages import LANGUAGES

BORN, EXPECTED = "born", "expected"
OFF = {"autocomplete": "off"}


class FinderForm(PlainForm):
    """What somebody looks for. Nothing of it names anybody, and all of it may be left out."""

    who = forms.ChoiceField(
        label=_("Is the child born?"),
        choices=[(BORN, _("Yes")), (EXPECTED, _("We are expecting"))],
        widget=forms.RadioSelect(attrs=OFF),
        required=False,
    )
    y = forms.ChoiceField(label=_("Age in years"), required=False, widget=forms.Select(attrs=OFF))
    m = forms.ChoiceField(label=_("and months"), required=False, widget=forms.Select(attrs=OFF))
    due = forms.ChoiceField(label=_("Expected in"), required=False, widget=forms.Select(attrs=OFF))
    about = forms.MultipleChoiceField(
        label=_("What do you wonder about?"),
        help_text=_("Choose as many as you like, or none. This is not a test."),
        widget=forms.CheckboxSelectMultiple(attrs=OFF),
        required=False,
    )
    county = forms.ChoiceField(label=_("Where do you live?"), required=False, widget=forms.Select(attrs=OFF))
    speaks = forms.ChoiceField(
        label=_("Which language should they speak?"), required=False, widget=forms.Select(attrs=OFF)
    )

    def __init__(
        self,
        data: Any = None,
        *,
        today: date,
        wonders: Wonders,
        counties: list[County],
        languages: list[str],
        language: str,
        **other: Any,
    ) -> None:
        super().__init__(data, **other)
        self.wonders = wonders
        home = settings.INSTALLATION.state
        unsure = [("", gettext("not sure"))]
        choose = {
            "y": [("", gettext("choose")), *((str(one), _years(one)) for one in YEARS)],
            "m": [*unsure, *((str(one), _months(one)) for one in range(12))],
            "due": [*unsure, *((f"{one:%Y-%m}", date_format(one, "YEAR_MONTH_FORMAT")) for one in months_ahead(today))],
            "about": [(one.mark, one.words.said(language)) for one in wonders.by_mark.values()],
            "county": [
                ("", gettext("anywhere, or I would rather not say")),
                *((one.code, one.name if one.state == home else f"{one.name}, {one.state}") for one in counties),
            ],
            "speaks": [
                ("", gettext("any")),
                *sorted(((one, language_name(one)) for one in languages), key=lambda o: o[1]),
            ],
        }
        for name, choices in choose.items():
            choice_field(self, name).choices = choices
        if len(choose["county"]) == 1:
            del self.fields["county"]

    def said(self, language: str) -> Said:
        """What was chosen, of a form that is valid."""
        chosen = self.cleaned_data
        expecting = chosen["who"] == EXPECTED or (not chosen["who"] and bool(chosen["due"]))
        return Said(
            expecting=expecting,
            due=date.fromisoformat(f"{chosen['due']}-01") if expecting and chosen["due"] else None,
            years=int(chosen["y"]) if chosen["y"] and not expecting else None,
            months=int(chosen["m"]) if chosen["m"] and not expecting else None,
            county=chosen.get("county", ""),
            language=chosen["speaks"],
            wonders=tuple(self.wonders.by_mark[mark] for mark in sorted(chosen["about"])),
        )

    def address(self) -> Mapping[str, Any]:
        """The choices as they stand in an address, and nothing besides: the form is valid."""
        chosen, said = self.cleaned_data, self.said("")
        left_out = ("y", "m") if said.expecting else ("due",)
        kept = {name: value for name, value in chosen.items() if value and name not in left_out}
        if "about" in kept:
            kept["about"] = sorted(set(kept["about"]))
        return kept


def months_ahead(today: date) -> list[date]:
    first = today.replace(day=1)
    return [month_reached(first, number) for number in range(MONTHS_AHEAD)]


def language_name(code: str) -> str:
    """A language in its own words, with the reader's beside where they differ; its code where nobody has named it."""
    ours = gettext(LANGUAGES.get(code, code))
    try:
        own = get_language_info(code)["name_local"].capitalize()
    except KeyError:
        return ours
    return own if own.casefold() == ours.casefold() else f"{own} ({ours})"


def _years(number: int) -> str:
    return (
        ngettext("%(count)s year", "%(count)s years", number) % {"count": number} if number else gettext("under 1 year")
    )


def _months(number: int) -> str:
    return ngettext("%(count)s month", "%(count)s months", number) % {"count": number}


class AskForm(ToldForm):
    """How somebody may be called. `site` is left empty by everybody who sees it; what fills in every field is no family."""

    name = forms.CharField(
        label=_("Your first name, or what they may call you"), max_length=60, widget=forms.TextInput(attrs=OFF)
    )
    number = forms.CharField(
        label=_("A phone number that is safe"),
        max_length=40,
        widget=forms.TextInput(attrs={**OFF, "inputmode": "tel"}),
        help_text=_("Only a number where it is safe for you to be called."),
    )
    when = forms.CharField(
        label=_("When is it safe to call?"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text=_("For example: mornings, or Tuesday after four."),
    )
    may_leave_message = forms.BooleanField(
        label=_("They may leave a message."), required=False, widget=forms.CheckboxInput(attrs=OFF)
    )
    speaks = forms.ChoiceField(label=_("Language"), required=False, widget=forms.Select(attrs=OFF))
    words = forms.CharField(
        label=_("Anything you would like them to know"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={**OFF, "rows": 3}),
    )
    site = forms.CharField(
        label=_("Leave this empty"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: Any = None, **other: Any) -> None:
        super().__init__(data, **other)
        choice_field(self, "speaks").choices = [(code, language_name(code)) for code in settings.INSTALLATION.languages]

    def clean_number(self) -> str:
        """A number as every telephone dials it: digits of other scripts are written as ours."""
        said = self.cleaned_data["number"]
        return "".join(str(digit(one)) if one.isdecimal() else one for one in said)

    def clean_site(self) -> str:
        if self.cleaned_data["site"]:
            raise forms.ValidationError(
                _("One field that nobody sees was filled in. It is empty again: please send it once more.")
            )
        return ""


class AnswerForm(HouseForm):
    """What came of a call."""

    outcome = forms.ChoiceField(
        label=_("What came of the call?"),
        choices=[
            ("reached", _("I reached them.")),
            ("tried", _("I reached nobody, and somebody tries again.")),
            ("gave_up", _("I reached nobody, and nobody tries again.")),
        ],
        widget=forms.RadioSelect,
    )
