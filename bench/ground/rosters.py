"""`python -m bench.ground.rosters MEMBERS`: an association of so many members; what each way into their list takes, as JSON.

Beside it what a usual list takes behind the same door: counted, cut by offset, names found anywhere in them.
"""

from __future__ import annotations

import json
import sys
import time
from statistics import median
from typing import Any
from urllib.parse import urlencode

from inmind import cli

cli.set_up()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.ground import profession  # noqa: E402
from bench.ground.profession import LABEL, RARE  # noqa: E402
from inmind.access import guard  # noqa: E402
from inmind.association import queries  # noqa: E402
from inmind.association.models import Level, Member  # noqa: E402
from tests import make  # noqa: E402

ROUNDS = 15
FAR = 0.7  # of the way through the list


def main(members: int) -> None:
    began = time.perf_counter()
    there, keeper = profession.association(members)
    built = time.perf_counter() - began
    if connection.vendor == "postgresql":
        with guard.permit("migrations"), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    far = Member.objects.filter(association=there).order_by("sorts_as", "pk")[int(members * FAR)]
    level = Level.objects.filter(association=there).order_by("key")[0]
    agency = queries.agencies_of(there)[0][0]
    asks: dict[str, tuple[str, dict[str, Any]]] = {
        "the first page": ("members", {}),
        "a far page": ("members", {"after": far.sorts_as, "id": far.pk}),
        "a common name": ("members", {"q": "maria"}),
        "a common name at a level": ("members", {"q": "garcia", "level": level.pk}),
        "a rare name": ("members", {"q": RARE}),
        "nobody's name": ("members", {"q": "zzyzx"}),
        "of a level": ("members", {"level": level.pk}),
        "in grace": ("members", {"state": "grace"}),
        "paid, of a level": ("members", {"state": "active", "level": level.pk}),
        "lapsed, of a name": ("members", {"state": "lapsed", "q": "an"}),
        "of an agency": ("members", {"agency": agency}),
        "of a label": ("members", {"label": LABEL}),
        "whom no letter reaches": ("members", {"look": "letter"}),
        "whom no letter reaches, of a common name": ("members", {"look": "letter", "q": "maria"}),
        "plain: the first page": ("plain_members", {}),
        "plain: a far page": ("plain_members", {"page": int(members * FAR) // 50}),
        "plain: a common name": ("plain_members", {"q": "maria"}),
        "plain: nobody's name": ("plain_members", {"q": "zzyzx"}),
        "an empty page": ("empty", {}),
    }
    browser = make.signed_in(keeper, HTTP_HOST="127.0.0.1")
    with override_settings(ROOT_URLCONF="bench.ground.pages"):
        taken, questions = _taken(browser, asks)
    print(json.dumps({"members": members, "built": built, "taken": taken, "questions": questions}))


def _taken(browser: Client, asks: dict[str, tuple[str, dict[str, Any]]]) -> tuple[dict[str, float], dict[str, int]]:
    """The milliseconds of each, all asked in turns; and its questions to the database."""
    taken: dict[str, list[float]] = {}
    questions = {}
    for name, (route, said) in asks.items():
        with CaptureQueriesContext(connection) as asked:
            _look(browser, route, said)
        questions[name] = len(asked)
    for _ in range(ROUNDS):
        for name, (route, said) in asks.items():
            began = time.perf_counter()
            _look(browser, route, said)
            taken.setdefault(name, []).append((time.perf_counter() - began) * 1000)
    return {name: median(some) for name, some in taken.items()}, questions


def _look(browser: Client, route: str, said: dict[str, Any]) -> None:
    answer = browser.get(f"{reverse(route)}?{urlencode(said)}")
    if answer.status_code != 200:
        raise RuntimeError(f"{route} answered {answer.status_code}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
