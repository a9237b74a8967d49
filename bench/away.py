"""A visit without a signal on a phone that is slow: taking 200 families along, and sending a day's work.

The browser's processor is slowed to a quarter and its network to 1.6 Mbit/s each way with 150 ms before each answer. What the
browser does beside the page's own thread (encryption is one such thing) is not slowed by that. The house runs on the same machine.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from bench.ground.houses import ENGINES, asked, demonstration, served
from bench.measured import Measured
from tests import engines
from tests.journeys.installation import House

FAMILIES = 200
VISITS = 12
IN_THE_DEMONSTRATION = 700  # so many that one agency serves 200
SLOWER = 4
NETWORK = {"latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 1_600_000 / 8}
PREPARE, SEND = 15, 5  # seconds
PIN = "kite and sea 4711"


def measure() -> Iterator[Measured]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=engines.chromium_path(), args=list(engines.CHROMIUM_FLAGS))
        for engine, name in ENGINES.items():
            house = demonstration(engine, IN_THE_DEMONSTRATION)
            ready = asked(house, "caseload", str(FAMILIES))
            with served(house):
                prepared, sent, entries = _day(browser, house, ready["session"])
            yield Measured(
                f"taking {ready['families']} families along on a slow phone, {name}", prepared, "s", at_most=PREPARE
            )
            yield Measured(f"sending {VISITS} visits with forms, {entries} entries, {name}", sent, "s", at_most=SEND)
        browser.close()


def _day(browser: Any, house: House, session: str) -> tuple[float, float, int]:
    """Seconds to take the families along and to send, and how many entries were sent."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.set_default_timeout(120_000)
    context.add_cookies([{"name": "inmind_session", "value": session, "url": house.address}])
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("Network.enable")
    page.goto(f"{house.address}/away/")
    page.get_by_label("Choose a PIN for these visits").fill(PIN)
    page.get_by_label("The same once more").fill(PIN)
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    _phone(device, slow=True)
    started = time.perf_counter()
    page.get_by_label("The same once more").press("Enter")
    page.get_by_role("heading", name="Families you serve").wait_for()
    prepared = time.perf_counter() - started
    _phone(device, slow=False, signal=False)
    for number in range(VISITS):
        _visit(page, number)
    page.get_by_role("button", name="See each of them").click()
    entries = page.locator(".slots > li").count()
    started = time.perf_counter()
    _phone(device, slow=True)
    page.get_by_text("Everything you wrote has been sent.").wait_for()
    sent = time.perf_counter() - started
    refused = page.get_by_text("to be sorted", exact=True).count()
    context.close()
    if refused:
        raise RuntimeError(f"{refused} entries were not kept as they came")
    return prepared, sent, entries


def _phone(device: Any, *, slow: bool, signal: bool = True) -> None:
    device.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER if slow else 1})
    quick = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    device.send("Network.emulateNetworkConditions", {**(NETWORK if slow else quick), "offline": not signal})


def _visit(page: Any, number: int) -> None:
    """One family: a form with its ten answers by keys, and the visit with its note."""
    page.get_by_role("button", name="Open ").nth(number).click()
    page.get_by_role("button", name="Other forms").click()
    page.get_by_role("button", name="Begin: Edinburgh Postnatal Depression Scale,").first.click()
    page.get_by_role("button", name="Begin", exact=True).click()
    page.locator("input[name=item-epds_1]").first.focus()
    for key in "1213121434":  # the last is the mildest of the tenth
        page.keyboard.press(key)
    page.get_by_text("Kept on this device.", exact=True).last.wait_for()
    page.get_by_role("button", name="Finish", exact=True).click()
    page.get_by_role("button", name="Write down a visit").click()
    page.get_by_label("What the caregiver is proud of").fill(f"Something good, {number}")
    page.get_by_label("Note").fill("What happened, in two sentences. And what comes next." * 4)
    page.get_by_label("Minutes").fill(str(40 + number))
    page.get_by_role("button", name="Keep this visit").click()
    page.get_by_role("button", name="Families you serve").click()
    page.get_by_role("heading", name="Families you serve").wait_for()
