"""Every number that the sources say with high or medium confidence, and how it is held: by a line that is worked out, by the engine
itself, or by nothing, with the reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inmind.foundation.catalogs import Confidence, Entry


@dataclass(frozen=True, slots=True)
class Known:
    """at: where it stands among the facts. line: the line that asks it; engine: what in the engine it is; why: else, the reason.
    One of the three, the others empty."""

    at: str
    value: float
    confidence: Confidence
    line: str = ""
    engine: str = ""
    why: str = ""


def load(sheet: Entry) -> tuple[Known, ...]:
    """Raises BadCatalog for a number that is held by nothing or by two things, and for a reason that nobody wrote."""
    said = sheet.fields("title edition date licence whys numbers")
    whys: Mapping[str, str] = {key: one.text() for key, one in said["whys"].mapping().items()}
    found = []
    for entry in said["numbers"].entries():
        row = entry.fields("at value confidence", "line engine why")
        held = [name for name in ("line", "engine", "why") if name in row]
        if len(held) != 1:
            raise entry.wrong("a number has a line, a part of the engine, or a reason: one of them")
        words = row[held[0]].text()
        if held == ["why"] and words not in whys:
            raise row["why"].wrong(f"expected one of {', '.join(sorted(whys))}")
        told = {held[0]: whys[words] if held == ["why"] else words}
        at, value = row["at"].text(), row["value"].number()
        found.append(Known(at, value, row["confidence"].one_of(Confidence), **told))
    return tuple(found)
