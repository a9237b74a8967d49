"""What may have to be known of a family, and whom to ask: built from `catalog/questions.yaml`, or says what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from inmind.foundation.catalogs import Entry, distinct


class Of(StrEnum):
    """Who can answer: a family, a clinician, the program itself; or nobody has to, because it holds for all."""

    FAMILY = "family"
    CLINICIAN = "clinician"
    PROGRAM = "program"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, in both languages."""

    key: str
    of: Of
    asks: str
    asks_es: str


def load(sheet: Entry) -> Mapping[str, Question]:
    """The questions of the file by key. Raises BadCatalog with the file, the line and the reason."""
    said = sheet.fields("title edition date licence questions")
    said["date"].day()
    found = [_question(one) for one in said["questions"].entries()]
    distinct(said["questions"].entries(), [one.key for one in found])
    return {one.key: one for one in found}


def _question(entry: Entry) -> Question:
    said = entry.fields("key of asks asks_es")
    return Question(said["key"].text(), said["of"].one_of(Of), said["asks"].text(), said["asks_es"].text())
