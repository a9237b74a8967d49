"""Taking 10,000 people in from a sheet, 5% of them twice and 2% with an error, beside a plain bulk insert of as many.

Ours reads the sheet, compares each row with the rows before it and with who is kept, gives each its verdict, registers
families with their relationships and episodes, lists names and keys, and writes the trail.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.ground.houses import ENGINES, asked, demonstration
from bench.measured import Measured

PEOPLE = 10_000
SECONDS = 60


def measure() -> Iterator[Measured]:
    for engine in ENGINES:
        said = asked(demonstration(engine, 24), "taken", str(PEOPLE))
        what = f"take {PEOPLE:,} people in, {said['same'] + said['doubtful']} twice, {said['refused']} wrong, {ENGINES[engine]}"
        yield Measured(what, said["ours"], "s", at_most=SECONDS)
        yield Measured(what, said["ours"], "s", said["plain"], "plain bulk insert")
