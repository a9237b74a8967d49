"""What somebody learned by year and by area; what they say themselves stands apart."""

from __future__ import annotations

from datetime import date

import pytest

from inmind.learning.certificates.transcript import Line, Sum, share, transcript

LINES = [
    Line(date(2025, 3, 1), "First", "Plains", 60, {"reflection": 60}),
    Line(date(2026, 5, 16), "Second", "Plains", 120, {"law": 48, "reflection": 72}, "7K2M-Q9XD-4TRB"),
    Line(date(2026, 6, 1), "Elsewhere", "Another", 90, {"unheard": 30}, said=True),
]


def test_hours_are_summed_by_year_and_by_area() -> None:
    """The newest year first; areas in their own order, and one that nobody knows any more at the end."""
    found = transcript(LINES, ["law", "reflection"])
    assert [one.title for one in found.lines] == ["Elsewhere", "Second", "First"]
    assert found.by_year == ((2026, Sum(120, 90)), (2025, Sum(60, 0)))
    assert found.by_area == (("law", Sum(48, 0)), ("reflection", Sum(132, 0)), ("unheard", Sum(0, 30)))
    assert (found.total, found.total.total) == (Sum(180, 90), 270)


def test_nothing_is_nothing() -> None:
    """An empty transcript has no year."""
    assert transcript([], ["law"]).by_year == ()


@pytest.mark.parametrize(("minutes", "most", "wide"), [(60, 120, 50.0), (1, 6000, 0.5), (0, 60, 0.0), (0, 0, 0.0)])
def test_bars_are_as_wide_as_their_hours(minutes: int, most: int, wide: float) -> None:
    """And what is there is seen."""
    assert share(minutes, most) == wide
