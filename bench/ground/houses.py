"""Demonstrations to measure on, made once a run by `inmind demo` and thrown away at its end."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests import engines
from tests.journeys.installation import House, free_port
from tests.upgrade.places import empty_house

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ROOT = Path(__file__).parents[2]


@cache
def _until_the_end() -> ExitStack:
    """What is thrown away when the run ends, before the server it lies on is stopped."""
    engines.postgres_url()
    stack = ExitStack()
    atexit.register(stack.close)
    return stack


@cache
def demonstration(engine: str, families: int) -> House:
    """A demonstration with so many families, about 2.4 people each; the same seed makes the same one on each engine."""
    run = _until_the_end()
    folder = Path(run.enter_context(tempfile.TemporaryDirectory(prefix="inmind-bench-")))
    house = run.enter_context(empty_house(folder / "house", engine))
    house.port = free_port()
    print(f"making {families:,} families on {ENGINES[engine]} …", file=sys.stderr, flush=True)
    _said_by(house, "inmind.cli", "demo", "--families", str(families))
    return house


def asked(house: House, module: str, *words: str) -> Any:
    """What a module of this folder, run inside a house, answers as JSON."""
    return json.loads(_said_by(house, f"bench.ground.{module}", *words))


def _said_by(house: House, module: str, *words: str) -> str:
    """What it prints; its progress and its faults are told as they come."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words], env=environment(house), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(words)} did not succeed; what it said stands above")
    return done.stdout


def environment(house: House) -> dict[str, str]:
    return house.environment() | {"PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}


@contextmanager
def served(house: House) -> Iterator[int]:
    """A house as `inmind serve` serves it, with the plain pages of this folder beside its own. Yields its port."""
    house.port = free_port()
    log = house.home / "serve.log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "inmind.cli", "serve", "--port", str(house.port)],
            env=environment(house) | {"DJANGO_SETTINGS_MODULE": "bench.ground.settings"},
            cwd=ROOT,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        house._wait(house._answers, f"the server does not answer: {log.read_text()[-2000:]}")
        yield house.port
    finally:
        server.terminate()
        server.wait(30)
