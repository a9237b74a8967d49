"""The competency domains that are installed: ours, or a network's own file laid over them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from inmind.foundation import loading
from inmind.learning.trainings import competency
from inmind.learning.trainings.competency import Domain

ROOM = "learning"


@lru_cache(maxsize=1)
def domains() -> Mapping[str, Domain]:
    """The domains by key, in their order. Raises BadCatalog."""
    found: dict[str, Domain] = {}
    for sheet in [*loading.ours(ROOM), *loading.laid_over(ROOM)]:
        found |= competency.load(sheet)
    return found
