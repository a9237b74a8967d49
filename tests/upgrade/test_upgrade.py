"""An installation of every edition that was ever released comes to this one, whole, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.installation import House
from tests.upgrade import make
from tests.upgrade.places import empty_house, restored

pytestmark = pytest.mark.slow
RELEASED = sorted(make.ARCHIVES.glob("*.inmind"))


@pytest.fixture(scope="module")
def of_today(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """An archive that this very edition makes on SQLite, and the story of the installation it was made of."""
    folder = tmp_path_factory.mktemp("today")
    house = make.begun(House(folder / "house"))
    make.back_up(house, folder / "today.inmind")
    return folder / "today.inmind", make.run_in(house, "story")


def _is_well(place: House, archive: Path, folder: Path) -> dict[str, Any]:
    passphrase = make.passphrase_file(House(folder / "x"))
    assert "Its trail is whole." in restored(archive, place, passphrase)
    assert "The trail is whole." in place.command("audit", "verify").stdout
    return make.run_in(place, "story")


@pytest.mark.sqlite
def test_an_archive_of_today_is_restored_whole(of_today: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """On SQLite: names in every script, sealed words, results, and the trail. From SQLite to PostgreSQL, and back, each
    row of a backup is compared by `test_a_backup_is_restored_on_the_other_database`."""
    archive, story = of_today
    with empty_house(tmp_path / "place") as place:
        assert _is_well(place, archive, tmp_path) == story
    assert make.PROUD in story["proud"]
    assert make.ADULT in story["names"]


@pytest.mark.sqlite
@pytest.mark.postgresql
@pytest.mark.parametrize("archive", RELEASED, ids=lambda path: path.stem)
def test_an_archive_of_a_release_comes_to_this_edition(archive: Path, tmp_path: Path) -> None:
    """Restored as it was, then migrated; everything that was told then is told now."""
    with empty_house(tmp_path / "place") as place:
        story = _is_well(place, archive, tmp_path)
    assert make.PROUD in story["proud"]
    assert {make.ADULT, make.CHILD} <= set(story["names"])
    assert any(done and make.PROUD in done for done in story["done"])
    assert story["flags"]


@pytest.mark.sqlite
@pytest.mark.postgresql
@pytest.mark.parametrize("archive", RELEASED, ids=lambda path: path.stem)
def test_what_a_release_wrote_never_changes(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Making the archive of an edition a second time is refused."""
    monkeypatch.setattr(make, "__version__", archive.stem)
    before = archive.read_bytes()
    assert make.main() == 1
    assert archive.read_bytes() == before
