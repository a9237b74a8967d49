"""How near people are to an endorsement, over all categories and editions: one who has learned for years, and ten thousand.

Of one person with what is read of the database; of many the most memory that was held, which does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.ground.houses import ENGINES, asked, demonstration
from bench.measured import Measured

FEW, MANY = 1_000, 10_000
MILLISECONDS, MEGABYTES = 20, 50


def measure() -> Iterator[Measured]:
    for engine in ENGINES:
        house = demonstration(engine, 24)
        asked(house, "ready", str(MANY), "made")
        few, many = (asked(house, "ready", str(people)) for people in (FEW, MANY))
        known = f"{many['trainings']} trainings, {many['sessions']} sessions, {many['editions']} editions"
        what = f"readiness of one person, {known}, {ENGINES[engine]}, p50"
        yield Measured(what, many["alone"] + many["read"], "ms", at_most=MILLISECONDS)
        yield Measured(f"{what}, without the database", many["alone"], "ms")
        what = f"readiness of {many['people']:,} people, {ENGINES[engine]}"
        yield Measured(what, many["seconds"], "s")
        yield Measured(f"{what}, the most memory", many["peak"], "MB", few["peak"], f"{FEW:,} people", at_most=1.2)
        yield Measured(f"{what}, memory more than before", many["peak"] - many["before"], "MB", at_most=MEGABYTES)
