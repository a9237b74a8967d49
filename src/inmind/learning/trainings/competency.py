"""The areas of competency that trainings are mapped to, by name only: their texts are their publisher's. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inmind.foundation.catalogs import Entry


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain by its key; names by language; areas: the names of what it holds, where they are known well enough."""

    key: str
    names: Mapping[str, str]
    areas: tuple[str, ...]
    source: str

    def said(self, language: str) -> str:
        return self.names.get(language, self.names["en"])


def load(sheet: Entry) -> Mapping[str, Domain]:
    """The domains of a file, by key, in their order. Raises BadCatalog."""
    head = sheet.fields("title edition licence dated source domains", "note")
    for name in ("title", "edition", "licence", "source"):
        head[name].text()
    head["dated"].day()
    return {key: _domain(key, one) for key, one in head["domains"].mapping().items()}


def _domain(key: str, entry: Entry) -> Domain:
    said = entry.fields("en es source", "areas")
    areas = tuple(one.text() for one in said["areas"].entries()) if "areas" in said else ()
    return Domain(key, {"en": said["en"].text(), "es": said["es"].text()}, areas, said["source"].text())
