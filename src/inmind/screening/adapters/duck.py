"""DuckDB: runs the rules of `answer_rows` as SQL over a file, in bounded memory and without leaving this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import duckdb

from inmind.screening import answer_rows
from inmind.screening.answer_rows import Status
from inmind.screening.expression import Layers, quoted, select
from inmind.screening.instruments import Instrument

Connection: TypeAlias = duckdb.DuckDBPyConnection
# What can go wrong, the last of all kinds.
OutOfMemory, CannotOpen, Damaged, Failed = (
    duckdb.OutOfMemoryException,
    duckdb.IOException,
    (duckdb.InvalidInputException, duckdb.NotImplementedException),  # the second: a line longer than several pieces
    duckdb.Error,
)

_WATCH_SECONDS = 0.2
# What a reason of `answer_rows` repeats of the row, and how many different ones are told.
_FOUND = '(?s)holds ".*?", not '
_MOST_REASONS = 10
# The piece of a file that is read at a time; DuckDB's own 32 MB would not fit a small limit.
_PIECE_BYTES = 4_000_000
# DuckDB 2.0.0 fails on `x = CASE WHEN … THEN '0' END` where it learns beforehand that the condition never holds, from
# constants or a Parquet file's statistics ("BindBuiltinScalarFunction did not return a BoundFunctionExpression"). No
# rule of today met it; the generated ones did. Not learning costs nothing that was measured.
NO_FOLDING = "SET disabled_optimizers = 'statistics_propagation'"


@contextmanager
def opened(memory: str, source: Path, folder: Path) -> Iterator[Connection]:
    """A database in memory that may use this much of it, and reaches one file and one folder: no other, no network."""
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            # Several threads finish pieces out of order and hold them until their turn: memory grows with the file.
            "threads": "1",
            "temp_directory": "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    try:
        connection.execute(NO_FOLDING)
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        # Writing takes a path as it is, reading takes it for a pattern: both spellings are let through.
        connection.execute(f"SET allowed_paths = [{_text(str(source))}, {_file(source)}]")
        connection.execute(f"SET allowed_directories = [{_text(str(folder))}, {_file(folder)}]")
        connection.execute("SET enable_external_access = false")
        yield connection
    finally:
        connection.close()


def parquet_columns(connection: Connection, path: Path) -> list[str]:
    return [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {_parquet(path)}").fetchall()]


def from_parquet(path: Path, instrument: Instrument, columns: Mapping[str, str], id_column: str | None) -> str:
    """The rows of a Parquet file as `answer_rows.rules` wants them; every value as text. columns: item key -> name."""
    named = {item: quoted(name) for item, name in columns.items()}
    return _rows(
        _parquet(path),
        "row_number() OVER ()",
        quoted(id_column) if id_column else "NULL",
        {key: named[key] for key in answer_rows.wanted(instrument)},
    )


def from_delimited(
    path: Path,
    instrument: Instrument,
    *,
    names: Sequence[str],
    delimiter: str,
    columns: Mapping[str, str],
    id_column: str | None,
) -> str:
    """The rows of a delimited file, read by DuckDB itself; its reading fails on the first damaged row."""
    place = {name: quoted(f"column {number}") for number, name in enumerate(names)}
    return _rows(
        _csv(path, [f"column {number}" for number in range(len(names))], delimiter),
        "row_number() OVER ()",
        place[id_column] if id_column else "NULL",
        {key: place[columns[key]] for key in answer_rows.wanted(instrument)},
    )


def from_staged(path: Path, instrument: Instrument) -> str:
    """The rows of a file staged by `score_file`: row number, id, problem, then the items in order."""
    names = [answer_rows.ROW, answer_rows.ID, answer_rows.PROBLEM, *answer_rows.wanted(instrument)]
    return _rows(
        _csv(path, names, ",", has_heading=False),
        quoted(answer_rows.ROW),
        quoted(answer_rows.ID),
        {key: quoted(key) for key in answer_rows.wanted(instrument)},
        problem=quoted(answer_rows.PROBLEM),
    )


def write(connection: Connection, layers: Layers, rows: str, path: Path, tell: Callable[[float], None]) -> None:
    """Run the rules over the rows into a file, as its name says CSV or Parquet. tell: hears the share that is done."""
    shown = ", ".join(f"{quoted(answer_rows.result(name))} AS {quoted(name)}" for name in answer_rows.RESULTS)
    form = "FORMAT parquet" if path.suffix == ".parquet" else "FORMAT csv, HEADER"
    _watched(connection, f"COPY (SELECT {shown} FROM {select(layers, rows)}) TO {_text(str(path))} ({form})", tell)


def write_rows(connection: Connection, rows: str, path: Path) -> None:
    """The rows as they are, into a Parquet file: what another engine reads."""
    _watched(connection, f"COPY (SELECT * FROM {rows}) TO {_text(str(path))} (FORMAT parquet)", lambda _: None)


def tally(connection: Connection, path: Path) -> list[tuple[str, str | None, str | None, int]]:
    """How many rows of a result share status, band and flags: four columns, the number last."""
    grouped = f"SELECT status, band, flags, count(*) FROM {_result(path)} GROUP BY ALL"
    return connection.execute(grouped).fetchall()


def reasons(connection: Connection, path: Path) -> list[tuple[int, int, str]]:
    """Why rows of a result could not be read: how many rows, the first one's number, and its reason; most frequent first.

    Reasons that differ only in what was found are one, and a row with several counts at its first: so there are few,
    however many rows there are.
    """
    alike = f"rtrim(split_part(regexp_replace(reason, {_text(_FOUND)}, ''), '; ', 1), '.')"
    row = "CAST(row AS BIGINT)"
    return connection.execute(
        f"SELECT count(*), min({row}), arg_min(reason, {row}) FROM {_result(path)} "
        f"WHERE status = {_text(Status.UNREADABLE)} GROUP BY {alike} ORDER BY 1 DESC, 2 LIMIT {_MOST_REASONS}"
    ).fetchall()


def _watched(connection: Connection, sql: str, tell: Callable[[float], None]) -> None:
    """Run beside, so that this thread can hear a stop and say how far it is. Stopping it stops the database at once."""
    faults: list[Exception] = []
    is_done = (
        threading.Event()
    )  # not the thread's own join: that takes a thread for finished when a signal cuts it short

    def work() -> None:
        try:
            connection.execute(sql)
        except Exception as fault:
            faults.append(fault)
        finally:
            is_done.set()

    threading.Thread(target=work).start()
    try:
        while not is_done.wait(_WATCH_SECONDS):
            if (percent := connection.query_progress()) > 0:
                tell(percent / 100)
    except BaseException:
        connection.interrupt()
        raise
    finally:
        is_done.wait()
    for fault in faults:
        raise fault


def _rows(relation: str, row: str, id: str, items: Mapping[str, str], problem: str = "NULL") -> str:
    columns = {answer_rows.ROW: f"CAST({row} AS BIGINT)"}
    columns |= {answer_rows.ID: f"CAST({id} AS VARCHAR)", answer_rows.PROBLEM: f"CAST({problem} AS VARCHAR)"}
    columns |= {answer_rows.written(key): f"CAST({column} AS VARCHAR)" for key, column in items.items()}
    return f"(SELECT {', '.join(f'{source} AS {quoted(name)}' for name, source in columns.items())} FROM {relation})"


def _result(path: Path) -> str:
    return _parquet(path) if path.suffix == ".parquet" else _csv(path, answer_rows.RESULTS, ",")


def _parquet(path: Path) -> str:
    return f"read_parquet({_file(path)}, hive_partitioning = false)"


def _csv(path: Path, names: Sequence[str], delimiter: str, *, has_heading: bool = True) -> str:
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({_file(path)}, auto_detect = false, header = false, skip = {int(has_heading)}, "
        f"delim = {_text(delimiter)}, quote = '\"', escape = '\"', hive_partitioning = false, "
        f"buffer_size = {_PIECE_BYTES}, columns = {{{columns}}})"
    )


def _file(path: Path) -> str:
    """A path that means this one file, also where its name holds signs that would stand for many."""
    return _text("".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path)))


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
