"""A steward's table from a file on the machine's disk; without Django, so that a file of answers can be scored by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import cast

from inmind.screening import tables
from inmind.screening.errors import BadTable
from inmind.screening.instruments import Instrument
from inmind.screening.steward_table import TableRow


def text_of(file: Path) -> str:
    """Raises BadInput for a file that is not there, too large, or in a wrong encoding."""
    try:
        with file.open("rb") as there:
            data = there.read(tables.MOST_BYTES + 1)
    except OSError as fault:
        facts = {"name": str(file)[:200], "why": fault.strerror}
        raise BadTable("The table %(name)s cannot be read: %(why)s.", facts=facts) from fault
    return tables.text_of(data, file.name)


def lines(rows: Iterable[TableRow]) -> Iterator[str]:
    """What is said of each row; of those that were left empty, how many there are."""
    empty = 0
    for row in rows:
        if tables.outcome(row) is tables.Outcome.EMPTY:
            empty += 1
        else:
            yield f"line {row.line}: {row.verdict.sentence % row.verdict.facts}"
    if empty:
        yield f"{tables.Outcome.EMPTY}: {empty}"


def over(instrument: Instrument, file: Path, say: Callable[[str], None]) -> Instrument:
    """The instrument with a file's table over it, under the file's name. What of it is not taken, or wins over ours, is said.

    Raises BadInput for a file of which nothing can be taken, NoTable for an instrument that takes none.
    """
    text, ruled = text_of(file), tables.ruled_by(instrument.key, {instrument.key: instrument}, {})
    for line in lines(row for row in tables.judged(ruled, text) if row.replaces or not row.verdict):
        say(f"{file.name}, {line}")
    edition = re.sub(r"[^A-Za-z0-9._-]+", "-", file.stem).strip("._-")[: tables.EDITION_LENGTH] or "table"
    laid = tables.laid_over(ruled, tables.new_rows(ruled, text), edition=edition, dated=ruled.dated)
    return cast(Instrument, laid)
