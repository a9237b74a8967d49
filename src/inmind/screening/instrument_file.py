"""Builds an instrument from its catalog file, or says what is wrong with the file. Pure.

Numbers of low confidence never band, gate or code anything: they are left out and named among the instrument's
`unknowns`; where nothing can stand without them, the file is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from inmind.families.ages import PrematurityRule
from inmind.foundation.catalogs import Confidence, Entry, distinct, known_source, sourced
from inmind.screening.instruments import (
    Accuracy,
    AgeRange,
    Band,
    BlankRule,
    Codes,
    CountingRule,
    CriticalItem,
    Cutoff,
    FirstStage,
    Instrument,
    Item,
    MonthlyCutoffs,
    PublishedTotal,
    Stratum,
    Subject,
    Subscale,
    Unknown,
    Unscored,
    Version,
)
from inmind.screening.sheet_reader import WORD, SheetReader

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


class _Reader(SheetReader):
    """Reads one file; gathers on its way what is unknown."""

    def __init__(self, sheet: Entry) -> None:
        super().__init__(
            sheet,
            "title edition date key name short_name subject informant sources licence recall_days n_items item_values "
            "printed_worst_first items total cutoffs bands critical blanks studied_in codes",
            "period unscored options accuracy translations answer_words subscales published_total follows full_length "
            "age_months age_correction prematurity parent finding monthly_cutoffs age_rules answer_points multi_answer "
            "version off_by_default count_only full_length_closes numbered_by_key",
        )
        self.read_by_hand: list[str] = []

    def instrument(self) -> Instrument:
        said = self.said
        items = self._items()
        summed = self._summed(items)
        low, high = self._least_and_most([item for item in items if item.key in summed])
        cutoffs = self._cutoffs(low, high)
        blanks = said["blanks"].fields("published_rule band behaviour", "at_most")
        blank_rule = self._blank_rule(blanks)
        critical = tuple(filter(None, (self._critical(entry, items) for entry in said["critical"].entries())))
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
            summed=summed,
            minimum=low,
            maximum=high,
            bands=self._bands(low, high),
            cutoffs=cutoffs,
            accuracy=tuple(self._accuracy(entry, cutoffs) for entry in self._list("accuracy")),
            critical=critical,
            points_of_code=self._points_of_code(items),
            unscored=tuple(self._unscored(entry) for entry in self._list("unscored")),
            licence=self._licence(),
            codes=self._codes(),
            translations=sourced(said["translations"], self.sources, Entry.whole) if "translations" in said else None,
            studied_in=self._studied_in(),
            sources=self.sources,
            source_of=self.source_of,
            blank_rule=blank_rule,
            most_blanks=blanks["at_most"].whole() if "at_most" in blanks else None,
            blank_behaviour=blanks["behaviour"].text(),
            subscales=tuple(self._subscale(entry, items) for entry in self._list("subscales")),
            published_total=self._published_total(high) if "published_total" in said else None,
            follows=self._follows() if "follows" in said else None,
            full_length=self._sure("full_length", said["full_length"], self._keys) if "full_length" in said else (),
            full_length_closes="full_length_closes" in said and said["full_length_closes"].truth(),
            ages=self._ages() if "age_months" in said else None,
            finding=self._finding(items) if "finding" in said else None,
            monthly=self._monthly(high) if "monthly_cutoffs" in said else None,
            age_rules=self._age_rules(items),
            prematurity=self._prematurity() if "prematurity" in said else None,
            parent=self._key(said["parent"]) if "parent" in said else "",
            version=self._version() if "version" in said else None,
            is_off_by_default=said["off_by_default"].truth() if "off_by_default" in said else False,
            takes_a_count=said["count_only"].truth() if "count_only" in said else False,
            is_numbered_by_key="numbered_by_key" in said and said["numbered_by_key"].truth(),
            read_by_hand=tuple(self.read_by_hand),
            unknowns=tuple(self.unknowns),
        )

    # -- items and total

    def _items(self) -> tuple[Item, ...]:
        values = self._sure("item_values", self.said["item_values"], self._values)
        words, word_points = self._words(values)
        takes_several = "multi_answer" in self.said and self._takes_several(self.said["multi_answer"])
        worst_first = self._maybe("order of the answers on paper", self.said["printed_worst_first"], self._item_numbers)
        entries = self.said["items"].entries()
        count = self._sure("n_items", self.said["n_items"], Entry.whole)
        if len(entries) != count:
            raise self.said["items"].wrong(f"{len(entries)} items stand here; n_items says {count}")
        if words and worst_first is None and not word_points:
            raise self.said["printed_worst_first"].wrong(
                "answers in words need to say in which items the first counts most"
            )
        not_given = self._not_given(words)
        items = tuple(
            self._own(
                entry,
                replace(
                    self._item(entry, place, values, worst_first),
                    words=words,
                    not_given=not_given,
                    word_points=word_points,
                    takes_several=takes_several,
                ),
            )
            for place, entry in enumerate(entries, start=1)
        )
        distinct(entries, [item.key for item in items])
        coded = [(entry, item.loinc) for entry, item in zip(entries, items, strict=True) if item.loinc]
        distinct([entry for entry, _ in coded], [code for _, code in coded])
        return items

    def _item(self, entry: Entry, number: int, values: tuple[int, ...], worst_first: tuple[int, ...] | None) -> Item:
        said = entry.fields("key label label_es", "loinc values answer_words not_given takes_several")
        key = self._matching(said["key"], WORD, "an item's key is small letters, digits and _")
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

    def _own(self, entry: Entry, item: Item) -> Item:
        """An item with what it has of its own: other answers than the rest, or several that may be marked."""
        said = entry.mapping()
        if "values" in said:
            item = replace(item, values=self._sure("values of an item", said["values"], self._values), words=())
        if "answer_words" in said:
            item = replace(item, words=self._texts(said["answer_words"]))
            self._check_words(said["answer_words"], item.words, item.values)
        if "not_given" in said:
            item = replace(item, not_given=said["not_given"].text())
        if "takes_several" in said:
            item = replace(item, takes_several=said["takes_several"].truth())
        return item

    def _words(self, values: tuple[int, ...]) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The answers in words, the first one first, and the points of each where some share theirs; else none."""
        if "answer_words" not in self.said:
            return (), ()
        entry = self.said["answer_words"]
        words = self._sure("answer_words", entry, self._texts)
        if "answer_points" not in self.said:
            self._check_words(entry, words, values)
            return words, ()
        points = self._sure("answer_points", self.said["answer_points"], self._wholes)
        self._check_words(entry, words, points)
        if sorted(set(points)) != list(values):
            raise self.said["answer_points"].wrong("the points of the words are those of `item_values`")
        return words, points

    def _check_words(self, entry: Entry, words: tuple[str, ...], values: tuple[int, ...]) -> None:
        if len(words) != len(values) or len(set(words)) != len(words):
            raise entry.wrong("each answer has one word of its own")

    def _takes_several(self, entry: Entry) -> bool:
        """Whether the publisher says which of several marks counts: the one further to the right, of most points."""
        rule = self._maybe("rule for several marks at one item", entry, Entry.text)
        if rule not in (None, "rightmost"):
            raise entry.wrong("the rule known here is `rightmost`")
        return rule is not None

    def _wholes(self, entry: Entry) -> tuple[int, ...]:
        return tuple(part.whole() for part in entry.entries())

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
        return tuple(self._key(part) for part in entry.entries())

    def _item_numbers(self, entry: Entry) -> tuple[int, ...]:
        numbers = tuple(part.whole() for part in entry.entries())
        for part, number in zip(entry.entries(), numbers, strict=True):
            if not 1 <= number <= len(self.said["items"].entries()):
                raise part.wrong(f"there is no item {number}")
        return numbers

    def _summed(self, items: tuple[Item, ...]) -> tuple[str, ...]:
        """`rule: {sum: all}`, or the numbers of the items that are summed; `total: null` where there is no total."""
        if self.said["total"].is_null:
            for name in ("bands", "cutoffs"):
                if self.said[name].entries():
                    raise self.said[name].wrong("where there is no total, there is nothing to band or to cut")
            return ()
        rule = self.said["total"].fields("rule min max")["rule"].fields("sum")["sum"]
        if rule.value == "all":
            return tuple(item.key for item in items)
        if not isinstance(rule.value, tuple):
            raise rule.wrong("the rule known here is `sum: all`, or the numbers of its items")
        numbers = self._item_numbers(rule)
        return tuple(item.key for item in items if item.number in numbers)

    def _least_and_most(self, items: list[Item]) -> tuple[int, int]:
        if not items:
            return 0, 0
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

    def _bands(self, low: int, high: int, bands_entry: Entry | None = None) -> tuple[Band, ...]:
        entries = (bands_entry or self.said["bands"]).entries()
        bands, expected = [], low
        for entry in entries:
            said = entry.fields("code min max source confidence", "next")
            code = self._matching(said["code"], WORD, "a band's code is small letters, digits and _")
            step = self._matching(said["next"], WORD, "a step is small letters, digits and _") if "next" in said else ""
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

    def _blank_rule(self, blanks: Mapping[str, Entry]) -> BlankRule:
        """What blanks come to. They count as the lowest answer only where the publisher is known to say so."""
        published = self._maybe("published rule for blanks", blanks["published_rule"], Entry.text)
        rule = blanks["band"].one_of(BlankRule)
        if rule is BlankRule.COUNT_LOWEST and published is None:
            raise blanks["band"].wrong("blanks count as the lowest answer only by a published rule that is known well")
        if "at_most" in blanks and rule is not BlankRule.COUNT_LOWEST:
            raise blanks["at_most"].wrong("only blanks that count as the lowest answer have a most")
        return rule

    def _cutoffs(self, low: int, high: int, entries: tuple[Entry, ...] | None = None) -> tuple[Cutoff, ...]:
        cutoffs, entries = [], self.said["cutoffs"].entries() if entries is None else entries
        for entry in entries:
            said = entry.fields("value source confidence op label default", "also note")
            if said["op"].text() != ">=":
                raise said["op"].wrong("a cut-off is reached from below: the op is >=")
            number = self._sourced(entry, Entry.whole, leaving="op label default")
            label = self._matching(said["label"], WORD, "a cut-off's label is small letters, digits and _")
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

    def _critical(self, entry: Entry, items: tuple[Item, ...]) -> CriticalItem | None:
        """An answer that is looked at alone. None, and read by hand, where its threshold is not known and no crisis."""
        said = entry.fields("item at_least flag crisis ask_again_if_blank")
        item = self._known_item(said["item"], said["item"].text(), items)
        least = self._sourced(said["at_least"], Entry.whole)
        if not least.is_usable and not said["crisis"].truth():
            self.unknowns.append(Unknown(f"from which answer on {item.key} counts", least.note or "not known"))
            self.read_by_hand.append(item.key)
            return None
        if not least.is_usable or least.value is None:
            raise said["at_least"].wrong("a critical answer cannot rest on a number that is not known well")
        if least.value not in item.values:
            raise said["at_least"].wrong(f"{least.value} is not an answer to {item.key}")
        return CriticalItem(
            item=item.key,
            at_least=least.value,
            flag=self._matching(said["flag"], WORD, "a flag's key is small letters, digits and _"),
            is_crisis=said["crisis"].truth(),
            ask_again_if_blank=said["ask_again_if_blank"].truth(),
            source=least.source,
            note=least.note,
        )

    # -- subscales, stages, ages

    def _subscale(self, entry: Entry, items: tuple[Item, ...]) -> Subscale:
        said = entry.fields("key name items min max cutoffs applied note", "counts")
        numbers = self._sure("items of a subscale", said["items"], self._item_numbers)
        chosen = [item for item in items if item.number in numbers]
        low, high = (self._sure(f"subscale.{end}", said[end], Entry.whole) for end in ("min", "max"))
        if (low, high) != (sum(item.values[0] for item in chosen), sum(item.values[-1] for item in chosen)):
            raise said["max"].wrong(f"the file says {low} to {high}, but these items sum to something else")
        cutoffs = self._cutoffs(low, high, said["cutoffs"].entries())
        return Subscale(
            key=self._key(said["key"]),
            name=said["name"].text(),
            items=tuple(item.key for item in chosen),
            maximum=high,
            cutoffs=cutoffs,
            applied=None if said["applied"].is_null else self._applied(said["applied"], cutoffs),
            note=said["note"].text(),
            source=self.source_of["items of a subscale"],
            counts=self._counts(said),
        )

    def _counts(self, said: Mapping[str, Entry]) -> bool:
        if "counts" not in said:
            return False
        if said["counts"].truth() and said["applied"].is_null:
            raise said["counts"].wrong("a subscale that counts applies a cut-off")
        return said["counts"].truth()

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
            self._key(said["instrument"]),
            said["min"].whole(),
            said["max"].whole(),
            known_source(said["source"], self.sources),
        )

    # -- codes

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

    # -- what differs by age and by language

    def _prematurity(self) -> PrematurityRule:
        said = self.said["prematurity"].fields("weeks_early below_months")
        weeks = self._sure("prematurity.weeks_early", said["weeks_early"], Entry.whole)
        below = self._sure("prematurity.below_months", said["below_months"], Entry.whole)
        return PrematurityRule(weeks, below, self.source_of["prematurity.weeks_early"])

    def _monthly(self, high: int) -> MonthlyCutoffs:
        """A cut-off for each completed month, from it down. A month of low confidence is a month that is not known."""
        entry = self.said["monthly_cutoffs"]
        said = entry.fields("label op reached beyond guide months not_banded")
        if said["op"].text() != "<=":
            raise said["op"].wrong("the rule known here is a cut-off from which down a total counts: the op is <=")
        words = {name: self._code(said[name]) for name in ("label", "reached", "beyond")}
        months = {int(month): self._sourced(each, Entry.whole) for month, each in said["months"].mapping().items()}
        for month, number in months.items():
            if number.is_usable and not 0 <= (number.value or 0) < high:
                raise (
                    said["months"].mapping()[str(month)].wrong(f"a cut-off of {number.value} lies outside 0 to {high}")
                )
        found = MonthlyCutoffs(
            **words,
            guide=said["guide"].text(),
            months=months,
            not_banded=tuple(self._stretch(each) for each in said["not_banded"].entries()),
            maximum=high,
        )
        covered = sorted([*months, *(m for one in found.not_banded for m in range(one.low, one.high + 1))])
        if covered != list(range(covered[0], covered[-1] + 1)):
            raise said["months"].wrong(
                "every month stands here once, or among those that have no band by the publisher"
            )
        self.unknowns += found.unknown()
        return found

    def _stretch(self, entry: Entry) -> AgeRange:
        said = entry.fields("min max source confidence", "form note")
        if said["confidence"].one_of(Confidence) is Confidence.LOW or said["max"].whole() < said["min"].whole():
            raise entry.wrong("a stretch of months goes from its lowest to its highest, and is known well")
        return AgeRange(said["min"].whole(), said["max"].whole(), known_source(said["source"], self.sources))

    def _age_rules(self, items: tuple[Item, ...]) -> tuple[Stratum, ...]:
        """Stretches of completed months at which items are left out and cut-offs differ, without gap or overlap."""
        found: list[Stratum] = []
        for entry in self._list("age_rules"):
            said = entry.fields("min max ignore cutoff bands")
            low, high = said["min"].whole(), said["max"].whole()
            if high < low or (found and low != found[-1].high + 1):
                raise entry.wrong("ages follow one another without gap or overlap")
            ignored = self._sure("items left out by age", said["ignore"], self._item_numbers)
            most = sum(item.values[-1] for item in items if item.number not in ignored)
            found.append(
                Stratum(
                    low,
                    high,
                    tuple(item.key for item in items if item.number in ignored),
                    self._cutoffs(0, most, (said["cutoff"],)),
                    self._bands(0, most, said["bands"]),
                )
            )
        return tuple(found)

    def _finding(self, items: tuple[Item, ...]) -> CountingRule:
        """How many answers reach their threshold, and which finding that is."""
        said = self.said["finding"].fields("key at_least at_least_of one_of findings none source confidence")
        if said["confidence"].one_of(Confidence) is Confidence.LOW:
            raise said["confidence"].wrong("a finding cannot rest on a rule that is not known well")
        own = {key: each.whole() for key, each in said["at_least_of"].mapping().items()}
        for key in own:
            self._known_item(said["at_least_of"], key, items)
        findings = tuple(
            (each.fields("min code")["min"].whole(), self._code(each.fields("min code")["code"]))
            for each in said["findings"].entries()
        )
        if not findings or [least for least, _ in findings] != sorted({least for least, _ in findings}, reverse=True):
            raise said["findings"].wrong("findings stand from the highest number of answers down")
        one_of = self._item_numbers(said["one_of"])
        return CountingRule(
            key=self._key(said["key"]),
            thresholds={item.key: own.get(item.key, said["at_least"].whole()) for item in items},
            one_of=tuple(item.key for item in items if item.number in one_of),
            findings=findings,
            none=self._code(said["none"]),
            source=known_source(said["source"], self.sources),
        )

    def _version(self) -> Version:
        """A version in another language: its cut-offs come from a study in that language, or it has none."""
        said = self.said["version"].fields("of language")
        version = Version(self._key(said["of"]), said["language"].text())
        if self.said["cutoffs"].entries() and version.language not in self.said["studied_in"].mapping():
            raise self.said["cutoffs"].wrong(
                f"the cut-offs of a version need a study in its own language: `studied_in` names none in {version.language}"
            )
        return version

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

    def _known_item(self, entry: Entry, key: str, items: tuple[Item, ...]) -> Item:
        for item in items:
            if item.key == key:
                return item
        raise entry.wrong(f"there is no item {key}")
