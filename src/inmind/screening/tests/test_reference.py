"""The generated pages say what the catalog says."""

from __future__ import annotations

from pathlib import Path

import pytest

from inmind.screening import reference
from inmind.screening.adapters.catalog import catalog, recorded
from inmind.screening.examples import EXAMPLES


def test_the_rules_are_printed_with_their_sources() -> None:
    """Every item, band, cut-off, unknown and worked example of every instrument."""
    page = reference.pages(Path("nowhere"))["scoring.md"]
    assert page is not None
    for instrument in catalog().values():
        named = [
            *(item.key for item in instrument.items),
            *(band.code for band in instrument.bands),
            *(cutoff.label for cutoff in instrument.cutoffs),
            *(unknown.what for unknown in instrument.unknowns),
            *instrument.sources.values(),
        ]
        assert not [name for name in named if name not in page]
    for tool in recorded().values():
        named = [*(each.key for each in tool.scales), *(each.what for each in tool.unknowns), *tool.sources.values()]
        assert not [name for name in named if name not in page]
    assert not [
        example.says for example in EXAMPLES if f"| {example.says} | {example.answers} | {example.result} |" not in page
    ]


def test_without_the_real_answers_their_page_is_left_as_it_is() -> None:
    """None says so to `make docs`."""
    assert reference.pages(Path("nowhere"))["real-input.md"] is None


def test_real_answers_are_counted_without_naming_items() -> None:
    """Counts by status, band, flag and reason."""
    if not reference.BESIDE.is_dir():
        pytest.skip("the real answers are not here (data, beside the project)")
    page = reference.pages()["real-input.md"]
    assert page is not None
    assert "| scored | 5068 |" in page
    assert "| 1 of 9 items without points: 1 unknown. |" in page
    assert "phq9_3" not in page
