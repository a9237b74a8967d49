"""The exact words of an instrument as its publisher prints them, and whether they may be sent on a day. Pure.

Wording is its publisher's and never ships. A house that holds the right to it brings it (`questionnaire_reader.py` reads the
file); every use names who holds it, by which license, and for how long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from inmind.foundation.values import N_, Verdict

_OVER = "+"  # what parts an edition that ships from a table laid over it: the words are the same


@dataclass(frozen=True, slots=True)
class WordedChoice:
    """One answer. Several may have the same points."""

    points: int
    text: str


@dataclass(frozen=True, slots=True)
class WordedItem:
    """One question with its answers, in the order in which they are printed.

    number: as printed, where it is (`1.`, `10a`). heading: what stands over its group, said of every item in it. before:
    what stands between the item above and this one. note: what stands below the question. Each empty where nothing does.
    """

    key: str
    text: str
    choices: tuple[WordedChoice, ...]
    number: str = ""
    heading: str = ""
    before: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is printed, in one language: the items in the order of the form. before, after: what stands around them."""

    title: str
    items: tuple[WordedItem, ...]
    before: str = ""
    after: str = ""
    copyright: str = ""

    def item(self, key: str) -> WordedItem:
        """Raises KeyError for an item that is not one of its own."""
        return {item.key: item for item in self.items}[key]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def words_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """What `Words.as_data` gave, as the values by name that make it again."""
    items = tuple(
        WordedItem(**{**item, "choices": tuple(WordedChoice(**choice) for choice in item["choices"])})
        for item in data["items"]
    )
    return {**data, "items": items}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording(Words):
    """The words of an instrument in one edition and language, with the right to use them.

    id: under which a sent form keeps in which words it was answered. instrument: its key. starts, ends: the first and the
    last day on which it may be sent; ends None where no end is known. source: the file it came from.
    """

    id: UUID
    instrument: str
    edition: str
    language: str
    holder: str
    licence: str
    starts: date
    ends: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Right:
    """What of a wording that was brought decides whether it may be sent. organization: the one agency that may; None: all."""

    id: UUID
    edition: str
    language: str
    organization: UUID | None
    starts: date
    ends: date | None
    is_withdrawn: bool


MAY = N_("The wording is here, with its license.")
NONE = N_(
    "The exact wording of %(instrument)s is not here, so it cannot be sent. It belongs to its publisher: a data steward who "
    "holds a license for it brings it on the page Wording. Until then it is given on paper."
)
OTHER_EDITION = N_(
    "The wording of %(instrument)s that is here was brought for edition %(found)s, and edition %(edition)s is used now. The "
    "data steward compares both and brings it anew. Until then it is given on paper."
)
ELSEWHERE = N_(
    "The wording of %(instrument)s that is here was licensed to another agency, so this one cannot send it. The data steward "
    "brings it with a license for this agency. Until then it is given on paper."
)
OTHER_LANGUAGE = N_(
    "The wording of %(instrument)s is not here in %(language)s (it is in: %(found)s). The data steward brings it in that "
    "language; nobody translates it on the way. Until then it is given on paper."
)
WITHDRAWN = N_(
    "The wording of %(instrument)s in %(language)s was withdrawn, so it cannot be sent. The data steward brings it anew if "
    "there is a license. Until then it is given on paper."
)
NOT_BEGUN = N_(
    "The license for the wording of %(instrument)s in %(language)s begins on %(day)s. It can be sent from that day on. Until "
    "then it is given on paper."
)
ENDED = N_(
    "The license for the wording of %(instrument)s in %(language)s ended on %(day)s, so it cannot be sent any more. The data "
    "steward brings it with the new license. Until then it is given on paper."
)


def chosen(
    rights: Sequence[Right], *, name: str, edition: str, language: str, organization: UUID | None, on: date
) -> tuple[Right | None, Verdict]:
    """Which wording of one instrument an agency may send on a day; where none, why, and what to do.

    rights: all that were ever brought for it, the latest last, which takes the earlier ones' place. name: the instrument's,
    for the sentence. edition: with or without a table over it. Facts hold days as in 2026-11-21 and languages by their code.
    """
    facts = {"instrument": name, "edition": edition.partition(_OVER)[0], "language": language}
    wanted = facts["edition"]
    sieves: tuple[tuple[str, Callable[[Right], bool]], ...] = (
        (OTHER_EDITION, lambda right: right.edition == wanted),
        (ELSEWHERE, lambda right: right.organization in (None, organization)),
        (OTHER_LANGUAGE, lambda right: is_spoken(right.language, language)),
        (WITHDRAWN, lambda right: not right.is_withdrawn),
        (NOT_BEGUN, lambda right: right.starts <= on),
        (ENDED, lambda right: right.ends is None or on <= right.ends),
    )
    left = list(rights)
    if not left:
        return None, Verdict(False, NONE, facts=facts)
    for sentence, keeps in sieves:
        through = [right for right in left if keeps(right)]
        if not through:
            return None, Verdict(False, sentence, facts=facts | _known_of(sentence, left))
        left = through
    # The very language that was asked for before a neighbor of it, the agency's own before everybody's, the latest last.
    best = max(left, key=lambda one: (_same(one.language, language), one.organization is not None))
    same = [one for one in left if (one.language, one.organization) == (best.language, best.organization)]
    return same[-1], Verdict(True, MAY, facts=facts)


def _known_of(sentence: str, rights: Sequence[Right]) -> dict[str, str]:
    """What a refusal says of those that there are."""
    if sentence == NOT_BEGUN:
        return {"day": min(right.starts for right in rights).isoformat()}
    if sentence == ENDED:
        return {"day": max(right.ends for right in rights if right.ends is not None).isoformat()}
    by = {OTHER_EDITION: "edition", OTHER_LANGUAGE: "language"}.get(sentence)
    return {"found": ", ".join(dict.fromkeys(getattr(right, by) for right in rights))} if by else {}


def is_spoken(found: str, asked: str) -> bool:
    """Whether a language is the one asked for, its country and script left aside: `es-MX` serves `es`."""
    return found.casefold().split("-")[0] == asked.casefold().split("-")[0]


def _same(found: str, asked: str) -> bool:
    return found.casefold() == asked.casefold()
