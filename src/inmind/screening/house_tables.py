"""The tables that this house loaded: kept, laid over what ships, and withdrawn. Another process sees each at its next request.

Which tables there are is asked once a request, and only for an instrument that takes one or a result that was made with
one; what a table makes of an instrument is made once a process, for its rows never change.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.signals import request_finished, request_started

from inmind.access import guard
from inmind.access.act import Act, action
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.registries import Finding, Grade
from inmind.foundation.values import N_
from inmind.screening import tables
from inmind.screening.adapters import catalog as installed
from inmind.screening.errors import BadTable
from inmind.screening.instruments import Catalog, Instrument
from inmind.screening.models import RecordedResult, Screen
from inmind.screening.recorded import RecordedTool, Tools
from inmind.screening.steward_table import accepted
from inmind.screening.table_models import StewardTable
from inmind.screening.tables import Ruled

WHY_LENGTH = 300


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked of a table to find out whether it is in use."""

    pk: UUID
    instrument: str
    over: str
    edition: str
    withdrawn_from: date | None


# Within a request: nothing yet, then the tables that there are, in order. None: outside of one.
_asked: ContextVar[list[list[_Known]] | None] = ContextVar("tables_asked", default=None)


def follow_requests() -> None:
    """Ask anew with each request."""
    request_started.connect(_begins, dispatch_uid="screening.house_tables")
    request_finished.connect(_ends, dispatch_uid="screening.house_tables")


def _begins(**_named: Any) -> None:
    _asked.set([])


def _ends(**_named: Any) -> None:
    _asked.set(None)


def _there() -> list[_Known]:
    kept = _asked.get()
    if kept:
        return kept[0]
    columns = ("pk", "instrument", "over", "edition", "withdrawn_from")
    found = [_Known(*row) for row in StewardTable.objects.order_by("number").values_list(*columns)]
    if kept is not None:
        kept.append(found)
    return found


class HouseCatalog(Catalog):
    """The instruments that ship, and over those with cut-offs by month this house's own table, where one is in use."""

    def __getitem__(self, key: str) -> Instrument:
        found = super().__getitem__(key)
        return cast(Instrument, _in_use(found)) if tables.takes_a_table(found) else found

    def named(self, key: str) -> Instrument:
        super().named(key)
        return self[key]

    def of(self, key: str, edition: str) -> Instrument | None:
        return super().of(key, edition) or cast(Instrument | None, _made_with(key, edition))


class HouseTools(Tools):
    """The same of licensed tools, and their cut-offs by age form."""

    def __getitem__(self, key: str) -> RecordedTool:
        found = super().__getitem__(key)
        return cast(RecordedTool, _in_use(found)) if tables.takes_a_table(found) else found

    def of(self, key: str, edition: str) -> RecordedTool | None:
        return super().of(key, edition) or cast(RecordedTool | None, _made_with(key, edition))


def _in_use(ruled: Ruled) -> Ruled:
    """With the table that new results use. Asked within a request or an action; elsewhere there may be no database."""
    if _asked.get() is None and not guard.in_an_action():
        return ruled
    last = next((one for one in reversed(_there()) if one.instrument == ruled.key), None)
    if last is None or last.over != ruled.edition or is_withdrawn(last.withdrawn_from):
        return ruled
    return _laid(last.pk) or ruled


def _made_with(key: str, edition: str) -> Ruled | None:
    """The rules of a result that was made with a table, also with one that is withdrawn."""
    if "+" not in edition:
        return None
    there = (one.pk for one in _there() if one.instrument == key and f"{one.over}+{one.edition}" == edition)
    pk = next(there, None)
    return None if pk is None else _laid(pk)


def is_withdrawn(since: date | None) -> bool:
    return since is not None and since <= clock.today(settings.INSTALLATION.zone)


@lru_cache(maxsize=64)
def _laid(pk: UUID) -> Ruled | None:
    """The rules with a table over them; None where the edition below it does not ship any more."""
    return laid(StewardTable.objects.get(pk=pk))


def laid(table: StewardTable) -> Ruled | None:
    files: Any = (installed.shipped(), installed.shipped_tools())
    below = next((one for each in files if (one := each.of(table.instrument, table.over))), None)
    if below is None:
        return None
    return tables.laid_over(below, accepted(table.rows), edition=table.edition, dated=table.dated)


def withdrawn_of(key: str, edition: str) -> StewardTable | None:
    """The table that a result of this edition was made with, where it is used no more by now because it was withdrawn."""
    if "+" not in edition:
        return None
    there = (one for one in _there() if one.instrument == key and f"{one.over}+{one.edition}" == edition)
    pk = next((one.pk for one in there if is_withdrawn(one.withdrawn_from)), None)
    return None if pk is None else StewardTable.objects.get(pk=pk)


def uses(table: StewardTable) -> int:
    """How many results were made with a table: their number alone, for whoever keeps tables sees no family."""
    made = f"{table.over}+{table.edition}"
    screens = Screen.objects.filter(instrument=table.instrument, edition=made, taken_back_at=None)
    recorded = RecordedResult.objects.filter(tool=table.instrument, edition=made, taken_back_at=None)
    return screens.exclude(state=Screen.State.OPEN).count() + recorded.count()


def as_used(ruled: Ruled, last: StewardTable | None) -> Ruled:
    """What ships as new results use it. last: the latest table for it."""
    laid_over = laid(last) if last is not None and standing(last, last) == Standing.USED else None
    return laid_over or ruled


def ruled_by(key: str) -> Ruled:
    """What ships, which a table for this key is laid over. Raises NoTable or UnknownInstrument."""
    return tables.ruled_by(key, installed.shipped(), installed.shipped_tools())


def last_of(key: str) -> StewardTable | None:
    return StewardTable.objects.filter(instrument=key).order_by("-number").first()


class Standing:
    """How a table stands, in words to translate."""

    USED = N_("used for new results")
    REPLACED = N_("a later table took its place")
    WITHDRAWN = N_("used no more")
    RESTS = N_("not used: InMind ships another edition now; check the table against it and load it anew")


def standing(table: StewardTable, last: StewardTable | None) -> str:
    """One of `Standing`. last: the latest table of the same instrument."""
    if is_withdrawn(table.withdrawn_from):
        return Standing.WITHDRAWN
    if last is not None and last.pk != table.pk:
        return Standing.REPLACED
    now = installed.shipped().get(table.instrument) or installed.shipped_tools().get(table.instrument)
    return Standing.USED if now is not None and now.edition == table.over else Standing.RESTS


def lie_over_what_ships() -> Iterator[Finding]:
    """For the doctor: a table that would be used, did another edition not ship now."""
    rests = [
        f"{last.edition} ({last.instrument}, over edition {last.over})"
        for key in StewardTable.objects.values_list("instrument", flat=True).distinct()
        if (last := last_of(key)) is not None and standing(last, last) == Standing.RESTS
    ]
    if rests:
        yield Finding(
            "cut-offs",
            Grade.HAND,
            f"Tables are not used, because InMind ships another edition now: {', '.join(rests)}.",
            "Look at each table again on the page Cut-offs, or by `inmind tables check`, and load it anew.",
        )


@action("screening.load_table")
def load(act: Act, *, instrument: str, edition: str, dated: date, table: str, before: int) -> StewardTable:
    """Keep the new rows of a table, and use it for results from now on; those that stand keep the edition they were made by.

    table: the file's text; its rows are judged here once more. before: the number of the latest table that was there when
    somebody looked at the rows, 0 for none. Raises BadInput for what cannot be taken, NotNow where another was loaded since.
    """
    ruled = ruled_by(instrument)
    rows = tables.new_rows(ruled, table)
    check_name(instrument, edition, dated, act.today())
    last = last_of(instrument)
    if (last.number if last else 0) != before:
        raise NotNow(
            N_("Somebody loaded a table for the same instrument after you looked."),
            N_("The newer one is used for new results."),
            N_("Look at the rows once more; if yours is to take its place, load it again."),
        )
    return StewardTable.objects.create(
        instrument=instrument,
        over=ruled.edition,
        edition=edition,
        dated=dated,
        number=before + 1,
        rows=[dict(row.cells) for row in rows],
        by_id=act.actor.person,
    )


def check_name(instrument: str, edition: str, dated: date, today: date) -> None:
    """Raises BadInput for a name or a date under which no table of this instrument can be loaded."""
    tables.check_edition(edition)
    if dated > today:
        raise BadInput(
            N_("This day lies in the future."), N_("A table has the date of its own edition."), field="dated"
        )
    if StewardTable.objects.filter(instrument=instrument, edition=edition).exists():
        raise BadTable(
            N_("A table called %(edition)s was loaded already."),
            N_("Its results name it, so its numbers never change."),
            N_("Give this one a name of its own."),
            field="edition",
            facts={"edition": edition},
        )


@action("screening.withdraw_table", on="table")
def withdraw(act: Act, *, table: StewardTable, since: date, why: str) -> StewardTable:
    """From a day on make no new result with a table. What was made with it stays and names it; no earlier table comes back.
    Until that day has come another one may be said: a year that was mistyped keeps no wrong cut-off in use."""
    if is_withdrawn(table.withdrawn_from):
        raise NotNow(
            N_("This table is withdrawn already."),
            N_("Results that were made with it still name it."),
            N_("Load another one if there is one."),
        )
    if since < act.today():
        raise BadInput(
            N_("This day has passed."),
            N_("What was made until today stays as it is."),
            N_("Choose today or a later day."),
            field="since",
        )
    if not text.tokens(why):
        raise BadInput(N_("The reason is missing."), N_("One sentence says why a table is used no more."), field="why")
    table.withdrawn_from, table.withdrawn_by_id = since, act.actor.person
    table.withdrawn_why = text.checked_line(why.strip(), WHY_LENGTH, field="why")
    table.save(update_fields=["withdrawn_from", "withdrawn_by", "withdrawn_why"])
    return table
