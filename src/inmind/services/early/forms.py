"""The forms of a child's way through early intervention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.access.queries import workers_named
from inmind.foundation.forms import DateInput, ToldForm, choice_field
from inmind.people.models import Person
from inmind.services.early.case import DAYS, DELAYS, ENDED, PAUSES, STEPS, Day
from inmind.services.early.models import NoticeSent

ELIGIBLE = {"": None, "yes": True, "no": False}
HOW: dict[str, Any] = {
    NoticeSent.How.REGISTERED: gettext_lazy("by registered mail"),
    NoticeSent.How.LETTER: gettext_lazy("by another letter"),
    NoticeSent.How.HANDED: gettext_lazy("handed over"),
    NoticeSent.How.OTHER: gettext_lazy("another way"),
}
LEAD = gettext_lazy("Our agency answers for early intervention itself: these days are ours to keep")
PLAINLY = gettext_lazy("What is to be known, and no more. Leave out papers, countries and numbers of the state.")


def _day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DateInput(), help_text=help_text)


def _lines(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=required, max_length=1000, widget=area, help_text=help_text)


def _choices(words: Mapping[str, str], keys: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Each key with its words; a key that a network added without words of its own stands for itself."""
    return [(str(key), _(words[key]) if key in words else str(key).replace("_", " ")) for key in (keys or words)]


class _Versioned(ToldForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class BeginForm(ToldForm):
    """The first day of a case."""

    identified_on = _day(
        gettext_lazy("When did somebody see that this child should be looked at?"),
        gettext_lazy("A worry is enough. A screen that showed nothing takes nothing away from it."),
    )
    identified_by = forms.CharField(
        label=gettext_lazy("Who saw it?"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("A name or a part, such as: his grandmother, the pediatrician."),
    )
    is_lead = forms.BooleanField(label=LEAD, required=False)
    received_on = _day(
        gettext_lazy("If early intervention has the referral already: since when?"),
        gettext_lazy("The day on which it came there, whatever happened since. Its days are counted from it."),
    )


class DaysForm(_Versioned):
    """Every day of a case, and what the evaluation found. knows: whether its reader may read clinical words."""

    eligible = forms.ChoiceField(
        label=gettext_lazy("What did early intervention find?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", gettext_lazy("not known yet")),
            ("yes", gettext_lazy("The child is eligible")),
            ("no", gettext_lazy("The child is not eligible")),
        ],
    )
    identified_by = forms.CharField(label=gettext_lazy("Who saw it?"), required=False, max_length=120)
    is_lead = forms.BooleanField(label=LEAD, required=False)

    def __init__(self, *args: Any, knows: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one, words in DAYS.items():
            self.fields[one.value] = _day(_(words))
        names = [one.value for one in Day]
        self.order_fields([names[0], "identified_by", *names[1:4], "eligible", *names[4:], "is_lead"])
        for name in () if knows else ("identified_by", "eligible"):
            del self.fields[name]

    def days(self) -> dict[Day, date | None]:
        return {one: self.cleaned_data[one.value] for one in Day}


class StretchForm(ToldForm):
    """Days in which something held a case up. why: the keys that may be chosen, each in words."""

    why = forms.ChoiceField(label=gettext_lazy("What held it up?"), widget=forms.RadioSelect)
    since = _day(gettext_lazy("Since when?"), required=True)
    until = _day(
        gettext_lazy("Until when?"), gettext_lazy("The first day on which it went on. Empty while it holds up still.")
    )

    def __init__(self, keys: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "why").choices = _choices(PAUSES | DELAYS, keys)  # type: ignore[operator]


class PauseForm(StretchForm):
    words = _lines(
        gettext_lazy("What documents it?"),
        gettext_lazy(
            "What happened, and where it stands in the record: a note, a letter, each call. No day stops without."
        ),
        required=True,
    )


class DelayForm(StretchForm):
    words = _lines(gettext_lazy("What is to be known of it?"), PLAINLY)


class ChangeForm(_Versioned):
    """A pause or a delay, written anew. knows: as in `DaysForm`."""

    since = _day(gettext_lazy("Since when?"), required=True)
    until = _day(
        gettext_lazy("Until when?"), gettext_lazy("The first day on which it went on. Empty while it holds up still.")
    )
    words = _lines(gettext_lazy("What documents it?"), PLAINLY)
    taken_back = forms.BooleanField(label=gettext_lazy("It was written down by mistake: it never was"), required=False)

    def __init__(self, *args: Any, knows: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not knows:
            del self.fields["words"]


class StepForm(ToldForm):
    """A step before the third birthday."""

    kind = forms.ChoiceField(label=gettext_lazy("Which step?"), widget=forms.RadioSelect)
    on = _day(gettext_lazy("On which day?"), required=True)
    not_wanted = forms.BooleanField(
        label=gettext_lazy("The family did not want it, and said so on this day"), required=False
    )
    words = _lines(gettext_lazy("What is to be known of it?"), PLAINLY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "kind").choices = _choices(STEPS)  # type: ignore[arg-type]


class CloseForm(_Versioned):
    """Why a case is closed."""

    why = forms.ChoiceField(label=gettext_lazy("Why?"), widget=forms.RadioSelect)
    on = _day(gettext_lazy("On which day?"), required=True)
    words = _lines(gettext_lazy("What is to be known of it?"), PLAINLY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "why").choices = _choices(ENDED)  # type: ignore[arg-type]


class ByLawForm(ToldForm):
    """That the agency was told of a substantiated case; never who reported a family."""

    told_on = _day(gettext_lazy("When were you told?"), required=True)
    said_by = forms.CharField(
        label=gettext_lazy("Who told you?"),
        max_length=200,
        help_text=gettext_lazy("The worker or the agency that told you. Never who reported the family."),
    )
    paper = forms.CharField(label=gettext_lazy("By which paper?"), required=False, max_length=200)
    on = _day(gettext_lazy("Day of the finding, as the paper says"))


class NoticeForm(ToldForm):
    """That a notice to a tribe is somebody's to see to."""

    tribe = forms.CharField(label=gettext_lazy("Which tribe?"), max_length=200)
    owner = forms.ChoiceField(label=gettext_lazy("Who sees to it?"), widget=forms.RadioSelect)
    by_day = _day(gettext_lazy("By when?"), required=True)

    def __init__(self, owners: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {str(one.pk): one for one in owners}
        choice_field(self, "owner").choices = workers_named(owners)


class SentForm(_Versioned):
    """What was sent for a notice."""

    to = forms.CharField(label=gettext_lazy("To whom?"), max_length=200)
    how = forms.ChoiceField(label=gettext_lazy("How?"), widget=forms.RadioSelect, choices=list(HOW.items()))
    on = _day(gettext_lazy("On which day?"), required=True)
    words = _lines(gettext_lazy("What was it?"), gettext_lazy("Such as: the notice, and the number of the receipt."))
    is_all = forms.BooleanField(label=gettext_lazy("That was all of it"), required=False)
