"""The table of grants, looked at as a whole."""

from __future__ import annotations

from uuid import uuid4

import pytest

from inmind.access import grants, profession_words
from inmind.access.actors import Standing, by_link, by_office_link
from inmind.access.role import CLINICAL, FAMILY, Grant, Role
from inmind.access.roles import AT_AN_AGENCY, INVITED, ROLES, given_where
from inmind.foundation.registries import house
from inmind.foundation.values import Regime

ANYWHERE = "anywhere"
OWN_ACCOUNT = "own_account"
ON_A_RECORD = sorted({grant.verb for _, grant in grants.TABLE if grant.path not in {ANYWHERE, OWN_ACCOUNT}})
BLIND = [role for role in ROLES.values() if not role.sees_families]


@pytest.mark.parametrize("verb", ON_A_RECORD)
def test_a_verb_that_a_record_can_refuse_has_its_own_sentence(verb: str) -> None:
    """Who may do it elsewhere is not told that the role lacks it."""
    verdict = grants.refusal(verb, has_verb=True)
    assert not verdict
    assert verdict.sentence == grants.REFUSALS[verb] != grants.ROLE_LACKS
    assert verdict.sentence.endswith(".")


def test_no_sentence_speaks_of_a_verb_that_nobody_has() -> None:
    """A verb that was renamed takes its sentence along."""
    assert set(grants.REFUSALS) <= grants.VERBS


def test_whatever_touches_a_family_has_a_name_for_those_who_ask_who_looked() -> None:
    """No line of that list is a bare verb."""
    assert {grant.verb for _, grant in grants.TABLE if FAMILY in grant.classes} <= set(grants.WORDS)


def test_who_looked_never_tells_that_there_was_a_screen() -> None:
    """Screens and what follows from them are named as the caregiver's own page, all alike; what is due for the child is not
    made of them, and says that it is the child's."""
    childs = {"screening.see_due", "screening.note_done"}
    assert all("child" in grants.WORDS[verb] for verb in childs)
    told = {verb for verb in grants.WORDS if "release" in verb}  # a file of what was agreed to, whatever is in it
    kept = set(grants.WORDS) - childs - told - {"jobs.import_rows"}  # a row of a sheet, which holds no screen
    kept -= set(profession_words.CALLED)  # the rooms of the profession know no family
    named = {grants.WORDS[verb] for verb in kept if verb.split(".")[0] in {"screening", "tasks", "jobs"}}
    assert named == {grants.OWN_PAGE}


@pytest.mark.parametrize("role", ["operator", "visitor", "caregiver_by_link", "program_by_link", "machine"])
def test_a_role_that_no_person_holds_is_given_to_nobody(role: str) -> None:
    """By no invitation, in no kind of house."""
    assert role in ROLES
    assert role not in {*INVITED, *AT_AN_AGENCY, *given_where(keeps_families=True), *given_where(keeps_families=False)}


@pytest.mark.parametrize("role", BLIND, ids=lambda role: role.key)
def test_a_role_that_sees_no_family_reaches_none(role: type[Role]) -> None:
    """Nothing about a family and nothing clinical, by no way at all."""
    assert [grant for grant in role.grants if grant.classes & {FAMILY, CLINICAL}] == []


@pytest.mark.parametrize("role", [ROLES[key] for key in INVITED], ids=INVITED)
def test_a_role_that_may_meet_a_name_signs_in_with_a_second_factor(role: type[Role]) -> None:
    """Names stand in a family's records, in the queue of records that may be one person, and in the sheets of an import."""
    of_names = {"records.see_duplicates", "records.merge", "records.see_imports", "records.begin_import"}
    meets = any(grant.classes & {FAMILY, CLINICAL} or grant.verb in of_names for grant in role.grants)
    assert role.sees_names is meets


@pytest.mark.parametrize(
    "grant", [grant for _, grant in grants.TABLE], ids=[f"{role.key} {grant.verb}" for role, grant in grants.TABLE]
)
def test_a_grant_leads_by_a_way_that_is_known(grant: Grant) -> None:
    """A path that no room offers would refuse for ever, and say nothing of why."""
    assert grant.path == ANYWHERE or grant.path in house.paths
    assert grant.purpose


@pytest.mark.parametrize(
    "grant", [grant for _, grant in grants.TABLE], ids=[f"{role.key} {grant.verb}" for role, grant in grants.TABLE]
)
def test_what_a_family_told_stands_under_a_law_and_is_open_to_nobody_by_role_alone(grant: Grant) -> None:
    """Some tie to the family, its agency or the task is asked for each time."""
    if grant.classes & {FAMILY, CLINICAL}:
        assert grant.regime is not Regime.NONE
        assert grant.path != ANYWHERE
    own = (
        {"own_account", "own_paper"} if grant.verb.startswith("away.") else set()
    )  # what she typed herself, on her phone
    if CLINICAL in grant.classes:
        assert grant.path in {
            "care_team",
            "task_owner",
            "asked",
            "emergency",
            "by_link",
            "by_office_link",
            "addressed",
            *own,
        }


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_a_role_is_one_sentence_and_no_grant_is_there_twice(role: type[Role]) -> None:
    """What a director reads before giving it."""
    assert role.name
    assert role.sentence.endswith(".")
    assert len(role.grants) == len(set(role.grants))


def test_whoever_comes_by_a_link_is_named_by_it_and_holds_nothing_else() -> None:
    """One standing, for the agency that sent it, herself and the link; never a session, and no second factor to ask for."""
    link, person, agency = uuid4(), uuid4(), uuid4()
    came = by_link(link, person, "Ana", agency)
    assert (came.key, came.person, came.organizations) == (f"link:{link}", person, [agency])
    assert came.standings == (Standing("caregiver_by_link", agency, person, link=link),)
    office = by_office_link(link, agency)
    assert (office.key, office.person, office.standings) == (
        f"link:{link}",
        None,
        (Standing("program_by_link", agency, link=link),),
    )
    assert not came.signed_in
    assert not came.needs_second_factor
