"""The names that come nearest to one that nobody knows: what "did you mean" asks. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 60  # letters of what was typed that are looked at
_MOST = 3


def nearest(found: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three of the known names, the likeliest first; none where none is near.

    Capitals and signs between the letters do not count: PHQ-9 is phq9. Names that begin as the typed one win over others.
    """
    by_letters: dict[str, list[str]] = {}
    for name in known:
        by_letters.setdefault(_letters(name), []).append(name)
    typed = _letters(found[:_LONGEST])
    begun = sorted(name for name in by_letters if len(typed) > 1 and name.startswith(typed))
    likely = begun or get_close_matches(typed, by_letters, n=_MOST)
    return tuple(name for letters in likely for name in by_letters[letters])[:_MOST]


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """The question, with a space behind it; nothing where no name is near. For what is said on a command line alone."""
    near = nearest(found, known)
    return f"Did you mean {' or '.join(near)}? " if near else ""


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()
