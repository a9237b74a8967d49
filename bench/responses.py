"""FHIR JSON text in, result out, one core: beside a loop written by hand and beside two implementations of FHIRPath.

Ours gives the full row of a file's result, and refuses or explains what it cannot read. The loop, on the same parser, takes
the points out of dictionaries and gives total, band, flag and status; it trusts its input. FHIRPath gives the total alone.
Before anything is timed, all have to come to the same totals.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from bench import extras
from bench.measured import Measured
from inmind.screening.adapters.catalog import catalog
from inmind.screening.adapters.responses import scorer
from inmind.screening.file_mapping import by_loinc
from inmind.screening.instruments import Instrument

ROWS, ROUNDS, ROUNDS_OF_FHIRPATH = 20_000, 7, 3
HERE = Path(__file__).parent


def measure() -> Iterator[Measured]:
    for key in ("phq9", "epds"):
        instrument = catalog()[key]
        for blanks, named in ((0.0, "all answered"), (0.02, "an item in 50 blank")):
            yield from _beside_the_loop(instrument, list(_texts(instrument, ROWS, blanks)), named)
        yield from _beside_fhirpath(instrument, list(_texts(instrument, ROWS, 0)))


def _texts(instrument: Instrument, count: int, blanks: float) -> Iterator[str]:
    """Responses as a tablet sends them: every answer by chance, so that few are the same."""
    chance = random.Random(instrument.key)
    codes = {points: code for code, points in instrument.points_of_code.items()}
    links = by_loinc(instrument).columns
    for number in range(count):
        items = []
        for item in instrument.items:
            points = chance.choice(item.values)
            answer: dict[str, object] = {"valueInteger": points}
            if codes:
                answer = {
                    "valueCoding": {"system": "http://loinc.org", "code": codes[points], "display": "Several days"}
                }
            given = {} if chance.random() < blanks else {"answer": [answer]}
            items.append({"linkId": f"/{links[item.key].lstrip('/')}", **given})
        head = {"resourceType": "QuestionnaireResponse", "id": f"response-{number}", "status": "completed"}
        about = {"subject": {"reference": f"Patient/{number}"}, "authored": "2026-03-02T09:00:00Z"}
        yield json.dumps({**head, **about, "item": items})


def _by_hand(instrument: Instrument) -> Callable[[str], dict[str, Any]]:
    decode = msgspec.json.Decoder().decode
    key_of = {link.lstrip("/"): key for key, link in by_loinc(instrument).columns.items()}
    points_of, count, last = dict(instrument.points_of_code), len(instrument.items), instrument.items[-1].key
    bands = sorted(((band.low, band.code) for band in instrument.bands), reverse=True)

    def of(text: str) -> dict[str, Any]:
        response = decode(text)
        points = {}
        for item in response["item"]:
            key = key_of.get(item["linkId"].lstrip("/"))
            if key is None or not item.get("answer"):
                continue
            answer = item["answer"][0]
            points[key] = (
                points_of[answer["valueCoding"]["code"]] if "valueCoding" in answer else answer["valueInteger"]
            )
        is_scored = len(points) == count
        total = sum(points.values()) if is_scored else None
        band = None
        if total is not None:
            for low, code in bands:
                if total >= low:
                    band = code
                    break
        status = "scored" if is_scored else "incomplete"
        return {"id": response["id"], "points": total, "band": band, "flag": points.get(last, 0) >= 1, "status": status}

    return of


def _beside_the_loop(instrument: Instrument, texts: list[str], named: str) -> Iterator[Measured]:
    ours, loop = scorer(instrument), _by_hand(instrument)
    for text in texts:
        one, other = ours(text), loop(text)
        assert [one[name] for name in ("id", "points", "status")] == [
            other[name] for name in ("id", "points", "status")
        ]
        assert bool(one["flags"]) == other["flag"]
        assert one["points"] is None or one["band"] == other["band"]
    seconds: dict[str, list[float]] = {"ours": [], "loop": []}
    for _ in range(ROUNDS):
        for name, work in (("ours", ours), ("loop", loop)):
            start = time.perf_counter()
            for text in texts:
                work(text)
            seconds[name].append(time.perf_counter() - start)
    mine, plain = (1e6 * min(each) / len(texts) for each in seconds.values())
    what = f"a response, {instrument.short_name}, {named}"
    yield Measured(what, mine, "µs", plain, "loop by hand, same parser", at_most=1.25)


def _beside_fhirpath(instrument: Instrument, texts: list[str]) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "responses.ndjson"
        source.write_text("\n".join(texts[:2_000]), encoding="utf-8")
        expression = _expression(instrument)
        runners: list[tuple[str, list[str], int]] = []
        if (place := extras.node()) is not None:
            runners.append(("fhirpath in node", ["node", str(HERE / "fhirpath.cjs"), str(place)], 2_000))
        if (python := extras.python()) is not None:
            runners.append(("fhirpathpy", [str(python), str(HERE / "with_fhirpathpy.py")], 200))
        ours = scorer(instrument)
        for name, command, count in runners:
            best, mine = None, float("inf")
            for _ in range(ROUNDS_OF_FHIRPATH):
                done = subprocess.run([*command, str(source), expression, str(count)], capture_output=True, text=True)
                if done.returncode:
                    print(f"{name} could not be run: {done.stderr.strip()[-200:]}", file=sys.stderr)
                    break
                found = json.loads(done.stdout)
                assert found["totals"] == [ours(text)["points"] for text in texts[:count]]
                best = min(best or found["seconds"], found["seconds"])
                start = time.perf_counter()
                for text in texts[:count]:
                    ours(text)
                mine = min(mine, time.perf_counter() - start)
            if best:
                what = f"a response, {instrument.short_name}, its total alone there"
                yield Measured(what, 1e6 * mine / count, "µs", 1e6 * best / count, name)


def _expression(instrument: Instrument) -> str:
    """The total in FHIRPath."""
    if not instrument.points_of_code:
        return "item.answer.valueInteger.aggregate($this + $total, 0)"
    points = "{}"
    for code, value in instrument.points_of_code.items():
        points = f"iif($this = '{code}', {value}, {points})"
    return f"item.answer.valueCoding.code.select({points}).aggregate($this + $total, 0)"
