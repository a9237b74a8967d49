"""`make check`: what must hold before anything is shared, gate by gate, each timed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
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
    with tempfile.TemporaryDirectory(prefix="inmind-check-") as home, bytecode_is_kept():
        environment = {**os.environ, "INMIND_HOME": home}
        environment.pop("DATABASE_URL", None)
        for key, (says, command) in GATES.items():
            if keys and key not in keys:
                continue
            print(f"\n=== {key}: {says}", flush=True)
            started = time.monotonic()
            failed = subprocess.run(command, env=environment).returncode
            results.append((key, says, not failed, time.monotonic() - started))
    return report("Gates", results, time.monotonic() - begun)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
