"""The scripts of a visit without a signal, each by itself in a browser: no house stands behind them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from inmind.away import shell_views
from inmind.away.spoken import WORDS

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
    context = browser.new_context(timezone_id="America/Chicago")
    page = context.new_page()
    page.goto(served)
    yield page
    context.close()


def test_a_thousand_days_by_chance_arrive_once_and_whole(scripts: Any) -> None:
    """Edits, shuffled and cut batches, lost answers, kills, clocks that jump, a house restored from its backup."""
    arrived = scripts.evaluate("import('/histories.js').then(({replay}) => replay(1000))")
    assert arrived > 10_000


def test_the_device_and_the_house_call_for_help_by_the_same_answers(scripts: Any) -> None:
    """Every case of the shared table, which a test of the forms holds to the catalog."""
    table = json.loads((SCRIPTS / "cases.json").read_text(encoding="utf-8"))
    assert {case["help"] for case in table["cases"]} == {True, False}
    differs = scripts.evaluate(
        "({forms, cases}) => import('/crisis.js').then(({needsHelp}) =>"
        " cases.filter(({form, answers, help}) => needsHelp(forms[form], answers) !== help))",
        table,
    )
    assert not differs


SEALED = """async () => {
  const {dataKey, deviceKey, ready, wrapByPin, openByPin, seal, open} = await import("/vault.js");
  const own = await deviceKey(), data = await dataKey(), kept = await wrapByPin(data, "kite and sea", own);
  const key = await ready(data), again = await ready(await openByPin(kept, "kite and sea", own));
  const row = await seal(key, "row one", {name: "Xochiquetzal"}), longer = await seal(key, "row one", {name: "X".repeat(300)});
  const tells = async (work) => { try { await work(); return "opens"; } catch { return "closed"; } };
  return {
    same: (await open(again, "row one", row)).name, forgotten: data.raw.every((byte) => byte === 0), rounds: kept.rounds,
    extractable: [key.extractable, own.extractable], lengths: [row.data.byteLength, longer.data.byteLength],
    otherPin: await tells(() => openByPin(kept, "kite and see", own)),
    otherDevice: await tells(async () => openByPin(kept, "kite and sea", await deviceKey())),
    otherRow: await tells(() => open(key, "row two", row)),
  };
}"""


def test_what_is_sealed_opens_by_this_pin_on_this_device_in_this_row_alone(scripts: Any) -> None:
    """No key can be read out again, the raw one is overwritten, and short words are as long as longer ones."""
    assert scripts.evaluate(SEALED) == {
        "same": "Xochiquetzal",
        "forgotten": True,
        "rounds": 600_000,
        "extractable": [False, False],
        "lengths": [528, 528],
        "otherPin": "closed",
        "otherDevice": "closed",
        "otherRow": "closed",
    }


IDS = """() => import("/ids.js").then(({newId, localTime}) => [
  newId(1_790_000_000_123, new Uint8Array(10).fill(255)), newId(0, new Uint8Array(10)),
  new Set(Array.from({length: 500}, () => newId(5))).size, localTime(new Date(2026, 2, 7, 9, 5, 3))])"""


def test_ids_are_of_version_7_and_times_name_their_offset(scripts: Any) -> None:
    """RFC 9562: time, version, variant; five hundred of one millisecond are five hundred."""
    full, empty, many, time = scripts.evaluate(IDS)
    assert full == "01a0c450-6c7b-7fff-bfff-ffffffffffff"
    assert empty == "00000000-0000-7000-8000-000000000000"
    assert many == 500
    assert time == "2026-03-07T09:05:03-06:00"


def test_the_scripts_say_every_sentence_and_no_other() -> None:
    """What a script asks for by name is there, in pieces of names too; and nothing is translated that nobody says."""
    said = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.js"))
    asked = set(re.findall(r'\bt\("(\w+)"', said))
    assert asked <= WORDS.keys()
    begun = tuple(re.findall(r"\bt\(`(\w+_)\$\{", said))
    assert set(begun) == {"send_", "kind_", "place_", "topic_"}
    named = set(re.findall(r'"(\w+)"', said))
    assert {key for key in WORDS if key not in named and not key.startswith(begun)} == set()


def test_the_shell_is_kept_whole_and_holds_no_answer() -> None:
    """Every script and style that the page needs, and none of the addresses at which the house says something of a family."""
    kept = shell_views._files()
    ours = {f"away/{path.name}" for path in SCRIPTS.iterdir()} - {"away/worker.js", "away/cases.json"}
    assert ours <= set(kept)
    assert all(finders.find(name) for name in kept)
    imported = {name for path in SCRIPTS.glob("*.js") for name in re.findall(r'from "\./([\w.]+)"', path.read_text())}
    assert {f"away/{name}" for name in imported} <= set(kept)
