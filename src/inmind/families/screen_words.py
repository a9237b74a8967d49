"""Whether words that a court would read speak of somebody's screen: by an instrument's name, or a score with its number. Pure.

It finds what was written down with the best of intentions: "Her EPDS total was 19". What it finds is left out by a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

ORDINARY = frozenset({"ace", "pearls"})  # short names that are words, too: found in capitals alone
FEWEST = 4  # ours: pieces of a long name, below which it may be a plain phrase ("parent's concerns")
NEAR = r"[^.;!?\n]{0,24}?"  # ours: how far a number stands from its word, within one sentence
COUNTED = re.compile(
    rf"\b(?:scor(?:e|es|ed|ing)|total|puntaje|puntuaci[oó]n)\b{NEAR}\d"
    rf"|\d{NEAR}\b(?:scores?|total|puntaje|puntuaci[oó]n)\b|\d\s*(?:points?|puntos?)\b",
    re.IGNORECASE,
)


def speaks_of_a_screen(words: str, names: Iterable[str]) -> bool:
    """names: of the instruments, short and long."""
    return COUNTED.search(words) is not None or any(one.search(words) for one in _ways(frozenset(names)))


@lru_cache(maxsize=8)
def _ways(names: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(pattern for name in sorted(names) for pattern in _of(name))


def _of(name: str) -> Iterator[re.Pattern[str]]:
    """The ways in which a name is written: whole, where that is no plain phrase; and its letters without edition and form."""
    pieces = re.findall(r"[^\W_]+", name)
    stem: list[str] = []
    for piece in pieces:
        if not (piece.isalpha() and piece.isupper()):
            break
        stem.append(piece)
    while stem and len(stem[-1]) == 1:
        stem.pop()
    if len(pieces) >= FEWEST:
        yield _written(pieces, re.IGNORECASE)
    if stem:
        yield _written(stem, 0 if "".join(stem).casefold() in ORDINARY else re.IGNORECASE)


def _written(pieces: Iterable[str], flags: int) -> re.Pattern[str]:
    """With anything but letters between its pieces, and a number after it."""
    whole = r"[\W_]*".join(map(re.escape, pieces))
    return re.compile(rf"(?<![^\W\d_]){whole}(?![^\W\d_])", flags)
