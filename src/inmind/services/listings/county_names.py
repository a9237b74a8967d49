"""Counties as people and directories write them: by name, with or without what they are called, or by code. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from inmind.foundation import text
from inmind.services.listings.counties import County

# What stands behind a name, or is left out.
_CALLED = re.compile(r" (county|parish|borough|municipio|census area|municipality|city and borough)$")


def code_of(known: Mapping[str, County], said: str, state: str) -> str | None:
    """The code of a county by its code or its name, in a state; "Dallam, TX" names its own. None: there is none, or several."""
    said = said.strip()
    if said in known:
        return said
    name, comma, end = said.rpartition(",")
    if comma and len(end.strip()) == 2:
        said, state = name, end.strip().upper()
    word = _short(said)
    there = [one.code for one in known.values() if state in {"", one.state} and _short(one.name) == word]
    return there[0] if len(there) == 1 else None


def named(known: Mapping[str, County], codes: Iterable[str], state: str) -> list[str]:
    """Counties by name, those of another state with it, in the order of the alphabet."""
    found = (known[code] for code in codes if code in known)
    return sorted(one.name if one.state == state else f"{one.name}, {one.state}" for one in found)


def _short(name: str) -> str:
    return _CALLED.sub("", text.folded(name).strip())
