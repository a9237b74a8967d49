"""`docs/reference/access.md` prints who may see a mother's EPDS: what stands there is what the policy answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from inmind.access import actions as access
from inmind.access import policy, privacy, reference
from inmind.access.actors import Actor
from inmind.access.models import RoleAssignment
from inmind.access.roles import AT_AN_AGENCY, INVITED, ROLES
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.foundation import clock
from inmind.records import actions as records
from inmind.records.models import Pair
from inmind.screening.models import Screen
from inmind.tasks import actions as tasks
from tests import make

TEAM, AGENCY, ASKED, EMERGENCY, ELSEWHERE = reference.RELATIONS


def standing_so(relation: str, role: str) -> tuple[make.Worker, object]:
    """A worker in a relation to a mother's EPDS, and the screen. She stands there as a clinician, then changes her role."""
    network = make.make_network()
    screen, task = make.make_crisis(make.make_family())
    place = network.agencies[1] if relation == ELSEWHERE else network.agencies[0]
    if role not in AT_AN_AGENCY:
        return make.make_worker(role), screen
    worker = make.make_worker("clinician", place)
    if relation == TEAM:
        make.join_team(make.Family(screen.episode.dyad, screen.episode, worker), worker)
    if relation == ASKED:
        supervisor = make.make_worker("agency_supervisor", place)
        tasks.hand_over(supervisor.actor, task=task, to=worker.person)
    if relation == EMERGENCY:
        privacy.ask_emergency(worker.actor, person=screen.subject, episode=screen.episode_id, reason="She is in danger")
    if role != "clinician":
        access.give_role(network.admin.actor, account=worker.account, role=role, organization=place)
        access.end_role(
            network.admin.actor, assignment=RoleAssignment.objects.get(account=worker.account, role="clinician")
        )
    return worker, screen


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.django_db
@pytest.mark.parametrize("relation", reference.RELATIONS)
@pytest.mark.parametrize("role", INVITED)
def test_what_is_printed_is_what_the_policy_answers(role: str, relation: str) -> None:
    """The administrator and the data steward work for the house: wherever a screen is, it is at another place."""
    printed = reference.sees_a_screen(ROLES[role], relation)
    worker, screen = standing_so(relation, role)
    assert bool(policy.can(worker.actor, reference.SEES_A_SCREEN, screen)) is printed


def test_the_table_says_no_more_than_it_should() -> None:
    """Who serves the family, the clinician who was asked, and who asked for emergency access; never another agency."""
    yes = {
        (role, relation)
        for role in INVITED
        for relation in reference.RELATIONS
        if reference.sees_a_screen(ROLES[role], relation)
    }
    serving = {"family_service_coordinator", "home_visitor", "clinician"}
    assert yes == {(role, TEAM) for role in serving} | {("clinician", ASKED)} | {
        ("clinician", EMERGENCY),
        ("agency_supervisor", EMERGENCY),
    }


# Row by row: `reference.SITUATIONS`

MOTHER = AdultFacts("María", "Ñúñez", "mother", phone="555-014-2000")


class Scene:
    """A mother screened at the first agency by her home visitor, with somebody who was asked to answer."""

    def __init__(self) -> None:
        self.network = make.make_network()
        self.here, self.there = self.network.agencies[:2]
        self.asked = make.make_on_call(self.here)
        self.visitor = make.make_worker("home_visitor", self.here)
        self.family = make.make_family(self.visitor, adults=(MOTHER,))
        self.screen, self.task = make.make_crisis(self.family)

    def of_a_side(self, role: str) -> make.Worker:
        """A worker on the care team of the foster mother's side of the child."""
        coordinator = make.make_worker("family_service_coordinator", self.here)
        worker = make.make_worker(role, self.here)
        facts = AdultFacts("Ana", "Peña", "foster_mother")
        families.open_side(
            coordinator.actor, episode=self.family.episode, side="foster home", adult=facts, worker=worker.person
        )
        return worker

    def on_the_team(self, role: str) -> make.Worker:
        make.join_team(self.family, worker := make.make_worker(role, self.here))
        return worker

    def in_emergency(self, role: str) -> make.Worker:
        worker = make.make_worker(role, self.here)
        about = {"person": self.screen.subject, "episode": self.screen.episode_id, "reason": "She is in danger"}
        privacy.ask_emergency(worker.actor, **about)
        return worker

    def handed_over(self) -> make.Worker:
        taker = make.make_worker("home_visitor", self.here)
        supervisor = make.make_worker("agency_supervisor", self.here)
        families.hand_over(
            supervisor.actor, organization=self.here, giver=self.visitor.person, taker=taker.person, note=""
        )
        return self.visitor

    def service_ended(self) -> make.Worker:
        families.end_episode(self.visitor.actor, episode=self.family.episode, until=_today(), reason="moved")
        return self.visitor

    def role_ended(self) -> make.Worker:
        held = RoleAssignment.objects.get(account=self.visitor.account)
        access.end_role(self.network.admin.actor, assignment=held)
        return self.visitor

    def merged(self, by: make.Worker) -> make.Worker:
        """The mother was registered a second time by this worker, and her two records were put together."""
        make.make_family(by, child="Lucía Peña", age_months=30, adults=(MOTHER,))
        pair, steward = Pair.objects.get(), make.make_worker("data_steward").actor
        records.merge(steward, pair=pair, stays=pair.one, chosen={})
        return by

    def consent_ended(self, asks: make.Worker) -> make.Worker:
        said: dict[str, Any] = {"capacity": "parent", "document": "written_by_parent"}
        holder = families.note_consent(
            self.visitor.actor, episode=self.family.episode, holder=self.family.adult, since=_today(), **said
        )
        families.end_consent(
            self.visitor.actor,
            episode=self.family.episode,
            consent_holder=holder.pk,
            until=_today() + timedelta(days=1),
        )
        return asks


def _today() -> Any:
    return clock.today(make.ZONE)


STANDS: dict[str, Callable[[Scene], make.Worker | None]] = {
    "herself": lambda scene: None,
    "her worker": lambda scene: scene.visitor,
    "clinician of the team": lambda scene: scene.on_the_team("clinician"),
    "clinician of a side": lambda scene: scene.of_a_side("clinician"),
    "foster worker": lambda scene: scene.of_a_side("home_visitor"),
    "foster worker elsewhere": lambda scene: make.make_family(at=scene.there).by,
    "coordinator": lambda scene: make.make_worker("family_service_coordinator", scene.here),
    "asked": lambda scene: scene.asked,
    "supervisor": lambda scene: make.make_worker("agency_supervisor", scene.here),
    "privacy officer": lambda scene: make.make_worker("privacy_officer", scene.here),
    "steward": lambda scene: make.make_worker("data_steward"),
    "association's coordinator": lambda scene: make.make_worker("association_coordinator"),
    "member": lambda scene: make.make_worker("practitioner"),
    "administrator": lambda scene: scene.network.admin,
    "elsewhere": lambda scene: make.make_worker("clinician", scene.there),
    "emergency": lambda scene: scene.in_emergency("clinician"),
    "supervisor in emergency": lambda scene: scene.in_emergency("agency_supervisor"),
    "emergency over": lambda scene: scene.in_emergency("clinician"),
    "handed over": lambda scene: scene.handed_over(),
    "service ended": lambda scene: scene.service_ended(),
    "role ended": lambda scene: scene.role_ended(),
    "one factor": lambda scene: scene.visitor,
    "merged, team": lambda scene: scene.merged(scene.visitor),
    "merged, elsewhere": lambda scene: scene.merged(make.make_worker("home_visitor", scene.there)),
    "consent ended, team": lambda scene: scene.consent_ended(scene.visitor),
    "consent ended, elsewhere": lambda scene: scene.consent_ended(make.make_family(at=scene.there).by),
}
LATER = {"emergency over": timedelta(hours=5), "consent ended, team": timedelta(days=2)}


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.django_db
@pytest.mark.parametrize("situation", reference.SITUATIONS, ids=lambda one: one.key)
def test_who_may_see_a_mothers_epds_row_by_row(situation: reference.Situation) -> None:
    """`protect.md` 1: what is printed for each who asks is what the policy answers to somebody who stands so."""
    scene = Scene()
    worker = STANDS[situation.key](scene)
    assert worker is None or situation.role in {"", *(one.role for one in worker.actor.standings)}
    with clock.at(clock.now() + LATER.get(situation.key, timedelta())):
        actor = Actor(kind="nobody", id="") if worker is None else worker.actor
        if situation.key == "one factor":
            actor = replace(actor, second_factor=False)
        screen = Screen.objects.get(pk=scene.screen.pk)  # as it stands by then
        verdict = policy.can(actor, reference.SEES_A_SCREEN, screen)
        assert bool(verdict) is situation.may_read, verdict.sentence


def test_every_row_is_built_and_each_role_has_one() -> None:
    """No row is printed that nobody tries, and no role that is given is left out."""
    keys = [one.key for one in reference.SITUATIONS]
    assert keys == list(STANDS)
    assert {one.role for one in reference.SITUATIONS} == {"", *INVITED}
    assert {one.relation for one in reference.SITUATIONS} == {"", *reference.RELATIONS}
