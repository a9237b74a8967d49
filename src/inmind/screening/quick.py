"""Runs the same rules quickly for one row after another. Pure.

Most of what an instrument's tree asks has one answer once something is known, such as that no item is blank: `folded`
leaves that out. What is left reads the items only through a few measures, as their sum and whether one answer reaches
its threshold. Each item adds something of its own to a measure, so that all measures of a row are one sum of whole
numbers out of tables; there are far fewer of those than of rows, and `Measured` keeps what the rules make of each.
Nothing is decided here: each step replaces a tree by one that says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Generic, TypeVar, cast

from inmind.screening.expression import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Blank,
    Case,
    Column,
    Count,
    Expression,
    Filled,
    Joined,
    Layers,
    Nothing,
    Number,
    OneOf,
    Same,
    Sum,
    Test,
    Text,
    Value,
    compiled,
    run,
)

T = TypeVar("T")
Tree = Expression | Test

# How many different measures are kept of one instrument; a form has some hundreds, one with subscales some thousands.
KEPT = 8192

_TRUE, _FALSE, _OPEN = Blank(Nothing()), Blank(Number(0)), AtLeast(Nothing(), 0)
_TESTS = (AtLeast, AtMost, Blank, OneOf, Same, AllOf, AnyOf)


def folded(layers: Layers, filled: Collection[str], known: Mapping[str, Expression]) -> Layers:
    """The layers where some columns are never blank, and of some the value is known; what says the same is found once.

    filled: names that are never blank. known: name -> Number, Text or Nothing. No layer finds either.
    """
    names: dict[str, Expression] = dict(known)
    first: dict[Tree, str] = {}
    rest = []
    for layer in layers:
        found: dict[str, Tree] = {name: _folded(tree, names, filled) for name, tree in layer.items()}
        for name, tree in found.items():
            if isinstance(tree, Column | Number | Text | Nothing):
                names[name] = tree
            elif tree in first and not isinstance(tree, _TESTS):
                names[name] = Column(first[tree])
            else:
                first.setdefault(tree, name)
        rest.append(found)
    return rest


class Measured(Generic[T]):
    """What `finish` makes of everything that the layers find, by the measures of a row.

    tables: for each item in order, what each of its values adds to the measures; their sum is what `of` takes.
    """

    def __init__(
        self,
        layers: Layers,
        items: Mapping[str, Sequence[Value]],
        beside: Sequence[str],
        finish: Callable[[Mapping[str, Value]], T],
    ) -> None:
        """items: the columns that are measured, with all values that each may have. beside: the row's other columns, which
        count as they are. finish: pure; what it makes is shared, so that nobody may change it."""
        names: dict[Tree, str] = {}
        self._decide = run([{name: _measure(tree, items, names) for name, tree in layer.items()} for layer in layers])
        self._beside, self._finish = beside, finish
        self._measures: list[tuple[str, int, Callable[[int], Value]]] = []
        tables: dict[str, dict[Value, int]] = {name: dict.fromkeys(values, 0) for name, values in items.items()}
        scale = 1
        for tree, name in names.items():
            added, size, read = _added(tree, items)
            for item, adds in added.items():
                for value, number in adds.items():
                    tables[item][value] += number * scale
            self._measures.append((name, size, read))
            scale *= size
        self.tables = list(tables.values())
        self._kept: dict[tuple[int, Sequence[Value]], T] = {}

    def of(self, measures: int, beside: tuple[Value, ...] = ()) -> T:
        """beside: the values of those columns, in their order."""
        key = (measures, beside)
        if key not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            row: dict[str, Value] = dict(zip(self._beside, beside, strict=True))
            for name, size, read in self._measures:
                measures, number = divmod(measures, size)
                row[name] = read(number)
            self._kept[key] = self._finish(self._decide(row))
        return self._kept[key]


def _folded(tree: Tree, names: Mapping[str, Expression], filled: Collection[str]) -> Any:
    """A tree that says the same and is no longer; a constant where it has one value."""
    if isinstance(tree, Column):
        return names.get(tree.name, tree)
    tree = _with_parts(tree, lambda part: _folded(part, names, filled))
    match tree:
        case Blank(Column(name)) if name in filled:
            return _FALSE
        case Filled(Column(name) as column, _) if name in filled:
            return column
        case Case(branches):
            return _first_that_may_hold(branches)
        case AllOf(tests) if _FALSE in tests:
            return _FALSE
        case AnyOf(tests) if _TRUE in tests:
            return _TRUE
    if next(_columns(tree), None) is None:
        return _constant(compiled(tree)({}), is_test=isinstance(tree, _TESTS))
    match tree:
        case AllOf(tests):
            return AllOf(tuple(test for test in tests if test != _TRUE))
        case AnyOf(tests):
            return AnyOf(tuple(test for test in tests if test != _FALSE))
        case Count(tests):
            return Count(tuple(test for test in tests if test not in (_FALSE, _OPEN)))
        case Joined(parts, by):
            return Joined(tuple(part for part in parts if part != Nothing()), by)
    return tree


def _first_that_may_hold(branches: Sequence[tuple[Test, Expression]]) -> Expression:
    """A case without the branches that never hold, and without those behind one that always does."""
    left: list[tuple[Test, Expression]] = []
    for test, result in branches:
        if test in (_FALSE, _OPEN):
            continue
        left.append((test, result))
        if test == _TRUE:
            break
    if not left:
        return Nothing()
    test, result = left[0]
    return result if test in (_TRUE, Same(result, result)) and len(left) == 1 else Case(tuple(left))


def _constant(value: Value, *, is_test: bool) -> Tree:
    if is_test:
        return _OPEN if value is None else _TRUE if value else _FALSE
    if value is None:
        return Nothing()
    return Text(value) if isinstance(value, str) else Number(value)


def _measure(tree: Tree, items: Collection[str], names: dict[Tree, str]) -> Any:
    """The tree with a column in place of each part to which items add."""
    read = {*_columns(tree)}
    if not any(name in items for name in read):
        return tree
    if all(name in items for name in read) and (len(read) == 1 or _is_added(tree)):
        return Column(names.setdefault(tree, f"measure {len(names)}"))
    return _with_parts(tree, lambda part: _measure(part, items, names))


def _is_added(tree: Tree) -> bool:
    return isinstance(tree, Sum | Count) and all(len({*_columns(part)}) < 2 for part in parts_of(tree))


def _added(
    tree: Tree, items: Mapping[str, Sequence[Value]]
) -> tuple[dict[str, dict[Value, int]], int, Callable[[int], Value]]:
    """What each value of each item adds to one measure, how many numbers that may make, and what each of those means."""
    if not _is_added(tree):
        [name] = {*_columns(tree)}
        by_value = _by_value(tree, name, items)
        meanings = list(dict.fromkeys(by_value.values()))
        return (
            {name: {value: meanings.index(of) for value, of in by_value.items()}},
            len(meanings),
            meanings.__getitem__,
        )
    added: dict[str, dict[Value, int]] = {}
    is_sum, fixed, width = isinstance(tree, Sum), 0, 1
    parts = [(name, _by_value(part, name, items)) for part in parts_of(tree) for name in [next(_columns(part), "")]]
    numbers = [
        (name, {value: cast(int | None, of) if is_sum else int(of is True) for value, of in by_value.items()})
        for name, by_value in parts
    ]
    for _, worths in numbers:
        known = [worth for worth in worths.values() if worth is not None] or [0]
        fixed, width = fixed + min(known), width + max(known) - min(known)
    for name, worths in numbers:
        least = min([worth for worth in worths.values() if worth is not None] or [0])
        adds = added.setdefault(name, dict.fromkeys(worths, 0))
        for value, worth in worths.items():
            adds[value] += width if worth is None else worth - least
    blank = sum(added.pop("", {}).values())  # a part that reads nothing is the same in every row
    size = width * (len(numbers) + 1)
    return added, size, lambda number: None if number + blank >= width else number + fixed


def _by_value(tree: Tree, name: str, items: Mapping[str, Sequence[Value]]) -> dict[Value, Value]:
    """What a tree that reads one item says of each of its values; of one that reads none, what it always says."""
    of = compiled(tree)
    return {value: of({name: value}) for value in (items[name] if name else (None,))}


def _columns(tree: Tree) -> Iterator[str]:
    """The names of all columns that a tree reads."""
    if isinstance(tree, Column):
        yield tree.name
    for part in parts_of(tree):
        yield from _columns(part)


def parts_of(tree: Tree) -> Iterator[Tree]:
    for part in fields(tree):
        found = getattr(tree, part.name)
        for one in found if isinstance(found, tuple) else (found,):
            for each in one if isinstance(one, tuple) else (one,):
                if not isinstance(each, int | str):
                    yield each


def _with_parts(tree: Tree, change: Callable[[Tree], Any]) -> Tree:
    def changed(part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(map(changed, part))
        return part if isinstance(part, int | str) else change(part)

    return replace(tree, **{part.name: changed(getattr(tree, part.name)) for part in fields(tree)})
