"""A tiny closed tree of rules over one row, with two executions: a Python callable and portable SQL. Pure.

One definition, two executions (design decision 9). The tree holds no code and nothing of it is evaluated as code: each
node below is all there is. Blanks go through both as SQL has them: a sum with a blank part is blank, a comparison with
a blank is neither true nor false, and a case takes its first branch that is true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

Value: TypeAlias = int | str | bool | None
Row: TypeAlias = Mapping[str, Value]


class _Node:
    """Refuses an empty list of parts: a sum of nothing has no meaning in SQL."""

    def __post_init__(self) -> None:
        for part in fields(self):  # type: ignore[arg-type]
            if getattr(self, part.name) == ():
                raise ValueError(f"{type(self).__name__} needs at least one of its {part.name}")


@dataclass(frozen=True)
class Column(_Node):
    """The row's value of this name, or blank."""

    name: str


@dataclass(frozen=True)
class Nothing(_Node):
    """A text that is always blank."""


@dataclass(frozen=True)
class Number(_Node):
    value: int


@dataclass(frozen=True)
class Text(_Node):
    value: str


@dataclass(frozen=True)
class Sum(_Node):
    """The sum of numbers; blank when one is blank."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Filled(_Node):
    """The part, or this number where the part is blank."""

    part: Expression
    blank_counts: int


@dataclass(frozen=True)
class Count(_Node):
    """How many of the tests are true."""

    tests: tuple[Test, ...]


@dataclass(frozen=True)
class Case(_Node):
    """The value of the first branch whose test is true; blank when none is."""

    branches: tuple[tuple[Test, Expression], ...]


@dataclass(frozen=True)
class Trimmed(_Node):
    """A text without the spaces around it."""

    part: Expression


@dataclass(frozen=True)
class Start(_Node):
    """The first letters of a text."""

    part: Expression
    length: int


@dataclass(frozen=True)
class Joined(_Node):
    """Texts and numbers one after another, blanks left out; an empty text when all are blank."""

    parts: tuple[Expression, ...]
    by: str = ""


@dataclass(frozen=True)
class AtLeast(_Node):
    """A number that reaches this one."""

    part: Expression
    least: int


@dataclass(frozen=True)
class AtMost(_Node):
    """A number that does not go beyond this one."""

    part: Expression
    most: int


@dataclass(frozen=True)
class Blank(_Node):
    part: Expression


@dataclass(frozen=True)
class OneOf(_Node):
    """A text among these words."""

    part: Expression
    words: tuple[str, ...]


@dataclass(frozen=True)
class Same(_Node):
    """Two values that are equal; neither true nor false when one is blank."""

    one: Expression
    other: Expression


@dataclass(frozen=True)
class AllOf(_Node):
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class AnyOf(_Node):
    tests: tuple[Test, ...]


Expression: TypeAlias = Column | Nothing | Number | Text | Sum | Filled | Count | Case | Trimmed | Start | Joined
Test: TypeAlias = AtLeast | AtMost | Blank | OneOf | Same | AllOf | AnyOf

# Named results, layer by layer: what stands in a later layer may name what an earlier one found.
Layers: TypeAlias = Sequence[Mapping[str, Expression | Test]]


def compiled(tree: Expression | Test) -> Callable[[Row], Value]:
    """The tree as a function of one row. Raises KeyError when the row lacks a named column."""
    match tree:
        case Column(name):
            return lambda row: row[name]
        case Nothing():
            return lambda _: None
        case Number(value) | Text(value):
            return lambda _: value
        case Sum(parts) if all(isinstance(part, Column) for part in parts):
            names = [part.name for part in parts if isinstance(part, Column)]
            return lambda row: _sum([row[name] for name in names])
        case Sum(parts):
            numbers = [compiled(part) for part in parts]
            return lambda row: _sum([number(row) for number in numbers])
        case Filled(Column(name), blank_counts):
            return lambda row: blank_counts if (found := row[name]) is None else found
        case Filled(part, blank_counts):
            number = compiled(part)
            return lambda row: blank_counts if (found := number(row)) is None else found
        case Count(tests):
            checks = [compiled(test) for test in tests]
            return lambda row: [check(row) for check in checks].count(True)
        case Case(branches):
            return _first_true([(compiled(test), compiled(result)) for test, result in branches])
        case Trimmed(part):
            text = compiled(part)
            return lambda row: None if (found := text(row)) is None else str(found).strip(" ")
        case Start(part, length):
            text = compiled(part)
            return lambda row: None if (found := text(row)) is None else str(found)[:length]
        case Joined(parts, by):
            texts = [compiled(part) for part in parts]
            return lambda row: by.join(str(found) for text in texts if (found := text(row)) is not None)
        case AtLeast(part, least):
            number = compiled(part)
            return lambda row: None if (found := number(row)) is None else found >= least  # type: ignore[operator]
        case AtMost(part, most):
            number = compiled(part)
            return lambda row: None if (found := number(row)) is None else found <= most  # type: ignore[operator]
        case Blank(Column(name)):
            return lambda row: row[name] is None
        case Blank(part):
            value_of = compiled(part)
            return lambda row: value_of(row) is None
        case OneOf(part, words):
            text = compiled(part)
            return lambda row: None if (found := text(row)) is None else found in words
        case Same(one, other):
            left, right = compiled(one), compiled(other)
            return lambda row: None if None in (pair := (left(row), right(row))) else pair[0] == pair[1]
        case AllOf(tests):
            checks = [compiled(test) for test in tests]
            return lambda row: _decided([check(row) for check in checks], by=False)
        case _:  # AnyOf, the last there is
            checks = [compiled(test) for test in tree.tests]
            return lambda row: _decided([check(row) for check in checks], by=True)


def sql(tree: Expression | Test) -> str:
    """The tree as one SQL expression over the columns it names, in words that DuckDB and Spark share."""
    match tree:
        case Column(name):
            return quoted(name)
        case Nothing():
            return "CAST(NULL AS STRING)"
        case Number(value):
            return f"({value})"
        case Text(value):
            return literal(value)
        case Sum(parts):
            return f"({' + '.join(map(sql, parts))})"
        case Filled(part, blank_counts):
            return f"COALESCE({sql(part)}, {blank_counts})"
        case Count(tests):
            return f"({' + '.join(f'CASE WHEN {sql(test)} THEN 1 ELSE 0 END' for test in tests)})"
        case Case(branches):
            return f"CASE {' '.join(f'WHEN {sql(test)} THEN {sql(result)}' for test, result in branches)} END"
        case Trimmed(part):
            return f"TRIM(BOTH ' ' FROM {sql(part)})"
        case Start(part, length):
            return f"SUBSTR({sql(part)}, 1, {length})"
        case Joined(parts, by):
            return f"CONCAT_WS({literal(by)}, {', '.join(map(sql, parts))})"
        case AtLeast(part, least):
            return f"({sql(part)} >= {least})"
        case AtMost(part, most):
            return f"({sql(part)} <= {most})"
        case Blank(part):
            return f"({sql(part)} IS NULL)"
        case OneOf(part, words):
            return f"({sql(part)} IN ({', '.join(map(literal, words))}))"
        case Same(one, other):
            return f"({sql(one)} = {sql(other)})"
        case AllOf(tests):
            return f"({' AND '.join(map(sql, tests))})"
        case _:  # AnyOf, the last there is
            return f"({' OR '.join(map(sql, tree.tests))})"


def run(layers: Layers) -> Callable[[Row], dict[str, Value]]:
    """The layers as a function of one row: the row with every named result beside what it brought."""
    steps = [{name: compiled(tree) for name, tree in layer.items()} for layer in layers]

    def results(row: Row) -> dict[str, Value]:
        found = dict(row)
        for step in steps:
            found |= {name: result(found) for name, result in step.items()}
        return found

    return results


def select(layers: Layers, relation: str) -> str:
    """The layers as one SQL query over a relation, which brings the columns that the first layer names."""
    for layer in layers:
        named = ", ".join(f"{sql(tree)} AS {quoted(name)}" for name, tree in layer.items())
        relation = f"(SELECT *, {named} FROM {relation})"
    return relation


def quoted(name: str) -> str:
    """A column's name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL has it. Raises ValueError for a backslash, which not every engine reads alike, and for U+0000."""
    if "\\" in text or "\x00" in text:
        raise ValueError("a text in a rule holds neither a backslash nor U+0000")
    return "'" + text.replace("'", "''") + "'"


def _sum(numbers: Sequence[Value]) -> int | None:
    return None if None in numbers else sum(numbers)  # type: ignore[arg-type]


def _first_true(branches: Sequence[tuple[Callable[[Row], Value], Callable[[Row], Value]]]) -> Callable[[Row], Value]:
    """A loop and no generator: most of the time of a score goes here."""

    def first(row: Row) -> Value:
        for test, result in branches:
            if test(row) is True:
                return result(row)
        return None

    return first


def _decided(found: Sequence[Value], *, by: bool) -> bool | None:
    """One answer out of many: `by` decides at once, else a blank leaves it open."""
    if by in found:
        return by
    return None if None in found else not by
