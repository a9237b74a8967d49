"""A release in pieces."""

from __future__ import annotations

from datetime import date

import pytest

from inmind.diagnosis.codes import blocks
from inmind.diagnosis.tests.invented import OLD


def test_a_release_comes_back_from_its_pieces_as_it_was():
    pieces = blocks.by_category(OLD)
    assert list(pieces) == ["F84", "F90", "F94", "F98", "R68", "T74", "Z62"]
    assert {one.code: one for one in blocks.codes_of(pieces.values())} == OLD.codes
    assert [one.code for one in blocks.codes_of([pieces["F94"]])] == ["F94", "F94.1", "F94.2"]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("icd10c-tabular-April-1-2026.xml", date(2026, 4, 1)),
        ("list-october-1-2026.XML", date(2026, 10, 1)),
        ("icd10cm-tabular-2026.xml", None),
        ("list-April-31-2026.xml", None),
        ("April", None),
    ],
)
def test_a_first_day_is_read_only_where_it_is_written(name, day):
    assert blocks.day_in_name(name) == day


def test_a_release_is_called_by_its_month():
    assert blocks.called(date(2026, 4, 1)) == "April 2026"
