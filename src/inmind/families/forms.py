"""Forms of families. Labels are whole words a worker says; no field asks for status, origin or numbers of the state."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmind.access.queries import mark_of_record, workers_named
from inmind.families import consent, endings
from inmind.families.background import Edition
from inmind.families.intake import PARTS, AdultFacts, ChildFacts, Named, check_adult, of_one_birth
from inmind.families.models import Dyad, Episode, SelfDescription, Visit
from inmind.families.queries import Adult
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput, InMindError
from inmind.foundation.forms import DateInput, HouseForm, choice_field, said
from inmind.foundation.never_kept import looks_like_ssn
from inmind.people.models import Contact, EarlierFact, Person
from inmind.people.reaching import EVERY_DAY, SAYINGS, Saying, Way

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


class AdultForm(ToldForm):
    """An adult who cares for the child."""

    given_name = forms.CharField(label=_("First name"), max_length=80, widget=_a_name())
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False, widget=_a_name())
    part = forms.ChoiceField(label=_("Cares for the child as"))
    language = forms.ChoiceField(label=_("Likes to speak"), choices=LANGUAGES, required=False)
    since = forms.DateField(
        label=_("Since when"), required=False, widget=DateInput(), help_text=_("Empty: from today.")
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    phone_is_safe = forms.ChoiceField(
        label=_("Is it safe to call this number?"),
        choices=SAFE,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Ask when nobody else is listening. Someone else may answer this phone, or read its messages."),
    )

    is_somebody_else = forms.BooleanField(
        label=_("This is somebody else of the same name"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "part").choices = PART_CHOICES

    def asked_now(self) -> list[forms.BoundField]:
        return [self["is_something_else"], self["is_somebody_else"]]

    def take(self, refusal: InMindError) -> None:
        if refusal.field == "given_name":
            self.reveal("is_somebody_else")
        super().take(refusal)

    def adult(self) -> AdultFacts:
        said = self.cleaned_data
        return AdultFacts(
            given_name=said["given_name"],
            family_name=said["family_name"],
            part=said["part"],
            language=said["language"],
            phone=said["phone"],
            phone_is_safe=YES_NO.get(said["phone_is_safe"]),
            since=said.get("since"),
            is_somebody_else=said["is_somebody_else"],
        )


class IntakeForm(AdultForm):
    """A child or a pregnancy, and the first adult. More adults follow on the family's page.

    First whether the baby is born: of what follows, only the fields of that choice count.
    """

    BORN, EXPECTED = "born", "expected"
    arrival = forms.ChoiceField(
        label=_("Is the baby born?"),
        choices=[(BORN, _("Born")), (EXPECTED, _("On the way"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say first whether the baby is born or on the way.")},
    )
    child_given_name = forms.CharField(
        label=_("Baby's first name"),
        max_length=80,
        widget=_a_name(),
        required=False,
        help_text=_("A baby who has no name yet is called Baby for now."),
    )
    birth_date = forms.DateField(label=_("Born on"), required=False, widget=DateInput())
    due_date = forms.DateField(
        label=_("Expected on"), required=False, widget=DateInput(), help_text=_("A guess is fine.")
    )
    child_family_name = forms.CharField(label=_("Baby's last name"), max_length=80, required=False, widget=_a_name())
    gestation_weeks = forms.IntegerField(label=_("Weeks at birth"), required=False, help_text=WEEKS_HELP)
    field_order = (
        *("key", "arrival", "child_given_name", "birth_date", "gestation_weeks", "due_date", "child_family_name"),
        *("given_name", "family_name", "part", "since", "language", "phone", "phone_is_safe"),
    )

    def adults(self) -> tuple[AdultFacts, ...]:
        return (self.adult(),)

    def clean(self) -> dict[str, Any]:
        """What belongs to the other choice is left out; the date of the choice itself is needed."""
        said = super().clean() or self.cleaned_data
        if (arrival := said.get("arrival")) is None:
            return said
        date, left_out = OF_ARRIVAL[arrival]
        for name, empty in left_out.items():
            said[name] = empty
            self.errors.pop(name, None)
        if said.get(date) is None and date not in self.errors:
            self.add_error(date, NO_DATE[arrival])
        return said

    def child(self) -> ChildFacts:
        said = self.cleaned_data
        kept = ("birth_date", "due_date", "gestation_weeks")
        return ChildFacts(said["child_given_name"], said["child_family_name"], **{name: said[name] for name in kept})


# For each choice the date it needs, and what of the other choice is left out.
OF_ARRIVAL: dict[str, tuple[str, dict[str, Any]]] = {
    IntakeForm.BORN: ("birth_date", {"due_date": None}),
    IntakeForm.EXPECTED: ("due_date", {"birth_date": None, "child_given_name": "", "gestation_weeks": None}),
}
NO_DATE = {
    IntakeForm.BORN: _("The day of birth is missing."),
    IntakeForm.EXPECTED: _("The day on which the baby is expected is missing. A guess is fine."),
}


class SiblingForm(IntakeForm):
    """A brother or sister: those who care for the other child may care for this one too, and somebody new may.

    Of a twin without weeks at birth the other child's are offered once, to be confirmed, changed or emptied.
    """

    weeks_offered = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, known: list[Adult], today: date, beside: Dyad, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.beside = today, beside
        self.known = {str(one.person.pk): one for one in known}
        self.fields["given_name"].required = self.fields["part"].required = False
        for key, one in self.known.items():
            self.fields[f"with_{key}"] = forms.BooleanField(label=one.person.name, required=False, initial=True)
            as_what = _("%(name)s cares for this child as") % {"name": one.person.given_name}
            self.fields[f"part_{key}"] = forms.ChoiceField(
                label=as_what, choices=PART_CHOICES, required=False, initial=one.key
            )
            self.fields[f"since_{key}"] = forms.DateField(
                label=_("Since when"), required=False, widget=DateInput(), help_text=_("Empty: from today.")
            )

    def opens_new(self) -> bool:
        """Whether the fields of somebody new are shown at once: nobody is known, or something stands or is wrong in them."""
        fields = (self[name] for name in ("given_name", "family_name", "part", "phone", "since"))
        return not self.known or any(one.errors or one.value() for one in fields)

    def asked_of_known(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"with_{key}"], self[f"part_{key}"], self[f"since_{key}"]) for key in self.known]

    def clean(self) -> dict[str, Any]:
        """What cannot be so of how somebody known cares is said there. Nobody who was ticked is left out in silence: put
        together with another record, or no longer caring for the child, since the page was opened."""
        typed = super().clean()
        if any(name.startswith("with_") and name not in self.fields for name in self.data):
            self.add_error(
                None, _("Somebody whom you ticked is no longer on this list as before. Look at it once more.")
            )
        for key in self.known:
            if typed.get(f"with_{key}") and not {f"part_{key}", f"since_{key}"} & self.errors.keys():
                try:
                    check_adult(self._as_known(key), today=self.today)
                except BadInput as refusal:
                    self.add_error(f"{refusal.field}_{key}", said(refusal))
        self._offer_weeks(typed)
        return typed

    def _offer_weeks(self, typed: dict[str, Any]) -> None:
        weeks, field = self.beside.gestation_weeks, "gestation_weeks"
        is_said = field in self.errors or typed[field] is not None or typed["weeks_offered"]
        if is_said or weeks is None or not of_one_birth(typed.get("birth_date"), self.beside.birth_date):
            return
        offered: Any = self.data
        self.data = offered = offered.copy()
        offered[field], offered["weeks_offered"] = str(weeks), "on"
        words = _(
            "Of one birth with %(name)s, who came at %(weeks)s weeks? Send it again if so; change or empty it if not."
        )
        self.add_error(field, words % {"name": self.beside.called, "weeks": weeks})

    def _as_known(self, key: str) -> AdultFacts:
        typed, person = self.cleaned_data, self.known[key].person
        part, since = typed[f"part_{key}"], typed[f"since_{key}"]
        return AdultFacts(person.given_name, person.family_name, part, since=since, id=person.pk, known=True)

    def adults(self) -> tuple[AdultFacts, ...]:
        """Those who are known and were chosen; then somebody new, if anything was typed of one."""
        typed = self.cleaned_data
        known = tuple(self._as_known(key) for key in self.known if typed[f"with_{key}"])
        is_new = any(typed[name].strip() for name in ("given_name", "family_name", "phone"))
        return (*known, self.adult()) if is_new else known


class VisitForm(ToldForm):
    """A visit: where, how long, who was there; what the caregiver is proud of, what the baby showed; then what happened."""

    on = forms.DateField(label=_("Day"), widget=DateInput())
    place = forms.ChoiceField(label=_("Where"), widget=forms.RadioSelect)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=720, initial=60)
    present = forms.MultipleChoiceField(label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple)
    strength = forms.CharField(
        label=_("What is the caregiver proud of?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In their own words."),
    )
    showed = forms.CharField(
        label=_("What did the baby show?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A look, a sound, a way to be comforted."),
    )
    note = forms.CharField(
        label=_("What happened at this visit?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What you did together and what you agreed, in a few sentences; no diagnosis. The care team reads it, and who was "
            "there as the only adult, when they ask what is held about them."
        ),
    )

    PLACES = {
        Visit.Place.HOME: _("at home"),
        Visit.Place.OFFICE: _("at the agency"),
        Visit.Place.CHILD_CARE: _("at child care"),
        Visit.Place.ONLINE: _("by video or phone"),
        Visit.Place.ELSEWHERE: _("somewhere else"),
    }

    def __init__(self, people: list[tuple[Person, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "place").choices = list(self.PLACES.items())
        self.people = offer_people(self, "present", people)

    def there(self) -> tuple[Person, ...]:
        return tuple(self.people[key] for key in self.cleaned_data["present"])


class PersonChoice(HouseForm):
    """One of some people: who joins a care team."""

    person = forms.ChoiceField(label=_("Who"), widget=forms.RadioSelect)

    def __init__(self, people: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choice_field(self, "person").choices = workers_named(people)

    def chosen(self) -> Person:
        return self.people[self.cleaned_data["person"]]


def offer_people(form: forms.Form, name: str, people: list[tuple[Person, str]]) -> dict[str, Person]:
    """Let some people be chosen in a field, each under a name; answers with them by the value they are sent as."""
    choice_field(form, name).choices = [(str(person.pk), called) for person, called in people]
    return {str(person.pk): person for person, _called in people}


def _offer_workers(form: forms.Form, name: str, workers: list[Person]) -> dict[str, Person]:
    choice_field(form, name).choices = workers_named(workers)
    return {str(one.pk): one for one in workers}


class CareForm(HouseForm):
    """From a day on an adult cares for the child in another way, or no longer."""

    ENDED = "ended"
    part = forms.ChoiceField(label=_("Cares for the child as"))
    since = forms.DateField(label=_("From this day on"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "part").choices = [*PART_CHOICES, (self.ENDED, _("no longer cares for the child"))]

    def part_said(self) -> str:
        part: str = self.cleaned_data["part"]
        return "" if part == self.ENDED else part


class WeeksForm(HouseForm):
    """At how many weeks the baby was born."""

    gestation_weeks = forms.IntegerField(label=_("Weeks at birth"), required=False, help_text=WEEKS_HELP)


class BirthForm(WeeksForm):
    """The birth of a baby who was on the way, and as what those who were expecting care for it now."""

    child_given_name = forms.CharField(
        label=_("Baby's first name"),
        max_length=80,
        widget=_a_name(),
        help_text=_("A baby who has no name yet is called Baby for now."),
    )
    birth_date = forms.DateField(label=_("Born on"), widget=DateInput())
    child_family_name = forms.CharField(label=_("Baby's last name"), max_length=80, required=False, widget=_a_name())
    field_order = ("key", "child_given_name", "birth_date", "child_family_name", "gestation_weeks")

    def __init__(self, expecting: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expecting = {f"part_{person.pk}": person for person in expecting}
        for name, person in self.expecting.items():
            label = _("%(name)s now cares for the child as") % {"name": person.given_name}
            self.fields[name] = forms.ChoiceField(label=label, choices=PART_CHOICES)

    def parts(self) -> dict[str, str]:
        return {str(person.pk): self.cleaned_data[name] for name, person in self.expecting.items()}


class CorrectionForm(ToldForm):
    """How somebody is called, and a child's birth date (before the birth, its due date), as they are said anew.

    earlier: names that were right once, by which search finds them still.
    """

    over = forms.CharField(widget=forms.HiddenInput, max_length=64)
    given_name = forms.CharField(label=_("First name"), max_length=80, widget=_a_name())
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False, widget=_a_name())
    birth_date = forms.DateField(label=_("Born on"), widget=DateInput())
    due_date = forms.DateField(label=_("Expected on"), widget=DateInput(), help_text=_("A guess is fine."))
    still_found = forms.BooleanField(
        label=_("The name until now was right once: search still finds them by it"),
        required=False,
        help_text=_(
            "After a marriage or an adoption, say. Left empty, it was a typing error, and finds nobody any more."
        ),
    )
    find_no_more = forms.MultipleChoiceField(
        label=_("Search should no longer find them by"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, known: Named, earlier: list[EarlierFact], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_expected = known.due_date is not None
        self.fields["given_name"].required = not is_expected
        choice_field(self, "find_no_more").choices = [(str(one.pk), one.said) for one in earlier]
        asked = {
            "birth_date": known.birth_date,
            "due_date": known.due_date,
            "find_no_more": earlier,
            "still_found": known.given_name or known.family_name,
        }
        for name in (name for name, there in asked.items() if not there):
            del self.fields[name]

    def named(self) -> Named:
        said = self.cleaned_data
        return Named(said["given_name"], said["family_name"], said.get("birth_date"), said.get("due_date"))


class HomeForm(ToldForm):
    """Who lives with whom, from a day on."""

    TOGETHER, AWAY = "together", "away"
    people = forms.MultipleChoiceField(label=_("Who"), widget=forms.CheckboxSelectMultiple)
    living = forms.ChoiceField(
        label=_("From this day on they"),
        choices=[(TOGETHER, _("live together")), (AWAY, _("live somewhere else, not known here"))],
        widget=forms.RadioSelect,
        initial=TOGETHER,
    )
    since = forms.DateField(label=_("Since when"), widget=DateInput())
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Shown to those who serve this family. Other caregivers of the child are not told."),
    )
    shown_to_others = forms.BooleanField(
        label=_("They said that the child's other caregivers may know this address"), required=False
    )
    keeps_others = forms.BooleanField(label=_("The child, or somebody else here, has another home too"), required=False)

    def __init__(self, people: list[tuple[Person, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen_from = offer_people(self, "people", people)

    def chosen(self) -> tuple[Person, ...]:
        return tuple(self.chosen_from[key] for key in self.cleaned_data["people"])


class SpeechForm(ToldForm):
    """Languages, and whether an interpreter is wanted."""

    language = forms.ChoiceField(label=_("Likes to speak"), choices=LANGUAGES, required=False)
    spoken = forms.CharField(
        label=_("Languages spoken"), max_length=200, required=False, help_text=_("As they name them: Mam, Spanish.")
    )
    interpreter = forms.ChoiceField(
        label=_("Would they like an interpreter?"), choices=SAFE, required=False, widget=forms.RadioSelect
    )


class SelfForm(HouseForm):
    """Race and ethnicity in one federal edition: optional, as many as fit, said by the person."""

    edition = forms.CharField(widget=forms.HiddenInput, max_length=12)
    said_by = forms.ChoiceField(
        label=_("Who says it?"),
        choices=[
            (SelfDescription.SaidBy.SELF, _("the person")),
            (SelfDescription.SaidBy.PARENT, _("a parent, for the child")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = edition
        for question in edition.questions:
            choices = [(key, _(name)) for key, name in question.categories.items()]
            field, widget = (
                (forms.ChoiceField, forms.RadioSelect)
                if question.one
                else (forms.MultipleChoiceField, forms.CheckboxSelectMultiple)
            )
            left_out = [("", _("leave this out"))] if question.one else []
            self.fields[question.key] = field(
                label=_(question.label), choices=[*left_out, *choices], required=False, widget=widget
            )

    def said(self) -> tuple[str, ...]:
        answers = (self.cleaned_data[question.key] for question in self.asked.questions)
        return tuple(key for said in answers for key in ([said] if isinstance(said, str) else said) if key)


class WayForm(ToldForm):
    """A way to reach somebody: whether it is safe, when, and how much may be said there."""

    CHANNELS = {
        Contact.Channel.PHONE: _("a call"),
        Contact.Channel.TEXT: _("a text message"),
        Contact.Channel.MAIL: _("an email"),
        Contact.Channel.POST: _("a letter in the mail"),
    }
    DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    channel = forms.ChoiceField(label=_("By"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("Number or address"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    safe = forms.ChoiceField(
        label=_("Is this way safe?"),
        choices=SAFE,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Ask when nobody else is listening. Someone else may answer this phone, or read its messages."),
    )
    may_say = forms.TypedChoiceField(
        label=_("What may be said there?"),
        choices=[(int(key), _(word)) for key, word in SAYINGS.items()],
        coerce=int,
        widget=forms.RadioSelect,
        initial=int(Saying.NOTHING),
    )
    after = forms.TimeField(label=_("Safe from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    before = forms.TimeField(label=_("Safe until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    weekdays = forms.MultipleChoiceField(
        label=_("Safe on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every day."),
        choices=list(zip(EVERY_DAY, DAYS, strict=True)),
    )
    shown_to_others = forms.BooleanField(
        label=_("They said that the child's other caregivers may know this"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "channel").choices = list(self.CHANNELS.items())

    def way(self) -> Way:
        said = self.cleaned_data
        return Way(
            said["channel"],
            said["address"],
            YES_NO.get(said["safe"]),
            said["after"],
            said["before"],
            "".join(sorted(said["weekdays"])),
            Saying(said["may_say"]),
        )


class ConsentForm(ToldForm):
    """In which capacity somebody may consent, and the paper that was seen."""

    NOT_OF_THE_FAMILY = "-"
    holder = forms.ChoiceField(label=_("Who"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name of the court or the agency"), max_length=120, required=False, help_text=_("Only for these.")
    )
    capacity = forms.ChoiceField(label=_("In which capacity"))
    document = forms.ChoiceField(label=_("The paper you have seen"), required=False)
    since = forms.DateField(label=_("Holds since"), widget=DateInput())
    until = forms.DateField(
        label=_("Holds until"), required=False, widget=DateInput(), help_text=_("Empty: no end is known.")
    )
    not_told = forms.CharField(
        label=_("Who must not be told"),
        max_length=200,
        required=False,
        help_text=_("For a minor parent, or a young person in care: say it plainly."),
    )

    def __init__(self, people: list[tuple[Person, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = offer_people(self, "holder", people)
        holder = choice_field(self, "holder")
        holder.choices = [*holder.choices, (self.NOT_OF_THE_FAMILY, _("a court or an agency"))]
        choice_field(self, "capacity").choices = [
            ("", _("choose")),
            *((key.value, _(word)) for key, word in consent.CAPACITIES.items()),
        ]
        choice_field(self, "document").choices = [
            ("", _("no paper was seen")),
            *((key, _(word)) for key, word in consent.DOCUMENTS.items()),
        ]

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        person = self.people.get(said["holder"])
        kept = {key: said[key] for key in ("capacity", "document", "since", "until", "not_told")}
        return kept | {"holder": person, "name": "" if person else said["name"]}


class EndConsentForm(HouseForm):
    """From a day on what somebody was by a paper, they are no more."""

    consent_holder = forms.UUIDField(widget=forms.HiddenInput)
    until = forms.DateField(label=_("Ended on"), widget=DateInput())


class EndForm(HouseForm):
    """Why the service ends here, and when."""

    until = forms.DateField(label=_("Ended on"), widget=DateInput())
    reason = forms.ChoiceField(label=_("Why it ends"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "reason").choices = [(key, _(word)) for key, word in endings.REASONS.items()]


class ReopenForm(HouseForm):
    """Which family is served again."""

    episode = forms.UUIDField(widget=forms.HiddenInput)


class SideForm(AdultForm):
    """Another household of the same child, served apart, with a worker of its own."""

    side = forms.CharField(label=_("For whom"), max_length=80, help_text=_("Two words are enough: foster home."))
    worker = forms.ChoiceField(label=_("Who serves this side"), widget=forms.RadioSelect)
    field_order = (
        "key",
        "side",
        "given_name",
        "family_name",
        "part",
        "since",
        "language",
        "phone",
        "phone_is_safe",
        "worker",
    )

    def __init__(self, workers: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workers = _offer_workers(self, "worker", workers)

    def serving(self) -> Person:
        return self.workers[self.cleaned_data["worker"]]


class HandOverForm(ToldForm):
    """To whom a worker's families go, which of them, and a note."""

    episodes = forms.MultipleChoiceField(label=_("Families"), widget=forms.CheckboxSelectMultiple)
    taker = forms.ChoiceField(label=_("Who takes them over"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("A note for the new worker"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What helps to begin well. No answers of a screen: those stand on the caregiver's own page."),
    )

    def __init__(self, episodes: list[Episode], takers: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen_from = {str(one.pk): one for one in episodes}
        told = {
            key: (one.dyad.called, one.side, clock.day(one.since), mark_of_record(one.pk))
            for key, one in self.chosen_from.items()
        }
        choice_field(self, "episodes").choices = list(text.apart(told).items())
        self.fields["episodes"].initial = list(self.chosen_from)
        self.takers = _offer_workers(self, "taker", takers)

    def chosen(self) -> tuple[Episode, ...]:
        return tuple(self.chosen_from[key] for key in self.cleaned_data["episodes"])
