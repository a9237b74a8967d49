"""Handing a task over: to somebody else, who could answer it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from inmind.access import actions as access
from inmind.access.models import RoleAssignment
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.screening import actions as screening
from inmind.screening.models import Screen
from inmind.tasks import actions
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


# Whoever loses a red task is told


def told(template: str) -> set[str]:
    """To whom a letter went; it tells nothing of the family or of what was asked."""
    letters = list(Letter.objects.filter(template=template).select_related("to"))
    assert all(letter.facts == "{}" for letter in letters)
    return {letter.to.name for letter in letters}


def today_of(worker: make.Worker) -> str:
    return worker.client.get(reverse("today")).content.decode()


def worker_of(task: Task) -> make.Worker:
    return make.Worker(task.owner.account, task.organization)


def test_whoever_loses_a_red_task_is_told(task: Task) -> None:
    """By a letter and on Today, without a name; who takes it is written to as before, and privacy is not asked about it."""
    dana, noor = worker_of(task), access.Account.objects.get(person__given_name="Noor").person
    make.make_worker("privacy_officer", name="Priya Raman")
    assert "No longer with you" not in today_of(dana)
    actions.hand_over(make.make_worker("agency_supervisor").actor, task=task, to=noor)
    run_due()
    assert told("task_handed_on") == {"Dana Whitfield"}
    assert (told("task_to_oneself"), Task.objects.filter(why="task_to_oneself").exists()) == (set(), False)
    page = today_of(dana)
    assert "No longer with you" in page
    assert task.subject.name not in page and "Noor" not in page


def test_a_home_visitor_who_loses_it_is_told_too() -> None:
    """Where nobody was on call, and no clinician or supervisor there, it was hers."""
    luz = make.make_worker(name="Luz Ibarra")
    network = make.make_network()
    on_call = make.make_on_call()
    supervisor = network.admin.actor
    family = make.make_family(luz)
    screen = make.make_screen(family, finished=False, answers={})
    for held in RoleAssignment.objects.filter(role__in=("clinician", "agency_supervisor"), until=None):
        access.end_role(supervisor, assignment=held)
    screening.answer(luz.actor, screen=screen, answers={"epds_10": 1})
    task = Task.objects.get(red=True)
    assert (task.owner, on_call.person == task.owner) == (luz.person, False)
    noor = make.make_worker("clinician", name="Noor Haddad")
    actions.hand_over(make.make_worker("agency_supervisor").actor, task=task, to=noor.person)
    run_due()
    assert "No longer with you" in today_of(luz)


def test_a_backup_who_loses_it_is_told_too(task: Task) -> None:
    noor, sol = (
        access.Account.objects.get(person__given_name="Noor").person,
        make.make_worker("clinician", name="Sol Q"),
    )
    make.together(lambda act: actions.ask_beside(act, task=task, person=sol.person))
    task.refresh_from_db()
    actions.hand_over(make.make_worker("agency_supervisor").actor, task=task, to=noor)
    run_due()
    assert told("task_handed_on") == {"Dana Whitfield", "Sol Q"}


def test_who_hands_a_red_task_to_herself_is_asked_why(task: Task) -> None:
    """A supervisor who is a clinician too may answer it, and read the screen; the privacy officer knows and asks."""
    network = make.make_network()
    both = make.make_worker("agency_supervisor", name="Ada Both")
    access.give_role(network.admin.actor, account=both.account, role="clinician", organization=network.agencies[0])
    priya = make.make_worker("privacy_officer", name="Priya Raman")
    make.make_worker("privacy_officer", network.agencies[1], name="Paul Elsewhere")
    dana = worker_of(task)
    actions.hand_over(both.actor, task=task, to=both.person)
    run_due()
    assert both.client.get(reverse("screen", kwargs={"screen": task.about_id})).status_code == 200
    assert told("task_handed_on") == {"Dana Whitfield"}
    assert told("task_to_oneself") == {"Priya Raman"}
    assert "No longer with you" in today_of(dana)
    asked = Task.objects.get(why="task_to_oneself")
    assert (asked.owner, asked.subject) == (priya.person, both.person)
    page = page_of(asked, priya)
    assert "Ada Both handed a task to themselves" in page
    subject = Screen.objects.get(pk=task.about_id).subject
    assert subject.family_name not in page and subject.given_name not in page
    assert "Ada Both handed" not in both.client.get(reverse("today")).content.decode()


def test_where_nobody_else_watches_who_runs_the_house_hears_of_it(task: Task) -> None:
    """An agency's one supervisor, who is a clinician too, is not the one who asks herself."""
    network = make.make_network()
    both = make.Worker(RoleAssignment.objects.get(role="agency_supervisor").account, network.agencies[0])
    access.give_role(network.admin.actor, account=both.account, role="clinician", organization=network.agencies[0])
    actions.hand_over(both.actor, task=task, to=both.person)
    run_due()
    letters = Letter.objects.filter(template__in=("task_to_oneself", "nobody_watches"))
    assert set(letters.values_list("template", "to")) == {("nobody_watches", network.admin.person.pk)}
    assert not Task.objects.filter(why="task_to_oneself").exists()
