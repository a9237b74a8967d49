"""`inmind score` beside a loop written by hand, on a million rows of answers.

Both let DuckDB read the same CSV. The loop takes the rows as DuckDB hands them over, scores each in plain Python (sum,
range, band, flag, status) and writes them with the csv module; it gives no reasons and checks less.
"""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from bench.measured import Measured
from inmind.screening.adapters.catalog import catalog, mapping
from inmind.screening.adapters.score_file import score_file

ROWS = 1_000_000
REAL = Path(__file__).parents[2] / "shared" / "data" / "nhanes_dpq_2017_2018" / "dpq_j.csv"
BANDS = ((20, "severe"), (15, "moderately_severe"), (10, "moderate"), (5, "mild"), (0, "minimal"))
ITEMS = [f"DPQ0{number}0" for number in range(1, 10)]


def measure(rows: int = ROWS, rounds: int = 3) -> list[Measured]:
    """Seconds of each, the best of some rounds taken in turn."""
    instrument = catalog()["phq9"]
    columns = mapping("nhanes", instrument)
    with tempfile.TemporaryDirectory() as folder:
        source, result, plain = (Path(folder) / name for name in ("answers.csv", "result.csv", "loop.csv"))
        _repeat(source, rows)
        ours, loop = [], []
        for _ in range(rounds):
            ours.append(_timed(lambda: score_file(instrument, source, result, mapping=lambda form: columns)))
            loop.append(_timed(lambda: _by_hand(source, plain)))
    answers = "real answers, repeated" if REAL.exists() else "invented answers"
    return [Measured(f"inmind score, {rows:,} rows ({answers})", min(ours), "s", min(loop), "loop by hand", at_most=1)]


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _repeat(path: Path, rows: int) -> None:
    heading, *body = REAL.read_text(encoding="utf-8").splitlines() if REAL.exists() else list(_invented())
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{heading}\n")
        for start in range(0, rows, len(body)):
            file.writelines(f"{line}\n" for line in body[: rows - start])


def _invented() -> Iterator[str]:
    chance = random.Random(1)
    yield ",".join(["SEQN", "RIAGENDR", "RIDAGEYR", *ITEMS, "DPQ100"])
    for number in range(5_000):
        marks = chance.choices(["0", "1", "2", "3", "7", "9", ""], [70, 15, 6, 5, 1, 1, 2], k=9)
        yield ",".join([str(number), "2", "30", *marks, ""])


def _by_hand(source: Path, out: Path) -> None:
    found = duckdb.connect(config={"threads": "1"}).execute(
        f"SELECT SEQN, {', '.join(ITEMS)} FROM read_csv('{source}', all_varchar = true, header = true)"
    )
    points_of = {"0": 0, "1": 1, "2": 2, "3": 3}
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "points", "lowest", "highest", "band", "flags", "status"))
        while batch := found.fetchmany(10_000):
            for id, *marks in batch:
                points = [points_of.get(mark) for mark in marks]
                known = [each for each in points if each is not None]
                low, high = sum(known), sum(known) + 3 * (9 - len(known))
                lowest, highest = (next(name for least, name in BANDS if total >= least) for total in (low, high))
                flag = "self_harm_any" if (points[8] or 0) >= 1 else ""
                status = "scored" if len(known) == 9 else "refused" if not known and "7" in marks else "incomplete"
                total = low if status == "scored" else ""
                writer.writerow((id, total, low, high, lowest if lowest == highest else "", flag, status))
