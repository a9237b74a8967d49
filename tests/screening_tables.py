"""Invented tables of cut-offs, for tests: none of these numbers is anybody's."""

from __future__ import annotations

HEADING = "month,cut_off,source,licence\n"
GUIDE, LICENCE = "an invented guide page 3", "by an invented letter"


def row(month: int, cutoff: int) -> str:
    return f"{month},{cutoff},{GUIDE},{LICENCE}\n"
