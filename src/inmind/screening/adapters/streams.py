"""Answers that are piped in, and a result that is piped out: both go through a private folder, never through memory.

Rows may have to be read twice, and a result that is not whole is given to nobody.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from inmind.screening.errors import WrongPlace

_PIECE = 1 << 20
_TOLD_EVERY = 100  # pieces


@contextmanager
def folder_for(out: Path | None) -> Iterator[Path]:
    """A folder for its owner alone, gone at the end: beside a result, whose disk has to have the room; else with the
    system's own temporary files.
    """
    name, beside = (f".{out.name}.", out.absolute().parent) if out else (".inmind-score.", None)
    try:
        folder = Path(tempfile.mkdtemp(prefix=name, suffix=".unfinished", dir=beside))
    except OSError as fault:
        why = f"Nothing can be written in {beside or tempfile.gettempdir()} ({fault.strerror})."
        raise WrongPlace(why, "Choose another folder.") from fault
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def taken_in(stream: BinaryIO, path: Path, tell: Callable[[str], None]) -> None:
    """Keep what is piped in as a file. tell: hears how much there is already; how much will come nobody knows."""
    try:
        with path.open("xb") as file:
            pieces = 0
            while piece := stream.read(_PIECE):
                file.write(piece)
                pieces += 1
                if pieces % _TOLD_EVERY == 0:
                    tell(f"Taking in {path.name}, {pieces * _PIECE // 1_000_000:,} MB.")
    except OSError as fault:
        why = f"{path.name} cannot be kept while it is read ({fault.strerror})."
        raise WrongPlace(why, "Make room, or choose a folder on another disk.") from fault


def poured(path: Path, stream: BinaryIO) -> None:
    """Hand a whole result on. Raises BrokenPipeError when nobody reads it any more."""
    try:
        with path.open("rb") as file:
            shutil.copyfileobj(file, stream, _PIECE)
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as fault:
        why = f"The result could not be handed on to its end ({fault.strerror})."
        raise WrongPlace(why, "What was handed on is not whole. Make room, and score the file again.") from fault


def close_unread(stream: BinaryIO) -> None:
    """After a broken pipe: what is left goes nowhere, so that the interpreter's own last flush finds no fault either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
