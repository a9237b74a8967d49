"""The lines where a human voice answers, from `catalog/help_lines.yaml`, in the reader's language."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One line: how to call and text it, what to know before, and where its number comes from."""

    key: str
    name: str
    crisis: bool
    call: str
    text: str
    shown: str
    note: str
    source: str
    checked: date

    @property
    def dial(self) -> str:
        """The number as a `tel:` or `sms:` link needs it."""
        return "".join(letter for letter in self.call if letter.isdigit())


def help_lines(language: str = "") -> list[HelpLine]:
    """All lines, crisis lines first, their notes in the reader's language."""
    language = (language or get_language() or "en")[:2]
    return [_line(said, language) for said in sorted(_file()["lines"], key=lambda said: not said["crisis"])]


def _line(said: dict[str, Any], language: str) -> HelpLine:
    return HelpLine(
        key=said["key"],
        name=said["name"],
        crisis=said["crisis"],
        call=said["call"],
        text=said["text"],
        shown=said.get("shown", said["call"]),
        note=said["note"].get(language, said["note"]["en"]),
        source=_file()["sources"][said["source"]]["what"],
        checked=said["checked"],
    )


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    over = os.environ.get("INMIND_CATALOG_DIR")
    own = Path(over) / "foundation" / "help_lines.yaml" if over else None
    file = own if own and own.exists() else Path(__file__).parent / "catalog" / "help_lines.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))
