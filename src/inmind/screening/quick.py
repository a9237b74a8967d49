"""Runs the same rules quickly for one row after another. Pure.

Most of what an instrument's tree asks has one answer once something is known, such as that no item is blank: `folded`
leaves that out. What is left reads the items only through a few measures, as their sum and whether one answer reaches
its threshold, and there are far fewer of those than of answers: `measured` takes the measures of each row, and keeps
what the rules make of them. Nothing is decided here: each step replaces a tree by one that says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from operator import ge, itemgetter
from typing import Any, TypeVar, cast

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
    Row,
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


def measured(
    layers: Layers, items: Collection[str], finish: Callable[[Mapping[str, Value]], T], beside: Collection[str] = ()
) -> Callable[[Row], T]:
    """A function of one row, as `finish` makes it of everything that the layers find; kept by the row's measures.

    items: the columns that are read only by measures; every other column of the row counts as it is, and so do those
    `beside`, which may not be read at all. finish: pure; what it makes is shared, so that nobody may change it.
    """
    measures: dict[Tree, str] = {}
    rest = [{name: _measure(tree, items, measures) for name, tree in layer.items()} for layer in layers]
    found_here = {name for layer in layers for name in layer}
    columns = {name for layer in layers for tree in layer.values() for name in _columns(tree)}
    plain = sorted((columns | {*beside}) - found_here - {*items})
    names = [*plain, *measures.values()]
    read: list[Callable[[Row], Value]] = [*map(itemgetter, plain), *map(_reader, measures)]
    decide = run(rest)
    kept: dict[tuple[Value, ...], T] = {}

    def of(row: Row) -> T:
        key = tuple([each(row) for each in read])
        if key not in kept:
            if len(kept) >= KEPT:
                kept.clear()
            kept[key] = finish(decide(dict(zip(names, key, strict=True))))
        return kept[key]

    return of


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


def _measure(tree: Tree, items: Collection[str], measures: dict[Tree, str]) -> Any:
    """The tree with a column in place of each sum, count and test that reads nothing but items."""
    read = list(_columns(tree))
    if not any(name in items for name in read):
        return tree
    if not isinstance(tree, Case | Joined | AllOf | AnyOf) and all(name in items for name in read):
        return Column(measures.setdefault(tree, f"measure {len(measures)}"))
    return _with_parts(tree, lambda part: _measure(part, items, measures))


def _reader(tree: Tree) -> Callable[[Row], Value]:
    """One measure as a function of a row: as `compiled`, and quicker for a sum and a count of several answers."""
    slowly = compiled(tree)
    match tree:
        case Sum((Column(), Column(), *_) as parts) if all(isinstance(part, Column) for part in parts):
            values = itemgetter(*(cast(Column, part).name for part in parts))
            return lambda row: None if None in (found := values(row)) else sum(found)
        case Count((AtLeast(Column()), AtLeast(Column()), *_) as tests) if all(map(_is_of_a_column, tests)):
            values = itemgetter(*(cast(Any, test).part.name for test in tests))
            least = [cast(AtLeast, test).least for test in tests]
            return lambda row: slowly(row) if None in (found := values(row)) else sum(map(ge, found, least))
    return slowly


def _is_of_a_column(test: Test) -> bool:
    return isinstance(test, AtLeast) and isinstance(test.part, Column)


def _columns(tree: Tree) -> Iterator[str]:
    """The names of all columns that a tree reads."""
    if isinstance(tree, Column):
        yield tree.name
    for part in _parts(tree):
        yield from _columns(part)


def _parts(tree: Tree) -> Iterator[Tree]:
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
