"""Forms of organizations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from inmind.foundation.forms import ZONES, HouseForm
from inmind.people.models import Organization


def _crisis_text() -> forms.CharField:
    return forms.CharField(
        label=_("What this agency itself tells someone after a crisis answer"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands below the help lines. Say only what is true at any hour."),
    )


class OrganizationForm(HouseForm):
    """An agency as families know it, or an association where the house keeps one."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        widget=forms.RadioSelect,
        choices=[
            (Organization.Kind.AGENCY.value, _("An agency, which serves families")),
            (Organization.Kind.ASSOCIATION.value, _("An association, which joins the people of the field")),
        ],
        initial=Organization.Kind.AGENCY.value,
        required=False,
    )
    name = forms.CharField(label=_("Name that families know"), max_length=120)
    address = forms.CharField(
        label=_("Address"),
        max_length=200,
        required=False,
        help_text=_("It stands on what is handed to a family, such as the copy of a consent. Leave a shelter’s empty."),
    )
    phone = forms.CharField(label=_("Telephone for families"), max_length=40, required=False)
    zone = forms.ChoiceField(label=_("Time zone"))
    crisis_text = _crisis_text()
    crisis_text_es = _crisis_text()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = settings.INSTALLATION.rooms
        if isinstance(self, CorrectionForm) or "association" not in rooms:
            del self.fields["kind"]
        elif "families" not in rooms:
            self.fields["kind"].initial = Organization.Kind.ASSOCIATION.value
        spoken = settings.INSTALLATION.languages
        for code, name in Organization.CRISIS_TEXTS.items():
            if code not in spoken:
                del self.fields[name]
            elif len(spoken) > 1:
                words = gettext("What this agency itself tells someone after a crisis answer, in %(language)s")
                self.fields[name].label = words % {"language": get_language_info(code)["name_translated"]}
        given = self.initial.get("zone") or settings.INSTALLATION.zone
        self.fields["zone"].choices = ZONES if given in dict(ZONES) else [(given, given), *ZONES]  # type: ignore[attr-defined]
        self.fields["zone"].initial = given

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Organization.Kind.AGENCY.value


class CorrectionForm(OrganizationForm):
    """The same, saved over the version its reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, organization: Organization) -> CorrectionForm:
        return cls(initial={name: getattr(organization, name) for name in (*SAID, "version")})


SAID = ("name", "address", "phone", "zone", *Organization.CRISIS_TEXTS.values())
