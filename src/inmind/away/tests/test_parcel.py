"""What a worker takes along: the families of her care teams, in a few questions, without an answer of anybody."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.away.tests.steps import known, parcel
from inmind.families import actions as families
from inmind.foundation import clock
from tests import make

pytestmark = pytest.mark.django_db


def test_what_is_taken_along_and_what_is_not() -> None:
    """Names, strengths, visits, what is due and its forms; not an answer, a band, a result, another worker's family."""
    family = make.make_family(age_months=2)
    today = clock.today(make.ZONE)
    facts = {"on": today, "place": "home", "minutes": 60}
    families.visit(
        family.by.actor, episode=family.episode, **facts, strength="She sings.", showed="He looks.", note="We walked."
    )
    make.make_screen(family, instrument="gad7", answers=make.calm_answers("gad7", gad7_1=3))
    make.make_family(child="Somebody Else", at=family.episode.organization)
    got = parcel(family.by.client, known(family.by.client))
    (taken,) = got["families"]
    assert taken["child"]["name"] == "Mateo"
    assert [one["text"] for one in taken["strengths"]] == ["She sings.", "He looks."]
    assert taken["visits"][0]["note"] == "We walked."
    due = [one for one in taken["due"] if one["subject"] == str(family.adult.pk)]
    assert [one["form"] for one in due if one["form"]]
    assert {one["form"] for one in taken["due"]} <= {None, *got["forms"]}
    assert got["forms"]["epds@2026"]["crisis"] == [{"item": "epds_10", "at_least": 1}]
    assert {one["points"] for one in got["forms"]["epds@2026"]["items"][9]["choices"]} == {0, 1, 2, 3}
    assert got["takes"] == ["visit", "note", "strength", "check_in", "screen_begin", "screen_answers", "screen_finish"]
    said = json.dumps(got)
    assert not [word for word in ("Somebody", '"answers"', '"band"', '"lowest"') if word in said]
    assert "988" in json.dumps(got["help"]["es"])


def test_protect_1_what_is_asked_of_a_caregiver_stands_in_nothing_of_the_child() -> None:
    """`protect.md` 1: an adult's line names her; the trail has an entry for the children and one for the adults, never both."""
    family = make.make_family(age_months=2)
    got = parcel(family.by.client, known(family.by.client))
    about = {one["subject"] for one in got["families"][0]["due"] if one["form"]}
    of_adults = {key for key, form in got["forms"].items() if form["about"] == "adult"}
    hers = {one["subject"] for one in got["families"][0]["due"] if one["form"] in of_adults}
    assert hers == {str(family.adult.pk)}
    assert about >= hers
    reads = AuditEntry.objects.filter(verb="away.prepare", outcome=AuditEntry.Outcome.READ)
    named = [{subject.ref for subject in entry.subjects.all()} for entry in reads]
    assert len(named) == 2
    assert not [refs for refs in named if {family.adult.pk, family.child.pk} <= refs]
    page = family.by.client.get(reverse("family_looked", kwargs={"dyad": family.dyad.pk}))
    assert "taken along for a visit" in page.content.decode()


def test_however_many_families_it_asks_as_few_questions() -> None:
    """No question for each family: what twelve need was asked for two, but for the rows of the trail."""
    visitor = make.make_worker()

    def questions() -> int:
        client = visitor.client
        device = known(client)
        with CaptureQueriesContext(connection) as asked:
            parcel(client, device)
        return sum(one["sql"].startswith("SELECT") for one in asked.captured_queries)

    def another(number: int) -> None:
        family = make.make_family(visitor, child=f"Kid{number} Peña", age_months=number)
        families.visit(
            visitor.actor, episode=family.episode, on=clock.today(make.ZONE), place="home", minutes=60, note="Well."
        )

    for number in (1, 2):
        another(number)
    questions()
    few = questions()
    for number in range(3, 13):
        another(number)
    assert questions() == few


def test_the_same_is_not_sent_twice_within_an_hour() -> None:
    """An answer that the device has already is not sent again, nor read again."""
    family = make.make_family()
    client = family.by.client
    device = known(client)
    address = reverse("away_parcel")
    with clock.at(clock.now().replace(minute=10)):
        first = client.get(address, {"device": device})
        again = client.get(address, {"device": device}, HTTP_IF_NONE_MATCH=first["ETag"])
        make.make_family(family.by, child="Nina Peña")
        other = client.get(address, {"device": device}, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.content == b""


def test_a_family_that_is_hers_no_more_is_not_taken_along(settings: object) -> None:
    """Nor one beyond the number that may be taken, the newest first; the device is told which may stay."""
    visitor = make.make_worker()
    first, second = (make.make_family(visitor, child=f"{name} Peña") for name in ("Nina", "Leo"))
    client = visitor.client
    device = known(client)
    settings.AWAY_FAMILIES = 1  # type: ignore[attr-defined]
    assert [one["names"]["family"] for one in parcel(client, device)["families"]] == ["Leo Peña"]
    settings.AWAY_FAMILIES = 200  # type: ignore[attr-defined]
    supervisor = make.make_worker("agency_supervisor", first.episode.organization)
    families.end_episode(supervisor.actor, episode=second.episode, until=clock.today(make.ZONE), reason="reached")
    assert [one["names"]["family"] for one in parcel(client, device)["families"]] == ["Nina Peña"]
    state = client.get(reverse("away_state"), {"device": device}).json()
    assert state["families"] == [str(first.episode.pk)]
