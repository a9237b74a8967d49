"""A directory as a file: a folder or ZIP of tables, or JSON. Other shapes are told by name, and refused whole."""

from __future__ import annotations

import csv
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.services.listings import hsds
from inmind.services.listings.hsds import COLUMNS, OTHERS, NotThisShape, Package, Service

MOST_BYTES = 50_000_000  # ours: of everything in it, unpacked, so that the memory it takes has an end
MOST_SERVICES = 20_000  # ours
ADDRESSES = ("location_id", "address_1", "address_2", "city", "state_province", "postal_code")
READ = {**COLUMNS, "addresses": ADDRESSES, "attributes": ("link_id", "taxonomy_term_id")}
EXPORTED = "hsds"
DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, struct.error)


def of_path(path: Path) -> Package:
    """The directory in a file or folder. Raises BadInput with what was found and what is expected."""
    if path.is_dir():
        return _of_tables((file.name, file.open("rb")) for file in sorted(path.glob("*.csv")))
    try:
        with path.open("rb") as file:
            return of_bytes(file.read(MOST_BYTES + 1), path.name)
    except OSError as fault:
        raise BadInput("The file cannot be opened: %(why)s.", facts={"why": fault.strerror}) from fault


def of_bytes(data: bytes, name: str) -> Package:
    """The directory in a file that was sent."""
    if len(data) > MOST_BYTES:
        raise _too_large()
    if data.startswith(b"PK\x03\x04"):
        return _of_zip(data)
    if shape := _shape_of(data):
        raise NotThisShape(shape)
    if name.casefold().endswith(".csv"):
        raise NotThisShape(N_("This is one table alone; a directory has several, in one folder or ZIP."))
    return _of_json(data)


def _shape_of(data: bytes) -> str:
    """What else a file is, by how it begins; empty where it may be JSON or a table."""
    head = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF"):
        return N_("This is a PDF.")
    if head.startswith((b"<?xml", b"<")):
        return N_("This is XML, such as AIRS writes it, or a web page.")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return N_("This is an old spreadsheet file (XLS).")
    return ""


def _of_zip(data: bytes) -> Package:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except DAMAGED as fault:
        raise BadInput(N_("The ZIP is damaged."), N_("Ask for it once more. Nothing was taken in.")) from fault
    names = [one.filename for one in archive.infolist() if not one.is_dir()]
    if "xl/workbook.xml" in names:
        raise NotThisShape(N_("This is a spreadsheet file (XLSX)."))
    if any(one.flag_bits & 1 for one in archive.infolist()):
        raise BadInput(N_("The ZIP is locked with a password."), N_("Unpack it first. Nothing was taken in."))
    tables = [name for name in names if name.casefold().endswith(".csv") and not name.startswith("__MACOSX/")]
    documents = [name for name in names if name.casefold().endswith(".json")]
    try:
        if tables:
            return _of_tables((PurePosixPath(name).name, archive.open(name)) for name in tables)
        if len(documents) == 1:
            return _of_json(archive.open(documents[0]).read(MOST_BYTES + 1))
    except DAMAGED as fault:
        raise BadInput(N_("The ZIP is damaged."), N_("Ask for it once more. Nothing was taken in.")) from fault
    raise NotThisShape(N_("No table and no single JSON stands in this ZIP."))


def _of_json(data: bytes) -> Package:
    if len(data) > MOST_BYTES:
        raise _too_large()
    try:
        said = json.loads(data)
        json.dumps(said, ensure_ascii=False).encode()  # halves of letters (`\ud800`) can neither be kept nor shown
    except (ValueError, RecursionError) as fault:
        raise NotThisShape(N_("This is neither JSON nor a ZIP of tables.")) from fault
    if isinstance(said, dict) and "resourceType" in said:
        raise NotThisShape(N_("This is FHIR (%(name)s)."), name=str(said["resourceType"])[:40])
    if isinstance(said, dict) and said.get("type") == "FeatureCollection":
        raise NotThisShape(N_("This is a map (GeoJSON)."))
    return _checked(hsds.from_documents(said))


def _of_tables(files: Iterable[tuple[str, IO[bytes]]]) -> Package:
    tables: dict[str, list[dict[str, str]]] = {}
    left = MOST_BYTES
    for file_name, file in files:
        name = file_name.rpartition(".")[0]
        if name in tables:
            raise NotThisShape(N_("The table %(table)s stands in it twice."), table=name)
        with file:
            if name in READ or name in OTHERS:
                data = file.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise _too_large()
                tables[name] = list(_rows(name, data))
    if not tables:
        raise NotThisShape(N_("None of its tables is one of a directory."))
    return _checked(hsds.from_tables(tables))


def _rows(name: str, data: bytes) -> Iterator[dict[str, str]]:
    """The rows of a table, with the columns that are read, and those by which another edition is known."""
    facts = {"table": name}
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput(
            N_("The table %(table)s is not written in UTF-8."),
            N_("Letters with accents would be lost. Nothing was taken in."),
            facts=facts,
        ) from fault
    lines = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        heading = next(lines, [])
        kept = [(at, column) for at, column in enumerate(heading) if column in {*READ.get(name, ()), *OTHERS}]
        for cells in lines:
            if cells and len(cells) != len(heading):
                raise BadInput(
                    N_("Row %(row)s of %(table)s has %(count)s cells, and its heading %(heading)s."),
                    N_("It was cut off, or commas stand where they do not belong. Nothing was taken in."),
                    facts=facts | {"row": str(lines.line_num), "count": str(len(cells)), "heading": str(len(heading))},
                )
            if cells:
                yield {column: cells[at] for at, column in kept}
    except csv.Error as fault:
        raise BadInput(
            N_("The table %(table)s cannot be read from row %(row)s on."),
            N_("It was cut off, or a quotation mark is missing. Nothing was taken in."),
            facts=facts | {"row": str(lines.line_num)},
        ) from fault


def _checked(package: Package) -> Package:
    if len(package.services) > MOST_SERVICES:
        raise _too_large()
    return package


def _too_large() -> BadInput:
    return BadInput(
        N_("This directory is larger than is taken at once."),
        N_("At most 20,000 services and 50 megabytes. Ask for the part that is about families in your counties."),
    )


def write_json(services: Iterable[Service], file: IO[bytes]) -> int:
    """The services as a list of documents, one a line. Returns how many."""
    count = 0
    file.write(b"[")
    for count, one in enumerate(hsds.to_documents(services), start=1):
        file.write((b",\n" if count > 1 else b"\n") + json.dumps(one, ensure_ascii=False).encode())
    file.write(b"\n]\n")
    return count


def write_csv(services: Iterable[Service], file: IO[bytes]) -> int:
    """The services as a ZIP of tables, each with its heading. Returns how many."""
    parts: dict[str, Any] = {name: SpooledTemporaryFile(1_000_000) for name in COLUMNS}  # noqa: SIM115  (closed below)
    count = 0
    try:
        texts = {name: TextIOWrapper(part, "utf-8", newline="") for name, part in parts.items()}
        writers = {name: csv.DictWriter(texts[name], COLUMNS[name], restval="") for name in COLUMNS}
        for writer in writers.values():
            writer.writeheader()
        for table, row in hsds.to_tables(services):
            writers[table].writerow(row)
            count += table == "services"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in texts.items():
                text.flush()
                parts[name].seek(0)
                with archive.open(f"{name}.csv", "w") as member:
                    while piece := parts[name].read(1_000_000):
                        member.write(piece)
    finally:
        for part in parts.values():
            part.close()
    return count
