"""Agreements, sessions and places as they are typed; and the words for their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inmind.foundation import clock
from inmind.foundation.errors import InMindError
from inmind.foundation.forms import ZONES, DateInput, HouseForm, PlainForm, TimeInput, VersionedForm, choice_field
from inmind.foundation.values import N_
from inmind.reflection import queries
from inmind.reflection.finding import Format, Meets, Wish
from inmind.reflection.models import Agreement, Session
from inmind.reflection.sessions import About, Kind
from inmind.reflection.terms import EVERY, Terms

FORMATS: Mapping[str, str] = {
    Format.INDIVIDUAL: N_("One to one"),
    Format.GROUP: N_("In a group"),
    Format.PEER: N_("Among peers"),
}
MEETS: Mapping[str, str] = {
    Meets.IN_PERSON: N_("In person"),
    Meets.VIDEO: N_("By video"),
    Meets.PHONE: N_("By phone"),
}
KINDS: Mapping[str, str] = {
    Kind.INDIVIDUAL: N_("One to one"),
    Kind.GROUP: N_("In a group"),
    Kind.PEER: N_("Among peers, nobody gives it"),
    Kind.ADMINISTRATIVE: N_("Administrative supervision"),
    Kind.CASE_REVIEW: N_("Case review without reflection"),
}
ABOUTS: Mapping[str, str] = {
    About.DIRECT: N_("My own work with families"),
    About.RSC_GIVEN: N_("The reflective supervision that I give to others"),
}
ABOUT_SHORT: Mapping[str, str] = {
    About.DIRECT: N_("work with families"),
    About.RSC_GIVEN: N_("supervision given"),
}
# Ours: the languages that most people who look for somebody ask for. Each in its own name.
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "ht": "Kreyòl ayisyen",
    "pt": "Português",
    "ar": "العربية",
    "so": "Soomaali",
    "vi": "Tiếng Việt",
    "zh": "中文",
    "ase": "ASL",
}
# Categories and the add-on by their codes (`endorsement.yaml`: categories, add_ons); a degree, by which older rules judge an FS.
HOLDS = ("FA", "FS", "FRS", "MHS", "MHM-C", "MHM-P", "MHM-RF", "ERS")
HELD_WORDS = {**{code: code for code in HOLDS}, "ERS_emerging": N_("ERS, emerging"), "master": N_("a master’s degree")}
# What the codes are called, for each credential (`endorsement.yaml`: categories); names as they are published, not translated.
HELD_NAMES = {
    "FA": "Infant Family Associate (IFA) / Early Childhood Family Associate (ECFA)",
    "FS": "Infant Family Specialist (IFS) / Early Childhood Family Specialist (ECFS)",
    "FRS": "Infant Family Reflective Supervisor (IFRS) / Early Childhood Family Reflective Supervisor (ECFRS)",
    "MHS": "Infant Mental Health Specialist (IMHS) / Early Childhood Mental Health Specialist (ECMHS)",
    "MHM-C": "Infant Mental Health Mentor, Clinical (IMHM-C) / Early Childhood Mental Health Mentor, Clinical (ECMHM-C)",
    "MHM-P": "Infant Mental Health Mentor, Policy (IMHM-P) / Early Childhood Mental Health Mentor, Policy (ECMHM-P)",
    "MHM-RF": "Infant Mental Health Mentor, Research/Faculty (IMHM-R/F) / "
    "Early Childhood Mental Health Mentor, Research/Faculty (ECMHM-R/F)",
    "ERS": "Endorsed Reflective Supervisor (ERS)",
}
DEGREES = frozenset({"master", "below_master"})  # what `house.endorsed` says beside the categories
KNOWN = [("unknown", _("I do not know")), ("none", _("No endorsement")), ("some", _("These:"))]


def said_minutes(minutes: int) -> str:
    """Minutes as hours and minutes, as people say them."""
    whole, rest = divmod(minutes, 60)
    if whole and rest:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": whole, "minutes": rest}
    return (
        gettext("%(hours)s h") % {"hours": whole}
        if whole or not rest
        else gettext("%(minutes)s min") % {"minutes": rest}
    )


def said_weeks(weeks: int | None) -> str:
    """How often two people mean to meet; empty where nobody said."""
    if weeks is None:
        return ""
    return ngettext("every week", "every %(count)s weeks", weeks) % {"count": weeks}


def weeks_choices() -> list[tuple[str, str]]:
    return [("", gettext("not said")), *((str(one), said_weeks(one)) for one in EVERY)]


def said_price(cents: int | None) -> str:
    if cents is None:
        return ""
    return gettext("free") if cents == 0 else f"${cents // 100}" + (f".{cents % 100:02d}" if cents % 100 else "")


def said_languages(codes: str) -> str:
    return ", ".join(LANGUAGES.get(code, code) for code in codes.split())


def said_zone(zone: str) -> str:
    return str(dict(ZONES).get(zone, zone))


def said_holds(holds: frozenset[str] | None) -> str:
    """Codes of endorsement in words, and no degree below that of a master; empty where it is not known."""
    if holds is None:
        return ""
    said = [gettext(HELD_WORDS.get(one, one)) for one in sorted(holds) if one != "below_master"]
    return ", ".join(said) or gettext("no endorsement")


def named(words: Any, code: str) -> str:
    """A code as it is chosen: with its name, where it has one."""
    return f"{words}: {HELD_NAMES[code]}" if code in HELD_NAMES else str(words)


def heard(refusal: InMindError) -> InMindError:
    """The same refusal, its days as the reader writes days."""
    refusal.facts = {name: clock.day(fact) if isinstance(fact, date) else fact for name, fact in refusal.facts.items()}
    return refusal


def choices_of(words: Mapping[str, str], but: Iterable[str] = ()) -> list[tuple[str, str]]:
    return [(str(key), gettext(said)) for key, said in words.items() if key not in but]


class FactsForm(HouseForm):
    """What a session was: nothing else is asked, and there is no place for words."""

    on = forms.DateField(label=_("Day"), widget=DateInput)
    minutes = forms.IntegerField(label=_("Minutes"), help_text=_("How long you met, by the clock."))
    begins = forms.TimeField(label=_("Began at"), required=False, widget=TimeInput)
    kind = forms.ChoiceField(label=_("What kind"), widget=forms.RadioSelect)
    about = forms.ChoiceField(label=_("What it was about"), widget=forms.RadioSelect)
    there = forms.MultipleChoiceField(label=_("Who was held"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, agreement: Agreement, *args: Any, names: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        is_peer = agreement.giver is None
        outs = [kind for kind in KINDS if (kind == Kind.PEER) != is_peer]
        if agreement.format == Format.INDIVIDUAL:
            outs.append(Kind.GROUP)
        choice_field(self, "kind").choices = choices_of(KINDS, outs)
        choice_field(self, "about").choices = choices_of(ABOUTS)
        choice_field(self, "there").choices = [(str(pk), name) for pk, name in names.items()]
        if len(names) == 1:
            self.fields["there"].widget = forms.MultipleHiddenInput()
            self.fields["there"].initial = [str(pk) for pk in names]

    def said(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "on": typed["on"],
            "minutes": typed["minutes"],
            "begins": moment(typed["on"], typed["begins"], self.agreement.zone),
            "kind": Kind(typed["kind"]),
            "about": About(typed["about"]),
            "there": frozenset(UUID(one) for one in typed["there"]),
        }


def moment(on: date, at: time | None, zone: str) -> datetime | None:
    return None if at is None else datetime.combine(on, at, ZoneInfo(zone))


class CorrectForm(FactsForm):
    """What a session was, said anew over what the reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def usual(agreement: Agreement, people: Iterable[UUID], today: date) -> dict[str, Any]:
    """The usual of an agreement, as it is logged by one tap."""
    kind = {Format.INDIVIDUAL: Kind.INDIVIDUAL, Format.GROUP: Kind.GROUP, Format.PEER: Kind.PEER}
    return {
        "on": today,
        "minutes": agreement.minutes,
        "kind": kind[Format(agreement.format)].value,
        "about": agreement.about,
        "there": [str(one) for one in people],
    }


def as_typed(row: Session, there: Iterable[UUID]) -> dict[str, Any]:
    begins = row.begins.astimezone(ZoneInfo(row.agreement.zone)).time() if row.begins else None
    facts = {"on": row.on, "minutes": row.minutes, "kind": row.kind, "about": row.about, "begins": begins}
    return {**facts, "there": [str(one) for one in there], "version": row.version}


class EndForm(HouseForm):
    on = forms.DateField(
        label=_("Over from which day on?"), widget=DateInput, help_text=_("Sessions before that day stay as they are.")
    )


class _HoldsForm(HouseForm):
    """What somebody outside holds, as far as it is known."""

    known = forms.ChoiceField(label=_("What they hold"), choices=KNOWN, widget=forms.RadioSelect, initial="unknown")
    holds = forms.MultipleChoiceField(
        label=_("Endorsement"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "holds").choices = [(code, named(words, code)) for code, words in choices_of(HELD_WORDS)]

    def said_holds(self) -> frozenset[str] | None:
        known = self.cleaned_data.get("known") or "unknown"
        chosen = frozenset(self.cleaned_data.get("holds") or ())
        if known == "unknown":
            return None
        return chosen if known == "some" else frozenset()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("known") == "some" and not said.get("holds"):
            self.add_error("holds", gettext("Mark what is held, or choose one of the other answers."))
        return said


class OwnHoldsForm(_HoldsForm):
    """The same, said by themselves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["known"].label = gettext("What do you hold?")
        choice_field(self, "known").choices = [("unknown", gettext("I would rather not say")), *KNOWN[1:]]


class ProposeForm(_HoldsForm):
    """An agreement: who holds whom, how, and since when. `side`: on which side whoever writes it is."""

    name = forms.CharField(label=_("Who holds you?"), max_length=120, help_text=_("Their name."))
    mail = forms.CharField(
        label=_("Their email"),
        max_length=254,
        required=False,
        help_text=_("By it we find them here, or write to them: they confirm by a link, and need no account."),
    )
    people = forms.CharField(
        label=_("Emails of the people who are held"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line."),
    )
    manages = forms.BooleanField(
        label=_("The one who holds is also the line manager"),
        required=False,
        help_text=_("This is written down as it is. It is no mistake."),
    )
    format = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    about = forms.ChoiceField(label=_("What it is about"), widget=forms.RadioSelect)
    meets = forms.ChoiceField(label=_("Where you meet"), widget=forms.RadioSelect)
    since = forms.DateField(label=_("Since"), widget=DateInput)
    until = forms.DateField(label=_("Over from"), widget=DateInput, required=False)
    minutes = forms.IntegerField(label=_("Minutes, as a rule"), min_value=1, max_value=1440, initial=60)
    price = forms.DecimalField(
        label=_("Price for one person and session, in dollars"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
    )
    weeks = forms.ChoiceField(label=_("How often you mean to meet"), required=False)
    seats = forms.IntegerField(label=_("Places in the group"), required=False, min_value=1)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, choices=list(LANGUAGES.items()), widget=forms.CheckboxSelectMultiple
    )
    zone = forms.ChoiceField(label=_("Time zone"))
    association = forms.ChoiceField(label=_("Association that keeps the hours"))
    field_order = (
        *("name", "mail", "people", "format", "about", "meets", "since", "minutes", "manages", "known", "holds"),
        *("weeks", "price", "seats", "languages", "zone", "until", "association"),
    )

    SIDES = ("held", "hold", "peers")
    MORE = ("weeks", "price", "seats", "languages", "zone", "until", "association")  # folded away

    def __init__(self, side: str, *args: Any, associations: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.side, self.associations = side, associations
        gone = {
            "held": ("people", "seats"),
            "hold": ("name", "mail", "known", "holds"),
            "peers": ("name", "mail", "known", "holds", "manages", "format", "price"),
        }[side]
        for name in gone:
            del self.fields[name]
        if side != "peers":
            choice_field(self, "format").choices = choices_of(FORMATS, (Format.PEER,))
        choice_field(self, "about").choices = choices_of(ABOUTS)
        choice_field(self, "meets").choices = choices_of(MEETS)
        choice_field(self, "association").choices = [(key, one.name) for key, one in associations.items()]
        choice_field(self, "zone").choices = zones(self.initial.get("zone", ""))
        choice_field(self, "weeks").choices = weeks_choices()
        if len(associations) == 1:
            self.fields["association"].widget = forms.HiddenInput()
            self.fields["association"].initial = next(iter(associations))

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.side == "held":
            self._find_provider(said)
        elif "people" in said:
            self._find_people(said)
        return said

    def _find_provider(self, said: dict[str, Any]) -> None:
        """Whoever has an account here by this address; else somebody outside."""
        mail = said.get("mail", "").strip()
        found = queries.by_mail(mail, said.get("name", "")) if mail else []
        if len(found) > 1:
            self.add_error("name", gettext("Several people here share this email. Write the name as they do."))
        said["provider"] = found[0] if len(found) == 1 else None

    def _find_people(self, said: dict[str, Any]) -> None:
        typed = [line.strip(" ,;") for line in said["people"].replace(",", "\n").splitlines() if line.strip(" ,;")]
        found, unknown = [], []
        for line in typed:
            some = queries.by_mail(line)
            if len(some) == 1:
                found.append(some[0])
            else:
                unknown.append(line)
        if unknown:
            self.add_error(
                "people",
                gettext(
                    "Nobody here alone reads mail at: %(addresses)s. Whoever is held has an account of their own; the "
                    "association's coordinator invites them."
                )
                % {"addresses": ", ".join(unknown)},
            )
        said["found"] = found

    def terms(self) -> dict[str, Any]:
        """What was said, for `propose`, but for the people."""
        said = self.cleaned_data
        return {
            "association": self.associations[said["association"]],
            "format": Format(said.get("format") or Format.PEER),
            "about": About(said["about"]),
            "meets": Meets(said["meets"]),
            "since": said["since"],
            "until": said["until"],
            "minutes": said["minutes"],
            "weeks": int(said["weeks"]) if said["weeks"] else None,
            "cents": cents_of(said.get("price")),
            "languages": frozenset(said["languages"]),
            "zone": said["zone"],
            "seats": said.get("seats"),
        }


class TermsForm(VersionedForm):
    """What is agreed, said anew."""

    until = forms.DateField(label=_("Over from"), widget=DateInput, required=False)
    minutes = forms.IntegerField(label=_("Minutes, as a rule"), min_value=1, max_value=1440)
    weeks = forms.ChoiceField(label=_("How often you mean to meet"), required=False)
    price = forms.DecimalField(
        label=_("Price for one person and session, in dollars"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
    )
    about = forms.ChoiceField(label=_("What it is about"), widget=forms.RadioSelect)
    managed = forms.MultipleChoiceField(
        label=_("The one who holds is also the line manager of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("This is written down as it is. It is no mistake."),
    )

    def __init__(self, people: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        """people: of whom the reader says so, by their ids."""
        super().__init__(*args, **kwargs)
        choice_field(self, "about").choices = choices_of(ABOUTS)
        choice_field(self, "weeks").choices = weeks_choices()
        choice_field(self, "managed").choices = list(people.items())
        if not people:
            del self.fields["managed"]

    def terms(self) -> Terms:
        typed = self.cleaned_data
        return Terms(
            until=typed["until"],
            minutes=typed["minutes"],
            weeks=int(typed["weeks"]) if typed["weeks"] else None,
            cents=cents_of(typed["price"]),
            about=About(typed["about"]),
            managed=frozenset(UUID(one) for one in typed.get("managed", ())),
        )


def cents_of(price: Decimal | None) -> int | None:
    return None if price is None else int(price * 100)


def zones(given: str) -> list[tuple[str, Any]]:
    return ZONES if not given or given in dict(ZONES) else [(given, given), *ZONES]


class AddressForm(HouseForm):
    """Where somebody outside reads mail."""

    mail = forms.CharField(label=_("Their email"), max_length=254)


class AddPersonForm(HouseForm):
    """One more person of a group."""

    mail = forms.CharField(label=_("Their email"), max_length=254)
    since = forms.DateField(label=_("Since"), widget=DateInput)
    manages = forms.BooleanField(label=_("I am also their line manager"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        found = queries.by_mail(said.get("mail", ""))
        if said.get("mail") and len(found) != 1:
            self.add_error(
                "mail",
                gettext("Nobody here alone reads mail at this address. The association's coordinator can invite them."),
            )
        said["person"] = found[0] if len(found) == 1 else None
        return said


class FindForm(PlainForm):
    """Whom somebody looks for."""

    format = forms.ChoiceField(label=_("How"), required=False)
    meets = forms.ChoiceField(label=_("Where you meet"), required=False)
    holds = forms.ChoiceField(label=_("Endorsement"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"), required=False)
    price = forms.DecimalField(
        label=_("At most, in dollars"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    is_open = forms.BooleanField(label=_("With an open place"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        any_of: list[tuple[str, Any]] = [("", gettext("any"))]
        choice_field(self, "format").choices = any_of + choices_of(FORMATS, (Format.PEER,))
        choice_field(self, "meets").choices = any_of + choices_of(MEETS)
        choice_field(self, "holds").choices = any_of + [(code, named(code, code)) for code in HOLDS]
        choice_field(self, "language").choices = any_of + list(LANGUAGES.items())
        choice_field(self, "zone").choices = any_of + list(ZONES)

    def wish(self) -> Wish:
        """What is looked for; what no list offers is left out."""
        self.is_valid()
        said = self.cleaned_data
        return Wish(
            format=Format(said["format"]) if said.get("format") else None,
            meets=Meets(said["meets"]) if said.get("meets") else None,
            language=said.get("language") or "",
            zone=said.get("zone") or "",
            most_cents=cents_of(said.get("price")),
            holds=said.get("holds") or "",
            is_open=bool(said.get("is_open")),
        )


class OfferForm(HouseForm):
    """What a provider offers, so that others find them."""

    format = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    agreement = forms.ChoiceField(label=_("Which group"), required=False)
    meets = forms.ChoiceField(label=_("Where you meet"), widget=forms.RadioSelect)
    minutes = forms.IntegerField(label=_("Minutes, as a rule"), min_value=1, max_value=1440, initial=60)
    price = forms.DecimalField(
        label=_("Price for one person and session, in dollars"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
    )
    free = forms.IntegerField(label=_("Open places"), required=False, min_value=0, max_value=200)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, choices=list(LANGUAGES.items()), widget=forms.CheckboxSelectMultiple
    )
    zone = forms.ChoiceField(label=_("Time zone"))
    association = forms.ChoiceField(label=_("Association"))

    def __init__(self, groups: Mapping[str, str], *args: Any, associations: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.associations = associations
        choice_field(self, "format").choices = choices_of(FORMATS, (Format.PEER,))
        choice_field(self, "meets").choices = choices_of(MEETS)
        choice_field(self, "agreement").choices = [("", gettext("none yet")), *groups.items()]
        choice_field(self, "zone").choices = zones(self.initial.get("zone", ""))
        choice_field(self, "association").choices = [(key, one.name) for key, one in associations.items()]
        if not groups:
            del self.fields["agreement"]
        if len(associations) == 1:
            self.fields["association"].widget = forms.HiddenInput()
            self.fields["association"].initial = next(iter(associations))


class ShowForm(VersionedForm):
    """Whether an offer is shown, and how many places are open."""

    free = forms.IntegerField(label=_("Open places"), required=False, min_value=0, max_value=200)


class AnswerPlaceForm(VersionedForm):
    since = forms.DateField(label=_("Since"), widget=DateInput, required=False)
