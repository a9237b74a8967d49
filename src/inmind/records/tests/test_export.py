"""Moving out and in: everything exported, taken in by an empty installation, and exported again: the same."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from inmind.records.commands import everything
from tests.journeys.installation import House
from tests.upgrade.places import copied, empty_house


@pytest.fixture(scope="module")
def _demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Six invented families, made once."""
    with empty_house(tmp_path_factory.mktemp("demonstration") / "house") as made:
        said = made.command("demo", "--families", "6")
        assert said.returncode == 0, said.stderr
        yield made


@pytest.fixture
def house(_demonstration: House, tmp_path: Path) -> Iterator[House]:
    """A house in which they are; its own."""
    with copied(_demonstration, tmp_path / "house") as made:
        yield made


def plain_tables(there: House, file: Path) -> dict[str, bytes]:
    """Every table of an installation as an open export holds it, but for those that stay behind."""
    said = there.command("export", str(file), "--plain", "--permit-unsealed")
    assert said.returncode == 0, said.stderr
    stays = {f"tables/{apps.get_model(label)._meta.db_table}.ndjson" for label in everything.STAYS}
    with zipfile.ZipFile(file) as archive:
        return {
            name: archive.read(name) for name in archive.namelist() if name.startswith("tables/") and name not in stays
        }


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["ndjson", pytest.param("csv", marks=pytest.mark.sqlite)])
def test_an_export_taken_in_by_an_empty_network_is_the_same(house: House, tmp_path: Path, ending: str) -> None:
    """Every kept table, row by row, with the words that are sealed here unsealed in an encrypted file."""
    words = tmp_path / "words"
    words.write_text("four unrelated words here\n")
    file = tmp_path / "everything.inmind"
    said = house.command("export", str(file), "--format", ending, "--passphrase-file", str(words))
    assert said.returncode == 0, said.stderr
    assert b"PK" not in file.read_bytes()[:4]
    before = plain_tables(house, tmp_path / "before.zip")
    assert any(b'"strength": "' in rows for rows in before.values()), "clinical words are there, unsealed"
    empty = House(tmp_path / "empty")  # SQLite, also where the first one is not
    taken = empty.command("import", str(file), "--passphrase-file", str(words))
    assert taken.returncode == 0, taken.stderr
    counts = [
        re.search(rf"(\d+) rows are {word}", out) for word, out in (("kept", said.stdout), ("here", taken.stdout))
    ]
    assert counts[0] and counts[1] and counts[0][1] == counts[1][1], "the export says how many an import keeps"
    after = plain_tables(empty, tmp_path / "after.zip")
    assert {name: rows for name, rows in after.items() if before[name] != rows} == {}
    assert b'"mark": "(held)"' in after["tables/diagnosis_formulation.ndjson"], "marks are made by the key of here"
    again = empty.command("import", str(file), "--passphrase-file", str(words))
    assert (again.returncode, "Somebody is kept here already" in again.stderr) == (1, True)
    assert empty.command("audit", "verify").returncode == 0


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.django_db
def test_an_open_export_is_refused_without_the_operators_word(house: House, tmp_path: Path) -> None:
    file = tmp_path / "open.zip"
    said = house.command("export", str(file), "--plain")
    assert (said.returncode, "clinical words unsealed" in said.stderr) == (1, True)
    assert not file.exists()
    assert house.command("export", str(file), "--plain", "--permit-unsealed").returncode == 0
    with zipfile.ZipFile(file) as archive:
        account = archive.read("tables/access_account.ndjson").splitlines()[0]
        assert "password" not in json.loads(account), "secrets stay"
        named = list(csv.DictReader(io.StringIO(archive.read("dictionary.csv").decode())))
    assert {"table": "families_visit", "column": "strength", "class": "clinical", "sealed here": "yes"}.items() <= next(
        row for row in named if (row["table"], row["column"]) == ("families_visit", "strength")
    ).items()
    again = {row["table"]: row["taken in again"] for row in named}
    assert (again["people_person"], again["access_auditentry"]) == ("yes", "no: for reading alone")
    taken = House(tmp_path / "empty").command("import", str(file))
    assert (taken.returncode, "made to be read" in taken.stderr) == (1, True)


def test_every_kept_table_is_exported_or_left_out_with_a_reason() -> None:
    ours: list[Any] = [one for one in apps.get_models() if one.__module__.startswith("inmind.")]
    there = {one._meta.label for one in everything.kept()}
    assert {one._meta.label for one in ours} == there | set(everything.LEFT_OUT)
    assert all(everything.LEFT_OUT.values())


@pytest.mark.parametrize("text", ["=1+1", "'=1", "+1", "-", "@x", "\\N", "plain", "", "\t"])
def test_no_cell_is_a_formula_and_each_is_read_again_as_it_was(text: str) -> None:
    cell = everything._cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t"))
    assert next(everything._cells(iter([{"a": cell}]))) == {"a": text}
    assert next(everything._cells(iter([{"a": everything._cell(None)}]))) == {"a": None}
