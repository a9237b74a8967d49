"""Two versions of a formulation side by side: what came, what went, what is otherwise. Pure.

Everything that differs is named: each field of each entry, words where words differ. Where something stands there twice, what is
the same in both versions is paired first, so that no entry hides behind another. Levels stand beside one another and are never
subtracted: their bands are of unequal width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from inmind.diagnosis.formulation import (
    Axis,
    Diagnosis,
    Environment,
    Formulation,
    Health,
    Relationship,
    Stressor,
)


class What(StrEnum):
    """What of an entry, or of an axis, differs."""

    EDITION = "edition"
    BORN = "born"
    ASSESSED = "assessed"
    PRIMARY = "primary"
    STRENGTHS = "strengths"
    NO_DIAGNOSIS = "no_diagnosis"
    CERTAINTY = "certainty"
    REASONS = "reasons"
    LOOKED_UP = "looked_up"
    PARENT = "parent"
    KIND = "kind"
    OVER_AGE = "over_age"
    LEVEL = "level"
    DIMENSION = "dimension"
    CONTRIBUTIONS = "contributions"
    WORDS = "words"
    NAME = "name"
    WHO = "who"
    SOURCE = "source"
    SINCE = "since"
    TIME = "time"
    SEVERITY = "severity"
    RATING = "rating"
    IMPRESSION = "impression"
    FAMILY = "family"
    OWN_POSITION = "own_position"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Gone:
    """A side on which an entry is not there at all; else than an entry of which something is not said."""


GONE = Gone()


@dataclass(frozen=True, slots=True)
class About:
    """Which entry it is. key: of a disorder or a stressor, a domain, a dimension, or words of the entry's own. who: the caregiver
    of a diagnosis or a relationship. words: those of a stressor where both sides have the same."""

    key: str = ""
    who: UUID | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. of: within an entry of Axis II, the dimension. before, after: GONE where the entry is not there."""

    axis: Axis
    about: About
    what: What
    before: object
    after: object
    of: str = ""


Entry = TypeVar("Entry")
Fields = Callable[[Entry], Mapping[tuple[What, str], object]]


def changes(before: Formulation, after: Formulation) -> tuple[Change, ...]:
    """What differs between an earlier version and a later one, axis by axis; nothing where they say the same."""
    return (
        *_sides(Axis.HEAD, About(), _head(before), _head(after)),
        *_sides(Axis.ONE, About(), _one(before), _one(after)),
        *_entries(Axis.ONE, before.diagnoses, after.diagnoses, _diagnosis, (_of_diagnosis,)),
        *_beside(Axis.TWO, before, after),
        *_entries(Axis.TWO, before.relationships, after.relationships, _relationship, (_of_relationship,)),
        *_entries(Axis.TWO, before.environments, after.environments, _environment, (_of_name, _of_any_case)),
        *_beside(Axis.THREE, before, after),
        *_entries(Axis.THREE, before.health, after.health, _health, (_of_health,)),
        *_beside(Axis.FOUR, before, after),
        *_entries(Axis.FOUR, before.stressors, after.stressors, _stressor, (_of_stressor, _of_key)),
        *_sides(Axis.FIVE, About(), _five(before), _five(after)),
        *_ratings(before, after),
        *_beside(Axis.CULTURE, before, after),
        *_sides(Axis.CULTURE, About(), _culture(before), _culture(after)),
    )


def same(found: Sequence[Change]) -> tuple[Axis, ...]:
    """The axes on which nothing differs, each named once."""
    return tuple(axis for axis in Axis if all(one.axis is not axis for one in found))


# What stands by itself


def _head(one: Formulation) -> dict[tuple[What, str], object]:
    return {
        (What.ASSESSED, ""): one.assessed_on,
        (What.BORN, ""): one.born,
        (What.EDITION, ""): one.edition,
        (What.PRIMARY, ""): one.primary,
        (What.STRENGTHS, ""): one.strengths,
        (What.STRENGTHS, "beside"): one.beside.get(Axis.HEAD, ""),
    }


def _one(one: Formulation) -> dict[tuple[What, str], object]:
    return {(What.STRENGTHS, ""): one.beside.get(Axis.ONE, ""), (What.NO_DIAGNOSIS, ""): one.no_diagnosis}


def _five(one: Formulation) -> dict[tuple[What, str], object]:
    there = one.competence
    return {
        (What.STRENGTHS, ""): there.strengths,
        (What.STRENGTHS, "beside"): one.beside.get(Axis.FIVE, ""),
        (What.IMPRESSION, ""): there.impression,
    }


def _culture(one: Formulation) -> dict[tuple[What, str], object]:
    return {(What.FAMILY, ""): one.culture.family, (What.OWN_POSITION, ""): one.culture.own_position}


def _beside(axis: Axis, before: Formulation, after: Formulation) -> Iterator[Change]:
    at = (What.STRENGTHS, "")
    yield from _sides(axis, About(), {at: before.beside.get(axis, "")}, {at: after.beside.get(axis, "")})


def _ratings(before: Formulation, after: Formulation) -> Iterator[Change]:
    one, other = before.competence.ratings, after.competence.ratings
    for domain in dict.fromkeys((*one, *other)):
        at = (What.RATING, "")
        yield from _sides(Axis.FIVE, About(domain), {at: one.get(domain)}, {at: other.get(domain)})


# Entries


def _diagnosis(one: Diagnosis) -> dict[tuple[What, str], object]:
    return {
        (What.CERTAINTY, ""): one.certainty,
        (What.PARENT, ""): one.parent,
        (What.KIND, ""): one.kind,
        (What.REASONS, ""): one.reasons,
        (What.OVER_AGE, ""): one.over_age,
        (What.LOOKED_UP, ""): one.looked_up,
    }


def _relationship(one: Relationship) -> dict[tuple[What, str], object]:
    return {
        (What.LEVEL, ""): one.level,
        (What.STRENGTHS, ""): one.strengths,
        (What.WORDS, ""): one.words,
        (What.CONTRIBUTIONS, ""): one.contributions,
        **{(What.DIMENSION, key): rating for key, rating in one.dimensions.items()},
    }


def _environment(one: Environment) -> dict[tuple[What, str], object]:
    return {
        (What.LEVEL, ""): one.level,
        (What.NAME, ""): one.name,
        (What.WHO, ""): one.caregivers,
        (What.STRENGTHS, ""): one.strengths,
        (What.WORDS, ""): one.words,
        **{(What.DIMENSION, key): rating or DOES_NOT_APPLY for key, rating in one.dimensions.items()},
    }


DOES_NOT_APPLY = "none"  # said of a dimension, and else than one that was not looked at


def _health(one: Health) -> dict[tuple[What, str], object]:
    return {(What.SOURCE, ""): one.source, (What.SINCE, ""): one.since_month}


def _stressor(one: Stressor) -> dict[tuple[What, str], object]:
    return {
        (What.TIME, ""): (one.from_month, one.until_month, one.goes_on),
        (What.WORDS, ""): one.words,
        (What.SEVERITY, ""): one.severity,
    }


def _of_diagnosis(one: Diagnosis) -> About:
    return About(one.disorder, one.caregiver)


def _of_relationship(one: Relationship) -> About:
    return About(who=one.caregiver)


def _of_name(one: Environment) -> About:
    return About(one.name)


def _of_any_case(one: Environment) -> About:
    return About(one.name.casefold())


def _of_health(one: Health) -> About:
    return About(one.what)


def _of_stressor(one: Stressor) -> About:
    return About(one.key, words=one.words)


def _of_key(one: Stressor) -> About:
    return About(one.key or one.words)


def _entries(
    axis: Axis,
    before: Sequence[Entry],
    after: Sequence[Entry],
    said: Fields[Entry],
    keys: tuple[Callable[[Entry], About], ...],
) -> Iterator[Change]:
    """Every entry of both sides. keys: by what two are one entry, the closest first."""
    found: list[Change] = []
    for at, to in _pairs(before, after, keys):
        one = None if at is None else before[at]
        other = None if to is None else after[to]
        about = keys[0](other if other is not None else before[at or 0])
        if one is not None and other is not None and keys[0](one) != about:
            about = replace(about, words="")
        sides = (None if one is None else said(one), None if other is None else said(other))
        found += _sides(axis, about, *sides)
    yield from found
    is_chosen = keys[0] is not _of_relationship  # whose rows stand in no order that somebody chose
    if not found and is_chosen and tuple(before) != tuple(after):
        yield Change(axis, About(), What.ORDER, tuple(map(keys[0], before)), tuple(map(keys[0], after)))


def _pairs(
    before: Sequence[Entry], after: Sequence[Entry], keys: tuple[Callable[[Entry], About], ...]
) -> Iterator[tuple[int | None, int | None]]:
    """Each entry, by its place, with the one that it is in the other version: what says the same first, then by each key."""
    left, right = list(range(len(before))), list(range(len(after)))
    pair: dict[int, int] = {}
    for key in (_itself, *keys):
        for at in list(left):
            to = next((one for one in right if key(after[one]) == key(before[at])), None)
            if to is not None:
                pair[at] = to
                left.remove(at)
                right.remove(to)
    yield from ((at, pair.get(at)) for at in range(len(before)))
    yield from ((None, to) for to in right)


def _itself(one: object) -> object:
    return one


def _sides(
    axis: Axis,
    about: About,
    before: Mapping[tuple[What, str], object] | None,
    after: Mapping[tuple[What, str], object] | None,
) -> Iterator[Change]:
    """What differs between two sides. Of an entry that is on one side alone: what is said of it, its first field always."""
    there = after if after is not None else before
    assert there is not None
    for place, at in enumerate(dict.fromkeys((*(before or {}), *(after or {})))):
        one = GONE if before is None else before.get(at)
        other = GONE if after is None else after.get(at)
        is_alone = before is None or after is None
        if one != other and (not is_alone or place == 0 or not _is_nothing(there.get(at))):
            yield Change(axis, about, at[0], one, other, at[1])


def _is_nothing(said: object) -> bool:
    return said is None or said is False or said == "" or said == frozenset()
