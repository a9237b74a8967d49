"""A thousand invented days without a signal, through the database: what is lost, done twice, or written over unseen.

Runs when it is named: `.venv/bin/python -m bench away_histories`. A few of them run with every test.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.measured import Measured

HISTORIES = 1000
TEST = "src/inmind/away/tests/test_taking.py::test_histories_through_the_database_lose_nothing"


def measure() -> Iterator[Measured]:
    started = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--quiet", "--no-header", "-n0", TEST],
        env=os.environ | {"INMIND_HISTORIES": str(HISTORIES)},
        check=False,
    )
    yield Measured(f"histories of {HISTORIES} that lost something", run.returncode, "runs", at_most=0)
    yield Measured(f"{HISTORIES} histories, sent and looked at", time.perf_counter() - started, "s")
