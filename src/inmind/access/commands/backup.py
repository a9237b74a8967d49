"""`inmind backup FILE`: write an encrypted backup while the house goes on working."""

from __future__ import annotations

import argparse
import errno
import fcntl
import os
import signal
import sqlite3
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection

from inmind import __version__, sqlite
from inmind.access import audit, erased, vault
from inmind.access.archive import PIECE, Manifest, Writer
from inmind.access.commands import passphrase
from inmind.access.envelope import PublicKey
from inmind.access.snapshot import snapshot
from inmind.access.tables import LEFT_OUT, Layout
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.jobs import runner

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WHEN_STOPPED = "No backup was written; an older one of this name stands as it was."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the file to write; an older one of this name is replaced at the end")
    passphrase.add(parser)
    parser.add_argument(
        "--to",
        metavar="PUBLIC-KEY",
        help="seal it for this key instead: who runs this cannot open it (see `inmind keys`)",
    )


def run(args: argparse.Namespace) -> int:
    """Write the backup beside its name, and give it the name when it is whole and on the disk."""
    settings.INSTALLATION.check()  # without its keys a backup could not be read again
    words = passphrase.for_a_new_one(args)
    began = time.monotonic()
    with _beside(args.file) as file, _still():
        manifest = write_archive(file, words)
    beside = _list_beside(args.file)
    runner.beat("backup")
    print(
        f"Backed up {manifest.rows} rows of {len(manifest.tables)} tables, the keys and the settings, "
        f"as they stood at {manifest.taken_at}, in {time.monotonic() - began:.1f} seconds."
    )
    size = args.file.stat().st_size
    opens = "the secret key" if args.to else "its passphrase"
    print(f"{args.file} has {_spoken(size)}. Keep it in another place, and {opens} in a third.")
    if beside is not None:
        print(
            f"{beside.name} lies beside it: the list of those who were erased. Keep it with all backups, older ones too."
        )
    return 0


def _list_beside(target: Path) -> Path | None:
    """The list of those who were erased, beside the backup, so that an older one is not restored without it."""
    if not erased.file().exists():
        return None
    beside = target.with_name(target.name + erased.ENDING)
    with _beside(beside) as file:
        file.write(erased.file().read_bytes())
    return beside


def write_archive(file: BinaryIO, words: str | PublicKey) -> Manifest:
    """Everything of this installation as it stands at one moment, and every key that something of it may need."""
    before = vault.masters()
    with snapshot():
        layout, head = Layout(), audit.head()
        manifest = Manifest(
            edition=__version__,
            profile=settings.INSTALLATION.profile,
            engine=_engine(),
            taken_at=clock.now().isoformat(timespec="seconds"),
            migrations=layout.migrations,
            tables=layout.counts(),
            head=str(head) if head else None,
            left_out=LEFT_OUT,
        )
        archive = Writer(file, words, manifest)
        _put_files(archive, head.number if head else 0, before)
        for table in layout.tables():
            archive.table(table)
        archive.close()
    return manifest


def _put_files(archive: Writer, newest_block: int, before: dict[str, bytes]) -> None:
    """The settings, and the keys: also a master key that was here before the moment of the rows, and is replaced or
    removed by now."""
    home = settings.INSTALLATION.home
    keys = {path: path.read_bytes() for path in sorted((home / "keys").glob("*.key"))}
    now = {bytes.fromhex(digits.decode("ascii")) for digits in keys.values()}
    keys |= {home / "keys" / f"master.{name}.key": key.hex().encode() for name, key in before.items() if key not in now}
    for path, content in {home / "installation.toml": (home / "installation.toml").read_bytes(), **keys}.items():
        archive.file(path.relative_to(home).as_posix(), [content])
    # Heads of blocks that were sealed after this moment are not in this backup, and would look like a trail cut short.
    if erased.file().exists():
        archive.file(f"keys/{erased.NAME}", [erased.file().read_bytes()])
    archive.file("keys/heads.log", _pieces(head for head in audit.heads_outside() if head.number <= newest_block))


def _pieces(heads: Iterator[audit.Head]) -> Iterator[bytes]:
    waiting = bytearray()
    for head in heads:
        waiting += f"{head}\n".encode("ascii")
        if len(waiting) >= PIECE:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _engine() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    major, minor = connection.get_database_version()[:2]
    return f"PostgreSQL {major}.{minor}"


def _spoken(size: int) -> str:
    return f"{size / 1e6:.1f} megabytes" if size >= 1e6 else f"{-(-size // 1000)} kilobytes"


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    """A file beside the target, which takes its name at the end: until then an older backup stays as it is."""
    if target.is_dir():
        raise BadInput("%(file)s is a folder.", "A backup is one file.", facts={"file": target})
    part = target.with_name(f"{target.name}.part")
    with _cannot_be_written():
        listen = _deaf()  # a file that is there is one that is cleaned up
        try:
            file = _ours(part)
        except BaseException:
            listen()
            raise
        try:
            with file:
                listen()  # raises what was asked for in the meantime
                file.truncate()
                yield file
                file.flush()
                os.fsync(file.fileno())
                part.rename(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _deaf() -> Callable[[], None]:
    """From now on a signal that would stop this command only is remembered; what is returned listens again, and hears it.

    A thread's mask would not do: the threads of the database's pool hear a signal too, and this one then acts on it.
    """
    heard: list[int] = []
    before = {each: handler for each in STOPPING if callable(handler := signal.getsignal(each))}
    for each in before:
        signal.signal(each, lambda number, _: heard.append(number))

    def listen() -> None:
        for each, handler in before.items():
            signal.signal(each, handler)
        if heard:
            signal.raise_signal(heard[0])

    return listen


def _ours(part: Path) -> BinaryIO:
    """The file beside the target, and nobody else's while it is open."""
    file = os.fdopen(_opened(part), "wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        file.close()
        raise BadInput("Another backup is being written to this file.", "Wait until it is done.") from taken
    return file


def _opened(part: Path) -> int:
    """A file of ours to write into, also one that a backup left which was killed; never one that leads elsewhere."""
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_nlink != 1:
        os.close(handle)
        raise BadInput(
            "%(file)s stands in the way, and no backup of yours left it.",
            "A backup is written there first.",
            "Remove it, or choose another folder.",
            facts={"file": part},
        )
    os.fchmod(handle, 0o600)
    return handle


@contextmanager
def _cannot_be_written() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        why = "a link stands in the way" if fault.errno == errno.ELOOP else fault.strerror
        raise BadInput(
            "The backup cannot be written: %(why)s.", next_step="Choose another file.", facts={"why": why}
        ) from fault


@contextmanager
def _still() -> Iterator[None]:
    """Where only a rollback journal is safe, a reader would keep writers waiting: read from a copy made in one go."""
    if connection.vendor != "sqlite" or sqlite.wal_is_safe():
        yield
        return
    original = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory(prefix="copy-", dir=settings.INSTALLATION.home) as folder:
        copy = Path(folder) / "inmind.sqlite3"
        copy.touch(0o600)
        connection.ensure_connection()
        target = sqlite3.connect(copy)
        connection.connection.backup(target)
        target.close()
        connection.close()
        connection.settings_dict["NAME"] = copy
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = original
