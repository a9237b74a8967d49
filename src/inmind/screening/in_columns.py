"""Sets the parts of an explanation out for a terminal, no wider than it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap

from inmind.screening.explaining import Part

WIDTH = 80
_GAP = 2
_NARROWEST = 22  # a column is folded to no less than this; a table that would need it is told row by row


def written(parts: Iterable[Part], width: int = WIDTH) -> str:
    return "\n\n".join("\n".join(_part(part, width)) for part in parts)


def folded(text: str, width: int = WIDTH, indent: str = "", first: str | None = None) -> list[str]:
    """A text in lines. Words are never parted: a longer one, such as a column's name, is copied from here."""
    return wrap(
        text.replace("`", ""),
        width,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _part(part: Part, width: int) -> list[str]:
    lines = folded(part.says, width)
    if not part.heading:
        return [*lines, *(line for row in part.rows for line in folded(row[0], width, "  ", "- "))]
    filled = [place for place, cells in enumerate(zip(*part.rows, strict=True)) if any(cells)]
    headed = [part.heading, *part.rows] if any(part.heading) else part.rows
    rows = [[row[place] for place in filled] for row in headed]
    return [*lines, *(_aligned(rows, width) or _row_by_row(part, width))]


def _aligned(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """In columns, the widest folded as far as need be; nothing where that is too far."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    widest = widths.index(max(widths))
    room = width - sum(widths) + widths[widest] - _GAP * (len(widths) - 1)
    if room < min(widths[widest], _NARROWEST):
        return []
    widths[widest] = min(widths[widest], room)
    return [line for row in rows for line in _line(row, widths, widest)]


def _line(row: Sequence[str], widths: Sequence[int], widest: int) -> list[str]:
    cells = [folded(cell, widths[widest]) if place == widest else [cell] for place, cell in enumerate(row)]
    lines = []
    for number in range(max(1, len(cells[widest]))):
        shown = [cell[number] if number < len(cell) else "" for cell in cells]
        gap = " " * _GAP
        lines.append(gap.join(text.ljust(room) for text, room in zip(shown, widths, strict=True)).rstrip())
    return lines


def _row_by_row(part: Part, width: int) -> list[str]:
    """Each row by its first cell, and what its other cells hold by their names."""
    lines = []
    for name, *cells in part.rows:
        named = zip(part.heading[1:], cells, strict=True)
        told = "; ".join(f"{what} {cell}" for what, cell in named if cell)
        lines += [name, *folded(told, width, "  ")]
    return lines
