"""A grandmother at a library's computer, in Spanish and without an account: she looks, prints, and asks to be called.

Whoever sits down there after her finds nothing of hers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import steps, traces
from tests.journeys.installation import House

HERS = {
    "name": "Consuelito",
    "number": "512-555-0186",
    "when": "despues de las siete",
    "words": "Es para mi nietecita.",
}


@pytest.mark.parametrize("device", ["desktop"], indirect=True)
def test_a_grandmother_finds_help_and_leaves_nothing_behind(demonstration: House, device: Callable[..., Any]) -> None:
    page, house = device(), demonstration
    page.goto(house.address)
    page.locator("a[href='/find/']").click()
    page.locator("a[hreflang=es]").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    steps.is_sound(page)
    page.locator("[name=who][value=born]").check()
    page.locator("[name=y]").select_option("1")
    page.locator("[name=m]").select_option("8")
    page.locator("[name=about][value='9']").check()
    page.locator("form.finder-form button").click()
    expect(page.get_by_text("Intervención temprana: un derecho hasta los tres años")).to_be_visible()
    expect(page.locator("article").first).to_be_visible()
    steps.is_sound(page)
    results = page.url
    page.locator("a[href^='/find/print/']").first.click()
    expect(page.locator(".find-code svg")).to_be_visible()
    steps.is_sound(page)
    page.goto(results)
    _ask_to_be_called(page)
    _nothing_of_hers_is_left(page, house, device)


def _ask_to_be_called(page: Any) -> None:
    page.locator("a[href^='/find/call/']").first.click()
    steps.is_sound(page)
    for name, said in HERS.items():
        page.locator(f"[name={name}]").fill(said)
    page.locator("form[data-forget] button").click()
    page.wait_for_url("**/next/**")
    expect(page.locator("main")).not_to_contain_text(HERS["name"])
    steps.is_sound(page)
    page.go_back()
    expect(page.locator("[name=name]")).to_have_value("")
    expect(page.locator("[name=number]")).to_have_value("")


def _nothing_of_hers_is_left(page: Any, house: House, device: Any) -> None:
    """No word of hers stands on the computer, in an address, the log, a letter, or in clear in the database."""
    words = {said.lower() for said in HERS.values()}
    texts = traces.written_by(house) | {"addresses": "\n".join(device.asked)}
    texts["the computer"] = traces.kept_on(page.context, house)
    for file in house.home.glob("inmind.sqlite3*"):
        texts[file.name] = file.read_bytes().decode("latin-1")
    assert not traces.found_in(texts, words)
    assert {one["name"] for one in page.context.cookies()} <= {
        "inmind_language",
        "csrftoken",
    }  # the second: the first page's
