"""Reads what an instrument's answers come to from a catalog file: bands, cut-offs, critical answers, subscales. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.foundation.catalogs import Confidence, Entry, distinct, known_source, sourced
from inmind.screening.instruments import (
    Accuracy,
    Band,
    BlankRule,
    CountingRule,
    CriticalItem,
    Cutoff,
    FirstStage,
    Item,
    PublishedTotal,
    Subscale,
    Unknown,
)
from inmind.screening.item_reader import ItemReader
from inmind.screening.sheet_reader import WORD


class RuleReader(ItemReader):
    """Bands, cut-offs, what is looked at alone, subscales, findings and stages."""

    def __init__(self, sheet: Entry, required: str, optional: str = "") -> None:
        super().__init__(sheet, required, optional)
        self.read_by_hand: list[str] = []

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

    def _critical(self, entry: Entry, items: tuple[Item, ...]) -> CriticalItem:
        """An answer that is looked at alone. Where its threshold is not known and it is no crisis, it is read by hand, but
        for its highest answer, which counts in any case."""
        said = entry.fields("item at_least flag crisis ask_again_if_blank")
        item = self._known_item(said["item"], said["item"].text(), items)
        least = self._sourced(said["at_least"], Entry.whole)
        at_least, source, note = least.value, least.source, least.note
        if not least.is_usable or at_least is None:
            if said["crisis"].truth():
                raise said["at_least"].wrong("a critical answer cannot rest on a number that is not known well")
            self.unknowns.append(Unknown(f"from which answer on {item.key} counts", note or "not known"))
            self.read_by_hand.append(item.key)
            at_least, source = item.values[-1], self.source_of["item_values"]
            note = "its highest answer counts, whatever the one it counts from"
        if at_least not in item.values:
            raise said["at_least"].wrong(f"{at_least} is not an answer to {item.key}")
        return CriticalItem(
            item=item.key,
            at_least=at_least,
            flag=self._matching(said["flag"], WORD, "a flag's key is small letters, digits and _"),
            is_crisis=said["crisis"].truth(),
            ask_again_if_blank=said["ask_again_if_blank"].truth(),
            source=source,
            note=note,
        )

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
