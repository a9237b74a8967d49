"""A second account of one's own opens nothing unseen: it is refused or told, and so is each joining of a care team."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from inmind.access import actions as access
from inmind.access.models import Account, AuditEntry
from inmind.families import actions as families
from inmind.families import subscribers
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.jobs import runner
from inmind.messages.adapters.mail import written
from inmind.messages.models import Letter
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
MAILBOX = "ngozi.example@example.org"


@pytest.fixture
def supervisor(db: Any) -> make.Worker:
    return make.make_worker("agency_supervisor", name="Ngozi Okonjo", mail=MAILBOX)


def invite(by: make.Worker, given: str, family: str, address: str) -> Account:
    assert by.agency is not None
    said = {"given_name": given, "family_name": family, "address": address, "username": "", "role": "clinician"}
    return access.invite(by.actor, organization=by.agency, **said)


def told(template: str) -> set[Any]:
    return set(Letter.objects.filter(template=template).values_list("to", flat=True))


# Inviting oneself


@pytest.mark.parametrize(
    ("given", "family", "address"),
    [("Ngozi", "Okonjo", MAILBOX), ("Okonjo", "Ngózi", MAILBOX.upper())],
    ids=["as she is", "turned, with an accent and capitals"],
)
def test_nobody_invites_herself(supervisor: make.Worker, given: str, family: str, address: str) -> None:
    """Her own name at her own mailbox. A colleague at her mailbox and a namesake at another are people of their own."""
    with pytest.raises(NotNow, match="nobody invites themselves"):
        invite(supervisor, given, family, f" {address} ")
    assert invite(supervisor, "Dana", "Whitfield", MAILBOX).person.given_name == "Dana"
    assert invite(supervisor, "Ngozi", "Okonjo", "namesake@example.org").person.given_name == "Ngozi"


@pytest.mark.parametrize(
    ("given", "family", "address", "why"),
    [
        ("Ngozi", "Okonjo", "other@example.org", "the same name, accents and capitals aside"),
        ("Ngozi", "Okonja", "other@example.org", "names that differ by one letter"),
        ("Ngozi Ada", "Okonjo", "other@example.org", "one name is a part of the other"),
        ("Dana", "Whitfield", MAILBOX, "the same mail address"),
    ],
    ids=["her name", "a slip in it", "more of it", "her mailbox"],
)
def test_an_account_that_may_be_the_inviters_own_is_told_to_the_privacy_officer(
    supervisor: make.Worker, given: str, family: str, address: str, why: str
) -> None:
    """A task with both names and the reason, and a letter with neither; the inviter cannot put it into other hands."""
    officer = make.make_worker("privacy_officer")
    account = invite(supervisor, given, family, address)
    runner.run_due()
    task = Task.objects.get(about_id=account.pk)
    assert (task.owner, told("account_alike")) == (officer.person, {officer.person.pk})
    page = officer.client.get(f"/tasks/{task.pk}/").content.decode()
    assert all(word in page for word in ("Ngozi Okonjo", account.username, why))
    with pytest.raises(BadInput):
        tasks.hand_over(supervisor.actor, task=task, to=make.make_worker("clinician").person)
    assert tasks.close(officer.actor, task=task, done="Met both of them.").closed_by_id == officer.person.pk


def test_a_stranger_is_invited_without_a_word_to_anybody(supervisor: make.Worker) -> None:
    make.make_worker("privacy_officer")
    account = invite(supervisor, "Dana", "Whitfield", "dana@example.org")
    runner.run_due()
    assert not Task.objects.filter(about_id=account.pk).exists()
    assert told("account_alike") == set()
    assert subscribers.alike(supervisor.person, account.person) == []


def test_without_a_privacy_officer_another_supervisor_hears_of_it_and_never_the_inviter(
    supervisor: make.Worker,
) -> None:
    other = make.make_worker("agency_supervisor")
    account = invite(supervisor, "Ngozi", "Okonjo", "other@example.org")
    runner.run_due()
    assert Task.objects.get(about_id=account.pk).owner == other.person


# Joining a care team


@pytest.fixture
def family(db: Any) -> make.Family:
    return make.make_family(make.make_worker("home_visitor", name="Luz Ortega"), child="Canarybaby Peña")


def today_of(worker: make.Worker) -> str:
    return worker.client.get("/today/").content.decode()


def test_who_joins_a_care_team_is_seen_by_the_rest_of_it_and_by_the_privacy_officer(
    supervisor: make.Worker, family: make.Family
) -> None:
    """On Today with the name, who added her and the family; by a letter that names nobody."""
    officer, other = make.make_worker("privacy_officer"), make.make_worker("home_visitor")
    elsewhere = make.make_worker("privacy_officer", make.make_network().agencies[1])
    second = make.make_worker("clinician", name="Bea Newcomer")
    families.join_team(supervisor.actor, episode=family.episode, worker=second.person)
    for reader in (family.by, officer):
        page = today_of(reader)
        assert all(word in page for word in ("Bea Newcomer", "added by Ngozi Okonjo", "Canarybaby")), page
    for stranger in (other, elsewhere, supervisor, second):
        assert "New on care teams" not in today_of(stranger)
    assert told("joined_team") == {family.by.person.pk, officer.person.pk}
    for letter in Letter.objects.filter(template="joined_team"):
        said = "".join(written(letter.template, {"person": letter.to}, "en"))
        assert not any(word in said for word in ("Canarybaby", "Bea", "Ngozi"))
    looked = AuditEntry.objects.filter(verb="families.see_joined", subjects__ref=family.dyad.pk)
    assert [one.person for one in looked] == [officer.person.pk], "who serves the family knew it; the officer read it"


def test_a_caseload_that_is_handed_over_is_seen_likewise(supervisor: make.Worker, family: make.Family) -> None:
    officer, taker = make.make_worker("privacy_officer"), make.make_worker("clinician", name="Bea Newcomer")
    mate = make.make_worker("home_visitor")
    make.join_team(family, mate)
    assert supervisor.agency is not None
    families.hand_over(
        supervisor.actor, organization=supervisor.agency, giver=family.by.person, taker=taker.person, note=""
    )
    for reader in (mate, officer):
        assert "Bea Newcomer" in today_of(reader)
    assert mate.person.pk in told("joined_team")


def test_who_joined_and_left_again_is_still_seen(supervisor: make.Worker, family: make.Family) -> None:
    """A look of an hour is a look."""
    second, taker = make.make_worker("clinician", name="Bea Newcomer"), make.make_worker("clinician", name="Tom Next")
    families.join_team(supervisor.actor, episode=family.episode, worker=second.person)
    assert supervisor.agency is not None
    families.hand_over(
        supervisor.actor, organization=supervisor.agency, giver=second.person, taker=taker.person, note=""
    )
    page = today_of(family.by)
    assert page.count("left again") == 1
    assert "Bea Newcomer" in page and "Tom Next" in page


def test_a_letter_a_day_is_enough_and_today_shows_each(supervisor: make.Worker, family: make.Family) -> None:
    officer = make.make_worker("privacy_officer")
    for name in ("Bea Newcomer", "Eva Newcomer"):
        joins = make.make_worker("clinician", name=name)
        families.join_team(supervisor.actor, episode=family.episode, worker=joins.person)
    assert Letter.objects.filter(template="joined_team", to=officer.person).count() == 1
    assert all(name in today_of(officer) for name in ("Bea Newcomer", "Eva Newcomer"))
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        joins = make.make_worker("clinician", name="Ida Newcomer")
        families.join_team(supervisor.actor, episode=family.episode, worker=joins.person)
    assert Letter.objects.filter(template="joined_team", to=officer.person).count() == 2


def test_registering_a_family_is_no_joining(family: make.Family) -> None:
    """The care team begins with her, and nothing was said in confidence before."""
    officer = make.make_worker("privacy_officer")
    assert "New on care teams" not in today_of(officer)
    assert told("joined_team") == set()
