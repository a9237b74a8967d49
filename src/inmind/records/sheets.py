"""Reads a sheet as spreadsheets write it: encodings, delimiters, damage told in a sentence. Pure."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable
from dataclasses import dataclass

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

DELIMITERS = (",", ";", "\t", "|")
MOST_BYTES = 20_000_000  # ours
MOST_ROWS = 50_000  # ours
MOST_COLUMNS = 200  # ours
ENCODINGS = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}
# Letters of UTF-8 that somebody read as Windows-1252 and saved so: `Ã±` for ñ, `â€™` for an apostrophe.
_READ_WRONGLY = re.compile("[ÃÂ][\u00a0-\u00bf\u0152-\u0178\u2018-\u203a\u20ac\u2122]|â€")


_PICTURE = N_("This file is a picture.")
# The first bytes of files that people choose by mistake.
_NO_SHEETS = (
    *((begins, _PICTURE) for begins in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")),
    (b"%PDF", N_("This file is a PDF.")),
    (b"PK\x03\x04", N_("This file is a workbook of a spreadsheet, or a folder in one file.")),
    (b"\xd0\xcf\x11\xe0", N_("This file is a workbook of a spreadsheet.")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number as the spreadsheet shows it. `cells` None: its fields cannot be told apart."""

    number: int
    cells: tuple[str, ...] | None
    found: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The names of the columns and the rows below them."""

    heading: tuple[str, ...]
    rows: tuple[Row, ...]


def decoded(data: bytes, told: str = "") -> str:
    """The text of a file. told: the encoding, where somebody knows it. Raises BadInput with what to do."""
    if not data.strip():
        raise BadInput(N_("The file is empty."), N_("It begins with the names of its columns."), field="file")
    if len(data) > MOST_BYTES:
        raise BadInput(
            N_("The file is larger than 20 megabytes."),
            "",
            N_("Cut it into several, each with the heading."),
            field="file",
        )
    for begins, found in _NO_SHEETS:
        if data.startswith(begins):
            raise BadInput(
                found,
                N_("A CSV file is read here: rows of text, as a spreadsheet or a video product saves it."),
                N_("Choose that file. A spreadsheet saves one as CSV UTF-8."),
                field="file",
            )
    encoding = told or _encoding_of(data)
    try:
        found = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as fault:
        if fault.start >= len(data) - 4 and encoding != "cp1252":
            raise cut_off() from fault
        raise BadInput(
            N_("The file is not written in %(encoding)s."),
            N_("Letters with accents would be lost."),
            N_("Save it from the spreadsheet as CSV UTF-8, and choose it again."),
            field="file",
            facts={"encoding": ENCODINGS.get(encoding, encoding)},
        ) from fault
    if _READ_WRONGLY.search(found):
        raise BadInput(
            N_("Letters in this file are broken: it holds such as Ã± for ñ."),
            N_("It was opened in a wrong encoding and saved again."),
            N_("Take the file from before that, or save it anew as CSV UTF-8."),
            field="file",
        )
    return found


def _encoding_of(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if (zeros := data[:400].count(0)) and zeros * 3 > len(data[:400]):  # every second byte of plain letters
        return "utf-16-be" if data[0] == 0 else "utf-16-le"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        return "utf-8" if fault.start >= len(data) - 3 and not data[: fault.start].isascii() else "cp1252"
    return "utf-8"


def cut_off() -> BadInput:
    return BadInput(
        N_("The file ends in the middle of a row."),
        N_("It was cut off on its way, and rows are missing."),
        N_("Save or send it again, and choose the new one."),
        field="file",
    )


def read(text: str) -> Sheet:
    """The sheet in a text. Raises BadInput for no heading, two columns of one name, too many rows, a text cut off."""
    reader = csv.reader(_lines(text), delimiter=_delimiter(text), strict=True)
    rows: list[Row] = []
    heading: tuple[str, ...] = ()
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not heading:
                heading = tuple(cell.strip() for cell in cells)
                if len(heading) > MOST_COLUMNS:
                    raise BadInput(
                        N_("The file has more than 200 columns."),
                        N_("At most 200 are read, and few of them are needed."),
                        N_("Take out those that nobody needs here, and save it anew."),
                        field="file",
                    )
                continue
            whole = len(cells) == len(heading)
            rows.append(Row(reader.line_num, tuple(cells) if whole else None, len(cells)))
    except csv.Error as fault:
        raise cut_off() from fault
    _check(heading, rows)
    if rows[-1].cells is None and rows[-1].found < len(heading) and not text.endswith(("\n", "\r")):
        raise cut_off()
    return Sheet(heading, tuple(rows))


def without(text: str, is_meant: Callable[[int, str], bool]) -> tuple[str, list[int]]:
    """The text of a sheet with some of its rows taken out, and their places. A dash stands for each, which is no row that
    could be taken in, so that the others keep their places and numbers.

    is_meant(place, row): whether a row is meant, by its place below the heading and by what was typed there.
    """
    lines = _lines(text)
    reader = csv.reader(_lines(text), delimiter=_delimiter(text), strict=True)
    taken: list[int] = []
    place, start = -1, 0  # the heading has no place
    for cells in reader:
        start, before = reader.line_num, start
        if not any(cell.strip() for cell in cells):
            continue
        if place >= 0 and is_meant(place, "".join(lines[before:start])):
            lines[before:start] = ["\n"] * (start - before - 1) + ["\u2014\n"]
            taken.append(place)
        place += 1
    return "".join(lines), taken


def _delimiter(text: str) -> str:
    first = next((line for line in _lines(text) if line.strip()), "")
    return max(DELIMITERS, key=lambda one: len(_cells(first, one)))


def _lines(text: str) -> list[str]:
    whole = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return re.findall("[^\n]*\n|[^\n]+", whole)


def _check(heading: tuple[str, ...], rows: list[Row]) -> None:
    if not rows:
        raise BadInput(
            N_("There is no row below the heading."),
            N_("The names of the columns stand first, and each row below them is one record."),
            field="file",
        )
    named = [name.casefold() for name in heading if name]
    if len(set(named)) != len(named):
        raise BadInput(
            N_("Two columns have the same name."), "", N_("Give each column a name of its own."), field="file"
        )
    if len(rows) > MOST_ROWS:
        raise BadInput(
            N_("The file has more than 50,000 rows."),
            "",
            N_("Cut it into several, each with the heading."),
            field="file",
        )


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a field longer than any that is read: told where the rows are
        return []
