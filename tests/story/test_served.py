"""The story made by its command and really served: every process of the tree goes by its clock, and nothing needs a hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.installation import House, free_port


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_served_story_stands_at_its_moment_and_is_well(tmp_path: Path) -> None:
    """Whatever day it is. A second one is refused, and so is one in a house that keeps no family."""
    house = House(tmp_path / "house", port=free_port())
    said = house.command("demo", "--story", "board")
    assert said.returncode == 0, said.stderr
    assert "Its clock stands at March 3, 2027, 7:30 a.m., and goes on while it is served." in said.stderr
    house.serve("--demo-links")
    try:
        house._wait(lambda: "A story is told here." in _log(house).read_text(), "no story is told")
        doctor = house.command("doctor")
    finally:
        house.stop()
    assert "Its clock stands at March 3, 2027, 7:3" in _log(house).read_text()
    assert doctor.returncode == 0, doctor.stdout
    assert house.command("demo", "--story", "board").returncode == 1
    other = House(tmp_path / "other", port=free_port())
    other.begin("--profile", "association", "--name", "One House", "--zone", "America/Denver")
    assert other.command("demo", "--story", "board").returncode == 2


def _log(house: House) -> Path:
    return house.home / "serve.log"
