"""A toddler's screen and its second stage: a home visitor at a kitchen table, the sheets on paper, a phone in her hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journeys import steps
from tests.journeys.installation import House
from tests.journeys.test_demonstration import enter


def test_some_answers_about_a_toddler_lead_to_both_teams_now(demonstration: House, device: Callable[..., Any]) -> None:
    """All marked yes counts three; the Follow-Up asks those three; two still stand; and one was entered wrongly."""
    luz = enter(device, demonstration, "Home visitor")
    _register(luz, demonstration)
    luz.get_by_role("link", name="Open Ainhoa’s page").click()
    steps.is_sound(luz)
    luz.get_by_label("M-CHAT-R, for children of 16 to 30 months").check()
    luz.get_by_role("button", name="Enter it from paper").click()
    luz.get_by_text("Please look at this again").wait_for()  # nobody was named who answered
    luz.get_by_label("Itziar Etxeberria").check()
    luz.get_by_role("button", name="Enter it from paper").click()
    _mark(luz, "mchatr_1", "1" * 20)
    luz.get_by_text("Give the Follow-Up, only for the answers that are worth a closer look.").wait_for()
    steps.is_sound(luz)
    first = luz.url

    luz.get_by_role("button", name="Begin it now").click()
    assert luz.get_by_role("group").filter(has=luz.get_by_role("radio")).count() == 3
    _mark(luz, "mchatrf_2", "222")
    luz.get_by_text("Refer now to both early intervention and diagnostic evaluation.").wait_for()
    luz.get_by_text("Some answers about Ainhoa are worth a closer look now.", exact=False).wait_for()
    steps.is_sound(luz)

    luz.get_by_role("link", name="Correct what was entered wrongly").click()
    steps.is_sound(luz)
    luz.get_by_role("group", name="noise upset").get_by_role("radio").first.check()
    luz.get_by_role("button", name="Keep the correction").click()
    luz.get_by_text("The reason is missing.").first.wait_for()  # and what was marked is still marked
    assert luz.get_by_role("group", name="noise upset").get_by_role("radio").first.is_checked()
    luz.get_by_label("Why it is corrected").fill("The path of the twelfth ended in the other box.")
    luz.get_by_role("button", name="Keep the correction").click()
    luz.get_by_role("link", name="See what stood before, and why").click()
    luz.get_by_text("The path of the twelfth ended in the other box.").wait_for()
    steps.is_sound(luz)

    luz.goto(first)
    luz.get_by_role("link", name="Open it").wait_for()
    _begin_the_swyc(luz)


def _begin_the_swyc(luz: Any) -> None:
    """The form is found by the age; its first part is entered by keys, and the next one waits."""
    luz.get_by_role("link", name="The child’s own page").click()
    luz.get_by_role("link", name="Begin: SWYC").click()
    luz.get_by_text("Today it is the 18-month form").wait_for()
    steps.is_sound(luz)
    luz.get_by_label("Itziar Etxeberria").check()
    luz.get_by_role("button", name="Go to its parts").click()
    luz.get_by_text("0 of 5 parts are finished.").wait_for()
    steps.is_sound(luz)
    luz.get_by_role("button", name="Next part").click()
    luz.get_by_role("button", name="Finish this part").wait_for()
    luz.locator("input[name=swycmilestones_1]").first.focus()
    for _ in range(10):
        luz.keyboard.press("2")  # the points that are printed
    luz.get_by_role("button", name="Finish this part").click()
    luz.get_by_text("1 of 5 parts are finished.").wait_for()


def _register(luz: Any, house: House) -> None:
    luz.goto(f"{house.address}/families/new/")
    luz.get_by_label("Born", exact=True).check()
    luz.get_by_label("Baby's first name").fill("Ainhoa")
    luz.get_by_label("Born on").fill((datetime.now(UTC).date() - timedelta(days=610)).isoformat())
    luz.get_by_label("First name", exact=True).fill("Itziar")
    luz.get_by_label("Last name", exact=False).last.fill("Etxeberria")
    luz.get_by_label("Cares for the child as").select_option("mother")
    luz.get_by_role("button", name="Register this family").click()
    luz.get_by_role("heading", name="Ainhoa", exact=True).wait_for()


def _mark(luz: Any, first: str, digits: str) -> None:
    """By keys alone: each digit marks a row and goes on to the next."""
    luz.wait_for_url("**/answers/")
    steps.is_sound(luz)
    luz.locator(f"input[name={first}]").first.focus()
    for digit in digits:
        luz.keyboard.press(digit)
    luz.get_by_role("button", name="Finish and see the result").click()
    luz.wait_for_url(re.compile(r"/screens/[0-9a-f-]{36}/$"))
