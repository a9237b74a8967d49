"""Ten million rows of a PHQ-9 in a Parquet file: their full result beside their bare sum, on DuckDB and on Spark.

Each time the file is read and a Parquet file is written. The bare sum adds nine columns of numbers and writes two. The full
result reads them as text, as any file may hold them, and writes thirteen: points, range, band, flags, status and the reason
in words. Between them stands what somebody would write by hand who writes the same thirteen and trusts the file. On Spark
both run on a cluster of two workers of this machine, and the results must be those of DuckDB, row by row.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from bench import extras
from bench.measured import Measured
from inmind.screening.adapters.catalog import catalog
from inmind.screening.answer_rows import RESULTS

ROWS = int(os.environ.get("INMIND_BENCH_ROWS", "10000000"))
ITEMS = [item.key for item in catalog()["phq9"].items]
SUM = " + ".join(ITEMS)
# What somebody would write who trusts the file: numbers as they are, no range for blanks, no reasons, no codes.
BY_HAND = """
    CAST(id AS VARCHAR) AS id, row_number() OVER () AS row, total AS points, total AS lowest, total AS highest,
    CASE WHEN total >= 20 THEN 'severe' WHEN total >= 15 THEN 'moderately_severe' WHEN total >= 10 THEN 'moderate'
    WHEN total >= 5 THEN 'mild' WHEN total >= 0 THEN 'minimal' END AS band,
    CASE WHEN phq9_9 >= 1 THEN 'self_harm_any' ELSE '' END AS flags,
    CASE WHEN total IS NULL THEN 'incomplete' ELSE 'scored' END AS status, '' AS reason, 'phq9' AS instrument,
    '' AS subscales, CASE WHEN total >= 10 THEN 'yes' WHEN total >= 0 THEN 'no' END AS positive, '' AS finding
"""
CLUSTER = "local-cluster[2,1,1024]"


def measure(rows: int = ROWS, rounds: int = 2) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        answers, bare, ours = (Path(folder) / f"{name}.parquet" for name in ("answers", "bare", "ours"))
        _invent(answers, rows)
        seconds: dict[str, list[float]] = {"bare": [], "hand": [], "ours": []}
        peak = 0.0
        for _ in range(rounds):
            for name, columns in (("bare", f"id, {SUM} AS points"), ("hand", BY_HAND)):
                start = time.process_time()
                source = f"(SELECT *, {SUM} AS total FROM read_parquet('{answers}'))"
                _one_thread().execute(f"COPY (SELECT {columns} FROM {source}) TO '{bare}' (FORMAT parquet)")
                seconds[name].append(time.process_time() - start)
            took, memory = _score(answers, ours)
            seconds["ours"].append(took)
            peak = max(peak, memory)
        what = f"the full result of {rows:,} rows"
        mine, bare_sum, by_hand = (min(seconds[name]) for name in ("ours", "bare", "hand"))
        yield Measured(f"{what}, DuckDB, processor's time", mine, "s", bare_sum, "bare sum", at_most=3)
        yield Measured(f"{what}, DuckDB, processor's time", mine, "s", by_hand, "same columns, by hand")
        yield Measured(f"{what}, DuckDB, memory at most", peak, "MiB", at_most=1024)
        yield from _on_spark(answers, ours, what, rounds)


def _one_thread() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": "1"})
    connection.execute("SET enable_progress_bar = false")
    return connection


def _invent(path: Path, rows: int) -> None:
    """Answers by chance, one in two hundred blank; each row by its number, so that it is the same everywhere."""
    columns = ", ".join(
        f"CASE hash(range * 9 + {place}) % 200 WHEN 0 THEN NULL ELSE "
        f"CAST(least(hash(range * 9 + {place}) // 200 % 4, hash(range * 9 + {place}) // 800 % 4) AS TINYINT) END AS {key}"
        for place, key in enumerate(ITEMS)
    )
    _one_thread().execute(f"COPY (SELECT range AS id, {columns} FROM range({rows})) TO '{path}' (FORMAT parquet)")


def _score(answers: Path, out: Path) -> tuple[float, float]:
    """As somebody would on the command line: seconds of a processor, and the most memory that it took, in MiB."""
    command = [sys.executable, "-m", "inmind.screening.score_command", str(answers), "--instrument", "phq9"]
    child = subprocess.Popen([*command, "--out", str(out)], stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError("inmind score did not come to an end")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _by_row(place: str) -> str:
    """Each row's number, and a number made of all its columns."""
    columns = ", ".join("CAST(row AS BIGINT)" if name == "row" else f"CAST({name} AS VARCHAR)" for name in RESULTS)
    return f"SELECT CAST(row AS BIGINT) AS row, hash({columns}) AS found FROM read_parquet('{place}')"


def _on_spark(answers: Path, ours: Path, what: str, rounds: int) -> Iterator[Measured]:
    if (python := extras.python()) is None:
        return
    out = ours.with_name("spark.parquet")
    command = [str(python), "-m", "bench.with_spark", CLUSTER, str(answers), str(out), SUM, str(rounds)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(f"Spark could not be measured: {done.stderr.strip()[-400:]}", file=sys.stderr)
        return
    found = json.loads(done.stdout.splitlines()[-1])
    one, other = (_by_row(place) for place in (str(ours), f"{out}/*.parquet"))
    [[differ]] = (
        _one_thread()
        .execute(
            f"SELECT count(*) FROM ({one}) AS one FULL JOIN ({other}) AS other USING (row) "
            "WHERE one.found IS DISTINCT FROM other.found"
        )
        .fetchall()
    )
    assert differ == 0, f"{differ} rows differ between DuckDB and Spark"
    yield Measured(f"{what}, Spark, two workers", found["full"], "s", found["bare"], "bare sum", at_most=3)
