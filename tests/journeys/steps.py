"""What people do again and again in the stories: open a link, enrol an authenticator, read a page for barriers."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from tests.journeys.installation import PATIENCE, House, code_of

# All that axe judges by: every element with its attributes and whether it says anything, at this width and scheme.
HOW_IT_IS_BUILT = """() => {
  const built = document.documentElement.cloneNode(true), texts = document.createTreeWalker(built, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.trim() ? "x" : " ";
  for (const one of built.querySelectorAll("*")) for (const {name, value} of [...one.attributes])
    if (["href", "value", "content", "action", "nonce", "src", "datetime", "title"].includes(name)) one.setAttribute(name, value ? "x" : "");
    else one.setAttribute(name, value.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "x"));
  const states = [...document.querySelectorAll("input, option, details")].map(one => [one.checked, one.selected, one.open, !!one.value, one.disabled]);
  return [innerWidth, document.documentElement.lang, document.title ? "titled" : "", JSON.stringify(states), built.outerHTML].join("\\n");
}"""
_passed: set[bytes] = set()
# Without the rules that never find anything serious (axe gives what a rule finds the rule's own impact), and without
# fetching style sheets and films once more, which only such rules, and experimental ones, ask for.
RUN = """() => axe.run({resultTypes: ["violations"], preload: false, rules: Object.fromEntries(axe._audit.rules
  .filter(rule => ["minor", "moderate"].includes(rule.impact)).map(rule => [rule.id, {enabled: false}]))})"""
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")


def open_link(page: Any, link: str) -> None:
    """Open a mailed link and press its one button."""
    page.goto(link)
    page.get_by_role("button", name="Sign in", exact=True).click()


def enrol(page: Any) -> str:
    """Enrol an authenticator from the welcome page, keep the recovery codes, and arrive on Today. Returns the secret."""
    page.get_by_role("link", name="Set it up now").click()
    secret = re.sub(r"\s", "", page.locator("form code").first.inner_text())
    page.get_by_label("The six digits it shows now").fill(code_of(secret))
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/today/")
    return secret


def arrive(page: Any, house: House, address: str) -> None:
    """From the invitation's letter to Today, with both factors."""
    open_link(page, house.link_to(address))
    enrol(page)


def invite(page: Any, *, given: str, family: str, address: str, role: str) -> None:
    """Invite somebody from the people page."""
    page.get_by_role("link", name="Invite someone").click()
    is_sound(page)
    page.get_by_label("First name").fill(given)
    page.get_by_label("Last name").fill(family)
    page.get_by_label("Work email").fill(address)
    page.locator(f"input[name=role][value={role}]").check()
    page.locator("main form button.button").last.click()
    page.get_by_text("A letter with a link is on its way").wait_for()


def comes(page: Any, what: Any) -> None:
    """Load a page again until something stands on it that a job of the house brings."""
    for _ in range(PATIENCE):
        page.reload()
        if what.count():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{page.url} does not show {what}")


def has_no_barrier(page: Any) -> None:
    """axe finds nothing serious on this page; one that is built like a page it has passed is not looked at again."""
    page.wait_for_load_state()  # a page that a script or a key has opened may still be coming
    built = hashlib.sha256(page.evaluate(HOW_IT_IS_BUILT).encode()).digest()
    if built in _passed:
        return
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    found = page.evaluate(RUN)
    serious = [
        f"{one['id']}: {node['target']}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
    assert not serious, f"{page.url}: {serious}"
    _passed.add(built)


def fits(page: Any) -> None:
    """Nothing runs out of the page sideways, and the rooms at its top stand in one line."""
    wide, shown, rooms = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth,"
        " document.querySelector('nav.rooms')?.getBoundingClientRect().height ?? 0]"
    )
    assert wide <= shown, f"{page.url} is {wide} wide on a device of {shown}"
    assert rooms < 60, f"{page.url}: the rooms at the top are {rooms} high"


def is_sound(page: Any) -> None:
    has_no_barrier(page)
    fits(page)


def is_sound_at_each_width(page: Any) -> None:
    """The page that is open, as a phone and as a desk shows it: for what differs in nothing but width."""
    for width, height in ((390, 844), (1280, 900)):
        page.set_viewport_size({"width": width, "height": height})
        is_sound(page)


def go_to(page: Any, room: str) -> None:
    """By the rooms at the top: one line, on a phone with those that it does not hold folded behind one more."""
    rooms = page.locator("nav.rooms")
    if page.viewport_size["width"] < 500:
        rooms.get_by_text("More", exact=True).click()
        rooms.get_by_role("link", name=room).wait_for()
        is_sound(page)
    rooms.get_by_role("link", name=room).click()


def put_on_call_day_and_night(supervisor: Any) -> None:
    """Dana reads at all hours; the week is looked at before it is saved."""
    row = supervisor.get_by_role("group", name="Row 1").first
    for day in row.get_by_role("checkbox").all():
        day.check()
    row.get_by_label("From").fill("00:00")
    row.get_by_label("To").fill("00:00")
    row.get_by_label("Who reads").select_option("Dana Example")
    is_sound(supervisor)
    supervisor.get_by_role("button", name="Look at the week before saving").click()
    supervisor.get_by_text("not saved yet").wait_for()
    is_sound(supervisor)
    supervisor.get_by_role("button", name="Save this week").click()
    supervisor.get_by_text("Dana Example is on call now.").wait_for()
