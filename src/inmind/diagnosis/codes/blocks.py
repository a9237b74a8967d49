"""A release in pieces, one for each category, as it is kept: who looks up one code reads one piece. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date

from inmind.diagnosis.releases import Code, Release

_DOTTED = 3  # signs of a category
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY_IN_NAME = re.compile(rf"({'|'.join(_MONTHS)})-(\d{{1,2}})-(\d{{4}})\.xml\Z", re.IGNORECASE)


def category_of(code: str) -> str:
    return code[:_DOTTED]


def by_category(release: Release) -> Mapping[str, str]:
    """What is kept of each category, in the list's order."""
    found: dict[str, list[Code]] = {}
    for one in release.codes.values():
        found.setdefault(category_of(one.code), []).append(one)
    return {category: json.dumps([_row(one) for one in codes], ensure_ascii=False) for category, codes in found.items()}


def codes_of(bodies: Iterable[str]) -> Iterator[Code]:
    """The codes of some pieces."""
    for body in bodies:
        for code, title, parent, sevenths, excludes, terms in json.loads(body):
            yield Code(code, title, parent, frozenset(sevenths), tuple(excludes), tuple(terms))


def _row(code: Code) -> tuple[object, ...]:
    return (code.code, code.title, code.parent, "".join(sorted(code.sevenths)), code.excludes, code.terms)


def day_in_name(name: str) -> date | None:
    """The first day of a release, where its publisher wrote it into the file's name: `…-April-1-2026.xml`."""
    if found := _DAY_IN_NAME.search(name):
        month, day, year = found.groups()
        with suppress(ValueError):
            return date(int(year), _MONTHS.index(month.capitalize()) + 1, int(day))
    return None


def called(since: date) -> str:
    """What a release is called where nobody says: by the month in which it begins, as its publisher does."""
    return f"{_MONTHS[since.month - 1]} {since.year}"
