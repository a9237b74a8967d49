"""A listing: who offers what, where, for whom, and whether anybody has said lately that it still holds. Pure.

What it offers, whether it has a place and when somebody last confirmed it are facts apart, each with its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from math import asin, cos, pi, sin, sqrt
from uuid import UUID

EARTH_KM = 6371.0088  # mean radius, IUGG
RADIAN = pi / 180


class Offers(StrEnum):
    """What a listing is about: a program model, or one of the needs that come first, or people nearby."""

    PROGRAM = "program"
    FOOD = "food"
    DIAPERS = "diapers"
    HOUSING = "housing"
    SAFETY_AT_HOME = "safety_at_home"  # support where there is violence at home
    COMPANY = "company"  # kin, congregations, storytime: natural supports


class Standing(StrEnum):
    """Whether a listing may be shown to a family."""

    CONFIRMED = "confirmed"
    ASKED = "asked"  # its term is over and the mail that asks is out: shown, and said
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, in degrees."""

    latitude: float
    longitude: float

    def km_to(self, other: Place) -> float:
        """The way along the earth's surface in kilometers, as a bird goes (haversine)."""
        here, there = self.latitude * RADIAN, other.latitude * RADIAN
        up, along = sin((there - here) / 2), sin((other.longitude - self.longitude) * RADIAN / 2)
        return 2 * EARTH_KM * asin(min(1.0, sqrt(up * up + cos(here) * cos(there) * along * along)))


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether there is a place, as somebody said on a day. free: places now; waits_days: how long the list is; None each: not
    known. A place that is free today comes today."""

    said_on: date
    free: int | None = None
    waits_days: int | None = None
    opens_on: date | None = None

    def starts(self, on: date) -> date | None:
        """The day on which service could start for who asks on a day; None where nobody has said."""
        if self.free:
            return on
        if self.opens_on is not None:
            return max(on, self.opens_on)
        return None if self.waits_days is None else on + timedelta(self.waits_days)


@dataclass(frozen=True, slots=True)
class Listing:
    """One offer of one place. reaches: counties (by their five-digit codes) that it serves; none: wherever it can be reached, or,
    where not `says_where`, nobody has said. languages: as families speak them; without any, nobody has said.
    """

    id: UUID
    name: str
    offers: Offers
    confirmed_on: date
    program: str = ""
    languages: frozenset[str] = frozenset()
    reaches: frozenset[str] = frozenset()
    says_where: bool = True
    place: Place | None = None
    comes_home: bool | None = None
    is_free: bool | None = None
    opening: Opening | None = None
    closed_on: date | None = None
    notes: Mapping[str, str] = field(default_factory=dict)

    def stands(self, on: date, term: timedelta, grace: timedelta) -> Standing:
        """A listing lasts `term` after somebody confirmed it, is shown as being asked about for `grace` more, then not at all."""
        if self.closed_on is not None and on >= self.closed_on:
            return Standing.EXPIRED
        if on < self.confirmed_on + term:
            return Standing.CONFIRMED
        return Standing.ASKED if on < self.confirmed_on + term + grace else Standing.EXPIRED
