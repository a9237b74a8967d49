"""Forms of a referral: its draft in the family's words, and what is written down on its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as words
from django.utils.translation import gettext_lazy as _

from inmind.access.consents import Purpose
from inmind.families.screen_words import speaks_of_a_screen
from inmind.foundation.forms import DateInput, ToldForm, VersionedForm, choice_field
from inmind.foundation.registries import house
from inmind.people.models import Contact, Person
from inmind.people.reaching import SAYINGS, Saying, spaced
from inmind.services.referrals.models import Referral, ReferralStep
from inmind.services.referrals.referral import MOVES, NEEDS_REASON, By, State, Why
from inmind.services.referrals.words import AS_SENT, REASONS

CHANNELS = {
    Contact.Channel.PHONE: _("Call"),
    Contact.Channel.TEXT: _("Send a text to"),
    Contact.Channel.MAIL: _("Write an email to"),
    Contact.Channel.POST: _("Write a letter to"),
}
DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
SENDS, CARRIES = "send", "carry"


def way_said(contact: Contact) -> str:
    """A safe way as a program reads it: by what, where, when, and how much may be said there."""
    hours = [
        words("after %(time)s") % {"time": contact.after.strftime("%H:%M")} if contact.after else "",
        words("before %(time)s") % {"time": contact.before.strftime("%H:%M")} if contact.before else "",
        ", ".join(str(DAYS[int(day) - 1]) for day in contact.weekdays),
        words(SAYINGS[Saying(contact.may_say)]),
    ]
    return "; ".join([called(contact), *filter(None, hours)])


def called(contact: Contact) -> str:
    """By what and where somebody is reached, such as: Call (202) 555-0142."""
    return f"{CHANNELS[Contact.Channel(contact.channel)]} {spaced(contact.address)}"


class ReferralForm(ToldForm):
    """Whom they call, what the family hopes for, what we write, and by which safe way she is reached."""

    KEEP = "keep"
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    to_call = forms.ChoiceField(label=_("Whom do they call?"), widget=forms.RadioSelect)
    hopes = forms.CharField(
        label=_("What does the family hope for?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In their own words. It stands first on what the program reads."),
    )
    tells = forms.CharField(
        label=_("What do we write to the program?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only what it needs in order to call. No screen, no score, no diagnosis."),
    )
    reach = forms.ChoiceField(
        label=_("By which safe way is she reached?"),
        widget=forms.RadioSelect,
        help_text=_("Only ways that were said to be safe can be chosen."),
    )
    reach_more = forms.CharField(
        label=_("What else is good to know when they call"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Such as: ask for Ana, say that it is about the library."),
    )
    who = forms.ChoiceField(
        label=_("How does it get there?"),
        widget=forms.RadioSelect,
        choices=[
            (SENDS, _("We send it, once a consent permits it")),
            (CARRIES, _("The family carries it there itself: we tell nobody anything")),
        ],
        initial=SENDS,
    )

    def __init__(
        self, adults: Sequence[Person], ways: Iterable[Contact], *args: Any, kept: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.adults = {str(one.pk): one for one in adults}
        self.ways = {str(one.pk): one for one in ways}
        self.kept = kept
        choice_field(self, "to_call").choices = [(key, one.name) for key, one in self.adults.items()]
        several = len(self.adults) > 1
        choices = [
            (key, f"{one.person.given_name}: {way_said(one)}" if several else way_said(one))
            for key, one in self.ways.items()
        ]
        if kept:
            choices.insert(0, (self.KEEP, kept))
        choice_field(self, "reach").choices = choices
        for name, some in (("to_call", list(self.adults)), ("reach", [key for key, _words in choices])):
            if len(some) == 1:
                self.fields[name].initial = some[0]
        if not choices:
            self.fields["reach"].required = False
            self.fields["reach"].help_text = _(
                "No way is known to be safe yet. Ask her, and write it on her page. The draft can be kept meanwhile, or the "
                "family carries it itself."
            )

    def warns(self, typed: str) -> Any:
        names = (name for some in house.screen_names for name in some())
        if speaks_of_a_screen(typed, names):
            return _(
                "This names a screen. No screen and no score goes to a program: please take it out. "
                "If it is something else, say so below."
            )
        return super().warns(typed)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        way = self.ways.get(typed.get("reach", ""))
        if way is not None and typed.get("to_call") and str(way.person_id) != typed["to_call"]:
            self.add_error("reach", _("This way is somebody else’s. Choose one of the person whom they call."))
        is_told = typed.get("who") == SENDS and self.fields["reach"].required
        if is_told and not typed.get("reach") and "reach" not in self.errors:
            self.add_error("reach", _("A program that cannot reach her cannot call. Choose a safe way."))
        return typed

    def referral(self) -> dict[str, Any]:
        """What `draft` and `change_draft` keep."""
        typed = self.cleaned_data
        way = self.ways.get(typed["reach"])
        reach = self.kept if typed["reach"] == self.KEEP else (way_said(way) if way else "")
        return {
            "hopes": typed["hopes"],
            "tells": typed["tells"],
            "reach": " · ".join(filter(None, (reach, typed["reach_more"]))),
            "by_family": typed["who"] == CARRIES,
        }


class SendForm(VersionedForm):
    """Send, or let the family carry it."""


class SaidForm(VersionedForm):
    """How a referral stands now, as the program or the family told it."""

    to = forms.ChoiceField(label=_("How does it stand now?"), widget=forms.RadioSelect)
    on = forms.DateField(label=_("On which day"), widget=DateInput())
    why = forms.ChoiceField(label=_("Why, where they cannot take it on or it has ended"), required=False)
    caller = forms.CharField(label=_("Who calls first"), required=False, max_length=120)
    calls_on = forms.DateField(label=_("On which day they call"), required=False, widget=DateInput())
    calls_said = forms.CharField(
        label=_("What they say of themselves"),
        required=False,
        max_length=300,
        help_text=_("A name before the first call: the family reads it."),
    )
    waits_until = forms.DateField(
        label=_("When there is a place, where one has to wait"), required=False, widget=DateInput()
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    FOLDED = ("caller", "calls_on", "calls_said", "waits_until", "note")

    def __init__(self, referral: Referral, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [one for one, by in MOVES[referral.stands].items() if By.PROGRAM in by]
        choice_field(self, "to").choices = [(one.value, words(AS_SENT[one])) for one in ways]
        reasons = [why for why in Why if any(why in NEEDS_REASON.get(one, ()) for one in ways)]
        choice_field(self, "why").choices = [("", _("choose")), *((one.value, words(REASONS[one])) for one in reasons)]

    def plain(self) -> list[forms.BoundField]:
        return [one for one in self.visible_fields() if one.name not in self.FOLDED]

    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FOLDED]

    def step(self) -> dict[str, Any]:
        typed = self.cleaned_data
        names = ("on", "caller", "calls_on", "calls_said", "waits_until", "note")
        return {name: typed[name] for name in names} | {
            "to": State(typed["to"]),
            "why": Why(typed["why"]) if typed["why"] else None,
        }


class TryForm(VersionedForm):
    """What was tried on the way."""

    TRIED: Mapping[str, Any] = {
        ReferralStep.Tried.CALLED: _("called, and nobody was reached"),
        ReferralStep.Tried.BOOKED: _("an appointment was made"),
        ReferralStep.Tried.MISSED: _("an appointment did not come about"),
        ReferralStep.Tried.CANCELLED: _("an appointment was cancelled"),
    }
    BESIDE: Mapping[str, Any] = {  # not tried by whoever fills this in
        ReferralStep.Tried.INTRODUCED: _("the family and the program have met"),
        ReferralStep.Tried.SAYS_CALLED: _("the family says that they called"),
        ReferralStep.Tried.SAYS_BEGUN: _("the family says that it has begun"),
    }
    WHO: Mapping[str, Any] = {"": _("nobody said"), "family": _("the family"), "program": _("the program")}
    tried = forms.ChoiceField(label=_("What was tried"), widget=forms.RadioSelect, choices=list(TRIED.items()))
    on = forms.DateField(label=_("On which day"), widget=DateInput())
    cancelled_by = forms.ChoiceField(label=_("Who cancelled"), required=False, choices=list(WHO.items()))
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def attempt(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {name: typed[name] for name in ("on", "cancelled_by", "note")} | {
            "tried": ReferralStep.Tried(typed["tried"])
        }


class CloseForm(VersionedForm):
    """Why a referral is closed before anything began. It is always said."""

    why = forms.ChoiceField(label=_("Why"), widget=forms.RadioSelect)
    on = forms.DateField(label=_("On which day"), widget=DateInput())
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [one for one in Why if one in NEEDS_REASON[State.CLOSED]]
        choice_field(self, "why").choices = [(one.value, words(REASONS[one])) for one in reasons]

    def step(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {"to": State.CLOSED, "on": typed["on"], "why": Why(typed["why"]), "note": typed["note"]}


def purpose_for(*, is_program: bool, is_right: bool) -> Purpose:
    """What a referral is for, as its consent names it."""
    if is_right:
        return Purpose.EARLY_INTERVENTION
    return Purpose.CARE if is_program else Purpose.SUPPORT
