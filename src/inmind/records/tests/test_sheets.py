"""Files as they arrive: every usual encoding is read, every damaged one is told in a sentence."""

from __future__ import annotations

import pytest

from inmind.foundation.errors import BadInput
from inmind.records import sheets
from inmind.records.sheets import Row, decoded, read

TEXT = "name;born\nÑúñez;2024-05-01\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"], ids=lambda one: str(one)
)
def test_every_usual_encoding_is_found_out(encoding: str) -> None:
    assert decoded(TEXT.encode(encoding)).lstrip("\ufeff") == TEXT


@pytest.mark.parametrize(
    ("data", "told", "sentence"),
    [
        (b" \n", "", "The file is empty"),
        (b"x" * (sheets.MOST_BYTES + 1), "", "larger than 20 megabytes"),
        (TEXT.encode("cp1252"), "utf-8", "not written in UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "", "This file is a picture. A CSV file is read here"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "cp1252", "This file is a picture"),
        (b"%PDF-1.7", "", "This file is a PDF"),
        (b"PK\x03\x04rest", "", "This file is a workbook"),
        (b"name\n\x81\x8d\n", "", "not written in Windows-1252"),
        ((TEXT + "ñ").encode()[:-1], "", "ends in the middle"),
        (TEXT.encode("utf-16")[:-1], "", "ends in the middle"),
        (TEXT.encode("utf-8").decode("cp1252").encode("utf-8"), "", "Letters in this file are broken"),
    ],
    ids=[
        *("empty", "too large", "told wrongly", "picture", "photograph", "PDF", "workbook"),
        *("no known encoding", "half a letter", "half of UTF-16", "saved wrongly"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, told: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        decoded(data, told)


@pytest.mark.parametrize("delimiter", sheets.DELIMITERS)
def test_any_usual_delimiter_is_found_out(delimiter: str) -> None:
    sheet = read(f'\ufeffa{delimiter}b\r\n\r\n"1{delimiter}\n2"{delimiter}3\r\nonly one\r\n')
    assert sheet.heading == ("a", "b")
    assert sheet.rows == (Row(4, (f"1{delimiter}\n2", "3"), 2), Row(5, None, 1))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b\n", "no row below"),
        ("", "no row below"),
        ("a,A\n1,2\n", "same name"),
        ('a,b\n1,"2\n', "ends in the middle"),
        ("a,b\n1,2\n3", "ends in the middle"),
        ("a\n" + "1\n" * (sheets.MOST_ROWS + 1), "50,000 rows"),
        (",".join(f"c{number}" for number in range(sheets.MOST_COLUMNS + 1)) + "\n1\n", "200 columns"),
    ],
    ids=["no row", "nothing", "twice", "an open quote", "half a row", "too many", "too wide"],
)
def test_a_damaged_sheet_is_said(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read(text)


def test_rows_are_taken_out_and_the_others_keep_their_places_and_numbers() -> None:
    """Also a row over several lines, one with a field too many, blank lines between, and a last one without an end."""
    typed = '\ufeffName,Note\r\nAna,"two\r\nlines"\r\n\r\nRosa,"her\nwords"\r\nRosa,one,more\r\nIda,x\r\nRosa,y'
    before = sheets.read(typed + "\n")
    seen: list[int] = []

    def is_meant(place: int, row: str) -> bool:
        seen.append(place)
        return "Rosa" in row

    told, gone = sheets.without(typed, is_meant)
    assert (seen, gone) == ([0, 1, 2, 3, 4], [1, 2, 4])
    assert "Rosa" not in told and "her" not in told and "more" not in told
    after = sheets.read(told)
    assert after.heading == before.heading
    assert [row.number for row in after.rows] == [row.number for row in before.rows]
    assert [row.cells for row in after.rows] == [("Ana", "two\nlines"), None, None, ("Ida", "x"), None]
    assert sheets.without(told, lambda place, row: False) == (told, [])


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", sheets.DELIMITERS)
def test_lines_end_as_any_machine_ends_them(ends: str, delimiter: str) -> None:
    """Also by a carriage return alone, as spreadsheets of old wrote them."""
    text = ends.join(delimiter.join(cells) for cells in (("name", "born"), ("Ada", "2025-02-03"), ("", "")))
    there = sheets.read(ends + text + ends)
    assert there.heading == ("name", "born")
    assert [row.cells for row in there.rows] == [("Ada", "2025-02-03")]


def test_a_heading_with_a_field_without_end_is_said_to_be_cut_off() -> None:
    """Longer than any field that is read: a sentence, not a fault of the program."""
    with pytest.raises(BadInput, match="in the middle of a row"):
        sheets.read("a" * 140_000 + ",b\n1,2\n")


def test_as_many_columns_as_are_read_are_read() -> None:
    """One more is refused by the heading alone, whatever stands below it."""
    heading = ",".join(f"c{number}" for number in range(sheets.MOST_COLUMNS))
    assert len(read(f"{heading}\n{heading}\n").heading) == sheets.MOST_COLUMNS
