"""Whether what a provider offers fits what somebody looks for: each wish apart, and what is not known said as such. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """How an agreement is made up."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    PEER = "peer"


class Meets(StrEnum):
    """How people meet. All three count (itmhca.org on virtual; okaimh policies on phone and video)."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a provider offers. holds: codes of endorsement, None where not known; cents: for one person and session, None where
    nobody said; free: open places, None where nobody said."""

    format: Format
    meets: Meets
    languages: frozenset[str]
    zone: str
    cents: int | None
    free: int | None
    holds: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; None or empty: any."""

    format: Format | None = None
    meets: Meets | None = None
    language: str = ""
    zone: str = ""
    most_cents: int | None = None
    holds: str = ""
    is_open: bool = False


def fits(offer: Offer, wish: Wish) -> bool:
    """Whether it may be what somebody looks for. What is not known of it is no reason to leave it out, but for the category: a
    provider of whom nothing is known is not shown as holding one."""
    return (
        wish.format in (None, offer.format)
        and wish.meets in (None, offer.meets)
        and (not wish.language or wish.language in offer.languages)
        and wish.zone in ("", offer.zone)
        and (wish.most_cents is None or offer.cents is None or offer.cents <= wish.most_cents)
        and (not wish.holds or wish.holds in (offer.holds or ()))
        and (not wish.is_open or offer.free != 0)
    )
