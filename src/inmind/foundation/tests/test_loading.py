"""Reading catalog files: ours, a network's, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from inmind.foundation import loading
from inmind.foundation.catalogs import BadCatalog, Confidence, sourced
from inmind.foundation.loading import parse


def test_every_value_knows_its_line() -> None:
    """Mappings, lists and what stands in them."""
    sheet = parse("a: 1\nb:\n- x\n- {c: yes, d: 2026-01-31}\n", "one.yaml")
    second = sheet.fields("a b")["b"].entries()[1]
    assert (sheet.line, second.line, second.fields("c d")["d"].line) == (1, 4, 4)
    assert (second.mapping()["c"].truth(), second.mapping()["d"].day().isoformat()) == (
        True,
        "2026-01-31",
    )
    assert sheet.mapping()["a"].number() == 1.0


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param(
            "a: 1\na: 2\n",
            2,
            "`a` stands here twice",
            id="a name twice would silently win",
        ),
        pytest.param("a: &x 1\nb: *x\n", 1, "anchors and aliases", id="an anchor"),
        pytest.param(
            "a: 1\nb: {<<: {c: 1}}\n",
            2,
            "could not determine a constructor",
            id="a merge",
        ),
        pytest.param(
            "a: 1\nb: !!python/name:os.system\n",
            2,
            "could not determine a constructor",
            id="a tag that names code",
        ),
        pytest.param("a: 1\nb: [1, 2\n", 3, "expected ',' or ']'", id="a list that never closes"),
        pytest.param("a: 1\n\tb: 2\n", 2, "a tab character", id="a tab"),
        pytest.param("a: 1\n--- \nb: 2\n", 2, "another document", id="two documents"),
        pytest.param("", 1, "empty", id="nothing"),
        pytest.param("# only words\n", 1, "empty", id="only a comment"),
        pytest.param("a: \x00\n", 1, "characters are not allowed", id="a zero character"),
        pytest.param("? [a, b]\n: 1\n", 1, "a name must be a word", id="a list for a name"),
        pytest.param("true: 1\n", 1, "a name must be a word", id="a yes for a name"),
        pytest.param("a: 1\n1.5: 1\n", 2, "a name must be a word", id="a fraction for a name"),
        pytest.param("a: 2026-13-45\n", 1, "month must be in", id="a month that is none"),
        pytest.param(
            "[" * 500 + "]" * 500,
            1,
            "more than 50 deep",
            id="lists within lists without end",
        ),
        pytest.param("a" * 2_000_001, 1, "is the most that is read", id="a file beyond measure"),
    ],
)
def test_a_file_that_is_not_plain_yaml_is_refused(text: str, line: int, reason: str) -> None:
    """With its file, its line and the reason, whatever is wrong."""
    with pytest.raises(BadCatalog) as refusal:
        parse(text, "one.yaml")
    assert (refusal.value.file, refusal.value.line) == ("one.yaml", line)
    assert reason in refusal.value.reason


def test_a_number_may_be_a_name() -> None:
    """Months and codes stand as names; they are read as words."""
    assert parse("7: refused\n", "one.yaml").mapping()["7"].text() == "refused"


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """One that is not there, and one that is not UTF-8, with the line of the first wrong letter."""
    with pytest.raises(BadCatalog, match="cannot be opened"):
        loading.read(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("a: 1\nb: niño\n".encode("latin-1"))
    with pytest.raises(BadCatalog, match="line 2: the file is not UTF-8"):
        loading.read(tmp_path / "latin.yaml")


def test_our_files_are_shown_by_room() -> None:
    """In order of their names, and by a path that names no machine."""
    found = [sheet.file for sheet in loading.ours("screening")]
    assert found == sorted(found)
    assert {"screening/catalog/epds.yaml", "screening/catalog/phq9.yaml"} <= set(found)


def test_a_networks_files_are_found_where_the_setting_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None when unset, those of the room when set, and a folder that is missing is said."""
    monkeypatch.delenv("INMIND_CATALOG_DIR", raising=False)
    assert loading.laid_over("screening") == []
    (tmp_path / "screening").mkdir()
    (tmp_path / "screening" / "own.yaml").write_text("a: 1\n", encoding="utf-8")
    monkeypatch.setenv("INMIND_CATALOG_DIR", str(tmp_path))
    assert [sheet.mapping()["a"].whole() for sheet in loading.laid_over("screening")] == [1]
    assert loading.laid_over("learning") == []
    monkeypatch.setenv("INMIND_CATALOG_DIR", str(tmp_path / "none"))
    with pytest.raises(BadCatalog, match="does not exist"):
        loading.laid_over("screening")


def test_what_was_not_found_needs_no_source_and_is_not_usable() -> None:
    """Null is unknown; low confidence is known and not used; notes and second sources stay."""
    sources = {"a2020": "A, 2020", "b2021": "B, 2021"}
    null = sourced(
        parse("{value: null, source: null, confidence: low}", "x"),
        sources,
        lambda entry: entry.whole(),
    )
    low = sourced(
        parse("{value: 3, source: a2020, confidence: low}", "x"),
        sources,
        lambda entry: entry.whole(),
    )
    high = sourced(
        parse("{value: 3, source: a2020, confidence: high, also: b2021, note: seen}", "x"),
        sources,
        lambda entry: entry.whole(),
    )
    assert (null.value, null.source, null.is_usable) == (None, "", False)
    assert (low.value, low.is_usable) == (3, False)
    assert (high.is_usable, high.note, high.confidence) == (
        True,
        "seen; also: b2021",
        Confidence.HIGH,
    )
