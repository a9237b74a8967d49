"""The pages of trainings, walked as a member, a guest, a coordinator and a calendar do."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.foundation.models import Kept
from inmind.foundation.registries import house
from inmind.jobs.runner import run_due
from inmind.learning.models import FeedKey, Registration, SaidOfSelf, Training
from inmind.learning.trainings.seats import State
from inmind.learning.trainings.times import Said
from inmind.messages.models import Letter
from inmind.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def send(client: Client, address: str, **typed: Any) -> str:
    """Send a form; the page that follows."""
    answer = client.post(address, {"key": fresh_key(), **typed}, follow=True)
    assert answer.status_code in (200, 400, 409), answer.status_code
    return answer.content.decode()


def typed_training(**said: Any) -> dict[str, Any]:
    on = clock.today(make.ZONE) + timedelta(days=40)
    known = {"title": "Law and policy", "on": on.isoformat(), "begins": "09:00", "ends": "12:00"}
    known |= {"break_minutes": "0", "times": "1", "weeks": "1", "zone": make.ZONE, "is_public": "on", "is_open": "on"}
    known |= {"cents_member": "40", "cents_other": "$60.00"}
    return known | said


def test_a_coordinator_makes_a_training_and_a_member_takes_a_seat() -> None:
    """The whole way through pages: made in a minute, found by everybody, taken by one tap, given up, and on Today of both."""
    coordinator, luz = make.make_worker("association_coordinator"), make.make_worker("practitioner")
    keeper = str(coordinator.agency.pk) if coordinator.agency else ""
    made = send(
        coordinator.client,
        "/keep/trainings/add/",
        **typed_training(keeper=keeper, seats="12", domain_law_regulation_agency_policy="60", credits="LCSW; 2,5; A-7"),
    )
    assert "is made" in made
    row = Training.objects.get()
    assert (row.cents_member, row.cents_other, row.minutes) == (4000, 6000, 180)
    anybody = Client()
    assert "Law and policy" in page(anybody, "/trainings/")
    there = page(anybody, f"/trainings/{row.pk}/")
    assert "$40.00 for members, $60.00 for others" in there
    assert "Law, regulation and agency policy" in there
    assert "12 seats are left" in there
    client = luz.client
    assert "You have a seat" in send(client, f"/trainings/{row.pk}/seat/")
    run_due()
    assert "Your next training" in page(client, "/today/")
    assert "Law and policy" in page(client, "/learning/")
    kept = page(coordinator.client, f"/keep/trainings/{row.pk}/")
    assert luz.person.name in kept
    assert "$60.00 open" in kept
    assert "1 of 12" in page(coordinator.client, "/today/")
    assert "given up" in send(client, f"/trainings/{row.pk}/give-up/")
    assert "no seat at a training" in page(client, "/learning/")


def test_somebody_without_an_account_asks_and_says_yes_by_the_letter() -> None:
    """Until then nobody is kept; and the page of the link goes on to give the seat up."""
    cache.clear()
    row = make.make_training(title="Holding hope")
    people = Person.objects.count()
    guest = Client()
    typed = {"given_name": "Ana", "family_name": "Ruiz", "mail": "ana@example.org"}
    assert "We wrote to you" in send(guest, f"/trainings/{row.pk}/ask/", **typed)
    assert Person.objects.count() == people
    link = secret_of(Letter.objects.get(template="seat_asked"))
    shown = guest.get(f"/o/{link}/", follow=True).content.decode()
    assert "Ana Ruiz" in shown
    assert not Registration.objects.exists(), "opening the page takes nothing"
    assert "You have a seat" in send(guest, "/seat/take/", link=link_in(shown))
    assert Registration.objects.get().person.name == "Ana Ruiz"
    shown = page(guest, "/seat/")
    assert "Your seat is given up" in send(guest, "/seat/give-up/", link=link_in(shown))


def test_the_own_price_is_said_before_the_tap_and_the_bill_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A member's, another's, a guest's; nobody reads two prices and has to guess."""
    cache.clear()
    luz, other = make.make_worker("practitioner"), make.make_worker("practitioner")
    monkeypatch.setattr(house, "members", lambda ids, on: frozenset({luz.person.pk}) & frozenset(ids))
    row = make.make_training(cents_member=4000, cents_other=6000)
    address = f"/trainings/{row.pk}/"
    assert "Yours costs $60.00." in page(other.client, address)
    before = page(luz.client, address)
    assert "You are a member: yours costs $40.00." in before and "Take a seat for $40.00" in before
    assert "ours costs" not in page(Client(), address), "who reads it is not known"
    after = send(luz.client, f"{address}seat/")
    bill = Registration.objects.get(person=luz.person).invoice
    assert "You owe $40.00, due by" in after and f"/{bill}/" in after and "ours costs" not in after
    guest = Client()
    send(guest, f"{address}ask/", given_name="Ana", family_name="Ruiz", mail="ana@example.org")
    shown = guest.get(f"/o/{secret_of(Letter.objects.get(template='seat_asked'))}/", follow=True).content.decode()
    assert "Yours costs $60.00." in shown and "Yes, I take this seat for $60.00" in shown
    for free in (make.make_training(cents_member=0, cents_other=6000), make.make_training()):
        assert "Take a seat</button>" in page(luz.client, f"/trainings/{free.pk}/")


def test_nobodys_mailbox_is_filled_and_programs_fill_in_nothing() -> None:
    """Six letters an hour to one address; a field that nobody sees stays empty."""
    cache.clear()
    row = make.make_training()
    typed = {"given_name": "Ana", "family_name": "Ruiz", "mail": "Ana@example.org"}
    address, guest = f"/trainings/{row.pk}/ask/", Client()
    assert guest.post(address, {"key": fresh_key(), **typed, "site": "https://spam.example"}).status_code == 400
    said = [guest.post(address, {"key": fresh_key(), **typed}).status_code for _ in range(7)]
    assert said == [302] * 6 + [429]
    assert Letter.objects.filter(template="seat_asked").count() == 6
    cache.clear()


def test_what_is_not_listed_is_taken_by_nobody_who_guesses_its_address() -> None:
    row = make.make_training(is_public=False)
    luz = make.make_worker("practitioner")
    assert luz.client.post(f"/trainings/{row.pk}/seat/", {"key": fresh_key()}).status_code == 404
    page(Client(), f"/trainings/{row.pk}/ask/", 404)
    page(Client(), f"/trainings/{row.pk}/calendar.ics", 404)
    assert not Registration.objects.exists()


def secret_of(letter: Letter) -> str:
    import json

    return json.loads(letter.facts or "{}")["secret"]


def link_in(shown: str) -> str:
    found = re.search(r'name="link" value="([^"]+)"', shown)
    assert found is not None
    return found[1]


def test_what_was_typed_comes_back_with_what_is_wrong() -> None:
    coordinator = make.make_worker("association_coordinator")
    keeper = str(coordinator.agency.pk) if coordinator.agency else ""
    client = coordinator.client
    cases = {
        "ends before it begins": {"begins": "12:00", "ends": "09:00"},
        "No time zone is known": {"zone": "America/Springfield"},
        "not an amount": {"cents_other": "sixty"},
        "not a line of credit": {"credits": "LCSW"},
        "skip": {"on": next_spring().isoformat(), "begins": "02:30", "ends": "05:00"},
        "at least": {"seats": "0"},
    }
    for words, said in cases.items():
        shown = send(client, "/keep/trainings/add/", **typed_training(keeper=keeper, title="Kept title", **said))
        assert words in shown.replace("&#x27;", "'") or "greater than or equal to 1" in shown, words
        assert "Kept title" in shown
    assert not Training.objects.exists()


def next_spring() -> date:
    """The day on which the clocks go forward next."""
    day = clock.today(make.ZONE) + timedelta(days=1)
    zone = ZoneInfo(make.ZONE)
    while datetime.combine(day, time(0), zone).utcoffset() == datetime.combine(day, time(4), zone).utcoffset() or (
        day.month > 6
    ):
        day += timedelta(days=1)
    return day


def test_a_change_through_the_page_moves_a_meeting_and_two_tabs_see_each_other() -> None:
    coordinator = make.make_worker("association_coordinator")
    row = make.make_training(by=coordinator)
    client = coordinator.client
    shown = page(client, f"/keep/trainings/{row.pk}/change/")
    typed = fields_of(shown) | {"begins_0": "10:00", "ends_0": "13:00"}
    more = row.meetings.get().on + timedelta(days=7)
    typed |= {"on_1": more.isoformat(), "begins_1": "10:00", "ends_1": "12:00"}
    assert "It is saved" in send(client, f"/keep/trainings/{row.pk}/change/", **typed)
    assert [one.begins for one in row.meetings.all()] == [time(10), time(10)]
    other = client.post(f"/keep/trainings/{row.pk}/change/", {**typed, "key": fresh_key(), "place": "The park"})
    assert other.status_code == 409
    assert "The park" in other.content.decode()


def fields_of(shown: str) -> dict[str, str]:
    """What the form of a page would send."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", shown):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or "checked" in tag):
            found[name[1]] = value[1] if value else ""
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def test_calling_off_says_first_how_many_are_written_to() -> None:
    coordinator = make.make_worker("association_coordinator")
    row = make.make_training(by=coordinator)
    make.take_seat(row)
    address = f"/keep/trainings/{row.pk}/call-off/"
    assert "1 person who was to come" in page(coordinator.client, address)
    assert "called off" in send(coordinator.client, address, version=str(version_of(row)))
    assert "will not take place" in page(Client(), f"/trainings/{row.pk}/")
    assert "Law" not in page(Client(), "/trainings/")


def version_of(row: Kept) -> int:
    return type(row)._default_manager.get(pk=row.pk).version


def test_registration_is_closed_and_the_training_taken_off_the_list() -> None:
    coordinator = make.make_worker("association_coordinator")
    row = make.make_training(by=coordinator)
    there = f"/keep/trainings/{row.pk}/doors/"
    send(coordinator.client, there, version=str(version_of(row)), do="close")
    assert "Registration is closed" in page(Client(), f"/trainings/{row.pk}/")
    send(coordinator.client, there, version=str(version_of(row)), do="hide")
    page(Client(), f"/trainings/{row.pk}/", 404)
    page(make.make_worker("practitioner").client, f"/trainings/{row.pk}/", 404)
    assert "not listed, closed" in page(coordinator.client, f"/keep/trainings/{row.pk}/")
    send(coordinator.client, there, version="1", do="list")
    assert not Training.objects.get(pk=row.pk).is_public, "somebody changed it meanwhile"


def test_the_coordinator_registers_somebody_and_gives_up_for_them() -> None:
    coordinator = make.make_worker("association_coordinator")
    row = make.make_training(by=coordinator, seats=1)
    typed = {"given_name": "Ana", "family_name": "Ruiz", "mail": "ana@example.org"}
    address = f"/keep/trainings/{row.pk}/somebody/"
    assert "Ana Ruiz has a seat" in send(coordinator.client, address, **typed)
    assert "waiting list" in send(coordinator.client, address, **typed | {"given_name": "Bo", "mail": "bo@example.org"})
    ana = Registration.objects.get(state=State.REGISTERED)
    send(coordinator.client, f"/keep/trainings/{row.pk}/end-seat/{ana.person_id}/")
    assert Registration.objects.get(person__given_name="Bo").state == State.OFFERED


def test_a_copy_begins_with_everything_but_the_day() -> None:
    coordinator = make.make_worker("association_coordinator")
    row = make.make_training(by=coordinator, title="Foundations", place="The library", cents_other=2500)
    shown = fields_of(page(coordinator.client, f"/keep/trainings/add/?copy={row.pk}"))
    assert (shown["title"], shown["place"], shown["begins"]) == ("Foundations", "The library", "09:00")
    assert shown["cents_other"] == "25.00"
    assert not shown["on"]
    page(coordinator.client, "/keep/trainings/add/?copy=nothing")


def test_what_somebody_says_of_themselves_is_read_as_counts_of_five_or_more() -> None:
    """Never beside a name, never a group of four; of trainings that were over with the last quarter, so that no seat that is
    given or ended now moves a count."""
    coordinator = make.make_worker("association_coordinator")
    row = make.make_training(by=coordinator)
    for number in range(12):
        member = make.make_worker("practitioner")
        make.take_seat(row, member)
        races = ["asian"] if number < 7 else ["white"] if number < 11 else []
        answer = member.client.post("/learning/about-you/", {"key": fresh_key(), "races": races, "languages": ["es"]})
        assert answer.status_code == 302
    assert SaidOfSelf.objects.count() == 12
    assert "checked" in page(member.client, "/learning/about-you/")
    assert "or more<" not in page(coordinator.client, "/keep/trainings/reach/"), "it is still to come"
    with clock.at(clock.now() + timedelta(days=130)):
        shown = page(make.client_of(coordinator.person), "/keep/trainings/reach/")
    rows = re.findall(r"<tr\b[^>]*>(.*?)</tr>", re.sub(r"\s+", " ", shown))
    told = {
        name: "or more" in line for line in rows for name in ("Asian", "White", "Spanish", "Arabic") if name in line
    }
    assert told == {"Asian": True, "White": False, "Spanish": False, "Arabic": False}
    assert "5 or more" in shown
    assert "asian" not in page(coordinator.client, f"/keep/trainings/{row.pk}/").lower()


# Calendars


def test_a_cohort_in_a_calendar_keeps_its_hour_through_the_change_of_clocks() -> None:
    """Each zone that is named is told, and nine o'clock stays nine o'clock."""
    spring = next_spring()
    meetings = [Said(spring + timedelta(days=days), time(9), time(12)) for days in (-3, 4)]
    row = make.make_training(meetings=meetings, title="Málaga, a cohort; in two parts", place="Room 1, here")
    answer = Client().get(f"/trainings/{row.pk}/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    made = Calendar.from_ical(answer.content)
    events = made.walk("VEVENT")
    assert [str(one["summary"]) for one in events] == ["Málaga, a cohort; in two parts"] * 2
    assert [one["dtstart"].params["TZID"] for one in events] == [make.ZONE] * 2
    starts = [one.decoded("dtstart") for one in events]
    assert [one.hour for one in starts] == [9, 9]
    assert starts[0].utcoffset() != starts[1].utcoffset()
    (zone,) = made.walk("VTIMEZONE")
    told = zone.to_tz(lookup_tzid=False)
    for one in starts:
        assert one.replace(tzinfo=told).utcoffset() == one.utcoffset(), "by the zone as the file itself tells it"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n")), "RFC 5545, 3.1"


def test_all_that_is_listed_stands_in_one_calendar_and_what_is_not_does_not() -> None:
    make.make_training(title="Shown")
    make.make_training(title="Hidden", is_public=False)
    text = Client().get("/trainings/calendar.ics").content.decode()
    assert "Shown" in text
    assert "Hidden" not in text


def test_ones_own_calendar_shows_ones_own_seats_and_a_new_address_ends_the_one_before() -> None:
    luz = make.make_worker("practitioner")
    mine, other = make.make_training(title="Mine", link="https://meet.example/1"), make.make_training(title="Other")
    make.take_seat(mine, luz)
    make.take_seat(other)
    shown = luz.client.post("/learning/calendar/").content.decode()
    found = re.search(r'href="[^"]*(/learning/calendar/[^"]+\.ics)"', shown)
    assert found is not None
    answer = Client().get(found[1])
    text = answer.content.decode()
    assert "Mine" in text
    assert not [word for word in ("Other", "meet.example", luz.person.given_name) if word in text]
    assert "no-store" in answer["Cache-Control"]
    luz.client.post("/learning/calendar/")
    assert Client().get(found[1]).status_code == 404
    assert found[1].split("/")[3][:10] not in FeedKey.objects.get().secret_hash


def test_a_list_of_many_asks_no_more_than_a_list_of_few() -> None:
    for _ in range(3):
        make.take_seat(make.make_training(domains={"reflection": 60}, series="Foundations"))
    few = asked("/trainings/")
    for _ in range(6):
        make.take_seat(make.make_training(domains={"reflection": 60}, series="Foundations"))
    assert asked("/trainings/") == few <= 6


def asked(address: str) -> int:
    client = Client()
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_page_of_a_training_asks_little() -> None:
    row = make.make_training(domains={"reflection": 60})
    assert asked(f"/trainings/{row.pk}/") <= 7


# Who may


WHO = {
    "somebody at the door": ("", False, False),
    "a practitioner": ("practitioner", True, False),
    "a home visitor of an agency": ("home_visitor", True, False),
    "an agency's supervisor": ("agency_supervisor", True, False),
    "the administrator": ("administrator", False, False),
    "a data steward": ("data_steward", False, False),
    "its coordinator": ("association_coordinator", True, True),
}


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize(("role", "learns", "keeps"), WHO.values(), ids=WHO.keys())
def test_who_may_learn_and_who_keeps_trainings(role: str, learns: bool, keeps: bool) -> None:
    """Everybody who works in the field has a seat of their own; who comes is shown to its coordinator alone."""
    row = make.make_training()
    come = make.take_seat(row)
    client = make.make_worker(role).client if role else Client()
    took = client.post(f"/trainings/{row.pk}/seat/", {"key": fresh_key()})
    assert Registration.objects.filter(training=row).count() == (2 if learns else 1)
    assert took.status_code == (302 if learns or not role else 403)
    kept = client.get(f"/keep/trainings/{row.pk}/")
    assert kept.status_code == (200 if keeps else 403 if role else 302)
    assert (come.person.name in kept.content.decode()) == keeps
    assert come.person.name not in client.get(f"/trainings/{row.pk}/").content.decode()
    for address in ("change/", "call-off/", "somebody/"):
        assert (client.get(f"/keep/trainings/{row.pk}/{address}").status_code == 200) == keeps
    assert (client.get("/keep/trainings/reach/").status_code == 200) == keeps


def test_another_associations_coordinator_keeps_none_of_ours() -> None:
    row = make.make_training()
    come = make.take_seat(row)
    elsewhere = make.make_worker("association_coordinator", make.make_association("Prairie Association"))
    for address in ("", "change/", "call-off/", "somebody/"):
        page(elsewhere.client, f"/keep/trainings/{row.pk}/{address}", 403)
    for address in ("doors/", f"end-seat/{come.person_id}/"):
        assert elsewhere.client.post(f"/keep/trainings/{row.pk}/{address}", {"key": fresh_key()}).status_code == 403
    assert row.title not in page(elsewhere.client, "/keep/trainings/")
    assert "Holding the baby" not in page(elsewhere.client, f"/keep/trainings/add/?copy={row.pk}")


def test_the_first_page_and_a_series_lead_on() -> None:
    one = make.make_training(title="Part one", series="Foundations")
    assert "More of" not in page(Client(), f"/trainings/{one.pk}/")
    make.make_training(title="Part two", series="Foundations")
    assert "Part two" in page(Client(), f"/trainings/{one.pk}/")
    assert "Part two" in page(Client(), "/")


def test_the_page_is_in_the_readers_language() -> None:
    row = make.make_training(title="Holding hope", title_es="Sostener la esperanza")
    spanish = Client(HTTP_ACCEPT_LANGUAGE="es")
    assert "Sostener la esperanza" in page(spanish, f"/trainings/{row.pk}/")


def test_who_waits_reads_which_number_they_are_and_so_does_the_coordinator() -> None:
    """On the page of the training, among one's own, and in the coordinator's list; it moves up when somebody leaves the line."""
    coordinator = make.make_worker("association_coordinator")
    training = make.make_training(by=coordinator, seats=1)
    make.take_seat(training)
    first, luz = (
        make.make_worker("practitioner", name="First Gray"),
        make.make_worker("practitioner", name="Luz Ortega"),
    )
    for one in (first, luz):
        make.take_seat(training, one)
    addresses = reverse("training", args=[training.pk]), reverse("learning")
    for address in addresses:
        assert "number 2 on the waiting list" in luz.client.get(address).content.decode()
    kept = coordinator.client.get(reverse("kept_training", args=[training.pk])).content.decode()
    assert kept.index("number 1 in the line") < kept.index("number 2 in the line")
    assert kept.index("First Gray") < kept.index("Luz Ortega")
    first.client.post(reverse("training_give_up", args=[training.pk]), {"key": fresh_key()})
    for address in addresses:
        assert "number 1 on the waiting list" in luz.client.get(address).content.decode()
