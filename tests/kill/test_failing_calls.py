"""The database fails at one call of an action, each in turn, or at its commit: nothing is left, and it can be done again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, models

from inmind.access import guard
from inmind.families import actions as families
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import Dyad
from inmind.screening import actions as screening
from inmind.screening.models import Screen
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


class Failing:
    """Lets so many calls through and fails the next one; without a number it counts them."""

    def __init__(self, after: int | None = None) -> None:
        self.after, self.calls, self.failed_at = after, 0, ""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.calls == self.after and not self.failed_at:
            self.failed_at = sql
            raise OperationalError("the disk is full")
        self.calls += 1
        return execute(sql, params, many, context)


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Each row of each table of ours as it lies."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("inmind.")]
    return {model._meta.db_table: rows(model) for model in ours}


def rows(model: type[models.Model]) -> list[tuple[Any, ...]]:
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"')
        return [tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in cursor.fetchall()]


def registering() -> tuple[Callable[[], object], Callable[[], object]]:
    luz = make.make_worker()
    child = ChildFacts("Mateo", "Ñúñez", make.born(age_months=6))
    adults = (AdultFacts("María", "Ñúñez", "mother", phone="555 0100", phone_is_safe=True),)
    actor, agency = luz.actor, luz.agency
    return (
        lambda: families.register(actor, key="one", organization=agency, child=child, adults=adults),
        lambda: Dyad.objects.get().episodes.get().participations.count() == 2,
    )


def finishing() -> tuple[Callable[[], object], Callable[[], object]]:
    """A crisis answer is the last one: flag, task and letter go with it or it is not kept."""
    family = make.make_family()
    screen = make.make_screen(family, answers={}, finished=False)
    actor, answers = family.by.actor, make.calm_answers("epds", epds_10=1)
    return (
        lambda: screening.finish(actor, key="one", version=screen.version, screen=screen, answers=answers),
        lambda: Screen.objects.get().state == "complete" and Task.objects.get().red,
    )


def closing() -> tuple[Callable[[], object], Callable[[], object]]:
    _, task = make.make_crisis()
    actor = make.Worker(task.owner.account, task.organization).actor
    return (
        lambda: tasks.close(actor, key="one", version=task.version, task=task, done="Called her; she is safe."),
        lambda: Task.objects.get().done == "Called her; she is safe.",
    )


@pytest.mark.parametrize("begin", [registering, finishing, closing])
def test_whichever_call_fails_nothing_is_left_and_the_action_can_be_done_again(begin: Any) -> None:
    """Every statement of the action is failed once, the policy's questions and the savepoints' ends included."""
    do, is_done = begin()
    before = contents()
    failed: list[str] = []
    while True:
        failing = Failing(after=len(failed))
        with connection.execute_wrapper(failing):
            try:
                do()
            except OperationalError as fault:
                said = str(fault)
            else:
                break
        failed.append(failing.failed_at)
        assert said == "the disk is full"
        assert contents() == before, f"left behind when this failed: {failing.failed_at}"
        assert guard.opened_by() is None
        assert not connection.in_atomic_block
    assert not failing.failed_at
    assert failing.calls == len(failed)
    written = [sql.split('"')[1] for sql in failed if guard.is_write(sql)]
    assert written[-1] == "access_storedanswer"
    assert {"access_auditentry", "access_auditsubject"} <= set(written)
    assert is_done()
    after = contents()
    assert do()
    assert contents() == after


@pytest.mark.parametrize("begin", [registering, finishing, closing])
def test_when_the_commit_fails_nothing_is_left_and_the_action_can_be_done_again(
    begin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All was written, and then the database could not keep it."""
    do, is_done = begin()
    before = contents()

    def full() -> None:
        raise OperationalError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "_commit", full)
        with pytest.raises(OperationalError):
            do()
    assert contents() == before
    assert do()
    assert is_done()
