"""The manual and the suggestions that are installed: ours, and a network's own laid over the manual."""

from __future__ import annotations

from functools import lru_cache

from inmind.diagnosis import crosswalk_file, manual_file
from inmind.diagnosis.crosswalk import Suggestion
from inmind.diagnosis.manual import Manual
from inmind.foundation import loading

ROOM = "diagnosis"


@lru_cache(maxsize=1)
def manual() -> Manual:
    """The manual's structure: a network's own file, where there is one, else ours. Raises BadCatalog."""
    return manual_file.load([*loading.ours(ROOM), *loading.laid_over(ROOM)][-1])


@lru_cache(maxsize=1)
def suggestions() -> tuple[Suggestion, ...]:
    """What ships beside the manual, for reading only. Raises BadCatalog."""
    sheets = loading.ours(ROOM, "catalog/crosswalk")
    return tuple(one for sheet in sheets for one in crosswalk_file.load(sheet, manual().disorders))
