"""What goes into a file for somebody outside, what its face says was left out. Pure.

A file is about one person, for one recipient, and asks the one rule of every telling (`access/consents.py`). Here no line
gets in that the consent does not cover: not of another class, another law or another day than was agreed to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from inmind.access.consents import KINDS, Days, Kind
from inmind.foundation.registries import Line
from inmind.foundation.values import N_

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a file, once it is in it."""

    kind: Kind
    on: date
    words: str
    source: str

    def as_data(self) -> list[str]:
        return [self.kind.value, self.on.isoformat(), self.words, self.source]

    @classmethod
    def from_data(cls, data: Sequence[str]) -> Entry:
        kind, on, words, source = data
        return cls(Kind(kind), date.fromisoformat(on), words, source)


# Whatever was agreed to. The map is in no file at all (`protect.md` 10); what an adult answered about herself is told by
# her own consent, in a file about her (`protect.md` 1).
ALWAYS_OUT: tuple[str, ...] = (
    N_("what others of the family said or answered about themselves"),
    N_("notes that the care team writes for itself"),
    N_("the family’s own map"),
)


def entries(kind: Kind, lines: Iterable[Line], days: Days) -> list[Entry]:
    """Of what the rooms keep of one kind, the lines that a consent to it covers, by day."""
    facts = KINDS[kind]
    covered = [
        one
        for one in lines
        if (one.field, one.regime) == (facts.field, facts.regime) and days.hold(Days(one.on, one.on))
    ]
    return [Entry(kind, one.on, one.words, one.source) for one in sorted(covered, key=lambda line: line.on)]


def left_out(kinds: Iterable[Kind]) -> tuple[str, ...]:
    """Every kind that is not in a file, whether or not anything of it is kept: that something was left out tells nothing."""
    there = frozenset(kinds)
    return (*(facts.words for kind, facts in KINDS.items() if kind not in there), *ALWAYS_OUT)


def cell(words: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    said = str(words)
    return f"'{said}" if said.startswith(_FORMULA) else said
