"""The lines where a human voice answers, from `catalog/help_lines.yaml`, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

from inmind.foundation import loading
from inmind.foundation.catalogs import Confidence, Entry

FILE = "help_lines.yaml"


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
    """All lines, crisis lines first, their notes in the reader's language. Raises BadCatalog."""
    language = (language or get_language() or "en")[:2]
    return [replace(line, note=notes.get(language, notes["en"])) for line, notes in read()]


@lru_cache(maxsize=1)
def read() -> tuple[tuple[HelpLine, Mapping[str, str]], ...]:
    """Each line with its notes by language, crisis lines first; a network's own file stands in for ours.

    Read before the first page is served: on the page that somebody in need opens it would be too late to find a fault.
    Raises BadCatalog.
    """
    (ours,) = (sheet for sheet in loading.ours("foundation") if Path(sheet.file).name == FILE)
    own = [sheet for sheet in loading.laid_over("foundation") if Path(sheet.file).name == FILE]
    sheet = [ours, *own][-1]
    said = sheet.fields("lines sources", "title edition licence note")
    sources = {key: source.fields("what", "basis")["what"].text() for key, source in said["sources"].mapping().items()}
    lines = [_line(entry, sources) for entry in said["lines"].entries()]
    if not any(line.crisis for line, _ in lines):
        raise said["lines"].wrong("none of these lines is for a crisis")
    return tuple(sorted(lines, key=lambda pair: not pair[0].crisis))


def _line(entry: Entry, sources: Mapping[str, str]) -> tuple[HelpLine, Mapping[str, str]]:
    said = entry.fields("key name crisis call note source confidence checked", "text shown")
    call, source = said["call"].text(), said["source"].text()
    if not any(letter.isdigit() for letter in call):
        raise said["call"].wrong("there is no number to call")
    if source not in sources:
        raise said["source"].wrong(f"there is no source {source}")
    said["confidence"].one_of(Confidence)
    notes = {language: words.text() for language, words in said["note"].fields("en", "es").items()}
    line = HelpLine(
        key=said["key"].text(),
        name=said["name"].text(),
        crisis=said["crisis"].truth(),
        call=call,
        text=said["text"].text() if "text" in said else "",
        shown=said["shown"].text() if "shown" in said else call,
        note=notes["en"],
        source=sources[source],
        checked=said["checked"].day(),
    )
    return line, notes
