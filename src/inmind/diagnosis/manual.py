"""What DC:0-5 is made of: its disorders with what is known of their ages, its axes, its editions. Pure.

Criteria are not here. What nobody has read stays unknown, and is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inmind.foundation.catalogs import Confidence, Sourced
from inmind.foundation.errors import BadInput
from inmind.foundation.nearest import nearest
from inmind.foundation.values import N_


class UnknownDisorder(BadInput):
    """A name that the manual does not have."""

    def __init__(self, key: str, known: Mapping[str, object]) -> None:
        near = ", ".join(nearest(key, list(known)))
        super().__init__(
            N_("DC:0-5 has no diagnosis called %(key)s."),
            N_("Did you mean %(near)s?") if near else N_("A diagnosis is named as in the list of the manual."),
            N_("Choose one from the list."),
            field="disorder",
            facts={"key": key[:80], "near": near},
        )


class Bound(StrEnum):
    """One fact about a disorder that the manual holds and nobody may have read."""

    FROM_MONTH = "from_month"
    TO_MONTH = "to_month"
    LASTS = "lasts"


class DimensionRating(StrEnum):
    """How one dimension of Axis II is rated."""

    STRENGTH = "strength"
    NOT_A_CONCERN = "not-a-concern"
    CONCERN = "concern"


@dataclass(frozen=True, slots=True)
class Disorder:
    """A diagnosis of Axis I. `confidence` covers its name and category alone; each bound of age has its own.

    from_month: completed months at which it may first be given; to_month: the month that ends its window, None: not known,
    never any. of_a_relationship: it names a caregiver. kinds: what has to be said of it before it has a code. look_up: what
    stands in the manual and was read in no source.
    """

    key: str
    name: str
    category: str
    sources: tuple[str, ...]
    confidence: Confidence
    from_month: Sourced[int] | None = None
    to_month: Sourced[int] | None = None
    lasts: Sourced[str] | None = None
    is_residual: bool = False
    of_a_relationship: bool = False
    kinds: tuple[str, ...] = ()
    look_up: frozenset[Bound] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A group of disorders. disorders: how many it has, by its source."""

    key: str
    name: str
    disorders: Sourced[int]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the manual; every formulation says which."""

    key: str
    name: str
    year: Sourced[int]


@dataclass(frozen=True, slots=True)
class Dimension:
    """What is rated by itself in part A or part B of Axis II."""

    key: str
    name: str
    source: str
    may_not_apply: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A stressor, a domain of competence or one of its ratings."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class StressorGroup:
    """A group of stressors. is_complete False: the manual names more than were read."""

    key: str
    name: str
    source: str
    stressors: tuple[Named, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Manual:
    """The whole of it. Months are completed since the birth, chronological. levels: of Axis II, from 1, bands of unequal
    width that are never averaged. ratings: of Axis V, the first the highest."""

    edition: str
    dated: date
    publisher: str
    sources: Mapping[str, str]
    from_month: Sourced[int]
    before_month: Sourced[int]
    editions: Mapping[str, Edition]
    categories: Mapping[str, Category]
    disorders: Mapping[str, Disorder]
    levels: Sourced[int]
    caregiving: tuple[Dimension, ...]
    environment: tuple[Dimension, ...]
    stressors: tuple[StressorGroup, ...]
    domains: tuple[Named, ...]
    ratings: tuple[Named, ...]

    def disorder(self, key: str) -> Disorder:
        """Raises UnknownDisorder."""
        try:
            return self.disorders[key]
        except KeyError:
            raise UnknownDisorder(key, self.disorders) from None

    def in_category(self, key: str) -> tuple[Disorder, ...]:
        return tuple(one for one in self.disorders.values() if one.category == key)
