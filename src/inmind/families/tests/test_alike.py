"""Registering somebody who may be there already: the typist is shown those she may see, and nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from inmind.families.intake import AdultFacts
from inmind.families.models import Dyad
from inmind.people.models import EarlierFact
from inmind.records import actions as records
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
    """She has married since, and is called Reyes."""
    mother = AdultFacts("María", "Ñúñez", "mother", phone="555-014-2000")
    family = make.make_family(at, child="Mateo Ñúñez", age_months=40, adults=(mother,))
    make.together(lambda act: records.correct_person(act, person=family.adult, family_name="Reyes", still_found=True))


def test_the_typist_is_asked_about_whom_she_may_see() -> None:
    """Nothing is saved, nothing typed is lost; she says that they are others, and it is."""
    luz = make.make_worker()
    _maria(luz)
    client = luz.client
    page = client.post("/families/new/", SENT).content.decode()
    assert "Is it one of these?" in page
    assert "María Reyes" in page
    assert 'value="Lucia"' in page
    assert Dyad.objects.count() == 1
    assert client.post("/families/new/", SENT | {"others": "1"}).status_code == 302
    assert Dyad.objects.count() == 2
    page = client.post("/families/new/", SENT | {"key": "typed once more"}).content.decode()
    told = page[page.index("You registered this family just now") : page.index("Is it one of these?")]
    assert f'href="{reverse("dyad", args=[Dyad.objects.latest("created_at").pk])}"' in told and "Lucia Nunez" in told
    assert page.count("Lucia Nunez") == 1 and Dyad.objects.count() == 2


def test_the_typist_is_told_nothing_of_whom_she_may_not_see() -> None:
    """A colleague's family: registered without a word, and the pair waits for the data steward."""
    _maria(make.make_worker())
    client = make.make_worker().client
    assert client.post("/families/new/", SENT).status_code == 302
    pair = Pair.objects.get()
    page = make.make_worker("data_steward").client.get(reverse("pair", args=[pair.pk])).content.decode()
    assert "which one of them had earlier" in page and "Ñúñez" not in page
    was = EarlierFact.objects.get(finds=True)
    make.together(lambda act: records.find_no_more(act, person=was.person, earlier=[was.pk]))
    assert not Pair.objects.exists(), "it was a slip, and the two are alike no more"
