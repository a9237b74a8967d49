"""The numbers where a human voice answers: a network's own stand in for ours, and a file with a fault stops the start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inmind.foundation import helplines
from inmind.foundation.catalogs import BadCatalog

OWN = """
sources:
  ours: {what: "The county's page, called on the day"}
lines:
  - {key: talk, name: County talk line, crisis: false, call: 555-0100, note: {en: Days.}, source: ours, confidence: high, checked: 2026-11-01}
  - {key: "988", name: Lifeline, crisis: true, call: "988", note: {en: Any hour., es: A toda hora.}, source: ours, confidence: high, checked: 2026-11-01}
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where a network lays its own file."""
    monkeypatch.setenv("INMIND_CATALOG_DIR", str(tmp_path))
    (tmp_path / "foundation").mkdir()
    helplines.read.cache_clear()
    yield tmp_path / "foundation" / helplines.FILE
    helplines.read.cache_clear()


def test_a_networks_own_lines_stand_in_for_ours_crisis_lines_first(own: Path) -> None:
    """In the reader's language where there are words in it, else in English."""
    own.write_text(OWN, encoding="utf-8")
    assert [(line.name, line.dial, line.text, line.note) for line in helplines.help_lines("es")] == [
        ("Lifeline", "988", "", "A toda hora."),
        ("County talk line", "5550100", "", "Days."),
    ]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("call: 555-0100", "call: the county", "there is no number to call"),
        ("call: 555-0100, ", "", "`call` is missing"),
        ("note: {en: Days.}", "note: {es: De día.}", "`en` is missing"),
        ("crisis: true", "crisis: false", "none of these lines is for a crisis"),
        ("source: ours, confidence: high", "source: theirs, confidence: high", "there is no source theirs"),
        ("2026-11-01}", "soon}", "expected a date"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line(own: Path, before: str, after: str, reason: str) -> None:
    """Before anybody in need opens the page."""
    own.write_text(OWN.replace(before, after), encoding="utf-8")
    with pytest.raises(BadCatalog, match=reason) as refusal:
        helplines.read()
    assert refusal.value.file == str(own) and refusal.value.line > 4
