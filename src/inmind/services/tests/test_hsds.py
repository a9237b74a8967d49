"""Directories of services: read, refused whole, told row by row, and written so that they are read again as they were."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.services.listings.hsds import (
    COLUMNS,
    NotThisShape,
    Package,
    Service,
    Spot,
    Status,
    from_documents,
    from_tables,
    to_documents,
    to_tables,
)
from inmind.services.listings.listing import Place

SAMPLES = Path(__file__).parents[5] / "shared" / "data" / "hsds_samples"
only_beside_the_samples = pytest.mark.skipif(
    not SAMPLES.exists(), reason="the specification's own samples are not part of the project"
)
ONE, ORGANIZATION, SPOT = (str(UUID(int=number)) for number in (1, 2, 3))


def tables(**services: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        "organizations": [{"id": ORGANIZATION, "name": "Harbor", "description": ""}],
        "services": [
            {"id": ONE, "name": "Food shelf", "status": "active", "organization_id": ORGANIZATION, **services}
        ],
        "locations": [{"id": SPOT, "name": "Pier 1", "latitude": "47.6", "longitude": "-122.3"}],
        "service_at_location": [{"id": ONE, "service_id": ONE, "location_id": SPOT}],
        "languages": [{"id": ONE, "service_id": ONE, "name": "Spanish", "code": "es"}, {"id": SPOT, "service_id": ""}],
    }


def test_a_package_is_read_across_its_tables() -> None:
    found = from_tables(tables(minimum_age="0", maximum_age="3", assured_date="2026-11-01"))
    assert found == Package(
        (
            Service(
                UUID(ONE),
                "Food shelf",
                Status.ACTIVE,
                UUID(ORGANIZATION),
                "Harbor",
                ages=(0.0, 3.0),
                assured_on=date(2026, 11, 1),
                languages=("es",),
                spots=(Spot(UUID(SPOT), "Pier 1", Place(47.6, -122.3)),),
            ),
        )
    )


def test_ages_without_a_unit_stay_numbers() -> None:
    """Three what? The house never guesses: nothing of a service says months or years."""
    assert from_tables(tables(maximum_age="3")).services[0].ages == (None, 3.0)


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({"minimum_age": "three"}, "minimum_age"),
        ({"minimum_age": "nan"}, "minimum_age"),
        ({"maximum_age": "-1"}, "maximum_age"),
        ({"maximum_age": True}, "maximum_age"),
        ({"minimum_age": "4", "maximum_age": "3"}, "maximum_age"),
        ({"assured_date": "last spring"}, "assured_date"),
        ({"status": "perhaps"}, "status"),
    ],
)
def test_what_a_row_says_wrongly_is_told_beside_its_service(said: dict[str, Any], column: str) -> None:
    found = from_tables(tables(**said))
    assert [(fault.table, fault.row, fault.column) for fault in found.faults] == [("services", ONE, column)]
    assert found.services[0].name == "Food shelf"


@pytest.mark.parametrize(("latitude", "longitude"), [("100", "101"), ("north", "west"), ("47", ""), ("1e400", "0")])
def test_a_place_that_cannot_be_is_none(latitude: str, longitude: str) -> None:
    there = tables()
    there["locations"] = [{"id": SPOT, "name": "Pier 1", "latitude": latitude, "longitude": longitude}]
    found = from_tables(there)
    assert found.services[0].spots == (Spot(UUID(SPOT), "Pier 1"),)
    assert found.faults[0].table == "locations"


def test_a_place_that_is_not_there_is_told() -> None:
    there = tables() | {"locations": []}
    found = from_tables(there)
    assert found.services[0].spots == ()
    assert found.faults[0].column == "location_id"


@pytest.mark.parametrize(
    "other",
    [
        {"regular_schedules": []},
        {"service_capacity": []},
        {"services": []},
        {"organizations": [{"name": "Harbor"}]},
        {"services": [{"id": "seven", "name": "a", "status": "active"}]},
        {"services": [{"id": ONE, "name": "a", "status": "active"}] * 2},
        {"services": [{"id": ONE, "title": "a"}]},
        {"locations": [{"id": "", "name": "nowhere"}]},
    ],
)
def test_another_shape_is_refused_whole(other: dict[str, Any]) -> None:
    there = tables() | other
    if other == {"services": []}:
        del there["services"]
    with pytest.raises(NotThisShape, match="HSDS"):
        from_tables(there)


def test_a_document_is_one_service_a_list_or_a_page_of_them() -> None:
    one = {"id": ONE, "name": "Food shelf", "status": "active"}
    for said in (one, [one], {"contents": [one], "total_items": 1}):
        assert from_documents(said).services == (Service(UUID(ONE), "Food shelf", Status.ACTIVE),)
    for other in ([], "words", [1], {"resourceType": "Bundle"}, {**one, "service_capacity": []}):
        with pytest.raises(NotThisShape):
            from_documents(other)


@pytest.mark.parametrize("odd", [[1], {}, 10**400, "9" * 400])
def test_an_odd_place_or_age_is_told_and_stops_nothing(odd: Any) -> None:
    place = {"location": {"id": "0190d5b6-0000-7000-8000-000000000009", "latitude": odd, "longitude": 1}}
    one = {"id": "0190d5b6-0000-7000-8000-000000000001", "name": "A", "status": "active", "minimum_age": odd}
    package = from_documents({**one, "service_at_locations": [place]})
    assert {fault.column for fault in package.faults} == {"minimum_age", "latitude"}


def test_an_id_is_the_same_in_other_letters() -> None:
    one = {"id": "0190D5B6-0000-7000-8000-00000000000A", "name": "A", "status": "active"}
    with pytest.raises(NotThisShape) as refused:
        from_documents([one, {**one, "id": one["id"].lower()}])
    assert "stands twice" in refused.value.found


def test_a_document_with_a_place_without_an_id_is_refused() -> None:
    said = {
        "id": ONE,
        "name": "a",
        "status": "active",
        "service_at_locations": [{"location": {"name": "nowhere"}}, {}, 1],
    }
    with pytest.raises(NotThisShape):
        from_documents(said)


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12
)
NUMBERS = st.none() | st.integers(0, 90).map(float)
PLACES = st.none() | st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
SERVICES = st.builds(
    Service,
    id=st.uuids(),
    name=WORDS,
    status=st.sampled_from(Status),
    organization_id=st.just(UUID(ORGANIZATION)),
    organization=st.just("Harbor"),
    description=st.just("") | WORDS,
    url=st.just("") | WORDS,
    email=st.just("") | WORDS,
    fees=st.just("") | WORDS,
    eligibility=st.just("") | WORDS,
    alert=st.just("") | WORDS,
    ages=st.tuples(NUMBERS, st.none()),
    assured_on=st.none() | st.dates(),
    phones=st.lists(WORDS, max_size=2, unique=True).map(tuple),
    languages=st.lists(WORDS, max_size=2, unique=True).map(tuple),
    hours=st.lists(WORDS, max_size=1).map(tuple),
    brings=st.lists(WORDS, max_size=1).map(tuple),
    terms=st.lists(WORDS, max_size=2, unique=True).map(tuple),
    areas=st.lists(WORDS, max_size=2, unique=True).map(tuple),
    spots=st.lists(
        st.builds(Spot, st.uuids(), st.just("") | WORDS, PLACES), max_size=2, unique_by=lambda spot: spot.id
    ).map(tuple),
)


@given(st.lists(SERVICES, min_size=1, max_size=4, unique_by=lambda one: one.id))
def test_what_is_written_is_read_again_as_it_was(services: list[Service]) -> None:
    documents = json.loads(json.dumps(list(to_documents(services))))
    assert from_documents(documents) == Package(tuple(services))
    written = gathered(services)
    assert from_tables(written) == Package(tuple(services))
    assert all(set(row) <= set(COLUMNS[name]) for name, rows in written.items() for row in rows)
    assert gathered(services) == written, "the same ids each time"


def gathered(services: list[Service]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in COLUMNS}
    for table, row in to_tables(services):
        found[table].append(row)
    return found


def test_a_service_of_nobody_is_written_too() -> None:
    alone = replace(from_tables(tables()).services[0], organization_id=None, organization="", spots=())
    assert from_tables(gathered([alone])) == Package((alone,))


def test_what_belongs_to_a_place_or_says_what_a_service_is_is_read() -> None:
    address = {"id": ONE, "location_id": SPOT, "address_1": "4 Pier Street", "city": "Harbor", "postal_code": "00501"}
    terms = [{"id": SPOT, "code": "F-1", "name": "Food pantries"}, {"id": ONE, "code": "inmind:food", "name": "x"}]
    linked = [{"id": one["id"], "link_id": ONE, "taxonomy_term_id": one["id"]} for one in terms]
    more = {"addresses": [address], "taxonomy_terms": terms, "attributes": [*linked, {"id": "x", "link_id": ONE}]}
    service = from_tables(tables() | more).services[0]
    assert (service.spots[0].address, service.terms) == (
        "4 Pier Street, Harbor, 00501",
        ("Food pantries", "inmind:food"),
    )
    said = {
        "id": ONE,
        "name": "a",
        "status": "active",
        "attributes": [{"taxonomy_term": one} for one in terms],
        "service_at_locations": [{"location": {"id": SPOT, "addresses": [address]}}],
    }
    assert from_documents(said).services[0].spots[0].address == "4 Pier Street, Harbor, 00501"
    assert from_documents(said).services[0].terms == service.terms


@only_beside_the_samples
def test_the_specifications_own_samples_are_read() -> None:
    rows = {}
    for file in (SAMPLES / "v3_0_csv").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            rows[file.stem] = list(csv.DictReader(lines))
    found = from_tables(rows)
    assert [one.name for one in found.services] == ["Community Counselling"]
    assert found.services[0].languages == ("ur",)
    assert [fault.found for fault in found.faults] == ["100, 101"]
    for name in ("service_full", "service_list"):
        said = json.loads((SAMPLES / "v3_0_json" / f"{name}.json").read_text(encoding="utf-8"))
        assert from_documents(said).services[0].name == "Community Counselling"


@only_beside_the_samples
@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_each_column_that_is_written_is_one_of_the_specification(name: str) -> None:
    schemas = [json.loads(file.read_text(encoding="utf-8")) for file in (SAMPLES / "v3_0_schema").glob("*.json")]
    columns = next(set(one["properties"]) for one in schemas if one.get("path") == f"{name}.csv")
    assert set(COLUMNS[name]) <= columns
