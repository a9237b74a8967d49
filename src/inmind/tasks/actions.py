"""Owe, climb and close."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from inmind.access.act import Act, action
from inmind.foundation import events, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.people.models import Organization, Person
from inmind.tasks import queries
from inmind.tasks.models import Task


@action("tasks.owe")
def owe(
    act: Act,
    *,
    to: Person,
    organization: Organization,
    subject: Person,
    why: str,
    about_kind: str,
    about_id: UUID,
    within: timedelta,
    red: bool = False,
) -> Task:
    """Leave a task with an owner and a due time, and let it climb from then on. One open task for each reason."""
    open_already = Task.objects.filter(
        about_kind=about_kind, about_id=about_id, why=why, closed_at__isnull=True
    ).first()
    if open_already:
        return open_already
    task = Task.objects.create(
        owner=to,
        organization=organization,
        subject=subject,
        why=why,
        red=red,
        about_kind=about_kind,
        about_id=about_id,
        due_at=act.now + within,
    )
    _climb_later(act, task, within)
    return task


@action("tasks.close", on="task")
def close(act: Act, *, task: Task, done: str) -> Task:
    """Close a task with what was done. Raises NotNow when it is closed already, BadInput when nothing is said."""
    if task.closed_at is not None:
        raise NotNow(
            N_("This task is closed already."),
            N_("What was done stands below it."),
            N_("Open the family to go on from there."),
        )
    if not text.tokens(done):  # a dot, or a character that nobody sees, says nothing
        raise BadInput(
            N_("What you did is missing."),
            N_("A task is closed only with what was done."),
            N_("Write one sentence."),
            field="done",
        )
    if act.actor.person is None:
        raise NotNow(N_("Only a person can close a task."))
    task.done = text.checked(done.strip(), 4000, field="done")
    task.closed_at, task.closed_by_id = act.now, act.actor.person
    task.save()
    return task


@action("tasks.hand_over", on="task")
def hand_over(act: Act, *, task: Task, to: Person) -> Task:
    """Let somebody else own an open task; the room that asked writes to her, as for a task that nobody answered.

    Raises BadInput for somebody who could not answer it: a clinician of the agency that asked.
    """
    if task.closed_at is not None:
        raise NotNow(N_("This task is closed already."))
    if not queries.could_own(task).filter(pk=to.pk).exists():
        raise BadInput(
            N_("This person is not a clinician here."),
            N_("Who answers can read the answer and act on it."),
            field="person",
        )
    task.owner = to
    task.save()
    act.announce(events.TaskUnanswered(task=task.pk, about_kind=task.about_kind, about=task.about_id, step=task.step))
    return task


def climb(act: Act, task: Task, within: timedelta) -> None:
    """Nobody answered in time: say so once more, and again after the same time, until somebody closes it."""
    task.step += 1
    task.save()
    act.announce(events.TaskUnanswered(task=task.pk, about_kind=task.about_kind, about=task.about_id, step=task.step))
    _climb_later(act, task, within)


def _climb_later(act: Act, task: Task, within: timedelta) -> None:
    seconds = int(within.total_seconds())
    act.later(
        "tasks.climb",
        {"task": str(task.pk), "step": task.step, "seconds": seconds},
        key=f"climb:{task.pk}:{task.step}",
        due_at=act.now + within,
    )
