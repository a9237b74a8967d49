"""The list of families: whose it is, how it is parted, what stands in it and what never does."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.access import actions as access
from inmind.access.models import AuditEntry
from inmind.foundation import clock
from tests import make

pytestmark = pytest.mark.django_db
CHILD, ELSEWHERE = "Canarybaby", "Farbaby"
SEES_ALL = ("family_service_coordinator", "agency_supervisor")


def listed(worker: make.Worker, **asked: str) -> str:
    answer = worker.client.get(reverse("families"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def family() -> make.Family:
    visitor = make.make_worker("home_visitor", name="Luz Ibarra")
    make.make_family(make.make_worker(at=make.make_network().agencies[1]), child=f"{ELSEWHERE} Brown")
    return make.make_family(visitor, child=f"{CHILD} Ñúñez", adults=("Rosa Ñúñez",))


@pytest.mark.parametrize("role", SEES_ALL)
def test_who_answers_for_an_agency_sees_its_families_and_no_others(role: str, family: make.Family) -> None:
    """Child, adults, care team and visits, and the way to the family's page; nothing of the agency next door."""
    page = listed(make.make_worker(role))
    assert CHILD in page and "Rosa" in page and "Luz Ibarra" in page
    assert reverse("dyad", kwargs={"dyad": family.dyad.pk}) in page
    assert ELSEWHERE not in page


def test_the_privacy_officer_sees_names_and_the_way_to_who_looked(family: make.Family) -> None:
    """Her grants find families and show who looked; the care team and the family's page are not hers."""
    page = listed(make.make_worker("privacy_officer"))
    assert CHILD in page and reverse("family_looked", kwargs={"dyad": family.dyad.pk}) in page
    assert f'"{reverse("dyad", kwargs={"dyad": family.dyad.pk})}"' not in page
    for word in ("Luz Ibarra", "Rosa", "Last visit", 'name="team"', 'name="waiting"', ELSEWHERE):
        assert word not in page


def test_a_home_visitor_sees_those_she_serves(family: make.Family) -> None:
    """And a colleague of the same agency, who serves none of them, sees an empty list that leads on."""
    assert CHILD in listed(family.by)
    page = listed(make.make_worker("home_visitor"))
    assert CHILD not in page
    assert "No family yet" in page and reverse("family_register") in page


@pytest.mark.parametrize("role", ["administrator", "data_steward"])
def test_those_who_see_no_family_have_no_list(role: str, family: make.Family) -> None:
    """Refused with its sentence."""
    answer = make.make_worker(role).client.get(reverse("families"))
    assert answer.status_code == 403
    assert CHILD not in answer.content.decode()


def test_the_list_is_parted_by_worker(family: make.Family) -> None:
    """One worker's families, and those without any: also where whoever served them has left."""
    okafor = make.make_worker("agency_supervisor")
    other = make.make_worker("home_visitor")
    mine = {"team": str(family.by.person.pk)}
    assert CHILD in listed(okafor, **mine)
    assert CHILD not in listed(okafor, team=str(other.person.pk))
    assert "None of your families is like this today." in listed(okafor, team="nobody")
    role = family.by.account.roles.get()
    access.end_role(okafor.actor, assignment=role)
    page = listed(okafor, team="nobody")
    assert CHILD in page and "no worker yet" in page and "Luz Ibarra" not in page


@pytest.mark.parametrize("team", ["somebody", "00000000-0000-0000-0000-000000000000"])
def test_a_worker_who_is_not_offered_parts_nothing(team: str, family: make.Family) -> None:
    """A foreign id is no way to ask about somebody of another agency; the whole list stands."""
    page = listed(make.make_worker("agency_supervisor"), team=team)
    assert CHILD in page and "field-error" in page


def test_nothing_in_a_list_tells_that_a_caregiver_was_screened(family: make.Family) -> None:
    """`protect.md` 1: the list is the same, letter by letter, before and after a crisis answer, for all outside her team."""
    make.make_on_call()
    readers = [make.make_worker(role) for role in (*SEES_ALL, "privacy_officer")]
    before = [_without_token(listed(worker)) for worker in readers]
    make.make_crisis(family)
    assert [_without_token(listed(worker)) for worker in readers] == before


def test_the_care_team_finds_whose_answer_still_needs_a_person(family: make.Family) -> None:
    """For those on the team; the reading is kept about the caregiver, and never names the child."""
    calm = make.make_family(family.by, child="Calmbaby Kim")
    make.make_on_call()
    make.make_crisis(family)
    page = listed(family.by, waiting="on")
    assert CHILD in page and calm.child.given_name not in page
    read = AuditEntry.objects.filter(person=family.by.person.pk, verb="screening.see", outcome="read")
    assert {(one.kind, one.ref) for one in read.get().subjects.all()} == {("person", family.adult.pk)}


def test_nobody_outside_the_care_team_finds_it(family: make.Family) -> None:
    """A coordinator asks in vain; a supervisor and a privacy officer are not offered the question, and asking changes nothing."""
    make.make_on_call()
    make.make_crisis(family)
    coordinator = make.make_worker("family_service_coordinator")
    assert CHILD not in listed(coordinator, waiting="on")
    for role in ("agency_supervisor", "privacy_officer"):
        worker = make.make_worker(role)
        assert 'name="waiting"' not in listed(worker)
        assert _without_token(listed(worker, waiting="on")) == _without_token(listed(worker))
    make.join_team(family, coordinator)
    assert CHILD in listed(coordinator, waiting="on")


def test_a_long_list_has_pages_that_keep_how_it_is_parted(family: make.Family, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest first; a page that is not there is the last one."""
    monkeypatch.setattr("inmind.workspace.family_views.ON_A_PAGE", 2)
    with clock.at(clock.now() + timedelta(minutes=1)):
        for name in ("Second", "Third"):
            make.make_family(family.by, child=f"{name} Ñúñez")
    okafor = make.make_worker("agency_supervisor")
    first = listed(okafor, team=str(family.by.person.pk))
    assert "Third" in first and "Second" in first and CHILD not in first
    assert "Page 1 of 2" in first and f"team={family.by.person.pk}&amp;page=2" in first
    assert CHILD in listed(okafor, page="99")


def test_looking_through_a_list_is_kept(family: make.Family) -> None:
    """Reading identified families is audited: the dyad, the child and the adults that were shown, and nothing of others."""
    okafor = make.make_worker("agency_supervisor")
    listed(okafor)
    entry = AuditEntry.objects.get(person=okafor.person.pk, verb="families.find", outcome="read")
    shown = {("dyad", family.dyad.pk), ("person", family.child.pk), ("person", family.adult.pk)}
    assert {(one.kind, one.ref) for one in entry.subjects.all()} == shown


def test_a_search_leads_back_to_the_list(family: make.Family) -> None:
    """By POST, so that no name stands in an address."""
    answer = family.by.client.post(reverse("families"), {"words": "nunez rosa"})
    page: Any = answer.content.decode()
    assert "Rosa" in page and "Back to the whole list" in page


def _without_token(page: str) -> str:
    """The page without the token that each answer draws anew, and without what was asked in its own address."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|\?waiting=on', "", page)


def test_what_is_done_most_stands_at_the_head_of_a_familys_page(family: make.Family) -> None:
    """Before everything else, for those who may; the way to a screen leads to a place on this page."""
    page = family.by.client.get(reverse("dyad", args=[family.dyad.pk])).content.decode()
    head, _rest = page.split('<div class="two-columns">')
    ways = re.findall(r'<a class="button(?: quiet)?" href="([^"]+)">', head)
    assert [way.split("?")[0] for way in ways] == [
        reverse("family_visit", args=[family.dyad.pk]),
        "#own-pages",
        reverse("family_add_adult", args=[family.dyad.pk]),
    ]
    assert 'id="own-pages"' in page
    okafor = make.make_worker("agency_supervisor")
    assert "#own-pages" not in okafor.client.get(reverse("dyad", args=[family.dyad.pk])).content.decode()
