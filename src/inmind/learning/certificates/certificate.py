"""What stands on a certificate, from what was attended; and its number. Pure.

Which fields a board asks for is not known (`ce_certificate_fields` of the domain's facts is null): a line of credit says what
the association entered, its kind of licence, hours and approval, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from inmind.learning.attendance.hours import added, share

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: without I, L, O and U
LETTERS = 12  # 60 bits: with the limits on guessing, never found by chance
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})


@dataclass(frozen=True, slots=True)
class CreditLine:
    """Credit by kind of licence, in hundredths of an hour, and its approval's number."""

    kind: str
    hundredths: int
    approval: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A training as it counts: its names, minutes of all meetings, by competency area and by tag, and credit."""

    title: str
    title_es: str
    association: str
    minutes: int
    domains: Mapping[str, int]
    tagged: Mapping[str, int]
    credits: Sequence[CreditLine]
    credit_for_part: bool = False


def content(offered: Offered, attended: Iterable[tuple[date, int]]) -> dict[str, Any]:
    """What stands on the certificate of somebody who attended these days for so many minutes, in plain values."""
    days = sorted((on, minutes) for on, minutes in attended if minutes)
    total = sum(minutes for _on, minutes in days)
    whole = max(offered.minutes, total)
    return {
        "title": offered.title,
        "title_es": offered.title_es,
        "association": offered.association,
        "days": [[on.isoformat(), minutes] for on, minutes in days],
        "of": whole,
        "domains": added([share(offered.domains, minutes, whole) for _on, minutes in days]),
        "tagged": {
            tag: minutes * total // whole for tag, minutes in offered.tagged.items() if minutes * total // whole
        },
        "credits": [
            {"kind": one.kind, "hundredths": hundredths, "approval": one.approval}
            for one in offered.credits
            if (hundredths := _credit(offered, one.hundredths, total, whole))
        ],
    }


def _credit(offered: Offered, hundredths: int, total: int, whole: int) -> int:
    """Who attended all of it has all of the credit; who attended a part, that part, where the training says so, else none."""
    if total >= whole:
        return hundredths
    return hundredths * total // whole if offered.credit_for_part else 0


def code_from(chance: bytes) -> str:
    """A certificate's number of bytes from chance: `7K2M-Q9XD-4TRB`. Raises ValueError for too few of them."""
    if len(chance) * 8 < LETTERS * 5:
        raise ValueError("a number needs more chance")
    number = int.from_bytes(chance)
    letters = "".join(ALPHABET[number >> (5 * place) & 31] for place in range(LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, LETTERS, 4))


def as_code(typed: str) -> str:
    """A number as somebody typed it: without regard to case, spaces and hyphens, O read as 0, I and L as 1; empty where it
    cannot be one."""
    letters = "".join(one for one in typed.upper().translate(_READ_AS) if one not in " -\t‐‑–—")
    if len(letters) != LETTERS or not set(letters) <= set(ALPHABET):
        return ""
    return "-".join(letters[at : at + 4] for at in range(0, LETTERS, 4))


def hours_of(hundredths: int) -> str:
    """Hundredths of an hour as they are printed: `2`, `2.5`, `0.75`."""
    return f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")
