"""Referrals to and from an agency that keeps another record system: a sheet out, and a sheet of answers in. Pure.

What goes out is what the referral tells and no more. What comes in moves referrals by the same table of states as any answer;
a row that cannot be read says why and takes no other with it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TypeVar
from uuid import UUID

from inmind.foundation.errors import BadInput
from inmind.foundation.nearest import nearest
from inmind.foundation.text import cell
from inmind.foundation.values import N_
from inmind.records.sheets import Sheet
from inmind.services.referrals.referral import State, Why

OUT = (
    *("referral", "sent_on", "state", "state_on", "answered", "program", "offered_by"),
    *("person", "born", "expected", "to_call", "language", "reach", "hopes", "tells"),
)
MOST = 2000  # rows of one sheet (ours): more is asked for by parts
ANSWERS = ("referral", "state", "on")
NEVER = (State.DRAFTED, State.SENT)  # nobody answers with these
MORE = ("why", "note", "who_calls", "calls_on", "waits_until")


Kind = TypeVar("Kind", State, Why)


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of answers: to which referral, how it stands there, since when, and what goes with it."""

    line: int
    referral: UUID
    state: State
    on: date
    why: Why | None = None
    note: str = ""
    caller: str = ""
    calls_on: date | None = None
    waits_until: date | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that cannot be read. says: the sentence, facts: what fills it."""

    line: int
    says: str
    facts: Mapping[str, str]


def sheet(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """The lines of a sheet of referrals, the names of its columns first; no cell is what a spreadsheet would run."""
    lines: list[str] = []
    writer = csv.writer(_Into(lines), quoting=csv.QUOTE_ALL)  # a cell that is parted elsewhere makes no new one
    for cells in chain([OUT], ([cell(row.get(name, "")) for name in OUT] for row in rows)):
        writer.writerow(cells)
        yield lines.pop()


@dataclass(frozen=True, slots=True)
class _Into:
    """What a writer of sheets writes to."""

    lines: list[str]

    def write(self, line: str) -> None:
        self.lines.append(line)


def answers(there: Sheet) -> list[Answer | Unread]:
    """The answers of a sheet, row by row. Raises BadInput where a column is missing, or one stands there that nobody knows."""
    heading = [name.strip().lower() for name in there.heading]
    for name in ANSWERS:
        if name not in heading:
            raise BadInput(
                N_("The column %(column)s is missing."),
                N_("A sheet of answers has the columns %(columns)s; these may stand beside them: %(more)s."),
                field="file",
                facts={"column": name, "columns": ", ".join(ANSWERS), "more": ", ".join(MORE)},
            )
    known = (*ANSWERS, *MORE)
    for name in heading:
        if name not in {*known, *OUT}:
            near = nearest(name, [*known])
            raise BadInput(
                N_("The column %(column)s is not known here."),
                N_("Did you mean %(near)s?") if near else N_("Take it out, or give it one of these names: %(known)s."),
                field="file",
                facts={"column": name[:60], "near": near[0] if near else "", "known": ", ".join(known)},
            )
    if len(there.rows) > MOST:
        raise BadInput(
            N_("There are more answers than are taken at once."), N_("A sheet holds 2,000 of them."), field="file"
        )
    found: list[Answer | Unread] = []
    for row in there.rows:
        if row.cells is None:
            found.append(Unread(row.number, N_("This row has more or fewer cells than the heading."), {}))
            continue
        cells = dict(zip(heading, (cell.strip() for cell in row.cells), strict=True))
        found.append(_answer(row.number, {name: cells.get(name, "").removeprefix("'") for name in known}))
    return found


def _answer(line: int, cells: Mapping[str, str]) -> Answer | Unread:
    try:
        referral = UUID(cells["referral"])
    except ValueError:
        return Unread(line, N_("“%(found)s” is not the number of a referral."), {"found": cells["referral"]})
    if (state := _one_of(State, cells["state"])) is None:
        return _unknown(line, cells["state"], State)
    why = _one_of(Why, cells["why"])
    if cells["why"] and why is None:
        return _unknown(line, cells["why"], Why)
    days: dict[str, date | None] = {}
    for name in ("on", "calls_on", "waits_until"):
        try:
            days[name] = date.fromisoformat(cells[name]) if cells[name] else None
        except ValueError:
            return Unread(line, N_("“%(found)s” is not a day as 2026-03-31."), {"found": cells[name]})
    if (on := days["on"]) is None:
        return Unread(line, N_("The day is missing on which it happened."), {})
    return Answer(
        line, referral, state, on, why, cells["note"], cells["who_calls"], days["calls_on"], days["waits_until"]
    )


def _one_of(kinds: type[Kind], said: str) -> Kind | None:
    key = said.lower().replace(" ", "_")
    return next((one for one in kinds if one.value == key), None)


def _unknown(line: int, found: str, kinds: type[State] | type[Why]) -> Unread:
    words = [one.value for one in kinds]
    near = nearest(found, words)
    facts = {"found": found, "known": ", ".join(words), "near": near[0] if near else ""}
    if near:
        return Unread(line, N_("“%(found)s” is not known here. Did you mean “%(near)s”?"), facts)
    return Unread(line, N_("“%(found)s” is not known here. Known are: %(known)s."), facts)
