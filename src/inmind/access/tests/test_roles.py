"""The people page: who works where, in which role. Each permitted case stands beside its refusal."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.test import Client

from inmind.access import actions, guard, policy, queries
from inmind.access.models import Account, AuditEntry, RoleAssignment
from inmind.access.roles import AT_AN_AGENCY, INVITED, ROLES
from inmind.access.tests.coming_in import enrolled, try_password, with_password
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused, Stale
from inmind.foundation.registries import house
from inmind.jobs.runner import run_due
from inmind.messages.adapters import mail as mail_adapter
from inmind.people.models import Contact, Relationship
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(db: Any) -> make.Network:
    return make.make_network()


@pytest.fixture
def supervisor(network: make.Network) -> make.Worker:
    """Answers for the first agency."""
    return make.make_worker("agency_supervisor", name="Grace Okafor")


@pytest.fixture
def luz(network: make.Network) -> make.Worker:
    return make.make_worker("home_visitor", name="Luz Ortega")


@pytest.fixture
def stranger(network: make.Network) -> make.Worker:
    """Works at the second agency."""
    return make.make_worker("home_visitor", network.agencies[1], name="Inés Prado")


def role_of(worker: make.Worker) -> RoleAssignment:
    return RoleAssignment.objects.get(account=worker.account)


def typed(**other: str) -> dict[str, str]:
    """An invitation as it is typed."""
    return {
        "key": "k1",
        "given_name": "Ana",
        "family_name": "Núñez",
        "address": "ana@example.org",
        "username": "",
        "language": "es",
        "role": "home_visitor",
    } | other


# Who works here


def test_a_supervisor_sees_the_people_of_her_agency(
    supervisor: make.Worker, luz: make.Worker, stranger: make.Worker
) -> None:
    page = supervisor.client.get("/people/").content.decode()
    for word in ("Luz Ortega", luz.account.username, "Home visitor", "Grace Okafor", "not yet"):
        assert word in page
    assert "Inés Prado" not in page


def test_another_agency_is_refused_to_her_with_a_sentence(
    network: make.Network, supervisor: make.Worker, stranger: make.Worker
) -> None:
    """By its address, by a role's address, and for an organization that is not there."""
    for address in (
        f"/people/?organization={network.agencies[1].pk}",
        f"/people/?organization={network.house.pk}",
        "/people/?organization=nothing",
        f"/people/{role_of(stranger).pk}/",
        f"/people/invite/?organization={network.agencies[1].pk}",
    ):
        answer = supervisor.client.get(address)
        assert answer.status_code == 403, address
        assert ("agency you run" if "invite" in address else "shown to its supervisor") in answer.content.decode()
        assert "Prado" not in answer.content.decode()


def test_the_administrator_chooses_the_organization(
    network: make.Network, luz: make.Worker, stranger: make.Worker
) -> None:
    client = network.admin.client
    assert "Robin Vance" in client.get("/people/").content.decode()
    for agency, here, elsewhere in ((network.agencies[0], "Luz", "Inés"), (network.agencies[1], "Inés", "Luz")):
        page = client.get(f"/people/?organization={agency.pk}").content.decode()
        assert f"{here} " in page
        assert f"{elsewhere} " not in page


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize(
    "role", sorted(set(INVITED) - {"agency_supervisor", "administrator", "association_coordinator"})
)
def test_no_other_role_sees_the_people_page(role: str, luz: make.Worker) -> None:
    client = make.make_worker(role).client
    own = () if role == "association_coordinator" else ("/people/", "/people/invite/")  # hers are the association's
    for address in (
        *own,
        f"/people/{role_of(luz).pk}/",
        f"/people/{role_of(luz).pk}/another-role/",
    ):
        assert client.get(address).status_code == 403, address
    assert client.post(f"/people/{role_of(luz).pk}/end/", {"key": "k", "version": 1}).status_code == 403
    assert role_of(luz).until is None


# Inviting


def test_an_invited_worker_has_a_person_an_account_a_role_and_a_letter(
    network: make.Network, supervisor: make.Worker
) -> None:
    answer = supervisor.client.post("/people/invite/", typed(username="Ana.N"))
    assert answer.url == f"/people/?organization={network.agencies[0].pk}"
    account = Account.objects.get(username="ana.n")
    assert (account.person.name, account.language, account.has_usable_password()) == ("Ana Núñez", "es", False)
    assert [(held.role, held.organization) for held in account.roles.all()] == [("home_visitor", network.agencies[0])]
    assert Relationship.objects.filter(
        kind="works_at", from_person=account.person, to_organization=network.agencies[0]
    ).exists()
    entry = AuditEntry.objects.filter(verb="access.invite").latest("seq")
    assert (entry.actor, entry.about) == (f"user:{supervisor.account.pk}", str(account.pk))


def test_the_page_says_under_which_username_somebody_was_invited(supervisor: make.Worker) -> None:
    page = supervisor.client.post("/people/invite/", typed(), follow=True).content.decode()
    assert "Ana is invited with the username ana.nunez" in page


@pytest.mark.parametrize(
    ("given", "family", "username"),
    [
        ("Ana", "Núñez", "ana.nunez"),
        ("Jean-Luc", "O’Brien", r"jean\.luc\.obrien|jean-luc.*"),
        ("李", "小龙", "worker"),
        ("A", "", "worker"),
    ],
    ids=["accents", "marks", "another script", "one letter"],
)
def test_a_username_is_made_from_the_name(network: make.Network, given: str, family: str, username: str) -> None:
    assert re.fullmatch(username, queries.free_username(given, family))


def test_a_made_username_steps_aside_for_one_that_is_there(supervisor: make.Worker) -> None:
    for number, username in ((1, "ana.nunez"), (2, "ana.nunez2"), (3, "ana.nunez3")):
        supervisor.client.post("/people/invite/", typed(key=f"k{number}"))
        assert Account.objects.latest("created_at").username == username


def test_a_second_click_invites_nobody_twice(supervisor: make.Worker) -> None:
    client = supervisor.client
    for _ in range(2):
        assert client.post("/people/invite/", typed()).status_code == 302
    assert Account.objects.filter(person__family_name="Núñez").count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"username": "admin"}, "This username is taken"),
        ({"username": "Ana Núñez"}, "This username cannot be used"),
        ({"username": "a"}, "This username cannot be used"),
        ({"address": "nowhere"}, "valid email address"),
        ({"address": ""}, "Please fill this in"),
        ({"given_name": " "}, "Please fill this in"),
        ({"given_name": "x" * 81}, "at most 80"),
        ({"role": "administrator"}, "not one of the available choices"),
        ({"role": "operator"}, "not one of the available choices"),
        ({"role": ""}, "Please choose one"),
        ({"language": "fr"}, "not one of the available choices"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_kept_is_said_on_its_field_and_nothing_typed_is_lost(
    supervisor: make.Worker, wrong: dict[str, str], sentence: str
) -> None:
    answer = supervisor.client.post("/people/invite/", typed(**wrong))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    for name, value in typed(**wrong).items():
        if name not in {"role", "language", "key"} and value.strip():
            assert f'value="{value}"' in page, name
    assert not Account.objects.filter(person__family_name="Núñez").exists()


def test_hostile_text_comes_back_in_its_form_with_a_mark(supervisor: make.Worker) -> None:
    """Everything else as it was typed, and nobody is invited; without the mark it is sent again."""
    client = supervisor.client
    answer = client.post("/people/invite/", typed(given_name="A\x00na"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="A\ufffdna"' in page
    for rest in ("Núñez", "ana@example.org"):
        assert f'value="{rest}"' in page
    assert 'id="id_given_name_error"' in page
    assert "cannot be kept" in page
    assert not Account.objects.filter(person__family_name="Núñez").exists()
    assert client.post("/people/invite/", typed()).status_code == 302


def test_a_megabyte_in_a_line_comes_back_cut(supervisor: make.Worker) -> None:
    answer = supervisor.client.post("/people/invite/", typed(family_name="ñ" * 1_000_000))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This text has 1000000 characters. There is room for 80." in page
    assert f'value="{"ñ" * 160}"' in page
    assert 'value="ana@example.org"' in page
    assert len(page) < 100_000


def test_what_is_no_field_of_a_form_is_refused_at_the_border(supervisor: make.Worker, settings: Any) -> None:
    """Addresses, names of fields, and a body larger than any page sends; the sentence says which."""
    client = supervisor.client
    for answer in (client.get("/people/", {"organization": "a\x00b"}), client.post("/people/invite/", {"a\x00b": "c"})):
        assert answer.status_code == 400
        assert "cannot be stored" in answer.content.decode()
    answer = client.post("/people/invite/", typed(family_name="n" * 8_000_001))
    assert answer.status_code == 400
    assert "at most 8 MB" in answer.content.decode()


def test_an_agency_gives_its_own_roles_and_the_house_gives_all(network: make.Network, supervisor: make.Worker) -> None:
    """Each beside its sentence. Behind the form the action holds the same line."""
    page = supervisor.client.get("/people/invite/").content.decode()
    assert set(re.findall(r'name="role" value="(\w+)"', page)) == set(AT_AN_AGENCY)
    assert ROLES["home_visitor"].sentence in page
    page = network.admin.client.get(f"/people/invite/?organization={network.house.pk}").content.decode()
    assert {"administrator", "data_steward"} < set(re.findall(r'name="role" value="(\w+)"', page))
    said = {name: value for name, value in typed().items() if name not in {"key", "role"}}
    for role in ("administrator", "data_steward", "operator", "visitor", "machine", "queen"):
        with pytest.raises(BadInput):
            actions.invite(supervisor.actor, organization=network.agencies[0], role=role, **said)
    with pytest.raises(Refused, match="agency you run"):
        actions.invite(supervisor.actor, organization=network.agencies[1], role="clinician", **said)


def test_two_workers_may_share_one_address(supervisor: make.Worker) -> None:
    client = supervisor.client
    client.post("/people/invite/", typed(address="desk@example.org"))
    client.post("/people/invite/", typed(key="k2", given_name="Eva", address="desk@example.org"))
    assert Contact.objects.filter(address="desk@example.org").count() == 2


# Roles


def test_one_more_role_for_somebody_who_works_here(supervisor: make.Worker, luz: make.Worker) -> None:
    address = f"/people/{role_of(luz).pk}/another-role/"
    page = supervisor.client.get(address).content.decode()
    assert set(re.findall(r'name="role" value="(\w+)"', page)) == set(AT_AN_AGENCY) - {"home_visitor"}
    assert supervisor.client.post(address, {"key": "k", "role": "clinician"}).status_code == 302
    assert {standing.role for standing in luz.actor.standings} == {"home_visitor", "clinician"}
    assert supervisor.client.post(address, {"key": "k2", "role": "clinician"}).status_code == 400


def test_a_role_is_not_given_to_somebody_of_another_agency(
    network: make.Network, supervisor: make.Worker, stranger: make.Worker
) -> None:
    """Neither there, which is not hers to run, nor here, where she does not work."""
    with pytest.raises(Refused):
        actions.give_role(
            supervisor.actor, account=stranger.account, role="clinician", organization=network.agencies[1]
        )
    with pytest.raises(NotNow, match="does not work there"):
        actions.give_role(
            supervisor.actor, account=stranger.account, role="clinician", organization=network.agencies[0]
        )


def test_ending_a_role_asks_first_where_something_hangs_on_it(network: make.Network, supervisor: make.Worker) -> None:
    """By numbers and without a name; asked once, it ends at once. The administrator, who sees no family, reads no number."""
    dana = make.make_worker("clinician", name="Dana Whitfield")
    make.make_on_call(person=dana)
    alone, together = make.make_family(dana), make.make_family(dana, child="Rosa Ibarra")
    make.join_team(together, make.make_worker())
    make.make_crisis(alone)
    held = role_of(dana)
    address, typed_once = f"/people/{held.pk}/end/", {"key": "k", "version": held.version}
    page = supervisor.client.post(address, typed_once).content.decode()
    for words in (
        "Dana Whitfield has this open here",
        "1 task needs a person now",
        "7 on-call turns",
        "1 family of whose care team they are alone",
    ):
        assert words in page
    assert "Mateo" not in page and "Ñúñez" not in page
    assert role_of(dana).until is None
    assert "has no clinician. What needs a person now can be taken over by" in page
    seen_by_admin = [one for hangs in house.hangs for one in hangs(network.admin.actor, held)]
    assert [one.afterwards for one in seen_by_admin] == [True]
    answer = supervisor.client.post(address, typed_once | {"sure": "yes"}, follow=True)
    assert "is no longer clinician" in answer.content.decode()
    assert role_of(dana).until is not None


def test_a_role_ends_today_and_with_it_the_work_there(
    network: make.Network, supervisor: make.Worker, luz: make.Worker
) -> None:
    held = role_of(luz)
    assert "End this role" in supervisor.client.get(f"/people/{held.pk}/").content.decode()
    answer = supervisor.client.post(f"/people/{held.pk}/end/", {"key": "k", "version": held.version}, follow=True)
    page = answer.content.decode()
    assert "Luz Ortega is no longer home visitor at Harbor Family Services." in page
    assert luz.account.username not in page
    assert luz.actor.standings == ()
    edge = Relationship.objects.get(kind="works_at", from_person=luz.person)
    assert edge.until == role_of(luz).until == clock.today(settings.INSTALLATION.zone)
    assert "End this role" not in supervisor.client.get(f"/people/{held.pk}/").content.decode()
    with pytest.raises(NotNow, match="ended already"):
        actions.end_role(supervisor.actor, assignment=held)


def test_with_another_role_left_the_work_goes_on(
    network: make.Network, supervisor: make.Worker, luz: make.Worker
) -> None:
    held = role_of(luz)
    actions.give_role(supervisor.actor, account=luz.account, role="clinician", organization=network.agencies[0])
    actions.end_role(supervisor.actor, assignment=held)
    assert Relationship.objects.get(kind="works_at", from_person=luz.person).until is None
    assert [standing.role for standing in luz.actor.standings] == ["clinician"]


def test_a_role_of_another_agency_is_not_hers_to_end(supervisor: make.Worker, stranger: make.Worker) -> None:
    held = role_of(stranger)
    for page in ("end", "lost-phone"):
        answer = supervisor.client.post(f"/people/{held.pk}/{page}/", {"key": "k", "version": held.version})
        assert answer.status_code == 403
        assert "Ask the administrator" in answer.content.decode()
    assert role_of(stranger).until is None


@pytest.fixture
def cast(network: make.Network, supervisor: make.Worker, luz: make.Worker) -> dict[str, make.Worker]:
    """Those who end roles, and those whose role is ended. The house has a second administrator."""
    house, harbor = network.house, network.agencies[0]
    return {
        "the administrator": network.admin,
        "another administrator": make.make_worker("administrator"),
        "the supervisor of the agency": supervisor,
        "the supervisor of another agency": make.make_worker("agency_supervisor", network.agencies[1]),
        "a supervisor at the house": make.make_worker("agency_supervisor", house),
        "a home visitor of the agency": luz,
        "a privacy officer of the agency": make.make_worker("privacy_officer", harbor),
        "a second supervisor of the agency": make.make_worker("agency_supervisor", harbor),
        "the data steward": make.make_worker("data_steward"),
        "a clinician at the house": make.make_worker("clinician", house),
    }


OF_THE_AGENCY = {
    "a home visitor of the agency",
    "a privacy officer of the agency",
    "a second supervisor of the agency",
    "the supervisor of the agency",
}
AT_THE_HOUSE = {"a clinician at the house", "a supervisor at the house"}
OF_THE_HOUSE = {"another administrator", "the data steward"}
EVERYBODY = OF_THE_AGENCY | AT_THE_HOUSE | OF_THE_HOUSE | {"the supervisor of another agency", "the administrator"}
MAY_END: dict[str, set[str]] = {
    "the administrator": EVERYBODY,
    "the supervisor of the agency": OF_THE_AGENCY,
    "the supervisor of another agency": {"the supervisor of another agency"},
    "a supervisor at the house": AT_THE_HOUSE,
    "a home visitor of the agency": set(),
    "a privacy officer of the agency": set(),
    "the data steward": set(),
}


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("whose", sorted(EVERYBODY))
@pytest.mark.parametrize("who", MAY_END)
def test_a_role_is_ended_by_whoever_may_give_it(cast: dict[str, make.Worker], who: str, whose: str) -> None:
    """An agency's roles by its supervisor, those of the whole house by its administrator alone, wherever one sits. The
    button is there for whoever may, and for nobody else."""
    held, actor = role_of(cast[whose]), cast[who].actor
    if whose in MAY_END[who]:
        assert policy.can(actor, "access.end_role", held)
        actions.end_role(actor, assignment=held)
        assert role_of(cast[whose]).until is not None
        return
    assert not policy.can(actor, "access.end_role", held)
    with pytest.raises(Refused):
        actions.end_role(actor, assignment=held)
    assert role_of(cast[whose]).until is None
    assert AuditEntry.objects.filter(verb="access.end_role", outcome="refused", about=str(held.pk)).exists()


def test_a_supervisor_at_the_house_is_shown_no_button_for_the_administrator(
    network: make.Network, cast: dict[str, make.Worker]
) -> None:
    held, client = role_of(network.admin), cast["a supervisor at the house"].client
    page = client.get(f"/people/{held.pk}/").content.decode()
    assert "Robin Vance" in page
    assert "End this role" not in page
    assert "Lost their phone?" not in page
    answer = client.post(f"/people/{held.pk}/end/", {"key": "k", "version": held.version})
    assert answer.status_code == 403
    assert "only one that you may give" in answer.content.decode()


def test_a_role_that_changed_meanwhile_is_not_ended_unseen(supervisor: make.Worker, luz: make.Worker) -> None:
    held = role_of(luz)
    with pytest.raises(Stale):
        actions.end_role(supervisor.actor, version=held.version + 1, assignment=held)
    answer = supervisor.client.post(f"/people/{held.pk}/end/", {"key": "k", "version": held.version + 1})
    assert answer.status_code == 409
    assert role_of(luz).until is None


def test_the_last_administrator_stays(network: make.Network) -> None:
    """Otherwise nobody could invite anybody; with a second one, the first may go."""
    held = role_of(network.admin)
    with pytest.raises(NotNow, match="last administrator"):
        actions.end_role(network.admin.actor, assignment=held)
    second = make.make_worker("administrator")
    actions.end_role(second.actor, assignment=held)
    assert role_of(network.admin).until is not None


# A lost telephone


def test_a_lost_telephone_is_forgotten_and_everything_signed_out(supervisor: make.Worker, luz: make.Worker) -> None:
    client = enrolled(with_password(luz.account))
    held = role_of(luz)
    answer = supervisor.client.post(f"/people/{held.pk}/lost-phone/", {"key": "k"}, follow=True)
    assert "signed out everywhere" in answer.content.decode()
    assert not Authenticator.objects.filter(user=luz.account).exists()
    assert client.get("/account/").status_code == 302
    assert try_password(luz.account.username).url == "/today/", "and the next sign-in leads to enrolment"
    entry = AuditEntry.objects.get(verb="access.forget_factor")
    assert (entry.actor, entry.about) == (f"user:{supervisor.account.pk}", str(luz.account.pk))


def test_an_agency_where_somebody_worked_once_cannot_touch_her_account(
    network: make.Network, supervisor: make.Worker, luz: make.Worker
) -> None:
    """A role that has ended gives its agency nothing."""
    held = role_of(luz)
    actions.end_role(supervisor.actor, assignment=held)
    with pytest.raises(Refused, match="Ask the administrator"):
        actions.forget_factor(supervisor.actor, assignment=held)
    with pytest.raises(NotNow, match="ended already"):
        actions.forget_factor(network.admin.actor, assignment=held)


@pytest.fixture
def of_two_agencies(network: make.Network, luz: make.Worker) -> make.Worker:
    """Luz works at the second agency too, which no page arranges yet."""
    with guard.permit("migrations"):
        RoleAssignment.objects.create(
            account=luz.account,
            role="clinician",
            organization=network.agencies[1],
            since=clock.today(settings.INSTALLATION.zone),
        )
    enrolled(with_password(luz.account))
    return luz


def test_a_factor_that_opens_another_place_is_not_one_agencys_to_take_off(
    network: make.Network, supervisor: make.Worker, of_two_agencies: make.Worker
) -> None:
    """The second agency did not agree, and would not even know. The house's administrator may."""
    here = RoleAssignment.objects.get(account=of_two_agencies.account, organization=network.agencies[0])
    assert "Lost their phone?" not in supervisor.client.get(f"/people/{here.pk}/").content.decode()
    answer = supervisor.client.post(f"/people/{here.pk}/lost-phone/", {"key": "k"})
    assert answer.status_code == 403
    assert "takes the second factor off everywhere" in answer.content.decode()
    assert Authenticator.objects.filter(user=of_two_agencies.account).exists()
    assert AuditEntry.objects.filter(verb="access.forget_factor", outcome="refused", about=str(here.pk)).exists()
    actions.forget_factor(network.admin.actor, assignment=here)
    assert not Authenticator.objects.filter(user=of_two_agencies.account).exists()


def test_when_her_role_at_the_other_place_has_ended_her_supervisor_may_again(
    network: make.Network, supervisor: make.Worker, of_two_agencies: make.Worker
) -> None:
    there, here = (
        RoleAssignment.objects.get(account=of_two_agencies.account, organization=one)
        for one in (network.agencies[1], network.agencies[0])
    )
    actions.end_role(network.admin.actor, assignment=there)
    with pytest.raises(Refused):
        actions.forget_factor(make.make_worker("agency_supervisor", network.agencies[1]).actor, assignment=there)
    actions.forget_factor(supervisor.actor, assignment=here)
    assert not Authenticator.objects.filter(user=of_two_agencies.account).exists()


def test_a_supervisor_at_the_house_takes_no_factor_off_its_administrator(network: make.Network) -> None:
    supervisor = make.make_worker("agency_supervisor", network.house)
    with pytest.raises(Refused):
        actions.forget_factor(supervisor.actor, assignment=role_of(network.admin))
    worker = make.make_worker("clinician", network.house)
    actions.forget_factor(supervisor.actor, assignment=role_of(worker))


def test_nobody_takes_the_own_factor_off_without_showing_it(network: make.Network, supervisor: make.Worker) -> None:
    """That is done on the page of one's account, which asks for a code first; a session left open is not enough."""
    enrolled(with_password(supervisor.account))
    with pytest.raises(NotNow, match="your own account"):
        actions.forget_factor(supervisor.actor, assignment=role_of(supervisor))
    assert Authenticator.objects.filter(user=supervisor.account).exists()


def test_everybody_concerned_is_told(
    network: make.Network, of_two_agencies: make.Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She herself, and who runs each place where she works; nobody who runs another, and not whoever did it."""
    monkeypatch.setattr(mail_adapter, "is_demo", lambda: False)
    make.make_worker("agency_supervisor", network.agencies[0], "Grace Okafor", mail="grace@example.org")
    make.make_worker("agency_supervisor", network.agencies[1], "Ines Prado", mail="ines@example.org")
    make.make_worker("agency_supervisor", network.house, "Omar Reyes", mail="omar@example.org")
    make.make_worker("agency_supervisor", network.agencies[1], "Nobody Safe", mail="")
    make.make_worker("privacy_officer", network.agencies[1], mail="privacy@example.org")
    run_due()
    mail.outbox.clear()
    held = RoleAssignment.objects.get(account=of_two_agencies.account, organization=network.agencies[0])
    actions.forget_factor(network.admin.actor, assignment=held)
    run_due()
    own = Contact.objects.get(person=of_two_agencies.person).address
    assert sorted(address for letter in mail.outbox for address in letter.to) == sorted(
        [own, "grace@example.org", "ines@example.org"]
    )
    for letter in mail.outbox:
        assert letter.subject == "About signing in"
        assert "Robin Vance has just taken the second factor off" in letter.body
        assert ("your account" in letter.body) == (letter.to == [own])
        assert ("Luz is signed out everywhere" in letter.body) == (letter.to != [own])


# One's own account


def test_the_account_page_says_what_a_role_lets_one_do(luz: make.Worker) -> None:
    page = luz.client.get("/account/").content.decode()
    for word in (
        "Luz Ortega",
        luz.account.username,
        "Home visitor",
        ROLES["home_visitor"].sentence,
        "Harbor Family Services",
    ):
        assert word in page


def test_the_language_of_pages_and_letters_is_chosen_there(luz: make.Worker, supervisor: make.Worker) -> None:
    """One's own, and nobody else's."""
    client = luz.client
    answer = client.post("/account/language/", {"key": "k", "language": "es"})
    assert answer.cookies["inmind_language"].value == "es"
    account = Account.objects.get(pk=luz.account.pk)
    assert (account.language, account.person.language) == ("es", "es")
    assert client.get("/account/").content.decode().startswith('<!doctype html>\n<html lang="es">')
    client.post("/account/language/", {"key": "k2", "language": "fr"})
    assert Account.objects.get(pk=luz.account.pk).language == "es"
    with pytest.raises(BadInput):
        actions.choose_language(luz.actor, account=account, language="fr")
    with pytest.raises(Refused):
        actions.choose_language(supervisor.actor, account=account, language="en")


def test_a_work_phone_is_written_down_by_whose_it_is_or_who_runs_the_one_agency(
    network: make.Network, luz: make.Worker, supervisor: make.Worker, stranger: make.Worker
) -> None:
    """On the page of one's account, or of the role; for colleagues alone. Another agency's supervisor has no say."""
    address = f"/account/{luz.account.pk}/work-phone/"
    assert address in luz.client.get("/account/").content.decode()
    luz.client.post(address, {"key": "k", "phone": " 555-0100  ext. 2 "})
    assert Account.objects.get(pk=luz.account.pk).work_phone == "555-0100 ext. 2"
    page = luz.client.post(address, {"key": "k2", "phone": "soon"}, follow=True).content.decode()
    assert "It has at least three digits." in page and "555-0100 ext. 2" in page
    role = supervisor.client.get(f"/people/{role_of(luz).pk}/").content.decode()
    assert address in role and 'value="555-0100 ext. 2"' in role
    supervisor.client.post(address, {"key": "k3", "phone": ""})
    assert Account.objects.get(pk=luz.account.pk).work_phone == ""
    for actor in (stranger.actor, make.make_worker("agency_supervisor", network.agencies[1]).actor):
        with pytest.raises(Refused, match="who runs the one agency where they work"):
            actions.keep_work_phone(actor, account=luz.account, phone="555-0199")


def test_a_browser_speaks_the_accounts_language_from_its_first_sign_in(luz: make.Worker) -> None:
    account = with_password(luz.account)
    actions.choose_language(luz.actor, account=account, language="es")
    assert try_password(account.username).cookies["inmind_language"].value == "es"


def test_nothing_here_is_said_to_a_visitor(luz: make.Worker) -> None:
    """Every page of accounts and people leads to the door first."""
    for address in ("/account/", "/people/", "/people/invite/", f"/people/{role_of(luz).pk}/"):
        answer = Client().get(address)
        assert answer.url == f"/sign-in/?next={address}"
