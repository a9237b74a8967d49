"""Handing a task over: to somebody else, who could answer it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from inmind.access import actions as access
from inmind.access.models import AuditEntry, RoleAssignment
from inmind.families.intake import AdultFacts
from inmind.foundation.errors import NotNow, Refused
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.screening import actions as screening
from inmind.screening.models import Screen
from inmind.tasks import actions, queries
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


# Where nobody else can answer it


MOTHER = AdultFacts("María", "Ñúñez", "mother", phone="555-014-2000", phone_is_safe=True)


@pytest.fixture
def alone() -> Task:
    """A red task of an agency's one clinician."""
    make.make_on_call(person=make.make_worker("clinician", name="Dana Whitfield"))
    _screen, owed = make.make_crisis(make.make_family(adults=(MOTHER,)))
    return owed


def leave(task: Task) -> None:
    access.end_role(make.make_network().admin.actor, assignment=task.owner.account.roles.get())


@pytest.mark.parametrize("left", [True, False], ids=["left", "ill"])
def test_a_supervisor_answers_what_nobody_else_can(alone: Task, left: bool) -> None:
    """She learns whom it is about and how they may be called, reads no screen, tries, and closes it; the privacy officer
    asks why."""
    okafor, priya = make.make_worker("agency_supervisor"), make.make_worker("privacy_officer", name="Priya Raman")
    if left:
        leave(alone)
    before = page_of(alone, okafor)
    nobody = "With nobody: Dana Whitfield works here no more"
    assert (nobody in before, "With Dana Whitfield" in before) == (left, not left)
    assert (nobody in today_of(okafor)) is left
    assert "555-014" not in before and "5550142000" not in before and "María" not in before
    screen = Screen.objects.get(pk=alone.about_id)
    team = make.signed_in(screen.episode.assignments.get().worker.account)
    own_page = team.get(reverse("caregiver_read", args=[screen.episode_id, screen.subject_id])).content.decode()
    assert ("is with nobody: Dana Whitfield" in own_page, "Dana Whitfield is asked" in own_page) == (left, not left)
    address = reverse("task_take_over", kwargs={"task": alone.pk})
    answer = okafor.client.post(address, {"key": "one", "version": alone.version}, follow=True)
    page = answer.content.decode()
    assert "It is yours now." in page and "Answer it yourself" not in page
    assert "María Ñúñez" in page and "tel:5550142000" in page and "With nobody" not in page
    assert okafor.client.get(reverse("screen", kwargs={"screen": alone.about_id})).status_code == 403
    mine = Task.objects.get(pk=alone.pk)
    mine = actions.note_attempt(okafor.actor, task=mine, words="No answer at noon.")
    assert actions.close(okafor.actor, task=mine, done="We spoke.").closed_by == okafor.person
    entry = AuditEntry.objects.get(verb="tasks.take_over", outcome="done")
    assert (entry.person, [one.ref for one in entry.subjects.all()]) == (okafor.person.pk, [alone.subject_id])
    run_due()
    assert told("task_handed_on") == (set() if left else {"Dana Whitfield"})
    assert told("task_to_oneself") == {"Priya Raman"}
    asked = Task.objects.get(why="task_to_oneself")
    assert (asked.owner, asked.subject) == (priya.person, okafor.person)


def test_while_a_clinician_can_answer_it_is_handed_to_her(task: Task) -> None:
    """Also where its owner has left: nobody who reads no screen comes between."""
    okafor = make.make_worker("agency_supervisor")
    leave(task)
    page = page_of(task, okafor)
    assert "With nobody: Dana Whitfield" in page and "Noor Haddad" in page and "Answer it yourself" not in page
    with pytest.raises(NotNow, match="Hand it to somebody who can read"):
        actions.take_over(okafor.actor, task=task)
    address = reverse("task_take_over", kwargs={"task": task.pk})
    answer = okafor.client.post(address, {"key": "one", "version": task.version}, follow=True)
    assert "Hand it to somebody who can read" in answer.content.decode()
    assert Task.objects.get(pk=task.pk).owner_id == task.owner_id


def test_nobody_takes_it_over_but_the_supervisor_of_the_agency(alone: Task) -> None:
    """No other role there, and not the supervisor of another agency."""
    elsewhere = make.make_worker("agency_supervisor", make.make_network().agencies[1])
    for worker in (elsewhere, *map(make.make_worker, ("home_visitor", "privacy_officer", "administrator"))):
        with pytest.raises(Refused, match="Only the supervisor of the agency takes a task over"):
            actions.take_over(worker.actor, task=alone)


def test_it_is_taken_over_once_and_only_while_somebody_is_needed_now(alone: Task) -> None:
    okafor = make.make_worker("agency_supervisor")
    mine = actions.take_over(okafor.actor, task=alone)
    with pytest.raises(NotNow, match="with you already"):
        actions.take_over(okafor.actor, task=mine)
    closed = actions.close(okafor.actor, task=mine, done="We spoke.")
    with pytest.raises(NotNow, match="closed already"):
        actions.take_over(okafor.actor, task=closed)
    assert queries.is_last_resort(alone, okafor.person.pk)
    assert not queries.is_last_resort(alone, alone.subject_id)
    assert not queries.is_last_resort(Task(organization=alone.organization, red=False), okafor.person.pk)


def test_what_is_with_nobody_comes_first_on_today(task: Task) -> None:
    """Before a red task that is due earlier, and that somebody has."""
    okafor, noor = make.make_worker("agency_supervisor"), access.Account.objects.get(person__given_name="Noor").person
    make.make_crisis(make.make_family(child="Rosa Ibarra"))
    actions.hand_over(okafor.actor, task=task, to=noor)
    assert today_of(okafor).index("With Noor Haddad") < today_of(okafor).index("With Dana Whitfield")
    leave(task)
    assert today_of(okafor).index("With nobody: Dana Whitfield") < today_of(okafor).index("With Noor Haddad")
