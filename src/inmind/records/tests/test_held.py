"""What is held about me: one's own record on paper, without what others said in confidence and without other people."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.families.models import Visit
from inmind.foundation import clock
from inmind.screening.adapters.catalog import catalog
from tests import make

pytestmark = pytest.mark.django_db
ROSA = AdultFacts("Rosa", "Peña", "mother", phone="555-014-2000", phone_is_safe=True)
HUGO = AdultFacts("Hugo", "Peña", "father", phone="555-014-2999")


def test_a_person_is_handed_her_own_record_and_nobody_elses() -> None:
    """Her phone, child, care team and own answers; neither the father's phone nor his answers."""
    luz = make.make_worker(name="Luz Ibarra")
    family = make.make_family(luz, child="Mateo Peña", adults=(ROSA, HUGO))
    make.make_screen(family, subject=family.adults[0])
    make.make_recorded(family)
    make.make_screen(family, subject=family.adults[1], instrument="phq9")
    for one, address in zip(family.adults, ("7 Pier Road", "9 Hill Street"), strict=True):
        families.house_together(
            luz.actor, episode=family.episode, people=(one,), since=clock.today(make.ZONE), address=address
        )
    where = reverse("held", kwargs={"person": family.adult.pk})
    page = luz.client.get(where).content.decode()
    for words in (
        "Rosa Peña",
        "555-014-2000 (safe)",
        "7 Pier Road",
        "Mateo Peña",
        "Luz Ibarra",
        "EPDS",
        "PSI-4-SF",
        "41 of 60",
        "What is left out",
    ):
        assert words in page, words
    for words in ("Hugo", "014-2999", "9 Hill", "PHQ-9"):
        assert words not in page, words
    said = json.loads(luz.client.get(f"{where}?as=json").content)
    assert said["person"] == "Rosa Peña"
    assert said["sections"][0]["title"] == "Name and ways to reach you"
    assert said["left_out"]
    assert where in luz.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk})).content.decode()
    entry = AuditEntry.objects.filter(verb="records.see_held", outcome="read").first()
    assert entry is not None
    assert list(entry.subjects.values_list("kind", "ref")) == [("person", family.adult.pk)]


def test_what_another_adult_said_at_a_visit_is_not_in_it() -> None:
    """Only visits at which she was; and their words only where no other adult was there, which it says."""
    luz = make.make_worker(name="Luz Ibarra")
    family = make.make_family(luz, child="Mateo Peña", adults=(ROSA, HUGO))
    rosa, hugo = family.adults
    for minutes, present, said in (
        (31, (hugo, family.child), "He calms when I sing."),
        (32, (rosa, hugo, family.child), "We walk to the park."),
        (33, (rosa, family.child), "He laughs at my hat."),
    ):
        families.visit(
            luz.actor,
            episode=family.episode,
            on=clock.today(make.ZONE),
            place=Visit.Place.HOME,
            minutes=minutes,
            strength=said,
            note=f"Told: {said}",
            present=present,
        )
    where = reverse("held", kwargs={"person": rosa.pk})
    print_out = json.loads(luz.client.get(f"{where}?as=json").content)
    rows = {section["title"]: section["rows"] for section in print_out["sections"]}
    assert [row["Minutes"] for row in rows["Visits"]] == ["32", "33"]
    told = [list(row.values()) for row in rows["What was written down at visits"]]
    assert told == [["He laughs at my hat."], ["Told: He laughs at my hat."]]
    page = luz.client.get(where).content.decode()
    assert "He laughs at my hat." in page and "where you were not the only adult" in page
    assert "sing" not in page and "park" not in page


def test_her_answers_are_told_in_her_language_as_items_and_words() -> None:
    """No code of an item; the band and the flag in plain words; Spanish for somebody who likes to speak it."""
    luz = make.make_worker(name="Luz Ibarra")
    speaks = {"en": "Rosa", "es": "Ana"}
    adults = tuple(AdultFacts(name, "Peña", "mother", language=code) for code, name in speaks.items())
    family = make.make_family(luz, adults=adults)
    asked = catalog().named("epds")
    for place, (code, band, flag) in enumerate(
        (("en", "below the cut-off", "An answer about self-harm"), ("es", "por debajo", "sobre hacerse daño"))
    ):
        item = asked.item("epds_10").label_in(code)
        answers = {**make.calm_answers("epds"), "epds_10": 1}
        make.make_screen(family, subject=family.adults[place], answers=answers)
        page = luz.client.get(reverse("held", kwargs={"person": family.adults[place].pk})).content.decode()
        assert "epds_" not in page and f"10. {item}</strong> 1" in page
        assert band in page and flag in page, (band, flag)
    assert f'<div class="stack" lang="{code}">' in page


def test_the_privacy_officer_prints_it_without_screens_and_it_says_so() -> None:
    family = make.make_family(make.make_worker(), adults=(ROSA,))
    make.make_screen(family)
    officer = make.make_worker("privacy_officer").client
    where = reverse("held", kwargs={"person": family.adult.pk})
    kept = officer.get(reverse("kept_person", kwargs={"person": family.adult.pk})).content.decode()
    assert f'href="{where}"' in kept
    page = officer.get(where).content.decode()
    assert "EPDS" not in page
    assert "the care team that asked prints it" in page
    assert "Your address: the care team prints it." in page


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["home_visitor", "clinician", "agency_supervisor", "data_steward", "administrator"])
def test_whoever_does_not_serve_her_prints_nothing(role: str) -> None:
    family = make.make_family(make.make_worker(), adults=(ROSA,))
    answer = make.make_worker(role).client.get(reverse("held", kwargs={"person": family.adult.pk}))
    assert (answer.status_code, "Rosa" in answer.content.decode()) == (403, False)


def test_another_agency_that_serves_her_too_is_not_in_it() -> None:
    """Two agencies, one mother known as one: each hands over its own part."""
    from inmind.records import actions
    from inmind.records.models import Pair

    network = make.make_network()
    first = make.make_family(make.make_worker(), adults=(ROSA,))
    make.make_family(make.make_worker(at=network.agencies[1]), child="Noa Quarrystone", age_months=30, adults=(ROSA,))
    pair = Pair.objects.get()
    actions.merge(make.make_worker("data_steward").actor, pair=pair, stays=pair.one, chosen={})
    page = first.by.client.get(reverse("held", kwargs={"person": first.adult.pk})).content.decode()
    assert "Quarrystone" not in page and ">Noa" not in page
    assert network.agencies[1].name not in page
