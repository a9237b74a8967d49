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


class About(StrEnum):
    """About whom an answer is: the person for whom help is looked for, whose it stays; the child; or the whole family."""

    PERSON = "person"
    CHILD = "child"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, in both languages. same_as: the key of another one that asks the same fact, as another program's source
    names it: who answers one has answered both; empty: there is none."""

    key: str
    of: Of
    asks: str
    asks_es: str
    about: About = About.PERSON
    same_as: str = ""

    @property
    def fact(self) -> str:
        """The key under which an answer is kept."""
        return self.same_as or self.key


def load(sheet: Entry) -> Mapping[str, Question]:
    """The questions of the file by key. Raises BadCatalog with the file, the line and the reason."""
    said = sheet.fields("title edition date licence questions")
    said["date"].day()
    entries = said["questions"].entries()
    found = [_question(one) for one in entries]
    distinct(entries, [one.key for one in found])
    known = {one.key: one for one in found}
    for entry, one in zip(entries, found, strict=True):
        same = known.get(one.fact)
        if same is None or (same.of, same.about, same.same_as) != (one.of, one.about, ""):
            raise entry.wrong(f"{one.same_as} is no question of this file that asks the same people about the same")
    return known


def _question(entry: Entry) -> Question:
    said = entry.fields("key of asks asks_es", "about same_as")
    about = said["about"].one_of(About) if "about" in said else About.PERSON
    same_as = said["same_as"].text() if "same_as" in said else ""
    key, of = said["key"].text(), said["of"].one_of(Of)
    return Question(key, of, said["asks"].text(), said["asks_es"].text(), about, same_as)
