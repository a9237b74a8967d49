"""What a standard asks: one association, credential, category and edition, between two days. Pure.

Categories are scopes of practice and no ladder. Every number carries its source; None is "no source says", and is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

from inmind.foundation.catalogs import Sourced


class Degree(IntEnum):
    """The highest degree somebody holds."""

    NONE = 0
    ASSOCIATE = 1
    BACHELOR = 2
    MASTER = 3
    DOCTORATE = 4


class Binding(StrEnum):
    """Which day decides the edition. UNKNOWN: no source says; the coordinator is asked."""

    APPLICATION = "application"
    ACCRUAL = "accrual"
    UNKNOWN = "unknown"


class Tag(StrEnum):
    """What an hour is about, where a standard counts such hours by themselves."""

    GIVING_RSC = "giving_rsc"
    EQUITY = "equity"
    ABOUT_RSC_GIVEN = "about_rsc_given"


class Kind(StrEnum):
    """What was done in an hour that somebody calls reflective supervision."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    PEER = "peer"
    ADMINISTRATIVE = "administrative"
    CASE_REVIEW = "case_review"


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that is there or not: `fact` names it among what a person says of themselves, or what this house knows."""

    fact: str


@dataclass(frozen=True, slots=True)
class DegreeAtLeast:
    least: Degree


@dataclass(frozen=True, slots=True)
class Years:
    """Years of work of a kind; `condition` is a question about that work, as a key."""

    of: str
    least: Sourced[int]
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A count that a person tells, such as families served."""

    of: str
    least: Sourced[int]


@dataclass(frozen=True, slots=True)
class Ratings:
    """Reference ratings. of_role: how many must come from whom; one rater may stand for several roles."""

    total: Sourced[int]
    of_role: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose hours count: somebody who holds all of `holds` on the day of the session.

    if_degree: only for an applicant whose highest degree is this one. since, until: sessions on these days and between.
    """

    holds: frozenset[str]
    if_degree: Degree | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Hours gathered within months: over at least so many, within at most so many. None: no source says."""

    least: Sourced[int] | None = None
    most: Sourced[int] | None = None


@dataclass(frozen=True, slots=True)
class TrainingHours:
    """Clock hours of training; `within`: so many of them about these."""

    least: Sourced[int]
    within: Mapping[Tag, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RscHours:
    """Clock hours of reflective supervision or consultation received, from whom, within which months."""

    least: Sourced[int]
    providers: tuple[Provider, ...]
    within: Mapping[Tag, int] = field(default_factory=dict)
    window: Window = Window()
    individual_least: Sourced[int] | None = None
    peers_count: bool = False  # hours among peers count too


@dataclass(frozen=True, slots=True)
class Concentration:
    """Most hours from one provider, the rest from at most `others` more. What reviewers look for, and never a gate."""

    others: int


Needs = Asked | DegreeAtLeast | Years | Number | Ratings | TrainingHours | RscHours | Concentration


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of a standard: any one of `any_of` meets it.

    gates False: encouraged or expected, said beside the rest, and nobody is less ready without it.
    since, until: the days on which it stands, where they are not those of the edition.
    """

    key: str
    any_of: tuple[Needs, ...]
    source: str
    confidence: str
    note: str = ""
    gates: bool = True
    since: date | None = None
    until: date | None = None

    def stands_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Edition:
    """A standard as it stands between two days, both included; None where no source names the day.

    names: the published name of the category by credential. retired: nobody applies for it any more.
    """

    association: str
    category: str
    edition: str
    since: date | None
    until: date | None
    binding: Binding
    names: Mapping[str, str]
    requirements: tuple[Requirement, ...]
    sources: Mapping[str, str]
    scope: str = ""
    add_on_to: tuple[str, ...] = ()
    retired: bool = False

    def may_stand_on(self, day: date) -> bool:
        """Whether it stands on a day, or may: a day that no source names rules nothing out."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def binding(editions: Sequence[Edition], applied_on: date) -> tuple[Edition, ...]:
    """The editions that may bind somebody who applied, or would apply, on a day; several where no source says which.

    Where a later edition surely began, those before it are over, whether or not a source names their last day.
    """
    there = [one for one in editions if one.may_stand_on(applied_on)]
    begun = [one.since for one in there if one.since is not None]
    newest = max(begun, default=None)
    return tuple(one for one in there if newest is None or one.since == newest or _after(one, newest, editions))


def _after(one: Edition, newest: date, editions: Sequence[Edition]) -> bool:
    """An edition without a first day comes after the one that surely began if it stands behind it in its file."""
    places = {id(edition): place for place, edition in enumerate(editions)}
    sure = max(places[id(edition)] for edition in editions if edition.since == newest)
    return one.since is None and places[id(one)] > sure
