"""What somebody may wonder about, and which kinds of help it leads to: built from its catalog file, or says what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inmind.foundation.catalogs import Entry, distinct, known_source
from inmind.services.fitting.program_file import sources_of
from inmind.services.listings.listing import Offers


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence of the catalog's own in both languages."""

    en: str
    es: str

    def said(self, language: str) -> str:
        return self.es if language == "es" else self.en


@dataclass(frozen=True, slots=True)
class Wonder:
    """One thing to wonder about. mark: how it stands in an address. answers: the questions of programs that whoever chose it has
    answered by that. help: the help lines come first."""

    key: str
    mark: str
    words: Words
    offers: frozenset[Offers]
    categories: frozenset[str]
    answers: tuple[str, ...] = ()
    help: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """What a law gives to each child who qualifies: the program's key, what is said of it, and the sources."""

    program: str
    title: Words
    words: Words
    source: str
    when: Words | None = None
    when_source: str = ""


@dataclass(frozen=True, slots=True)
class Wonders:
    """All of the file. plain: what each category of programs and each other offer is, in plain words."""

    by_mark: Mapping[str, Wonder]
    plain: Mapping[str, Words]
    rights: tuple[Right, ...]


def load(sheet: Entry, categories: Mapping[str, str], questions: frozenset[str]) -> Wonders:
    """What the file says. Raises BadCatalog with the file, the line and the reason.

    categories: that of each program, by its key; questions: the keys of what may be asked of a family.
    """
    said = sheet.fields("title edition date key licence sources wonders plain rights")
    said["date"].day()
    sources, known = sources_of(said["sources"]), frozenset(categories.values())
    entries = said["wonders"].entries()
    found = [_wonder(one, sources, known, questions) for one in entries]
    distinct(entries, [one.mark for one in found])
    distinct(entries, [one.key for one in found])
    plain = {key: _words(one.fields("says says_es"), "says") for key, one in said["plain"].mapping().items()}
    if missing := (known | set(Offers)) - {Offers.PROGRAM} - plain.keys():
        raise said["plain"].wrong(f"{', '.join(sorted(missing))} cannot be said in plain words yet")
    rights = tuple(_right(one, sources, categories) for one in said["rights"].entries())
    return Wonders({one.mark: one for one in found}, plain, rights)


def _wonder(entry: Entry, sources: Mapping[str, str], known: frozenset[str], questions: frozenset[str]) -> Wonder:
    said = entry.fields("key mark says says_es source offers categories answers", "help")
    known_source(said["source"], sources)
    offers = frozenset(one.one_of(Offers) for one in said["offers"].entries())
    categories = frozenset(_among(one, known, "category of programs") for one in said["categories"].entries())
    if not offers | categories:
        raise entry.wrong("it leads nowhere")
    return Wonder(
        key=said["key"].text(),
        mark=said["mark"].text(),
        words=_words(said, "says"),
        offers=offers | ({Offers.PROGRAM} if categories else frozenset()),
        categories=categories,
        answers=tuple(_among(one, questions, "question") for one in said["answers"].entries()),
        help="help" in said and said["help"].truth(),
    )


def _right(entry: Entry, sources: Mapping[str, str], categories: Mapping[str, str]) -> Right:
    said = entry.fields("program title title_es says says_es source", "when when_es when_source")
    has_when = "when" in said
    return Right(
        program=_among(said["program"], frozenset(categories), "program"),
        title=_words(said, "title"),
        words=_words(said, "says"),
        source=sources[known_source(said["source"], sources)],
        when=_words(said, "when") if has_when else None,
        when_source=sources[known_source(said["when_source"], sources)] if has_when else "",
    )


def _words(said: Mapping[str, Entry], name: str) -> Words:
    return Words(said[name].text(), said[f"{name}_es"].text())


def _among(entry: Entry, known: frozenset[str], what: str) -> str:
    key = entry.text()
    if key not in known:
        raise entry.wrong(f"there is no {what} {key}")
    return key
