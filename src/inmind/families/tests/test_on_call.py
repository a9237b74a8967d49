"""Naming who is on call: allowed for somebody who never signed in, and never without saying so."""

from __future__ import annotations

import pytest
from django.urls import reverse

from inmind.families import queries
from tests import make

pytestmark = pytest.mark.django_db
WARNING = "has never signed in"


def test_whoever_never_signed_in_may_be_named_with_a_warning() -> None:
    """Beside the name, after saving, and on the page as long as it is so."""
    supervisor = make.make_worker("agency_supervisor")
    clinician = make.make_worker("clinician", name="Dana Wells")
    client, address = supervisor.client, reverse("on_call")
    assert "Dana Wells (has never signed in)" in client.get(address).content.decode()
    saved = client.post(address, {"key": "k", "person": str(clinician.person.pk)}, follow=True).content.decode()
    assert "Dana is told first, but has never signed in" in saved
    assert queries.on_call(supervisor.agency) == clinician.person
    assert "Dana has never signed in." in client.get(address).content.decode()
    assert clinician.client.get("/today/").status_code == 200
    assert WARNING not in client.get(address).content.decode()


def test_whoever_has_signed_in_is_named_without_one() -> None:
    supervisor, clinician = make.make_worker("agency_supervisor"), make.make_worker("clinician")
    assert clinician.client.get("/today/").status_code == 200
    page = supervisor.client.post(
        reverse("on_call"), {"key": "k", "person": str(clinician.person.pk)}, follow=True
    ).content.decode()
    assert "From now on this person is told first." in page
    assert WARNING not in page
