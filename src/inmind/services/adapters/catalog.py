"""The programs and questions that are installed: ours, and a network's own laid over them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from inmind.foundation import loading
from inmind.foundation.catalogs import Entry
from inmind.services.early import clocks
from inmind.services.early.clocks import Clocks
from inmind.services.finder import wonders
from inmind.services.finder.wonders import Wonders
from inmind.services.fitting import beside, program_file, questions
from inmind.services.fitting import readings as bounds
from inmind.services.fitting.beside import NotAtOnce
from inmind.services.fitting.eligibility import Readings
from inmind.services.fitting.program import Program
from inmind.services.fitting.questions import Question
from inmind.services.listings import counties
from inmind.services.listings.counties import County

ROOM = "services"
PROGRAMS = "programs"
RULES = "rules"
PLACES = "places"


@lru_cache(maxsize=1)
def asked() -> Mapping[str, Question]:
    """What may be asked of a family, by key: ours, and those a network adds. Raises BadCatalog."""
    found: dict[str, Question] = {}
    for sheet in [*loading.ours(ROOM), *loading.laid_over(ROOM)]:
        found |= questions.load(sheet)
    return found


@lru_cache(maxsize=1)
def programs() -> Mapping[str, Program]:
    """Every program by key; a network's own file with the same key stands in for ours. Raises BadCatalog."""
    sheets = [*loading.ours(ROOM, f"catalog/{PROGRAMS}"), *loading.laid_over(f"{ROOM}/{PROGRAMS}")]
    known = frozenset(asked())
    return {one.key: one for one in (program_file.load(sheet, known) for sheet in sheets)}


@lru_cache(maxsize=1)
def early_intervention() -> Clocks:
    """The clocks of early intervention: ours, or a network's own. Raises BadCatalog."""
    return clocks.load(_by_key(RULES)["early_intervention"])


@lru_cache(maxsize=1)
def not_at_once() -> tuple[NotAtOnce, ...]:
    """What a family is not enrolled in at once: our table, or a network's own. Raises BadCatalog."""
    return beside.load(_by_key(RULES)["together"])


@lru_cache(maxsize=1)
def wondered() -> Wonders:
    """What the finder asks and where it leads: ours, or a network's own. Raises BadCatalog."""
    categories = {key: one.category for key, one in programs().items()}
    return wonders.load(_by_key(RULES)["wonders"], categories, frozenset(asked()))


@lru_cache(maxsize=1)
def readings() -> Readings:
    """How ambiguous bounds are read: as nobody has set them, or a network's own. Raises BadCatalog."""
    return bounds.load(_by_key(RULES)["readings"], programs())


@lru_cache(maxsize=1)
def known_counties() -> Mapping[str, County]:
    """Counties by code: ours, or a network's own file. Raises BadCatalog."""
    return counties.load(_by_key(PLACES)["counties"])


def _by_key(folder: str) -> Mapping[str, Entry]:
    sheets = [*loading.ours(ROOM, f"catalog/{folder}"), *loading.laid_over(f"{ROOM}/{folder}")]
    return {_key(sheet): sheet for sheet in sheets}


def _key(sheet: Entry) -> str:
    said = sheet.mapping()
    if "key" not in said:
        raise sheet.wrong("`key` is missing")
    return said["key"].text()
