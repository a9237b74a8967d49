"""A brother, a sister, a twin: who cares for both children is one person, and neither family learns more of the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from inmind.access.consents import Asked, Days, Ground, Kind, Manner, Purpose
from inmind.access.models import AuditEntry
from inmind.families import actions, queries
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import Dyad, Episode
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.people.models import Contact, Person, Relationship
from inmind.records import actions as records
from inmind.records.models import Pair
from inmind.screening import due
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
ROSA = AdultFacts("Rosa", "Peña", "mother", phone="555-014-2000", phone_is_safe=True)
HUGO = AdultFacts("Hugo", "Peña", "foster_father")


def address(family: make.Family, name: str = "family_sibling") -> str:
    return f"{reverse(name, kwargs={'dyad': family.dyad.pk})}?episode={family.episode.pk}"


def sent(worker: make.Worker, family: make.Family, **said: str) -> Any:
    """The page's own form, with both adults ticked, as the browser sends it; `said` over it (None: not ticked)."""
    born = str(make.born(age_months=6))
    typed: dict[str, Any] = {"key": fresh_key(), "arrival": "born", "child_given_name": "Iris", "birth_date": born}
    for one in queries.adults(family.episode, clock.today(make.ZONE)):
        typed |= {f"with_{one.person.pk}": "on", f"part_{one.person.pk}": one.key}
    return worker.client.post(address(family), {name: value for name, value in (typed | said).items() if value != ""})


def known(person: Person, part: str = "mother", **said: Any) -> AdultFacts:
    return AdultFacts(person.given_name, person.family_name, part, id=person.pk, known=True, **said)


def registered(by: make.Worker, family: make.Family, *adults: AdultFacts, at: Any = None) -> tuple[Dyad, Episode]:
    child = ChildFacts("Iris", "Peña", make.born(age_months=6))
    organization = at or by.agency
    return actions.register(by.actor, organization=organization, child=child, adults=adults, beside=family.episode)


def test_a_sister_is_registered_with_the_same_mother_and_father() -> None:
    """From the family's page; each is one person with a part of its own; the number is neither copied nor asked anew."""
    family = make.make_family(child="Mateo Peña", adults=(ROSA, HUGO))
    rosa, hugo = family.adults
    page = family.by.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk})).content.decode()
    assert f'href="{address(family)}"' in page
    form = family.by.client.get(address(family)).context["form"]
    assert form["child_family_name"].value() == "Peña" and form[f"part_{hugo.pk}"].value() == "foster_father"
    since = str(clock.today(make.ZONE) - timedelta(days=30))
    answer = sent(family.by, family, **{f"part_{hugo.pk}": "kin", f"since_{hugo.pk}": since})
    assert answer.status_code == 302, answer.context["form"].errors
    sister = Dyad.objects.exclude(pk=family.dyad.pk).get()
    episode = sister.episodes.get()
    assert [(one.person, one.key) for one in queries.adults(episode, clock.today(make.ZONE))] == [
        (rosa, "mother"),
        (hugo, "kin"),
    ]
    assert str(Relationship.objects.get(from_person=hugo, to_person=sister.child_id).since) == since
    assert Person.objects.filter(given_name="Rosa").count() == 1 and Contact.objects.filter(person=rosa).count() == 1
    assert not Pair.objects.exists()
    entry = AuditEntry.objects.filter(verb="families.register").latest("seq")
    assert {rosa.pk, hugo.pk} <= set(entry.subjects.values_list("ref", flat=True))
    pages = {one: family.by.client.get(f"/families/{one}/").content.decode() for one in (family.dyad.pk, sister.pk)}
    assert f'href="/families/{sister.pk}/?episode={episode.pk}">Iris' in pages[family.dyad.pk]
    assert f'href="/families/{family.dyad.pk}/?episode={family.episode.pk}">Mateo' in pages[sister.pk]
    hers = family.by.client.get(reverse("family_adult", kwargs={"dyad": family.dyad.pk, "person": rosa.pk})).content
    assert f'href="/families/{sister.pk}/?episode={episode.pk}"' in hers.decode()


def test_only_those_who_are_ticked_and_somebody_new_beside_them() -> None:
    family = make.make_family(child="Mateo Peña", adults=(ROSA, HUGO))
    _rosa, hugo = family.adults
    new = {"given_name": "Ben", "family_name": "Stone", "part": "father", "since": str(clock.today(make.ZONE))}
    assert sent(family.by, family, **{f"with_{hugo.pk}": ""}, **new).status_code == 302
    episode = Episode.objects.exclude(pk=family.episode.pk).get()
    assert [one.person.name for one in queries.adults(episode, clock.today(make.ZONE))] == ["Rosa Peña", "Ben Stone"]


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"with_": "", "part_": ""}, "There is no adult."),
        ({"part_": ""}, "How this adult cares for the child is missing."),
        ({"since_": "2099-01-01"}, "This day lies in the future."),
        ({"given_name": "rosa", "family_name": "pena", "part": "kin"}, "is one of this family's adults already."),
        ({"with_": "", "given_name": "Rosa", "family_name": "Peña", "part": "mother"}, "adults already."),
        ({"family_name": "Stone"}, "The adult's name is empty."),
        ({"birth_date": "2099-01-01"}, "This birth date lies in the future."),
    ],
    ids=["nobody", "no part", "from the future", "typed anew", "typed instead of ticked", "no first name", "not born"],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(said: dict[str, str], sentence: str) -> None:
    family = make.make_family(child="Mateo Peña", adults=(ROSA,))
    of_rosa = {name + (str(family.adult.pk) if name.endswith("_") else ""): value for name, value in said.items()}
    answer = sent(family.by, family, **of_rosa)
    assert answer.status_code == 400 and sentence in unescape(answer.content.decode())
    shown = answer.context["form"].opens_new()
    assert shown is bool(answer.context["form"].errors.keys() & {"given_name"} or "given_name" in said)
    assert Dyad.objects.count() == 1


def test_a_twin_is_asked_about_where_the_names_are_near_and_has_a_list_of_its_own() -> None:
    family = make.make_family(child="Luis Peña", age_months=6, adults=(ROSA,))
    actions.note_gestation(family.by.actor, episode=family.episode, gestation_weeks=33)
    said = {"child_given_name": "Luisa", "child_family_name": "Peña", "birth_date": str(family.dyad.birth_date)}
    offered = sent(family.by, family, **said)
    form = offered.context["form"]
    assert "who came at 33 weeks?" in unescape(offered.content.decode()) and offered.status_code == 400
    assert (form["gestation_weeks"].value(), form["weeks_offered"].value()) == ("33", "on")
    said |= {"gestation_weeks": "33", "weeks_offered": "on"}
    page = sent(family.by, family, **said)
    assert "Is it one of these?" in page.content.decode() and Dyad.objects.count() == 1
    sent(family.by, family, **said, others="1")
    today = clock.today(make.ZONE)
    first, second = Episode.objects.select_related("dyad").order_by("created_at")
    assert first.dyad.gestation_weeks == second.dyad.gestation_weeks == 33
    assert (
        [one.asked.key for one in due.of_child(first, today)]
        == [one.asked.key for one in due.of_child(second, today)]
        != []
    )


def test_who_is_found_alike_leads_to_her_own_family_and_what_was_typed_comes_along() -> None:
    """On the page of a new family: she is here already."""
    family = make.make_family(child="Mateo Peña", age_months=40, adults=(ROSA,))
    typed = {
        "key": fresh_key(),
        "arrival": "born",
        "child_given_name": "Iris",
        "birth_date": "2026-01-02",
        "given_name": "Rosa",
        "family_name": "Pena",
        "part": "mother",
        "phone": "555 014 2000",
    }
    page = family.by.client.post(reverse("family_register"), typed).content.decode()
    assert f'formaction="{address(family)}" name="carried"' in page
    answer = family.by.client.post(address(family), typed | {"carried": "1"})
    form = answer.context["form"]
    assert (answer.status_code, form["child_given_name"].value(), form["birth_date"].value()) == (
        200,
        "Iris",
        "2026-01-02",
    )
    assert form[f"with_{family.adult.pk}"].value() and Dyad.objects.count() == 1


def test_who_was_ticked_and_is_put_together_with_another_record_meanwhile_is_not_left_out_in_silence() -> None:
    """The page was open: the mother stands on it under the record that is gone by now."""
    family = make.make_family(child="Mateo Peña", adults=(ROSA, HUGO))
    rosa, hugo = family.adults
    other = make.make_family(family.by, child="Bo Peña", age_months=40, adults=(ROSA,))
    pair = Pair.objects.get(one__in=(rosa, other.adult), other__in=(rosa, other.adult))
    records.merge(make.make_worker("data_steward").actor, pair=pair, stays=other.adult, chosen={})
    asked = {"key": fresh_key(), "arrival": "born", "child_given_name": "Iris", f"with_{rosa.pk}": "on"}
    asked |= {"birth_date": str(make.born(age_months=6)), f"part_{rosa.pk}": "mother"}
    asked |= {f"with_{hugo.pk}": "on", f"part_{hugo.pk}": "foster_father"}
    answer = family.by.client.post(address(family), asked)
    assert answer.status_code == 400 and "no longer on this list as before" in answer.content.decode()
    assert f"with_{other.adult.pk}" in answer.content.decode() and Dyad.objects.count() == 2


def test_only_adults_of_a_family_whom_the_typist_may_see() -> None:
    """Ids from elsewhere, another agency's, another worker's family, who was erased: refused, and nothing is kept."""
    family = make.make_family(child="Mateo Peña", adults=(ROSA,))
    other = make.make_family(child="Ada Stone", adults=("Tess Stone",))
    elsewhere = make.make_worker("family_service_coordinator", make.make_network().agencies[1])
    rosa, by = family.adult, family.by
    for adults, worker, problem in (
        ((known(other.adult),), by, BadInput),
        ((known(family.child),), by, BadInput),
        ((known(rosa),), other.by, Refused),
        ((known(rosa),), elsewhere, Refused),
    ):
        with pytest.raises(problem):
            registered(worker, family, *adults)
    with pytest.raises(BadInput):
        child = ChildFacts("Iris", "Peña", make.born(age_months=6))
        actions.register(by.actor, organization=by.agency, child=child, adults=(known(rosa),))
    for worker in (other.by, elsewhere, make.make_worker("agency_supervisor"), make.make_worker("data_steward")):
        assert worker.client.get(address(family)).status_code == 403
        assert sent(worker, family).status_code == 403
    actions.end_episode(by.actor, episode=family.episode, until=clock.today(make.ZONE), reason="moved")
    with pytest.raises(Refused):
        registered(by, family, known(rosa))
    assert Dyad.objects.count() == 2


def test_who_was_erased_is_not_taken_in() -> None:
    from inmind.access import privacy

    family = make.make_family(child="Mateo Peña", adults=(ROSA, HUGO))
    officers = [make.make_worker("privacy_officer") for _ in range(2)]
    why = {"reason": "Asked for in writing", "document": "File 17"}
    rosa = family.adult
    erasure = privacy.ask_erasure(officers[0].actor, person=rosa, **why)
    privacy.confirm_erasure(officers[1].actor, erasure=erasure)
    with pytest.raises(NotNow, match="was erased"):
        registered(family.by, family, known(rosa))
    assert Dyad.objects.count() == 1


# One mother, two care teams


@dataclass(frozen=True, slots=True)
class Siblings:
    """Mateo, whose worker is Ana by now, and his sister Iris, whose is Luz; Rosa is the mother of both, and was screened by
    Ana: her answer called Dana."""

    mateo: make.Family
    iris: make.Family
    ana: make.Worker
    luz: make.Worker
    dana: make.Worker


@pytest.fixture
def siblings(db: object) -> Siblings:
    luz, ana = make.make_worker(name="Luz Lima"), make.make_worker(name="Ana Lund")
    dana = make.make_on_call(person=make.make_worker("clinician", name="Dana Kim"))
    family = make.make_family(luz, child="Mateo Peña", adults=(ROSA,))
    dyad, episode = registered(luz, family, known(family.adult))
    by = make.make_worker("agency_supervisor")
    said = {"giver": luz.person, "taker": ana.person, "episodes": (family.episode,)}
    actions.hand_over(by.actor, organization=by.agency, **said)
    return Siblings(family, make.Family(dyad, episode, luz), ana, luz, dana)


def test_a_familys_page_leads_to_no_brother_or_sister_whom_its_reader_may_not_see(siblings: Siblings) -> None:
    for family, worker, other in (
        (siblings.mateo, siblings.ana, siblings.iris),
        (siblings.iris, siblings.luz, siblings.mateo),
    ):
        page = worker.client.get(f"/families/{family.dyad.pk}/").content.decode()
        assert str(other.dyad.pk) not in page and "Also cared for" not in page


def told(worker: make.Worker, family: make.Family) -> str:
    return unescape(worker.client.get(address(family, "family_looked")).content.decode())


def test_who_looked_tells_one_team_nothing_of_what_the_other_asked(siblings: Siblings) -> None:
    """`protect.md` 1: not that the mother was screened, and not that somebody was called. Beside it, whose it is reads it."""
    with clock.at(clock.now() + timedelta(days=2)):  # beyond whatever making the scene left
        before = told(siblings.luz, siblings.iris)
        screen, task = make.make_crisis(siblings.mateo, by=siblings.ana)
        siblings.ana.client.get(reverse("caregiver", args=[siblings.mateo.episode.pk, siblings.mateo.adult.pk]))
        tasks.close(siblings.dana.actor, task=task, done="Called her; she is safe.")
        run_due()
        after = told(siblings.luz, siblings.iris)
        for name in ("Ana Lund", "Dana Kim"):
            assert name not in after
        assert after.count("on somebody's own page") == before.count("on somebody's own page")
        assert {"Ana Lund", "Dana Kim"} <= set(re.findall("Ana Lund|Dana Kim", told(siblings.ana, siblings.mateo)))
        make.make_crisis(siblings.iris, by=siblings.luz)
        siblings.dana.client.get(reverse("task", args=[Task.objects.exclude(pk=task.pk).get().pk]))
        assert "Dana Kim" in told(siblings.luz, siblings.iris), "who looked at a task of this family stands here"
        assert siblings.luz.client.get(reverse("screen", args=[screen.pk])).status_code == 403


def test_who_looked_tells_one_team_nothing_of_what_the_other_told_outside(siblings: Siblings) -> None:
    """Not that the privacy officer read of it, nor that she was asked why. Beside it, whose it is reads that she looked."""
    officer = make.make_worker("privacy_officer", name="Pia Ortiz")
    rosa, today = siblings.mateo.adult, clock.today(make.ZONE)
    actions.tell(
        siblings.ana.actor,
        episode=siblings.mateo.episode,
        person=rosa,
        asked=Asked(rosa.pk, "Clinic", Purpose.CARE, frozenset({Kind.SCREENS}), Days(today, today), about_child=False),
        ground=Ground.EMERGENCY,
        manner=Manner.SPOKEN,
        on=today,
        words="She was in danger",
        reason="Somebody may come to harm",
    )
    run_due()
    for page in (reverse("task", args=[Task.objects.get().pk]), reverse("told_outside"), reverse("today")):
        assert officer.client.get(page).status_code == 200
    assert "Pia Ortiz" in told(siblings.ana, siblings.mateo)
    assert "Pia Ortiz" not in told(siblings.luz, siblings.iris)


def test_a_mother_of_two_is_asked_once_by_who_serves_both_and_the_other_team_learns_nothing(siblings: Siblings) -> None:
    """Her list for Iris: done for who read what Mateo's team asked too; due for who did not."""

    def asked_of_her(worker: make.Worker) -> set[str]:
        (family,) = due.of_families(worker.actor, [siblings.iris.episode])
        rows = due.of_adult(worker.actor, siblings.iris.episode, siblings.iris.adult, clock.today(make.ZONE))
        assert [one.items for one in family.adults] == [rows]
        return {str(one.state) for one in rows}

    make.join_team(siblings.iris, both := make.make_worker())
    make.join_team(siblings.mateo, both)
    before = asked_of_her(siblings.luz)
    assert "due" in before and before == asked_of_her(both)
    make.make_screen(siblings.mateo, by=siblings.ana)
    assert asked_of_her(siblings.luz) == before
    assert "done" in asked_of_her(both) and "due" not in asked_of_her(both)
