"""Pages of what is due, among a hundred thousand people: what one takes of the processors, the database's share too, and whether
a plan reads a big table whole.

Nothing is worked out beforehand: a page costs what its own families cost, wherever in the list it stands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bench.ground.houses import ENGINES, asked, demonstration
from bench.measured import Measured
from bench.search import MANY

A_PAGE = 0.4  # seconds
REFERRALS = 0.06  # ten thousand of them
A_SEARCH = 2.0  # through as many families as one page looks at


def measure() -> Iterator[Measured]:
    for engine in ENGINES:
        for one in asked(demonstration(engine, MANY), "worklists"):
            for question in one["whole"]:
                print(f"{one['page']}: {question}", file=sys.stderr)
            limit = A_SEARCH if "search" in one["page"] else REFERRALS if "referrals" in one["page"] else A_PAGE
            yield Measured(f"{one['page']}, {ENGINES[engine]}", one["seconds"], "s", at_most=limit)
            yield Measured(
                f"read whole for {one['page']}, {ENGINES[engine]}", len(one["whole"]), "big tables", at_most=0
            )
