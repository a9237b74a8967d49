"""The lists that begin with `policy.visible`, among a hundred thousand people: which big tables their plans read whole.

Each list is asked for as the product asks for it; every question that reaches the database is explained by the engine
itself. PostgreSQL has its statistics; SQLite plans without any, as it does in an installation.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bench.ground.houses import ENGINES, asked, demonstration
from bench.measured import Measured
from bench.search import MANY


def measure() -> Iterator[Measured]:
    for engine in ENGINES:
        for each in asked(demonstration(engine, MANY), "lists"):
            for question in each["questions"]:
                print(f"{each['list']}: {question}", file=sys.stderr)
            what = f"read whole for {each['list']}, {ENGINES[engine]}"
            yield Measured(what, len(each["questions"]), "big tables", at_most=0)
