"""Many at once: the last seat is given once, and nobody stands in anybody's way. On both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from inmind.foundation.errors import InMindError
from inmind.foundation.forms import fresh_key
from inmind.learning.models import Registration
from inmind.learning.trainings import seat_actions as seats
from inmind.learning.trainings.seats import HOLDS, State
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def together(work: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each answers, or the refusal it was told; all begin in one moment."""
    tasks = list(work)
    start = Barrier(len(tasks), timeout=60)

    def one(task: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return task()
        except InMindError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(one, tasks))


def taking(training: Any, worker: make.Worker, key: str = "") -> Callable[[], Any]:
    actor, named = worker.actor, key or fresh_key()
    return lambda: seats.take_seat(actor, key=named, training=training)


def giving_up(training: Any, worker: make.Worker) -> Callable[[], Any]:
    actor = worker.actor
    return lambda: seats.give_up_seat(actor, key=fresh_key(), training=training)


def test_of_fifty_who_take_the_last_seat_one_has_it_and_the_others_wait() -> None:
    training = make.make_training(seats=1)
    people = [make.make_worker("practitioner") for _ in range(50)]
    said = together(taking(training, one) for one in people)
    assert not [one for one in said if isinstance(one, InMindError)]
    rows = Registration.objects.filter(training=training)
    assert rows.filter(state=State.REGISTERED).count() == 1
    assert rows.filter(state=State.WAITING).count() == 49


def test_clicked_twice_in_one_moment_it_is_one_seat() -> None:
    training = make.make_training(seats=5, cents_member=4000, cents_other=4000)
    luz, key = make.make_worker("practitioner"), fresh_key()
    said = together([taking(training, luz, key), taking(training, luz, key), taking(training, luz)])
    assert len({one.pk for one in said}) == 1
    assert len({one.invoice for one in Registration.objects.filter(training=training)}) == 1


def test_some_give_up_while_others_come_and_every_seat_is_counted() -> None:
    training = make.make_training(seats=5)
    people = [make.make_worker("practitioner") for _ in range(20)]
    for one in people[:10]:
        seats.take_seat(one.actor, training=training)
    leave = [giving_up(training, one) for one in people[:8]]
    together([*leave, *(taking(training, one) for one in people[10:])])
    rows = Registration.objects.filter(training=training)
    assert rows.filter(state__in=HOLDS).count() == 5
    assert rows.filter(state=State.CANCELLED).count() == 8
    assert rows.filter(state=State.WAITING).count() == 20 - 8 - 5
