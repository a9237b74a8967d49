"""Builds a hand-out from its file, or says what is wrong with the file. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.foundation.catalogs import Entry, distinct
from inmind.services.plans.handout import DOSE, FEWEST, MOST, Call, Handout, Whom, Words, Worry

LANGUAGES = ("en", "es")  # wherever a family looks


def load(sheet: Entry) -> Handout:
    """The hand-out that one file holds. Raises BadCatalog with the file, the line and the reason."""
    said = sheet.fields(f"key edition date by licence worry ages reviewed {' '.join(LANGUAGES)}")
    key = said["key"].text()
    if not all(letter.isascii() and (letter.islower() or letter.isdigit() or letter == "-") for letter in key):
        raise said["key"].wrong("a key has small letters, digits and hyphens alone: it stands in the address")
    from_month, to_month = _ages(said["ages"])
    reviewed = said["reviewed"].fields(" ".join(LANGUAGES))
    return Handout(
        key=key,
        edition=said["edition"].text(),
        dated=said["date"].day(),
        by=said["by"].text(),
        licence=said["licence"].text(),
        worry=said["worry"].one_of(Worry),
        from_month=from_month,
        to_month=to_month,
        words={one: _words(said[one], is_reviewed=_is_reviewed(reviewed, one)) for one in LANGUAGES},
    )


def _ages(entry: Entry) -> tuple[int | None, int]:
    said = entry.fields("from_month to_month")
    low, high = None if said["from_month"].is_null else said["from_month"].whole(), said["to_month"].whole()
    if not (low or 0) <= high <= 72 or (low or 0) < 0 or high == low:
        raise said["to_month"].wrong("ages are whole months, from one to a later one, up to 72")
    return low, high


def _is_reviewed(reviewed: Mapping[str, Entry], language: str) -> bool:
    """Whether a named person has read these words; null: nobody yet, and the page says so."""
    if reviewed[language].is_null:
        return False
    reviewed[language].text()
    return True


def _words(entry: Entry, *, is_reviewed: bool) -> Words:
    said = entry.fields("title first says try call")
    calls = tuple(_call(one) for one in said["call"].entries())
    if not calls:
        raise said["call"].wrong("a hand-out says when to call whom")
    distinct(said["call"].entries(), [one.when for one in calls])
    made = Words(
        title=said["title"].text(),
        first=said["first"].text(),
        says=tuple(one.text() for one in said["says"].entries()),
        try_this=tuple(one.text() for one in said["try"].entries()),
        calls=calls,
        is_reviewed=is_reviewed,
    )
    if not FEWEST <= made.count <= MOST:
        raise entry.wrong(f"it has {made.count} words; between {FEWEST} and {MOST} fit one printed page")
    for name in ("first", "says", "try"):
        for part in said[name].entries() if name != "first" else (said[name],):
            if DOSE.search(part.text()):
                raise part.wrong("a hand-out names no dose: it says whom to ask")
    return made


def _call(entry: Entry) -> Call:
    said = entry.fields("when whom")
    return Call(said["when"].text(), said["whom"].one_of(Whom))
