"""Whoever takes an export in, makes certificates or confirms a month is killed again and again; nothing is half, or twice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.upgrade.places import empty_house

pytestmark = pytest.mark.kill

ROOT = Path(__file__).parents[2]
SEED = 20_261


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What was found in one run, in an installation of its own on the engine that is tested."""
    with empty_house(tmp_path_factory.mktemp("killed") / "house") as house:
        run = subprocess.run(
            [sys.executable, "-m", "tests.kill.profession", str(SEED)],
            env=house.environment() | {"PYTHONPATH": f"{ROOT}/src:{ROOT}"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=400,
        )
        assert run.returncode == 0, run.stderr[-4000:]
        yield json.loads(run.stdout)


@pytest.mark.parametrize("work", ["moving", "certificates", "months"])
def test_nothing_is_half_written_and_going_on_does_nothing_twice(found: dict[str, Any], work: str) -> None:
    """After each kill what stands is whole and agrees; let go on, all of it is done once, and the trail is whole."""
    assert found[work]["left"] == []
    assert found[work]["ended"] == []
    assert found[work]["kills"] > 3
