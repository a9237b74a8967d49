"""Registering somebody who may be there already: the typist is shown those she may see, and nobody else."""

from __future__ import annotations

import pytest

from inmind.families.models import Dyad
from inmind.records.models import Pair
from tests import make

pytestmark = pytest.mark.django_db
SENT = {
    "key": "k1",
    "arrival": "born",
    "child_given_name": "Lucia",
    "child_family_name": "Nunez",
    "birth_date": "2026-01-02",
    "given_name": "Maria",
    "family_name": "Nunez",
    "part": "mother",
    "phone": "555 014 2000",
}


def _maria(at: make.Worker) -> None:
    from inmind.families.intake import AdultFacts

    make.make_family(
        at, child="Mateo Ñúñez", age_months=40, adults=(AdultFacts("María", "Ñúñez", "mother", phone="555-014-2000"),)
    )


def test_the_typist_is_asked_about_whom_she_may_see() -> None:
    """Nothing is saved, nothing typed is lost; she says that they are others, and it is."""
    luz = make.make_worker()
    _maria(luz)
    client = luz.client
    page = client.post("/families/new/", SENT).content.decode()
    assert "Is it one of these?" in page
    assert "María Ñúñez" in page
    assert 'value="Lucia"' in page
    assert Dyad.objects.count() == 1
    assert client.post("/families/new/", SENT | {"others": "1"}).status_code == 302
    assert Dyad.objects.count() == 2


def test_the_typist_is_told_nothing_of_whom_she_may_not_see() -> None:
    """A colleague's family: registered without a word, and the pair waits for the data steward."""
    _maria(make.make_worker())
    client = make.make_worker().client
    assert client.post("/families/new/", SENT).status_code == 302
    assert Pair.objects.count() == 1
