"""`inmind score`: what it says, and how it ends."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

import pytest

from inmind.screening import score_command
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
        "Bands: 1 minimal, 0 mild, 0 moderate, 0 moderately_severe, 0 severe.",
        "Flags: 1 self_harm_any.",
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


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        pytest.param([], WRONG_CALL, "Nobody said whose rules to use. --instrument names them, one of ", id="no instrument"),
        pytest.param(["--mapping", "nowhere"], WRONG_CALL, "There is no mapping file nowhere.", id="no instrument and no such mapping"),
        pytest.param(["--mapping", "lausanne"], WRONG_CALL, "Expected but not found: EPDS_1", id="the mapping's own instrument"),
        pytest.param(["--instrument", "scared"], WRONG_CALL, "There is no instrument called scared here. Known are ", id="unknown instrument"),
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


def test_nothing_read_is_a_failure(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there, and one in which no row can be read."""
    out = answers.with_name("out.csv")
    assert call(str(answers.with_name("none.csv")), "--instrument", "phq9", "--out", str(out)) == NOTHING_READ
    answers.write_text(f"{HEADING}\na,x,0,0,0,0,0,0,0,0\n", encoding="utf-8")
    assert call(str(answers), "--instrument", "phq9", "--out", str(out)) == NOTHING_READ
    assert "Not one row could be read. The first reason: phq9_1" in capsys.readouterr().err


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


def test_signals_are_given_back(answers: Path) -> None:
    """What a stop meant before, it means after."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    call(str(answers), "--instrument", "phq9", "--out", str(answers.with_name("out.csv")))
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_each_tenth_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    """However often the work reports."""
    tell = score_command._Telling()
    for share in ("1%", "11%", "19%", "20%", "100%"):
        tell(f"Scoring: {share}")
    assert capsys.readouterr().err.splitlines() == [f"Scoring: {share}" for share in ("0%", "10%", "20%", "100%")]
