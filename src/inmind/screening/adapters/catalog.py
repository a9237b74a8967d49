"""The instruments that are installed: ours, a network's own editions laid over them, and over both a house's own tables.

Tables are kept in a database: where there is one, `house_tables.py` says by `of_the_house` how they are laid over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from inmind import environment
from inmind.foundation import loading
from inmind.foundation.catalogs import Entry
from inmind.foundation.errors import BadInput
from inmind.foundation.nearest import did_you_mean
from inmind.screening import battery_file, file_mapping, instrument_file, recorded_file, schedule_file
from inmind.screening.battery import Battery
from inmind.screening.errors import BadMapping, UnknownInstrument
from inmind.screening.file_mapping import FileMapping
from inmind.screening.instruments import Catalog, Instrument
from inmind.screening.recorded import RecordedTool, Tools
from inmind.screening.schedule import Schedule

ROOM = "screening"
SCHEDULES = "schedules"
RECORDED = "recorded"
BATTERIES = "batteries"


_kinds: tuple[type[Catalog], type[Tools]] = (Catalog, Tools)


def of_the_house(kind: type[Catalog], tools: type[Tools]) -> None:
    """Let what is installed be seen with this house's own tables."""
    global _kinds
    _kinds = (kind, tools)
    catalog.cache_clear()
    recorded.cache_clear()


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    """Every instrument, as new screens use it here. Raises as `shipped` does."""
    return _kinds[0](shipped().editions())


@lru_cache(maxsize=1)
def shipped() -> Catalog:
    """Every instrument of the files, read once. Raises BadCatalog for one that cannot be used, BadInput for a key to turn on
    that is none.
    """
    known = laid(loading.ours(ROOM), loading.laid_over(ROOM))
    setting = "INMIND_INSTRUMENTS_ON"
    keys = environment.read(setting)
    try:
        return known.switched_on(keys)
    except UnknownInstrument as fault:
        found, expected = (sentence % fault.facts for sentence in fault.sentences[:2])
        raise BadInput(f"{setting} is set to {','.join(keys)!r}. {found}", expected, "Correct it.") from fault


def laid(ours: Iterable[Entry], above: Iterable[Entry]) -> Catalog:
    """Our instruments with a network's own over them: its edition is the current one, ours stays within reach.

    An edition's numbers never change under its name, so that yesterday's score still means what it meant: a file with
    other numbers and an edition that is taken is refused. Raises BadCatalog.
    """
    editions: dict[tuple[str, str], Instrument] = {}
    sheets: list[tuple[Entry, Instrument]] = []
    for layer in (ours, above):
        read = [(sheet, instrument_file.load(sheet)) for sheet in layer]
        for sheet, instrument in sorted(read, key=lambda pair: pair[1].dated):
            known = editions.pop((instrument.key, instrument.edition), instrument)
            if known != instrument:
                raise sheet.mapping()["edition"].wrong(
                    f"{instrument.known_by} is taken by other rules; give these an edition of their own"
                )
            editions[instrument.key, instrument.edition] = instrument
        sheets += read
    for sheet, instrument in sheets:
        _check_named(sheet, instrument, {key for key, _ in editions})
    return Catalog(editions.values())


def _check_named(sheet: Entry, instrument: Instrument, known: set[str]) -> None:
    """The instruments that one leads to or follows are there, or a page would lead nowhere. Raises BadCatalog."""
    named = {"full_length": instrument.full_length}
    if instrument.follows is not None:
        named["follows"] = (instrument.follows.instrument,)
    for field, keys in named.items():
        for key in keys:
            if key not in known:
                raise sheet.mapping()[field].wrong(f"there is no instrument {key}")


@lru_cache(maxsize=1)
def recorded() -> Tools:
    """The licensed tools of which only the result is recorded, as new results use them here. Raises BadCatalog."""
    return _kinds[1](shipped_tools().editions())


@lru_cache(maxsize=1)
def shipped_tools() -> Tools:
    """The licensed tools of the files, read once; a network's own stand in for ours. Raises BadCatalog."""
    return laid_tools([*loading.ours(ROOM, f"catalog/{RECORDED}"), *loading.laid_over(f"{ROOM}/{RECORDED}")])


def laid_tools(sheets: Iterable[Entry]) -> Tools:
    """The tools of some files: a later one is the current one, under an edition of its own. Raises BadCatalog."""
    editions: dict[tuple[str, str], RecordedTool] = {}
    for sheet in sheets:
        tool = recorded_file.load(sheet)
        if editions.pop((tool.key, tool.edition), tool) != tool:
            raise sheet.mapping()["edition"].wrong(
                f"{tool.known_by} is taken by other rules; give these an edition of their own"
            )
        editions[tool.key, tool.edition] = tool
    return Tools(editions.values())


@lru_cache(maxsize=1)
def batteries() -> Mapping[str, Battery]:
    """Those that are given as one, by age form, read once; a network's own stand in for ours. Raises BadCatalog."""
    sheets = [*loading.ours(ROOM, f"catalog/{BATTERIES}"), *loading.laid_over(f"{ROOM}/{BATTERIES}")]
    return {one.key: one for one in (battery_file.load(sheet, shipped()) for sheet in sheets)}


@lru_cache(maxsize=1)
def schedule() -> Schedule:
    """When which screen is asked for, read once: a network's own file stands in for ours. Raises BadCatalog."""
    return scheduled(loading.ours(ROOM, f"catalog/{SCHEDULES}"), loading.laid_over(f"{ROOM}/{SCHEDULES}"))


def scheduled(ours: Iterable[Entry], above: Iterable[Entry]) -> Schedule:
    """The one schedule: the last of a network's own, else ours. Every file is read, so that a bad one is refused."""
    own = [schedule_file.load(sheet) for sheet in ours]
    laid_over = [replace(schedule_file.load(sheet), is_ours=False) for sheet in above]
    return [*own, *laid_over][-1]


def mapping(name: str, instrument: Instrument) -> FileMapping:
    """A mapping by its file, or by its name among those we ship. Raises BadMapping or BadCatalog."""
    return file_mapping.load(_sheet(name), instrument)


def instrument_of(name: str) -> str:
    """The key of the instrument that a mapping is for. Raises as `mapping` does, and for one that is not here."""
    sheet = _sheet(name)
    key, known = file_mapping.instrument_of(sheet), [*catalog(), *recorded()]
    if key not in known:
        asked = did_you_mean(key, known) or f"Known are {', '.join(sorted(known))}."
        raise sheet.mapping()["instrument"].wrong(f"there is no instrument {key}. {asked.rstrip()}")
    return key


def language_of(name: str) -> str:
    """The language of the answers that a mapping is for; nothing where it does not say. Raises as `mapping` does."""
    return file_mapping.language_of(_sheet(name))


def _sheet(name: str) -> Entry:
    if Path(name).is_file():
        return loading.read(Path(name))
    shipped = {Path(sheet.file).stem: sheet for sheet in loading.ours(ROOM, "mappings")}
    if name not in shipped:
        ours = f"Name a file, or one of ours: {', '.join(sorted(shipped))}."
        raise BadMapping(f"There is no mapping file {name}.", did_you_mean(name, shipped) + ours)
    return shipped[name]
