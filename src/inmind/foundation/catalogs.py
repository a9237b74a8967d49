"""What a catalog file holds, value by value, each knowing its file and line so that a fault can be shown. Pure.

`foundation/loading.py` reads the files; a room's core builds its own values from these entries, or says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from inmind.foundation.errors import InMindError
from inmind.foundation.values import N_

T = TypeVar("T")
S = TypeVar("S", bound=StrEnum)


class BadCatalog(InMindError):
    """A catalog file that cannot be used: which file, which line, why."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__(
            N_("%(file)s, line %(line)s: %(reason)s"),
            next_step=N_("Correct the file, then start again."),
            facts={"file": file, "line": str(line), "reason": reason},
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a catalog file: a scalar, a mapping of entries by name, or a tuple of entries.

    Every reader raises BadCatalog, with this entry's file and line, when the value is of another kind.
    """

    value: Any
    file: str
    line: int

    def wrong(self, reason: str) -> BadCatalog:
        return BadCatalog(self.file, self.line, reason)

    @property
    def is_null(self) -> bool:
        return self.value is None

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong(f"expected words, found {self._shown()}")
        return self.value

    def whole(self) -> int:
        if type(self.value) is not int:
            raise self.wrong(f"expected a whole number, found {self._shown()}")
        return self.value

    def number(self) -> float:
        if type(self.value) not in (int, float):
            raise self.wrong(f"expected a number, found {self._shown()}")
        return float(self.value)

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong(f"expected true or false, found {self._shown()}")
        return self.value

    def day(self) -> date:
        if type(self.value) is not date:
            raise self.wrong(f"expected a date such as 2026-01-31, found {self._shown()}")
        return self.value

    def one_of(self, kind: type[S]) -> S:
        try:
            return kind(self.text())
        except ValueError:
            raise self.wrong(f"expected one of {', '.join(kind)}, found {self._shown()}") from None

    def entries(self) -> tuple[Entry, ...]:
        if not isinstance(self.value, tuple):
            raise self.wrong(f"expected a list, found {self._shown()}")
        return self.value

    def mapping(self) -> Mapping[str, Entry]:
        if not isinstance(self.value, Mapping):
            raise self.wrong(f"expected named values, found {self._shown()}")
        return self.value

    def fields(self, required: str, optional: str = "") -> Mapping[str, Entry]:
        """The named values, when all of `required` are there and nothing beyond both (names parted by spaces)."""
        found = self.mapping()
        for name in required.split():
            if name not in found:
                raise self.wrong(f"`{name}` is missing")
        known = f"{required} {optional}".split()
        for name, entry in found.items():
            if name not in known:
                raise entry.wrong(f"`{name}` is not known here; known are {', '.join(sorted(known))}")
        return found

    def _shown(self) -> str:
        if isinstance(self.value, Mapping):
            return "named values"
        if isinstance(self.value, tuple):
            return "a list"
        return "nothing" if self.value is None else repr(self.value)[:60]


class Confidence(StrEnum):
    """How well a number is known: high = an official or peer-reviewed source, or two; medium = one secondary source;
    low = a single weak source or nothing."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T]):
    """A fact with the source it was read in; `value` None means that it was looked for and not found."""

    value: T | None
    source: str
    confidence: Confidence
    note: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether anything may rest on it: a low-confidence number never bands, gates or codes."""
        return self.value is not None and self.confidence is not Confidence.LOW


def sourced(entry: Entry, sources: Mapping[str, str], read: Callable[[Entry], T]) -> Sourced[T]:
    """A `{value, source, confidence}` of a file; the source must be one that the file names.

    Only a value that was not found may come without a source.
    """
    found = entry.fields("value source confidence", "also note")
    value = None if found["value"].is_null else read(found["value"])
    notes = [found[name].text() for name in ("note",) if name in found]
    if "also" in found:
        notes.append(f"also: {known_source(found['also'], sources)}")
    return Sourced(
        value=value,
        source="" if value is None and found["source"].is_null else known_source(found["source"], sources),
        confidence=found["confidence"].one_of(Confidence),
        note="; ".join(notes),
    )


def known_source(entry: Entry, sources: Mapping[str, str]) -> str:
    """A source's key, when the file's own list of sources names it."""
    key = entry.text()
    if key not in sources:
        raise entry.wrong(f"source `{key}` is not among the sources this file names")
    return key


def distinct(entries: Sequence[Entry], values: Sequence[object]) -> None:
    """Refuse, at its own line, the first value that stands twice."""
    for place, value in enumerate(values):
        if value in values[:place]:
            raise entries[place].wrong(f"{value} stands here twice")
