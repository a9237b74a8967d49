"""The listings as a directory, for whoever wants it: what is public of each, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inmind.services.adapters.catalog import known_counties
from inmind.services.listings.county_names import named
from inmind.services.listings.directory import Kind, Listed, service_of
from inmind.services.listings.hsds import Service
from inmind.services.listings.listing import Offers, Place
from inmind.services.listings.models import Listing

WORDS = ("about", "bring", "hours", "cost", "address", "phone", "mail", "url")
AT_ONCE = 500


def services(on: date) -> Iterator[Service]:
    """Every listing as a service, in the order in which they were added, read a stretch at a time."""
    for row in Listing.objects.order_by("pk").iterator(AT_ONCE):
        yield service_of(_listed(row, on))


def _listed(row: Listing, on: date) -> Listed:
    placed = row.latitude is not None and row.longitude is not None
    return Listed(
        id=row.pk,
        came_id=row.source_id,
        name=row.name,
        provider_name=row.provider_name,
        kind=Kind(Offers(row.offers), row.program),
        is_open=row.closed_on is None or row.closed_on > on,
        confirmed_on=row.confirmed_on,
        said={name: getattr(row, name) for name in WORDS},
        languages=tuple(row.languages.split()),
        counties=tuple(named(known_counties(), row.counties.split(), "")),
        place=Place(row.latitude, row.longitude) if placed else None,  # type: ignore[arg-type]
    )
