"""`make test`: the whole suite, tier by tier, each timed. Any tier that fails, or finds no test, fails the whole.

`make test TIERS=spark` holds Spark to DuckDB; it installs half a gigabyte first, and takes minutes.
The laws of the house alone are asked by `make check`, and only there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from bench import extras
from tests import engines
from tests.architecture.house import core_files

PYTEST = ("-m", "pytest", "--quiet", "--no-header", "-rs", "--ignore=tests/architecture", "-m")
# Each begins at its own half, so that what a module's tests share is mostly made once, and takes over from the other.
TWO_AT_A_TIME = ("-n", "2", "--dist", "worksteal")


@dataclass(frozen=True, slots=True)
class Tier:
    """Some tests: `marks` chooses them, `engine` is the database they meet."""

    key: str
    says: str
    marks: str
    engine: str = "sqlite"
    together: bool = True  # whether two of its tests may run side by side
    waits: bool = False  # it mostly waits for the disk, and runs beside the rules, which keep one core busy
    by_name: bool = False  # it runs only when it is named

    def commands(self) -> list[list[str]]:
        tests = [*PYTEST, self.marks, *(TWO_AT_A_TIME if self.together else ())]
        if self.key == "spark":
            return [[str(extras.python() or "false"), *tests, "src/inmind/screening/tests/test_spark.py"]]
        if self.key != "rules":
            return [[sys.executable, *tests]]
        # The rules are covered by branch, fully, by tests that touch no database; measured in one process, because
        # measuring those that tests start would change how much memory and time they take.
        cover, core = [sys.executable, "-m", "coverage"], f"--include={','.join(core_files())}"
        return [
            [*cover, "run", *tests],
            [*cover, "report", core, "--skip-covered", "--show-missing", "--fail-under=100"],
        ]


QUICK = "not browser and not kill"
TIERS = (
    Tier("rules", "the rules, without a database, covered fully", f"not database and {QUICK}", together=False),
    Tier("sqlite", "actions and pages on SQLite", f"database and {QUICK}"),
    Tier("postgresql", "actions and pages on PostgreSQL", f"database and {QUICK}", engine="postgresql"),
    Tier("kill-sqlite", "killed while writing, on SQLite", "kill", together=False, waits=True),
    Tier(
        "kill-postgresql",
        "killed while writing, on PostgreSQL",
        "kill",
        engine="postgresql",
        together=False,
        waits=True,
    ),
    Tier("browser", "journeys in a browser, on SQLite", "browser"),
    Tier(
        "browser-postgresql",
        "journeys for both databases, on PostgreSQL",
        "browser and both_databases",
        engine="postgresql",
    ),
    Tier("spark", "Spark says what DuckDB says, in an environment of its own", QUICK, together=False, by_name=True),
)


def main(keys: list[str]) -> int:
    """Run all tiers, or those named; 0 when all passed."""
    known = [tier.key for tier in TIERS]
    if unknown := set(keys) - set(known):
        print(f"There is no tier {', '.join(sorted(unknown))}. Tiers: {', '.join(known)}.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server we started is stopped
    with bytecode_is_kept():
        return _all([tier for tier in TIERS if tier.key in keys or not (keys or tier.by_name)])


@contextmanager
def bytecode_is_kept() -> Iterator[None]:
    """A machine may be told to keep no compiled modules beside their source. Then they are kept apart, and for this run.

    Hundreds of processes are started here, servers and commands; each would compile the same seven hundred modules first.
    """
    if not sys.dont_write_bytecode:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="inmind-bytecode-", ignore_cleanup_errors=True) as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        yield


def _all(chosen: list[Tier]) -> int:
    started = time.monotonic()
    beside = [tier for tier in chosen if tier.waits and chosen[0].key == "rules"]
    with tempfile.TemporaryFile("w+") as told, ThreadPoolExecutor(1) as other:
        runs = [(tier, other.submit(_run, tier, told)) for tier in beside]
        results = [(tier.key, tier.says, *_run(tier)) for tier in chosen[:1]]
        results += [(tier.key, tier.says, *run.result()) for tier, run in runs]
        told.seek(0)
        print(told.read(), flush=True)
    results += [(tier.key, tier.says, *_run(tier)) for tier in chosen[1:] if tier not in beside]
    return report("Tiers", results, time.monotonic() - started)


def report(title: str, results: list[tuple[str, str, bool, float]], whole: float) -> int:
    """Print what passed and how long it took (key, what it says, passed, seconds); the exit code of the whole."""
    print(f"\n{title}")
    for key, says, passed, seconds in results:
        print(f"  {'passed' if passed else 'FAILED'} {seconds:6.1f} s  {key}: {says}")
    print(f"  whole  {whole:6.1f} s", flush=True)
    return 0 if all(passed for _, _, passed, _ in results) else 1


def _run(tier: Tier, told: IO[str] | None = None) -> tuple[bool, float]:
    """Whether a tier passed, and in how many seconds; what it says goes to the screen, or is told to a file."""
    print(f"\n=== {tier.key}: {tier.says}", file=told, flush=True)
    started = time.monotonic()
    environment = {**os.environ, "INMIND_TEST_ENGINE": tier.engine}
    if tier.key == "spark":
        environment["PYTHONPATH"] = sysconfig.get_path("purelib")  # what testing needs
    try:
        if tier.engine == "postgresql" or "kill" in tier.key:
            environment[engines.GIVEN] = engines.postgres_url()
    except engines.MissingEngine as missing:
        print(missing, file=told or sys.stderr, flush=True)
        return False, time.monotonic() - started
    codes = [
        subprocess.run(command, env=environment, stdout=told, stderr=told and subprocess.STDOUT).returncode
        for command in tier.commands()
    ]
    return not any(codes), time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
