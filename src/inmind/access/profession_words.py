"""Of the verbs of the profession: how each is refused, and what a trail calls it; room by room. Pure."""

from __future__ import annotations

MONEY_REFUSED: dict[str, str] = {}
ASSOCIATION_REFUSED: dict[str, str] = {}
LEARNING_REFUSED: dict[str, str] = {}
REFLECTION_REFUSED: dict[str, str] = {}
ENDORSEMENT_REFUSED: dict[str, str] = {}

MONEY_WORDS: dict[str, str] = {}
ASSOCIATION_WORDS: dict[str, str] = {}
LEARNING_WORDS: dict[str, str] = {}
REFLECTION_WORDS: dict[str, str] = {}
ENDORSEMENT_WORDS: dict[str, str] = {}

REFUSED = {
    **MONEY_REFUSED,
    **ASSOCIATION_REFUSED,
    **LEARNING_REFUSED,
    **REFLECTION_REFUSED,
    **ENDORSEMENT_REFUSED,
}
CALLED = {**MONEY_WORDS, **ASSOCIATION_WORDS, **LEARNING_WORDS, **REFLECTION_WORDS, **ENDORSEMENT_WORDS}
