"""What a score comes to: points, band, cut-offs, flags with their reasons, or what may still become of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inmind.families.ages import Ages
from inmind.screening.instruments import Cutoff, Subscale


class Facts(Mapping[str, str]):
    """What fills a sentence's named places. A result may be shared by all screens that come to it: nobody changes it."""

    __slots__ = ("_facts",)

    def __init__(self, facts: Mapping[str, str]) -> None:
        self._facts = dict(facts)

    def __getitem__(self, name: str) -> str:
        return self._facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


@dataclass(frozen=True, slots=True)
class Flag:
    """An answer that needs a person, whatever the total and whatever is blank.

    reason: a sentence marked for translation; `facts` fill its named places. It never says which answer was given.
    """

    key: str
    item: str
    reason: str
    facts: Mapping[str, str]
    is_crisis: bool
    source: str

    def in_english(self) -> str:
        return self.reason % self.facts


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that stands beside a result, marked for translation; `facts` fill its named places."""

    key: str
    sentence: str
    facts: Mapping[str, str]

    def in_english(self) -> str:
        return self.sentence % self.facts


@dataclass(frozen=True, slots=True)
class PartScore:
    """A subscale's own total, or its lowest and highest while answers are blank.

    reaches: whether it reaches the cut-off that is applied; None where that is open, or none is applied. Where blanks
    count as the lowest answer, they leave nothing open.
    """

    subscale: Subscale
    lowest: int
    highest: int
    reaches: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What every screen has, finished or not.

    lowest, highest: the totals that are possible, the points twice where nothing is blank; None without a total.
    ask_again: the blank items that the instrument says to ask about again in the visit.
    is_positive: whether its lowest default cut-off, a subscale that counts, or an answer to talk about is reached; None
    where that is open, or the instrument has none. finding: of its counting rule. ages: both, where its rules need one.
    """

    lowest: int | None
    highest: int | None
    blanks: tuple[str, ...]
    band: str | None
    flags: tuple[Flag, ...]
    ask_again: tuple[str, ...]
    parts: tuple[PartScore, ...]
    is_positive: bool | None
    finding: str | None
    notes: tuple[Note, ...]
    ages: Ages | None

    @property
    def possible(self) -> tuple[int, int] | None:
        """The possible range beside a result with blanks."""
        if not self.blanks or self.lowest is None or self.highest is None:
            return None
        return self.lowest, self.highest


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored(_Result):
    """A finished screen; blanks stand in it only where the publisher's rule counts them as the lowest answer.

    points: None where the publisher has no total. band: its code, None where there is none. cutoffs: those reached,
    lowest first.
    """

    points: int | None
    cutoffs: tuple[Cutoff, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete(_Result):
    """A screen with blanks that count for nothing: it has no total yet.

    band: the code that every completion shares, where the instrument's own rule allows one; else None.
    """
