"""Spark says what DuckDB says, row by row. Skipped where the extra is not installed; `make test TIERS=spark` runs it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from inmind.environment import BadSetting
from inmind.screening.adapters import spark
from inmind.screening.adapters.duck import NO_FOLDING
from inmind.screening.adapters.score_file import score_file
from inmind.screening.answer_rows import ID, PROBLEM, RESULTS, ROW, result, wanted, written
from inmind.screening.errors import MissingEngine
from inmind.screening.expression import quoted, select
from inmind.screening.file_mapping import plain
from inmind.screening.instruments import Instrument
from inmind.screening.tests.test_answer_rows import EVERY, MONTHS, PHQ9, RULES

IS_THERE = find_spec("pyspark") is not None and shutil.which("java") is not None
ODD = [
    *(None, "", " ", "7", "9", "7.0", "n/a", "r", "3.0", " 1 ", "asked-declined", "LA6570-1", "yEs", "not given"),
    *("x", "-1", "1.5", "it's", 'a"b', "\t1", "\u00a01", "٣", "ñandú {x}", "a\\b", "1,2", "=1+1", "x" * 40, "1\n2"),
]
needs_spark = pytest.mark.skipif(
    not IS_THERE, reason="Spark, an extra, or Java is not installed: see requirements/spark.txt"
)
quietly = pytest.mark.filterwarnings("default")  # what Spark's own modules are warned of is not ours


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark.opened("local[2]", **{"spark.sql.shuffle.partitions": "1"}) as here:
        yield here


def some_rows(instrument: Instrument, count: int) -> list[tuple[Any, ...]]:
    """Answers, blanks, refusals and nonsense; a row is rarely nonsense throughout."""
    chance = random.Random(instrument.key)
    rows = []
    for number in range(count):
        sound = chance.choice([1.0, 0.95, 0.8, 0.3])
        marks = [chance.choice([*item.written_as] if chance.random() < sound else ODD) for item in instrument.items]
        months = [chance.choice(MONTHS)] * instrument.needs_age
        id, problem = chance.choice(["A1", " A1 ", "", None]), chance.choice([None, None, None, "This row is damaged."])
        rows.append((number, id, problem, *marks, *months))
    return rows


@needs_spark
@quietly
def test_spark_says_what_duckdb_says_of_every_row(session: Any, tmp_path: Path) -> None:
    """Every instrument, every column, the reason to the letter."""
    database = duckdb.connect(config={"threads": "1"})
    database.execute(NO_FOLDING)
    for instrument in EVERY:
        rows, path = some_rows(instrument, 150), tmp_path / f"{instrument.key}.parquet"
        names = [ROW, ID, PROBLEM, *map(written, wanted(instrument))]
        columns = ", ".join(f"{quoted(name)} {'BIGINT' if name == ROW else 'VARCHAR'}" for name in names)
        database.execute(f"CREATE OR REPLACE TABLE given ({columns})")
        database.executemany(f"INSERT INTO given VALUES ({', '.join('?' * len(names))})", rows)
        database.execute(f"COPY given TO '{path}'")
        shown = ", ".join(quoted(result(name)) for name in RESULTS)
        by_duckdb = database.execute(
            f"SELECT {shown} FROM {select(RULES[instrument.key], 'given')} ORDER BY row"
        ).fetchall()
        found = spark.scored(session.read.parquet(str(path)), RULES[instrument.key]).collect()
        assert sorted(map(tuple, found), key=lambda row: row[1]) == by_duckdb, instrument.key
    database.close()


@needs_spark
@quietly
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_scored_by_spark_is_the_same_file(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """In the order of its rows, and nothing is left beside it. The session of the other test is closed by it."""
    source = tmp_path / "answers.csv"
    lines = [
        ",".join(['a"b' if mark is None else mark for mark in marks])
        for marks in 300 * (["1"] * 9, ["0"] * 9, ["3", *["x"] * 8])
    ]
    source.write_text("\n".join([",".join(item.key for item in PHQ9.items), *lines]), encoding="utf-8")
    outs = [tmp_path / f"{engine}.{kind}" for engine in ("duckdb", "spark")]
    for out in outs:
        monkeypatch.setenv("INMIND_ENGINE", out.stem)
        score_file(PHQ9, source, out, mapping=lambda form: plain(PHQ9))
    if kind == "csv":
        assert outs[0].read_bytes() == outs[1].read_bytes()
    else:
        one, other = (duckdb.read_parquet(str(out)).fetchall() for out in outs)
        assert one == other
    assert sorted(tmp_path.iterdir()) == sorted([source, *outs])


@pytest.mark.parametrize("missing", ["pyspark", "java"])
def test_what_is_missing_for_spark_is_said_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str
) -> None:
    """And what to do about it; nothing is written."""
    source, out = tmp_path / "answers.csv", tmp_path / "scores.csv"
    source.write_text("id\n", encoding="utf-8")
    monkeypatch.setenv("INMIND_ENGINE", "spark")
    monkeypatch.setattr(spark, "find_spec", lambda name: None if missing == "pyspark" else True)
    monkeypatch.setattr(spark.shutil, "which", lambda name, path: None)
    with pytest.raises(MissingEngine) as refused:
        score_file(PHQ9, source, out, mapping=lambda form: plain(PHQ9))
    said = refused.value.in_english()
    assert ("not installed here" in said) == (missing == "pyspark")
    assert "requirements/spark.txt" in said and "Java 17" in said
    assert not out.exists()


@pytest.mark.parametrize(("name", "value"), [("INMIND_ENGINE", "sparc"), ("INMIND_SPARK_MASTER", "nowhere:7077")])
def test_an_engine_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    """As every setting is."""
    from inmind import environment

    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=value):
        environment.read(name)
