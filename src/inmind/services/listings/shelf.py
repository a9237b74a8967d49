"""All listings as the rules read them, kept by each process for as long as none has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, models

from inmind.services.listings.listing import Listing, Offers, Opening, Place
from inmind.services.listings.models import Listing as Row

_COLUMNS = (
    *(
        "id",
        "name",
        "offers",
        "confirmed_on",
        "program",
        "languages",
        "counties",
        "latitude",
        "longitude",
        "comes_home",
    ),
    *("is_free", "said_on", "free", "waits_days", "opens_on", "closed_on", "confirmed_how"),
)
_OFFERS = {one.value: one for one in Offers}
_kept: tuple[Any, Sequence[Listing]] = (None, ())


def all_listings() -> Sequence[Listing]:
    """Every listing, also those that are shown no more: the rules say which those are, by the day.

    A listing's version rises with each change and no listing ever goes, so that how many there are and the sum of their
    versions tell of any change, whoever made it in whichever process. Within a transaction, whose changes may never come
    about, nothing is kept.
    """
    global _kept
    if connection.in_atomic_block:
        return _read()
    stamp = _stamp()
    if _kept[0] != stamp:
        _kept = (stamp, _read())  # as it stands now, or newer than the stamp: then the next asking reads once more
    return _kept[1]


def _stamp() -> tuple[Any, ...]:
    told = Row.objects.aggregate(
        count=models.Count("*"), versions=models.Sum("version"), newest=models.Max("created_at")
    )
    return connection.settings_dict["NAME"], *told.values()


def _read() -> Sequence[Listing]:
    codes: dict[str, frozenset[str]] = {}

    def of(words: str) -> frozenset[str]:
        return codes.get(words) or codes.setdefault(words, frozenset(words.split()))

    return tuple(_listing(of, *row) for row in Row.objects.order_by("pk").values_list(*_COLUMNS))


def _listing(
    of: Any,
    pk: UUID,
    name: str,
    offers: str,
    confirmed_on: date,
    program: str,
    languages: str,
    counties: str,
    latitude: float | None,
    longitude: float | None,
    comes_home: bool | None,
    is_free: bool | None,
    said_on: date | None,
    free: int | None,
    waits_days: int | None,
    opens_on: date | None,
    closed_on: date | None,
    confirmed_how: str,
) -> Listing:
    return Listing(
        id=pk,
        name=name,
        offers=_OFFERS[offers],
        confirmed_on=confirmed_on,
        program=program,
        languages=of(languages),
        reaches=of(counties),
        says_where=bool(counties) or confirmed_how != Row.How.FILE,
        place=Place(latitude, longitude) if latitude is not None and longitude is not None else None,
        comes_home=comes_home,
        is_free=is_free,
        opening=Opening(said_on, free, waits_days, opens_on) if said_on is not None else None,
        closed_on=closed_on,
    )
