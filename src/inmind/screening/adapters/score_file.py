"""Scores a file of answers into a new file: CSV, Parquet, or FHIR QuestionnaireResponse one to a line.

DuckDB reads a sound CSV and a Parquet file itself. What it cannot read row by row (FHIR, and a CSV with a damaged row,
at which it would stop) is first read here, a line at a time, into a staged file; the rules then run over that.
"""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from inmind import environment
from inmind.screening import answer_rows, delimited, questionnaire_response
from inmind.screening.adapters import duck, spark
from inmind.screening.adapters.text_lines import is_not_utf8, text_lines
from inmind.screening.answer_rows import Status
from inmind.screening.delimited import Damage
from inmind.screening.errors import BadMapping, MissingColumns, TooLittleMemory, UnreadableFile, WrongPlace
from inmind.screening.file_mapping import FileMapping
from inmind.screening.instruments import Instrument

DEFAULT_MEMORY = "512MB"

_HEADING_LINES = 20
_SAVE_AS_UTF8 = "Save it as CSV with UTF-8 encoding and try again."
_NOT_UTF8 = "This row holds letters that are not UTF-8; save the file as CSV with UTF-8 encoding."


# A row on its way into the staged file: id, problem, items as they are written.
_Staged: TypeAlias = tuple[str, str, list[str]]


class Form(StrEnum):
    """What a file is, by what stands in it; its name does not matter."""

    CSV = "CSV"
    PARQUET = "Parquet"
    FHIR = "FHIR, one resource to a line"


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a file: how many rows, by what became of them; every status and band is named, also with none.

    first_reason: why the first row could not be read, when not one could; else empty.
    """

    form: Form
    rows: int
    by_status: Mapping[str, int]
    by_band: Mapping[str, int]
    by_flags: Mapping[str, int]
    first_reason: str = ""


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
        _check_places(source, out)
        if environment.read("INMIND_ENGINE") == "spark":
            spark.check()
        form = _form_of(source)
        columns = mapping(form)
        tell(f"Reading {source.name} as {form}.")
        with _workplace(out) as folder:
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
        if any(is_not_utf8(name) for name in heading.names):
            raise UnreadableFile(f"The heading of {self.source.name} is not UTF-8 text.", _SAVE_AS_UTF8)
        id_column = self._check_columns(heading.names)
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

    def _share_told(self, share: float) -> None:
        self.tell(f"Reading: {share:.0%}")

    def _check_columns(self, found: Iterable[str]) -> str | None:
        """The id column, or `id` where none is named, when all that is wanted stands in the file, each once."""
        names = list(found)
        id_column = self.mapping.id_column or ("id" if "id" in names else None)
        wanted = [*self.mapping.columns.values(), *([id_column] if id_column else [])]
        if missing := [name for name in wanted if name not in names]:
            raise MissingColumns(names, missing)
        if twice := [name for name in wanted if names.count(name) > 1]:
            raise BadMapping(f"The file has the column {twice[0]} more than once.", "Each has a name of its own.")
        return id_column


def _summary(instrument: Instrument, form: Form, connection: duck.Connection, scored: Path) -> Summary:
    status = Counter({str(each): 0 for each in Status})
    flags = Counter[str]()
    bands = Counter({band.code: 0 for band in instrument.bands})
    for found, band, raised, rows in duck.tally(connection, scored):
        status[found] += rows
        if band:
            bands[band] += rows
        if raised:
            flags[raised] += rows
    lost = 0 < status.total() == status[Status.UNREADABLE]
    reason = duck.first_reason(connection, scored) if lost else ""
    return Summary(form, status.total(), status, bands, flags, reason)


def _check_places(source: Path, out: Path) -> None:
    if not source.is_file():
        raise UnreadableFile(f"There is no file {source.name} in {source.parent}.", "Check the name and the folder.")
    if out.suffix not in (".csv", ".parquet"):
        raise WrongPlace(f"A result cannot be written as {out.name}.", "End its name in .csv or .parquet.")
    if out.is_dir() or not out.parent.is_dir():
        raise WrongPlace(f"{out} is not a place for a file.", "Name a file in a folder that exists.")
    if out.exists() and out.samefile(source):
        raise WrongPlace("The result would overwrite the answers.", "Give --out another name.")


def _form_of(source: Path) -> Form:
    try:
        with source.open("rb") as file:
            start = file.read(4096)
    except OSError as fault:
        raise UnreadableFile(
            f"{source.name} cannot be opened ({fault.strerror}).", "Ask for the right to read it."
        ) from fault
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"PAR1"):
        return Form.PARQUET
    if source.suffix == ".parquet":
        raise UnreadableFile(f"{source.name} is not a Parquet file, in spite of its name.", "Copy or export it again.")
    if not text:
        raise UnreadableFile(f"{source.name} is empty.", "Copy or export it again.")
    if start.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        raise UnreadableFile(
            f"{source.name} is packed, or a spreadsheet.", "Unpack it, or save it as CSV with UTF-8 encoding."
        )
    if start.count(0) * 4 > len(start) or start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(f"{source.name} is not UTF-8 text; it may be UTF-16 or a spreadsheet.", _SAVE_AS_UTF8)
    if text.startswith(b"["):
        raise UnreadableFile(f"{source.name} is one JSON list.", "Write one QuestionnaireResponse to a line (NDJSON).")
    return Form.FHIR if text.startswith(b"{") else Form.CSV


@contextmanager
def _workplace(out: Path) -> Iterator[Path]:
    """A private folder beside the result, gone when the work ends, however it ends short of a kill."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".unfinished", dir=out.parent))
    except OSError as fault:
        raise WrongPlace(
            f"Nothing can be written in {out.parent} ({fault.strerror}).", "Choose another folder."
        ) from fault
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
