"""A service of a directory as a listing says it: what it does not say stays unsaid, what has no place here is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from inmind.services.listings.directory import (
    ANY,
    WHOLE,
    Kind,
    Listed,
    Said,
    hidden,
    kind_named,
    kind_of,
    mark_of,
    marks_of,
    said_anew,
    said_of,
    service_of,
)
from inmind.services.listings.hsds import Service, Spot, Status
from inmind.services.listings.listing import Offers, Place

PROGRAMS = ("nfp", "pat")
MOST = dict.fromkeys(
    ("name", "provider_name", "about", "bring", "hours", "cost", "url", "mail", "phone", "address"), 60
)
SERVICE = Service(
    UUID(int=1),
    "Food shelf",
    Status.ACTIVE,
    UUID(int=2),
    "Harbor",
    description="Food.",
    eligibility="For anybody.",
    ages=(0.0, 3.0),
    phones=("555-0100", "555-0101"),
    languages=("spa", "Klingon"),
    areas=("Lake County", "The moon"),
    spots=(Spot(UUID(int=3), "Pier"), Spot(UUID(int=4), "Pier", Place(1.0, 2.0), "4 Pier Street")),
    hours=("Tuesdays",),
    brings=("Bags", "A smile"),
)


def county(name: str) -> str | None:
    return "06033" if name == "Lake County" else None


def test_a_service_is_read_and_what_has_no_place_is_told() -> None:
    said = said_of(SERVICE, MOST, county)
    assert dict(said.values) == {
        "name": "Food shelf",
        "provider_name": "Harbor",
        "about": "Food.\nFor anybody.",
        "phone": "555-0100",
        "bring": "Bags; A smile",
        "hours": "Tuesdays",
        "address": "Pier, 4 Pier Street",
        "latitude": 1.0,
        "longitude": 2.0,
        "languages": ("es",),
        "counties": ("06033",),
    }
    assert [note.says % note.facts for note in said.notes] == [
        "No name for the language: Klingon.",
        "No county of this name: The moon.",
        "Ages 0-3 without a unit: nobody knows whether months or years.",
        "It has 2 places; one of them is taken.",
    ]


def test_what_is_too_long_is_cut_and_told() -> None:
    said = said_of(replace(SERVICE, name="word " * 30, ages=(None, 3.0), spots=()), MOST, county)
    assert len(said.values["name"]) == 60
    assert {"field": "name"} in [note.facts for note in said.notes]
    assert {"ages": "-3"} in [note.facts for note in said.notes]


def test_a_bare_service_says_its_name_alone() -> None:
    bare = Service(UUID(int=1), "Rooms", Status.ACTIVE, spots=(Spot(UUID(int=9), "Pier"),))
    said = said_of(bare, MOST, county)
    assert said.values == {"name": "Rooms", "provider_name": "Rooms", "address": "Pier"}
    assert said.notes == ()
    assert hidden(said).values == {"name": "Rooms", "provider_name": "Rooms"}
    assert len(hidden(said).notes) == 1
    assert hidden(hidden(said)) == hidden(said)


def test_what_a_service_is_is_said_by_its_own_code_or_by_somebody_and_never_guessed() -> None:
    food, nurses = Kind(Offers.FOOD), Kind(Offers.PROGRAM, "nfp")
    assert kind_named("nfp", PROGRAMS) == nurses
    assert kind_named("program", PROGRAMS) is None
    ours = replace(SERVICE, terms=("Whatever", "inmind:nfp"))
    theirs = replace(SERVICE, terms=("Pantries", "FOOD Banks"))
    assert kind_of(ours, {}, PROGRAMS) == nurses
    assert kind_of(replace(SERVICE, terms=("inmind:gone",)), {ANY: food}, PROGRAMS) is None
    assert kind_of(theirs, {"food banks": food}, PROGRAMS) == food
    assert kind_of(theirs, {}, PROGRAMS) is None
    assert kind_of(theirs, {ANY: food}, PROGRAMS) == food


def test_the_mark_of_a_service_changes_with_what_is_said_of_it() -> None:
    assert mark_of(SERVICE) == mark_of(replace(SERVICE))
    assert mark_of(SERVICE) != mark_of(replace(SERVICE, phones=()))


def test_only_what_a_directory_says_anew_is_taken_again() -> None:
    said = Said({"name": "Pantry", "about": "Food."}, ())
    marks = marks_of(SERVICE, said)
    assert marks[WHOLE] == mark_of(SERVICE) and said_anew(said, marks) == {}
    assert said_anew(Said({"name": "Pantry", "about": "Moved."}, ()), marks) == {"about": "Moved."}
    assert said_anew(said, {}) == said.values


def test_a_listing_goes_out_under_the_id_that_it_came_with() -> None:
    words = {"about": "Food.", "address": "4 Pier Street", "phone": "555-0100", "hours": "Tuesdays"}
    listed = Listed(
        *(UUID(int=7), "", "Food shelf", "Harbor", Kind(Offers.FOOD), True, date(2026, 11, 1), words),
        languages=("es", "xx"),
        counties=("Lake County, CA",),
        place=Place(1.0, 2.0),
    )
    service = service_of(listed)
    assert (service.id, service.status, service.terms) == (UUID(int=7), Status.ACTIVE, ("inmind:food",))
    assert (service.languages, service.areas, service.assured_on) == (("es",), ("Lake County, CA",), date(2026, 11, 1))
    came = replace(
        listed, came_id=str(UUID(int=8)), is_open=False, said={}, place=None, kind=Kind(Offers.PROGRAM, "nfp")
    )
    other = service_of(came)
    assert (other.id, other.status, other.spots, other.phones, other.terms) == (
        *(UUID(int=8), Status.INACTIVE, (), ()),
        ("inmind:nfp",),
    )
    assert other.organization_id == service.organization_id
