"""The public page of a training, of eight meetings, with five seats taken and with five hundred: to a visitor and to a member."""

from __future__ import annotations

from collections.abc import Iterator

from bench.ground.houses import ENGINES, asked, demonstration
from bench.measured import Measured

FEW, MANY = 5, 500
MILLISECONDS = 30


def measure() -> Iterator[Measured]:
    for engine in ENGINES:
        for reader, (few, many) in asked(demonstration(engine, 24), "events", str(FEW), str(MANY)).items():
            what = f"a training's page, {reader}, {MANY} seats taken, {ENGINES[engine]}, p50"
            yield Measured(what, many, "ms", at_most=MILLISECONDS)
            yield Measured(what, many, "ms", few, f"{FEW} taken", at_most=1.5)
