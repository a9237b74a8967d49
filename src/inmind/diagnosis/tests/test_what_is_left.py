"""What becomes of formulations when somebody is erased, and when two records turn out to be one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access import privacy
from inmind.access.models import LegalHold
from inmind.diagnosis import actions, queries, summary_actions
from inmind.diagnosis.formulation import Certainty, Diagnosis, Environment, KindOfParent, Part
from inmind.diagnosis.models import Assessment, DraftRelationship, FamilySummary, Formulation, Given, SignedRelationship
from inmind.diagnosis.writing import One, written
from inmind.families import actions as families
from inmind.foundation import clock
from inmind.foundation.errors import InMindError, NotNow
from inmind.foundation.registries import house
from inmind.people.models import Person
from inmind.records import actions as records
from tests import make

pytestmark = pytest.mark.django_db
RATED = One(
    (
        Diagnosis(
            "relationship-specific-disorder",
            Certainty.CONFIRMED,
            "With one person alone.",
            looked_up=True,
            parent=KindOfParent.BIOLOGICAL,
        ),
    )
)
WORDS = {"strengths": "He laughs.", "understood": "New people scare him.", "next_steps": "We meet on Tuesday."}


@pytest.fixture
def clinician() -> make.Worker:
    return make.make_worker("clinician")


@pytest.fixture
def family(clinician: make.Worker) -> make.Family:
    return make.make_family(clinician, age_months=30, adults=("Ana", "Rosa"))


def signed(family: make.Family, **said: Any) -> Formulation:
    one = One((replace(RATED.diagnoses[0], caregiver=family.adult.pk),))
    row = make.make_formulation(family, primary=family.adults, one=one, **said)
    return fresh(row)


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def erase(person: Person) -> None:
    make.together(lambda act: privacy.forget(act, Person.objects.get(pk=person.pk)))


# Erasing


def test_of_an_erased_child_no_word_of_a_formulation_is_left(clinician: make.Worker, family: make.Family) -> None:
    """Not its diagnoses, which stand open, and not what was sealed for an adult but speaks of the child."""
    row = signed(family)
    summary_actions.write_summary(clinician.actor, formulation=row, language="en", **WORDS)
    make.make_assessment(family, payer="State plan")
    erase(family.child)
    row = fresh(row)
    assert (row.content, row.mark) == (None, "")
    assert not Given.objects.exists()
    assert {one.content for one in SignedRelationship.objects.all()} == {None}
    assert {one.content for one in DraftRelationship.objects.all()} == {None}
    assert {one.content for one in row.environments.all()} == {None}
    assert FamilySummary.objects.get().understood is None
    assert set(Assessment.objects.values_list("payer", flat=True)) == {""}
    assert (row.number, row.signed_by) == (1, clinician.person)


def test_of_an_erased_caregiver_what_rated_the_relationship_is_gone_and_the_rest_stands(family: make.Family) -> None:
    """The other caregiver's rating, and what was understood of the child, are the child's record."""
    row, gone = signed(family), family.adult
    other = family.adults[1]
    erase(gone)
    row = fresh(row)
    assert row.content is not None
    assert row.relationships.get(caregiver=gone).content is None
    assert row.relationships.get(caregiver=other).content is not None
    given = row.given.get()
    assert (given.disorder, given.caregiver, given.parent) == ("relationship-specific-disorder", None, "")
    assert queries.is_as_signed(row)


def test_no_new_version_begins_from_an_adult_who_was_erased(clinician: make.Worker, family: make.Family) -> None:
    """Neither the diagnosis about them nor their name; nobody can name them anew; and the draft is signed in the end."""
    gone, stays = family.adults
    signed(family)
    begun = make.make_assessment(family)
    seen = make.make_draft(
        begun, by=clinician, primary=[stays], one=One((replace(RATED.diagnoses[0], caregiver=gone.pk),))
    )
    erase(gone)
    page = clinician.client.get(f"/assessments/{begun.pk}/parts/one/").content.decode()
    assert "With one person alone." not in page
    assert "With one person alone." not in clinician.client.get(f"/assessments/{begun.pk}/sign/").content.decode()
    with pytest.raises(NotNow, match="was erased"):
        again = One((replace(RATED.diagnoses[0], caregiver=gone.pk),))
        actions.keep_draft(clinician.actor, assessment=begun, part=Part.ONE, content=written(again), seen=seen["one"])
    answer = clinician.client.post(
        f"/assessments/{begun.pk}/parts/one/save/", {"version": seen["one"], "save_key": "s", "no_diagnosis": "on"}
    )
    assert answer.status_code == 200, answer.content.decode()
    seen = {name: row.version for name, row in queries.parts_of(begun).items()}
    kept = actions.sign(clinician.actor, assessment=begun, seen=seen, signed_as="LCSW", why_new="Somebody has gone.")
    assert not kept.given.exists() and str(gone.pk) not in (fresh(kept).content or "")
    begun = make.make_assessment(family)
    assert all(str(gone.pk) not in (row.content or "") for row in queries.parts_of(begun).values())


def test_a_place_where_nobody_else_cares_for_the_child_goes_with_that_adult(
    clinician: make.Worker, family: make.Family
) -> None:
    """In drafts and in signed versions; a place with others stays, and goes on without the name."""
    gone, stays = family.adults
    begun = make.make_assessment(family)
    make.make_draft(begun, by=clinician, primary=[stays, gone])
    alone = written(Environment("At Ana's", frozenset((gone.pk,)), 3, words="She shouts."))
    actions.rate_relationships(clinician.actor, assessment=begun, environment=2, content=alone, seen=0)
    seen = {name: row.version for name, row in queries.parts_of(begun).items()}
    kept = actions.sign(clinician.actor, assessment=begun, seen=seen, signed_as="LCSW")
    later = make.make_assessment(family)
    erase(gone)
    kept = fresh(kept)
    assert [one.content is None for one in kept.environments.order_by("number")] == [False, True]
    assert [one.content is None for one in later.environments.order_by("number")] == [False, True]
    assert queries.is_as_signed(kept)
    assert "She shouts." not in clinician.client.get(f"/formulations/{kept.pk}/").content.decode()
    assert "She shouts." not in clinician.client.get(f"/assessments/{later.pk}/sign/").content.decode()


def test_papers_of_an_erased_child_say_that_nothing_is_left(clinician: make.Worker, family: make.Family) -> None:
    """A clear sentence, and no error."""
    row = signed(family)
    erase(family.child)
    for name in ("formulation_report", "formulation_report_paper"):
        answer = clinician.client.get(reverse(name, kwargs={"formulation": row.pk}))
        assert answer.status_code in (403, 409)


def test_a_worker_who_is_erased_leaves_what_was_signed(clinician: make.Worker, family: make.Family) -> None:
    """A signature stands under the record, by its credentials."""
    row = signed(family)
    erase(clinician.person)
    row = fresh(row)
    assert row.signed_as == "Ph.D., IMH-E"
    assert queries.is_as_signed(row)


def test_a_hold_on_the_child_keeps_the_ratings_of_an_adult_who_has_left(family: make.Family) -> None:
    """A court's hold is on the child's record; a rating is a part of it, also where the adult takes part no more."""
    signed(family)
    left = family.adult
    make.together(lambda act: family.episode.participations.filter(person=left).delete())
    officer = make.make_worker("privacy_officer")
    agency = family.episode.organization
    stops = house.forgets["diagnosis"].stops
    assert list(stops(left, agency)) == []
    make.together(
        lambda act: LegalHold.objects.create(
            person=family.child, organization=agency, reason="A court asked.", document="Safe", set_by=officer.person
        )
    )
    assert list(stops(left, agency)) == ["There is a legal hold on the records of a child of this family."]
    elsewhere = make.make_network().agencies[1]
    assert list(stops(left, elsewhere)) != []


def test_what_an_erasing_says_beforehand_is_the_same_for_everybody(family: make.Family) -> None:
    """From no line is it learned whether there was a formulation."""
    room = house.forgets["diagnosis"]
    before = [*room.goes(family.adult), *room.stays(family.adult)]
    signed(family)
    assert [*room.goes(family.adult), *room.stays(family.adult)] == before
    assert room.came_in(family.adult)
    assert not room.came_in(family.adults[1])


# Two records of one person


def test_two_records_of_one_caregiver_put_together_carry_the_rating_and_are_parted_again(family: make.Family) -> None:
    """Sealed anew for whoever stays; the version is as it was signed before and after."""
    row = signed(family)
    gone = family.adult
    stays = make.make_family(family.by, age_months=20, adults=("Ana",)).adult
    merged = make.merge(stays, gone)
    rated = row.relationships.get(caregiver=stays)
    assert "They play on the floor." in (rated.content or "")
    assert queries.is_as_signed(fresh(row))
    part(merged)
    assert "They play on the floor." in (row.relationships.get(caregiver=gone).content or "")
    assert queries.is_as_signed(fresh(row))


def part(merged: Any) -> None:
    records.part(make.make_worker("data_steward").actor, merge=merged)


def test_two_ratings_of_what_is_one_adult_both_stand_as_they_were_signed(family: make.Family) -> None:
    """Nothing that was signed is set aside by a merge; nor what two clinicians wrote in one draft."""
    row = signed(family)
    draft = make.make_assessment(family)
    stays, gone = family.adults
    make.merge(stays, gone)
    assert {one.caregiver_id for one in row.relationships.all()} == {stays.pk, gone.pk}
    assert all(one.content for one in row.relationships.all())
    assert {one.caregiver_id for one in draft.relationships.all()} == {stays.pk, gone.pk}
    assert queries.is_as_signed(fresh(row))


def test_two_records_of_one_child_make_one_series_in_the_order_of_signing(clinician: make.Worker) -> None:
    """Numbers follow the signatures; each version still reads as it was signed, and parted each has its own again."""
    one, other = (
        make.make_family(clinician, child="Mateo Ñúñez", age_months=30, adults=(name,)) for name in ("Ana", "Rosa")
    )
    first, second, third = make.make_formulation(one), make.make_formulation(other), make.make_formulation(one)
    summary_actions.write_summary(clinician.actor, formulation=second, language="en", **WORDS)
    opened = [make.make_assessment(each) for each in (one, other)]
    merged = make.merge(one.child, other.child)
    rows = [fresh(each) for each in (first, second, third)]
    assert [row.number for row in rows] == [1, 2, 3]
    assert {row.episode_id for row in rows} == {one.episode.pk}
    assert all(row.content and queries.is_as_signed(row) for row in rows)
    assert [fresh(each).closed_on is None for each in opened] == [True, False]
    assert FamilySummary.objects.get().understood == WORDS["understood"]
    assert all(place.content for row in rows for place in row.environments.all())
    part(merged)
    rows = [fresh(each) for each in (first, second, third)]
    assert [row.number for row in rows] == [1, 1, 2]
    assert all(row.content and queries.is_as_signed(row) for row in rows)
    assert [fresh(each).closed_on is None for each in opened] == [True, True]


def test_a_formulation_is_read_after_its_childs_record_was_put_together_with_a_bare_one(
    clinician: make.Worker, family: make.Family
) -> None:
    """What is sealed for the child is sealed anew where only the child's record changes."""
    row = signed(family)
    make.make_assessment(family)
    elsewhere = make.make_worker("clinician", make.make_network().agencies[1])
    bare = make.make_family(elsewhere, child="Mateo Ñúñez", age_months=30)
    make.merge(bare.child, family.child)
    row = fresh(row)
    assert row.content and queries.is_as_signed(row)
    assert all(place.content for place in row.environments.all())
    assert all(one.content for each in Assessment.objects.all() for one in each.parts.all())


def test_an_erased_person_takes_no_new_words(clinician: make.Worker, family: make.Family) -> None:
    """Nothing is written about a child who was erased."""
    row = signed(family)
    erase(family.child)
    with pytest.raises(InMindError):
        summary_actions.write_summary(clinician.actor, formulation=fresh(row), language="en", **WORDS)
    assert not FamilySummary.objects.exists()


# What is held


def held(worker: make.Worker, person: Person) -> str:
    return worker.client.get(reverse("held", kwargs={"person": person.pk})).content.decode()


def test_a_caregiver_reads_that_there_is_a_formulation_and_her_own_rating_from_a_clinician_alone(
    clinician: make.Worker, family: make.Family
) -> None:
    """A home visitor's print leaves the rating out and says who prints it; the other caregiver's is in neither."""
    signed(family)
    luz = make.make_worker("home_visitor")
    make.join_team(family, luz)
    by_clinician, by_luz = (held(one, family.adult) for one in (clinician, luz))
    assert "Level 2 of 4" in by_clinician
    assert by_clinician.count("They play on the floor.") == 1
    assert "Level 2" not in by_luz
    assert "a clinician of the care team prints it and talks it through with you" in by_luz
    assert "What was understood of the child" in by_luz
    assert "Level" not in held(clinician, family.child)


def test_who_cares_for_the_child_no_more_does_not_read_of_later_versions(
    clinician: make.Worker, family: make.Family
) -> None:
    """Those that were signed until then stay; who still cares reads all of them."""
    first, luz = signed(family), make.make_worker("home_visitor")
    make.join_team(family, luz)
    mother, aunt = family.adults
    today = queries.today_of(family.episode)
    families.change_care(clinician.actor, episode=family.episode, person=aunt, part="", since=today)
    with clock.at(clock.now() + timedelta(days=200)):
        later = make.make_formulation(family, primary=[mother])
        when = clock.local(later.signed_at, family.episode.organization.zone)
        assert when in held(luz, mother)
        assert when in held(luz, family.child)
        assert when not in held(luz, aunt)
        assert clock.local(first.signed_at, family.episode.organization.zone) in held(luz, aunt)


def test_no_adult_is_named_in_the_title_that_a_browser_keeps(clinician: make.Worker, family: make.Family) -> None:
    """The heading names her; the history of a shared machine does not."""
    row = make.make_assessment(family)
    url = reverse("draft_relationship", args=[row.pk, family.adult.pk])
    page = clinician.client.get(url).content.decode()
    title = page.split("<title>")[1].split("</title>")[0]
    assert family.adult.name not in title
    assert "Axis II, part A: with one caregiver" in title
    assert f"with {family.adult.name}" in page


def test_on_her_own_page_stands_that_there_is_one_and_nothing_of_it(family: make.Family) -> None:
    """Decision 24: a phone may be taken from a hand."""
    signed(family)
    _link, secret = make.make_link(family, "own_page")
    phone = Client()
    phone.get(f"/l/{secret}/")
    text = phone.get(reverse("own_page")).content.decode()
    assert "What was understood of the child" in text
    assert "Level" not in text
    assert "They play on the floor." not in text
