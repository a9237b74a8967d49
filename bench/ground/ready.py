"""`python -m bench.ground.ready PEOPLE`: how near so many people are, each over all categories and editions, as JSON.

Told: the milliseconds of one person with and without the database, of all the seconds, and the most memory, in MB.
`python -m bench.ground.ready PEOPLE made` makes the people; the memory of that is another process's.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from itertools import islice
from statistics import median
from typing import Any

from inmind import cli

cli.set_up()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.ground import profession  # noqa: E402
from inmind.access import guard  # noqa: E402
from inmind.association.models import Member  # noqa: E402
from inmind.endorsement import queries  # noqa: E402
from inmind.endorsement.adapters import catalog  # noqa: E402
from inmind.endorsement.readiness import readiness  # noqa: E402
from inmind.foundation import clock  # noqa: E402
from inmind.people.models import Organization  # noqa: E402

NAME = "Bench of the learned"
LONG = 60, 150  # trainings and sessions of somebody who has learned and was held for years
ROUNDS = 15


def main(people: int, made: bool) -> None:
    if made:
        began = time.perf_counter()
        there, _keeper = profession.association(people, NAME)
        some = profession.people_of(there)
        profession.learned_and_held(there, some)
        profession.learned_and_held(there, some[:6], trainings=LONG[0], sessions=LONG[1])
        if connection.vendor == "postgresql":
            with guard.permit("migrations"), connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        print(json.dumps({"made": time.perf_counter() - began}))
        return
    there = Organization.objects.get(name=NAME)
    members = Member.objects.filter(association=there).order_by("pk")
    on = clock.today(profession.ZONE)
    longest = members.values_list("person", flat=True)[1]
    has = queries.portfolios_of([longest], on)[longest]
    with CaptureQueriesContext(connection) as asked:
        queries.portfolios_of([longest], on)
    said: dict[str, Any] = {
        "alone": _median(lambda: _all_of(has, on)),
        "read": _median(lambda: queries.portfolios_of([longest], on)),
        "questions": len(asked),
        "trainings": len(has.trainings),
        "sessions": len(has.sessions),
        "editions": len(catalog.standards()),
        "before": _memory(),
    }
    began = time.perf_counter()
    count = 0
    ids = members.values_list("person", flat=True)[:people].iterator(chunk_size=1000)
    for _person, one in queries.each_portfolio(islice(ids, people), on):
        _all_of(one, on)
        count += 1
    print(json.dumps(said | {"people": count, "seconds": time.perf_counter() - began, "peak": _memory()}))


def _all_of(has: Any, on: Any) -> None:
    for edition in catalog.standards():
        readiness(edition, has, on)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _median(work: Callable[[], Any]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken)


if __name__ == "__main__":
    main(int(sys.argv[1]), "made" in sys.argv[2:])
