"""`python -m bench.ground.events SEATS …`: public trainings with so many seats taken; what the page of each takes, as JSON."""

from __future__ import annotations

import json
import sys
import time
from datetime import time as hour
from datetime import timedelta
from statistics import median
from typing import Any

from inmind import cli

cli.set_up()

from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.ground import profession  # noqa: E402
from inmind.foundation import clock  # noqa: E402
from inmind.foundation.models import keep_together  # noqa: E402
from inmind.learning.models import Credit, Registration, Training  # noqa: E402
from inmind.learning.trainings import actions  # noqa: E402
from inmind.learning.trainings.times import Said  # noqa: E402
from inmind.people.models import Person  # noqa: E402
from tests import make  # noqa: E402

ROUNDS = 40
MEETINGS = 8


def main(sizes: list[int]) -> None:
    trainings = {seats: _training(seats) for seats in sizes}
    readers = {"a visitor": Client(), "a member": make.make_worker("practitioner").client}
    asks = [(name, reader, seats) for name, reader in readers.items() for seats in sizes]
    taken: dict[str, dict[int, list[float]]] = {name: {seats: [] for seats in sizes} for name in readers}
    for _ in range(ROUNDS):
        for name, reader, seats in asks:
            taken[name][seats].append(_look(reader, trainings[seats]))
    print(json.dumps({name: [median(some[seats]) for seats in sizes] for name, some in taken.items()}))


def _training(seats: int) -> Training:
    coordinator = make.make_worker("association_coordinator")
    today = clock.today(profession.ZONE)
    meetings = [Said(today + timedelta(days=7 * n + 7), hour(9), hour(12)) for n in range(MEETINGS)]
    said = {"title": "Holding the baby in mind", "summary": "Eight mornings. " * 40, "is_public": True, "is_open": True}
    training = actions.add_training(
        coordinator.actor, association=coordinator.agency, meetings=meetings, seats=seats + 5, **said
    )
    people = [Person(given_name="Ana", family_name=f"Apellido {number}") for number in range(seats)]
    rows: list[Any] = [*people]
    rows += [Registration(training=training, person=one, state="registered", at=clock.now()) for one in people]
    rows += [Credit(training=training, licence_kind=f"License {n}", hours_hundredths=2400) for n in range(3)]
    profession.together(lambda _act: keep_together(rows))
    return training


def _look(browser: Client, training: Training) -> float:
    """The milliseconds of one look at its page."""
    began = time.perf_counter()
    answer = browser.get(reverse("training", args=(training.pk,)), headers={"host": "127.0.0.1"})
    taken = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"the page answered {answer.status_code}")
    return taken


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
