"""The public finder: what fits a few choices, nothing kept of them, and a family that asks to be called."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from inmind.access.actors import VISITOR, machine
from inmind.access.models import AuditEntry
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.people.models import Organization
from inmind.services.finder import actions
from inmind.services.finder import views as finder_views
from inmind.services.finder.actions import Told
from inmind.services.listings.actions import add_listing, close_listing, say_opening
from inmind.services.listings.listing import Offers
from inmind.services.models import Listing, SelfReferral
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
NEAR = reverse("finder_results")
ROSA = {"name": "Rosaura", "number": "303-555-0142", "when": "after four", "words": "We are new here."}


@pytest.fixture
def listing() -> Listing:
    make.make_network()
    said = {"name": "Nurses who come home", "phone": "303-555-0100", "url": "https://nurses.example", "is_free": True}
    said |= {"hours": "Any hour", "hours_es": "A cualquier hora", "cost": "Bring your card"}
    return make.make_listing(about="A nurse comes home.", about_es="Una enfermera va a su casa.", program="pat", **said)


def near(client: Client, **chosen: Any) -> str:
    answer = client.get(NEAR, {"who": "born", "y": "1", "m": "8", **chosen, "in": "en"}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_whoever_says_a_little_sees_what_fits_how_to_reach_it_and_what_nobody_knows(
    listing: Listing, client: Client
) -> None:
    page = near(client)
    for words in ("Nurses who come home", "A nurse comes home.", "tel:3035550100", "It fits what you said."):
        assert words in page
    assert "Ask them whether there is a place." in page
    assert "Early intervention: a right" in page
    assert "intake@lakeside.example" not in page  # where those who work here refer is not a family's


def test_the_pages_speak_spanish_by_their_address_and_set_no_cookie_but_that(listing: Listing, client: Client) -> None:
    answer = client.get(NEAR, {"in": "es", "who": "born"}, follow=True)
    page = answer.content.decode()
    assert "Una enfermera va a su casa." in page and "<dd>A cualquier hora</dd>" in page
    assert '<span lang="en">Bring your card</span>' in page
    assert '<html lang="es">' in page
    assert set(client.cookies) <= {"inmind_language"}
    assert client.get(reverse("finder_embed"), {"in": "es"}).cookies.keys() == set()


def test_an_address_holds_choices_alone(listing: Listing, client: Client) -> None:
    """What somebody wrote into it besides, or another site hung on it, is gone before anything is shown."""
    answer = client.get(NEAR, {"who": "born", "y": "1", "name": "Rosaura", "about": ["3", "1"]})
    assert answer.status_code == 302
    assert answer["Location"] == f"{NEAR}?who=born&y=1&about=1&about=3&in=en"
    assert client.get(NEAR, {"y": "99"}).status_code == 400
    assert client.get(f"{NEAR}?y=%00").status_code == 400


def test_the_same_choice_many_times_is_one(listing: Listing, client: Client) -> None:
    many = "&".join(["about=1"] * 400)
    for page in ("finder_results", "finder_print"):
        assert client.get(f"{reverse(page)}?{many}", follow=True).status_code == 200


def test_looking_leaves_nothing_behind(listing: Listing, client: Client) -> None:
    before = AuditEntry.objects.count()
    near(client, about=["6", "7"])
    for route in ("finder", "finder_card", "finder_embed"):
        assert client.get(reverse(route)).status_code == 200
    assert client.get(reverse("finder_print"), {"y": "1"}, follow=True).status_code == 200
    assert AuditEntry.objects.count() == before
    assert not SelfReferral.objects.exists()


def test_help_comes_first_where_somebody_wonders_about_herself_or_is_not_safe(listing: Listing, client: Client) -> None:
    page = near(client, about=["7"])
    assert page.index("988") < page.index("<h1>")
    assert "<title>InMind</title>" in re.sub(r"\s*\n\s*", "", page)
    assert "data-leave" in page


def test_what_is_closed_too_old_or_elsewhere_is_not_shown(listing: Listing, client: Client) -> None:
    food = make.make_listing(offers=Offers.FOOD, name="Pantry of Lake County", counties=["17097"])
    assert "Pantry of Lake County" in near(client)
    assert "Pantry of Lake County" in near(client, county="17097")
    assert "Pantry of Lake County" not in near(client, about=["3"])
    keeper = make.make_worker("family_service_coordinator", listing.keeper)
    close_listing(keeper.actor, listing=food, on=TODAY)
    assert "Pantry of Lake County" not in near(client)
    with clock.at(clock.now() + timedelta(days=400)):
        assert "Nurses who come home" not in near(client)


def test_a_long_list_comes_in_two_pieces_and_says_where_it_ends(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_network()
    for number in range(4):
        make.make_listing(offers=Offers.FOOD, name=f"Pantry number {number}")
    monkeypatch.setattr(finder_views, "AT_ONCE", 1)
    monkeypatch.setattr(finder_views, "MOST", 3)
    page = near(client, about=["8"])
    assert "Show 2 more" in page
    assert len(set(re.findall(r"Pantry number \d", page))) == 1
    whole = near(client, about=["8"], all="1")
    assert len(set(re.findall(r"Pantry number \d", whole))) == 3
    assert "There is more than one page can show." in whole


def test_where_nothing_is_listed_the_page_says_whom_to_call(client: Client) -> None:
    make.make_network()
    page = near(client, about=["8"])
    assert "Nothing is listed for this yet" in page
    assert "Look at every kind of help" in page


def test_a_page_of_a_library_may_frame_the_form_and_nothing_else(client: Client, settings: Any) -> None:
    embedded, looked = client.get(reverse("finder_embed")), client.get(reverse("finder"))
    assert "frame-ancestors *" in embedded["Content-Security-Policy"]
    assert "X-Frame-Options" not in embedded
    assert "frame-ancestors 'none'" in looked["Content-Security-Policy"]
    assert looked["X-Frame-Options"] == "DENY"
    settings.EMBED_AT = ()
    assert "frame-ancestors 'none'" in client.get(reverse("finder_embed"))["Content-Security-Policy"]


def test_a_sheet_names_a_safe_house_only_where_it_was_asked_for(listing: Listing, client: Client) -> None:
    make.make_listing(offers=Offers.SAFETY_AT_HOME, name="Harbor of Peace")
    sheet = reverse("finder_print")
    assert "Harbor of Peace" not in client.get(sheet, {"y": "1"}, follow=True).content.decode()
    asked_for = client.get(sheet, {"y": "1", "about": "7"}, follow=True).content.decode()
    assert "Harbor of Peace" in asked_for
    assert "Somebody else may find this sheet." in asked_for


def test_the_first_page_leads_to_the_finder(client: Client) -> None:
    assert reverse("finder") in client.get("/").content.decode()


# Asking to be called


@pytest.fixture
def asked_here(listing: Listing) -> Listing:
    """A listing that families may ask for, and its keeper's coordinator who reads it."""
    cache.clear()
    return make.make_listing(offers=Offers.COMPANY, name="Mothers' morning", takes_families=True, counties=["17097"])


def ask(client: Client, listing: Listing, **said: str) -> Any:
    address = reverse("finder_call", kwargs={"listing": listing.pk})
    key = re.search('name="key" value="([^"]+)"', client.get(address).content.decode())
    assert key is not None
    return client.post(address, {"key": key[1], "speaks": "es", **ROSA, **said})


def test_a_family_asks_to_be_called_and_those_who_call_read_it(asked_here: Listing, client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = ask(strict, asked_here)
    assert answer.status_code == 302
    after = strict.get(answer["Location"]).content.decode()
    assert "calls you by" in after
    assert not any(word in after for word in ("Rosaura", "303-555-0142"))
    row = SelfReferral.objects.get()
    assert b"Rosaura" not in bytes(row.words or b"")
    assert set(strict.cookies) <= {"inmind_language"}
    priya = make.make_worker("family_service_coordinator", asked_here.keeper)
    assert "Mothers&#x27; morning" in priya.client.get("/today/").content.decode()
    page = priya.client.get(reverse("asked_call", kwargs={"asked": row.pk})).content.decode()
    assert "Rosaura" in page
    assert "tel:3035550142" in page
    assert "is not to be left" in page
    assert "<dd>Spanish</dd>" in page


def test_a_second_click_asks_once(asked_here: Listing, client: Client) -> None:
    address = reverse("finder_call", kwargs={"listing": asked_here.pk})
    for _ in range(2):
        assert client.post(address, {"key": "one-click", **ROSA}).status_code == 302
    assert SelfReferral.objects.count() == 1


def test_nothing_is_promised_where_nobody_reads(asked_here: Listing, client: Client) -> None:
    """Families may ask only where somebody who calls has a role today, and only for what takes families by itself."""
    closed = make.make_listing(offers=Offers.FOOD, name="Pantry")
    empty = make.make_network("Nobody's Agency", *make.AGENCIES).agencies[0]
    said = {"name": "Unread", "provider_name": "Unread", "takes_families": True}
    steward = make.make_worker("data_steward")
    unread = add_listing(steward.actor, keeper=empty, offers=Offers.COMPANY, how=Listing.How.CALL, **said)
    for one in (closed, unread):
        assert client.get(reverse("finder_call", kwargs={"listing": one.pk})).status_code == 404
        with pytest.raises(NotNow):
            actions.ask_to_be_called(VISITOR, listing=one, told=Told("Rosaura", "303-555-0142"))
    page = near(client)
    assert page.count("Ask them to call me") == 1


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(asked_here: Listing, client: Client) -> None:
    answer = ask(client, asked_here, number="call me")
    assert answer.status_code == 400
    assert "The number is missing." in answer.content.decode()
    assert "Rosaura" in answer.content.decode()
    warned = ask(client, asked_here, words="My number is 000-12-3456").content.decode()
    assert "looks like a social security number" in warned and "It is something else" in warned
    trapped = ask(client, asked_here, site="https://spam.example")
    assert trapped.status_code == 400
    assert "Rosaura" in trapped.content.decode()
    with pytest.raises(BadInput):
        actions.ask_to_be_called(VISITOR, listing=asked_here, told=Told(" . ", "303-555-0142"))
    hostile = ask(client, asked_here, words="\x00")
    assert hostile.status_code == 400
    assert not SelfReferral.objects.exists()


def test_a_flood_is_told_to_call_and_another_site_sends_nothing(asked_here: Listing, client: Client) -> None:
    address = reverse("finder_call", kwargs={"listing": asked_here.pk})
    foreign = client.post(address, {"key": "x", **ROSA}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    older = client.post(address, {"key": "x", **ROSA}, headers={"Origin": "https://elsewhere.example"})
    assert older.status_code == 403
    answers = [client.post(address, {"key": f"key-{number}", **ROSA}) for number in range(12)]
    assert [one.status_code for one in answers] == [302] * 10 + [429] * 2
    assert "Rosaura" in answers[-1].content.decode()


def test_so_many_wait_that_no_promise_could_be_kept(asked_here: Listing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "OPEN_AT_MOST", 0)
    with pytest.raises(NotNow, match="Many families wait"):
        actions.ask_to_be_called(VISITOR, listing=asked_here, told=Told("Rosaura", "303-555-0142"))


def test_who_called_writes_it_down_once_and_what_was_written_is_erased(asked_here: Listing) -> None:
    row = actions.ask_to_be_called(VISITOR, listing=asked_here, told=Told("Rosaura", "303-555-0142"))
    priya = make.make_worker("family_service_coordinator", asked_here.keeper)
    row = actions.answer_asked(priya.actor, asked=row, reached=False)
    assert (row.tried, row.tried_on, row.closed_at) == (1, TODAY, None)
    address = reverse("asked_call", kwargs={"asked": row.pk})
    assert priya.client.post(address, {"key": "k", "outcome": "reached"}).status_code == 302
    with pytest.raises(NotNow):
        actions.answer_asked(priya.actor, asked=SelfReferral.objects.get(), reached=True)
    actions.look_after(machine("tests"))
    assert SelfReferral.objects.get().words is not None
    with clock.at(clock.now() + timedelta(days=15)):
        actions.look_after(machine("tests"))
    row = SelfReferral.objects.get()
    assert (row.words, row.outcome, actions.told_by(row)) == (None, "reached", None)
    assert "was erased" in priya.client.get(address).content.decode()


def test_those_who_call_have_a_letter_that_says_no_more_and_another_when_the_day_is_over(asked_here: Listing) -> None:
    letters = Letter.objects.filter(template="asked_to_call")
    for number in ("303-555-0142", "303-555-0143"):
        actions.ask_to_be_called(VISITOR, listing=asked_here, told=Told("Rosaura", number))
    told = letters.count()
    assert told
    assert not any("Rosaura" in f"{one.facts}{one.about_id}" for one in letters.all())
    run_due()
    with clock.at(clock.now() + timedelta(days=5)):
        actions.look_after(machine("tests"))
    assert letters.count() == 2 * told


def test_nobody_of_another_agency_reads_it_and_no_home_visitor(asked_here: Listing) -> None:
    row = actions.ask_to_be_called(VISITOR, listing=asked_here, told=Told("Rosaura", "303-555-0142"))
    elsewhere = Organization.objects.get(name=make.AGENCIES[1])
    for role, at in (
        ("family_service_coordinator", elsewhere),
        ("home_visitor", asked_here.keeper),
        ("administrator", None),
    ):
        other = make.make_worker(role, at)
        assert other.client.get(reverse("asked_call", kwargs={"asked": row.pk})).status_code == 403
        with pytest.raises(Refused):
            actions.answer_asked(other.actor, asked=row, reached=True)
        assert "Mothers&#x27; morning" not in other.client.get("/today/").content.decode()


def test_a_place_is_said_with_its_day(asked_here: Listing, client: Client) -> None:
    keeper = make.make_worker("family_service_coordinator", asked_here.keeper)
    for said, words in (
        ({"free": 2}, "There is a place"),
        ({"free": 0, "waits_days": 90}, "about 13 weeks"),
        ({"free": None, "opens_on": TODAY + timedelta(days=9)}, "A place opens on"),
        ({"free": 0}, "Ask them about the list."),
        ({"free": None}, "Ask them whether there is a place."),
    ):
        say_opening(keeper.actor, listing=Listing.objects.get(pk=asked_here.pk), **said)
        assert words in near(client, about=["9"])
