"""Counts of what people said of themselves, so that a count betrays nobody. Pure.

A group of fewer than five is not shown. Where only one group would be hidden, whoever knows the sum could find it by
subtraction: then the next smallest is hidden as well. Source of the number five: `protect.md` 13 (counts of five or more).
"""

from __future__ import annotations

from collections.abc import Mapping

FEWEST = 5


def shown(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Each group with its count, or None where it is hidden. A group of nobody is nobody's secret, unless it would point at
    the one that is hidden."""
    hidden = {key for key, count in counts.items() if 0 < count < FEWEST}
    if len(hidden) == 1:
        others = sorted((count, key) for key, count in counts.items() if count >= FEWEST)
        hidden |= {key for _count, key in others[:1]}
    return {key: None if key in hidden else count for key, count in counts.items()}
