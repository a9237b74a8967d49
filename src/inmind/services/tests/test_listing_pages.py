"""A coordinator keeps listings on a Monday, with an old sheet and a phone; a program keeps what is its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.people.models import Organization
from inmind.services.listings import actions
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
DAY = timedelta(days=1)
NEW = {
    "kind": "food",
    "name": "Food shelf",
    "provider_name": "Pier Street Pantry",
    "confirmed_on": str(TODAY),
    "languages": ["es", "en"],
    "other_languages": "somali, Mam",
    "is_free": "yes",
    "counties": "Dallam, TX; Lake, CA",
    "place": "47.61, -122.33",
}


@pytest.fixture
def pat() -> make.Worker:
    return make.make_worker("family_service_coordinator", make.make_network().agencies[0])


def send(worker: make.Worker, path: str, **typed: Any) -> Any:
    return worker.client.post(path, {"key": fresh_key(), **typed})


def listed(worker: make.Worker, **sought: str) -> str:
    return worker.client.get("/listings/", sought).content.decode()


def test_a_listing_is_added_from_an_old_sheet(pat: make.Worker) -> None:
    """With the day on which they last said that it holds, so that an old row is not taken for a fresh one."""
    answer = send(pat, "/listings/new/", keeper=str(pat.agency.pk), **NEW | {"confirmed_on": str(TODAY - 200 * DAY)})
    row = Listing.objects.get()
    assert answer.url == f"/listings/{row.pk}/"
    assert (row.offers, row.languages, row.counties, row.latitude) == ("food", "en es mam so", "06033 48111", 47.61)
    assert (row.is_free, row.comes_home, row.said_on, row.confirmed_how) == (True, None, None, Listing.How.CALL)
    page = pat.client.get(answer.url).content.decode()
    assert "not shown" not in page and "to be confirmed" in page
    assert "Food shelf" in listed(pat, show="unconfirmed")


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"kind": ""}, "required"),
        ({"counties": "Nowhere"}, "No county of this name"),
        ({"other_languages": "Klingon"}, "No language of this name"),
        ({"place": "north"}, "no place on the map"),
        ({"url": "javascript:alert(1)"}, "no address of a page"),
        ({"confirmed_on": str(TODAY + 2 * DAY)}, "in the future"),
        ({"name": "a\x00b"}, "cannot be kept"),
        ({"keeper": "elsewhere"}, "choice"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(pat: make.Worker, typed: Any, says: str) -> None:
    answer = send(pat, "/listings/new/", **{"keeper": str(pat.agency.pk)} | NEW | typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert says in page
    assert "Pier Street Pantry" in page
    assert not Listing.objects.exists()


def test_a_listing_is_found_by_what_it_is(pat: make.Worker) -> None:
    keeper = pat.agency
    make.make_listing(keeper, name="Nurses", languages=("en",), counties=("06033",))
    make.make_listing(
        keeper, offers=Offers.DIAPERS, name="Pañales", languages=("en", "es"), confirmed_on=TODAY - 190 * DAY
    )
    closed = make.make_listing(keeper, offers=Offers.HOUSING, name="Rooms")
    actions.close_listing(pat.actor, listing=closed, on=TODAY)
    found = {
        "": {"Nurses", "Pañales"},
        "words=panal": {"Pañales"},
        "kind=nfp": {"Nurses"},
        "kind=diapers": {"Pañales"},
        "language=es": {"Pañales"},
        "county=06033": {"Nurses", "Pañales"},
        "show=unconfirmed": {"Pañales"},
        "show=unsaid": {"Nurses", "Pañales"},
        "show=closed": {"Rooms"},
        "ours=on": {"Nurses", "Pañales"},
        "kind=no-such-thing&page=900": {"Nurses", "Pañales"},
    }
    for query, names in found.items():
        page = listed(pat, **dict(part.split("=") for part in query.split("&") if part))
        assert {name for name in ("Nurses", "Pañales", "Rooms") if f">{name}</a>" in page} == names, query
    elsewhere = make.make_worker("family_service_coordinator", make.make_network().agencies[1])
    assert "Nurses" in listed(elsewhere)
    assert "Nurses" not in listed(elsewhere, ours="on")


def test_a_page_of_listings_asks_no_more_where_there_are_more(pat: make.Worker) -> None:
    make.make_listing(pat.agency)
    client = pat.client

    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            client.get("/listings/", {"words": "nurses", "ours": "on"})
        return len(questions)

    first = [asked(), asked()][1]
    for number in range(4):
        make.make_listing(pat.agency, name=f"Nurses {number}", counties=("06033",), program="pat")
    assert asked() == first


def test_they_said_so_on_the_phone(pat: make.Worker) -> None:
    row = make.make_listing(pat.agency, confirmed_on=TODAY - 190 * DAY)
    assert "1 listing needs confirming." in pat.client.get("/today/").content.decode()
    form = {"key": fresh_key(), "version": 1}
    for _click in range(2):
        assert pat.client.post(f"/listings/{row.pk}/confirm/", form).status_code == 302
    row.refresh_from_db()
    assert (row.confirmed_on, row.confirmed_how, row.version) == (TODAY, Listing.How.CALL, 2)
    assert "needs confirming" not in pat.client.get("/today/").content.decode()
    client = pat.client
    client.post(f"/listings/{row.pk}/confirm/", {"key": fresh_key(), "version": 1})
    assert "Somebody changed this listing" in client.get(f"/listings/{row.pk}/").content.decode()


def test_whether_there_is_a_place_is_said_with_its_day(pat: make.Worker) -> None:
    row = make.make_listing(pat.agency)
    page = f"/listings/{row.pk}/opening/"
    said = [
        ({"is_there": "now", "free": "3"}, (3, None, None), "3 places"),
        ({"is_there": "day", "opens_on": str(TODAY + DAY)}, (0, None, TODAY + DAY), "a place from"),
        ({"is_there": "wait", "waits_days": "30", "free": "7"}, (0, 30, None), "a wait of about 30 days"),
        ({"is_there": "none"}, (0, None, None), "nobody knows until when"),
        ({"is_there": "unknown"}, (None, None, None), "nobody could say"),
    ]
    for version, (typed, opening, words) in enumerate(said, start=1):
        assert send(pat, page, version=version, **typed).status_code == 302
        row.refresh_from_db()
        assert (row.free, row.waits_days, row.opens_on) == opening
        assert row.said_on == TODAY
        assert words in pat.client.get(f"/listings/{row.pk}/").content.decode()
    for wrong in ({"is_there": "now"}, {"is_there": "day", "opens_on": str(TODAY - DAY)}, {}):
        assert send(pat, page, version=6, **wrong).status_code == 400
    assert send(pat, page, version=1, is_there="none").status_code == 302
    row.refresh_from_db()
    assert row.version == 6


def test_who_saves_second_is_shown_both_texts(pat: make.Worker) -> None:
    row = make.make_listing(pat.agency)
    page = f"/listings/{row.pk}/correct/"
    typed = {"kind": "pat", "name": "Teachers", "provider_name": "Lakeside Nurses", "version": 1}
    assert send(pat, page, **typed).status_code == 302
    second = send(pat, page, **typed | {"name": "Others", "languages": ["es"], "other_languages": "Somali"})
    words = second.content.decode()
    assert second.status_code == 409
    assert all(said in words for said in ("Teachers", "Others", "Spanish", "Somali", 'name="version" value="2"'))
    row.refresh_from_db()
    assert (row.name, row.program) == ("Teachers", "pat")
    assert send(pat, page, **typed | {"version": 2, "mail": "no mail"}).status_code == 400


def test_a_listing_is_closed_and_opened_again(pat: make.Worker) -> None:
    row = make.make_listing(pat.agency)
    assert send(pat, f"/listings/{row.pk}/close/", version=1, on=str(TODAY)).status_code == 302
    with pytest.raises(NotNow, match="closed"):
        actions.confirm_listing(pat.actor, listing=row, how=Listing.How.CALL)
    assert "not offered any more" in pat.client.get(f"/listings/{row.pk}/").content.decode()
    assert send(pat, f"/listings/{row.pk}/close/", version=2, do="open").status_code == 302
    row.refresh_from_db()
    assert row.closed_on is None


def test_a_program_keeps_its_own_opening_and_what_families_read(pat: make.Worker) -> None:
    """Whoever keeps the row; its name, where referrals go and whether it is closed stay the keeper's."""
    prairie = make.make_network().agencies[1]
    row = make.make_listing(pat.agency, provider=prairie)
    theirs = make.make_worker("agency_supervisor", prairie)
    page = theirs.client.get(f"/listings/{row.pk}/").content.decode()
    assert "Correct what families read" in page
    assert "Correct it" not in page
    assert send(theirs, f"/listings/{row.pk}/for-families/", version=1, phone="555-0100").status_code == 302
    assert send(theirs, f"/listings/{row.pk}/opening/", version=2, is_there="now", free=2).status_code == 302
    assert send(theirs, f"/listings/{row.pk}/confirm/", version=3).status_code == 302
    row.refresh_from_db()
    assert (row.phone, row.free, row.confirmed_how) == ("555-0100", 2, Listing.How.OWN)
    assert row.refer_mail == "intake@lakeside.example"
    for path in ("correct", "close"):
        assert send(theirs, f"/listings/{row.pk}/{path}/", version=4).status_code == 403
    with pytest.raises(TypeError):
        actions.correct_shown(theirs.actor, listing=row, refer_mail="a@b.example")


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("path", ["for-families", "opening", "confirm", "correct", "close"])
def test_who_neither_keeps_nor_offers_it_only_reads_it(pat: make.Worker, path: str) -> None:
    row = make.make_listing(pat.agency)
    for role in ("family_service_coordinator", "agency_supervisor"):
        other = make.make_worker(role, make.make_network().agencies[1])
        assert other.client.get(f"/listings/{row.pk}/").status_code == 200
        assert send(other, f"/listings/{row.pk}/{path}/", version=1).status_code == 403
    visitor = make.make_worker("home_visitor", pat.agency)
    assert "Add a listing" not in listed(visitor)
    assert send(visitor, f"/listings/{row.pk}/{path}/", version=1).status_code == 403
    officer = make.make_worker("privacy_officer", pat.agency)
    assert officer.client.get("/listings/").status_code == 403


def test_nobody_adds_a_listing_for_another_agency(pat: make.Worker) -> None:
    prairie = make.make_network().agencies[1]
    assert send(pat, "/listings/new/", keeper=str(prairie.pk), **NEW).status_code == 400
    with pytest.raises(Refused):
        actions.add_listing(
            pat.actor, keeper=prairie, offers=Offers.FOOD, how=Listing.How.CALL, name="a", provider_name="b"
        )
    steward = make.make_worker("data_steward")
    assert send(steward, "/listings/new/", keeper=str(prairie.pk), **NEW).status_code == 302


def test_how_a_model_was_rated_stands_apart_from_what_a_place_offers(pat: make.Worker) -> None:
    page = pat.client.get(f"/listings/{make.make_listing(pat.agency).pk}/").content.decode()
    assert "HomVEE: meets its criteria" in page
    assert "year of the review not known" in page
    assert "nobody has said yet" in page
    doubtful = make.make_listing(pat.agency, program="my_baby_and_me")
    assert "Take care" in pat.client.get(f"/listings/{doubtful.pk}/").content.decode()
    right = make.make_listing(pat.agency, program="part_c")
    assert "right by law" in pat.client.get(f"/listings/{right.pk}/").content.decode()


@pytest.mark.sqlite  # refused by a rule, before anything is written
def test_what_no_listing_may_say_is_refused_by_the_action_too(pat: make.Worker) -> None:
    wrong = ({"languages": ("xx",)}, {"counties": ("00000",)}, {"mail": "nobody"}, {"url": "ftp://a"}, {"program": "x"})
    for said in wrong:
        with pytest.raises(BadInput):
            make.make_listing(pat.agency, **said)
    assert make.make_listing(pat.agency, url="harbor.example").url == "https://harbor.example"
    assert Organization.objects.count() > 1
