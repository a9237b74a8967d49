"""Two Marias are put together and parted again: Luz registers her twice; Joan, the data steward, never reads her name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys import steps
from tests.journeys.installation import House
from tests.journeys.test_demonstration import enter


@pytest.mark.both_databases
def test_two_marias_are_put_together_and_parted_again(demonstration: House, device: Callable[..., Any]) -> None:
    """María with Mateo in spring; in autumn somebody types Maria with Lucía. The way there, the old link, and back."""
    luz = enter(device, demonstration, "Home visitor")
    first = _register(luz, demonstration, "Mateo", "María", "Quintanilla Böll", "2024-02-03")
    second = _register(luz, demonstration, "Lucía", "Maria", "Quintanilla Boll", "2026-01-09", asked=True)
    own_page = luz.get_by_role("link", name=re.compile("Open .* page")).first.get_attribute("href")
    joan = enter(device, demonstration, "Data steward")
    joan.goto(f"{demonstration.address}/duplicates/")
    steps.is_sound(joan)
    joan.locator("main .plain-list a").first.click()
    joan.get_by_role("heading", name="Are they one person?").wait_for()
    steps.is_sound(joan)
    assert "Quintanilla" not in joan.content()
    joan.get_by_role("button", name="Put them together").click()
    joan.locator(".error-summary").wait_for()  # nothing is chosen for her
    for group in joan.locator("main fieldset").all():
        group.locator("input[type=radio]").first.check()
    joan.get_by_role("button", name="Put them together").click()
    joan.get_by_text("They are one record now").wait_for()
    steps.is_sound(joan)

    luz.goto(f"{demonstration.address}{own_page}")
    assert not luz.url.endswith(str(own_page)), "the old address leads to the new one"
    assert luz.get_by_role("heading", level=1).count() == 1
    names = {_adults(luz, page) for page in (first, second)}
    assert len(names) == 1, "one person, with one name, beside both children"

    joan.get_by_role("button", name="Part them again").click()
    joan.get_by_text("They are two records again").wait_for()
    assert {_adults(luz, page) for page in (first, second)} == {"María", "Maria"}
    luz.goto(f"{demonstration.address}{own_page}")
    assert luz.url.endswith(str(own_page))


def _register(luz: Any, house: House, child: str, given: str, family: str, born: str, *, asked: bool = False) -> str:
    luz.goto(f"{house.address}/families/new/")
    luz.get_by_label("Born", exact=True).check()
    luz.get_by_label("Baby's first name").fill(child)
    luz.get_by_label("Born on").fill(born)
    luz.get_by_label("First name", exact=True).fill(given)
    luz.get_by_label("Last name", exact=False).last.fill(family)
    luz.get_by_label("Cares for the child as").select_option("mother")
    luz.get_by_label("Phone").fill("555-014-2000")
    luz.get_by_role("button", name="Register this family").click()
    if asked:
        luz.get_by_role("heading", name="Is it one of these?").wait_for()
        steps.is_sound(luz)
        luz.get_by_role("button", name="None of these: register this family").click()
    luz.get_by_role("heading", name=child, exact=True).wait_for()
    return str(luz.url)


def _adults(luz: Any, page: str) -> str:
    luz.goto(page)
    found = re.search(r"Mar[ií]a", luz.locator("main").inner_text())
    assert found is not None
    return found.group()
