"""What the forms of families share: typed words that are told by a family, and people to choose from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.access.queries import workers_named
from inmind.families.intake import PARTS
from inmind.foundation.forms import HouseForm, choice_field
from inmind.foundation.never_kept import looks_like_ssn
from inmind.people.models import Person

LANGUAGES = [("", _("not asked yet")), ("en", _("English")), ("es", _("Spanish")), ("other", _("another language"))]
SAFE = [("", _("not asked yet")), ("yes", _("yes")), ("no", _("no"))]
YES_NO = {"yes": True, "no": False}
WEEKS_HELP = _("Completed weeks of pregnancy, 40 when on time. Leave it empty if nobody knows.")
PART_CHOICES = [("", _("choose")), *((key, _(word)) for key, word in PARTS.items())]


def _a_name() -> forms.TextInput:
    """Capitals come by themselves on a phone, and the phone offers nobody the name of another family."""
    return forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"})


class ToldForm(HouseForm):
    """A form into which somebody types what a family told. It warns where that looks like a number the house never keeps
    (`protect.md` 9), and keeps it once the typist has said that it is something else."""

    is_something_else = forms.BooleanField(
        label=_("It is something else: keep it as it is"), required=False, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        found = [name for name, value in said.items() if self._is_typed(name) and looks_like_ssn(str(value))]
        if found and not said.get("is_something_else"):
            self.reveal("is_something_else")
            for name in found:
                self.add_error(
                    name,
                    _(
                        "This looks like a social security number. InMind keeps none: please take it out. "
                        "If it is something else, say so below."
                    ),
                )
        return said

    def _is_typed(self, name: str) -> bool:
        """Whether somebody types words into a field; not what is chosen, and not the form's own key."""
        field = self.fields.get(name)
        return isinstance(field, forms.CharField) and not field.widget.is_hidden

    def reveal(self, name: str) -> None:
        """Let a question be seen that is asked only now."""
        self.fields[name].widget = forms.CheckboxInput()


def offer_people(form: forms.Form, name: str, people: list[tuple[Person, str]]) -> dict[str, Person]:
    """Let some people be chosen in a field, each under a name; answers with them by the value they are sent as."""
    choice_field(form, name).choices = [(str(person.pk), called) for person, called in people]
    return {str(person.pk): person for person, _called in people}


def _offer_workers(form: forms.Form, name: str, workers: list[Person]) -> dict[str, Person]:
    choice_field(form, name).choices = workers_named(workers)
    return {str(one.pk): one for one in workers}
