"""What a file of answers is, by what stands in it, and whether a result can be written where it is asked for."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from inmind.screening.delimited import is_a_spreadsheet
from inmind.screening.errors import UnreadableFile, WrongPlace

SAVE_AS_UTF8 = "In a spreadsheet, save it as CSV UTF-8, with the names of the columns in the first line, and try again."

_LOOKED_AT = 4096  # bytes at the beginning
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"PK\x03\x04")


class Form(StrEnum):
    """What a file is, by what stands in it; its name does not matter."""

    CSV = "CSV"
    PARQUET = "Parquet"
    FHIR = "FHIR, one resource to a line"


def form_of(source: Path) -> Form:
    """Raises UnreadableFile for a file that is none of these, with what it is and how it becomes one."""
    start = _start(source)
    name, text = source.name, start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise UnreadableFile(f"{name} is empty.", "Copy or export it again.")
    if start.startswith(b"PAR1"):
        return Form.PARQUET
    if source.suffix == ".parquet":
        raise UnreadableFile(f"{name} is not a Parquet file, in spite of its name.", "Copy or export it again.")
    if is_a_spreadsheet(name, start):
        raise UnreadableFile(f"{name} is a spreadsheet, not a text file.", SAVE_AS_UTF8)
    if start.startswith(_PACKED):
        unpacked = "Unpack it first, or pipe it in: gunzip -c FILE | inmind score - ..."
        raise UnreadableFile(f"{name} is a packed file.", unpacked)
    if start.startswith(_UTF16) or start.count(0) * 4 > len(start):
        raise UnreadableFile(f"{name} is not UTF-8 text; it may be UTF-16, or no text at all.", SAVE_AS_UTF8)
    if text.startswith(b"["):
        raise UnreadableFile(f"{name} is one JSON list.", "Write one QuestionnaireResponse to a line (NDJSON).")
    if text.startswith((b"{\n", b"{\r")):
        over_lines = "Write each QuestionnaireResponse into a line of its own (NDJSON); `jq -c . FILE` does."
        raise UnreadableFile(f"{name} holds JSON that is spread over several lines.", over_lines)
    return Form.FHIR if text.startswith(b"{") else Form.CSV


def check_source(source: Path) -> None:
    """Raises UnreadableFile for what is no file."""
    if source.is_dir():
        raise UnreadableFile(f"{source.name} is a folder.", "Name one file in it.")
    if not source.is_file():
        raise UnreadableFile(f"There is no file {source.name} in {source.parent}.", "Check the name and the folder.")


def check_out(out: Path) -> None:
    """Raises WrongPlace where a result cannot stand."""
    if out.suffix not in (".csv", ".parquet"):
        raise WrongPlace(f"A result cannot be written as {out.name}.", "End its name in .csv or .parquet.")
    if out.is_dir():
        raise WrongPlace(f"{out} is a folder.", "Name a file in it.")
    if not out.parent.is_dir():
        raise WrongPlace(
            f"There is no folder {out.parent}.", "Make it first, or name a file in a folder that is there."
        )


def check_apart(source: Path, out: Path) -> None:
    """Raises WrongPlace for a result that would take the place of the answers, also by another name of the file."""
    if out.exists() and out.samefile(source):
        raise WrongPlace("The result would overwrite the answers.", "Give --out another name.")


def _start(source: Path) -> bytes:
    try:
        with source.open("rb") as file:
            return file.read(_LOOKED_AT)
    except OSError as fault:
        why = f"{source.name} cannot be opened ({fault.strerror})."
        raise UnreadableFile(why, "Ask for the right to read it.") from fault
