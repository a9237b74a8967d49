"""A plain sheet as a file: text parted by commas or the like, or the first sheet of a workbook (XLSX)."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO, StringIO
from xml.etree import ElementTree

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.records import sheets
from inmind.records.sheets import MOST_BYTES, MOST_COLUMNS, Sheet

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
TEXTS = (".csv", ".tsv", ".txt")


def sheet_of(data: bytes, name: str) -> Sheet | None:
    """The sheet in a file; None where it is something else, such as a directory. Raises BadInput for one that cannot be read."""
    if data.startswith(b"PK\x03\x04"):
        written = _of_workbook(data)
        return sheets.read(written) if written is not None else None
    if not name.casefold().endswith(TEXTS):
        return None
    found = sheets.read(sheets.decoded(data))
    is_a_table = {"id", "organization_id"} <= set(found.heading)  # of a directory, which has several
    return None if is_a_table else found


def _of_workbook(data: bytes) -> str | None:
    """The first sheet of a workbook, as text; None where a ZIP is no workbook."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                return None
            return _written(archive)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, IndexError, ValueError, NotImplementedError) as fault:
        raise BadInput(
            N_("The workbook is damaged, or locked with a password."),
            N_("Save it anew, or as CSV UTF-8. Nothing was taken in."),
            field="file",
        ) from fault


def _written(archive: zipfile.ZipFile) -> str:
    first = next(_part(archive, "xl/workbook.xml").iter(f"{MAIN}sheet"))
    targets = {one.get("Id"): one.get("Target", "") for one in _part(archive, "xl/_rels/workbook.xml.rels")}
    path = targets[first.get(RELATED)].lstrip("/")
    strings: list[str] = []
    if "xl/sharedStrings.xml" in archive.namelist():
        strings = [_text(one) for one in _part(archive, "xl/sharedStrings.xml").iter(f"{MAIN}si")]
    sheet = _part(archive, path if path.startswith("xl/") else f"xl/{path}")
    text = StringIO()
    writer = csv.writer(text)
    width, at = 0, 0
    for row in sheet.iter(f"{MAIN}row"):
        number = int(row.get("r") or at + 1)
        for _empty in range(at + 1, min(number, at + sheets.MOST_ROWS)):
            writer.writerow([])  # so that rows keep their numbers
        at = number
        cells = dict(_cells(row, strings))
        last = max((place for place, said in cells.items() if said), default=-1)
        width = width or last + 1
        writer.writerow([cells.get(place, "") for place in range(max(width, last + 1))])
    return text.getvalue()


def _cells(row: ElementTree.Element, strings: list[str]) -> Iterator[tuple[int, str]]:
    """The cells of a row by their places, each in one line."""
    place = -1
    for cell in row.iter(f"{MAIN}c"):
        letters = re.match(r"[A-Z]{1,3}", cell.get("r") or "")
        place = _place(letters[0]) if letters else place + 1
        if place >= 20 * MOST_COLUMNS:
            raise ValueError(place)
        value = cell.findtext(f"{MAIN}v") or ""
        if cell.get("t") == "s":
            value = strings[int(value)]
        elif cell.get("t") == "inlineStr":
            value = _text(cell)
        else:
            value = re.sub(r"\.0$", "", value)
        yield place, " ".join(value.split())


def _place(letters: str) -> int:
    found = 0
    for letter in letters:
        found = 26 * found + ord(letter) - ord("A") + 1
    return found - 1


def _text(element: ElementTree.Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{MAIN}t"))


def _part(archive: zipfile.ZipFile, path: str) -> ElementTree.Element:
    """A part of a workbook. Raises ValueError for one that unfolds without an end, or that defines words of its own."""
    with archive.open(path) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError(path)
    return ElementTree.fromstring(data)
