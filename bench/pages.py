"""Today, a family's page, a screening form and registering a family by eight workers at once, among 100,000 people.

Each beside an empty page of the same house, by the same workers in the same sessions: middleware, roles, frame and
navigation are those of every page. And beside the same page among ten thousand people, which should take as long: a
page costs what is on it. All kinds are asked for in turns, so that other work on the machine is shared by all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import Any

from bench.ground.clients import User, each_timed
from bench.ground.houses import ENGINES, asked, demonstration, served
from bench.measured import Measured
from bench.search import FEW, MANY
from tests.journeys.installation import House

USERS = 8
ROUNDS = 5
LOOKS = 4  # at each kind of page, by each user in a round
EMPTY = "an empty page"
TIMES = 4  # an empty page

Times = dict[str, list[float]]


def measure() -> Iterator[Measured]:
    for engine in ENGINES:
        yield from _on(engine)


def _on(engine: str) -> Iterator[Measured]:
    (few, small), (many, large) = (_taken(demonstration(engine, families)) for families in (FEW, MANY))
    for kind in large:
        if kind == EMPTY:
            continue
        what = f"{kind}, {USERS} users, {many:,} people, {ENGINES[engine]}"
        yield Measured(f"{what}, p50", median(large[kind]), "ms", median(large[EMPTY]), EMPTY, at_most=TIMES)
        yield Measured(f"{what}, p95", _p95(large[kind]), "ms", _p95(large[EMPTY]), EMPTY)
        # A machine is not as busy at one time as at another: how much longer than the empty page of that time.
        grown = (median(one[kind]) / median(one[EMPTY]) for one in (large, small))
        yield Measured(f"{what}, grown", next(grown), "empty pages", next(grown), f"{few:,} people", at_most=1.5)


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def _taken(house: House) -> tuple[int, Times]:
    """How many people there are, and the milliseconds that each kind of page took."""
    ready = asked(house, "readers", str(USERS), str(ROUNDS * LOOKS))
    taken: Times = {}
    with served(house) as port:
        readers = [(User(port, reader["session"]), reader) for reader in ready["readers"]]
        for user, _reader in readers:
            user.look("/today/")
        for turn in range(ROUNDS):
            for kind, ask in _kinds().items():
                some = range(turn * LOOKS, (turn + 1) * LOOKS)
                times = each_timed([[ask(user, reader, number) for number in some] for user, reader in readers])
                taken.setdefault(kind, []).extend(times)
    return ready["people"], taken


def _kinds() -> dict[str, Callable[[User, Any, int], Callable[[], None]]]:
    """Each kind of page, with what asks for it once."""

    def looks(path: Callable[[Any, int], str]) -> Callable[[User, Any, int], Callable[[], None]]:
        return lambda user, reader, number: lambda: user.look(path(reader, number))

    return {
        EMPTY: looks(lambda reader, number: "/empty/"),
        "Today": looks(lambda reader, number: "/today/"),
        "a family's page": looks(lambda reader, number: f"/families/{reader['families'][number]}/"),
        "a screening form": looks(lambda reader, number: f"/screens/{reader['screen']}/answers/"),
        "the form to register a family": looks(lambda reader, number: "/families/new/"),
        "registering a family": lambda user, reader, number: (
            lambda: user.send("/families/new/", reader["forms"][number])
        ),
    }
