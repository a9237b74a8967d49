"""A steward's table of cut-offs by month, brought by a site for the months that are not known here. Pure.

Each row is looked at by itself and has its verdict; a row that cannot be is refused in words and never mended. What is
accepted is laid over the unknown months, and over those known with medium confidence only: there the publisher's number
wins over ours, and both are said. It has an edition of its own, so that earlier results mean what they meant.
`form_table.py` does the same for the age forms of licensed tools.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from inmind.foundation import text
from inmind.foundation.catalogs import Confidence, Sourced
from inmind.foundation.values import N_, Verdict
from inmind.screening.errors import NoTable, TableNeedsEdition
from inmind.screening.instruments import Instrument, MonthlyCutoffs

COLUMNS = ("month", "cut_off", "source", "licence")
LONGEST = 300
_TABLE = "steward"  # what begins the key of a table's source
# A number that was worked out and not read is known by what its row says of it.
_WORKED_OUT = re.compile(
    r"interpol|extrapol|estimat|approximat|averag|calculat|smooth|estimad|aproximad|promedi|calculad", re.I
)
_LINE_END = re.compile("[\n\r\u2028\u2029]")

NEW = N_("New: at %(month)s months, %(cut_off)s and below.")
KNOWN = N_("Known here already, and the same.")
EMPTY = N_("Nothing stands in this row yet: it stays unknown.")
NO_MONTH = N_("%(found)s is not one completed month. Each row is for one month; a stretch of months is not taken.")
NOT_HERE = N_("%(instrument)s has no cut-off at %(month)s months, by its publisher or because it is not used then.")
TWICE = N_("Month %(month)s stands in more than one row. None of them is taken.")
NO_CUTOFF = N_(
    "%(found)s is not a whole number of points. A cut-off that was worked out between two months is not taken."
)
OUT_OF_RANGE = N_("A cut-off of %(cut_off)s lies outside 0 to %(highest)s.")
NO_SOURCE = N_("Its source is missing: the steward's table, its edition or date, and where it stands.")
NO_LICENCE = N_("Its license is missing: who allowed this use of the table, and when.")
TOO_LONG = N_("Its source or its license is longer than %(longest)s letters.")
HOSTILE = N_("It holds a character that cannot be kept, or more than one line in one place.")
WORKED_OUT = N_("Its source says that the number was worked out. Only what the steward's table itself says is taken.")
REPLACES = N_(
    "At %(month)s months this table says %(cut_off)s. Known here is %(known)s (%(source)s), with medium confidence only: the "
    "official table wins, and results made with it say both."
)
OTHER_NUMBER = N_(
    "At %(month)s months %(known)s is known here (%(source)s), not %(cut_off)s. Compare both with the official table; to use "
    "another number, lay an edition of your own over ours."
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as it was read. line: where it stands in its file, from 1. cells: what stands in it, by column.

    What is new can be laid over, also where it replaces a number of ours; of what is refused, nothing is.
    """

    line: int
    verdict: Verdict
    cells: Mapping[str, str]
    is_new: bool
    replaces: bool = False


class Beside(Enum):
    """How a row's number stands beside what is known here."""

    NEW = "new"
    SAME = "same"
    WINS = "wins"
    REFUSED = "refused"


def beside(known: object, confidence: str, number: object) -> Beside:
    """An official number wins over one of medium confidence, never over one of high. known: None where nothing usable is."""
    if known is None or known == number:
        return Beside.NEW if known is None else Beside.SAME
    return Beside.REFUSED if confidence == Confidence.HIGH else Beside.WINS


def accepted(cells: Sequence[Mapping[str, str]]) -> tuple[TableRow, ...]:
    """Rows that were found new when they were taken, as they were kept: they are not judged again."""
    return tuple(TableRow(line, Verdict(True, ""), one, True) for line, one in enumerate(cells, start=1))


def read(instrument: Instrument, rows: Iterable[Mapping[str, str]]) -> tuple[TableRow, ...]:
    """Look at each row; nothing is changed by it, so that this is the dry run. rows: by the names of COLUMNS.

    Raises NoTable for an instrument without cut-offs by month.
    """
    if instrument.monthly is None:
        raise NoTable(instrument.short_name)
    said = cleaned(rows, COLUMNS)
    months = Counter(_whole(row["month"]) for row in said)
    return tuple(
        _row(instrument, instrument.monthly, line, row, is_twice=months[_whole(row["month"])] > 1)
        for line, row in enumerate(said, start=1)
    )


def laid_over(instrument: Instrument, rows: Iterable[TableRow], *, edition: str, dated: date) -> Instrument:
    """The instrument with the new rows in place of what is unknown, or less sure. Raises NoTable, or TableNeedsEdition."""
    if instrument.monthly is None:
        raise NoTable(instrument.short_name)
    check_edition(instrument.known_by, instrument.edition, edition)
    new = [row for row in rows if row.is_new]
    keys, sources = sources_of(new)
    numbers = {
        int(row.cells["month"]): Sourced(
            int(row.cells["cut_off"]),
            keys[row.cells["source"], row.cells["licence"]],
            Confidence.MEDIUM,
            f"licence: {row.cells['licence']}",
        )
        for row in new
    }
    ours = instrument.monthly.months
    replaced = {month: ours[month] for month, new in numbers.items() if ours[month].is_usable}
    monthly = replace(instrument.monthly, months={**ours, **numbers}, replaced=replaced)
    before = instrument.monthly.unknown()
    return replace(
        instrument,
        edition=edition,
        dated=dated,
        monthly=monthly,
        sources={**instrument.sources, **sources},
        unknowns=(*(each for each in instrument.unknowns if each not in before), *monthly.unknown()),
    )


# What tables by month and by age form share


def cleaned(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> list[dict[str, str]]:
    return [{name: (row.get(name) or "").strip() for name in columns} for row in rows]


def check_edition(known_by: str, taken: str, edition: str) -> None:
    """A table's numbers have an edition of their own. Raises TableNeedsEdition."""
    if not edition.strip() or edition == taken:
        raise TableNeedsEdition(known_by)


def sources_of(rows: Iterable[TableRow]) -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """A key for each source with its licence, and the sources by these keys."""
    said = dict.fromkeys((row.cells["source"], row.cells["licence"]) for row in rows)
    keys = {each: f"{_TABLE}{number}" for number, each in enumerate(said, start=1)}
    return keys, {key: each[0] for each, key in keys.items()}


def is_of_a_table(source: str) -> bool:
    """Whether the key of a source is one that `sources_of` gave."""
    return source.startswith(_TABLE)


def whence(said: Mapping[str, str]) -> Iterator[tuple[bool, str]]:
    """What can be wrong with where a row is from."""
    source, licence = said["source"], said["licence"]
    yield not source, NO_SOURCE
    yield not licence, NO_LICENCE
    yield max(len(source), len(licence)) > LONGEST, TOO_LONG
    yield any(text.is_hostile(each) or _LINE_END.search(each) for each in (source, licence)), HOSTILE
    yield bool(_WORKED_OUT.search(source)), WORKED_OUT


def judged(
    line: int, said: Mapping[str, str], refusal: str, stands: Beside, sentence: str, facts: Mapping[str, str]
) -> TableRow:
    """A row with its verdict. refusal: why it cannot be taken at all, else empty. sentence: what stands beside it here."""
    is_taken = not refusal and stands is not Beside.REFUSED
    wins = is_taken and stands is Beside.WINS
    verdict = Verdict(is_taken, refusal or sentence, facts=facts)
    return TableRow(line, verdict, said, is_new=wins or (is_taken and stands is Beside.NEW), replaces=wins)


def is_empty(said: Mapping[str, str]) -> bool:
    """Whether a row names its place alone, as the printed example does."""
    return not (said["cut_off"] or said["source"] or said["licence"])


# One row by month

_BESIDE = {Beside.NEW: NEW, Beside.SAME: KNOWN, Beside.WINS: REPLACES, Beside.REFUSED: OTHER_NUMBER}


def _row(
    instrument: Instrument, monthly: MonthlyCutoffs, line: int, said: Mapping[str, str], *, is_twice: bool
) -> TableRow:
    month, cutoff = _whole(said["month"]), _whole(said["cut_off"])
    sentence = _refusal(monthly, said, month, cutoff, is_twice=is_twice)
    known = monthly.months.get(-1 if month is None else month)
    stands = beside(known.value if known and known.is_usable else None, known.confidence if known else "", cutoff)
    facts = {
        "instrument": instrument.short_name,
        "month": str(month),
        "cut_off": str(cutoff),
        "found": repr(said["month"] if month is None else said["cut_off"])[:40],
        "highest": str(monthly.maximum - 1),
        "longest": str(LONGEST),
        "known": str(known.value) if known else "",
        "source": instrument.sources.get(known.source, "") if known else "",
    }
    return judged(line, said, sentence, stands, _BESIDE[stands], facts)


def _refusal(
    monthly: MonthlyCutoffs, said: Mapping[str, str], month: int | None, cutoff: int | None, *, is_twice: bool
) -> str:
    """Why a row cannot be taken; empty where it can."""
    checks = (
        (month is None, NO_MONTH),
        (month not in monthly.months, NOT_HERE),
        (is_twice, TWICE),
        (is_empty(said), EMPTY),
        (cutoff is None, NO_CUTOFF),
        (cutoff is not None and cutoff >= monthly.maximum, OUT_OF_RANGE),
        *whence(said),
    )
    return next((sentence for is_so, sentence in checks if is_so), "")


def _whole(said: str) -> int | None:
    return int(said) if re.fullmatch("[0-9]{1,3}", said, re.ASCII) else None
