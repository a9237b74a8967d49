"""Reads an instrument's items, their answers and which of them are summed from a catalog file. Pure."""

from __future__ import annotations

from dataclasses import replace

from inmind.foundation.catalogs import Entry, distinct
from inmind.screening.code_reader import CodeReader
from inmind.screening.instruments import Item
from inmind.screening.sheet_reader import WORD


class ItemReader(CodeReader):
    """Items and total."""

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

    def _known_item(self, entry: Entry, key: str, items: tuple[Item, ...]) -> Item:
        for item in items:
            if item.key == key:
                return item
        raise entry.wrong(f"there is no item {key}")
