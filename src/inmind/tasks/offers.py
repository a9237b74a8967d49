"""What tasks offer: the path of those who own one, and the climbing of unanswered ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.access.act import Act, action
from inmind.access.actors import Standing, machine
from inmind.foundation import clock
from inmind.foundation.registries import Panel, Path, Reach, house
from inmind.jobs.models import Job
from inmind.tasks import actions, queries
from inmind.tasks.models import Task


def offer() -> None:
    house.offer(
        Path(
            "task_owner",
            "tasks.Task",
            holds=lambda standing, task, on: _is_hers(standing, task),
            q=lambda standing, on: _hers(standing),
            says="the task is theirs, and of the agency where they hold the role",
        ),
        Path(
            "asked",
            "tasks.Task",
            holds=_was_asked,
            q=_asked,
            says="an open task about it is theirs to answer, or they closed one; at the agency where they hold the role",
        ),
        Reach("tasks.Task", "tasks.Task"),
        Reach("tasks.Task", "people.Organization", prefix="organization"),
    )
    house.offer(Panel("today", "tasks", 10, "tasks/today.html", today))
    house.handles("tasks.climb", climb)
    # A climb that failed to its last attempt begins anew: silence is no answer.
    house.handles("tasks.climb:dead", climb)


def _is_hers(standing: Standing, task: Task) -> bool:
    """A task stays with the agency that asked: who has left it, or holds a role at another one alone, owns it no more."""
    return _is_of(standing, task) and task.owner_id == standing.person


def _hers(standing: Standing) -> models.Q:
    return models.Q(owner=standing.person, organization=standing.organization)


def _was_asked(standing: Standing, task: Task, on: object) -> bool:
    """Whoever is to answer an open task, and whoever closed one."""
    answers = task.owner_id == standing.person and task.closed_at is None
    return _is_of(standing, task) and (answers or task.closed_by_id == standing.person)


def _asked(standing: Standing, on: object) -> models.Q:
    person, at = standing.person, standing.organization
    return models.Q(owner=person, organization=at, closed_at__isnull=True) | models.Q(closed_by=person, organization=at)


def _is_of(standing: Standing, task: Task) -> bool:
    return (
        standing.person is not None
        and standing.organization is not None
        and task.organization_id == standing.organization
    )


def today(request: Any) -> dict[str, Any] | None:
    """The open tasks of this reader, red ones first; seeing them is reading, and is audited."""
    from inmind.tasks.views import due_words, reason

    tasks = list(queries.open_for(request.actor)[:50])
    if not tasks:
        return None
    verdicts = {task: policy.can(request.actor, "tasks.see", task) for task in tasks}
    audit.read(request.actor, "tasks.see", verdicts[tasks[0]], subjects={("person", task.subject_id) for task in tasks})
    rows = [
        {
            "id": task.pk,
            "red": task.red,
            "title": reason(request.actor, task, verdicts[task]).title,
            "owner": task.owner.name,
            "due": due_words(task),
            "late": task.due_at < clock.now(),
            "url": reverse("task", kwargs={"task": task.pk}),
            "button": _("Open this now") if task.red else _("Open"),
        }
        for task in tasks
    ]
    return {"red": [row for row in rows if row["red"]], "others": [row for row in rows if not row["red"]]}


def climb(job: Job) -> None:
    """A task's due time has come: climb unless it was closed, or has climbed already."""
    climb_task(
        machine("tasks.climb"),
        key=f"job:{job.pk}",
        task_id=job.payload["task"],
        step=job.payload["step"],
        seconds=job.payload["seconds"],
    )


@action("jobs.climb")
def climb_task(act: Act, *, task_id: str, step: int, seconds: int) -> None:
    task = Task.objects.select_for_update().filter(pk=task_id).first()
    if task is not None and task.closed_at is None and task.step == step:
        act.concerns(task)
        actions.climb(act, task, timedelta(seconds=seconds))
