"""A listing whose term is over: one letter to the program, one button in it, and the keeper's call where it did not arrive."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from inmind.access import office_links
from inmind.access.actors import machine
from inmind.access.models import AuditEntry, OfficeLink
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.events import LetterUndelivered
from inmind.foundation.forms import fresh_key
from inmind.jobs.models import Job
from inmind.jobs.runner import run_due
from inmind.messages.adapters import mail
from inmind.messages.models import Letter
from inmind.services.listings import actions as listing_actions
from inmind.services.listings import asking_actions as actions
from inmind.services.listings import offers as listing_offers
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
DAY = timedelta(days=1)
TERM, GRACE = settings.LISTING_DAYS, settings.LISTING_GRACE_DAYS


def ask() -> int:
    return actions.ask_listings(machine("test"))


@pytest.fixture
def pat() -> make.Worker:
    return make.make_worker("family_service_coordinator", make.make_network().agencies[0])


@pytest.fixture
def old(pat: make.Worker) -> Listing:
    return make.make_listing(pat.agency, confirmed_on=TODAY - TERM * DAY, about="Nurses come to you.")


def opened(row: Listing) -> Client:
    """A browser at the program, in which the letter's link was opened."""
    ask()
    client = Client()
    made: list[Any] = []
    make.together(
        lambda act: made.extend(
            office_links.make(act, organization=row.keeper, purpose=actions.ABOUT, about=row.pk, days=9)
        )
    )
    assert client.get(f"/o/{made[1]}/", follow=True).status_code == 200
    return client


def press(client: Client, page: str, **typed: Any) -> Any:
    """Send what stands on the page as it is shown, and what is typed."""
    shown = client.get(reverse("listing_asked")).content.decode()
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', shown)[1] for name in ("link", "version")}  # type: ignore[index]
    return client.post(reverse(page), hidden | {"key": fresh_key(), **typed}, follow=True)


def test_a_program_is_asked_once_in_the_term_of_grace(pat: make.Worker, old: Listing) -> None:
    make.make_listing(pat.agency, confirmed_on=TODAY - (TERM - 1) * DAY)
    make.make_listing(pat.agency, confirmed_on=TODAY - TERM * DAY, refer_mail="")
    make.make_listing(pat.agency, confirmed_on=TODAY - TERM * DAY, provider=make.make_network().agencies[1])
    closed = make.make_listing(pat.agency, confirmed_on=TODAY - TERM * DAY)
    listing_actions.close_listing(pat.actor, listing=closed, on=TODAY)
    assert [ask(), ask()] == [1, 0]
    with clock.at(clock.now() + (GRACE - 1) * DAY):
        assert ask() == 1, "the one whose term ended a day later"
    letter = Letter.objects.filter(template="office_listing").earliest("pk")
    assert letter.about_id == old.pk
    old.refresh_from_db()
    assert old.asked_on == TODAY


def test_whoever_keeps_a_listing_has_it_asked_about_at_once_and_nobody_else(pat: make.Worker) -> None:
    row = make.make_listing(pat.agency)
    page = reverse("listing", args=[row.pk])
    assert "Ask them by mail now" in pat.client.get(page).content.decode()
    for _click in range(2):
        typed = {"key": fresh_key(), "version": Listing.objects.get(pk=row.pk).version, "do": "ask"}
        said = pat.client.post(reverse("listing_confirm", args=[row.pk]), typed, follow=True).content.decode()
    assert "They were written to today." in said
    assert Letter.objects.filter(template="office_listing", about_id=row.pk).count() == 1
    own = make.make_listing(pat.agency, provider=make.make_network().agencies[1])
    for refused, by in ((NotNow, pat), (Refused, make.make_worker())):
        with pytest.raises(refused):
            actions.ask_listing(by.actor, listing=own if refused is NotNow else row)


def test_the_clock_writes_to_all_of_them_a_stretch_at_a_time(
    pat: make.Worker, old: Listing, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run twice, as after a stop, nobody is written to twice; the link in the letter opens the page."""
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    monkeypatch.setattr(mail, "is_demo", lambda: False)
    make.make_listing(pat.agency, confirmed_on=TODAY - TERM * DAY, name="Other nurses")
    job = Job(kind=listing_offers.ASK, payload={})
    for _once_more in range(2):
        listing_offers.ask_listings(job)
    run_due()
    written = [one for one in mailoutbox if "/o/" in one.body]
    assert [one.to for one in written] == [["intake@lakeside.example"]] * 2
    link = re.search(r"/o/\S+/", next(one.body for one in written if old.name in one.body))
    assert link is not None
    assert "Yes, it all holds" in Client().get(link[0], follow=True).content.decode()


def test_one_button_confirms_it_and_opening_the_link_does_not(old: Listing) -> None:
    client = opened(old)
    page = client.get(reverse("listing_asked")).content.decode()
    assert "Nurses come to you." in page
    assert "intake@lakeside" not in page, "it is not for families"
    old.refresh_from_db()
    assert old.confirmed_on == TODAY - TERM * DAY
    assert "It is confirmed" in press(client, "listing_asked_confirm").content.decode()
    old.refresh_from_db()
    assert (old.confirmed_on, old.confirmed_how, old.confirmed_by, old.asked_on) == (TODAY, "link", None, None)
    assert AuditEntry.objects.get(verb="services.confirm_by_link").person is None
    assert ask() == 0


def test_the_program_corrects_what_families_read_and_its_opening(old: Listing) -> None:
    client = opened(old)
    press(client, "listing_asked_correct", about="Now in groups.", phone="555-0101", refer_mail="thief@example.org")
    press(client, "listing_asked_opening", is_there="now", free="4")
    old.refresh_from_db()
    assert (old.about, old.phone, old.free, old.said_on) == ("Now in groups.", "555-0101", 4, TODAY)
    assert old.refer_mail == "intake@lakeside.example"
    assert old.confirmed_on == TODAY - TERM * DAY, "that all of it holds is another fact"
    assert press(client, "listing_asked_opening", is_there="now").status_code == 400
    assert press(client, "listing_asked_correct", mail="no mail").status_code == 400


def test_what_somebody_changed_meanwhile_is_looked_at_anew(pat: make.Worker, old: Listing) -> None:
    client = opened(old)
    old.refresh_from_db()
    listing_actions.correct_shown(pat.actor, listing=old, about="Changed.")
    page = press(client, "listing_asked_confirm", version="1").content.decode()
    assert "Somebody changed this meanwhile" in page
    assert "Changed." in page
    old.refresh_from_db()
    assert old.confirmed_on == TODAY - TERM * DAY


def test_a_corrected_address_ends_the_link_that_went_to_the_wrong_one(pat: make.Worker, old: Listing) -> None:
    client = opened(old)
    listing_actions.correct_listing(pat.actor, listing=old, phone="555-0111")
    assert "Yes, it all holds" in client.get(reverse("listing_asked"), follow=True).content.decode()
    listing_actions.correct_listing(pat.actor, listing=old, refer_mail="right@lakeside.example")
    assert "Yes, it all holds" not in client.get(reverse("listing_asked"), follow=True).content.decode()


def test_where_people_are_to_be_safe_stands_on_no_listing(pat: make.Worker) -> None:
    safe = make.make_listing(pat.agency, offers=Offers.SAFETY_AT_HOME, address="")
    with pytest.raises(BadInput, match="told nobody"):
        listing_actions.correct_listing(pat.actor, listing=safe, address="12 Hidden Street")


def test_we_no_longer_offer_this(pat: make.Worker, old: Listing) -> None:
    client = opened(old)
    assert "is taken away" in press(client, "listing_asked_close").content.decode()
    old.refresh_from_db()
    assert old.closed_on == TODAY
    assert client.get(reverse("listing_asked"), follow=True).status_code == 410
    assert "not offered any more" in pat.client.get(f"/listings/{old.pk}/").content.decode()


def test_a_letter_that_did_not_arrive_stands_on_the_keepers_day(pat: make.Worker, old: Listing) -> None:
    ask()
    event = LetterUndelivered(letter=old.pk, about_kind=actions.ABOUT, about=old.pk)
    for other in (event, LetterUndelivered(letter=old.pk, about_kind="sending", about=old.pk)):
        make.together(lambda act, other=other: actions.not_reached(act, other))
    assert "did not arrive: call" in pat.client.get("/today/").content.decode()
    page = f"/listings/{old.pk}/"
    assert "did not arrive" in pat.client.get(page).content.decode()
    old.refresh_from_db()
    listing_actions.correct_listing(pat.actor, listing=old, refer_mail="new@lakeside.example")
    assert "did not arrive" not in pat.client.get(page).content.decode()
    assert ask() == 1
    old.refresh_from_db()
    listing_actions.confirm_listing(pat.actor, listing=old, how=Listing.How.CALL)
    make.together(lambda act: actions.not_reached(act, event))
    assert Listing.objects.get(pk=old.pk).unreached_on is None


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("page", ["", "_confirm", "_correct", "_opening", "_close"])
def test_without_a_link_of_its_own_nothing_opens(pat: make.Worker, old: Listing, page: str) -> None:
    for client in (Client(), pat.client):
        answer = client.post(reverse(f"listing_asked{page}"), {"key": fresh_key(), "version": old.version})
        assert answer.url == reverse("office_link_over")
    referral, _secret, _code = make.make_office_link("referral", old.pk)
    other, _secret, _code = make.make_office_link(about=make.make_listing(pat.agency).pk)
    for link in (referral, other):
        with pytest.raises(Refused):
            actions.confirm_by_link(office_links.actor_of(link), link=OfficeLink.objects.exclude(pk=link.pk)[0], seen=1)
