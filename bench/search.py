"""Search by name as its page answers it: policy, query, trail and template, among ten and a hundred thousand people.

Judged by the kind of words that takes longest. By a home visitor, who is searched for among her own families, and by a
supervisor, who reaches three quarters of all people. Both networks are asked in turns, the better one of two counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.ground.houses import ENGINES, asked, demonstration
from bench.measured import Measured

FEW, MANY = 4_200, 42_000  # families, of about 2.4 people each
TURNS = 2
READERS = {"luz": "a home visitor", "okafor": "a supervisor"}


def measure() -> Iterator[Measured]:
    for engine in ENGINES:
        yield from _on(engine)


def _on(engine: str) -> Iterator[Measured]:
    houses = demonstration(engine, FEW), demonstration(engine, MANY)
    turns = [[asked(house, "searches", *READERS) for house in houses] for _ in range(TURNS)]
    (few, many) = (here["people"] for here in turns[0])
    for username, reader in READERS.items():
        small, large = (min(turn[size]["slowest"][username] for turn in turns) for size in (0, 1))
        what = f"search by {reader}, {many:,} people, {ENGINES[engine]}"
        yield Measured(what, large, "ms", at_most=50)
        yield Measured(what, large, "ms", small, f"{few:,} people", at_most=2)
