"""`inmind instruments`: what it lists and explains, on a terminal and as JSON."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from inmind.foundation.errors import BadInput
from inmind.screening import explaining, instruments_command
from inmind.screening.adapters import catalog as adapter
from inmind.screening.adapters.catalog import catalog, recorded
from inmind.screening.explaining import Part
from inmind.screening.in_columns import WIDTH, folded, written
from inmind.screening.instruments import Catalog, Version

EVERYTHING = [*catalog(), *recorded()]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    parser = argparse.ArgumentParser()
    instruments_command.configure(parser)
    assert instruments_command.run(parser.parse_args(words)) == 0
    return capsys.readouterr().out


def test_every_instrument_is_listed_in_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """For whom, at which ages, how long, how it comes in, whether it is off, and whose its wording is."""
    page = told(capsys)
    assert max(map(len, page.splitlines())) <= WIDTH
    assert [line.split()[0] for line in page.splitlines()[:-2] if not line.startswith(" ")] == EVERYTHING
    in_one = " ".join(page.split())
    for said in (
        "epds Edinburgh Postnatal Depression Scale of a caregiver; pregnancy and first year after birth; 10 items; on a "
        "page and by file; wording does not ship",
        "of a caregiver; 10 items; by file, also as a count; off until INMIND_INSTRUMENTS_ON names it;",
        "of a child; 1 to 65 completed months; 10 items; on a page and by file;",
        "of a child; 1 to 66 completed months; 5 numbers; result recorded; wording does not ship",
        "2 items; on a page and by file; wording may ship",
    ):
        assert said in in_one


@pytest.mark.parametrize("key", EVERYTHING)
def test_an_explanation_says_every_part_within_the_terminal(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The parts of the reference pages, told once: no word of them is lost."""
    page = told(capsys, key)
    assert not [line for line in page.splitlines() if len(line) > WIDTH and " " in line.strip()]
    tool = recorded().get(key)
    parts = explaining.tool(tool) if tool else explaining.instrument(catalog()[key])
    cells = [cell for part in parts for cell in (part.says, *(cell for row in part.rows for cell in row))]
    assert not [word for cell in cells for word in cell.replace("`", "").split() if word not in page]


def test_what_a_file_holds_and_how_it_is_scored_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Keys, marks in words, the months beside them; a long form is shortened, one that is off says how to turn it on."""
    page = told(capsys, "ace10")
    assert "id,ace10_1,ace10_2,...,ace10_9,ace10_10\na,no,no,...,no,no" in page
    assert (
        "\nexport INMIND_INSTRUMENTS_ON=ace10\ninmind score answers.csv --instrument ace10 --out scores.csv\n" in page
    )
    page = told(capsys, "gad2")
    assert "id,gad2_1,gad2_2\na,0,0\n\ninmind score answers.csv --instrument gad2 --out scores.csv" in page
    assert "id,psc35_1,psc35_2,...,psc35_35,months" in told(capsys, "psc35")


def test_json_holds_the_whole_catalog_file_and_null_for_the_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers as numbers, each with its source."""
    assert list(json.loads(told(capsys, "--json"))) == EVERYTHING
    data: dict[str, Any] = json.loads(told(capsys, "swycmilestones", "--json"))
    assert data["recall_days"] is None
    assert data["monthly"]["months"]["18"]["value"] == 8
    assert data["monthly"]["months"]["24"]["value"] is None
    assert data["monthly"]["months"]["18"]["source"] in data["sources"]
    assert (data["dated"], data["versions"]) == (catalog()["swycmilestones"].dated.isoformat(), [])
    assert data["example"]["heading"][-1] == "months"
    assert json.loads(told(capsys, "asq3", "--json"))["scales"][0]["cutoffs"]["12"]["value"] == "15.64"


def test_language_versions_are_told_each_with_its_own_cutoff(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An instrument without one says so; a version says of what it is one, and whether it has a cut-off at all."""
    phq2 = catalog()["phq2"]
    studied = replace(phq2, key="phq2xx", version=Version("phq2", "xx"), cutoffs=(replace(phq2.cutoffs[0], value=4),))
    bare = replace(phq2, key="phq2yy", version=Version("phq2", "yy"), cutoffs=())
    monkeypatch.setattr(instruments_command, "catalog", lambda: Catalog([phq2, studied, bare, catalog()["gad2"]]))
    page = told(capsys, "phq2")
    assert "\nxx        phq2xx      >= 4 (positive, high)" in page
    assert "\nyy        phq2yy      none is known" in page
    assert "a version of" in told(capsys, "phq2xx")
    assert "no version is here" in told(capsys, "gad2")
    assert json.loads(told(capsys, "phq2", "--json"))["versions"] == ["phq2xx", "phq2yy"]


@pytest.mark.parametrize(
    ("key", "near"), [("edps", "epds"), ("ASQ-3", "asq3"), ("M-CHAT-R", "mchatr"), ("nothing like it", "")]
)
def test_a_misspelt_instrument_is_asked_about(key: str, near: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Also a licensed tool's."""
    parser = argparse.ArgumentParser()
    instruments_command.configure(parser)
    assert instruments_command.run(parser.parse_args([key])) == 2
    said = capsys.readouterr().err
    assert said.startswith(
        f"There is no instrument called {key} here. {f'Did you mean {near}' if near else 'Known are'}"
    )


def test_a_misspelt_instrument_to_turn_on_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting is named with what stands in it."""
    monkeypatch.setenv("INMIND_INSTRUMENTS_ON", "ace11")
    with pytest.raises(BadInput, match=r"INMIND_INSTRUMENTS_ON is set to 'ace11'.*Did you mean ace10\?"):
        adapter.shipped.__wrapped__()


def test_the_commands_need_neither_django_nor_a_reader_to_the_end() -> None:
    """A pager that is closed early is no fault."""
    code = (
        "import sys; from inmind.cli import main; from inmind.screening import score_command\n"
        "done = main(['instruments', 'psc35', '--json'])\n"
        "sys.exit(9 if 'django' in sys.modules else done)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as work:
        assert work.stdout is not None and work.stderr is not None
        work.stdout.read(10)
        work.stdout.close()
        assert (work.stderr.read(), work.wait()) == (b"", 0)


# On a terminal


def test_a_table_folds_its_widest_column_or_is_told_row_by_row() -> None:
    """Never wider than the terminal, and empty columns are left out."""
    part = Part("Three:", ("name", "none", "note"), (("a", "", "some words that are long"), ("b", "", "few")))
    assert written([part], 31) == "Three:\nname  note\na     some words that are long\nb     few"
    assert written([part], 28) == "Three:\nname  note\na     some words that are\n      long\nb     few"
    assert written([part], 20) == "Three:\na\n  note some words\n  that are long\nb\n  note few"
    assert written([Part("", ("", ""), (("what", ""), ("it", "is")))]) == "what\nit    is"


def test_a_word_is_never_parted() -> None:
    """It may be a column's name that somebody copies."""
    assert folded("a `swycmilestones_10` b", 10, "  ", "- ") == ["- a", "  swycmilestones_10", "  b"]
