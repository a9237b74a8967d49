"""Counties by their five-digit codes, as families name them: built from `catalog/places/`, or says what is wrong. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inmind.foundation.catalogs import Entry, distinct
from inmind.services.fitting.program_file import sources_of


@dataclass(frozen=True, slots=True)
class County:
    """A county, or what is counted as one. state: its two letters."""

    code: str
    name: str
    state: str


def load(sheet: Entry) -> Mapping[str, County]:
    """The counties of the file by code, in its order. Raises BadCatalog with the file, the line and the reason."""
    said = sheet.fields("title edition date key licence sources states")
    said["date"].day()
    sources_of(said["sources"])
    rows = [(state, one) for state, some in said["states"].mapping().items() for one in some.entries()]
    found = [_county(state, one) for state, one in rows]
    distinct([one for _, one in rows], [one.code for one in found])
    return {one.code: one for one in found}


def _county(state: str, entry: Entry) -> County:
    parts = re.fullmatch(r"([0-9]{5}) (\S.*)", entry.text())
    if parts is None:
        raise entry.wrong("expected a code of five digits and a name")
    return County(parts[1], parts[2], state)


def offered(known: Mapping[str, County], state: str, listed: Iterable[str]) -> list[County]:
    """The counties that are asked about: those of the installation's state, and those that listings name besides; by name."""
    besides = [known[code] for code in set(listed) if code in known]
    home = [one for one in known.values() if one.state == state]
    return [
        *sorted(home, key=lambda one: one.name),
        *sorted({*besides} - {*home}, key=lambda one: (one.state, one.name)),
    ]
