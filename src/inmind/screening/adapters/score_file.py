"""Scores a file of answers into a new file: CSV, Parquet, or FHIR QuestionnaireResponse one to a line.

DuckDB reads a sound CSV and a Parquet file itself. What it cannot read row by row (FHIR, and a CSV with a damaged row,
at which it would stop) is first read here, a line at a time, into a staged file; the rules then run over that.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from inmind import environment
from inmind.screening import answer_rows, delimited, questionnaire_response
from inmind.screening.adapters import duck, spark
from inmind.screening.adapters.file_form import SAVE_AS_UTF8, Form, check_apart, check_out, check_source, form_of
from inmind.screening.adapters.streams import folder_for
from inmind.screening.adapters.text_lines import is_not_utf8, text_lines
from inmind.screening.answer_rows import Status
from inmind.screening.delimited import Damage
from inmind.screening.errors import BadMapping, MissingColumns, TooLittleMemory, UnreadableFile, WrongPlace
from inmind.screening.file_mapping import FileMapping
from inmind.screening.instruments import Instrument

DEFAULT_MEMORY = "512MB"

_HEADING_LINES = 20
_NOT_UTF8 = "This row holds letters that are not UTF-8; save the file as CSV UTF-8."


# A row on its way into the staged file: id, problem, items as they are written.
_Staged: TypeAlias = tuple[str, str, list[str]]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some rows could not be read: how many, the first one's number, and what was said of it."""

    rows: int
    first: int
    said: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a file: how many rows, by what became of them; every status and band is named, also with none.

    reasons: why rows could not be read, the most frequent first. A row with several is counted at its first. unbanded: in
    the same way, why rows are scored without a band, where others have one. banded_incomplete: rows that are not whole and
    have one all the same. ids_twice: how many ids name several rows; None where they were too many to count.
    """

    form: Form
    rows: int
    by_status: Mapping[str, int]
    by_band: Mapping[str, int]
    by_flags: Mapping[str, int]
    reasons: tuple[Reason, ...] = ()
    unbanded: tuple[Reason, ...] = ()
    banded_incomplete: int = 0
    ids_twice: int | None = 0

    @property
    def is_lost(self) -> bool:
        """Whether there were rows, and not one could be read."""
        return 0 < self.rows == self.by_status[Status.UNREADABLE]


def score_file(
    instrument: Instrument,
    source: Path,
    out: Path,
    *,
    mapping: Callable[[Form], FileMapping],
    memory: str = DEFAULT_MEMORY,
    tell: Callable[[str], None] = lambda _: None,
) -> Summary:
    """Score every row of a file into another; nothing stands under `out` until all of it does.

    mapping: which mapping to use for a file of this form. memory: DuckDB's limit, such as 512MB. tell: hears progress.
    Raises BadInput of `errors` when the call is wrong or nothing can be read; a wrong row is kept with its reason.
    """
    source, out = source.absolute(), out.absolute()
    with _in_words(source, memory):
        check_source(source)
        check_out(out)
        check_apart(source, out)
        if environment.read("INMIND_ENGINE") == "spark":
            spark.check()
        form = form_of(source)
        columns = mapping(form)
        tell(f"Reading {source.name} as {form}.")
        with folder_for(out) as folder:
            scored = folder / f"scored{out.suffix}"
            with duck.opened(memory, source, folder) as connection:
                work = _Work(instrument, source, folder, columns, connection, tell)
                {Form.PARQUET: work.parquet, Form.CSV: work.csv, Form.FHIR: work.fhir}[form](scored)
                summary = _summary(instrument, form, connection, scored)
            _put_in_place(scored, out)
    return summary


@dataclass(frozen=True)
class _Work:
    """One file on its way: which instrument, from where, through which folder."""

    instrument: Instrument
    source: Path
    folder: Path
    mapping: FileMapping
    connection: duck.Connection
    tell: Callable[[str], None]

    def parquet(self, scored: Path) -> None:
        found = duck.parquet_columns(self.connection, self.source)
        id_column = self._check_columns(found)
        self._score(duck.from_parquet(self.source, self.instrument, self.mapping.columns, id_column), scored)

    def csv(self, scored: Path) -> None:
        with text_lines(self.source) as lines:
            first = list(islice(lines, _HEADING_LINES))
        heading = delimited.heading(first, self.mapping.columns.values())
        try:
            id_column = self._check_columns(heading.names)
        except MissingColumns:
            if any(is_not_utf8(name) for name in heading.names):
                raise UnreadableFile(f"The heading of {self.source.name} is not UTF-8 text.", SAVE_AS_UTF8) from None
            raise
        rows = duck.from_delimited(
            self.source,
            self.instrument,
            names=heading.names,
            delimiter=heading.delimiter,
            columns=self.mapping.columns,
            id_column=id_column,
        )
        try:
            self._score(rows, scored)
        except duck.Damaged:
            self.tell("A row is damaged: reading line by line, so that it costs no other.")
            self._score_staged(self._delimited_rows(heading, id_column), scored)

    def fhir(self, scored: Path) -> None:
        self._score_staged(self._responses(), scored)

    def _delimited_rows(self, heading: delimited.Heading, id_column: str | None) -> Iterator[_Staged]:
        place = {name: number for number, name in enumerate(heading.names)}
        wanted = [place[self.mapping.columns[key]] for key in answer_rows.wanted(self.instrument)]
        nothing = [""] * len(wanted)
        with text_lines(self.source, self._share_told) as lines:
            below = islice(lines, heading.lines, None)
            for fields in delimited.records(below, heading.delimiter, len(heading.names)):
                if isinstance(fields, Damage):
                    yield "", fields.problem, nothing
                    continue
                id = fields[place[id_column]] if id_column else ""
                items = [fields[number] for number in wanted]
                yield id, _NOT_UTF8 if any(map(is_not_utf8, (id, *items))) else "", items

    def _responses(self) -> Iterator[_Staged]:
        nothing = [""] * len(answer_rows.wanted(self.instrument))
        with text_lines(self.source, self._share_told) as lines:
            for line in lines:
                if not line:
                    yield "", "This line is too long to be a response.", nothing
                elif is_not_utf8(line):
                    yield "", "This line is not UTF-8 text.", nothing
                elif line.strip():
                    response = questionnaire_response.read(line, self.mapping.columns)
                    items = [response.written.get(key) or "" for key in answer_rows.wanted(self.instrument)]
                    yield response.id, response.problem, items

    def _score_staged(self, rows: Iterable[_Staged], scored: Path) -> None:
        staged = self.folder / "staged.csv"
        with staged.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows((number, id, problem, *items) for number, (id, problem, items) in enumerate(rows, start=1))
        self._score(duck.from_staged(staged, self.instrument), scored)

    def _score(self, rows: str, scored: Path) -> None:
        layers = answer_rows.rules(self.instrument, self.mapping)
        if environment.read("INMIND_ENGINE") == "spark":
            staged = self.folder / "staged.parquet"
            duck.write_rows(self.connection, rows, staged)
            self.tell("Scoring with Spark.")
            spark.write(layers, staged, scored, environment.read("INMIND_SPARK_MASTER"))
            return
        duck.write(self.connection, layers, rows, scored, lambda share: self.tell(f"Scoring: {share:.0%}"))

    def _share_told(self, rows: int, share: float) -> None:
        self.tell(f"Reading: {rows:,} rows, {share:.0%}")

    def _check_columns(self, found: Iterable[str]) -> str | None:
        """The id column, or `id` where none is named, when all that is wanted stands in the file, each once."""
        names = list(found)
        id_column = self.mapping.id_column or ("id" if "id" in names else None)
        if id_column is None and (near := [name for name in names if name.strip().lower() == "id"]):
            self.tell(f"There is a column {near[0]}: --id {near[0]} names each row by it.")
        wanted = [*self.mapping.columns.values(), *([id_column] if id_column else [])]
        if missing := [name for name in wanted if name not in names]:
            raise MissingColumns(names, missing)
        if twice := [name for name in wanted if names.count(name) > 1]:
            raise BadMapping(
                f"The file has the column {twice[0]} more than once.",
                "Which one is meant cannot be guessed: rename the others, or name a column that stands once.",
            )
        return id_column


def _summary(instrument: Instrument, form: Form, connection: duck.Connection, scored: Path) -> Summary:
    incomplete = 0
    status = Counter({str(each): 0 for each in Status})
    flags = Counter[str]()
    bands = Counter({band.code: 0 for band in instrument.bands})
    for found, band, raised, rows in duck.tally(connection, scored):
        status[found] += rows
        if band:
            bands[band] += rows
            incomplete += rows * (found == Status.INCOMPLETE)
        if raised:
            flags[raised] += rows
    reasons = duck.reasons(connection, scored) if status[Status.UNREADABLE] else []
    has_bands = any(bands) or any(each.bands for each in instrument.strata)
    return Summary(
        form,
        status.total(),
        status,
        bands,
        flags,
        tuple(Reason(*each) for each in reasons),
        tuple(Reason(*each) for each in (duck.unbanded(connection, scored) if has_bands else [])),
        incomplete,
        duck.twice(connection, scored),
    )


def _put_in_place(scored: Path, out: Path) -> None:
    """Give the finished result its name, once its bytes are safe on disk; only its owner may read it."""
    with scored.open("rb") as file:
        os.fsync(file.fileno())
    scored.chmod(0o600)
    scored.replace(out)


@contextmanager
def _in_words(source: Path, memory: str) -> Iterator[None]:
    """The faults of DuckDB and of the disk as sentences; DuckDB's own may repeat what stands in a row."""
    try:
        yield
    except duck.OutOfMemory as fault:
        raise TooLittleMemory(
            f"The work does not fit into {memory} of memory.", "Allow more with --memory, such as 1GB."
        ) from fault
    except (duck.CannotOpen, OSError) as fault:
        why = getattr(fault, "strerror", None) or "the disk may be full"
        raise WrongPlace(
            f"The file cannot be read, or its result cannot be written ({why}).",
            "Make room, check both places, try again.",
        ) from fault
    except duck.Failed as fault:
        raise UnreadableFile(f"{source.name} is damaged or was cut short.", "Copy or export it again.") from fault
