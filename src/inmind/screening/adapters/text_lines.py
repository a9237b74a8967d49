"""Reads a text file line by line, whatever its length, its line ends and the letters in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

# Letters; a line beyond is no row of answers and is not held in memory. Of four bytes each they fit into a piece of `duck`.
LONGEST = 900_000
_TOLD_EVERY = 50_000


@contextmanager
def text_lines(path: Path, tell: Callable[[int, float], None] = lambda *_: None) -> Iterator[Iterator[str]]:
    """The lines of a UTF-8 file, "" for one that is too long. tell: hears how many are read, and which share.

    Bytes that are not UTF-8 come as half characters, so that one wrong letter costs one field and not the file.
    """
    with path.open("rb") as raw, TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape") as file:
        size = path.stat().st_size

        def lines() -> Iterator[str]:
            for number, line in enumerate(_whole(file), start=1):
                if number % _TOLD_EVERY == 0:
                    tell(number, raw.tell() / size)
                yield line

        yield lines()


def is_not_utf8(text: str) -> bool:
    """Whether a text of `text_lines` holds bytes that were not UTF-8."""
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)


def _whole(file: TextIOWrapper) -> Iterator[str]:
    while line := file.readline(LONGEST):
        if len(line) < LONGEST or line.endswith("\n"):
            yield line
            continue
        while (more := file.readline(LONGEST)) and len(more) == LONGEST and not more.endswith("\n"):
            pass
        yield ""
