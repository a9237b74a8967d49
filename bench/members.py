"""The list of an association's members and its search, as the page answers it: policy, query and template, at 100,000 members.

Each way into the list beside the same among a thousand, which should take as long. Where a usual list answers the same (counted,
cut by offset, names found anywhere), beside that too, behind the same door and in the same frame.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.ground.houses import ENGINES, asked, demonstration
from bench.measured import Measured

FEW, MANY = 1_000, 100_000
MILLISECONDS = 60
TIMES = 2.5  # than among a thousand, where less is found
PLAIN = "plain: "


def measure() -> Iterator[Measured]:
    for engine in ENGINES:
        house = demonstration(engine, 24)
        small, large = (asked(house, "rosters", str(members)) for members in (FEW, MANY))
        yield Measured(f"make {MANY:,} members, {ENGINES[engine]}", large["built"], "s")
        for kind, taken in large["taken"].items():
            what = f"members, {kind}, of {MANY:,}, {ENGINES[engine]}, p50"
            if kind.startswith(PLAIN):
                ours = large["taken"][kind.removeprefix(PLAIN)]
                what = f"members, {kind.removeprefix(PLAIN)}, of {MANY:,}, {ENGINES[engine]}, p50"
                yield Measured(what, ours, "ms", taken, "a usual list", at_most=1.5)
                continue
            yield Measured(what, taken, "ms", at_most=MILLISECONDS)
            yield Measured(what, taken, "ms", small["taken"][kind], f"of {FEW:,}", at_most=TIMES)
