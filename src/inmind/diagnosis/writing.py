"""A formulation as it is kept: each part of a draft, and the whole of a signed version, as JSON and back. Pure.

What is missing in older JSON stands there empty; what cannot be read is said by its part, and nothing is guessed in its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from enum import Enum, StrEnum
from typing import TypeVar
from uuid import UUID

from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.formulation import (
    Axis,
    Certainty,
    Competence,
    Culture,
    Diagnosis,
    Environment,
    Formulation,
    Health,
    HealthSource,
    Relationship,
    Stressor,
)
from inmind.diagnosis.manual import DimensionRating
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

FORMAT = 1
Read = TypeVar("Read")
Kind = TypeVar("Kind", bound=StrEnum)


class Damaged(BadInput):
    """What was kept cannot be read as a part of a formulation."""

    def __init__(self, where: str) -> None:
        super().__init__(
            N_("What was kept here cannot be read (%(where)s)."),
            N_("It is left as it is, and nothing was put in its place."),
            N_("Tell whoever runs this house: a backup may hold it whole."),
            facts={"where": where},
        )


class Newer(Damaged):
    """It was written by a version of this program that came later."""

    def __init__(self, where: str) -> None:
        BadInput.__init__(
            self,
            N_("What was kept here was written by a newer InMind (%(where)s)."),
            N_("It is left as it is."),
            N_("Open it with that version."),
            facts={"where": where},
        )


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the axes. None and empty: not said yet."""

    edition: str = ""
    assessed_on: date | None = None
    primary: frozenset[UUID] = frozenset()
    strengths: str = ""


@dataclass(frozen=True, slots=True)
class One:
    """Axis I."""

    diagnoses: tuple[Diagnosis, ...] = ()
    no_diagnosis: bool = False
    strengths: str = ""


@dataclass(frozen=True, slots=True)
class Three:
    """Axis III."""

    health: tuple[Health, ...] = ()
    strengths: str = ""


@dataclass(frozen=True, slots=True)
class Four:
    """Axis IV."""

    stressors: tuple[Stressor, ...] = ()
    strengths: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """All parts of a draft. environments: by their number."""

    head: Head = Head()
    one: One = One()
    three: Three = Three()
    four: Four = Four()
    five: Competence = field(default_factory=Competence)
    culture: Culture = field(default_factory=Culture)
    relationships: tuple[Relationship, ...] = ()
    environments: tuple[Environment, ...] = ()


# As JSON


def written(part: object) -> str:
    """A part of a draft, or a whole formulation, as JSON; the same part always as the same words."""
    assert is_dataclass(part)
    said = {"format": FORMAT} | {one.name: _plain(getattr(part, one.name)) for one in fields(part)}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case frozenset():
            return sorted(str(one) for one in value)
        case tuple():
            return [_plain(one) for one in value]
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
    return value


# And back


def head(words: str | None) -> Head:
    said = _Said.of(words, "head")
    return Head(said.text("edition"), said.day("assessed_on"), said.people("primary"), said.text("strengths"))


def one(words: str | None) -> One:
    said = _Said.of(words, "Axis I")
    return One(said.many("diagnoses", _diagnosis), said.flag("no_diagnosis"), said.text("strengths"))


def three(words: str | None) -> Three:
    said = _Said.of(words, "Axis III")
    return Three(said.many("health", _health), said.text("strengths"))


def four(words: str | None) -> Four:
    said = _Said.of(words, "Axis IV")
    return Four(said.many("stressors", _stressor), said.text("strengths"))


def five(words: str | None) -> Competence:
    return _competence(_Said.of(words, "Axis V"))


def culture(words: str | None) -> Culture:
    return _culture(_Said.of(words, "cultural formulation"))


def relationship(words: str | None, caregiver: UUID) -> Relationship:
    """Part A of Axis II. caregiver: whom it rates, where nothing was written yet."""
    said = _Said.of(words, "Axis II, part A")
    return Relationship(
        caregiver=said.person("caregiver") or caregiver,
        level=said.number("level"),
        dimensions={key: said.as_kind(value, DimensionRating) for key, value in said.mapping("dimensions").items()},
        contributions=said.text("contributions"),
        strengths=said.text("strengths"),
        words=said.text("words"),
    )


def environment(words: str | None) -> Environment:
    """Part B of Axis II. A dimension that is None does not apply; one that is not there was not looked at."""
    said = _Said.of(words, "Axis II, part B")
    return Environment(
        name=said.text("name"),
        caregivers=said.people("caregivers"),
        level=said.number("level"),
        dimensions={
            key: None if value is None else said.as_kind(value, DimensionRating)
            for key, value in said.mapping("dimensions").items()
        },
        strengths=said.text("strengths"),
        words=said.text("words"),
    )


def has_words(part: Relationship | Environment) -> bool:
    """Whether anything was said in a part of Axis II; else it stands in no version."""
    name = part.name if isinstance(part, Environment) else part.contributions
    return bool(part.level is not None or part.dimensions or name or part.strengths or part.words)


# The whole


def formulation(draft: Draft, born: date, assessed_on: date) -> Formulation:
    """A draft as a formulation. assessed_on: the day that counts where the draft does not say one yet."""
    return Formulation(
        edition=draft.head.edition,
        born=born,
        assessed_on=draft.head.assessed_on or assessed_on,
        primary=draft.head.primary,
        diagnoses=draft.one.diagnoses,
        no_diagnosis=draft.one.no_diagnosis,
        relationships=tuple(one for one in draft.relationships if has_words(one)),
        environments=tuple(one for one in draft.environments if has_words(one)),
        health=draft.three.health,
        stressors=draft.four.stressors,
        competence=draft.five,
        culture=draft.culture,
        strengths=draft.head.strengths,
        beside={
            axis: words
            for axis, words in (
                (Axis.ONE, draft.one.strengths),
                (Axis.THREE, draft.three.strengths),
                (Axis.FOUR, draft.four.strengths),
            )
            if words.strip()
        },
    )


def signed(formulation: Formulation) -> str:
    """A formulation as a signed version keeps it, without Axis II: that stands sealed by itself."""
    return written(replace(formulation, relationships=(), environments=()))


def version(
    content: str | None,
    relationships: Iterable[tuple[str, UUID]] = (),
    environments: Iterable[str] = (),
) -> Formulation:
    """A signed version as it was signed. relationships, environments: what of Axis II the reader may see; a relationship with
    the person it rates. Raises Damaged, also where nothing is left of it."""
    said = _Said.of(content, "version")
    born, assessed_on = said.day("born"), said.day("assessed_on")
    if born is None or assessed_on is None:
        raise Damaged(said.where)
    return Formulation(
        edition=said.text("edition"),
        born=born,
        assessed_on=assessed_on,
        primary=said.people("primary"),
        diagnoses=said.many("diagnoses", _diagnosis),
        no_diagnosis=said.flag("no_diagnosis"),
        relationships=tuple(relationship(words, caregiver) for words, caregiver in relationships),
        environments=tuple(environment(words) for words in environments),
        health=said.many("health", _health),
        stressors=said.many("stressors", _stressor),
        competence=_competence(said.part("competence")),
        culture=_culture(said.part("culture")),
        strengths=said.text("strengths"),
        beside={said.as_kind(key, Axis): str(words) for key, words in said.mapping("beside").items()},
    )


def begun_from(last: Formulation, here: frozenset[UUID]) -> Draft:
    """The draft of a new version, from the last one that was signed. here: who cares for the child now.

    What was true of that day alone is asked anew: the day of the assessment, that the criteria were looked up, and why a
    diagnosis was given outside a limit of age.
    """
    diagnoses = tuple(replace(one, looked_up=False, over_age="") for one in last.diagnoses)
    beside = {axis: last.beside.get(axis, "") for axis in Axis}
    return Draft(
        head=Head(last.edition, None, last.primary & here, last.strengths),
        one=One(diagnoses, last.no_diagnosis, beside[Axis.ONE]),
        three=Three(last.health, beside[Axis.THREE]),
        four=Four(last.stressors, beside[Axis.FOUR]),
        five=last.competence,
        culture=last.culture,
        relationships=last.relationships,
        environments=last.environments,
    )


# Whom it names


def rated(said: Draft | Formulation) -> frozenset[UUID]:
    """Everybody whom Axis II names: whose relationship is rated, and who cares for the child in an environment."""
    places = (who for place in said.environments for who in place.caregivers)
    return frozenset((*(one.caregiver for one in said.relationships), *places))


def named(part: object) -> frozenset[UUID]:
    """Every adult whom a part of a draft names, or the whole of it."""
    match part:
        case Draft():
            return named(part.head) | named(part.one) | rated(part)
        case Head():
            return part.primary
        case One():
            return frozenset(one.caregiver for one in part.diagnoses if one.caregiver is not None)
        case Environment():
            return part.caregivers
    return frozenset()


def without(part: Read, gone: frozenset[UUID]) -> Read:
    """A part of a draft, or the whole of it, as it goes on once these adults were erased: no diagnosis is about them, and
    nothing names them."""
    match part:
        case Draft():
            return replace(
                part,
                head=without(part.head, gone),
                one=without(part.one, gone),
                relationships=tuple(one for one in part.relationships if one.caregiver not in gone),
                environments=tuple(without(one, gone) for one in part.environments),
            )
        case Head():
            return replace(part, primary=part.primary - gone)
        case One():
            return replace(part, diagnoses=tuple(one for one in part.diagnoses if one.caregiver not in gone))
        case Environment():
            return replace(part, caregivers=part.caregivers - gone)
    return part


# Reading carefully


@dataclass(frozen=True, slots=True)
class _Said:
    """A JSON object that is read field by field; where: of what it is a part."""

    said: Mapping[str, object]
    where: str

    @classmethod
    def of(cls, words: str | None, where: str) -> _Said:
        if words is None:
            return cls({}, where)
        try:
            said = json.loads(words)
        except ValueError:
            raise Damaged(where) from None
        if not isinstance(said, dict) or type(said.get("format")) is not int:
            raise Damaged(where)
        if said["format"] > FORMAT:
            raise Newer(where)
        return cls(said, where)

    def text(self, key: str) -> str:
        return self._a(key, str, "")

    def flag(self, key: str) -> bool:
        return self._a(key, bool, False)

    def number(self, key: str) -> int | None:
        value = self.said.get(key)
        if value is not None and type(value) is not int:
            raise Damaged(f"{self.where}: {key}")
        return value

    def day(self, key: str) -> date | None:
        return self._made(key, date.fromisoformat)

    def person(self, key: str) -> UUID | None:
        return self._made(key, UUID)

    def people(self, key: str) -> frozenset[UUID]:
        try:
            return frozenset(UUID(str(one)) for one in self._a(key, list, []))
        except ValueError:
            raise Damaged(f"{self.where}: {key}") from None

    def kind(self, key: str, kind: type[Kind]) -> Kind | None:
        return self.as_kind(value, kind) if (value := self.said.get(key)) is not None else None

    def as_kind(self, value: object, kind: type[Kind]) -> Kind:
        try:
            return kind(str(value))
        except ValueError:
            raise Damaged(f"{self.where}: {value}") from None

    def mapping(self, key: str) -> dict[str, object]:
        return self._a(key, dict, {})

    def part(self, key: str) -> _Said:
        return _Said(self.mapping(key), f"{self.where}: {key}")

    def many(self, key: str, read: Callable[[_Said], Read]) -> tuple[Read, ...]:
        rows = self._a(key, list, [])
        if not all(isinstance(one, dict) for one in rows):
            raise Damaged(f"{self.where}: {key}")
        return tuple(read(_Said(one, f"{self.where}: {key}")) for one in rows)

    def _a(self, key: str, kind: type[Read], empty: Read) -> Read:
        value = self.said.get(key, empty)
        if not isinstance(value, kind):
            raise Damaged(f"{self.where}: {key}")
        return value

    def _made(self, key: str, make: Callable[[str], Read]) -> Read | None:
        value = self.said.get(key)
        if value is None:
            return None
        try:
            return make(str(value))
        except ValueError:
            raise Damaged(f"{self.where}: {key}") from None


def _diagnosis(said: _Said) -> Diagnosis:
    return Diagnosis(
        disorder=said.text("disorder"),
        certainty=said.as_kind(said.text("certainty"), Certainty),
        reasons=said.text("reasons"),
        looked_up=said.flag("looked_up"),
        caregiver=said.person("caregiver"),
        parent=said.kind("parent", KindOfParent),
        kind=said.text("kind"),
        over_age=said.text("over_age"),
    )


def _health(said: _Said) -> Health:
    return Health(said.text("what"), said.kind("source", HealthSource), said.number("since_month"))


def _stressor(said: _Said) -> Stressor:
    return Stressor(
        key=said.text("key"),
        words=said.text("words"),
        from_month=said.number("from_month"),
        until_month=said.number("until_month"),
        goes_on=said.flag("goes_on"),
        severity=said.text("severity"),
    )


def _competence(said: _Said) -> Competence:
    ratings = {key: str(value) for key, value in said.mapping("ratings").items()}
    return Competence(ratings, said.text("impression"), said.text("strengths"))


def _culture(said: _Said) -> Culture:
    return Culture(said.text("family"), said.text("own_position"))
