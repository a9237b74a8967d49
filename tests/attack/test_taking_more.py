"""Nobody makes themselves more than they are; a request that cannot be read is refused and no more."""

from __future__ import annotations

import pytest
from django.test import Client

from inmind.access import actions as access
from inmind.foundation.errors import BadInput, NotNow
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["clinician", "privacy_officer", "family_service_coordinator"])
def test_a_supervisor_does_not_give_a_role_to_herself(role: str) -> None:
    """By it she would come to read what her own role keeps from her."""
    supervisor = make.make_worker("agency_supervisor")
    assert supervisor.agency is not None
    with pytest.raises(NotNow, match="to themselves"):
        access.give_role(supervisor.actor, account=supervisor.account, role=role, organization=supervisor.agency)


@pytest.mark.parametrize("role", ["administrator", "data_steward"])
def test_a_supervisor_at_the_house_itself_invites_no_administrator(role: str) -> None:
    """Roles of the whole house are given by its administrator alone, wherever a supervisor sits."""
    network = make.make_network()
    supervisor = make.make_worker("agency_supervisor", network.house)
    worker = make.make_worker("clinician", network.house)
    invited = {"given_name": "A", "family_name": "B", "address": "", "username": "another", "role": role}
    with pytest.raises(BadInput, match="not given here"):
        access.invite(supervisor.actor, organization=network.house, **invited)
    with pytest.raises(BadInput, match="not given here"):
        access.give_role(supervisor.actor, account=worker.account, role=role, organization=network.house)
    assert access.invite(network.admin.actor, organization=network.house, **invited).username == "another"


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7"])
def test_a_form_in_another_encoding_is_refused_with_a_page(charset: str) -> None:
    """Anybody can send one without signing in; it is neither a failure nor a stack trace."""
    answer = Client(enforce_csrf_checks=True).generic(
        "POST", "/sign-in/", b"login=a", content_type=f"application/x-www-form-urlencoded; charset={charset}"
    )
    assert answer.status_code == 400
    assert "<h1>" in answer.content.decode()
