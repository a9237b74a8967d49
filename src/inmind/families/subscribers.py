"""What families do when they hear that a next step was not taken in time."""

from __future__ import annotations

from inmind.access.act import Act
from inmind.families import queries
from inmind.foundation.events import TaskUnanswered
from inmind.messages import actions as messages
from inmind.tasks.models import Task

ABOUT = "families.Concern"


def remind(act: Act, event: TaskUnanswered) -> None:
    """Write to its owner, unless she has left the agency, and to the agency's supervisors, who can hand it over."""
    if event.about_kind != ABOUT:
        return
    task = Task.objects.select_related("owner", "organization").get(pk=event.task)
    if task.closed_at is not None:
        return
    people = set(queries.holding_role(task.organization, "agency_supervisor"))
    if queries.holding_role(task.organization).filter(pk=task.owner_id).exists():
        people.add(task.owner)
    act.concerns(task)
    for person in sorted(people, key=lambda one: str(one.pk)):
        messages.tell(
            act,
            to=person,
            template="next_step_waits",
            facts={"task": str(task.pk)},
            about_kind=ABOUT,
            about_id=task.about_id,
        )
