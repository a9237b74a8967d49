"""Two hundred writers are killed at random moments, and nobody loses what was acknowledged."""

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
KILLS, SEED = 200, 20_260


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What was said and found in one run, in an installation of its own on the engine that is tested."""
    with empty_house(tmp_path_factory.mktemp("killed") / "house") as house:
        run = subprocess.run(
            [sys.executable, "-m", "tests.kill.writers", str(KILLS), str(SEED)],
            env=house.environment() | {"PYTHONPATH": f"{ROOT}/src:{ROOT}"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=400,
        )
        assert run.returncode == 0, run.stderr[-4000:]
        yield json.loads(run.stdout)


def test_two_hundred_writers_were_killed_and_none_stumbled_before(found: dict[str, Any]) -> None:
    assert found["faults"] == []
    assert found["killed"] == KILLS


def test_most_of_them_died_in_the_middle_of_an_action(found: dict[str, Any]) -> None:
    assert len(found["unanswered"]) > KILLS / 2
    assert len(found["answered"]) > KILLS
    assert len(found["stood_already"]) < len(found["unanswered"])


@pytest.mark.parametrize("when", ["left", "repeated"])
@pytest.mark.parametrize(
    "promise", ["acknowledged", "crises", "phones", "families", "entries", "answers", "counts", "trail", "database"]
)
def test_it_is_kept_after_the_kills_and_after_each_cut_off_request_was_made_again(
    found: dict[str, Any], promise: str, when: str
) -> None:
    assert found[when][promise] == []
