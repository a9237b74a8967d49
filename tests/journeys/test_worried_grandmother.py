"""A worried grandmother, and no screen anywhere: her worry becomes a next step with a person and a day; the map is theirs.

Luz sits at the kitchen table with Elena, who has noticed something and has been told before that it will pass.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys import steps
from tests.journeys.harbor import Harbor
from tests.journeys.installation import House

WORRY = "He does not turn to me any more when I call him."


@pytest.mark.both_databases
def test_a_worried_grandmother_without_any_screen_gets_a_next_step(harbor: Harbor) -> None:
    house, luz = harbor.house, harbor.enter("Luz")
    _register(luz, house)
    dyad = luz.url
    _say_the_worry(luz)
    _see_it_on_the_familys_page(luz)
    _take_the_step_from_today(luz, house)
    luz.goto(dyad)
    luz.get_by_text("Done:").last.wait_for(state="attached")
    assert luz.get_by_text("Points").count() == 0
    _what_is_due(luz)
    _draw_the_map(luz, dyad)


def _register(luz: Any, house: House) -> None:
    luz.goto(f"{house.address}/families/new/")
    luz.get_by_label("Born", exact=True).check()
    luz.get_by_label("Baby's first name").fill("Mateo")
    luz.get_by_label("Born on").fill("2025-12-01")
    luz.get_by_label("First name", exact=True).fill("Elena")
    luz.get_by_label("Cares for the child as").select_option("grandmother")
    luz.get_by_label("Phone").fill("555-0177")
    luz.get_by_label("yes", exact=True).check()
    luz.get_by_role("button", name="Register this family").click()
    luz.get_by_role("heading", name="Mateo", exact=True).wait_for()
    steps.is_sound(luz)


def _say_the_worry(luz: Any) -> None:
    """First nothing is said, and the page says what is missing; then her words, and the step that follows."""
    luz.get_by_role("link", name="Write down a worry").click()
    steps.is_sound(luz)
    luz.get_by_role("button", name="Keep this worry and its next step").click()
    luz.get_by_text("The worry itself is missing").first.wait_for()
    luz.get_by_label("Elena").check()
    luz.get_by_label("What are they worried about?").fill(WORRY)
    luz.get_by_label("Call and listen").check()
    luz.get_by_role("button", name="Keep this worry and its next step").click()
    luz.get_by_text("Heard, and kept").wait_for()


def _see_it_on_the_familys_page(luz: Any) -> None:
    luz.get_by_role("heading", name="On the way to support").wait_for()
    luz.get_by_text("Worry heard").wait_for()
    luz.get_by_text(WORRY).wait_for(state="hidden")
    luz.get_by_text("Read it when nobody looks over your shoulder").click()
    luz.get_by_text(WORRY).wait_for()
    steps.is_sound(luz)


def _take_the_step_from_today(luz: Any, house: House) -> None:
    """Owner and day stand on Today; the number that is safe is one tap away; it is closed with what was done."""
    luz.goto(f"{house.address}/today/")
    luz.get_by_role("heading", name="Call and listen, with Elena").wait_for()
    steps.is_sound(luz)
    luz.get_by_role("link", name=re.compile("^Open$")).first.click()
    luz.get_by_text(WORRY).wait_for()
    assert luz.get_by_role("link", name="555-0177").get_attribute("href") == "tel:5550177"
    steps.is_sound(luz)
    luz.get_by_label("What did you do?").fill("Called Elena and listened. We look at it together on Tuesday.")
    luz.get_by_role("button", name="Close with these words").click()
    luz.wait_for_url("**/today/")
    assert luz.get_by_text("Call and listen, with Elena").count() == 0


def _what_is_due(luz: Any) -> None:
    """The line says why, and a screen that was done elsewhere is written down with its day."""
    luz.get_by_role("heading", name="Due at this visit").wait_for()
    luz.get_by_text("All that is asked for, and where it comes from").click()
    luz.get_by_text("a setting that comes with InMind, not a rule of theirs").wait_for()
    steps.is_sound(luz)
    luz.get_by_role("link", name="It was done elsewhere").first.click()
    steps.is_sound(luz)
    luz.get_by_role("button", name="Keep this").click()
    luz.get_by_text("The list of what is due has changed").wait_for()
    luz.goto(luz.url.split("/families/")[0] + "/due/")
    luz.get_by_role("heading", name="What is due").wait_for()
    steps.is_sound(luz)


def _draw_the_map(luz: Any, dyad: str) -> None:
    """Elena is called Abuela at home, and so she is on the map; Luz stays on the care team when she is left out of it."""
    luz.goto(dyad)
    luz.get_by_role("link", name="Change this map with the family").click()
    steps.is_sound(luz)
    luz.get_by_label("On the map, Elena").fill("Abuela")
    luz.get_by_label("Leave Luz out of our map").check()
    luz.get_by_role("button", name="Draw the map like this").click()
    luz.get_by_text("as the family wants it").wait_for()
    picture = luz.locator(".holding svg").first
    assert "Abuela" in (picture.text_content() or "")
    assert "Luz" not in (picture.text_content() or "")
    luz.get_by_role("link", name="Print this map").click()
    luz.get_by_text("Those who care for the child", exact=True).wait_for()
    steps.is_sound(luz)
