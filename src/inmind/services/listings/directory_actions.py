"""Take a directory in: each of its services with a verdict, all of them together or none, and the same file again changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from inmind.access.act import Act, action
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.events import ListingMoved
from inmind.foundation.models import change_together, keep_together
from inmind.foundation.values import N_
from inmind.people.models import Organization
from inmind.records import actions as records
from inmind.services.adapters.catalog import known_counties, programs
from inmind.services.listings import directory
from inmind.services.listings.actions import LINES, TEXTS, say
from inmind.services.listings.county_names import code_of
from inmind.services.listings.directory import Kind, Note, Said
from inmind.services.listings.hsds import Fault, Package, Service, Status
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing

MOST = {**LINES, **TEXTS}
SHEET = "listings"  # stands before the heading by which a sheet of listings is remembered
AT_ONCE = 400  # ids of one question
FROM_FILE = (
    *("name", "provider_name", "about", "bring", "hours", "cost", "url", "mail", "phone", "address"),
    *("latitude", "longitude", "languages", "counties"),
)


# What a directory may change of a listing that is here, and what goes with that.
KEPT = (
    *FROM_FILE,
    *("confirmed_on", "confirmed_how", "confirmed_by", "asked_on", "unreached_on", "closed_on", "came_as", "found_by"),
)


class Outcome(StrEnum):
    """What becomes of a service of the file."""

    NEW = N_("new")
    CHANGED = N_("changed")
    CLOSED = N_("not offered any more")
    SAME = N_("here already")
    LEFT_OUT = N_("left out")
    REFUSED = N_("refused")


CHANGING = (Outcome.NEW, Outcome.CHANGED, Outcome.CLOSED)


@dataclass(slots=True)
class Verdict:
    """One service with what becomes of it, and why. row: the listing as it would be kept."""

    service: Service
    outcome: Outcome
    notes: list[Note] = field(default_factory=list)
    row: Listing | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever brings a directory says of it. source: the file's name; kinds: what its terms are here; assured_on: when its
    services were last checked that name no day. heading, columns: of a plain sheet, what its columns hold, to be remembered.
    """

    source: str
    kinds: Mapping[str, Kind]
    assured_on: date | None = None
    heading: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """Every service of a file. gone: listings that came with this directory before and stand in it no more; told: as what it
    was judged."""

    verdicts: Sequence[Verdict]
    gone: Sequence[str]
    told: Told

    @property
    def counts(self) -> Counter[Outcome]:
        return Counter(one.outcome for one in self.verdicts)

    @property
    def mark(self) -> str:
        """A mark of what would be done, and to what, so that nobody takes in what was not looked at."""
        said = sha256()
        for one in self.verdicts:
            row = one.row and [
                getattr(one.row, name) for name in ("version", "offers", "program", *FROM_FILE, "closed_on")
            ]
            notes = [(note.says, sorted(note.facts.items())) for note in one.notes]
            said.update(repr((str(one.service.id), one.outcome, notes, row)).encode())
        return said.hexdigest()

    @property
    def changing(self) -> int:
        return sum(self.counts[one] for one in CHANGING)


def judge(keeper: Organization, package: Package, told: Told, today: date) -> Judged:
    """What would become of each service of a directory; nothing is changed."""
    there = _there(package.services)
    faults = _faults(package.faults)
    verdicts = []
    for service in package.services:
        verdict = _judge(keeper, service, there.get(str(service.id)), told, today)
        about = {str(service.id), *(str(spot.id) for spot in service.spots)}
        verdict.notes += [note for one in sorted(about) for note in faults.get(one, ())]
        if verdict.outcome is Outcome.REFUSED and not verdict.notes:
            verdict.notes.append(Note(N_("A name is missing."), {}))
        verdicts.append(verdict)
    return Judged(verdicts, _gone(keeper, package.services, there.values(), today), told)


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at. mark: of the verdicts as they were shown; empty where nobody was shown any."""

    judged: Judged
    mark: str = ""


@action("services.take_in_listings", on="keeper")
def take_in(act: Act, *, keeper: Organization, looked: Looked) -> tuple[int, int, int]:
    """Keep what is new, correct what the directory says anew, close what it says is not offered any more. What stands in it no
    more is left as it is.

    It was judged before this opened its transaction, so that nobody waits meanwhile: raises NotNow where somebody changed one of
    the listings since, or where other verdicts were shown. Returns how many are new, changed, closed.
    """
    judged = looked.judged
    if looked.mark and judged.mark != looked.mark:
        raise _not_as_shown()
    of = {
        one: [verdict.row for verdict in judged.verdicts if verdict.outcome is one and verdict.row] for one in CHANGING
    }
    for some in of.values():
        for row in some:
            row.be_found()
    keep_together(of[Outcome.NEW])
    there = [*of[Outcome.CHANGED], *of[Outcome.CLOSED]]
    stood: dict[UUID, str] = {}
    for some in _stretches([row.pk for row in there]):
        stood |= dict(Listing.objects.filter(pk__in=some).values_list("pk", "provider_name"))
    for row in there:
        if row.provider_name != stood.get(row.pk):
            act.announce(ListingMoved(listing=row.pk))
    if change_together(there, KEPT) < len(there):
        raise _not_as_shown()
    if judged.told.heading:
        records.remember_columns(keeper, (SHEET, *judged.told.heading), judged.told.columns)
    return len(of[Outcome.NEW]), len(of[Outcome.CHANGED]), len(of[Outcome.CLOSED])


def _not_as_shown() -> NotNow:
    return NotNow(
        N_("This file would be taken in otherwise than was shown: something changed meanwhile."),
        N_("Look at it once more. Nothing was taken in."),
    )


def terms_of(package: Package) -> list[tuple[str, int]]:
    """The terms by which a directory is sorted, the most used first, with how many services have each."""
    found = Counter(term for one in package.services for term in one.terms if not term.startswith(directory.OURS))
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def _judge(keeper: Organization, service: Service, there: Listing | None, told: Told, today: date) -> Verdict:
    if there is not None and there.keeper_id != keeper.pk:
        by = {"name": there.keeper.name}
        return _out(service, N_("It is kept by %(name)s already; ask them to correct it."), by)
    if there is not None:
        return _judge_again(service, there, today)
    if not service.name:
        return Verdict(service, Outcome.REFUSED)
    if service.status is not Status.ACTIVE:
        return _out(service, N_("The directory says: %(status)s."), {"status": service.status.value})
    kind = directory.kind_of(service, told.kinds, programs())
    if kind is None:
        terms = ", ".join(service.terms)[:120]
        return _out(service, N_("Nobody has said what it is here: %(terms)s."), {"terms": terms or "—"})
    day = service.assured_on or told.assured_on
    if day is None or day > today:
        return _out(service, N_("No day says when somebody last checked it."))
    said = _said(service, kind.offers)
    row = Listing(keeper=keeper, offers=kind.offers.value, program=kind.program, confirmed_on=day)
    row.confirmed_how, row.source, row.source_id = Listing.How.FILE, told.source[:200], str(service.id)
    row.came_as = directory.marks_of(service, said)
    return _kept(Verdict(service, Outcome.NEW, [*said.notes], row), dict(said.values))


def _judge_again(service: Service, there: Listing, today: date) -> Verdict:
    """A service that is here: as it came, or with something new said of it."""
    if there.came_as.get(directory.WHOLE) == directory.mark_of(service):
        return Verdict(service, Outcome.SAME)
    said = _said(service, Offers(there.offers))
    marks = directory.marks_of(service, said)
    if service.status is not Status.ACTIVE:
        if there.closed_on is not None:
            return Verdict(service, Outcome.SAME)
        there.closed_on, there.came_as = today, marks
        return Verdict(
            service,
            Outcome.CLOSED,
            [Note(N_("The directory says: %(status)s."), {"status": service.status.value})],
            there,
        )
    anew = directory.said_anew(said, there.came_as)
    before = {name: getattr(there, name) for name in (*FROM_FILE, "confirmed_on")}
    verdict = _kept(Verdict(service, Outcome.CHANGED, [*said.notes], there), anew)
    if verdict.outcome is Outcome.REFUSED:
        return verdict
    if service.assured_on is not None and there.confirmed_on < service.assured_on <= today:
        there.confirmed_on, there.confirmed_how, there.confirmed_by = service.assured_on, Listing.How.FILE, None
        there.asked_on = there.unreached_on = None
    changed = [name for name, value in before.items() if getattr(there, name) != value]
    if not changed:
        return Verdict(service, Outcome.SAME)
    there.came_as = marks
    verdict.notes.insert(0, Note(N_("Said anew: %(fields)s."), {"fields": ", ".join(changed)}))
    if there.closed_on is not None:
        verdict.notes.append(Note(N_("It is closed here, and stays so."), {}))
    return verdict


def _said(service: Service, offers: Offers) -> Said:
    state = settings.INSTALLATION.state
    said = directory.said_of(service, MOST, lambda name: code_of(known_counties(), name, state))
    return directory.hidden(said) if offers is Offers.SAFETY_AT_HOME else said


def _kept(verdict: Verdict, values: dict[str, Any]) -> Verdict:
    """Say it on the row. What cannot be kept is left out and told; without a name the service is refused."""
    row = verdict.row
    assert row is not None
    before = {name: getattr(row, name) for name in values}
    while True:
        try:
            say(row, values)
        except BadInput as refusal:
            verdict.notes.append(Note(refusal.found, {name: str(said) for name, said in refusal.facts.items()}))
            if refusal.field in {"", "name", "provider_name"} or refusal.field not in values:
                verdict.outcome, verdict.row = Outcome.REFUSED, None
                return verdict
            values.pop(refusal.field)
            setattr(row, refusal.field, before[refusal.field])
        else:
            return verdict


def _out(service: Service, says: str, facts: Mapping[str, str] | None = None) -> Verdict:
    return Verdict(service, Outcome.LEFT_OUT, [Note(says, facts or {})])


def _there(services: Sequence[Service]) -> dict[str, Listing]:
    """The listings that these services are, by the id of the file: as they came from it, or went out to it."""
    found: dict[str, Listing] = {}
    for some in _stretches([one.id for one in services]):
        rows = Listing.objects.filter(Q(source_id__in=[str(one) for one in some]) | Q(pk__in=some, source_id=""))
        found |= {row.source_id or str(row.pk): row for row in rows.select_related("keeper")}
    return found


def _gone(keeper: Organization, services: Sequence[Service], there: Iterable[Listing], today: date) -> list[str]:
    sources = {row.source for row in there if row.source and row.keeper_id == keeper.pk}
    rows = Listing.objects.filter(keeper=keeper, source__in=sources, closed_on__isnull=True).order_by("name", "pk")
    ids = {str(one.id) for one in services}
    return [name for name, source_id in rows.values_list("name", "source_id") if source_id not in ids]


def _faults(faults: Iterable[Fault]) -> dict[str, list[Note]]:
    """What was wrong with rows of the file, by the id of the row."""
    found: dict[str, list[Note]] = {}
    for one in faults:
        facts = {"column": one.column, "found": one.found[:60], "expected": one.expected}
        found.setdefault(one.row, []).append(Note(N_("%(column)s: found %(found)s, expected %(expected)s."), facts))
    return found


def _stretches(ids: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
