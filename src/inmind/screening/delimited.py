"""Reads delimited text record by record, so that one damaged row never takes its neighbours with it. Pure.

A quote that is opened and never closed would make every reader swallow the rows after it; here it costs its own row.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

_SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".ods", ".numbers")
_OLD_SPREADSHEET = b"\xd0\xcf\x11\xe0"
DELIMITERS = (",", ";", "\t", "|")
_MOST_LINES = 100  # within one quoted field; no answer sheet writes more, and a stray quote is found out by then


def is_a_spreadsheet(name: str, start: bytes) -> bool:
    """Whether a file is a spreadsheet, by its name and its first bytes, or by the folder that Excel keeps its sheets in."""
    if start.startswith(_OLD_SPREADSHEET):
        return True
    named = name.lower().endswith(_SPREADSHEETS)
    return start.startswith(b"PK") and (named or b"[Content_Types].xml" in start or b"opendocument" in start)


@dataclass(frozen=True, slots=True)
class Heading:
    """The names of the columns, what parts them, and how many lines they take."""

    names: tuple[str, ...]
    delimiter: str
    lines: int


@dataclass(frozen=True, slots=True)
class Damage:
    """A record whose fields cannot be told apart, with the sentence that says why."""

    problem: str


def heading(lines: Sequence[str], wanted: Iterable[str]) -> Heading:
    """The heading that the first lines hold, parted by whichever delimiter shows most of the wanted names."""
    sought = set(wanted)
    readings = [_heading(lines, delimiter) for delimiter in DELIMITERS]
    return max(readings, key=lambda each: (len(sought.intersection(each.names)), len(each.names)))


def records(lines: Iterable[str], delimiter: str, width: int) -> Iterator[list[str] | Damage]:
    """Every record of `width` fields. lines: what follows the heading; "" stands for a line too long to be a row."""
    return (record for _line, record in numbered(lines, delimiter, width))


def numbered(lines: Iterable[str], delimiter: str, width: int) -> Iterator[tuple[int, list[str] | Damage]]:
    """The same, each with the line on which it begins, from 1."""
    source, ahead, at = iter(lines), deque[str](), 0
    while (line := ahead.popleft() if ahead else next(source, None)) is not None:
        at += 1
        if not line:
            yield at, Damage("This line is too long to be a row of answers.")
        elif line.strip("\r\n"):
            ahead.extend(islice(source, _MOST_LINES - len(ahead)) if _is_odd(line) else ())
            start, waiting = at, len(ahead)
            fields = _record(line, ahead, delimiter, width)
            at += waiting - len(ahead)
            problem = f"This row has {len(fields)} fields; the heading names {width}."
            yield start, fields if len(fields) == width else Damage(problem)


def _record(line: str, ahead: deque[str], delimiter: str, width: int) -> list[str]:
    """The record that begins with this line. The lines of a quoted field are taken from `ahead` only if it closes."""
    more = next((number for number, each in enumerate(ahead, start=1) if _is_odd(each)), 0) if _is_odd(line) else 0
    reader = csv.reader([line, *islice(ahead, more)], delimiter=delimiter, skipinitialspace=True, strict=True)
    fields = _first(reader)
    if len(fields) == width:
        for _ in range(reader.line_num - 1):
            ahead.popleft()
        return fields
    # The quote is no quote: it is a sign like any other, in a row of its own.
    return line.rstrip("\r\n").split(delimiter)


def _is_odd(line: str) -> bool:
    """Whether a line opens a quote that it does not close, or the other way round."""
    return line.count('"') % 2 == 1


def _heading(lines: Sequence[str], delimiter: str) -> Heading:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    names = tuple(name.strip() for name in _first(reader))
    return Heading(names, delimiter, max(1, reader.line_num))


def _first(reader: Iterator[list[str]]) -> list[str]:
    try:
        return next(reader, [])
    except csv.Error:
        return []
