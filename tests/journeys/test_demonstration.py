"""Stories that begin in the demonstration: its links, its pages by keyboard alone, in Spanish, in two tabs."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import steps
from tests.journeys.installation import House

# What happens in these stories has nothing to do with the width; their pages are looked at in both.
TOLD_ONCE = pytest.mark.parametrize("device", ["desktop"], indirect=True)


def link_of(house: House, role: str) -> str:
    """The one-time link that `serve --demo-links` printed for a role: the line after the role's own."""
    log, printed = house.home / "serve.log", re.compile(rf"^  {role}: .*\n +(\S+/sign-in/link/\S+)\n", re.MULTILINE)
    house._wait(lambda: printed.search(log.read_text()), f"no link was printed for {role}")
    found = printed.search(log.read_text())
    assert found is not None
    return found.group(1)


def enter(device: Callable[..., Any], house: House, role: str) -> Any:
    page = device()
    steps.open_link(page, link_of(house, role))
    page.wait_for_url("**/today/")
    return page


@TOLD_ONCE
@pytest.mark.parametrize(
    "roles",
    [
        ("Home visitor", "Clinician", "Family service coordinator"),
        ("Agency supervisor", "Privacy officer", "Administrator"),
    ],
    ids=["who serve families", "who look after them and the house"],
)
def test_every_page_of_every_role_is_sound(
    demonstration: House, device: Callable[..., Any], roles: tuple[str, ...]
) -> None:
    """Each role comes in by its link, which stands in for both factors, and works once; each page it can reach is sound."""
    for role in roles:
        page = enter(device, demonstration, role)
        for address in _reachable(page, demonstration):
            page.goto(address)
            steps.is_sound_at_each_width(page)
    again = device()
    again.goto(link_of(demonstration, roles[-1]))
    again.get_by_role("heading", name="This link no longer works").wait_for()


# What a browser keeps as a file is no page to be looked at.
FILES = re.compile(r"/file/$|/hsds\.zip$|/referrals/(in/)?ID/paper/$|/formulations/ID/(report|for-the-family)/paper/$")


def _reachable(page: Any, house: House) -> list[str]:
    """The addresses one or two steps away from Today, one of each kind."""
    seen: dict[str, str] = {}
    waiting = [page.url]
    for _ in range(12):
        if not waiting:
            break
        page.goto(waiting.pop(0))
        for path in page.evaluate(
            "[...document.querySelectorAll(\"a[href^='/']\")].map(one => one.getAttribute('href'))"
        ):
            address = house.address + path
            kind = re.sub(r"[0-9a-f-]{36}", "ID", address.split("?")[0])
            if kind not in seen and not FILES.search(kind):
                seen[kind] = address
                waiting.append(address)
    return list(seen.values())


@TOLD_ONCE
def test_a_screen_is_entered_by_keyboard_alone(demonstration: House, device: Callable[..., Any]) -> None:
    """Tab to the family, to the caregiver's page, to the screen; ten digits; Enter. No mouse, no touch."""
    page = enter(device, demonstration, "Home visitor")
    _tab_to(page, "main a[href^='/families/']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/families/[0-9a-f-]{36}/"))
    _tab_to(page, f"main a[href='{_own_page(page)}']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/episodes/"))
    _tab_to(page, "input[name=instrument]")
    page.keyboard.press("Space")
    _tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/answers/"))
    _tab_to(page, "input[name=epds_1]")
    for digit in "1144444444":  # the calmest answer to each: the first two are printed best first
        page.keyboard.press(digit)
    page.locator("[data-saved]").get_by_text("Saved").wait_for()
    _tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/screens/[0-9a-f-]{36}/$"))
    steps.is_sound_at_each_width(page)


def _own_page(page: Any) -> str:
    """The address of the first adult's own page, as the family's page gives it."""
    return str(page.get_by_role("link", name=re.compile(r"^Open .+ page$")).first.get_attribute("href"))


def _tab_to(page: Any, selector: str) -> None:
    """Press Tab until the cursor stands on such a control; every stop on the way must be visible."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => !!document.activeElement && document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector} on {page.url}")


@TOLD_ONCE
def test_two_tabs_lose_nothing(demonstration: House, device: Callable[..., Any]) -> None:
    """The same screen open twice without script: the second tab is shown both texts, and nothing it typed is gone."""
    page = enter(device, demonstration, "Home visitor")
    page.goto(
        page.locator("main a[href^='/families/']").first.get_attribute("href")
        and page.evaluate("document.querySelector(\"main a[href^='/families/']\").href")
    )
    page.locator(f"main a[href='{_own_page(page)}']").first.click()
    page.get_by_label("PHQ-9").check()
    page.get_by_role("button", name="Enter it from paper").click()
    page.wait_for_url("**/answers/")
    address, cookies = page.url, page.context.cookies()
    plain = device(java_script_enabled=False)
    plain.context.add_cookies(cookies)
    other = plain.context.new_page()
    for tab in (plain, other):
        tab.goto(address)
    _choose(plain, "phq9_1", 1)
    plain.locator("main form button.button").last.click()
    plain.wait_for_url(re.compile(r"/screens/[0-9a-f-]{36}/$"))
    _choose(other, "phq9_2", 3)
    other.locator("main form button.button").last.click()
    other.get_by_role("heading", name="Someone saved this while you were writing").wait_for()
    assert other.locator("input[name=phq9_2]").nth(3).is_checked()


def _choose(page: Any, item: str, place: int) -> None:
    page.locator(f"input[name={item}]").nth(place).check()


@TOLD_ONCE
def test_the_public_pages_speak_spanish(demonstration: House, device: Callable[..., Any]) -> None:
    """A grandmother on her phone: the first page and the help page in Spanish, marked as not reviewed yet."""
    page = device()
    page.goto(f"{demonstration.address}/")
    page.get_by_role("button", name="Español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    steps.is_sound_at_each_width(page)
    page.goto(f"{demonstration.address}/help/")
    page.get_by_text("988").first.wait_for()
    assert page.locator("html").get_attribute("lang") == "es"
    steps.is_sound_at_each_width(page)


@TOLD_ONCE
def test_leaving_quickly_leaves_no_trace_in_the_house(demonstration: House, device: Callable[..., Any]) -> None:
    """After signing out the back button shows nothing of a family."""
    page = enter(device, demonstration, "Home visitor")
    page.locator("main a[href^='/families/']").first.click()
    page.wait_for_url(re.compile(r"/families/[0-9a-f-]{36}/"))
    name = page.locator("h1").inner_text()
    page.locator("details.person summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.go_back()
    assert page.get_by_role("heading", name=name, exact=True).count() == 0


@TOLD_ONCE
@pytest.mark.parametrize("profile", ["association", "agency"])
def test_each_profile_boots(house: House, device: Callable[..., Any], profile: str) -> None:
    """An association keeps no family: no table, no route, no navigation; an agency does."""
    house.begin("--profile", profile, "--name", "One House", "--zone", "America/Denver")
    house.serve()
    page = device()
    steps.open_link(page, house.first_link)
    steps.is_sound_at_each_width(page)
    steps.enrol(page)
    answer = page.goto(f"{house.address}/families/")
    keeps_families = profile == "agency"
    assert answer.status == (403 if keeps_families else 404)  # an administrator sees no family in any profile
    tables = _tables(house.home / "inmind.sqlite3") if not house.database_url else set()
    of_families = {table for table in tables if table.startswith(("families_", "screening_"))}
    assert house.database_url or bool(of_families) is keeps_families


def _tables(file: Path) -> set[str]:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    database.close()
    return {name for (name,) in rows}
