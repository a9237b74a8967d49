"""Organizations: seeing, adding, correcting. Each permitted case stands beside its refusal."""

from __future__ import annotations

from typing import Any

import pytest

from inmind.access.roles import ROLES
from inmind.foundation.errors import BadInput, Refused, Stale
from inmind.people.models import Organization
from inmind.records import actions
from tests import make

pytestmark = pytest.mark.django_db
KEEPERS = ("administrator", "data_steward")


@pytest.fixture
def network(db: Any) -> make.Network:
    return make.make_network()


def typed(organization: Organization, **other: object) -> dict[str, Any]:
    """The correction of an organization as its page sends it."""
    return {
        "key": "k1",
        "version": organization.version,
        "name": organization.name,
        "zone": organization.zone,
        "crisis_text": organization.crisis_text,
    } | other


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize(
    "role", sorted(set(ROLES) - {"operator", "visitor", "caregiver_by_link", "program_by_link", "machine"})
)
def test_organizations_are_for_those_who_keep_them(network: make.Network, role: str) -> None:
    client = make.make_worker(role).client
    statuses = [
        client.get(address).status_code for address in ("/organizations/", f"/organizations/{network.agencies[0].pk}/")
    ]
    assert statuses == ([200, 200] if role in KEEPERS else [403, 403])
    assert ("Organizations" in client.get("/account/").content.decode()) == (role in KEEPERS)
    assert client.get("/organizations/add/").status_code == (200 if role == "administrator" else 403)


def test_an_agency_is_added_and_stands_in_the_list(network: make.Network) -> None:
    client = network.admin.client
    sent = {"key": "k1", "name": "Bay Early Start", "zone": "America/Denver", "crisis_text": ""}
    for _ in range(2):  # a second click
        assert client.post("/organizations/add/", sent).url == "/organizations/"
    page = client.get("/organizations/").content.decode()
    assert page.count("Bay Early Start</a>") == 1
    assert "America/Denver" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Please fill this in"),
        ({"name": "HARBOR Family Sérvices"}, "There is an organization of this name already"),
        ({"name": "x" * 121}, "at most 120"),
        ({"zone": "Mars/Base"}, "not one of the available choices"),
        ({"crisis_text": "x" * 501}, "at most 500"),
    ],
    ids=["empty", "taken, accents and capitals aside", "too long", "no zone", "too many words"],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    network: make.Network, wrong: dict[str, str], sentence: str
) -> None:
    sent = {
        "key": "k1",
        "name": "Bay Early Start",
        "zone": "America/Denver",
        "crisis_text": "We call you back.",
    } | wrong
    answer = network.admin.client.post("/organizations/add/", sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert sent["crisis_text"] in page
    assert Organization.objects.count() == 3


def test_an_agency_is_corrected(network: make.Network) -> None:
    harbor = network.agencies[0]
    client = make.make_worker("data_steward").client
    reached = {"address": "7 Harbor Street", "phone": "555-0100"}
    sent = typed(harbor, name="Harbor Families", crisis_text="We call you back before nine.", **reached)
    assert client.post(f"/organizations/{harbor.pk}/", sent).url == "/organizations/"
    harbor.refresh_from_db()
    assert (harbor.name, harbor.crisis_text) == ("Harbor Families", "We call you back before nine.")
    assert (harbor.address, harbor.phone) == ("7 Harbor Street", "555-0100")


def test_a_second_tab_gets_both_texts_and_nothing_is_lost(network: make.Network) -> None:
    """And what it then saves again stands over the version it was shown."""
    harbor, client = network.agencies[0], network.admin.client
    address = f"/organizations/{harbor.pk}/"
    seen = typed(harbor)
    client.post(address, seen | {"crisis_text": "Theirs."})
    answer = client.post(address, seen | {"key": "k2", "crisis_text": "Mine."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs." in page
    assert "Mine.</textarea>" in page
    harbor.refresh_from_db()
    assert harbor.crisis_text == "Theirs."
    assert f'name="version" value="{harbor.version}"' in page
    client.post(address, typed(harbor, key="k3", crisis_text="Theirs. Mine."))
    harbor.refresh_from_db()
    assert harbor.crisis_text == "Theirs. Mine."


def test_the_action_holds_the_same_lines_as_the_page(network: make.Network) -> None:
    harbor, prairie = network.agencies
    said = {name: value for name, value in typed(harbor).items() if name not in {"key", "version"}}
    admin = network.admin.actor
    for wrong in (
        {"name": prairie.name},
        {"zone": "Mars/Base"},
        {"zone": "../etc"},
    ):
        with pytest.raises(BadInput):
            actions.correct_organization(admin, organization=harbor, **(said | wrong))
    with pytest.raises(Stale):
        actions.correct_organization(admin, version=99, organization=harbor, **said)
    with pytest.raises(Refused):
        actions.correct_organization(make.make_worker("agency_supervisor").actor, organization=harbor, **said)
    with pytest.raises(Refused):
        actions.add_organization(make.make_worker("data_steward").actor, name="Bay Early Start", zone="America/Denver")
