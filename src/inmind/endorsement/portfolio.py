"""What a person has: hours, ratings, work, memberships, each with its day. Pure.

None is "nobody has said": it is asked, and is never a no. Minutes are whole clock minutes.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date

from inmind.endorsement.standards import Degree, Kind, Tag
from inmind.foundation.values import Period


@dataclass(frozen=True, slots=True)
class Training:
    """Minutes of training on a day. domains: the competency domains or areas that it is mapped to; none counts nowhere.

    areas: the minutes in each of them, where it is known. key: by which its room knows it.
    """

    on: date
    minutes: int
    tags: frozenset[Tag] = frozenset()
    domains: frozenset[str] = frozenset()
    title: str = ""
    areas: Mapping[str, int] = field(default_factory=dict)
    key: str = ""
    by: str = ""  # who gave it, as its certificate says


@dataclass(frozen=True, slots=True)
class Session:
    """One session of reflective supervision or consultation received.

    provider_holds: what the provider held on that day, as it was frozen then; None: not known.
    about_rsc_given: whether it was about supervision that this person gives to others.
    confirmed: the other side has said that it took place.
    """

    on: date
    minutes: int
    provider: Hashable
    provider_holds: frozenset[str] | None
    kind: Kind = Kind.GROUP
    about_rsc_given: bool | None = False
    confirmed: bool = True
    key: str = ""
    with_whom: str = ""  # the provider's name


@dataclass(frozen=True, slots=True)
class Work:
    """Work of a kind from a day on; answers: by question about it, None where nobody has said."""

    of: str
    period: Period
    answers: Mapping[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rating:
    """One reference rating. roles: who its rater is to the applicant. unknown_answers: how often "not enough information"."""

    on: date
    roles: frozenset[str]
    unknown_answers: int | None = 0


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything that is known of one person. facts: by name, None or absent where nobody has said."""

    degree: Degree | None = None
    facts: Mapping[str, bool | None] = field(default_factory=dict)
    numbers: Mapping[str, int | None] = field(default_factory=dict)
    memberships: tuple[Period, ...] = ()
    trainings: tuple[Training, ...] = ()
    sessions: tuple[Session, ...] = ()
    work: tuple[Work, ...] = ()
    ratings: tuple[Rating, ...] = ()
