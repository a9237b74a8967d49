"""What only the bench needs: others' libraries, each in a folder of its own under `build`, and never in the base install.

Where one cannot be had, whoever measures beside it says so in a sentence and goes on.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PLACE = PROJECT / "build" / "bench"
FHIRPATH = "fhirpath@5.1.1"


@cache
def python() -> Path | None:
    """A Python with Spark and fhirpathpy beside what InMind needs; None where it cannot be made."""
    here = PLACE / "bin" / "python"
    wanted = [PROJECT / "requirements" / f"{name}.txt" for name in ("spark", "bench")]
    stamp, says = PLACE / "installed.txt", "".join(path.read_text(encoding="utf-8") for path in wanted)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == says:
        return here
    install = [str(here), "-m", "pip", "install", "--quiet"]
    if shutil.which("uv"):
        install = ["uv", "pip", "install", "--quiet", "--python", str(here)]
    steps = [[sys.executable, "-m", "venv", str(PLACE)], [*install, "--require-hashes"]]
    for path in wanted:
        steps[1] += ["-r", str(path)]
    if not _done(steps, "Spark and fhirpathpy"):
        return None
    stamp.write_text(says, encoding="utf-8")
    return here


@cache
def node() -> Path | None:
    """The folder from which node finds `fhirpath`; None where there is no node, or no way to the package."""
    if not shutil.which("node") or not shutil.which("npm"):
        return _say("There is no node here: nothing is measured beside the JavaScript package fhirpath.")
    if not (PLACE / "node_modules" / "fhirpath").is_dir():
        npm = ["npm", "install", "--silent", "--no-save", "--ignore-scripts", "--prefix", str(PLACE), FHIRPATH]
        if not _done([npm], "the JavaScript package fhirpath"):
            return None
    return PLACE


def _done(steps: list[list[str]], what: str) -> bool:
    for step in steps:
        if subprocess.run(step, capture_output=True).returncode:
            _say(f"Nothing is measured beside {what}: it could not be installed.")
            return False
    return True


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
