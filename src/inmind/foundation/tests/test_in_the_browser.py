"""The look in a real browser, phone and desktop: readable by everyone, within reach of a thumb, quick by keyboard.

The pages are drawn here and handed to the browser under the strict policy; nothing is served and no database is asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory

from inmind.foundation import gallery
from inmind.foundation.helplines import help_lines

AXE = Path(__file__).parents[4] / "tests" / "vendor" / "axe.min.js"
HERE = "http://localhost"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'"
)
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "/gallery/": ("foundation/gallery.html", gallery.context()),
    "/now/": (
        "foundation/help_now.html",
        {"agency": "Harbor Family Services", "on_call_name": "Dana", "agency_text": "Come to the side door and ring."},
    ),
    "/": ("frontdoor/front.html", {}),
    "/help/": ("frontdoor/help.html", {}),
    "/lost/": ("404.html", {}),
}
TOLD_ONCE = pytest.mark.parametrize("page", ["desktop"], indirect=True)  # what keys and clicks do has no width
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
Saver = Callable[[dict[str, str]], tuple[int, dict[str, Any]]]


class House:
    """Answers the browser: drawn pages, our own static files, and what a test says to an answer that is saved."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.saved: list[dict[str, str]] = []
        self.answers: Saver = lambda sent: (200, {"version": int(sent["version"]) + 1})
        page.route("**/*", self._answer)

    def open(self, path: str) -> Any:
        self.page.goto(HERE + path)
        return self.page

    def _answer(self, route: Any) -> None:
        path = urlsplit(route.request.url).path
        if route.request.method == "POST":
            sent = {name: said[0] for name, said in parse_qs(route.request.post_data, keep_blank_values=True).items()}
            self.saved.append(sent)
            status, said = self.answers(sent)
            route.fulfill(status=status, content_type="application/json", body=json.dumps(said))
        elif path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=file, content_type=KINDS[Path(file).suffix])
        elif path in PAGES:
            template, context = PAGES[path]
            text = render_to_string(
                template, {"help_lines": help_lines(), **context}, request=RequestFactory().get(path)
            )
            route.fulfill(body=text, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        else:
            route.fulfill(status=404, body="")


@pytest.fixture
def house(page: Any) -> House:
    return House(page)


def expect(thing: Any) -> Any:
    """Playwright's patient look at a thing; imported late, so that the suite runs where no browser is."""
    from playwright.sync_api import expect as look

    return look(thing)


def chosen(page: Any, row: int) -> str | None:
    return page.evaluate(f"document.querySelector('input[name=a{row}]:checked')?.value ?? null")


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_kept_out(house: House, path: str) -> None:
    """The accessibility rules of axe find nothing serious, and nothing moderate either."""
    page = house.open(path)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [(one["impact"], one["id"], one["nodes"][0]["target"]) for one in found] == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_hangs_over_the_edge_and_a_thumb_can_reach_it(house: House, path: str) -> None:
    """No page scrolls sideways, and what can be pressed is 44 pixels high (a choice is pressed by its whole card)."""
    page = house.open(path)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    small = page.evaluate("""[...document.querySelectorAll("a, button, summary, select, textarea, input, .choice")]
        .filter((one) => !one.matches("[type=radio], [type=checkbox], [type=hidden], .skip"))
        .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < 43.5)
        .map((one) => one.outerHTML.slice(0, 80))""")
    assert small == []


@TOLD_ONCE
def test_a_screen_is_entered_with_number_keys_alone(house: House) -> None:
    """A number chooses and goes on, Backspace says left blank; each answer is saved alone, on the version seen. A number
    that stands on no choice is no answer: it neither marks nor goes on."""
    page = house.open("/gallery/")
    page.focus("#a4-1")
    for key in ("4", "3", "0", "5", "Backspace", "Backspace", "1"):
        page.keyboard.press(key)
    expect(page.locator(".answers ~ [data-saved]")).to_have_text("Saved.")
    assert [chosen(page, row) for row in (4, 5, 6, 7, 8, 9)] == ["4", "3", "", "", "1", None]
    assert page.evaluate("document.activeElement.id") == "a9-1"
    expect(page.locator("form:has(.answers) [name=version]")).to_have_value("6")
    assert [sent["version"] for sent in house.saved] == [str(seen) for seen in range(1, 6)]
    assert len({sent["save_key"] for sent in house.saved}) == 5
    assert [name for sent in house.saved for name in sent if name.startswith("a")] == ["a4", "a5", "a6", "a7", "a8"]


def more_fields(house: House) -> Any:
    """A list and a text among the answers that are saved as they are chosen."""
    house.page.add_init_script("""document.addEventListener("readystatechange", () => {
        if (document.readyState === "interactive") document.querySelector("form:has([name=version]):has(.answers)").insertAdjacentHTML("afterbegin",
            "<label>One <select name=one><option value=''>none<option value=a>A<option value=b>B</select></label>" +
            "<label>Words <textarea name=spoken></textarea></label>");
    });""")
    return house.open("/gallery/")


@TOLD_ONCE
def test_a_choice_that_a_key_passes_over_is_not_meant_yet(house: House) -> None:
    """In a list each arrow is a change to the browser; only where somebody stays is it saved. What is pressed is, at once."""
    page = more_fields(house)
    page.focus("[name=one]")
    for _times in range(2):
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(300)
    assert house.saved == []
    page.keyboard.press("Tab")
    expect(page.locator(".answers ~ [data-saved]")).to_have_text("Saved.")
    assert [sent["one"] for sent in house.saved] == ["b"]
    page.select_option("[name=one]", "a")
    page.wait_for_timeout(300)
    assert [sent.get("one") for sent in house.saved] == ["b", "a"]


@TOLD_ONCE
def test_words_are_saved_in_each_rest_while_they_are_typed(house: House) -> None:
    """Nobody has to leave the field; emptied, it waits until it is left."""
    page = more_fields(house)
    page.focus("[name=spoken]")
    page.keyboard.type("He sings.")
    assert house.saved == []
    expect(page.locator(".answers ~ [data-saved]")).to_have_text("Saved.")
    assert [sent["spoken"] for sent in house.saved] == ["He sings."]
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.wait_for_timeout(2500)
    assert len(house.saved) == 1
    page.keyboard.press("Tab")
    for _patience in range(50):
        if len(house.saved) > 1:
            break
        page.wait_for_timeout(100)
    assert [sent["spoken"] for sent in house.saved] == ["He sings.", ""]


@TOLD_ONCE
def test_a_row_of_fields_that_names_nobody_stops_no_script(house: House) -> None:
    """The rows of a rota name a person and a back-up; the meetings of a training stand in rows that look alike and name nobody."""
    said: list[Any] = []
    house.page.on("pageerror", lambda error: said.append(error))
    house.page.add_init_script("""document.addEventListener("readystatechange", () => {
        if (document.readyState === "interactive") document.body.insertAdjacentHTML("beforeend", "<p class=rota-row>");
    })""")
    page = house.open("/gallery/")
    expect(page.locator("p.rota-row")).to_have_count(1)
    assert said == []


@TOLD_ONCE
def test_an_answer_that_needs_help_leads_there_at_once(house: House) -> None:
    """When the answer to a save names a page, that page is next; nobody has to finish the form first."""
    house.answers = lambda sent: (200, {"go": "/now/"})
    page = house.open("/gallery/")
    page.check("#a10-2", force=True)
    page.wait_for_url("**/now/")
    assert page.locator("h1").inner_text() == "Thank you for telling us. You are not alone with this."


@TOLD_ONCE
def test_an_arrow_key_that_passes_over_an_answer_that_weighs_is_no_answer_yet(house: House) -> None:
    """From left blank the first arrow stands on some answer at once: it is sent only once the row is left."""
    page = house.open("/gallery/")
    page.check("#a10-blank", force=True)
    expect(page.locator(".answers ~ [data-saved]")).to_have_text("Saved.")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    assert (chosen(page, 10), [sent["a10"] for sent in house.saved]) == ("3", [""])
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("Tab")
    assert [sent["a10"] for sent in house.saved] == ["", "3"]


@TOLD_ONCE
@pytest.mark.parametrize("key", ["Enter", " ", "3", None], ids=["enter", "space", "its digit", "a rest"])
def test_an_answer_reached_by_an_arrow_counts_once_it_is_meant(house: House, key: str | None) -> None:
    page = _with_a_clock_that_stands(house)
    page.focus("#a10-4")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(100)
    assert house.saved == []
    with page.expect_response(lambda response: response.request.method == "POST"):
        if key:
            page.keyboard.press(key)
        else:
            page.clock.run_for(2000)
    assert house.saved[0]["a10"] == "3"


@TOLD_ONCE
def test_a_click_or_a_digit_counts_at_once_where_an_answer_weighs(house: House) -> None:
    page = _with_a_clock_that_stands(house)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.click("#a10-2")
    page.focus("#a10-2")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("1")
    assert [sent["a10"] for sent in house.saved] == ["2", "1"]


def _with_a_clock_that_stands(house: House) -> Any:
    """The page with answers; what waits for a rest waits for ever, unless the clock is told to run."""
    house.page.clock.install()
    page = house.open("/gallery/")
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    return page


@TOLD_ONCE
def test_a_second_tab_is_told_and_stops_saving(house: House) -> None:
    """Somebody saved first: the server's own sentence stands on the page, and nothing more is sent over theirs."""
    house.answers = lambda sent: (409, {"error": "Someone saved this record after you opened it."})
    page = house.open("/gallery/")
    page.check("#a5-1", force=True)
    expect(page.locator(".answers ~ [data-saved]")).to_have_text("Someone saved this record after you opened it.")
    page.check("#a6-1", force=True)
    page.wait_for_timeout(150)
    assert len(house.saved) == 1


@TOLD_ONCE
def test_an_answer_given_without_a_signal_is_sent_when_it_returns(house: House) -> None:
    """Nothing typed is lost: the page says so, and sends it once the device is online again."""
    page = house.open("/gallery/")
    page.unroute("**/*")
    page.route("**/nowhere/", lambda route: route.abort("internetdisconnected"))
    page.check("#a5-3", force=True)
    expect(page.locator(".answers ~ [data-saved]")).to_have_text("Not saved yet. We will try again.")
    page.unroute("**/nowhere/")
    page.route("**/*", house._answer)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".answers ~ [data-saved]")).to_have_text("Saved.")
    assert [sent["a5"] for sent in house.saved] == ["3"]


@TOLD_ONCE
def test_what_was_refused_takes_the_cursor(house: House) -> None:
    """The summary of what a form refuses is read first, and its link leads into the field."""
    page = house.open("/gallery/")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.click(".error-summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "refused_name"


@TOLD_ONCE
def test_the_way_out_leaves_no_step_back(house: House) -> None:
    """Leaving puts the next page in the place of this one: the back button does not return to it."""
    page = house.open("/help/")
    page.evaluate("document.querySelector('[data-leave]').href = '/lost/'")
    page.click("[data-leave]")
    page.wait_for_url("**/lost/")
    page.go_back()
    assert page.url == "about:blank"
