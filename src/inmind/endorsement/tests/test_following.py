"""Two records of one person are put together, and parted again: what they hold, confirmed and let the registry show."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from inmind.endorsement import queries
from inmind.endorsement.models import Decision, Endorsement, RegistryName, Renewed
from inmind.foundation import clock
from inmind.people.models import Organization, Person
from inmind.records import actions as records
from tests import make

pytestmark = pytest.mark.django_db
Outcome = Decision.Outcome


@pytest.fixture
def pair(db: Any) -> tuple[Person, Person]:
    """Two records without an account: a merge leaves who signs in alone."""
    made: list[Person] = []

    def work(act: Any) -> None:
        for family in ("Ruiz", "Ruis"):
            person = records.new_person("Ana", family)
            records.register_people(act, people=[person])
            made.append(person)

    make.together(work)
    return made[0], made[1]


def held(
    person: Person, since: date, *, outcome: Outcome = Outcome.ENDORSED, category: str = "FS", shown: bool = False
) -> Endorsement:
    """An endorsement of the association of the tests, as a decision gave it."""
    keeper = make.make_worker("association_coordinator")
    association = keeper.agency
    assert isinstance(association, Organization)
    made: list[Endorsement] = []

    def work(_act: Any) -> None:
        of: dict[str, Any] = {"person": person, "association": association, "category": category, "credential": "IMH-E"}
        decision = Decision.objects.create(
            **of, outcome=outcome, on=since, came_from="a letter", recorded_by=keeper.person
        )
        is_emerging = outcome == Outcome.EMERGING
        row = Endorsement.objects.create(
            **of, decision=decision, since=since, is_emerging=is_emerging, in_registry=shown
        )
        RegistryName.objects.bulk_create(RegistryName.of(row, person.name) if shown else [])
        made.append(row)

    make.together(work)
    return made[0]


def codes(person: Person, on: date) -> set[str]:
    return set(queries.endorsed([person.pk], on).get(person.pk, frozenset()))


TODAY = clock.today(make.ZONE)
LONG_AGO, LATELY = TODAY - timedelta(days=900), TODAY - timedelta(days=100)


@pytest.mark.parametrize("older_stays", [True, False])
def test_what_was_held_on_any_day_is_held_still(pair: tuple[Person, Person], *, older_stays: bool) -> None:
    """Of the same category by both records: one after the other, never both at once, and no day is lost."""
    stays, gone = pair
    held(stays, LONG_AGO if older_stays else LATELY)
    held(gone, LATELY if older_stays else LONG_AGO)
    merge = make.merge(stays, gone)
    assert codes(stays, LATELY - timedelta(days=1)) == {"FS"}
    assert codes(stays, TODAY) == {"FS"}
    assert Endorsement.objects.filter(person=stays, until=None).count() == 1
    records.part(make.make_worker("data_steward").actor, merge=merge)
    assert {one.person_id for one in Endorsement.objects.filter(until=None)} == {stays.pk, gone.pk}


def test_the_full_endorsement_of_one_record_is_not_lost_to_the_emerging_one_of_the_other(
    pair: tuple[Person, Person],
) -> None:
    stays, gone = pair
    held(stays, LONG_AGO, outcome=Outcome.EMERGING, category="ERS")
    held(gone, LATELY, category="ERS")
    make.merge(stays, gone)
    assert codes(stays, LATELY - timedelta(days=1)) == {"ERS_emerging"}
    assert codes(stays, TODAY) == {"ERS"}


def test_written_down_twice_for_one_day_it_is_held_once_with_what_was_confirmed(pair: tuple[Person, Person]) -> None:
    stays, gone = pair
    kept, twice = held(stays, LONG_AGO), held(gone, LONG_AGO)
    cycle = {"since": TODAY, "until": TODAY + timedelta(days=365), "regime": "annual", "confirmed_on": TODAY}
    make.together(lambda _act: Renewed.objects.create(person=gone, endorsement=twice, **cycle))
    merge = make.merge(stays, gone)
    assert Endorsement.objects.get() == kept
    assert Renewed.objects.get().endorsement == kept
    records.part(make.make_worker("data_steward").actor, merge=merge)
    assert Renewed.objects.get().endorsement_id == twice.pk


def test_another_category_goes_over_as_it_is_and_the_registry_shows_no_more_than_was_let(
    pair: tuple[Person, Person],
) -> None:
    stays, gone = pair
    held(stays, LONG_AGO)
    held(gone, LATELY, category="MHS", shown=True)
    make.merge(stays, gone)
    assert codes(stays, TODAY) == {"FS", "MHS"}
    assert [one.category for one in queries.in_registry([], TODAY)] == ["MHS"]
