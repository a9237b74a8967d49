"""Builds an instrument from its catalog file, or says what is wrong with the file. Pure.

Numbers of low confidence never band, gate or code anything: they are left out and named among the instrument's
`unknowns`; where nothing can stand without them, the file is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from inmind.foundation.catalogs import Confidence, Entry, Sourced, distinct, known_source, sourced
from inmind.screening.expression import Column, Sum
from inmind.screening.instruments import (
    Accuracy,
    AgeRange,
    Band,
    BlankRule,
    Codes,
    CriticalItem,
    Cutoff,
    FirstStage,
    Instrument,
    Item,
    Licence,
    PublishedTotal,
    Subject,
    Subscale,
    Unknown,
    Unscored,
)

T = TypeVar("T")

_KEY = re.compile(r"[a-z][a-z0-9]*\Z")
_WORD = re.compile(r"[a-z][a-z0-9_]*\Z")
_LOINC = re.compile(r"[0-9]{1,7}-[0-9]\Z")
_ANSWER_CODE = re.compile(r"LA[0-9]+-[0-9]\Z")


def is_loinc(code: str) -> bool:
    """Whether a LOINC code has its form and its check digit.

    Luhn: from the right, double every second digit of the body starting with its right-most, sum the digits; the check
    digit fills the sum to the next ten. Source: the LOINC rule as given in the domain file, `meta.loinc_check_digit`.
    """
    if not _LOINC.match(code):
        return False
    body, check = code.split("-")
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return (10 - sum(digit // 10 + digit % 10 for digit in doubled) % 10) % 10 == int(check)


def load(sheet: Entry) -> Instrument:
    """The instrument that one catalog file describes. Raises BadCatalog with the file, the line and the reason."""
    return _Reader(sheet).instrument()


class _Reader:
    """Reads one file; gathers on its way what is unknown."""

    def __init__(self, sheet: Entry) -> None:
        self.said = sheet.fields(
            "title edition date key name short_name subject informant sources licence recall_days n_items item_values "
            "printed_worst_first items total cutoffs bands critical blanks studied_in codes",
            "period unscored options accuracy translations answer_words subscales published_total follows full_length "
            "age_months age_correction",
        )
        self.sources = {key: entry.text() for key, entry in self.said["sources"].mapping().items()}
        self.key = self._matching(self.said["key"], _KEY, "a key is small letters and digits")
        self.unknowns: list[Unknown] = []
        self.source_of: dict[str, str] = {}

    def instrument(self) -> Instrument:
        said = self.said
        items = self._items()
        low, high = self._least_and_most(items)
        cutoffs = self._cutoffs(low, high)
        blanks = said["blanks"].fields("published_rule band behaviour")
        self._maybe("published rule for blanks", blanks["published_rule"], Entry.text)
        if "age_correction" in said:
            self._maybe("rule for children born early", said["age_correction"], Entry.text)
        return Instrument(
            key=self.key,
            edition=said["edition"].text(),
            dated=said["date"].day(),
            title=said["title"].text(),
            name=said["name"].text(),
            short_name=said["short_name"].text(),
            subject=said["subject"].one_of(Subject),
            informant=said["informant"].text(),
            period=said["period"].text() if "period" in said else "",
            recall_days=self._maybe("recall_days", said["recall_days"], Entry.whole),
            items=items,
            total=self._total(items),
            minimum=low,
            maximum=high,
            bands=self._bands(low, high),
            cutoffs=cutoffs,
            accuracy=tuple(self._accuracy(entry, cutoffs) for entry in self._list("accuracy")),
            critical=tuple(self._critical(entry, items) for entry in said["critical"].entries()),
            points_of_code=self._points_of_code(items),
            unscored=tuple(self._unscored(entry) for entry in self._list("unscored")),
            licence=self._licence(),
            codes=self._codes(),
            translations=sourced(said["translations"], self.sources, Entry.whole) if "translations" in said else None,
            studied_in=self._studied_in(),
            sources=self.sources,
            source_of=self.source_of,
            blank_rule=blanks["band"].one_of(BlankRule),
            blank_behaviour=blanks["behaviour"].text(),
            subscales=tuple(self._subscale(entry, items) for entry in self._list("subscales")),
            published_total=self._published_total(high) if "published_total" in said else None,
            follows=self._follows() if "follows" in said else None,
            full_length=self._sure("full_length", said["full_length"], self._keys) if "full_length" in said else (),
            ages=self._ages() if "age_months" in said else None,
            unknowns=tuple(self.unknowns),
        )

    # -- items and total

    def _items(self) -> tuple[Item, ...]:
        values = self._sure("item_values", self.said["item_values"], self._values)
        words = self._words(values)
        worst_first = self._maybe("order of the answers on paper", self.said["printed_worst_first"], self._item_numbers)
        entries = self.said["items"].entries()
        count = self._sure("n_items", self.said["n_items"], Entry.whole)
        if len(entries) != count:
            raise self.said["items"].wrong(f"{len(entries)} items stand here; n_items says {count}")
        if words and worst_first is None:
            raise self.said["printed_worst_first"].wrong(
                "answers in words need to say in which items the first counts most"
            )
        not_given = self._not_given(words)
        items = tuple(
            replace(self._item(entry, place, values, worst_first), words=words, not_given=not_given)
            for place, entry in enumerate(entries, start=1)
        )
        distinct(entries, [item.key for item in items])
        coded = [(entry, item.loinc) for entry, item in zip(entries, items, strict=True) if item.loinc]
        distinct([entry for entry, _ in coded], [code for _, code in coded])
        return items

    def _item(self, entry: Entry, number: int, values: tuple[int, ...], worst_first: tuple[int, ...] | None) -> Item:
        said = entry.fields("key label label_es", "loinc")
        key = self._matching(said["key"], _WORD, "an item's key is small letters, digits and _")
        if not key.startswith(f"{self.key}_"):
            raise said["key"].wrong(f"an item's key begins with {self.key}_")
        return Item(
            key=key,
            number=number,
            label=said["label"].text(),
            label_es=said["label_es"].text(),
            values=values,
            printed_worst_first=None if worst_first is None else number in worst_first,
            loinc=self._maybe(f"LOINC code of {key}", said["loinc"], self._loinc) or "" if "loinc" in said else "",
        )

    def _values(self, entry: Entry) -> tuple[int, ...]:
        values = tuple(part.whole() for part in entry.entries())
        if not values or sorted(set(values)) != list(values) or values[0] < 0:
            raise entry.wrong("points stand once each, from the lowest up, and none is negative")
        return values

    def _words(self, values: tuple[int, ...]) -> tuple[str, ...]:
        """The answers in words, the first one first; none where answers are points."""
        if "answer_words" not in self.said:
            return ()
        entry = self.said["answer_words"]
        words = self._sure("answer_words", entry, self._texts)
        if len(words) != len(values) or len(set(words)) != len(words):
            raise entry.wrong("each answer has one word of its own")
        return words

    def _not_given(self, words: tuple[str, ...]) -> str:
        if "follows" not in self.said:
            return ""
        said = self.said["follows"].mapping()
        if not words or "not_given" not in said:
            raise self.said["follows"].wrong(
                "a second stage has answers in words, and `not_given` for what is not asked"
            )
        return said["not_given"].text()

    def _texts(self, entry: Entry) -> tuple[str, ...]:
        return tuple(part.text() for part in entry.entries())

    def _keys(self, entry: Entry) -> tuple[str, ...]:
        return tuple(self._matching(part, _KEY, "a key is small letters and digits") for part in entry.entries())

    def _item_numbers(self, entry: Entry) -> tuple[int, ...]:
        numbers = tuple(part.whole() for part in entry.entries())
        for part, number in zip(entry.entries(), numbers, strict=True):
            if not 1 <= number <= len(self.said["items"].entries()):
                raise part.wrong(f"there is no item {number}")
        return numbers

    def _total(self, items: tuple[Item, ...]) -> Sum:
        """`rule: {sum: all}`: the one rule that today's instruments need."""
        rule = self.said["total"].fields("rule min max")["rule"].fields("sum")["sum"]
        if rule.text() != "all":
            raise rule.wrong("the rule known here is `sum: all`")
        return Sum(tuple(Column(item.key) for item in items))

    def _least_and_most(self, items: tuple[Item, ...]) -> tuple[int, int]:
        said = self.said["total"].fields("rule min max")
        low, high = (self._sure(f"total.{end}", said[end], Entry.whole) for end in ("min", "max"))
        for end, stated, found in (
            ("min", low, sum(item.values[0] for item in items)),
            ("max", high, sum(item.values[-1] for item in items)),
        ):
            if stated != found:
                raise said[end].wrong(f"the file says {stated}, but its items sum to {found}")
        return low, high

    # -- bands, cut-offs, critical items

    def _bands(self, low: int, high: int) -> tuple[Band, ...]:
        entries = self.said["bands"].entries()
        bands, expected = [], low
        for entry in entries:
            said = entry.fields("code min max source confidence", "next")
            code = self._matching(said["code"], _WORD, "a band's code is small letters, digits and _")
            step = (
                self._matching(said["next"], _WORD, "a step is small letters, digits and _") if "next" in said else ""
            )
            source = known_source(said["source"], self.sources)
            band = Band(code, said["min"].whole(), said["max"].whole(), source, step)
            if band.low != expected or band.high < band.low:
                raise entry.wrong(f"bands follow one another without gap or overlap; here one begins at {expected}")
            bands.append(band)
            expected = band.high + 1
        if bands and bands[-1].high != high:
            raise entries[-1].wrong(f"the last band ends at {bands[-1].high}; the total goes to {high}")
        distinct(entries, [band.code for band in bands])
        if Confidence.LOW in [entry.mapping()["confidence"].one_of(Confidence) for entry in entries]:
            self.unknowns.append(Unknown("bands", "not used: their numbers are of low confidence"))
            return ()
        return tuple(bands)

    def _cutoffs(self, low: int, high: int, entries: tuple[Entry, ...] | None = None) -> tuple[Cutoff, ...]:
        cutoffs, entries = [], self.said["cutoffs"].entries() if entries is None else entries
        for entry in entries:
            said = entry.fields("value source confidence op label default", "also note")
            if said["op"].text() != ">=":
                raise said["op"].wrong("a cut-off is reached from below: the op is >=")
            number = self._sourced(entry, Entry.whole, leaving="op label default")
            label = self._matching(said["label"], _WORD, "a cut-off's label is small letters, digits and _")
            if not number.is_usable or number.value is None:
                self.unknowns.append(Unknown(f"cut-off {label}", number.note or "not used: of low confidence"))
                continue
            if not low <= number.value <= high:
                raise entry.wrong(f"a cut-off of {number.value} lies outside {low} to {high}")
            cutoffs.append(
                Cutoff(number.value, label, number.source, number.confidence, number.note, said["default"].truth())
            )
        distinct(entries, [entry.mapping()["label"].value for entry in entries])
        return tuple(cutoffs)

    def _accuracy(self, entry: Entry, cutoffs: tuple[Cutoff, ...]) -> Accuracy:
        said = entry.fields("cutoff sensitivity specificity")
        if said["cutoff"].whole() not in [cutoff.value for cutoff in cutoffs]:
            raise said["cutoff"].wrong(f"{said['cutoff'].whole()} is not one of the cut-offs")
        return Accuracy(
            said["cutoff"].whole(),
            sourced(said["sensitivity"], self.sources, self._share),
            sourced(said["specificity"], self.sources, self._share),
        )

    def _share(self, entry: Entry) -> float:
        if not 0 <= entry.number() <= 1:
            raise entry.wrong("a share lies between 0 and 1")
        return entry.number()

    def _critical(self, entry: Entry, items: tuple[Item, ...]) -> CriticalItem:
        said = entry.fields("item at_least flag crisis ask_again_if_blank")
        item = self._known_item(said["item"], said["item"].text(), items)
        least = self._sourced(said["at_least"], Entry.whole)
        if not least.is_usable or least.value is None:
            raise said["at_least"].wrong("a critical answer cannot rest on a number that is not known well")
        if least.value not in item.values:
            raise said["at_least"].wrong(f"{least.value} is not an answer to {item.key}")
        return CriticalItem(
            item=item.key,
            at_least=least.value,
            flag=self._matching(said["flag"], _WORD, "a flag's key is small letters, digits and _"),
            is_crisis=said["crisis"].truth(),
            ask_again_if_blank=said["ask_again_if_blank"].truth(),
            source=least.source,
            note=least.note,
        )

    # -- subscales, stages, ages

    def _subscale(self, entry: Entry, items: tuple[Item, ...]) -> Subscale:
        said = entry.fields("key name items min max cutoffs applied note")
        numbers = self._sure("items of a subscale", said["items"], self._item_numbers)
        chosen = [item for item in items if item.number in numbers]
        low, high = (self._sure(f"subscale.{end}", said[end], Entry.whole) for end in ("min", "max"))
        if (low, high) != (sum(item.values[0] for item in chosen), sum(item.values[-1] for item in chosen)):
            raise said["max"].wrong(f"the file says {low} to {high}, but these items sum to something else")
        cutoffs = self._cutoffs(low, high, said["cutoffs"].entries())
        return Subscale(
            key=self._matching(said["key"], _KEY, "a key is small letters and digits"),
            name=said["name"].text(),
            items=tuple(item.key for item in chosen),
            maximum=high,
            cutoffs=cutoffs,
            applied=None if said["applied"].is_null else self._applied(said["applied"], cutoffs),
            note=said["note"].text(),
            source=self.source_of["items of a subscale"],
        )

    def _applied(self, entry: Entry, cutoffs: tuple[Cutoff, ...]) -> Cutoff:
        """The cut-off that whoever wrote this file chose: by its number, and only among those that were published."""
        for cutoff in cutoffs:
            if cutoff.value == entry.whole():
                return cutoff
        raise entry.wrong(f"{entry.whole()} is not one of the cut-offs")

    def _published_total(self, high: int) -> PublishedTotal:
        said = self.said["published_total"].fields("times over max source confidence")
        if said["confidence"].one_of(Confidence) is Confidence.LOW:
            raise said["confidence"].wrong("a total cannot be written by a rule that is not known well")
        found = PublishedTotal(
            said["times"].whole(), said["over"].whole(), said["max"].whole(), known_source(said["source"], self.sources)
        )
        if found.times < 1 or found.over < 1 or high * found.times != found.maximum * found.over:
            raise self.said["published_total"].wrong(f"{high} points do not make {found.maximum} that way")
        return found

    def _follows(self) -> FirstStage:
        said = self.said["follows"].fields("instrument min max source confidence not_given")
        if said["confidence"].one_of(Confidence) is Confidence.LOW:
            raise said["confidence"].wrong("a second stage cannot rest on a number that is not known well")
        return FirstStage(
            self._matching(said["instrument"], _KEY, "a key is small letters and digits"),
            said["min"].whole(),
            said["max"].whole(),
            known_source(said["source"], self.sources),
        )

    def _ages(self) -> AgeRange:
        said = self.said["age_months"].fields("min max")
        low, high = (self._sure(f"age_months.{end}", said[end], Entry.whole) for end in ("min", "max"))
        if not 0 <= low <= high:
            raise self.said["age_months"].wrong("an age range goes from its lowest month to its highest")
        return AgeRange(low, high, self.source_of["age_months.min"])

    # -- codes, licence

    def _points_of_code(self, items: tuple[Item, ...]) -> dict[str, int]:
        codes: dict[str, int] = {}
        for entry in self._list("options"):
            said = entry.fields("points loinc_answer")
            points = said["points"].whole()
            if any(points not in item.values for item in items):
                raise said["points"].wrong(f"{points} is not an answer")
            code = self._maybe(f"answer code for {points} points", said["loinc_answer"], self._answer_code)
            if code in codes or points in codes.values():
                raise entry.wrong("each answer has one code and each code one answer")
            if code is not None:
                codes[code] = points
        return codes

    def _unscored(self, entry: Entry) -> Unscored:
        said = entry.fields("label label_es loinc answers")
        return Unscored(
            label=said["label"].text(),
            label_es=said["label_es"].text(),
            loinc=self._maybe(f"LOINC code of {said['label'].text()}", said["loinc"], self._loinc) or "",
            answers=tuple(self._answer_code(part) for part in said["answers"].entries()),
        )

    def _codes(self) -> Codes:
        said = self.said["codes"].fields("loinc_panel loinc_total", "loinc_items snomed_score")
        if "loinc_items" in said:
            self._maybe("LOINC codes of the items", said["loinc_items"], Entry.text)
        return Codes(
            panel=self._maybe("LOINC code of the panel", said["loinc_panel"], self._loinc) or "",
            total=self._maybe("LOINC code of the total", said["loinc_total"], self._loinc) or "",
            snomed_score=self._maybe("SNOMED code of the score", said["snomed_score"], Entry.text) or ""
            if "snomed_score" in said
            else "",
        )

    def _licence(self) -> Licence:
        said = self.said["licence"].fields("holder wording_may_ship terms source confidence")
        return Licence(
            holder=said["holder"].text(),
            wording_may_ship=said["wording_may_ship"].truth(),
            terms=said["terms"].text(),
            source=known_source(said["source"], self.sources),
            confidence=said["confidence"].one_of(Confidence),
        )

    def _studied_in(self) -> dict[str, str]:
        studied = {
            language: known_source(entry, self.sources) for language, entry in self.said["studied_in"].mapping().items()
        }
        if not studied:
            self.unknowns.append(Unknown("languages and peoples studied", "not known here"))
        return studied

    def _loinc(self, entry: Entry) -> str:
        if not is_loinc(entry.text()):
            raise entry.wrong(f"{entry.text()} is not a LOINC code: its form or its check digit is wrong")
        return entry.text()

    def _answer_code(self, entry: Entry) -> str:
        return self._matching(entry, _ANSWER_CODE, "a LOINC answer code looks like LA6568-5")

    # -- readers that the others share

    def _sourced(self, entry: Entry, read: Callable[[Entry], T], leaving: str = "") -> Sourced[T]:
        kept = {name: part for name, part in entry.mapping().items() if name not in leaving.split()}
        return sourced(Entry(kept, entry.file, entry.line), self.sources, read)

    def _sure(self, what: str, entry: Entry, read: Callable[[Entry], T]) -> T:
        """A number without which nothing can be scored."""
        found = self._sourced(entry, read)
        if not found.is_usable or found.value is None:
            raise entry.wrong(f"{what} is not known well enough to score by")
        self.source_of[what] = found.source
        return found.value

    def _maybe(self, what: str, entry: Entry, read: Callable[[Entry], T]) -> T | None:
        """A number that may be unknown: then nothing rests on it, and the instrument says so."""
        found = self._sourced(entry, read)
        if not found.is_usable:
            self.unknowns.append(Unknown(what, found.note or "not known"))
            return None
        self.source_of[what] = found.source
        return found.value

    def _list(self, name: str) -> tuple[Entry, ...]:
        return self.said[name].entries() if name in self.said else ()

    def _matching(self, entry: Entry, pattern: re.Pattern[str], reason: str) -> str:
        if not pattern.match(entry.text()):
            raise entry.wrong(f"{reason}, found {entry.text()!r}")
        return entry.text()

    def _known_item(self, entry: Entry, key: str, items: tuple[Item, ...]) -> Item:
        for item in items:
            if item.key == key:
                return item
        raise entry.wrong(f"there is no item {key}")
