"""The forms of a care plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.foundation.forms import DateInput, HouseForm, choice_field
from inmind.people.models import Person
from inmind.services.plans.care_plan import (
    HOW_FAR,
    LET_GO,
    LONGEST,
    LONGEST_MOMENT,
    LONGEST_NAME,
    HowFar,
    Kind,
    LetGo,
    SeenBy,
)
from inmind.services.plans.handout import Handout

KINDS = {
    Kind.STRENGTH: gettext_lazy("What they are proud of"),
    Kind.GOAL: gettext_lazy("What they want"),
    Kind.STRATEGY: gettext_lazy("What they do in everyday life"),
}
LEAVE_OUT = gettext_lazy("In their own words. Leave out papers, countries and numbers of the state.")


class _LineForm(HouseForm):
    words = forms.CharField(
        label=gettext_lazy("What do they say?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=LEAVE_OUT,
    )
    moment = forms.CharField(
        label=gettext_lazy("At which moment of the day?"),
        max_length=LONGEST_MOMENT,
        required=False,
        help_text=gettext_lazy("For what they do in everyday life, such as: at bath time."),
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("The other adults of the family may read it"),
        required=False,
        help_text=gettext_lazy("Ask first. Without a yes it stands on their own page and print alone."),
    )


class AddForm(_LineForm):
    """A line of the plan: what it is, whose words, for whom."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        widget=forms.RadioSelect,
        choices=[(kind.value, words) for kind, words in KINDS.items()],
    )
    whose = forms.ChoiceField(label=gettext_lazy("Who says so?"), widget=forms.RadioSelect)
    about = forms.ChoiceField(label=gettext_lazy("For whom is it?"), widget=forms.RadioSelect)
    since = forms.DateField(label=gettext_lazy("Since"), widget=DateInput())

    def __init__(self, adults: dict[Person, str], child: Person, called: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in (child, *adults)}
        names = [(str(one.pk), name) for one, name in adults.items()]
        choice_field(self, "whose").choices = names
        choice_field(self, "about").choices = [(str(child.pk), called), *names]
        _alone(self, adults)
        self.order_fields(["kind", "whose", "words", "moment", "about", "is_shared", "since"])


class ChangeForm(_LineForm):
    """The same line as it is said now."""

    def __init__(self, kind: Kind, adults: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind is not Kind.STRATEGY:
            del self.fields["moment"]
        _alone(self, adults)


class LetGoForm(HouseForm):
    """Why a line stands in the plan no more, as the family says it."""

    why = forms.ChoiceField(
        label=gettext_lazy("What does the family say of it?"),
        widget=forms.RadioSelect,
        choices=[(why.value, gettext_lazy(words)) for why, words in LET_GO.items()],
    )

    def reason(self) -> LetGo:
        return LetGo(self.cleaned_data["why"])


class _FarForm(HouseForm):
    how_far = forms.ChoiceField(
        label=gettext_lazy("How is it now?"),
        widget=forms.RadioSelect,
        choices=[(far.value, gettext_lazy(words)) for far, words in HOW_FAR.items()],
        help_text=gettext_lazy("Four words, and no score. None is better than another."),
    )
    words = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_shared = forms.BooleanField(label=gettext_lazy("The other adults of the family may read it"), required=False)

    def far(self) -> HowFar:
        return HowFar(self.cleaned_data["how_far"])


class SeenForm(_FarForm):
    """How somebody sees a goal: an adult of the family, the worker herself, or somebody else whom the family named."""

    by = forms.ChoiceField(label=gettext_lazy("Who sees it so?"), widget=forms.RadioSelect)
    named = forms.CharField(
        label=gettext_lazy("If it is somebody else: who?"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=gettext_lazy("As the family calls them, such as: Grandmother Rosa, or the teacher, Ms. Lee."),
    )
    on = forms.DateField(label=gettext_lazy("On which day"), widget=DateInput())

    def __init__(self, adults: dict[Person, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adults = {str(one.pk): one for one in adults}
        choice_field(self, "by").choices = [
            *((str(one.pk), name) for one, name in adults.items()),
            (SeenBy.WORKER.value, gettext_lazy("I, who work with them")),
            (SeenBy.OTHER.value, gettext_lazy("Somebody else")),
        ]
        _alone(self, adults)
        self.order_fields(["by", "named", "how_far", "words", "is_shared", "on"])

    def said(self) -> dict[str, Any]:
        """As the action takes it."""
        typed = self.cleaned_data
        who = self.adults.get(typed["by"])
        return {
            "by": SeenBy.FAMILY if who else SeenBy(typed["by"]),
            "who": who,
            "named": typed["named"],
            "how_far": self.far(),
            "words": typed["words"],
            "is_shared": typed.get("is_shared", False),
            "on": typed["on"],
        }


class MineForm(_FarForm):
    """How she sees it, on her own page. It is not shown again there."""

    def __init__(self, adults: dict[Person, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("In your own words")
        self.fields["is_shared"].label = _("The other adults of my family may read it")
        _alone(self, adults)


class TakeBackForm(HouseForm):
    """Why how somebody sees it is taken back."""

    why = forms.CharField(
        label=gettext_lazy("Why is it taken back?"),
        max_length=LONGEST,
        widget=forms.TextInput(),
        help_text=gettext_lazy("Such as: these were his words, not hers."),
    )


class TakeBackMineForm(TakeBackForm):
    """Which of what she said, by its day alone: the words are not shown again there."""

    seen = forms.ChoiceField(label=gettext_lazy("Which?"), widget=forms.RadioSelect)
    field_order = ("key", "seen", "why")

    def __init__(self, said: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "seen").choices = said
        self.fields["why"].help_text = ""


class MyGoalForm(HouseForm):
    """A goal in her own words, on her own page."""

    words = forms.CharField(
        label=gettext_lazy("What do you want for your child, or for yourself?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In your own words. Leave out papers, countries and numbers of the state."),
    )
    is_shared = forms.BooleanField(label=gettext_lazy("The other adults of my family may read it"), required=False)

    def __init__(self, adults: dict[Person, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _alone(self, adults)


class LookForm(HouseForm):
    """When the plan is looked at together next."""

    next_on = forms.DateField(label=gettext_lazy("The next look together"), widget=DateInput())


class HandoutForm(HouseForm):
    """A hand-out for one adult."""

    to = forms.ChoiceField(label=gettext_lazy("For whom"), widget=forms.RadioSelect)
    handout = forms.ChoiceField(label=gettext_lazy("What to read"))

    def __init__(
        self, adults: dict[Person, str], handouts: Sequence[Handout], language: str, *args: Any, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.adults = {str(one.pk): one for one in adults}
        choice_field(self, "to").choices = [(str(one.pk), name) for one, name in adults.items()]
        choice_field(self, "handout").choices = [(one.key, one.said(language).title) for one in handouts]


def _alone(form: forms.Form, adults: Sequence[Person] | dict[Person, str]) -> None:
    """Where there is one adult alone, nobody else is asked about."""
    if len(adults) < 2:
        del form.fields["is_shared"]


def first_of(today: date, adults: dict[Person, str]) -> dict[str, Any]:
    """What stands in a form before anybody chose: the day, and who it can only be."""
    only = str(next(iter(adults)).pk) if len(adults) == 1 else None
    return {"since": today, "on": today, "whose": only, "to": only, "by": only}
