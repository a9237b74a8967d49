"""A plain sheet of offers, with any headings: what its columns hold, and each of its rows as a service of a directory. Pure.

A row is told again by its name and who offers it, for whoever keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID, uuid5

from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.records.columns import Order, day_of, order_of
from inmind.records.sheets import Row, Sheet
from inmind.services.listings.hsds import Fault, Package, Service, Spot, Status

# What a column can hold: key -> its name on screens, and headings by which it is guessed.
COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": (
        N_("What it is called"),
        (
            "name",
            "program",
            "program name",
            "service",
            "service name",
            "resource",
            "resource name",
            "nombre",
            "programa",
        ),
    ),
    "organization": (
        N_("Who offers it"),
        (
            "organization",
            "organization name",
            "agency",
            "agency name",
            "provider",
            "offered by",
            "organizacion",
            "agencia",
        ),
    ),
    "kind": (
        N_("What kind of help it is"),
        ("type", "kind", "category", "categories", "service type", "type of service", "tipo", "categoria"),
    ),
    "description": (
        N_("What it offers"),
        ("description", "about", "services", "services provided", "details", "descripcion"),
    ),
    "phone": (N_("Phone"), ("phone", "phone number", "telephone", "tel", "telefono")),
    "email": (N_("Mail"), ("mail", "email", "e mail", "email address", "correo")),
    "url": (N_("Web page"), ("web", "website", "web site", "web page", "url", "link", "sitio web")),
    "address": (N_("Address"), ("address", "street address", "location", "direccion")),
    "counties": (
        N_("Counties that it serves"),
        ("county", "counties", "counties served", "service area", "area served", "condado", "condados"),
    ),
    "languages": (N_("Languages spoken there"), ("language", "languages", "languages spoken", "idioma", "idiomas")),
    "hours": (N_("When"), ("hours", "hours of operation", "schedule", "days and hours", "horario")),
    "fees": (N_("Cost"), ("cost", "fee", "fees", "costo")),
    "eligibility": (N_("For whom"), ("eligibility", "who qualifies", "ages", "ages served", "for whom", "requisitos")),
    "brings": (N_("What to bring"), ("what to bring", "bring", "documents", "required documents", "que llevar")),
    "checked": (
        N_("Last checked on"),
        ("last checked", "last updated", "date updated", "updated", "last verified", "date verified", "verified"),
    ),
}
_APART = re.compile(r";|\n|,(?!\s*[A-Z]{2}\b)")  # "Lake, CA" is one
DAY_ZERO = date(1899, 12, 30)  # of a spreadsheet, which writes a day as how many have passed since


def services_of(sheet: Sheet, columns: Mapping[str, str], keeper: UUID) -> Package:
    """The rows of a sheet as services. columns: heading -> key of `COLUMNS`. A row that cannot be read, or that says what an
    earlier one is, has no name, and a fault that says its number."""
    places: dict[str, int] = {}
    for place, name in enumerate(sheet.heading):
        if key := columns.get(name):
            places.setdefault(key, place)
    checked = places.get("checked")
    order = order_of(row.cells[checked] for row in sheet.rows if row.cells and checked is not None)
    services: dict[UUID, Service] = {}
    faults: list[Fault] = []
    for row in sheet.rows:
        one = _service(row, places, order, keeper, faults)
        if one.id in services:
            faults.append(_fault(row, keeper, one.name, N_("a name that stands once for each who offers it")))
            one = _broken(row, keeper)
        services[one.id] = one
    return Package(tuple(services.values()), tuple(faults))


def _service(row: Row, places: Mapping[str, int], order: Order, keeper: UUID, faults: list[Fault]) -> Service:
    if row.cells is None:
        faults.append(_fault(row, keeper, str(row.found), N_("as many cells as the heading has")))
        return _broken(row, keeper)
    said = {key: row.cells[place].strip() for key, place in places.items()}
    name, organization = said.get("name", ""), said.get("organization", "")
    if not name:
        faults.append(_fault(row, keeper, "—", N_("a name")))
        return _broken(row, keeper)
    key = uuid5(keeper, f"{text.folded(organization)}\x1f{text.folded(name)}")
    address = said.get("address", "")
    return Service(
        id=key,
        name=name,
        status=Status.ACTIVE,
        organization=organization,
        assured_on=_day(said.get("checked", ""), order, row, key, faults),
        phones=_one(said.get("phone", "")),
        languages=_apart(said.get("languages", "")),
        areas=_apart(said.get("counties", "")),
        hours=_one(said.get("hours", "")),
        brings=_one(said.get("brings", "")),
        terms=_apart(said.get("kind", "")),
        spots=(Spot(uuid5(key, "place"), address),) if address else (),
        description=said.get("description", ""),
        url=said.get("url", ""),
        email=said.get("email", ""),
        fees=said.get("fees", ""),
        eligibility=said.get("eligibility", ""),
    )


def _day(typed: str, order: Order, row: Row, key: UUID, faults: list[Fault]) -> date | None:
    if re.fullmatch(r"[1-9]\d{4}(\.\d+)?", typed):
        return DAY_ZERO + timedelta(int(typed.partition(".")[0]))
    try:
        return day_of(typed, order)
    except BadInput:
        faults.append(Fault("rows", str(key), f"#{row.number}", typed, N_("a day, such as 2026-05-31")))
        return None


def _broken(row: Row, keeper: UUID) -> Service:
    return Service(id=_id_of(row, keeper), name="", status=Status.ACTIVE)


def _fault(row: Row, keeper: UUID, found: str, expected: str) -> Fault:
    return Fault("rows", str(_id_of(row, keeper)), f"#{row.number}", found, expected)


def _id_of(row: Row, keeper: UUID) -> UUID:
    return uuid5(keeper, f"row {row.number}")


def _one(said: str) -> tuple[str, ...]:
    return (said,) if said else ()


def _apart(said: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for part in _APART.split(said) if (one := part.strip())))
