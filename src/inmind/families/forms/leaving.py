"""Forms of what leaves on paper, and of a court that asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.access import consents
from inmind.access.consents import Asked, Days, Kind, Purpose
from inmind.families import subpoenas
from inmind.families.forms.agreeing import ScanForm, closed_said
from inmind.families.forms.told import ToldForm
from inmind.families.releases import BY_ORDER, FORMS, Form
from inmind.families.subpoenas import Basis, Paper
from inmind.foundation.forms import DateInput, HouseForm, choice_field


def lines_of(words: str) -> list[str]:
    """What stands on each line, but for empty ones."""
    return [line.strip() for line in words.splitlines() if line.strip()]


class PaperForm(ToldForm):
    """What a paper holds, for whom, and of which days."""

    purpose = forms.ChoiceField(label=_("What for"), widget=forms.RadioSelect)
    recipients = forms.CharField(
        label=_("Who gets it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
    )
    is_everybody = forms.BooleanField(
        label=_("This is the counsel of every party"),
        help_text=_("Ask the court who the parties are. A copy that one of them has not is itself a harm."),
        error_messages={
            "required": _("A release for a court goes to all of them, or to nobody: name each, and say so.")
        },
    )
    kinds = forms.MultipleChoiceField(label=_("What it holds"), widget=forms.CheckboxSelectMultiple)
    facts_since = forms.DateField(label=_("Facts from this day on"), widget=DateInput())
    facts_until = forms.DateField(label=_("Facts up to this day"), widget=DateInput())

    def __init__(
        self,
        paper: Form,
        known: Iterable[str],
        *args: Any,
        about_child: bool,
        closed: Mapping[Kind, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        shape = FORMS[paper]
        if not shape.for_several:
            del self.fields["is_everybody"]
        choice_field(self, "purpose").choices = [(one.value, _(consents.PURPOSES[one])) for one in shape.purposes]
        may = frozenset(consents.agreed_about(about_child=about_child)) - closed.keys()
        choice_field(self, "kinds").choices = [(kind.value, _(heading)) for heading, kind in shape.parts if kind in may]
        self.fields["kinds"].help_text = closed_said({kind: why for kind, why in closed.items() if kind in shape.kinds})
        if len(shape.purposes) == 1:
            self.fields["purpose"].widget = forms.HiddenInput()
        names = ", ".join(dict.fromkeys(known))
        many = _("Each on a line of its own, each party’s counsel among them: all get the same copy.")
        written = _("Written as in the consent: %(names)s.") % {"names": names} if names else ""
        self.fields["recipients"].help_text = " ".join(map(str, filter(None, (shape.for_several and many, written))))

    def recipients_said(self) -> list[str]:
        return lines_of(self.cleaned_data["recipients"])

    def asked(self, about: Any, *, about_child: bool) -> Asked:
        said = self.cleaned_data
        return Asked(
            about,
            self.recipients_said()[0],
            Purpose(said["purpose"]),
            frozenset(map(Kind, said["kinds"])),
            Days(said["facts_since"], said["facts_until"]),
            about_child=about_child,
        )


class SubpoenaForm(ToldForm, ScanForm):
    """What came from a court, as its paper says it."""

    field_order = ("paper", "sender", "came_on", "asks", "answer_by", "file")
    paper = forms.ChoiceField(
        label=_("What came"),
        choices=[(one.value, _(words)) for one, words in subpoenas.PAPERS.items()],
        widget=forms.RadioSelect,
    )
    sender = forms.CharField(
        label=_("Who sent it"),
        max_length=200,
        help_text=_("The court, the counsel or the agency, as the paper names them."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    came_on = forms.DateField(label=_("On which day it came"), widget=DateInput())
    asks = forms.CharField(
        label=_("What it asks for"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In the words of the paper. Write nothing about the family that does not stand there."),
    )
    answer_by = forms.DateField(
        label=_("By when it is to be answered"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: the paper names no day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False

    def noted(self) -> dict[str, Any]:
        """What the action is called with. Raises BadInput for a file that is no scan."""
        said = self.cleaned_data
        kept = {name: said[name] for name in ("sender", "came_on", "asks", "answer_by")}
        scan = None
        if said["file"]:
            kind, body = self.cleaned()
            scan = (str(kind), body)
        return kept | {"paper": Paper(said["paper"]), "scan": scan}


class AnswerForm(HouseForm):
    """What a court is answered, by what, and why that is the least."""

    rests_on = forms.ChoiceField(
        label=_("What the answer rests on"),
        choices=[(one.value, _(words)) for one, words in subpoenas.BASES.items()],
        widget=forms.RadioSelect,
    )
    basis = forms.CharField(
        label=_("Why, and why this is the least that answers it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whom you asked, and what they said. It stays in the log."),
    )
    order = forms.CharField(label=_("Where the order of the court is kept"), max_length=200, required=False)
    recipients = forms.CharField(
        label=_("Who gets it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=_("Each on a line of its own, each party’s counsel among them: all get the same copy."),
    )
    kinds = forms.MultipleChoiceField(label=_("What is told"), required=False, widget=forms.CheckboxSelectMultiple)
    facts_since = forms.DateField(label=_("Facts from this day on"), required=False, widget=DateInput())
    facts_until = forms.DateField(label=_("Facts up to this day"), required=False, widget=DateInput())

    def __init__(self, *args: Any, about_child: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may = consents.agreed_about(about_child=about_child)
        parts = [(heading, kind) for heading, kind in FORMS[Form.COURT].parts if kind in may]
        choice_field(self, "kinds").choices = [(kind.value, _(heading)) for heading, kind in parts]
        tribal = [_(heading) for heading, kind in parts if kind not in BY_ORDER]
        self.fields["kinds"].help_text = _("By consent alone: %(kinds)s.") % {"kinds": ", ".join(map(str, tribal))}

    def answer(self) -> dict[str, Any]:
        """What the action is called with."""
        said = self.cleaned_data
        first: date | None = said["facts_since"]
        recipients: Sequence[str] = lines_of(said["recipients"])
        return {
            "basis": Basis(said["rests_on"]),
            "why": said["basis"],
            "order": said["order"],
            "recipients": recipients,
            "kinds": frozenset(map(Kind, said["kinds"])),
            "days": Days(first, said["facts_until"]) if first is not None else None,
        }


class CloseSubpoenaForm(HouseForm):
    """What was done."""

    done = forms.CharField(
        label=_("What did you do?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was sent to whom, or what was objected to and what came of it."),
    )
