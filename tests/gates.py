"""`make check`: what must hold before anything is shared, gate by gate, each timed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.architecture.house import core_files
from tests.tiers import bytecode_is_kept, report

PYTHON = (sys.executable, "-m")
STRICTLY = ("--strict", "--enable-error-code=misc", "--enable-error-code=override", "--cache-dir=.mypy_cache/strict")
GATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "lint": ("ruff finds nothing", (*PYTHON, "ruff", "check", "--quiet", ".")),
    "form": ("all files have the house's form (make format)", (*PYTHON, "ruff", "format", "--check", "--quiet", ".")),
    "types": ("mypy finds nothing", (*PYTHON, "mypy")),
    "core": ("mypy finds nothing in core, strictly", (*PYTHON, "mypy", *STRICTLY, *core_files())),
    "imports": ("imports only go down", (str(Path(sys.executable).with_name("lint-imports")), "--no-logo")),
    "laws": ("the laws of the house", (*PYTHON, "pytest", "--quiet", "--no-header", "tests/architecture")),
    "migrations": ("no migration is missing", (sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")),
    "docs": ("docs/reference is fresh (make docs)", (*PYTHON, "inmind.reference", "--check")),
    "words": ("every word is translated and compiled (make words)", (*PYTHON, "inmind.words", "--check")),
}


def main(keys: list[str]) -> int:
    """Pass all gates, or those named; 0 when all are open."""
    if unknown := set(keys) - set(GATES):
        print(f"There is no gate {', '.join(sorted(unknown))}. Gates: {', '.join(GATES)}.", file=sys.stderr)
        return 2
    results, begun = [], time.monotonic()
    with bytecode_is_kept(), ThreadPoolExecutor(2) as two:
        runs = {key: two.submit(_open, command) for key, (_, command) in GATES.items() if not keys or key in keys}
        for key, run in runs.items():
            passed, said, seconds = run.result()
            print(f"\n=== {key}: {GATES[key][0]}\n{said}", end="", flush=True)
            results.append((key, GATES[key][0], passed, seconds))
    return report("Gates", results, time.monotonic() - begun)


def _open(command: tuple[str, ...]) -> tuple[bool, str, float]:
    """Whether a gate is open, what it said, and how many seconds it took; in an installation of its own."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="inmind-check-") as home:
        environment = {**os.environ, "INMIND_HOME": home}
        environment.pop("DATABASE_URL", None)
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return not done.returncode, done.stdout, time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
