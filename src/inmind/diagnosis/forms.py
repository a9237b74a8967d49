"""The forms of an assessment and of each part of a draft. A part's form shows what stands and gives back what is to stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.diagnosis import ages
from inmind.diagnosis.ages import Weight
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.formulation import (
    Certainty,
    Competence,
    Culture,
    Diagnosis,
    Environment,
    Health,
    HealthSource,
    Relationship,
    Stressor,
)
from inmind.diagnosis.manual import Dimension, DimensionRating, Disorder, Manual
from inmind.diagnosis.queries import Caregiver
from inmind.diagnosis.words import CERTAINTIES, PARENTS, RATINGS, SOURCES
from inmind.diagnosis.writing import Four, Head, One, Three
from inmind.foundation import clock
from inmind.foundation.forms import DateInput, HouseForm, ToldForm
from inmind.foundation.values import Age
from inmind.people.models import Person

MOST_ROWS = 20  # ours: entries of one axis
WORDS = 4_000  # ours: characters of one field of a part
STRENGTHS = gettext_lazy("Strengths beside this axis")
DOES_NOT_APPLY = "none"


@dataclass(frozen=True, slots=True)
class About:
    """What a part is written about: the manual, whom the child has or had, and the child's age on the day of the assessment
    (None: no birth, or the manual does not speak of the child on that day). on: that day, None where it is not said yet."""

    manual: Manual
    caregivers: Mapping[UUID, Caregiver]
    names: Mapping[UUID, str]
    born: date | None = None
    age: Age | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together: its title (none: no heading), sentences before them, and a place on the page."""

    title: str
    fields: list[BoundField]
    notes: list[tuple[str, str]]
    anchor: str = ""


class PartForm(ToldForm):
    """A part of a draft. version: the one that was read, 0 where nothing stood there yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def content(self) -> Any:
        """What was typed, as a part of a draft."""
        raise NotImplementedError

    def groups(self) -> Iterator[Group]:
        yield Group("", list(self.visible_fields()), [])

    @staticmethod
    def entries(content: Any) -> int:
        """How many entries a part has: with one less, those after it stand elsewhere on the page."""
        return 0

    def _named(self, *names: str) -> list[BoundField]:
        return [self[name] for name in names if name in self.fields]


def data_of(form: forms.Form) -> dict[str, str]:
    """What a form that was not sent shows, as it would be sent."""
    found = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if isinstance(field, forms.BooleanField):
            if value:
                found[name] = "on"
        elif value is not None:
            found[name] = value.isoformat() if isinstance(value, date) else str(value)
    return found


def _words(label: Any, help_text: Any = "", rows: int = 3, longest: int = WORDS) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=longest, widget=area, help_text=help_text)


def _line(label: Any, longest: int = 200, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, help_text=help_text)


def _month(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=72,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=" ".join(filter(None, (str(help_text), _("In months, from 0 to 72.")))),
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"), _("This is a month of age, from 0 to 72. Write it as a number.")
        ),
    )


def _one_of(label: Any, choices: Iterable[Any], help_text: Any = "", *, radio: bool = False) -> forms.ChoiceField:
    widget = forms.RadioSelect() if radio else forms.Select()
    return forms.ChoiceField(label=label, required=False, choices=list(choices), widget=widget, help_text=help_text)


def _said(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(key), _(said)) for key, said in words.items()]


def _rows(prefix: str, there: int, data: Mapping[str, Any] | None) -> int:
    """How many entries a form has: those that stand or were sent, and an empty one."""
    sent = [int(digits) for name in data or () if name.startswith(prefix) and (digits := _digits(name, prefix))]
    return min(MOST_ROWS, max([there, *(one + 1 for one in sent if one < MOST_ROWS)]) + (data is None))


def _digits(name: str, prefix: str) -> str:
    digits = name.removeprefix(prefix).partition("_")[0]
    return digits if digits.isascii() and digits.isdigit() and len(digits) < 4 else ""


class HeadForm(PartForm):
    assessed_on = forms.DateField(
        label=gettext_lazy("On which day was the child assessed?"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Ages are looked at on this day, not on the day of the writing."),
    )
    edition = forms.ChoiceField(label=gettext_lazy("By which edition of the manual?"), required=False)
    strengths = _words(
        gettext_lazy("Strengths of the child, and of those around"),
        gettext_lazy("What you saw that carries them. It stands first wherever this is read."),
    )

    def __init__(self, about: About, head: Head, data: Any = None, **named: Any) -> None:
        said = {"assessed_on": head.assessed_on, "edition": head.edition, "strengths": head.strengths}
        said |= {f"primary_{pk}": pk in head.primary for pk in about.caregivers}
        super().__init__(data, initial=said | named.pop("initial", {}), **named)
        self.about = about
        editions = [(one.key, one.name) for one in about.manual.editions.values()]
        self.fields["edition"].choices = [("", _("not said yet")), *editions]  # type: ignore[attr-defined]
        for pk, one in about.caregivers.items():
            if one.left is None or pk in head.primary or (head.assessed_on and one.left > head.assessed_on):
                self.fields[f"primary_{pk}"] = forms.BooleanField(label=_called(about, pk), required=False)

    def content(self) -> Head:
        said = self.cleaned_data
        primary = frozenset(pk for pk in self.about.caregivers if said.get(f"primary_{pk}"))
        return Head(said["edition"], said["assessed_on"], primary, said["strengths"])

    def groups(self) -> Iterator[Group]:
        yield Group("", self._named("strengths"), [])
        yield Group("", self._named("assessed_on", "edition"), [])
        notes = [("", _("Each of them gets a page of Axis II. A child in foster care may have several."))]
        fields = [self[name] for name in self.fields if name.startswith("primary_")]
        yield Group(_("Who are the child’s primary caregivers?"), fields, notes)


def _called(about: About, pk: UUID) -> str:
    """A caregiver's name, with how they care for the child, and since when no more."""
    one = about.caregivers[pk]
    name = about.names[pk] + (f", {_(one.part)}" if one.part else "")
    return f"{name} ({_('until %(day)s') % {'day': clock.day(one.left)}})" if one.left else name


class OneForm(PartForm):
    no_diagnosis = forms.BooleanField(label=gettext_lazy("No diagnosis is given"), required=False)
    strengths = _words(STRENGTHS)

    def __init__(self, about: About, one: One, data: Any = None, **named: Any) -> None:
        first = {"no_diagnosis": one.no_diagnosis, "strengths": one.strengths} | named.pop("initial", {})
        for place, each in enumerate(one.diagnoses):
            first |= _diagnosis_as_typed(each, place)
        super().__init__(data, initial=first, **named)
        self.about, self.rows = about, _rows("d", len(one.diagnoses), data)
        self.stands: list[tuple[Any, Any]] = [(each.disorder, str(each.caregiver or "")) for each in one.diagnoses]
        for place in range(self.rows):
            self._add(place, (data if data is not None else first).get(f"d{place}_disorder", ""))

    def _add(self, place: int, key: str) -> None:
        manual = self.about.manual
        by_category = [
            (category.name, [(one.key, one.name) for one in manual.in_category(category.key)])
            for category in manual.categories.values()
        ]
        at = f"d{place}_"
        self.fields[f"{at}disorder"] = _one_of(_("Which diagnosis?"), [("", _("none")), *by_category])
        disorder = manual.disorders.get(key)
        if disorder is None:
            return
        # For which diagnosis it was said that its criteria were looked up: of another one nothing was looked up yet.
        self.fields[f"{at}of"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields[f"{at}certainty"] = _one_of(_("How sure is it?"), _said(CERTAINTIES), radio=True)
        if disorder.of_a_relationship:
            people = [(str(pk), _called(self.about, pk)) for pk in self.about.caregivers]
            self.fields[f"{at}caregiver"] = _one_of(
                _("With which caregiver?"),
                [("", _("not said yet")), *people],
                _("It is about one relationship, not about the child alone."),
            )
            parents = [("", _("not said yet")), *_said(PARENTS)]
            self.fields[f"{at}parent"] = _one_of(_("Who is this caregiver to the child?"), parents)
        if disorder.kinds:
            kinds = [("", _("not said yet")), *((one, one.replace("-", " ")) for one in disorder.kinds)]
            self.fields[f"{at}kind"] = _one_of(_("Of which kind?"), kinds)
        self.fields[f"{at}reasons"] = _words(_("What speaks for it, and what against?"))
        if self._fit(disorder).needs_a_reason if self.about.age else False:
            self.fields[f"{at}over_age"] = _words(_("Why is it given outside these ages?"), rows=2)
        elif self.initial.get(f"{at}over_age"):
            self.fields[f"{at}over_age"] = _words(_("Why it was given outside its ages"), rows=2)
        self.fields[f"{at}looked_up"] = forms.BooleanField(
            label=_("I looked up its criteria in our copy of the manual, with its limits of age and duration"),
            required=False,
        )
        self.fields[f"{at}out"] = forms.BooleanField(label=_("Take this one out of the draft"), required=False)

    def _fit(self, disorder: Disorder) -> ages.AgeFit:
        assert self.about.age is not None
        return ages.fit(disorder, self.about.age)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        chosen = [
            (str(said.get(f"d{place}_disorder") or ""), str(said.get(f"d{place}_caregiver") or ""))
            for place in range(self.rows)
            if said.get(f"d{place}_disorder") and not said.get(f"d{place}_out")
        ]
        for place in range(self.rows):
            mine = (str(said.get(f"d{place}_disorder") or ""), str(said.get(f"d{place}_caregiver") or ""))
            # What stood twice before, since two caregivers are one, is kept as it is typed, and is no reason to lose a word.
            allowed = max(1, self.stands.count(mine))
            if mine[0] and chosen.count(mine) > allowed and not said.get(f"d{place}_out"):
                self.add_error(f"d{place}_disorder", _("It stands here twice. Take one of them out."))
                break
        return said

    def content(self) -> One:
        said, found = self.cleaned_data, []
        for place in range(self.rows):
            at = f"d{place}_"
            if not said.get(f"{at}disorder") or said.get(f"{at}out"):
                continue
            caregiver, parent = said.get(f"{at}caregiver"), said.get(f"{at}parent")
            is_another = said.get(f"{at}of") not in {"", None, said[f"{at}disorder"]}
            found.append(
                Diagnosis(
                    disorder=said[f"{at}disorder"],
                    certainty=Certainty(said.get(f"{at}certainty") or Certainty.WORKING),
                    reasons=said.get(f"{at}reasons", ""),
                    looked_up=bool(said.get(f"{at}looked_up")) and not is_another,
                    caregiver=UUID(caregiver) if caregiver else None,
                    parent=KindOfParent(parent) if parent else None,
                    kind=said.get(f"{at}kind", ""),
                    over_age="" if is_another else said.get(f"{at}over_age", ""),
                )
            )
        return One(tuple(found), said["no_diagnosis"], said["strengths"])

    @staticmethod
    def entries(content: One) -> int:
        return len(content.diagnoses)

    def groups(self) -> Iterator[Group]:
        yield Group("", self._named("strengths"), [])
        for place in range(self.rows):
            fields = [self[name] for name in self.fields if name.startswith(f"d{place}_") and not name.endswith("_of")]
            key = self[f"d{place}_disorder"].value() or ""
            disorder = self.about.manual.disorders.get(key)
            title = disorder.name if disorder else _("Another diagnosis") if place else _("A diagnosis")
            yield Group(title, fields, self._notes(disorder), f"d{place}")
        yield Group("", self._named("no_diagnosis"), [])

    def _notes(self, disorder: Disorder | None) -> list[tuple[str, str]]:
        if disorder is None:
            return []
        if self.about.age is None:
            return [("check", _("Say first on which day the child was assessed: then its ages are looked at."))]
        found = self._fit(disorder)
        if not found.findings:
            words = _("The child was %(months)s months old on %(day)s: within the ages that are known here.")
            facts = {"months": found.age.months, "day": clock.day(self.about.on) if self.about.on else ""}
            return [("", words % facts)]
        return age_notes(disorder, found, self.about.manual)


def _diagnosis_as_typed(each: Diagnosis, place: int) -> dict[str, Any]:
    said = {
        "disorder": each.disorder,
        "of": each.disorder,
        "certainty": each.certainty.value,
        "reasons": each.reasons,
        "looked_up": each.looked_up,
        "caregiver": str(each.caregiver or ""),
        "parent": each.parent.value if each.parent else "",
        "kind": each.kind,
        "over_age": each.over_age,
    }
    return {f"d{place}_{name}": value for name, value in said.items()}


def age_notes(disorder: Disorder, found: ages.AgeFit, manual: Manual) -> list[tuple[str, str]]:
    """What is known of a disorder's ages says about the child's, each with how a page shows it; the heaviest first."""
    notes = []
    unknown = [one for one in found.findings if one.known is None]
    for one in sorted(found.findings, key=lambda each: -each.weight):
        if len(unknown) > 1 and one is unknown[1]:
            continue  # both are said in one sentence
        facts: dict[str, object] = {"months": found.age.months}
        if one.known is not None:
            facts |= {"limit": one.known.value, "source": manual.sources.get(one.known.source, one.known.source)}
        match one.weight, one.bound:
            case (Weight.ASKS, _any) if one.at_the_edge:
                words = _(
                    "The child is %(months)s months old, in the very month that ends its window. No source says whether "
                    "that month still counts: look it up in the manual."
                )
            case (Weight.ASKS, _any) if len(unknown) > 1:
                words = _(
                    "The ages for which it may be given stand in the manual. Look them up there: we have no source."
                )
            case (Weight.ASKS, ages.Bound.FROM_MONTH):
                words = _(
                    "The age from which it may be given stands in the manual. Look it up there: we have no source."
                )
            case (Weight.ASKS, _any):
                words = _(
                    "The age until which it may be given stands in the manual. Look it up there: we have no source."
                )
            case (_weight, ages.Bound.FROM_MONTH):
                words = _("The child was %(months)s months old. It is given from %(limit)s months on.")
            case _:
                words = _("The child was %(months)s months old. Its window ends with month %(limit)s.")
        then = {
            Weight.STOPS: _("It can be given only with your own reason."),
            Weight.WARNS: _("One source alone says so: look it up in the manual."),
            Weight.HINTS: _("The source is weak: take it as a hint, and look it up."),
        }.get(one.weight, "")
        kind = {Weight.STOPS: "check", Weight.WARNS: "check"}.get(one.weight, "calm")
        source = _("Source: %(source)s") % facts if one.known is not None else ""
        notes.append((kind, " ".join(filter(None, (words % facts, then, source)))))
    return notes


class ThreeForm(PartForm):
    strengths = _words(STRENGTHS)

    def __init__(self, about: About, three: Three, data: Any = None, **named: Any) -> None:
        first = {"strengths": three.strengths} | named.pop("initial", {})
        for place, one in enumerate(three.health):
            said = {"what": one.what, "source": one.source or "", "since_month": one.since_month}
            first |= {f"h{place}_{name}": value for name, value in said.items()}
        super().__init__(data, initial=first, **named)
        self.rows = _rows("h", len(three.health), data)
        for place in range(self.rows):
            self.fields[f"h{place}_what"] = _line(_("A condition, or something about the child’s health"))
            self.fields[f"h{place}_source"] = _one_of(_("How is it known?"), [("", _("not said yet")), *_said(SOURCES)])
            self.fields[f"h{place}_since_month"] = _month(
                _("Since which month of age?"), _("Empty where nobody knows.")
            )

    def content(self) -> Three:
        said = self.cleaned_data
        rows = [
            Health(
                said.get(f"h{place}_what", ""),
                HealthSource(source) if (source := said.get(f"h{place}_source")) else None,
                said.get(f"h{place}_since_month"),
            )
            for place in range(self.rows)
            if any(said.get(f"h{place}_{name}") not in (None, "") for name in HEALTH)
        ]
        return Three(tuple(rows), said["strengths"])

    @staticmethod
    def entries(content: Three) -> int:
        return len(content.health)

    def groups(self) -> Iterator[Group]:
        yield Group("", self._named("strengths"), [])
        for place in range(self.rows):
            names = (f"h{place}_{name}" for name in HEALTH)
            title = self[f"h{place}_what"].value() or (_("Another entry") if place else _("An entry"))
            yield Group(title, self._named(*names), [], f"h{place}")


class FourForm(PartForm):
    strengths = _words(STRENGTHS)

    def __init__(self, about: About, four: Four, data: Any = None, **named: Any) -> None:
        first = {"strengths": four.strengths} | named.pop("initial", {})
        for place, one in enumerate(four.stressors):
            said = {name: getattr(one, name) for name in STRESSOR}
            first |= {f"s{place}_{name}": value for name, value in said.items()}
        super().__init__(data, initial=first, **named)
        self.rows = _rows("s", len(four.stressors), data)
        known = [(group.name, [(one.key, one.name) for one in group.stressors]) for group in about.manual.stressors]
        self.called = {key: name for _group, some in known for key, name in some}
        for place in range(self.rows):
            at = f"s{place}_"
            self.fields[f"{at}key"] = _one_of(_("Which stressor?"), [("", _("in my own words")), *known])
            self.fields[f"{at}words"] = _line(_("In your own words"), 400)
            self.fields[f"{at}from_month"] = _month(_("From which month of the child’s age?"), _("Empty: not known."))
            self.fields[f"{at}until_month"] = _month(_("Until which month?"))
            self.fields[f"{at}goes_on"] = forms.BooleanField(label=_("It still goes on"), required=False)
            self.fields[f"{at}severity"] = _line(_("How heavy is it for this child, in words?"), 400)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for place in range(self.rows):
            first, last = said.get(f"s{place}_from_month"), said.get(f"s{place}_until_month")
            if first is not None and last is not None and last < first:
                self.add_error(f"s{place}_until_month", _("It ends before it begins. Look at both months."))
        return said

    def content(self) -> Four:
        said = self.cleaned_data
        rows = [
            Stressor(
                key=said.get(f"s{place}_key", ""),
                words=said.get(f"s{place}_words", ""),
                from_month=said.get(f"s{place}_from_month"),
                until_month=said.get(f"s{place}_until_month"),
                goes_on=bool(said.get(f"s{place}_goes_on")),
                severity=said.get(f"s{place}_severity", ""),
            )
            for place in range(self.rows)
            if any(said.get(f"s{place}_{name}") not in (None, "", False) for name in STRESSOR)
        ]
        return Four(tuple(rows), said["strengths"])

    @staticmethod
    def entries(content: Four) -> int:
        return len(content.stressors)

    def groups(self) -> Iterator[Group]:
        yield Group("", self._named("strengths"), [])
        for place in range(self.rows):
            title = self.called.get(self[f"s{place}_key"].value() or "") or self[f"s{place}_words"].value()
            title = title or (_("Another stressor") if place else _("A stressor"))
            yield Group(title, self._named(*(f"s{place}_{name}" for name in STRESSOR)), [], f"s{place}")


HEALTH = ("what", "source", "since_month")
STRESSOR = ("key", "words", "from_month", "until_month", "goes_on", "severity")


class FiveForm(PartForm):
    strengths = _words(STRENGTHS)
    impression = _words(
        gettext_lazy("The impression of the whole"), gettext_lazy("How the child uses what it can, across the domains.")
    )

    def __init__(self, about: About, five: Competence, data: Any = None, **named: Any) -> None:
        said = {"impression": five.impression, "strengths": five.strengths}
        said |= {f"r_{key}": rating for key, rating in five.ratings.items()}
        super().__init__(data, initial=said | named.pop("initial", {}), **named)
        self.about = about
        ratings = [("", _("not rated yet")), *((one.key, one.name) for one in about.manual.ratings)]
        for domain in about.manual.domains:
            self.fields[f"r_{domain.key}"] = _one_of(domain.name, ratings)

    def content(self) -> Competence:
        said = self.cleaned_data
        ratings = {one.key: said[f"r_{one.key}"] for one in self.about.manual.domains if said.get(f"r_{one.key}")}
        return Competence(ratings, said["impression"], said["strengths"])

    def groups(self) -> Iterator[Group]:
        yield Group("", self._named("strengths"), [])
        yield Group(_("Each domain by itself"), [self[name] for name in self.fields if name.startswith("r_")], [])
        yield Group("", self._named("impression"), [])


class CultureForm(PartForm):
    family = _words(
        gettext_lazy("How the family sees it"),
        gettext_lazy(
            "What the family says of what is going on, of how children are raised, and of where help is sought."
        ),
        rows=6,
    )
    own_position = _words(
        gettext_lazy("Your own position beside the family’s"),
        gettext_lazy("What of your own background may shape what you see, and what you do not."),
        rows=6,
    )

    def __init__(self, about: About, culture: Culture, data: Any = None, **named: Any) -> None:
        said = {"family": culture.family, "own_position": culture.own_position} | named.pop("initial", {})
        super().__init__(data, initial=said, **named)

    def content(self) -> Culture:
        return Culture(self.cleaned_data["family"], self.cleaned_data["own_position"])

    def groups(self) -> Iterator[Group]:
        yield Group("", self._named("family", "own_position"), [])


class _RatedForm(PartForm):
    """A part of Axis II: what is strong, each dimension, and one level, which is no average of them."""

    dimensions: ClassVar[str]
    strengths = _words(gettext_lazy("What is strong here"))
    words = _words(gettext_lazy("What you saw, in your own words"))

    def _rate(self, about: About) -> None:
        self.about = about
        levels = [("", _("no level yet"))]
        levels += [(str(one), _("Level %(n)s") % {"n": one}) for one in range(1, (about.manual.levels.value or 0) + 1)]
        self.fields["level"] = _one_of(
            _("Level, by the manual’s own words for each"),
            levels,
            _("The level is yours to judge. It is not added up from the ratings above, and no average is made of it."),
            radio=True,
        )
        for one in self._of(about.manual):
            ratings = [("", _("not looked at yet")), *_said(RATINGS)]
            if one.may_not_apply:
                ratings.append((DOES_NOT_APPLY, _("does not apply here")))
            self.fields[f"m_{one.key}"] = _one_of(one.name, ratings)

    def _of(self, manual: Manual) -> tuple[Dimension, ...]:
        return manual.caregiving if self.dimensions == "caregiving" else manual.environment

    @staticmethod
    def _typed(part: Relationship | Environment) -> dict[str, Any]:
        said: dict[str, Any] = {"level": part.level or "", "strengths": part.strengths, "words": part.words}
        return said | {
            f"m_{key}": DOES_NOT_APPLY if rating is None else rating.value for key, rating in part.dimensions.items()
        }

    def _rated(self) -> dict[str, DimensionRating | None]:
        said = {one.key: self.cleaned_data.get(f"m_{one.key}") for one in self._of(self.about.manual)}
        return {
            key: None if rating == DOES_NOT_APPLY else DimensionRating(rating) for key, rating in said.items() if rating
        }

    def _level(self) -> int | None:
        return int(self.cleaned_data["level"]) if self.cleaned_data.get("level") else None

    def _ratings(self) -> Group:
        return Group(_("Each by itself"), [self[name] for name in self.fields if name.startswith("m_")], [])


class RelationshipForm(_RatedForm):
    dimensions = "caregiving"
    contributions = _words(gettext_lazy("What the child brings into this relationship"))

    def __init__(self, about: About, part: Relationship, data: Any = None, **named: Any) -> None:
        said = self._typed(part) | {"contributions": part.contributions} | named.pop("initial", {})
        super().__init__(data, initial=said, **named)
        self.caregiver = part.caregiver
        self._rate(about)

    def content(self) -> Relationship:
        said, rated = self.cleaned_data, self._rated()
        return Relationship(
            caregiver=self.caregiver,
            level=self._level(),
            dimensions={key: rating for key, rating in rated.items() if rating is not None},
            contributions=said["contributions"],
            strengths=said["strengths"],
            words=said["words"],
        )

    def groups(self) -> Iterator[Group]:
        yield Group("", self._named("strengths"), [])
        yield self._ratings()
        yield Group("", self._named("contributions", "words", "level"), [])


class EnvironmentForm(_RatedForm):
    dimensions = "environment"
    name = _line(
        gettext_lazy("What is this place called?"), 80, gettext_lazy("For example: at home, at the foster home.")
    )

    def __init__(self, about: About, part: Environment, data: Any = None, **named: Any) -> None:
        said = self._typed(part) | {"name": part.name}
        said |= {f"who_{pk}": pk in part.caregivers for pk in about.caregivers}
        super().__init__(data, initial=said | named.pop("initial", {}), **named)
        self._rate(about)
        for pk, one in about.caregivers.items():
            if one.left is None or pk in part.caregivers:
                self.fields[f"who_{pk}"] = forms.BooleanField(label=_called(about, pk), required=False)

    def content(self) -> Environment:
        said = self.cleaned_data
        return Environment(
            name=said["name"],
            caregivers=frozenset(pk for pk in self.about.caregivers if said.get(f"who_{pk}")),
            level=self._level(),
            dimensions=self._rated(),
            strengths=said["strengths"],
            words=said["words"],
        )

    def groups(self) -> Iterator[Group]:
        yield Group("", self._named("name"), [])
        who = [self[name] for name in self.fields if name.startswith("who_")]
        yield Group(_("Who cares for the child there?"), who, [])
        yield Group("", self._named("strengths"), [])
        yield self._ratings()
        yield Group("", self._named("words", "level"), [])


# An assessment


class OpenForm(ToldForm):
    question = forms.CharField(
        label=gettext_lazy("What do you and the family want to understand?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    payer = forms.CharField(
        label=gettext_lazy("Who pays for the visits?"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Its sessions are counted beside the visits. They are never a stop."),
    )

    def __init__(self, payers: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted(payers)
        if known:
            self.fields["payer"] = _one_of(
                self.fields["payer"].label,
                [("", _("not known yet")), *((one, one) for one in known)],
                self.fields["payer"].help_text,
            )


class ChangeForm(OpenForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class SignForm(HouseForm):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=4_000)
    why_new = _words(gettext_lazy("What made a new version needed?"), rows=2, longest=2000)
    signed_as = forms.CharField(
        label=gettext_lazy("Your credentials, as you sign with them"),
        max_length=120,
        help_text=gettext_lazy("For example: LCSW, IMH-E."),
    )
    cosigner = forms.ChoiceField(label=gettext_lazy("Who signs, too?"), required=False)

    def __init__(self, people: Iterable[Person], *args: Any, needed: bool, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        names = [(key, one.name) for key, one in self.people.items()]
        self.fields["cosigner"].choices = [("", _("choose who is asked") if needed else _("nobody")), *names]  # type: ignore[attr-defined]
        self.is_alone = needed and not self.people
        self.fields["cosigner"].required = needed
        self.fields["cosigner"].error_messages["required"] = _(
            "At this agency a second clinician signs, too. Choose who is asked."
        )
        self.fields["why_new"].required = True
        self.fields["why_new"].error_messages["required"] = _("Say in a sentence what made a new version needed.")
        if first:
            del self.fields["why_new"]

    def read(self) -> dict[str, int]:
        """The versions that were read, by the names of the parts."""
        found = {}
        for one in self.cleaned_data["seen"].split():
            name, _sign, version = one.rpartition("=")
            if name and version.isascii() and version.isdigit() and len(version) < 10:
                found[name] = int(version)
        return found


class CosignForm(HouseForm):
    signed_as = forms.CharField(
        label=gettext_lazy("Your credentials, as you sign with them"),
        max_length=120,
        help_text=gettext_lazy("For example: LCSW, IMH-E."),
    )
    words = _words(gettext_lazy("Something you want to stand beside it"), longest=2000)


class DeclineForm(HouseForm):
    words = forms.CharField(
        label=gettext_lazy("What speaks against it?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The clinicians of the care team read it. Nothing of what was signed changes by it."),
    )


class AskAnotherForm(HouseForm):
    cosigner = forms.ChoiceField(label=gettext_lazy("Who signs, too?"), required=False)

    def __init__(self, people: Iterable[Person], *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        names = [(key, one.name) for key, one in self.people.items()]
        nobody = _("choose who is asked") if needed else _("nobody: it stands with one signature")
        self.fields["cosigner"].choices = [("", nobody), *names]  # type: ignore[attr-defined]
        self.fields["cosigner"].required = needed
        self.fields["cosigner"].error_messages["required"] = _(
            "At this agency a second clinician signs, too. Choose who is asked."
        )


class SigningForm(HouseForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    needs_cosigner = forms.BooleanField(
        label=gettext_lazy("A second clinician signs each formulation, too"), required=False
    )
    again_days = forms.IntegerField(
        label=gettext_lazy("Days before a diagnosis’s window closes by which the child is assessed again"),
        min_value=1,
        max_value=180,
        help_text=gettext_lazy(
            "From 1 to 180 days. 30 is ours: no source names a number. Change it to what fits your agency."
        ),
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"), gettext_lazy("It is between 1 and 180 days before.")
        ),
    )
