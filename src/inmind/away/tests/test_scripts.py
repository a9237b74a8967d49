"""The scripts of a visit without a signal, each by itself in a browser: no house stands behind them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

HERE = Path(__file__).parent
SCRIPTS = HERE.parent / "static" / "away"


class Scripts(SimpleHTTPRequestHandler):
    """The scripts as they are, the histories beside them, and an empty page."""

    def do_GET(self) -> None:
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Empty</title>")
        else:
            super().do_GET()

    def translate_path(self, path: str) -> str:
        return str((HERE if path == "/histories.js" else SCRIPTS) / path.lstrip("/"))

    def log_message(self, *said: object) -> None:
        """Nothing on the screen."""


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Scripts, directory=str(SCRIPTS))) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def scripts(browser: Any, served: str) -> Iterator[Any]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(served)
    yield page
    context.close()


def test_a_thousand_days_by_chance_arrive_once_and_whole(scripts: Any) -> None:
    """Edits, shuffled and cut batches, lost answers, kills, clocks that jump, a house restored from its backup."""
    arrived = scripts.evaluate("import('/histories.js').then(({replay}) => replay(1000))")
    assert arrived > 10_000
