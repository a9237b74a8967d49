"""What is owed: closed once, owned by somebody who can answer, and climbing at its time until somebody does."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from inmind.access import actions as access
from inmind.access import guard, owed
from inmind.access.act import Act
from inmind.access.models import Account, RoleAssignment
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, HostileText, NotNow, Refused, Stale
from inmind.foundation.identity import new_id
from inmind.jobs.models import Job
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.screening.models import Screen
from inmind.tasks import actions, queries
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 3, 2, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
DONE = "Called her; she is safe."


@pytest.fixture
def task(db: Any) -> Task:
    """A red task, owed since BEGAN, due an hour later."""
    with clock.at(BEGAN):
        make.make_network()
        _screen, owed = make.make_crisis()
        run_due()
    return owed


def owner_of(task: Task) -> make.Worker:
    return make.Worker(Account.objects.get(person=task.owner_id), task.organization)


def now(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


# Closing


def test_a_task_is_closed_once_and_keeps_what_was_done_first(task: Task) -> None:
    """From a second tab: over the version it saw, and over none."""
    owner = owner_of(task)
    closed = actions.close(owner.actor, key="one", version=task.version, task=task, done=f"  {DONE} ")
    assert (closed.done, closed.closed_by_id) == (DONE, owner.person.pk)
    with pytest.raises(Stale):
        actions.close(owner.actor, key="two", version=task.version, task=task, done="Something else.")
    with pytest.raises(NotNow, match="closed already"):
        actions.close(owner.actor, key="three", task=task, done="Something else.")
    assert now(task).done == DONE


def test_a_second_click_gets_the_first_ones_answer(task: Task) -> None:
    owner = owner_of(task)
    first, second = (
        actions.close(owner.actor, key="one", version=task.version, task=task, done=DONE) for _ in range(2)
    )
    assert (first.pk, first.version) == (second.pk, second.version)
    assert now(task).version == task.version + 1


@pytest.mark.parametrize(
    ("done", "refusal"),
    [("x" * 4001, BadInput), ("She\x00 is safe.", HostileText), ("She is \ud83d", HostileText)],
    ids=["too long", "zero", "half a pair"],
)
def test_words_that_cannot_be_kept_close_nothing(task: Task, done: str, refusal: type[BadInput]) -> None:
    with pytest.raises(refusal) as refused:
        actions.close(owner_of(task).actor, task=task, done=done)
    assert refused.value.field == "done"
    assert now(task).closed_at is None
    assert actions.close(owner_of(task).actor, task=task, done="x" * 4000).closed_at is not None


def test_only_its_owner_closes_it(task: Task) -> None:
    for role in ("clinician", "agency_supervisor", "home_visitor"):
        with pytest.raises(Refused, match="Only the person a task belongs to"):
            actions.close(make.make_worker(role, task.organization).actor, task=task, done=DONE)
    assert now(task).closed_at is None


CLOSING: dict[str, Callable[[Task], dict[str, Any]]] = {
    "without words": lambda task: {"closed_at": BEGAN, "closed_by": task.owner},
    "by nobody": lambda task: {"closed_at": BEGAN, "done": DONE},
    "at no time": lambda task: {"closed_by": task.owner, "done": DONE},
}


@pytest.mark.parametrize("how", CLOSING)
def test_both_databases_refuse_a_task_that_is_half_closed(task: Task, how: str) -> None:
    """Below the action, which would say it in words."""
    for name, value in CLOSING[how](task).items():
        setattr(task, name, value)
    with pytest.raises(IntegrityError, match="task_is_closed_with_what_was_done"), writing():
        task.save()


def writing() -> Any:
    """A write that no action makes, undone at its end."""
    stack = ExitStack()
    stack.enter_context(transaction.atomic())
    stack.enter_context(guard.acting(new_id().hex))
    return stack


# Owing


def owe(task: Task, **other: Any) -> Task:
    """Owe once more what this task is about."""
    owed: list[Task] = []
    same: dict[str, Any] = {
        "to": task.owner,
        "organization": task.organization,
        "subject": task.subject,
        "why": task.why,
        "about_kind": task.about_kind,
        "about_id": task.about_id,
        "within": HOUR,
    }

    def work(act: Act) -> None:
        owed.append(actions.owe(act, **same | other))

    make.together(work)
    return owed[0]


def test_one_reason_is_owed_once_until_it_is_closed(task: Task) -> None:
    """A second call for it finds the first; another reason, another record or a closed one is owed anew."""
    assert owe(task) == task
    assert owe(task, within=timedelta(minutes=1)).due_at == task.due_at
    others = {owe(task, why="another").pk, owe(task, about_id=new_id()).pk}
    assert len(others | {task.pk}) == 3
    actions.close(owner_of(task).actor, task=task, done=DONE)
    assert owe(task).pk not in others | {task.pk}


def test_both_databases_refuse_a_second_open_task_for_one_reason(task: Task) -> None:
    twin = Task.objects.get(pk=task.pk)
    twin.pk, twin._state.adding = new_id(), True
    with pytest.raises(IntegrityError), writing():
        twin.save(force_insert=True)


def test_red_ones_come_first_and_then_whatever_is_due_first(task: Task) -> None:
    with clock.at(BEGAN):
        later = owe(task, why="later", within=3 * HOUR)
        sooner = owe(task, why="sooner", within=timedelta(minutes=5))
        red = owe(task, why="red", within=2 * HOUR, red=True)
    actor = owner_of(task).actor
    assert list(queries.open_for(actor)) == [task, red, sooner, later]
    actions.close(actor, task=task, done=DONE)
    assert list(queries.open_for(actor)) == [red, sooner, later]


# Handing over


UNABLE: dict[str, Callable[[Task], make.Worker]] = {
    "a clinician of another agency": lambda task: make.make_worker("clinician", make.make_network().agencies[1]),
    "a home visitor of the agency": lambda task: make.make_worker("home_visitor", task.organization),
    "its privacy officer": lambda task: make.make_worker("privacy_officer", task.organization),
    "its supervisor": lambda task: make.make_worker("agency_supervisor", task.organization),
    "a clinician whose role has ended": lambda task: ended(make.make_worker("clinician", task.organization)),
    "a clinician whose account is closed": lambda task: shut(make.make_worker("clinician", task.organization)),
}


def ended(worker: make.Worker) -> make.Worker:
    access.end_role(make.make_network().admin.actor, assignment=RoleAssignment.objects.get(account=worker.account))
    return worker


def shut(worker: make.Worker) -> make.Worker:
    with guard.permit("migrations"):
        Account.objects.filter(pk=worker.account.pk).update(is_active=False)
    return worker


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("who", UNABLE)
def test_a_task_is_not_handed_to_somebody_who_may_not_see_it(task: Task, who: str) -> None:
    """It would lie with her unanswered; her name does not come back in the refusal."""
    supervisor = make.make_worker("agency_supervisor", task.organization)
    unable = UNABLE[who](task)
    with pytest.raises(BadInput, match="cannot answer this task") as refused:
        actions.hand_over(supervisor.actor, task=task, to=unable.person)
    assert refused.value.field == "person"
    assert unable.person.name not in refused.value.in_english()
    assert now(task).owner_id == task.owner_id
    assert task not in queries.open_for(unable.actor) or who == "its supervisor"


def test_a_task_is_handed_to_a_clinician_of_the_agency_who_then_owns_it(task: Task) -> None:
    """The one before neither sees nor closes it any more."""
    supervisor = make.make_worker("agency_supervisor", task.organization)
    other, before = make.make_worker("clinician", task.organization), owner_of(task)
    actions.hand_over(supervisor.actor, task=task, to=other.person)
    assert (list(queries.open_for(other.actor)), list(queries.open_for(before.actor))) == ([task], [])
    with pytest.raises(Refused):
        actions.close(before.actor, task=now(task), done=DONE)
    assert actions.close(other.actor, task=now(task), done=DONE).closed_by_id == other.person.pk


def test_only_the_agencys_supervisor_hands_over_and_only_what_is_open(task: Task) -> None:
    to = make.make_worker("clinician", task.organization).person
    strangers = (owner_of(task), make.make_worker("agency_supervisor", make.make_network().agencies[1]))
    for worker in strangers:
        with pytest.raises(Refused, match="Only the supervisor of the agency"):
            actions.hand_over(worker.actor, task=task, to=to)
    actions.close(owner_of(task).actor, task=task, done=DONE)
    supervisor = make.make_worker("agency_supervisor", task.organization)
    with pytest.raises(NotNow, match="closed already"):
        actions.hand_over(supervisor.actor, task=task, to=to)


# Climbing


def climbed(task: Task, moment: datetime) -> int:
    """How often it has climbed by a moment, after everything that was due by then has run."""
    with clock.at(moment):
        run_due()
    return now(task).step


def test_a_task_climbs_at_its_due_time_and_not_a_moment_before(task: Task) -> None:
    """And again after the same time, counted from when it climbed."""
    assert task.due_at == BEGAN + HOUR
    assert [
        climbed(task, moment)
        for moment in (task.due_at - MOMENT, task.due_at, task.due_at + HOUR - MOMENT, task.due_at + HOUR)
    ] == [0, 1, 1, 2]


def test_a_machine_that_slept_lets_it_climb_once_and_goes_on_from_there(task: Task) -> None:
    """Not once for each hour it missed: nobody is helped by a heap of letters."""
    woke = BEGAN + 10 * HOUR
    assert climbed(task, woke) == 1
    assert climbed(task, woke + HOUR - MOMENT) == 1
    assert climbed(task, woke + HOUR) == 2


def test_a_changed_agency_setting_is_for_the_tasks_that_come_then(task: Task) -> None:
    """What runs climbs by the pause that was said when it was made, also when its job was lost and put back."""
    agency = task.organization
    with clock.at(task.due_at - MOMENT), guard.acting(new_id().hex):
        type(agency).objects.filter(pk=agency.pk).update(crisis_answer_minutes=5)
    assert climbed(task, task.due_at) == 1
    assert climbed(task, task.due_at + HOUR - MOMENT) == 1
    with guard.permit("migrations"):
        Job.objects.filter(kind="tasks.climb").delete()
    with clock.at(task.due_at + MOMENT):
        assert owed.put_back() == 1
    assert climbed(task, task.due_at + HOUR - MOMENT) == 1
    assert climbed(task, task.due_at + HOUR) == 2
    assert climbed(task, task.due_at + 2 * HOUR - MOMENT) == 2
    with clock.at(task.due_at + 3 * HOUR):
        _, later = make.make_crisis()
    assert (later.due_at - later.created_at, later.again_seconds) == (timedelta(minutes=5), 300)


def test_a_closed_task_climbs_no_more(task: Task) -> None:
    with clock.at(task.due_at - MOMENT):
        actions.close(owner_of(task).actor, task=task, done=DONE)
    assert climbed(task, task.due_at + 5 * HOUR) == 0


def test_a_climb_that_comes_late_or_twice_changes_nothing(task: Task) -> None:
    """Its job carries the step from which it climbs."""
    first = Job.objects.get(key=f"climb:{task.pk}:0")
    assert climbed(task, task.due_at) == 1
    with clock.at(task.due_at):
        make.together(lambda act: act.later("tasks.climb", first.payload))
        run_due()
    assert now(task).step == 1


def test_it_climbs_from_the_owner_to_who_is_on_call_by_then_then_a_supervisor_then_all(task: Task) -> None:
    """One rung a time, the owner each time; who is on call by then may answer it beside the owner."""
    with clock.at(BEGAN + timedelta(minutes=30)):
        next_one = make.make_on_call(task.organization)
    over = {
        row.account.person_id
        for row in RoleAssignment.objects.filter(organization=task.organization, role="agency_supervisor")
    }
    assert over

    def told(template: str) -> set[Any]:
        return set(Letter.objects.filter(template=template).values_list("to", flat=True))

    assert told("needs_a_person") == {task.owner_id}
    assert told("nobody_answered") == set()
    assert len(over) > 1
    climbed(task, task.due_at)
    assert told("nobody_answered") == {task.owner_id, next_one.person.pk}
    assert now(task).backup == next_one.person
    climbed(task, task.due_at + HOUR)
    assert len(told("nobody_answered") & over) == 1
    climbed(task, task.due_at + 2 * HOUR)
    assert told("nobody_answered") == {task.owner_id, next_one.person.pk} | over
    with clock.at(task.due_at + 2 * HOUR):
        assert actions.close(next_one.actor, task=now(task), done=DONE).closed_by_id == next_one.person.pk


def test_a_person_closes_it_and_never_the_machine(task: Task) -> None:
    nobody = replace(owner_of(task).actor, person=None)
    with pytest.raises(NotNow, match="Only a person"):
        actions.close(nobody, task=task, done=DONE)


# Tried, and nobody was reached

TRIED = "Rang twice; it was engaged."


def test_an_attempt_that_reached_nobody_leaves_the_task_open_and_its_climb_in_place(task: Task) -> None:
    owner = owner_of(task)
    with clock.at(BEGAN + HOUR / 2):
        kept = actions.note_attempt(owner.actor, key="one", version=task.version, task=task, words=f" {TRIED} ")
    assert (kept.closed_at, kept.due_at, kept.step) == (None, task.due_at, 0)
    assert [(one["by"], one["words"]) for one in now(task).tried] == [(str(owner.person.pk), TRIED)]
    with clock.at(BEGAN + HOUR):
        run_due()
    assert now(task).step == 1
    actions.note_attempt(owner.actor, task=now(task), words="Again nobody.")
    assert [one["words"] for one in now(task).tried] == [TRIED, "Again nobody."]


def test_an_attempt_is_kept_only_with_words_on_an_open_task_by_whom_it_belongs_to(task: Task) -> None:
    owner = owner_of(task)
    with pytest.raises(BadInput, match="What you tried is missing"):
        actions.note_attempt(owner.actor, task=task, words=" . ")
    with pytest.raises(Refused):
        actions.note_attempt(make.make_worker().actor, task=task, words=TRIED)
    actions.close(owner.actor, task=task, done=DONE)
    with pytest.raises(NotNow, match="closed already"):
        actions.note_attempt(owner.actor, task=now(task), words=TRIED)
    assert now(task).tried == []


def test_the_page_keeps_the_attempt_and_the_home_visitor_reads_that_nobody_is_reached_yet(task: Task) -> None:
    """The red card stays with its owner; the home visitor learns that it was tried, and nothing of its words."""
    owner = owner_of(task)
    visitor = make.Worker(Screen.objects.get(pk=task.about_id).worker.account, task.organization)
    form = {"key": "one", "version": task.version, "words": TRIED}
    with clock.at(BEGAN + HOUR / 3):
        before = visitor.client.get(reverse("today")).content.decode()
    name, who = task.subject.name, task.owner.name
    assert f"<strong>{name}</strong><br>Waiting for {who}. At 10 a.m. others are told if nobody answers." in before
    assert "Nothing waits for you" not in before and "self-harm" not in before and "task-now" not in before
    with clock.at(BEGAN + HOUR / 2):
        page = owner.client.post(reverse("task_attempt", kwargs={"task": task.pk}), form, follow=True).content.decode()
        desk, visit = (one.client.get(reverse("today")).content.decode() for one in (owner, visitor))
        stale = owner.client.post(reverse("task_attempt", kwargs={"task": task.pk}), form | {"key": "two"})
    assert TRIED in page
    assert "Close this task" in page
    assert "Open this now" in desk
    assert "Not reached yet" not in desk
    assert "Not reached yet" in visit
    assert re.search(rf"{owner.person.name},? .*tried, and has not reached anybody yet", visit)
    assert "Answered since yesterday" not in visit
    assert TRIED not in visit
    assert stale.status_code == 409
    agency, elsewhere = task.organization, make.make_network().agencies[1]
    others = [make.make_worker(role, agency) for role in ("home_visitor", "clinician", "agency_supervisor")]
    with clock.at(task.due_at + MOMENT):
        assert "Others are being told." in visitor.client.get(reverse("today")).content.decode()
        run_due()
        late = visitor.client.get(reverse("today")).content.decode()
        for one in (*others, make.make_worker("home_visitor", elsewhere)):
            assert name not in one.client.get(reverse("today")).content.decode()
    assert "Others have been told; at 11 a.m. they are told again if nobody answers." in late
    with clock.at(BEGAN + HOUR / 2):
        actions.close(owner.actor, task=now(task), done=DONE)
        visit = visitor.client.get(reverse("today")).content.decode()
    assert "Not reached yet" not in visit
    assert "Answered since yesterday" in visit
