"""`python -m bench.ground.searches USERNAME …`: how many milliseconds the search page takes each of them, as JSON."""

from __future__ import annotations

import json
import sys
import time
from random import Random
from statistics import median

from inmind import cli

cli.set_up()

from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from inmind.access.models import Account  # noqa: E402
from inmind.families.invented import FAMILY, GIVEN  # noqa: E402
from inmind.foundation.text import folded  # noqa: E402
from inmind.people.models import Person  # noqa: E402
from tests import make  # noqa: E402

ROUNDS = 30


def main(usernames: list[str]) -> None:
    slowest = {username: _slowest(make.signed_in(_account(username), HTTP_HOST="127.0.0.1")) for username in usernames}
    print(json.dumps({"people": Person.objects.count(), "slowest": slowest}))


def _account(username: str) -> Account:
    return Account.objects.get(username=username)


def _slowest(browser: Client) -> float:
    """The median of the kind of words that takes longest."""
    random = Random(1)
    taken: dict[str, list[float]] = {}
    _search(browser, "a first one, so that everything is loaded")
    for _ in range(ROUNDS):
        for kind, words in _kinds(random.choice(GIVEN), random.choice(FAMILY)).items():
            taken.setdefault(kind, []).append(_search(browser, words))
    return max(median(some) for some in taken.values())


def _kinds(given: str, family: str) -> dict[str, str]:
    return {
        "a letter": given[:1],
        "the beginning of a name": given[:3],
        "a name without its accents": folded(family),
        "a whole name": f"{given} {family}",
        "the beginnings of two names": f"{given[:2]} {family[:3]}",
        "nobody's name": "zzyzx",
    }


def _search(browser: Client, words: str) -> float:
    started = time.perf_counter()
    answer = browser.post(reverse("families"), {"words": words})
    taken = (time.perf_counter() - started) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"the search answered {answer.status_code}")
    return taken


if __name__ == "__main__":
    main(sys.argv[1:])
