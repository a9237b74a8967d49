"""What a screening instrument is: its items, total, bands, cut-offs and critical answers, each with its source. Pure.

One is built from its catalog file by `instrument_file.py`; `adapters/catalog.py` holds those that are installed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import combinations, groupby

from inmind.families.ages import PrematurityRule
from inmind.foundation.catalogs import Sourced
from inmind.foundation.values import N_, Verdict
from inmind.screening.errors import (
    NoPositions,
    NoRuleForAge,
    OutOfRange,
    SwitchedOff,
    UnknownInstrument,
    UnknownItem,
    UnknownVersion,
)


class BlankRule(StrEnum):
    """What a screen with blanks may say. never: no band. when_all_completions_agree: the band that all of them share.

    count_lowest: by the publisher's own rule a blank counts as the lowest answer, so that total and band stand.
    """

    NEVER = "never"
    WHEN_ALL_AGREE = "when_all_completions_agree"
    COUNT_LOWEST = "count_lowest"


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
    word_points: the points of each word, where some words share theirs; else empty: one each.
    takes_several: whether several answers may be marked, of which the one with most points counts.
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
    word_points: tuple[int, ...] = ()
    takes_several: bool = False

    def label_in(self, language: str) -> str:
        return self.label_es if language.startswith("es") else self.label

    @property
    def from_first(self) -> tuple[int, ...]:
        """The points of the answers, from the first to the last: turned round where the worst is first."""
        return self.word_points or tuple(sorted(self.values, reverse=bool(self.printed_worst_first)))

    @property
    def written_as(self) -> Mapping[str, int]:
        """How a file says each answer, with its points: the words where answers are words, else the points alone.

        Where answers are words a bare number is none: nobody could tell whether it counts a yes or a risk.
        Several marks stand from the first to the last, parted by `|`.
        """
        if not self.words:
            alone = {str(value): value for value in self.values}
        else:
            alone = dict(zip(self.words, self.from_first, strict=True))
        said = dict(alone)
        if self.takes_several:
            several = (marks for count in range(2, len(alone) + 1) for marks in combinations(alone, count))
            said |= {"|".join(marks): max(alone[mark] for mark in marks) for marks in several}
        if self.words:
            said = {spelled: said[word] for word in said for spelled in (word, word.capitalize(), word.upper())}
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
    """A total from which on a screen counts as positive: from it up, or where at_or_below, from it down.

    by_default: counted in results; the others are for reports that name them.
    """

    value: int
    label: str
    source: str
    confidence: str
    note: str
    by_default: bool
    at_or_below: bool = False

    @property
    def op(self) -> str:
        return "<=" if self.at_or_below else ">="


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
    counts: whether reaching the applied one makes the screen positive, by the publisher's own rule.
    """

    key: str
    name: str
    items: tuple[str, ...]
    maximum: int
    cutoffs: tuple[Cutoff, ...]
    applied: Cutoff | None
    note: str
    source: str
    counts: bool = False


@dataclass(frozen=True, slots=True)
class CountingRule:
    """A finding beside the total: how many answers reach their threshold, one of some among them.

    thresholds: item -> from how many points on it counts. one_of: items of which one must. findings: from how many such
    answers on which finding stands, the highest first; `none` where none does.
    """

    key: str
    thresholds: Mapping[str, int]
    one_of: tuple[str, ...]
    findings: tuple[tuple[int, str], ...]
    none: str
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
class Unknown:
    """What was looked for and not found, or not well enough to use."""

    what: str
    note: str


class Unbanded(StrEnum):
    """Why there is no band at some age. unknown: no cut-off is known well. by_publisher: none was published for it."""

    NO = ""
    UNKNOWN = "unknown"
    BY_PUBLISHER = "by_publisher"


@dataclass(frozen=True, slots=True)
class Stratum:
    """The completed months, both included, at which the same rules hold: what is left out, bands and cut-offs."""

    low: int
    high: int
    ignored: tuple[str, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()
    bands: tuple[Band, ...] = ()
    unbanded: Unbanded = Unbanded.NO

    def holds(self, months: int) -> bool:
        return self.low <= months <= self.high


@dataclass(frozen=True, slots=True)
class MonthlyCutoffs:
    """A cut-off for each completed month, from it down: `reached` is the band there, `beyond` the one above it.

    months: None, or of low confidence, where it is not known; never worked out from its neighbours. guide: the table that
    a site loads for those. not_banded: stretches of months for which the publisher gives no band.
    """

    label: str
    reached: str
    beyond: str
    guide: str
    months: Mapping[int, Sourced[int]]
    not_banded: tuple[AgeRange, ...]
    maximum: int

    @property
    def unknown_months(self) -> tuple[int, ...]:
        return tuple(month for month, number in self.months.items() if not number.is_usable)

    def unknown(self) -> tuple[Unknown, ...]:
        """What is said of the months whose cut-off is not known; nothing where all are."""
        months = ", ".join(map(str, self.unknown_months))
        note = f"load {self.guide}; none is made from its neighbours"
        return (Unknown(f"cut-offs at {months} months", note),) if months else ()

    def strata(self) -> tuple[Stratum, ...]:
        """Months that follow one another under the same rules, together."""
        each = {month: self._at(number) for month, number in self.months.items()}
        each |= {m: (Unbanded.BY_PUBLISHER, None) for one in self.not_banded for m in range(one.low, one.high + 1)}
        found = []
        for (why, cutoff), run in groupby(sorted(each), key=lambda month: each[month]):
            months = list(run)
            bands = () if cutoff is None else self._bands(cutoff)
            found.append(Stratum(months[0], months[-1], (), (cutoff,) if cutoff else (), bands, why))
        return tuple(found)

    def _at(self, number: Sourced[int]) -> tuple[Unbanded, Cutoff | None]:
        if not number.is_usable or number.value is None:
            return Unbanded.UNKNOWN, None
        by_default, at_or_below = True, True
        known = (number.value, self.label, number.source, number.confidence, number.note)
        return Unbanded.NO, Cutoff(*known, by_default, at_or_below)

    def _bands(self, cutoff: Cutoff) -> tuple[Band, ...]:
        return (
            Band(self.reached, 0, cutoff.value, cutoff.source),
            Band(self.beyond, cutoff.value + 1, self.maximum, cutoff.source),
        )


@dataclass(frozen=True, slots=True)
class Version:
    """Of which instrument this is a version, and in which language; its cut-offs are its own."""

    of: str
    language: str


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


@dataclass(frozen=True)
class Instrument:
    """One edition of one instrument: everything a score needs, and the source of every number.

    summed: the items whose points make the total; empty where the publisher has no total, and the range is nought then.
    most_blanks: how many blanks may count as the lowest answer, where that is the rule; None: all but one.
    full_length_closes: whether a negative full-length screen of the same day closes a positive one of this.
    unbanded, guide: at one age, why there is no band, and the table that would give one.
    read_by_hand: items that are looked at alone, though from which answer on is not known.
    is_numbered_by_key: items have the numbers of the scoring key; in which order a form prints them is not known.
    """

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
    summed: tuple[str, ...]
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
    full_length_closes: bool = False
    ages: AgeRange | None = None
    most_blanks: int | None = None
    finding: CountingRule | None = None
    monthly: MonthlyCutoffs | None = None
    age_rules: tuple[Stratum, ...] = ()
    unbanded: Unbanded = Unbanded.NO
    guide: str = ""
    prematurity: PrematurityRule | None = None
    parent: str = ""
    version: Version | None = None
    is_off_by_default: bool = False
    takes_a_count: bool = False
    is_numbered_by_key: bool = False
    read_by_hand: tuple[str, ...] = ()

    @property
    def is_about_a_child(self) -> bool:
        return self.subject is Subject.CHILD

    @property
    def has_total(self) -> bool:
        return bool(self.summed)

    @cached_property
    def strata(self) -> tuple[Stratum, ...]:
        """The ages at which the rules differ; none where they never do."""
        return self.monthly.strata() if self.monthly else self.age_rules

    @property
    def needs_age(self) -> bool:
        return bool(self.strata)

    def at(self, months: int) -> Instrument:
        """The rules at so many completed months: an instrument whose own differ by age no more. Raises NoRuleForAge."""
        if not self.strata:
            return self
        for each in self.strata:
            if each.holds(months):
                kept = [item.key for item in self.items if item.key not in each.ignored]
                return replace(
                    self,
                    monthly=None,
                    age_rules=(),
                    cutoffs=each.cutoffs,
                    bands=each.bands,
                    unbanded=each.unbanded,
                    guide=self.monthly.guide if self.monthly else "",
                ).only(kept)
        raise NoRuleForAge(self.short_name, months, self.strata[0].low, self.strata[-1].high)

    @property
    def blanks_that_count(self) -> int:
        """With how many blanks a screen is scored all the same. One on which nothing is marked never is."""
        if self.blank_rule is not BlankRule.COUNT_LOWEST:
            return 0
        all_but_one = len(self.items) - 1
        return all_but_one if self.most_blanks is None else min(all_but_one, self.most_blanks)

    @property
    def fits_a_page(self) -> Verdict:
        """Whether today's pages can take its answers and say its result; if not, why."""
        return next((Verdict(False, why) for is_so, why in self._too_much_for_a_page() if is_so), Verdict(True, ""))

    def _too_much_for_a_page(self) -> Iterator[tuple[bool, str]]:
        yield self.is_off_by_default, N_("It is switched off until this agency has agreed how its answers are met.")
        yield (
            self.is_numbered_by_key,
            N_("Forms print its items in several orders, so that a row here is none on paper."),
        )
        yield self.version is not None, N_("It is the version of a language, and the page does not ask for one.")

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
        summed = tuple(key for key in self.summed if key in keys)
        most = sum(item.values[-1] for item in items if item.key in summed)
        bands = tuple(replace(band, high=min(band.high, most)) for band in self.bands if band.low <= most)
        return replace(self, items=items, summed=summed, maximum=most, bands=bands)


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

    def offered(self, key: str) -> Instrument:
        """As `named`, for whoever wants to use it. Raises SwitchedOff for one that is switched off."""
        if self.named(key).is_off_by_default:
            raise SwitchedOff(self[key].short_name)
        return self[key]

    def switched_on(self, keys: Iterable[str]) -> Catalog:
        """With some of those turned on that are switched off. Raises UnknownInstrument for a key that is none."""
        on = {self.named(key).key for key in keys}
        return Catalog(
            replace(each, is_off_by_default=False) if each.key in on else each for each in self._editions.values()
        )

    def in_language(self, key: str, language: str) -> Instrument:
        """The version of an instrument in this language, with cut-offs of its own. Raises UnknownVersion.

        The original's cut-offs are never taken over for another language: it serves only those it was studied in.
        """
        original = self.named(key)
        for each in self.values():
            if each.version == Version(key, language):
                return each
        if language in original.studied_in:
            return original
        raise UnknownVersion(original.short_name, language)


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
    if type(place) is not int or not 1 <= place <= len(item.from_first):
        raise OutOfRange(item.key, place, range(1, len(item.from_first) + 1))
    return item.from_first[place - 1]
