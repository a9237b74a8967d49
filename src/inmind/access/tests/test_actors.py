"""Who acts, and what the policy says when a verb is refused."""

from __future__ import annotations

from uuid import uuid4

import pytest

from inmind.access import grants
from inmind.access.actors import NOBODY, VISITOR, Actor, Standing, machine, operator
from inmind.access.role import Role
from inmind.access.roles import AT_AN_AGENCY, INVITED, ROLES, given_where


@pytest.mark.parametrize(
    ("actor", "needs"),
    [
        (NOBODY, False),
        (Actor("user", "1", standings=(Standing("home_visitor"),)), True),
        (Actor("user", "1", standings=(Standing("home_visitor"),), second_factor=True), False),
        (Actor("user", "1", standings=(Standing("data_steward"),)), True),
        (Actor("user", "1", standings=(Standing("data_steward"),), second_factor=True), False),
        (Actor("user", "1", standings=(Standing("administrator"),)), True),
        (Actor("user", "1"), False),
        (machine("seal"), False),
        (operator("backup"), False),
    ],
    ids=[
        *("nobody", "one factor", "both factors", "a steward, one factor", "a steward, both factors"),
        *("an administrator", "no role", "the machine", "the operator"),
    ],
)
def test_who_sees_names_of_families_or_gives_roles_shows_a_second_factor(actor: Actor, needs: bool) -> None:
    """Only people who signed in are asked for one."""
    assert actor.needs_second_factor is needs


@pytest.mark.parametrize("role", [ROLES[key] for key in INVITED], ids=INVITED)
def test_whoever_gives_roles_must_have_two_factors(role: type[Role]) -> None:
    """A role that is given opens what it sees: with one factor, families would be two steps away."""
    gives = any(grant.verb in {"access.invite", "access.give_role"} for grant in role.grants)
    assert role.gives_roles is gives
    assert role.needs_second_factor() or not gives


def test_a_worker_is_at_home_where_a_role_is_held_and_once_at_each_place() -> None:
    here, there = uuid4(), uuid4()
    standings = (Standing("clinician", here), Standing("administrator"), Standing("agency_supervisor", here))
    assert Actor("user", "1", standings=(*standings, Standing("clinician", there))).organizations == [here, there]
    assert NOBODY.organizations == []


def test_everybody_who_acts_has_a_name_in_the_trail() -> None:
    """Kind and id; a visitor is nobody yet."""
    assert machine("access.tidy").key == "machine:access.tidy"
    assert operator("restore").key == "operator:restore"
    assert NOBODY.key == VISITOR.key == "nobody:"
    assert not NOBODY.signed_in


def test_a_house_without_families_gives_no_role_that_sees_them() -> None:
    """An association invites fewer."""
    assert set(given_where(keeps_families=True)) == set(INVITED)
    without = given_where(keeps_families=False)
    assert "administrator" in without
    assert not [role for role in without if ROLES[role].sees_families]
    assert set(AT_AN_AGENCY) < set(INVITED)


def test_a_role_that_is_unknown_has_no_grant() -> None:
    """A role of a later edition, restored into this one, opens nothing."""
    assert grants.of_role("not_yet", "families.register") == ()
    assert {grant.verb for grant in grants.of_role("home_visitor", "families.register")} <= {"families.register"}


@pytest.mark.parametrize("verb", sorted(grants.REFUSALS))
def test_a_refused_verb_says_its_own_sentence(verb: str) -> None:
    """Whether or not the role knows it."""
    for has_verb in (True, False):
        verdict = grants.refusal(verb, has_verb=has_verb)
        assert not verdict
        assert verdict.sentence == grants.REFUSALS[verb]


def test_a_verb_without_a_sentence_says_that_the_role_lacks_it() -> None:
    """Nobody is left without a reason."""
    assert grants.refusal("nothing.known", has_verb=False).sentence == grants.ROLE_LACKS
    assert grants.refusal("nothing.known", has_verb=True).sentence == grants.ROLE_LACKS
