"""What stands on a licensed form, as it is typed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from inmind.foundation.errors import InMindError
from inmind.foundation.forms import DateInput, HouseForm, choice_field, said
from inmind.people.models import Person
from inmind.screening import recorded_words
from inmind.screening.actions import REASON_LENGTH
from inmind.screening.errors import NotForThisAge, NotOnScale, ZoneAlone
from inmind.screening.recorded import Informant, Kind, RecordedTool, Scale, entered_at
from inmind.screening.recorded_actions import OnPaper

CARER = "carer"
SCALE = "scale_"
ZONE = "zone_"


class ResultForm(HouseForm):
    """What stands on a licensed form: its day, which age form, who answered, and a number for each scale.

    as_it_stands is asked for only after a form was refused as not the one for the child's age. A correction brings its
    version and its reason too.
    """

    on = forms.DateField(label=gettext_lazy("Answered on"), widget=DateInput())
    form = forms.ChoiceField(
        label=gettext_lazy("Which form?"), error_messages={"required": gettext_lazy("Choose the form that was used.")}
    )
    informant = forms.ChoiceField(
        label=gettext_lazy("Who answered?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who answered.")},
    )

    def __init__(
        self,
        tool: RecordedTool,
        answering: list[tuple[Person, str]],
        data: Any = None,
        *,
        corrects: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self._answering = {str(person.pk): person for person, _name in answering}
        self._tool = tool
        months = [(form, _("%(months)s months") % {"months": form}) for form in tool.forms]
        choice_field(self, "form").choices = [("", _("Choose the form")), *months]
        who = [(str(person.pk), name) for person, name in answering]
        if tool.informant is Informant.PARENT_OR_CARER:
            who.append((CARER, _("A teacher or carer outside the family")))
        choice_field(self, "informant").choices = who
        if len(who) == 1 and data is None:
            self.initial.setdefault("informant", who[0][0])
        for name, is_asked in (("form", tool.forms), ("informant", tool.is_about_a_child)):
            if not is_asked:
                del self.fields[name]
        for scale in tool.scales:
            self.fields[SCALE + scale.key] = _number(scale)
            if tool.zones:
                self.fields[ZONE + scale.key] = _zone(scale, tool)
        if corrects:
            self.fields["reason"] = forms.CharField(
                label=_("Why it is corrected"),
                help_text=_(
                    "One sentence, for example: two numbers were swapped. Those who may read this result read it too."
                ),
                max_length=REASON_LENGTH,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        if data is not None and data.get("as_it_stands"):
            self._ask_as_it_stands()

    def clean(self) -> dict[str, Any]:
        """Every number that cannot stand is said at once."""
        found = super().clean() or self.cleaned_data
        for scale in self._tool.scales:
            try:
                entered_at(self._tool, scale, found.get(SCALE + scale.key, ""))
            except NotOnScale as refusal:
                self.take(refusal)
        return found

    def facts(self) -> list[Any]:
        """The fields above the numbers."""
        return [self[name] for name in ("on", "form", "informant") if name in self.fields]

    def numbers(self) -> list[Any]:
        names = (start + scale.key for scale in self._tool.scales for start in (SCALE, ZONE))
        return [self[name] for name in names if name in self.fields]

    def more(self) -> list[Any]:
        """The fields below the numbers."""
        return [self[name] for name in ("as_it_stands", "reason") if name in self.fields]

    def _ask_as_it_stands(self) -> None:
        self.fields["as_it_stands"] = forms.BooleanField(
            label=_("It was this form, on this day. Keep its numbers without a band."), required=False
        )

    def take(self, refusal: InMindError) -> None:
        """A number's refusal stands at its scale, by the name that its reader knows it by."""
        if isinstance(refusal, NotOnScale | ZoneAlone):
            refusal.facts["scale"] = self._tool.scale(refusal.field).label_in(get_language() or "en")
        if isinstance(refusal, NotForThisAge):
            self._ask_as_it_stands()
        at = next((name for name in (refusal.field, SCALE + refusal.field) if name in self.fields), None)
        self.add_error(at, said(refusal))

    def paper(self) -> OnPaper:
        """What stands on the form, as it was typed."""
        found = self.cleaned_data
        return OnPaper(
            on=found["on"],
            typed={scale.key: found[SCALE + scale.key] for scale in self._tool.scales},
            form=found.get("form", ""),
            informant=self._answering.get(found.get("informant", "")),
            by_carer=found.get("informant") == CARER,
            as_it_stands=found.get("as_it_stands", False),
            zones={scale.key: found.get(ZONE + scale.key, "") for scale in self._tool.scales},
        )


def _number(scale: Scale) -> forms.CharField:
    return forms.CharField(
        label=first_large(scale.label_in(get_language() or "en")),
        help_text=_range(scale),
        max_length=8,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def _zone(scale: Scale, tool: RecordedTool) -> forms.ChoiceField:
    """Where the form itself puts the number: asked, never needed."""
    nothing = ("", _("not copied"))
    return forms.ChoiceField(
        label=_("%(scale)s: where the form puts it") % {"scale": first_large(scale.label_in(get_language() or "en"))},
        choices=[nothing, *((zone, _(recorded_words.ZONES.get(zone, zone))) for zone in tool.zones)],
        required=False,
    )


def first_large(label: str) -> str:
    return label[:1].upper() + label[1:]


def _range(scale: Scale) -> str:
    if scale.kind is Kind.T:
        return _("T score")
    if scale.high is None:
        return _("points")
    return _("%(lowest)s to %(highest)s") % {"lowest": scale.lowest, "highest": scale.high}
