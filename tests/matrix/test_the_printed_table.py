"""`docs/reference/access.md` prints who may see a mother's EPDS: what stands there is what the policy answers."""

from __future__ import annotations

import pytest

from inmind.access import actions as access
from inmind.access import policy, privacy, reference
from inmind.access.models import RoleAssignment
from inmind.access.roles import AT_AN_AGENCY, INVITED, ROLES
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
