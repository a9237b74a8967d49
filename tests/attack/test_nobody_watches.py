"""Nobody looks in secret: who opens a family in an emergency is told of, whoever else has left, and so is who gives a role
from outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from inmind.access import actions as access
from inmind.access import privacy
from inmind.access.models import EmergencyAccess, RoleAssignment
from inmind.families import queries
from inmind.families.offers import privacy_is_watched
from inmind.foundation import clock
from inmind.foundation.registries import Grade
from inmind.jobs.runner import run_due
from inmind.messages.adapters import mail
from inmind.messages.adapters.mail import written
from inmind.messages.models import Letter
from inmind.people.models import Organization, Person
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


def told(template: str) -> set[Any]:
    return set(Letter.objects.filter(template=template).values_list("to", flat=True))


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words of each letter that leaves."""
    words: list[str] = []

    def kept(template: str, facts: dict[str, Any], language: str) -> tuple[str, str]:
        words.append("\n".join(written(template, facts, language)))
        return "Subject", words[-1]

    monkeypatch.setattr(mail, "written", kept)
    return words


def open_family(who: make.Worker, family: make.Family) -> EmergencyAccess:
    return privacy.ask_emergency(who.actor, person=family.adult, episode=family.episode.pk, reason="She called us")


def end_of(worker: make.Worker) -> RoleAssignment:
    return RoleAssignment.objects.get(account=worker.account, until__isnull=True)


def invite(by: make.Worker, agency: Organization, name: str, role: str) -> Person:
    said = {"given_name": name, "family_name": "Example", "address": f"{name.lower()}@example.org", "username": ""}
    return access.invite(by.actor, organization=agency, role=role, **said).person


# Emergency access where nobody watches


def test_who_runs_the_house_is_told_without_a_name_where_nobody_else_is_left(left: list[str]) -> None:
    """The only supervisor ends the only officer and opens a family: the administrator is told to call the agency."""
    network = make.make_network()
    supervisor = make.make_worker("agency_supervisor", name="Slyvester Example")
    officer = make.make_worker("privacy_officer")
    family = make.make_family(child="Teodoro Quintanilla", adults=("Rosa Quintanilla",))
    access.end_role(supervisor.actor, assignment=end_of(officer))
    open_family(supervisor, family)
    run_due()
    assert told("nobody_watches") == {network.admin.person.pk}
    assert not Task.objects.filter(why="emergency_access").exists()
    (said,) = [one for one in left if f"At {family.episode.organization.name} something has just happened" in one]
    assert not any(name in said for name in ("Slyvester", "Teodoro", "Rosa", "Quintanilla"))


@pytest.mark.parametrize("role", ["privacy_officer", "agency_supervisor"])
def test_who_watches_at_the_agency_is_told_and_nobody_outside_it(role: str) -> None:
    supervisor, watching = make.make_worker("agency_supervisor"), make.make_worker(role)
    open_family(supervisor, make.make_family())
    run_due()
    assert told("nobody_watches") == set()
    assert told("emergency_access") == {watching.person.pk}
    assert Task.objects.get(why="emergency_access").owner == watching.person


def test_where_who_runs_the_house_is_meant_herself_the_others_who_work_there_are_told() -> None:
    """Never nobody while there is anybody, and never whom it is about."""
    admin, clinician, visitor = make.make_network().admin, make.make_worker("clinician"), make.make_worker()
    assert clinician.agency is not None
    assert queries.who_watches(clinician.agency, {clinician.person.pk}) == []
    assert queries.who_else(clinician.agency, {clinician.person.pk}) == [admin.person]
    assert queries.who_else(clinician.agency, {clinician.person.pk, admin.person.pk}) == [visitor.person]


# The privacy officer's own role


def test_the_begin_and_the_end_of_a_privacy_officer_are_told() -> None:
    """To her, to who else watches there and to who runs the house; not to who did it, nor for another role."""
    network = make.make_network()
    supervisor, other = make.make_worker("agency_supervisor"), make.make_worker("agency_supervisor")
    agency = network.agencies[0]
    visitor = invite(supervisor, agency, "Luz", "home_visitor")
    run_due()
    assert told("privacy_officer") == set()
    officer = invite(supervisor, agency, "Ines", "privacy_officer")
    run_due()
    assert told("privacy_officer") == {officer.pk, other.person.pk, network.admin.person.pk}
    before = Letter.objects.filter(template="privacy_officer").count()
    access.end_role(supervisor.actor, assignment=RoleAssignment.objects.get(account__person=officer))
    run_due()
    assert Letter.objects.filter(template="privacy_officer").count() == before * 2
    access.end_role(supervisor.actor, assignment=RoleAssignment.objects.get(account__person=visitor))
    run_due()
    assert Letter.objects.filter(template="privacy_officer").count() == before * 2


def test_doctor_names_an_agency_that_serves_families_without_a_privacy_officer() -> None:
    family = make.make_family()
    (found,) = privacy_is_watched()
    assert found.grade is Grade.NOTE
    assert family.episode.organization.name in found.says
    make.make_worker("privacy_officer")
    (found,) = privacy_is_watched()
    assert found.grade is Grade.WELL


# A role given from outside


def test_an_account_made_from_outside_is_told_to_who_watches_the_agency(left: list[str]) -> None:
    """The administrator makes a coordinator of whom the agency knows nothing: both who watch there read of it."""
    network = make.make_network()
    agency = network.agencies[0]
    supervisor, officer = make.make_worker("agency_supervisor"), make.make_worker("privacy_officer")
    run_due()
    make.make_worker("agency_supervisor", network.agencies[1])
    with clock.at(clock.now() + timedelta(days=2)):
        before = Letter.objects.filter(template="role_from_outside").count()
        invite(supervisor, agency, "Luz", "home_visitor")
        run_due()
        assert Letter.objects.filter(template="role_from_outside").count() == before
        invite(network.admin, agency, "Temp", "family_service_coordinator")
        run_due()
        new = Letter.objects.filter(template="role_from_outside").order_by("-created_at")[:2]
        assert {one.to_id for one in new} == {supervisor.person.pk, officer.person.pk}
        assert Letter.objects.filter(template="role_from_outside").count() == before + 2
    said = [one for one in left if "gave a role there" in one]
    assert said and not any("Temp" in one for one in said)


def test_of_many_roles_from_outside_she_is_told_once_a_day_and_of_the_last_one_too() -> None:
    """One letter now; what comes after it is told a day later in one more."""
    network = make.make_network()
    supervisor = make.make_worker("agency_supervisor")
    run_due()
    about_her = Letter.objects.filter(template="role_from_outside", to=supervisor.person)
    for name in ("Temp", "Vera", "Omar"):
        invite(network.admin, network.agencies[0], name, "clinician")
        run_due()
    assert about_her.filter(sent_at__isnull=False).count() == 1
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        run_due()
        assert about_her.filter(sent_at__isnull=False).count() == about_her.count() == 2


def test_the_first_person_of_an_agency_is_told_to_nobody() -> None:
    network = make.make_network()
    invite(network.admin, network.agencies[1], "Ngozi", "agency_supervisor")
    run_due()
    assert told("role_from_outside") == set()
