"""Handing a task over: to somebody else, who could answer it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from inmind.access import actions as access
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def task() -> Task:
    """A red task of the clinician on call, at an agency with two more clinicians."""
    make.make_on_call(person=make.make_worker("clinician", name="Dana Whitfield"))
    make.make_worker("clinician", name="Noor Haddad")
    make.make_worker("clinician", make.make_network().agencies[1], name="Ines Elsewhere")
    _screen, owed = make.make_crisis(make.make_family())
    return owed


def page_of(task: Task, worker: make.Worker) -> str:
    return worker.client.get(reverse("task", kwargs={"task": task.pk})).content.decode()


def test_the_form_offers_the_others_who_could_answer(task: Task) -> None:
    """Not the one who owns it, nobody of another agency, nobody who serves families without being a clinician."""
    make.make_worker("home_visitor", name="Luz Ibarra")
    choices = page_of(task, make.make_worker("agency_supervisor")).split("Who answers instead")[1]
    assert "Noor Haddad" in choices
    for name in ("Dana Whitfield", "Ines Elsewhere", "Luz Ibarra"):
        assert name not in choices


def test_the_present_owner_cannot_be_chosen_by_hand(task: Task) -> None:
    """A form sent without the page is refused, and nothing changes hands."""
    said = {"key": "one", "version": task.version, "person": str(task.owner_id)}
    answer = make.make_worker("agency_supervisor").client.post(
        reverse("task_hand_over", kwargs={"task": task.pk}), said
    )
    assert answer.status_code == 400
    assert Task.objects.get(pk=task.pk).owner_id == task.owner_id


def test_somebody_whose_role_has_ended_is_not_offered(task: Task) -> None:
    """She could not see it any more; then nobody is left, and the page says what would help instead of an empty form."""
    okafor = make.make_worker("agency_supervisor")
    noor = access.Account.objects.get(person__given_name="Noor")
    access.end_role(okafor.actor, assignment=noor.roles.get())
    page = page_of(task, okafor)
    assert "Noor Haddad" not in page
    assert "Nobody else here can answer it." in page


def test_the_task_page_says_how_near_the_deadline_is_and_the_exact_time(task: Task) -> None:
    """For whoever owes it, in words that count and in the words of the clock."""
    page = page_of(task, make.make_worker("agency_supervisor"))
    assert '<time datetime="' in page
    assert " minutes</time>" in page
