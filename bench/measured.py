"""One measurement: what of ours was measured, beside what, and how far apart the two may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Something of ours, beside a plain way of doing the same where there is one.

    at_most: the largest ratio that is allowed or, without `plain`, the largest value of ours; None: told, not judged.
    """

    what: str
    ours: float
    unit: str
    plain: float | None = None
    beside: str = ""
    at_most: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.ours / self.plain if self.plain else None

    @property
    def holds(self) -> bool:
        judged = self.ours if self.plain is None else self.ratio
        return self.at_most is None or judged is None or judged <= self.at_most


def table(rows: Sequence[Measured]) -> str:
    """The measurements as lines of columns."""
    heads = ("what", "ours", "beside", "ratio", "at most", "")
    lines = [heads, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _cells(row: Measured) -> tuple[str, ...]:
    beside = "" if row.plain is None else f"{row.plain:.4g} {row.unit} ({row.beside})"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    limit = "" if row.at_most is None else f"{row.at_most:g}" + ("" if row.plain is not None else f" {row.unit}")
    return row.what, f"{row.ours:.4g} {row.unit}", beside, ratio, limit, "" if row.holds else "TOO SLOW"
