"""Who looked says in words what was opened of a formulation; whose relationship was rated, to who may read that."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access import adult_links, grants
from inmind.access.diagnosing import ASSESSING, CODING, FORMULATING
from inmind.access.models import AdultLink
from inmind.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
READ = "a formulation of the child (DC:0-5)"
RATED = "how the relationship of an adult with the child was rated (DC:0-5, Axis II)"
MOTHER, FOSTER = "Canarymother", "Canaryfoster"


@pytest.fixture
def family() -> make.Family:
    """Two adults; one of them is rated, and the version was read."""
    clinician = make.make_worker("clinician")
    family = make.make_family(clinician, age_months=30, adults=(MOTHER, FOSTER))
    row = make.make_formulation(family, primary=[family.adult])
    assert clinician.client.get(reverse("formulation", kwargs={"formulation": row.pk})).status_code == 200
    return family


def trail(worker: make.Worker, family: make.Family) -> str:
    url = reverse("family_looked", kwargs={"dyad": family.dyad.pk})
    return unescape(worker.client.get(url, {"episode": family.episode.pk}).content.decode())


def test_a_clinician_reads_in_the_trail_what_was_opened_and_whose_rating(family: make.Family) -> None:
    """A formulation, and how the relationship with one adult was rated; of the other one nothing was."""
    page = trail(family.by, family)
    assert READ in page
    assert f"<strong>{RATED}</strong>: {MOTHER}" in page
    assert f"{RATED}</strong>: {FOSTER}" not in page
    assert "signed a formulation of the child (DC:0-5)" in page


@pytest.mark.parametrize("role", ["agency_supervisor", "privacy_officer", "home_visitor"])
def test_who_may_not_read_ratings_learns_from_the_trail_of_nobody_who_is_rated(family: make.Family, role: str) -> None:
    """That it was read stands there all the same."""
    reader = make.make_worker(role)
    if role == "home_visitor":
        make.join_team(family, reader)
    page = trail(reader, family)
    assert READ in page
    assert RATED in page
    assert f"{RATED}</strong>: " not in page


def test_each_verb_of_a_formulation_is_called_by_what_it_opens() -> None:
    """No one word stands for a draft, a version, a rating and a code alike."""
    called = {grant.verb: grants.WORDS[grant.verb] for grant in (*ASSESSING, *FORMULATING, *CODING)}
    assert len(set(called.values())) >= 9
    assert called["diagnosis.see_formulation"] != called["diagnosis.see_relationships"]
    assert called["diagnosis.see_draft"] != called["diagnosis.see_formulation"]


def phone_of(family: make.Family, adult: Person) -> Client:
    """A phone in which the link to an adult's own page was opened."""
    made: list[Any] = []
    there = {"person": adult, "episode": family.episode.pk, "organization": family.episode.organization}
    own_page = AdultLink.Purpose("own_page")
    make.together(lambda act: made.extend(adult_links.make(act, purpose=own_page, **there)))
    phone = Client()
    phone.get(f"/l/{made[1]}/")
    return phone


def test_who_is_rated_reads_on_her_own_page_that_it_was_looked_at(family: make.Family) -> None:
    """In words, by role and agency; who was not rated reads nothing of it."""
    for adult, rated in zip(family.adults, (True, False), strict=True):
        phone = phone_of(family, adult)
        page = unescape(phone.get("/for-you/").content.decode())
        looked = page[page.index('id="looked"') : page.index('id="held"')]
        assert (RATED in looked) is rated
        assert family.by.person.name not in looked
