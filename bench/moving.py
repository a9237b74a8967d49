"""Moving 10,000 members in from the export of another product: each row looked at, then taken in, with a trail."""

from __future__ import annotations

from collections.abc import Iterator

from bench.ground.houses import ENGINES, asked, demonstration
from bench.measured import Measured

CONTACTS = 10_000
SECONDS = 60


def measure() -> Iterator[Measured]:
    for engine in ENGINES:
        said = asked(demonstration(engine, 24), "moved", str(CONTACTS))
        what = f"move {CONTACTS:,} members in, {said['doubtful']} doubtful, {ENGINES[engine]}"
        yield Measured(what, said["ours"], "s", at_most=SECONDS)
