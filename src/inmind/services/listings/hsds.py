"""A directory of services in the Human Services Data Specification 3.0, in and out: as tables or as documents. Pure.

What is read is a package as a whole: another shape, or a row that cannot be told apart, refuses all of it. What one row says
wrongly is told beside its service. Ages come without a unit, so they are numbers until somebody says which unit they have.
Source: openreferral/specification, 3.0.0 (CC BY-SA 4.0, "Human Services Data Specification: an Open Referral resource").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.services.listings.listing import Place

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
# The tables that are read and written, each with the columns that this house fills; every other column is left alone.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organizations": ("id", "name", "description"),
    "services": (
        *("id", "organization_id", "name", "description", "url", "email", "status", "fees_description"),
        *("eligibility_description", "minimum_age", "maximum_age", "assured_date", "alert", "last_modified"),
    ),
    "locations": ("id", "location_type", "name", "latitude", "longitude"),
    "service_at_location": ("id", "service_id", "location_id"),
    "phones": ("id", "service_id", "number"),
    "languages": ("id", "service_id", "name", "code"),
    "service_areas": ("id", "service_id", "name"),
    "schedules": ("id", "service_id", "description"),
    "required_documents": ("id", "service_id", "document"),
    "attributes": ("id", "link_id", "taxonomy_term_id", "link_type", "link_entity"),
    "taxonomy_terms": ("id", "code", "name", "description", "taxonomy"),
}
OURS = "inmind:"  # how codes of our own taxonomy begin, which says what a service is: a need, or a program by its key
MUST = {"organizations": ("id", "name"), "services": ("id", "name", "status"), "locations": ("id",)}
# Columns of other editions of the specification, by which they are recognized.
OTHERS = {
    "services_at_location": "2.0",
    "physical_addresses": "2.0",
    "regular_schedules": "2.0",
    "service_capacity": "3.1",
    "units": "3.1",
}


class Status(StrEnum):
    """Whether a service is offered."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


@dataclass(frozen=True, slots=True)
class Fault:
    """What one row says that cannot be so: the table, the row's id, the column, what stands there and what was expected."""

    table: str
    row: str
    column: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a service. place None: its degrees are missing, or cannot be. address: in one line, as it is read; what is
    written has it in the name, since nobody told its parts apart."""

    id: UUID
    name: str = ""
    place: Place | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """One service of a directory. ages: the lowest and the highest as they came, without a unit. assured_on: when somebody
    last checked it. brings: what is to be brought; terms: what it is in the words of whoever sorted the directory, or by a
    code of our own taxonomy."""

    id: UUID
    name: str
    status: Status
    organization_id: UUID | None = None
    organization: str = ""
    description: str = ""
    url: str = ""
    email: str = ""
    fees: str = ""
    eligibility: str = ""
    alert: str = ""
    ages: tuple[float | None, float | None] = (None, None)
    assured_on: date | None = None
    phones: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()
    hours: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """The services of a directory, and what was wrong with rows of it."""

    services: tuple[Service, ...]
    faults: tuple[Fault, ...] = ()


class NotThisShape(BadInput):
    """What was given is no directory in this edition of the specification; nothing of it is taken."""

    def __init__(self, found: str, **facts: str) -> None:
        super().__init__(
            found,
            N_("A directory comes as the tables of HSDS 3.0, or as its services in JSON."),
            N_("Ask whoever gave you the file for HSDS 3.0. Nothing was taken in."),
            facts=facts,
        )


def from_tables(tables: Tables) -> Package:
    """The services of a package of tables, by table name, each row by column.

    Raises NotThisShape for another edition, a missing table or column, and for an id that is missing or stands twice.
    """
    _check_shape({name: _header(rows) for name, rows in tables.items()})
    faults: list[Fault] = []
    organizations = {row["id"]: row for row in _told_apart(tables, "organizations")}
    addresses = {str(row.get("location_id")): _address(row) for row in reversed(tables.get("addresses", ()))}
    spots = {
        row["id"]: replace(_spot(row, faults), address=addresses.get(row["id"], ""))
        for row in _told_apart(tables, "locations")
    }
    at, phones, languages, areas, hours, papers = (
        _by(tables, name, "service_id")
        for name in (
            *("service_at_location", "phones", "languages", "service_areas", "schedules", "required_documents"),
        )
    )
    attributes = _by(tables, "attributes", "link_id")
    terms = {str(row.get("id")): row for row in tables.get("taxonomy_terms", ())}
    services = []
    for row in _told_apart(tables, "services"):
        key = row["id"]
        there = [one.get("location_id", "") for one in at.get(key, ())]
        faults += [
            Fault("service_at_location", key, "location_id", str(one), N_("the id of a location"))
            for one in there
            if one not in spots
        ]
        services.append(
            _service(
                row,
                faults,
                organization=str(organizations.get(row.get("organization_id"), {}).get("name", "")),
                phones=_values(phones.get(key, ()), "number"),
                languages=_codes(languages.get(key, ())),
                areas=_values(areas.get(key, ()), "name"),
                spots=tuple(spots[one] for one in there if one in spots),
                hours=_values(hours.get(key, ()), "description"),
                brings=_values(papers.get(key, ()), "document"),
                terms=_terms(terms.get(str(one.get("taxonomy_term_id")), {}) for one in attributes.get(key, ())),
            )
        )
    return Package(tuple(services), tuple(faults))


def from_documents(said: object) -> Package:
    """The services of a document: one service, a list of them, or a page of them. Raises NotThisShape as `from_tables` does."""
    rows = said.get("contents", [said]) if isinstance(said, Mapping) else said
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise NotThisShape(N_("This is no service of HSDS, and no list of them."))
    _check_shape({"services": frozenset().union(*(frozenset(row) for row in rows))}, whole=False)
    faults: list[Fault] = []
    services = []
    for row in _told_apart({"services": rows}, "services"):
        organization = _mapping(row.get("organization"))
        spots = [_mapping(one.get("location")) for one in _rows(row.get("service_at_locations"))]
        services.append(
            _service(
                {**row, "organization_id": organization.get("id") or row.get("organization_id")},
                faults,
                organization=_text(organization.get("name")),
                phones=_values(_rows(row.get("phones")), "number"),
                languages=_codes(_rows(row.get("languages"))),
                areas=_values(_rows(row.get("service_areas")), "name"),
                spots=tuple(
                    replace(_spot(one, faults), address=next(map(_address, _rows(one.get("addresses"))), ""))
                    for one in spots
                    if one
                ),
                hours=_values(_rows(row.get("schedules")), "description"),
                brings=_values(_rows(row.get("required_documents")), "document"),
                terms=_terms(_mapping(one.get("taxonomy_term")) for one in _rows(row.get("attributes"))),
            )
        )
    return Package(tuple(services), tuple(faults))


def to_documents(services: Iterable[Service]) -> Iterator[dict[str, Any]]:
    """The services as documents of the specification, one after another; what is not known is left out."""
    return (_document(one) for one in services)


def to_tables(services: Iterable[Service]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The services as rows of tables, one after another, each with the name of its table and the columns that this house
    fills. What several services have in common is written once."""
    written: set[str] = set()
    for one in services:
        said = _document(one)
        organization = said.pop("organization", {})
        service = {name: said.get(name, "") for name in COLUMNS["services"]}
        rows = [("services", service | {"organization_id": organization.get("id", "")})]
        rows += [("organizations", organization)] if organization else []
        for at in said.get("service_at_locations", ()):
            rows.append(("locations", at["location"]))
            rows.append(
                ("service_at_location", {"id": at["id"], "service_id": said["id"], "location_id": at["location"]["id"]})
            )
        for attribute in said.get("attributes", ()):
            term = attribute["taxonomy_term"]
            rows.append(("taxonomy_terms", term))
            linked = {"link_id": said["id"], "taxonomy_term_id": term["id"]}
            rows.append(("attributes", {name: attribute.get(name, "") for name in COLUMNS["attributes"]} | linked))
        for table in ("phones", "languages", "service_areas", "schedules", "required_documents"):
            rows += [(table, {**row, "service_id": said["id"]}) for row in said.get(table, ())]
        for table, row in rows:
            if table not in {"organizations", "locations", "taxonomy_terms"} or row["id"] not in written:
                written.add(row["id"])
                yield table, row


def _check_shape(headers: Mapping[str, frozenset[str]], *, whole: bool = True) -> None:
    for name, edition in OTHERS.items():
        if name in headers or name in headers.get("services", frozenset()):
            raise NotThisShape(N_("This is edition %(edition)s of HSDS: it has %(name)s."), edition=edition, name=name)
    for table, columns in MUST.items():
        if table not in headers:
            if whole:
                raise NotThisShape(N_("The table %(table)s is missing."), table=table)
            continue
        for column in columns:
            if headers[table] and column not in headers[table]:
                raise NotThisShape(N_("The column %(column)s of %(table)s is missing."), column=column, table=table)


def _header(rows: Sequence[Row]) -> frozenset[str]:
    return frozenset(rows[0]) if rows else frozenset()


def _told_apart(tables: Tables, name: str) -> Iterable[Row]:
    """The rows of a table, when each has an id of its own."""
    seen: set[UUID] = set()
    for row in tables[name]:
        key = _uuid(row.get("id"))
        if key is None:
            said = str(row.get("id"))[:40]
            raise NotThisShape(N_("A row of %(table)s has the id %(id)s, which is none."), table=name, id=said)
        if key in seen:
            raise NotThisShape(N_("The id %(id)s stands twice in %(table)s."), table=name, id=str(key))
        seen.add(key)
        yield row


def _by(tables: Tables, name: str, column: str) -> dict[str, list[Row]]:
    """The rows of a table by what they belong to."""
    found: dict[str, list[Row]] = {}
    for row in tables.get(name, ()):
        if row.get(column):
            found.setdefault(str(row[column]), []).append(row)
    return found


def _address(row: Row) -> str:
    parts = (_text(row.get(name)) for name in ("address_1", "address_2", "city", "state_province", "postal_code"))
    return ", ".join(filter(None, parts))


def _terms(rows: Iterable[Row]) -> tuple[str, ...]:
    """What a service is: a code of ours, else the words of whoever sorted it, else their code."""
    said = ((_text(row.get("code")), _text(row.get("name"))) for row in rows)
    return tuple(dict.fromkeys(one for code, name in said if (one := code if code.startswith(OURS) else name or code)))


def _service(row: Row, faults: list[Fault], **said: Any) -> Service:
    key = str(row["id"])
    lowest, highest = (_number(row, name, faults) for name in ("minimum_age", "maximum_age"))
    if lowest is not None and highest is not None and lowest > highest:
        faults.append(Fault("services", key, "maximum_age", str(highest), N_("not less than the lowest age")))
        lowest = highest = None
    return Service(
        id=UUID(key),
        name=_text(row.get("name")),
        status=_status(row, faults),
        organization_id=_uuid(row.get("organization_id")),
        description=_text(row.get("description")),
        url=_text(row.get("url")),
        email=_text(row.get("email")),
        fees=_text(row.get("fees_description")),
        eligibility=_text(row.get("eligibility_description")),
        alert=_text(row.get("alert")),
        ages=(lowest, highest),
        assured_on=_day(row, faults),
        **said,
    )


def _status(row: Row, faults: list[Fault]) -> Status:
    """A status that nobody knows is taken as not offered, and said."""
    try:
        return Status(_text(row.get("status")))
    except ValueError:
        faults.append(Fault("services", str(row["id"]), "status", _text(row.get("status")), ", ".join(Status)))
        return Status.INACTIVE


def _number(row: Row, name: str, faults: list[Fault]) -> float | None:
    said = row.get(name)
    if said is None or said == "":
        return None
    try:
        found = float(said)
    except (TypeError, ValueError, OverflowError):
        found = -1.0
    if isinstance(said, bool) or not isfinite(found) or found < 0:
        faults.append(Fault("services", str(row["id"]), name, str(said)[:40], N_("a number of zero or more")))
        return None
    return found


def _day(row: Row, faults: list[Fault]) -> date | None:
    said = _text(row.get("assured_date"))
    if not said:
        return None
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        faults.append(Fault("services", str(row["id"]), "assured_date", said[:40], N_("a date such as 2026-01-31")))
        return None


def _spot(row: Row, faults: list[Fault]) -> Spot:
    key = _uuid(row.get("id"))
    if key is None:
        raise NotThisShape(
            N_("A row of %(table)s has the id %(id)s, which is none."), table="locations", id=str(row.get("id"))[:40]
        )
    said = row.get("latitude"), row.get("longitude")
    if said in ((None, None), ("", "")):
        return Spot(key, _text(row.get("name")))
    try:
        place = Place(*(float("nan" if one in (None, "") else one) for one in said))
    except (TypeError, ValueError, OverflowError):
        place = Place(float("nan"), float("nan"))
    if not (abs(place.latitude) <= 90 and abs(place.longitude) <= 180):
        found = f"{said[0]}, {said[1]}"
        faults.append(
            Fault(
                "locations",
                str(key),
                "latitude",
                found[:40],
                N_("degrees, at most 90 north or south and 180 east or west"),
            )
        )
        return Spot(key, _text(row.get("name")))
    return Spot(key, _text(row.get("name")), place)


def _document(one: Service) -> dict[str, Any]:
    said = {
        "id": str(one.id),
        "name": one.name,
        "status": str(one.status),
        "description": one.description,
        "url": one.url,
        "email": one.email,
        "fees_description": one.fees,
        "eligibility_description": one.eligibility,
        "alert": one.alert,
        "minimum_age": one.ages[0],
        "maximum_age": one.ages[1],
        "assured_date": one.assured_on and one.assured_on.isoformat(),
        "organization": one.organization_id
        and {"id": str(one.organization_id), "name": one.organization, "description": ""},
        "phones": [{"id": _id(one, "phone", number), "number": number} for number in one.phones],
        "languages": [{"id": _id(one, "language", code), "name": code, "code": code} for code in one.languages],
        "service_areas": [{"id": _id(one, "area", name), "name": name} for name in one.areas],
        "schedules": [{"id": _id(one, "hours", words), "description": words} for words in one.hours],
        "required_documents": [{"id": _id(one, "brings", words), "document": words} for words in one.brings],
        "attributes": [
            {"id": _id(one, "is", term), "link_type": "kind", "link_entity": "service", "taxonomy_term": _term(term)}
            for term in one.terms
        ],
        "service_at_locations": [
            {"id": _id(one, "at", str(spot.id)), "location": _location(spot)} for spot in one.spots
        ],
    }
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def _id(one: Service, what: str, said: str) -> str:
    """An id for a row that has none of its own: the same each time that the same is written."""
    return str(uuid5(one.id, f"{what} {said}"))


def _term(term: str) -> dict[str, str]:
    taxonomy = "InMind" if term.startswith(OURS) else ""
    named = {"id": str(uuid5(NAMESPACE_OID, term)), "code": term, "name": term, "description": ""}
    return named | {"taxonomy": taxonomy}


def _location(spot: Spot) -> dict[str, Any]:
    degrees = {"latitude": spot.place.latitude, "longitude": spot.place.longitude} if spot.place else {}
    return {"id": str(spot.id), "location_type": "physical", "name": spot.name, **degrees}


def _values(rows: Iterable[Row], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(said for row in rows if (said := _text(row.get(name)))))


def _codes(rows: Iterable[Row]) -> tuple[str, ...]:
    """Languages by their code; by name where a row has none."""
    return tuple(dict.fromkeys(said for row in rows if (said := _text(row.get("code")) or _text(row.get("name")))))


def _rows(said: object) -> list[Row]:
    return [one for one in said if isinstance(one, Mapping)] if isinstance(said, list) else []


def _mapping(said: object) -> Row:
    return said if isinstance(said, Mapping) else {}


def _text(said: object) -> str:
    return said.strip() if isinstance(said, str) else ""


def _uuid(said: object) -> UUID | None:
    try:
        return UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None
