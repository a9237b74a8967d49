"""`make test`: the whole suite, tier by tier, each timed. Any tier that fails, or finds no test, fails the whole.

`make test TIERS=spark` holds Spark to DuckDB; it installs half a gigabyte first, and takes minutes.
The laws of the house alone are asked by `make check`, and only there.

Both databases meet every action and what it leaves, constraints, triggers, locks, searches, lists, the trail, moving out
and in, and each address once. Told once, and marked `sqlite`: what a rule refuses before anything is written, what is read
from a file or said in a letter, how a page looks, and who may, for everybody who may not, up to walks past every address
to find nothing there, since the policy's own answers are compared on both.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bench import extras
from tests import engines
from tests.architecture.house import core_files

PYTEST = ("-m", "pytest", "--quiet", "--no-header", "-rs", "--ignore=tests/architecture", "-m")
# Each begins at its own half, so that what a module's tests share is mostly made once, and takes over from the other.
TWO_AT_A_TIME = ("-n", "2", "--dist", "worksteal")
HALF_OF_THE_RULES = ("src/inmind/screening", "src/inmind/services")  # by how long their tests take
# By a mark: where its tests stand. A tier of few tests reads these files alone; a test elsewhere is refused as it is
# gathered (conftest.py), in any tier that gathers all.
PLACES = {
    "kill": ("tests/kill", "src/inmind/access/tests/test_backup.py"),
    "browser": (
        "tests/journeys",
        "tests/story/test_pictures.py",
        "src/inmind/foundation/tests/test_in_the_browser.py",
        "src/inmind/access/tests/test_in_the_browser.py",
        "src/inmind/away/tests/test_scripts.py",
    ),
    "both_databases": ("tests/journeys",),
}
ROOM_IN_MEMORY = 6_000_000_000  # bytes; what is left of passed tests is removed as they pass


@dataclass(frozen=True, slots=True)
class Tier:
    """Some tests: `marks` chooses them, `engine` is the database they meet."""

    key: str
    says: str
    marks: str
    engine: str = "sqlite"
    places: tuple[str, ...] = ()  # the files it reads; all of them where none is named
    together: bool = True  # whether two of its tests may run side by side
    waits: bool = False  # it mostly waits for the disk, and runs beside the rules, which do not
    by_name: bool = False  # it runs only when it is named

    def commands(self, place: str) -> list[list[list[str]]]:
        """What it runs, one step after another; the commands of a step run side by side. place: a folder for the run."""
        tests = [*PYTEST, self.marks, *(TWO_AT_A_TIME if self.together else ())]
        if self.key == "spark":
            return [[[str(extras.python() or "false"), *tests, "src/inmind/screening/tests/test_spark.py"]]]
        if self.key != "rules":
            return [[[sys.executable, *tests, *self.places]]]
        # The rules are covered by branch, fully, by tests that touch no database; measured in two processes, and not in
        # those that tests start, because that would change how much memory and time they take.
        cover, core = [sys.executable, "-m", "coverage"], f"--include={','.join(core_files())}"
        rest = [*(f"--ignore={path}" for path in HALF_OF_THE_RULES), "tests", "src"]
        return [
            [
                [*cover, "run", f"--data-file={place}/one", *tests, *HALF_OF_THE_RULES],
                [*cover, "run", f"--data-file={place}/other", *tests, *rest],
            ],
            [[*cover, "combine", "--quiet", f"{place}/one", f"{place}/other"]],
            [[*cover, "report", core, "--skip-covered", "--show-missing", "--fail-under=100"]],
        ]


QUICK = "not browser and not kill"
TIERS = (
    Tier("rules", "the rules, without a database, covered fully", f"not database and {QUICK}", together=False),
    Tier("sqlite", "actions and pages on SQLite", f"database and {QUICK}"),
    Tier("postgresql", "actions and pages on PostgreSQL", f"database and {QUICK}", engine="postgresql"),
    Tier(
        "kill-sqlite",
        "killed while writing, on SQLite",
        "kill",
        places=PLACES["kill"],
        together=False,
        waits=True,
    ),
    Tier(
        "kill-postgresql",
        "killed while writing, on PostgreSQL",
        "kill",
        engine="postgresql",
        places=PLACES["kill"],
        together=False,
        waits=True,
    ),
    Tier(
        "browser",
        "journeys in a browser, on SQLite; at a desk, where they are told on both",
        "browser",
        places=PLACES["browser"],
    ),
    Tier(
        "browser-postgresql",
        "journeys for both databases, on PostgreSQL, on a phone",
        "browser and both_databases",
        engine="postgresql",
        places=PLACES["both_databases"],
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
    with bytecode_is_kept(), folders_in_memory() as folder:
        return _all(folder, [tier for tier in TIERS if tier.key in keys or not (keys or tier.by_name)])


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


@contextmanager
def folders_in_memory() -> Iterator[str]:
    """Where tests put their installations: a folder in memory, where no commit waits for a disk; else as the system says.

    What SQLite is told of saving stays as it is in a clinic. Who is killed while writing meets a real disk.
    """
    shared = Path("/dev/shm")
    if not (shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOM_IN_MEMORY):
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="inmind-tests-", dir=shared, ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o711)  # PostgreSQL, which a test may start in it as another user, passes through
        yield folder


def _all(folder: str, chosen: list[Tier]) -> int:
    started = time.monotonic()
    beside = [tier for tier in chosen if tier.waits and chosen[0].key == "rules"]
    with tempfile.TemporaryFile("w+") as told, ThreadPoolExecutor(1) as other:
        runs = [(tier, other.submit(_run, tier, "", told)) for tier in beside]
        results = [(tier.key, tier.says, *_run(tier, folder)) for tier in chosen[:1]]
        results += [(tier.key, tier.says, *run.result()) for tier, run in runs]
        told.seek(0)
        print(told.read(), flush=True)
    results += [
        (tier.key, tier.says, *_run(tier, "" if tier.waits else folder)) for tier in chosen[1:] if tier not in beside
    ]
    return report("Tiers", results, time.monotonic() - started)


def report(title: str, results: list[tuple[str, str, bool, float]], whole: float) -> int:
    """Print what passed and how long it took (key, what it says, passed, seconds); the exit code of the whole."""
    print(f"\n{title}")
    for key, says, passed, seconds in results:
        print(f"  {'passed' if passed else 'FAILED'} {seconds:6.1f} s  {key}: {says}")
    print(f"  whole  {whole:6.1f} s", flush=True)
    return 0 if all(passed for _, _, passed, _ in results) else 1


def _run(tier: Tier, folder: str, told: IO[str] | None = None) -> tuple[bool, float]:
    """Whether a tier passed, and in how many seconds; what it says goes to the screen, or is told to a file.

    folder: where its tests put what they make; empty where the system says.
    """
    print(f"\n=== {tier.key}: {tier.says}", file=told, flush=True)
    started = time.monotonic()
    environment = {**os.environ, "INMIND_TEST_ENGINE": tier.engine}
    if folder:
        environment["TMPDIR"] = folder
    if tier.key == "spark":
        environment["PYTHONPATH"] = sysconfig.get_path("purelib")  # what testing needs
    try:
        if tier.engine == "postgresql" or "kill" in tier.key:
            environment[engines.GIVEN] = engines.postgres_url()
    except engines.MissingEngine as missing:
        print(missing, file=told or sys.stderr, flush=True)
        return False, time.monotonic() - started
    with tempfile.TemporaryDirectory(prefix="inmind-tier-") as place:
        codes = [code for step in tier.commands(place) for code in _side_by_side(step, environment, told)]
    return not any(codes), time.monotonic() - started


def _side_by_side(commands: list[list[str]], environment: dict[str, str], told: IO[str] | None) -> list[int]:
    """The exit codes. What the first says is seen as it is said; what the others said, when they are done."""
    with ExitStack() as files:
        apart = [files.enter_context(tempfile.TemporaryFile("w+")) for _ in commands[1:]]
        running = [
            subprocess.Popen(command, env=environment, stdout=out, stderr=out and subprocess.STDOUT)
            for command, out in zip(commands, [told, *apart], strict=True)
        ]
        try:
            codes = [one.wait() for one in running]
        finally:
            for one in running:
                one.kill()  # when this run was told to stop
        for out in apart:
            out.seek(0)
            print(out.read(), file=told, flush=True)
    return codes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
