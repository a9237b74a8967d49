"""Minutes of a training shared among competency areas, for who attended a part of it. Pure.

Which part somebody missed is not known area by area, so each area has the same share of it: ours, and said so. Minutes stay
whole, and together they are never more than the same share of all areas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


def share(of: Mapping[str, int], attended: int, whole: int) -> dict[str, int]:
    """The areas' minutes of a training for somebody who attended so many of its minutes.

    Rounded down, and what is left over goes to the areas that lost most by it. Areas without a minute are left out.
    Raises ValueError where somebody attended more than there was.
    """
    if not 0 <= attended <= whole or whole <= 0:
        raise ValueError(f"{attended} of {whole} minutes")
    # In whole numbers: each area's minutes times those attended are that many of `whole`.
    given = {key: minutes * attended // whole for key, minutes in of.items()}
    lost = {key: minutes * attended % whole for key, minutes in of.items()}
    left = sum(lost.values()) // whole
    for key in sorted(lost, key=lambda one: (-lost[one], one))[:left]:
        given[key] += 1
    return {key: minutes for key, minutes in given.items() if minutes}


def added(several: list[dict[str, int]]) -> dict[str, int]:
    """Minutes by area of several together."""
    total: dict[str, int] = {}
    for one in several:
        for key, minutes in one.items():
            total[key] = total.get(key, 0) + minutes
    return total


def in_hours(minutes: int) -> str:
    """Minutes as hours, as certificates say them: `2`, `2.5`, `1.75`, and `1.42` where they are no quarter (rounded down)."""
    hundredths = minutes * 100 // 60
    return f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Part:
    """Some minutes of what was attended, all of them about the same: tags (`giving_rsc`, `equity`), and minutes by area."""

    minutes: int
    tags: frozenset[str]
    domains: Mapping[str, int]


def parts(minutes: int, tagged: Mapping[str, int], domains: Mapping[str, int]) -> list[Part]:
    """What was attended, cut so that each minute has its tags. tagged: how many of the minutes have each of at most two tags.

    Two tags share minutes only where there are not enough for both. The areas' minutes are shared among the parts.
    """
    (one, first), (other, second) = (*tagged.items(), ("", 0), ("", 0))[:2]
    both = max(0, first + second - minutes)
    sizes = {
        frozenset({one, other}): both,
        frozenset({one}): first - both,
        frozenset({other}): second - both,
        frozenset[str](): minutes - first - second + both,
    }
    sizes = {tags: size for tags, size in sizes.items() if size}
    cut: list[Part] = []
    left, over = dict(domains), minutes
    for tags, size in sizes.items():
        shared = share(left, size, over)
        left = {key: count - shared.get(key, 0) for key, count in left.items()}
        over -= size
        cut.append(Part(size, tags, shared))
    return cut
