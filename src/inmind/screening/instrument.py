"""One instrument in one edition, put together from its parts, and what it comes to at some age. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from inmind.families.ages import PrematurityRule
from inmind.foundation.catalogs import Sourced
from inmind.foundation.values import N_, Verdict
from inmind.screening.errors import NoRuleForAge, UnknownItem
from inmind.screening.instrument_parts import (
    Accuracy,
    AgeRange,
    Band,
    BlankRule,
    Codes,
    CountingRule,
    CriticalItem,
    Cutoff,
    FirstStage,
    Item,
    Licence,
    MonthlyCutoffs,
    PublishedTotal,
    Stratum,
    Subject,
    Subscale,
    Unbanded,
    Unknown,
    Unscored,
    Version,
)


@dataclass(frozen=True)
class Instrument:
    """One edition of one instrument: everything a score needs, and the source of every number.

    summed: the items whose points make the total; empty where the publisher has no total, and the range is nought then.
    most_blanks: how many blanks may count as the lowest answer, where that is the rule; None: all but one.
    full_length_closes: whether a negative full-length screen of the same day closes a positive one of this.
    unbanded, guide: at one age, why there is no band, and the table that would give one.
    read_by_hand: items that are looked at alone, though from which answer below the highest on is not known.
    not_studied_in: the language of answers for which no cut-off is known; such rules come to points and flags alone.
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
    not_studied_in: str = ""

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

    def not_studied(self, language: str) -> Instrument:
        """The same for answers in a language in which nobody is known to have studied it: no band, no cut-off, no finding."""
        ages = (replace(each, cutoffs=(), bands=(), unbanded=Unbanded.NO) for each in self.strata)
        parts = (replace(each, cutoffs=(), applied=None) for each in self.subscales)
        nothing: dict[str, Any] = {"cutoffs": (), "bands": (), "accuracy": (), "monthly": None, "finding": None}
        return replace(self, **nothing, age_rules=tuple(ages), subscales=tuple(parts), not_studied_in=language)

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
