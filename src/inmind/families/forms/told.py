"""What the forms of families share: typed words that are told by a family, and people to choose from."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.access.queries import workers_named
from inmind.families.intake import PARTS
from inmind.foundation.forms import ToldForm as ToldForm
from inmind.foundation.forms import choice_field
from inmind.people.models import Person

LANGUAGES = [("", _("not asked yet")), ("en", _("English")), ("es", _("Spanish")), ("other", _("another language"))]
SAFE = [("", _("not asked yet")), ("yes", _("yes")), ("no", _("no"))]
YES_NO = {"yes": True, "no": False}
WEEKS_HELP = _("Completed weeks of pregnancy, 40 when on time. Leave it empty if nobody knows.")
PART_CHOICES = [("", _("choose")), *((key, _(word)) for key, word in PARTS.items())]


def _a_name() -> forms.TextInput:
    """Capitals come by themselves on a phone, and the phone offers nobody the name of another family."""
    return forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"})


def offer_people(form: forms.Form, name: str, people: list[tuple[Person, str]]) -> dict[str, Person]:
    """Let some people be chosen in a field, each under a name; answers with them by the value they are sent as."""
    choice_field(form, name).choices = [(str(person.pk), called) for person, called in people]
    return {str(person.pk): person for person, _called in people}


def _offer_workers(form: forms.Form, name: str, workers: list[Person]) -> dict[str, Person]:
    choice_field(form, name).choices = workers_named(workers)
    return {str(one.pk): one for one in workers}
