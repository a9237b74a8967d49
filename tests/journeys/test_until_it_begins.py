"""From something to talk about to support that began, and what it changed: a first pregnancy of 26 weeks, a nurse program
without an account, and a mother who reads on her own phone who calls when.

Luz reads nine answers with Rosaura and writes down what comes next; the nurse program fits while two weeks are left; Rosaura
signs on her phone; the program says yes by a mailed link that names nobody until it has said that it has it, calls, and comes;
and six weeks later the same questions are drawn beside the first.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import dateformat
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.harbor import ZONE, Harbor

NAMES = ("Luz", "Pat", "Dana")
ROSAURA, OFFICE = "rosaura@example.net", "intake@lakeside.example"
HOPES = "Somebody who has seen many first babies, canary."
# Where the crosses stand, from the top: sixteen points, none of them for the tenth question; and five.
SHEET, SHEET_AGAIN = "3323222244", "2241333444"
SIX_WEEKS = timedelta(weeks=6)
BEGIN = """
from inmind import cli
cli.set_up()
from tests.journeys import test_until_it_begins
print(test_until_it_begins.is_expected())
"""


def is_expected() -> str:
    """Inside the house: Luz serves Rosaura, 26 weeks on, whose own page is on its way; Dana answers at all hours; a nurse
    program has one place. The address of Rosaura's page."""
    from inmind.access.models import Account
    from inmind.families.actions import send_own_page
    from inmind.families.intake import AdultFacts
    from inmind.people.models import Contact, Person
    from inmind.services.listings.actions import say_opening
    from tests import make

    agency = make.make_network().agencies[0]
    luz, pat, dana = (make.Worker(Account.objects.get(person__given_name=name), agency) for name in NAMES)
    make.make_on_call(agency, dana)
    mother = AdultFacts("Rosaura", "Quintero", "mother")
    family = make.make_family(luz, child="Luna Quintero", due_in_days=98, adults=(mother,))
    safe = {"channel": Contact.Channel.MAIL, "address": ROSAURA, "safe": True}
    make.together(lambda act: Contact.objects.create(person=Person.objects.get(pk=family.adult.pk), **safe))
    say_opening(pat.actor, listing=make.make_listing(agency, takes_families=True), free=1)
    send_own_page(luz.actor, episode=family.episode, person=family.adult)
    return f"/episodes/{family.episode.pk}/people/{family.adult.pk}/"


@pytest.mark.both_databases
def test_a_first_pregnancy_from_a_flag_to_what_support_changed(harbor: Harbor) -> None:
    house = harbor.house
    her_page = f"{house.address}{house.does(BEGIN).strip().splitlines()[-1]}"
    luz, rosaura, office = harbor.enter("Luz"), harbor.device(), harbor.device()
    luz.goto(her_page)
    _screens(luz, SHEET)
    _talks(luz)
    referral = _refers(luz)
    _agrees(rosaura, house.link_to(ROSAURA))
    luz.goto(referral)
    luz.get_by_role("button", name="Send it").click()
    expect(luz.get_by_text("By a letter with a link")).to_be_visible()
    _says_yes(office, house.link_to(OFFICE))
    _reads_who_calls(rosaura, f"{house.address}/for-you/")
    _calls_and_comes(office)
    rosaura.reload()
    expect(rosaura.get_by_text(re.compile("Empezó con Nurses at home"))).to_be_visible()
    service = _logs_the_first_visit(luz, referral)
    luz = harbor.later(SIX_WEEKS).enter("Luz")
    luz.goto(her_page)
    _screens(luz, SHEET_AGAIN)
    luz.goto(service)
    luz.get_by_text("Before it began, and since").click()
    expect(luz.get_by_text("The service began here")).to_be_visible()
    steps.is_sound(luz)


def _screens(luz: Any, sheet: str) -> None:
    """The sheet that Rosaura gives back, by keys: where each cross stands from the top."""
    luz.get_by_label("EPDS: Edinburgh").check()
    luz.get_by_role("button", name="Enter it from paper").click()
    luz.locator("input[name=epds_1]").first.focus()
    for place in sheet:
        luz.keyboard.press(place)
    luz.get_by_role("button", name="Finish and see the result").click()
    luz.wait_for_url(re.compile(r"/screens/[0-9a-f-]{36}/$"))


def _talks(luz: Any) -> None:
    """It is worth a closer look soon: what she says of it herself, and what comes next."""
    expect(luz.get_by_text("Talk about it with Rosaura alone")).to_be_visible()
    steps.is_sound(luz)
    luz.get_by_role("link", name="Write down a next step").click()
    luz.get_by_label("Rosaura").check()
    luz.get_by_label("What are they worried about?").fill("I lie awake, and then I cry.")
    luz.get_by_label("Look for support together").check()
    luz.get_by_label("Luz Example").check()
    luz.get_by_role("button", name="Keep this worry and its next step").click()
    expect(luz.get_by_role("heading", name="On the way to support")).to_be_visible()


def _refers(luz: Any) -> str:
    """What fits her while it is open, with what has to be asked; then in her words first, and what is missing is said."""
    luz.get_by_role("link", name="What fits Rosaura").click()
    for question in ("first_birth", "low_income_or_low_resource"):
        asked = luz.locator("#ask form").filter(has=luz.locator(f"[name=question][value={question}]"))
        asked.get_by_role("button", name="Yes").click()
        expect(asked).to_have_count(0)
    expect(luz.get_by_text(re.compile(r"Closes on .+: 1[34] days are left"))).to_be_visible()
    steps.is_sound(luz)
    luz.get_by_role("link", name="Refer Nurses at home").click()
    luz.get_by_label("What does the family hope for?").fill(HOPES)
    luz.locator("main form button.button").last.click()
    expect(luz.get_by_text("Not yet: what is missing")).to_be_visible()
    referral = luz.url
    luz.get_by_role("link", name="Ask for a signature on their phone").click()
    luz.get_by_role("button", name="Ask this").click()
    expect(luz.get_by_text("It waits on their own page")).to_be_visible()
    return referral


def _agrees(rosaura: Any, link: str) -> None:
    rosaura.goto(link)
    rosaura.get_by_label("Your name").fill("Rosaura Quintero")
    rosaura.get_by_role("button", name="Yes, I agree").click()
    expect(rosaura.get_by_text("You can take it back here at any time.")).to_be_visible()


def _says_yes(office: Any, link: str) -> None:
    """Nobody is named before somebody says that they have it."""
    office.goto(link)
    expect(office.get_by_text("Nobody is named before you say so")).to_be_visible()
    expect(office.get_by_text("Rosaura")).to_have_count(0)
    steps.is_sound(office)
    office.get_by_role("button", name="We have it").click()
    expect(office.get_by_text(HOPES)).to_be_visible()
    steps.is_sound(office)
    office.get_by_text("Yes, we call the family").click()
    office.get_by_label("Who calls the family").fill("Rosa")
    office.get_by_label("On which day").first.fill(str(_monday()))
    office.get_by_label("A word about themselves, for the family").fill("I am a nurse.")
    office.get_by_role("button", name="Say yes").click()
    expect(office.get_by_text("Kept. Whoever sent this reads it now.")).to_be_visible()


def _monday() -> date:
    """The Monday of the week after next, where Harbor is."""
    today = datetime.now(ZoneInfo(ZONE)).date()
    return today + timedelta(days=14 - today.weekday())


def _reads_who_calls(rosaura: Any, page: str) -> None:
    """In English, and then in the language that she likes."""
    rosaura.goto(page)
    expect(rosaura.get_by_text(f"Rosa will call on {dateformat.format(_monday(), 'l, N j, Y')}")).to_be_visible()
    expect(rosaura.get_by_text("I am a nurse.")).to_be_visible()
    steps.is_sound(rosaura)
    rosaura.get_by_label("Español").check()
    rosaura.locator("#yours form button").first.click()
    expect(rosaura.get_by_text("Rosa llamar")).to_be_visible()
    steps.is_sound(rosaura)


def _calls_and_comes(office: Any) -> None:
    for said in ("We have spoken with the family", "It has begun"):
        office.get_by_text(said, exact=True).click()
        office.locator("details[open] button.button").click()
        expect(office.get_by_text("Kept. Whoever sent this reads it now.")).to_be_visible()
        expect(office.get_by_text(said, exact=True)).to_have_count(0)


def _logs_the_first_visit(luz: Any, referral: str) -> str:
    """The service began by itself; its first session took place. Its address."""
    luz.goto(referral)
    expect(luz.get_by_text("it has begun").first).to_be_visible()
    sessions = luz.get_by_role("link", name="Open the sessions")
    steps.comes(luz, sessions)
    steps.is_sound(luz)
    sessions.click()
    luz.get_by_role("button", name="Plan them").click()
    luz.locator("main td a, main th a").first.click()
    luz.get_by_role("radio", name="It took place").check()
    luz.get_by_label("how many minutes").fill("60")
    luz.get_by_role("button", name="Write it down").click()
    expect(luz.get_by_text("It took place: 1")).to_be_visible()
    return luz.url
