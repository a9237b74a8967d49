"""A family served on two sides: every page about it stays on the side that was opened, in what it shows, where it leads and
what it writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from inmind.access.door import routes
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.families.models import Concern, Episode, MapWish
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.foundation.identity import new_id
from inmind.people.models import Person
from inmind.tasks.models import Task
from tests import make
from tests.matrix.test_every_route import WALKED

pytestmark = pytest.mark.django_db
WORDS = ("Canary{side}mother", "canary{side}worry", "canary{side}strength", "canary {side} lane")
FIRST_SHOWN = {
    "dyad",
    "family_looked",
}  # pages to read, which show the first side where none is chosen, and name the others


@dataclass(slots=True)
class Side:
    """One side: its episode, its worker, its adult, and the words that must not be read on the other one."""

    episode: Episode
    worker: make.Worker
    adult: Person
    words: tuple[str, ...]


@dataclass(slots=True)
class Scene:
    dyad: Any
    child: Person
    sides: tuple[Side, Side]
    coordinator: make.Worker
    both: make.Worker

    def address(self, name: str, side: Side, person: Person | None = None, chosen: str | None = None) -> str:
        ids = {"dyad": self.dyad.pk} | ({"person": person.pk} if person else {})
        return f"{reverse(name, kwargs=ids)}?episode={chosen or side.episode.pk}"


def mother(side: str) -> AdultFacts:
    return AdultFacts(f"Canary{side}mother", "Reyes", "mother")


@pytest.fixture
def scene(db: Any) -> Scene:
    """A coordinator of the agency, and a home visitor who is on both care teams."""
    coordinator = make.make_worker("family_service_coordinator")
    birth, foster, both = (
        make.make_worker("home_visitor", name=f"{one} Visitor") for one in ("Beatriz", "Fayola", "Zoe")
    )
    family = make.make_family(birth, child="Mateo Reyes", adults=(mother("birth"),))
    other = families.open_side(
        coordinator.actor, episode=family.episode, side="foster home", adult=mother("foster"), worker=foster.person
    )
    sides = []
    for name, episode, worker in (("birth", family.episode, birth), ("foster", other, foster)):
        families.join_team(coordinator.actor, episode=episode, worker=both.person)
        adult = episode.participations.get(part="adult").person
        today = clock.today(episode.organization.zone)
        families.hear(
            worker.actor, episode=episode, words=f"canary{name}worry", next_step="call", owner=worker.person, by=today
        )
        families.visit(
            worker.actor, episode=episode, on=today, place="home", minutes=60, strength=f"canary{name}strength"
        )
        families.house_together(
            worker.actor, episode=episode, people=(adult,), since=today, address=f"canary {name} lane"
        )
        sides.append(Side(episode, worker, adult, tuple(one.format(side=name) for one in WORDS)))
    return Scene(family.dyad, family.child, (sides[0], sides[1]), coordinator, both)


def about_a_dyad(scene: Scene) -> list[tuple[str, bool]]:
    """Every route about a family, and whether it is about one person of it."""
    found = []
    for _pattern, name, _view in routes():
        for is_of_one in (False, True):
            ids = {"dyad": scene.dyad.pk} | ({"person": scene.child.pk} if is_of_one else {})
            try:
                reverse(name, kwargs=ids)
            except NoReverseMatch:
                continue
            found.append((name, is_of_one))
    return found


def page(worker: make.Worker, address: str) -> tuple[int, str]:
    answer = worker.client.get(address)
    return answer.status_code, unescape(answer.content.decode())


@WALKED
@pytest.mark.parametrize("who", ["coordinator", "both"])
def test_every_page_about_a_family_stays_on_its_side(scene: Scene, who: str) -> None:
    """What it shows is that side's alone, and each way on from it goes on there."""
    worker, opened = getattr(scene, who), set()
    birth, foster = scene.sides
    for name, is_of_one in about_a_dyad(scene):
        for here, there in ((birth, foster), (foster, birth)):
            for person in (here.adult, scene.child) if is_of_one else (None,):
                status, text = page(worker, scene.address(name, here, person))
                assert status in {200, 302, 403, 405}, (name, status)
                assert not [word for word in there.words if word in text], f"{name} shows the other side's words"
                if status == 200:
                    opened.add(name)
                    assert_leads_on(scene, name, text, here)
            if is_of_one:
                status, text = page(worker, scene.address(name, here, there.adult))
                assert status in {403, 405}, f"{name} opens an adult of the other side"
    assert {"dyad", "family_concern", "family_map_print"} | ({"family_map"} if who == "both" else set()) <= opened
    assert len(opened) >= 8, opened


def assert_leads_on(scene: Scene, name: str, text: str, here: Side) -> None:
    """Each way to this family names the side; only the family's own page leads to the other one."""
    for address in re.findall(rf'(?:href|action)="(/families/{scene.dyad.pk}/[^"]*)"', text):
        assert "episode=" in address, f"{name} leads to no side: {address}"
        if not address.startswith(f"{reverse('dyad', args=[scene.dyad.pk])}?"):
            assert f"episode={here.episode.pk}" in address, f"{name} leads to the other side: {address}"


def test_where_no_side_was_chosen_nothing_is_offered_or_written(scene: Scene) -> None:
    """Also where the side that was chosen is not there: no other one takes its place."""
    birth, _foster = scene.sides
    client, before = scene.both.client, (Concern.objects.count(), MapWish.objects.count())
    asked = 0
    for name, is_of_one in about_a_dyad(scene):
        bare = scene.address(name, birth, birth.adult if is_of_one else None).partition("?")[0]
        for answer in (client.get(bare), client.post(bare, {"key": fresh_key()})):
            if name in FIRST_SHOWN:
                assert answer.status_code == 200
                continue
            assert answer.status_code in {403, 405, 409}, (name, answer.status_code)
            asked += "more than one side" in unescape(answer.content.decode())
        assert client.get(f"{bare}?episode={new_id()}").status_code in {403, 405}, name
    assert asked >= 10
    assert (Concern.objects.count(), MapWish.objects.count()) == before


def test_who_reaches_one_side_need_not_choose(scene: Scene) -> None:
    for side, other in (scene.sides, scene.sides[::-1]):
        status, text = page(side.worker, reverse("family_concern", args=[scene.dyad.pk]))
        assert (status, side.words[0] in text, other.words[0] in text) == (200, True, False)
        assert page(side.worker, scene.address("family_concern", other))[0] == 403


def test_a_worry_from_the_foster_side_stays_there(scene: Scene) -> None:
    """Written by the coordinator from its page; the birth side's worker reads nothing of it."""
    birth, foster = scene.sides
    said = {
        "key": fresh_key(),
        "words": "They moved to a hidden lane.",
        "next_step": "call",
        "owner": str(foster.worker.person.pk),
        "by": clock.today(make.ZONE),
    }
    answer = scene.coordinator.client.post(scene.address("family_concern", foster), said)
    assert answer["Location"] == scene.address("dyad", foster)
    newest = Concern.objects.order_by("-created_at").first()
    assert newest is not None and newest.episode == foster.episode
    assert Task.objects.filter(about_id=newest.pk, owner=foster.worker.person).exists()
    for side, reads in ((birth, False), (foster, True)):
        assert ("hidden lane" in page(side.worker, scene.address("dyad", side))[1]) is reads


def test_a_wish_for_the_map_of_the_foster_side_changes_that_map_alone(scene: Scene) -> None:
    birth, foster = scene.sides
    said = {"key": fresh_key(), f"called_{foster.adult.pk}": "Mama Joy"}
    answer = scene.both.client.post(scene.address("family_map", foster), said)
    assert answer["Location"] == scene.address("dyad", foster)
    assert set(MapWish.objects.values_list("episode", flat=True)) == {foster.episode.pk}
    assert "Mama Joy" in page(scene.coordinator, scene.address("family_map_print", foster))[1]
    printed = page(scene.coordinator, scene.address("family_map_print", birth))[1]
    assert birth.words[0] in printed and "Beatriz" in printed
    assert "Mama Joy" not in printed and "Fayola" not in printed
