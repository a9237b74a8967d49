"""The forms of an association: joining, one's own membership, levels, members, agencies that pay, the directory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from inmind.association.directory import FIELDS, LANGUAGES, Audience
from inmind.association.models import Belonging, Entry, Level, Member
from inmind.association.periods import MOST_GRACE_DAYS, MOST_YEARS, Kind
from inmind.association.queries import Look
from inmind.association.standing import MOST_BEFORE_DAYS, State
from inmind.foundation.errors import BadInput
from inmind.foundation.forms import DateInput, HouseForm, PlainForm, VersionedForm, choice_field, said
from inmind.money.amounts import dollars, plain, read_amount
from inmind.people.models import Contact


def level_choices(levels: Iterable[Level]) -> list[tuple[str, str]]:
    """Levels with what they cost."""
    language = get_language() or "en"
    return [(str(one.pk), f"{one.called(language)}: {dollars(one.cents)}") for one in levels]


class _WithLevel(HouseForm):
    """One of these levels. seen: a mark of the levels as they were shown, so that nobody buys what has changed since."""

    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, levels: Iterable[Level], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels = {str(one.pk): one for one in levels}
        choice_field(self, "level").choices = level_choices(self.levels.values())
        if len(self.levels) == 1:
            self.fields["level"].initial = next(iter(self.levels))
        shown = " ".join(f"{key}:{one.version}" for key, one in sorted(self.levels.items()))
        self.mark = self.fields["seen"].initial = hashlib.sha256(shown.encode()).hexdigest()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("seen") and typed["seen"] != self.mark:
            data: Any = self.data
            self.data = {**{name: data.get(name) for name in data}, "seen": self.mark}
            self.add_error(
                "level", _("The levels have changed since you opened this page. Look at them, and send it once more.")
            )
        return typed

    @property
    def chosen(self) -> Level:
        """The level that was chosen, of a form that is valid."""
        return self.levels[self.cleaned_data["level"]]


class LevelChoiceForm(_WithLevel):
    """One level, and nothing else to say."""


class RenewForm(_WithLevel):
    """The one confirmation of a renewal, over the membership as it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class JoinForm(_WithLevel):
    """Somebody who asks to join. `site` is left empty by everybody who sees it."""

    given_name = forms.CharField(
        label=_("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Last name"),
        max_length=80,
        required=False,
        help_text=_("As both are to stand on your certificates."),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    mail = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("A letter goes there, with a link that makes sure it is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    agency = forms.CharField(label=_("Where you work"), max_length=120, required=False)
    site = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    field_order: tuple[str, ...] = ("given_name", "family_name", "mail", "agency", "level")


class NameForm(VersionedForm):
    """How somebody is called."""

    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    was_right = forms.BooleanField(
        label=_("The earlier name was right once: a search goes on finding me by it"), required=False, initial=True
    )


class AgenciesForm(VersionedForm):
    """Where somebody works: what is over, and what is new."""

    leaves = forms.MultipleChoiceField(
        label=_("I no longer work at"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("What an agency paid for stays yours until it ends."),
    )
    joins = forms.CharField(
        label=_("I work at"), max_length=120, required=False, help_text=_("One more place, by name.")
    )

    def __init__(self, there: Iterable[Belonging], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name) for one in there]
        self.fields["leaves"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["leaves"]


class EntryForm(VersionedForm):
    """What stands in the directory, and for whom."""

    audience = forms.ChoiceField(
        label=_("Who may read it"),
        widget=forms.RadioSelect,
        choices=[
            (Audience.NOBODY.value, _("Nobody: I am not in the directory")),
            (Audience.MEMBERS.value, _("Members of the association")),
            (Audience.PUBLIC.value, _("Anybody, on the public page")),
        ],
    )
    shows = forms.MultipleChoiceField(
        label=_("What stands beside your name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[(key, _(words)) for key, words in FIELDS.items()],
    )
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=list(LANGUAGES.items()),
    )
    offers = forms.CharField(
        label=_("What you offer"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as trainings, groups, or reflective supervision with open seats."),
    )

    @classmethod
    def of(cls, member: Member, entry: Entry | None, data: Any = None) -> EntryForm:
        there: dict[str, Any] = {"version": member.version, "audience": Audience.NOBODY.value}
        if entry is not None:
            there |= {"audience": entry.audience, "shows": entry.shows.split(), "city": entry.city}
            there |= {"languages": entry.languages.split(), "offers": entry.offers}
        return cls(data, initial=there)


class DirectoryForm(PlainForm):
    """A search in the directory."""

    q = forms.CharField(label=_("Name, city, language or what you look for"), max_length=120, required=False)


# The coordinator's


class SoughtForm(PlainForm):
    """What the list of members is narrowed by."""

    q = forms.CharField(label=_("Name"), max_length=120, required=False)
    state = forms.ChoiceField(
        label=_("Standing"),
        required=False,
        choices=[
            ("", _("all")),
            (State.ACTIVE.value, _("paid")),
            (State.GRACE.value, _("in grace")),
            (State.LAPSED.value, _("lapsed")),
            (State.PENDING.value, _("nothing paid yet")),
        ],
    )
    level = forms.ChoiceField(label=_("Level"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    label = forms.ChoiceField(label=_("Label"), required=False)
    look = forms.ChoiceField(
        label=_("Accounts and letters"),
        required=False,
        choices=[
            ("", _("all")),
            (Look.ACCOUNT.value, _("without an account")),
            (Look.LETTER.value, _("no letter reaches them")),
            (Look.NONE.value, _("no letter: no address is known")),
            (Look.UNASKED.value, _("no letter: nobody has asked whether it is safe")),
            (Look.UNSAFE.value, _("no letter: it is not safe")),
            (Look.BOUNCED.value, _("the last letter did not arrive")),
        ],
    )

    def __init__(
        self,
        levels: Iterable[tuple[str, str]],
        agencies: Iterable[tuple[str, str]],
        labels: Iterable[tuple[str, int]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "level").choices = [("", _("all")), *levels]
        choice_field(self, "agency").choices = [("", _("all")), *agencies]
        known = [(said, f"{said} ({count})") for said, count in labels]
        choice_field(self, "label").choices = [("", _("all")), *known]
        if not known:
            del self.fields["label"]


class AddForm(JoinForm):
    """Somebody who asked by telephone or on paper."""

    language = forms.ChoiceField(label=_("Language of letters"), choices=[("en", "English"), ("es", "Español")])
    site = None  # type: ignore[assignment]
    field_order = (*JoinForm.field_order, "language")


class NoteForm(VersionedForm):
    """A note of the association's own."""

    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The member may ask to read it."),
    )


class MailForm(VersionedForm):
    """Where somebody is written to."""

    mail = forms.EmailField(
        label=_("New email address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    replaces = forms.ChoiceField(
        label=_("In the place of"),
        widget=forms.RadioSelect,
        required=False,
        help_text=_("A letter tells the old address."),
    )

    def __init__(self, there: Iterable[Contact], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there = {str(one.pk): one for one in there}
        if not self.there:
            del self.fields["replaces"]
            return
        field = choice_field(self, "replaces")
        field.choices = [(key, one.address) for key, one in self.there.items()] + [("", _("none: write to both"))]
        field.initial = next(iter(self.there))

    @property
    def replaced(self) -> Contact | None:
        """The address that goes, of a form that is valid."""
        return self.there.get(self.cleaned_data.get("replaces", ""))


class LabelForm(HouseForm):
    """One label."""

    said = forms.CharField(label=_("Another label"), max_length=80)


class RenameForm(HouseForm):
    """What a label is called from now on."""

    to = forms.CharField(
        label=_("New name"),
        max_length=80,
        help_text=_("Write the name of another label, and the two become one."),
    )


class RemindersForm(HouseForm):
    """When letters about dues leave."""

    before_days = forms.IntegerField(
        label=_("Days before the end for the first letter"), min_value=1, max_value=MOST_BEFORE_DAYS
    )
    last_days = forms.IntegerField(
        label=_("Days before grace is over for the last letter"), min_value=1, max_value=MOST_GRACE_DAYS
    )


class EndForm(VersionedForm):
    """End what is paid for, too."""

    note = forms.CharField(label=_("Why it ends"), max_length=400)


class LevelForm(HouseForm):
    """What a level costs, how long it lasts and who may buy it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=80, required=False)
    fee = forms.CharField(
        label=_("Fee in dollars"), max_length=20, help_text=_("Such as 60 or 45.50; 0 where it costs nothing.")
    )
    by_month = forms.BooleanField(
        label=_("Who comes late in the year pays for the months that are left"), required=False
    )
    rule = forms.ChoiceField(
        label=_("When does it end?"),
        widget=forms.RadioSelect,
        choices=[
            (Kind.CALENDAR.value, _("with the association’s year")),
            (Kind.ANNIVERSARY.value, _("so many years after the day on which it was bought")),
            (Kind.FIXED.value, _("with a term of years that is the same for everybody")),
        ],
        initial=Kind.CALENDAR.value,
    )
    years = forms.IntegerField(label=_("Years"), min_value=1, max_value=MOST_YEARS, initial=1)
    begins_month = forms.TypedChoiceField(
        label=_("The association’s year begins in"), coerce=int, choices=list(MONTHS.items()), initial=1
    )
    begins_day = forms.IntegerField(label=_("on day"), min_value=1, max_value=31, initial=1)
    cut_off_month = forms.TypedChoiceField(
        label=_("Bought after this month and day, it runs to the end of the next year"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("never")), *MONTHS.items()],
        help_text=_(
            "Who buys on that very day still has the year that ends. That is our reading of “after October 1”: where yours begins "
            "on the day itself, name the day before."
        ),
    )
    cut_off_day = forms.IntegerField(label=_("Day of that month"), min_value=1, max_value=31, required=False)
    first_on = forms.DateField(
        label=_("A day on which such a term began"),
        widget=DateInput,
        required=False,
        help_text=_("Only for a fixed term."),
    )
    grace_days = forms.IntegerField(
        label=_("Days of grace after the end"),
        min_value=0,
        max_value=MOST_GRACE_DAYS,
        initial=0,
        help_text=_("So long the membership goes on counting, and who renews has lost nothing."),
    )
    is_open = forms.BooleanField(label=_("People join at this level by themselves"), required=False, initial=True)
    for_agencies = forms.BooleanField(label=_("Only agencies buy it, for several people at once"), required=False)
    seats = forms.IntegerField(label=_("For how many people at once"), min_value=1, max_value=1000, initial=1)

    def clean_fee(self) -> int:
        try:
            return read_amount(self.cleaned_data["fee"], field="fee")
        except BadInput as refusal:
            raise forms.ValidationError(said(refusal)) from refusal

    def said(self) -> dict[str, Any]:
        """What was typed, as a level's fields."""
        typed = {
            name: value for name, value in self.cleaned_data.items() if name not in ("key", "version", "fee", "seen")
        }
        return {**typed, "cents": self.cleaned_data["fee"]}


class LevelChangeForm(LevelForm):
    """The same, over the level as it was shown. seen: that what it changes was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=3)

    @classmethod
    def of(cls, level: Level) -> LevelChangeForm:
        names = [name for name in LevelForm.base_fields if name not in ("key", "fee")]
        there = {name: getattr(level, name) for name in names}
        return cls(initial={**there, "fee": plain(level.cents), "version": level.version})


class PlacesForm(_WithLevel):
    """Places that an agency buys."""

    agency = forms.CharField(label=_("Agency"), max_length=120, help_text=_("As its name stands on the bill."))
    places = forms.IntegerField(label=_("For how many people"), min_value=1, max_value=1000)
    asked_for = forms.CharField(label=_("Who asked for it there"), max_length=120, required=False)
    mail = forms.EmailField(
        label=_("Email of who pays"),
        max_length=254,
        required=False,
        help_text=_("A link goes there, by which the agency sees the bill and the names it pays for."),
    )
    purchase_order = forms.CharField(label=_("Purchase order"), max_length=60, required=False)
    field_order = ("agency", "asked_for", "mail", "level", "places", "purchase_order")


class PlaceForm(HouseForm):
    """Who gets a place: by name and email, whether a member already or new."""

    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    mail = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("A member of this name and email is found; anybody else is invited."),
    )


class PurchaseOrderForm(HouseForm):
    """The agency's own number."""

    purchase_order = forms.CharField(label=_("Purchase order"), max_length=60, required=False)
