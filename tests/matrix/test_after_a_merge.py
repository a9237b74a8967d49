"""Two records of one child are put together and parted again: no agency and no care team sees more than before.

`protect.md` 1: a caregiver's screen stays hers, with the team that asked, and out of the child's chart. `protect.md` 3: a
red mark is the asking agency's alone. Canaries are searched at every address of both families.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.foundation import clock
from inmind.foundation.identity import new_id
from inmind.people.models import Organization
from inmind.records import actions as records
from inmind.records.models import Merge, Pair
from inmind.screening.check_in_actions import check_in
from inmind.screening.models import Screen
from inmind.tasks.models import Task
from tests import make
from tests.architecture import house
from tests.matrix.test_every_route import WALKED, Scene, every_route, leaks

pytestmark = pytest.mark.django_db
RED = "An answer about self-harm"
READERS = ("home_visitor", "clinician", "agency_supervisor", "privacy_officer")


@dataclass(frozen=True, slots=True)
class Side:
    """One record of the child with whom it is served by, and the words that must not leave that side."""

    family: make.Family
    screen: Screen
    task: Task
    readers: dict[str, make.Worker]
    words: tuple[str, ...]


def served(agency: Any, mother: str, word: str, *, child: str = "Mateo Ñúñez") -> Side:
    """Mateo at an agency: a mother's crisis answer, words of a visit, a screen about him, and who could read what."""
    visitor = make.make_worker("home_visitor", agency)
    on_call = make.make_on_call(agency)
    family = make.make_family(
        visitor, child=child, age_months=18, adults=(AdultFacts(mother, "Ñúñez", "mother", phone="555-014-2000"),)
    )
    families.visit(
        visitor.actor,
        episode=family.episode,
        on=clock.today(agency.zone),
        place="home",
        minutes=60,
        strength=f"{word}: she sings.",
    )
    check_in(visitor.actor, episode=family.episode, adult=family.adult, door="well", text=f"{word}: she rests.")
    screen, task = make.make_crisis(family)
    about_him = make.make_screen(family, instrument="mchatr")
    readers = {role: make.make_worker(role, agency) for role in ("agency_supervisor", "privacy_officer")}
    readers |= {"home_visitor": visitor, "clinician": on_call}
    ids = (family.adult, screen, task, about_him, family.episode)
    return Side(family, screen, task, readers, (mother, word, *(str(one.pk) for one in ids)))


def ids_of(side: Side, pair: Pair, merged: Merge) -> dict[str, Any]:
    return {
        **dict.fromkeys(
            (
                *("sheet", "hold", "erasure", "emergency", "organization", "way", "consent", "result", "table"),
                *("letter", "sending", "release", "proposal", "paper", "device", "file", "wording", "subpoena"),
                "referral",
                *("pause", "delay", "notice"),
                *("listing", "asked", "item", "seen", "given", "service", "session", "handout"),
            ),
            new_id(),
        ),
        "secret": "no-secret",
        "part": 1,
        "place": 1,
        "mark": "no-mark",
        "pair": pair.pk,
        "merge": merged.pk,
        "dyad": side.family.dyad.pk,
        "episode": side.family.episode.pk,
        "person": side.family.adult.pk,
        "screen": side.screen.pk,
        "task": side.task.pk,
        "check_in": side.family.adult.check_ins.get().pk,
        "assignment": side.family.by.account.roles.get().pk,
        "account": side.family.by.account.pk,
    }


# Pages that name the agencies of the network to everybody who works in it; that one of them serves a child is told nowhere there.
OF_THE_NETWORK = {"listing_add", "listing_correct"}


# Rooms that never import `families`: no law of the house lets a family stand there.
OF_NO_FAMILY = ("money", *house.WITHOUT_FAMILIES)


def crossings(reader: make.Worker, words: Sequence[str], scene: Scene) -> Iterator[str]:
    """Where a reader meets one of these words, at any address made of the other side's ids."""
    client = reader.client
    for name, _verb, address in every_route(scene, but=OF_NO_FAMILY):
        answer = client.get(address)
        assert answer.status_code < 500, name
        said = [word for word in words if word not in address]  # what somebody typed into the address is no news
        if name in OF_THE_NETWORK:
            said = [word for word in said if not Organization.objects.filter(name=word).exists()]
        if leaked := leaks(answer, tuple(said)):
            yield f"{name}: {leaked}"


def nothing_crosses(one: Side, other: Side, pair: Pair, merged: Merge, *, roles: Sequence[str] = READERS) -> None:
    for mine, theirs in ((one, other), (other, one)):
        scene = Scene(ids=ids_of(theirs, pair, merged))
        names = (theirs.family.episode.organization.name,) if not one_agency(one, other) else ()
        found = {role: list(crossings(mine.readers[role], (*theirs.words, *names), scene)) for role in roles}
        assert not any(found.values()), found


def one_agency(one: Side, other: Side) -> bool:
    return one.family.episode.organization_id == other.family.episode.organization_id


def pair_of(one: Any, other: Any) -> Pair:
    return Pair.objects.get(one__in=(one, other), other__in=(one, other))


@WALKED
def test_two_agencies_that_serve_one_child_never_meet_by_a_merge() -> None:
    """Merged and parted: no words, no screen, no red mark and no name of the other agency, at any address."""
    harbor, prairie = make.make_network().agencies[:2]
    one, other = served(harbor, "Canaryrosa", "Canarysings"), served(prairie, "Canaryana", "Canarydances")
    pair, steward = pair_of(one.family.child, other.family.child), make.make_worker("data_steward").actor
    merged = records.merge(steward, pair=pair, stays=one.family.child, chosen={})
    nothing_crosses(one, other, pair, merged)
    for side in (one, other):
        dyad = reverse("dyad", kwargs={"dyad": side.family.dyad.pk})
        assert leaks(side.readers["home_visitor"].client.get(dyad), side.words[:2]) == list(side.words[:2])
        red = side.readers["clinician"].client.get("/today/").content.decode()
        assert red.count(f"/tasks/{side.task.pk}/") >= 1
    merged = records.part(steward, merge=merged)
    nothing_crosses(one, other, pair, merged, roles=("home_visitor", "privacy_officer"))


@WALKED
def test_two_sides_of_a_child_at_one_agency_stay_two_by_a_merge() -> None:
    """A foster home's record and a birth mother's, each with its team: neither team reads the other's screens or words."""
    harbor = make.make_network().agencies[0]
    one, other = served(harbor, "Canaryrosa", "Canarysings"), served(harbor, "Canaryana", "Canarydances")
    make.together(lambda act: _call(other.family.episode, "foster home"))
    pair, steward = pair_of(one.family.child, other.family.child), make.make_worker("data_steward").actor
    merged = records.merge(steward, pair=pair, stays=one.family.child, chosen={})
    assert one.family.dyad.episodes.filter(until__isnull=True).count() == 2
    nothing_crosses(one, other, pair, merged, roles=("home_visitor",))
    merged = records.part(steward, merge=merged)
    nothing_crosses(one, other, pair, merged, roles=("home_visitor",))
    assert other.family.dyad.episodes.get().side == "foster home"


def _call(episode: Any, side: str) -> None:
    episode.side = side
    episode.save()


def test_a_merged_childs_chart_tells_of_no_caregivers_screen() -> None:
    """One team, two records of the child, a mother screened under each: the child's page is as without any screen, and no
    entry of the trail about hers names him, merged or parted."""
    luz = make.make_worker()
    make.make_on_call()
    one = make.make_family(luz, child="Mateo Ñúñez", adults=("Rosa Ñúñez",))
    other = make.make_family(luz, child="Mateo Nunez", adults=("Ana Peña",))
    screens = [make.make_crisis(family)[0] for family in (one, other)]
    steward = make.make_worker("data_steward").actor
    merged = records.merge(steward, pair=pair_of(one.child, other.child), stays=one.child, chosen={})
    tells = (RED, "EPDS", "PHQ", "positive", *(str(screen.pk) for screen in screens))
    for family in (one, other):
        page = luz.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk}), follow=True)
        assert page.status_code == 200
        assert leaks(page, tells) == []
    assert Screen.objects.get(pk=screens[1].pk).episode_id == one.episode.pk, "the two episodes are one"
    records.part(steward, merge=merged)
    assert Screen.objects.get(pk=screens[1].pk).episode_id == other.episode.pk
    hers = AuditEntry.objects.filter(verb__startswith="screening.", about_kind="screening.Screen")
    named = {(row.kind, row.ref) for entry in hers for row in entry.subjects.all()}
    assert ("person", one.adult.pk) in named
    assert not named & {("person", child.pk) for child in (one.child, other.child)}
