"""Forms of listings: what is offered, what families read, whether there is a place."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inmind.foundation import text
from inmind.foundation.forms import DateInput, HouseForm, PlainForm, VersionedForm, choice_field
from inmind.people.models import Organization
from inmind.services.adapters.catalog import known_counties
from inmind.services.listings import words as listing_words
from inmind.services.listings.actions import LINES, SHOWN, TEXTS
from inmind.services.listings.county_names import code_of, named
from inmind.services.listings.languages import LANGUAGES
from inmind.services.listings.languages import code_of as code_of_language
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing
from inmind.services.listings.queries import Show, Sought

SHOWS = [
    (Show.OPEN.value, _("all that are open")),
    (Show.UNCONFIRMED.value, _("those that need confirming")),
    (Show.UNSAID.value, _("those of whose places nobody has said anything")),
    (Show.CLOSED.value, _("those that have closed")),
]
ASKED = ("en", "es")  # languages with a box of their own; the others are typed
YES_NO = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]


class SoughtForm(PlainForm):
    """What is looked for among the listings."""

    words = forms.CharField(label=_("Words"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("What is offered"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    county = forms.ChoiceField(label=_("County"), required=False)
    show = forms.ChoiceField(label=_("Show"), choices=SHOWS, required=False)
    ours = forms.BooleanField(label=_("Ours alone"), required=False)

    def __init__(self, counties: set[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        any_of = [("", gettext("any"))]
        choice_field(self, "kind").choices = any_of + listing_words.kinds()
        choice_field(self, "language").choices = any_of + _languages()
        state = settings.INSTALLATION.state
        known = known_counties()
        names = [(code, named(known, [code], state)[0]) for code in counties if code in known]
        choice_field(self, "county").choices = any_of + sorted(names, key=lambda pair: pair[1].casefold())

    def sought(self) -> Sought:
        """What is looked for; what no list offers is left out."""
        self.is_valid()
        said = {name: self.cleaned_data.get(name) or "" for name in ("words", "kind", "language", "county")}
        return Sought(**said, show=Show(self.cleaned_data.get("show") or ""))


def _languages() -> list[tuple[str, str]]:
    """English and Spanish first, then by name."""
    first = [(code, gettext(LANGUAGES[code])) for code in ASKED]
    others = [(code, gettext(name)) for code, name in LANGUAGES.items() if code not in ASKED]
    return first + sorted(others, key=lambda pair: pair[1].casefold())


class ShownForm(VersionedForm):
    """What families read of a listing."""

    about = forms.CharField(
        label=_("In plain words, for families"),
        max_length=TEXTS["about"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What happens there, and for whom. Short sentences."),
    )
    about_es = forms.CharField(
        label=_("The same in Spanish"),
        max_length=TEXTS["about_es"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    phone = forms.CharField(label=_("Telephone for families"), max_length=LINES["phone"], required=False)
    mail = forms.EmailField(label=_("Email for families"), max_length=LINES["mail"], required=False)
    url = forms.CharField(label=_("Web page"), max_length=LINES["url"], required=False)
    address = forms.CharField(
        label=_("Address"),
        max_length=LINES["address"],
        required=False,
        help_text=_("Everybody can read it. Leave a shelter’s empty."),
    )
    hours = forms.CharField(label=_("When"), max_length=LINES["hours"], required=False)
    hours_es = forms.CharField(label=_("When, in Spanish"), max_length=LINES["hours_es"], required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken there"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other_languages = forms.CharField(
        label=_("Other languages spoken there"),
        max_length=200,
        required=False,
        help_text=_("By name, with commas between them: Somali, Mam."),
    )
    is_free = forms.ChoiceField(label=_("Does it cost nothing?"), choices=YES_NO, required=False)
    cost = forms.CharField(label=_("What it costs"), max_length=LINES["cost"], required=False)
    cost_es = forms.CharField(label=_("What it costs, in Spanish"), max_length=LINES["cost_es"], required=False)
    comes_home = forms.ChoiceField(label=_("Do they come to the family’s home?"), choices=YES_NO, required=False)
    bring = forms.CharField(label=_("What to bring"), max_length=LINES["bring"], required=False)
    bring_es = forms.CharField(label=_("What to bring, in Spanish"), max_length=LINES["bring_es"], required=False)
    takes_families = forms.BooleanField(
        label=_("A family may ask for it by itself, without a referral"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "languages").choices = [pair for pair in _languages() if pair[0] in ASKED]
        if "es" not in settings.INSTALLATION.languages:
            for name in ("about_es", "bring_es", "hours_es", "cost_es"):
                del self.fields[name]

    def clean_other_languages(self) -> list[str]:
        named = {text.folded(name): code for code, name in _languages()}
        typed = [one.strip() for one in re.split(r"[,;\n]", self.cleaned_data["other_languages"]) if one.strip()]
        found = {one: named.get(text.folded(one)) or code_of_language(one) for one in typed}
        if unknown := [one for one, code in found.items() if code is None]:
            raise ValidationError(
                _("No language of this name is known here: %(names)s. Known are: %(known)s."),
                params={"names": ", ".join(unknown), "known": ", ".join(name for _code, name in _languages())},
            )
        return [code for code in found.values() if code]

    def said(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        typed = self.cleaned_data
        said = {name: _fact(name, typed[name]) for name in SHOWN if name in typed}
        return said | {"languages": [*{*typed["languages"], *typed["other_languages"]}]}


def shown_as_typed(row: Listing) -> dict[str, Any]:
    """What a listing says, as the form shows it."""
    codes = row.languages.split()
    others = listing_words.languages(" ".join(code for code in codes if code not in ASKED))
    said: dict[str, Any] = {name: getattr(row, name) for name in SHOWN}
    said |= {"languages": [code for code in codes if code in ASKED], "other_languages": others, "version": row.version}
    return said | {name: {True: "yes", False: "no", None: ""}[said[name]] for name in ("is_free", "comes_home")}


def _fact(name: str, said: Any) -> Any:
    return {"yes": True, "no": False, "": None}[said] if name in {"is_free", "comes_home"} else said


class ListingForm(ShownForm):
    """A listing as its keeper says it."""

    name = forms.CharField(label=_("What is it called?"), max_length=LINES["name"])
    provider_name = forms.CharField(
        label=_("Who offers it?"),
        max_length=LINES["provider_name"],
        help_text=_("As it stands on paper: a family’s consent names them so."),
    )
    kind = forms.ChoiceField(label=_("What is offered?"))
    provider = forms.ChoiceField(
        label=_("Are they one of the organizations here?"),
        required=False,
        help_text=_("Then they keep their own opening up to date, and referrals reach them here."),
    )
    counties = forms.CharField(
        label=_("Counties that it serves"),
        max_length=2000,
        required=False,
        help_text=_("By name, with commas between them. Left blank: wherever it can be reached."),
    )
    refer_mail = forms.EmailField(
        label=_("Email to which referrals go"),
        max_length=LINES["refer_mail"],
        required=False,
        help_text=_(
            "Not shown to families. It is also asked there, from time to time, whether all of this still holds."
        ),
    )
    refer_phone = forms.CharField(
        label=_("Telephone for those who refer"), max_length=LINES["refer_phone"], required=False
    )
    place = forms.CharField(
        label=_("Place on the map"),
        max_length=60,
        required=False,
        help_text=_("Latitude and longitude as a map shows them, such as 47.61, -122.33."),
    )
    field_order: tuple[str, ...] = (
        *("kind", "name", "provider_name", "provider", "about", "about_es"),
        *("phone", "mail", "url", "address", "place", "counties", "hours", "hours_es", "languages", "other_languages"),
        *(
            "is_free",
            "cost",
            "cost_es",
            "comes_home",
            "bring",
            "bring_es",
            "takes_families",
            "refer_mail",
            "refer_phone",
        ),
    )

    def __init__(self, *args: Any, offers: Offers | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds, needs = listing_words.kinds(), {one.value for one in Offers}
        if offers is not None and offers is not Offers.PROGRAM:
            del self.fields["kind"]
        else:
            is_new = offers is None
            known = [pair for pair in kinds if is_new or pair[0] not in needs]
            choice_field(self, "kind").choices = [("", gettext("choose")), *known]
        places = Organization.objects.filter(kind=Organization.Kind.AGENCY).order_by("name")
        self.places = {str(one.pk): one for one in places}
        others = [(key, one.name) for key, one in self.places.items()]
        choice_field(self, "provider").choices = [("", gettext("no, or not known")), *others]

    def clean_counties(self) -> list[str]:
        codes, unknown = [], []
        for said in _apart(self.cleaned_data["counties"]):
            code = code_of(known_counties(), said, settings.INSTALLATION.state)
            codes.append(code) if code else unknown.append(said)
        if unknown:
            raise ValidationError(
                _("No county of this name is known here: %(names)s. Write it with its state, such as Dallam, TX."),
                params={"names": ", ".join(unknown)},
            )
        return [code for code in codes if code]

    def clean_place(self) -> tuple[float, float] | None:
        said = self.cleaned_data["place"].strip()
        if not said:
            return None
        found = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,12})?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d{1,12})?)", said)
        if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
            raise ValidationError(_("This is no place on the map. Write two numbers, such as 47.61, -122.33."))
        return float(found[1]), float(found[2])

    def said(self) -> dict[str, Any]:
        typed = self.cleaned_data
        names = ("name", "provider_name", "counties", "refer_mail", "refer_phone")
        latitude, longitude = typed["place"] or (None, None)
        there = {"provider": self.places.get(typed["provider"]), "latitude": latitude, "longitude": longitude}
        program = {"program": typed["kind"]} if self.offers is Offers.PROGRAM else {}
        return super().said() | {name: typed[name] for name in names} | there | program

    @property
    def offers(self) -> Offers | None:
        """What is offered, of a form that is whole; None where that is no longer asked."""
        kind = self.cleaned_data.get("kind")
        needs = {one.value for one in Offers}
        return None if kind is None else Offers(kind) if kind in needs else Offers.PROGRAM


class NewListingForm(ListingForm):
    """A listing that is added: also who keeps it, and when they last said that it holds."""

    version = None  # type: ignore[assignment]
    keeper = forms.ChoiceField(label=_("Kept by"))
    confirmed_on = forms.DateField(
        label=_("When did they last say that this holds?"),
        widget=DateInput,
        help_text=_("Today, if you asked them today. A day long ago puts it among those that need confirming."),
    )
    field_order = ("keeper", *ListingForm.field_order, "confirmed_on")

    def __init__(self, keepers: dict[str, Organization], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keepers = keepers
        choice_field(self, "keeper").choices = [(key, one.name) for key, one in keepers.items()]
        if len(keepers) == 1:
            self.fields["keeper"].widget = forms.HiddenInput()
            self.fields["keeper"].initial = next(iter(keepers))


def as_typed(row: Listing) -> dict[str, Any]:
    """What a listing says, as its keeper's form shows it."""
    state = settings.INSTALLATION.state
    placed = row.latitude is not None
    return shown_as_typed(row) | {
        **{name: getattr(row, name) for name in ("name", "provider_name", "refer_mail", "refer_phone")},
        "kind": row.program,
        "provider": str(row.provider_id or ""),
        "counties": "; ".join(named(known_counties(), row.counties.split(), state)),
        "place": f"{row.latitude}, {row.longitude}" if placed else "",
    }


def _apart(said: str) -> list[str]:
    """Names of counties, told apart by semicolons, line ends or commas; "Dallam, TX" is one."""
    parts: list[str] = []
    for part in (one.strip() for one in re.split(r"[;\n,]", said)):
        if re.fullmatch("[A-Z]{2}", part) and parts and "," not in parts[-1]:
            parts[-1] += f", {part}"
        elif part:
            parts.append(part)
    return parts


class OpeningForm(VersionedForm):
    """Whether there is a place, as they say it today."""

    is_there = forms.ChoiceField(
        label=_("Is there a place?"),
        widget=forms.RadioSelect,
        choices=[
            ("now", _("yes, now")),
            ("day", _("from a day on")),
            ("wait", _("there is a list, and one waits about so long")),
            ("none", _("no, and nobody knows until when")),
            ("unknown", _("nobody can say")),
        ],
    )
    free = forms.IntegerField(
        label=_("How many places?"),
        min_value=1,
        max_value=9999,
        required=False,
        help_text=_("Where nobody knows how many: 1."),
    )
    opens_on = forms.DateField(label=_("From which day on?"), widget=DateInput, required=False)
    waits_days = forms.IntegerField(
        label=_("How many days does one wait?"), min_value=0, max_value=3650, required=False
    )

    # Which further field each answer asks for.
    ASKS = {"now": "free", "day": "opens_on", "wait": "waits_days"}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        asks = self.ASKS.get(typed.get("is_there", ""))
        if asks and typed.get(asks) is None and asks not in self.errors:
            self.add_error(asks, gettext("This is needed for the answer above."))
        return typed

    def opening(self) -> dict[str, int | date | None]:
        """What was said; what stands in a field that its answer does not ask for counts for nothing."""
        typed = self.cleaned_data
        asks = self.ASKS.get(typed["is_there"])
        said: dict[str, int | date | None] = {
            name: typed[name] if name == asks else None for name in self.ASKS.values()
        }
        return said | {"free": 0} if typed["is_there"] in {"none", "day", "wait"} else said


class CloseForm(VersionedForm):
    """From which day on it is not offered any more."""

    on = forms.DateField(label=_("Not offered any more from which day on?"), widget=DateInput)


class OpenAgainForm(HouseForm):
    """It is offered again."""
