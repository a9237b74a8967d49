"""What screening does when it hears that nobody answered, or that a letter did not arrive."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from inmind.access.act import Act
from inmind.families import queries as families
from inmind.families import rota
from inmind.families.subscribers import remind_of
from inmind.foundation.events import LetterUndelivered, TaskUnanswered
from inmind.messages import actions as messages
from inmind.messages.models import Letter
from inmind.people.models import Person
from inmind.screening.check_in_actions import WOULD_TALK
from inmind.screening.check_in_models import CheckIn
from inmind.screening.models import Screen
from inmind.screening.queries import CRISIS
from inmind.tasks import actions as tasks
from inmind.tasks.actions import climb
from inmind.tasks.models import Task

# What an answer that needs a person stands in.
CRISES: dict[str, type[Screen] | type[CheckIn]] = {"screening.Screen": Screen, "screening.CheckIn": CheckIn}


def tell_again(act: Act, event: TaskUnanswered) -> None:
    """A crisis answer waits too long: climb by a rung more, at any hour. Others on call and the back-up, a supervisor, all
    of them; and its owner each time. The first clinician among them may answer it from now on, beside the owner.

    An owner who has left the agency is told no more: the answer is the asking agency's alone (`protect.md` 3). Nobody is
    written to again whom no letter about it could reach, unless there is nobody else.
    """
    if event.about_kind not in CRISES:
        return
    task = Task.objects.select_related("owner", "organization", "subject").get(pk=event.task)
    if task.closed_at is not None:
        return
    if task.why == WOULD_TALK:
        remind_of(act, task, "next_step_waits")
        return
    asked = _asked(task)
    if event.step and (beside := next((one for one in asked if one != task.owner_id), None)):
        tasks.ask_beside(act, task=task, person=Person.objects.get(pk=beside))
    told = rota.told(task.owner_id, event.step, asked, _supervisors(task))
    there = set(families.holding_role(task.organization).values_list("pk", flat=True))
    unreached = set(Letter.objects.filter(about_id=task.about_id, failed_at__isnull=False).values_list("to", flat=True))
    reachable = [one for one in told if one in there - unreached]
    _write_to_all(act, task, reachable or [one for one in told if one in there] or _supervisors(task))


def climb_at_once(act: Act, event: LetterUndelivered) -> None:
    """A letter about a crisis answer could not be delivered: it climbs now, as if the time had passed.

    Up to the last rung, and no further: a letter that tells of silence and cannot be delivered itself would call for the
    next without end.
    """
    if event.about_kind not in CRISES:
        return
    waiting = Task.objects.select_for_update().filter(about_kind=event.about_kind, about_id=event.about, why=CRISIS)
    for task in waiting.filter(closed_at__isnull=True):
        act.concerns(task)
        if task.step < len(rota.rungs(task.owner_id, _asked(task), _supervisors(task))):
            climb(act, task)


def _asked(task: Task) -> tuple[UUID, ...]:
    """Who is on call or behind at this moment, by the language of whom it is about; nobody outside of the hours."""
    now = families.reading(task.organization, task.subject.language)
    return now.asked if now.state is rota.State.ON_CALL else ()


def _supervisors(task: Task) -> list[UUID]:
    """The agency's supervisors; where there is none, its clinicians, so that somebody is told."""
    for role in ("agency_supervisor", "clinician"):
        if above := list(families.holding_role(task.organization, role).values_list("pk", flat=True)):
            return above
    return []


def _write_to_all(act: Act, task: Task, people: Iterable[UUID]) -> None:
    act.concerns(CRISES[task.about_kind].objects.filter(pk=task.about_id).first() or task)
    for person in Person.objects.filter(pk__in=list(people)).order_by("pk"):
        messages.tell(
            act,
            to=person,
            template="nobody_answered",
            facts={"task": str(task.pk)},
            about_kind=task.about_kind,
            about_id=task.about_id,
        )
