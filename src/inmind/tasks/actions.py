"""Owe, climb and close."""

from __future__ import annotations

import json
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
    again: timedelta | None = None,
) -> Task:
    """Leave a task with an owner and a due time, and let it climb from then on, each `again` (else `within`).

    One open task for each reason. What the agency sets afterwards is for the tasks that come then.
    """
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
        again_seconds=max(60, int((again or within).total_seconds())),
    )
    _climb_later(act, task, within)
    return task


@action("tasks.close", on="task")
def close(act: Act, *, task: Task, done: str, call_back_outcome: str = "") -> Task:
    """Close a task with what was done and, where a call was asked for, with what came of it.

    Raises NotNow when it is closed already or what it is about has to come first, BadInput when something is not said.
    """
    if task.closed_at is not None:
        raise NotNow(
            N_("This task is closed already."),
            N_("What was done stands below it."),
            N_("Open the family to go on from there."),
        )
    if blocked := queries.not_yet(task):
        raise NotNow(*blocked)
    if not text.tokens(done):  # a dot, or a character that nobody sees, says nothing
        raise BadInput(
            N_("What you did is missing."),
            N_("A task is closed only with what was done."),
            N_("Write one sentence."),
            field="done",
        )
    if act.actor.person is None:
        raise NotNow(N_("Only a person can close a task."))
    if task.calls_back and call_back_outcome not in Task.CallBackOutcome.values:
        raise BadInput(
            N_("What came of the call is missing."),
            N_("A call back was asked for."),
            N_("Say whether you reached them."),
            field="call_back_outcome",
        )
    task.call_back_outcome = call_back_outcome if task.calls_back else ""
    task.done = text.checked(done.strip(), 4000, field="done")
    task.closed_at, task.closed_by_id = act.now, act.actor.person
    task.save()
    return task


def settle(act: Act, done: str, **about: object) -> None:
    """Close by itself what has come about otherwise, in the name of whoever did it; nobody's, where that was a link or a job.
    Never what needs a person now, which a person alone closes."""
    there = Task.objects.filter(closed_at__isnull=True, red=False, subject__erased_at__isnull=True, **about)
    for task in there.select_for_update(of=("self",)).order_by("pk"):
        task.done, task.closed_at, task.closed_by_id = done, act.now, act.actor.person
        task.save()


@action("tasks.note_attempt", on="task")
def note_attempt(act: Act, *, task: Task, words: str) -> Task:
    """Keep that somebody tried and reached nobody. The task stays open, and climbs when it would have climbed.

    Raises NotNow when it is closed already, BadInput when nothing is said.
    """
    if task.closed_at is not None:
        raise NotNow(N_("This task is closed already."), N_("Somebody has answered and wrote down what was done."))
    if not text.tokens(words):
        raise BadInput(N_("What you tried is missing."), N_("Write one sentence."), field="words")
    if act.actor.person is None:
        raise NotNow(N_("Only a person can try to reach somebody."))
    attempt = {
        "by": str(act.actor.person),
        "at": act.now.isoformat(),
        "words": text.checked(words.strip(), 1000, field="words"),
    }
    task.attempts = json.dumps([*task.tried, attempt])
    task.save()
    return task


@action("tasks.hand_over", on="task")
def hand_over(act: Act, *, task: Task, to: Person) -> Task:
    """Let somebody else own an open task; the room that asked writes to her, as for a task that nobody answered. Who had it
    is told, and who watches over privacy where somebody hands it to herself.

    Raises BadInput for somebody who could not answer it (`queries.could_own`).
    """
    if task.closed_at is not None:
        raise NotNow(N_("This task is closed already."))
    if not queries.could_own(task).filter(pk=to.pk).exists():
        raise BadInput(
            N_("This person cannot answer this task."),
            N_("Who answers can read what it is about and act on it."),
            field="person",
        )
    if act.actor.person is None:
        raise NotNow(N_("Only a person can hand a task over."))
    _give(act, task, act.actor.person, to.pk)
    act.announce(events.TaskUnanswered(task=task.pk, about_kind=task.about_kind, about=task.about_id, step=task.step))
    return task


@action("tasks.take_over", on="task")
def take_over(act: Act, *, task: Task) -> Task:
    """Own a red task that nobody else here can answer (`queries.is_last_resort`): a supervisor, who learns whom it is about
    and how they may be called, and reads no screen. Who watches over privacy is told at once, and asks.

    Raises NotNow while somebody else could answer it, and where nothing needs a person now.
    """
    taker = act.actor.person
    if task.closed_at is not None:
        raise NotNow(N_("This task is closed already."), N_("Somebody has answered and wrote down what was done."))
    if taker in (task.owner_id, task.backup_id):
        raise NotNow(N_("This task is with you already."))
    if taker is None or not queries.is_last_resort(task, taker):
        raise NotNow(
            N_("Somebody else answers this task."),
            N_("You take over only what needs a person now, and nobody else here can answer."),
            N_("Hand it to somebody who can read what it is about and act on it."),
        )
    _give(act, task, taker, taker)
    return task


def _give(act: Act, task: Task, by: UUID, to: UUID) -> None:
    """Change whose task it is, and announce who had it."""
    act.announce(
        events.TaskHandedOver(task=task.pk, by=by, giver=task.owner_id, beside=str(task.backup_id or ""), taker=to)
    )
    task.owner_id, task.backup_id = to, None
    task.save()


@action("tasks.ask_beside")
def ask_beside(act: Act, *, task: Task, person: Person) -> None:
    """Let somebody answer a task beside its owner, who has not answered yet."""
    now = _locked(task)
    if now.closed_at is None and person.pk not in (now.owner_id, now.backup_id):
        now.backup = person
        now.save(update_fields={"backup"})


@action("tasks.keep_call_back")
def keep_call_back(
    act: Act, *, task: Task, wanted: bool, number: str = "", when: str = "", may_leave_message: bool = False
) -> Task:
    """Keep what the person chose about being called back; how stands sealed. Raises NotNow when the task is closed,
    BadInput where a call is wanted and no number is said."""
    now = _locked(task)
    if now.closed_at is not None:
        raise NotNow(N_("This task is closed already."), N_("Somebody has answered and wrote down what was done."))
    if wanted and not any(letter.isdigit() for letter in number):
        raise BadInput(N_("The number is missing."), N_("We call only a number that is safe."), field="number")
    said = {
        "number": text.checked(number.strip(), 40, field="number"),
        "when": text.checked(when.strip(), 120, field="when"),
        "message": "yes" if may_leave_message else "",
    }
    now.calls_back, now.call_back = wanted, json.dumps(said) if wanted else None
    now.save(update_fields={"calls_back", "call_back"})
    return now


def _locked(task: Task) -> Task:
    """The task as it stands now, held until the transaction ends: somebody may be closing it."""
    return Task.objects.select_for_update().get(pk=task.pk)


def climb(act: Act, task: Task) -> None:
    """Nobody answered in time: say so once more, and again after the task's own pause, until somebody closes it."""
    task.step += 1
    task.save()
    act.announce(events.TaskUnanswered(task=task.pk, about_kind=task.about_kind, about=task.about_id, step=task.step))
    _climb_later(act, task, timedelta(seconds=task.again_seconds))


def _climb_later(act: Act, task: Task, within: timedelta) -> None:
    act.later(
        "tasks.climb",
        {"task": str(task.pk), "step": task.step},
        key=f"climb:{task.pk}:{task.step}",
        due_at=act.now + within,
    )
