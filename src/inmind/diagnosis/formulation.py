"""A formulation of DC:0-5: what was found on each of its five axes, and what it still needs before it can be signed. Pure.

The five axes stand beside one another. Axis II is about relationships, not about a child's disorder: its levels are bands
that are never averaged, and no diagnosis rests on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from inmind.diagnosis import ages
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.manual import Dimension, DimensionRating, Manual
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_


class Certainty(StrEnum):
    """How sure a diagnosis is."""

    WORKING = "working"
    CONFIRMED = "confirmed"
    RULED_OUT = "ruled_out"


class Part(StrEnum):
    """What of a draft is saved by itself, so that two who write different parts of it do not meet; beside these the
    relationships and environments of Axis II, each by itself."""

    HEAD = "head"
    ONE = "one"
    THREE = "three"
    FOUR = "four"
    FIVE = "five"
    CULTURE = "culture"


class Axis(StrEnum):
    """A part of a formulation, as something is missing or differs there."""

    HEAD = "head"
    ONE = "I"
    TWO = "II"
    THREE = "III"
    FOUR = "IV"
    FIVE = "V"
    CULTURE = "culture"


class HealthSource(StrEnum):
    """Where an entry of Axis III is from."""

    RECORD = "record"
    CAREGIVER = "caregiver"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One of Axis I, as it stands on the day of the assessment. looked_up: the clinician says that the manual's criteria,
    with its limits of age and duration, were checked. over_age: why it is given outside a limit that is well known."""

    disorder: str
    certainty: Certainty
    reasons: str
    looked_up: bool = False
    caregiver: UUID | None = None
    parent: KindOfParent | None = None
    kind: str = ""
    over_age: str = ""


@dataclass(frozen=True, slots=True)
class Relationship:
    """Part A of Axis II: one child with one primary caregiver. level: from 1. strengths: in the clinician's own words."""

    caregiver: UUID
    level: int | None
    dimensions: Mapping[str, DimensionRating] = field(default_factory=dict)
    contributions: str = ""
    strengths: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """Part B of Axis II: one caregiving environment, with everyone who cares for the child there."""

    name: str
    caregivers: frozenset[UUID]
    level: int | None
    dimensions: Mapping[str, DimensionRating | None] = field(default_factory=dict)
    strengths: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """An entry of Axis III. source: None where nobody has said it yet."""

    what: str
    source: HealthSource | None
    since_month: int | None = None


@dataclass(frozen=True, slots=True)
class Stressor:
    """An entry of Axis IV. key: of the manual's list, or empty with own words. Months of the child's age; None: not known.

    severity is said in words: no source that was read names a scale.
    """

    key: str
    words: str
    from_month: int | None
    until_month: int | None = None
    goes_on: bool = False
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Competence:
    """Axis V: one rating for each domain, and the impression of the whole."""

    ratings: Mapping[str, str] = field(default_factory=dict)
    impression: str = ""
    strengths: str = ""


@dataclass(frozen=True, slots=True)
class Culture:
    """The cultural formulation: what the family says, and the clinician's own position beside it."""

    family: str = ""
    own_position: str = ""


@dataclass(frozen=True, slots=True)
class Formulation:
    """One version. assessed_on: the day at which ages are looked at, not that of the writing. primary: the child's primary
    caregivers of that day. no_diagnosis: the clinician says that none of Axis I is given. strengths: of the child and those
    around; beside: those beside an axis that holds none of its own."""

    edition: str
    born: date
    assessed_on: date
    primary: frozenset[UUID]
    diagnoses: tuple[Diagnosis, ...] = ()
    no_diagnosis: bool = False
    relationships: tuple[Relationship, ...] = ()
    environments: tuple[Environment, ...] = ()
    health: tuple[Health, ...] = ()
    stressors: tuple[Stressor, ...] = ()
    competence: Competence = Competence()
    culture: Culture = Culture()
    strengths: str = ""
    beside: Mapping[Axis, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Missing:
    """What has to be there before the formulation is signed. about: the entry it concerns, by its key or its place."""

    axis: Axis
    sentence: str
    about: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


class CannotBe(BadInput):
    """An entry that no formulation can hold."""


def check(manual: Manual, formulation: Formulation) -> None:
    """What cannot be, whether signed or a draft. Raises NotOfThisAge, UnknownDisorder or CannotBe, with what to do."""
    if formulation.edition not in manual.editions:
        raise _cannot("edition", N_("There is no edition %(found)s of the manual."), found=formulation.edition)
    ages.age_on(manual, formulation.born, formulation.assessed_on)
    for one in formulation.diagnoses:
        disorder = manual.disorder(one.disorder)
        if one.caregiver is not None and not disorder.of_a_relationship:
            raise _cannot("caregiver", N_("%(name)s is a child’s own, and names no caregiver."), name=disorder.name)
        if one.kind and one.kind not in disorder.kinds:
            raise _cannot("kind", N_("%(name)s has no kind called %(found)s."), name=disorder.name, found=one.kind)
    _once("relationships", [one.caregiver for one in formulation.relationships])
    for relationship in formulation.relationships:
        _rated(manual, manual.caregiving, relationship.level, relationship.dimensions)
    for environment in formulation.environments:
        _rated(manual, manual.environment, environment.level, environment.dimensions)
    _competent(manual, formulation.competence)


def missing(manual: Manual, formulation: Formulation) -> tuple[Missing, ...]:
    """What a formulation still needs before it is signed, axis by axis; nothing where it is whole. Raises as `check`."""
    check(manual, formulation)
    months = ages.age_on(manual, formulation.born, formulation.assessed_on).months
    return (
        *_of_one(manual, formulation),
        *_of_two(manual, formulation),
        *_of_three(formulation, months),
        *_of_four(manual, formulation, months),
        *_of_five(manual, formulation),
    )


def _of_one(manual: Manual, formulation: Formulation) -> Iterator[Missing]:
    if not formulation.diagnoses and not formulation.no_diagnosis:
        yield Missing(Axis.ONE, N_("Say which diagnosis is given, or that none is."))
    if formulation.no_diagnosis and any(one.certainty is not Certainty.RULED_OUT for one in formulation.diagnoses):
        yield Missing(Axis.ONE, N_("A diagnosis is given, and it is said that none is. Only one can be."))
    age = ages.age_on(manual, formulation.born, formulation.assessed_on)
    keys = [(one.disorder, one.caregiver) for one in formulation.diagnoses]
    for place, one in enumerate(formulation.diagnoses):
        disorder = manual.disorder(one.disorder)
        facts = {"name": disorder.name}
        if keys.index(keys[place]) < place:  # also where two caregivers turned out to be one
            yield Missing(Axis.ONE, N_("%(name)s stands there twice. Take one of them out."), one.disorder, facts)
        if not one.reasons.strip():
            yield Missing(Axis.ONE, N_("Say what speaks for or against %(name)s."), one.disorder, facts)
        if one.certainty is Certainty.RULED_OUT:
            continue
        if not one.looked_up:
            yield Missing(
                Axis.ONE, N_("Say that you checked the criteria of %(name)s in the manual."), one.disorder, facts
            )
        if disorder.of_a_relationship and one.caregiver is None:
            yield Missing(Axis.ONE, N_("%(name)s needs the caregiver whom it is about."), one.disorder, facts)
        if disorder.of_a_relationship and one.parent is None:
            yield Missing(Axis.ONE, N_("%(name)s needs who this caregiver is to the child."), one.disorder, facts)
        if ages.fit(disorder, age).needs_a_reason and not one.over_age.strip():
            yield Missing(
                Axis.ONE,
                N_("The child’s age is outside the limits of %(name)s. Say why it is given."),
                one.disorder,
                facts,
            )


def _of_two(manual: Manual, formulation: Formulation) -> Iterator[Missing]:
    rated = {one.caregiver for one in formulation.relationships if one.level is not None}
    for caregiver in sorted(formulation.primary - rated):
        yield Missing(Axis.TWO, N_("The relationship with this caregiver has no level yet."), str(caregiver))
    if not formulation.environments:
        yield Missing(Axis.TWO, N_("Describe at least one caregiving environment."))
    for name in _twice(one.name for one in formulation.environments):
        yield Missing(
            Axis.TWO,
            N_("Two caregiving environments are called %(name)s. Call one of them otherwise, or empty it."),
            name,
            {"name": name or "–"},
        )
    for environment in formulation.environments:
        if environment.level is None:
            yield Missing(
                Axis.TWO,
                N_("The caregiving environment %(name)s has no level yet."),
                environment.name,
                {"name": environment.name},
            )


AFTERWARDS = N_(
    "%(what)s: month %(month)s of the child’s age lies after the assessment, at %(months)s months. Look at the month."
)


def _of_three(formulation: Formulation, months: int) -> Iterator[Missing]:
    for place, one in enumerate(formulation.health):
        if one.since_month is not None and one.since_month > months:
            facts = {"what": one.what or "–", "month": one.since_month, "months": months}
            yield Missing(Axis.THREE, AFTERWARDS, str(place), facts)
        if not one.what.strip():
            yield Missing(Axis.THREE, N_("Say what it is about the child’s health."), str(place))
        elif one.source is None:
            yield Missing(Axis.THREE, N_("Say how this is known: %(what)s."), str(place), {"what": one.what})


def _of_four(manual: Manual, formulation: Formulation, months: int) -> Iterator[Missing]:
    names = {each.key: each.name for group in manual.stressors for each in group.stressors}
    for place, one in enumerate(formulation.stressors):
        if not one.key and not one.words.strip():
            yield Missing(Axis.FOUR, N_("Say what the stressor is."), str(place))
        last = max((one.from_month or 0, one.until_month or 0))
        if last > months:
            name = ": ".join(filter(None, (names.get(one.key, one.key), one.words)))
            yield Missing(Axis.FOUR, AFTERWARDS, str(place), {"what": name or "–", "month": last, "months": months})


def _of_five(manual: Manual, formulation: Formulation) -> Iterator[Missing]:
    for domain in manual.domains:
        if domain.key not in formulation.competence.ratings:
            yield Missing(Axis.FIVE, N_("%(name)s has no rating yet."), domain.key, {"name": domain.name})
    if not formulation.competence.impression.strip():
        yield Missing(Axis.FIVE, N_("Write down the impression of the whole."))


def _rated(
    manual: Manual,
    dimensions: tuple[Dimension, ...],
    level: int | None,
    ratings: Mapping[str, DimensionRating | None],
) -> None:
    if level is not None and not 1 <= level <= (manual.levels.value or 0):
        raise _cannot("level", N_("There is no level %(found)s on Axis II."), found=level)
    known = {one.key: one for one in dimensions}
    for key, rating in ratings.items():
        if key not in known:
            raise _cannot("dimensions", N_("Axis II has no dimension called %(found)s here."), found=key)
        if rating is None and not known[key].may_not_apply:
            raise _cannot("dimensions", N_("%(name)s applies to every family."), name=known[key].name)


def _competent(manual: Manual, competence: Competence) -> None:
    domains, ratings = ({one.key for one in rows} for rows in (manual.domains, manual.ratings))
    for domain, rating in competence.ratings.items():
        if domain not in domains or rating not in ratings:
            raise _cannot("ratings", N_("%(found)s is no rating of Axis V."), found=f"{domain}: {rating}")


def _twice(names: Iterable[str]) -> Iterator[str]:
    """Each name that stands there already, as it is written where it stands again."""
    there: set[str] = set()
    for name in names:
        if name.casefold().strip() in there:
            yield name
        there.add(name.casefold().strip())


def _once(name: str, keys: list[object]) -> None:
    if len(set(keys)) != len(keys):
        raise _cannot(name, N_("The same stands there twice."))


def _cannot(where: str, sentence: str, **facts: object) -> CannotBe:
    return CannotBe(sentence, N_("Choose from what the manual has."), field=where, facts=facts)
