"""Where a file keeps its answers, and what its codes mean."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.loading import parse
from inmind.screening import file_mapping
from inmind.screening.adapters.catalog import catalog, mapping
from inmind.screening.errors import BadMapping
from inmind.screening.file_mapping import DATA_ABSENT_REASONS, FileMapping, by_loinc, plain

PHQ9, EPDS = catalog()["phq9"], catalog()["epds"]
GOOD = """\
title: A file
instrument: phq9
source: nobody
columns: {phq9_1: a, phq9_2: b, phq9_3: c, phq9_4: d, phq9_5: e, phq9_6: f, phq9_7: g, phq9_8: h, phq9_9: i}
"""


def test_without_a_mapping_columns_bear_the_items_keys() -> None:
    """In FHIR the items' LOINC codes, and their keys where no code is known."""
    assert plain(PHQ9).columns["phq9_3"] == "phq9_3"
    assert by_loinc(PHQ9).columns["phq9_3"] == "44259-0"
    assert by_loinc(EPDS).columns["epds_3"] == "epds_3"


def test_the_mapping_that_the_how_to_shows_is_a_whole_one() -> None:
    """Somebody copies it; with the parts that may be added, too."""
    page = (Path(__file__).parents[4] / "docs" / "how-to" / "score-a-file.md").read_text(encoding="utf-8")
    whole, more = re.findall(r"```\n((?:title|id): .*?)```", page, re.DOTALL)
    assert file_mapping.load(parse(whole, "shown"), PHQ9).columns["phq9_9"] == "Q9"
    added = file_mapping.load(parse(whole + more, "shown"), PHQ9)
    assert (added.id_column, added.codes) == ("participant", {"7": "refused", "9": "unknown"})
    assert file_mapping.instrument_of(parse(whole, "shown")) == "phq9"


def test_the_lines_of_python_that_the_how_to_shows_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody copies them, too."""
    page = (Path(__file__).parents[4] / "docs" / "how-to" / "score-a-file.md").read_text(encoding="utf-8")
    [lines] = re.findall("```python\n(.*?)```", page, re.DOTALL)
    exec(lines, {})
    assert capsys.readouterr().out == "3 27 ['self_harm_any']\n"


def test_columns_and_codes_are_added_one_by_one() -> None:
    """An item by its key or its number; the last word counts; what is not named stays."""
    asked = plain(PHQ9).with_columns(PHQ9, {"phq9_1": "x", "2": "y"}).with_codes(PHQ9, {"9": "unknown"}).with_id("who")
    assert (asked.columns["phq9_1"], asked.columns["phq9_2"], asked.columns["phq9_3"]) == ("x", "y", "phq9_3")
    assert (asked.codes, asked.id_column) == ({"9": "unknown"}, "who")
    assert asked.with_id(None).id_column == "who"


def test_all_items_are_named_at_once_by_their_numbers() -> None:
    """In the call and in a file; what is said of one item wins."""
    asked = plain(EPDS).with_columns(EPDS, {"@": "EPDS_@_@"})
    assert (asked.columns["epds_1"], asked.columns["epds_10"]) == ("EPDS_1_1", "EPDS_10_10")
    assert plain(EPDS).with_columns(EPDS, {"@": "Q@", "epds_2": "x"}).columns["epds_2"] == "x"
    text = "title: A file\ninstrument: phq9\nsource: nobody\ncolumns: {'@': Q@, phq9_9: last}\n"
    found = file_mapping.load(parse(text, "m.yaml"), PHQ9).columns
    assert list(found.values()) == [*(f"Q{number}" for number in range(1, 9)), "last"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param({"phq9_10": "x"}, "PHQ-9 has no item phq9_10", id="an item that is not there"),
        pytest.param({"1": "phq9_2"}, "named for phq9_1 and another", id="one column for two items"),
    ],
)
def test_columns_that_cannot_be_are_refused(said: dict[str, str], reason: str) -> None:
    """Each item is one of the instrument's, and each has a column of its own."""
    with pytest.raises(BadMapping, match=reason):
        plain(PHQ9).with_columns(PHQ9, said)


@pytest.mark.parametrize(
    ("code", "meaning", "reason"),
    [
        pytest.param("7", "points", "cannot mean points", id="a meaning that is not known"),
        pytest.param("3", "refused", "3 is an answer of PHQ-9", id="an answer is no code"),
        pytest.param(" 3 ", "refused", "is an answer of PHQ-9", id="not with spaces either"),
        pytest.param(" 7", "refused", "cannot be a code", id="a code with spaces around it"),
        pytest.param(" ", "blank", "cannot be a code", id="spaces alone"),
        pytest.param("a\\b", "blank", "cannot be a code", id="a backslash"),
        pytest.param("a\nb", "blank", "cannot be a code", id="two lines"),
    ],
)
def test_codes_that_cannot_be_are_refused(code: str, meaning: str, reason: str) -> None:
    """A code says why there are no points; it never makes points, nor takes them away."""
    with pytest.raises(BadMapping, match=reason):
        plain(PHQ9).with_codes(PHQ9, {code: meaning})


def test_fhir_brings_its_own_reasons_and_the_files_own_come_first() -> None:
    """The standard's reasons keep their words unless the mapping gives one another meaning."""
    asked = by_loinc(PHQ9).with_codes(PHQ9, {"masked": "refused"}).for_fhir()
    assert asked.codes["masked"] == "refused"
    assert all(asked.codes[word] == word for word in DATA_ABSENT_REASONS if word != "masked")


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        pytest.param(("phq9\nsource", "gad7\nsource"), 2, "for gad7, not for phq9", id="another instrument"),
        pytest.param((", phq9_9: i", ""), 4, "no column is named for phq9_9", id="an item left out"),
        pytest.param(("source: nobody\n", ""), 1, "`source` is missing", id="no source"),
    ],
)
def test_a_bad_mapping_file_is_refused_at_its_line(change: tuple[str, str], line: int, reason: str) -> None:
    """As every other file of knowledge."""
    with pytest.raises(BadCatalog, match=reason) as refusal:
        file_mapping.load(parse(GOOD.replace(*change), "m.yaml"), PHQ9)
    assert refusal.value.line == line


def test_a_mapping_file_is_found_by_path_or_by_our_name(tmp_path: Path) -> None:
    """And one that is neither is refused with the names of ours."""
    own = tmp_path / "own.yaml"
    own.write_text(GOOD + "id: who\ncodes: {8: refused}\n", encoding="utf-8")
    found = mapping(str(own), PHQ9)
    assert isinstance(found, FileMapping)
    assert (found.columns["phq9_9"], found.id_column, found.codes) == ("i", "who", {"8": "refused"})
    assert mapping("nhanes", PHQ9).codes == {"7": "refused", "9": "unknown"}
    assert mapping("lausanne", EPDS).columns["epds_10"] == "EPDS_10"
    assert mapping("fhir-phq9", PHQ9).columns["phq9_9"] == "/44260-8"
    with pytest.raises(BadMapping, match=r"no mapping file nowhere.*fhir-phq9, lausanne, nhanes"):
        mapping("nowhere", PHQ9)
