"""The holding map: who stands on it, how a family changes it, that nobody serves less by it, and that no gap is drawn."""

from __future__ import annotations

import pytest
from django.urls import reverse

from inmind.access import policy
from inmind.families import actions, map_views, queries
from inmind.families.intake import AdultFacts
from inmind.families.models import MapWish
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.people.models import Relationship
from inmind.records import actions as records
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> make.Family:
    """A mother and a grandmother, a home visitor and a clinician, and somebody who holds both of them."""
    luz = make.make_worker(name="Luz Ibarra")
    there = make.make_family(luz, child="Mateo Peña", adults=("Rosa Peña", AdultFacts("Elena", "P", "grandmother")))
    dana, ngozi = (
        make.make_worker("clinician", name="Dana Whitfield"),
        make.make_worker("clinician", name="Ngozi Okafor"),
    )
    make.join_team(there, dana)
    for held in (luz, dana):
        make.together(
            lambda act, held=held: records.relate(
                act, kind=Relationship.Kind.HOLDS, person=ngozi.person, to=held.person, since=act.today()
            )
        )
    return there


def dyad_page(family: make.Family, worker: make.Worker | None = None) -> str:
    return (worker or family.by).client.get(reverse("dyad", args=[family.dyad.pk])).content.decode()


def change(family: make.Family, **wishes: tuple[str, bool]) -> None:
    """Wishes by given name."""
    ids = {one.name: one.key for one in map_views.everyone(family.episode, clock.today(make.ZONE))}
    by_id = {ids[name]: wish for name, wish in wishes.items()}
    actions.change_map(family.by.actor, episode=family.episode, wishes=by_id)


def test_the_map_shows_who_is_there_ring_by_ring(family: make.Family) -> None:
    rings = {one.name: one.ring for one in map_views.everyone(family.episode, clock.today(make.ZONE))}
    assert rings == {"Rosa": 1, "Elena": 1, "Luz": 2, "Dana": 2, "Ngozi": 3}
    said = dyad_page(family)
    assert "5 people around Mateo" in said
    assert "Coastal Network" in said


def test_a_family_renames_and_leaves_out_people_on_its_own_map(family: make.Family) -> None:
    """With its worker; what the map showed before stays written; back again is one more change."""
    change(family, Elena=("Abuela", False), Dana=("", True))
    said = dyad_page(family)
    assert "Abuela" in said and "4 people around Mateo" in said and "Dana" not in said.split("Who holds")[1]
    change(family, Elena=("Abuela", False), Dana=("", False))
    assert "5 people around Mateo" in dyad_page(family)
    assert [(one.called, one.left_out) for one in MapWish.objects.order_by("created_at", "pk")] == [
        ("Abuela", False),
        ("", True),
        ("", False),
    ]
    assert {one.worker for one in MapWish.objects.all()} == {family.by.person}


def test_who_is_left_out_goes_on_serving(family: make.Family) -> None:
    """`protect.md` 10: the picture changes, the care team, the adults and what they may do do not."""
    dana = next(
        row.worker for row in queries.team(family.episode, clock.today(make.ZONE)) if row.worker.given_name == "Dana"
    )
    change(family, Dana=("", True), Elena=("", True))
    assert dana in {row.worker for row in queries.team(family.episode, clock.today(make.ZONE))}
    worker = make.Worker(dana.account, family.by.agency)
    assert policy.can(worker.actor, "screening.begin", family.episode)
    assert "Elena" in {one.person.given_name for one in queries.adults(family.episode, clock.today(make.ZONE))}
    assert "Elena</strong>, grandmother" in dyad_page(family)  # still among the adults of the page


def test_the_page_of_the_map_keeps_what_is_typed_and_refuses_what_is_too_long(family: make.Family) -> None:
    page = reverse("family_map", args=[family.dyad.pk])
    client = family.by.client
    elena = str(family.adults[1].pk)
    said = client.get(page).content.decode()
    assert f'name="called_{elena}" value="Elena"' in said
    answer = client.post(page, {"key": "a", f"called_{elena}": "A" * 41})
    assert answer.status_code == 400 and not MapWish.objects.exists()
    names = {f"called_{one.key}": one.name for one in map_views.everyone(family.episode, clock.today(make.ZONE))}
    answer = client.post(page, {"key": "b", **names, f"called_{elena}": "Abuela"})
    assert answer["Location"] == f"{reverse('dyad', args=[family.dyad.pk])}?episode={family.episode.pk}"
    assert MapWish.objects.get().called == "Abuela"


def test_only_the_care_team_changes_a_map(family: make.Family) -> None:
    page = reverse("family_map", args=[family.dyad.pk])
    coordinator = make.make_worker("family_service_coordinator")
    assert coordinator.client.get(page).status_code == 403
    assert "Change this map" not in dyad_page(family, coordinator)
    assert "Change this map" in dyad_page(family)


def test_no_gap_is_drawn_for_a_lone_parent_or_a_worker_whom_nobody_holds() -> None:
    """`protect.md` 10 and 13: gaps stand only among services asked for, and no service has been asked for."""
    alone = make.make_family(adults=("Rosa Peña",))
    said = dyad_page(alone)
    assert "Who holds Mateo" in said
    assert 'class="not-yet"' not in said and "not-yet-line" not in said


def test_a_map_takes_nobody_who_does_not_stand_on_it(family: make.Family) -> None:
    """By hand somebody else's id could be sent; one stranger among those who are there, and nothing is drawn."""
    stranger = make.make_family(child="Ada Stone", adults=("Tess Stone",))

    def wish(wishes: dict[str, tuple[str, bool]]) -> None:
        actions.change_map(family.by.actor, episode=family.episode, wishes=wishes)

    for other in (str(stranger.adult.pk), str(stranger.by.person.pk), str(family.child.pk), "nobody"):
        with pytest.raises(BadInput, match="does not stand on this map"):
            wish({str(family.adult.pk): ("Mami", False), other: ("Somebody", False)})
    assert not MapWish.objects.exists()
    there = map_views.everyone(family.episode, clock.today(make.ZONE))
    assert {one.ring for one in there} == {1, 2, 3}
    wish({one.key: ("So called", False) for one in there})
    assert MapWish.objects.count() == len(there), "whoever is drawn can be called otherwise"
