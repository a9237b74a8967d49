"""Scores one row of a file after another by the rules of `answer_rows`, quickly where every item has an answer. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from operator import getitem
from typing import TypeAlias

from inmind.screening.answer_rows import ID, PROBLEM, RESULTS, ROW, result, rules, wanted, written
from inmind.screening.expression import Expression, Nothing, OneOf, Test, Value, compiled, run
from inmind.screening.file_mapping import FileMapping
from inmind.screening.instruments import Instrument
from inmind.screening.quick import Measured, folded, parts_of

_SHOWN = [name for name in RESULTS if name not in ("id", "row")]
_KEPT = 8192  # rows that are not answered throughout, of one file


class RowScorer:
    """What becomes of one row: each of `answer_rows.RESULTS`, to the letter as every other execution has it.

    words: for each of `answer_rows.wanted` in order, the words that the rules know for it, and what each is worth there.
    tables: for each item in order, what each of its words adds to the measures of a row that is answered throughout.
    """

    def __init__(self, instrument: Instrument, mapping: FileMapping) -> None:
        layers, keys = rules(instrument, mapping), wanted(instrument)
        items = {item.key: item.values for item in instrument.items}
        texts, points, whys = layers[:3]
        shown = {result(name): layers[-1][result(name)] for name in _SHOWN}
        known = dict.fromkeys((*whys, PROBLEM), Nothing())
        self._months = keys[len(items) :]
        self._answered = Measured(folded([*layers[3:-1], shown], keys, known), items, self._months, _named)
        one_by_one = zip(
            keys, texts.items(), points.items(), [*whys.values(), *[Nothing()] * len(self._months)], strict=True
        )
        self.words = [_worth(key, text, value, why) for key, text, value, why in one_by_one]
        self.tables = [
            {word: table[points] for word, points in words.items()}
            for words, table in zip(self.words, self._answered.tables, strict=False)
        ]
        self._names, self._slowly = [written(key) for key in keys], run(layers)
        self._any = lru_cache(_KEPT)(self._any_row)
        self._id = compiled(layers[-1][result("id")])

    def answered(self, id: str | None, number: int, measures: int, months: tuple[Value, ...] = ()) -> dict[str, Value]:
        """One that is answered throughout, by what its words add."""
        return {"id": self._shown(id, number), "row": number, **self._answered.of(measures, months)}

    def row(self, id: str | None, number: int, marks: Sequence[str | None], problem: str | None) -> dict[str, Value]:
        """Any row. marks: what it says of each of `answer_rows.wanted`. problem: a sentence where it is damaged."""
        if problem is None:
            try:
                count = len(self.tables)
                months = tuple([words[mark] for words, mark in zip(self.words[count:], marks[count:], strict=True)])
                return self.answered(id, number, sum(map(getitem, self.tables, marks)), months)
            except KeyError:
                pass  # not each of them is an answer
        return {"id": self._shown(id, number), "row": number, **self._any(tuple(marks), problem)}

    def _shown(self, id: str | None, number: int) -> Value:
        """A row's id by the rules, which take the spaces from around it; where there are none, there is nothing to ask."""
        return id if id and id[0] != " " and id[-1] != " " else self._id({ID: id, ROW: number})

    def _any_row(self, marks: tuple[str | None, ...], problem: str | None) -> dict[str, Value]:
        row = {ROW: None, ID: None, PROBLEM: problem, **dict(zip(self._names, marks, strict=True))}
        return _named(self._slowly(row))


def _named(found: Mapping[str, Value]) -> dict[str, Value]:
    return {name: found[result(name)] for name in _SHOWN}


_Named: TypeAlias = tuple[str, Expression | Test]


def _worth(key: str, text: _Named, value: _Named, why: Expression | Test) -> dict[str | None, Value]:
    """What each word is worth that the rules know for a column, as they say themselves; others have to be read by them."""
    found: dict[str | None, Value] = {}
    for word in _words(value[1]):
        row: dict[str, Value] = {written(key): word}
        for name, tree in (text, value):
            row[name] = compiled(tree)(row)
        if compiled(why)(row) is None:
            found[word] = row[value[0]]
    return found


def _words(tree: Expression | Test) -> Iterator[str]:
    if isinstance(tree, OneOf):
        yield from tree.words
    for part in parts_of(tree):
        yield from _words(part)
