"""Set up the project's own Python environment in `.venv`, from hash-pinned requirements. Standard library only.

    python3.11 setup/environment.py base    what running needs
    python3.11 setup/environment.py test    what testing needs besides

The quickest road first (uv, itself pinned), plain pip where uv cannot. A stamp in `.venv` keeps what was installed, so
that the next call ends at once and needs no network. InMind itself is not built or downloaded: a path file points at
`src`, and `.venv/bin/inmind` starts it.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
SETS = {"base": ("base",), "test": ("test", "base")}  # a set that is installed, and the sets it covers
LAUNCHER = """#!/bin/sh
exec "$(dirname "$0")/python" -m inmind.cli "$@"
"""


def main(wanted: str) -> int:
    if _stamped(wanted):
        return 0
    started = time.monotonic()
    try:
        _make_environment()
    except (OSError, subprocess.CalledProcessError) as problem:
        return _say(
            f"The environment could not be made with {sys.executable} ({problem}).\n"
            "It needs Python's own venv and pip; on Debian and Ubuntu: apt install python3-venv"
        )
    road = _install(PROJECT / "requirements" / f"{wanted}.txt")
    if not road:
        return _say(
            "The requirements could not be installed. The first set-up needs a way to Python's package registry."
        )
    _make_importable()
    for name in SETS[wanted]:
        (VENV / f".inmind-{name}").write_text(_fingerprint(name), encoding="utf-8")
    print(f"Set up by {road} in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


def _stamped(wanted: str) -> bool:
    stamp = VENV / f".inmind-{wanted}"
    return PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == _fingerprint(wanted)


def _fingerprint(wanted: str) -> str:
    """What the set was installed from: its requirements, this script, and where the environment stands."""
    parts = [(PROJECT / "requirements" / f"{wanted}.txt").read_bytes(), Path(__file__).read_bytes(), bytes(VENV)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _make_environment() -> None:
    """A working environment is kept; one whose Python is gone, or of another edition, is made anew."""
    said = "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))"
    if PYTHON.exists() and not subprocess.run([PYTHON, "-c", said], stderr=subprocess.DEVNULL).returncode:
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)


def _install(requirements: Path) -> str:
    """Install by the first road that arrives, and name it; empty when none does."""
    for road, command in _roads(requirements):
        if not subprocess.run([*map(str, command), "--require-hashes", "-r", str(requirements)]).returncode:
            return road
        print(f"The road by {road} is closed.", file=sys.stderr, flush=True)
    return ""


def _roads(requirements: Path) -> Iterator[tuple[str, list[object]]]:
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    uv = VENV / "bin" / "uv"
    by_uv = ["pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
    if not uv.exists():
        pinned = PROJECT / "requirements" / "setup.txt"
        subprocess.run([*map(str, pip), "--require-hashes", "-r", str(pinned)], stderr=subprocess.DEVNULL)
    if uv.exists():
        yield "uv", [uv, *by_uv]
    if found := shutil.which("uv"):
        yield "the machine's uv", [found, *by_uv]
    yield "pip", pip


def _make_importable() -> None:
    """A path file, relative so that it names no folder of this machine, and the launcher."""
    said = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([PYTHON, "-c", said], check=True, capture_output=True, text=True).stdout.strip())
    up = "/".join([".."] * len(packages.relative_to(PROJECT).parts))
    (packages / "inmind.pth").write_text(f"{up}/src\n", encoding="utf-8")
    launcher = VENV / "bin" / "inmind"
    launcher.write_text(LAUNCHER, encoding="utf-8")
    launcher.chmod(0o755)


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    if not (3, 11) <= sys.version_info < (3, 15):
        sys.exit(_say(f"InMind needs Python 3.11 to 3.14; this is {sys.version.split()[0]}."))
    sys.exit(main(sys.argv[1]))
