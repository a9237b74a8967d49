"""A crisis answer reaches somebody who is there, and its task can be closed by whoever was overtaken."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from inmind.access import actions as access
from inmind.access import policy
from inmind.access.models import RoleAssignment
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.screening import actions as screening
from inmind.screening.adapters.catalog import catalog
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


def leave(*workers: make.Worker) -> None:
    """Let the administrator end every role of these workers."""
    admin = make.make_network().admin
    for worker in workers:
        for held in RoleAssignment.objects.filter(account=worker.account, until__isnull=True):
            access.end_role(admin.actor, assignment=held)


def leave_all(role: str) -> None:
    for held in RoleAssignment.objects.filter(role=role, until__isnull=True):
        access.end_role(make.make_network().admin.actor, assignment=held)


def test_when_on_call_supervisor_and_beginner_have_left_the_worker_who_asks_is_told() -> None:
    """Not the one who began the screen and works there no longer: she could neither see nor answer it."""
    family = make.make_family()
    asking = make.make_worker(at=family.episode.organization)
    make.join_team(family, asking)
    screen = make.make_screen(family, answers={}, finished=False)
    leave(family.by)
    leave_all("clinician")
    leave_all("agency_supervisor")
    screening.answer(asking.actor, screen=screen, answers={"epds_10": 1})
    task = Task.objects.get(about_id=screen.pk)
    assert task.owner == asking.person
    assert policy.can(asking.actor, "tasks.close", task)


def test_when_on_call_and_supervisor_have_left_another_clinician_is_told() -> None:
    """Somebody who can act on the answer comes before the worker who wrote it down."""
    family = make.make_family()
    on_call = make.make_on_call(family.episode.organization)
    screen = make.make_screen(family, answers={}, finished=False)
    other = make.make_worker("clinician", family.episode.organization)
    leave(on_call)
    leave_all("agency_supervisor")
    screening.answer(family.by.actor, screen=screen, answers={"epds_10": 1})
    assert Task.objects.get(about_id=screen.pk).owner == other.person


def test_when_nobody_is_left_who_answers_who_runs_the_house_is_asked_until_somebody_is_there() -> None:
    """Said before the last two roles end, by whom it is answered then; by letter and on Today afterwards. Whether an answer
    waits is the agency's to know (`protect.md` 3), and no family is named."""
    admin, family = make.make_network().admin, make.make_family(child="Teodoro Quintanilla")
    pat, dana = (
        make.make_worker("agency_supervisor", name="Pat Reyes"),
        make.make_worker("clinician", name="Dana Wells"),
    )
    place = family.episode.organization.name
    asked = f"Nobody at {place} can answer"
    said = {
        pat: "has no supervisor. What needs a person now is answered by Dana Wells",
        dana: "neither a clinician nor",
    }
    for worker, words in said.items():
        assert asked not in admin.client.get(reverse("today")).content.decode()
        held = RoleAssignment.objects.get(account=worker.account)
        sent = {"key": str(held.pk), "version": held.version}
        assert words in admin.client.post(reverse("end_role", args=[held.pk]), sent).content.decode()
        admin.client.post(reverse("end_role", args=[held.pk]), sent | {"sure": "yes"})
    run_due()
    assert [one.to_id for one in Letter.objects.filter(template="nobody_left")] == [admin.person.pk]
    page = admin.client.get(reverse("today")).content.decode()
    assert asked in page and f"Invite the first supervisor of {place}" not in page and "Quintanilla" not in page
    assert asked not in make.make_worker("agency_supervisor").client.get(reverse("today")).content.decode()
    assert asked not in admin.client.get(reverse("today")).content.decode()


def test_a_task_that_climbed_meanwhile_is_closed_by_sending_the_form_again() -> None:
    """The words typed stand in the form, over the version that is shown now."""
    _screen, task = make.make_crisis()
    owner = make.Worker(task.owner.account, task.organization)
    with clock.at(clock.now() + timedelta(hours=2)):
        run_due()
    address = reverse("task_close", kwargs={"task": task.pk})
    first = owner.client.post(
        address, {"key": "one", "version": task.version, "done": "We spoke; her sister is there."}
    )
    form = first.context["close_form"]
    again = {name: form[name].value() for name in ("key", "version", "done")}
    second = owner.client.post(address, again)
    assert (first.status_code, second.status_code) == (409, 302)
    assert Task.objects.get(pk=task.pk).done == "We spoke; her sister is there."


def test_a_task_that_climbed_meanwhile_is_handed_over_by_sending_the_form_again() -> None:
    """What was chosen stays chosen."""
    _screen, task = make.make_crisis()
    other = make.make_worker("clinician", task.organization)
    supervisor = make.make_worker("agency_supervisor", task.organization)
    with clock.at(clock.now() + timedelta(hours=2)):
        run_due()
    address = reverse("task_hand_over", kwargs={"task": task.pk})
    sent = {"key": "one", "version": task.version, "person": str(other.person.pk)}
    first = supervisor.client.post(address, sent)
    form = first.context["hand_form"]
    second = supervisor.client.post(address, {name: form[name].value() for name in ("key", "version", "person")})
    assert (first.status_code, second.status_code) == (400, 302)
    assert Task.objects.get(pk=task.pk).owner == other.person


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1900, 1, 1)])
def test_a_screen_is_not_dated_before_the_family_came(day: date) -> None:
    """A slip in the year is refused with a sentence, as it is for a visit."""
    family = make.make_family()
    make.make_on_call(family.episode.organization)
    with pytest.raises(BadInput, match="before the agency began"):
        screening.begin(
            family.by.actor, episode=family.episode, subject=family.adult, instrument=catalog().named("epds"), on=day
        )


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize("nothing", ["", "   ", "\u00a0\u2003", "\u200b", "\u2060\ufeff", "...", "—"])
def test_a_task_is_not_closed_with_words_that_say_nothing(nothing: str) -> None:
    """Neither with blanks, nor with characters that nobody sees, nor with a dot."""
    _screen, task = make.make_crisis()
    owner = make.Worker(task.owner.account, task.organization)
    with pytest.raises(BadInput, match="What you did is missing"):
        tasks.close(owner.actor, task=task, done=nothing)
    assert tasks.close(owner.actor, task=task, done="Llamé; está bien.").closed_at is not None
