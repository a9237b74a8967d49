"""The programs and questions that are installed: ours, and a network's own laid over them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from inmind.foundation import loading
from inmind.foundation.catalogs import Entry
from inmind.services import beside, program_file, questions
from inmind.services import early_intervention as clocks
from inmind.services.beside import NotAtOnce
from inmind.services.early_intervention import Clocks
from inmind.services.program import Program
from inmind.services.questions import Question

ROOM = "services"
PROGRAMS = "programs"
RULES = "rules"


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
    return clocks.load(_rules()["early_intervention"])


@lru_cache(maxsize=1)
def not_at_once() -> tuple[NotAtOnce, ...]:
    """What a family is not enrolled in at once: our table, or a network's own. Raises BadCatalog."""
    return beside.load(_rules()["together"])


def _rules() -> Mapping[str, Entry]:
    sheets = [*loading.ours(ROOM, f"catalog/{RULES}"), *loading.laid_over(f"{ROOM}/{RULES}")]
    return {_key(sheet): sheet for sheet in sheets}


def _key(sheet: Entry) -> str:
    said = sheet.mapping()
    if "key" not in said:
        raise sheet.wrong("`key` is missing")
    return said["key"].text()
