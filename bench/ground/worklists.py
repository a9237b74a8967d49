"""`python -m bench.ground.worklists`: the seconds and questions that pages of what is due cost in this house, as JSON."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from inmind import cli

cli.set_up()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.ground.lists import _actor, _big_tables, _read_whole  # noqa: E402
from inmind.access import guard  # noqa: E402
from inmind.screening import due  # noqa: E402
from inmind.screening.schedule import State  # noqa: E402

OPEN = (State.OVERDUE, State.DUE)
TIMES = 7


def main() -> None:
    if connection.vendor == "postgresql":
        with guard.permit("migrations"), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    big = _big_tables()
    print(json.dumps([_measured(name, ask, big) for name, ask in _pages().items()]))


def _pages() -> dict[str, Callable[[], Any]]:
    visitor, supervisor = _actor("luz"), _actor("okafor")

    def page(actor: Any, states: tuple[State, ...], **where: Any) -> Callable[[], Any]:
        return lambda: due.page(actor, due.episodes_of(actor), states, **where)

    deep: dict[str, Any] = {}
    for _ in range(8):
        deep = page(supervisor, OPEN, **deep)().following or deep
    return {
        "what is due, a home visitor's first page": page(visitor, OPEN),
        "what is due, an agency's first page": page(supervisor, OPEN),
        "what is due, an agency's ninth page": page(supervisor, OPEN, **deep),
        "what is found nowhere, a whole search": page(supervisor, (State.DONE,)),
    }


def _measured(name: str, ask: Callable[[], Any], big: set[str]) -> dict[str, Any]:
    ask()
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    with CaptureQueriesContext(connection) as questions:
        ask()
    whole = [f"{', '.join(sorted(read & big))} by {sql}" for sql, read in _read_whole(ask) if read & big]
    return {"page": name, "seconds": statistics.median(took), "questions": len(questions), "whole": whole}


if __name__ == "__main__":
    main()
