"""The list of those who were erased, kept outside the database: an old backup brings them back, and this takes them out.

One line each in `keys/erased.log`: the person's id, the moment, and a code that only this installation's audit key
makes. No name. The list is copied beside every backup, and a restore reads each list that lies beside the one it
restores. A line is written before its erasing is kept; where that did not come to its end, a later line takes it back.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from inmind.access import audit
from inmind.foundation.errors import BadInput

NAME = "erased.log"
ENDING = ".erased"  # of the copy beside a backup


@dataclass(frozen=True, slots=True)
class Line:
    """That a person was erased, and when; or that an earlier line about her was not carried out."""

    person: UUID
    at: datetime
    is_taken_back: bool = False

    def __str__(self) -> str:
        kind = "-" if self.is_taken_back else ""
        return f"{kind}{self.person} {self.at.isoformat()} {self.code}"

    @property
    def code(self) -> str:
        kind = "not erased" if self.is_taken_back else "erased"
        return audit.code_of([kind, str(self.person), self.at.isoformat()])


def file() -> Path:
    return settings.INSTALLATION.home / "keys" / NAME


def keep(lines: Iterable[Line]) -> None:
    """Add to the list, on the disk before the erasing is committed: a line too many takes out only whom it names."""
    handle = os.open(file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, "".join(f"{line}\n" for line in lines).encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)


def standing(lines: Iterable[Line]) -> set[UUID]:
    """Who is erased by all of these lines: of each person the newest holds."""
    newest: dict[UUID, Line] = {}
    for line in sorted(lines, key=lambda line: (line.at, line.is_taken_back)):
        newest[line.person] = line
    return {person for person, line in newest.items() if not line.is_taken_back}


def take_back(people: Iterable[UUID], at: datetime) -> list[UUID]:
    """Take back what the list says of those among these people whom it names. Returns them."""
    if not file().exists():
        return []
    found = sorted(set(people) & standing(read(file())))
    keep(Line(person, at, is_taken_back=True) for person in found)
    return found


def is_ours(path: Path) -> bool:
    """Whether this installation wrote any line of a list: another one's may lie in the same folder of backups."""
    return any(_line(text) for text in path.read_text(encoding="ascii", errors="replace").splitlines())


def read(path: Path) -> Iterator[Line]:
    """The lines of a list. Raises BadInput for a line that this installation did not write, and for no list at all."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeError) as fault:
        raise BadInput(
            "The list of those who were erased cannot be read: %(why)s.",
            facts={"why": getattr(fault, "strerror", None) or "it is not such a list"},
        ) from fault
    for number, text in enumerate(lines, 1):
        line = _line(text)
        if line is None:
            raise BadInput(
                "Line %(number)s of %(file)s was not written by this installation.",
                "Each line names a person who was erased, with a code that the installation's own key makes.",
                "Take another copy of the list: one lies beside every backup, and one with the keys.",
                facts={"number": number, "file": path.name},
            )
        yield line


def _line(text: str) -> Line | None:
    person, _, rest = text.partition(" ")
    moment, _, code = rest.partition(" ")
    try:
        line = Line(UUID(person.removeprefix("-")), datetime.fromisoformat(moment), person.startswith("-"))
    except ValueError:
        return None
    return line if hmac.compare_digest(code, line.code) else None
