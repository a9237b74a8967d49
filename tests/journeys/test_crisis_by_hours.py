"""Who reads when: a clinician on call who does not answer is climbed over, and a crisis at an hour at which nobody reads.

Ngozi, the supervisor, writes the week down at her desk or on her phone; Luz sits beside María; Dana is on call and her
phone is off; Noor is behind her.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.journeys import steps
from tests.journeys.harbor import ZONE, Harbor
from tests.journeys.installation import House

SILENCE = timedelta(minutes=1, seconds=1)  # the agency's own minute, and a moment


@pytest.mark.both_databases
def test_silence_is_climbed_over_and_a_night_is_told_as_it_is(harbor: Harbor) -> None:
    house, ngozi, luz, noor = harbor.house, harbor.enter("Ngozi"), harbor.enter("Luz"), harbor.enter("Noor")
    _register(luz, house)
    _write_the_week(ngozi, house, everyday=True)
    _a_crisis(luz, house)
    luz.get_by_text("Dana Example is on call and reads this now.").wait_for()
    _ask_whether_to_call_back(luz)
    assert "María" not in house.letter_to("dana@example.org")
    _noor_answers_for_dana(noor, house)

    _write_the_week(ngozi, house, everyday=False)
    _a_crisis(luz, house)
    _the_truth_of_the_night(luz)


def _register(luz: Any, house: House) -> None:
    luz.goto(f"{house.address}/families/new/")
    luz.get_by_label("Born", exact=True).check()
    luz.get_by_label("Baby's first name").fill("Ángel")
    luz.get_by_label("Born on").fill("2026-05-01")
    luz.get_by_label("First name", exact=True).fill("María")
    luz.get_by_label("Cares for the child as").select_option("mother")
    luz.get_by_role("button", name="Register this family").click()
    luz.get_by_role("heading", name="Ángel", exact=True).wait_for()


def _write_the_week(ngozi: Any, house: House, *, everyday: bool) -> None:
    """Day and night; or two hours of a single weekday that is some days away. Looked at first, by keyboard, then saved."""
    ngozi.goto(f"{house.address}/agency/on-call/")
    row = ngozi.get_by_role("group", name="Row 1").first
    for number, day in enumerate(row.get_by_role("checkbox").all()):
        day.set_checked(everyday or number == _some_days_away().weekday())
    start, end = ("00:00", "00:00") if everyday else ("08:00", "10:00")
    row.get_by_label("From").fill(start)
    row.get_by_label("To").fill(end)
    row.get_by_label("Who reads").select_option("Dana Example")
    row.get_by_label("Back-up").select_option("Noor Example")
    ngozi.get_by_label("In these hours: minutes until others are told").fill("1")
    look = ngozi.get_by_role("button", name="Look at the week before saving")
    look.focus()
    ngozi.keyboard.press("Enter")
    ngozi.get_by_text("not saved yet").wait_for()
    ngozi.get_by_role("img", name=re.compile("hours of the week")).wait_for()
    steps.is_sound(ngozi)
    ngozi.get_by_role("button", name="Save this week").click()
    ngozi.get_by_text("From now on these hours and turns hold.").wait_for()
    steps.is_sound(ngozi)


@cache
def _some_days_away() -> datetime:
    """One day for the whole story, be it told at midnight."""
    return datetime.now(ZoneInfo(ZONE)) + timedelta(days=3)


def _a_crisis(luz: Any, house: House) -> None:
    """María gives back the sheet; her answer to the tenth question is the third from the top."""
    luz.goto(f"{house.address}/families/")
    luz.get_by_label("Find a child or an adult by name").fill("maria")
    luz.get_by_role("button", name="Find").click()
    luz.get_by_role("link", name="María").first.click()
    luz.get_by_role("link", name=re.compile("Open .* page")).first.click()
    luz.get_by_text("An answer about hurting oneself:").wait_for()  # said before the first question
    luz.get_by_label(re.compile("^EPDS:")).check()
    luz.get_by_role("button", name="Enter it from paper").click()
    luz.get_by_role("group", name="self-harm thoughts").get_by_role("radio").nth(2).click()
    luz.wait_for_url("**/help/")
    steps.is_sound(luz)


def _ask_whether_to_call_back(luz: Any) -> None:
    luz.get_by_label("Yes, please call").check()
    luz.get_by_label("On which number is it safe?").fill("555-0199")
    luz.get_by_label("When is it safe?").fill("when the baby sleeps")
    luz.get_by_role("button", name="Write this down").click()
    luz.get_by_text("Written down: please call.").wait_for()
    assert luz.get_by_text("555-0199").count() == 0
    steps.is_sound(luz)


def _noor_answers_for_dana(noor: Any, house: House) -> None:
    """Dana does not answer: after the agency's minute Noor is written to, opens it, calls on the number that is safe."""
    noor.goto(f"{house.address}/today/")
    assert noor.get_by_role("link", name="Open this now").count() == 0
    noor.get_by_text("When you are on call").wait_for()
    house.passes(SILENCE)
    letter = house.letter_to("noor@example.org")
    assert "María" not in letter
    assert "555-0199" not in letter
    noor.goto(f"{house.address}/today/")
    steps.is_sound(noor)
    noor.get_by_role("link", name="Open this now").click()
    noor.get_by_text("With Dana Example and Noor Example").wait_for()
    noor.get_by_role("link", name="555-0199").wait_for()
    steps.is_sound(noor)
    noor.get_by_label("What did you do?").fill("We spoke for half an hour; her sister stays tonight.")
    noor.get_by_role("button", name="Close with these words").click()
    noor.get_by_text("A call back was asked for. Say what came of it.").first.wait_for()
    noor.get_by_label("We spoke", exact=True).check()
    noor.get_by_role("button", name="Close with these words").click()
    noor.wait_for_url("**/today/")


def _the_truth_of_the_night(luz: Any) -> None:
    """Nobody reads now, from when on somebody does, and who answers at this very moment."""
    weekday = _some_days_away().strftime("%A")
    luz.get_by_text(re.compile(f"Nobody here reads this before 8 a.m. on {weekday}")).wait_for()
    assert luz.get_by_text("reads this now").count() == 0
    assert luz.get_by_role("link", name=re.compile("Call 988")).get_attribute("href") == "tel:988"
