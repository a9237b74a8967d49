"""What an instrument is made of: items, bands, cut-offs, critical answers, subscales and what differs by age. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, groupby

from inmind.foundation.catalogs import Sourced


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
    a site loads for those. not_banded: stretches of months for which the publisher gives no band. replaced: what is known
    here of months whose number is that of such a table.
    """

    label: str
    reached: str
    beyond: str
    guide: str
    months: Mapping[int, Sourced[int]]
    not_banded: tuple[AgeRange, ...]
    maximum: int
    replaced: Mapping[int, Sourced[int]] = field(default_factory=dict)

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
