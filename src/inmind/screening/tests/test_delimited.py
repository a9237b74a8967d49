"""Delimited text, record by record."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmind.screening.delimited import Damage, heading, records


@pytest.mark.parametrize(
    ("lines", "names", "delimiter", "taken"),
    [
        pytest.param(["id,a,b\n"], ("id", "a", "b"), ",", 1, id="commas"),
        pytest.param(["id;a;b\n"], ("id", "a", "b"), ";", 1, id="semicolons"),
        pytest.param(["id\ta\tb\n"], ("id", "a", "b"), "\t", 1, id="tabs"),
        pytest.param(["id|a|b\n"], ("id", "a", "b"), "|", 1, id="bars"),
        pytest.param(
            ["a;b;c,d,e,f,g\n"], ("a", "b", "c,d,e,f,g"), ";", 1, id="by the names that are wanted, not by how many"
        ),
        pytest.param(['"a, or so" ,"a", b\n'], ("a, or so", "a", "b"), ",", 1, id="quotes and spaces"),
        pytest.param(['"two\n', 'lines",a\n', "1,2\n"], ("two\nlines", "a"), ",", 2, id="a name over two lines"),
        pytest.param([], (), ",", 1, id="nothing"),
        pytest.param(['"' + "x" * 200_000 + '"\n'], (), ",", 1, id="a name beyond measure"),
    ],
)
def test_a_heading_is_read(lines: list[str], names: tuple[str, ...], delimiter: str, taken: int) -> None:
    """Its names, what parts them, and how many lines it takes."""
    found = heading(lines, ["a", "b"])
    assert (found.names, found.delimiter, found.lines) == (names, delimiter, taken)


def fields_of(*lines: str, width: int = 3) -> list[list[str] | Damage]:
    return list(records(lines, ",", width))


SHORT = Damage("This row has 2 fields; the heading names 3.")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["1,2,3\n", "4,5,6"], [["1", "2", "3"], ["4", "5", "6"]], id="plain rows, the last without an end"),
        pytest.param(["1,2\n", "4,5,6\n"], [SHORT, ["4", "5", "6"]], id="a short row costs itself"),
        pytest.param(["1,2,3,4\n", "4,5,6\n"], [Damage("This row has 4 fields; the heading names 3."), ["4", "5", "6"]], id="a long row costs itself"),
        pytest.param(["\n", "1,2,3\n", "\r\n"], [["1", "2", "3"]], id="empty lines are no rows"),
        pytest.param([",,\n"], [["", "", ""]], id="a row of blanks is a row"),
        pytest.param(['1,"two\n', 'lines",3\n', "4,5,6\n"], [["1", "two\nlines", "3"], ["4", "5", "6"]], id="a quoted field over two lines"),
        pytest.param(['1,"a ""b"", c",3\n'], [["1", 'a "b", c', "3"]], id="quotes and commas within quotes"),
        pytest.param(['1,5" tall,3\n', "4,5,6\n"], [["1", '5" tall', "3"], ["4", "5", "6"]], id="a stray quote within a field"),
        pytest.param(['1,"x,3\n', "4,5,6\n", "7,8,9\n"], [["1", '"x', "3"], ["4", "5", "6"], ["7", "8", "9"]], id="a quote that never closes takes no neighbour"),
        pytest.param(['1,"Ann,3\n', "4,5,6\n", '7,"Bob,9\n'], [["1", '"Ann', "3"], ["4", "5", "6"], ["7", '"Bob', "9"]], id="two stray quotes are no pair"),
        pytest.param(['1,"x\n', "4,5,6\n"], [SHORT, ["4", "5", "6"]], id="cut short within quotes"),
        pytest.param(['1,"a"b,3\n'], [["1", '"a"b', "3"]], id="letters after a closing quote"),
        pytest.param(["", "4,5,6\n"], [Damage("This line is too long to be a row of answers."), ["4", "5", "6"]], id="a line too long"),
        pytest.param(["1," + "x" * 200_000 + ",3\n"], [["1", "x" * 200_000, "3"]], id="a field too long for the csv module"),
    ],
)  # fmt: skip
def test_a_damaged_row_costs_no_other(lines: list[str], expected: list[list[str] | Damage]) -> None:
    """Every line of the file is accounted for once."""
    assert fields_of(*lines) == expected


def test_a_quote_is_not_sought_for_ever() -> None:
    """A hundred lines on, it is taken for a stray one; the lines between are rows of their own."""
    lines = ['1,"x,3\n', *["4,5,6\n"] * 150, '7,8",9\n', '1,"y,3\n']
    found = fields_of(*lines)
    assert found == [["1", '"x', "3"], *[["4", "5", "6"]] * 150, ["7", '8"', "9"], ["1", '"y', "3"]]


cells = st.text(st.sampled_from('ab ,;"1\n\u00f1'), max_size=6).map(str.strip)
tables = st.lists(st.lists(cells, min_size=3, max_size=3).filter(any), min_size=1, max_size=8)


@settings(deadline=None)
@given(tables)
def test_what_is_written_well_is_read_as_written(table: list[list[str]]) -> None:
    """Whatever stands in the fields, quotes, commas and line ends included."""
    text = StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(table)
    text.seek(0)
    assert list(records(text, ",", 3)) == table


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from('a1,"'), max_size=8), max_size=8))
def test_no_row_is_lost_or_made_up(bodies: list[str]) -> None:
    """Of lines with any quotes and commas, those in between two sound rows never take these with them."""
    lines = ["s,s,s\n", *(f"{body}\n" for body in bodies), "e,e,e\n"]
    found = fields_of(*lines)
    assert found[0] == ["s", "s", "s"]
    assert len(found) <= len(lines)
