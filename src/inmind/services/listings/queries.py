"""Listings as they are found: by word, kind, language, county, and by what is still to be done about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from inmind.foundation import text
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing
from inmind.services.settled import terms


class Show(StrEnum):
    """Which listings: those that are open, those whose term is over, those of whose opening nobody has said a word, the closed."""

    OPEN = ""
    UNCONFIRMED = "unconfirmed"
    UNSAID = "unsaid"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; empty: anything. kind: what is offered, or the key of a program."""

    words: str = ""
    kind: str = ""
    language: str = ""
    county: str = ""
    show: Show = Show.OPEN


def found(sought: Sought, on: date) -> QuerySet[Listing]:
    """The listings that are looked for, by name; those whose term is over longest first, where these are looked for."""
    rows = Listing.objects.filter(_shown(sought.show, on))
    for token in text.tokens(sought.words):
        rows = rows.filter(found_by__contains=token)
    if sought.kind:
        is_offer = sought.kind in set(Offers)
        rows = rows.filter(offers=sought.kind) if is_offer else rows.filter(program=sought.kind)
    if sought.language:
        rows = rows.filter(_holds("languages", sought.language))
    if sought.county:
        rows = rows.filter(Q(counties="") | _holds("counties", sought.county))
    first = ("confirmed_on",) if sought.show is Show.UNCONFIRMED else ()
    return rows.order_by(*first, "name", "pk")


def unconfirmed(on: date) -> Q:
    """The listings whose term is over, and that have not closed."""
    term, _grace = terms()
    return Q(confirmed_on__lte=on - term) & is_open(on)


def is_open(on: date) -> Q:
    return Q(closed_on__isnull=True) | Q(closed_on__gt=on)


def _shown(show: Show, on: date) -> Q:
    match show:
        case Show.UNCONFIRMED:
            return unconfirmed(on)
        case Show.UNSAID:
            return Q(said_on__isnull=True) & is_open(on)
        case Show.CLOSED:
            return ~is_open(on)
    return is_open(on)


def _holds(column: str, code: str) -> Q:
    """Whether a code stands among those of a column, which are joined by spaces."""
    named = {"": code, "__startswith": f"{code} ", "__endswith": f" {code}", "__contains": f" {code} "}
    total = Q()
    for how, said in named.items():
        total |= Q(**{f"{column}{how}": said})
    return total


def counties_listed() -> set[str]:
    """Every county that a listing names."""
    said = Listing.objects.exclude(counties="").order_by().values_list("counties", flat=True).distinct()
    return {code for codes in said for code in codes.split()}
