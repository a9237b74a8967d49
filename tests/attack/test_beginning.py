"""Silly words to `inmind init` are answered with a sentence, and nothing is written; a beginning is made once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inmind import installation
from tests.journeys.installation import House, free_port
from tests.upgrade.places import empty_house

WHOLE = {"--profile": "network", "--name": "House"}


@pytest.mark.parametrize(
    ("option", "typed"),
    [
        ("--zone", "America"),
        ("--zone", "../../etc/passwd"),
        ("--name", ""),
        ("--name", "two\nlines"),
        ("--name", "x" * 121),
        ("--state", "T\nX"),
        ("--state", "XX"),
        ("--state", "tx"),
        ("--state", "Texas"),
        ("--admin-name", " "),
        ("--admin-mail", "not a mail"),
        ("--admin-mail", "a@example.org\nBcc: b@example.org"),
    ],
)
def test_silly_words_are_answered_with_a_sentence(option: str, typed: str, tmp_path: Path) -> None:
    """No stack trace, exit code 2, an empty folder."""
    words = [word for pair in ({**WHOLE, option: typed}).items() for word in pair]
    said = subprocess.run(
        [sys.executable, "-m", "inmind.cli", "init", *words],
        env={**os.environ, "INMIND_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 2
    assert said.stderr.count("\n") <= 2
    assert "Traceback" not in said.stderr
    assert not list(tmp_path.iterdir())


HARBOR = ("init", "--profile", "agency", "--name", "Harbor", "--state", "TX", "--zone", "America/Chicago")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[House]:
    with empty_house(tmp_path / "house") as house:
        house.port = free_port()
        yield house


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_an_installation_begins_once(place: House) -> None:
    """Neither the same words nor others change one that stands, also when its file is gone."""
    assert place.command(*HARBOR).returncode == 0
    stands = (place.home / "installation.toml").read_bytes()
    again = place.command(*HARBOR)
    assert (again.returncode, again.stdout) == (2, "")
    assert "has begun already, and nothing was changed." in again.stderr
    other = place.command(*HARBOR[:-1], "America/Denver")
    assert (other.returncode, other.stdout) == (2, "")
    assert "already holds the beginning of 'Harbor' (profile agency, state TX, zone America/Chicago" in other.stderr
    assert (place.home / "installation.toml").read_bytes() == stands
    (place.home / "installation.toml").unlink()
    assert place.command(*HARBOR[:4], "Another").returncode == 2
    assert not (place.home / "installation.toml").exists()


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_a_beginning_that_was_cut_short_is_finished_by_the_same_words(place: House) -> None:
    """The folder was begun and the database was not: other words are refused with what stands, the same go on."""
    installation.begin(
        place.home, profile="agency", name="Harbour", state="TX", zone="America/Chicago", languages=("en", "es")
    )
    other = place.command(*HARBOR)
    assert other.returncode == 2
    assert "already holds the beginning of 'Harbour'" in other.stderr
    assert f"correct {place.home / 'installation.toml'}" in other.stderr
    done = place.command(*HARBOR[:4], "Harbour", *HARBOR[5:])
    assert done.returncode == 0, done.stderr
    assert "Harbour has begun (agency)." in done.stdout


def test_a_database_that_is_not_there_leaves_no_beginning(tmp_path: Path) -> None:
    """So that a second try, with the address corrected, begins from nothing and under any name."""
    said = House(tmp_path / "house", f"postgresql://inmind@127.0.0.1:{free_port()}/x").command(*HARBOR)
    assert said.returncode == 2
    assert "cannot be reached" in said.stderr
    assert not list(tmp_path.iterdir())
