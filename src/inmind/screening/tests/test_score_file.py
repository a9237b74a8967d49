"""Scoring files: every form, every fault, the real ones, and what is left when the work is stopped."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inmind.screening import scoring
from inmind.screening.adapters import duck, text_lines
from inmind.screening.adapters.catalog import catalog, mapping
from inmind.screening.adapters.file_form import Form
from inmind.screening.adapters.score_file import Summary, score_file
from inmind.screening.errors import BadMapping, MissingColumns, TooLittleMemory, UnreadableFile, WrongPlace
from inmind.screening.file_mapping import FileMapping, by_loinc, plain
from inmind.screening.score_command import WHEN_STOPPED

PHQ9, EPDS = catalog()["phq9"], catalog()["epds"]
SHARED = Path(__file__).parents[5] / "shared" / "data"
NHANES = SHARED / "nhanes_dpq_2017_2018" / "dpq_j.csv"
LAUSANNE = SHARED / "epds_lausanne_2020" / "epds_items.csv"
FHIR = SHARED / "fhir_phq9" / "QuestionnaireResponse-phq9.ndjson"
HEADING = "id," + ",".join(item.key for item in PHQ9.items)
SEVEN = plain(PHQ9).with_codes(PHQ9, {"7": "refused"})


def usual(form: Form) -> FileMapping:
    return by_loinc(PHQ9).for_fhir() if form is Form.FHIR else SEVEN


def scored(
    source: Path, *, mapping: FileMapping | None = None, out: str = "out.csv"
) -> tuple[Summary, list[dict[str, str]]]:
    result = source.with_name(out)
    summary = score_file(PHQ9, source, result, mapping=(lambda form: mapping) if mapping else usual)
    with result.open(encoding="utf-8", newline="") as file:
        return summary, list(csv.DictReader(file))


def written(folder: Path, *rows: str, heading: str = HEADING, name: str = "answers.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return path


# CSV


def test_every_row_has_its_outcome_and_a_wrong_row_never_stops_the_file(tmp_path: Path) -> None:
    """Scored, incomplete, refused and unreadable rows stand side by side, in the order of the file."""
    source = written(
        tmp_path,
        "a,0,0,0,0,0,0,0,0,1",
        "b,3,3,3,3,3,3,2,,0",
        "c,7,7,7,7,7,7,7,7,7",
        "d,0,0,0,0,0,0,0,0,1.5",
        ",0,0,0,0,0,0,0,0,x",
    )
    summary, rows = scored(source)
    assert [(row["id"], row["points"], row["lowest"], row["highest"], row["band"], row["flags"], row["status"]) for row in rows] == [
        ("a", "1", "1", "1", "minimal", "self_harm_any", "scored"),
        ("b", "", "20", "23", "severe", "", "incomplete"),
        ("c", "", "0", "27", "", "", "refused"),
        ("d", "", "", "", "", "", "unreadable"),
        ("row 5", "", "", "", "", "", "unreadable"),
    ]  # fmt: skip
    assert summary.by_status == {"scored": 1, "incomplete": 1, "refused": 1, "unreadable": 2}
    assert (summary.form, summary.rows, summary.by_flags, summary.is_lost) == (Form.CSV, 5, {"self_harm_any": 1}, False)
    assert all(row["reason"] for row in rows)


DAMAGED = [
    pytest.param("a,0,0", "This row has 3 fields; the heading names 10.", id="too few fields"),
    pytest.param("a,0,0,0,0,0,0,0,0,0,0", "This row has 11 fields; the heading names 10.", id="too many fields"),
    pytest.param('"a,0,0,0,0,0,0,0,0', "This row has 9 fields; the heading names 10.", id="a quote that never closes"),
]


@pytest.mark.parametrize(("row", "reason"), DAMAGED)
def test_a_damaged_row_costs_only_itself(tmp_path: Path, row: str, reason: str) -> None:
    """Its neighbours are scored as if it were not there."""
    _, rows = scored(written(tmp_path, "a,0,0,0,0,0,0,0,0,1", row, "c,1,0,0,0,0,0,0,0,0"))
    assert [(each["row"], each["status"], each["reason"]) for each in rows] == [
        ("1", "scored", "All 9 items answered."),
        ("2", "unreadable", reason),
        ("3", "scored", "All 9 items answered."),
    ]


def test_letters_that_are_not_utf8_cost_only_their_row(tmp_path: Path) -> None:
    """In an answer or an id they make the row unreadable, with its flag kept; elsewhere they do not matter."""
    body = f"{HEADING},señas\na,0,0,0,0,0,0,0,0,1,Ñ\nñ,0,0,0,0,0,0,0,0,1,x\nc,0,0,0,0,0,0,0,0,0,x\n"
    source = tmp_path / "latin.csv"
    source.write_bytes(body.encode("latin-1"))
    _, rows = scored(source)
    assert [(row["status"], row["flags"]) for row in rows] == [
        ("scored", "self_harm_any"),
        ("unreadable", "self_harm_any"),
        ("scored", ""),
    ]
    assert "UTF-8" in rows[1]["reason"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("semicolon.csv", f"{HEADING}\na,0,0,0,0,0,0,0,0,1\n".replace(",", ";"), id="semicolons"),
        pytest.param("tab.txt", f"{HEADING}\na,0,0,0,0,0,0,0,0,1\n".replace(",", "\t"), id="tabs, whatever the file is called"),
        pytest.param("bom.csv", f"\ufeff{HEADING}\na,0,0,0,0,0,0,0,0,1\n", id="a byte order mark"),
        pytest.param("crlf.csv", f"{HEADING}\r\na,0,0,0,0,0,0,0,0,1\r\n", id="line ends of Windows"),
        pytest.param("cr.csv", f"{HEADING}\ra,0,0,0,0,0,0,0,0,1\r", id="line ends of old Macs"),
        pytest.param("mixed.csv", f"{HEADING}\r\na,0,0,0,0,0,0,0,0,1\n", id="line ends of two kinds"),
        pytest.param("noend.csv", f"{HEADING}\na,0,0,0,0,0,0,0,0,1", id="no line end at the end"),
        pytest.param("blank.csv", f"{HEADING}\n\na,0,0,0,0,0,0,0,0,1\n\n", id="empty lines"),
        pytest.param("quoted.csv", f"{HEADING}\n" + '"a","0","0","0","0","0","0","0","0","1"\n', id="quotes around all"),
        pytest.param("order.csv", "note," + HEADING + ',more\n"x, y\nz",a,0,0,0,0,0,0,0,0,1,\n', id="other columns, with commas and line ends"),
        pytest.param("heading.csv", '"two\nlines",' + HEADING + "\n,a,0,0,0,0,0,0,0,0,1\n", id="a heading over two lines"),
        pytest.param("a*[1]?.csv", f"{HEADING}\na,0,0,0,0,0,0,0,0,1\n", id="a name with signs that stand for many files"),
        pytest.param("it's.csv", f"{HEADING}\na,0,0,0,0,0,0,0,0,1\n", id="a name with a quote"),
    ],
)  # fmt: skip
def test_a_csv_may_be_written_in_many_ways(tmp_path: Path, name: str, text: str) -> None:
    """The same answers come to the same."""
    source = tmp_path / name
    source.write_text(text, encoding="utf-8", newline="")
    (tmp_path / "another.csv").write_text(f"{HEADING}\nz,3,3,3,3,3,3,3,3,3\n", encoding="utf-8")
    _, rows = scored(source)
    assert [(row["id"], row["points"], row["flags"], row["status"]) for row in rows] == [
        ("a", "1", "self_harm_any", "scored")
    ]


cells = st.one_of(
    st.sampled_from(["0", "1", "2", "3", "", "7", "1.0", " 2", "x", "1.5", "ñ", '"', 'a "b"', "1,2", "two\nlines"]),
)
sound_rows = st.lists(st.lists(cells, min_size=10, max_size=10), min_size=1, max_size=6)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=sound_rows)
def test_reading_line_by_line_comes_to_what_duckdb_reads(tmp_path: Path, table: list[list[str]]) -> None:
    """A damaged last row sends the file down the other road; all rows before it come out alike."""
    source = tmp_path / "sound.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADING.split(","), *table])
    _, by_duckdb = scored(source)
    with source.open("a", encoding="utf-8") as file:
        file.write("short\n")
    _, by_line = scored(source, out="line.csv")
    assert by_line[:-1] == by_duckdb
    assert by_line[-1]["status"] == "unreadable"


def test_a_heading_alone_is_a_file_without_rows(tmp_path: Path) -> None:
    """Nothing is wrong with it, and its result is a heading too."""
    summary, rows = scored(written(tmp_path))
    assert (summary.rows, rows, summary.is_lost, summary.reasons) == (0, [], False, ())


def test_when_no_row_can_be_read_the_reasons_are_counted(tmp_path: Path) -> None:
    """Whatever was found; the result is written all the same, with a reason for each."""
    values = ("x", 'a "b"', "; c", '", not ', "two\nlines")
    with (tmp_path / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADING.split(","), *(["a", value, *"00000000"] for value in values)])
    summary, rows = scored(tmp_path / "answers.csv")
    assert summary.is_lost
    [reason] = summary.reasons
    assert (reason.rows, reason.first, reason.said) == (5, 1, 'phq9_1 (low interest) holds "x", not 0, 1, 2 or 3.')
    assert len(rows) == 5


def test_a_line_beyond_measure_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is never held in memory, in a CSV nor in FHIR; the last may lack its end."""
    monkeypatch.setattr(text_lines, "LONGEST", 200)
    _, rows = scored(
        written(tmp_path, "a,0,0,0,0,0,0,0,0,1", "b," + "0" * 900, "c,1,0,0,0,0,0,0,0,0", "d," + "0" * 900)
    )
    assert [row["status"] for row in rows] == ["scored", "unreadable", "scored", "unreadable"]
    assert rows[1]["reason"] == "This line is too long to be a row of answers."
    ndjson = tmp_path / "r.ndjson"
    short = '{"resourceType": "QuestionnaireResponse", "id": "s"}'
    ndjson.write_text(f'{short}\n{{"x": "{"y" * 900}"}}\n{short}', encoding="utf-8")
    _, rows = scored(ndjson)
    assert [row["reason"] for row in rows] == [
        "Nothing was answered.",
        "This line is too long to be a response.",
        "Nothing was answered.",
    ]


def test_a_line_beyond_what_duckdb_reads_costs_only_itself(tmp_path: Path) -> None:
    """Longer than several pieces that it reads at a time; and, of wide letters, than one once it is staged."""
    wide = "\U0001f600" * 1_040_000
    _, rows = scored(
        written(tmp_path, "a,0,0,0,0,0,0,0,0,1", "0" * 9_000_000, f"{wide},0,0,0,0,0,0,0,0,0", "c,1,0,0,0,0,0,0,0,0")
    )
    assert [row["status"] for row in rows] == ["scored", "unreadable", "unreadable", "scored"]


def test_a_zero_character_costs_only_its_row(tmp_path: Path) -> None:
    """What no database of ours would keep is no answer."""
    _, rows = scored(written(tmp_path, "a,0,0,0,0,0,0,0,0,1", "b,0\x00,0,0,0,0,0,0,0,0", "c,1,0,0,0,0,0,0,0,0"))
    assert [(row["status"], row["points"]) for row in rows] == [("scored", "1"), ("unreadable", ""), ("scored", "1")]


def test_a_long_note_beside_the_answers_does_not_matter(tmp_path: Path) -> None:
    """Three million letters of it."""
    _, rows = scored(written(tmp_path, f"a,0,0,0,0,0,0,0,0,1,{'x' * 3_000_000}", heading=f"{HEADING},note"))
    assert [(row["status"], row["points"]) for row in rows] == [("scored", "1")]


# Parquet


def parquet(path: Path, query: str) -> Path:
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


ITEMS_TO_9 = ", ".join(f"{{}} AS phq9_{number}" for number in range(2, 10))


@pytest.mark.parametrize(
    ("first", "status", "points"),
    [
        pytest.param("2", "scored", "2", id="a whole number"),
        pytest.param("2.0::DOUBLE", "scored", "2", id="a whole number kept as a fraction, as columns with gaps are"),
        pytest.param("2::DECIMAL(4, 2)", "scored", "2", id="a whole number kept as a decimal"),
        pytest.param("'2'", "scored", "2", id="a number kept as text"),
        pytest.param("NULL::INTEGER", "incomplete", "", id="nothing"),
        pytest.param("1.5::DOUBLE", "unreadable", "", id="a fraction"),
        pytest.param("true", "unreadable", "", id="a yes"),
        pytest.param("'nan'::DOUBLE", "unreadable", "", id="not a number"),
        pytest.param("[2]", "unreadable", "", id="a list"),
    ],
)  # fmt: skip
def test_parquet_values_of_every_kind(tmp_path: Path, first: str, status: str, points: str) -> None:
    """What a column's type makes of an answer never makes a point that was not given."""
    source = parquet(tmp_path / "a.parquet", f"SELECT 12 AS id, {first} AS phq9_1, {ITEMS_TO_9.format(*'00000000')}")
    summary, rows = scored(source)
    assert summary.form is Form.PARQUET
    assert [(row["id"], row["status"], row["points"]) for row in rows] == [("12", status, points)]


def test_a_folder_named_like_a_column_adds_none(tmp_path: Path) -> None:
    """`phq9_1=3/` is a folder, not an answer."""
    folder = tmp_path / "phq9_1=3"
    folder.mkdir()
    source = parquet(folder / "a.parquet", f"SELECT 0 AS phq9_1, {ITEMS_TO_9.format(*'00000000')}")
    _, rows = scored(source)
    assert [(row["id"], row["points"]) for row in rows] == [("row 1", "0")]


def test_a_result_can_be_parquet(tmp_path: Path) -> None:
    """The same rows, with numbers as numbers, and blanks as nothing."""
    source = written(tmp_path, "a,0,0,0,0,0,0,0,0,1", "b,0,0,0,0,0,0,0,0,")
    summary = score_file(PHQ9, source, tmp_path / "out.parquet", mapping=usual)
    rows = (
        duckdb.connect()
        .execute(f"SELECT id, points, lowest, highest, flags FROM '{tmp_path / 'out.parquet'}'")
        .fetchall()
    )
    assert rows == [("a", 1, 1, 1, "self_harm_any"), ("b", None, 0, 3, "")]
    assert summary.by_band == {"minimal": 2, "mild": 0, "moderate": 0, "moderately_severe": 0, "severe": 0}


# FHIR


def test_fhir_responses_of_every_kind(tmp_path: Path) -> None:
    """Codes become points, reasons stay reasons, and a broken line costs only itself."""

    def response(id: str, *answers: object, **more: object) -> str:
        items = [{"linkId": f"/{item.loinc}", **answer} for item, answer in zip(PHQ9.items, answers, strict=False)]  # type: ignore[dict-item]
        return json.dumps({"resourceType": "QuestionnaireResponse", "id": id, "item": items} | more)

    none, most = ({"answer": [{"valueCoding": {"code": code}}]} for code in ("LA6568-5", "LA6571-9"))
    declined = {
        "extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "asked-declined"}
        ]
    }
    source = tmp_path / "r.ndjson"
    lines = [
        response("a", *[most] * 9),
        response("b", *[none] * 8, declined),
        "",
        '{"resourceType": "Question',
        response("c", *[none] * 9, status="entered-in-error"),
        response("d\ud800", *[declined] * 9),
    ]
    source.write_bytes(("\n".join(lines) + "\n").encode() + b'{"id": "\xff"}\n')
    summary, rows = scored(source)
    assert [(row["id"], row["points"], row["status"]) for row in rows] == [
        ("a", "27", "scored"),
        ("b", "", "incomplete"),
        ("row 3", "", "unreadable"),
        ("c", "", "unreadable"),
        ("d?", "", "refused"),
        ("row 6", "", "unreadable"),
    ]  # fmt: skip
    assert rows[1]["reason"] == "1 of 9 items without points: phq9_9 asked-declined."
    assert rows[5]["reason"] == "This line is not UTF-8 text."
    assert summary.form is Form.FHIR


# What is refused


def nothing(path: Path) -> Path:
    return path


def made(content: bytes, name: str = "answers.csv") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def cut_parquet(folder: Path) -> Path:
    whole = parquet(folder / "whole.parquet", f"SELECT 0 AS phq9_1, {ITEMS_TO_9.format(*'00000000')} FROM range(5000)")
    (folder / "cut.parquet").write_bytes(whole.read_bytes()[:-40])
    return folder / "cut.parquet"


def hollow_parquet(folder: Path) -> Path:
    whole = parquet(
        folder / "whole.parquet",
        f"SELECT (range % 4)::VARCHAR AS phq9_1, {ITEMS_TO_9.format(*'00000000')} FROM range(5000)",
    )
    body = bytearray(whole.read_bytes())
    body[4:400] = b"\xff" * 396
    (folder / "hollow.parquet").write_bytes(body)
    return folder / "hollow.parquet"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(lambda folder: folder / "none.csv", "There is no file none.csv", id="no file"),
        pytest.param(lambda folder: folder, " is a folder.", id="a folder"),
        pytest.param(made(b""), "answers.csv is empty", id="nothing in it"),
        pytest.param(made(b" \r\n"), "answers.csv is empty", id="only a line end"),
        pytest.param(made(HEADING.encode("utf-16")), "UTF-16", id="UTF-16"),
        pytest.param(made(HEADING.encode("utf-16-le")), "UTF-16", id="UTF-16 without its mark"),
        pytest.param(made("año,1\n".encode("latin-1")), "The heading of answers.csv is not UTF-8", id="a heading in Latin-1"),
        pytest.param(made(b"PK\x03\x04rest", "answers.xlsx"), "is a spreadsheet, not a text file", id="a spreadsheet"),
        pytest.param(made(b"PK\x03\x04..[Content_Types].xml"), "is a spreadsheet, not a text file", id="a spreadsheet called CSV"),
        pytest.param(made(b"\xd0\xcf\x11\xe0rest", "answers.xls"), "is a spreadsheet, not a text file", id="an old spreadsheet"),
        pytest.param(made(b"\x1f\x8brest", "answers.csv.gz"), "is a packed file", id="a packed file"),
        pytest.param(made(b"PK\x03\x04rest", "answers.zip"), "is a packed file", id="a zip archive"),
        pytest.param(made(b'{\n  "resourceType": "Bundle"}', "a.json"), "JSON that is spread over several lines", id="JSON over lines"),
        pytest.param(made(b"", "zero.parquet"), "zero.parquet is empty", id="Parquet of no byte"),
        pytest.param(made(b'[{"resourceType": "QuestionnaireResponse"}]', "a.json"), "is one JSON list", id="a JSON list"),
        pytest.param(made(b"id,a\n", "a.parquet"), "not a Parquet file, in spite of its name", id="a CSV called Parquet"),
        pytest.param(cut_parquet, "cut.parquet is damaged or was cut short", id="Parquet cut short"),
        pytest.param(hollow_parquet, "hollow.parquet is damaged or was cut short", id="Parquet damaged within"),
        pytest.param(made(b"PAR1", "tiny.parquet"), "tiny.parquet is damaged or was cut short", id="Parquet without a body"),
    ],
)  # fmt: skip
def test_a_file_of_which_nothing_can_be_read_is_refused_in_words(
    tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    """With what to do next, and without a trace of a result."""
    source = make(tmp_path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UnreadableFile) as refusal:
        score_file(PHQ9, source, tmp_path / "out.csv", mapping=usual)
    assert sentence in refusal.value.in_english()
    assert len(refusal.value.sentences) == 2
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator of a machine may read every file")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    """With the system's own reason."""
    source = written(tmp_path)
    source.chmod(0)
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        score_file(PHQ9, source, tmp_path / "out.csv", mapping=usual)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the right to read it is missing."""
    source = written(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableFile, match=r"cannot be opened \(Permission denied\)"):
        score_file(PHQ9, source, tmp_path / "out.csv", mapping=usual)


def test_missing_columns_are_named_with_those_that_were_found(tmp_path: Path) -> None:
    """In a CSV and in Parquet alike; a long heading is not repeated whole."""
    source = written(tmp_path, heading="who,phq9_1,phq9_2", name="few.csv")
    with pytest.raises(MissingColumns, match=r"columns who, phq9_1, phq9_2\. Expected but not found: phq9_3, .*phq9_9"):
        score_file(PHQ9, source, tmp_path / "out.csv", mapping=usual)
    capitals = written(tmp_path, heading=HEADING.upper(), name="capitals.csv")
    with pytest.raises(MissingColumns, match=r"Did you mean PHQ9_1 \(phq9_1\), .*PHQ9_9 \(phq9_9\)\? Say where"):
        score_file(PHQ9, capitals, tmp_path / "out.csv", mapping=usual)
    with pytest.raises(MissingColumns, match=r"columns n\. Expected but not found: phq9_1"):
        score_file(PHQ9, parquet(tmp_path / "few.parquet", "SELECT 1 AS n"), tmp_path / "out.csv", mapping=usual)
    wide = written(tmp_path, heading=",".join(f"c{number}" for number in range(50)), name="wide.csv")
    with pytest.raises(MissingColumns, match=r"c29, …\. Expected"):
        score_file(PHQ9, wide, tmp_path / "out.csv", mapping=usual)


def test_an_id_column_that_is_not_there_is_missed(tmp_path: Path) -> None:
    """When one is named, it has to be in the file."""
    with pytest.raises(MissingColumns, match="not found: SEQN"):
        score_file(PHQ9, written(tmp_path), tmp_path / "out.csv", mapping=lambda form: SEVEN.with_id("SEQN"))


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Which of the two is meant cannot be guessed; columns that are not needed may repeat."""
    with pytest.raises(BadMapping, match="has the column phq9_9 more than once"):
        score_file(PHQ9, written(tmp_path, heading=f"{HEADING},phq9_9"), tmp_path / "out.csv", mapping=usual)
    _, rows = scored(written(tmp_path, "a,0,0,0,0,0,0,0,0,1,x,y", heading=f"{HEADING},note,note"))
    assert rows[0]["points"] == "1"


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        pytest.param("answers.csv", "would overwrite the answers", id="the file itself"),
        pytest.param("link.csv", "would overwrite the answers", id="another name of the file itself"),
        pytest.param("out.xlsx", "End its name in .csv or .parquet", id="a form that is not written"),
        pytest.param("none/out.csv", "There is no folder .*none. Make it first", id="a folder that does not exist"),
        pytest.param("folder.csv", "folder.csv is a folder", id="a folder"),
    ],
)
def test_a_result_is_only_written_where_it_harms_nothing(tmp_path: Path, out: str, sentence: str) -> None:
    """The answers are never overwritten, under whatever name."""
    source = written(tmp_path, "a,0,0,0,0,0,0,0,0,1")
    (tmp_path / "link.csv").symlink_to(source)
    (tmp_path / "folder.csv").mkdir()
    before = source.read_bytes()
    with pytest.raises(WrongPlace, match=sentence):
        score_file(PHQ9, source, tmp_path / out, mapping=usual)
    assert source.read_bytes() == before


def test_a_folder_in_which_nothing_can_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the system's own reason."""

    def refuse(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(WrongPlace, match=r"Nothing can be written in .*Permission denied"):
        score_file(PHQ9, written(tmp_path), tmp_path / "out.csv", mapping=usual)


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As DuckDB reports it; its own words, which may hold a row, are not shown."""

    def fail(*_: object) -> None:
        raise duckdb.IOException("No space left on device: SECRET ROW")

    monkeypatch.setattr(duck, "write", fail)
    with pytest.raises(WrongPlace, match="the disk may be full") as refusal:
        score_file(PHQ9, written(tmp_path), tmp_path / "out.csv", mapping=usual)
    assert "SECRET" not in refusal.value.in_english()
    assert [path.name for path in tmp_path.iterdir()] == ["answers.csv"]


def test_a_disk_that_fills_up_while_lines_are_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also before DuckDB has anything to do with it."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(WrongPlace, match=r"cannot be written \(No space left on device\)"):
        score_file(PHQ9, written(tmp_path), tmp_path / "out.csv", mapping=usual)
    assert [path.name for path in tmp_path.iterdir()] == ["answers.csv"]


def test_the_result_is_private_and_replaces_an_older_one_whole(tmp_path: Path) -> None:
    """Only its owner may read it; the older one stands until the new one is complete."""
    (tmp_path / "out.csv").write_text("older", encoding="utf-8")
    _, rows = scored(written(tmp_path, "a,0,0,0,0,0,0,0,0,1"))
    assert len(rows) == 1
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "out.csv"]


def test_the_database_reaches_nothing_but_its_file_and_folder(tmp_path: Path) -> None:
    """No other file, and no network."""
    source, folder, other = written(tmp_path), tmp_path / "work", tmp_path / "other.csv"
    other.write_text("a\n1\n", encoding="utf-8")
    folder.mkdir()
    with duck.opened("64MB", source, folder) as connection, pytest.raises(duckdb.PermissionException):
        connection.execute(f"SELECT * FROM read_csv('{other}')")


# Bounded memory


def test_a_long_file_is_never_held_whole(tmp_path: Path) -> None:
    """Nine megabytes of responses, read through less than one."""
    source = tmp_path / "long.ndjson"
    source.write_text('{"resourceType": "QuestionnaireResponse", "item": []}\n' * 170_000, encoding="utf-8")
    told: list[tuple[int, float]] = []
    tracemalloc.start()
    try:
        with text_lines.text_lines(source, lambda *far: told.append(far)) as lines:
            assert sum(1 for line in lines if line) == 170_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert [rows for rows, _ in told] == [50_000, 100_000, 150_000]
    assert all(0 < share <= 1 for _, share in told)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="a process's own peak is read from Linux")
def test_a_file_larger_than_its_memory_is_scored(tmp_path: Path) -> None:
    """32 MB for a file of more than 32 MB, down both roads; the whole process stays small too."""
    source = tmp_path / "large.csv"
    block = "".join(f"{number:06},0,1,2,3,0,1,2,3,{number % 4},{'x' * 60}\n" for number in range(10_000))
    with source.open("w", encoding="utf-8") as file:
        file.write(f"{HEADING},note\n")
        for _ in range(40):
            file.write(block)
    assert source.stat().st_size > 33_000_000
    for damage in ("", "short\n"):
        with source.open("a", encoding="utf-8") as file:
            file.write(damage)
        code = (
            "import argparse, pathlib, sys\n"
            "from inmind.screening import score_command\n"
            "parser = argparse.ArgumentParser(); score_command.configure(parser)\n"
            "done = score_command.run(parser.parse_args(sys.argv[1:]))\n"
            # Its own peak: `ru_maxrss` would begin with what this test's process held when it started the other.
            "said = pathlib.Path('/proc/self/status').read_text()\n"
            "print(int(said.split('VmHWM:')[1].split()[0]) // 1024); sys.exit(done)\n"
        )
        out = tmp_path / "out.csv"
        call = [sys.executable, "-c", code, str(source), "--instrument", "phq9", "--out", str(out), "--memory", "32MB"]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert f"{400_000 + bool(damage)} rows by PHQ-9" in done.stderr
        assert "300000 self_harm_any" in done.stderr
        assert int(done.stdout) < 200, "megabytes"


def test_too_little_memory_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    """With how to allow more."""
    source = written(tmp_path, *["a,0,0,0,0,0,0,0,0,1"] * 50_000)
    with pytest.raises(TooLittleMemory, match="does not fit into 1MB of memory. Allow more"):
        score_file(PHQ9, source, tmp_path / "out.csv", mapping=usual, memory="1MB")
    assert [path.name for path in tmp_path.iterdir()] == ["answers.csv"]


# Stopped work


@pytest.fixture(scope="module")
def long_work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes some seconds down either road."""
    source = tmp_path_factory.mktemp("long") / "answers.csv"
    block = "".join(f"{number:06},0,1,2,3,0,1,2,3,{number % 4}\n" for number in range(10_000))
    with source.open("w", encoding="utf-8") as file:
        file.write(f"{HEADING}\n")
        for _ in range(200):
            file.write(block)
    return source


def begun(how: signal.Signals, *words: str | Path) -> subprocess.Popen[str]:
    """The command, which hears this signal also where whoever started the tests ignores it."""
    return subprocess.Popen(
        [sys.executable, "-m", "inmind.cli", "score", *map(str, words), "--instrument", "phq9"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: how is signal.SIGKILL or signal.signal(how, signal.SIG_DFL),  # that one is heard in any case
    )


@pytest.mark.parametrize(
    ("how", "damage"),
    [
        pytest.param(signal.SIGINT, "", id="Ctrl-C, read by DuckDB"),
        pytest.param(signal.SIGTERM, "short\n", id="SIGTERM, read line by line"),
        pytest.param(signal.SIGKILL, "", id="SIGKILL, read by DuckDB"),
    ],
)
def test_stopped_work_leaves_no_result(long_work: Path, tmp_path: Path, how: signal.Signals, damage: str) -> None:
    """Under the result's name stands the older result or nothing; asked to stop, nothing else is left either."""
    source = tmp_path / "answers.csv"
    source.write_bytes(long_work.read_bytes().replace(b"\n", b"\n" + damage.encode(), 1))
    out = tmp_path / "results" / "out.csv"
    out.parent.mkdir()
    out.write_text("older", encoding="utf-8")
    with begun(how, source, "--out", out) as work:
        assert work.stderr is not None
        for line in work.stderr:
            if "10%" in line:
                break
        work.send_signal(how)
        said = work.stderr.read()
        code = work.wait(timeout=20)
    assert out.read_text(encoding="utf-8") == "older"
    if how is signal.SIGKILL:
        assert code == -how
        assert all(path.name.endswith(".unfinished") for path in out.parent.iterdir() if path != out)
    else:
        assert (code, said.splitlines()[-1]) == (128 + how, f"Stopped. {WHEN_STOPPED}")
        assert list(out.parent.iterdir()) == [out]


def test_a_stop_while_answers_are_piped_in_leaves_nothing(tmp_path: Path) -> None:
    """Not what had come already either."""
    with begun(signal.SIGTERM, "-", "--out", tmp_path / "out.csv") as work:
        assert work.stderr is not None
        end = time.monotonic() + 20
        while not list(tmp_path.glob(".*/*")) and time.monotonic() < end:
            time.sleep(0.01)
        assert list(tmp_path.glob(".*.unfinished/standard input"))
        work.send_signal(signal.SIGTERM)
        assert work.stderr.read() == f"Stopped. {WHEN_STOPPED}\n"
    assert work.returncode == 128 + signal.SIGTERM
    assert not list(tmp_path.iterdir())


# Real files


def real(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"the real answers are not here ({path.name}, beside the project)")
    return path


def by_hand(marks: Iterable[str], codes: Mapping[str, str]) -> tuple[int | None, int, int, str]:
    """The plainest reading of one row there is: points, lowest, highest, status."""
    known, blank, refused = [], 0, 0
    for mark in marks:
        if mark in ("0", "1", "2", "3"):
            known.append(int(mark))
        else:
            assert mark in codes or mark == ""
            blank += 1
            refused += codes.get(mark) == "refused"
    low, high = sum(known), sum(known) + 3 * blank
    if not blank:
        return low, low, low, "scored"
    return None, low, high, "refused" if not known and refused else "incomplete"


def band_by_hand(edges: list[tuple[int, str]], total: int) -> str:
    return [name for least, name in edges if total >= least][-1]


PHQ9_EDGES = [(0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately_severe"), (20, "severe")]


def test_nhanes_is_scored_as_by_hand(tmp_path: Path) -> None:
    """5533 people: each row as a plain loop reckons it; 25 answered some but not all; 7 refuses, 9 does not know."""
    source = real(NHANES)
    out = tmp_path / "out.csv"
    summary = score_file(PHQ9, source, out, mapping=lambda form: mapping("nhanes", PHQ9))
    with source.open(encoding="utf-8", newline="") as given_file, out.open(encoding="utf-8", newline="") as result_file:
        rows = list(zip(csv.DictReader(given_file), csv.DictReader(result_file), strict=True))
    assert len(rows) == summary.rows == 5533
    some = 0
    for answers, row in rows:
        marks = [answers[f"DPQ0{number}0"] for number in range(1, 10)]
        points, low, high, status = by_hand(marks, {"7": "refused", "9": "unknown"})
        bands = {band_by_hand(PHQ9_EDGES, total) for total in range(low, high + 1)}
        assert row["id"] == answers["SEQN"]
        assert (row["points"], row["lowest"], row["highest"], row["status"]) == (
            "" if points is None else str(points),
            str(low),
            str(high),
            status,
        )
        assert row["band"] == (bands.pop() if len(bands) == 1 else "")
        assert row["flags"] == ("self_harm_any" if marks[8] in ("1", "2", "3") else "")
        assert all((f"phq9_{n} refused" in row["reason"]) == (mark == "7") for n, mark in enumerate(marks, start=1))
        some += status == "incomplete" and any(mark in "0123" for mark in marks if mark)
    assert some == 25
    assert summary.by_status == {"scored": 5068, "incomplete": 464, "refused": 1, "unreadable": 0}


def test_nhanes_without_its_codes_explained_guesses_nothing(tmp_path: Path) -> None:
    """7 and 9 are no answers: each row that holds one is unreadable, and every other is scored as before."""
    columns = mapping("nhanes", PHQ9).columns
    out = tmp_path / "out.csv"
    summary = score_file(PHQ9, real(NHANES), out, mapping=lambda form: FileMapping(columns=columns))
    with NHANES.open(encoding="utf-8", newline="") as file:
        coded = sum(any(row[name] in ("7", "9") for name in columns.values()) for row in csv.DictReader(file))
    assert 0 < coded == summary.by_status["unreadable"]
    assert summary.by_status["scored"] == 5068


def test_lausanne_is_scored_as_by_hand(tmp_path: Path) -> None:
    """274 mothers, points as they are: nothing is turned round, and a self-harm answer under the cut-off is not missed."""
    source = real(LAUSANNE)
    out = tmp_path / "out.csv"
    summary = score_file(EPDS, source, out, mapping=lambda form: mapping("lausanne", EPDS))
    with source.open(encoding="utf-8", newline="") as given_file, out.open(encoding="utf-8", newline="") as result_file:
        rows = list(zip(csv.DictReader(given_file), csv.DictReader(result_file), strict=True))
    totals, under = Counter[str](), 0
    for answers, row in rows:
        marks = [int(answers[f"EPDS_{number}"]) for number in range(1, 11)]
        assert (row["id"], row["points"], row["status"]) == (answers["Participant_number"], str(sum(marks)), "scored")
        assert row["flags"] == ("self_harm_any" if marks[9] >= 1 else "")
        totals["at least 10"] += sum(marks) >= 10
        totals["at least 13"] += sum(marks) >= 13
        totals["self-harm"] += marks[9] >= 1
        under += marks[9] >= 1 and sum(marks) < 10
    assert len(rows) == summary.rows == 274
    # The 410 of the whole survey hold 173, 109, 62 and 2 (the file's README); ours is the part without every third number.
    assert (
        totals["at least 10"] == summary.by_band["possible_depression"] + summary.by_band["probable_depression"] < 173
    )
    assert totals["at least 13"] == summary.by_band["probable_depression"] < 109
    assert totals["self-harm"] == summary.by_flags["self_harm_any"] < 62
    assert under in (0, 1, 2)
    assert all(int(answers["Participant_number"]) % 3 for answers, _ in rows)


@pytest.mark.parametrize("named", [True, False], ids=["with the mapping file", "by LOINC code alone"])
def test_fhir_is_scored_as_by_hand_and_as_nhanes(tmp_path: Path, named: bool) -> None:
    """56 responses made of NHANES rows: each scored as its own row is, whatever its form says of its total."""
    source = real(FHIR)
    asked = (mapping("fhir-phq9", PHQ9) if named else by_loinc(PHQ9)).for_fhir()
    out = tmp_path / "out.csv"
    summary = score_file(PHQ9, source, out, mapping=lambda form: asked)
    with NHANES.open(encoding="utf-8", newline="") as file:
        people = {row["SEQN"]: row for row in csv.DictReader(file)}
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    responses = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len(responses) == summary.rows == 56
    for response, row in zip(responses, rows, strict=True):
        person = people[response["subject"]["reference"].removeprefix("Patient/nhanes-")]
        marks = [person[f"DPQ0{number}0"] for number in range(1, 10)]
        points, low, high, _ = by_hand(marks, {"7": "refused", "9": "unknown"})
        assert (row["points"], row["lowest"], row["highest"]) == (
            "" if points is None else str(points),
            str(low),
            str(high),
        )
        assert (row["status"] == "scored") == (response["status"] == "completed")
        assert row["reason"].count("asked-declined") == marks.count("7")
        assert row["reason"].count("asked-unknown") == marks.count("9")
        assert row["flags"] == ("self_harm_any" if marks[8] in ("1", "2", "3") else "")


def test_the_page_and_the_file_come_to_the_same_on_real_answers(tmp_path: Path) -> None:
    """One definition, two executions: `score` alone says of each NHANES row what the file's result says."""
    source = real(NHANES)
    out = tmp_path / "out.csv"
    score_file(PHQ9, source, out, mapping=lambda form: mapping("nhanes", PHQ9))
    with source.open(encoding="utf-8", newline="") as given_file, out.open(encoding="utf-8", newline="") as result_file:
        for answers, row in zip(csv.DictReader(given_file), csv.DictReader(result_file), strict=True):
            points = {
                f"phq9_{n}": int(mark) if (mark := answers[f"DPQ0{n}0"]) in tuple("0123") else None
                for n in range(1, 10)
            }
            screen = scoring.score(PHQ9, points)
            assert (row["lowest"], row["highest"]) == (str(screen.lowest), str(screen.highest))
            assert (row["band"], row["flags"]) == (screen.band or "", ";".join(flag.key for flag in screen.flags))


def test_progress_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read, and how far the work is, never what stands in a row."""
    monkeypatch.setattr(duck, "_WATCH_SECONDS", 0.001)
    said: list[str] = []
    source = written(tmp_path, *["secret,0,0,0,0,0,0,0,0,1"] * 120_000, "short")
    score_file(PHQ9, source, tmp_path / "out.csv", mapping=usual, tell=said.append)
    assert said[0] == "Reading answers.csv as CSV."
    assert any(sentence.startswith("Reading: ") for sentence in said)
    assert any(sentence.startswith("Scoring: ") for sentence in said)
    assert not any("secret" in sentence for sentence in said)
