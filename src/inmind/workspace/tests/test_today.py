"""Today is never a dead end: the next step in an empty house, and who answered for a family one serves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.access import actions as access
from inmind.access.actors import operator
from inmind.access.founding import found
from inmind.access.models import Account, AuditEntry
from inmind.families import actions as families
from inmind.foundation import clock
from inmind.tasks import actions as tasks
from tests import make

pytestmark = pytest.mark.django_db
HEADING = "Answered since yesterday"


def today(worker: make.Worker) -> str:
    return worker.client.get(reverse("today")).content.decode()


def test_in_an_empty_network_each_role_sees_its_own_next_step() -> None:
    """Nothing registered, nobody on call, no colleagues: each page leads on."""
    network = make.make_network("Harbor Family Services")
    harbor = network.agencies[0]
    assert f'href="{reverse("invite")}?organization={harbor.pk}"' in today(network.admin)
    supervisor = make.make_worker("agency_supervisor", harbor)
    assert "Invite a home visitor" in today(supervisor)
    assert "Invite a clinician" in today(supervisor)
    visitor = make.make_worker("home_visitor", harbor)
    assert f'href="{reverse("family_register")}"' in today(visitor)
    assert "Nobody is on call yet" in today(visitor)
    make.make_worker("clinician", harbor)
    assert f'href="{reverse("on_call")}"' in today(supervisor)


def test_the_first_administrator_is_led_to_the_first_agency() -> None:
    """Right after the beginning: a house without any agency."""
    found(
        operator("tests"),
        name="Coastal Network",
        zone=make.ZONE,
        username="first",
        given_name="Robin",
        family_name="Vance",
        address="robin@example.org",
        demo=True,
    )
    admin = make.Worker(Account.objects.get(username="first"), None)
    assert f'href="{reverse("add_organization")}"' in today(admin)


@pytest.mark.parametrize("role", ["privacy_officer", "data_steward", "administrator"])
def test_a_role_for_which_nothing_waits_still_has_somewhere_to_go(role: str) -> None:
    """An empty page names the rooms that are open to its reader."""
    network = make.make_network()
    for agency in network.agencies:
        make.make_worker("agency_supervisor", agency)
    page = today(make.make_worker(role, network.agencies[0] if role == "privacy_officer" else None))
    assert "Nothing waits for you." in page
    assert 'class="empty-ways"><a class="button quiet" href="/' in page


def test_where_nothing_asks_today_says_so_and_what_waits_with_others_stands_apart() -> None:
    """A visitor's families are there to be opened; a supervisor is told whose the promised step is, and no more."""
    luz, okafor = make.make_worker("home_visitor", name="Luz Ibarra"), make.make_worker("agency_supervisor")
    family = make.make_family(luz, due_in_days=100)
    make.make_on_call()
    make.make_screen(family, instrument="epds")
    calm = "Nothing waits for you. This is good to know:"
    assert calm in today(luz)
    families.hear(
        luz.actor,
        episode=family.episode,
        said_by=None,
        words="Hardly sleeps.",
        next_step="call",
        owner=luz.person,
        by=clock.today(make.ZONE) + timedelta(days=3),
    )
    page = today(luz)
    assert calm not in page and "Waiting for you" in page
    page = today(okafor)
    assert calm in page and "With your colleagues" in page and "With Luz Ibarra" in page
    assert "Something needs a person now" not in page and "Waiting for you" not in page


def test_no_step_is_told_where_everything_has_begun() -> None:
    """Agencies have people, somebody is on call, a family is registered."""
    family = make.make_family()
    make.make_on_call()
    for person in (family.by, make.make_worker("agency_supervisor")):
        assert "What comes next" not in today(person)


@pytest.fixture
def answered() -> dict[str, Any]:
    """A mother's answer needed a person; the clinician on call closed the task with what was done."""
    visitor = make.make_worker("home_visitor", name="Luz Ibarra")
    dana = make.make_worker("clinician", name="Dana Whitfield")
    make.make_on_call(person=dana)
    family = make.make_family(visitor, adults=("Rosa Canary",))
    _screen, task = make.make_crisis(family)
    tasks.close(dana.actor, task=task, done="Canarydeed: her sister is with her.")
    return {"visitor": visitor, "dana": dana, "family": family}


def test_the_care_team_reads_who_answered_and_when_and_not_what(answered: dict[str, Any]) -> None:
    """Name and role of who closed the task, the time; nothing of the screen, the answer or the deed. The reading is kept."""
    page = today(answered["visitor"])
    assert HEADING in page
    assert "Rosa Canary" in page
    assert "Dana Whitfield, Clinician, answered" in page
    assert "<time" in page
    for word in ("Canarydeed", "self-harm", "EPDS", "Edinburgh"):
        assert word not in page
    read = AuditEntry.objects.filter(person=answered["visitor"].person.pk, verb="screening.see", outcome="read")
    assert {(one.kind, one.ref) for one in read.get().subjects.all()} == {("person", answered["family"].adult.pk)}


def test_nobody_else_learns_that_somebody_answered(answered: dict[str, Any]) -> None:
    """Beside the permitted case its refusals: the agency outside the care team, another agency; and she who answered knows."""
    network = make.make_network()
    harbor, prairie = network.agencies
    others = [make.make_worker(role, harbor) for role in ("home_visitor", "clinician", "agency_supervisor")]
    others += [make.make_worker(role, harbor) for role in ("family_service_coordinator", "privacy_officer")]
    others += [make.make_worker("home_visitor", prairie), network.admin, answered["dana"]]
    for worker in others:
        page = today(worker)
        assert HEADING not in page
        assert "Rosa Canary" not in page


def test_yesterdays_answers_stay_until_the_second_midnight(answered: dict[str, Any]) -> None:
    """By the clock of the agency: told today and tomorrow, gone on the day after."""
    with clock.at(clock.now() + timedelta(days=1)):
        assert HEADING in today(answered["visitor"])
    with clock.at(clock.now() + timedelta(days=2)):
        assert HEADING not in today(answered["visitor"])


def test_families_with_nobody_on_their_care_team_stand_before_who_arranges_it() -> None:
    """A coordinator and a supervisor read how many and go to the list; a visitor does not, nor another agency's."""
    network = make.make_network()
    okafor, pat = make.make_worker("agency_supervisor"), make.make_worker("family_service_coordinator")
    heading, luz = "With nobody on their care team", make.make_worker("home_visitor")
    family = make.make_family(luz)
    assert heading not in today(okafor)
    access.end_role(network.admin.actor, assignment=luz.account.roles.get())
    for arranging in (okafor, pat):
        page = today(arranging)
        assert heading in page and "1 family" in page and "?team=nobody" in page
        assert family.dyad.child.given_name not in page
    there = okafor.client.get(f"{reverse('families')}?team=nobody").content.decode()
    assert family.dyad.child.given_name in there
    for other in (make.make_worker("home_visitor"), make.make_worker("agency_supervisor", network.agencies[1])):
        assert heading not in today(other)
