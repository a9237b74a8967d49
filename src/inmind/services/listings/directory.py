"""A service of somebody's directory as a listing of this house says it, and a listing as a service. Pure.

What the directory does not say stays unsaid, and what this house has no place for is told beside the service: ages without a
unit, languages and counties that it has no name for, more places than one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from inmind.foundation import text
from inmind.foundation.values import N_
from inmind.services.listings.hsds import OURS, Service, Spot, Status
from inmind.services.listings.languages import LANGUAGES, code_of
from inmind.services.listings.listing import Offers, Place

WHOLE = ""  # among the marks of a service: that of all of it
ANY = "*"  # in what somebody says of a directory's terms: whatever has none of them


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence beside a service, with its facts: what of it was not taken, and why."""

    says: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What a service says, as a listing's fields; only those of which it says something. notes: what was not taken."""

    values: Mapping[str, Any]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a service is here: one of the needs, or a program by its key."""

    offers: Offers
    program: str = ""


def kind_named(said: str, programs: Iterable[str]) -> Kind | None:
    """The kind that a word names: a need, or a program's key."""
    if said in programs:
        return Kind(Offers.PROGRAM, said)
    return Kind(Offers(said)) if said in set(Offers) - {Offers.PROGRAM} else None


def kind_of(service: Service, kinds: Mapping[str, Kind], programs: Iterable[str]) -> Kind | None:
    """What a service is: by a code of ours, else as somebody said of its terms. kinds: by folded term, `ANY` for the rest.
    None: nobody has said, or it is a term that was left out."""
    for term in service.terms:
        if term.startswith(OURS):
            return kind_named(term.removeprefix(OURS), programs)
    for term in service.terms:
        if found := kinds.get(text.folded(term)):
            return found
    return kinds.get(ANY)


def said_of(service: Service, most: Mapping[str, int], county: Callable[[str], str | None]) -> Said:
    """What a service says, as a listing's fields. most: how many characters each has room for; county: the code of a name."""
    notes: list[Note] = []
    about = "\n".join(filter(None, (service.alert, service.description, service.eligibility)))
    spot = next((one for one in service.spots if one.place), next(iter(service.spots), None))
    said: dict[str, Any] = {
        "name": service.name,
        "provider_name": service.organization or service.name,
        "about": about,
        "bring": "; ".join(service.brings),
        "hours": "; ".join(service.hours),
        "cost": service.fees,
        "url": service.url,
        "mail": service.email,
        "phone": service.phones[0] if service.phones else "",
        "address": _of_spot(spot),
    }
    for name, words in said.items():
        said[name] = _fitting(name, words, most[name], notes)
    if spot and spot.place:
        said["latitude"], said["longitude"] = spot.place.latitude, spot.place.longitude
    said["languages"] = tuple(_known(service.languages, code_of, N_("No name for the language: %(said)s."), notes))
    said["counties"] = tuple(_known(service.areas, county, N_("No county of this name: %(said)s."), notes))
    if service.ages != (None, None):
        ages = "-".join("" if one is None else f"{one:g}" for one in service.ages)
        notes.append(Note(N_("Ages %(ages)s without a unit: nobody knows whether months or years."), {"ages": ages}))
    if len(service.spots) > 1:
        notes.append(Note(N_("It has %(count)s places; one of them is taken."), {"count": str(len(service.spots))}))
    return Said({name: value for name, value in said.items() if value not in ("", ())}, tuple(notes))


def hidden(said: Said) -> Said:
    """The same without where it is: for a place that keeps people safe."""
    place = {"address", "latitude", "longitude"}
    if not place & said.values.keys():
        return said
    values = {name: value for name, value in said.values.items() if name not in place}
    return Said(values, (*said.notes, Note(N_("Where it is was left out, since people are to be safe there."), {})))


def marks_of(service: Service, said: Said) -> dict[str, str]:
    """Marks that change when what the directory says of a service does: of the whole (`WHOLE`), and of each field."""
    return {WHOLE: mark_of(service), **{name: _mark(value)[:12] for name, value in said.values.items()}}


def mark_of(service: Service) -> str:
    """A mark that changes when anything of a service does, read or not."""
    return _mark(replace(service, id=UUID(int=0)))


def said_anew(said: Said, came_as: Mapping[str, str]) -> dict[str, Any]:
    """The fields of which the directory says something else than when it came before; what was corrected here since stays."""
    return {name: value for name, value in said.values.items() if came_as.get(name) != _mark(value)[:12]}


def _mark(said: object) -> str:
    return sha256(repr(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing as it is public, on its way out. came_id: its id in the directory that it came from."""

    id: UUID
    came_id: str
    name: str
    provider_name: str
    kind: Kind
    is_open: bool
    confirmed_on: date
    said: Mapping[str, str]
    languages: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    place: Place | None = None


def service_of(one: Listed) -> Service:
    """A listing as a service: under the id that it came with, so that its own directory knows it again."""
    try:
        key = UUID(one.came_id)
    except ValueError:
        key = one.id
    address = one.said.get("address", "")
    return Service(
        id=key,
        name=one.name,
        status=Status.ACTIVE if one.is_open else Status.INACTIVE,
        organization_id=uuid5(NAMESPACE_OID, f"{OURS}{text.folded(one.provider_name)}"),
        organization=one.provider_name,
        description=one.said.get("about", ""),
        url=one.said.get("url", ""),
        email=one.said.get("mail", ""),
        fees=one.said.get("cost", ""),
        assured_on=one.confirmed_on,
        phones=_one(one.said.get("phone", "")),
        languages=tuple(code for code in one.languages if code in LANGUAGES),
        areas=one.counties,
        spots=(Spot(uuid5(key, "place"), address, one.place),) if address or one.place else (),
        hours=_one(one.said.get("hours", "")),
        brings=_one(one.said.get("bring", "")),
        terms=(f"{OURS}{one.kind.program or one.kind.offers}",),
    )


def _one(said: str) -> tuple[str, ...]:
    return (said,) if said else ()


def _of_spot(spot: Spot | None) -> str:
    """A place in one line: its name, then its address, where the two differ."""
    if spot is None:
        return ""
    return ", ".join(dict.fromkeys(filter(None, (spot.name, spot.address))))


def _fitting(name: str, words: str, most: int, notes: list[Note]) -> str:
    """Words as a field has room for them, in one line but for the longer texts; what does not fit is told."""
    words = words.strip() if name == "about" else " ".join(words.split())
    if len(words) <= most:
        return words
    notes.append(Note(N_("Too long, so that only its beginning is taken: %(field)s."), {"field": name}))
    return words[: most - 1] + "…"


def _known(said: Iterable[str], code: Callable[[str], str | None], unknown: str, notes: list[Note]) -> Iterable[str]:
    found = {}
    for word in said:
        if known := code(word):
            found[known] = word
        else:
            notes.append(Note(unknown, {"said": word[:60]}))
    return sorted(found)
