"""`protect.md` 13: readiness is its owner's. Employers see an endorsement once issued, never readiness, unless it is shared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access import policy
from inmind.access.models import AuditEntry, AuditSubject
from inmind.access.profession_words import ENDORSEMENT_REFUSED
from inmind.endorsement import actions, queries
from inmind.endorsement.models import Endorsement, Goal, Share
from inmind.endorsement.tests.stand_ins import Held, Known, known
from inmind.foundation import clock
from inmind.foundation.errors import Refused
from inmind.people.models import Organization, Person
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rooms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Known]:
    with known(monkeypatch) as here:
        yield here


@dataclass
class Scene:
    """Luz works at Harbor and toward FS with Plains; Ana holds her in reflective supervision."""

    luz: make.Worker
    goal: Goal
    association: Organization
    readers: dict[str, make.Worker]


@pytest.fixture
def scene(rooms: Known) -> Scene:
    harbor, prairie = make.make_network().agencies[:2]
    plains, coast = make.make_association(), make.make_association("Coast Association")
    luz = make.make_worker("home_visitor", harbor, name="Luz Ortega")
    ana = make.make_worker("practitioner", plains, name="Ana Ruiz")
    rooms.held[luz.person.pk] = [Held(clock.today(make.ZONE), 60, f"person:{ana.person.pk}")]
    readers = {
        "owner": luz,
        "coordinator": make.make_worker("association_coordinator", plains),
        "another coordinator": make.make_worker("association_coordinator", coast),
        "employer": make.make_worker("agency_supervisor", harbor),
        "line manager": make.make_worker("family_service_coordinator", harbor),
        "another agency": make.make_worker("agency_supervisor", prairie),
        "administrator": make.make_network().admin,
        "supervisor in reflection": ana,
        "another member": make.make_worker("practitioner", plains),
    }
    return Scene(luz, make.make_goal(luz, plains), plains, readers)


def may(reader: make.Worker, verb: str, thing: Any) -> bool:
    said = bool(policy.can(reader.actor, verb, thing))
    rows = policy.visible(reader.actor, type(thing)._default_manager.all(), verb)
    assert rows.filter(pk=thing.pk).exists() is said, "the two executions agree"
    return said


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize(
    ("who", "own", "by_goal", "goal_ended", "shared_with_employer", "shared_with_ana", "taken_back"),
    [
        ("owner", True, False, False, False, False, False),
        ("coordinator", False, True, False, False, False, False),
        ("another coordinator", False, False, False, False, False, False),
        ("employer", False, False, False, True, False, False),
        ("line manager", False, False, False, False, False, False),
        ("another agency", False, False, False, False, False, False),
        ("administrator", False, False, False, False, False, False),
        ("supervisor in reflection", False, False, False, False, True, False),
        ("another member", False, False, False, False, False, False),
    ],
)
def test_readiness_is_its_owners_and_whom_she_shows_it(
    scene: Scene,
    who: str,
    own: bool,
    by_goal: bool,
    goal_ended: bool,
    shared_with_employer: bool,
    shared_with_ana: bool,
    taken_back: bool,
) -> None:
    """`protect.md` 13, as a table: who reads it, by which way, and from which moment no more."""
    reader, luz = scene.readers[who], scene.luz
    person = Person.objects.get(pk=luz.person.pk)
    assert may(reader, "endorsement.see_own", person) is own
    assert may(reader, "endorsement.see_readiness", scene.goal) is by_goal
    until = clock.today(make.ZONE) + timedelta(days=10)
    said = {"person": person, "category": "FS", "association": scene.association, "until": until}
    to_harbor = actions.share(luz.actor, to_organization=luz.agency, **said)
    to_ana = actions.share(luz.actor, to_person=scene.readers["supervisor in reflection"].person, **said)
    assert may(reader, "endorsement.see_shared", to_harbor) is shared_with_employer
    assert may(reader, "endorsement.see_shared", to_ana) is shared_with_ana
    for one in (to_harbor, to_ana):
        actions.end_share(luz.actor, share=one)
        assert may(reader, "endorsement.see_shared", Share.objects.get(pk=one.pk)) is taken_back
    actions.end_goal(luz.actor, goal=scene.goal)
    assert may(reader, "endorsement.see_readiness", Goal.objects.get(pk=scene.goal.pk)) is goal_ended


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize(
    "who", ["another coordinator", "employer", "line manager", "administrator", "supervisor in reflection"]
)
def test_no_page_shows_it_and_the_refusal_is_one_sentence(scene: Scene, who: str) -> None:
    """Every address of hers, by everybody else."""
    client = scene.readers[who].client
    for address in (reverse("endorsement_goal", kwargs={"goal": scene.goal.pk}),):
        page = client.get(address)
        assert page.status_code == 403 and "Luz" not in page.content.decode()
    listed = client.get(reverse("endorsements"))
    assert "Luz" not in listed.content.decode()
    assert scene.luz.person.name not in client.get(reverse("endorsements_issued")).content.decode()


def test_a_visitor_reads_nothing(scene: Scene) -> None:
    for name in ("my_endorsement", "endorsements", "my_renewal", "endorsement_looked"):
        assert Client().get(reverse(name)).status_code == 302
    assert "Luz" not in Client().get(reverse("registry")).content.decode()


def test_a_share_is_over_with_its_last_day(scene: Scene) -> None:
    boss, luz = scene.readers["employer"], scene.luz
    until = clock.today(make.ZONE) + timedelta(days=3)
    share = actions.share(
        luz.actor,
        person=luz.person,
        category="FS",
        association=scene.association,
        until=until,
        to_organization=luz.agency,
    )
    for days, expected in ((0, True), (3, True), (4, False)):
        with clock.at(clock.now() + timedelta(days=days)):
            assert may(boss, "endorsement.see_shared", share) is expected


def test_an_employer_sees_an_endorsement_once_issued(scene: Scene) -> None:
    boss, stranger = scene.readers["employer"], scene.readers["another agency"]
    held = make.make_endorsed(scene.luz, by=scene.readers["coordinator"])
    assert may(boss, "endorsement.see_issued", held) and not may(stranger, "endorsement.see_issued", held)
    assert reverse("endorsements_issued") in boss.client.get(reverse("people")).content.decode()
    page = boss.client.get(reverse("endorsements_issued")).content.decode()
    assert "Luz Ortega" in page and "Infant Family Specialist (IFS)" in page
    ended = actions.end_endorsement(
        scene.readers["coordinator"].actor,
        endorsement=held,
        until=clock.today(make.ZONE),
        why=Endorsement.Why.LAPSED,
    )
    assert not may(boss, "endorsement.see_issued", ended)


def test_nobody_says_or_shows_anything_for_somebody_else(scene: Scene) -> None:
    boss = scene.readers["coordinator"].actor
    for refused in (
        lambda: actions.say(boss, person=scene.luz.person, fact="cda", answer="yes"),
        lambda: actions.set_goal(
            boss, person=scene.luz.person, association=scene.association, category="MHS", credential="IMH-E"
        ),
        lambda: actions.end_goal(boss, goal=scene.goal),
    ):
        with pytest.raises(Refused) as caught:
            refused()
        assert caught.value.verdict.sentence == ENDORSEMENT_REFUSED["endorsement.see_own"]


def test_that_somebody_looked_stands_in_her_trail(scene: Scene) -> None:
    """The list and the page of a coordinator, and a refusal, name whose readiness it was."""
    coordinator = scene.readers["coordinator"]
    for address in (reverse("endorsements"), reverse("endorsement_goal", kwargs={"goal": scene.goal.pk})):
        before = looks(scene.luz)
        assert coordinator.client.get(address).status_code == 200
        assert looks(scene.luz) == before + 1
    looked = scene.luz.client.get(reverse("endorsement_looked")).content.decode()
    assert f"{coordinator.person.name}, Association coordinator" in looked, "two of them can be told apart"
    assert "looked at how near you are" in looked


def looks(luz: make.Worker) -> int:
    of_hers = AuditSubject.objects.filter(kind="person", ref=luz.person.pk).values("entry")
    return AuditEntry.objects.filter(seq__in=of_hers, verb="endorsement.see_readiness").count()


def test_an_association_coordinator_reads_no_session_behind_a_line(scene: Scene) -> None:
    """The line, and neither the name of who holds her nor the day."""
    page = scene.readers["coordinator"].client.get(reverse("endorsement_goal", kwargs={"goal": scene.goal.pk}))
    assert "1 of 24 hours" in page.content.decode() and "Ana Ruiz" not in page.content.decode()


def test_of_whom_nothing_is_recorded_nothing_is_said(scene: Scene) -> None:
    """`house.endorsed`: on any day, and never before the first record."""
    coordinator, ana = scene.readers["coordinator"], scene.readers["supervisor in reflection"]
    day = clock.today(make.ZONE)
    held = make.make_endorsed(ana, "MHM-C", since=day - timedelta(days=100), by=coordinator, degree="master")
    ids = [ana.person.pk, scene.luz.person.pk]
    assert queries.endorsed(ids, day) == {ana.person.pk: frozenset({"MHM-C", "master"})}
    assert queries.endorsed(ids, day - timedelta(days=101)) == {}
    actions.end_endorsement(
        coordinator.actor, endorsement=held, until=day - timedelta(days=10), why=Endorsement.Why.LAPSED
    )
    assert queries.endorsed(ids, day - timedelta(days=11)) == {ana.person.pk: frozenset({"MHM-C", "master"})}
    assert queries.endorsed(ids, day) == {ana.person.pk: frozenset({"master"})}, "known to hold nothing now"
