"""Amounts in whole cents: what is billed, how an amount is read as somebody typed it, and how it is written. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

MOST_CENTS = 100_000_000  # ours: a million dollars on one invoice or in one payment; more is a slip of the keys
MOST_PIECES = 10_000  # ours: of one line
DUE_WITHIN_DAYS = 731  # ours: a later day is a slip of the keys


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an invoice: `quantity` times `cents`, and what it is for by the kind and the id of that record.

    person: whom the line names beside the payer, such as one of the people for whom an agency pays.
    """

    text: str
    cents: int
    quantity: int = 1
    about_kind: str = ""
    about: UUID | None = None
    person: UUID | None = None

    @property
    def total(self) -> int:
        return self.cents * self.quantity


def check_items(items: Sequence[Item]) -> int:
    """The sum of what is to be billed. Raises BadInput for no line, one without words, and one that nobody can owe."""
    if not items:
        raise BadInput(N_("There is nothing on this invoice."), N_("An invoice has at least one line."), field="items")
    for item in items:
        if not item.text.strip():
            raise BadInput(N_("A line has no words."), N_("Say in a few words what it is for."), field="items")
        if item.quantity < 1 or item.quantity > MOST_PIECES:
            raise BadInput(N_("A line counts from one to ten thousand pieces."), field="items")
        check_amount(item.cents, nothing=True, field="items")
    return check_amount(sum(item.total for item in items), nothing=True, field="items")


def check_due(due_on: date, today: date) -> date:
    """A day by which something can be owed: from today to two years ahead. Raises BadInput."""
    if due_on < today:
        raise BadInput(
            N_("This day is over already."),
            N_("Whoever reads it needs time to pay: write today or later."),
            field="due_on",
        )
    if due_on > today + timedelta(DUE_WITHIN_DAYS):
        raise BadInput(N_("This day is more than two years ahead."), N_("Look at the year once more."), field="due_on")
    return due_on


def check_amount(cents: int, *, nothing: bool = False, field: str = "amount") -> int:
    """An amount that can be. nothing: whether it may be zero. Raises BadInput."""
    if cents < 0 or (cents == 0 and not nothing):
        raise BadInput(
            N_("This amount is not above zero."),
            N_("Money that goes back is written down as a refund, and a check that came back as returned."),
            field=field,
        )
    if cents > MOST_CENTS:
        raise BadInput(
            N_("This amount is more than a million dollars."), N_("Look whether a point is missing."), field=field
        )
    return cents


_GROUPED = re.compile(r"\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*")
_MARKS = re.compile(r"^(?:US)?\$|^USD\b|\bUSD$|\$$", re.IGNORECASE)


def read_amount(typed: str, *, field: str = "amount") -> int:
    """The cents of an amount as it was typed: `12`, `12.5`, `12,50`, `$1,200.00`, `1.200,00`, `1,200`.

    A point with three digits behind it (`1.200`) is a thousand to one reader and one and a fifth to another, and is asked
    for again. Raises BadInput; what is negative, nothing or absurd is for `check_amount`.
    """
    said = _MARKS.sub("", " ".join(typed.split())).strip()
    is_negative = said.startswith(("-", "\N{MINUS SIGN}")) or (said.startswith("(") and said.endswith(")"))
    said = _MARKS.sub("", said.strip("-\N{MINUS SIGN}()").strip()).strip()
    whole, cents = _parted(said, field)
    grouped = _GROUPED.fullmatch(whole)
    digits = re.sub(r"[.,' ]", "", whole) if grouped else whole
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 12:
        raise _unreadable(field)
    amount = int(digits) * 100 + int(cents.ljust(2, "0"))
    return -amount if is_negative else amount


def _parted(said: str, field: str) -> tuple[str, str]:
    """The dollars and the cents, as typed."""
    if re.fullmatch(r"\d{1,3}\.\d{3}", said):
        raise BadInput(
            N_("This amount can be read in two ways."),
            N_("Write 1200 or 1,200 for twelve hundred dollars, and 1.20 for one dollar and twenty cents."),
            field=field,
        )
    found = re.fullmatch(r"(.*\d)[.,](\d{1,2})", said)
    if found and not _GROUPED.fullmatch(said):
        return _other_mark(found[1], said[len(found[1])], field), found[2]
    return said, ""


def _other_mark(whole: str, mark: str, field: str) -> str:
    """Thousands are parted by another mark than cents are."""
    if mark in whole:
        raise _unreadable(field)
    return whole


def _unreadable(field: str) -> BadInput:
    return BadInput(
        N_("This is not an amount that can be read."),
        N_("Write dollars and cents, such as 60 or 1,200.50."),
        field=field,
    )


def dollars(cents: int) -> str:
    """An amount as it is written on a page and on a paper, in English and in the Spanish of this country alike."""
    sign = "\N{MINUS SIGN}" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def plain(cents: int) -> str:
    """An amount for another program: `1200.50`."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def shared(cents: int, parts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """An amount shared among parts as they stand to their sum, to the cent; what is left over goes to the largest rests.

    parts: names with what each of them can bear at most; the amount is not more than their sum. Parts of nothing are left out.
    """
    weights = [(name, weight) for name, weight in parts if weight > 0]
    total = sum(weight for _name, weight in weights)
    if cents < 0 or cents > total:
        raise ValueError("an amount is shared among parts that bear it")
    if not cents:
        return []
    shares = [cents * weight // total for _name, weight in weights]
    rests = sorted(range(len(weights)), key=lambda place: (-(cents * weights[place][1] % total), place))
    for place in rests[: cents - sum(shares)]:
        shares[place] += 1
    return [(name, share) for (name, _weight), share in zip(weights, shares, strict=True) if share]
