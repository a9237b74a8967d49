"""`inmind score`: what it says, and how it ends."""

from __future__ import annotations

import argparse
import csv
import os
import sys
import threading
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from pathlib import Path

import duckdb
import pytest

from inmind.screening import score_command, scoring
from inmind.screening.adapters import streams
from inmind.screening.adapters.catalog import catalog
from inmind.screening.instruments import Catalog, Version
from inmind.screening.score_command import DONE, NOTHING_READ, WRONG_CALL, configure, run

HEADING = "id," + ",".join(f"phq9_{number}" for number in range(1, 10))


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    configure(parser)
    return run(parser.parse_args(words))


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text(f"{HEADING}\na,0,0,0,0,0,0,0,0,1\nb,7,9,x,0,0,0,0,0,0\n", encoding="utf-8")
    return path


def test_a_file_is_scored_and_summed_up(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status, bands and flags on stderr, so that nothing mixes with a result; a wrong row is no failure."""
    out = answers.with_name("out.csv")
    assert call(str(answers), "--instrument", "phq9", "--out", str(out)) == DONE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "Reading answers.csv as CSV.",
        "2 rows by PHQ-9, edition 2026: 1 scored, 0 incomplete, 0 refused, 1 unreadable.",
        "Bands: 1 minimal, 0 mild, 0 moderate, 0 moderately_severe, 0 severe. In which languages they were studied is not "
        "known here.",
        "Flags: 1 self_harm_any.",
        'Unreadable, row 2: phq9_1 (low interest) holds "7", not 0, 1, 2 or 3; phq9_2 (low mood) holds "9", not 0, 1, 2 or '
        '3; phq9_3 (sleep) holds "x", not 0, 1, 2 or 3.',
        "What is a code and no answer is explained with --code VALUE=MEANING (refused or unknown or blank).",
        f"Written to {out}.",
    ]


def test_a_rule_that_moves_with_age_takes_the_months_of_each_row(answers: Path) -> None:
    """Eight points at 18 months and at 19; a month that is not known; months that no rule holds for; none at all."""
    heading = "id,age," + ",".join(f"swycmilestones_{n}" for n in range(1, 11))
    rows = [
        f"{name},{months}," + "1,1,1,1,1,1,1,1,,0" for name, months in zip("abcd", ("18", "24", "70", ""), strict=True)
    ]
    answers.write_text("\n".join([heading, *rows]), encoding="utf-8")
    out = answers.with_name("out.csv")
    words = ["--instrument", "swycmilestones", "--column", "months=age", "--out", str(out)]
    assert call(str(answers), *words) == DONE
    found = [line.split(",")[2:6] for line in out.read_text(encoding="utf-8").splitlines()[1:]]
    assert found == [["8", "8", "10", "needs_review"], ["8", "8", "10", ""], ["", "", "", ""], ["", "", "", ""]]
    text = out.read_text(encoding="utf-8")
    assert "1 of 10 items without points: swycmilestones_9 blank. They count as the lowest answer" in text
    assert "At 24 months no cut-off is known well here" in text
    assert text.count("not completed months from 1 to 65") == 2


def test_columns_codes_and_id_are_said_in_the_call(answers: Path) -> None:
    """By item number or key; codes by what they mean; rows by another column."""
    answers.write_text(
        "who,q1," + ",".join(f"phq9_{n}" for n in range(2, 10)) + "\nz,7,9,na,0,0,0,0,0,0\n", encoding="utf-8"
    )
    out = answers.with_name("out.csv")
    codes = ["--code", "7=refused", "--code", "9=unknown", "--code", "na=blank"]
    assert (
        call(str(answers), "--instrument", "phq9", "--out", str(out), "--column", "1=q1", "--id", "who", *codes) == DONE
    )
    assert (
        'z,1,,0,9,,"",incomplete,"3 of 9 items without points: phq9_1 refused, phq9_2 unknown, phq9_3 blank."'
        in out.read_text(encoding="utf-8")
    )


def test_a_mapping_names_the_instrument(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So that it need not be said twice."""
    form = answers.with_name("form.yaml")
    columns = "".join(f"  phq9_{number}: phq9_{number}\n" for number in range(1, 10))
    form.write_text(f"title: Ours\ninstrument: phq9\nsource: us\ncolumns:\n{columns}", encoding="utf-8")
    out = answers.with_name("out.csv")
    assert call(str(answers), "--mapping", str(form), "--out", str(out)) == DONE
    assert "2 rows by PHQ-9" in capsys.readouterr().err
    assert call(str(answers), "--mapping", str(form), "--instrument", "phq9", "--out", str(out)) == DONE


def test_a_fhir_file_is_read_by_its_codes(answers: Path) -> None:
    """Without a word about columns."""
    source = answers.with_name("r.ndjson")
    source.write_text(
        '{"resourceType": "QuestionnaireResponse", "id": "r", "item": [{"linkId": "44260-8", "answer": [{"valueInteger": 2}]}]}\n',
        encoding="utf-8",
    )
    out = answers.with_name("out.csv")
    assert call(str(source), "--instrument", "phq9", "--out", str(out)) == DONE
    assert "r,1,,2,26,,self_harm_any,incomplete" in out.read_text(encoding="utf-8")


def test_a_mapping_for_a_misspelt_instrument_is_refused_at_its_line(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the nearest name, or with all of them."""
    form, out = answers.with_name("form.yaml"), answers.with_name("out.csv")
    for key, asked in (("PHQ9", "Did you mean phq9?"), ("nobody", "Known are ace10, asq3, ")):
        form.write_text(f"title: Ours\ninstrument: {key}\nsource: us\ncolumns: {{'@': Q@}}\n", encoding="utf-8")
        assert call(str(answers), "--mapping", str(form), "--out", str(out)) == WRONG_CALL
        assert f"form.yaml, line 2: there is no instrument {key}. {asked}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        pytest.param([], WRONG_CALL, "Nobody said whose rules to use. --instrument names them, one of ", id="no instrument"),
        pytest.param(["--mapping", "nowhere"], WRONG_CALL, "There is no mapping file nowhere.", id="no instrument and no such mapping"),
        pytest.param(["--mapping", "lausanne"], WRONG_CALL, "Expected but not found: EPDS_1", id="the mapping's own instrument"),
        pytest.param(["--instrument", "scared"], WRONG_CALL, "There is no instrument called scared here. Known are ", id="unknown instrument"),
        pytest.param(["--instrument", "PHQ-9"], WRONG_CALL, "There is no instrument called PHQ-9 here. Did you mean phq9? Known are ", id="a misspelt instrument"),
        pytest.param(["--instrument", "asq3"], WRONG_CALL, "ASQ-3 is not scored here", id="a licensed tool"),
        pytest.param(["--mapping", "nhane"], WRONG_CALL, "Did you mean nhanes? Name a file", id="a misspelt mapping"),
        pytest.param(["--instrument", "phq9", "--column", "phq9_33=x"], WRONG_CALL, "Did you mean phq9_3", id="a misspelt item"),
        pytest.param(["--instrument", "phq9", "--code", "8=refuse"], WRONG_CALL, "A code cannot mean refuse. Did you mean refused?", id="a misspelt meaning"),
        pytest.param(["--instrument", "phq9", "--language", "es"], WRONG_CALL, "No version of PHQ-9 in the language es is known here.", id="a language without a version"),
        pytest.param(["--instrument", "phq9", "--count", "total"], WRONG_CALL, "PHQ-9 is scored by its answers, not by a count alone.", id="a count where answers are needed"),
        pytest.param(["--instrument", "ace10"], WRONG_CALL, "ACE-10 is switched off here.", id="what an agency has not turned on"),
        pytest.param(["--instrument", "epds"], WRONG_CALL, "Expected but not found: epds_1, epds_2", id="missing columns"),
        pytest.param(["--instrument", "phq9", "--mapping", "lausanne"], WRONG_CALL, "screening/mappings/lausanne.yaml, line 3: this mapping is for epds, not for phq9", id="a mapping for another instrument"),
        pytest.param(["--instrument", "phq9", "--mapping", "nowhere"], WRONG_CALL, "There is no mapping file nowhere.", id="no such mapping"),
        pytest.param(["--instrument", "phq9", "--code", "0=refused"], WRONG_CALL, "0 is an answer of PHQ-9, not a code.", id="an answer for a code"),
        pytest.param(["--instrument", "phq9", "--column", "10=x"], WRONG_CALL, "PHQ-9 has no item 10.", id="no such item"),
        pytest.param(["--instrument", "phq9", "--memory", "1MB"], NOTHING_READ, "does not fit into 1MB", id="too little memory"),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_met_says_why(
    answers: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, sentence: str
) -> None:
    """In a sentence, with what was found and what to do; nothing is written."""
    if "--memory" in words:
        answers.write_text(f"{HEADING}\n" + "a,0,0,0,0,0,0,0,0,1\n" * 50_000, encoding="utf-8")
    out = answers.with_name("out.csv")
    assert call(str(answers), "--out", str(out), *words) == code
    assert sentence in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("place", ["answers", "result"])
def test_a_name_that_no_folder_holds_is_said(answers: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where the system itself refuses to look it up."""
    source, out = answers, answers.with_name("out.csv")
    source, out = (
        (answers.with_name("x" * 300), out) if place == "answers" else (source, answers.with_name("x" * 300 + ".csv"))
    )
    assert call(str(source), "--instrument", "phq9", "--out", str(out)) in (NOTHING_READ, WRONG_CALL)
    said = capsys.readouterr().err
    assert "File name too long" in said and len(said) < 300


def test_nothing_read_is_a_failure(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there, and one in which no row can be read."""
    out = answers.with_name("out.csv")
    assert call(str(answers.with_name("none.csv")), "--instrument", "phq9", "--out", str(out)) == NOTHING_READ
    answers.write_text(f"{HEADING}\na,x,0,0,0,0,0,0,0,0\n", encoding="utf-8")
    assert call(str(answers), "--instrument", "phq9", "--out", str(out)) == NOTHING_READ
    said = capsys.readouterr().err
    assert 'Unreadable, row 1: phq9_1 (low interest) holds "x", not 0, 1, 2 or 3.' in said
    assert said.endswith("Not one row could be read.\n")


def test_what_stands_in_a_file_gives_a_terminal_no_orders(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a row, nor in a heading: shown on the terminal of whoever scores somebody else's file."""
    out = str(answers.with_name("out.csv"))
    for text in (f"{HEADING}\na,\x1b[2J,0,0,0,0,0,0,0,0\n", "\x1b]0;x\x07,b\n1,2\n"):
        answers.write_text(text, encoding="utf-8")
        call(str(answers), "--instrument", "phq9", "--out", out)
        said = capsys.readouterr().err
        assert "\ufffd" in said and not set("\x1b\x07") & set(said)


@pytest.mark.parametrize(
    "words",
    [["--column", "1"], ["--code", "=x"], ["--code", "x="], ["--memory", "much"], ["--memory", "0MB"], ["--nobody"]],
    ids=" ".join,
)
def test_a_call_that_is_not_understood_shows_its_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is read."""
    with pytest.raises(SystemExit) as end:
        call("answers.csv", "--out", "out.csv", "--instrument", "phq9", *words)
    assert end.value.code == WRONG_CALL
    assert "usage:" in capsys.readouterr().err


def test_each_tenth_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    """However often the work reports."""
    tell = score_command._Telling()
    for rows, share in enumerate(("1%", "11%", "19%", "20%", "100%"), start=1):
        tell(f"Reading: {rows} rows, {share}")
    assert capsys.readouterr().err.splitlines() == [
        f"Reading: {rows} rows, {share}" for rows, share in ((1, "0%"), (2, "10%"), (4, "20%"), (5, "100%"))
    ]


def test_on_a_terminal_one_line_changes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said next takes its place."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    tell = score_command._Telling()
    for sentence in ("Reading: 1 rows, 1%", "Reading: 2 rows, 2%", "A row is damaged."):
        tell(sentence)
    line = "\r\x1b[K"
    assert capsys.readouterr().err == f"{line}Reading: 1 rows, 1%{line}Reading: 2 rows, 2%{line}A row is damaged.\n"


def test_one_row_in_a_hundred_is_broken(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each has its reason in the result, the summary counts them by reason, and all others are scored."""
    rows = [f"p{number},0,1,2,3,0,1,2,3,0" for number in range(1, 1001)]
    for number, broken in {
        **dict.fromkeys((100, 200, 300, 400), "p,0,1,8,3,0,1,2,3,0"),
        **dict.fromkeys((150, 250), "p,0,1"),
        10: "p,0,1,8,3,0,1,2,3,x",
        500: "p,0,NA,2,3,0,1,2,3,0",
        600: '"p,0,1,2,3,0,1,2,3,0,',
        700: "p,0,nò,2,3,0,1,2,3,0",
    }.items():
        rows[number - 1] = broken
    answers.write_bytes("\n".join([HEADING, *rows]).encode("latin-1"))
    out = answers.with_name("out.csv")
    assert call(str(answers), "--instrument", "phq9", "--out", str(out)) == DONE
    said = capsys.readouterr().err.splitlines()
    assert "1000 rows by PHQ-9, edition 2026: 990 scored, 0 incomplete, 0 refused, 10 unreadable." in said
    assert [line for line in said if line.startswith("Unreadable")] == [
        'Unreadable, 5 rows, first row 10: phq9_3 (sleep) holds "8", not 0, 1, 2 or 3; phq9_9 (self-harm thoughts) holds '
        '"x", not 0, 1, 2 or 3.',
        "Unreadable, 2 rows, first row 150: This row has 3 fields; the heading names 10.",
        'Unreadable, row 500: phq9_2 (low mood) holds "NA", not 0, 1, 2 or 3.',
        "Unreadable, row 600: This row has 11 fields; the heading names 10.",
        "Unreadable, row 700: This row holds letters that are not UTF-8; save the file as CSV UTF-8.",
    ]
    with out.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert all(row["reason"] for row in found)
    assert [row["row"] for row in found if row["status"] == "unreadable"] == [
        str(number) for number in (10, 100, 150, 200, 250, 300, 400, 500, 600, 700)
    ]


def test_a_heading_alone_is_said_and_no_failure(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A month in which nobody was asked."""
    answers.write_text(f"{HEADING}\n", encoding="utf-8")
    assert call(str(answers), "--instrument", "phq9", "--out", str(answers.with_name("out.csv"))) == DONE
    assert "The file has no row of answers: there was nothing to score" in capsys.readouterr().err


# A count without its answers


@pytest.mark.parametrize("key", ["ace10", "pearlschild"])
def test_a_file_of_counts_is_scored_as_one_count_is(
    answers: Path, key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each possible count as `score_count` says of it; what is no count has its reason."""
    monkeypatch.setattr(score_command, "catalog", lambda: catalog().switched_on(["ace10", "pearlschild"]))
    counts = [*map(str, range(11)), "11", "-1", "4.5", "4.0", "?", ""]
    answers.write_text("who,ACE total\n" + "\n".join(f"p,{count}" for count in counts) + "\n", encoding="utf-8")
    out = answers.with_name("out.csv")
    words = ["--instrument", key, "--count", "ACE total", "--id", "who", "--code", "?=unknown", "--out", str(out)]
    assert call(str(answers), *words) == DONE
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    one_by_one = [scoring.score_count(catalog()[key], count) for count in range(11)]
    assert [(row["points"], row["band"]) for row in rows[:11]] == [(str(one.points), one.band) for one in one_by_one]
    assert {row["reason"] for row in rows[:11]} == {"The count alone, without its answers."}
    assert {(row["status"], row["flags"], row["positive"]) for row in rows[:11]} == {("scored", "", "")}
    assert [row["status"] for row in rows[11:]] == [*["unreadable"] * 3, "scored", "incomplete", "incomplete"]
    assert 'count (the count alone) holds "11", not a whole number from 0 to 10.' in rows[11]["reason"]
    assert [row["lowest"] + " to " + row["highest"] for row in rows[15:]] == ["0 to 10"] * 2
    capsys.readouterr()
    assert call(str(answers), "--instrument", key, "--count", "ACE totel", "--out", str(out)) == WRONG_CALL
    assert "Did you mean ACE total (ACE totel)?" in capsys.readouterr().err


# Versions in other languages


def test_a_version_is_scored_by_its_own_cutoff(
    answers: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never by the original's: three points are positive there, and not here; a language that nobody studied is refused."""
    phq2 = catalog()["phq2"]
    own = replace(phq2.cutoffs[0], value=4)
    bands = (replace(phq2.bands[0], high=3), replace(phq2.bands[1], low=4))
    version = replace(
        phq2, key="phq2xx", version=Version("phq2", "xx"), cutoffs=(own,), bands=bands, studied_in={"xx": "recall"}
    )
    monkeypatch.setattr(score_command, "catalog", lambda: Catalog([phq2, version]))
    answers.write_text("id,phq2_1,phq2_2\na,1,2\n", encoding="utf-8")
    out = answers.with_name("out.csv")
    call_it = [str(answers), "--instrument", "phq2", "--out", str(out)]
    assert call(*call_it) == DONE
    assert ",positive," in out.read_text(encoding="utf-8")
    assert call(*call_it, "--language", "xx") == DONE
    assert ",below_cutoff," in out.read_text(encoding="utf-8")
    assert "phq2xx/2026" in out.read_text(encoding="utf-8")
    said = capsys.readouterr().err
    assert "1 row by PHQ-2 in the language xx, edition 2026" in said
    assert "1 below_cutoff, 0 positive. They were studied in: xx." in said
    assert call(*call_it, "--language", "yy") == WRONG_CALL
    assert "No version of PHQ-2 in the language yy is known here. Known are xx." in capsys.readouterr().err


# Pipes


def piped(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(content)))


RESPONSE = '{"resourceType": "QuestionnaireResponse", "id": "r", "item": [{"linkId": "44260-8", "answer": [{"valueInteger": 2}]}]}\n'


@pytest.mark.parametrize("name", ["answers.csv", "answers.parquet", "answers.ndjson"])
def test_what_is_piped_in_comes_to_what_the_file_comes_to(
    answers: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever its form; it is kept beside the result while it is read, and nothing of it is left."""
    source = answers.with_name(name)
    if source.suffix == ".parquet":
        duckdb.connect().execute(
            f"COPY (FROM read_csv('{answers}', all_varchar = true)) TO '{source}' (FORMAT parquet)"
        )
    elif source.suffix == ".ndjson":
        source.write_text(RESPONSE, encoding="utf-8")
    out, other = answers.with_name("out.csv"), answers.with_name("other.csv")
    assert call(str(source), "--instrument", "phq9", "--out", str(out)) == DONE
    before = sorted([*answers.parent.iterdir(), other])
    piped(monkeypatch, source.read_bytes())
    assert call("-", "--instrument", "phq9", "--out", str(other)) == DONE
    assert other.read_bytes() == out.read_bytes()
    assert sorted(answers.parent.iterdir()) == before
    assert "Reading standard input as" in capsys.readouterr().err


def test_a_result_is_piped_out_whole_and_alone(
    answers: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is said of it goes beside; where nothing can be read, nothing is handed on."""
    out = answers.with_name("out.csv")
    assert call(str(answers), "--instrument", "phq9", "--out", str(out)) == DONE
    capsys.readouterr()
    piped(monkeypatch, answers.read_bytes())
    assert call("-", "--instrument", "phq9", "--out", "-") == DONE
    said = capsys.readouterr()
    assert said.out == out.read_text(encoding="utf-8")
    assert said.err.endswith("Written to standard output.\n")
    piped(monkeypatch, b"")
    assert call("-", "--instrument", "phq9", "--out", "-") == NOTHING_READ
    assert capsys.readouterr().out == ""


def test_a_terminal_is_nothing_that_is_piped_in(
    answers: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is left waiting before an empty line."""
    piped(monkeypatch, b"")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert call("-", "--instrument", "phq9", "--out", str(answers.with_name("out.csv"))) == WRONG_CALL
    assert "Nothing is piped in." in capsys.readouterr().err


def test_a_named_pipe_is_read_once(answers: Path) -> None:
    """As a shell's <(...) hands one over."""
    pipe, out = answers.with_name("pipe"), answers.with_name("out.csv")
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(answers.read_bytes()))
    writer.start()
    assert call(str(pipe), "--instrument", "phq9", "--out", str(out)) == DONE
    writer.join()
    assert out.read_text(encoding="utf-8").count("\n") == 3


def test_a_disk_that_fills_up_while_answers_are_piped_in_is_said(
    answers: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And leaves nothing; also where the folder is not there at all, which is said before anything is read."""

    class Full(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("sys.stdin", TextIOWrapper(Full()))
    before = sorted(answers.parent.iterdir())
    assert call("-", "--instrument", "phq9", "--out", str(answers.with_name("out.csv"))) == WRONG_CALL
    assert "standard input cannot be kept while it is read (No space left on device)." in capsys.readouterr().err
    assert call("-", "--instrument", "phq9", "--out", str(answers.with_name("none") / "out.csv")) == WRONG_CALL
    assert "There is no folder" in capsys.readouterr().err
    assert sorted(answers.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("fault", "code", "sentence"),
    [
        pytest.param(OSError(28, "No space left on device"), WRONG_CALL, "not be handed on to its end (No space", id="a full disk"),
        pytest.param(BrokenPipeError(32, "Broken pipe"), DONE, "Whoever read the result stopped", id="a reader who stopped"),
    ],
)  # fmt: skip
def test_a_result_that_is_not_taken_to_its_end_is_said(
    answers: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    fault: OSError,
    code: int,
    sentence: str,
) -> None:
    """In words, as everything else."""

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr("shutil.copyfileobj", fail)
    monkeypatch.setattr("os.dup2", lambda *_: None)
    assert call(str(answers), "--instrument", "phq9", "--out", "-") == code
    assert sentence in capfd.readouterr().err


def test_what_is_piped_in_is_never_held(tmp_path: Path) -> None:
    """Piece by piece, and how much is there already is told."""

    class Long(BytesIO):
        left = 250

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None and 0 < size <= 1 << 20
            self.left -= 1
            return b"x" * 10 if self.left >= 0 else b""

    said: list[str] = []
    streams.taken_in(Long(), tmp_path / "standard input", said.append)
    assert (tmp_path / "standard input").stat().st_size == 2500
    assert said == ["Taking in standard input, 104 MB.", "Taking in standard input, 209 MB."]
