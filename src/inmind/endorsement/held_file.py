"""Reads a list of endorsements that are held already, as an association has it: one verdict for each row. Pure.

The words of a category are those of the standards that the association goes by: its key, its published name, and the short
name in brackets; none is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from inmind.endorsement.standards import Edition
from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.records.columns import Order, day_of, guess, order_of
from inmind.records.sheets import Sheet

# What a column may hold: its name on the page, and words that are understood as its heading.
COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "member_number": (N_("Member number"), ("user id", "member id", "member no", "contact id")),
    "name": (N_("Name"), ("full name", "member", "endorsee")),
    "given_name": (N_("First name"), ("first name", "first")),
    "family_name": (N_("Last name"), ("last name", "last", "surname")),
    "mail": (N_("Email"), ("email", "e mail", "email address", "mail address")),
    "endorsement": (N_("Endorsement"), ("endorsement held", "endorsed as", "credential")),
    "category": (N_("Category"), ("endorsement category", "endorsement level")),
    "decided_on": (N_("Decided on"), ("date decided", "endorsed on", "endorsement date", "date endorsed", "awarded")),
    "expires_on": (N_("Expires on"), ("expires", "expiration", "expiration date", "valid until", "valid through")),
    "number": (N_("Number of the endorsement"), ("endorsement number", "certificate number", "endorsement no")),
}
MOST_ROWS = 5000  # ours, of one list


class Verdict(StrEnum):
    NEW = "new"
    SAME = "same"
    OUT = "out"


class Why(StrEnum):
    """Why a row is not taken."""

    CELLS = "cells"
    NOBODY = "nobody"
    SEVERAL = "several"
    CATEGORY = "category"
    NO_DAY = "no_day"
    DAY = "day"
    AHEAD = "ahead"
    ENDS = "ends"
    HELD = "held"
    TWICE = "twice"


SENTENCES: dict[Why, str] = {
    Why.CELLS: N_("This row has another number of cells than the heading."),
    Why.NOBODY: N_("No member here has this number, name or address."),
    Why.SEVERAL: N_("Several members here may be meant: add the member number or the email."),
    Why.CATEGORY: N_("This category is in none of the standards that the association goes by."),
    Why.NO_DAY: N_("The day on which it was decided is missing."),
    Why.DAY: N_("A date cannot be read, or may be two different days: write it such as 2026-05-31."),
    Why.AHEAD: N_("It was decided on a day that has not come yet."),
    Why.ENDS: N_("It expires before it was decided."),
    Why.HELD: N_("This member holds an endorsement of this category here already, decided on another day."),
    Why.TWICE: N_("An earlier row says this category of the same member."),
}


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member as far as a row can name them. mails folded."""

    person: UUID
    name: str
    mails: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """What is written down here already. is_over: it has ended, so that another may be held."""

    person: UUID
    category: str
    credential: str
    on: date
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list. until: the first day on which it is held no longer. said: how the row calls whom it is about."""

    line: int
    verdict: Verdict
    why: Why | None = None
    person: UUID | None = None
    category: str = ""
    credential: str = ""
    on: date | None = None
    until: date | None = None
    number: str = ""
    said: str = ""


def columns_of(heading: Iterable[str]) -> dict[str, str]:
    """What each column holds, by its heading. Raises BadInput where one that is needed is missing."""
    found = guess(heading, COLUMNS)
    held = set(found.values())
    if not held & {"category", "endorsement"} or "decided_on" not in held:
        raise BadInput(
            N_("A column is missing."),
            N_("The category and the day on which it was decided are needed: Category, Decided on."),
            N_("Name the columns so in the first row."),
            field="file",
        )
    if not held & {"member_number", "name", "family_name", "mail"}:
        raise BadInput(
            N_("No column says about whom a row is."),
            N_("A name, an email or a member number is needed."),
            N_("Name the columns so in the first row."),
            field="file",
        )
    return found


def categories(editions: Iterable[Edition]) -> dict[str, tuple[str, str]]:
    """Folded words -> category and credential; a word that would mean two is left out."""
    found: dict[str, set[tuple[str, str]]] = {}
    for one in editions:
        for credential, name in one.names.items():
            bare, _, short = name.partition("(")
            for word in (name, bare, short.rstrip(")"), f"{credential} {one.category}", f"{one.category} {credential}"):
                if key := _folded(word):
                    found.setdefault(key, set()).add((one.category, credential))
    return {key: next(iter(meant)) for key, meant in found.items() if len(meant) == 1}


def judge(
    sheet: Sheet,
    words: Mapping[str, tuple[str, str]],
    members: Sequence[Somebody],
    held: Sequence[Held],
    today: date,
) -> list[Row]:
    """The verdict on each row. words: see `categories`. Raises BadInput for a list that cannot be read at all."""
    if len(sheet.rows) > MOST_ROWS:
        raise BadInput(
            N_("The list is longer than five thousand rows."), "", N_("Cut it into several, each with the heading.")
        )
    columns = columns_of(sheet.heading)
    places = {key: sheet.heading.index(name) for name, key in columns.items()}
    days = [
        one.cells[places[key]]
        for one in sheet.rows
        if one.cells
        for key in ("decided_on", "expires_on")
        if key in places
    ]
    reader = _Reader(words, _Members(members), order_of(days), today)
    here = {(one.person, one.category, one.credential): one.is_over for one in sorted(held, key=_over_first)}
    known = {(one.person, one.category, one.credential, one.on) for one in held}
    found: list[Row] = []
    mine: set[tuple[UUID | None, str, str]] = set()
    for one in sheet.rows:
        cells = None if one.cells is None else {key: one.cells[place].strip() for key, place in places.items()}
        row = reader.read(one.number, cells)
        if row.verdict is Verdict.NEW and row.person is not None:
            of = (row.person, row.category, row.credential)
            if (*of, row.on) in known:
                row = _as(row, Verdict.SAME, None)
            elif of in here and not here[of]:
                row = _as(row, Verdict.OUT, Why.HELD)
            elif of in mine:
                row = _as(row, Verdict.OUT, Why.TWICE)
            mine.add(of)
        found.append(row)
    return found


def _over_first(one: Held) -> bool:
    return not one.is_over


def _as(row: Row, verdict: Verdict, why: Why | None) -> Row:
    return replace(row, verdict=verdict, why=why)


class _Members:
    """Members by what a row says of them."""

    def __init__(self, members: Sequence[Somebody]) -> None:
        self.by_number = {number: one for one in members for number in one.numbers}
        self.by_mail: dict[str, list[Somebody]] = {}
        self.by_name: dict[str, list[Somebody]] = {}
        for one in members:
            self.by_name.setdefault(_name(one.name), []).append(one)
            for mail in one.mails:
                self.by_mail.setdefault(mail, []).append(one)

    def meant(self, cells: Mapping[str, str]) -> list[Somebody]:
        """Who may be meant: by the number alone; else by mail and name together, by the mail, or by the name."""
        if number := cells.get("member_number", ""):
            return [self.by_number[number]] if number in self.by_number else []
        said = _named(cells)
        mail = cells.get("mail", "").casefold()
        at_mail, named = self.by_mail.get(mail, []), self.by_name.get(_name(said), [])
        both = [one for one in at_mail if one in named]
        if both or not _name(said):
            return both or at_mail
        if at_mail:
            return []  # another name than the one that is known at this address: nobody is guessed
        return named


@dataclass(frozen=True, slots=True)
class _Reader:
    words: Mapping[str, tuple[str, str]]
    members: _Members
    order: Order
    today: date

    def read(self, line: int, cells: Mapping[str, str] | None) -> Row:
        if cells is None:
            return Row(line, Verdict.OUT, Why.CELLS)
        meant = self.members.meant(cells)
        if len(meant) != 1:
            why = Why.SEVERAL if meant else Why.NOBODY
            return Row(line, Verdict.OUT, why, said=_said(cells))
        kind = self.kind_of(cells)
        if kind is None:
            return Row(line, Verdict.OUT, Why.CATEGORY, meant[0].person)
        try:
            on, last = (day_of(cells.get(key, ""), self.order) for key in ("decided_on", "expires_on"))
        except BadInput:
            return Row(line, Verdict.OUT, Why.DAY, meant[0].person, *kind)
        until = date.fromordinal(last.toordinal() + 1) if last is not None and last != date.max else None
        wrong = Why.NO_DAY if on is None else Why.AHEAD if on > self.today else None
        if wrong is None and on is not None and last is not None and last < on:
            wrong = Why.ENDS
        verdict = Verdict.OUT if wrong else Verdict.NEW
        return Row(line, verdict, wrong, meant[0].person, *kind, on, until, cells.get("number", "")[:60])

    def kind_of(self, cells: Mapping[str, str]) -> tuple[str, str] | None:
        """The category and the credential that a row says, in one cell or in two."""
        said = [_folded(cells.get(key, "")) for key in ("category", "endorsement")]
        for word in (*said, " ".join(said), " ".join(reversed(said))):
            if word in self.words:
                return self.words[word]
        return None


def _named(cells: Mapping[str, str]) -> str:
    return cells.get("name") or f"{cells.get('given_name', '')} {cells.get('family_name', '')}".strip()


def _said(cells: Mapping[str, str]) -> str:
    return ", ".join(filter(None, (_named(cells), cells.get("mail", ""), cells.get("member_number", ""))))


def _folded(words: str) -> str:
    return " ".join(re.findall(r"\w+", text.folded(words)))


def _name(words: str) -> str:
    return " ".join(sorted(text.tokens(words)))
