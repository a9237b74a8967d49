"""Worklists and Today: whose families, parted by team, state and visit; pages kept in the address; few questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.families import actions as families
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.screening import due
from inmind.screening.schedule import State
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


def said(worker: make.Worker, **asked: Any) -> str:
    answer = worker.client.get(reverse("due"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_reader_sees_the_families_that_are_hers() -> None:
    """The care team its own, who arranges teams the agency's; another agency none; of an adult only the care team reads."""
    network = make.make_network()
    family = make.make_family(child="Noor Due", age_months=2)
    older = make.make_family(family.by, child="Iris Late", age_months=13)
    coordinator, supervisor = make.make_worker("family_service_coordinator"), make.make_worker("agency_supervisor")
    mine = said(family.by)
    assert "Noor" in mine and "Mood after the birth" in mine and "Iris" in mine
    for worker in (coordinator, supervisor):
        theirs = said(worker)
        assert "Iris" in theirs and "Mood" not in theirs and "Noor" not in theirs
    assert "Iris" not in said(make.make_worker("agency_supervisor", network.agencies[1]))
    assert "Iris" not in said(make.make_worker("home_visitor"))
    assert make.make_worker("privacy_officer").client.get(reverse("due")).status_code == 403
    assert older.episode.pk != family.episode.pk


def test_a_supervisors_list_is_the_same_whether_or_not_the_mother_was_screened() -> None:
    """`protect.md` 1, in a list seen outside the care team."""
    family = make.make_family(age_months=10)
    make.make_on_call()
    supervisor = make.make_worker("agency_supervisor")

    def lists() -> list[Any]:
        found = due.of_families(supervisor.actor, [Episode.objects.select_related("dyad__child", "organization").get()])
        return [(one.child, one.adults) for one in found]

    before = lists()
    assert before[0][1] == []
    make.make_screen(family)
    assert lists() == before


def test_a_list_is_parted_by_team_state_and_visit_and_keeps_that_in_the_address() -> None:
    luz, sam = make.make_worker(name="Luz Ibarra"), make.make_worker(name="Sam Ito")
    late = make.make_family(luz, child="Iris Late", age_months=13)
    make.make_family(sam, child="Theo Due", age_months=10)
    supervisor = make.make_worker("agency_supervisor")
    assert "Iris" in said(supervisor, team=luz.person.pk) and "Theo" not in said(supervisor, team=luz.person.pk)
    assert "Iris" in said(supervisor, state="overdue") and "Theo" not in said(supervisor, state="overdue")
    assert "Theo" in said(supervisor, state="due")
    assert "Nothing is due here" in said(supervisor, team="nobody")
    today = clock.today(make.ZONE)
    families.visit(luz.actor, episode=late.episode, on=today, place="home", minutes=45)
    visited = said(supervisor, visited=today)
    assert "Iris" in visited and "Theo" not in visited
    assert "Iris" in said(luz, team="mine") and "Theo" not in said(luz, team="mine")


def test_pages_follow_one_another_in_order_of_need_and_keep_what_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every family once over pages of two: the longest overdue first, of one day the newest; but only so many families at a
    time are put in order, and then the older ones."""
    monkeypatch.setattr(due, "ON_A_PAGE", 2)
    monkeypatch.setattr(due, "STRETCH", 3)
    luz = make.make_worker()
    oldest, longest, late, last, well = (
        make.make_family(luz, child=f"Child{number} Due", age_months=months).episode.pk
        for number, months in enumerate((60, 17, 13, 13, 20))
    )
    seen, following = [], {}
    for _ in range(9):
        page = due.page(luz.actor, Episode.objects.all(), (State.OVERDUE,), **following)
        seen.append([one.episode.pk for one in page.families])
        if not (following := page.following):
            break
    assert seen == [[last, late], [oldest, longest]]
    again = due.page(
        luz.actor, Episode.objects.all(), (State.OVERDUE,), past=well
    )  # nothing of hers is overdue any more
    assert again.families[0].episode.pk == last
    first = said(luz, state="overdue")
    assert f"?state=overdue&amp;after={late}" in first and "From the beginning" not in first
    assert "The longest overdue first" in first and "3 families at a time" in first
    assert "From the beginning" in said(luz, state="overdue", after=late)
    assert said(luz, after="no id", past="no id", team="elsewhere")


def test_a_stretch_in_which_nothing_is_due_says_so_and_leads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "STRETCH", 2)
    luz = make.make_worker()
    for number in range(3):
        make.make_family(luz, child=f"Child{number} Well", age_months=13 if number == 0 else 40)
    words = said(luz, state="due")
    assert "looked at so far" in words and ">Next<" in words


def test_a_page_of_families_costs_the_same_few_questions_however_many_they_are() -> None:
    """Two families or eight: not one question more."""
    luz = make.make_worker()
    make.make_on_call()
    for number in range(2):
        make.make_screen(make.make_family(luz, child=f"A{number} Due", age_months=2))
    counts = []
    for _ in range(2):
        episodes = list(Episode.objects.select_related("dyad__child", "organization"))
        with CaptureQueriesContext(connection) as asked:
            due.of_families(luz.actor, episodes)
        counts.append(len(asked))
        for number in range(6):
            make.make_family(luz, child=f"B{number} Due", age_months=2)
    assert counts[0] == counts[1] <= 9


def test_reading_a_list_names_children_and_adults_apart() -> None:
    """`protect.md` 1: no entry about an adult of the list names a child."""
    family = make.make_family(age_months=2)
    said(family.by)
    for entry in AuditEntry.objects.filter(person=family.by.person.pk, outcome="read"):
        named = {one.ref for one in entry.subjects.all()}
        assert not {family.adult.pk, family.child.pk} <= named or entry.verb.startswith("families.")


def test_today_stands_in_order_of_need() -> None:
    """Crisis, overdue, answered, due at today's visits first, waiting; one line each that leads on."""
    luz = make.make_worker(name="Luz Ibarra")
    make.make_on_call()
    first = make.make_family(luz, child="Noor Visited", age_months=10)
    make.make_family(luz, child="Rosa Latest", age_months=17)
    make.make_family(luz, child="Iris Late", age_months=13)
    families.visit(luz.actor, episode=first.episode, on=clock.today(make.ZONE), place="home", minutes=45)
    asks = {"next_step": "call", "owner": luz.person, "episode": first.episode}
    today = clock.today(make.ZONE)
    families.hear(luz.actor, words="Does he hear me?", by=today, **asks)
    _screen, crisis = make.make_crisis(first)
    make.together(lambda act: _give(crisis, luz))
    moment = Task.objects.get(why="concern").due_at + timedelta(minutes=1)
    with clock.at(moment):
        families.hear(luz.actor, words="She sleeps so little.", by=clock.today(make.ZONE) + timedelta(days=5), **asks)
        page = luz.client.get(reverse("today")).content.decode()
    headings = [
        "Needs a person now",
        "Its time has passed",
        "Waiting for you",
        "Due in your families",
        "Families you serve",
    ]
    places = [page.index(heading) for heading in headings]
    assert places == sorted(places)
    page = luz.client.get(reverse("today")).content.decode()
    assert page.index("Noor Visited") < page.index("Rosa Latest") < page.index("Iris Late") and "visit today" in page


def _give(task: Task, worker: make.Worker) -> None:
    task.owner = worker.person
    task.save()
