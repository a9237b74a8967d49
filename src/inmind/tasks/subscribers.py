"""What happens to the tasks of somebody who left."""

from __future__ import annotations

from inmind.access.act import Act
from inmind.foundation.events import RoleEnded, TaskUnanswered
from inmind.tasks import queries
from inmind.tasks.models import Task


def not_left_alone(act: Act, event: RoleEnded) -> None:
    """Tasks whose owner can no longer answer them are announced at once, and not when they are due."""
    left = Task.objects.filter(owner=event.person, organization=event.organization, closed_at__isnull=True)
    for task in left.select_related("organization"):
        if not queries.could_own(task).filter(pk=event.person).exists():
            act.announce(TaskUnanswered(task=task.pk, about_kind=task.about_kind, about=task.about_id, step=task.step))
