"""An assessment from its opening to versions that are signed and signed too."""

from __future__ import annotations

import pytest

from inmind.diagnosis import queries
from inmind.diagnosis.models import Formulation
from inmind.foundation import clock
from tests import make

pytestmark = pytest.mark.django_db
AUTISM = "early-atypical-autism-spectrum-disorder"


@pytest.fixture
def clinician() -> make.Worker:
    return make.make_worker("clinician")


@pytest.fixture
def family(clinician: make.Worker) -> make.Family:
    return make.make_family(clinician, age_months=30)


def test_a_formulation_is_signed_once_and_keeps_what_was_signed(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_formulation(family)
    assert (row.number, row.edition) == (1, "dc-0-5-2")
    kept = Formulation.objects.get(pk=row.pk)
    assert queries.is_as_signed(kept)
    whole = queries.whole(kept, relationships=True)
    assert [one.level for one in whole.relationships] == [2]
    assert queries.whole(kept, relationships=False).relationships == ()


def test_a_later_version_begins_with_the_last_one(family: make.Family) -> None:
    first = make.make_formulation(family)
    second = make.make_formulation(family)
    assert (first.number, second.number, second.assessment.after) == (1, 2, first)


def test_the_pages_from_opening_to_signing(family: make.Family, clinician: make.Worker) -> None:
    """A clinician opens an assessment, writes each part on its page, reads it through and signs it."""
    client = clinician.client
    page = client.get(f"/families/{family.episode.pk}/assessments/new/")
    assert page.status_code == 200
    response = client.post(
        f"/families/{family.episode.pk}/assessments/new/", {"key": "a1", "question": "Why so quiet?"}
    )
    assert response.status_code == 302, response.content.decode()[:3000]
    home = response.headers["Location"]
    assert "Why so quiet?" in client.get(home).content.decode()
    for part in ("head", "one", "three", "four", "five", "culture"):
        assert client.get(f"{home}parts/{part}/").status_code == 200, part
    assert client.get(f"{home}relationships/{family.adult.pk}/").status_code == 200
    assert client.get(f"{home}environments/1/").status_code == 200
    lacks = client.get(f"{home}sign/").content.decode()
    assert "Before it can be signed" in lacks and "Sign this version" not in lacks
    today = clock.today(make.ZONE).isoformat()
    head = {"key": "h1", "version": "0", "assessed_on": today, "edition": "dc-0-5-2", "strengths": "He looks at her."}
    response = client.post(f"{home}parts/head/", head | {f"primary_{family.adult.pk}": "on"})
    assert response.status_code == 302, response.content.decode()
    one = {"key": "o1", "version": "0", "d0_disorder": AUTISM, "strengths": ""}
    assert client.post(f"{home}parts/one/", one).status_code == 302
    shown = client.get(f"{home}parts/one/").content.decode()
    assert "What speaks for it, and what against?" in shown
    one |= {"key": "o2", "version": "1", "d0_certainty": "working", "d0_reasons": "Seen twice.", "d0_looked_up": "on"}
    assert client.post(f"{home}parts/one/", one).status_code == 302
    five = {"key": "f1", "version": "0", "impression": "Even.", "strengths": ""}
    five |= {f"r_{name}": "age-appropriate" for name in DOMAINS}
    assert client.post(f"{home}parts/five/", five).status_code == 302
    rated = {"key": "r1", "version": "0", "level": "2", "m_comfort": "strength", "strengths": "They sing."}
    assert client.post(f"{home}relationships/{family.adult.pk}/", rated).status_code == 302
    place = {"key": "p1", "version": "0", "name": "At home", "level": "1", f"who_{family.adult.pk}": "on"}
    assert client.post(f"{home}environments/1/", place).status_code == 302
    page = client.get(f"{home}sign/")
    form = page.context["form"]
    assert page.context["missing"] == []
    signed = {"key": "s1", "seen": form["seen"].value(), "signed_as": "LCSW, IMH-E", "cosigner": ""}
    response = client.post(f"{home}sign/", signed)
    assert response.status_code == 302, response.content.decode()
    version = client.get(response.headers["Location"]).content.decode()
    assert "Formulation, version 1" in version and "They sing." in version and "working diagnosis" in version
    assert version.index("They sing.") < version.index("Seen twice.")
    assert client.get(f"/families/{family.dyad.pk}/").content.decode().count("Version 1, assessed on") == 1


DOMAINS = ("emotional", "social-relational", "language-social-communication", "cognitive", "movement-physical")
