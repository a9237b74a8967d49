"""The hand-outs that are installed: ours, and a network's own laid over them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from inmind.foundation import loading
from inmind.services.plans import handout_file
from inmind.services.plans.handout import Handout

FOLDER = "handouts"


@lru_cache(maxsize=1)
def handouts() -> Mapping[str, Handout]:
    """Every hand-out by key; a network's own file with the same key stands in for ours. Raises BadCatalog."""
    sheets = [*loading.ours("services", f"catalog/{FOLDER}"), *loading.laid_over(f"services/{FOLDER}")]
    return {one.key: one for one in map(handout_file.load, sheets)}
