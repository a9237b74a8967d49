"""A name or a birth date is corrected: for everybody who serves them, in what search finds, with what stood before kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from inmind.access import privacy
from inmind.access.models import AuditEntry, RowChange
from inmind.families import actions, queries
from inmind.families.intake import AdultFacts, Named
from inmind.families.models import Dyad, Episode, Participation
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused, Stale
from inmind.foundation.forms import fresh_key
from inmind.people.models import EarlierFact, Person
from inmind.records import actions as records
from inmind.records.models import Pair
from inmind.screening.due import of_child
from tests import make

pytestmark = pytest.mark.django_db


def stands(person: Person) -> Named:
    there = Person.objects.get(pk=person.pk)
    return queries.named(there, Dyad.objects.filter(child=there).first())


def correct(family: make.Family, person: Person, by: make.Worker | None = None, **said: Any) -> Person:
    """Over what stands now, unless `over` says otherwise."""
    known = stands(person)
    named = {"still_found": said.pop("still_found", False), "over": said.pop("over", known.mark)}
    named |= {name: said.pop(name) for name in ("find_no_more", "key") if name in said}
    by = by or family.by
    return actions.correct_person(by.actor, episode=family.episode, person=person, said=replace(known, **said), **named)


def found(worker: make.Worker, words: str) -> list[str]:
    return [one.person.name for one in queries.find(worker.actor, words)]


def test_a_typing_error_finds_nobody_any_more_and_a_name_that_was_right_still_does() -> None:
    family = make.make_family(adults=("Marai Peña",))
    mother = family.adult
    correct(family, mother, given_name=" María ")
    assert found(family.by, "maria") == ["María Peña"] and not found(family.by, "marai")
    correct(family, mother, family_name="Ruiz", still_found=True)
    assert found(family.by, "maria pena") == found(family.by, "ruiz") == ["María Ruiz"]
    kept = EarlierFact.objects.order_by("created_at", "pk").values_list("field", "said", "finds", "by")
    by = family.by.person.pk
    assert list(kept) == [("given_name", "Marai", False, by), ("family_name", "Peña", True, by)]
    correct(family, mother, find_no_more=(EarlierFact.objects.get(said="Peña").pk,))
    assert not found(family.by, "pena") and EarlierFact.objects.count() == 2


def test_the_names_that_are_listed_again_are_those_that_find() -> None:
    """By the hourly job, and where two records are put together and parted."""
    from inmind.people.models import NameToken

    family = make.make_family(adults=("María Peña",))
    correct(family, family.adult, given_name="Marie", family_name="Ruiz", still_found=True)
    before = set(NameToken.objects.filter(person=family.adult).values_list("token", flat=True))
    assert before == {"maria", "pena", "marie", "ruiz"}
    make.together(lambda act: NameToken.objects.all().delete())
    from inmind.access.actors import machine
    from inmind.families import names

    names.list_names(machine("families.names"), key="again")
    assert set(NameToken.objects.filter(person=family.adult).values_list("token", flat=True)) == before


def test_a_birth_date_is_corrected_and_what_is_due_follows() -> None:
    """The age is counted anew; a name beside it stays as it was."""
    family = make.make_family(age_months=9)
    before = of_child(family.episode, clock.today(make.ZONE))
    correct(family, family.child, birth_date=make.born(age_months=19))
    episode = Episode.objects.select_related("dyad").get(pk=family.episode.pk)
    assert queries.age(episode.dyad, clock.today(make.ZONE)).months == 19  # type: ignore[union-attr]
    assert of_child(episode, clock.today(make.ZONE)) != before
    kept = EarlierFact.objects.get()
    assert (kept.field, kept.said, kept.finds) == ("birth_date", str(family.dyad.birth_date), False)


def test_a_due_date_and_a_name_before_the_birth() -> None:
    family = make.make_family(due_in_days=20, child="x Peña")
    day = clock.today(make.ZONE) + timedelta(days=31)
    correct(family, family.child, due_date=day, given_name="Iris", birth_date=clock.today(make.ZONE))
    assert stands(family.child) == Named("Iris", "Peña", None, day)
    assert found(family.by, "iris") == ["Iris Peña"]
    assert EarlierFact.objects.get().field == "due_date"  # no name stood there


def test_who_may_be_whom_is_looked_at_again() -> None:
    """Registered as Roas, she was nobody's double; as Rosa she may be; and a pair that is unlike now waits no more."""
    mother = AdultFacts("Rosa", "Peña", "mother", phone="555-014-2000", mail="rosa@example.org")
    first = make.make_family(adults=(mother,), child="Ana Peña", age_months=9)
    second = make.make_family(adults=(replace(mother, given_name="Hilda"),), child="Ben Peña", age_months=30)
    assert not Pair.objects.exists()
    correct(second, second.adult, given_name="Rosa")
    pair = Pair.objects.get()
    assert {pair.one_id, pair.other_id} == {first.adult.pk, second.adult.pk} and "same_name" in pair.reasons
    correct(second, second.adult, given_name="Rosas")
    assert Pair.objects.get().reasons.startswith("near_name")
    correct(second, second.adult, given_name="Hilda")
    assert not Pair.objects.exists()


def test_another_agency_that_serves_the_child_finds_it_by_the_corrected_name() -> None:
    family = make.make_family(child="Matoe Peña")
    elsewhere = make.make_worker("family_service_coordinator", make.make_network().agencies[1])

    def serve(act: Any) -> None:
        there = Episode.objects.create(dyad=family.dyad, organization=elsewhere.agency, since=clock.today(make.ZONE))
        Participation.objects.create(episode=there, person=family.child, part=Participation.Part.CHILD)

    make.together(serve)
    correct(family, family.child, given_name="Mateo")
    assert found(elsewhere, "mateo") == ["Mateo Peña"]
    looked = elsewhere.client.get(reverse("family_looked", kwargs={"dyad": family.dyad.pk})).content.decode()
    assert "corrected a name or a birth date" in looked


def test_the_trail_says_who_corrected_whom_and_which_rows() -> None:
    family = make.make_family()
    correct(family, family.child, given_name="Teo", birth_date=make.born(age_months=7))
    entry = AuditEntry.objects.get(verb="families.correct_person", outcome="done")
    assert {(one.kind, one.ref) for one in entry.subjects.all()} == {
        ("person", family.child.pk),
        ("dyad", family.dyad.pk),
        ("episode", family.episode.pk),
    }
    changed = RowChange.objects.filter(act=entry.id.hex).values_list("table_name", flat=True)
    assert {"people_person", "families_dyad", "people_earlierfact"} <= set(changed)
    correct(family, family.adult, given_name="Marie")
    newest = AuditEntry.objects.filter(verb="families.correct_person", outcome="done").latest("seq")
    assert ("person", family.child.pk) not in {(one.kind, one.ref) for one in newest.subjects.all()}


def test_the_same_again_changes_nothing() -> None:
    """Sent twice under one key, and a form that was sent as it stood."""
    family = make.make_family()
    mother, key, over = family.adult, fresh_key(), stands(family.adult).mark
    for _ in range(2):
        correct(family, mother, given_name="Marie", key=key, over=over)
    correct(family, mother)
    assert EarlierFact.objects.count() == 1
    assert Person.objects.get(pk=mother.pk).version == mother.version + 1


def test_whoever_saves_second_has_both_texts_and_loses_nothing() -> None:
    family = make.make_family(age_months=6)
    address = reverse("family_correct", kwargs={"dyad": family.dyad.pk, "person": family.child.pk})
    born = make.born(age_months=5)
    said = {"given_name": "Matteo", "family_name": "Ñúñez", "birth_date": str(born), "over": stands(family.child).mark}
    correct(family, family.child, given_name="Teo", still_found=True)
    answer = family.by.client.post(address, {"key": fresh_key(), **said})
    text = unescape(answer.content.decode())
    assert answer.status_code == 409 and "Someone saved this while you were writing" in text
    assert 'value="Matteo"' in text and f'value="{born}"' in text and ">Teo<" in text
    over = answer.context["form"].initial["over"]
    assert family.by.client.post(address, {"key": fresh_key(), **said, "over": over}).status_code == 302
    assert stands(family.child) == Named("Matteo", "Ñúñez", born)
    assert found(family.by, "mateo") == ["Matteo Ñúñez"], "what the first one said of the search holds"


def test_nobody_corrects_somebody_of_another_family_or_who_was_erased_or_a_worker() -> None:
    family, other = make.make_family(), make.make_family()
    for person in (other.adult, other.child):
        with pytest.raises(BadInput, match="does not take part here"):
            correct(family, person, given_name="X")
    make.together(
        lambda act: Participation.objects.create(
            episode=family.episode, person=other.by.person, part=Participation.Part.ADULT
        )
    )
    with pytest.raises(NotNow, match="works here and signs in"):
        correct(family, other.by.person, given_name="X")
    officers = [make.make_worker("privacy_officer") for _ in range(2)]
    why = {"reason": "Asked for in writing", "document": "File 17"}
    correct(family, family.adult, given_name="Marie", still_found=True)
    erasure = privacy.ask_erasure(officers[0].actor, person=family.adult, **why)
    privacy.confirm_erasure(officers[1].actor, erasure=erasure)
    with pytest.raises(NotNow, match="was erased"):
        correct(family, family.adult, given_name="X")
    assert not EarlierFact.objects.exists()


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["home_visitor", "clinician", "agency_supervisor", "privacy_officer", "data_steward"])
def test_only_who_serves_the_family_corrects(role: str) -> None:
    """Beside it its own worker and the coordinator of the agency, who may."""
    family, stranger = make.make_family(), make.make_worker(role)
    with pytest.raises(Refused):
        correct(family, family.adult, by=stranger, given_name="X")
    address = reverse("family_correct", kwargs={"dyad": family.dyad.pk, "person": family.adult.pk})
    assert stranger.client.get(address).status_code == 403
    coordinator = make.make_worker("family_service_coordinator")
    assert coordinator.client.get(address).status_code == 200
    assert correct(family, family.adult, by=coordinator, given_name="Marie").name == "Marie Ñúñez"


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"given_name": " "}, "Please fill this in."),
        ({"birth_date": "2099-01-01"}, "This birth date lies in the future."),
        ({"birth_date": "1996-01-01"}, "This birth date is"),
        ({"given_name": "123-45-6789"}, "looks like a social security number"),
    ],
    ids=["no name", "born in the future", "born long ago", "a number"],
)
def test_what_cannot_be_is_refused_at_its_field(said: dict[str, str], sentence: str) -> None:
    family = make.make_family()
    known = stands(family.child)
    address = reverse("family_correct", kwargs={"dyad": family.dyad.pk, "person": family.child.pk})
    given = {"given_name": "Matteo", "family_name": "Peña", "birth_date": str(known.birth_date), **said}
    answer = family.by.client.post(address, {"key": fresh_key(), "over": known.mark, **given})
    text = unescape(answer.content.decode())
    assert answer.status_code == 400 and sentence in text and 'value="Peña"' in text
    assert stands(family.child) == known


def test_a_baby_gets_its_name_later_through_the_pages() -> None:
    """From the family's page; the name until then finds nobody; and an earlier one is taken off on the page."""
    family = make.make_family(child="Baby Peña")
    address = reverse("family_correct", kwargs={"dyad": family.dyad.pk, "person": family.child.pk})
    address += f"?episode={family.episode.pk}"
    page = family.by.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk})).content.decode()
    assert f'href="{address}"' in page

    def sent(**said: str) -> None:
        form = family.by.client.get(address).context["form"]
        shown = {name: form[name].value() for name in ("given_name", "family_name", "birth_date", "over", "key")}
        answer = family.by.client.post(address, {**shown, "birth_date": str(shown["birth_date"]), **said})
        assert answer["Location"] == f"/families/{family.dyad.pk}/?episode={family.episode.pk}"

    sent(given_name="Iris")
    assert found(family.by, "iris") and not found(family.by, "baby")
    sent(family_name="Ruiz", still_found="on")
    assert found(family.by, "pena") == ["Iris Ruiz"]
    assert "before: Peña" in family.by.client.post(reverse("families"), {"words": "pena"}).content.decode()
    kept = EarlierFact.objects.get(said="Peña")
    sent(given_name="Irisa")
    assert found(family.by, "pena")
    sent(find_no_more=str(kept.pk))
    assert not found(family.by, "pena")


def test_a_merge_and_its_parting_take_the_earlier_names_along() -> None:
    worker = make.make_worker()
    mother = AdultFacts("Rosa", "Peña", "mother", phone="555-014-2000")
    families = [
        make.make_family(worker, adults=(mother,), child=f"{name} Peña", age_months=age)
        for name, age in (("Ana", 9), ("Ben", 30))
    ]
    gone = families[1].adult
    correct(families[1], gone, family_name="Ruiz", still_found=True)
    correct(families[1], gone, family_name="Peña", still_found=True)
    pair, steward = Pair.objects.get(), make.make_worker("data_steward").actor
    merged = records.merge(steward, pair=pair, stays=families[0].adult, chosen={})
    assert found(worker, "ruiz") == ["Rosa Peña"] and EarlierFact.found_by([families[0].adult.pk])
    records.part(steward, merge=merged)
    assert set(EarlierFact.found_by([one.adult.pk for one in families])) == {gone.pk}


def test_over_something_else_is_stale() -> None:
    family = make.make_family()
    with pytest.raises(Stale):
        correct(family, family.adult, given_name="Marie", over=Named("Maria", "Ñúñez").mark)


def test_a_finished_screen_keeps_its_age_and_says_what_the_corrected_day_tells() -> None:
    """The result stays as it was given; whoever reads it learns that the child was another age, or not born yet."""
    family = make.make_family(age_months=18)
    screen = make.make_screen(family, instrument="mchatr")

    def said() -> str:
        page = unescape(family.by.client.get(reverse("screen", kwargs={"screen": screen.pk})).content.decode())
        assert "at 18 months" in page
        return page

    assert "corrected since" not in said()
    correct(family, family.child, birth_date=make.born(age_months=14))
    assert "By it the child was 14 months old on this day." in said()
    assert "is for children of 16 to 30 months." in said()
    correct(family, family.child, birth_date=make.born(age_months=17))
    assert "By it the child was 17 months old on this day." in said() and "is for children of" not in said()
    with clock.at(clock.now() + timedelta(days=9)):
        correct(family, family.child, birth_date=clock.today(make.ZONE))
        assert "By it the child was not born yet on this day." in said()
    told = family.by.client.get(reverse("held", kwargs={"person": family.child.pk})).content.decode()
    assert "Birth date before" in told and str(family.dyad.birth_date) in told
