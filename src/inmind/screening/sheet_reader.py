"""What all readers of screening's catalog files share: sourced numbers, the licence, ages, and what is unknown. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from inmind.foundation.catalogs import Confidence, Entry, Sourced, known_source, sourced
from inmind.screening.instruments import AgeRange, Licence, Unknown

T = TypeVar("T")

KEY = re.compile(r"[a-z][a-z0-9]*\Z")
WORD = re.compile(r"[a-z][a-z0-9_]*\Z")


class SheetReader:
    """Reads one file; gathers on its way what is unknown, and which source stands behind which number."""

    def __init__(self, sheet: Entry, required: str, optional: str = "") -> None:
        self.said = sheet.fields(required, optional)
        self.sources = {key: entry.text() for key, entry in self.said["sources"].mapping().items()}
        self.key = self._key(self.said["key"])
        self.unknowns: list[Unknown] = []
        self.source_of: dict[str, str] = {}

    def _licence(self) -> Licence:
        said = self.said["licence"].fields("holder wording_may_ship terms source confidence")
        if said["wording_may_ship"].is_null:
            self.unknowns.append(Unknown("whether its wording may ship", "not confirmed, so it does not"))
        return Licence(
            holder="not known" if said["holder"].is_null else said["holder"].text(),
            wording_may_ship=not said["wording_may_ship"].is_null and said["wording_may_ship"].truth(),
            terms=said["terms"].text(),
            source="" if said["source"].is_null else known_source(said["source"], self.sources),
            confidence=said["confidence"].one_of(Confidence),
        )

    def _ages(self) -> AgeRange:
        said = self.said["age_months"].fields("min max")
        low, high = (self._sure(f"age_months.{end}", said[end], Entry.whole) for end in ("min", "max"))
        if not 0 <= low <= high:
            raise self.said["age_months"].wrong("an age range goes from its lowest month to its highest")
        return AgeRange(low, high, self.source_of["age_months.min"])

    def _code(self, entry: Entry) -> str:
        return self._matching(entry, WORD, "a code is small letters, digits and _")

    def _sourced(self, entry: Entry, read: Callable[[Entry], T], leaving: str = "") -> Sourced[T]:
        kept = {name: part for name, part in entry.mapping().items() if name not in leaving.split()}
        return sourced(Entry(kept, entry.file, entry.line), self.sources, read)

    def _sure(self, what: str, entry: Entry, read: Callable[[Entry], T]) -> T:
        """A number without which nothing can be scored."""
        found = self._sourced(entry, read)
        if not found.is_usable or found.value is None:
            raise entry.wrong(f"{what} is not known well enough to score by")
        self.source_of[what] = found.source
        return found.value

    def _maybe(self, what: str, entry: Entry, read: Callable[[Entry], T]) -> T | None:
        """A number that may be unknown: then nothing rests on it, and the instrument says so."""
        found = self._sourced(entry, read)
        if not found.is_usable:
            self.unknowns.append(Unknown(what, found.note or "not known"))
            return None
        self.source_of[what] = found.source
        return found.value

    def _list(self, name: str) -> tuple[Entry, ...]:
        return self.said[name].entries() if name in self.said else ()

    def _key(self, entry: Entry) -> str:
        return self._matching(entry, KEY, "a key is small letters and digits")

    def _matching(self, entry: Entry, pattern: re.Pattern[str], reason: str) -> str:
        if not pattern.match(entry.text()):
            raise entry.wrong(f"{reason}, found {entry.text()!r}")
        return entry.text()
