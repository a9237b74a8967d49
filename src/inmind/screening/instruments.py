"""What a screening instrument is: its items, total, bands, cut-offs and critical answers, each with its source. Pure.

One is built from its catalog file by `instrument_file.py`; `adapters/catalog.py` holds those that are installed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from inmind.foundation.catalogs import Sourced
from inmind.screening.errors import NoPositions, OutOfRange, UnknownInstrument, UnknownItem
from inmind.screening.expression import Column, Expression, Sum


class BlankRule(StrEnum):
    """What a screen with blanks may say about its band."""

    NEVER = "never"
    WHEN_ALL_AGREE = "when_all_completions_agree"


class Subject(StrEnum):
    """Whom a screen is about; it belongs to that person."""

    CAREGIVER = "caregiver"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class Item:
    """One question, by our own short label; its wording is the publisher's.

    printed_worst_first: whether the first answer, on paper the topmost, is the worst; None where that is not known.
    words: the answers from the first to the last where they are words (yes, no) and not points; else empty.
    not_given: the word that a file has where this item was not asked at all; else empty.
    """

    key: str
    number: int
    label: str
    label_es: str
    values: tuple[int, ...]
    printed_worst_first: bool | None
    loinc: str
    words: tuple[str, ...] = ()
    not_given: str = ""

    def label_in(self, language: str) -> str:
        return self.label_es if language.startswith("es") else self.label

    @property
    def from_first(self) -> tuple[int, ...]:
        """The points of the answers, from the first to the last: turned round where the worst is first."""
        return tuple(sorted(self.values, reverse=bool(self.printed_worst_first)))

    @property
    def written_as(self) -> Mapping[str, int]:
        """How a file says each answer, with its points: the words where answers are words, else the points alone.

        Where answers are words a bare number is none: nobody could tell whether it counts a yes or a risk.
        """
        if not self.words:
            return {str(value): value for value in self.values}
        said = {
            spelled: points
            for word, points in zip(self.words, self.from_first, strict=True)
            for spelled in (word, word.capitalize(), word.upper())
        }
        return said | ({self.not_given: self.values[0]} if self.not_given else {})


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the total. next_step: the key of what the publisher's rule says to do next; empty where it says none."""

    code: str
    low: int
    high: int
    source: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A total from which on a screen counts as positive; the op is always `>=`.

    by_default: counted in results; the others are for reports that name them.
    """

    value: int
    label: str
    source: str
    confidence: str
    note: str
    by_default: bool


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often a cut-off was right, as a share between 0 and 1, in the study that the source names."""

    cutoff: int
    sensitivity: Sourced[float]
    specificity: Sourced[float]


@dataclass(frozen=True, slots=True)
class CriticalItem:
    """An answer that is looked at alone, whatever the total and whatever is blank."""

    item: str
    at_least: int
    flag: str
    is_crisis: bool
    ask_again_if_blank: bool
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Subscale:
    """Some of an instrument's items summed by themselves and shown beside its result; it never bands or flags anything.

    cutoffs: those that were published. applied: the one this catalog chose among them, shown as chosen; None: none is.
    """

    key: str
    name: str
    items: tuple[str, ...]
    maximum: int
    cutoffs: tuple[Cutoff, ...]
    applied: Cutoff | None
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class PublishedTotal:
    """How its publisher writes the total: the sum of the items, times `times`, divided by `over`."""

    times: int
    over: int
    maximum: int
    source: str

    def shown(self, points: int) -> str:
        """The publisher's number, with one place behind the point where it is no whole one."""
        whole, rest = divmod(points * self.times, self.over)
        return str(whole) if not rest else f"{points * self.times / self.over:.1f}"


@dataclass(frozen=True, slots=True)
class FirstStage:
    """What a second-stage instrument follows: the first one, within which totals; it asks only what counted there."""

    instrument: str
    low: int
    high: int
    source: str


@dataclass(frozen=True, slots=True)
class AgeRange:
    """The completed months, both included, of a child whom the instrument is for; counted from birth."""

    low: int
    high: int
    source: str


@dataclass(frozen=True, slots=True)
class Licence:
    holder: str
    wording_may_ship: bool
    terms: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Unscored:
    """A question asked beside the others that never counts."""

    label: str
    label_es: str
    loinc: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes by which others know this instrument; empty where none was confirmed."""

    panel: str
    total: str
    snomed_score: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """What was looked for and not found, or not well enough to use."""

    what: str
    note: str


@dataclass(frozen=True)
class Instrument:
    """One edition of one instrument: everything a score needs, and the source of every number."""

    key: str
    edition: str
    dated: date
    title: str
    name: str
    short_name: str
    subject: Subject
    informant: str
    period: str
    recall_days: int | None
    items: tuple[Item, ...]
    total: Expression
    minimum: int
    maximum: int
    bands: tuple[Band, ...]
    cutoffs: tuple[Cutoff, ...]
    accuracy: tuple[Accuracy, ...]
    critical: tuple[CriticalItem, ...]
    blank_rule: BlankRule
    blank_behaviour: str
    points_of_code: Mapping[str, int]
    unscored: tuple[Unscored, ...]
    licence: Licence
    codes: Codes
    translations: Sourced[int] | None
    studied_in: Mapping[str, str]
    sources: Mapping[str, str]
    source_of: Mapping[str, str]
    unknowns: tuple[Unknown, ...]
    subscales: tuple[Subscale, ...] = ()
    published_total: PublishedTotal | None = None
    follows: FirstStage | None = None
    full_length: tuple[str, ...] = ()
    ages: AgeRange | None = None

    @property
    def is_about_a_child(self) -> bool:
        return self.subject is Subject.CHILD

    @property
    def asks_about_safety(self) -> bool:
        """Whether any answer is a crisis; where none is, a result says nothing about safety."""
        return any(each.is_crisis for each in self.critical)

    @property
    def known_by(self) -> str:
        """The name that a record keeps: key and edition."""
        return f"{self.key}/{self.edition}"

    @property
    def takes_positions(self) -> bool:
        """Whether answers can be entered as positions on paper."""
        return all(item.printed_worst_first is not None for item in self.items)

    def item(self, key: str) -> Item:
        """The item of this key. Raises UnknownItem."""
        for item in self.items:
            if item.key == key:
                return item
        raise UnknownItem(self.short_name, key, [item.key for item in self.items])

    def band(self, code: str) -> Band | None:
        return next((band for band in self.bands if band.code == code), None)

    def only(self, keys: Collection[str]) -> Instrument:
        """The same rules over some of the items, as a second stage gives them: what was not asked counts nothing."""
        items = tuple(item for item in self.items if item.key in keys)
        most = sum(item.values[-1] for item in items)
        bands = tuple(replace(band, high=min(band.high, most)) for band in self.bands if band.low <= most)
        return replace(
            self, items=items, total=Sum(tuple(Column(item.key) for item in items)), maximum=most, bands=bands
        )


class Catalog(Mapping[str, Instrument]):
    """Instruments by key, each in the edition that new screens use; earlier editions stay within reach of `of`."""

    def __init__(self, editions: Iterable[Instrument]) -> None:
        """editions: every instrument known; of one key the last is the current one."""
        self._editions = {(each.key, each.edition): each for each in editions}
        self._current = {each.key: each for each in self._editions.values()}

    def __getitem__(self, key: str) -> Instrument:
        return self._current[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._current)

    def __len__(self) -> int:
        return len(self._current)

    def named(self, key: str) -> Instrument:
        """The current edition. Raises UnknownInstrument, naming those that are known."""
        if key not in self._current:
            raise UnknownInstrument(key, sorted(self._current))
        return self._current[key]

    def of(self, key: str, edition: str) -> Instrument | None:
        """The edition that a record was made with, or None when it is not installed."""
        return self._editions.get((key, edition))


class Answers(Mapping[str, int | None]):
    """Points by item, None where blank: what scoring takes. Never positions."""

    def __init__(self, points: Mapping[str, int | None]) -> None:
        self._points = dict(points)

    def __getitem__(self, key: str) -> int | None:
        return self._points[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._points)

    def __len__(self) -> int:
        return len(self._points)


@dataclass(frozen=True, slots=True)
class Positions:
    """Where the mark stands on paper, by item: 1 is the topmost answer, None is blank.

    Not a mapping, so that scoring cannot take it, and never made from Answers: what is points already cannot be turned
    round a second time.
    """

    marked: Mapping[str, int | None]

    def __post_init__(self) -> None:
        if isinstance(self.marked, Answers):
            raise TypeError("these answers are points already; positions are what was marked on paper")


def from_positions(instrument: Instrument, positions: Positions) -> Answers:
    """The points for what was marked on paper, turned round once, here, where an item is printed worst first.

    Raises NoPositions, UnknownItem, or OutOfRange for a position that the form does not have.
    """
    if not isinstance(positions, Positions):
        raise TypeError("only positions on paper can be turned into points")
    if not instrument.takes_positions:
        raise NoPositions(instrument.short_name)
    return Answers({key: _points_at(instrument.item(key), place) for key, place in positions.marked.items()})


def _points_at(item: Item, place: int | None) -> int | None:
    if place is None:
        return None
    if type(place) is not int or not 1 <= place <= len(item.values):
        raise OutOfRange(item.key, place, range(1, len(item.values) + 1))
    return item.from_first[place - 1]
