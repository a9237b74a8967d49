"""What screening does when it hears that nobody answered, or that a letter did not arrive."""

from __future__ import annotations

from inmind.access.act import Act
from inmind.families import queries as families
from inmind.foundation.events import LetterUndelivered, TaskUnanswered
from inmind.messages import actions as messages
from inmind.messages.models import Letter
from inmind.people.models import Person
from inmind.screening.models import Screen
from inmind.tasks.models import Task

ABOUT = "screening.Screen"


def tell_again(act: Act, event: TaskUnanswered) -> None:
    """A crisis answer waits too long: write to its owner again, to who is on call by now, and to the agency's supervisors.

    An owner who has left the agency is told no more: the answer is the asking agency's alone (`protect.md` 3).
    """
    if event.about_kind != ABOUT:
        return
    task = Task.objects.select_related("owner", "organization").get(pk=event.task)
    if task.closed_at is not None:
        return
    owner = {task.owner} if families.holding_role(task.organization).filter(pk=task.owner_id).exists() else set()
    _write_to_all(act, task, {*owner, *_those_above(task)})


def tell_others(act: Act, event: LetterUndelivered) -> None:
    """The first letter about a crisis answer could not be delivered: the agency's supervisors are told at once.

    Only the first letter: one that tells of silence and cannot be delivered itself would call for the next without end.
    """
    if event.about_kind != ABOUT or Letter.objects.get(pk=event.letter).template != "needs_a_person":
        return
    for task in Task.objects.filter(about_kind=ABOUT, about_id=event.about, closed_at__isnull=True).select_related(
        "organization"
    ):
        _write_to_all(act, task, _those_above(task))


def _those_above(task: Task) -> set[Person]:
    """Who is on call by now and the agency's supervisors; where there is none, its clinicians, so that somebody is told."""
    now_on_call = families.on_call(task.organization)
    above = set(families.holding_role(task.organization, "agency_supervisor"))
    above = above or set(families.holding_role(task.organization, "clinician"))
    return above | ({now_on_call} if now_on_call else set())


def _write_to_all(act: Act, task: Task, people: set[Person]) -> None:
    screen = Screen.objects.get(pk=task.about_id)
    act.concerns(screen)
    for person in sorted(people, key=lambda one: str(one.pk)):
        messages.tell(
            act,
            to=person,
            template="nobody_answered",
            facts={"task": str(task.pk)},
            about_kind=ABOUT,
            about_id=screen.pk,
        )
