"""Who has read the sentences of a language (`locale/<language>/reviewed.yaml`), so that an unread page can say so. Shell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path

from inmind.foundation import loading
from inmind.foundation.catalogs import Entry


@dataclass(frozen=True, slots=True)
class Review:
    """A named person has read every sentence of a section."""

    by: str
    day: date


def of(language: str, section: str) -> Review | None:
    """The review of a section, None when nobody has read it. A language without a file is the one we write in: ours.

    Raises KeyError for a section that the file does not name, BadCatalog for a file that cannot be used.
    """
    return reviews(language)[section]


def is_source(language: str) -> bool:
    """Whether the sentences of this language are written here first, and translated from nothing."""
    return not _file(language).exists()


@lru_cache
def reviews(language: str) -> dict[str, Review | None]:
    """Every section with its review."""
    file = _file(language)
    said = loading.read(file, f"locale/{language}/{file.name}").fields("title edition licence sections")
    return {section: _review(entry) for section, entry in said["sections"].mapping().items()}


def _review(entry: Entry) -> Review | None:
    said = entry.fields("says by day", "from")
    if said["by"].is_null != said["day"].is_null:
        raise entry.wrong("a review has both a name and a day, or neither")
    return None if said["by"].is_null else Review(by=said["by"].text(), day=said["day"].day())


def _file(language: str) -> Path:
    return Path(str(resources.files("inmind"))) / "locale" / language / "reviewed.yaml"
