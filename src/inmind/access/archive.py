"""What a backup holds: a manifest, the files beside the database, then every table row by row. No database here.

Inside the encrypted stream (`envelope.py`) lies a compressed text of one JSON value a line:

    {"inmind": "archive", ...}                          the manifest: see `Manifest`
    {"file": "keys/audit.key", "base64": "..."}         a file, in one piece or in several that follow each other
    {"table": "people_person", "columns": {...}}        a table begins: its columns, each with its kind
    ["0190...", "María", null, ...]                     one row of it, a value a column
    {"end": {"tables": 21, "rows": 190312}}             the archive is whole

Values keep their exact type by the column's kind, whichever database they come from and go to.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, BinaryIO
from uuid import UUID

from inmind.access.envelope import CHUNK, CannotOpen, Cost, Opener, PublicKey, Sealer, opened

FORMAT = 1
PIECE = 256 * 1024  # bytes of a file on one line

# How a value of each kind is written, and read again. `None` is null for all.
_MICROSECOND = timedelta(microseconds=1)
KINDS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "integer": (int, int),
    "boolean": (bool, bool),
    "text": (str, str),
    "float": (float, float),
    "decimal": (str, Decimal),
    "uuid": (str, UUID),
    "date": (date.isoformat, date.fromisoformat),
    "time": (time.isoformat, time.fromisoformat),
    "moment": (lambda value: value.astimezone(UTC).isoformat(timespec="microseconds"), datetime.fromisoformat),
    "duration": (lambda value: value // _MICROSECOND, lambda value: timedelta(microseconds=value)),
    "bytes": (
        lambda value: base64.b64encode(value).decode("ascii"),
        lambda value: base64.b64decode(value, validate=True),
    ),
    "json": (str, str),  # its text, so that null and absent stay apart
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive says of itself, first of all."""

    edition: str
    profile: str
    engine: str
    taken_at: str  # UTC
    migrations: list[tuple[str, str]]
    tables: dict[str, int]  # table -> rows
    head: str | None  # of the sealed trail at that moment, as number:code
    left_out: dict[str, str] = field(default_factory=dict)  # table -> why
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns with their kinds in order, and its rows as tuples of Python values, to be read once."""

    name: str
    columns: dict[str, str]
    rows: Iterable[tuple[Any, ...]]


class Writer:
    """Writes an archive: the manifest, then files, then tables, then `close`."""

    def __init__(self, file: BinaryIO, to: str | PublicKey, manifest: Manifest, cost: Cost | None = None) -> None:
        self._sealer = Sealer(file, to, cost)
        self._packer = zlib.compressobj(level=1)
        self._tables = self._rows = 0
        self._line({"inmind": "archive", **asdict(manifest)})

    def file(self, name: str, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self._line({"file": name, "base64": base64.b64encode(piece).decode("ascii")})

    def table(self, table: Table) -> int:
        """Write a table. Returns how many rows it had."""
        self._line({"table": table.name, "columns": table.columns})
        writers = [KINDS[kind][0] for kind in table.columns.values()]
        count = 0
        for row in table.rows:
            self._line([None if value is None else write(value) for write, value in zip(writers, row, strict=True)])
            count += 1
        self._tables += 1
        self._rows += count
        return count

    def close(self) -> None:
        self._line({"end": {"tables": self._tables, "rows": self._rows}})
        self._sealer.write(self._packer.flush())
        self._sealer.close()

    def _line(self, value: Any) -> None:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
        self._sealer.write(self._packer.compress(line.encode()))


class Reader:
    """Reads an archive once, in its order: `manifest`, then `files()`, then `tables()`. Raises CannotOpen."""

    def __init__(self, file: BinaryIO, by: Opener) -> None:
        self._lines = _lines(_unpacked(opened(file, by)))
        said = self._read() or {}
        if not isinstance(said, dict) or said.pop("inmind", "") != "archive" or said.get("format") != FORMAT:
            raise CannotOpen(
                "This backup is written in a way that this edition does not know.",
                "A newer edition of InMind made it.",
                "Install that edition, and restore with it.",
            )
        self.manifest = _manifest(said)
        self._next = self._read()

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each file's name with its pieces, which are read before the next file."""
        for name, pieces in groupby(self._while("file"), key=lambda said: said["file"]):
            if not isinstance(name, str):
                raise not_as_written()
            yield name, (_decoded(piece.get("base64")) for piece in pieces)

    def tables(self) -> Iterator[Table]:
        """Each table with its rows, which are read before the next table; at the end, whether the archive is whole."""
        tables = rows = 0
        while "table" in self._next:
            name, columns = self._next["table"], self._next.get("columns")
            if not isinstance(name, str) or not _are_columns(columns):
                raise not_as_written()
            counted = _Counted(self._rows(columns.values()))
            yield Table(name, columns, counted)
            for _ in counted:  # what the caller left unread
                pass
            tables, rows = tables + 1, rows + counted.count
        if self._next.get("end") != {"tables": tables, "rows": rows} or next(self._lines, None) is not None:
            raise CannotOpen("This backup was not finished.", next_step="Take an earlier one.")

    def _while(self, word: str) -> Iterator[dict[str, Any]]:
        while word in self._next:
            yield self._next
            self._next = self._read()

    def _rows(self, kinds: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        readers = [KINDS[kind][1] for kind in kinds]
        while isinstance(row := self._read(), list):
            try:
                values = tuple(None if value is None else read(value) for read, value in zip(readers, row, strict=True))
            except (ValueError, TypeError, AttributeError, ArithmeticError) as fault:
                raise not_as_written() from fault
            yield values
        self._next = row

    def _read(self) -> Any:
        """The next line: an object or a row; an empty object after the last."""
        try:
            said = json.loads(next(self._lines, b"{}"))
        except (ValueError, RecursionError) as fault:  # neither text nor JSON
            raise not_as_written() from fault
        if not isinstance(said, dict | list):
            raise not_as_written()
        return said


def not_as_written() -> CannotOpen:
    """It opened by its passphrase, and holds what no edition wrote."""
    return CannotOpen(
        "What this backup holds is not what InMind writes into one.",
        "Somebody who knows its passphrase altered it, or made it.",
        "Take another copy of it, or an earlier backup, and ask who made this one.",
    )


_TEXT, _WHOLE = (lambda value: isinstance(value, str)), (lambda value: type(value) is int)
_SAID: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("edition", "profile", "engine", "taken_at"), _TEXT),
    "migrations": lambda value: (
        isinstance(value, list)
        and all(isinstance(pair, list) and len(pair) == 2 and all(map(_TEXT, pair)) for pair in value)
    ),
    "tables": lambda value: isinstance(value, dict) and all(map(_WHOLE, value.values())),
    "head": lambda value: value is None or _TEXT(value),
    "left_out": lambda value: isinstance(value, dict) and all(map(_TEXT, value.values())),
    "format": _WHOLE,
}


def _manifest(said: dict[str, Any]) -> Manifest:
    if said.keys() != _SAID.keys() or not all(holds(said[part]) for part, holds in _SAID.items()):
        raise not_as_written()
    return Manifest(**{**said, "migrations": [tuple(pair) for pair in said["migrations"]]})


def _are_columns(said: Any) -> bool:
    return (
        isinstance(said, dict) and bool(said) and all(isinstance(kind, str) and kind in KINDS for kind in said.values())
    )


def _decoded(said: Any) -> bytes:
    try:
        return base64.b64decode(said, validate=True)
    except (TypeError, ValueError) as fault:
        raise not_as_written() from fault


class _Counted:
    """An iterator that knows how much was taken from it."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for row in self._rows:
            self.count += 1
            yield row


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    try:
        for chunk in chunks:
            while chunk:
                yield unpacker.decompress(chunk, CHUNK)  # a little at a time, however well it was packed
                chunk = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as fault:
        raise not_as_written() from fault


def _lines(parts: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for part in parts:
        *whole, rest = (rest + part).split(b"\n")
        yield from whole
