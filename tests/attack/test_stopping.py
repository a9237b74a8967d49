"""Ctrl-C, SIGTERM and a closed terminal leave nothing half-written, and a command says so in one line."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inmind import cli
from tests.journeys.installation import House
from tests.upgrade import make
from tests.upgrade.places import empty_house

pytestmark = pytest.mark.slow
ON_SQLITE, ON_BOTH = pytest.mark.sqlite, (pytest.mark.sqlite, pytest.mark.postgresql)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[House]:
    with empty_house(tmp_path / "house") as house:
        yield house


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A demonstration that is backed up, and never changed."""
    with empty_house(tmp_path_factory.mktemp("furnished") / "house") as house:
        assert house.command("demo", "--families", "3").returncode == 0
        yield house


def stopped(house: House, number: int, *words: str, when: Callable[[], object]) -> tuple[int, str]:
    """Stop a command as soon as something holds: its exit code and what it said."""
    running = subprocess.Popen(
        [sys.executable, "-m", "inmind.cli", *words],
        env=house.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # whoever started the tests may ignore it
    )
    end = time.monotonic() + 40
    while not when() and running.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    running.send_signal(number)
    said, _ = running.communicate(timeout=40)
    return running.returncode, said


@pytest.mark.parametrize(
    "number",
    # How a signal is heard does not depend on which it is: each once on SQLite, one where a pool's threads may hear it.
    [
        pytest.param(signal.SIGINT, marks=ON_SQLITE),
        pytest.param(signal.SIGTERM, marks=ON_BOTH),
        pytest.param(signal.SIGHUP, marks=ON_SQLITE),
    ],
    ids=lambda number: number.name,
)
def test_a_backup_that_is_stopped_leaves_the_older_one(
    furnished: House, tmp_path: Path, number: signal.Signals
) -> None:
    target, part = tmp_path / "b" / "backup", tmp_path / "b" / "backup.part"
    target.parent.mkdir()
    target.write_text("the older one")
    words = ("backup", str(target), "--passphrase-file", str(make.passphrase_file(furnished)))
    for _ in range(8):  # a small backup may be done before anybody looks
        code, said = stopped(furnished, number, *words, when=part.exists)
        if code != 0:
            break
        target.write_text("the older one")
    assert (code, said) == (
        128 + number,
        "Stopped. No backup was written; an older one of this name stands as it was.\n",
    )
    assert [file.name for file in target.parent.iterdir()] == ["backup"]
    assert target.read_text() == "the older one"


@pytest.mark.parametrize(
    "number",
    [pytest.param(signal.SIGINT, marks=ON_SQLITE), pytest.param(signal.SIGTERM, marks=pytest.mark.postgresql)],
    ids=lambda number: number.name,
)
def test_half_a_demonstration_is_taken_back(place: House, number: signal.Signals) -> None:
    """Else the next start would take it for a whole one; and its trail would lack what is gone."""
    begun = time.monotonic()

    def under_way() -> bool:
        nonlocal begun
        if not (place.home / "installation.toml").exists():
            begun = time.monotonic()
        return time.monotonic() - begun > 3.5

    code, said = stopped(place, number, "demo", "--families", "499", when=under_way)
    assert (code, said) == (
        128 + number,
        "Stopped. The demonstration was not made, and its database is empty; `inmind demo` begins again.\n",
    )
    assert "2 invented families" in place.command("demo", "--if-empty", "--families", "2").stderr
    assert "The trail is whole." in place.command("audit", "verify").stdout


@pytest.mark.sqlite
@pytest.mark.postgresql
def test_a_restore_that_is_stopped_leaves_nothing(furnished: House, place: House, tmp_path: Path) -> None:
    archive, passphrase = tmp_path / "archive", make.passphrase_file(furnished)
    make.back_up(furnished, archive)
    words = ["restore", str(archive), "--into", str(place.home), "--passphrase-file", str(passphrase)]
    words += ["--database-url", place.database_url] if place.database_url else []
    half = tmp_path / ".house.restoring"
    code, said = stopped(place, signal.SIGTERM, *words, when=lambda: (half / "keys" / "heads.log").exists())
    assert (code, said) == (128 + signal.SIGTERM, "Stopped. Nothing was left behind.\n")
    assert not half.exists()
    assert not place.home.exists()
    assert place.command(*words).returncode == 0


def test_a_stop_that_comes_while_something_is_put_away_comes_once_more() -> None:
    """Python drops what is raised in such a moment; the command went on to its end, and said it was well."""

    class Thing:
        """Nothing but something that can be put away."""

    with pytest.raises(cli.Stopped), cli._stoppable():
        thing = Thing()
        weakref.finalize(thing, signal.raise_signal, signal.SIGTERM)
        del thing
        time.sleep(20)
