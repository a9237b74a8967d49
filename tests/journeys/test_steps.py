"""What every story stands on: a click that opens a page is over when that page is there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.journeys import traces

PAGE = """<h1>{0}</h1><a href="/by-link/">A link</a> <a href="#here">Down this page</a>
<form method="post" action="/by-form/"><button>Send</button> <button type="button">Stay</button></form>"""


class Slow(BaseHTTPRequestHandler):
    """A page that comes in two parts, as pages do on a busy machine."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Slow</title>")
        self.wfile.flush()
        time.sleep(0.3)
        self.wfile.write(PAGE.format(self.path).encode())

    do_POST = do_GET

    def log_message(self, *said: object) -> None:
        """Nothing on the screen."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_what_is_read_after_a_click_is_the_whole_page_it_opened(browser: Any, address: str) -> None:
    """Read at once, without looking twice, by a link and by a form; what stays on its page is not waited for."""
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("link", name="Down this page").click()
    page.get_by_role("button", name="Stay").click()
    assert page.locator("h1").all_inner_texts() == ["/"]
    page.get_by_role("link", name="A link").click()
    assert page.locator("h1").all_inner_texts() == ["/by-link/"]
    page.get_by_role("button", name="Send").click()
    assert page.locator("h1").all_inner_texts() == ["/by-form/"]
    page.close()


@pytest.mark.parametrize(
    "keeps",
    [
        "localStorage.setItem('a', 'Mateo')",
        "sessionStorage.setItem('Mateo', '1')",
        "document.cookie = 'a=Mateo'",
        "caches.open('a').then(cache => cache.put('/a', new Response('<p>Mateo</p>')))",
        "new Promise(done => { const asked = indexedDB.open('a'); asked.onupgradeneeded = () => asked.result.createObjectStore("
        "'s', {autoIncrement: true}).put({deep: [new TextEncoder().encode('Mateo')]}); asked.onsuccess = () => {"
        " asked.result.close(); done(); }; })",
    ],
    ids=["local storage", "session storage", "cookie", "cache", "indexed database"],
)
def test_what_a_browser_keeps_is_found_wherever_it_stands(browser: Any, address: str, keeps: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.evaluate(keeps)
    kept = {"this device": traces.kept_by(page, context)}
    assert traces.found_in(kept, {"mateo"}) == ["mateo in this device"]
    context.close()
