"""The tree of rules: Python and SQL say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inmind.screening.adapters.duck import NO_FOLDING
from inmind.screening.expression import (
    AllOf,
    AnyOf,
    AtLeast,
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
    Start,
    Sum,
    Test,
    Text,
    Trimmed,
    Value,
    compiled,
    literal,
    quoted,
    run,
    select,
    sql,
)

NUMBERS, TEXTS = ("n1", "n two", 'n"3'), ("t1", "t'2")
WORDS = ("0", "1", "7", " 1 ", "", "it's", "ñandú", "=1+1", "refused", "1.0", "\t1", "\u00a01")


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": "1"})
    connection.execute(NO_FOLDING)
    yield connection
    connection.close()


def by_sql(database: duckdb.DuckDBPyConnection, layers: Layers, row: Row, wanted: str) -> Value:
    """What DuckDB finds for one row of three numbers and two texts."""
    columns = ", ".join(f"CAST(? AS {'BIGINT' if name in NUMBERS else 'VARCHAR'}) AS {quoted(name)}" for name in row)
    query = f"SELECT {quoted(wanted)} FROM {select(layers, f'(SELECT {columns})')}"
    [[found]] = database.execute(query, list(row.values())).fetchall()
    return found  # type: ignore[no-any-return]


# Answers, blanks and nonsense alike.
points = st.none() | st.integers(0, 3) | st.sampled_from([7, 9, -1, 10**6])
words = (
    st.none()
    | st.sampled_from(WORDS)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=6)
)
rows = st.fixed_dictionaries({**dict.fromkeys(NUMBERS, points), **dict.fromkeys(TEXTS, words)})

plain_words = st.sampled_from([word for word in WORDS if word])
number_leaves: st.SearchStrategy[Expression] = st.sampled_from(NUMBERS).map(Column) | st.integers(-3, 30).map(Number)
text_leaves: st.SearchStrategy[Expression] = st.one_of(
    st.sampled_from(TEXTS).map(Column), plain_words.map(Text), st.just(Nothing())
)


def several(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[tuple[Expression, ...]]:
    return st.lists(parts, min_size=1, max_size=3).map(tuple)


def checks_over(
    numbers: st.SearchStrategy[Expression], texts: st.SearchStrategy[Expression]
) -> st.SearchStrategy[Test]:
    leaves: st.SearchStrategy[Test] = st.one_of(
        st.builds(AtLeast, numbers, st.integers(-1, 12)),
        st.builds(Blank, numbers | texts),
        st.builds(OneOf, texts, st.lists(plain_words, min_size=1, max_size=3).map(tuple)),
        st.builds(Same, numbers, numbers),
        st.builds(Same, texts, texts),
    )
    lists = st.lists(leaves, min_size=1, max_size=3).map(tuple)
    return leaves | st.builds(AllOf, lists) | st.builds(AnyOf, lists)


def grown(
    numbers: st.SearchStrategy[Expression], texts: st.SearchStrategy[Expression]
) -> st.SearchStrategy[Expression]:
    """One storey of number rules over the parts below."""
    checks = checks_over(numbers, texts)
    branches = st.lists(st.tuples(checks, numbers), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Sum, several(numbers)),
        st.builds(Filled, numbers, st.integers(0, 3)),
        st.builds(Count, st.lists(checks, min_size=1, max_size=4).map(tuple)),
        st.builds(Case, branches),
    )


def worded(
    numbers: st.SearchStrategy[Expression], texts: st.SearchStrategy[Expression]
) -> st.SearchStrategy[Expression]:
    """One storey of text rules over the parts below."""
    branches = st.lists(st.tuples(checks_over(numbers, texts), texts), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Trimmed, texts),
        st.builds(Start, texts, st.integers(1, 4)),
        st.builds(Joined, several(numbers | texts), st.sampled_from(["", ";", ", "])),
        st.builds(Case, branches),
    )


number_rules = grown(
    grown(number_leaves, text_leaves) | number_leaves, worded(number_leaves, text_leaves) | text_leaves
)
text_rules = worded(grown(number_leaves, text_leaves) | number_leaves, worded(number_leaves, text_leaves) | text_leaves)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=number_rules | text_rules | checks_over(number_leaves, text_leaves), row=rows)
def test_python_and_sql_agree(database: duckdb.DuckDBPyConnection, tree: Expression | Test, row: Row) -> None:
    """Whatever rule and whatever row, blanks and nonsense included: one definition, two executions, one answer."""
    assert by_sql(database, [{"found": tree}], row, "found") == compiled(tree)(row)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=number_rules, row=rows)
def test_layers_build_on_one_another_alike(database: duckdb.DuckDBPyConnection, first: Expression, row: Row) -> None:
    """A later layer names what an earlier one found, in Python as in SQL."""
    layers: Layers = [
        {"below": first},
        {"above": Case(((AtLeast(Column("below"), 2), Joined((Text("≥ "), Column("below")))),))},
    ]
    found = run(layers)(row)
    assert by_sql(database, layers, row, "above") == found["above"]
    assert found.items() >= row.items()


A, B, C = Column("n1"), Column("n two"), Column('n"3')


@pytest.mark.parametrize(
    ("tree", "row", "expected"),
    [
        pytest.param(Sum((A, B)), {"n1": 1, "n two": 2}, 3, id="a subscale is the sum of its items"),
        pytest.param(Sum((A, B)), {"n1": 1, "n two": None}, None, id="a sum with a blank is blank"),
        pytest.param(
            Sum((A, Filled(B, 3))), {"n1": 1, "n two": None}, 4, id="filled with the most, it is the highest total"
        ),
        pytest.param(
            Count((AtLeast(A, 2), AtLeast(B, 2))), {"n1": 2, "n two": None}, 1, id="a count leaves blanks out"
        ),
        pytest.param(Count((Blank(A), Blank(B))), {"n1": 2, "n two": None}, 1, id="blanks can be counted"),
        pytest.param(AllOf((AtLeast(A, 1), AtLeast(B, 1))), {"n1": 0, "n two": None}, False, id="all: one no decides"),
        pytest.param(
            AllOf((AtLeast(A, 1), AtLeast(B, 1))), {"n1": 1, "n two": None}, None, id="all: a blank leaves it open"
        ),
        pytest.param(AnyOf((AtLeast(A, 1), AtLeast(B, 1))), {"n1": 1, "n two": None}, True, id="any: one yes decides"),
        pytest.param(
            AnyOf((AtLeast(A, 1), AtLeast(B, 1))), {"n1": 0, "n two": None}, None, id="any: a blank leaves it open"
        ),
        pytest.param(AnyOf((AtLeast(A, 1), AtLeast(B, 1))), {"n1": 0, "n two": 0}, False, id="any: all no"),
        pytest.param(
            Case(((AtLeast(A, 5), Text("mild")), (AtLeast(A, 0), Text("minimal")))),
            {"n1": 4},
            "minimal",
            id="bands from the top",
        ),
        pytest.param(Case(((AtLeast(A, 5), Text("mild")),)), {"n1": None}, None, id="no band without a total"),
        pytest.param(Joined((Nothing(), Nothing()), by=";"), {}, "", id="joining nothing gives an empty text"),
        pytest.param(Start(Nothing(), 3), {}, None, id="the start of a blank is blank"),
    ],
)
def test_spoken_examples(
    database: duckdb.DuckDBPyConnection, tree: Expression | Test, row: Mapping[str, Value], expected: Value
) -> None:
    """Blanks as SQL has them, said one by one."""
    assert compiled(tree)(row) == expected
    assert (
        by_sql(database, [{"found": tree}], {name: row.get(name) for name in (*NUMBERS, *TEXTS)}, "found") == expected
    )


@pytest.mark.parametrize(
    "build",
    [lambda: Sum(()), lambda: Count(()), lambda: Case(()), lambda: OneOf(A, ()), lambda: AllOf(()), lambda: Joined(())],
)
def test_a_rule_of_nothing_cannot_be_built(build: object) -> None:
    """SQL has no empty sum; what cannot be valid cannot be built."""
    with pytest.raises(ValueError, match="needs at least one"):
        build()  # type: ignore[operator]


@pytest.mark.parametrize("text", ["a\\b", "a\x00b"])
def test_a_text_that_engines_read_differently_is_refused(text: str) -> None:
    """A backslash is a letter to one engine and a sign to another."""
    with pytest.raises(ValueError, match="neither a backslash"):
        literal(text)


def test_a_name_or_word_never_becomes_a_command(database: duckdb.DuckDBPyConnection) -> None:
    """Quotes in names and words stay letters."""
    evil = "x'; DROP TABLE t; --"
    assert sql(Text(evil)) == "'x''; DROP TABLE t; --'"
    assert by_sql(database, [{'a"b': Text(evil)}], dict.fromkeys(NUMBERS), 'a"b') == evil


def test_a_missing_column_is_an_error_not_a_blank() -> None:
    """A misspelt name must not read as unanswered."""
    with pytest.raises(KeyError):
        compiled(Column("n9"))({"n1": 1})
